"""A plain value in words: its kind, and itself as a learner would write it."""

from __future__ import annotations

from typing import assert_never

from quizlib.evidence.python_objects import written_key
from quizlib.evidence.values import (
    Array,
    Blob,
    KerasModel,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    TorchModel,
    Unreadable,
    ZooModel,
    walk,
    with_article,
)
from quizlib.judging.array_source import LONGEST, Style, array_source, array_text

ORDINALS = dict(enumerate(("first", "second", "third", "fourth", "fifth")))

ALIASES = {"numpy": "np", "tensorflow": "tf"}
"""The names under which a notebook knows a library."""


def kind_of(value: Plain) -> str:
    """Name the kind of a plain value as a learner would.

    >>> kind_of(Name("torch.int8")), kind_of([1])
    ('the name torch.int8', 'a list')
    """
    match value:
        case Array():
            return {"torch": "a torch tensor", "tensorflow": "a TensorFlow tensor"}.get(value.library, "a NumPy array")
        case QuantizedArray():
            return "a quantized tensor"
        case SparseArray():
            return f"a sparse {value.layout} tensor"
        case TorchModel():
            return "a torch model"
        case KerasModel():
            return "a Keras model"
        case Blob():
            return "bytes"
        case Name():
            return f"the name {value.text}"
        case ZooModel():
            return f"the model {value.name}"
        case None:
            return "None"
        case Unreadable():
            return with_article(value.type_name)
        case list() | tuple() | dict():
            return with_article(type(value).__name__)
        case bool() | int() | float() | str():
            return {"bool": "True or False", "int": "a whole number", "float": "a number", "str": "text"}[
                type(value).__name__
            ]
        case _:
            assert_never(value)


def form_of(value: Plain) -> str:
    """Name the form of a result, coarse enough that a right result in another library or dtype has it too.

    >>> form_of(3), form_of((1, 2)), form_of({"a": 1})
    ('number', 'sequence', 'dict')
    """
    match value:
        case bool() | int() | float():
            return "number"
        case Array():
            return "array" if value.values.ndim else "number"
        case QuantizedArray() | SparseArray():
            return "array"
        case list() | tuple():
            return "sequence"
        case str() | dict() | TorchModel() | KerasModel() | Blob() | Name() | ZooModel() | Unreadable() | None:
            return type(value).__name__
        case _:
            assert_never(value)


NAMES: dict[type, str] = {
    Array: "array",
    QuantizedArray: "quantized tensor",
    SparseArray: "sparse tensor",
    TorchModel: "torch model",
    KerasModel: "Keras model",
    Blob: "bytes",
    Name: "name",
    ZooModel: "zoo model",
    Unreadable: "unreadable value",
    type(None): "None",
}
"""What the kinds of plain value are called that Python has no name for."""


def name_of(kind: type) -> str:
    """Return what a kind of plain value is called, where it is not known what value.

    >>> name_of(TorchModel), name_of(dict)
    ('torch model', 'dict')
    """
    return NAMES.get(kind, kind.__name__)


def describe(value: Plain, limit: int = 320, style: Style = "short") -> str:
    """Return a plain value as short text, as Python where that is possible.

    >>> describe((8,)), describe([0.12345678, "a"])
    ('(8,)', "[0.123457, 'a']")
    """
    text = _describe(value, style)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def can_be_typed(value: Plain) -> bool:
    """Say whether `describe(value, style="typed")` is Python that makes the value, and short enough to be copied.

    >>> can_be_typed((8, "a")), can_be_typed(list(range(999)))
    (True, False)
    """
    return all(map(_is_written, walk(value))) and len(_describe(value, "typed")) <= LONGEST


def _is_written(part: Plain) -> bool:
    match part:
        case Array():
            return array_source(part) is not None
        case bool() | int() | float() | str() | list() | tuple() | dict() | Name() | ZooModel() | None:
            return True
        case QuantizedArray() | SparseArray() | TorchModel() | KerasModel() | Blob() | Unreadable():
            return False
        case _:
            assert_never(part)


def _describe(value: Plain, style: Style) -> str:
    match value:
        case Array():
            return array_text(value, style)
        case QuantizedArray():
            return f"codes {_describe(Array(value.codes, value.codes.dtype.name, 'torch'), style)} ({value.dtype})"
        case list() | tuple():
            return _listed(value, style)
        case dict():
            return "{" + ", ".join(f"{written_key(key)}: {_describe(item, style)}" for key, item in value.items()) + "}"
        case Unreadable():
            return value.told
        case Name():
            library, dot, name = value.text.partition(".")
            return ALIASES.get(library, library) + dot + name
        case ZooModel():
            # The call that builds the same one, so that a learner can try the case.
            seed = "" if value.seed is None else f", {value.seed}"
            return f"zoo.{'build' if value.seed is None else 'randomized'}({value.name!r}{seed})"
        case float():
            return repr(value) if style != "short" else f"{value:.6g}"
        case bool() | int() | str() | None:
            return repr(value)
        case Blob():
            return f"<{len(value.content):,} bytes>"
        case SparseArray() | TorchModel() | KerasModel():
            return kind_of(value)
        case _:
            assert_never(value)


def _listed(value: list[Plain] | tuple[Plain, ...], style: Style) -> str:
    inner = ", ".join(_describe(item, style) for item in value)
    if isinstance(value, list):
        return f"[{inner}]"
    return f"({inner},)" if len(value) == 1 else f"({inner})"
