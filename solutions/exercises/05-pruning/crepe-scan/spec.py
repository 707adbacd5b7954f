import copy

import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, unchanged

from ..common import kept_places


def scanned(model, frames, cents, names, sparsities):
    """The oracle prunes a fresh copy for each entry of the scan."""
    found = {}
    for name in names:
        found[name] = []
        for sparsity in sparsities:
            pruned = copy.deepcopy(model)
            weight = pruned.get_parameter(name)
            kept = kept_places(weight.detach().flatten().numpy(), round(sparsity * weight.numel()))
            with torch.no_grad():
                weight *= torch.from_numpy(kept).view_as(weight)
                found[name].append((int(kept.sum()), zoo.pitch_accuracy(pruned(frames), cents)))
    return found


def _case(behaviour, seed, count, names, sparsities, model=None):
    drawn = zoo.tones(seed, count)
    return Case(
        behaviour,
        ZooModel("crepe_tiny", seed=model),
        torch.from_numpy(drawn.frames),
        torch.from_numpy(drawn.cents),
        names,
        sparsities,
    )


HALF = 0.5 + 2**-15
"""Of the 16,384 weights of conv4 or conv3 it asks for 8,192.5 to go, which is rounded to the even 8,192."""


def _seed(generator):
    return int(generator.integers(100, 2**31))


def _around(generator, *sparsities):
    return [round(one + float(generator.uniform(-0.004, 0.004)), 4) for one in sparsities]


def drawn_scans(generator):
    return [
        _case("typical", _seed(generator), 67, ["conv3.weight"], _around(generator, 0.95, 0.9)),
        _case(
            "typical",
            _seed(generator),
            21,
            ["classifier.weight", "conv4.weight"],
            _around(generator, 0.9, 0.96),
            model=_seed(generator),
        ),
        _case("dense", _seed(generator), 18, ["conv2.weight", "conv3.weight"], [HALF, *_around(generator, 0.95), 0.0]),
    ]


EXERCISE = ExerciseSpec(
    title="Scan a network layer by layer",
    response="function",
    setup="""\
import copy

import torch
from torch import nn

from quizlib.zoo import pitch_accuracy, tones
""",
    hints=(
        "Prune one weight, measure, and put the weight back before you go on; a fresh copy for each entry does it too.",
        "`weight.abs().flatten().argsort(stable=True)` ranks the places of a weight.",
    ),
    criteria=(
        exactly("typical", "Each weight alone is pruned and counted, and the accuracy measured", points=3),
        exactly("dense", "At sparsity 0.0 the network is as it was", beside=("typical",)),
        unchanged("keeps-model", "The model that was given is unchanged", beside=("typical",)),
    ),
    reference=scanned,
    public=(
        _case("typical", 7, 67, ["conv3.weight"], [0.95, 0.9002]),
        _case("typical", 8, 25, ["conv4.weight", "classifier.weight"], [HALF, 0.955], model=2),
        _case("dense", 9, 16, ["conv2.weight", "conv4.weight"], [0.95, 0.0]),
    ),
    private=drawn_scans,
)
