"""Words for a place in an array, and for the numbers that stand there; no facts."""

from __future__ import annotations

import numpy as np

from quizlib.errors import FactError

Index = tuple[int, ...]


def worst(array: np.ndarray) -> Index:
    """Return the index of the largest number of an array, the first of several.

    Raises:
        FactError: the array is empty.

    >>> worst(np.array([[0.0, 2.0], [3.0, 3.0]]))
    (1, 0)
    """
    if array.size == 0:
        raise FactError("an array without numbers has no largest one")
    return tuple(int(at) for at in np.unravel_index(int(np.argmax(array)), array.shape))


def first(mask: np.ndarray) -> Index | None:
    """Return the index of the first True of a mask, or None.

    >>> first(np.array([[False, False], [True, True]])), first(np.array([False]))
    ((1, 0), None)
    """
    return worst(mask) if mask.size and mask.any() else None


def position(index: Index) -> str:
    """Return a place in an array in words; its numbers count from 0, as an index does.

    >>> position((0, 3)), position((7,)), position((1, 0, 2, 2))
    ('row 0, column 3', 'entry 7', 'entry [1, 0, 2, 2]')
    """
    if len(index) == 2:
        return f"row {index[0]}, column {index[1]}"
    return f"entry {index[0]}" if len(index) == 1 else f"entry {list(index)}"


def at(index: Index) -> str:
    """Return "in" and a place, or "there" where an array has one number only.

    >>> at((0, 3)), at(())
    ('in row 0, column 3', 'there')
    """
    return f"in {position(index)}" if index else "there"


def pair(found: float, expected: float) -> tuple[str, str]:
    """Return two numbers in as few digits as tell them apart, four at least; whole numbers and truth values in full.

    >>> pair(12, 13), pair(0.123456, 0.1234)
    (('12', '13'), ('0.1235', '0.1234'))
    """
    if isinstance(found, int) and isinstance(expected, int):
        return str(found), str(expected)
    texts = [(f"{found:.{digits}g}", f"{expected:.{digits}g}") for digits in (4, 5, 6, 9, 17)]
    return next((both for both in texts if both[0] != both[1]), texts[-1])


def is_and_expected(found: float, expected: float) -> str:
    """Return what stands at a place and what should.

    >>> is_and_expected(12, 13)
    'is 12, expected 13'
    """
    one, other = (value.item() if isinstance(value, np.generic) else value for value in (found, expected))
    return "is {}, expected {}".format(*pair(one, other))
