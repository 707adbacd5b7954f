"""Proofs of lesson 05: each question's key follows from what NumPy and PyTorch are seen to do."""

import copy
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils import prune

from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import Programs, ending

LESSON = Programs(Path(__file__).parents[1] / "questions" / "05_pruning.yaml")


def printed(item, instead):
    """The key is what the question's program prints."""
    return Proof(
        item=item,
        observe=lambda: {"printed": ending(LESSON.program(item))},
        value=lambda seen: seen["printed"],
        unless={"printed": instead},
    )


def two_scales_seen():
    """Prune two layers with one ranking, for several draws of their weights."""
    found = []
    for seed in range(5):
        torch.manual_seed(seed)
        layers = [nn.Linear(100, 100, bias=False) for _ in range(2)]
        for layer, scale in zip(layers, (1.0, 0.1), strict=True):
            nn.init.normal_(layer.weight, std=scale)
        pairs = [(layer, "weight") for layer in layers]
        prune.global_unstructured(pairs, pruning_method=prune.L1Unstructured, amount=0.5)
        found.append(float((layers[1].weight == 0).float().mean()))
    return {"sparsities": found}


def within(low, high, instead):
    return Claim(
        f"the second layer has a sparsity from {low} to {high} in each draw",
        lambda seen: all(low <= one <= high for one in seen["sparsities"]),
        unless={"sparsities": instead},
    )


def twice_seen():
    layer = nn.Linear(50, 20)
    nn.init.uniform_(layer.weight, 0.1, 1.0)
    for _ in range(2):
        prune.l1_unstructured(layer, "weight", amount=0.6)
    return {"zeros": int((layer.weight == 0).sum()), "weights": layer.weight.numel()}


def copy_seen():
    layer = nn.Linear(4, 3)
    prune.l1_unstructured(layer, "weight", amount=0.5)
    seen = {"is_leaf": layer.weight.is_leaf, "raised": "", "keys": [], "shares_mask": False}
    try:
        copied = copy.deepcopy(layer)
    except RuntimeError as error:
        return {**seen, "raised": str(error)}
    is_shared = copied.weight_mask.data_ptr() == layer.weight_mask.data_ptr()
    return {**seen, "keys": sorted(copied.state_dict()), "shares_mask": is_shared}


KEYS = ["bias", "weight_mask", "weight_orig"]


def cubic_seen():
    """Sum up what the schedule removes in each step; it is the integral of three times the square of what is left."""
    steps = 100_000
    left = 1 - (np.arange(steps) + 0.5) / steps
    removed = 0.8 * 3 * left**2 / steps
    return {"planned": float(removed[: steps // 4].sum())}


PROOFS = [
    printed("ties-at-the-threshold", "2"),
    Proof(
        item="global-of-two-scales",
        observe=two_scales_seen,
        claims={
            "A": within(0.45, 0.55, [0.5] * 5),
            "B": within(0.99, 1.0, [1.0] * 5),
            "C": within(0.85, 0.92, [0.5] * 5),
            "D": within(0.05, 0.2, [0.1] * 5),
        },
    ),
    printed("amount-of-one", "[12, 12]"),
    printed("keys-of-a-pruned-layer", "['bias', 'weight']"),
    Proof(
        item="pruned-twice",
        observe=twice_seen,
        value=lambda seen: seen["zeros"] / seen["weights"],
        unless={"zeros": 600},
    ),
    Proof(
        item="copy-of-a-pruned-layer",
        observe=copy_seen,
        claims={
            "A": Claim(
                "a copy with weights and a mask of its own comes back",
                lambda seen: seen["keys"] == KEYS and not seen["shares_mask"],
                unless={"keys": KEYS},
            ),
            "B": Claim(
                "a copy without a mask comes back",
                lambda seen: bool(seen["keys"]) and "weight_mask" not in seen["keys"],
                unless={"keys": ["bias", "weight"]},
            ),
            "C": Claim(
                "it raises, and says that only leaves are copied",
                lambda seen: "graph leaves" in seen["raised"] and not seen["is_leaf"],
                unless={"raised": ""},
            ),
            "D": Claim(
                "a copy comes back that shares the mask",
                lambda seen: seen["keys"] == KEYS and seen["shares_mask"],
                unless={"keys": KEYS, "shares_mask": True},
            ),
        },
    ),
    Proof(
        item="cubic-at-a-quarter",
        observe=cubic_seen,
        value=lambda seen: seen["planned"],
        unless={"planned": 0.2},
    ),
    printed("momentum-and-the-mask", "[-0.25, 0.0]"),
]
