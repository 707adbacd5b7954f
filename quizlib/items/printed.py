"""Numbers and printed output as learners write them, in every spelling that says the same."""

from __future__ import annotations

import ast
import contextlib
import math
import re

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,_' \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:\.\d*)?")
"""A number whose thousands are grouped, always by the same sign."""

MUCH_LONGER = 1_000
"""By how many letters a text may be longer than what is expected, and still be looked at for the same values."""

_NUMBER = re.compile(r"(?<![\w.])[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w])|\b(?:True|False|None)\b")


def number_of(text: str) -> float | None:
    """Return the number that a text writes, or None; thousands may be grouped by commas, underscores or spaces.

    >>> number_of("50,432"), number_of("50 432.5"), number_of("\u221211"), number_of("0,5"), number_of("4 MB")
    (50432.0, 50432.5, -11.0, None, None)
    """
    plain = ungrouped(text)
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def ungrouped(text: str) -> str:
    """Return a number without what groups its thousands, and with an ASCII minus; any other text as it is."""
    stripped = _ascii_minus(text.strip())
    grouped = _GROUPED.fullmatch(stripped)
    return stripped.replace(grouped[1], "") if grouped else stripped


def _ascii_minus(text: str) -> str:
    return text.replace("\u2212", "-")


def same_printed(expected: str, given: str) -> bool:
    r"""Say whether two texts are the same output, up to white space, quotes, and the grouping of thousands.

    Thousands are grouped where one number is expected; what is printed with a space in between is two.

    >>> same_printed("[1, 2]", "[1,2]\n"), same_printed("int8", "'int8'"), same_printed("16000", "16,000")
    (True, True, True)
    >>> same_printed("[1, 2]", "[1.0, 2.0]"), same_printed("16000", "16000.0"), same_printed("a b", "ab")
    (False, False, False)
    >>> same_printed("2 266", "2 266 "), same_printed("2 266", "2266"), same_printed("2266", "2 266")
    (True, False, True)
    """
    inner = _unquoted(expected.strip()), _unquoted(given.strip())
    read = ungrouped if _is_one_number(inner[0]) else _ascii_minus
    return _normal(read(inner[0])) == _normal(read(inner[1]))


def _is_one_number(text: str) -> bool:
    return number_of(text) is not None and len(text.split()) == 1


def _normal(inner: str) -> str:
    literal = _literal(inner)
    if isinstance(literal, list | tuple | dict | set):
        # A whole number of thousands of digits, which hexadecimal ones may have, is not written in decimal ones.
        with contextlib.suppress(ValueError, RecursionError):
            return repr(literal)
    # White space beside a sign parts nothing: torch.Size([2,3]) is torch.Size([2, 3]).
    return re.sub(r"\s*([\[\](){},:=])\s*", r"\1", " ".join(inner.split()))


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" and text[0] not in text[1:-1]
    return text[1:-1].strip() if is_quoted else text


def _literal(text: str) -> object:
    """Return what a text writes as Python, or the text itself."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text


def same_values(expected: str, given: str) -> bool:
    """Say whether two texts hold the same numbers and truth values in the same order, whatever else they hold.

    >>> same_values("[100, -1]", "100, -1"), same_values("tensor([1., 0.])", "[1, 0]"), same_values("a", "b")
    (True, True, False)
    """
    if len(given) > 10 * len(expected) + MUCH_LONGER:
        return False
    read = ungrouped if _is_one_number(expected) else _ascii_minus
    wanted, found = _values(read(expected)), _values(read(given))
    return bool(wanted) and wanted == found


def _values(text: str) -> list[float | str]:
    return [word if word[0] in "TFN" else float(word) for word in _NUMBER.findall(text)]
