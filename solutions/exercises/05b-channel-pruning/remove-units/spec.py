import torch

from quizlib.authoring import Case, ExerciseSpec, ZooModel, measured

from ..common import (
    KEPT_MODEL,
    SAME_OUTPUTS,
    drawn_channels,
    drawn_model,
    drawn_rows,
    shapes,
    test_pixels,
)


def masked_network(model, layer, units):
    """The oracle zeroes the rows and biases of every layer that makes these units."""
    makers = [model.block.first] if layer == "block.first" else [model.stem, model.block.second]
    with torch.no_grad():
        for maker in makers:
            maker.weight[units] = 0
            maker.bias[units] = 0
    return torch.nn.Sequential(model).eval()


def _case(behaviour, model, layer, units, rows):
    return Case(behaviour, model, layer, units).calling(test_pixels(*rows))


def of_stream(width):
    return shapes(
        stem__weight=(width, 64),
        stem__bias=(width,),
        block__first__weight=(64, width),
        block__second__weight=(width, 64),
        block__second__bias=(width,),
        output__weight=(10, width),
    )


def fresh_networks(generator):
    def drawn(behaviour, layer, count):
        units = drawn_channels(generator, 64, count)
        return _case(behaviour, drawn_model(generator, "digits_residual"), layer, units, drawn_rows(generator))

    return [
        drawn("inside", "block.first", 21),
        drawn("stream", "stem", 17),
        drawn("sum", "block.second", 9),
        drawn("sum", "block.second", 9),
    ]


EXERCISE = ExerciseSpec(
    title="Remove units with all that hangs on them",
    response="function",
    setup="""\
import copy

import torch
import torch_pruning as tp
from torch import nn

from quizlib.zoo import digits_residual

residual = digits_residual()
""",
    hints=(
        "`tp.DependencyGraph().build_dependency(copied, example_inputs=torch.zeros(1, 64))` finds the groups.",
        "`graph.get_pruning_group(copied.get_submodule(layer), tp.prune_linear_out_channels, idxs=units)`, "
        "and then `.prune()`.",
    ),
    criteria=(
        measured(
            "inside",
            "Units inside of the block are gone from both layers",
            SAME_OUTPUTS,
            *shapes(
                stem__weight=(64, 64),
                block__first__weight=(43, 64),
                block__first__bias=(43,),
                block__second__weight=(64, 43),
                output__weight=(10, 64),
            ),
        ),
        measured(
            "stream",
            "Units of the stream are gone from all that write and read it",
            SAME_OUTPUTS,
            *of_stream(47),
            points=2,
        ),
        measured("sum", "So are they where one begins behind the sum", SAME_OUTPUTS, *of_stream(55), points=2),
        measured(
            "keeps-model",
            "The model that was given is unchanged",
            KEPT_MODEL,
            beside=("inside", "stream", "sum"),
        ),
    ),
    reference=masked_network,
    public=(
        _case("inside", ZooModel("digits_residual"), "block.first", [*range(3, 45, 2)], (0, 1, 2, 3)),
        _case("stream", ZooModel("digits_residual", seed=2), "stem", [0, *range(5, 50, 3), 63], (4, 5, 6)),
        _case("sum", ZooModel("digits_residual", seed=3), "block.second", [2, 6, 9, 20, 31, 40, 41, 50, 62], (7, 8, 9)),
        _case("sum", ZooModel("digits_residual"), "block.second", [1, 7, 8, 22, 30, 44, 45, 51, 60], (1, 5, 9)),
    ),
    private=fresh_networks,
)
