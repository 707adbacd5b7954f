"""The plain values that evidence is made of, and nothing else can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never, get_args, get_origin

import numpy as np

LIBRARIES = ("numpy", "torch", "tensorflow")
"""The libraries an array may come from."""


@dataclass(frozen=True, eq=False)
class Array:
    """A finite dense array.

    `values` holds the numbers in a dtype NumPy knows; `dtype` is the name the owner gave them
    (`"bfloat16"` is carried as float32); `library` is `"numpy"`, `"torch"` or `"tensorflow"`.
    """

    values: np.ndarray
    dtype: str
    library: str = "numpy"
    is_contiguous: bool = True


@dataclass(frozen=True, eq=False)
class QuantizedArray:
    """Integer codes with their grid: x_hat = (codes - zero_points) * scales.

    `scales` and `zero_points` have as many axes as `codes` and one entry a block: codes of shape (4, 64) have
    scales of shape (1, 1) per tensor, (4, 1) per channel, (4, 2) for groups of 32. `dtype` names the code,
    such as `"qint8"`; `owner` is the class that held them.
    """

    codes: np.ndarray
    scales: np.ndarray
    zero_points: np.ndarray
    dtype: str
    owner: str

    def dequantize(self) -> np.ndarray:
        """Return the real values that the codes stand for, float32, shape of `codes`.

        >>> scales, zero_points = np.array([0.5], dtype=np.float32), np.array([0])
        >>> QuantizedArray(np.array([2, -4], np.int8), scales, zero_points, "qint8", "Tensor").dequantize()
        array([ 1., -2.], dtype=float32)
        """
        zero_points = _spread(self.zero_points, self.codes.shape)
        shifted = self.codes.astype(np.float64) - zero_points.astype(np.float64)
        real: np.ndarray = shifted.astype(np.float32) * self.step_sizes()
        return real

    def step_sizes(self) -> np.ndarray:
        """Return the scale of each code, float32, shape of `codes`."""
        return _spread(self.scales, self.codes.shape).astype(np.float32)


def _spread(grid: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Repeat the number of each block over the block."""
    for axis, size in enumerate(shape):
        if grid.shape[axis] not in (0, size):
            grid = np.repeat(grid, size // grid.shape[axis], axis)
    return grid


@dataclass(frozen=True, eq=False)
class SparseArray:
    """A sparse tensor by its parts, such as crow_indices, col_indices and values for `layout` `"csr"`."""

    layout: str
    shape: tuple[int, ...]
    parts: dict[str, np.ndarray]

    def dense(self) -> np.ndarray:
        """Return the same numbers with all their zeros.

        >>> parts = {"crow_indices": np.array([0, 0, 1]), "col_indices": np.array([1]), "values": np.array([5.0])}
        >>> SparseArray("csr", (2, 2), parts).dense()
        array([[0., 0.],
               [0., 5.]])
        """
        dense = np.zeros(self.shape, self.parts["values"].dtype)
        if self.layout == "csr":
            ends = self.parts["crow_indices"].astype(np.int64)
            rows = np.repeat(np.arange(self.shape[0]), ends[1:] - ends[:-1])
            dense[rows, self.parts["col_indices"]] = self.parts["values"]
        else:
            dense[tuple(self.parts["indices"])] = self.parts["values"]
        return dense


Stored: TypeAlias = Array | QuantizedArray | SparseArray
"""What a model stores under one name."""


@dataclass(frozen=True, eq=False)
class TorchModule:
    """One module inside a `TorchModel`: what it is and what it owns itself."""

    name: str
    class_name: str
    is_training: bool
    hooks: tuple[str, ...]
    settings: dict[str, Plain]
    tensors: dict[str, Stored | Unreadable]


@dataclass(frozen=True, eq=False)
class TorchModel:
    """A torch.nn.Module as its modules in `named_modules()` order; the first is the model itself."""

    modules: tuple[TorchModule, ...]


@dataclass(frozen=True, eq=False)
class KerasLayer:
    """One layer of a `KerasModel`; `wraps` is the class inside a wrapper, else empty."""

    name: str
    class_name: str
    wraps: str
    settings: dict[str, Plain]
    weights: dict[str, Array | Unreadable]


@dataclass(frozen=True, eq=False)
class KerasModel:
    """A tf_keras model as its layers in order."""

    layers: tuple[KerasLayer, ...]


@dataclass(frozen=True, eq=False)
class Blob:
    """Bytes, such as a LiteRT flatbuffer."""

    content: bytes


@dataclass(frozen=True)
class Name:
    """A thing that is known by its name only: a dtype or a class, such as `"torch.qint8"`."""

    text: str


@dataclass(frozen=True)
class ZooModel:
    """A model to build: its name in `quizlib.zoo`, and the seed of its jitter, if any."""

    name: str
    seed: int | None = None


@dataclass(frozen=True)
class Unreadable:
    """Something that is not plain data: the type that was found and why it does not count."""

    type_name: str
    reason: str

    @property
    def told(self) -> str:
        """The type with its article, and the reason.

        >>> Unreadable("int", "has 5000 digits").told, Unreadable("None", "has no entry 0").told
        ('an int that has 5000 digits', 'None, which has no entry 0')
        """
        name = with_article(self.type_name)
        return f"{name}, which {self.reason}" if name == "None" else f"{name} that {self.reason}"


UNCOUNTED = ("None", "True or False", "bytes", "text")
"""Kinds of values that take no article."""


def with_article(name: str) -> str:
    """Return the name of a kind of value after "a" or "an", where it takes one and has none yet.

    >>> with_article("int"), with_article("uint8"), with_article("a list"), with_article("text")
    ('an int', 'a uint8', 'a list', 'text')
    """
    if name in UNCOUNTED or name.startswith(("a ", "an ", "the ")):
        return name
    return f"{'an' if name.lower().startswith(('a', 'e', 'i', 'o')) else 'a'} {name}"


Container: TypeAlias = list["Plain"] | tuple["Plain", ...] | dict[str, "Plain"]
Model: TypeAlias = TorchModel | KerasModel
Plain: TypeAlias = bool | int | float | str | Container | Stored | Model | Blob | Name | ZooModel | Unreadable | None
"""Everything that can cross from a kernel to the judge; whatever looks at its kind ends with `assert_never`."""

KINDS: tuple[type, ...] = tuple(get_origin(kind) or kind for kind in get_args(Plain))
"""The classes of plain values."""


@dataclass(frozen=True)
class Failure:
    """An exception that the response raised: its class, the classes it derives from, and its message."""

    type_name: str
    ancestors: tuple[str, ...]
    message: str


@dataclass(frozen=True, eq=False)
class CaseEvidence:
    """What a response did on one case: an output or a failure, and whether it changed its inputs.

    `changed` are the places of the inputs that it changed, keywords after positional ones; `restated` are those of
    them, models, that hold the numbers they held, and are in another mode, or trained no more, or otherwise another;
    `called` is what the model that it returned did when it was called in its turn, where the case asks for that.
    """

    case: str
    output: Plain
    failure: Failure | None = None
    inputs_changed: bool = False
    changed: tuple[int, ...] = ()
    called: CaseEvidence | None = None
    restated: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that the judge ever sees of a response.

    `response` is the response itself where it is data (an answer, a value, a model, bytes);
    `cases` are its outputs where it is called; `problem` is a sentence when nothing could be collected,
    and `unanswered` says that it is still the stub; `given_changed` are the variables of the setup that it used up,
    `given_restated` those of them that hold the numbers they held, in another mode, or trained no more.
    """

    item: str
    revision: int
    response: Plain = None
    cases: tuple[CaseEvidence, ...] = ()
    problem: str | None = None
    unanswered: bool = False
    given_changed: tuple[str, ...] = ()
    given_restated: tuple[str, ...] = ()


def walk(value: Plain) -> Iterator[Plain]:
    """Yield `value` and every plain value inside it, outermost first.

    >>> [v for v in walk([1, {"a": 2}]) if isinstance(v, int)]
    [1, 2]
    """
    yield value
    for inner in _children(value):
        yield from walk(inner)


def _children(value: Plain) -> list[Plain]:
    match value:
        case list() | tuple():
            return list(value)
        case dict():
            return list(value.values())
        case TorchModel():
            return [tensor for module in value.modules for tensor in module.tensors.values()]
        case KerasModel():
            return [weight for layer in value.layers for weight in layer.weights.values()]
        case bool() | int() | float() | str() | None:
            return []
        case Array() | QuantizedArray() | SparseArray() | Blob() | Name() | ZooModel() | Unreadable():
            return []
        case _:
            assert_never(value)
