"""formgrader and the page of feedback on a submission whose every cell would do something to who opens it."""

import re
from urllib.parse import urlparse

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from quizlib.coursedir.course import Course
from quizlib.grading.batch.grade import grade
from quizlib.release.classroom import make_course
from quizlib.release.generate import generate
from tests.browser.notebooks import SCREENSHOTS, WAIT
from tests.browser.servers import running
from tests.grading.conftest import HERE, LESSON, hand_in
from tests.grading.hostile_texts import ELSEWHERE, GIF, HONEST, HOSTILE, MARK, PNG

SHOWN = f"<script>{MARK}</script><img src={ELSEWHERE}/a.png onerror={MARK}>"
KINDS = ("text/html", "image/svg+xml", "text/markdown", "text/latex", "application/javascript", "text/vnd.mermaid")

NAME = f"<img src=a onerror={MARK}>"
"""A name of a folder that would run in formgrader, which writes ids into its pages as they are."""

CODE = (
    f"from IPython.display import display\ndisplay({dict.fromkeys((*KINDS, 'text/plain'), SHOWN)!r}, raw=True)",
    f"print({SHOWN!r})",
    f"raise ValueError({SHOWN!r})",
    f"""kernel = get_ipython().kernel
told = {{"code": "", "execution_count": {SHOWN!r}}}
kernel.session.send(kernel.iopub_socket, "execute_input", told, parent=kernel.get_parent("shell"))""",
)
"""What puts out other things than text, and gives its own cell a number that is none."""

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
"""What the pages of nbgrader load from elsewhere, whoever they are about."""


ROLE = {"grade": True, "solution": True, "locked": False, "task": False, "grade_id": "essay", "points": 3}
ESSAY = nbformat.v4.new_markdown_cell(
    "Your answer", id="essay", metadata={"nbgrader": {**ROLE, "schema_version": 3, "cell_type": "markdown"}}
)
"""A cell that an instructor adds, and a person grades."""


def hostile(solved):
    """Return the notebook of somebody who solved everything and put all that is hostile before and after it."""
    texts = [nbformat.v4.new_markdown_cell(source, id=f"text-{n}") for n, source in enumerate(HOSTILE.values())]
    raw = [
        nbformat.v4.new_raw_cell(source, id=f"raw-{n}", metadata={"raw_mimetype": "text/html"} if n % 2 else {})
        for n, source in enumerate(HOSTILE.values())
    ]
    attached = nbformat.v4.new_markdown_cell("![a](attachment:a.svg) ![b](attachment:b.gif) ![c](attachment:c.png)")
    attached.attachments = {"a.svg": {"image/svg+xml": SHOWN}, "b.gif": {"image/gif": GIF, "text/html": SHOWN}}
    code = [nbformat.v4.new_code_cell(source, id=f"code-{n}") for n, source in enumerate(CODE)]
    half = len(texts) // 2
    solved.cells = [solved.cells[0], *texts[:half], *solved.cells[1:], *texts[half:], *raw, attached, *code]
    solved.cells[0].metadata.tags = ["nbgrader_cell tabbable"]
    next(cell for cell in solved.cells if cell.id == "essay").source = f"# essay\n\n{SHOWN}"
    solved.metadata.title = SHOWN
    solved.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": SHOWN}}
    return solved


