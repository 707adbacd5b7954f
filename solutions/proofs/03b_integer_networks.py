"""Proofs of lesson 03b: each question's key follows from what NumPy and PyTorch are seen to do."""

import heapq
from pathlib import Path

import numpy as np
import torch
from torch import nn

from quizlib import measures
from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import Programs, ending

LESSON = Programs(Path(__file__).parents[1] / "questions" / "03b_integer_networks.yaml")


# --- What the proofs share -------------------------------------------------------------------------------------------


def saturated_int8(numbers):
    return np.clip(numbers, -128, 127).astype(np.int8)


# --- Integer layers --------------------------------------------------------------------------------------------------


def scales_after_seen():
    """Multiply codes in integers, scale the finished sums once, and compare with the real product."""
    generator = np.random.default_rng(1)
    qx, qw = generator.integers(-127, 128, 64), generator.integers(-127, 128, (16, 64))
    scales = {
        "tensor": np.full((16, 64), 0.02),
        "row": np.repeat(generator.uniform(0.01, 0.09, (16, 1)), 64, axis=1),
        "column": np.repeat(generator.uniform(0.01, 0.09, (1, 64)), 16, axis=0),
        "group": np.repeat(generator.uniform(0.01, 0.09, (16, 2)), 32, axis=1),
    }
    sums = qw @ qx
    seen = {}
    for name, scale in scales.items():
        real = (qw * scale) @ qx
        best = real @ sums / (sums @ sums) if name == "tensor" else real / sums  # any factor that one could choose
        fixed = best if np.ndim(best) == 0 else np.asarray(best)
        other = generator.integers(-127, 128, 64)  # the factor must do for another input too
        seen[name] = float(np.abs(fixed * (qw @ other) - (qw * scale) @ other).max())
    return seen


def bias_code_seen():
    code = torch.quantize_per_tensor(torch.tensor([0.7]), 0.05 * 0.002, 0, torch.qint32).int_repr()
    return {"code": int(code[0])}


def terms_seen():
    generator = np.random.default_rng(2)
    requests, qw = generator.integers(-128, 128, (5, 64)), generator.integers(-127, 128, 64)

    def terms(qx, zx, zw):
        return [int(qx @ qw), int(zx * qw.sum()), int(64 * zx * zw), int(zw * qx.sum())]

    def changes(zw):
        values = np.array([terms(qx, -7, zw) for qx in requests])
        return [bool(np.ptp(column)) for column in values.T]

    a, b, c, d = terms(requests[0], -7, 5)
    return {
        "adds_up": a - b - d + c == int((requests[0] + 7) @ (qw - 5)),
        "changes_by_request": changes(5),
        "is_zero_when_symmetric": [term == 0 for term in terms(requests[0], -7, 0)],
    }


def mismatches(run, layer):
    """Count the output codes of a pipeline that differ from those of the real layer by more than a rounding."""
    return int((np.abs(run(layer).astype(int) - layer["codes"].astype(int)) > 1).sum())


def integer_layer():
    generator = np.random.default_rng(3)
    qx, qw = generator.integers(-128, 128, (200, 64)), generator.integers(-127, 128, (10, 64))
    bias, zero_point = generator.integers(-9000, 9000, 10), -100
    sums = qx @ qw.T + bias
    multiplier = 40 / np.abs(sums).std()  # sums reach far out, so that some saturate
    real = torch.tensor(sums * multiplier, dtype=torch.float32)
    codes = torch.quantize_per_tensor(real, 1.0, zero_point, torch.qint8).int_repr().numpy()
    return {"qx": qx, "qw": qw, "bias": bias, "z": zero_point, "m": multiplier, "sums": sums, "codes": codes}


def requantize_seen():
    layer = integer_layer()

    def rescale_first(of):
        products = np.rint(of["qx"][:, None, :] * of["qw"] * of["m"]).sum(-1) + np.rint(of["bias"] * of["m"])
        return saturated_int8(products + of["z"])

    pipelines = {
        "in_order": lambda of: saturated_int8(np.rint(of["sums"] * of["m"]) + of["z"]),
        "rescale_before_add": rescale_first,
        "zero_point_before_rescale": lambda of: saturated_int8(np.rint((of["sums"] + of["z"]) * of["m"])),
        "clamp_before_zero_point": lambda of: (
            (np.clip(np.rint(of["sums"] * of["m"]), -128, 127) + of["z"]).astype(np.int64).astype(np.int8)
        ),
        "cast_before_clamp": lambda of: np.clip(
            (np.rint(of["sums"] * of["m"]) + of["z"]).astype(np.int64).astype(np.int8), -128, 127
        ),
    }
    return {name: mismatches(run, layer) for name, run in pipelines.items()}


def relu_seen():
    layer = integer_layer()
    scale = 0.05  # of the output
    reals = layer["sums"] * layer["m"] * scale
    after_relu = torch.relu(torch.tensor(reals, dtype=torch.float32)).clamp(max=255 * scale).numpy()
    wide = np.rint(reals / scale) - 128
    clamped = (np.clip(wide, -128, 127) + 128) * scale
    return {
        "negative_weights": int((layer["qw"] < 0).sum()),
        "difference_from_relu": float(np.abs(clamped - after_relu).max() / scale),
        "difference_if_only_rounded": float(np.abs((wide + 128) * scale - np.maximum(reals, 0)).max() / scale),
        "smallest_sum": int(layer["sums"].min()),
    }


