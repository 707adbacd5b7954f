"""Proofs of lesson 05b: each question's key follows from what PyTorch is seen to do."""

import warnings
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from quizlib import measures
from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import Programs, ending
from quizlib.zoo import residual_architecture

LESSON = Programs(Path(__file__).parents[1] / "questions" / "05b_channel_pruning.yaml")


def printed(item, instead):
    """The key is what the question's program prints."""
    return Proof(
        item=item,
        observe=lambda: {"printed": ending(LESSON.program(item))},
        value=lambda seen: seen["printed"],
        unless={"printed": instead},
    )


def macs_seen():
    """Build the chain in both widths, and count."""

    def counted(width):
        sizes = (8, width, width, 8)
        convolutions = [nn.Conv2d(one, other, 3, padding=1) for one, other in zip(sizes, sizes[1:], strict=False)]
        return measures.module_macs(nn.Sequential(*convolutions), torch.zeros(1, 8, 6, 6)).total

    return {"before": counted(40), "after": counted(30)}


SLICES = {
    "A": ("block.first", "row"),
    "B": ("block.first", "column"),
    "C": ("block.second", "row"),
    "D": ("block.second", "column"),
    "E": ("output", "column"),
}


def without(layer, side, unit):
    """Return a linear layer without one of its outputs or inputs."""
    kept = [at for at in range(64) if at != unit]
    weight = layer.weight.detach()[kept] if side == "row" else layer.weight.detach()[:, kept]
    bias = layer.bias.detach()[kept] if side == "row" else layer.bias.detach()
    smaller = nn.Linear(weight.shape[1], weight.shape[0])
    smaller.load_state_dict({"weight": weight, "bias": bias})
    return smaller


def runs_and_is_masked(removed):
    """Remove unit 5 of the stem with these slices; say whether the network runs, and computes what its mask does."""
    torch.manual_seed(0)
    model, masked, pixels = residual_architecture(), residual_architecture(), torch.rand(9, 64)
    masked.load_state_dict(model.state_dict())
    with torch.no_grad():
        for layer in (masked.stem, masked.block.second):
            layer.weight[5] = 0
            layer.bias[5] = 0
        model.stem = without(model.stem, "row", 5)
        for letter in removed:
            name, side = SLICES[letter]
            owner = model if "." not in name else model.block
            setattr(owner, name.rpartition(".")[2], without(model.get_submodule(name), side, 5))
        try:
            return bool((model(pixels) - masked(pixels)).abs().max() < 1e-5)
        except RuntimeError:
            return False


def slices_seen():
    """Try all 32 sets of slices."""
    sets = ["".join(letter for at, letter in enumerate(SLICES) if bits >> at & 1) for bits in range(2 ** len(SLICES))]
    return {"right": [one for one in sets if runs_and_is_masked(one)]}


def needed(letter):
    return Claim(
        f"every set of slices that works has {letter}",
        lambda seen: bool(seen["right"]) and all(letter in one for one in seen["right"]),
        unless={"right": ["AD"] if letter not in "AD" else ["ABCDE"]},
    )


def loaded_seen():
    fresh, state = nn.Conv2d(1, 16, 3), nn.Conv2d(1, 12, 3).state_dict()
    before = fresh.weight.detach().clone()
    seen = {"raised": "", "changed": 0, "zeros": 0, "shape": [16, 1, 3, 3]}
    try:
        fresh.load_state_dict(state, strict=False)
    except RuntimeError as error:
        return {**seen, "raised": str(error)}
    changed, zeros = int((fresh.weight != before).sum()), int((fresh.weight == 0).sum())
    return {**seen, "changed": changed, "zeros": zeros, "shape": list(fresh.weight.shape)}


def kl_seen():
    """Run each line, beside the sum by hand and its mean over the rows."""
    namespace = {}
    exec(LESSON.program("kl-arguments"), namespace)
    p, q = F.softmax(namespace["teacher"], 1), F.softmax(namespace["student"], 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # torch warns of "mean" itself
        found = {
            letter: float(eval(text.strip().strip("`"), namespace))
            for letter, text in LESSON.options("kl-arguments").items()
        }
    return {**found, "by hand": float((p * (p.log() - q.log())).sum(1).mean())}


def is_by_hand(letter):
    return Claim(
        f"{letter} is the sum by hand",
        lambda seen: abs(seen[letter] - seen["by hand"]) < 1e-9,
        unless={letter: 0.0} if letter == "D" else {letter: 0.5, "by hand": 0.5},
    )


def ranks_seen():
    """Count the weights of two thin layers at each rank."""
    one = nn.Linear(300, 200, bias=False).weight.numel()
    thin = {
        rank: nn.Linear(300, rank, bias=False).weight.numel() + nn.Linear(rank, 200, bias=False).weight.numel()
        for rank in range(1, 201)
    }
    return {"smaller": [rank for rank, weights in thin.items() if weights < one]}


def bytes_seen():
    dense = nn.Linear(256, 256, bias=False)
    dense.weight.data[torch.rand(256, 256) < 0.9] = 0
    ways = {
        "A": dense,
        "B": nn.Linear(128, 128, bias=False),
        "C": nn.Sequential(nn.Linear(256, 160, bias=False), nn.Linear(160, 256, bias=False)),
        "D": nn.Linear(256, 192, bias=False),
    }
    return {letter: measures.state_dict_size_bytes(way) for letter, way in ways.items()}


def fewer(one, other):
    return Claim(f"{one} takes fewer bytes than {other}", lambda seen: seen[one] < seen[other], unless={one: 10**9})


PROOFS = [
    Proof(
        item="share-of-macs",
        observe=macs_seen,
        value=lambda seen: seen["after"] / seen["before"],
        unless={"after": 1},
    ),
    printed("what-a-zeroed-channel-says", "[0.0, 0.0]"),
    printed("columns-of-a-channel", "[1] [1]"),
    Proof(item="goes-together", observe=slices_seen, claims={letter: needed(letter) for letter in SLICES}),
    Proof(
        item="load-into-the-class",
        observe=loaded_seen,
        claims={
            "A": Claim(
                "it raises, and names the array",
                lambda seen: "size mismatch for weight" in seen["raised"],
                unless={"raised": ""},
            ),
            "B": Claim(
                "it passes, and the array keeps its numbers",
                lambda seen: not seen["raised"] and seen["changed"] == 0,
                unless={"raised": ""},
            ),
            "C": Claim(
                "it passes, and four channels are zero",
                lambda seen: not seen["raised"] and seen["zeros"] == 36,
                unless={"raised": "", "zeros": 36},
            ),
            "D": Claim(
                "it passes, and the array has the shape of the file",
                lambda seen: not seen["raised"] and seen["shape"] == [12, 1, 3, 3],
                unless={"raised": "", "shape": [12, 1, 3, 3]},
            ),
        },
    ),
    Proof(item="kl-arguments", observe=kl_seen, claims={letter: is_by_hand(letter) for letter in "ABCD"}),
    Proof(
        item="break-even-rank",
        observe=ranks_seen,
        value=lambda seen: max(seen["smaller"]),
        unless={"smaller": [120]},
    ),
    Proof(
        item="bytes-in-order",
        observe=bytes_seen,
        claims={"BD": fewer("B", "D"), "DA": fewer("D", "A"), "AC": fewer("A", "C")},
    ),
]
