"""Numbers in prose: computed where the lesson is built, never typed.

A lesson's Markdown says `{{name}}` or `{{name:,}}`; `solutions/numbers/<lesson>.py` has `NUMBERS`, a table of
functions by name; the text between colon and braces is Python's format specification.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from quizlib.errors import SpecError

Number = int | float | str
Numbers = Mapping[str, Callable[[], Number]]

PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]*)(?::([^{}]*))?\}\}")

MEASURED = re.compile(
    r"(?<![\w.,`-])\d[\d,.]*\s?(?:%|×|ms\b|µs\b|s\b|seconds\b|kB\b|KB\b|MB\b|GB\b|bytes\b|(?:times|per cent) )"
)
"""A number with the unit of a measurement, typed as text."""

NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|^#.*$|^\|.*$", re.DOTALL | re.MULTILINE)
"""Code, formulas, the targets of links, headings and tables."""


def placeholders(text: str) -> set[str]:
    """Return the names that a text asks for.

    >>> sorted(placeholders("It has {{weights:,}} weights in {{layers}} layers."))
    ['layers', 'weights']
    """
    return {match.group(1) for match in PLACEHOLDER.finditer(text)}


def fill(text: str, numbers: Numbers) -> str:
    """Return `text` with every placeholder replaced by its number, computed now.

    >>> fill("It has {{weights:,}} weights.", {"weights": lambda: 50826})
    'It has 50,826 weights.'

    Raises:
        SpecError: a name has no function, or its number does not take the format.
    """
    return PLACEHOLDER.sub(lambda match: _filled(match, numbers), text)


def _filled(match: re.Match[str], numbers: Numbers) -> str:
    name, layout = match.group(1), match.group(2) or ""
    if name not in numbers:
        known = ", ".join(sorted(numbers)) or "none"
        raise SpecError(f"the text asks for the number {name!r}; the lesson's NUMBERS has: {known}.")
    try:
        return format(numbers[name](), layout)
    except ValueError as error:
        raise SpecError(f"the number {name!r} does not take the format {layout!r}: {error}.") from error


def typed_measurements(text: str) -> list[str]:
    """Return the measurements that are typed into prose instead of computed.

    Three kinds of number may be typed: definitions in code style or formulas, headings, and plain counts.

    >>> typed_measurements("It took 3.2 ms, `4 bytes` a weight, {{share:.0%}} of them, in 10 layers.")
    ['3.2 ms']
    """
    prose = NOT_PROSE.sub(" ", PLACEHOLDER.sub(" ", text))
    return [match.group().strip() for match in MEASURED.finditer(prose)]
