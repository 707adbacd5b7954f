"""Weights that count what is done with them, for questions about complexity that no clock can answer."""

from collections.abc import Callable, Iterable, Sequence


class CountedWeight(float):
    """A number that reports each test of its magnitude, and each product with it."""

    _report: Callable[[], None]

    def __new__(cls, value: float, report: Callable[[], None]) -> "CountedWeight":
        """Return `value` as a weight that calls `report` for each operation."""
        weight = super().__new__(cls, value)
        weight._report = report
        return weight

    def __abs__(self) -> float:
        """Report a test, and return the magnitude."""
        self._report()
        return abs(float(self))

    def __mul__(self, x: float) -> float:
        """Report a product, and return it."""
        self._report()
        return float(self) * x

    __rmul__ = __mul__


def count_operations(work: Callable[[Sequence[CountedWeight]], object], weights: Iterable[float]) -> int:
    """Return how many tests `abs(w)` and products `w * x` a piece of code does with these weights.

    Args:
        work: Takes the weights as a list of numbers; what it returns is dropped.
        weights: Any finite numbers.

    >>> count_operations(lambda weights: [w for w in weights if abs(w) > 1], [0.5, 2.0, -3.0])
    3
    >>> count_operations(lambda weights: sum(w * 10 for w in weights), [2.0, -3.0])
    2
    """
    operations = 0

    def report() -> None:
        nonlocal operations
        operations += 1

    work([CountedWeight(weight, report) for weight in weights])
    return operations
