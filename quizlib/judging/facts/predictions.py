"""Facts about what a model computes, found by rebuilding the original's architecture here with the model's weights.

A module or layer that a learner wrote is never run. `origin` names the original in the zoo, where no case has one.
"""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Plain, TorchModel
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import MODELS, numbers, original_names
from quizlib.judging.facts.rebuilt import original_logits, output_error, rebuilt_logits, worst_output
from quizlib.judging.facts.registry import FactContext, fact, place_of


@fact(
    unit="fraction 0–1",
    of=MODELS,
    on_digits=True,
    sentence="{value:%} of the digits are recognised, where {asked:%}",
)
def accuracy(model: Plain, context: FactContext, *, origin: str | None = None, split: str = "test") -> float:
    """Return the accuracy, 0 to 1, of the architecture rebuilt here with the model's weights, on the digits.

    Args:
        origin: The original, whose architecture is rebuilt.
        split: Which digits: `"train"`, `"val"` or `"test"`, for which a grading takes images that no kernel holds.

    Raises:
        FactError: it is no model, or lacks a weight of the original.
        ShapeError: a weight has another shape. SpecError: there is no original.

    >>> from quizlib import zoo
    >>> from quizlib.evidence.encode import encode
    >>> accuracy(encode(zoo.build("digits_mlp")), FactContext(), origin="digits_mlp") > 0.9
    True
    """
    digits = context.digits()
    labels: np.ndarray = getattr(digits, f"y_{split}")
    return measures.accuracy(rebuilt_logits(model, context.zoo_model(origin), digits, split), labels)


@fact(
    unit="fraction 0–1",
    of=MODELS,
    on_digits=True,
    sentence="the model agrees with the original on {value:%} of the digits, where {asked:%}",
)
def agreement(model: Plain, context: FactContext, *, origin: str | None = None, split: str = "test") -> float:
    """Return the fraction of digits on which the rebuilt model and the original predict the same class.

    Args:
        origin: The original, whose architecture is rebuilt.
        split: Which digits: `"train"`, `"val"` or `"test"`, for which a grading takes images that no kernel holds.

    Raises:
        FactError: it is no model, or lacks a weight of the original.
        ShapeError: a weight has another shape. SpecError: there is no original.

    >>> from quizlib import zoo
    >>> from quizlib.evidence.encode import encode
    >>> agreement(encode(zoo.build("digits_mlp")), FactContext(), origin="digits_mlp")
    1.0
    """
    zoo_model, digits = context.zoo_model(origin), context.digits()
    before = original_logits(zoo_model, digits, split)
    return measures.agreement(rebuilt_logits(model, zoo_model, digits, split), before)


@fact(
    unit="unit of the output",
    of=(TorchModel,),
    sentence="the output is off what the stored weights give by up to {value}, where {asked}{place}",
)
def error_of_stored(model: Plain, context: FactContext, *, origin: str | None = None) -> float:
    """Return the largest difference between a model's own output on a case and that of its stored weights.

    The original's architecture is rebuilt with the real values of the weights and called on the case's input.
    Rounding of float32 sums keeps the difference near 1e-6; quantized activations show as 1e-3 and more.

    Args:
        origin: The original, whose architecture is rebuilt.

    Raises:
        FactError: it is no model, lacks a weight of the original, or was not called on a case.
        ShapeError: a weight has another shape. SpecError: there is no original.
    """
    given = context.zoo_model(origin)
    return output_error(context, given, numbers(model, original_names(given)))


@place_of(error_of_stored)
def _worst_output(model: Plain, context: FactContext, condition: Condition) -> str:
    given = context.zoo_model(condition.args.get("origin"))
    return worst_output(context, given, numbers(model, original_names(given)))
