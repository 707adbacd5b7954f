"""Scikit-learn's bundled handwritten digits, split once and for all."""

from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError

_SPLIT_SEED = 20
_HELD_OUT = 360  # images each for validation and for test, of 1,797


@dataclass(frozen=True, eq=False)
class Digits:
    """The 1,797 digits in three disjoint parts with the same mix of classes.

    Attributes:
        x_train, x_val, x_test: Pixels, float32 in [0, 1], shapes (1077, 64), (360, 64), (360, 64); rows of 8 pixels.
        y_train, y_val, y_test: The digit shown, int64, 0 to 9, shapes (1077,), (360,), (360,).
    """

    x_train: NDArray[np.float32]
    y_train: NDArray[np.int64]
    x_val: NDArray[np.float32]
    y_val: NDArray[np.int64]
    x_test: NDArray[np.float32]
    y_test: NDArray[np.int64]

    def images(self, name: str) -> NDArray[np.float32]:
        """Return the pixels of one part as images with one channel, a view.

        Args:
            name: "train", "val" or "test".

        Returns:
            Pixels, float32 in [0, 1], shape (n, 1, 8, 8): image, channel, row, column.

        Raises:
            ArgumentError: There is no part `name`.

        >>> load_digits().images("val").shape
        (360, 1, 8, 8)
        """
        parts = {"train": self.x_train, "val": self.x_val, "test": self.x_test}
        if name not in parts:
            raise ArgumentError(f"name is {name!r}; pass one of {', '.join(map(repr, parts))}")
        return parts[name].reshape(-1, 1, 8, 8)


def load_digits() -> Digits:
    """Return scikit-learn's digits, scaled to [0, 1] and split into 1077 / 360 / 360 with the classes in proportion.

    The split never changes. The arrays are copies of a cached set, so that writing to them touches nobody else's.

    Source: scikit-learn, `sklearn.datasets.load_digits`, pixels 0 to 16.

    >>> digits = load_digits()
    >>> digits.x_train.shape, digits.x_train.dtype.name, float(digits.x_train.max())
    ((1077, 64), 'float32', 1.0)
    >>> digits.y_test.shape, digits.y_test.dtype.name
    ((360,), 'int64')
    """
    split = _split()
    return Digits(**{field.name: getattr(split, field.name).copy() for field in fields(Digits)})


@cache
def _split() -> Digits:
    from sklearn import datasets  # here, since it takes a second that a lesson without digits need not wait
    from sklearn.model_selection import train_test_split

    x, y = datasets.load_digits(return_X_y=True)
    x, y = (x / 16).astype(np.float32), y.astype(np.int64)
    x_rest, x_test, y_rest, y_test = train_test_split(x, y, test_size=_HELD_OUT, stratify=y, random_state=_SPLIT_SEED)
    x_train, x_val, y_train, y_val = train_test_split(
        x_rest, y_rest, test_size=_HELD_OUT, stratify=y_rest, random_state=_SPLIT_SEED
    )
    return Digits(x_train, y_train, x_val, y_val, x_test, y_test)
