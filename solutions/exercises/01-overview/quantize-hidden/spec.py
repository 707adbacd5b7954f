import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured
from quizlib.zoo import eager

from ..common import FINEST_STEPS, HALF_A_STEP, HIDDEN_CODES, SMALL, WEIGHTS, biases_kept, changed, float_output

QUANTIZE_SETUP = """\
import copy

import torch
from torch import nn

from quizlib import zoo
from quizlib.zoo.eager import quantize_dynamic

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
"""


BIASES_KEPT = biases_kept()


def pixels(rows):
    return torch.from_numpy(zoo.load_digits().x_val[rows])


def fresh_model(generator):
    model = ZooModel("digits_mlp", seed=int(generator.integers(0, 2**31)))
    return [Case("codes", model).calling(pixels(generator.choice(360, size=16, replace=False)))]


HIDDEN = WEIGHTS[:2]

DTYPE = "qint8" if eager.legacy_module("torch.ao.quantization") else "int8"
"""The dtype of the codes of `quantize_dynamic`; where torch has none of its own any more, torchao's."""

WITHIN_HALF_A_STEP = (
    *(fact("error_in_steps", weight=weight, at_most=HALF_A_STEP) for weight in HIDDEN),
    *(fact("step_excess", weight=weight, at_most=FINEST_STEPS) for weight in HIDDEN),
)

OF_THE_MODEL = ("float-output", "half-a-step")
"""What no answer for another model meets, whose codes are int8 and whose logits are alike, too."""

EXERCISE = ExerciseSpec(
    title="Quantize the hidden layers",
    response="function",
    setup=QUANTIZE_SETUP,
    hints=(
        "`quantize_dynamic(model, {'name of a layer', …}, dtype=torch.qint8)` converts the layers of these names.",
        "A name that no child has is skipped without a word; print the result and look at the class of each layer.",
    ),
    criteria=(
        measured(
            "codes",
            "`hidden1` and `hidden2` store int8 codes, of the dtype `torch.qint8`",
            *HIDDEN_CODES,
            *(fact("weight_dtype", weight=weight, equals=DTYPE) for weight in HIDDEN),
            beside=OF_THE_MODEL,
        ),
        measured(
            "float-output",
            "`output` holds the float32 weights that were given, and so do all biases",
            *float_output(),
            *BIASES_KEPT,
        ),
        measured(
            "half-a-step",
            "Each code is within half a step of its weight, on steps no wider than 8 bits need",
            *WITHIN_HALF_A_STEP,
        ),
        measured(
            "small-and-alike",
            "A third of the bytes; called, it gives the logits of its codes; 0.98 of the digits stay as read",
            SMALL,
            # Over 20 draws: 0.007 at most for right answers, 0.24 at least without a ReLU.
            fact("called_off_stored", at_most=0.03),
            # Over 40 randomized models: 0.997 at least for three right answers, 0.18 at most for fresh layers.
            fact("agreement", at_least=0.98),
            beside=OF_THE_MODEL,
        ),
        measured(
            "keeps-model",
            "The model that was given is unchanged",
            changed(),
            fact("inputs_changed", equals=False),
            beside=OF_THE_MODEL,
        ),
    ),
    symptoms={
        "output-too": (
            fact("is_quantized", weight="hidden1.weight", equals=True),
            fact("is_quantized", weight="output.weight", equals=True),
        ),
        "layers-lost": (
            *HIDDEN_CODES,
            *WITHIN_HALF_A_STEP,
            *BIASES_KEPT,
            fact("called_off_stored", at_least=0.1),
        ),
        "half-precision": (
            *(fact("change_from_half", weight=weight, at_most=0) for weight in HIDDEN),
            *(fact("change_of_weight", weight=weight, at_least=1e-9) for weight in HIDDEN),
        ),
        "torchao-instead": (
            *HIDDEN_CODES,
            *(fact("weight_dtype", weight=weight, equals="int8") for weight in HIDDEN),
        ),
        "nothing-swapped": (fact("changed_weights", equals=0),),
        "rounded-floats": (
            *(fact("is_quantized", weight=weight, equals=False) for weight in HIDDEN),
            # 253 numbers at most on one grid of 8 bits for the whole weight; as many as weights where some became 0
            *(fact("distinct_numbers", weight=weight, at_most=256) for weight in HIDDEN),
            *(fact("change_of_weight", weight=weight, at_least=4e-4, at_most=0.05) for weight in HIDDEN),
        ),
        "works-in-place": (
            *HIDDEN_CODES,
            *WITHIN_HALF_A_STEP,  # otherwise the change may be another one
            *float_output(),
            *BIASES_KEPT,
            fact("input_numbers_changed", equals=True),
        ),
        "few-codes-used": (
            fact("error_in_steps", weight="hidden1.weight", at_most=HALF_A_STEP),
            fact("step_excess", weight="hidden1.weight", at_least=1.5),
        ),
        "untrained-layers": (
            *HIDDEN_CODES,
            # 0.02 at most for fresh layers; near 1 where the weights were scaled, clamped or rounded first
            *(fact("likeness", weight=weight, at_least=-0.2, at_most=0.2) for weight in HIDDEN),
        ),
    },
    public=(
        Case("codes", ZooModel("digits_mlp")).calling(pixels(slice(0, 16))),
        Case("codes", ZooModel("digits_mlp", seed=3)).calling(pixels(slice(16, 32))),
    ),
    private=fresh_model,
)
