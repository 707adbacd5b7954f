import torch

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

PLACES = "input relu1 relu2 output"


def library_static(model, examples):
    blocks = [[f"module.{kind}{number}" for kind in ("conv", "bn", "relu")] for number in (1, 2)]
    return library_converted(eager.QuantWrapper(model), blocks, examples)


def training_images(rows):
    return torch.from_numpy(zoo.load_digits().images("train")[rows])


def held_out_images(rows):
    return torch.from_numpy(zoo.load_digits().images("val")[rows])


def fresh_calibrations(generator):
    served = generator.choice(360, size=20, replace=False)
    while True:
        seed, rows = int(generator.integers(1, 100_000)), generator.choice(1077, size=70, replace=False)
        examples = decisive_ends("digits_cnn", seed, training_images(rows))
        if examples is not None:
            return [case_of(seed, examples, held_out_images(served))]


def case_of(seed, examples, served):
    return Case("weights", ZooModel("digits_cnn", seed=seed), examples).calling(served)


def shown(seed, rows, served):
    return case_of(seed, decisive_ends("digits_cnn", seed, training_images(rows)), held_out_images(served))


# Over 7 draws: 0.15 at most for right answers, 4.2 for grids from one example; 7.5 at least where all logits are 0, as
# without a calibration, or where a softmax follows.
LOGITS_OFF = 6

OF_THE_MODEL = ("weights", "calibrated")
"""What no answer for another model meets, which has as many grids."""

EXERCISE = ExerciseSpec(
    title="Observe, then convert",
    response="function",
    setup=EAGER_SETUP
    + STATIC_QCONFIG
    + """
cnn = zoo.digits_cnn()  # conv1, bn1, relu1, pool1, conv2, bn2, relu2, pool2, flatten, output
examples = torch.from_numpy(zoo.load_digits().images("train")[:64])
""",
    hints=(
        "`eager.QuantWrapper(model)` puts a QuantStub before the model and a DeQuantStub behind it; the layers are "
        "then called `module.conv1` and so on.",
        "`eager.fuse_modules(model, [['module.conv1', 'module.bn1', 'module.relu1'], …])` wants the model in `eval()`.",
        "`model.qconfig = static_qconfig`, then `prepare`, a forward pass over "
        "`examples` under `torch.no_grad()`, `convert`.",
    ),
    criteria=(
        measured(
            "weights",
            "The three layers hold int8 codes of the folded weights, one scale a channel, and biases with the batch "
            "norms folded in",
            fact("quantized_weights", equals=3),
            # The largest weight of a channel lies on a border: a fold in another order of operations may turn its code.
            fact("codes_off_expected", steps=1.01, at_most=0),
            fact("floats_off_expected", at_most=1e-3),
        ),
        measured(
            "grids",
            "The input and each of the three layers has one activation grid",
            fact("activation_grids", equals=4),
            beside=OF_THE_MODEL,
        ),
        measured(
            "calibrated",
            "The grids are those that the setup's qconfig and all of `examples` give",
            same_grids(),
            points=3,
        ),
        measured(
            "gives-floats",
            "The converted model can be called on other images, and gives the floats of its codes and grids",
            fact("quantized_weights", equals=3),  # the float model gives floats, too
            fact("called_dtype", equals="float32"),
            fact("called_off_integers", at_most=OFF_BY_TIES),
            fact("called_error", at_most=LOGITS_OFF),
            beside=OF_THE_MODEL,
        ),
    ),
    symptoms={
        "nothing-converted": (fact("quantized_weights", equals=0),),
        "not-fused": (fact("activation_grids", equals=6),),
        "relu-not-fused": (
            fact("activation_grids", equals=4),
            other_grids(),
            grids_of("input bn1|relu1 bn2|relu2 output"),
        ),
        "not-calibrated": (
            fact("activation_grids", equals=4),
            fact("default_grids", equals=4),
        ),
        "no-way-back": (
            fact("quantized_weights", equals=3),
            fact("called_kind", equals="a quantized tensor"),
        ),
        **another_qconfig(3, PLACES, signed=1),
    },
    reference=library_static,
    public=(
        shown(None, slice(0, 64), slice(0, 20)),
        shown(2, OTHER_ROWS, slice(20, 40)),
    ),
    private=fresh_calibrations,
)
