import copy

import torch
from torchao.quantization import IntxWeightOnlyConfig, PerAxis, PerGroup, quantize_

from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, unchanged

from ..common import drawn_seed


def counted_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    stored = converted.state_dict().values()
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    return {
        "codes": sum(tensor.qdata.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in stored if not hasattr(tensor, "qdata")),
        "distinct_codes": torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel(),
    }


def fresh_schemes(generator):
    def scheme(bits, groups=(8, 16, 32, 64)):
        return int(generator.choice(bits)), generator.choice(groups).item()

    def model(*names):
        return ZooModel(str(generator.choice(names)), seed=drawn_seed(generator))

    chains = ("digits_mlp", "digits_residual")
    return [
        Case("codes", model(*chains), *scheme([8])),
        Case("narrow-codes", model(*chains), *scheme([2, 3, 4, 5, 6, 7])),
        Case("scales", model(*chains), *scheme([4, 8], [4, 8])),  # groups that no public case has
        Case("scales", model("digits_mlp"), 4, None),
        Case("zero-points", model(*chains), *scheme([2, 4])),
        Case("rest", model("digits_cnn"), *scheme([4, 8])),
        Case("rest", model("digits_lstm"), *scheme([4, 8])),
        *(Case("distinct-codes", model("digits_residual"), *scheme(bits)) for bits in ([2, 3], [5, 6])),
        Case("distinct-codes", model("digits_lstm"), *scheme([8])),
    ]


COUNTED = ("scales", "distinct-codes")
"""Beside which those bytes count that are the same for all models of an architecture."""


def part_of_bytes(id, text, part, beside=COUNTED):
    return exactly(id, text, part=part, beside=beside)


EXERCISE = ExerciseSpec(
    title="Count what is really stored",
    response="function",
    setup="""\
import copy

import torch
from torch import nn
from torchao.quantization import IntxWeightOnlyConfig, PerAxis, PerGroup, quantize_

from quizlib import zoo
""",
    hints=(
        "`getattr(torch, f'int{bits}')` is the dtype of the codes, such as `torch.int4`.",
        "A weight of torchao claims to be float32, also when it is asked for `nbytes`; "
        "ask its parts: `.qdata`, `.scale`, `.zero_point`.",
        "`state_dict()` has all that is stored, parameters and buffers; `hasattr(tensor, 'qdata')` tells the "
        "quantized ones.",
    ),
    criteria=(
        part_of_bytes("codes", "`codes`: the bytes of 8-bit codes", "codes"),
        part_of_bytes("narrow-codes", "`codes`: the bytes that codes of fewer bits take here", "codes"),
        part_of_bytes("scales", "`scales`: four bytes for each group, or for each row", "scales", ()),
        part_of_bytes("zero-points", "`zero_points`: their bytes, whatever they hold", "zero_points"),
        part_of_bytes("rest", "`rest`: all else that is stored, convolutions, LSTM, biases and buffers", "rest"),
        part_of_bytes("distinct-codes", "`distinct_codes`: how many different codes there are", "distinct_codes", ()),
        unchanged("keeps-input", "The model that was given is unchanged"),
    ),
    reference=counted_bytes,
    public=(
        Case("codes", ZooModel("digits_mlp"), 8, 64),
        Case("narrow-codes", ZooModel("digits_mlp"), 4, 32),
        Case("scales", ZooModel("digits_mlp"), 4, None),
        Case("scales", ZooModel("digits_mlp"), 8, 16),
        Case("zero-points", ZooModel("digits_residual"), 4, 16),
        Case("rest", ZooModel("digits_cnn"), 8, 32),
        Case("rest", ZooModel("digits_lstm"), 8, 64),
        Case("distinct-codes", ZooModel("digits_residual"), 2, 32),
        Case("distinct-codes", ZooModel("digits_mlp"), 5, None),
        Case("distinct-codes", ZooModel("digits_lstm"), 8, 64),
    ),
    private=fresh_schemes,
    varies=("names",),
)
