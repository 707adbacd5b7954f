import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

from ..common import BIASES, MODEL_BYTES, PRUNE_SETUP, WEIGHTS, biases_kept, changed

SMALLEST_FIRST = tuple(fact("kept_are_largest", weights=[weight], at_least=1.0) for weight in WEIGHTS)
HIDDEN1 = 256 * 64
SOME_KEPT = fact("global_sparsity", weights=list(WEIGHTS), at_most=0.99)  # 1 where nothing is left
HEART = ("smallest-first",)  # what is left of a model counts only where the right weights went
NO_MASKS = fact("weight_bytes", at_most=MODEL_BYTES)
PRUNED_AS_ASKED = fact("zeros_off", weights=list(WEIGHTS), at_most=0)


def counted(count):
    """The layers have lost as many weights as a mistake would take."""
    return fact("zeros_off", weights=list(WEIGHTS), count=count, at_most=0)


def pixels(rows):
    return torch.from_numpy(zoo.load_digits().x_val[rows])


def fresh_models(generator):
    seeds = generator.integers(0, 2**31, size=2)
    shares = _share(generator, 0.25, 0.45, is_rounded_up=True), _share(generator, 0.65, 0.85, is_rounded_up=False)
    return [
        Case("share", ZooModel("digits_mlp", seed=int(seed)), share).calling(
            pixels(generator.choice(360, size=16, replace=False))
        )
        for seed, share in zip(seeds, shares, strict=True)
    ]


def _share(generator, low, high, *, is_rounded_up):
    """A share in per cent of which the count in `hidden1` is a fraction, to be rounded up or down."""
    while True:
        share = round(float(generator.uniform(low, high)), 2)
        over = share * HIDDEN1 % 1
        if over and over != 0.5 and (over > 0.5) == is_rounded_up:
            return share


EXERCISE = ExerciseSpec(
    title="Prune every layer",
    response="function",
    setup=PRUNE_SETUP,
    hints=(
        "`copy.deepcopy(model)` first: the functions of `prune` work in place.",
        "Iterate over the copy and take each child that `isinstance(child, nn.Linear)`.",
        "After `prune.l1_unstructured` the layer holds `weight_orig` and `weight_mask`; "
        "`prune.remove(layer, 'weight')` leaves the product of the two.",
    ),
    criteria=(
        measured("share", "Each layer loses exactly its share of weights", PRUNED_AS_ASKED),
        measured(
            "smallest-first",
            "No removed weight is larger than a kept one of its layer",
            changed(),
            SOME_KEPT,
            *SMALLEST_FIRST,
        ),
        measured(
            "kept-values",
            "Kept weights and all biases have their values, and the copy computes with them as the model did",
            changed(),
            fact("change_of_kept", weights=list(WEIGHTS), at_most=0),
            *biases_kept(),
            # 0 for right answers; 0.2 at least without a ReLU, or with one behind the output
            fact("called_off_stored", at_most=1e-3),
            beside=HEART,
        ),
        measured("permanent", "No mask is stored beside the weights", changed(), NO_MASKS, beside=HEART),
        measured(
            "keeps-model",
            "The model that was given is unchanged, and what was a parameter of it is one of the copy",
            changed(),
            fact("inputs_changed", equals=False),
            fact("lost_parameters", at_most=0),
            beside=HEART,
        ),
    ),
    symptoms={
        "handed-back": (fact("changed_weights", equals=0),),
        "masks-left": (fact("pruning_leftovers", at_least=1),),
        "random-removed": (
            PRUNED_AS_ASKED,
            fact("kept_are_largest", weights=["hidden2.weight"], at_least=0.15, at_most=0.6),
            # What is removed at random is positive as often as the rest, 0.54 in `mlp`, and lies evenly over the rows.
            fact("removed_positive", weight="hidden2.weight", at_least=0.42, at_most=0.65),
            fact("zeros_unevenness", weight="hidden2.weight", at_least=0.4, at_most=2),
        ),
        "signed-ranking": (
            *(fact("kept_by_order", weight=weight, order="value", at_least=1.0) for weight in WEIGHTS),
            fact("kept_are_largest", weights=["hidden2.weight"], at_most=0.9),
        ),
        "row-by-row": (
            *(fact("kept_by_order", weight=weight, order="row", at_least=1.0) for weight in WEIGHTS),
            fact("zeros_unevenness", weight="hidden2.weight", at_most=0),
            fact("kept_are_largest", weights=["hidden2.weight"], at_most=0.99),
        ),
        "largest-removed": (
            PRUNED_AS_ASKED,
            fact("kept_are_largest", weights=["hidden2.weight"], at_most=0.04),
        ),
        "one-threshold": (
            fact("zeros_off", weights=list(WEIGHTS), at_least=1),
            fact("zeros_off", weights=list(WEIGHTS), together=True, at_most=1),
            fact("kept_are_largest", weights=list(WEIGHTS), at_least=0.9999),
        ),
        "count-for-fraction": (
            fact("zero_count_spread", weights=list(WEIGHTS), equals=0),
            fact("sparsity", weight="hidden2.weight", at_least=1e-6, at_most=0.01),
        ),
        "count-cut-off": (counted("down"), *SMALLEST_FIRST),
        "count-rounded-up": (counted("up"), *SMALLEST_FIRST),
        "below-a-quantile": (counted("below-quantile"), *SMALLEST_FIRST),
        "share-kept": (counted("kept"), *SMALLEST_FIRST),
        "layers-lost": (
            PRUNED_AS_ASKED,
            *SMALLEST_FIRST,
            fact("change_of_kept", weights=list(WEIGHTS), at_most=0),
            *biases_kept(),
            fact("called_off_stored", at_least=0.1),
        ),
        "biases-pruned": (
            *(fact("sparsity", weight=bias, at_least=0.3, at_most=0.95) for bias in BIASES),
            fact("change_of_kept", weights=list(BIASES), at_most=0),
        ),
        "works-in-place": (
            PRUNED_AS_ASKED,
            NO_MASKS,
            fact("input_numbers_changed", equals=True),
        ),
    },
    public=(
        Case("share", ZooModel("digits_mlp"), 0.5).calling(pixels(slice(0, 16))),
        # 12615.68 of hidden1, 985.6 of output
        Case("share", ZooModel("digits_mlp", seed=3), 0.77).calling(pixels(slice(16, 32))),
        # 9175.04 of hidden1, 716.8 of output: below the quantile lie as many as are asked for, and `int` gives fewer
        Case("share", ZooModel("digits_mlp", seed=8), 0.56).calling(pixels(slice(32, 48))),
    ),
    private=fresh_models,
)
