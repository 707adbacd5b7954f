"""Plain values out of a JSON tree and named arrays, trusting neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from quizlib.errors import EvidenceError
from quizlib.evidence.arrays import flaw_of, is_name_of, quantized_flaw_of, sparse_flaw_of
from quizlib.evidence.tree_writer import finite
from quizlib.evidence.values import (
    LIBRARIES,
    Array,
    Blob,
    KerasLayer,
    KerasModel,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    TorchModel,
    TorchModule,
    Unreadable,
    ZooModel,
)


@dataclass(frozen=True)
class Limits:
    """Caps on what crosses the boundary: bytes of the two files, nodes and depth of the tree."""

    json_bytes: int = 4_000_000
    array_bytes: int = 64_000_000
    nodes: int = 50_000
    depth: int = 24
    text: int = 20_000


class TreeReader:
    """Turn JSON nodes from an untrusted source back into plain values, within the limits.

    Raises:
        EvidenceError: a node that is none of those `TreeWriter` makes, or one of them with a flaw.

    >>> TreeReader({}).read({'kind': 'tuple', 'items': [1, 'a']})
    (1, 'a')
    """

    def __init__(self, arrays: dict[str, np.ndarray], limits: Limits | None = None) -> None:
        self._arrays = dict(arrays)
        self._limits = limits or Limits()
        self._nodes = self._taken = 0

    def read(self, node: object, depth: int = 0) -> Plain:
        """Return the plain value of `node`.

        Raises:
            EvidenceError: `node` is malformed, too large, or names an array that is not there.
        """
        self._count(depth)
        match node:
            case None | bool():
                return node
            case int():
                if abs(node) >= 2**63:
                    raise EvidenceError("a whole number does not fit 64 bits.")
                return node
            case float():
                return finite(node)
            case str():
                return self.text(node)
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
            case {"kind": "array", "dtype": str(dtype), "library": str(library), "contiguous": bool(contiguous)}:
                return self._dense(self._array(node), dtype, library, contiguous)
            case {"kind": "quantized", "dtype": str(dtype), "owner": str(owner)}:
                return self._quantized(node, self.text(dtype), self.text(owner))
            case {"kind": "sparse", "layout": str(layout), "shape": list(shape), "parts": dict(parts)}:
                return self._sparse(layout, tuple(_whole(size) for size in shape), parts)
            case {"kind": "blob"}:
                return self._blob(self._array(node))
            case {"kind": "name", "text": str(text)}:
                return Name(self.text(text))
            case {"kind": "zoo", "name": str(name), "seed": None | int() as seed} if _is_seed(seed):
                return ZooModel(self.text(name), seed)
            case {"kind": "unreadable", "type": str(type_name), "reason": str(reason)}:
                return Unreadable(self.text(type_name), self.text(reason))
        raise EvidenceError(f"a node of kind {ascii(node.get('kind'))[:40]} is malformed.")

    def _dense(self, values: np.ndarray, dtype: str, library: str, is_contiguous: bool) -> Array:
        if library not in LIBRARIES or not is_name_of(dtype, values):
            raise EvidenceError(f"an array of {values.dtype.name} says it is {library[:20]} {dtype[:20]}.")
        return Array(values, dtype, library, is_contiguous)

    def _quantized(self, node: dict[Any, Any], dtype: str, owner: str) -> QuantizedArray:
        codes, scales, zeros = (self._array(node, key) for key in ("codes", "scales", "zero_points"))
        flaw = quantized_flaw_of(codes, scales, zeros)
        if flaw is not None:
            raise EvidenceError(f"a quantized array {flaw}.")
        return QuantizedArray(codes, scales, zeros, dtype, owner)

    def _sparse(self, layout: str, shape: tuple[int, ...], parts: dict[Any, Any]) -> SparseArray:
        arrays = {name: self._array(parts, name) for name in parts}
        flaw = sparse_flaw_of(layout, shape, arrays)
        if flaw is not None:
            raise EvidenceError(f"a sparse array {flaw}.")
        return SparseArray(layout, shape, arrays)

    def _blob(self, values: np.ndarray) -> Blob:
        if values.dtype != np.uint8 or values.ndim != 1:
            raise EvidenceError("bytes must come as one row of uint8.")
        return Blob(values.tobytes())

    def _module(self, node: object, depth: int) -> TorchModule:
        self._count(depth)
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
                    self.text(name),
                    self.text(class_name),
                    training,
                    tuple(self.text(hook) for hook in hooks),
                    self._named(settings, depth, object),
                    named,
                )
        raise EvidenceError("a module of a torch model is malformed.")

    def _layer(self, node: object, depth: int) -> KerasLayer:
        self._count(depth)
        match node:
            case {
                "name": str(name),
                "class": str(class_name),
                "wraps": str(wraps),
                "settings": settings,
                "weights": weights,
            }:
                named = self._named(weights, depth, (Array, Unreadable))
                name, class_name, wraps = (self.text(text) for text in (name, class_name, wraps))
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
                    table[self.text(key)] = self.read(node, depth + 1)
                case _:
                    raise EvidenceError("a dict must be a list of [name, node] pairs with distinct names.")
        return table

    def _array(self, node: dict[Any, Any], key: str = "ref") -> np.ndarray:
        """Return an array of its own; each time counts, as a few bytes of JSON could stand for many megabytes."""
        reference = node.get(key)
        array = self._arrays.get(reference) if isinstance(reference, str) else None
        if array is None:
            raise EvidenceError(f"array {str(reference)[:20]!r} is missing from the safetensors file.")
        self._taken += array.nbytes
        if self._taken > self._limits.array_bytes:
            raise EvidenceError(f"its arrays are too large: at most {self._limits.array_bytes:,} bytes together.")
        flaw = flaw_of(array)
        if flaw is not None:
            raise EvidenceError(f"array {reference} {flaw}.")
        return array.copy()

    def text(self, text: object) -> str:
        """Return a text that is not too long and can be written as UTF-8, which a lone surrogate cannot.

        Raises:
            EvidenceError: it is too long, or cannot.
        """
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


def _is_seed(seed: int | None) -> bool:
    return seed is None or (not isinstance(seed, bool) and 0 <= seed < 2**63)


def _whole(size: object) -> int:
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < 2**40:
        raise EvidenceError(f"a shape holds {str(size)[:20]}; expected whole numbers.")
    return size
