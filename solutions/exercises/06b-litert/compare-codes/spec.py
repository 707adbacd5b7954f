import math

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, raising
from quizlib.zoo.litert_files import FileTensor

from ..common import READ_SETUP, biases, codes, layer_file, parsed, scale


def compared(first, second, names):
    """The oracle goes from number to number, and reads the bytes by their schema."""
    found, ours, theirs = {}, parsed(first), parsed(second)
    for name in names:
        (_, shape, scales, _, _, values), (_, other_shape, others, _, _, other_values) = ours[name], theirs[name]
        if shape != other_shape or len(scales) != len(others):
            raise ValueError(name)
        ratios = [other / one for one, other in zip(scales, others, strict=True)]
        farthest = max(ratios, key=lambda one: abs(math.log(one)))
        pairs = zip(values.ravel().tolist(), other_values.ravel().tolist(), strict=True)
        found[name] = (sum(one != other for one, other in pairs), farthest)
    return found


BY = (2, -1, 3, -2, 1, -3)
"""How far codes differ, one after the other: neither their sum nor that of the steps is their number."""


def two_files(generator, outputs, inputs, *, differ=0, ratios=None, other=None, table=(), ahead=()):
    """Two files of one layer: of the second so many codes of the weight differ, and its scales by these ratios."""
    weight, bias = codes(generator, outputs, inputs, low=-120, high=121), biases(generator, outputs)
    steps = [scale(generator) for _ in range(outputs)]
    ends = [(scale(generator), int(generator.integers(-90, 90))) for _ in range(2)]
    first = layer_file(weight, bias, ends, steps[:1] if other == "scales" else steps, more=table[:1], ahead=ahead[:1])
    changed = weight.copy()
    places = generator.permutation(weight.size)[:differ]
    changed.flat[places] += np.resize(np.int8(BY), differ)
    others = [one * ratio for one, ratio in zip(steps, ratios or [1.0] * outputs, strict=True)]
    if other == "shape":
        changed = codes(generator, outputs, 1)  # which NumPy would broadcast
    second = layer_file(changed, bias, ends, others, more=table[1:], ahead=ahead[1:])
    return first, second


def tables(generator, ratio):
    values = codes(generator, 7, low=-120, high=121)
    one = scale(generator, 0.01, 0.03)
    return tuple(
        FileTensor("table", (7,), "int8", values + np.int8(place), (step,), (3,))
        for place, step in enumerate((one, one * ratio))
    )


def unlike_tables(generator):
    """The same codes, once with one scale, and once with one for each of three rows."""
    values = codes(generator, 3, 2)
    steps = [scale(generator) for _ in range(3)]
    return tuple(FileTensor("table", (3, 2), "int8", values, tuple(steps[:count]), (0,) * count) for count in (1, 3))


def cases(generator):
    up, down = float(generator.uniform(1.3, 1.6)), float(generator.uniform(0.4, 0.6))
    less, more = float(generator.uniform(0.9, 0.97)), float(generator.uniform(1.05, 1.12))
    same = two_files(generator, 3, 4)
    sized = two_files(generator, 2, 3, other="shape")
    unlike = two_files(generator, 3, 2, table=unlike_tables(generator))
    repeated = two_files(generator, 3, 4, other="scales")  # one scale, which a runtime lists three times
    moved = two_files(generator, 3, 4, ahead=tables(generator, up)[:1])  # other indices, the same names
    return [
        Case("same", *same, ["weight", "bias"]),
        Case("same", same[0], same[0], ["bias", "weight"]),
        Case("same", *moved, ["weight", "bias"]),
        Case("codes", *two_files(generator, 4, 5, differ=7), ["weight", "bias"]),
        Case("codes", *two_files(generator, 2, 3, differ=6), ["weight"]),
        Case("one-scale", *two_files(generator, 2, 2, ahead=tables(generator, up)), ["table"]),
        Case("one-scale", *two_files(generator, 2, 2, table=tables(generator, down)), ["table", "weight"]),
        Case("farthest", *two_files(generator, 3, 4, ratios=[less, up, 1.0]), ["weight"]),
        Case("farthest", *two_files(generator, 3, 4, ratios=[up, 1.0, down]), ["weight", "bias"]),
        Case("farthest", *two_files(generator, 4, 2, ratios=[more, 1.0, less, down], differ=2), ["weight"]),
        Case("refuses", *sized, ["weight"]),
        Case("refuses", *unlike, ["table"]),
        Case("refuses", *repeated, ["weight"]),
    ]


EXERCISE = ExerciseSpec(
    title="Two files, code by code",
    response="function",
    setup=READ_SETUP,
    hints=(
        "Read codes and scales of the named tensors of both files first, by `get_tensor_details` and `get_tensor`.",
        "`np.abs(np.log(ratios)).argmax()` is the place of the ratio that lies farthest from 1.",
        "Compare shapes before you compare codes: NumPy may broadcast what does not fit, or raise another error.",
    ),
    criteria=(
        matching(
            "same",
            "Two files that agree: no codes, a ratio of 1",
            rtol=1e-5,
            atol=0,
            beside=("codes", "one-scale", "farthest"),
        ),
        matching("codes", "The number of codes that differ", points=2, rtol=1e-5, atol=0),
        matching("one-scale", "The ratio of two scales, second over first", rtol=1e-5, atol=0),
        matching("farthest", "Of several ratios the one farthest from 1, above or below", rtol=1e-5, atol=0),
        raising("refuses", "Raises a ValueError where shapes or numbers of scales differ", "ValueError"),
    ),
    reference=compared,
    public=tuple(cases(np.random.default_rng(66))),
    private=cases,
)
