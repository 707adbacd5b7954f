"""How many bytes a torch module takes, in its tensors and in its file; torch is imported on first use."""

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from quizlib.errors import ArgumentError

if TYPE_CHECKING:
    import torch


def parameter_count(module: "torch.nn.Module") -> int:
    """Count the numbers that training may change; a parameter used in two places counts once.

    Args:
        module: A torch module. A layer converted by `torch.ao.quantization` has no parameters and counts 0; one
            quantized by torchao keeps its count.

    Raises:
        ArgumentError: `module` is not a torch module.

    >>> import torch
    >>> parameter_count(torch.nn.Linear(4, 3))
    15
    """
    return sum(parameter.numel() for parameter in require_module(module).parameters())


def state_dict_size_bytes(module: "torch.nn.Module") -> int:
    """Return the bytes of the tensors in the module's state_dict, buffers included, names and headers not.

    A tensor under two names counts once. A quantized tensor counts its codes, and per channel the scales and zero
    points that torch keeps with it (float64 and int64); a sparse tensor its values and indices; a tensor of torchao the
    plain tensors inside it, and not the shape that it pretends to have.

    Args:
        module: A torch module.

    Raises:
        ArgumentError: `module` is not a torch module.

    >>> import torch
    >>> state_dict_size_bytes(torch.nn.Linear(4, 3))
    60
    """
    distinct = {}
    for tensor in _tensors(require_module(module).state_dict().values()):
        # Meta tensors have no address; they stay alive here, so that their id is their own.
        distinct[(tensor.data_ptr() or id(tensor), tensor.dtype, tensor.shape)] = tensor
    return sum(tensor.numel() * tensor.element_size() for tensor in distinct.values())


def file_size_bytes(module: "torch.nn.Module") -> int:
    """Return the bytes of the file that `torch.save(module.state_dict(), ...)` writes; nothing is written to disk.

    More than `state_dict_size_bytes` by the archive's names, headers and alignment, and by the rest of a storage of
    which a tensor is only a view.

    Args:
        module: A torch module.

    Raises:
        ArgumentError: `module` is not a torch module.

    >>> import torch
    >>> layer = torch.nn.Linear(4, 3)
    >>> file_size_bytes(layer) > state_dict_size_bytes(layer)
    True
    """
    import torch

    buffer = io.BytesIO()
    torch.save(require_module(module).state_dict(), buffer)
    return buffer.getbuffer().nbytes


def require_module(module: "torch.nn.Module") -> "torch.nn.Module":
    """Return `module`, or raise ArgumentError when it is no torch module."""
    import torch

    if not isinstance(module, torch.nn.Module):
        raise ArgumentError(f"module is a {type(module).__name__}; pass a torch.nn.Module.")
    return module


def _tensors(values: Iterable[object]) -> Iterator["torch.Tensor"]:
    """Yield the plain tensors in nested containers, taking compound tensors apart."""
    import torch

    for value in values:
        if isinstance(value, torch.Tensor):
            yield from _plain_tensors(value)
        elif isinstance(value, Mapping):
            yield from _tensors(value.values())
        elif isinstance(value, (list, tuple)):
            yield from _tensors(value)


def _plain_tensors(tensor: "torch.Tensor") -> Iterator["torch.Tensor"]:
    import torch

    if hasattr(tensor, "__tensor_flatten__"):
        names, _ = tensor.__tensor_flatten__()
        yield from _tensors(getattr(tensor, name) for name in names)
    elif tensor.is_quantized:
        yield tensor
        if tensor.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric):
            yield from (tensor.q_per_channel_scales(), tensor.q_per_channel_zero_points())
    elif tensor.layout == torch.sparse_coo:
        yield from (tensor._indices(), tensor._values())
    elif tensor.layout == torch.sparse_csr:
        yield from (tensor.crow_indices(), tensor.col_indices(), tensor.values())
    else:
        yield tensor
