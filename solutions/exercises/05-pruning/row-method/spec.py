import copy

import torch
from torch.nn.utils import prune

from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

LAYERS = ("hidden1", "hidden2", "output")
BEHAVIOURS = ("mask", "mask", "original", "computed", "biases", "keeps-model", "short-rows", "short-rows")
ENDS = ((3, 12), (30, 60), (3, 60), (3, 60), (3, 60), (3, 60), (70, 120), (140, 250))
"""How many weights each row keeps, from and below; rows have 64, 256 and 128 weights."""
CHANGED = fact("changed_weights", at_least=1)


def pruned_by_rows(model, kept):
    """The oracle hands over masks that it has made itself, row by row."""
    pruned = copy.deepcopy(model)
    for name in LAYERS:
        layer = pruned.get_submodule(name)
        mask = torch.zeros_like(layer.weight)
        for row, magnitudes in enumerate(layer.weight.detach().abs().tolist()):
            for place in sorted(range(len(magnitudes)), key=magnitudes.__getitem__, reverse=True)[:kept]:
                mask[row, place] = 1.0
        prune.custom_from_mask(layer, "weight", mask)
    return pruned


def fresh_models(generator):
    seeds = [int(seed) for seed in generator.integers(0, 2**31, size=len(ENDS))]
    few, some, one, two, three, four, many, most = (int(generator.integers(*ends)) for ends in ENDS)
    drawn = zip(BEHAVIOURS, seeds, (few, some, one, two, three, four, many, most), strict=True)
    return [Case(behaviour, ZooModel("digits_mlp", seed=seed), kept) for behaviour, seed, kept in drawn]


def same(name):
    return tuple(fact("change_from_expected", weight=f"{layer}.{name}", at_most=0) for layer in LAYERS)


EXERCISE = ExerciseSpec(
    title="A pruning method of your own",
    response="function",
    setup="""\
import copy

import torch
from torch import nn
from torch.nn.utils import prune

from quizlib import zoo

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "`compute_mask(self, t, default_mask)` gets the weight as `t`, and returns a mask of its shape.",
        "`torch.topk` gives the places of the largest of each row, if it is told the axis; and of a shorter row?",
        "What `apply` gets after layer and name it hands on to `__init__`.",
    ),
    criteria=(
        measured(
            "mask", "Each mask keeps the largest of each row, as many as asked", CHANGED, *same("weight_mask"), points=2
        ),
        measured("short-rows", "A row that has no more weights than that keeps all", CHANGED, *same("weight_mask")),
        measured("original", "The unpruned weights are stored beside the mask", *same("weight_orig")),
        measured("computed", "The layer's weight is their product", CHANGED, *same("weight")),
        measured("biases", "Biases have no mask, and their values", *same("bias"), beside=("mask", "computed")),
        measured(
            "keeps-model",
            "The model that was given is unchanged",
            CHANGED,
            fact("inputs_changed", equals=False),
            beside=("mask", "computed"),
        ),
    ),
    symptoms={
        "made-permanent": (*same("weight"), fact("pruning_leftovers", equals=0)),
        "whole-layer": (
            fact("kept_are_largest", weights=["hidden1.weight"], at_least=1.0),
            fact("kept_are_largest", weights=["hidden2.weight"], at_least=1.0),
            fact("change_from_expected", weight="hidden2.weight_mask", at_least=1),
            fact("zeros_unevenness", weight="hidden2.weight_mask", at_least=0.01),
        ),
        "smallest-kept": (
            fact("kept_by_order", weight="hidden2.weight", order="row", at_most=0.01),
            fact("zeros_unevenness", weight="hidden2.weight_mask", at_most=0),
        ),
        "biases-pruned": (
            *same("weight_mask"),
            *(fact("sparsity", weight=f"{layer}.bias", at_least=0.1, at_most=0.99) for layer in LAYERS),
        ),
        "works-in-place": (*same("weight_mask"), fact("inputs_changed", equals=True)),
    },
    reference=pruned_by_rows,
    public=(
        Case("mask", ZooModel("digits_mlp"), 10),
        Case("mask", ZooModel("digits_mlp", seed=4), 50),
        Case("short-rows", ZooModel("digits_mlp"), 100),
        Case("original", ZooModel("digits_mlp"), 12),
        Case("computed", ZooModel("digits_mlp"), 20),
        Case("biases", ZooModel("digits_mlp"), 8),
        Case("keeps-model", ZooModel("digits_mlp"), 30),
    ),
    private=fresh_models,
)
