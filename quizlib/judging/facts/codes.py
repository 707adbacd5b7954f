"""Facts about the integer codes of a quantized model: of one weight by its name, or of all.

Codes and grid are read from torch's quantized tensors and packed modules, and from torchao's; a weight that a learner
stores as buffers of its own is looked at in `buffers`.
"""

from __future__ import annotations

from typing import assert_never

import numpy as np

from quizlib.errors import FactError
from quizlib.evidence.values import Array, Plain, QuantizedArray, SparseArray, TorchModel
from quizlib.items.exercise import Condition
from quizlib.judging.compare import part_of
from quizlib.judging.facts.arrays import MODELS, find, listed, stored
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.places import at, first, pair


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


@fact(
    unit="true or false",
    of=MODELS,
    sentence="{weight} {value:should be stored as integer codes/should not be stored as integer codes}{place}",
)
def is_quantized(model: Plain, context: FactContext, *, weight: str) -> bool:
    """Return whether a weight is stored as integer codes.

    Raises:
        FactError: it is no model, or has no such weight.

    >>> from quizlib.judging.facts.example import coded, model
    >>> is_quantized(model(weight=coded([[3]], [[0.5]])), FactContext(), weight="weight")
    True
    """
    return isinstance(find(model, weight), QuantizedArray)


@place_of(is_quantized)
def _stored_as(model: Plain, context: FactContext, condition: Condition) -> str:
    value = find(model, condition.args["weight"])
    return f"it is stored as {value.dtype}" if isinstance(value, Array | QuantizedArray) else "it is sparse"


@fact(
    unit="weights",
    of=MODELS,
    sentence="the model stores {value:weight} as integer codes, where {asked:weight}{place}",
)
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


@place_of(quantized_weights)
def _weights_left_real(model: Plain, context: FactContext, condition: Condition) -> str:
    named = stored(part_of(model, condition.args.get("part"))).items()
    left = [name for name, value in named if isinstance(value, Array) and value.values.ndim > 1]
    return f"{listed(left)} {'is' if len(left) == 1 else 'are'} real" if left else ""


