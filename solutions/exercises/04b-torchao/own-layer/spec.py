import torch
from torch import nn

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, fact, measured

from ..common import GIVEN_KEPT, HALF_A_STEP, OWN_LAYERS, RESIDUAL, fresh_pixels, test_pixels

RESIDUAL_BYTES = 4 * (3 * (64 * 64 + 64) + 64 * 10 + 10)


def own_codes(*layers):
    return tuple(fact("weight_dtype", weight=f"{layer}.codes", equals="int8") for layer in layers)


def half_a_step_off(layer):
    return (fact("buffer_error_in_steps", layer=layer, origin=RESIDUAL, at_most=HALF_A_STEP),)


def row_scales(layer):
    return (
        fact("array_shape", weight=f"{layer}.scale", equals="(64,)"),
        fact("weight_dtype", weight=f"{layer}.scale", equals="float32"),
        fact("buffer_scale_off", layer=layer, quant_max=127, origin=RESIDUAL, at_most=1e-3),
        *half_a_step_off(layer),
    )


class ReferenceInt8Linear(nn.Module):
    def __init__(self, layer):
        super().__init__()
        scale = layer.weight.detach().abs().amax(1) / 127
        self.register_buffer("codes", torch.round(layer.weight.detach() / scale[:, None]).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.T.to(x.dtype) * self.scale + self.bias


def reference_own(x):
    model = zoo.digits_residual()
    for name in OWN_LAYERS:
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, ReferenceInt8Linear(model.get_submodule(name)))
    with torch.no_grad():
        return model(x)


COMPUTES = ("outputs",)
"""What was kept, or became smaller, counts beside a layer that computes what it stores."""


