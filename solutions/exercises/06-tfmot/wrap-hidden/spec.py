from quizlib.authoring import ExerciseSpec, fact, measured

from ..common import KERAS_ORIGIN

HIDDEN = ["hidden1/kernel", "hidden2/kernel"]

# 2e-3 after two steps of Adam; a model that was handed back, or only wrapped, has 0
TRAINED = fact("change_of_weight", weight="output/bias", origin=KERAS_ORIGIN, at_least=1e-6)


def masked(layer, sparsity):
    """tfmot removes exactly round(sparsity n) of distinct weights; one more or less is let pass."""
    return fact("sparsity", weight=f"{layer}/mask", at_least=sparsity - 2e-4, at_most=sparsity + 2e-4)


def renewed(layer):
    """The wrapper itself chose its mask: it keeps the magnitude at the cut, which is 0 in the beginning."""
    return fact("sparsity", weight=f"{layer}/threshold", at_most=0)


ANY_MASK = fact("sparsity", weight="hidden1/mask", at_least=0.3)
RENEWED = renewed("hidden1")

EXERCISE = ExerciseSpec(
    title="Prune the layers you choose",
    response="keras_model",
    name="partly_pruned",
    keeps=("mlp_keras",),
    setup="""\
import tensorflow_model_optimization as tfmot
import tf_keras as keras

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1, y_train (1077,)
mlp_keras = zoo.digits_mlp_keras()  # hidden1, hidden2, output: 64 → 256 → 128 → 10
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # the model ends in logits
""",
    hints=(
        "`keras.models.clone_model(model, clone_function=f)` puts `f(layer)` in the place of each layer.",
        "`layer.__class__.from_config(layer.get_config())` is a new layer like `layer`, without what it learned.",
        "A wrapper's `set_weights` takes the weights of the layer inside: go through both models layer by layer.",
    ),
    criteria=(
        measured(
            "first", "The mask of `hidden1` has sparsity 0.9", TRAINED, renewed("hidden1"), masked("hidden1", 0.9)
        ),
        measured(
            "second", "The mask of `hidden2` has sparsity 0.5", TRAINED, renewed("hidden2"), masked("hidden2", 0.5)
        ),
        measured(
            "dense",
            "`output` is a plain layer, and the two others still have their wrappers",
            TRAINED,
            ANY_MASK,
            RENEWED,
            fact("mask_variables", equals=6),
            fact("sparsity", weight="output/kernel", at_most=0.01),
        ),
        measured(
            "kept-large",
            "What the masks keep are large weights of `mlp_keras`, and `output` has its weights",
            TRAINED,
            ANY_MASK,
            RENEWED,
            # over 5 seeds and several batches 0.93 at least; of new random weights 0.38 at most
            *(fact("kept_are_largest", weights=[name], origin=KERAS_ORIGIN, at_least=0.7) for name in HIDDEN),
            # two steps of Adam move a weight by 2e-3; a new random one is elsewhere
            fact("change_of_weight", weight="output/kernel", origin=KERAS_ORIGIN, at_most=0.1),
        ),
        measured(
            "keeps-model",
            "`mlp_keras` is as the setup made it",
            TRAINED,
            ANY_MASK,
            RENEWED,
            fact("given_changed", at_most=0),
        ),
    ),
    symptoms={
        "all-wrapped": (TRAINED, fact("mask_variables", equals=9)),
        "one-schedule": (TRAINED, fact("mask_variables", equals=6), masked("hidden1", 0.9), masked("hidden2", 0.9)),
        "never-renewed": (
            TRAINED,
            fact("mask_variables", equals=6),
            fact("sparsity", weight="hidden1/mask", at_most=0),
            fact("sparsity", weight="hidden2/mask", at_most=0),
            fact("given_changed", at_most=0),
        ),
        "stripped": (
            TRAINED,
            fact("mask_variables", equals=0),
            fact("sparsity", weight="hidden1/kernel", at_least=0.89, at_most=0.91),
        ),
        "used-up": (
            TRAINED,
            ANY_MASK,
            fact("mask_variables", equals=6),
            fact("given_changed", numbers=True, at_least=1),
        ),
        "untrained-copy": (
            TRAINED,
            fact("mask_variables", equals=6),
            masked("hidden1", 0.9),
            masked("hidden2", 0.5),
            fact("kept_are_largest", weights=HIDDEN[:1], origin=KERAS_ORIGIN, at_most=0.45),
            fact("change_of_kept", weights=HIDDEN, origin=KERAS_ORIGIN, at_most=1.2),
        ),
    },
)
