"""Facts about codes that a learner's own layer stores as buffers, and about a model against the expected one."""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.evidence.build import build
from quizlib.evidence.values import Array, Plain, TorchModel, ZooModel
from quizlib.judging.facts.arrays import find, numbers, original, original_names, real
from quizlib.judging.facts.quantized import quantized_weight
from quizlib.judging.facts.registry import FactContext, FactError, fact
from quizlib.judging.facts.torch_models import narrowed


@fact()
def code_bits(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return the bits of the narrowest signed integer that holds every code of a weight: -2 to 1 need 2."""
    codes = quantized_weight(model, weight).codes
    if codes.size == 0:
        raise FactError(f"{weight} has no codes")
    magnitudes = int(codes.max()), -1 - int(codes.min())  # of two's complement: -128 is as wide as 127
    return max(0, *magnitudes).bit_length() + 1


@fact()
def entry_count(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many numbers one array of the model holds."""
    return int(real(find(model, weight)).size)


@fact(self_reported=True)
def unsaved_tensors(model: Plain, context: FactContext) -> int:
    """Return how many tensors are plain attributes of a module, so that a file of its state dict lacks them."""
    if not isinstance(model, TorchModel):
        raise FactError("expected a torch model")
    unsaved = (module.settings.get("unsaved", []) for module in model.modules)
    return sum(len(names) for names in unsaved if isinstance(names, list))


@fact()
def buffer_error_in_steps(model: Plain, context: FactContext, *, layer: str, origin: str | None = None) -> float:
    """Return the largest |codes * scale - weight| / scale of a layer with buffers `codes` and `scale`."""
    before = original(context.zoo_model(origin), [f"{layer}.weight"])[f"{layer}.weight"]
    codes, steps = _buffers(model, layer)
    if codes.shape != before.shape:
        raise FactError(f"{layer}.codes should have shape {before.shape}, but it has shape {codes.shape}")
    with np.errstate(over="ignore"):  # a scale of a kernel may be as small as it likes
        return float(np.abs(codes - before / steps).max())


@fact()
def error_of_buffers(model: Plain, context: FactContext, *, layers: list[str], origin: str | None = None) -> float:
    """Return the largest difference between a model's output on a case and that of its stored codes and scales.

    The original's architecture is rebuilt with codes * scale as the weight of each of `layers`; all else is as stored.
    """
    output = None if context.got is None else context.got.output
    if context.case is None or not isinstance(output, Array):
        raise FactError("expected a torch model that was called on a case")
    expected = _outputs(context.zoo_model(origin), model, layers, build(context.case.arguments[0]))
    if output.values.shape != expected.shape:
        raise FactError(f"expected outputs of shape {expected.shape}, found {output.values.shape}")
    return float(np.abs(output.values.astype(np.float64) - expected).max())


@fact()
def change_from_expected(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the largest absolute difference between a weight and that of the expected output."""
    return measures.max_abs_error(*_pair(model, context, weight))


@fact()
def row_drift_in_steps(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return how far the error of a weight varies within a row, in steps, against the expected output's weight.

    Rounding keeps it at 1; a whole row that is shifted, as by a zero point that was forgotten, adds nothing to it.
    """
    before, after = _pair(model, context, weight)
    if before.ndim != 2 or before.size == 0:
        raise FactError(f"{weight} has shape {before.shape}; expected rows of one number at least")
    with np.errstate(over="ignore"):
        error = (after - before) / quantized_weight(model, weight).step_sizes()
    return float(np.ptp(error, axis=1).max())


def _pair(model: Plain, context: FactContext, weight: str) -> tuple[np.ndarray, np.ndarray]:
    before, after = real(find(context.answer(), weight)), real(find(model, weight))
    if before.shape != after.shape:
        raise FactError(f"{weight} should have shape {before.shape}, but it has shape {after.shape}")
    return before.astype(np.float64), after.astype(np.float64)


def _buffers(model: Plain, layer: str) -> tuple[np.ndarray, np.ndarray]:
    """Return codes (out, in) and scales (out, 1), or (1, 1) where one scale serves all."""
    codes, scale = real(find(model, f"{layer}.codes")), real(find(model, f"{layer}.scale"))
    if codes.ndim != 2 or codes.size == 0 or scale.size not in (1, len(codes)):
        raise FactError(f"{layer} has codes of shape {codes.shape}, which a scale of shape {scale.shape} does not fit")
    if not (scale > 0).all():
        raise FactError(f"{layer}.scale holds a number that is not above zero")
    return codes.astype(np.float64), scale.astype(np.float64).reshape(-1, 1)


def _outputs(origin: ZooModel, model: Plain, layers: list[str], x: object) -> np.ndarray:
    import torch

    from quizlib import zoo

    with np.errstate(over="ignore"):
        weights = {f"{layer}.weight": np.multiply(*_buffers(model, layer)) for layer in layers}
    kept = numbers(model, [name for name in original_names(origin) if name not in weights])
    arrays = {name: narrowed(name, array) for name, array in {**kept, **weights}.items()}
    rebuilt = zoo.rebuild(origin.name, arrays)
    if not isinstance(rebuilt, torch.nn.Module):
        raise FactError(f"{origin.name} is no torch model")
    with torch.no_grad():
        logits: np.ndarray = rebuilt.eval()(x).numpy()
    return logits
