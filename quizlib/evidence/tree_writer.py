"""Plain values as a JSON tree beside named arrays."""

from __future__ import annotations

import hashlib
import math
from typing import Any, Never, assert_never

import numpy as np

from quizlib.errors import EvidenceError
from quizlib.evidence.arrays import flaw_of
from quizlib.evidence.values import (
    Array,
    Blob,
    KerasLayer,
    KerasModel,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    Stored,
    TorchModel,
    TorchModule,
    Unreadable,
    ZooModel,
)


class TreeWriter:
    """Turn plain values into JSON nodes, and keep the arrays they refer to in `arrays`.

    Equal arrays are kept once, unless `is_sharing` is false: then each has a name of its own, whatever it holds.

    >>> writer = TreeWriter()
    >>> writer.write((1, "a"))
    {'kind': 'tuple', 'items': [1, 'a']}
    """

    def __init__(self, *, is_sharing: bool = True) -> None:
        self.arrays: dict[str, np.ndarray] = {}
        self._is_sharing = is_sharing
        self._kept: dict[bytes, str] = {}

    def write(self, value: Plain) -> Any:  # noqa: ANN401  a JSON node is any JSON value
        """Return the JSON node of `value`.

        Raises:
            EvidenceError: it is not plain data, or holds a number that is not finite.
        """
        match value:
            case None | bool() | int() | str():
                return value
            case float():
                return finite(value)
            case list() | tuple():
                kind = "list" if isinstance(value, list) else "tuple"
                return {"kind": kind, "items": [self.write(item) for item in value]}
            case dict():
                return {"kind": "dict", "items": [[key, self.write(item)] for key, item in value.items()]}
            case TorchModel():
                return {"kind": "torch_model", "modules": [self._module(m) for m in value.modules]}
            case KerasModel():
                return {"kind": "keras_model", "layers": [self._layer(layer) for layer in value.layers]}
            case Array() | QuantizedArray() | SparseArray():
                return self._stored(value)
            case Blob():
                return {"kind": "blob", "ref": self._keep(np.frombuffer(value.content, np.uint8))}
            case Name():
                return {"kind": "name", "text": value.text}
            case ZooModel():
                return {"kind": "zoo", "name": value.name, "seed": value.seed}
            case Unreadable():
                return {"kind": "unreadable", "type": value.type_name, "reason": value.reason}
            case _:
                raise _refusal(value)

    def _stored(self, value: Stored) -> dict[str, Any]:
        match value:
            case Array():
                head = {"kind": "array", "dtype": value.dtype, "library": value.library}
                return {**head, "contiguous": value.is_contiguous, "ref": self._keep(value.values)}
            case QuantizedArray():
                grid = {"codes": value.codes, "scales": value.scales, "zero_points": value.zero_points}
                refs = {name: self._keep(array) for name, array in grid.items()}
                return {"kind": "quantized", "dtype": value.dtype, "owner": value.owner, **refs}
            case SparseArray():
                parts = {name: self._keep(array) for name, array in value.parts.items()}
                return {"kind": "sparse", "layout": value.layout, "shape": list(value.shape), "parts": parts}
            case _:
                assert_never(value)

    def _module(self, module: TorchModule) -> dict[str, Any]:
        return {
            "name": module.name,
            "class": module.class_name,
            "training": module.is_training,
            "hooks": list(module.hooks),
            "settings": self.write(module.settings),
            "tensors": self.write(dict(module.tensors)),
        }

    def _layer(self, layer: KerasLayer) -> dict[str, Any]:
        return {
            "name": layer.name,
            "class": layer.class_name,
            "wraps": layer.wraps,
            "settings": self.write(layer.settings),
            "weights": self.write(dict(layer.weights)),
        }

    def _keep(self, array: np.ndarray) -> str:
        flaw = flaw_of(array)
        if flaw is not None:
            raise EvidenceError(f"an array {flaw}.")
        flat = np.ascontiguousarray(array).reshape(array.shape)  # the former makes () into (1,)
        reference = f"a{len(self.arrays)}"
        if self._is_sharing:
            content = hashlib.sha256(f"{flat.dtype.str} {flat.shape}".encode() + flat.tobytes()).digest()
            reference = self._kept.setdefault(content, reference)
        self.arrays.setdefault(reference, flat)
        return reference


def _refusal(value: Never) -> EvidenceError:
    """Return why something is not written; it is not plain data, of which no kind is left, as its type here says."""
    return EvidenceError(f"{type(value).__name__} is not plain data; encode it first.")


def finite(number: float) -> float:
    """Return a number, unless it is NaN or infinity.

    Raises:
        EvidenceError: it is.
    """
    if not math.isfinite(number):
        raise EvidenceError(f"{number} is not finite; only finite numbers can cross.")
    return float(number)
