from quizlib.authoring import ExerciseSpec, fact, measured

from ..common import KERAS_ORIGIN

HIDDEN = ["hidden1/kernel", "hidden2/kernel"]
FLOAT_BYTES = 203_304

# 1e-2 after an epoch; a model that was handed back, or clustered and not trained, has 0
TRAINED = fact("change_of_weight", weight="output/bias", origin=KERAS_ORIGIN, at_least=1e-6)
# thousands where no wrapper held the clusters to the end
CLUSTERED = fact("distinct_numbers", weight=HIDDEN[0], at_most=100)
UNWRAPPED = fact("weight_bytes", equals=FLOAT_BYTES)


def values(layer, least, most):
    return fact("distinct_numbers", weight=f"{layer}/kernel", at_least=least, at_most=most)


EXERCISE = ExerciseSpec(
    title="Cluster what was pruned",
    response="keras_model",
    name="few_values",
    keeps=("mlp_pruned",),
    setup="""\
import numpy as np
import tensorflow as tf
import tensorflow_model_optimization as tfmot
import tf_keras as keras
from tensorflow_model_optimization.python.core.clustering.keras.experimental import cluster

from quizlib import zoo

tf.get_logger().setLevel("ERROR")  # it warns that clustered kernels have no gradients
digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1, y_train (1077,)
mlp_pruned = zoo.digits_mlp_keras()  # hidden1, hidden2, output: 64 → 256 → 128 → 10
for layer in mlp_pruned.layers:  # of each kernel the smallest 70 % are zero
    kept = layer.get_weights()
    kept[0][np.abs(kept[0]) < np.quantile(np.abs(kept[0]), 0.7)] = 0
    layer.set_weights(kept)
del layer, kept


def an_epoch(model):
    \"\"\"Train a model in place, 17 steps of Adam, and return it.\"\"\"
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(digits.x_train, digits.y_train, batch_size=64, verbose=0)
    return model
""",
    hints=(
        "`cluster.cluster_weights(layer, 16, preserve_sparsity=True)` wraps a layer.",
        "A wrapper looks at the weights when it is built, and finds its centroids there: copy the model with its "
        "weights first, and wrap the layers of the copy.",
        "`keras.models.clone_model(copied, clone_function=f)` puts `f(layer)` in the place of each layer.",
    ),
    criteria=(
        measured("first", "The kernel of `hidden1` has 16 different values", TRAINED, values("hidden1", 16, 16)),
        measured("second", "The kernel of `hidden2` has 8 different values", TRAINED, values("hidden2", 8, 8)),
        measured(
            "zeros",
            "The zeros of both kernels are where they were",
            TRAINED,
            CLUSTERED,
            # 0.7 to 0.705 over several starts and optimizers; 0.0 where zeros were let go
            *(fact("sparsity", weight=name, at_least=0.6998, at_most=0.72) for name in HIDDEN),
            # 1 to 0.987 likewise; 0.94 and less where centroids are those of other weights
            *(fact("kept_are_largest", weights=[name], origin=KERAS_ORIGIN, at_least=0.97) for name in HIDDEN),
            points=2,
        ),
        measured(
            "output",
            "`output` is trained, and not clustered",
            TRAINED,
            CLUSTERED,
            fact("distinct_numbers", weight="output/kernel", at_least=300),
        ),
        measured("stripped", "No wrapper is left", TRAINED, CLUSTERED, UNWRAPPED),
        measured(
            "accuracy",
            "It has an accuracy of at least 0.92 on digits it was not trained on",
            TRAINED,
            CLUSTERED,
            fact("accuracy", origin=KERAS_ORIGIN, at_least=0.92),
        ),
        measured(
            "keeps-model", "`mlp_pruned` is as the setup made it", TRAINED, CLUSTERED, fact("given_changed", at_most=0)
        ),
    ),
    symptoms={
        "zeros-lost": (
            TRAINED,
            CLUSTERED,
            *(fact("sparsity", weight=name, at_most=0.02) for name in HIDDEN),
            # of random weights 0.1 and less
            fact("likeness", weight=HIDDEN[0], origin=KERAS_ORIGIN, at_least=0.8),
        ),
        "one-number": (TRAINED, values("hidden1", 16, 16), values("hidden2", 16, 16)),
        "all-clustered": (TRAINED, CLUSTERED, UNWRAPPED, values("output", 2, 16)),
        "wrappers-left": (TRAINED, fact("array_shape", weight="hidden1/cluster_centroids_kernel", equals="(16,)")),
        "stripped-first": (TRAINED, UNWRAPPED, values("hidden1", 5000, 16384), values("hidden2", 9900, 32768)),
        "not-trained": (
            UNWRAPPED,
            values("hidden1", 2, 16),
            fact("change_of_weight", weight="output/bias", origin=KERAS_ORIGIN, at_most=0),
        ),
        "used-up": (TRAINED, CLUSTERED, fact("given_changed", numbers=True, at_least=1)),
        "random-centroids": (
            TRAINED,
            CLUSTERED,
            UNWRAPPED,
            fact("likeness", weight=HIDDEN[0], origin=KERAS_ORIGIN, at_most=0.4),
        ),
    },
)
