"""The one door to eager-mode quantization, `torch.ao.quantization`, which torch has announced it will remove.

`eager.NAME` is `torch.ao.quantization.NAME`, or `FloatFunctional` of `torch.ao.nn.quantized`. Nothing else in the
course imports either package. Where torch has them no longer, two things stay, since other lessons stand on them:
`quantize_dynamic` converts by torchao, and the observers come from torchao's copy of them. Any other name raises an
error that says which torch has it, when it is used and not before, so that a lesson loses only the cells that need it.
"""

from __future__ import annotations

import copy
import functools
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from quizlib.errors import MissingLibraryError

if TYPE_CHECKING:
    import torch

LAST_KNOWN_TORCH = "2.13.0"
"""The version that the course is pinned to, in which eager mode is there."""

_LEGACY = "torch.ao.quantization"
_LEGACY_MODULES = "torch.ao.nn.quantized"
_OBSERVERS = "torchao.quantization.pt2e.observer"


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever torch has under that name
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    legacy = legacy_module(_LEGACY_MODULES if name == "FloatFunctional" else _LEGACY)
    if legacy is not None:
        return getattr(legacy, name)
    if name == "quantize_dynamic":
        return _quantize_dynamic_by_torchao
    if name.endswith("Observer"):
        return getattr(import_module(_OBSERVERS), name)
    raise MissingLibraryError(
        f"this torch has no {_LEGACY} any more, to which {name} belongs; to run this cell, install "
        f"torch=={LAST_KNOWN_TORCH}, or go on with torchao, which needs none of it."
    )


@functools.cache
def legacy_module(name: str) -> ModuleType | None:
    """Return a package of torch's eager mode, or None where torch has removed it.

    >>> legacy_module("torch.ao.no_such_package") is None
    True
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            return None
        raise  # the package is there; something that it needs is not


def _quantize_dynamic_by_torchao(
    model: torch.nn.Module,
    qconfig_spec: Any = None,  # noqa: ANN401  a set of types or names, as torch took it
    dtype: torch.dtype | None = None,
    *,
    inplace: bool = False,
) -> torch.nn.Module:
    """Convert the Linear layers of the given types or names by torchao: int8 weights, activations int8 at each call.

    What differs from torch's own: one scale a row in place of one a tensor, and LSTM and other layers stay float.
    """
    import torch
    from torchao.quantization import Int8DynamicActivationInt8WeightConfig, quantize_

    if dtype not in (None, torch.qint8):
        raise MissingLibraryError(f"dtype is {dtype}; without {_LEGACY} only torch.qint8 can be converted to.")
    wanted = set(qconfig_spec or {torch.nn.Linear})

    def is_wanted(module: torch.nn.Module, name: str) -> bool:
        return isinstance(module, torch.nn.Linear) and (type(module) in wanted or name in wanted)

    converted = model if inplace else copy.deepcopy(model)
    quantize_(converted, Int8DynamicActivationInt8WeightConfig(), filter_fn=is_wanted)
    return converted
