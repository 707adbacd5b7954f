import io
from math import sqrt
from operator import getitem, truediv

import torch
from torch import nn
from torchao.quantization import Int8WeightOnlyConfig, IntxWeightOnlyConfig, PerGroup, quantize_

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, fact, measured, raising

from ..common import BIASES_OF_FILE, OWN_LAYERS, RESIDUAL, RESIDUAL_LAYERS, drawn_seed, one_of, saved_state, test_pixels


def reference_load(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    with torch.device("meta"):
        model = zoo.residual_architecture()
    model.load_state_dict(state, assign=True)
    return model


def int8_file(model):
    quantize_(model, Int8WeightOnlyConfig(), lambda module, name: isinstance(module, nn.Linear) and name != "output")
    return saved_state(model)


def int4_file(model):
    quantize_(model, IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)))
    return saved_state(model)


class Call:
    """An object whose pickle calls a function with these arguments when it is read."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def file_with_call(call):
    """Return a file that raises an error of its own as soon as anything in it is run."""
    file = io.BytesIO()
    torch.save({"stem.weight": torch.zeros(2), "extra": call}, file)
    return file.getvalue()


def int8_file_without(model, name):
    quantize_(model, Int8WeightOnlyConfig())
    file = io.BytesIO()
    torch.save({key: tensor for key, tensor in model.state_dict().items() if key != name}, file)
    return file.getvalue()


def fresh_int8_files(generator):
    drawn = [zoo.randomized(RESIDUAL, drawn_seed(generator)) for _ in range(4)]
    number, pixels = drawn_seed(generator), test_pixels(*generator.choice(360, size=8, replace=False))
    call = one_of(generator, Call(truediv, number, 0), Call(getitem, (), number), Call(sqrt, -number))
    return [
        Case("codes", int8_file(drawn[0])),
        Case("float-parts", int8_file(drawn[1])).calling(pixels),
        Case("any-scheme", int4_file(drawn[2])).calling(pixels),
        Case("refuses", file_with_call(call)),
        Case("refuses", int8_file_without(drawn[3], f"{one_of(generator, *RESIDUAL_LAYERS)}.bias")),
    ]


def same_codes(*layers):
    weights = [f"{layer}.weight" for layer in layers]
    return (
        *(fact("is_quantized", weight=weight, equals=True) for weight in weights),
        *(fact("error_in_steps_of_expected", weight=weight, at_most=0) for weight in weights),
    )


# What is stored is computed with in float32: rounding of sums alone, as in the exercises before.
OF_THE_FILE = fact("called_off_stored", origin=RESIDUAL, at_most=1e-4)

CODES_OF_FILE = same_codes(*OWN_LAYERS)

EXERCISE = ExerciseSpec(
    title="Load a quantized model without its float one",
    response="function",
    setup="""\
import io

import torch
from torch import nn
from torchao.quantization import Int8WeightOnlyConfig, quantize_  # also tells what is safe to load

from quizlib import zoo
""",
    hints=(
        "`io.BytesIO(file)` is a file that `torch.load` can read; `weights_only=True` is its default.",
        "Under `with torch.device('meta'):` a model is built with shapes and no numbers.",
        "`load_state_dict(state, assign=True)` puts the tensors of the file into the model, of whatever class; "
        "without it they are copied into the tensors that are there.",
    ),
    criteria=(
        measured("codes", "The codes and scales are those of the file", *CODES_OF_FILE, points=2),
        measured(
            "float-parts",
            "`output` and all biases are the float32 of the file; called, the model gives the logits of what it holds",
            *BIASES_OF_FILE,
            fact("weight_dtype", weight="output.weight", equals="float32"),
            fact("change_from_expected", weight="output.weight", at_most=0),
            OF_THE_FILE,
        ),
        measured(
            "any-scheme",
            "A file with 4-bit codes in groups is loaded as well",
            *same_codes(*RESIDUAL_LAYERS),
            fact("scale_count", weight="stem.weight", equals=128),
            OF_THE_FILE,
        ),
        raising(
            "refuses",
            "A file with anything but weights is refused before any of it runs, and so is one that lacks a tensor",
            "UnpicklingError",
            "RuntimeError",
        ),
    ),
    # The other mistakes load whatever is in order; they are known by what they do with the files that are not.
    symptoms={
        "floats-again": (
            fact("is_quantized", weight="stem.weight", equals=False),
            fact("change_from_expected", weight="stem.weight", at_most=1e-6),
        ),
        "requantized": (
            fact("is_quantized", weight="stem.weight", equals=True),
            fact("error_in_steps_of_expected", weight="stem.weight", at_least=1),
            # 0.2 at most for other weights; near 1 for those of the file on another grid, or of another layer
            fact("likeness_of_expected", weight="stem.weight", at_most=0.4),
        ),
    },
    reference=reference_load,
    public=(
        Case("codes", int8_file(zoo.digits_residual())),
        Case("float-parts", int8_file(zoo.randomized(RESIDUAL, 1))).calling(test_pixels(0, 1, 2)),
        Case("any-scheme", int4_file(zoo.digits_residual())).calling(test_pixels(3, 4, 5)),
        Case("refuses", file_with_call(Call(truediv, 1, 0))),
        Case("refuses", int8_file_without(zoo.digits_residual(), "block.second.bias")),
    ),
    private=fresh_int8_files,
)
