"""Proofs of lesson 02: each question's key follows from counts that PyTorch, SciPy, NumPy and Python itself give.

No claim rests on a time of this machine: where a question is about time, its clock is a simulated one.
"""

import heapq
import io
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from quizlib.authoring import Claim, Proof
from quizlib.authoring.questions import read_questions
from quizlib.zoo import digits_cnn
from quizlib.zoo.quiet import quiet

quiet()
QUESTIONS = read_questions(Path(__file__).parents[1] / "questions" / "02_measure.yaml")


# --- What the proofs share -------------------------------------------------------------------------------------------


def flops(model, x):
    """Floating-point operations of one pass: torch counts a product and an addition for each multiply-accumulate."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(x)
    return counter.get_total_flops()


def about(found, expected, share=0.05):
    """Say whether a number is within a share of another."""
    return abs(found - expected) <= share * abs(expected)


# --- Bytes -----------------------------------------------------------------------------------------------------------


def cnn_bytes_seen():
    model = digits_cnn()
    kinds = {"parameters": model.parameters(), "buffers": model.buffers(), "state_dict": model.state_dict().values()}
    return {name: sum(tensor.nbytes for tensor in tensors) for name, tensors in kinds.items()}


def saved_slice_seen():
    code = QUESTIONS["saved-slice"].code
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.pt"
        try:
            exec(code.replace("rows.pt", path.as_posix()), {})
            refused = ""
        except Exception as error:
            refused = type(error).__name__
        size = path.stat().st_size if path.exists() else 0
    copied = io.BytesIO()
    torch.save(torch.zeros(100_000, 10)[:10].clone(), copied)
    return {"refused": refused, "file": size, "file_of_clone": len(copied.getvalue())}


# --- Operations ------------------------------------------------------------------------------------------------------


def flop_counter_seen():
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(QUESTIONS["flop-counter-linear"].code, {})
    return {"printed": printed.getvalue().strip()}


def depthwise_seen():
    x = torch.zeros(1, 64, 8, 8)
    whole = nn.Conv2d(64, 64, 3, padding=1, bias=False)
    depthwise = nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False)
    pointwise = nn.Conv2d(64, 64, 1, bias=False)
    return {"whole": flops(whole, x), "depthwise": flops(depthwise, x), "pointwise": flops(pointwise, x)}


def activation_bytes(model, x):
    sizes = []
    with torch.no_grad():
        for layer in model:
            x = layer(x)
            sizes.append(x.nbytes)
    return sum(sizes)


def batch_seen():
    model = digits_cnn()
    one, many = torch.zeros(1, 1, 8, 8), torch.zeros(32, 1, 8, 8)

    def held():
        return sum(parameter.nbytes for parameter in model.parameters())

    before = held()
    return {
        "flops": [flops(model, one), flops(model, many)],
        "flops_for_each": [flops(model, one), flops(model, many) / len(many)],
        "activations": [activation_bytes(model, one), activation_bytes(model, many)],
        "parameters": [before, held()],
    }


def grows(name, replaced):
    return Claim(
        f"{name} become 32 times as large",
        lambda seen: seen[name][1] == 32 * seen[name][0],
        unless={name: replaced},
    )


# --- Time, on simulated clocks ---------------------------------------------------------------------------------------


def slow_call_seen():
    samples = [2.0] * 99 + [200.0]
    return {
        "mean": float(np.mean(samples)),
        "median": float(np.median(samples)),
        "p95": float(np.percentile(samples, 95)),
        "max": float(np.max(samples)),
    }


def moves(name, replaced):
    return Claim(
        f"{name} differs by more than a tenth", lambda seen: abs(seen[name] - 2.0) > 0.2, unless={name: replaced}
    )


def twenty_calls_seen():
    """Draw pages of 20 calls from three distributions, and count those that wait longer than one call's p95."""
    shares = []
    for seed in range(3):
        random = np.random.default_rng(seed)
        draw = [random.lognormal, random.exponential, random.random][seed]
        p95 = np.percentile(draw(size=500_000), 95)
        shares.append(float((draw(size=(100_000, 20)).max(axis=1) > p95).mean()))
    return {"shares": shares}


def batch_wait_seen():
    """Let 32 requests arrive and one batch run, event by event."""
    events = [(float(number), "arrives") for number in range(32)]
    heapq.heapify(events)
    waiting, done = [], []
    while events:
        now, event = heapq.heappop(events)
        if event == "arrives":
            waiting.append(now)
            if len(waiting) == 32:
                heapq.heappush(events, (now + 8.0, "answered"))
        else:
            done = [now - arrived for arrived in waiting]
    return {"latencies": done}


PROOFS = [
    Proof(
        item="cnn-state-bytes",
        observe=cnn_bytes_seen,
        value=lambda seen: float(seen["parameters"] + seen["buffers"]),
        unless={"buffers": 0},
    ),
    Proof(
        item="saved-slice",
        observe=saved_slice_seen,
        claims={
            "A": Claim(
                "a file of about 400 bytes is written", lambda seen: about(seen["file"], 400, 0.2), unless={"file": 410}
            ),
            "B": Claim(
                "the file is about as large as that of a clone",
                lambda seen: about(seen["file"], seen["file_of_clone"], 0.5),
                unless={"file": 1700},
            ),
            "C": Claim(
                "the file holds the whole table", lambda seen: about(seen["file"], 4_000_000), unless={"file": 1700}
            ),
            "D": Claim(
                "torch.save raises an error", lambda seen: seen["refused"] != "", unless={"refused": "RuntimeError"}
            ),
        },
    ),
    Proof(
        item="flop-counter-linear",
        observe=flop_counter_seen,
        value=lambda seen: seen["printed"],
        unless={"printed": "8000"},
    ),
    Proof(
        item="depthwise-separable-macs",
        observe=depthwise_seen,
        value=lambda seen: seen["whole"] / (seen["depthwise"] + seen["pointwise"]),
        unless={"pointwise": 0},
    ),
    Proof(
        item="grows-with-batch",
        observe=batch_seen,
        claims={
            "A": grows("parameters", [24552, 785664]),
            "B": grows("activations", [100, 100]),
            "C": grows("flops_for_each", [100, 3200]),
            "D": grows("flops", [100, 100]),
        },
    ),
    Proof(
        item="one-slow-call",
        observe=slow_call_seen,
        claims={
            "A": moves("mean", 2.0),
            "B": moves("median", 3.0),
            "C": moves("p95", 200.0),
            "D": moves("max", 2.0),
        },
    ),
    Proof(
        item="slowest-of-twenty",
        observe=twenty_calls_seen,
        value=lambda seen: float(np.mean(seen["shares"])),
        unless={"shares": [0.05, 0.05, 0.05]},
    ),
    Proof(
        item="batch-wait",
        observe=batch_wait_seen,
        value=lambda seen: seen["latencies"][0],
        unless={"latencies": [8.0, 8.0]},
    ),
]
