"""Facts about the integer codes of a quantized model: of one weight by its name, or of all.

Codes and grid are read from torch's quantized tensors and packed modules, and from torchao's; a weight that a learner
stores as buffers of its own is looked at in `buffers`.
"""

from __future__ import annotations

from typing import assert_never

import numpy as np

from quizlib.errors import FactError
from quizlib.evidence.values import Array, Plain, QuantizedArray, SparseArray, TorchModel
from quizlib.judging.compare import part_of
from quizlib.judging.facts.arrays import MODELS, find, stored
from quizlib.judging.facts.registry import FactContext, fact


def quantized_weight(model: Plain, weight: str) -> QuantizedArray:
    """Return a weight that is stored as integer codes.

    Raises:
        FactError: it is stored as real numbers, or not at all.
    """
    value = find(model, weight)
    match value:
        case QuantizedArray():
            return value
        case Array():
            dtype = value.dtype
        case SparseArray():
            dtype = "sparse"
        case _:
            assert_never(value)
    raise FactError(f"{weight} is stored as {dtype}, not as integer codes")


@fact(unit="true or false", of=MODELS)
def is_quantized(model: Plain, context: FactContext, *, weight: str) -> bool:
    """Return whether a weight is stored as integer codes.

    Raises:
        FactError: it is no model, or has no such weight.

    >>> from quizlib.judging.facts.example import coded, model
    >>> is_quantized(model(weight=coded([[3]], [[0.5]])), FactContext(), weight="weight")
    True
    """
    return isinstance(find(model, weight), QuantizedArray)


@fact(unit="weights", of=MODELS)
def quantized_weights(model: Plain, context: FactContext, *, part: str | int | None = None) -> int:
    """Return how many weights of a model, an output or one part of it, are stored as integer codes.

    Args:
        part: The entry of an output that is the model, by key or position.

    Raises:
        FactError: it is no model.

    >>> from quizlib.judging.facts.example import coded, model
    >>> quantized_weights((0.9, model(weight=coded([[3]], [[0.5]]), bias=[0.0])), FactContext(), part=1)
    1
    """
    return sum(isinstance(value, QuantizedArray) for value in stored(part_of(model, part)).values())


@fact(unit="dtype", of=(TorchModel,))
def code_dtype(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the dtype of the codes of a weight, such as `int8`; `weight_dtype` has the library's name for it, `qint8`.

    Raises:
        FactError: it is no model, or has no such weight in codes.

    >>> from quizlib.judging.facts.example import coded, model
    >>> code_dtype(model(weight=coded([[3]], [[0.5]])), FactContext(), weight="weight")
    'int8'
    """
    return quantized_weight(model, weight).codes.dtype.name


@fact(unit="bits", of=(TorchModel,))
def code_bits(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return the bits of the narrowest signed integer that holds every code of a weight: -2 to 1 need 2.

    Raises:
        FactError: it is no model, has no such weight in codes, or one without entries.

    >>> from quizlib.judging.facts.example import coded, model
    >>> code_bits(model(weight=coded([[7, -8]], [[0.5]])), FactContext(), weight="weight")
    4
    """
    codes = quantized_weight(model, weight).codes
    if codes.size == 0:
        raise FactError(f"{weight} has no codes")
    magnitudes = int(codes.max()), -1 - int(codes.min())  # of two's complement: -128 is as wide as 127
    return max(0, *magnitudes).bit_length() + 1


@fact(unit="scales", of=(TorchModel,))
def scale_count(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many scales a weight has: 1 per tensor, one a row per channel, one a block for groups.

    Raises:
        FactError: it is no model, or has no such weight in codes.

    >>> from quizlib.judging.facts.example import coded, model
    >>> scale_count(model(weight=coded([[3, 1], [2, 0]], [[0.5], [0.25]])), FactContext(), weight="weight")
    2
    """
    return int(quantized_weight(model, weight).scales.size)


@fact(unit="scales", of=(TorchModel,))
def most_scales(model: Plain, context: FactContext, *, part: str | int | None = None) -> int:
    """Return how many scales the quantized weight with the most of them has; 1 says that each has one for all.

    Args:
        part: The entry of an output that is the model, by key or position.

    Raises:
        FactError: it is no model, or has no weight in codes.

    >>> from quizlib.judging.facts.example import coded, model
    >>> most_scales(model(weight=coded([[3, 1], [2, 0]], [[0.5], [0.25]])), FactContext())
    2
    """
    weights = _codes(part_of(model, part))
    if not weights:
        raise FactError("no weight is stored as integer codes")
    return max(int(weight.scales.size) for weight in weights)


@fact(unit="codes", of=(TorchModel,))
def widest_code(model: Plain, context: FactContext, *, part: str | int | None = None) -> int:
    """Return the largest |code - zero point| of all quantized weights: 1 for codes of -1, 0 and 1.

    Args:
        part: The entry of an output that is the model, by key or position.

    Raises:
        FactError: it is no model, or has no weight in codes.

    >>> from quizlib.judging.facts.example import coded, model
    >>> widest_code(model(weight=coded([[3, -5]], [[0.5]], zero_point=1)), FactContext())
    6
    """
    weights = _codes(part_of(model, part))
    if not weights:
        raise FactError("no weight is stored as integer codes")
    steps = [np.abs(weight.dequantize() / weight.step_sizes()).max(initial=0.0) for weight in weights]
    return round(float(max(steps)))


@fact(unit="fraction 0–1", of=(TorchModel,))
def codes_off_expected(
    model: Plain, context: FactContext, *, steps: float = 0.01, part: str | int | None = None
) -> float:
    """Return the share of a weight's codes that differ from the expected model's, the worst weight's.

    A code differs when it stands for a number over `steps` expected steps away, so that another scale counts too.
    Names are the learner's: for each expected weight the best one of its shape counts.

    Args:
        steps: How far off, in steps of the expected grid, is still the same.
        part: The entry of both outputs that is the model, by key or position.

    Raises:
        FactError: it is no model, or has no codes of an expected weight's shape. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import coded, model
    >>> expected = FactContext(expected=model(weight=coded([[3, -5]], [[0.5]])))
    >>> codes_off_expected(model(weight=coded([[3, -4]], [[0.5]])), expected)
    0.5
    """
    expected = _expected_codes(part_of(context.answer(), part))
    found = _codes(part_of(model, part))
    return max((_share_off(weight, found, steps) for weight in expected), default=0.0)


def _codes(model: Plain) -> list[QuantizedArray]:
    return [value for value in stored(model).values() if isinstance(value, QuantizedArray)]


def _expected_codes(model: Plain) -> list[QuantizedArray]:
    weights = _codes(model)
    if not weights:
        raise FactError("the expected model holds no quantized weight")
    return weights


def _share_off(expected: QuantizedArray, found: list[QuantizedArray], steps: float) -> float:
    alike = [weight for weight in found if weight.codes.shape == expected.codes.shape]
    if not alike:
        raise FactError(f"no weight of shape {expected.codes.shape} is stored as integer codes")
    wanted, slack = expected.dequantize().astype(np.float64), steps * expected.step_sizes().astype(np.float64)
    off = [int((np.abs(weight.dequantize() - wanted) > slack).sum()) for weight in alike]
    return min(off) / max(1, wanted.size)