@fact(
    unit="dtype",
    of=(TorchModel,),
    sentence="the codes of {weight} have dtype {value}, where {asked}",
)
def code_dtype(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the dtype of the codes of a weight, such as `int8`; `weight_dtype` has the library's name for it, `qint8`.

    Raises:
        FactError: it is no model, or has no such weight in codes.

    >>> from quizlib.judging.facts.example import coded, model
    >>> code_dtype(model(weight=coded([[3]], [[0.5]])), FactContext(), weight="weight")
    'int8'
    """
    return quantized_weight(model, weight).codes.dtype.name


@fact(
    unit="bits",
    of=(TorchModel,),
    sentence="the codes of {weight} take {value:bit}, where {asked:bit}{place}",
)
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


@place_of(code_bits)
def _range_of_codes(model: Plain, context: FactContext, condition: Condition) -> str:
    codes = quantized_weight(model, condition.args["weight"]).codes
    return f"they run from {codes.min()} to {codes.max()}"


@fact(
    unit="scales",
    of=(TorchModel,),
    sentence="{weight} has {value:scale}, where {asked:scale}{place}",
)
def scale_count(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many scales a weight has: 1 per tensor, one a row per channel, one a block for groups.

    Raises:
        FactError: it is no model, or has no such weight in codes.

    >>> from quizlib.judging.facts.example import coded, model
    >>> scale_count(model(weight=coded([[3, 1], [2, 0]], [[0.5], [0.25]])), FactContext(), weight="weight")
    2
    """
    return int(quantized_weight(model, weight).scales.size)


@place_of(scale_count)
def _form_of_scales(model: Plain, context: FactContext, condition: Condition) -> str:
    value = quantized_weight(model, condition.args["weight"])
    form, asked = form_of(value.scales.size, value.codes.shape), condition.equals
    wanted = form_of(asked, value.codes.shape) if isinstance(asked, int) else ""
    return f"{wanted}, and not {form}" if form and wanted else form


def form_of(scales: int, shape: tuple[int, ...]) -> str:
    """Return in words how a weight of this shape is divided among so many scales; nothing where it does not divide.

    >>> form_of(1, (4, 64)), form_of(4, (4, 64)), form_of(8, (4, 64)), form_of(3, (4, 64))
    ('one for all', 'one a row', 'one for each 32 weights of a row', '')
    """
    rows, size = shape[0] if shape else 1, int(np.prod(shape))
    if scales == 1:
        return "one for all"
    if scales == rows:
        return "one a row"
    is_by_groups = scales > rows and size % scales == 0 and scales % rows == 0
    return f"one for each {size // scales} weights of a row" if is_by_groups else ""


@fact(
    unit="scales",
    of=(TorchModel,),
    sentence="a weight has {value:scale}, where {asked:scale}{place}",
)
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
    return max(_scale_counts(part_of(model, part)).values())


def _scale_counts(model: Plain) -> dict[str, int]:
    """Return how many scales each quantized weight has, by name."""
    weights = {name: value for name, value in stored(model).items() if isinstance(value, QuantizedArray)}
    if not weights:
        raise FactError("no weight is stored as integer codes")
    return {name: int(value.scales.size) for name, value in weights.items()}


@place_of(most_scales)
def _weight_of_most_scales(model: Plain, context: FactContext, condition: Condition) -> str:
    counts = _scale_counts(part_of(model, condition.args.get("part")))
    return f"it is {max(counts, key=lambda name: counts[name])}"


@fact(
    unit="codes",
    of=(TorchModel,),
    sentence="the widest code is {value:step} from its zero point, where {asked}{place}",
)
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
    return max(_widest_codes(part_of(model, part)).values())


def _widest_codes(model: Plain) -> dict[str, int]:
    """Return the largest |code - zero point| of each quantized weight, by name."""
    weights = {name: value for name, value in stored(model).items() if isinstance(value, QuantizedArray)}
    if not weights:
        raise FactError("no weight is stored as integer codes")
    steps = {name: np.abs(value.dequantize() / value.step_sizes()) for name, value in weights.items()}
    return {name: round(float(each.max(initial=0.0))) for name, each in steps.items()}


@place_of(widest_code)
def _widest_weight(model: Plain, context: FactContext, condition: Condition) -> str:
    widest = _widest_codes(part_of(model, condition.args.get("part")))
    return f"it is one of {max(widest, key=lambda name: widest[name])}"


@fact(
    unit="fraction 0–1",
    of=(TorchModel,),
    sentence="{value:%} of the codes of a weight are not the expected ones, where {asked:%}{place}",
)
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
    return min(int(_is_off(expected, weight, steps).sum()) for weight in alike) / max(1, expected.codes.size)


def _is_off(expected: QuantizedArray, found: QuantizedArray, steps: float) -> np.ndarray:
    """Return whether each code stands for a number over `steps` expected steps away, shape of the codes."""
    wanted, slack = expected.dequantize().astype(np.float64), steps * expected.step_sizes().astype(np.float64)
    off: np.ndarray = np.abs(found.dequantize() - wanted) > slack
    return off


@place_of(codes_off_expected)
def _first_code_off(model: Plain, context: FactContext, condition: Condition) -> str:
    """Return the first code that is off in the weight that is worst, under its name in the model."""
    part, steps = condition.args.get("part"), condition.args.get("steps", 0.01)
    found = {name: value for name, value in stored(part_of(model, part)).items() if isinstance(value, QuantizedArray)}
    wanted = _expected_codes(part_of(context.answer(), part))
    expected = max(wanted, key=lambda weight: _share_off(weight, list(found.values()), steps))
    alike = {name: value for name, value in found.items() if value.codes.shape == expected.codes.shape}
    name = min(alike, key=lambda name: int(_is_off(expected, alike[name], steps).sum()))
    index = first(_is_off(expected, alike[name], steps))
    if index is None:
        return ""
    return f"the first of {name}, {at(index)}, {_code_and_expected(alike[name], expected, index)}"


def _code_and_expected(found: QuantizedArray, expected: QuantizedArray, index: tuple[int, ...]) -> str:
    """Return two codes, or what they stand for where one grid is not like the other."""
    is_one_grid = np.isclose(found.step_sizes()[index], expected.step_sizes()[index], rtol=1e-3)
    if is_one_grid and found.codes[index] != expected.codes[index]:
        return f"is {found.codes[index]}, expected {expected.codes[index]}"
    real, wanted = pair(float(found.dequantize()[index]), float(expected.dequantize()[index]))
    return f"stands for {real}, expected {wanted}"