EXERCISE = ExerciseSpec(
    title="Write a quantized layer, and swap it in",
    response="torch_model",
    name="own",
    keeps=("residual",),
    setup="""\
import copy

import torch
from torch import nn

from quizlib import zoo

residual = zoo.digits_residual()  # stem, block.first, block.second: 64 → 64; output: 64 → 10
""",
    hints=(
        "`self.register_buffer('codes', codes)` stores a tensor that is no parameter: it has no gradient, and it is "
        "saved with the model.",
        "A scale belongs to a row of the weight, an output, so it can be multiplied in after the product: "
        "`x @ codes.T.to(x.dtype) * scale + bias`.",
        "`named_children()` sees one level. Call your function again on each child that is not an `nn.Linear`; "
        "`setattr(parent, name, new)` replaces one.",
    ),
    criteria=(
        measured("stem", "`stem` holds int8 `codes`", *own_codes("stem")),
        measured(
            "nested",
            "`block.first` and `block.second`, one level down, hold int8 `codes` too",
            *own_codes("block.first", "block.second"),
        ),
        measured(
            "row-scales",
            "`scale`, of shape (out,), is each row's largest magnitude over 127, and each code within half a step",
            *(condition for layer in OWN_LAYERS for condition in row_scales(layer)),
            points=2,
        ),
        measured(
            "outputs",
            "The outputs are those of the stored codes, scales and biases",
            # Over 40 draws of 16 rows: 6e-6 at most for right answers, 1.6 at least without the biases.
            fact("error_of_buffers", layers=list(OWN_LAYERS), origin=RESIDUAL, at_most=1e-3),
            points=3,
        ),
        measured(
            "float-output",
            "`output` is the float32 layer of `residual`, beside layers that hold codes",
            *own_codes("stem"),
            fact("weight_dtype", weight="output.weight", equals="float32"),
            fact("change_of_weight", weight="output.weight", origin=RESIDUAL, at_most=0),
            beside=COMPUTES,
        ),
        measured(
            "saved",
            "Codes and scales are buffers, and a state dict holds them",
            *own_codes("stem"),
            fact("tensors_not_buffers", names=["codes", "scale"], equals=0),
            fact("unsaved_tensors", equals=0),
        ),
        # codes, scales, biases and the output layer take 16,424 bytes of 52,520; a float32 copy adds 16,384 a layer
        measured("kept", "`residual` is as the setup made it", *own_codes("stem"), GIVEN_KEPT, beside=COMPUTES),
        measured("small", "A third of the bytes", fact("weight_bytes", at_most=0.35 * RESIDUAL_BYTES), beside=COMPUTES),
    ),
    # The buffers of "not-transposed" and "bias-lost" are those of the right answer; the two are known by the outputs.
    symptoms={
        "never-assigned": (
            fact("changed_weights", origin=RESIDUAL, equals=0),
            fact("weight_bytes", equals=RESIDUAL_BYTES),
        ),
        "children-only": (
            fact("weight_dtype", weight="stem.codes", equals="int8"),
            fact("weight_dtype", weight="block.first.weight", equals="float32"),
            fact("weight_bytes", at_most=RESIDUAL_BYTES),
        ),
        "output-too": (
            fact("weight_dtype", weight="stem.codes", equals="int8"),
            fact("weight_dtype", weight="output.codes", equals="int8"),
        ),
        "output-changed": (
            *own_codes("stem"),
            fact("change_of_weight", weight="output.weight", origin=RESIDUAL, at_least=1e-9),
        ),
        "keeps-floats": (
            fact("weight_dtype", weight="stem.codes", equals="int8"),
            fact("weight_bytes", at_least=RESIDUAL_BYTES),
            fact("change_under_any_name", weight="stem.weight", origin=RESIDUAL, at_most=0),  # a copy of the floats
        ),
        "used-up": (
            *own_codes(*OWN_LAYERS),
            fact("given_changed", at_least=1),
        ),
        "one-scale": (
            *own_codes("stem"),
            *half_a_step_off("stem"),
            fact("distinct_numbers", weight="stem.scale", equals=1),
        ),
        "scales-of-columns": tuple(
            condition
            for layer in OWN_LAYERS
            for condition in (
                *own_codes(layer),
                fact("buffer_scale_off", layer=layer, quant_max=127, is_by_column=True, origin=RESIDUAL, at_most=1e-3),
            )
        ),
        "scale-as-column": (
            *own_codes("stem"),
            fact("array_shape", weight="stem.scale", equals="(64, 1)"),
        ),
        "torchaos-divisor": (
            *own_codes("stem"),
            *half_a_step_off("stem"),
            fact("buffer_scale_off", layer="stem", quant_max=127.5, origin=RESIDUAL, at_most=1e-3),
        ),
        "wraps-around": (
            *own_codes("stem"),
            fact("wrapped_share", layer="stem", origin=RESIDUAL, at_least=0.9),
        ),
        "no-magnitude": (
            *own_codes("stem"),
            fact("buffer_scale_off", layer="stem", quant_max=127, is_signed=True, origin=RESIDUAL, at_most=1e-3),
        ),
        "cut-off": (
            *own_codes("stem"),
            fact("buffer_error_in_steps", layer="stem", origin=RESIDUAL, at_least=0.6, at_most=1.01),
            fact("buffer_scale_off", layer="stem", quant_max=127, origin=RESIDUAL, at_most=1e-3),
        ),
        "plain-attributes": (
            *own_codes("stem"),
            fact("unsaved_tensors", at_least=1),
            fact("tensors_not_buffers", names=["codes", "scale"], at_least=1),
        ),
        "buffers-that-pass": (
            *own_codes("stem"),
            fact("unsaved_tensors", names=["codes", "scale"], at_least=1),
            fact("tensors_not_buffers", names=["codes", "scale"], equals=0),
        ),
        "as-parameters": (
            *own_codes("stem"),
            fact("unsaved_tensors", equals=0),
            fact("tensors_not_buffers", names=["codes", "scale"], at_least=1),
        ),
        "never-filled": (
            fact("entry_count", weight="stem.scale", equals=64),
            *own_codes("stem"),
            # 0.43 at most for fresh rows of 64; near 1 for rows that were clamped, wrapped, permuted or transposed
            fact("buffer_row_likeness", layer="stem", origin=RESIDUAL, at_most=0.6),
            # 250 and more for fresh numbers; 60 at most where weights were scaled wrongly, and are 0 for the most part
            fact("distinct_numbers", weight="stem.codes", at_least=150),
        ),
    },
    reference=reference_own,
    public=(Case("outputs", test_pixels(0, 1, 2, 3)),),
    private=fresh_pixels("outputs"),
)
