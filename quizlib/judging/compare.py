"""Compare an output with the expected one, and say in words where they differ."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from quizlib.evidence.python_objects import key_text, written_key
from quizlib.evidence.values import (
    Array,
    Blob,
    CaseEvidence,
    KerasModel,
    Model,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    TorchModel,
    Unreadable,
    ZooModel,
)
from quizlib.items.exercise import Matches
from quizlib.judging.describing import describe, kind_of
from quizlib.judging.places import at, is_and_expected, worst

STRICT = Matches(rtol=1e-4, atol=1e-6, dtype=True)
"""Wrong attempts are told apart by dtype also, since a wrong dtype is itself a mistake to name, and by every unit of
whole numbers: a count that is one off is another mistake than the right count."""

WHOLE = "the output"


def difference(expected: Plain, got: Plain, rule: Matches, where: str = WHOLE) -> str | None:
    """Return None when `got` matches `expected` under `rule`, else a sentence that says what differs.

    >>> difference(Array(np.array([1.0, 2.0]), "float64"), Array(np.array([1.0, 2.5]), "float64"), Matches())
    'the output differs in 1 of 2 values, in entry 1: it is 2.5, expected 2'
    """
    if isinstance(got, Unreadable):
        if got == expected:  # of a known wrong attempt; no expected output holds one
            return None
        return f"{where} is {got.told}"
    match expected:
        case bool() | int() | float() | Array():
            if isinstance(got, bool | int | float | Array):
                return _numbers(expected, got, rule, where)
        case list() | tuple():
            return _sequences(expected, got, rule, where)
        case dict():
            return _tables(expected, got, rule, where)
        case QuantizedArray():
            if isinstance(got, QuantizedArray):
                return _quantized(expected, got, rule, where)
        case SparseArray():
            if isinstance(got, SparseArray):
                return _sparse(expected, got, rule, where)
        case TorchModel() | KerasModel():
            if isinstance(got, Model) and type(got) is type(expected):
                return _tables(_weights(expected), _weights(got), rule, where)
        case Blob():
            if isinstance(got, Blob):
                return None if expected.content == got.content else f"{where} holds other bytes than expected"
        case str() | Name() | ZooModel() | Unreadable() | None:
            if type(got) is type(expected):
                return None if got == expected else f"{where} should be {describe(expected)}, but it is {describe(got)}"
        case _:
            assert_never(expected)
    return _other_kind(expected, got, where)


def _other_kind(expected: Plain, got: Plain, where: str) -> str:
    found = describe(got, 60) if isinstance(got, bool | int | float | str) else kind_of(got)
    return f"{where} should be {kind_of(expected)}, but it is {found}"


def _quantized(expected: QuantizedArray, got: QuantizedArray, rule: Matches, where: str) -> str | None:
    codes = Array(expected.codes, expected.dtype), Array(got.codes, got.dtype)
    real = Array(expected.dequantize(), "float32"), Array(got.dequantize(), "float32")
    return difference(*codes, rule, f"the codes of {where}") or difference(*real, rule, where)


def _sparse(expected: SparseArray, got: SparseArray, rule: Matches, where: str) -> str | None:
    if expected.layout != got.layout:
        return _other_kind(expected, got, where)
    wanted, found = (Array(side.dense(), side.parts["values"].dtype.name, "torch") for side in (expected, got))
    return _numbers(wanted, found, rule, where)


def part_of(output: Plain, part: str | int | None) -> Plain:
    """Return one entry of a dict, list or tuple, or why there is none; the output itself for part None.

    An output that is unreadable as a whole stays what it is, with its reason.

    >>> part_of({"codes": 3}, "codes")
    3
    """
    return _located(output, part)[0]


def _located(output: Plain, part: str | int | None) -> tuple[Plain, str]:
    """Return what is compared, and the words for where it stands."""
    if part is None or isinstance(output, Unreadable):
        return output, WHOLE
    if isinstance(output, dict) and (key := key_text(part)) in output:
        return output[key], f"{written_key(key)} in {WHOLE}"
    if isinstance(output, list | tuple) and isinstance(part, int) and -len(output) <= part < len(output):
        return output[part], f"entry {part} of {WHOLE}"
    return Unreadable(kind_of(output), f"has no entry {part!r}"), WHOLE


def difference_in_part(expected: Plain, got: Plain, rule: Matches) -> str | None:
    """Return how the entry that `rule` asks for differs, named as such where the output has it.

    >>> difference_in_part({"kept": 3, "spoiled": 0}, {"kept": 3, "spoiled": 2}, Matches(part="spoiled"))
    "'spoiled' in the output should be 0, but it is 2"
    """
    found, where = _located(got, rule.part)
    return difference(part_of(expected, rule.part), found, rule, where)


def _numbers(expected: Plain, got: Plain, rule: Matches, where: str) -> str | None:
    wanted, found = _as_array(expected), _as_array(got)
    if wanted.values.shape != found.values.shape:
        return f"{where} should have shape {_shape(wanted)}, but it has shape {_shape(found)}"
    if rule.dtype and wanted.dtype != found.dtype:
        return f"{where} should have dtype {wanted.dtype}, but it has dtype {found.dtype}"
    if rule.library and wanted.library != found.library:
        return _other_kind(expected, got, where)
    if rule.contiguous and wanted.is_contiguous != found.is_contiguous:
        return f"{where} should {'' if wanted.is_contiguous else 'not '}be contiguous in memory"
    return _values(wanted.values, found.values, rule, where)


def _as_array(value: Plain) -> Array:
    if isinstance(value, Array):
        return value
    return Array(np.asarray(value), type(value).__name__, "python")


def _values(wanted: np.ndarray, found: np.ndarray, rule: Matches, where: str) -> str | None:
    with np.errstate(over="ignore"):  # numbers of a kernel may lie further apart than float64 reaches
        gap = np.abs(found.astype(np.float64) - wanted.astype(np.float64))
    off = gap > rule.atol + rule.rtol * np.abs(wanted.astype(np.float64))
    if _is_exact(rule, wanted):
        off |= found != wanted  # float64 does not tell large whole numbers apart
    if not off.any():
        return None
    if wanted.ndim == 0:
        return f"{where} should be {{}}, but it is {{}}".format(*_told_apart(wanted.item(), found.item()))
    index = worst(np.where(off, gap, -1.0))
    count = f"in {int(off.sum())} of {off.size} values, {'most ' if off.sum() > 1 else ''}" if off.size > 1 else ""
    return f"{where} differs {count}{at(index)}: it {is_and_expected(found[index].item(), wanted[index].item())}"


def _is_exact(rule: Matches, wanted: np.ndarray) -> bool:
    return not (rule.atol or rule.rtol) or (rule is STRICT and wanted.dtype.kind in "iu")


def _told_apart(wanted: float, found: float) -> tuple[str, str]:
    """Return two numbers in as few digits as show the difference; truth values as they are written."""
    short = (describe(wanted), describe(found))
    return short if short[0] != short[1] else (repr(wanted), repr(found))


def _sequences(expected: list[Plain] | tuple[Plain, ...], got: Plain, rule: Matches, where: str) -> str | None:
    if not isinstance(got, list | tuple):
        return f"{where} should be {kind_of(expected)} of {len(expected)}, but it is {kind_of(got)}"
    if len(got) != len(expected):
        entries = "1 entry" if len(expected) == 1 else f"{len(expected)} entries"
        return f"{where} should hold {entries}, but it holds {len(got)}"
    pairs = zip(expected, got, strict=True)
    found = (difference(a, b, rule, f"entry {index} of {where}") for index, (a, b) in enumerate(pairs))
    return next((sentence for sentence in found if sentence), None)


def _tables(expected: dict[str, Plain], got: Plain, rule: Matches, where: str) -> str | None:
    if not isinstance(got, dict):
        return f"{where} should be a dict, but it is {kind_of(got)}"
    missing, extra = sorted(set(expected) - set(got)), sorted(set(got) - set(expected))
    if missing or extra:
        lacks = [f"lacks {_listed(missing)}"] * bool(missing)
        return f"{where} {' and '.join([*lacks, *([f'should not have {_listed(extra)}'] if extra else [])])}"
    found = (difference(value, got[key], rule, f"{written_key(key)} in {where}") for key, value in expected.items())
    return next((sentence for sentence in found if sentence), None)


def _weights(model: Model) -> dict[str, Plain]:
    """Return what a model stores, by name: two models are alike when that is."""
    match model:
        case TorchModel():
            return {f"{own.name}.{key}": tensor for own in model.modules for key, tensor in own.tensors.items()}
        case KerasModel():
            return {f"{own.name}/{key}": weight for own in model.layers for key, weight in own.weights.items()}
        case _:
            assert_never(model)


def _listed(names: list[str], most: int = 3) -> str:
    shown = ", ".join(written_key(name)[:40] for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def same_result(known: CaseEvidence, got: CaseEvidence) -> bool:
    """Say whether two results on a case are the same: equal outputs, or exceptions of one type.

    Where a model was returned and called in its turn, so are the results of that call.
    """
    if known.failure is not None or got.failure is not None:
        types = {result.failure and result.failure.type_name for result in (known, got)}
        return len(types) == 1
    if isinstance(known.output, Unreadable):
        return isinstance(got.output, Unreadable) and known.output.type_name == got.output.type_name
    if known.inputs_changed != got.inputs_changed or difference(known.output, got.output, STRICT) is not None:
        return False
    if known.called is None or got.called is None:
        return known.called is got.called
    return same_result(known.called, got.called)


def _shape(value: Array) -> str:
    return str(tuple(int(size) for size in value.values.shape))


def count_of_differences(expected: Plain, got: Plain) -> int:
    """Return in how many numbers, or other single values, two outputs differ by more than the strict tolerance.

    Where their forms differ (another shape, other keys, a number for an array) that is told by more than one.

    >>> count_of_differences([1, 2, 3], [1, 5, 4]), count_of_differences(3, 4), count_of_differences(None, [1])
    (2, 1, 2)
    """
    if difference(expected, got, STRICT) is None:
        return 0
    match expected:
        case list() | tuple() if isinstance(got, list | tuple) and len(got) == len(expected):
            return sum(map(count_of_differences, expected, got))
        case dict() if isinstance(got, dict) and set(got) == set(expected):
            return sum(count_of_differences(value, got[key]) for key, value in expected.items())
        case bool() | int() | float() | Array() if isinstance(got, bool | int | float | Array):
            return _count_of_numbers(_as_array(expected).values, _as_array(got).values)
        case str() if isinstance(got, str):
            return 1
    return 2


def _count_of_numbers(wanted: np.ndarray, found: np.ndarray) -> int:
    """Return how many numbers differ; where shapes or only dtypes do, more than one."""
    if wanted.shape != found.shape:
        return 2
    is_exact = _is_exact(STRICT, wanted)
    is_off = found != wanted if is_exact else ~np.isclose(found, wanted, STRICT.rtol, STRICT.atol)
    return int(is_off.sum()) or 2
