"""Figures of the lessons: one look, told apart without colour, and a text for those who cannot see them.

matplotlib is loaded when it is first needed.
"""

import base64
import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from quizlib.measures import loglog_slope

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DOTS_PER_INCH = 100  # of the page; the picture has twice as many, for sharp text on dense screens

# Okabe and Ito's palette without its yellow, which is too pale for a line on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")

_LOOK = {
    "figure.dpi": _DOTS_PER_INCH,
    "figure.facecolor": "white",  # opaque, so that black text stays legible on a dark page
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

    An axis of three decades or more has numbers at 1 of each, a shorter one at 2 and 5, too, one within a decade at all.
    Call it when all is drawn, since the limits decide.

    Args:
        axis: A pair of axes; those that are not logarithmic are left alone.
    """
    from matplotlib.ticker import LogLocator

    for one in (one for one in (axis.xaxis, axis.yaxis) if one.get_scale() == "log"):
        low, high = one.get_view_interval()
        one.set_major_formatter("{x:,.7g}")
        one.set_minor_locator(LogLocator(subs=(2, 5) if high > 10 * low else range(2, 10)))
        one.set_minor_formatter("{x:,.7g}" if high < 1000 * low else "")


def scaling_figure(
    sizes: ArrayLike,
    costs: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    spreads: Mapping[str, ArrayLike] | None = None,
) -> "Figure":
    """Return a figure of costs against sizes, both axes logarithmic, with the slope that `loglog_slope` fits to each.

    Lines differ in marker and dashes as well as in colour; the markers are hollow, so that a line beneath one shows.

    Args:
        sizes: Problem sizes, > 0, shape (N,) with N >= 3.
        costs: By name of the line, > 0, shape (N,).
        xlabel: What the sizes are, with their unit.
        ylabel: What the costs are, with their unit.
        spreads: By the same names, a range around each cost, drawn half below and half above it.

    Raises:
        ArgumentError: A number that is not positive.
        ShapeError: Fewer than 3 sizes, or other shapes.
    """
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(6.5, 4))
    looks = itertools.cycle(("o-", "s--", "D:", "^-."))
    for (name, cost), look in zip(costs.items(), looks, strict=False):
        label = f"{name}: slope {loglog_slope(sizes, cost).exponent:.2f}"
        bars = None if spreads is None else np.asarray(spreads[name]) / 2
        axis.errorbar(sizes, cost, yerr=bars, fmt=look, fillstyle="none", markersize=8, capsize=3, label=label)
    axis.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    plain_ticks(axis)
    axis.legend()
    return figure


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
        html = f'<img src="data:image/png;base64,{data}" alt="{alt}" width="{self.width}">'
        return {"text/html": html, "text/plain": self.alt}, {}


def described(figure: "Figure", alt: str) -> DescribedFigure:
    """Return a figure as a picture with its alternative text, and close it, so that it is not shown twice.

    Args:
        figure: A matplotlib figure.
        alt: What it shows, in a sentence or two: kind of plot, axes, and what is to be seen.

    >>> from matplotlib.figure import Figure
    >>> described(Figure(), "An empty figure.")
    An empty figure.
    """
    from matplotlib import pyplot

    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=2 * _DOTS_PER_INCH)
    pyplot.close(figure)
    return DescribedFigure(picture.getvalue(), alt, round(figure.get_figwidth() * _DOTS_PER_INCH))
