import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, fact, measured

from ..common import (
    FINEST_STEPS,
    GIVEN_KEPT,
    GIVEN_USED_UP,
    HALF_A_STEP,
    HIDDEN_CODES,
    ORIGIN,
    SMALL,
    WEIGHTS,
    biases_kept,
    changed,
    float_output,
)


def pixels(*rows):
    return torch.from_numpy(zoo.load_digits().x_test[list(rows)])


def fresh_pixels(generator):
    rows = zoo.load_digits().x_test[generator.choice(360, size=16, replace=False)]
    return [Case("float-activations", torch.from_numpy(rows))]


EXERCISE = ExerciseSpec(
    title="Quantize the weights only",
    response="torch_model",
    name="weight_only",
    keeps=("mlp",),
    setup="""\
import copy

import torch
from torch import nn
from torchao.quantization import Int8WeightOnlyConfig, quantize_

from quizlib import zoo

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "`quantize_` returns None: keep a name for the copy, and pass that to `check`.",
        "`filter_fn` gets each module with its name in the model, here 'hidden1', 'relu1' and so on.",
    ),
    criteria=(
        measured("codes", "`hidden1` and `hidden2` hold int8 codes", *HIDDEN_CODES),
        measured(
            "row-scales",
            "Each output row has its own scale, as fine as 8 bits allow, and each code is within half a step",
            fact("scale_count", weight="hidden1.weight", equals=256),
            fact("scale_count", weight="hidden2.weight", equals=128),
            *(fact("error_in_steps", weight=weight, origin=ORIGIN, at_most=HALF_A_STEP) for weight in WEIGHTS[:2]),
            *(fact("step_excess", weight=weight, origin=ORIGIN, at_most=FINEST_STEPS) for weight in WEIGHTS[:2]),
        ),
        measured(
            "float-activations",
            "The outputs are those of the stored weights on float32 activations",
            changed(ORIGIN),
            # Over 40 draws of 16 rows: 4e-6 at most for weights alone, 0.045 at least for dynamic int8 activations.
            fact("error_of_stored", origin=ORIGIN, at_most=1e-3),
            beside=("codes", "row-scales", "float-output"),
        ),
        measured(
            "float-output",
            "`output` holds the float32 weights of `mlp`, and all layers hold its biases",
            *float_output(ORIGIN),
            *biases_kept(ORIGIN),
        ),
        measured("small", "The model takes a third of the bytes", SMALL),
        measured(
            "keeps",
            "`mlp` is as the setup made it, beside a copy that holds codes",
            fact("quantized_weights", at_least=1),
            GIVEN_KEPT,
        ),
    ),
    # The weights of "activations-too" are those of the right answer; it is known by the model's outputs.
    symptoms={
        "output-too": (
            fact("is_quantized", weight="hidden1.weight", equals=True),
            fact("is_quantized", weight="output.weight", equals=True),
        ),
        "one-scale": (
            fact("is_quantized", weight="output.weight", equals=False),
            fact("weight_dtype", weight="hidden1.weight", equals="int8"),  # qint8 for `quantize_dynamic`
            fact("scale_count", weight="hidden1.weight", equals=1),
        ),
        "one-layer-only": (
            fact("is_quantized", weight="hidden1.weight", equals=True),
            fact("is_quantized", weight="hidden2.weight", equals=False),
        ),
        "used-up": (
            *HIDDEN_CODES,
            GIVEN_USED_UP,
            *(fact("error_in_steps", weight=weight, origin=ORIGIN, at_most=HALF_A_STEP) for weight in WEIGHTS[:2]),
        ),
        "few-codes-used": (
            fact("scale_count", weight="hidden1.weight", equals=256),
            fact("error_in_steps", weight="hidden1.weight", origin=ORIGIN, at_most=HALF_A_STEP),
            fact("step_excess", weight="hidden1.weight", origin=ORIGIN, at_least=1.5),
        ),
        "nothing-matched": (fact("changed_weights", origin=ORIGIN, equals=0),),
        "back-to-floats": (
            *(fact("is_quantized", weight=weight, equals=False) for weight in WEIGHTS[:2]),
            # Half a step of the row's 8-bit grid, as its rounding leaves it; a float16 is off by a twentieth at most.
            *(fact("change_in_row_steps", weight=w, origin=ORIGIN, at_least=0.45, at_most=0.55) for w in WEIGHTS[:2]),
        ),
    },
    public=(Case("float-activations", pixels(0, 1, 2, 3)),),
    private=fresh_pixels,
)