def folded_bias_seen():
    norm = nn.functional.batch_norm
    convolution = torch.zeros(1, 1, 1, 1)  # what a convolution without bias makes of an image of zeros
    statistics = {"running_mean": torch.tensor([2.0]), "running_var": torch.tensor([0.25])}
    out = norm(convolution, **statistics, weight=torch.tensor([3.0]), bias=torch.tensor([1.0]), eps=0.0)
    return {"output_of_zeros": float(out)}


# --- Bits, and claims ----------------------------------------------------------------------------------------------


def huffman_lengths(frequencies):
    heap = [(frequency, [symbol]) for symbol, frequency in enumerate(frequencies)]
    lengths = [0] * len(frequencies)
    heapq.heapify(heap)
    while len(heap) > 1:
        (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)
        for symbol in left + right:
            lengths[symbol] += 1
        heapq.heappush(heap, (a + b, left + right))
    return lengths


def entropy_seen():
    counts = [512, 256, 128, 128]
    indices = np.repeat(np.arange(4), counts)
    lengths = huffman_lengths(counts)
    return {
        "entropy_bytes": measures.entropy_bits(indices) * len(indices) / 8,
        "huffman_bytes": sum(count * length for count, length in zip(counts, lengths, strict=True)) / 8,
    }


def one_factor_is_enough(name, unless):
    return Claim(
        "scaling each finished sum gives the real output", lambda seen: seen[name] < 1e-6, unless={name: unless}
    )


def new_and_gone(position, says, unless):
    """Claim that a term changes from request to request, and is 0 for symmetric weights."""
    return Claim(
        says,
        lambda seen: (
            seen["adds_up"] and seen["changes_by_request"][position] and seen["is_zero_when_symmetric"][position]
        ),
        unless=unless,
    )


def breaks(swapped):
    return Claim(
        f"the order of the key gives the real layer's codes, {swapped.replace('_', ' ')} does not",
        lambda seen: seen["in_order"] == 0 and seen[swapped] > 20,
        unless={swapped: 0},
    )


PROOFS = [
    Proof(
        item="scales-after-the-sum",
        observe=scales_after_seen,
        claims={
            "A": one_factor_is_enough("tensor", 3.0),
            "B": one_factor_is_enough("row", 3.0),
            "C": one_factor_is_enough("column", 0.0),
            "D": one_factor_is_enough("group", 0.0),
        },
    ),
    Proof(
        item="bias-code",
        observe=bias_code_seen,
        value=lambda seen: float(seen["code"]),
        unless={"code": 14},
    ),
    Proof(
        item="term-per-request",
        observe=terms_seen,
        claims={
            "A": new_and_gone(
                0,
                "the products are new each time and vanish",
                {"is_zero_when_symmetric": [True, False, True, True]},
            ),
            "B": new_and_gone(
                1,
                "the sum of the weight codes is new each time and vanishes",
                {
                    "changes_by_request": [True, True, False, True],
                    "is_zero_when_symmetric": [False, True, True, True],
                },
            ),
            "C": new_and_gone(
                2,
                "the product of the zero points is new each time and vanishes",
                {"changes_by_request": [True, False, True, True]},
            ),
            "D": new_and_gone(
                3,
                "the sum of the input codes is new each time and vanishes",
                {"is_zero_when_symmetric": [False, False, True, False]},
            ),
        },
    ),
    Proof(
        item="requantize-order",
        observe=requantize_seen,
        claims={
            "CD": breaks("rescale_before_add"),
            "DA": breaks("zero_point_before_rescale"),
            "AE": breaks("clamp_before_zero_point"),
            "EB": breaks("cast_before_clamp"),
        },
    ),
    Proof(
        item="where-is-relu",
        observe=relu_seen,
        claims={
            "A": Claim(
                "no weight code is negative", lambda seen: seen["negative_weights"] == 0, unless={"negative_weights": 0}
            ),
            "B": Claim(
                "the clamped codes are those of the ReLU's output, up to rounding",
                lambda seen: seen["difference_from_relu"] <= 0.501,
                unless={"difference_from_relu": 40.0},
            ),
            "C": Claim(
                "rounding alone gives the ReLU's output",
                lambda seen: seen["difference_if_only_rounded"] <= 0.501,
                unless={"difference_if_only_rounded": 0.5},
            ),
            "D": Claim("no sum is negative", lambda seen: seen["smallest_sum"] >= 0, unless={"smallest_sum": 0}),
        },
    ),
    Proof(
        item="folded-bias",
        observe=folded_bias_seen,
        value=lambda seen: seen["output_of_zeros"],
        unless={"output_of_zeros": -23.0},
    ),
    Proof(
        item="entropy-bound",
        observe=entropy_seen,
        value=lambda seen: seen["entropy_bytes"] if seen["huffman_bytes"] >= seen["entropy_bytes"] else 0.0,
        unless={"huffman_bytes": 200.0},
    ),
    Proof(
        item="gradient-of-rounding",
        observe=lambda: {"printed": ending(LESSON.program("gradient-of-rounding"))},
        value=lambda seen: seen["printed"],
        unless={"printed": "[0.0, 0.0, 0.0]"},
    ),
]
