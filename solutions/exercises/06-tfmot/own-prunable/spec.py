import numpy as np

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, fact, matching, measured
from quizlib.zoo.arrays import read_checkpoint

KEPT = round(256 * 128 * 0.2)
"""How many weights the mask of `hidden2` keeps."""


def with_pruned_directions(x):
    """The oracle computes with NumPy: the kernel of `hidden2` without its gain is cut, and nothing else."""
    arrays = read_checkpoint("digits_mlp")
    hidden = np.maximum(np.asarray(x) @ arrays["hidden1.weight"].T + arrays["hidden1.bias"], 0)
    kernel = arrays["hidden2.weight"].T
    gain = np.sqrt((kernel**2).sum(axis=0))
    direction = kernel / gain
    threshold = np.sort(np.abs(direction), axis=None)[-KEPT]
    cut = np.where(np.abs(direction) >= threshold, direction, 0)
    hidden = np.maximum(hidden @ cut * gain + arrays["hidden2.bias"], 0)
    return (hidden @ arrays["output.weight"].T + arrays["output.bias"]).astype(np.float32)


def test_rows(generator):
    return [Case("outputs", zoo.load_digits().x_test[generator.permutation(300)[:12]])]


# tfmot removes exactly round(0.8 n) of distinct weights; one more or less is let pass
MASKED = fact("sparsity", weight="hidden2/kernel", at_least=0.7998, at_most=0.8002)

EXERCISE = ExerciseSpec(
    title="A layer of your own, pruned",
    response="keras_model",
    name="own_pruned",
    setup="""\
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf
import tensorflow_model_optimization as tfmot
import tf_keras as keras

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1, y_train (1077,)
mlp_keras = zoo.digits_mlp_keras()  # hidden1, hidden2, output: 64 → 256 → 128 → 10
direction, bias = mlp_keras.get_layer("hidden2").get_weights()  # (256, 128), (128,)
gain = np.linalg.norm(direction, axis=0)  # (128,)
direction = direction / gain  # its columns have length 1
schedule = tfmot.sparsity.keras.ConstantSparsity(0.8, begin_step=0, frequency=1)


def two_steps(model, **classes):
    \"\"\"Save a model, load it, and return that after two steps that prune and train nothing.\"\"\"
    path = Path(tempfile.mkdtemp()) / "own.keras"
    model.save(path)
    with tfmot.sparsity.keras.prune_scope(), keras.utils.custom_object_scope(classes):
        loaded = keras.models.load_model(path, compile=False)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    loaded.compile(keras.optimizers.SGD(0.0), loss)
    step = tfmot.sparsity.keras.UpdatePruningStep()
    x, y = digits.x_train[:128], digits.y_train[:128]
    loaded.fit(x, y, batch_size=64, verbose=0, callbacks=[step])
    return loaded
""",
    hints=(
        "`class Gained(keras.layers.Layer, tfmot.sparsity.keras.PrunableLayer)`, and `get_prunable_weights` returns "
        "a list of variables.",
        "`build(self, shape)` calls `self.add_weight(name, shape)` for each of the three; `shape[-1]` is the number of "
        "inputs.",
        "A layer is made again from what its `get_config` returns: `{**super().get_config(), 'units': self.units}`.",
    ),
    criteria=(
        measured(
            "mask",
            "The kernel of `hidden2` has a mask of sparsity 0.8",
            MASKED,
            fact("array_shape", weight="hidden2/mask", equals="(256, 128)"),
            fact("sparsity", weight="hidden2/mask", at_least=0.7998, at_most=0.8002),
        ),
        measured(
            "alone",
            "Gain and bias have no mask, and the other layers no wrapper",
            MASKED,
            fact("mask_variables", equals=3),
            fact("sparsity", weight="hidden2/gain", at_most=0),
            fact("sparsity", weight="hidden2/bias", at_most=0),
            fact("sparsity", weight="hidden1/kernel", at_most=0.01),
        ),
        matching("outputs", "The model computes with the pruned kernel, the gain and the bias", points=2, atol=1e-3),
    ),
    reference=with_pruned_directions,
    public=(Case("outputs", zoo.load_digits().x_test[:6]),),
    private=test_rows,
    symptoms={
        "all-weights": (
            fact("sparsity", weight="hidden1/kernel", at_most=0.01),
            fact("sparsity", weight="hidden2/gain", at_least=0.5),
            fact("sparsity", weight="hidden2/bias", at_least=0.5),
        ),
        "no-weights": (fact("mask_variables", equals=1), fact("array_shape", weight="hidden2/gain", equals="(128,)")),
        "all-layers": (
            fact("sparsity", weight="hidden2/gain", at_most=0),
            fact("sparsity", weight="hidden1/mask", at_least=0.5),
            fact("sparsity", weight="output/mask", at_least=0.5),
        ),
        "mask-of-ones": (
            fact("array_shape", weight="hidden2/mask", equals="(256, 128)"),
            fact("sparsity", weight="hidden2/mask", at_most=0),
        ),
    },
)
