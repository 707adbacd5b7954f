"""An architecture of the zoo, rebuilt here with the arrays of a model's evidence and run; no facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quizlib.errors import FactError
from quizlib.evidence.build import build
from quizlib.evidence.values import Array, Plain, ZooModel
from quizlib.judging.facts.arrays import numbers, original, original_names, stored
from quizlib.judging.facts.registry import FactContext
from quizlib.judging.places import at, is_and_expected, worst

if TYPE_CHECKING:
    from quizlib.zoo.digits import Digits


def rebuilt_logits(model: Plain, origin: ZooModel, digits: Digits, split: str) -> np.ndarray:
    """Return logits, shape (digits, 10), of the original's architecture with this model's weights loaded by name.

    Args:
        model: Evidence of a torch or Keras model.
        origin: The original, of whose architecture it is.
        digits: On which it is run.
        split: `"train"`, `"val"` or `"test"`, of the digits.

    Raises:
        FactError: it is no model, or lacks a weight of the original. ShapeError: a weight has another shape.
    """
    names = original_names(origin)
    missing = sorted(set(names) - set(stored(model)))
    if missing:
        raise FactError(f"the model has no {', '.join(missing)}; it cannot be rebuilt")
    return _logits(origin.name, numbers(model, names), digits, split)


def original_logits(origin: ZooModel, digits: Digits, split: str) -> np.ndarray:
    """Return logits, shape (digits, 10), of the original itself.

    Raises:
        SpecError: the zoo has no such model.
    """
    return _logits(origin.name, original(origin, original_names(origin)), digits, split)


def _logits(architecture: str, weights: dict[str, np.ndarray], digits: Digits, split: str) -> np.ndarray:
    from quizlib import zoo

    network: Any = zoo.rebuild(architecture, {name: narrowed(name, array) for name, array in weights.items()})
    if architecture.endswith("_keras"):
        return np.asarray(network(getattr(digits, f"x_{split}"), training=False))
    import torch

    from quizlib.zoo.torch_models import digits_inputs

    with torch.no_grad():
        logits: np.ndarray = network.eval()(digits_inputs(architecture, digits, split)).numpy()
    return logits


def output_error(context: FactContext, given: ZooModel, arrays: dict[str, np.ndarray]) -> float:
    """Return the largest difference between the output on a case and that of `given`'s architecture holding `arrays`.

    Raises:
        FactError: the response was not called on a case, or its output has another shape.
        ShapeError: an array does not fit the architecture.
    """
    found, expected = _outputs(context, given, arrays)
    return float(np.abs(found - expected).max())


def worst_output(context: FactContext, given: ZooModel, arrays: dict[str, np.ndarray]) -> str:
    """Return in words where the output on a case is farthest from that of `given`'s architecture holding `arrays`.

    Raises:
        FactError: the response was not called on a case, or its output has another shape.
        ShapeError: an array does not fit the architecture.
    """
    found, expected = _outputs(context, given, arrays)
    index = worst(np.abs(found - expected))
    return f"{at(index)} it {is_and_expected(found[index], expected[index])}"


def _outputs(context: FactContext, given: ZooModel, arrays: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the output on a case, and that of `given`'s architecture holding `arrays`, both (rows, classes)."""
    output = None if context.got is None else context.got.output
    if context.case is None or not isinstance(output, Array):
        raise FactError("expected a torch model that was called on a case")
    expected = computed(given, arrays, build(context.case.arguments[0]))
    if output.values.shape != expected.shape:
        raise FactError(f"expected outputs of shape {expected.shape}, found {output.values.shape}")
    return output.values.astype(np.float64), expected


def computed(given: ZooModel, arrays: dict[str, np.ndarray], x: Any) -> np.ndarray:  # noqa: ANN401  a torch tensor
    """Return the logits, shape (rows, classes), of an architecture of the zoo that holds `arrays`.

    Raises:
        FactError: it is no torch model, or `arrays` hold numbers beyond float32.
        ShapeError: an array does not fit the architecture.
    """
    import torch

    from quizlib import zoo

    rebuilt = zoo.rebuild(given.name, {name: narrowed(name, array) for name, array in arrays.items()})
    if not isinstance(rebuilt, torch.nn.Module):
        raise FactError(f"{given.name} is no torch model")
    with torch.no_grad():
        logits: np.ndarray = rebuilt.eval()(x).numpy()
    return logits


def narrowed(name: str, array: np.ndarray) -> np.ndarray:
    """Return real numbers as float32, in which the zoo's models compute; counters stay whole.

    Raises:
        FactError: a number is beyond the range of float32.

    >>> narrowed("bias", np.array([0.5])).dtype, narrowed("steps", np.array([3])).dtype
    (dtype('float32'), dtype('int64'))
    """
    if array.dtype.kind in "iu":
        return array
    with np.errstate(over="ignore"):
        narrow = array.astype(np.float32)
    if not np.isfinite(narrow).all():
        raise FactError(f"{name} holds numbers beyond the range of float32")
    return narrow