def honest(solved):
    """Return the notebook of somebody who wrote down what they thought."""
    texts = [nbformat.v4.new_markdown_cell(source, id=f"text-{n}") for n, source in enumerate(HONEST.values())]
    for cell in texts:
        if "attachment:" in cell.source:
            cell.attachments = {"image.png": {"image/png": PNG}}
    solved.cells += texts
    next(cell for cell in solved.cells if cell.id == "essay").source = "# My answer\n\n**bold**"
    return solved


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a hostile and an honest submission, graded."""
    folder = tmp_path_factory.mktemp("formgrader") / "course"
    make_course(folder, HERE.parent / "release" / "course", lambda text: None)
    made = Course.at(folder)
    source = folder / "source" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(source, as_version=4)
    notebook.cells.append(ESSAY)
    nbformat.write(notebook, source)
    generate(made, LESSON)
    for student, of in (("hostile", hostile), ("honest", honest)):
        solved = nbformat.read(source, as_version=4)
        hand_in(made, student, of(solved))
    hand_in(made, NAME, nbformat.read(source, as_version=4))
    *results, refused = grade(made, LESSON, ["hostile", "honest", NAME], isolation="none")
    assert [(result.problem, result.record.score) for result in results] == [("", 10.0), ("", 10.0)]
    assert "formgrader" in refused.problem
    return made


@pytest.fixture(scope="module")
def formgrader(course, tmp_path_factory):
    """Return the address of formgrader on the course."""
    extension = "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"
    with running("jupyter_server", course.root, tmp_path_factory.mktemp("formgrader-home"), extension) as address:
        yield f"{address}/formgrader"


class Watched:
    """A page that may load nothing from elsewhere, and what it tried and ran."""

    def __init__(self, page, own):
        self.page, self._own = page, own
        self.requests, self.ran = [], []
        page.on("dialog", self._dismiss)
        page.on("request", lambda request: self.requests.append(request.url))
        page.route("**/*", self._answer)

    def _dismiss(self, dialog):
        self.ran.append(dialog.message)
        dialog.dismiss()

    def _answer(self, route):
        if route.request.url.startswith((self._own, "data:")):
            route.continue_()
        else:
            route.abort()

    @property
    def asked(self):
        """What was asked for besides MathJax, and what is in the page itself."""
        return [url for url in self.requests if not url.startswith((MATHJAX, "data:"))]

    @property
    def links(self):
        """The schemes of all links."""
        hrefs = self.page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        return {urlparse(href).scheme for href in hrefs}


@pytest.fixture
def watch(chromium):
    """Return a function that opens an address of `own` and watches the page."""
    contexts = []

    def opened(address, own):
        contexts.append(chromium.new_context(viewport={"width": 1200, "height": 900}))
        watched = Watched(contexts[-1].new_page(), own)
        watched.page.goto(address)
        watched.page.wait_for_load_state("networkidle", timeout=WAIT)
        return watched

    yield opened
    for context in contexts:
        context.close()


def submission_page(course, formgrader, student):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return f"{formgrader}/submissions/{gradebook.find_submission_notebook(LESSON, LESSON, student).id}/"


def manual_score(course, student, item):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return gradebook.find_grade(item, LESSON, LESSON, student).manual_score


def test_no_script_of_a_learner_runs_in_formgrader_and_nothing_is_loaded_for_it(course, formgrader, watch):
    address = submission_page(course, formgrader, "hostile")
    watched = watch(address, formgrader)

    expect(watched.page.get_by_text(HOSTILE["script"], exact=True).first).to_be_attached()
    assert watched.ran == []
    own = (f"{formgrader}/static/", f"{formgrader}/api/")
    assert [url for url in watched.asked if url != address and not url.startswith(own)] == []
    assert watched.links <= {"", "http", "https", "mailto"}


@pytest.mark.parametrize("student", ["hostile", "honest"])
def test_marks_and_comments_can_be_given_whatever_stands_in_the_notebook(course, formgrader, watch, student):
    page = watch(submission_page(course, formgrader, student), formgrader).page
    automatic, by_hand = (page.locator(f"input.score[id='{item}']") for item in ("size-table", "essay"))
    expect(automatic).to_have_attribute("placeholder", "2", timeout=WAIT)
    expect(by_hand).to_have_class(re.compile("needs_manual_grade"), timeout=WAIT)
    fill(page, automatic, "1.5")
    fill(page, by_hand, "1.5")
    fill(page, page.locator("textarea[id='essay-comment']"), "Seen.")

    assert [manual_score(course, student, item) for item in ("size-table", "essay")] == [1.5, 1.5]
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"formgrader-{student}.png")


def fill(page, field, text):
    """Write into a field of formgrader, and wait until it is saved."""
    with page.expect_response(lambda response: response.request.method == "PUT" and response.ok, timeout=WAIT):
        field.fill(text)
        field.press("Tab")


def test_no_name_of_a_folder_runs_in_a_page_of_formgrader(course, formgrader, watch):
    ran = {
        path: watch(f"{formgrader}/{path}", formgrader).ran
        for path in (f"manage_submissions/{LESSON}", f"gradebook/{LESSON}/{LESSON}", "manage_students", "gradebook")
    }
    assert {path for path, messages in ran.items() if messages} == set()
    shown = watch(f"{formgrader}/manage_submissions/{LESSON}", formgrader).page
    expect(shown.get_by_text(NAME, exact=True)).to_be_visible(timeout=WAIT)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        assert {student.id for student in gradebook.students} == {"hostile", "honest"}, (
            "else it has a page that runs it"
        )


def test_no_script_of_a_learner_runs_in_its_page_of_feedback(course, watch):
    address = (course.feedback("hostile", LESSON) / f"{LESSON}.html").as_uri()
    watched = watch(address, address)

    expect(watched.page.get_by_text(HOSTILE["script"], exact=True).first).to_be_attached()
    assert watched.ran == []
    assert watched.asked == [address]
    assert watched.links <= {"", "http", "https", "mailto"}


def test_honest_text_cells_are_graded_and_shown_as_they_were_written(course):
    graded = nbformat.read(course.autograded("honest", LESSON) / f"{LESSON}.ipynb", as_version=4)
    texts = [cell for cell in graded.cells if cell.id.startswith("text-")]
    assert [cell.source for cell in texts] == list(HONEST.values())
