"""How many multiply-accumulates a torch module takes on an example; torch is imported on first use."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizlib.measures.module_sizes import require_module

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class ModuleMacs:
    """Multiply-accumulates of one forward pass.

    Attributes:
        layers: From the name of a linear or convolution layer to its MACs, in the order of first use; "" is the
            module itself. A layer used twice has the sum.
        uncounted: Names of layers with parameters of their own whose work is not in `layers`.
    """

    layers: dict[str, int]
    uncounted: tuple[str, ...]

    @property
    def total(self) -> int:
        """MACs of all counted layers."""
        return sum(self.layers.values())


def module_macs(module: "torch.nn.Module", example: "torch.Tensor | tuple[torch.Tensor, ...]") -> ModuleMacs:
    """Count the multiply-accumulates of the linear and convolution layers in one forward pass.

    Counted, dense whatever the zeros, for the whole batch of `example`: Linear, Conv1d, Conv2d and Conv3d, their
    quantized twins of `torch.ao.nn.quantized` and subclasses of these; a layer by out_elements * in_features, or
    out_elements * (in_channels / groups) * kernel elements. Not counted: biases, activations, normalization, pooling,
    embeddings, transposed convolutions, recurrent and attention layers, and products written as functions (`x @ w`);
    layers among these that have parameters are named in `uncounted`.

    The pass runs in evaluation mode without gradients; training flags are restored and no hook is left.

    Args:
        module: A torch module.
        example: Its input, or a tuple of its positional arguments.

    Raises:
        ArgumentError: `module` is not a torch module.

    >>> import torch
    >>> model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.Flatten(), torch.nn.Linear(16, 10))
    >>> macs = module_macs(model, torch.zeros(1, 1, 4, 4))
    >>> macs.layers, macs.total
    ({'0': 144, '2': 160}, 304)
    """
    import torch

    layers: dict[str, int] = {}
    names = {layer: name for name, layer in require_module(module).named_modules()}

    def count(layer: "torch.nn.Module", _: object, output: "torch.Tensor") -> None:
        layers[names[layer]] = layers.get(names[layer], 0) + output.numel() * _macs_per_output(layer)

    counted = [layer for layer in names if _is_counted(layer)]
    with _hooked(counted, count), _evaluating(module), torch.no_grad():
        module(*example) if isinstance(example, tuple) else module(example)
    owners = (name for layer, name in names.items() if next(layer.parameters(recurse=False), None) is not None)
    return ModuleMacs(layers, tuple(name for name in owners if name not in layers))


def _is_counted(layer: "torch.nn.Module") -> bool:
    from torch import nn

    dense = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
    names = {kind.__name__ for kind in dense}
    # By name, so that a torch that has no quantized twins any more needs nothing here.
    twins = (base for base in type(layer).__mro__ if base.__module__.startswith("torch.ao.nn."))
    return isinstance(layer, dense) or any(base.__name__ in names for base in twins)


def _macs_per_output(layer: "torch.nn.Module") -> int:
    if hasattr(layer, "in_features"):
        return int(layer.in_features)  # type: ignore[arg-type]  # torch types module attributes as Tensor | Module
    channels: int = layer.in_channels // layer.groups  # type: ignore[operator,assignment]  # likewise
    return channels * math.prod(layer.kernel_size)  # type: ignore[arg-type]  # likewise


@contextmanager
def _hooked(
    layers: "list[torch.nn.Module]", hook: "Callable[[torch.nn.Module, object, torch.Tensor], None]"
) -> Iterator[None]:
    handles = [layer.register_forward_hook(hook) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def _evaluating(module: "torch.nn.Module") -> Iterator[None]:
    flags = {layer: layer.training for layer in module.modules()}
    try:
        module.eval()
        yield
    finally:
        # Set one by one, as part of a model may have been frozen in evaluation mode.
        for layer, training in flags.items():
            layer.training = training
