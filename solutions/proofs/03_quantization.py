"""Proofs of lesson 03: each question's key follows from what NumPy and PyTorch are seen to do."""

from pathlib import Path

import numpy as np
import torch

from quizlib import measures
from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import Programs, ending
from quizlib.zoo import digits_cnn, eager, load_digits

LESSON = Programs(Path(__file__).parents[1] / "questions" / "03_quantization.yaml")


# --- What the proofs share -------------------------------------------------------------------------------------------


def round_trip(x, scale, zero_point=0, quant_min=-128, quant_max=127):
    """Send values through a grid and back with torch's own operator."""
    real = torch.as_tensor(x, dtype=torch.float32)
    return torch.fake_quantize_per_tensor_affine(real, float(scale), int(zero_point), quant_min, quant_max).numpy()


def symmetric(x, clip, bits):
    quant_max = 2 ** (bits - 1) - 1
    return round_trip(x, clip / quant_max, 0, -quant_max, quant_max)


# --- Grids -----------------------------------------------------------------------------------------------------------


def affine_step_seen():
    watching = eager.MinMaxObserver(dtype=torch.qint8, qscheme=torch.per_tensor_affine)
    watching(torch.tensor([-1.0, 0.3, 4.1]))
    return {"scale": float(watching.calculate_qparams()[0])}


def clamped_zero_point_seen():
    scale = 4 / 255
    zero_point = max(-128, round(-128 - 3 / scale))
    return {"zero_point": zero_point, "seven_returns": float(round_trip([7.0], scale, zero_point)[0])}


def laws_seen():
    scale, zero_point = 0.25, 3
    x = np.concatenate([np.linspace(-80, 80, 20001), [0.0, 500.0]]).astype(np.float32)
    low, high = (-128 - zero_point) * scale, (127 - zero_point) * scale
    x_hat = round_trip(x, scale, zero_point)
    error = np.abs(x_hat.astype(float) - x) / scale
    order = np.argsort(x)
    return {
        "largest_error": float(error.max()),
        "largest_error_inside": float(error[(x >= low) & (x <= high)].max()),
        "changed_again": float(np.abs(round_trip(x_hat, scale, zero_point) - x_hat).max()),
        "smallest_gap": float(np.diff(x_hat[order])[np.diff(x[order]) > 0].min()),
        "zero_returns": float(round_trip([0.0], scale, zero_point)[0]),
    }


def decibels_seen():
    x = np.random.default_rng(0).uniform(-1, 1, 50_000).astype(np.float32)
    return {"sqnr_db": {str(bits): measures.sqnr_db(x, symmetric(x, 1.0, bits)) for bits in range(4, 13)}}


def outlier_seen():
    weights = np.append(np.linspace(-0.5, 0.5, 5001), 20.0)
    watching = eager.MinMaxObserver(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-127, quant_max=127
    )
    watching(torch.tensor(weights, dtype=torch.float32))
    scale = float(watching.calculate_qparams()[0])
    return {"codes_of_the_others": sorted(set(np.rint(symmetric(weights, 20.0, 8)[:-1] / scale).astype(int).tolist()))}


def bits_with_scales_seen():
    weight = torch.randn(128, 512, generator=torch.Generator().manual_seed(0))
    groups = weight.reshape(-1, 32)
    scales = groups.abs().amax(1) / 7
    codes = torch.fake_quantize_per_channel_affine(
        groups, scales, torch.zeros(len(groups), dtype=torch.int32), 0, -7, 7
    )
    nibbles = (torch.round(codes / scales[:, None]).to(torch.int32) & 15).to(torch.uint8).reshape(-1, 2)
    packed = nibbles[:, 0] | (nibbles[:, 1] << 4)
    return {"code_bytes": packed.nbytes, "scale_bytes": scales.nbytes, "weights": weight.numel()}


# --- Ranges ----------------------------------------------------------------------------------------------------------


def best_clips_seen():
    seen = {}
    for seed in range(3):
        x = np.random.default_rng(seed).laplace(size=10_000).astype(np.float32)
        largest = float(np.abs(x).max())
        clips = np.linspace(0.05, 1.0, 60) * largest
        best = [
            min(clips, key=lambda clip: measures.mean_squared_error(x, symmetric(x, clip, bits)))
            for bits in (3, 4, 6, 8)
        ]
        seen[f"seed_{seed}"] = [round(float(clip / largest), 3) for clip in best]
    return seen


def best_of_forty_seen():
    """Quantize the weights of the digits CNN with forty clips, choose on 60 digits, look at the other digits."""
    digits = load_digits()
    images = torch.from_numpy(np.concatenate([digits.images("val"), digits.images("test")]))
    labels = np.concatenate([digits.y_val, digits.y_test])
    rights = []
    for share in np.linspace(0.3, 1.0, 40):
        model = digits_cnn().requires_grad_(False)
        for layer in (model.conv1, model.conv2, model.output):
            clip = float(layer.weight.abs().max()) * share
            layer.weight.copy_(torch.from_numpy(symmetric(layer.weight, clip, 3)))
        rights.append(model(images).argmax(1).numpy() == labels)
    hits = np.array(rights)  # (clips, digits): was the digit read rightly?
    generator = np.random.default_rng(0)
    gaps = []
    for _ in range(400):
        drawn = generator.permutation(len(labels))
        chosen = hits[:, drawn[:60]].mean(1).argmax()
        gaps.append(hits[chosen, drawn[:60]].mean() - hits[chosen, drawn[60:]].mean())
    halves = [float(np.mean(gaps[:200])), float(np.mean(gaps[200:]))]
    return {"gap": float(np.mean(gaps)), "error_of_gap": float(np.std(gaps) / 20), "gap_of_each_half": halves}


