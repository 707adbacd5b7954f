import pytest

from quizlib.grading.admission.clean_html import cleaned
from tests.grading.hostile_texts import PNG


def in_a_table(cell):
    return f"<table><tbody><tr>{cell}</tr></tbody></table>"


@pytest.mark.parametrize(
    "html",
    [
        '<h2 id="a">a<a class="anchor-link" href="#a">¶</a></h2>',
        '<div class="highlight"><pre><span class="n">x</span></pre></div>',
        '<pre><code class="language-unknown">x</code></pre>',
        '<input class="task-list-item-checkbox" type="checkbox" disabled checked>',
        '<ul><li class="task-list-item">a</li></ul>',
        in_a_table('<td style="text-align:right">1</td>'),
        f'<img alt="a" src="data:image/png;base64,{PNG}" width="40">',
        '<ol start="7"><li>a</li></ol>',
    ],
)
def test_what_nbconvert_makes_of_markdown_is_kept(html):
    assert cleaned(html) == html


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<div class="nbgrader_cell">a</div>', "<div>a</div>"),
        ('<p id="score">a</p>', "<p>a</p>"),
        (in_a_table('<td style="text-align:left;background:url(a)">a</td>'), in_a_table("<td>a</td>")),
        ('<span class="score">a</span>', "<span>a</span>"),
        ('<pre class="tex2jax_process">a</pre>', "<pre>a</pre>"),
        ('<img src="http://elsewhere.test/a.png">', "<img>"),
        ('<img src="data:image/svg+xml;base64,PHN2Zz4=">', "<img>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="files/javascript:alert(1)">a</a>', "<a>a</a>"),
        ("a<!-- b -->", "a"),
        ("<style>a</style>", "&lt;style&gt;a&lt;/style&gt;"),
        ('<input type="text" name="a">', "<input>"),
    ],
)
def test_what_acts_on_a_page_is_not(html, kept):
    assert cleaned(html) == kept
