"""Facts about what the model that a call returned did, when it was called in its turn on the case's `called_with`."""

from __future__ import annotations

import numpy as np

from quizlib.errors import FactError, SpecError
from quizlib.evidence.build import build
from quizlib.evidence.values import KINDS, Array, Plain, Unreadable
from quizlib.items.exercise import Condition
from quizlib.judging.describing import kind_of
from quizlib.judging.facts.arrays import numbers, original_names
from quizlib.judging.facts.outputs import distance, entry, farthest
from quizlib.judging.facts.rebuilt import computed
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.showing import raised


@fact(
    unit="kind in words",
    of=KINDS,
    sentence="the returned model gives {value} when it is called, where {asked}",
)
def called_kind(output: Plain, context: FactContext) -> str:
    """Return what kind of value the returned model gives when it is called, such as `a torch tensor`.

    Raises:
        FactError: no model was returned, or it raises when it is called.
    """
    return kind_of(called_output(context))


@fact(
    unit="dtype",
    of=KINDS,
    sentence="the returned model gives numbers of dtype {value} when it is called, where {asked}",
)
def called_dtype(output: Plain, context: FactContext) -> str:
    """Return the dtype of what the returned model gives when it is called.

    Raises:
        FactError: no model was returned, or it raises when it is called, or gives no array.
    """
    found = called_output(context)
    if not isinstance(found, Array):
        raise FactError(f"the returned model should give an array when it is called, but it gives {kind_of(found)}")
    return found.dtype


@fact(
    unit="unit of the output",
    of=KINDS,
    sentence="the returned model gives other numbers than expected when it is called, off by up to {value}, where "
    "{asked}{place}",
)
def called_error(output: Plain, context: FactContext) -> float:
    """Return the largest absolute difference between what the returned model gives and what the reference's gives.

    Raises:
        FactError: no model was returned, it raises when it is called, or it gives no such numbers.
        SpecError: the exercise has no reference whose model can be called.
    """
    got = called_output(context)
    return distance(_expected(context), got)


@place_of(called_error)
def _worst_called(output: Plain, context: FactContext, condition: Condition) -> str:
    return farthest(_expected(context), called_output(context))


def _expected(context: FactContext) -> Plain:
    """Return what the reference's model gave."""
    if context.expected_called is None or context.expected_called.failure is not None:
        raise SpecError("a fact compares what returned models give: give the exercise a reference that returns one.")
    return context.expected_called.output


@fact(
    unit="fraction",
    of=KINDS,
    sentence="what the returned model gives when it is called is {value:%} off what its stored numbers give, "
    "where {asked:%}{place}",
)
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
    found, own = called_output(context), _own_logits(output, context, part, origin)
    return distance(own, found) / (float(np.abs(own.values).max()) or 1.0)


def _own_logits(output: Plain, context: FactContext, part: str | int | None, origin: str | None) -> Array:
    """Return what the stored numbers of the returned model give on what it was called with."""
    given, model = context.zoo_model(origin), entry(output, part)
    asked = () if context.case is None else context.case.called_with
    own = computed(given, numbers(model, original_names(given)), build(asked[0])).astype(np.float64)
    return Array(own, "float64")


@place_of(called_off_stored)
def _worst_off_stored(output: Plain, context: FactContext, condition: Condition) -> str:
    own = _own_logits(output, context, condition.args.get("part"), condition.args.get("origin"))
    return farthest(own, called_output(context))


@fact(
    unit="unit of the output",
    of=KINDS,
    sentence="{where} is off what the returned model gives when it is called by up to {value}, where {asked}{place}",
)
def off_called(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the largest absolute difference of a part of the output from what the returned model gives.

    Args:
        part: The entry that should come from the model; without it, all of it.

    Raises:
        FactError: there is no such entry, or no model that could be called, or one of the two holds no numbers.
    """
    return distance(called_output(context), entry(output, part))


@place_of(off_called)
def _worst_off_called(output: Plain, context: FactContext, condition: Condition) -> str:
    return farthest(called_output(context), entry(output, condition.args.get("part")))


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
