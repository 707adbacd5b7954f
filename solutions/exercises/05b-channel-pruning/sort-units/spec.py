import numpy as np
import torch
from torch import nn

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

from ..common import KEPT_MODEL, SAME_OUTPUTS, drawn_rows, drawn_seed, test_pixels


def sorted_by_products(model):
    """The oracle multiplies with permutation matrices, in float64."""

    def permutation(weight):
        norms = np.square(weight.detach().double().numpy()).sum(axis=1)
        return torch.eye(len(norms), dtype=torch.float64)[np.argsort(-norms).tolist()]

    stream, inside = permutation(model.stem.weight), permutation(model.block.first.weight)
    tidy = zoo.residual_architecture()
    nothing_before = torch.eye(64, dtype=torch.float64)
    for name, rows, columns in (
        ("stem", stream, nothing_before),
        ("block.first", inside, stream),
        ("block.second", stream, inside),
        ("output", torch.eye(10, dtype=torch.float64), stream),
    ):
        layer, given = tidy.get_submodule(name), model.get_submodule(name)
        layer.weight = nn.Parameter((rows @ given.weight.detach().double() @ columns.T).float())
        layer.bias = nn.Parameter((rows @ given.bias.detach().double()).float())
    return tidy


def clear_seed(generator):
    """Return a seed of a network in which no two norms are so near that float32 could exchange them."""
    while True:
        seed = drawn_seed(generator)
        model = zoo.randomized("digits_residual", seed)
        norms = [layer.weight.detach().double().norm(dim=1).sort().values for layer in (model.stem, model.block.first)]
        if all(float((one.diff() / one[1:]).min()) > 2e-6 for one in norms):
            return seed


def fresh_networks(generator):
    return [
        Case("same-outputs", ZooModel("digits_residual", seed=clear_seed(generator))).calling(
            test_pixels(*drawn_rows(generator))
        )
        for _ in range(2)
    ]


def sorted_as_expected(*names):
    return [fact("change_from_expected", weight=name, at_most=0) for name in names]


EXERCISE = ExerciseSpec(
    title="Sort the units of a residual network",
    response="function",
    setup="""\
import copy

import torch
from torch import nn

from quizlib.zoo import digits_residual, load_digits

residual = digits_residual().requires_grad_(False)
pixels = torch.from_numpy(load_digits().x_val[:20])
""",
    hints=(
        "Which layers write into the stream `x` (their rows and biases), and which read it (their columns)?",
        "`stem` and `block.second` write it, `block.first` and `output` read it. "
        "The norm of a row does not depend on the order of its columns.",
        "Take both orders first, from the model that was given; then index rows and columns of each layer.",
    ),
    criteria=(
        measured("stream", "The stream is sorted by norm", *sorted_as_expected("stem.weight", "stem.bias"), points=2),
        measured("inside", "The units inside the block are sorted by norm", *sorted_as_expected("block.first.bias")),
        measured(
            "same-outputs",
            "The copy computes what the model computes",
            SAME_OUTPUTS,
            points=3,
            beside=("stream", "inside"),
        ),
        measured("keeps-model", "The model that was given is unchanged", KEPT_MODEL, beside=("stream", "inside")),
    ),
    reference=sorted_by_products,
    public=(
        Case("same-outputs", ZooModel("digits_residual")).calling(test_pixels(0, 5, 9, 14)),
        Case("same-outputs", ZooModel("digits_residual", seed=3)).calling(test_pixels(2, 3, 8)),
    ),
    private=fresh_networks,
)
