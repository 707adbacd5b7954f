"""Torch tensors and modules as plain data, quantized and sparse ones by their parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from quizlib.evidence import python_objects
from quizlib.evidence.arrays import WIDENED, flaw_of, quantized_flaw_of, sparse_flaw_of
from quizlib.evidence.python_objects import array, class_name
from quizlib.evidence.values import (
    Array,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    Stored,
    TorchModel,
    TorchModule,
    Unreadable,
)

SETTINGS = (
    "in_features",
    "out_features",
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "num_features",
    "eps",
    "scale",
    "zero_point",
)
"""The attributes of a module that say what it computes."""

HOOKS = ("_forward_pre_hooks", "_forward_hooks", "_backward_hooks", "_state_dict_pre_hooks")

Read = Stored | Unreadable
"""What a tensor becomes."""


def is_known(value: object) -> bool:
    """Say whether `value` is a tensor, a module, a dtype or a scheme of torch."""
    return isinstance(value, torch.Tensor | torch.nn.Module | torch.dtype | torch.qscheme)


def read(value: Any) -> Plain:  # noqa: ANN401  what `is_known` knows
    """Return what `is_known` knows as plain data."""
    if isinstance(value, torch.Tensor):
        return tensor(value)
    return model(value) if isinstance(value, torch.nn.Module) else Name(str(value))


def gradients(value: object) -> list[bool]:
    """Return whether a tensor asks for a gradient, and whether it has one; nothing of anything else.

    >>> gradients(torch.ones(2, requires_grad=True)), gradients(2.0)
    ([True, False], [])
    """
    return [value.requires_grad, value.grad is not None] if isinstance(value, torch.Tensor) else []


def tensor(value: torch.Tensor) -> Read:
    """Return a tensor as plain data: dense, quantized (torch's own or torchao's) or sparse."""
    value = value.detach()
    if hasattr(value, "qdata"):
        return _torchao(value)
    if value.is_quantized:
        return _quantized(value)
    if value.layout is not torch.strided:
        return _sparse(value)
    return _dense(value)


def _dense(value: torch.Tensor) -> Array | Unreadable:
    dtype = str(value.dtype).removeprefix("torch.")
    if value.is_complex() or value.is_meta:
        return Unreadable("torch.Tensor", "is on the meta device" if value.is_meta else f"has dtype {dtype}")
    is_contiguous = value.is_contiguous()
    # NumPy has none of the floating types of 8 bits, nor bfloat16; float32 holds each of their numbers.
    widened = value.float() if dtype in WIDENED else value
    return array(widened.resolve_neg().cpu().numpy(), dtype, "torch", is_contiguous)


def _quantized(value: torch.Tensor) -> QuantizedArray | Unreadable:
    codes = value.int_repr().numpy()
    if value.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric):
        shape = [1] * codes.ndim
        shape[value.q_per_channel_axis()] = -1
        scales = value.q_per_channel_scales().numpy().astype(np.float64).reshape(shape)
        zero_points = value.q_per_channel_zero_points().numpy().reshape(shape)
    elif value.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
        scales = np.full([1] * codes.ndim, value.q_scale(), np.float64)
        zero_points = np.full([1] * codes.ndim, value.q_zero_point(), np.int64)
    else:
        return Unreadable("torch.Tensor", f"is quantized by {value.qscheme()}, which is not an integer grid")
    dtype = str(value.dtype).removeprefix("torch.")
    return _checked(QuantizedArray(codes, scales, zero_points, dtype, "torch.Tensor"))


def _torchao(value: Any) -> QuantizedArray | Unreadable:  # noqa: ANN401  torchao publishes no types
    """Read a tensor of torchao: codes in `qdata`, one scale and zero point a block."""
    owner, codes, scales = class_name(value), value.qdata, getattr(value, "scale", None)
    if not isinstance(scales, torch.Tensor) or codes.shape != value.shape:
        return Unreadable(owner, "packs its codes in a layout that is not read here")
    zeros = getattr(value, "zero_point", None)
    zeros = torch.zeros_like(scales, dtype=torch.int8) if zeros is None else zeros
    dtype = str(getattr(value, "target_dtype", codes.dtype)).removeprefix("torch.")
    scales = scales.float() if scales.dtype == torch.bfloat16 else scales
    grid = [part.cpu().numpy() for part in (codes, _aligned(scales, codes), _aligned(zeros, codes))]
    return _checked(QuantizedArray(grid[0], grid[1], grid[2], dtype, owner))


def _aligned(grid: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """Give `grid` as many axes as `codes`; (4,) for (4, 64) becomes (4, 1)."""
    return grid.reshape(grid.shape + (1,) * (codes.ndim - grid.ndim))


def _checked(value: QuantizedArray) -> QuantizedArray | Unreadable:
    parts = (value.codes, value.scales, value.zero_points)
    flaw = next(filter(None, map(flaw_of, parts)), None) or quantized_flaw_of(*parts)
    return value if flaw is None else Unreadable(value.owner, flaw)


def _sparse(value: torch.Tensor) -> SparseArray | Unreadable:
    if value.layout is torch.sparse_csr:
        named = {"crow_indices": value.crow_indices(), "col_indices": value.col_indices(), "values": value.values()}
    elif value.layout is torch.sparse_coo:
        value = value.coalesce()
        named = {"indices": value.indices(), "values": value.values()}
    else:
        return Unreadable("torch.Tensor", f"has layout {value.layout}, which is not read here")
    layout, shape = str(value.layout).removeprefix("torch.sparse_"), tuple(value.shape)
    parts = {name: _dense(part) for name, part in named.items()}
    unreadable = next((part for part in parts.values() if isinstance(part, Unreadable)), None)
    if unreadable is not None:
        return unreadable
    arrays = {name: part.values for name, part in parts.items() if isinstance(part, Array)}
    flaw = sparse_flaw_of(layout, shape, arrays)
    return SparseArray(layout, shape, arrays) if flaw is None else Unreadable("torch.Tensor", flaw)


def model(value: torch.nn.Module) -> TorchModel:
    """Return every module of `value` with its own tensors, settings and hooks."""
    return TorchModel(tuple(_module(name, module) for name, module in value.named_modules()))


def _module(name: str, module: torch.nn.Module) -> TorchModule:
    tensors = {key: tensor(own) for key, own in module.named_parameters(recurse=False)}
    tensors |= {key: tensor(own) for key, own in module.named_buffers(recurse=False)}
    tensors |= _packed(module)
    tensors |= _packed_by_gate(module)
    computed = _computed(module, tensors)
    tensors |= computed
    settings = _settings(module) | _kinds(module, computed)
    hooks = tuple(class_name(hook) for table in HOOKS for hook in getattr(module, table, {}).values())
    return TorchModule(name, class_name(module), bool(module.training), hooks, settings, tensors)


def _settings(module: torch.nn.Module) -> dict[str, Plain]:
    held = {key: getattr(module, key, None) for key in SETTINGS}
    return {key: python_objects.read(value) for key, value in held.items() if _is_setting(value)}


def _kinds(module: torch.nn.Module, computed: dict[str, Read]) -> dict[str, Plain]:
    """Say which tensors are buffers, not held by a state dict, or not trained; nothing where there are none."""
    buffers = [key for key, _ in module.named_buffers(recurse=False)]
    passing = getattr(module, "_non_persistent_buffers_set", ())
    unsaved = [*computed, *(key for key in buffers if key in passing)]
    frozen = [key for key, own in module.named_parameters(recurse=False) if not own.requires_grad]
    named = {"buffers": buffers, "unsaved": unsaved, "frozen": frozen}
    return {key: list(names) for key, names in named.items() if names}


def _packed(module: torch.nn.Module) -> dict[str, Read]:
    """Read weight and bias of a module that torch.ao.quantization converted; there they are methods that unpack."""
    if not hasattr(module, "_packed_params"):
        return {}
    unpacked = {key: getattr(module, key, None) for key in ("weight", "bias")}
    unpacked = {key: value() if callable(value) else value for key, value in unpacked.items()}
    return {key: tensor(value) for key, value in unpacked.items() if isinstance(value, torch.Tensor)}


def _packed_by_gate(module: torch.nn.Module) -> dict[str, Read]:
    """Read weights and biases of an LSTM or GRU converted to dynamic quantization, by their float names."""
    if not hasattr(module, "_all_weight_values"):
        return {}
    values: dict[str, torch.Tensor] = {}
    for getter in ("get_weight", "get_bias"):
        values |= getattr(module, getter)()
    return {key: tensor(value) for key, value in values.items() if isinstance(value, torch.Tensor)}


def _computed(module: torch.nn.Module, known: dict[str, Read]) -> dict[str, Read]:
    """Read tensors set as plain attributes, such as the weight that a pruning hook recomputes."""
    return {key: tensor(own) for key, own in vars(module).items() if isinstance(own, torch.Tensor) and key not in known}


def _is_setting(value: object) -> bool:
    plain = isinstance(value, bool | int | float | str)
    return plain or (isinstance(value, tuple) and all(isinstance(item, int) for item in value))
