"""Proofs of lesson 06: each question's key follows from what tfmot is seen to do."""

import gzip
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import Programs, ending
from quizlib.zoo import digits_mlp_keras, load_digits
from quizlib.zoo.quiet import quiet

LESSON = Programs(Path(__file__).parents[1] / "questions" / "06_tfmot.yaml")

LATE = """
import tensorflow as tf
def model():
    return tf.keras.Sequential([tf.keras.layers.Input((4,)), tf.keras.layers.Dense(2)])
first = model()
import os
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import tensorflow_model_optimization as tfmot
second = model()
import keras, tf_keras
print(type(second).__module__.split(".")[0])
try:
    tfmot.sparsity.keras.prune_low_magnitude(second)
    print("wrapped")
except ValueError as error:
    print("refused")
print("both")
"""


def late_seen():
    """Run the notebook's cells in a process of its own, without the variable that this one has."""
    environment = {name: value for name, value in os.environ.items() if name != "TF_USE_LEGACY_KERAS"}
    command = [sys.executable, "-c", LATE]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    library, outcome, loaded = [*ran.stdout.split(), "", "", ""][:3]
    return {"library": library, "outcome": outcome, "loaded": loaded}


@cache
def tools():
    """Return tf_keras and the parts of tfmot, which load TensorFlow."""
    quiet()
    import tensorflow as tf
    import tensorflow_model_optimization as tfmot
    import tf_keras as keras

    tf.get_logger().setLevel("ERROR")  # clustered kernels take part through their centroids, and it warns of that

    return keras, tfmot.sparsity.keras, tfmot.clustering.keras, tfmot.quantization.keras, tfmot.experimental.combine


def fit(model, callbacks=(), optimizer="adam", examples=None, epochs=1):
    keras, digits = tools()[0], load_digits()
    keras.utils.set_random_seed(0)
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = digits.x_train[:examples], digits.y_train[:examples]
    model.fit(x, y, batch_size=64, epochs=epochs, verbose=0, callbacks=list(callbacks))
    return model


def schedule_seen():
    """Ask the schedule at each step, as a wrapper does, and keep what the last renewal asks for."""
    import tensorflow as tf

    schedule = tools()[1].PolynomialDecay(0.5, 0.9, begin_step=10, end_step=50, power=1, frequency=15)
    asked = {step: schedule(tf.constant(step, tf.int64)) for step in range(1, 201)}
    renewed = {step: float(sparsity) for step, (is_now, sparsity) in asked.items() if bool(is_now)}
    return {"steps": list(renewed), "sparsities": list(renewed.values())}


