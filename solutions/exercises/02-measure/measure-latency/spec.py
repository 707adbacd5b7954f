import numpy as np

from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, matching


def timed_on_paper(costs_s, warmup, repeats):
    """The oracle needs no clock: the costs of the timed calls are known."""
    timed = measures.Latency(tuple(1000 * cost for cost in costs_s[warmup : warmup + repeats]))
    return {"median_ms": timed.median_ms, "p95_ms": timed.p95_ms}


STEADY = (4, 4, 1, 3, 3)
"""Costs whose mean is their median, and the 95th percentile the largest: what they tell is which calls were timed."""


def drawn_costs(generator):
    usual = float(generator.uniform(0.001, 0.004))
    steady = [usual] * 10
    cold = [usual * float(factor) for factor in generator.uniform(5, 20, 3)]
    even = [usual * float(factor) for factor in generator.permutation([1, 1.02, 1.1, 1.3, 1.5, 7])]
    uneven = [usual * float(factor) for factor in generator.permutation([1, 1.01, 1.03, 1.04, 1.07, 1.1, 1.2, 1.6, 9])]
    return [
        Case("median", uneven, 0, 9),
        Case("median", even, 0, 6),
        Case("median", [cost / 500 for cost in even], 0, 6),  # microseconds
        Case("p95", uneven[::-1], 0, 9),
        Case("p95", [cost / 500 for cost in uneven], 0, 9),
        Case("p95", [usual * float(factor) for factor in generator.permutation(np.arange(20, 41))], 0, 21),
        Case("warm-up", [*cold, *steady], 3, 10),
        Case("warm-up", [*cold, *(usual * factor for factor in STEADY)], 3, 5),
        Case("one-call", [cold[0], usual], 1, 1),
    ]


EXERCISE = ExerciseSpec(
    title="A latency that can be trusted",
    response="function",
    name="latency_on_fake_machine",
    setup='''\
import time

import numpy as np
import torch

from quizlib import zoo


class FakeMachine:
    """A machine whose calls cost what a list says, in seconds; its clock moves during a call."""

    def __init__(self, costs_s):
        self.costs_s = list(costs_s)
        self.now = 1000.0

    def call(self):
        if not self.costs_s:
            raise RuntimeError("more calls were made than warmup + repeats")
        self.now += self.costs_s.pop(0)

    def clock(self):
        return self.now


def on_fake_machine(measure):
    """Return `measure` as a function of what each call will cost, in the order of the calls."""

    def measured(costs_s, warmup, repeats):
        machine = FakeMachine(costs_s)
        return measure(machine.call, machine.clock, warmup, repeats)

    return measured


cnn = zoo.build("digits_cnn")
image = torch.from_numpy(zoo.load_digits().images("test")[:1])
''',
    hints=(
        "Read the clock just before and just after each timed call; the difference is one sample.",
        "`np.median` and `np.percentile(samples, 95)` do the statistics.",
    ),
    criteria=(
        matching("median", "`median_ms`: the middle sample", part="median_ms"),
        matching("p95", "`p95_ms`: the 95th percentile", part="p95_ms"),
        matching("warm-up", "Warm-up calls are made, and not timed", points=2),
        matching("one-call", "A single timed call"),
    ),
    reference=timed_on_paper,
    public=(
        Case("median", [0.002, 0.003, 0.002, 0.003, 0.05], 0, 5),
        Case("median", [0.004, 0.05, 0.002, 0.003], 0, 4),
        Case("median", [0.0021735, 0.0032468, 0.0021983, 0.0033719, 0.0514], 0, 5),
        Case("median", [7.31e-5, 4.187e-4, 6.243e-5, 8.659e-5], 0, 4),
        Case("p95", [0.002, 0.004, 0.003, 0.002, 0.06], 0, 5),
        Case("p95", [0.001 * (20 + 8 * i % 21) for i in range(21)], 0, 21),
        Case("p95", [4.187e-4, 7.31e-5, 6.243e-5, 8.659e-5], 0, 4),
        Case("warm-up", [0.1, 0.04, 0.002, 0.002, 0.002], 2, 3),
        Case("warm-up", [0.1, 0.04, *(0.0011357 * factor for factor in STEADY)], 2, 5),
        Case("warm-up", [0.1, 0.04, 0.002, 0.002, 0.002], 2, 1),
        Case("one-call", [0.003, 0.0021753], 1, 1),
    ),
    private=drawn_costs,
)
