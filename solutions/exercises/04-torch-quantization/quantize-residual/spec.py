import torch
from torch import nn

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured
from quizlib.zoo import eager

from ..common import (
    EAGER_SETUP,
    OFF_BY_TIES,
    OTHER_ROWS,
    STATIC_QCONFIG,
    another_qconfig,
    decisive_ends,
    grids_of,
    library_converted,
    other_grids,
    same_grids,
)

PLACES = "input stem_relu first_relu second sum_relu output"


class QuantizableResidual(nn.Module):
    """The layers of the residual MLP with stubs, and the sum as a module that can be observed."""

    def __init__(self, model):
        super().__init__()
        self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
        self.stem, self.stem_relu = model.stem, nn.ReLU()
        self.first, self.first_relu = model.block.first, nn.ReLU()
        self.second, self.output = model.block.second, model.output
        self.add = eager.FloatFunctional()

    def forward(self, x):
        h = self.stem_relu(self.stem(self.quant(x)))
        branch = self.second(self.first_relu(self.first(h)))
        return self.dequant(self.output(self.add.add_relu(h, branch)))


def library_residual(model, examples, pixels):
    blocks = [["stem", "stem_relu"], ["first", "first_relu"]]
    converted = library_converted(QuantizableResidual(model), blocks, examples)
    return converted, converted(pixels)


def training_pixels(rows):
    return torch.from_numpy(zoo.load_digits().x_train[rows])


def held_out_pixels(rows):
    return torch.from_numpy(zoo.load_digits().x_val[rows])


def fresh_residuals(generator):
    served = generator.choice(360, size=20, replace=False)
    while True:
        seed, rows = int(generator.integers(1, 100_000)), generator.choice(1077, size=70, replace=False)
        examples = decisive_ends("digits_residual", seed, training_pixels(rows))
        if examples is not None:
            return [case_of(seed, examples, held_out_pixels(served))]


def case_of(seed, examples, pixels):
    """Return the case in which the model that is returned is called, too, on the pixels that it is to have read."""
    return Case("weights", ZooModel("digits_residual", seed=seed), examples, pixels).calling(pixels)


def shown(seed, rows, served):
    return case_of(seed, decisive_ends("digits_residual", seed, training_pixels(rows)), held_out_pixels(served))


def of_model(name, **bounds):
    """Return a fact about the first part of what `quantize_residual` returns, which is the model."""
    return fact(name, part=0, **bounds)


# Over 36 draws: 1.02 at most where grids are coarser, three to four of their steps; 3.2 at least for another summand.
LOGITS_OFF = 1.8

AS_ITS_INTEGERS = of_model("called_off_integers", at_most=OFF_BY_TIES)

# A step of the last grid is 0.1 at least; one and the same model gives the same codes.
SAME_LOGITS = 1e-4

RIGHT_CODES = (of_model("observed_sums", equals=1), of_model("codes_off_expected", at_most=0))

EXERCISE = ExerciseSpec(
    title="Add inside a quantized model",
    response="function",
    setup=EAGER_SETUP
    + STATIC_QCONFIG
    + """
residual = zoo.digits_residual()  # stem, relu, block (first, relu, second), output
examples = torch.from_numpy(zoo.load_digits().x_train[:64])
pixels = torch.from_numpy(zoo.load_digits().x_val[:20])
""",
    hints=(
        "Write a class whose `__init__` takes the layers of `model` and adds `eager.QuantStub()`, "
        "`eager.DeQuantStub()` and `eager.FloatFunctional()` as modules.",
        "`self.add.add_relu(x, y)` is relu(x + y), with one grid for the result.",
        "One ReLU module for each place: `fuse_modules` puts an Identity where the ReLU was, and a ReLU that serves "
        "two places cannot be fused twice.",
        "`model.eval()` comes before `fuse_modules`: a class of your own starts in training mode.",
    ),
    criteria=(
        measured(
            "weights",
            "The four linear layers hold int8 codes, one scale a row",
            of_model("quantized_weights", equals=4),
            of_model("codes_off_expected", at_most=0),
        ),
        measured(
            "grids",
            "The input, each layer and the sum by its FloatFunctional has one activation grid; called, the model gives "
            "what these give",
            of_model("activation_grids", equals=6),
            of_model("observed_sums", equals=1),
            of_model("called_off_integers", at_most=OFF_BY_TIES),
        ),
        measured(
            "calibrated",
            "The grids are those that the setup's qconfig and all of `examples` give, each ReLU fused with its layer",
            same_grids(part=0),
            points=3,
        ),
        measured(
            "gives-floats",
            "The converted model can be called, and what it gives for `pixels`, in float32, are the logits",
            fact("output_dtype", part=1, equals="float32"),
            fact("largest_error", part=1, at_most=LOGITS_OFF),
            fact("off_called", part=1, at_most=SAME_LOGITS),
        ),
    ),
    symptoms={
        "sum-in-floats": (
            of_model("quantized_weights", equals=4),
            of_model("observed_sums", equals=0),
            of_model("default_grids", at_most=1),
            fact("largest_error", part=1, at_most=LOGITS_OFF),  # more where there is no sum at all
        ),
        "relu-after-sum": (
            *RIGHT_CODES,
            grids_of("input stem_relu first_relu second sum output", part=0),
            AS_ITS_INTEGERS,  # without any ReLU it gives something else
        ),
        "relus-not-fused": (
            *RIGHT_CODES,
            other_grids(part=0),
            grids_of("input stem|stem_relu first|first_relu second sum_relu output", part=0),
            AS_ITS_INTEGERS,
        ),
        "not-calibrated": (of_model("activation_grids", equals=6), of_model("default_grids", equals=6)),
        "wrong-summand": (
            *RIGHT_CODES,
            grids_of(PLACES, summand="input|first_relu|second", part=0),
        ),
        "calibrated-on-pixels": (
            *RIGHT_CODES,
            grids_of(PLACES, argument=2, part=0),
            AS_ITS_INTEGERS,
        ),
        **another_qconfig(4, PLACES, signed=2, part=0),
        "logits-of-another-model": (
            of_model("quantized_weights", equals=4),
            fact("largest_error", part=1, at_most=LOGITS_OFF),
            fact("off_called", part=1, at_least=SAME_LOGITS),
        ),
        "no-way-back": (
            of_model("quantized_weights", equals=4),
            fact("output_kind", part=1, equals="a quantized tensor"),
        ),
    },
    reference=library_residual,
    public=(
        shown(None, slice(0, 64), slice(0, 20)),
        shown(2, OTHER_ROWS, slice(20, 40)),
    ),
    private=fresh_residuals,
)
