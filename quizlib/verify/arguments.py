"""An argument of a case as the Python that makes it, however long that is: to be put into code, not to be read."""

from __future__ import annotations

from typing import assert_never

from quizlib.errors import SpecError
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
)

MAKERS = {"numpy": ("np", "array"), "torch": ("torch", "tensor"), "tensorflow": ("tf", "constant")}
"""The name by which each library goes, and its function that makes an array of numbers."""


def python_of(value: Plain) -> str:
    """Return the expression that makes a value anew, with `np`, `torch`, `tf` and `zoo` for the modules it needs.

    Raises:
        SpecError: no expression makes it, as none makes a model that is no model of the zoo.

    >>> import numpy as np
    >>> python_of([1, {"scale": Array(np.array([0.5], np.float32), "float32")}])
    "[1, {'scale': np.array([0.5], dtype=np.float32)}]"
    >>> python_of((Name("torch.qint8"), ZooModel("digits_mlp", seed=3)))
    "(torch.qint8, zoo.randomized('digits_mlp', 3))"
    """
    match value:
        case list():
            return f"[{', '.join(map(python_of, value))}]"
        case tuple():
            return f"({', '.join(map(python_of, value))}{',' * (len(value) == 1)})"
        case dict():
            return f"{{{', '.join(f'{key!r}: {python_of(part)}' for key, part in value.items())}}}"
        case Array():
            return _array(value)
        case Blob(content=content):
            return repr(content)
        case Name(text=text):
            library, _, name = text.partition(".")
            return f"{MAKERS[library][0]}.{name}"
        case ZooModel(name=name, seed=None):
            return f"zoo.build({name!r})"
        case ZooModel(name=name, seed=seed):
            return f"zoo.randomized({name!r}, {seed})"
        case None | bool() | int() | float() | str():
            return repr(value)
        case QuantizedArray() | SparseArray() | TorchModel() | KerasModel() | Unreadable():
            raise SpecError(f"a case has a {type(value).__name__} as its argument, which no expression makes.")
        case _:
            assert_never(value)


def _array(value: Array) -> str:
    module, maker = MAKERS[value.library]
    made = (
        f"{module}.{maker}({value.values.tolist()}, dtype={module}.{'bool_' if _is_numpy_bool(value) else value.dtype})"
    )
    if value.values.size == 0 and value.values.ndim > 1:
        made += f".reshape({value.values.shape})" if module != "tf" else ""
    if value.is_contiguous:
        return made
    # Every second number of twice as many: the same numbers, in strides that are not contiguous.
    return f"{module}.stack([{made}, {made}], -1)[..., 0]"


def _is_numpy_bool(value: Array) -> bool:
    return value.library == "numpy" and value.dtype == "bool"