def moves(says, holds, unless):
    return Claim(says, lambda seen: all(holds(clips) for clips in seen.values()), unless={"seed_1": unless})


def is_rising(clips):
    return all(a < b for a, b in zip(clips, clips[1:], strict=False))


# --- Bits -------------------------------------------------------------------------------------------------------------


def nibbles_seen():
    expressions = [text.strip("`") for text in LESSON.options("sign-of-a-nibble").values()]
    bytes_packed = [code & 15 for code in range(-8, 8)]
    return {
        letter: [int(eval(text, {"n": n, "np": np})) for n in bytes_packed]
        for letter, text in zip("ABCD", expressions, strict=True)
    }


SIGNED_NIBBLES = list(range(-8, 8))
ZEROED = [0] * 16


def restores(letter, unless):
    return Claim(
        "every code from -8 to 7 comes back", lambda seen: seen[letter] == SIGNED_NIBBLES, unless={letter: unless}
    )


PROOFS = [
    Proof(
        item="affine-step",
        observe=affine_step_seen,
        value=lambda seen: seen["scale"],
        unless={"scale": 0.0199},
    ),
    Proof(
        item="clamped-zero-point",
        observe=clamped_zero_point_seen,
        value=lambda seen: seen["seven_returns"],
        unless={"seven_returns": 7.0},
    ),
    Proof(
        item="wrap-or-saturate",
        observe=lambda: {"printed": ending(LESSON.program("wrap-or-saturate"))},
        value=lambda seen: seen["printed"],
        unless={"printed": "[100, 127, 127]"},
    ),
    Proof(
        item="round-trip-laws",
        observe=laws_seen,
        claims={
            "A": Claim(
                "no error is above half a step",
                lambda seen: seen["largest_error"] <= 0.5,
                unless={"largest_error": 0.5},
            ),
            "B": Claim(
                "a second round trip changes nothing",
                lambda seen: seen["changed_again"] == 0,
                unless={"changed_again": 0.25},
            ),
            "C": Claim(
                "different values stay different, in the same order",
                lambda seen: seen["smallest_gap"] > 0,
                unless={"smallest_gap": 0.25},
            ),
            "D": Claim("0.0 comes back as 0.0", lambda seen: seen["zero_returns"] == 0, unless={"zero_returns": 0.1}),
            "E": Claim(
                "between the ends no error is above half a step",
                lambda seen: 0.4 < seen["largest_error_inside"] <= 0.5,
                unless={"largest_error_inside": 0.9},
            ),
        },
    ),
    Proof(
        item="bits-for-decibels",
        observe=decibels_seen,
        value=lambda seen: min(float(bits) for bits, found in seen["sqnr_db"].items() if found >= 45),
        unless={"sqnr_db": {"4": 22.9, "7": 45.3, "8": 48.1}},
    ),
    Proof(
        item="outlier-codes",
        observe=outlier_seen,
        value=lambda seen: float(len(seen["codes_of_the_others"])),
        unless={"codes_of_the_others": list(range(-127, 128))},
    ),
    Proof(
        item="bits-with-scales",
        observe=bits_with_scales_seen,
        value=lambda seen: 8 * (seen["code_bytes"] + seen["scale_bytes"]) / seen["weights"],
        unless={"scale_bytes": 512},
    ),
    Proof(
        item="best-clip-by-bits",
        observe=best_clips_seen,
        claims={
            "A": moves("the clip grows with the bits", is_rising, [0.5, 0.4, 0.3, 0.2]),
            "B": Claim(
                "the clip shrinks as the bits grow",
                lambda seen: any(is_rising(clips[::-1]) for clips in seen.values()),
                unless={"seed_0": [0.5, 0.4, 0.3, 0.2]},
            ),
            "C": Claim(
                "the clip is the same for all bits",
                lambda seen: any(len(set(clips)) == 1 for clips in seen.values()),
                unless={"seed_0": [0.4, 0.4, 0.4, 0.4]},
            ),
            "D": Claim(
                "the clip is the largest magnitude for all bits",
                lambda seen: any(min(clips) > 0.95 for clips in seen.values()),
                unless={"seed_0": [1.0, 1.0, 1.0, 1.0]},
            ),
        },
    ),
    Proof(
        item="best-of-forty",
        observe=best_of_forty_seen,
        claims={
            "A": Claim(
                "score and accuracy agree within three standard errors",
                lambda seen: abs(seen["gap"]) < 3 * seen["error_of_gap"],
                unless={"gap": 0.0},
            ),
            "B": Claim(
                "the score is lower than the accuracy",
                lambda seen: seen["gap"] < -3 * seen["error_of_gap"],
                unless={"gap": -0.02},
            ),
            "C": Claim(
                "the score is higher than the accuracy, in each half of the choices",
                lambda seen: seen["gap"] > 3 * seen["error_of_gap"] and min(seen["gap_of_each_half"]) > 0,
                unless={"gap": 0.0},
            ),
            "D": Claim(
                "the score is lower, in each half of the choices",
                lambda seen: max(seen["gap_of_each_half"]) < 0,
                unless={"gap_of_each_half": [-0.02, -0.01]},
            ),
        },
    ),
    Proof(
        item="sign-of-a-nibble",
        observe=nibbles_seen,
        claims={
            "A": restores("A", SIGNED_NIBBLES),
            "B": restores("B", SIGNED_NIBBLES),
            "C": restores("C", SIGNED_NIBBLES),
            "D": restores("D", ZEROED),
        },
    ),
]
