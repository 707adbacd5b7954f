from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

from ..common import LAYERS, MODEL_BYTES, PRUNE_SETUP, WEIGHTS, changed

BIASES = tuple(f"{layer}.bias" for layer in LAYERS)
SMALLEST_FIRST = tuple(fact("kept_are_largest", weights=[weight], at_least=1.0) for weight in WEIGHTS)
HIDDEN1 = 256 * 64
NO_MASKS = fact("weight_bytes", at_most=MODEL_BYTES)
PRUNED_AS_ASKED = fact("zeros_off", weights=list(WEIGHTS), at_most=0)


def fresh_models(generator):
    seeds = generator.integers(0, 2**31, size=2)
    shares = _share(generator, 0.25, 0.45, is_rounded_up=True), _share(generator, 0.65, 0.85, is_rounded_up=False)
    return [
        Case("share", ZooModel("digits_mlp", seed=int(seed)), share) for seed, share in zip(seeds, shares, strict=True)
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
            "smallest-first", "No removed weight is larger than a kept one of its layer", changed(), *SMALLEST_FIRST
        ),
        measured(
            "kept-values",
            "Kept weights and all biases have their values",
            changed(),
            fact("change_of_kept", weights=list(WEIGHTS), at_most=0),
            *(fact("change_of_weight", weight=bias, at_most=0) for bias in BIASES),
        ),
        measured("permanent", "No mask is stored beside the weights", changed(), NO_MASKS),
        measured(
            "keeps-model", "The model that was given is unchanged", changed(), fact("inputs_changed", equals=False)
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
        "biases-pruned": (
            *(fact("sparsity", weight=bias, at_least=0.3, at_most=0.95) for bias in BIASES),
            fact("change_of_kept", weights=list(BIASES), at_most=0),
        ),
        "works-in-place": (
            PRUNED_AS_ASKED,
            NO_MASKS,
            fact("inputs_changed", equals=True),
        ),
    },
    public=(
        Case("share", ZooModel("digits_mlp"), 0.5),
        Case("share", ZooModel("digits_mlp", seed=3), 0.77),  # 12615.68 of hidden1, 985.6 of output
    ),
    private=fresh_models,
)
