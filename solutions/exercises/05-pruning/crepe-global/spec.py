from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

WEIGHTS = (*(f"conv{at}.weight" for at in range(1, 7)), "classifier.weight")
BIASES = (*(f"conv{at}.bias" for at in range(1, 7)), "classifier.bias")
NORMS = tuple(f"bn{at}.{name}" for at in range(1, 7) for name in ("weight", "bias", "running_mean", "running_var"))
CHANGED = fact("changed_weights", at_least=1)
ALL_BYTES = 4 * (486_552 + 544) + 6 * 8  # parameters, running means and variances, and the counters of six norms
COUNT = 485_376
"""Weights of all convolutions and the linear layer."""
TIED = (
    *(242_673, 247_471, 252_280, 257_141, 262_017, 266_993, 271_713, 276_661, 281_560, 286_313, 291_232, 296_026),
    *(300_829, 305_784, 310_694, 320_254, 325_158, 330_058, 334_885, 339_820, 344_588, 349_565, 354_144, 359_150),
)
"""Counts of zeros at which the published weights have several equal magnitudes on both sides of the cut."""
AS_ASKED = fact("zeros_off", weights=list(WEIGHTS), together=True, at_most=0)
AS_THEY_WERE = (
    fact("change_of_kept", weights=list(WEIGHTS), at_most=0),
    *(fact("change_of_weight", weight=name, at_most=0) for name in (*BIASES, *NORMS)),
)


def fresh_networks(generator):
    seeds = generator.integers(0, 2**31, size=2)
    shares = round(float(generator.uniform(0.3, 0.55)), 3), round(float(generator.uniform(0.6, 0.85)), 3)
    tied = (int(generator.choice(TIED)) + float(generator.uniform(-0.4, 0.4))) / COUNT
    return [
        *(Case("share", ZooModel("crepe_tiny", seed=int(seed)), one) for seed, one in zip(seeds, shares, strict=True)),
        Case("ties", ZooModel("crepe_tiny"), tied),
    ]


EXERCISE = ExerciseSpec(
    title="Prune a real network as a whole",
    response="function",
    setup="""\
import copy

import torch
from torch import nn
from torch.nn.utils import prune
""",
    hints=(
        "`isinstance(module, (nn.Conv1d, nn.Linear))` finds the layers among `pruned.modules()`.",
        "torch's function leaves masks that have to be removed; by hand, rank one long array of all weights.",
    ),
    criteria=(
        measured("share", "The seven weights together have exactly their share of zeros", CHANGED, AS_ASKED, points=2),
        measured(
            "smallest-first",
            "No weight that went is larger than one that stays, in any layer",
            CHANGED,
            fact("global_sparsity", weights=list(WEIGHTS), at_most=0.99),  # 1 where nothing is left
            fact("kept_are_largest", weights=list(WEIGHTS), at_least=1.0),
            points=2,
        ),
        measured(
            "ties",
            "The smallest go, and exactly as many, where equal magnitudes lie at the cut",
            CHANGED,
            AS_ASKED,
            fact("kept_are_largest", weights=list(WEIGHTS), at_least=1.0),
        ),
        measured(
            "kept-values",
            "Weights that stay, biases and batch norms have their values",
            CHANGED,
            *AS_THEY_WERE,
            beside=("smallest-first",),
        ),
        measured(
            "permanent",
            "No mask is stored beside the weights",
            CHANGED,
            fact("weight_bytes", at_most=ALL_BYTES),
            beside=("smallest-first",),
        ),
        measured(
            "keeps-model",
            "The model that was given is unchanged",
            CHANGED,
            fact("inputs_changed", equals=False),
            beside=("smallest-first",),
        ),
    ),
    symptoms={
        "layer-by-layer": (
            fact("zeros_off", weights=list(WEIGHTS), at_most=0),
            *(fact("kept_are_largest", weights=[weight], at_least=1.0) for weight in WEIGHTS),
        ),
        "signed-ranking": (
            fact("kept_by_order", weight="classifier.weight", order="value", at_least=1.0),
            fact("sparsity", weight="classifier.weight", at_least=0.01),
        ),
        "convolutions-only": (
            fact("sparsity", weight="classifier.weight", at_most=0),
            fact("zeros_off", weights=list(WEIGHTS[:-1]), together=True, at_most=20),
            fact("kept_are_largest", weights=list(WEIGHTS[:-1]), at_least=1.0),
        ),
        "count-off": (  # all else is as asked
            fact("zeros_off", weights=list(WEIGHTS), together=True, at_most=20),
            fact("kept_are_largest", weights=list(WEIGHTS), at_least=1.0),
            fact("inputs_changed", equals=False),
            *AS_THEY_WERE,
            fact("weight_bytes", at_most=ALL_BYTES),
        ),
        # In all public cases all 64 gains of bn6 lie below the threshold.
        "gains-pruned": (fact("sparsity", weight="bn6.weight", at_least=1),),
        "masks-left": (
            fact("pruning_leftovers", at_least=1),
            fact("zeros_off", weights=list(WEIGHTS), together=True, at_most=1),
        ),
        "works-in-place": (
            AS_ASKED,
            fact("kept_are_largest", weights=list(WEIGHTS), at_least=1.0),
            fact("inputs_changed", equals=True),
        ),
    },
    public=(
        Case("share", ZooModel("crepe_tiny"), 0.7),
        Case("share", ZooModel("crepe_tiny", seed=5), 0.433),
        Case("ties", ZooModel("crepe_tiny"), 0.650444),
    ),
    private=fresh_networks,
)
