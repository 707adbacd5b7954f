"""Figures of the lessons: one look, told apart without colour, and a text for those who cannot see them.

The text stands apart from the notebook, in the lesson's data under the figure's id, so that nobody reads in a cell
what the figure is about to show. matplotlib is loaded when it is first needed.
"""

import base64
import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import loglog_slope

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DOTS_PER_INCH = 100  # of the page; the picture has twice as many, for sharp text on dense screens

# Okabe and Ito's palette without its yellow, which is too pale for a line on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")

DARK = "filter: invert(0.93) hue-rotate(180deg)"
"""Style of a figure on a dark page: white becomes the page's own black, text white, and every colour keeps its hue."""

_DARK_PAGES = ('body[data-jp-theme-light="false"]', "body.vscode-dark", "body.vscode-high-contrast")
_CLASS = "quizlib-figure"

_texts: dict[str, str] = {}
"""Alternative texts of the lesson's figures by id."""

_LETTER = 0.085  # inches that a letter of a number at an axis takes

_LOOK = {
    "figure.dpi": _DOTS_PER_INCH,
    "figure.facecolor": "white",  # opaque, so that black text stays legible on a dark page that keeps no style sheet
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def use_style() -> None:
    """Give all figures from now on the course's look: colours that the colour-blind tell apart, and room for text."""
    from cycler import cycler
    from matplotlib import style

    style.use({**_LOOK, "axes.prop_cycle": cycler(color=_COLOURS)})


def plain_ticks(axis: "Axes") -> None:
    """Write the numbers at logarithmic axes in full, with thousands separators: 20 and 1,000, not 2 × 10¹ and 10³.

    A long axis, of three decades or more, has numbers at 1 of each decade; a shorter one at 2 and 5, too, unless they
    would run into one another; one within a decade at all ten.
    Call it when all is drawn, since the limits decide.

    Args:
        axis: A pair of axes; those that are not logarithmic are left alone.
    """
    from matplotlib.ticker import LogLocator

    for one in (one for one in (axis.xaxis, axis.yaxis) if one.get_scale() == "log"):
        low, high = one.get_view_interval()
        decades = np.log10(high / low)
        one.set_major_formatter("{x:,.10g}")
        one.set_minor_locator(LogLocator(subs=(2, 5) if decades > 1 else range(2, 10)))
        crowded = decades >= 3 or (one is axis.xaxis and _letters_between(axis, decades) < len(f"{high:,.0f}") + 1)
        one.set_minor_formatter("" if crowded else "{x:,.10g}")


def _letters_between(axis: "Axes", decades: float) -> float:
    """Return the letters that fit between the two numbers at an x axis that are nearest to each other, as 1 and 2."""
    inches = axis.bbox.width / axis.figure.dpi
    nearest = np.log10(2) if decades > 1 else np.log10(10 / 9)
    return float(inches * nearest / decades / _LETTER)


def scaling_figure(
    sizes: ArrayLike,
    costs: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    quartiles: Mapping[str, ArrayLike] | None = None,
) -> "Figure":
    """Return a figure of costs against sizes, both axes logarithmic, with the slope that `loglog_slope` fits to each.

    Lines differ in marker and dashes as well as in colour; the markers are hollow, so that a line beneath one shows.

    Args:
        sizes: Problem sizes, > 0, shape (N,) with N >= 3.
        costs: By name of the line, > 0, shape (N,).
        xlabel: What the sizes are, with their unit.
        ylabel: What the costs are, with their unit.
        quartiles: By the same names, the first and the third quartile that each cost lies between, > 0, shape (N, 2),
            drawn as a bar. Unlike a width around the cost they cannot reach below 0, which has no place on these axes.

    Raises:
        ArgumentError: A number that is not positive, or a cost outside of its quartiles.
        ShapeError: Fewer than 3 sizes, or other shapes.
    """
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(6.5, 4))
    looks = itertools.cycle(("o-", "s--", "D:", "^-."))
    for (name, cost), look in zip(costs.items(), looks, strict=False):
        label = f"{name}: slope {loglog_slope(sizes, cost).exponent:.2f}"
        bars = None if quartiles is None else _bars(name, np.asarray(cost), np.asarray(quartiles[name]))
        axis.errorbar(sizes, cost, yerr=bars, fmt=look, fillstyle="none", markersize=8, capsize=3, label=label)
    axis.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    plain_ticks(axis)
    axis.legend()
    return figure


def _bars(name: str, cost: NDArray[np.float64], quartiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a line's bars reach below and above it, shape (2, N)."""
    if quartiles.shape != (len(cost), 2):
        raise ShapeError(f"quartiles of {name!r} have shape {quartiles.shape}; pass {(len(cost), 2)}.")
    low, high = quartiles.T
    if (low <= 0).any() or (low > cost).any() or (cost > high).any():
        raise ArgumentError(f"a cost of {name!r} lies outside of its quartiles, or one of them is not above 0.")
    return np.array([cost - low, high - cost])


@dataclass(frozen=True)
class DescribedFigure:
    """A picture that shows itself in a notebook together with its alternative text.

    Attributes:
        png: The picture.
        alt: What it shows, in words.
        width: On the page, in CSS pixels.
    """

    png: bytes
    alt: str
    width: int

    def __repr__(self) -> str:
        """Return the alternative text, which is what a terminal shows."""
        return self.alt

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        # JupyterLab drops the alternative text of a bare picture, so the picture comes as HTML.
        data, alt = base64.b64encode(self.png).decode(), escape(self.alt, quote=True)
        style = f"<style>{', '.join(f'{page} .{_CLASS}' for page in _DARK_PAGES)} {{ {DARK} }}</style>"
        html = f'{style}<img class="{_CLASS}" src="data:image/png;base64,{data}" alt="{alt}" width="{self.width}">'
        return {"text/html": html, "text/plain": self.alt}, {}


def give_texts(texts: Mapping[str, str]) -> None:
    """Give the figures of a lesson their alternative texts by id, in place of those of any lesson before."""
    _texts.clear()
    _texts.update(texts)


def described(figure: "Figure", name: str) -> DescribedFigure:
    """Return a figure as a picture with its alternative text, and close it, so that it is not shown twice.

    Args:
        figure: A matplotlib figure.
        name: Id of the figure, under which `give_texts` was given its text; without a text, it stands for it.

    >>> from matplotlib.figure import Figure
    >>> give_texts({"nothing": "An empty figure."})
    >>> described(Figure(), "nothing")
    An empty figure.
    """
    from matplotlib import pyplot

    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=2 * _DOTS_PER_INCH)
    pyplot.close(figure)
    alt = _texts.get(name, f"Figure {name}.")
    return DescribedFigure(picture.getvalue(), alt, round(figure.get_figwidth() * _DOTS_PER_INCH))
