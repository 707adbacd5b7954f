"""Numbers in prose: computed where the lesson is built, never typed.

A lesson's Markdown says `{{name}}` or `{{name:,}}`; `solutions/numbers/<lesson>.py` has `NUMBERS`, a table of
functions by name; the text between colon and braces is Python's format specification.
Totals of the lesson, such as `{{points}}`, have names of their own; `{{exercise:id}}` and `{{question:id}}` stand for
an item as its heading calls it, and `{{number:id}}` for its number alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping

from quizlib.errors import SpecError

Number = int | float | str
Numbers = Mapping[str, Callable[[], Number]]
References = Mapping[str, Mapping[str, str]]
"""By word, such as `exercise`, what stands for each id."""

PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]*)(?::([^{}]*))?\}\}")

MEASURED = re.compile(
    r"(?<![\w.,`-])\d[\d,.]*\s?(?:%|×(?!\s?\d)|ms\b|µs\b|s\b|seconds\b|kB\b|KB\b|MB\b|GB\b|bytes\b|(?:times|per cent) )"
)
"""A number with the unit of a measurement, typed as text."""

REFERENCE = re.compile(r"\b(?:exercise|question)s?\s+\d+[a-z]?\.\d+", re.IGNORECASE)
"""The number of an item, typed as text."""

TOTAL = re.compile(r"\b\d+ (?:for the )?(?:point|exercise|question)s?\b")
"""A total of the lesson, typed as text."""

COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

NOT_PROSE = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|^#[^\n]*$|^\|[^\n]*$", re.DOTALL | re.MULTILINE
)
"""Code, formulas, the targets of links, headings and tables."""


def placeholders(text: str) -> set[str]:
    """Return the names that a text asks for.

    >>> sorted(placeholders("It has {{weights:,}} weights in {{layers}} layers."))
    ['layers', 'weights']
    """
    return {match.group(1) for match in PLACEHOLDER.finditer(text)}


def fill(text: str, numbers: Numbers, references: References) -> str:
    """Return `text` with every placeholder replaced by its number, computed now, or by what it refers to.

    >>> numbers, references = {"weights": lambda: 50826}, {"exercise": {"amdahl": "Exercise 2.19"}}
    >>> fill("It has {{weights:,}} weights; see {{exercise:amdahl}}.", numbers, references)
    'It has 50,826 weights; see Exercise 2.19.'

    Raises:
        SpecError: a name has no function, or its number does not take the format; or no item has the id.
    """
    return PLACEHOLDER.sub(lambda match: _filled(match, numbers, references), text)


def _filled(match: re.Match[str], numbers: Numbers, references: References) -> str:
    name, layout = match.group(1), match.group(2) or ""
    if name in references:
        return _referred(name, layout, references[name])
    if name not in numbers:
        known = ", ".join(sorted(numbers)) or "none"
        raise SpecError(f"the text asks for the number {name!r}; the lesson's NUMBERS has: {known}.")
    try:
        return format(numbers[name](), layout)
    except ValueError as error:
        raise SpecError(f"the number {name!r} does not take the format {layout!r}: {error}.") from error


def _referred(word: str, item: str, known: Mapping[str, str]) -> str:
    if item in known:
        return known[item]
    near = difflib.get_close_matches(item, known, n=3) or sorted(known)
    raise SpecError(
        f"the text says {{{{{word}:{item}}}}}, but the lesson has no such item; near are: {', '.join(near) or 'none'}."
    )


def count_text(count: int) -> str:
    """Return a count as prose has it: in words up to twelve, in digits above.

    >>> count_text(8), count_text(19)
    ('eight', '19')
    """
    return COUNTS[count] if count < len(COUNTS) else str(count)


def typed_references(text: str) -> list[str]:
    """Return the numbers of items that are typed into prose instead of asked for by id.

    >>> typed_references("See exercises 3.4 and {{number:amdahl}}; Question 2.1 is another.")
    ['exercises 3.4', 'Question 2.1']
    """
    return REFERENCE.findall(text)


def typed_totals(text: str) -> list[str]:
    """Return the totals of a lesson that are typed into its opening cell instead of computed.

    >>> typed_totals("66 points, 24 for the questions and {{exercise_points}} for the {{exercises}} exercises")
    ['66 points', '24 for the questions']
    """
    return TOTAL.findall(text)


def typed_measurements(text: str) -> list[str]:
    r"""Return the measurements that are typed into prose instead of computed.

    Three kinds of number may be typed: definitions in code style or formulas, headings, and plain counts.

    >>> typed_measurements("It took 3.2 ms, `4 bytes` a weight, {{share:.0%}} of them, in 10 layers of 4 × 3.")
    ['3.2 ms']
    >>> typed_measurements("# In 2 s\n\n| 4 bytes |\n\nBelow a heading and a table: 5 % off, and 2× faster.")
    ['5 %', '2×']
    """
    prose = NOT_PROSE.sub(" ", PLACEHOLDER.sub(" ", text))
    return [match.group().strip() for match in MEASURED.finditer(prose)]
