import copy

import numpy as np
import torch
from torch import nn

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

WEIGHTS = (*(f"conv{at}.weight" for at in range(1, 7)), "classifier.weight")
BIASES = (*(f"conv{at}.bias" for at in range(1, 7)), "classifier.bias")
NORMS = tuple(f"bn{at}.{name}" for at in range(1, 7) for name in ("weight", "bias", "running_mean", "running_var"))
CHANGED = fact("changed_weights", at_least=1)
EXACT = fact("zeros_off", weights=list(WEIGHTS), argument=2, at_most=0)
EXACT_LATER = fact("zeros_off", weights=list(WEIGHTS[1:]), argument=2, at_most=0)
"""Behind the first layer, whose scores are all equal where the frames are silent."""
ROWS = fact("kept_by_order", weight="classifier.weight", order="row", at_least=1.0)
"""Of the classifier's rows the largest magnitudes were kept."""


def pruned_by_energy(model, frames, sparsity):
    """The oracle walks through the network by hand, with energies of its channels in float64.

    Of equal scores at the cut it removes none: which of them go is left open, and how many is counted apart.
    """
    pruned, x = copy.deepcopy(model), frames[:, None]
    with torch.no_grad():
        for at in range(1, 7):
            energy = x.double().square().sum(dim=(0, 2))
            _cut(pruned.get_submodule(f"conv{at}").weight, energy, sparsity)
            x = nn.functional.pad(x, (254, 254) if at == 1 else (31, 32))
            x = model.get_submodule(f"bn{at}")(model.get_submodule(f"conv{at}")(x).relu())
            x = nn.functional.max_pool1d(x, 2)
        features = x.transpose(1, 2).reshape(len(x), -1)
        _cut(pruned.classifier.weight, features.double().square().sum(dim=0), sparsity)
    return pruned


def _cut(weight, energy, sparsity):
    rows = weight.double().square().numpy().reshape(len(weight), len(energy), -1) * energy.numpy()[:, None]
    for row, scores in zip(weight, rows.reshape(len(weight), -1), strict=True):
        row.view(-1)[torch.from_numpy(scores < np.sort(scores)[round(sparsity * scores.size)])] = 0


def _case(frames, share, model):
    """Shares are multiples of 1/256, so that each output of each layer loses a whole number of weights."""
    return Case("share", ZooModel("crepe_tiny", seed=model), torch.from_numpy(frames), share / 256)


def _tones(seed, count, share, model):
    return _case(zoo.tones(seed, count).frames, share, model)


def _silence(count, share, model):
    """Hand over silent frames: all scores of the first layer are zero, so that they tie at any cut."""
    return _case(np.zeros((count, 1024), np.float32), share, model)


def fresh_networks(generator):
    seeds = [int(seed) for seed in generator.integers(100, 2**31, size=5)]
    shares = int(generator.integers(80, 140)), int(generator.integers(150, 210)), int(generator.integers(60, 200))
    return [
        _tones(seeds[0], 6, shares[0], seeds[1]),
        _tones(seeds[2], 5, shares[1], seeds[3]),
        _silence(3, shares[2], seeds[4]),
    ]


EXERCISE = ExerciseSpec(
    title="Wanda on a real network",
    response="function",
    setup="""\
import copy

import torch
from torch import nn

from quizlib.zoo import tones

frames = torch.from_numpy(tones(seed=5, count=8).frames)
""",
    hints=(
        "In a hook, `given[0].transpose(0, 1).flatten(1).norm(dim=1)` is the norm of each channel or feature.",
        "`weight.view(outputs, channels, -1)` lines up the weights of a layer with the norms of its channels.",
    ),
    criteria=(
        measured("share", "Each layer has exactly its share of zeros, in silence, too", CHANGED, EXACT, points=2),
        measured(
            "lowest-first",
            "Of each output the weights of the lowest scores went",
            CHANGED,
            fact("global_sparsity", weights=list(WEIGHTS), at_most=0.99),  # 1 where nothing is left
            *(fact("zeros_kept", weight=weight, at_least=0.999) for weight in WEIGHTS),
            points=4,
        ),
        measured(
            "kept-values",
            "Weights that stay, biases and batch norms have their values",
            CHANGED,
            fact("change_of_kept", weights=list(WEIGHTS), at_most=0),
            *(fact("change_of_weight", weight=name, at_most=0) for name in (*BIASES, *NORMS)),
            beside=("lowest-first",),
        ),
        measured(
            "keeps-model",
            "The model that was given is unchanged",
            CHANGED,
            fact("inputs_changed", equals=False),
            beside=("lowest-first",),
        ),
    ),
    symptoms={
        "inputs-left-out": (EXACT, ROWS),
        "equal-scores-together": (
            # The least of the public shares is that of the silent frames: only who lost more there has the next one.
            fact("sparsity", weight="conv1.weight", at_least=0.42),
            EXACT_LATER,
            *(fact("zeros_kept", weight=weight, at_least=0.999) for weight in WEIGHTS),
            fact("change_of_kept", weights=list(WEIGHTS), at_most=0),
            fact("inputs_changed", equals=False),
        ),
        "one-ranking-a-layer": (
            EXACT_LATER,
            fact("zeros_unevenness", weight="classifier.weight", at_least=0.1),
            fact("kept_are_largest", weights=["classifier.weight"], at_least=0.75, at_most=0.9999),
        ),
        "convolutions-only": (
            fact("sparsity", weight="classifier.weight", at_most=0),
            fact("zeros_off", weights=list(WEIGHTS[:-1]), argument=2, at_most=0),
            *(fact("zeros_kept", weight=weight, at_least=0.999) for weight in WEIGHTS[:-1]),
        ),
        "works-in-place": (
            EXACT,
            *(fact("zeros_kept", weight=weight, at_least=0.999) for weight in WEIGHTS),
            fact("inputs_changed", equals=True),
        ),
        "values-changed": (
            EXACT_LATER,
            *(fact("zeros_kept", weight=weight, at_least=0.999) for weight in WEIGHTS),
            fact("change_of_kept", weights=list(WEIGHTS), at_least=1e-6),
        ),
    },
    reference=pruned_by_energy,
    # A case on the published weights would carry half of them in the released sheet.
    public=(_tones(5, 6, 180, model=4), _tones(6, 5, 109, model=5), _silence(3, 77, model=6)),
    private=fresh_networks,
)
