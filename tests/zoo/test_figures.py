import base64
import io
import re

import matplotlib
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.image import imread

from quizlib.zoo.figures import described, use_style


def html_of(shown):
    bundle, _ = shown._repr_mimebundle_()
    return bundle["text/html"]


def test_the_picture_carries_its_alternative_text_in_the_html():
    assert 'alt="Bytes &lt; 100, &quot;small&quot;"' in html_of(described(Figure(), 'Bytes < 100, "small"'))


def test_the_html_holds_the_picture_itself():
    data = re.search(r"base64,([^\"]+)", html_of(described(Figure(figsize=(3, 2)), "A figure."))).group(1)
    assert imread(io.BytesIO(base64.b64decode(data))).shape[:2] == (400, 600)


def test_the_picture_is_shown_at_half_its_pixels():
    assert 'width="300"' in html_of(described(Figure(figsize=(3, 2)), "A figure."))


def test_a_terminal_shows_the_alternative_text():
    shown = described(Figure(), "A figure.")
    assert repr(shown) == shown._repr_mimebundle_()[0]["text/plain"] == "A figure."


def test_a_described_figure_is_closed_so_that_it_is_not_shown_twice():
    with matplotlib.rc_context({"backend": "agg"}):
        figure = pyplot.figure()
        described(figure, "A figure.")
        assert not pyplot.fignum_exists(figure.number)


def test_the_style_leaves_room_for_text_and_keeps_figures_opaque():
    with matplotlib.rc_context():
        use_style()
        assert matplotlib.rcParams["figure.constrained_layout.use"]
        assert matplotlib.rcParams["figure.facecolor"] == "white"
