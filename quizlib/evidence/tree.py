"""Plain values as a JSON tree beside named arrays, and back, trusting nothing on the way back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from quizlib.errors import EvidenceError
from quizlib.evidence.values import (
    Array,
    Blob,
    KerasLayer,
    KerasModel,
    Limits,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    TorchModel,
    TorchModule,
    Unreadable,
    ZooModel,
)

ARRAY_DTYPES = frozenset(
    [
        "bool",
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float16",
        "float32",
        "float64",
    ]
)
"""The dtypes in which numbers may cross; every other dtype is carried as one of these."""


class TreeWriter:
    """Turn plain values into JSON nodes, and keep the arrays they refer to in `arrays`.

    >>> writer = TreeWriter()
    >>> writer.write((1, "a"))
    {'kind': 'tuple', 'items': [1, 'a']}
    """

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}

    def write(self, value: Plain) -> Any:  # noqa: ANN401  a JSON node is any JSON value
        """Return the JSON node of `value`."""
        match value:
            case None | bool() | int() | str():
                return value
            case float():
                return _finite(value)
            case list() | tuple():
                kind = "list" if isinstance(value, list) else "tuple"
                return {"kind": kind, "items": [self.write(item) for item in value]}
            case dict():
                return {"kind": "dict", "items": [[key, self.write(item)] for key, item in value.items()]}
            case TorchModel():
                return {"kind": "torch_model", "modules": [self._module(m) for m in value.modules]}
            case KerasModel():
                return {"kind": "keras_model", "layers": [self._layer(layer) for layer in value.layers]}
            case _:
                return self._leaf(value)

    def _leaf(self, value: Plain) -> dict[str, Any]:
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
            case Blob():
                return {"kind": "blob", "ref": self._keep(np.frombuffer(value.content, np.uint8))}
            case Name():
                return {"kind": "name", "text": value.text}
            case ZooModel():
                return {"kind": "zoo", "name": value.name, "seed": value.seed}
            case Unreadable():
                return {"kind": "unreadable", "type": value.type_name, "reason": value.reason}
        raise EvidenceError(f"{type(value).__name__} is not plain data; encode it first.")

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
        if array.dtype.name not in ARRAY_DTYPES:
            raise EvidenceError(f"an array of dtype {array.dtype.name} cannot cross; convert it first.")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise EvidenceError("an array holds NaN or infinity; only finite numbers can cross.")
        reference = f"a{len(self.arrays)}"
        self.arrays[reference] = np.ascontiguousarray(array).reshape(array.shape)
        return reference


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise EvidenceError(f"{number} is not finite; only finite numbers can cross.")
    return float(number)


class TreeReader:
    """Turn JSON nodes from an untrusted source back into plain values.

    Raises:
        EvidenceError: any node that the grammar of `TreeWriter` does not produce.

    >>> TreeReader({}).read({'kind': 'tuple', 'items': [1, 'a']})
    (1, 'a')
    """

    def __init__(self, arrays: dict[str, np.ndarray], limits: Limits | None = None) -> None:
        self._arrays = arrays
        self._limits = limits or Limits()
        self._nodes = 0

    def read(self, node: object, depth: int = 0) -> Plain:
        """Return the plain value of `node`."""
        self._count(depth)
        match node:
            case None | bool():
                return node
            case int():
                if abs(node) >= 2**63:
                    raise EvidenceError("a whole number does not fit 64 bits.")
                return node
            case float():
                return _finite(node)
            case str():
                return self._text(node)
            case {"kind": "list", "items": list(items)}:
                return [self.read(item, depth + 1) for item in items]
            case {"kind": "tuple", "items": list(items)}:
                return tuple(self.read(item, depth + 1) for item in items)
            case {"kind": "dict", "items": list(items)}:
                return self._mapping(items, depth)
            case {"kind": "torch_model", "modules": list(modules)}:
                return TorchModel(tuple(self._module(m, depth + 1) for m in modules))
            case {"kind": "keras_model", "layers": list(layers)}:
                return KerasModel(tuple(self._layer(layer, depth + 1) for layer in layers))
            case dict():
                return self._leaf(node)
        raise EvidenceError(f"a node of type {type(node).__name__} is not in the grammar of evidence.")

    def _leaf(self, node: dict[Any, Any]) -> Plain:
        match node:
            case {"kind": "array", "dtype": str(dtype), "library": str(library), "ref": ref}:
                return Array(self._array(ref), self._text(dtype), library, node.get("contiguous") is True)
            case {"kind": "quantized", "dtype": str(dtype), "owner": str(owner)}:
                return self._quantized(node, self._text(dtype), self._text(owner))
            case {"kind": "sparse", "layout": str(layout), "shape": list(shape), "parts": dict(parts)}:
                arrays = {self._text(name): self._array(ref) for name, ref in parts.items()}
                return SparseArray(layout, tuple(_whole(size) for size in shape), arrays)
            case {"kind": "blob", "ref": ref}:
                return Blob(self._array(ref).astype(np.uint8).tobytes())
            case {"kind": "name", "text": str(text)}:
                return Name(self._text(text))
            case {"kind": "zoo", "name": str(name), "seed": None | int()}:
                return ZooModel(self._text(name), node["seed"])
            case {"kind": "unreadable", "type": str(type_name), "reason": str(reason)}:
                return Unreadable(self._text(type_name), self._text(reason))
        raise EvidenceError(f"a node of kind {str(node.get('kind'))[:40]!r} is malformed.")

    def _quantized(self, node: dict[Any, Any], dtype: str, owner: str) -> QuantizedArray:
        codes, scales, zeros = (self._array(node.get(key)) for key in ("codes", "scales", "zero_points"))
        try:
            fits = np.broadcast_shapes(codes.shape, scales.shape, zeros.shape) == codes.shape
        except ValueError:
            fits = False
        if not fits:
            raise EvidenceError("the scales and zero points of a quantized array do not fit its codes.")
        return QuantizedArray(codes, scales, zeros, dtype, owner)

    def _module(self, node: object, depth: int) -> TorchModule:
        match node:
            case {
                "name": str(name),
                "class": str(class_name),
                "training": bool(training),
                "hooks": list(hooks),
                "settings": settings,
                "tensors": tensors,
            }:
                named = self._named(tensors, depth, (Array, QuantizedArray, SparseArray, Unreadable))
                return TorchModule(
                    self._text(name),
                    self._text(class_name),
                    training,
                    tuple(self._text(hook) for hook in hooks),
                    self._named(settings, depth, object),
                    named,
                )
        raise EvidenceError("a module of a torch model is malformed.")

    def _layer(self, node: object, depth: int) -> KerasLayer:
        match node:
            case {
                "name": str(name),
                "class": str(class_name),
                "wraps": str(wraps),
                "settings": settings,
                "weights": weights,
            }:
                named = self._named(weights, depth, (Array, Unreadable))
                name, class_name, wraps = (self._text(text) for text in (name, class_name, wraps))
                return KerasLayer(name, class_name, wraps, self._named(settings, depth, object), named)
        raise EvidenceError("a layer of a Keras model is malformed.")

    def _named(self, node: object, depth: int, kinds: Any) -> dict[str, Any]:  # noqa: ANN401  isinstance's second argument
        value = self.read(node, depth + 1)
        if not isinstance(value, dict) or not all(isinstance(item, kinds) for item in value.values()):
            raise EvidenceError("a table of names holds something that is not allowed there.")
        return value

    def _mapping(self, items: list[Any], depth: int) -> dict[str, Plain]:
        table: dict[str, Plain] = {}
        for pair in items:
            match pair:
                case [str(key), node] if key not in table:
                    table[self._text(key)] = self.read(node, depth + 1)
                case _:
                    raise EvidenceError("a dict must be a list of [name, node] pairs with distinct names.")
        return table

    def _array(self, reference: object) -> np.ndarray:
        array = self._arrays.get(reference) if isinstance(reference, str) else None
        if array is None:
            raise EvidenceError(f"array {str(reference)[:20]!r} is missing from the safetensors file.")
        return array

    def _text(self, text: object) -> str:
        if not isinstance(text, str) or len(text) > self._limits.text:
            raise EvidenceError(f"a text is not a string of at most {self._limits.text} characters.")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise EvidenceError("a text is not valid Unicode.") from error
        return text

    def _count(self, depth: int) -> None:
        self._nodes += 1
        if self._nodes > self._limits.nodes or depth > self._limits.depth:
            raise EvidenceError(
                f"the evidence is too large: at most {self._limits.nodes} nodes, {self._limits.depth} deep."
            )


def _whole(size: object) -> int:
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < 2**40:
        raise EvidenceError(f"a shape holds {str(size)[:20]}; expected whole numbers.")
    return size