def during_seen():
    keras, sparse, *_ = tools()
    found = []

    class Seen(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            kernel, mask, _ = self.model.layers[1].pruning_vars[0]
            found.append([float((one.numpy() == 0).mean()) for one in (mask, kernel)])

    schedule = sparse.ConstantSparsity(0.75, begin_step=0, frequency=1)
    model = sparse.prune_low_magnitude(digits_mlp_keras(), schedule)
    fit(model, [sparse.UpdatePruningStep(), Seen()])
    middle = found[4:12]
    return {"masks": [mask for mask, _ in middle], "kernels": [kernel for _, kernel in middle]}


def summaries_seen():
    """Train two epochs with each callback alone and with both, and keep what is to be written for TensorBoard.

    `PruningSummaries` reads the masks, and hands its numbers to methods that write them with a package that may not
    be installed; here these keep them.
    """
    import tensorflow as tf

    sparse = tools()[1]

    class Kept(sparse.PruningSummaries):
        written: list[float]

        def _log_pruning_metrics(self, logs, prefix, step):
            self.written += [float(value) for name, value in logs.items() if name.endswith("hidden2/mask:0/sparsity")]

        def _log_epoch_metrics(self, epoch, logs):
            """Write no losses."""

    def trained(folder, order):
        schedule = sparse.ConstantSparsity(0.75, begin_step=0, frequency=1)
        model = sparse.prune_low_magnitude(digits_mlp_keras(), schedule)
        writes = Kept(folder, write_graph=False)
        writes.written = []
        callbacks = [sparse.UpdatePruningStep() if name == "prunes" else writes for name in order]
        try:
            fit(model, callbacks, epochs=2)
            failed = ""
        except tf.errors.InvalidArgumentError:
            failed = "InvalidArgumentError"
        mask = model.layers[1].pruning_vars[0][1].numpy()
        steps = int(model.optimizer.iterations)
        return {"failed": failed, "steps": steps, "written": writes.written, "mask": float((mask == 0).mean())}

    orders = {
        "writes": ["writes"],
        "prunes": ["prunes"],
        "both": ["prunes", "writes"],
        "other order": ["writes", "prunes"],
    }
    with tempfile.TemporaryDirectory() as folder:
        return {name: trained(folder, order) for name, order in orders.items()}


def stored(model):
    return b"".join(one.numpy().tobytes() for one in model.variables)


def sizes_seen():
    _, sparse, clusters, *_ = tools()
    schedule = sparse.ConstantSparsity(0.8, begin_step=0, frequency=1)
    wrapped = fit(sparse.prune_low_magnitude(digits_mlp_keras(), schedule), [sparse.UpdatePruningStep()])
    stripped = sparse.strip_pruning(wrapped)
    how = clusters.CentroidInitialization.KMEANS_PLUS_PLUS
    clustered = clusters.cluster_weights(digits_mlp_keras(), number_of_clusters=16, cluster_centroids_init=how)
    clustered = clusters.strip_clustering(fit(clustered))
    return {
        "A": len(stored(wrapped)),
        "B": len(gzip.compress(stored(stripped), mtime=0)),
        "C": len(stored(stripped)),
        "D": len(gzip.compress(stored(clustered), mtime=0)),
    }


def fewer(one, other):
    """Say that option `one` takes fewer bytes than `other`; unless it took more."""
    return Claim(f"{one} takes fewer bytes than {other}", lambda seen: seen[one] < seen[other], unless={one: 10**9})


def accuracy(model):
    digits = load_digits()
    return float((np.asarray(model(digits.x_test)).argmax(1) == digits.y_test).mean())


def aware_seen():
    quantization = tools()[3]
    given = digits_mlp_keras()
    model = quantization.quantize_model(given)
    ends = [float(one.numpy()) for one in model.layers[0].variables[:2]]
    first, logits = accuracy(model), np.asarray(model(load_digits().x_test[:5]))
    kernels = [one.numpy() for one in model.variables if one.name.split("/")[-1] == "kernel:0"]
    change = max(
        float(np.abs(one - layer.kernel.numpy()).max()) for one, layer in zip(kernels, given.layers, strict=True)
    )
    model(load_digits().x_train, training=True)
    return {
        "before": first,
        "after_a_call": accuracy(model),
        "ends": ends,
        "change": change,
        "dtype": logits.dtype.name,
    }


def kernels_of(model):
    return [one.numpy() for one in model.variables if one.name.split("/")[-1] == "kernel:0"]


def survival_seen():
    """Train a pruned and clustered model once more in each of four ways."""
    _, _sparse, _clusters, quantization, combine = tools()

    def given():
        model = digits_mlp_keras()
        for layer in model.layers:
            kernel, bias = layer.get_weights()
            kernel[np.abs(kernel) <= np.quantile(np.abs(kernel), 0.75)] = 0
            edges = np.quantile(kernel[kernel != 0], np.linspace(0, 1, 16))
            middles = (edges[1:] + edges[:-1]) / 2
            places = np.abs(kernel[..., None] - middles).argmin(-1)
            layer.set_weights([np.where(kernel == 0, 0, middles[places]), bias])
        return model

    def sparsity(model):
        found = kernels_of(model)
        return sum(int((one == 0).sum()) for one in found) / sum(one.size for one in found)

    def under(scheme):
        return fit(quantization.quantize_apply(quantization.quantize_annotate_model(given()), scheme))

    keeps, both = (combine.Default8BitClusterPreserveQuantizeScheme(preserve_sparsity=is_so) for is_so in (False, True))
    return {
        "given": sparsity(given()),
        "A": sparsity(fit(quantization.quantize_model(given()))),
        "B": sparsity(under(combine.Default8BitPrunePreserveQuantizeScheme())),
        "C": sparsity(combine.strip_clustering_cqat(under(keeps))),
        "D": sparsity(combine.strip_clustering_cqat(under(both))),
    }


def survives(letter, instead):
    return Claim(
        f"three quarters of the weights are zero after option {letter}",
        lambda seen: abs(seen[letter] - seen["given"]) < 0.005,
        unless={letter: instead},
    )


def loaded_seen():
    keras, sparse, *_ = tools()
    schedule = sparse.ConstantSparsity(0.8, begin_step=0, frequency=1)
    model = sparse.prune_low_magnitude(digits_mlp_keras(), schedule, sparsity_m_by_n=(2, 4))
    fit(model, [sparse.UpdatePruningStep()], examples=300)
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "model.keras")
        with sparse.prune_scope():
            loaded = keras.models.load_model(Path(folder) / "model.keras")
    layers = (model.layers[0], loaded.layers[0])
    return {
        "masks": [float((layer.pruning_vars[0][1].numpy() == 0).mean()) for layer in layers],
        "steps": [int(layer.pruning_step) for layer in layers],
        "classes": [type(layer).__name__ for layer in layers],
        "m_by_n": [str(layer.sparsity_m_by_n) for layer in layers],
    }


def all_between(low, high):
    return lambda seen: all(low <= one <= high for one in seen["kernels"])


