"""Torch tensors and modules as plain data, quantized and sparse ones by their parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from quizlib.evidence.encode import array, class_name, encode
from quizlib.evidence.values import (
    Array,
    QuantizedArray,
    SparseArray,
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


def tensor(value: torch.Tensor) -> Array | QuantizedArray | SparseArray | Unreadable:
    """Return a tensor as plain data: dense, quantized (torch's own or torchao's) or sparse."""
    value = value.detach()
    if hasattr(value, "qdata"):
        return _torchao(value)
    if value.is_quantized:
        return _quantized(value)
    if value.layout is not torch.strided:
        return _sparse(value)
    dtype = str(value.dtype).removeprefix("torch.")
    is_contiguous = value.is_contiguous()
    value = value.resolve_neg().resolve_conj().cpu()
    if value.dtype in (torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2):
        value = value.to(torch.float32)
    if value.is_complex():
        return Unreadable("torch.Tensor", f"has dtype {dtype}, which holds no plain numbers")
    return array(value.numpy(), dtype, "torch", is_contiguous)


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
    return QuantizedArray(codes, scales, zero_points, str(value.dtype).removeprefix("torch."), "torch.Tensor")


def _torchao(value: Any) -> QuantizedArray | Unreadable:  # noqa: ANN401  torchao publishes no types
    codes, scales = value.qdata, getattr(value, "scale", None)
    if not isinstance(scales, torch.Tensor) or codes.dtype not in (torch.int8, torch.uint8):
        return Unreadable(class_name(value), f"keeps codes of dtype {codes.dtype} in a layout that is not read here")
    zeros = getattr(value, "zero_point", None)
    zeros = torch.zeros_like(scales, dtype=torch.int32) if zeros is None else zeros
    grid = [_spread(part.float().cpu().numpy(), tuple(codes.shape)) for part in (scales, zeros)]
    bits = getattr(value, "target_dtype", codes.dtype)
    name = str(bits).removeprefix("torch.")
    return QuantizedArray(codes.cpu().numpy(), grid[0], grid[1].astype(np.int64), name, class_name(value))


def _spread(grid: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Repeat one number a block until `grid` broadcasts against `shape`; (4, 2) for (4, 64) becomes (4, 64)."""
    grid = grid.reshape(grid.shape + (1,) * (len(shape) - grid.ndim))
    for axis, size in enumerate(shape):
        blocks: int = grid.shape[axis]
        if blocks not in (1, size) and size % blocks == 0:
            grid = np.repeat(grid, size // blocks, axis)
    return grid


def _sparse(value: torch.Tensor) -> SparseArray | Unreadable:
    shape = tuple(value.shape)
    if value.layout is torch.sparse_csr:
        parts = {
            "crow_indices": value.crow_indices(),
            "col_indices": value.col_indices(),
            "values": value.values(),
        }
        return SparseArray("csr", shape, {name: part.cpu().numpy() for name, part in parts.items()})
    if value.layout is torch.sparse_coo:
        value = value.coalesce()
        return SparseArray("coo", shape, {"indices": value.indices().numpy(), "values": value.values().numpy()})
    return Unreadable("torch.Tensor", f"has layout {value.layout}, which is not read here")


def model(value: torch.nn.Module) -> TorchModel:
    """Return every module of `value` with its own tensors, settings and hooks."""
    return TorchModel(tuple(_module(name, module) for name, module in value.named_modules()))


def _module(name: str, module: torch.nn.Module) -> TorchModule:
    tensors = {key: tensor(own) for key, own in module.named_parameters(recurse=False)}
    tensors |= {key: tensor(own) for key, own in module.named_buffers(recurse=False)}
    tensors |= _packed(module)
    tensors |= _computed(module, tensors)
    settings = {key: encode(getattr(module, key)) for key in SETTINGS if _is_setting(getattr(module, key, None))}
    hooks = tuple(class_name(hook) for table in HOOKS for hook in getattr(module, table, {}).values())
    return TorchModule(name, class_name(module), bool(module.training), hooks, settings, tensors)


def _packed(module: torch.nn.Module) -> dict[str, Array | QuantizedArray | SparseArray | Unreadable]:
    """Read weight and bias of a quantized module, where they are methods that unpack."""
    found: dict[str, Array | QuantizedArray | SparseArray | Unreadable] = {}
    for key in ("weight", "bias"):
        method = getattr(module, key, None)
        if callable(method) and not isinstance(method, torch.Tensor):
            unpacked = method()
            if isinstance(unpacked, torch.Tensor):
                found[key] = tensor(unpacked)
    return found


def _computed(
    module: torch.nn.Module, known: dict[str, Array | QuantizedArray | SparseArray | Unreadable]
) -> dict[str, Array | QuantizedArray | SparseArray | Unreadable]:
    """Read tensors set as plain attributes, such as the weight that a pruning hook recomputes."""
    return {key: tensor(own) for key, own in vars(module).items() if isinstance(own, torch.Tensor) and key not in known}


def _is_setting(value: object) -> bool:
    plain = isinstance(value, bool | int | float | str)
    return plain or (isinstance(value, tuple) and all(isinstance(item, int) for item in value))
