from quizlib.authoring import ExerciseSpec, fact, measured

from ..common import KERAS_ORIGIN

KERNELS = [f"{layer}/kernel" for layer in ("hidden1", "hidden2", "output")]

TRAINED = fact("change_of_weight", weight="output/bias", origin=KERAS_ORIGIN, at_least=1e-6)
PRUNED = fact("global_sparsity", weights=KERNELS, at_least=0.3)  # 0.20 where it was trained on without masks
# 0.985 at least where it was trained on, 0.92 of the file as it is, or after a step without a gradient
WON_BACK = fact("accuracy", origin=KERAS_ORIGIN, split="train", at_least=0.95)
SHOWN_BY = ("kept-large", "accuracy")
"""Beside which counts what the file brings along."""

EXERCISE = ExerciseSpec(
    title="Go on with a pruned model",
    response="keras_model",
    name="resumed",
    setup="""\
import tempfile
from pathlib import Path

import numpy as np
import tensorflow_model_optimization as tfmot
import tf_keras as keras

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1, y_train (1077,)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # the model ends in logits
schedule = tfmot.sparsity.keras.PolynomialDecay(0.0, 0.75, begin_step=0, end_step=34, frequency=2)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(zoo.digits_mlp_keras(), schedule)
for layer in wrapped.layers:  # as after 34 steps of a training
    (kernel, mask, threshold), step = layer.pruning_vars[0], layer.pruning_step
    threshold.assign(np.quantile(np.abs(kernel.numpy()), 0.75))
    mask.assign((np.abs(kernel.numpy()) >= threshold.numpy()).astype("float32"))
    kernel.assign(kernel * mask)
    step.assign(34)
path = Path(tempfile.mkdtemp()) / "wrapped.keras"
wrapped.save(path)
del wrapped, layer, kernel, mask, threshold, step, schedule
""",
    hints=(
        "`with tfmot.sparsity.keras.prune_scope():` around `keras.models.load_model(path)`.",
        "The callback finds a counter that is not −1, and leaves it: the schedule has ended, and the masks hold.",
        "Strip when the training is over, not before it.",
    ),
    criteria=(
        measured(
            "sparsity",
            "Each kernel has sparsity 0.75 after the training",
            TRAINED,
            *(fact("sparsity", weight=kernel, at_least=0.7485, at_most=0.7515) for kernel in KERNELS),
            points=2,
            beside=SHOWN_BY,
        ),
        measured(
            "kept-large",
            "The masks are those of the file, and the model was trained with them",
            TRAINED,
            PRUNED,
            WON_BACK,
            # 1 where the masks of the file held; 0.98 where new ones were made
            fact("kept_are_largest", weights=KERNELS[:1], origin=KERAS_ORIGIN, at_least=0.999),
            points=2,
        ),
        measured("stripped", "No wrapper is left", TRAINED, PRUNED, fact("mask_variables", at_most=0), beside=SHOWN_BY),
        measured(
            "accuracy",
            "It has an accuracy of at least 0.93 on digits it was not trained on",
            TRAINED,
            PRUNED,
            WON_BACK,
            fact("accuracy", origin=KERAS_ORIGIN, at_least=0.93),
        ),
    ),
    symptoms={
        "stripped-first": (
            TRAINED,
            fact("mask_variables", equals=0),
            fact("global_sparsity", weights=KERNELS, at_most=0.3),
        ),
        "not-trained": (
            fact("mask_variables", equals=0),
            fact("changed_weights", origin=KERAS_ORIGIN, equals=3),
            fact("global_sparsity", weights=KERNELS, at_least=0.74, at_most=0.76),
        ),
        "wrappers-left": (TRAINED, fact("mask_variables", equals=9)),
        "wrapped-anew": (
            TRAINED,
            fact("mask_variables", equals=0),
            fact("global_sparsity", weights=KERNELS, at_least=0.4),
            fact("kept_are_largest", weights=KERNELS[:1], origin=KERAS_ORIGIN, at_least=0.6, at_most=0.998),
            fact("accuracy", origin=KERAS_ORIGIN, at_least=0.9),
        ),
    },
)
