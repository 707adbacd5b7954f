"""Facts about what the model that a call returned did, when it was called in its turn on the case's `called_with`."""

from __future__ import annotations

import numpy as np

from quizlib.errors import FactError, SpecError
from quizlib.evidence.build import build
from quizlib.evidence.values import KINDS, Array, Plain, Unreadable
from quizlib.judging.describing import kind_of
from quizlib.judging.facts.arrays import numbers, original_names
from quizlib.judging.facts.outputs import distance, entry
from quizlib.judging.facts.rebuilt import computed
from quizlib.judging.facts.registry import FactContext, fact
from quizlib.judging.showing import raised


@fact(unit="kind in words", of=KINDS)
def called_kind(output: Plain, context: FactContext) -> str:
    """Return what kind of value the returned model gives when it is called, such as `a torch tensor`.

    Raises:
        FactError: no model was returned, or it raises when it is called.
    """
    return kind_of(called_output(context))


@fact(unit="dtype", of=KINDS)
def called_dtype(output: Plain, context: FactContext) -> str:
    """Return the dtype of what the returned model gives when it is called.

    Raises:
        FactError: no model was returned, or it raises when it is called, or gives no array.
    """
    found = called_output(context)
    if not isinstance(found, Array):
        raise FactError(f"the returned model should give an array, but it gives {kind_of(found)}")
    return found.dtype


@fact(unit="unit of the output", of=KINDS)
def called_error(output: Plain, context: FactContext) -> float:
    """Return the largest absolute difference between what the returned model gives and what the reference's gives.

    Raises:
        FactError: no model was returned, it raises when it is called, or it gives no such numbers.
        SpecError: the exercise has no reference whose model can be called.
    """
    got = called_output(context)
    if context.expected_called is None or context.expected_called.failure is not None:
        raise SpecError("a fact compares what returned models give: give the exercise a reference that returns one.")
    return distance(context.expected_called.output, got)


@fact(unit="fraction", of=KINDS)
def called_off_stored(
    output: Plain, context: FactContext, *, part: str | int | None = None, origin: str | None = None
) -> float:
    """Return how far what the returned model gives is from what its stored numbers give: max |got - own| / max |own|.

    The original's architecture is rebuilt here with the real values of the codes, and with biases as stored, and called
    on the same input. Activations of 7 bits that are quantized on the way add a few hundredths; a lost ReLU far more.

    Args:
        part: The entry of the output that is the model.
        origin: The original, whose architecture is rebuilt.

    Raises:
        FactError: no model was returned, it lacks a weight of the original, it raises when it is called, or gives
            something else than logits. SpecError: there is no original.
    """
    given, model, found = context.zoo_model(origin), entry(output, part), called_output(context)
    asked = () if context.case is None else context.case.called_with
    own = computed(given, numbers(model, original_names(given)), build(asked[0])).astype(np.float64)
    return distance(Array(own, "float64"), found) / (float(np.abs(own).max()) or 1.0)


@fact(unit="unit of the output", of=KINDS)
def off_called(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the largest absolute difference of a part of the output from what the returned model gives.

    Args:
        part: The entry that should come from the model; without it, all of it.

    Raises:
        FactError: there is no such entry, or no model that could be called, or one of the two holds no numbers.
    """
    return distance(called_output(context), entry(output, part))


def called_output(context: FactContext) -> Plain:
    """Return what the returned model gave.

    Raises:
        FactError: no model was returned that can be called, or what it gives cannot be read.
    """
    called = None if context.got is None else context.got.called
    if called is None:
        raise FactError("no model was returned that can be called")
    if called.failure is not None:
        raise FactError(f"the returned model cannot be called; it {raised(called.failure)}")
    if isinstance(called.output, Unreadable):
        raise FactError(f"the returned model gives {called.output.told}")
    return called.output
