import io
import sys
from fractions import Fraction

import torch
from torch import nn

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured, raising
from quizlib.zoo import eager

from ..common import EAGER_SETUP, drawn_model, test_pixels

LAYERS_OF_RESIDUAL = ("stem", "block.first", "block.second", "output")


def as_file(saved):
    file = io.BytesIO()
    torch.save(saved, file)
    return file.getvalue()


def saved_dynamic(seed):
    model = zoo.randomized("digits_residual", seed)
    return as_file(eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8).state_dict())


def library_loaded(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    skeleton = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    skeleton.load_state_dict(state)
    return skeleton


class Program:
    """What a pickle makes of it is a call: whoever unpickles it leaves Python."""

    def __init__(self, code):
        self.code = code

    def __reduce__(self):
        return sys.exit, (self.code,)


def fresh_files(generator):
    seeds = generator.choice(100_000, size=3, replace=False)
    return [
        Case("codes", saved_dynamic(int(seeds[0])), ZooModel("digits_residual", seed=int(seeds[1]))).calling(
            test_pixels(*generator.choice(360, size=8, replace=False))
        ),
        *(
            Case("refuses-objects", as_file({"stem.weight": thing}), drawn_model(generator, "digits_residual"))
            for thing in (Fraction(int(seeds[2]) + 1, 7), Program(int(seeds[2])))
        ),
    ]


EXERCISE = ExerciseSpec(
    title="Load a quantized model",
    response="function",
    setup="import io\n\n"
    + EAGER_SETUP
    + """
saved = io.BytesIO()
served = eager.quantize_dynamic(zoo.digits_residual(), {nn.Linear}, dtype=torch.qint8)
torch.save(served.state_dict(), saved)
file = saved.getvalue()
other = zoo.randomized("digits_residual", 1)  # the same architecture, other weights
""",
    hints=(
        "`torch.load(io.BytesIO(file), weights_only=True)` reads the state dict and refuses everything but tensors and "
        "plain values.",
        "A float model has no place for codes: convert `model` first, so that its layers have the "
        "right names, then load.",
        "`load_state_dict` changes a model in place and returns a report, not the model.",
    ),
    criteria=(
        measured(
            "codes",
            "The codes and scales are those of the file",
            fact("quantized_weights", equals=4),
            fact("codes_off_expected", at_most=0),
            points=2,
        ),
        measured("biases", "The biases are those of the file", fact("floats_off_expected", at_most=0)),
        measured(
            "layers",
            "Each layer holds int8 codes under its own name; called, the model gives the logits of its codes",
            *(fact("code_dtype", weight=f"{layer}.weight", equals="int8") for layer in LAYERS_OF_RESIDUAL),
            # Over 6 draws: 0.011 at most for right answers, whose activations have 7 bits.
            fact("called_off_stored", at_most=0.04),
            beside=("codes", "biases"),  # those of the file, and not of another one
        ),
        raising(
            "refuses-objects",
            "A file that holds more than tensors raises an UnpicklingError before a program in it runs",
            "UnpicklingError",
        ),
    ),
    # No symptoms: a file that is refused gives no output to measure. Each mistake is known by the models' tensors.
    reference=library_loaded,
    public=(
        Case("codes", saved_dynamic(2), ZooModel("digits_residual", seed=1)).calling(test_pixels(0, 1, 2, 3)),
        Case("refuses-objects", as_file({"stem.weight": Program(1)}), ZooModel("digits_residual", seed=1)),
    ),
    private=fresh_files,
)
