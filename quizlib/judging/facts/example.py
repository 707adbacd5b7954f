"""Evidence of a few numbers, for the examples in the docstrings of this package."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quizlib.evidence.values import Array, Plain, QuantizedArray, TorchModel, TorchModule


def model(
    class_name: str = "torch.nn.Linear", settings: dict[str, Plain] | None = None, **tensors: ArrayLike | QuantizedArray
) -> TorchModel:
    """Return a torch model of one module that holds these tensors under their own names.

    >>> model(bias=[0.5]).modules[0].tensors["bias"].values
    array([0.5], dtype=float32)
    """
    stored = {name: value if isinstance(value, QuantizedArray) else _dense(value) for name, value in tensors.items()}
    return TorchModel((TorchModule("", class_name, False, (), settings or {}, dict(stored)),))


def _dense(values: ArrayLike) -> Array:
    return Array(np.asarray(values, np.float32), "float32", "torch")


def coded(codes: ArrayLike, scales: ArrayLike, zero_point: int = 0) -> QuantizedArray:
    """Return int8 codes on a grid of `scales`, one an entry of a block, all of one zero point.

    >>> coded([[4, -6]], [[0.5]], zero_point=2).dequantize()
    array([[ 1., -4.]], dtype=float32)
    """
    grid = np.asarray(scales, np.float32)
    return QuantizedArray(np.asarray(codes, np.int8), grid, np.full(grid.shape, zero_point, np.int8), "qint8", "Tensor")
