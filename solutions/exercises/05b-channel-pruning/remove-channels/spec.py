import torch

from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

from ..common import (
    KEPT_MODEL,
    SAME_OUTPUTS,
    drawn_channels,
    drawn_model,
    drawn_rows,
    shapes,
    test_images,
)


class Masked(torch.nn.Module):
    """The whole network, in which some channels are multiplied by zero behind their batch norm."""

    def __init__(self, model, mask):
        super().__init__()
        self.model, self.mask = model, mask

    def forward(self, x):
        x = self.model.bn1(self.model.conv1(x)) * self.mask[None, :, None, None]
        return self.model[2:](x)


def masked_network(model, keep):
    mask = torch.zeros(model.conv1.out_channels)
    mask[keep] = 1
    return Masked(model, mask).eval()


def _case(behaviour, model, keep, rows):
    return Case(behaviour, model, keep).calling(test_images(*rows))


SMALLER = shapes(
    conv1__weight=(11, 1, 3, 3),
    bn1__weight=(11,),
    bn1__bias=(11,),
    bn1__running_mean=(11,),
    bn1__running_var=(11,),
    conv2__weight=(32, 11, 3, 3),
    output__weight=(10, 128),
)


def fresh_networks(generator):
    def drawn(behaviour, count):
        keep = drawn_channels(generator, 16, count)
        return _case(behaviour, drawn_model(generator, "digits_cnn"), keep, drawn_rows(generator))

    return [
        drawn("same-outputs", 9),
        drawn("same-outputs", 13),
        drawn("smaller", 11),
        drawn("sizes", 7),
        drawn("single", 1),
    ]


EXERCISE = ExerciseSpec(
    title="Remove channels for good",
    response="function",
    setup="""\
import copy

import torch
from torch import nn

from quizlib.zoo import digits_cnn

net = digits_cnn()
""",
    hints=(
        "Six arrays have an entry for each channel of `conv1`: one of `conv1`, four of `bn1`, and one of `conv2`, "
        "on another axis.",
        "`nn.Parameter(conv.weight.detach()[keep])` is a smaller parameter; `running_mean` and `running_var` are "
        "buffers, and take a plain tensor.",
        "The weight of `conv2` has shape (outputs, inputs, 3, 3): `[:, keep]`.",
    ),
    criteria=(
        measured(
            "same-outputs",
            "The smaller network computes what the masked one computes",
            SAME_OUTPUTS,
            points=3,
            beside=("smaller",),
        ),
        measured(
            "smaller",
            "All arrays have only the channels that stay",
            *SMALLER,
            fact("change_of_weight", weight="output.weight", at_most=0),  # of another network all shapes are the same
        ),
        measured("sizes", "The layers tell their new sizes", fact("sizes_off", at_most=0), beside=("smaller",)),
        measured(
            "single",
            "A single channel may stay",
            SAME_OUTPUTS,
            *shapes(conv1__weight=(1, 1, 3, 3), conv2__weight=(32, 1, 3, 3)),
        ),
        measured("keeps-model", "The model that was given is unchanged", KEPT_MODEL, beside=("smaller",)),
    ),
    reference=masked_network,
    public=(
        _case("same-outputs", ZooModel("digits_cnn"), [0, 2, 3, 5, 8, 9, 11, 13, 15], (0, 1, 2, 3)),
        _case("same-outputs", ZooModel("digits_cnn", seed=2), [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15], (4, 5, 6)),
        _case("smaller", ZooModel("digits_cnn", seed=4), [1, 2, 4, 5, 6, 8, 9, 11, 12, 14, 15], (7, 8, 9)),
        _case("sizes", ZooModel("digits_cnn", seed=6), [0, 3, 4, 8, 10, 12], (2, 5, 8)),
        _case("single", ZooModel("digits_cnn", seed=5), [6], (1, 4, 7)),
    ),
    private=fresh_networks,
)