PROOFS = [
    Proof(
        item="legacy-too-late",
        observe=late_seen,
        claims={
            "A": Claim(
                "the second model is of Keras 2, and wrapped",
                lambda seen: seen["library"] == "tf_keras" and seen["outcome"] == "wrapped",
                unless={"library": "tf_keras", "outcome": "wrapped"},
            ),
            "B": Claim(
                "the second model is wrapped", lambda seen: seen["outcome"] == "wrapped", unless={"outcome": "wrapped"}
            ),
            "C": Claim(
                "the second model is of Keras 3, and refused",
                lambda seen: seen["library"] == "keras" and seen["outcome"] == "refused",
                unless={"library": "tf_keras"},
            ),
            "D": Claim("both libraries cannot be loaded", lambda seen: seen["loaded"] != "both", unless={"loaded": ""}),
        },
    ),
    Proof(
        item="planned-at-the-last-update",
        observe=schedule_seen,
        value=lambda seen: seen["sparsities"][-1],
        unless={"sparsities": [0.5, 0.65]},
    ),
    Proof(
        item="zeros-during-an-epoch",
        observe=during_seen,
        claims={
            "A": Claim("the kernel is as sparse as its mask", all_between(0.74, 0.76), unless={"kernels": [0.75] * 8}),
            "B": Claim("the kernel is far less sparse", all_between(0.01, 0.7), unless={"kernels": [0.75] * 8}),
            "C": Claim("the kernel has no zeros", all_between(0, 0), unless={"kernels": [0.0] * 8}),
            "D": Claim("the kernel is sparser", all_between(0.76, 1), unless={"kernels": [0.8] * 8}),
        },
    ),
    Proof(
        item="what-summaries-write",
        observe=summaries_seen,
        claims={
            "A": Claim(
                "with the writing callback alone the training ends with an error before the second step",
                lambda seen: seen["writes"]["failed"] != "" and seen["writes"]["steps"] <= 1,
                unless={"writes": {"failed": "", "steps": 34, "written": [0.0, 0.75], "mask": 0.75}},
            ),
            "B": Claim(
                "0.75 is written of both epochs",
                lambda seen: seen["both"]["written"] == [0.75, 0.75],
                unless={"both": {"failed": "", "steps": 34, "written": [0.75, 0.75], "mask": 0.75}},
            ),
            "C": Claim(
                "with the pruning callback alone the mask has 0.75, and nothing is written",
                lambda seen: seen["prunes"]["mask"] == 0.75 and seen["prunes"]["written"] == [],
                unless={"prunes": {"failed": "", "steps": 34, "written": [], "mask": 0.0}},
            ),
            "D": Claim(
                "in the other order there is no 0.75 when the second epoch begins, while there is in the first",
                lambda seen: seen["both"]["written"][1] == 0.75 and seen["other order"]["written"][1] != 0.75,
                unless={"other order": {"failed": "", "steps": 34, "written": [0.0, 0.0], "mask": 0.75}},
            ),
        },
    ),
    Proof(
        item="ones-at-the-threshold",
        observe=lambda: {"printed": ending(LESSON.program("ones-at-the-threshold"))},
        value=lambda seen: seen["printed"],
        unless={"printed": "5"},
    ),
    Proof(
        item="order-of-sizes",
        observe=sizes_seen,
        claims={"DB": fewer("D", "B"), "BC": fewer("B", "C"), "CA": fewer("C", "A")},
    ),
    Proof(
        item="aware-before-training",
        observe=aware_seen,
        claims={
            "A": Claim(
                "the range of the input is from 0 to 0, and a call with data mends the accuracy",
                lambda seen: seen["ends"] == [0, 0] and seen["before"] < 0.2 and seen["after_a_call"] > 0.9,
                unless={"after_a_call": 0.1},
            ),
            "B": Claim(
                "without a training the accuracy does not come back",
                lambda seen: seen["after_a_call"] < 0.5,
                unless={"after_a_call": 0.1},
            ),
            "C": Claim("the kernels are others", lambda seen: seen["change"] > 0, unless={"change": 0.3}),
            "D": Claim("the outputs are integers", lambda seen: "int" in seen["dtype"], unless={"dtype": "int8"}),
        },
    ),
    Proof(
        item="what-survives",
        observe=survival_seen,
        claims={
            "A": survives("A", 0.75),
            "B": survives("B", 0.2),
            "C": survives("C", 0.75),
            "D": survives("D", 0.2),
        },
    ),
    Proof(
        item="lost-while-saving",
        observe=loaded_seen,
        claims={
            "A": Claim(
                "the loaded mask has no zeros", lambda seen: seen["masks"][1] == 0, unless={"masks": [0.5, 0.0]}
            ),
            "B": Claim(
                "the loaded counter is another",
                lambda seen: seen["steps"][0] != seen["steps"][1],
                unless={"steps": [5, -1]},
            ),
            "C": Claim(
                "the loaded layers are plain",
                lambda seen: seen["classes"][1] == "Dense",
                unless={"classes": ["PruneLowMagnitude", "Dense"]},
            ),
            "D": Claim(
                "2 of 4 is gone",
                lambda seen: seen["m_by_n"] == ["(2, 4)", "None"],
                unless={"m_by_n": ["(2, 4)", "(2, 4)"]},
            ),
        },
    ),
]
