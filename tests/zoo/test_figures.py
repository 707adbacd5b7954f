import base64
import io
import re

import matplotlib
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.image import imread

from quizlib.errors import ArgumentError, ShapeError
from quizlib.zoo.figures import DARK, described, give_texts, plain_ticks, scaling_figure, use_style


def html_of(shown):
    bundle, _ = shown._repr_mimebundle_()
    return bundle["text/html"]


@pytest.fixture(autouse=True)
def _texts():
    give_texts({"sizes": 'Bytes < 100, "small".'})
    yield
    give_texts({})


def test_the_picture_carries_its_alternative_text_in_the_html():
    assert 'alt="Bytes &lt; 100, &quot;small&quot;."' in html_of(described(Figure(), "sizes"))


def test_the_texts_of_another_lesson_take_the_place_of_those_before():
    give_texts({"slopes": "Two lines."})
    assert repr(described(Figure(), "slopes")) == "Two lines."
    assert repr(described(Figure(), "sizes")) == "Figure sizes."


def test_a_dark_page_turns_the_picture_dark():
    style, picture = html_of(described(Figure(), "sizes")).split("</style>")
    assert 'class="quizlib-figure"' in picture
    assert 'body[data-jp-theme-light="false"] .quizlib-figure, body.vscode-dark .quizlib-figure' in style
    assert DARK in style


def test_the_html_holds_the_picture_itself():
    data = re.search(r"base64,([^\"]+)", html_of(described(Figure(figsize=(3, 2)), "A figure."))).group(1)
    assert imread(io.BytesIO(base64.b64decode(data))).shape[:2] == (400, 600)


def test_the_picture_is_shown_at_half_its_pixels():
    assert 'width="300"' in html_of(described(Figure(figsize=(3, 2)), "A figure."))


def test_a_terminal_shows_the_alternative_text():
    shown = described(Figure(), "sizes")
    assert repr(shown) == shown._repr_mimebundle_()[0]["text/plain"] == 'Bytes < 100, "small".'


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


def numbers_at(axis, *, minor):
    axis.figure.canvas.draw()
    low, high = axis.get_view_interval()
    labels = axis.get_ticklabels(minor=minor)
    return [label.get_text() for label in labels if low <= label.get_position()[1] <= high and label.get_text()]


def drawn_from(low, high):
    axis = Figure().subplots()
    axis.set(yscale="log", ylim=(low, high))
    plain_ticks(axis)
    return axis.yaxis


def test_numbers_at_logarithmic_axes_are_written_in_full():
    assert numbers_at(drawn_from(80, 6000), minor=False) == ["100", "1,000"]
    assert numbers_at(drawn_from(0.08, 0.6), minor=False) == ["0.1"]


def test_a_short_logarithmic_axis_has_numbers_between_the_decades():
    assert numbers_at(drawn_from(80, 6000), minor=True) == ["200", "500", "2,000", "5,000"]


def test_a_long_logarithmic_axis_has_numbers_at_the_decades_alone():
    axis = drawn_from(0.9, 2e6)
    assert numbers_at(axis, minor=True) == []
    assert "1,000,000" in numbers_at(axis, minor=False)


def test_numbers_that_would_run_into_one_another_are_left_out():
    axis = Figure().subplots()
    axis.set(xscale="log", xlim=(50_000, 20_000_000), yscale="log", ylim=(50_000, 20_000_000))
    plain_ticks(axis)
    assert "200,000" in numbers_at(axis.yaxis, minor=True)
    axis.figure.canvas.draw()
    assert {label.get_text() for label in axis.xaxis.get_minorticklabels()} == {""}
    assert "10,000,000" in [label.get_text() for label in axis.xaxis.get_majorticklabels()]


@pytest.mark.parametrize(("columns", "shown"), [(1, {"2", "5", "20", "50", "200"}), (3, {""})])
def test_a_narrow_panel_has_fewer_numbers_than_a_wide_one(columns, shown):
    figure = Figure(figsize=(9, 3))
    axis = figure.subplots(1, columns, squeeze=False)[0, 0]
    axis.set(xscale="log", xlim=(0.9, 240))
    plain_ticks(axis)
    figure.canvas.draw()
    assert {label.get_text() for label in axis.xaxis.get_minorticklabels()} >= shown
    assert "100" in [label.get_text() for label in axis.xaxis.get_majorticklabels()]


def test_a_logarithmic_axis_within_a_decade_has_all_its_numbers():
    assert numbers_at(drawn_from(0.25, 0.65), minor=True) == ["0.3", "0.4", "0.5", "0.6"]


def test_a_linear_axis_keeps_its_numbers():
    axis = Figure().subplots()
    before = axis.yaxis.get_major_formatter()
    plain_ticks(axis)
    assert axis.yaxis.get_major_formatter() is before


def labels_of(figure):
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_a_scaling_figure_names_the_slope_of_each_line():
    sizes = [10, 100, 1000]
    costs = {"linear": [2.0, 20.0, 200.0], "quadratic": [1.0, 100.0, 10000.0]}
    with matplotlib.rc_context({"backend": "agg"}):
        figure = scaling_figure(sizes, costs, xlabel="weights", ylabel="time (ms)")
        described(figure, "Two lines.")
    assert labels_of(figure) == ["linear: slope 1.00", "quadratic: slope 2.00"]


def test_a_scaling_figure_has_logarithmic_axes_with_their_units():
    with matplotlib.rc_context({"backend": "agg"}):
        figure = scaling_figure([1, 2, 4], {"a": [1.0, 2.0, 4.0]}, xlabel="weights", ylabel="time (ms)")
        described(figure, "A line.")
    axis = figure.axes[0]
    assert (axis.get_xscale(), axis.get_yscale()) == ("log", "log")
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("weights", "time (ms)")


def with_quartiles(quartiles):
    with matplotlib.rc_context({"backend": "agg"}):
        figure = scaling_figure([1, 2, 4], {"a": [1.0, 2.0, 4.0]}, quartiles={"a": quartiles}, xlabel="n", ylabel="ms")
        pyplot.close(figure)
    return figure


def test_a_bar_reaches_from_the_first_to_the_third_quartile():
    bars = with_quartiles([(0.9, 1.3), (2.0, 2.1), (0.1, 9.0)]).axes[0].collections[0].get_segments()
    assert [low[1] for low, _ in bars] == pytest.approx([0.9, 2.0, 0.1])
    assert [high[1] for _, high in bars] == pytest.approx([1.3, 2.1, 9.0])


@pytest.mark.parametrize("quartiles", [[(0.9, 1.3)], [0.9, 1.9, 3.9]])
def test_quartiles_of_another_shape_are_refused(quartiles):
    with pytest.raises(ShapeError, match=r"quartiles of 'a' have shape .*; pass \(3, 2\)"):
        with_quartiles(quartiles)


@pytest.mark.parametrize("pair", [(0.0, 1.3), (1.1, 1.3), (0.5, 0.9)])
def test_quartiles_that_do_not_hold_the_cost_are_refused(pair):
    with pytest.raises(ArgumentError, match="a cost of 'a' lies outside of its quartiles"):
        with_quartiles([pair, (2.0, 2.1), (0.1, 9.0)])
