import io

import torch
from torch import nn

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured
from quizlib.zoo import eager

from ..common import BIASES_OF_FILE, HALF_A_STEP, RESIDUAL, RESIDUAL_LAYERS, drawn_seed, saved_state, test_pixels


def old_checkpoint(model, weight_observer=None):
    """Return the file of a model that eager mode converted; the observer chooses the grid of the weights."""
    observer = weight_observer or eager.default_weight_observer
    scheme = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=observer)
    return saved_state(eager.quantize_dynamic(model, {nn.Linear: scheme}, dtype=torch.qint8))


def affine_checkpoint(model):
    observer = eager.MinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_tensor_affine)
    return old_checkpoint(model, observer)


def channel_checkpoint(model):
    return old_checkpoint(model, eager.default_per_channel_weight_observer)


def old_float_model(file, model):
    """Return what the checkpoint stands for, in float32."""
    state = torch.load(io.BytesIO(file), weights_only=True)
    restored = zoo.residual_architecture()
    with torch.no_grad():
        for name in RESIDUAL_LAYERS:
            weight, bias = state[f"{name}._packed_params._packed_params"]
            restored.get_submodule(name).weight.copy_(weight.dequantize())
            restored.get_submodule(name).bias.copy_(bias)
    return restored


def fresh_checkpoints(generator):
    def drawn():
        return zoo.randomized(RESIDUAL, drawn_seed(generator))

    def other():
        return ZooModel(RESIDUAL, seed=drawn_seed(generator))

    pixels = test_pixels(*generator.choice(360, size=8, replace=False))
    # Codes, biases and the model that was given are looked at in all of them.
    return [
        Case("half-a-step", old_checkpoint(drawn()), other()).calling(pixels),
        Case("channel-scales", channel_checkpoint(drawn()), other()).calling(pixels),
        Case("zero-point", affine_checkpoint(drawn()), other()).calling(pixels),
    ]


PIXELS = test_pixels(0, 1, 2, 3)
RESIDUAL_WEIGHTS = tuple(f"{layer}.weight" for layer in RESIDUAL_LAYERS)
NEAR_OLD = tuple(fact("error_in_steps_of_expected", weight=weight, at_most=HALF_A_STEP) for weight in RESIDUAL_WEIGHTS)

ROW_GRIDS = tuple(
    condition
    for weight, rows in zip(RESIDUAL_WEIGHTS, (64, 64, 64, 10), strict=True)
    for condition in (
        fact("code_dtype", weight=weight, equals="int8"),
        fact("code_bits", weight=weight, at_least=8),  # half a step bounds nothing where few codes are used
        fact("scale_count", weight=weight, equals=rows),
    )
)

OF_THE_FILE = ("half-a-step", "channel-scales", "zero-point", "biases")
"""What no answer for another checkpoint meets, which has such codes, too."""

EXERCISE = ExerciseSpec(
    title="Move an old checkpoint to torchao",
    response="function",
    setup="""\
import copy
import io

import torch
from torch import nn
from torchao.quantization import (
    Int8DynamicActivationInt8WeightConfig,
    Int8WeightOnlyConfig,
    quantize_,
)

from quizlib import zoo
from quizlib.zoo import eager

# A checkpoint from before: eager mode's dynamic quantization, saved as a state dict.
old = eager.quantize_dynamic(zoo.digits_residual(), {nn.Linear}, dtype=torch.qint8)
saved = io.BytesIO()
torch.save(old.state_dict(), saved)
old_file = saved.getvalue()
""",
    hints=(
        "Print the keys of the state dict: `'stem._packed_params._packed_params'` holds a pair, the quantized weight "
        "and the bias.",
        "`weight.dequantize()` knows scale and zero point, one for all or one a row; with `weight.int_repr()` alone "
        "you have to.",
        "`quantize_` takes float32 weights: copy the dequantized ones into a copy of `model` first.",
    ),
    criteria=(
        measured(
            "codes", "Each layer holds int8 codes of torchao, with one scale a row", *ROW_GRIDS, beside=OF_THE_FILE
        ),
        measured("half-a-step", "Each code is within half a new step of the old model's weight", *NEAR_OLD),
        measured("channel-scales", "An old weight with one scale a row is read right", *NEAR_OLD),
        measured("zero-point", "An old weight whose zero point is not 0 is read right", *NEAR_OLD),
        measured(
            "biases",
            "The biases are those of the checkpoint; called, the model gives the logits of what it holds",
            *BIASES_OF_FILE,
            # Over 12 draws: 0.008 at most for right answers, whose activations have 8 bits.
            fact("called_off_stored", at_most=0.04),
        ),
        measured(
            "keeps-model",
            "The model that was given is unchanged",
            *ROW_GRIDS,
            fact("inputs_changed", equals=False),
            beside=OF_THE_FILE,
        ),
    ),
    symptoms={
        "few-bits": (
            fact("scale_count", weight="stem.weight", equals=64),
            fact("code_bits", weight="stem.weight", at_most=7),
        ),
        "own-weights": (*(fact("error_in_steps", weight=weight, at_most=HALF_A_STEP) for weight in RESIDUAL_WEIGHTS),),
        "zero-point-ignored": (
            *ROW_GRIDS,
            # Over 40 models: 1.0 at most, as for the right answer; the weights of `model` itself make it 350 at least.
            *(fact("row_drift_in_steps", weight=weight, at_most=1.1) for weight in RESIDUAL_WEIGHTS),
            *BIASES_OF_FILE,
            fact("inputs_changed", equals=False),
        ),
        "biases-left": (
            *NEAR_OLD,
            fact("change_from_expected", weight="stem.bias", at_least=1e-6),
            *(fact("change_of_weight", weight=f"{layer}.bias", at_most=0) for layer in RESIDUAL_LAYERS),  # of `model`
        ),
        "still-float": (
            fact("quantized_weights", equals=0),
            fact("change_from_expected", weight="stem.weight", at_most=1e-6),
        ),
        "works-in-place": (
            *NEAR_OLD,
            *BIASES_OF_FILE,
            fact("input_numbers_changed", equals=True),
        ),
    },
    reference=old_float_model,
    public=(
        Case("half-a-step", old_checkpoint(zoo.digits_residual()), ZooModel(RESIDUAL, seed=1)).calling(PIXELS),
        Case("channel-scales", channel_checkpoint(zoo.randomized(RESIDUAL, 3)), ZooModel(RESIDUAL, seed=2)).calling(
            PIXELS
        ),
        Case("zero-point", affine_checkpoint(zoo.randomized(RESIDUAL, 6)), ZooModel(RESIDUAL, seed=4)).calling(PIXELS),
    ),
    private=fresh_checkpoints,
)
