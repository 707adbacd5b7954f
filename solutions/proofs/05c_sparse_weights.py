"""Proofs of lesson 05c: each question's key follows from masks, bytes and counts that are made here."""

import zlib
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from quizlib import measures
from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import Programs, ending

LESSON = Programs(Path(__file__).parents[1] / "questions" / "05c_sparse_weights.yaml")


def lowest_out(scores):
    """Return which half of each row stays."""
    return (scores.argsort(axis=1).argsort(axis=1) >= scores.shape[1] // 2).tolist()


def masks(weights, x):
    return {
        "magnitude": lowest_out(np.abs(weights)),
        "wanda": lowest_out(np.abs(weights) * np.linalg.norm(x, axis=0)),
    }


# --- Wanda -----------------------------------------------------------------------------------------------------------


def scaled_seen():
    """Make an input louder and its weights smaller, and see which masks stay the same."""
    seen = {"same_output": True, "magnitude": [], "wanda": []}
    for seed in range(5):
        random = np.random.default_rng(seed)
        weights, x = random.normal(size=(12, 20)), random.normal(size=(30, 20)) * random.uniform(0.2, 5, 20)
        scale = np.where(np.arange(20) == 2, 10.0, 1.0)
        before, after = masks(weights, x), masks(weights / scale, x * scale)
        seen["same_output"] &= np.allclose(x @ weights.T, (x * scale) @ (weights / scale).T)
        for name in ("magnitude", "wanda"):
            seen[name].append(before[name] == after[name])
    return seen


def stays(magnitude, wanda):
    def holds(seen):
        return (
            seen["same_output"]
            and all(one == magnitude for one in seen["magnitude"])
            and all(one == wanda for one in seen["wanda"])
        )

    says = [name for name, same in (("magnitude", magnitude), ("Wanda", wanda)) if same]
    unless = {"magnitude": [magnitude] * 5, "wanda": [wanda] * 5}
    if (magnitude, wanda) == (False, True):
        unless = {"magnitude": [True] * 5}
    return Claim(f"the masks that stay are those of {' and '.join(says) or 'neither'}", holds, unless=unless)


def alike_seen():
    """Compare the two masks over many draws of weights in each of the four cases."""
    seen = {"relu": [], "one_channel": [], "one_example": [], "unit_norms": []}
    for seed in range(20):
        random = np.random.default_rng(seed)
        weights, x = random.normal(size=(6, 12)), random.normal(size=(9, 12)) * random.uniform(0.2, 5, 12)
        inputs = {
            "relu": np.maximum(x, 0),
            "one_channel": np.repeat(random.normal(size=(40, 1)), 12, axis=1),  # twelve taps of one channel
            "one_example": x[:1],
            "unit_norms": x / np.linalg.norm(x, axis=0),
        }
        for name, given in inputs.items():
            made = masks(weights, given)
            seen[name].append(made["magnitude"] == made["wanda"])
    return seen


def always(name):
    return Claim(
        "the two masks are the same for all draws of weights",
        lambda seen: all(seen[name]),
        unless={name: [False] if name in ("one_channel", "unit_norms") else [True]},
    )


# --- Compensation ----------------------------------------------------------------------------------------------------


def twins_seen():
    """Remove the first of two equal inputs in one step."""
    random = np.random.default_rng(0)
    first, third = random.normal(size=(2, 500))
    x = np.stack([first, first, third - first * (first @ third) / (first @ first)], axis=1)
    weights = np.array([0.3, 0.5, 0.7])
    hessian = 2 * x.T @ x
    inverse = np.linalg.inv(hessian + 1e-6 * np.diag(hessian).mean() * np.eye(3))
    delta = -weights[0] / inverse[0, 0] * inverse[:, 0]
    return {"weights": (weights + delta).tolist()}


# --- Bytes -----------------------------------------------------------------------------------------------------------


def break_even(size_of):
    """Return the least number of zero blocks of 4 x 4, as a share, with which a format is smaller than dense."""
    side, blocks = 2048, (2048 // 4) ** 2
    shares = np.arange(0, blocks + 1, 64) / blocks
    return float(shares[[size_of(round((1 - share) * blocks) * 16) < side**2 for share in shares]][0])


def breaks_seen():
    side = 2048
    return {
        "csr4": break_even(lambda left: measures.csr_size_bytes(left, side, value_dtype="int8", index_dtype="int32")),
        "csr2": break_even(lambda left: measures.csr_size_bytes(left, side, value_dtype="int8", index_dtype="int16")),
        "mask": break_even(lambda left: measures.bitmask_size_bytes(side**2, left, value_dtype="int8")),
        "bsr": break_even(lambda left: left + 4 * (left // 16) + 4 * (side // 4 + 1)),
    }


def fewer(low, high, what):
    return Claim(f"{low} {what} {high}", lambda seen: seen[low] < seen[high], unless={low: 1e9})


def entropy_seen():
    codes = np.concatenate([np.zeros(1600), np.repeat(np.arange(1, 17), 100)]).astype(np.int8)
    return {"codes": codes.tolist()}


def forms_seen():
    """Count bytes of real arrays, packed in these ways."""
    random = np.random.default_rng(0)
    places = 1024 * 1024
    codes = random.integers(1, 8, places).astype(np.int8)
    order = random.permutation(places)

    def masked(dtype, sparsity):
        weights = codes.astype(dtype)
        weights[order[: round(sparsity * places)]] = 0
        return np.packbits(weights != 0).nbytes + weights[weights != 0].nbytes

    two_four = codes.reshape(-1, 4)[:, 2:]
    two_bits = np.unpackbits(np.full(two_four.size, 0b10, np.uint8)[:, None], axis=1)[:, -2:]
    return {
        "four_bits": (codes[::2] | codes[1::2] << 4).nbytes,
        "two_four": two_four.nbytes + np.packbits(two_bits).nbytes,
        "int8_masked": masked(np.int8, 0.7),
        "float_masked": masked(np.float32, 0.9),
    }


def loaded_seen():
    """Prune a layer, store it, load it, and count what each form takes."""
    torch.manual_seed(0)
    layer = nn.Linear(512, 512, bias=False)

    def operations(one):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            one(torch.zeros(1, 512))
        return counter.get_total_flops()

    before = layer.weight.detach().numpy().copy()
    pruned = before.copy()
    pruned.flat[np.random.default_rng(0).permutation(pruned.size)[: round(0.7 * pruned.size)]] = 0
    mask, values = np.packbits(pruned != 0), pruned[pruned != 0]
    places = np.unpackbits(mask, count=pruned.size).astype(bool)
    loaded = np.zeros(pruned.size, np.float32)
    loaded[places] = values
    dense_operations = operations(layer)
    layer.weight.data = torch.from_numpy(loaded.reshape(512, 512))
    return {
        "file": (mask.nbytes + values.nbytes) / before.nbytes,
        "memory": layer.weight.nbytes / before.nbytes,
        "compressed": len(zlib.compress(pruned.tobytes())) / len(zlib.compress(before.tobytes())),
        "operations": operations(layer) / dense_operations,
    }


def halved(name, instead):
    return Claim(f"{name}: at most half is left", lambda seen: seen[name] <= 0.5, unless={name: instead})


PROOFS = [
    Proof(
        item="scaled-channel",
        observe=scaled_seen,
        claims={"A": stays(True, True), "B": stays(False, False), "C": stays(True, False), "D": stays(False, True)},
    ),
    Proof(
        item="wanda-like-magnitude",
        observe=alike_seen,
        claims={
            "A": always("relu"),
            "B": always("one_channel"),
            "C": always("one_example"),
            "D": always("unit_norms"),
        },
    ),
    Proof(
        item="twin-inputs",
        observe=twins_seen,
        value=lambda seen: seen["weights"][1],
        unless={"weights": [0.0, 0.5, 0.7]},
    ),
    Proof(
        item="semi-structured-on-cpu",
        observe=lambda: {"printed": ending(LESSON.program("semi-structured-on-cpu"))},
        value=lambda seen: seen["printed"],
        unless={"printed": "torch.Size([64, 64])"},
    ),
    Proof(
        item="break-even-order",
        observe=breaks_seen,
        claims={
            "BD": fewer("mask", "bsr", "breaks even before"),
            "DC": fewer("bsr", "csr2", "breaks even before"),
            "CA": fewer("csr2", "csr4", "breaks even before"),
        },
    ),
    Proof(
        item="entropy-of-zeros",
        observe=entropy_seen,
        value=lambda seen: measures.entropy_bits(seen["codes"]),
        unless={"codes": [0, 1]},
    ),
    Proof(
        item="quarter-of-the-bytes",
        observe=forms_seen,
        claims={
            "CA": fewer("int8_masked", "four_bits", "takes fewer bytes than"),
            "AD": fewer("four_bits", "float_masked", "takes fewer bytes than"),
            "DB": fewer("float_masked", "two_four", "takes fewer bytes than"),
        },
    ),
    Proof(
        item="file-or-time",
        observe=loaded_seen,
        claims={
            "A": halved("file", 1.0),
            "B": halved("memory", 0.4),
            "C": halved("compressed", 1.0),
            "D": halved("operations", 0.3),
        },
    ),
]
