from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

from ..common import FINEST_STEPS, HALF_A_STEP, HIDDEN_CODES, SMALL, WEIGHTS, changed, float_output

QUANTIZE_SETUP = """\
import copy

import torch
from torch import nn

from quizlib import zoo
from quizlib.zoo.eager import quantize_dynamic

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
"""


def fresh_model(generator):
    return [Case("codes", ZooModel("digits_mlp", seed=int(generator.integers(0, 2**31))))]


EXERCISE = ExerciseSpec(
    revision=3,  # the width of the steps is judged
    title="Quantize the hidden layers",
    response="function",
    setup=QUANTIZE_SETUP,
    hints=(
        "`quantize_dynamic(model, {'name of a layer', …}, dtype=torch.qint8)` converts the layers of these names.",
        "A name that no child has is skipped without a word; print the result and look at the class of each layer.",
    ),
    criteria=(
        measured("codes", "`hidden1` and `hidden2` store int8 codes", *HIDDEN_CODES),
        measured("float-output", "`output` holds the float32 weights that were given", *float_output()),
        measured(
            "half-a-step",
            "Each code is within half a step of its weight, on steps no wider than 8 bits need",
            *(fact("error_in_steps", weight=weight, at_most=HALF_A_STEP) for weight in WEIGHTS[:2]),
            *(fact("step_excess", weight=weight, at_most=FINEST_STEPS) for weight in WEIGHTS[:2]),
        ),
        measured(
            "small-and-alike",
            "A third of the bytes, and the same class for 0.98 of the digits it is tried on",
            SMALL,
            # Over 40 randomized models: 0.997 at least for three right answers, 0.18 at most for fresh layers.
            fact("agreement", at_least=0.98),
        ),
        measured(
            "keeps-model", "The model that was given is unchanged", changed(), fact("inputs_changed", equals=False)
        ),
    ),
    symptoms={
        "output-too": (
            fact("is_quantized", weight="hidden1.weight", equals=True),
            fact("is_quantized", weight="output.weight", equals=True),
        ),
        "half-precision": (
            changed(),
            fact("is_quantized", weight="hidden1.weight", equals=False),
            fact("change_of_weight", weight="hidden1.weight", at_most=2e-4),
        ),
        "nothing-swapped": (fact("changed_weights", equals=0),),
        "rounded-floats": (
            fact("is_quantized", weight="hidden1.weight", equals=False),
            fact("change_of_weight", weight="hidden1.weight", at_least=4e-4, at_most=0.05),
        ),
        "works-in-place": (
            *HIDDEN_CODES,
            fact("is_quantized", weight="output.weight", equals=False),
            fact("inputs_changed", equals=True),
        ),
        "few-codes-used": (
            fact("error_in_steps", weight="hidden1.weight", at_most=HALF_A_STEP),
            fact("step_excess", weight="hidden1.weight", at_least=1.5),
        ),
        "untrained-layers": (
            fact("is_quantized", weight="output.weight", equals=False),
            fact("error_in_steps", weight="hidden1.weight", at_least=5),
        ),
    },
    public=(Case("codes", ZooModel("digits_mlp")),),
    private=fresh_model,
)
