# ---
# about: "TensorFlow Model Optimization on Keras 2: pruning, clustering and quantization while a model trains"
# ---

# %% [markdown]
# # 6 · TensorFlow Model Optimization
#
# *What does tfmot do to a Keras model while it trains, and how does one see that it did it?*
#
# After this lesson you can
#
# 1. say which Keras a model belongs to, and make tfmot accept it;
# 2. prune chosen layers along a schedule that fits the data, and read from the masks what was reached;
# 3. strip wrappers, and tell the sizes before and after, raw and compressed;
# 4. cluster weights and count the clusters;
# 5. train a model that is aware of quantization, with a `QuantizeConfig` of your own;
# 6. combine the three so that a later step keeps what an earlier one made;
# 7. save and load models with wrappers.
#
# Lesson 6b goes on where this one ends: a Keras model that is ready to be converted.
#
# **You need** lessons 1 and 3, and section 5.6 for schedules.
#
# **Time**: about an hour to read, run and answer, and a little over two hours for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 6.1 Which Keras? | 6 | |
# | 6.2 Masks, steps and schedules | 15 | 30 |
# | 6.3 Stripping, and what size means | 10 | 35 |
# | 6.4 Clusters | 7 | |
# | 6.5 Aware, not quantized | 12 | 30 |
# | 6.6 One after the other | 8 | 25 |
# | 6.7 Saving and loading | 6 | 10 |
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.
#
# No exercise needs an earlier answer of yours.

# %% [markdown]
# Run the next two cells first.
# The cells of the text work whether or not you have solved an exercise; only cells that begin with `# Try it` use your answer.

# %%
import quizlib
from quizlib import check, hint

quizlib.begin("06-tfmot")

# %%
import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
import tensorflow_model_optimization as tfmot
import tf_keras as keras
from IPython.display import display

from quizlib import measures
from quizlib.zoo import digits_mlp_keras, load_digits
from quizlib.zoo.figures import described, use_style

use_style()
tf.get_logger().setLevel(
    "ERROR"
)  # CQAT trains centroids, and warns of kernels without gradients
digits = load_digits()
sparse, clusters = tfmot.sparsity.keras, tfmot.clustering.keras
quantization, combine = tfmot.quantization.keras, tfmot.experimental.combine


def fit(model, epochs=1, callbacks=()):
    """Train in place, 17 steps an epoch."""
    keras.utils.set_random_seed(0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    model.fit(
        digits.x_train,
        digits.y_train,
        batch_size=64,
        epochs=epochs,
        verbose=0,
        callbacks=list(callbacks),
    )
    return model


def val_accuracy(model):
    return measures.accuracy(model(digits.x_val).numpy(), digits.y_val)


def copy_of(model):
    """Return a copy with layers and weights of its own."""
    copied = keras.models.clone_model(model)
    copied.set_weights(model.get_weights())
    return copied


# %% [markdown]
# ## 6.1 · Which Keras?
#
# **Why.** Two libraries are called Keras.
# TensorFlow since 2.16 gives out Keras 3 as `tf.keras`; [tfmot](https://www.tensorflow.org/model_optimization) is written for Keras 2, which lives on as the package `tf_keras`.
# Keras 3 has quantization of its own, but no pruning, no clustering and no quantization-aware training: for these tfmot has no successor.
#
# `import tf_keras as keras` is Keras 2, whatever else is set.
# `tf.keras` is one or the other: it looks at the environment variable `TF_USE_LEGACY_KERAS` once, when it is first used.
# `quizlib.begin` has set it to 1 above.
#
# **Predict.** A model of Keras 3 is handed to tfmot.
# Will the message say what is wrong?
#
# **Run.**

# %%
import keras as keras_3

models = {
    "keras": keras_3.Sequential([keras_3.layers.Input((64,)), keras_3.layers.Dense(10)]),
    "tf_keras": keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(10)]),
}
for name, model in models.items():
    print(f"{name} {sys.modules[name].__version__}: {type(model)}")
    for call in (sparse.prune_low_magnitude, quantization.quantize_model):
        try:
            print("   ", call.__name__, "gives", type(call(model)).__name__)
        except ValueError as error:
            print("   ", call.__name__, "raises ValueError:", error)

# %% [markdown]
# **Read.** A `Sequential` is asked for, and a `Sequential` was passed: the message names the class without its module.
# Print `type(model).__module__`, which begins with `tf_keras` or with `keras`, before you look for anything else.
#
# Importing tfmot sets the variable, too.

# %% question: legacy-too-late

# %% [markdown]
# **Run.** The program runs in a process of its own, since in this one the choice has been made.

# %%
program = """
import tensorflow as tf
print("first use:        tf.keras is", tf.keras.Model.__module__.split(".")[0])
import os
os.environ["TF_USE_LEGACY_KERAS"] = "1"
print("variable set now: tf.keras is", tf.keras.Model.__module__.split(".")[0])
"""
environment = {name: at for name, at in os.environ.items() if name != "TF_USE_LEGACY_KERAS"}
ran = subprocess.run(
    [sys.executable, "-c", program], env=environment, capture_output=True, text=True
)
print(ran.stdout)

# %% [markdown]
# **Read.** The variable is looked at when `tf.keras` is first used; afterwards setting it changes nothing, and whatever was built belongs to Keras 3.
# Set it before TensorFlow is imported, or write `import tf_keras as keras` and never `tf.keras`.


# %% [markdown]
# ## 6.2 · Masks, steps and schedules
#
# **Why.** [`prune_low_magnitude`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/prune_low_magnitude) wraps layers; a wrapper prunes while the model trains.
#
# **Predict.** A dense layer has two variables, kernel and bias.
# How many has its wrapper, and how large are they?
#
# **Run.**

# %%
schedule = sparse.PolynomialDecay(0.2, 0.8, begin_step=2, end_step=12, frequency=4)
gradual = sparse.prune_low_magnitude(digits_mlp_keras(), pruning_schedule=schedule)
pd.DataFrame(
    [[one.name, tuple(one.shape), one.dtype.name] for one in gradual.layers[1].variables],
    columns=["variable", "shape", "dtype"],
)

# %% [markdown]
# **Read.** The **mask** is as large as the kernel and of its dtype; the **threshold** is the smallest magnitude that was kept; the **pruning step** is a counter, which stands at −1 before the first training.
#
# In each step of a training the wrapper does three things, in this order: it raises the counter, so that it is 1 in the first step; it asks the schedule whether the mask is renewed now; and it multiplies the kernel with the mask.
# The gradient step comes after that.

# %% question: zeros-during-an-epoch

# %% [markdown]
# **Predict.** The schedule above plans 0.2 at step 2 and 0.8 at step 12, and renews the masks every 4 steps.
# Which sparsity do the masks have in the end?
#
# **Run.**


# %%
class Seen(keras.callbacks.Callback):
    """Notes after each step what the second layer holds."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def note(self, when):
        layer = self.model.layers[1]
        (kernel, mask, threshold), step = layer.pruning_vars[0], layer.pruning_step
        zeros = [float((one.numpy() == 0).mean()) for one in (mask, kernel)]
        self.rows.append([int(step), when, *zeros, float(threshold)])

    def on_train_batch_end(self, batch, logs=None):
        self.note("after the step")

    def on_train_end(self, logs=None):
        self.note("after the epoch")


seen = Seen()
fit(gradual, callbacks=[sparse.UpdatePruningStep(), seen])
columns = ["step", "when", "sparsity of the mask", "sparsity of the kernel", "threshold"]
masks = pd.DataFrame(seen.rows, columns=columns)
masks.iloc[[0, 1, 4, 5, 9, 13, -2, -1]].round(4)

# %%
steps = np.arange(0, 18)
planned = [float(schedule(tf.constant(step, tf.int64))[1]) for step in steps]
figure, axis = plt.subplots(figsize=(7, 4))
axis.plot(steps, planned, ":", label="planned")
axis.step(
    masks["step"][:-1], masks["sparsity of the mask"][:-1], "-", where="post", label="masks"
)
axis.plot(
    masks["step"][:-1],
    masks["sparsity of the kernel"][:-1],
    "o",
    fillstyle="none",
    label="kernel, after the gradient step",
)
axis.plot(
    masks["step"].iloc[-1],
    masks["sparsity of the kernel"].iloc[-1],
    "*",
    markersize=13,
    label="kernel, after the epoch",
)
axis.set(xlabel="training step", ylabel="sparsity (fraction)", ylim=(-0.03, 1))
axis.set_xticks(range(0, 18, 2))
figure.legend(loc="outside lower center", ncols=2)
described(figure, "planned-masks-kernel")

# %% [markdown]
# **Read.** The masks were renewed at steps 2, 6 and 10.
# The next time would be step 14, past `end_step`, so that the masks stay a little short of what was ordered.
#
# The kernel shows other numbers: after the mask was applied, the gradient step moved the weights that it had set to zero.
# They are removed again in the next step, and by `UpdatePruningStep` at the end of each epoch.
# Whoever counts zeros during an epoch counts those of the mask.
#
# A `frequency` of 100 is the default.
# This training has 17 steps an epoch, so that with the default nothing at all is pruned at `begin_step=0`, in silence: see lesson 1.
# Compute `end_step` from the data, and choose `frequency` so that an update falls on it.


# %% [markdown]
# **Run.** And without the callback?

# %%
try:
    fit(sparse.prune_low_magnitude(digits_mlp_keras()))
except tf.errors.InvalidArgumentError as error:
    print(
        "InvalidArgumentError:",
        next(line for line in str(error).splitlines() if "callback" in line),
    )

# %% [markdown]
# **Read.** The callback sets the counter to 0 before the training; without it the first step finds −1, raises it to 0, and tfmot says so.
# [`PruningSummaries`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/PruningSummaries) is another callback, which reads the mask and the threshold of each layer whenever an epoch begins, and writes the sparsity of the mask and the threshold for TensorBoard; our `Seen` notes them after each step.
# It needs the package `tensorboard`, which not every TensorFlow brings along, and raises `TBNotInstalledError` without it.

# %% question: what-summaries-write

# %% question: planned-at-the-last-update

# %% exercise: update-steps

# %% [markdown]
# Write `update_steps(examples, batch_size, epochs, begin_step, end_step, frequency)`.
# Return the list of all steps, in rising order, at which a training by `fit` renews the masks.
#
# - An epoch goes through all `examples` in batches of `batch_size`; the last batch is a step, too, if it is not full.
# - The counter is 1 at the first step of the training, and goes on from epoch to epoch.
# - Masks are renewed at `begin_step`, `begin_step + frequency`, `begin_step + 2 * frequency`, … as far as these steps come.
# - `end_step` is the last step at which they may be renewed; −1 says that there is no such step.
#
# `examples`, `batch_size`, `epochs` and `frequency` are at least 1, `begin_step` at least 0, and `end_step` is −1 or at least `begin_step`.
#
# Worked value: 200 examples in batches of 64 are 4 steps; with 2 epochs, `begin_step=2`, `end_step=7` and `frequency=3` the list is `[2, 5]`.


# %%
def update_steps(
    examples: int, batch_size: int, epochs: int, begin_step: int, end_step: int, frequency: int
) -> list[int]:
    """Return the steps of a training at which the masks are renewed."""
    ### BEGIN SOLUTION
    steps = epochs * -(-examples // batch_size)
    last = steps if end_step == -1 else min(end_step, steps)
    return list(range(begin_step or frequency, last + 1, frequency))
    ### END SOLUTION


# %%
# Try it: what does the default frequency do here?
for frequency in (100, 10, 4):
    print(frequency, update_steps(**digits_run, begin_step=0, end_step=-1, frequency=frequency))

# %% [markdown]
# `prune_low_magnitude(model)` wraps every layer.
# To prune some of them, clone the model: [`clone_model`](https://www.tensorflow.org/api_docs/python/tf/keras/models/clone_model) calls its `clone_function` on each layer and puts what comes back in its place.

# %% exercise: wrap-hidden

# %% [markdown]
# Set `partly_pruned` to a copy of `mlp_keras` whose hidden layers are wrapped for pruning, each with a schedule of its own, after a very short training.
#
# 1. Wrap `hidden1` and `hidden2`; `output` is a plain `Dense` layer. All three have the trained weights of `mlp_keras`, and are layers of their own.
# 2. Fit one epoch on the first 128 digits in batches of 64, with `UpdatePruningStep()` and the `loss` of the setup. That is two steps: mind the schedules.
# 3. After it the mask of `hidden1` has sparsity 0.9 and that of `hidden2` 0.5.
# 4. Leave the wrappers on: this model is to be trained further.
#
# Worked value: 1638 of the 16384 numbers in the mask of `hidden1` are 1, and the model stores six variables of pruning.
# A model that was not trained earns nothing; `mlp_keras` stays as it is.

# %%
partly_pruned = ...  # a tf_keras model
### BEGIN SOLUTION
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


def wrapped_or_copied(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], 0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped_or_copied)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile("adam", loss)
step = tfmot.sparsity.keras.UpdatePruningStep()
x, y = digits.x_train[:128], digits.y_train[:128]
partly_pruned.fit(x, y, batch_size=64, verbose=0, callbacks=[step])
### END SOLUTION

# %%
# A cell to play in: the layers that you will wrap.
[layer.name for layer in mlp_keras.layers]

# %% [markdown]
# What is a mask made of?
# tfmot computes how many weights are kept, takes the smallest of them as the threshold, and keeps all whose magnitude is **at least** the threshold.

# %% question: ones-at-the-threshold

# %% [markdown]
# **Run.** A kernel of eight weights, of which half is to go.

# %%
layer = sparse.prune_low_magnitude(
    keras.layers.Dense(2, use_bias=False),
    pruning_schedule=sparse.ConstantSparsity(0.5, begin_step=0, frequency=1),
)
model = keras.Sequential([keras.layers.Input((4,)), layer])
layer.set_weights([np.float32([[1, -2], [1, 2], [-1, 1], [2, -1]])])
layer.pruning_step.assign(1)
layer.pruning_obj.conditional_mask_update()  # what a step of the training calls
print(layer.pruning_vars[0][1].numpy(), "threshold", layer.pruning_vars[0][2].numpy())

# %% [markdown]
# **Read.** Nothing went, of which half was asked for: the fourth largest magnitude is 1.0, and every weight has at least that.
# Where many weights are equal, after quantization or clustering or in a kernel with many zeros, tfmot removes fewer than it was told to.

# %% exercise: tfmot-mask

# %% [markdown]
# Write `tfmot_mask(weights, sparsity)`, which makes a mask by tfmot's rules.
# `weights` is a float32 array of any shape, with at least one value, and `sparsity` a number from 0 to below 1.
# Return two things: the mask, a float32 array of that shape, 1 where a weight is kept and 0 where it goes, and the threshold, a `float`.
#
# - `round(size * (1 - sparsity))` weights are to be kept (Python's `round`: half to even), and 1 at least. tfmot computes the product in float32 and may be one off where it ends in a half; here Python's product counts.
# - The threshold is the smallest magnitude among so many of the largest.
# - The mask keeps every weight whose magnitude is at least the threshold, however many these are.
#
# `weights` stay as they are.
#
# Worked value: of `[[1.0, -2.0, 1.0], [-1.0, 3.0, 1.0]]` half is to be kept at sparsity 0.5; the third largest magnitude is 1.0, so the mask is 1 everywhere, and the threshold 1.0.


# %%
def tfmot_mask(weights: np.ndarray, sparsity: float) -> tuple[np.ndarray, float]:
    """Return the mask of a kernel and its threshold, as tfmot computes them."""
    ### BEGIN SOLUTION
    magnitudes = np.abs(weights)
    kept = max(round(weights.size * (1 - sparsity)), 1)
    threshold = np.sort(magnitudes, axis=None)[-kept]
    return (magnitudes >= threshold).astype(np.float32), float(threshold)
    ### END SOLUTION


# %%
# Try it: the sparsity that is reached, with ties.
for sparsity in (0.3, 0.5, 0.7, 0.9):
    found = tfmot_mask(kernel, sparsity)
    if found is not None:
        print(sparsity, 1 - found[0].mean())

# %% [markdown]
# ## 6.3 · Stripping, and what size means
#
# **Why.** A pruned model is to be smaller, and what is measured as its size decides whether it is.
#
# **Predict.** The model above: as it was, wrapped and trained, and stripped.
# Put the three in order of their bytes; and then in order of their bytes after gzip.
#
# **Run.**


# %%
def stored(model):
    """Return the bytes of all variables of a model, in a row."""
    return b"".join(one.numpy().tobytes() for one in model.variables)


stripped = sparse.strip_pruning(gradual)
converted = tf.lite.TFLiteConverter.from_keras_model(stripped).convert()
files = {
    "dense": stored(digits_mlp_keras()),
    "wrapped": stored(gradual),
    "stripped": stored(stripped),
    "stripped, as LiteRT": converted,
}
sizes = pd.DataFrame(
    {name: [len(one), len(gzip.compress(one, mtime=0))] for name, one in files.items()},
    index=["raw", "gzip"],
).T
sizes

# %%
figure, axis = plt.subplots(figsize=(7, 3.6))
places = np.arange(len(sizes))
for shift, how, hatch in ((-0.2, "raw", ""), (0.2, "gzip", "//")):
    axis.bar(places + shift, sizes[how] / 1000, 0.38, label=how, hatch=hatch, edgecolor="white")
axis.set_xticks(places, sizes.index)
axis.set(ylabel="size (kB)")
axis.legend()
described(figure, "sizes-raw-and-gzip")

# %% [markdown]
# **Read.** Wrapped, the model is twice as large: a mask is as large as its kernel.
# Stripped, it has the bytes that it had before, since a zero takes four bytes like any other number; converted to LiteRT, too.
# Only what compresses sees the zeros.
# So a size is told with three words beside it: of what, stripped or not, raw or compressed.

# %% exercise: wrapped-bytes

# %% [markdown]
# Write `wrapped_bytes(layers, prunable)`: the bytes that a model stores, before its layers are wrapped by `prune_low_magnitude` and after.
# `layers` gives for each layer the shapes of its weights, lists of sizes, all float32; a layer may have none, and the shape of a single number is `[]`.
# `prunable` gives for each layer that is wrapped the names of the weights that the wrapper prunes; the list may be empty.
# Return a dict of two `int`s: `"plain"`, the bytes of the weights, and `"wrapped"`, those of the weights and of all that the wrappers store.
#
# - For each pruned weight a wrapper stores a mask, float32 in the shape of the weight, and a threshold, one float32.
# - Each wrapper stores its pruning step, one int64, however many weights it prunes.
#
# Worked value: a kernel `[2, 3]` and a bias `[3]` take `24 + 12` bytes; with the layer wrapped, and its kernel pruned, it is `24 + 4 + 8` more: `{"plain": 36, "wrapped": 72}`.


# %%
def wrapped_bytes(
    layers: dict[str, dict[str, list[int]]], prunable: dict[str, list[str]]
) -> dict[str, int]:
    """Return the bytes of a model's variables without wrappers and with them."""
    ### BEGIN SOLUTION
    plain = sum(math.prod(shape) for weights in layers.values() for shape in weights.values())
    masked = [math.prod(layers[name][one]) for name in prunable for one in prunable[name]]
    wrapped = 4 * (plain + sum(masked) + len(masked)) + 8 * len(prunable)
    return {"plain": 4 * plain, "wrapped": wrapped}
    ### END SOLUTION


# %%
# Try it: how much do the wrappers of both layers add?
wrapped_bytes(layers, {"hidden": ["kernel"], "output": ["kernel"]})

# %% [markdown]
# Zeros that lie anywhere help a file and no processor.
# `sparsity_m_by_n=(2, 4)` makes two zeros in each four consecutive inputs of an output, which some hardware skips.
#
# **Predict.** The schedule below asks for 0.8.
# Which sparsity does `sparsity_m_by_n=(2, 4)` leave, and at which step is the mask made?
#
# **Run.**

# %%
two_of_four = sparse.prune_low_magnitude(
    digits_mlp_keras(),
    pruning_schedule=sparse.ConstantSparsity(0.8, begin_step=5, frequency=1),
    sparsity_m_by_n=(2, 4),
)
grouped = Seen()
fit(two_of_four, callbacks=[sparse.UpdatePruningStep(), grouped])
pd.DataFrame(grouped.rows, columns=columns).iloc[[0, 1, -1]].round(4)

# %%
figure, panels = plt.subplots(1, 2, figsize=(8.5, 3.6), sharey=True)
for panel, model, name in zip(panels, (gradual, two_of_four), ("by magnitude", "2 of 4")):
    mask = model.layers[1].pruning_vars[0][1].numpy()[:24, :24].T
    panel.imshow(mask, cmap="Blues", vmin=-0.2, vmax=1.3)
    for line in np.arange(3.5, 23, 4):
        panel.axvline(line, color="#D55E00", linewidth=0.8)
    panel.set(title=name, xlabel="input")
    panel.grid(visible=False)
panels[0].set(ylabel="output")
described(figure, "masks-side-by-side")

# %% [markdown]
# **Read.** The schedule has no say: the mask was made at step 1, with half of the weights, and never again.
# The threshold of 999 stands for nothing.
# In each row each group of four has two kept weights on the right, and any number on the left.

# %% exercise: m-by-n-mask

# %% [markdown]
# Write `m_by_n_mask(kernel, zeros, size)`.
# `kernel` is a float32 array, `(inputs, outputs)` of a dense layer or `(height, width, inputs, outputs)` of a convolution; `zeros` is at least 1 and below `size`.
# Return the mask, a float32 array of its shape, 1 where a weight is kept and 0 where it goes.
#
# - For each output, and at each place of a convolution's window, the inputs are taken in groups of `size` neighbours: the first `size`, the next `size`, and so on.
# - Of each group the `zeros` smallest magnitudes go; of equal ones that which stands later.
# - A last group that is not full keeps the `size - zeros` largest that it has, or all if it has fewer.
#
# `kernel` stays as it is.
#
# Worked value: a column of the six inputs `[1, 4, 3, 2, 6, 5]` has the mask `[0, 1, 1, 0, 1, 1]` with 2 of 4.


# %%
def m_by_n_mask(kernel: np.ndarray, zeros: int, size: int) -> np.ndarray:
    """Return a mask with `zeros` zeros in each group of `size` inputs."""
    ### BEGIN SOLUTION
    mask = np.ones_like(kernel)
    for begin in range(0, kernel.shape[-2], size):
        group = np.abs(kernel[..., begin : begin + size, :])
        gone = np.argsort(-group, axis=-2, kind="stable")[..., size - zeros :, :]
        np.put_along_axis(mask[..., begin : begin + size, :], gone, 0, axis=-2)
    return mask
    ### END SOLUTION


# %%
# Try it: six inputs, two outputs.
print(m_by_n_mask(kernel, 2, 4))

# %% [markdown]
# A layer of your own is refused until it says which of its weights may be pruned.
#
# **Predict.** Which variables does the wrapper add to this layer, and which to its `gain`?
#
# **Run.**


# %%
class Gained(keras.layers.Layer):
    """A dense layer without bias, whose outputs have a gain each."""

    def __init__(self, units, **settings):
        super().__init__(**settings)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight("kernel", (shape[-1], self.units))
        self.gain = self.add_weight("gain", (self.units,), initializer="ones")

    def call(self, x):
        return (x @ self.kernel) * self.gain


class PrunableGained(Gained, sparse.PrunableLayer):
    """The same, for tfmot."""

    def get_prunable_weights(self):
        return [self.kernel]


# %%
try:
    sparse.prune_low_magnitude(Gained(3))
except ValueError as error:
    print("ValueError:", str(error)[:96], "…")
own = sparse.prune_low_magnitude(PrunableGained(3, name="own"))
keras.Sequential([keras.layers.Input((4,)), own])
print([one.name for one in own.variables])

# %% [markdown]
# **Read.** One mask, for the kernel.
# What `get_prunable_weights` leaves out, such as biases and gains, stays dense: they are few, and each of them matters much.

# %% exercise: own-prunable

# %% [markdown]
# Set `own_pruned` to a copy of `mlp_keras` in which `hidden2` is a layer of your own, pruned in its kernel alone.
#
# 1. Write a class of layer with three weights, in this order: `kernel`, `gain` and `bias`.
#    For an input `x` it computes the ReLU of `(x @ kernel) * gain + bias`; `@` comes first, and each output has a gain and a bias of its own.
# 2. Make it prunable in the kernel, and nowhere else. Say in its `get_config` what it needs to be made again from a file.
# 3. Wrap that layer with the `schedule` of the setup; `hidden1` and `output` are plain `Dense` layers with the weights of `mlp_keras`.
#    Give `hidden2` the `direction` of the setup as its kernel, and the `gain` and the `bias`: until it is pruned, the model computes what `mlp_keras` does.
# 4. Set `own_pruned` to what `two_steps(model, YourClass=YourClass)` returns: the model, saved, loaded, and pruned in two steps. They train nothing, so that every change is the mask's.
#
# Worked value: 6554 of the 32768 numbers in the kernel of `hidden2` are left, and the model has three variables of pruning.

# %%
own_pruned = ...  # a tf_keras model
### BEGIN SOLUTION


class Gained(keras.layers.Layer, tfmot.sparsity.keras.PrunableLayer):
    def __init__(self, units, **settings):
        super().__init__(**settings)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight("kernel", (shape[-1], self.units))
        self.gain = self.add_weight("gain", (self.units,))
        self.bias = self.add_weight("bias", (self.units,))

    def call(self, x):
        return tf.nn.relu((x @ self.kernel) * self.gain + self.bias)

    def get_prunable_weights(self):
        return [self.kernel]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def own_or_copied(layer):
    if layer.name != "hidden2":
        return layer.__class__.from_config(layer.get_config())
    own = Gained(layer.units, name=layer.name)
    return tfmot.sparsity.keras.prune_low_magnitude(own, pruning_schedule=schedule)


model = keras.models.clone_model(mlp_keras, clone_function=own_or_copied)
weights = {"hidden2": [direction, gain, bias]}
for made, layer in zip(model.layers, mlp_keras.layers):
    made.set_weights(weights.get(layer.name) or layer.get_weights())
own_pruned = two_steps(model, Gained=Gained)
### END SOLUTION

# %%
# A cell to play in: what the three weights are, and what they make.
print(direction.shape, gain.shape, bias.shape)
print(np.linalg.norm(direction, axis=0)[:5])

# %% [markdown]
# ## 6.4 · Clusters
#
# **Why.** **Clustering** lets the weights of a layer share a few values, the **centroids**; a codebook of 16 needs 4 bits a weight (lesson 3b).
# [`cluster_weights`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/clustering/keras/cluster_weights) wraps layers as pruning does, and training moves the centroids.
#
# **Predict.** A kernel with 16 clusters is wrapped: which variables are trained, and how many different numbers has the stripped kernel?
#
# **Run.**

# %%
initial = clusters.CentroidInitialization
clustered = {}
for how in (initial.LINEAR, initial.KMEANS_PLUS_PLUS):
    model = clusters.cluster_weights(
        digits_mlp_keras(), number_of_clusters=16, cluster_centroids_init=how
    )
    start = val_accuracy(model)
    fit(model)
    clustered[how.name] = clusters.strip_clustering(model)
    numbers = [np.unique(layer.kernel.numpy()).size for layer in clustered[how.name].layers]
    print(
        f"{how.name}: accuracy {start:.3f} at first, {val_accuracy(model):.3f} after an epoch; "
        f"different numbers {numbers}"
    )
print([(one.name, one.trainable) for one in model.layers[1].variables])

# %%
before = digits_mlp_keras().layers[1].kernel.numpy().ravel()
figure, panels = plt.subplots(2, 1, figsize=(7, 4.6), sharex=True)
panels[0].hist(before, bins=120, color="#56B4E9")
panels[0].set(title="hidden2, before", ylabel="count")
for (how, model), color in zip(clustered.items(), ("#0072B2", "#D55E00")):
    values, counts = np.unique(model.layers[1].kernel.numpy(), return_counts=True)
    panels[1].vlines(values, 0, counts, color=color, linewidth=2.2, label=how)
panels[1].set(title="clustered, 16 values", xlabel="weight", ylabel="count")
panels[1].legend()
described(figure, "clustered-weights")

# %%
pd.DataFrame(
    {
        name: [len(stored(one)), len(gzip.compress(stored(one), mtime=0))]
        for name, one in {"dense": digits_mlp_keras(), **clustered}.items()
    },
    index=["raw", "gzip"],
).T

# %% [markdown]
# **Read.** `LINEAR` spreads the centroids evenly from the smallest weight to the largest, so that few of them lie where most weights are; `KMEANS_PLUS_PLUS` draws them from the weights.
# The kernel itself is trained beside the centroids, and `strip_clustering` writes the centroid of each weight into it: float32 as before, with few different numbers.
# Raw bytes are the same; gzip finds the repetition.

# %% question: order-of-sizes

# %% [markdown]
# ## 6.5 · Aware, not quantized
#
# **Why.** **Quantization-aware training** (QAT) lets the model feel while it trains what integers will do to it later.
# It puts **fake quantization** into the computation: numbers are rounded to a grid and come back as floats.
#
# **Predict.** [`quantize_model`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/quantization/keras/quantize_model) is called on the digits model.
# What is its accuracy before any training?
# After an epoch, of which dtype are its kernels?
#
# **Run.**

# %%
aware = quantization.quantize_model(digits_mlp_keras())
print(f"accuracy without training: {val_accuracy(aware):.3f}; ranges:")
print(
    {one.name: float(one) for one in aware.variables if one.name.endswith(("min:0", "max:0"))}
)
ranges = []


def note(batch, logs):
    ranges.append([float(one) for one in aware.layers[1].variables[-2:]])


fit(aware, callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=note)])
print(f"accuracy after an epoch:   {val_accuracy(aware):.3f}")
rows = []
for one in aware.layers[1].variables:
    value = one.numpy()
    rows.append([one.name, one.dtype.name, value.shape, np.unique(value).size, value.min()])
pd.DataFrame(rows, columns=["variable", "dtype", "shape", "different numbers", "smallest"])

# %% question: aware-before-training

# %% [markdown]
# **Read.** Before the training the ranges are those of nobody: the input's is from 0 to 0, so that every image is black.
# A model that was wrapped for QAT has to see data before it is worth anything.
#
# After an epoch everything is still float32, the kernel with thousands of different numbers.
# The model is **aware of quantization, not quantized**: only the conversion, in lesson 6b, makes integers, and it takes the ranges that are stored here.
#
# Weights take the range of their last value; activations take a moving average, which starts at −6 and 6.
#
# **Run.**

# %%
hidden = digits_mlp_keras().layers[0](digits.x_train).numpy()
figure, axis = plt.subplots(figsize=(7, 3.6))
axis.plot(np.arange(1, 18), ranges, "o-", color="#D55E00", fillstyle="none")
axis.axhspan(hidden.min(), hidden.max(), color="#56B4E9", alpha=0.3)
axis.set(xlabel="training step", ylabel="output of hidden1", ylim=(-6.8, 6.8))
axis.legend([axis.lines[0], axis.patches[0]], ["range of QAT", "activations, float"])
described(figure, "range-by-step")

# %% [markdown]
# **Read.** Each step goes 0.001 of the way: after an epoch of 17 the range is still almost the one that it started with.
# The output of a ReLU has no negative numbers, so that half of the codes lie idle.
# A short QAT measures its first guess; train for some thousand steps, or know it.

# %% exercise: moving-range

# %% [markdown]
# Write `moving_range(batches, decay, start)`, the range that a moving average has after some batches.
# `batches` is a list of float arrays, each with at least one number; `decay` is from 0 to 1, and `start` above 0.
# Return the two ends, `low` and `high`, as `float`s.
#
# - The range begins at `-start` and `start`.
# - The range of a batch is from its smallest number to its largest, and always includes 0.0.
# - With each batch, in the order of the list, `low` becomes `decay * low + (1 - decay) * low_of_the_batch`, and `high` likewise.
#
# The batches and their list stay as they are.
#
# Worked value: one batch `[-1.0, 2.0, 0.5]` with `decay=0.9` and `start=6.0` gives −5.5 and 5.6.


# %%
def moving_range(batches: list[np.ndarray], decay: float, start: float) -> tuple[float, float]:
    """Return the range of an activation after the batches."""
    ### BEGIN SOLUTION
    low, high = -start, start
    for batch in batches:
        low = decay * low + (1 - decay) * min(batch.min(), 0.0)
        high = decay * high + (1 - decay) * max(batch.max(), 0.0)
    return float(low), float(high)
    ### END SOLUTION


# %%
# Try it: how many batches until the range fits?
for times in (1, 10, 100, 1000):
    print(10 * times, moving_range(ten * times, 0.999, 6.0))

# %% [markdown]
# What does fake quantization do to a number?
#
# **Predict.** The range is from −0.4 to 1.0 and there are 8 codes.
# Is 0.0 one of the values that come out?
#
# **Run.**

# %%
line = np.linspace(-0.8, 1.4, 900, dtype=np.float32)
kernel = digits_mlp_keras().layers[1].kernel.numpy().ravel()[:4000]
figure, panels = plt.subplots(1, 2, figsize=(9, 3.8))
stairs = tf.quantization.fake_quant_with_min_max_args(line, -0.4, 1.0, num_bits=3).numpy()
panels[0].plot(line, line, ":", color="#777777", label="float")
panels[0].plot(line, stairs, label="3 bits, −0.4 to 1.0")
panels[0].set(title="an activation", xlabel="before", ylabel="after")
for bits, look in ((8, "."), (3, "x")):
    edge = float(np.abs(kernel).max())
    after = tf.quantization.fake_quant_with_min_max_args(
        kernel, -edge, edge, num_bits=bits, narrow_range=True
    ).numpy()
    panels[1].plot(kernel, after, look, markersize=3, label=f"{bits} bits, narrow")
panels[1].set(title="the weights of hidden2", xlabel="before")
for panel in panels:
    panel.legend(fontsize=9)
described(figure, "fake-quantized")
print("values that come out:", np.unique(stairs).round(3))

# %% [markdown]
# **Read.** 0.0 is among them: the range was shifted by less than half a step until it was, since padding and ReLU make many zeros, and these must be exact.
# Whatever lies beyond the ends of the range becomes the value at the end.

# %% exercise: fake-quantize

# %% [markdown]
# Write `fake_quantize(x, low, high, bits, narrow_range)`.
# `x` is a float32 array, `low <= 0 <= high` are its range, not both 0, and `bits` is from 2 to 8.
# Return a new float32 array of the shape of `x`.
#
# - Codes go from `quant_min` to `quant_max = 2**bits - 1`; `quant_min` is 1 with `narrow_range`, else 0.
# - `scale = (high - low) / (quant_max - quant_min)`.
# - The zero point is `quant_min - low / scale`, rounded.
# - The code of a number is `number / scale`, rounded, plus the zero point, and held between `quant_min` and `quant_max`.
# - Both are rounded to the nearest whole number, and halves go up, as TensorFlow has it: 2.5 to 3, −1.5 to −1.
# - What comes back is `(code - zero point) * scale`.
#
# Worked value: from −0.4 to 1.0 with 3 bits the scale is 0.2 and the zero point 2; 0.77 becomes 0.8, and 6.0 becomes 1.0.


# %%
def fake_quantize(
    x: np.ndarray, low: float, high: float, bits: int, narrow_range: bool
) -> np.ndarray:
    """Return `x`, rounded to the grid of a range and cut off at its ends."""
    ### BEGIN SOLUTION
    quant_min, quant_max = 1 if narrow_range else 0, 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.floor(quant_min - low / scale + 0.5)
    codes = np.clip(np.floor(x / scale + 0.5) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)
    ### END SOLUTION


# %%
# Try it: the same numbers with more bits.
for bits in (2, 4, 8):
    print(bits, fake_quantize(x, -0.4, 1.0, bits, False))

# %% [markdown]
# What is quantized in a layer, and how, is said by a [`QuantizeConfig`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/quantization/keras/QuantizeConfig).
# [`quantize_annotate_layer`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/quantization/keras/quantize_annotate_layer) notes it, and [`quantize_apply`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/quantization/keras/quantize_apply) builds the model.

# %% exercise: four-bits

# %% [markdown]
# Set `four_bits` to a copy of `mlp_keras` that is aware of 4-bit kernels in `hidden1` and `hidden2`.
#
# 1. Write a class derived from `tfmot.quantization.keras.QuantizeConfig`.
#    Its one quantizer is a `LastValueQuantizer` of 4 bits for the layer's kernel, not per axis, symmetric, with the narrow range; activations and outputs have none.
# 2. Annotate the hidden layers with it, leave `output` as it is, and keep the trained weights; then `quantize_apply`, inside `quantize_scope` with your class.
# 3. Call the model once with all of `digits.x_train` and `training=True`, so that it learns its ranges. No weight is trained.
#
# `quantize_apply` puts a layer before the others that quantizes the input on 8 bits; leave it.
#
# Worked value: the fake-quantized kernel of `hidden1` has 15 values at most, while the stored one is that of `mlp_keras`; the outputs differ from the float model's by up to 0.6 or 0.7.
# `mlp_keras` stays as it is.

# %%
four_bits = ...  # a tf_keras model
### BEGIN SOLUTION


class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        quantizer = quantizers.LastValueQuantizer(
            num_bits=4, per_axis=False, symmetric=True, narrow_range=True
        )
        return [(layer.kernel, quantizer)]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        layer.kernel = quantize_weights[0]

    def set_quantize_activations(self, layer, quantize_activations):
        pass

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {}


def annotated_or_copied(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name == "output":
        return copied
    return tfmot.quantization.keras.quantize_annotate_layer(copied, FourBits())


model = keras.models.clone_model(mlp_keras, clone_function=annotated_or_copied)
model.set_weights(mlp_keras.get_weights())
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)
### END SOLUTION

# %%
# A cell to play in: the quantizers that there are.
[name for name in dir(quantizers) if name.endswith("Quantizer")]

# %% [markdown]
# ## 6.6 · One after the other
#
# **Why.** A pruned model is to be clustered, and quantized after that.
# Each step trains, and training moves weights: what becomes of the zeros and of the clusters?
#
# For this tfmot has two schemes, [passed to `quantize_apply`](https://www.tensorflow.org/model_optimization/guide/combine/collaborative_optimization) in place of its own.
# `Default8BitPrunePreserveQuantizeScheme` (**PQAT**) multiplies the kernel in each step with a mask of the weights that were not zero.
# `Default8BitClusterPreserveQuantizeScheme` trains the centroids and looks the weights up in them (**CQAT**); with `preserve_sparsity=True` it multiplies with the mask as well (**PCQAT**).

# %% question: what-survives

# %% [markdown]
# **Run.** After every stage zeros and different numbers are counted.


# %%
def kernels(model):
    """Return the kernels of a model, wrapped or not."""
    return [one.numpy() for one in model.variables if one.name.split("/")[-1] == "kernel:0"]


def annotated(model, scheme):
    """Return the model, prepared for quantization under a scheme that preserves something."""
    return quantization.quantize_apply(quantization.quantize_annotate_model(model), scheme)


def counts(model):
    found = kernels(model)
    zeros = sum(int((one == 0).sum()) for one in found) / sum(one.size for one in found)
    return zeros, max(np.unique(one).size for one in found), val_accuracy(model)


# %%
from tensorflow_model_optimization.python.core.clustering.keras.experimental import cluster

three_quarters = sparse.ConstantSparsity(0.75, begin_step=0, frequency=1)
pruned = sparse.prune_low_magnitude(digits_mlp_keras(), pruning_schedule=three_quarters)
pruned = sparse.strip_pruning(fit(pruned, callbacks=[sparse.UpdatePruningStep()]))
settings = {"number_of_clusters": 16, "cluster_centroids_init": initial.KMEANS_PLUS_PLUS}
both = cluster.cluster_weights(copy_of(pruned), preserve_sparsity=True, **settings)
both = clusters.strip_clustering(fit(both))
lost = clusters.strip_clustering(fit(clusters.cluster_weights(copy_of(pruned), **settings)))
keep_zeros = combine.Default8BitPrunePreserveQuantizeScheme()
keep_clusters = combine.Default8BitClusterPreserveQuantizeScheme(preserve_sparsity=False)
keep_both = combine.Default8BitClusterPreserveQuantizeScheme(preserve_sparsity=True)
stages = {
    "pruned": pruned,
    "pruned, QAT": fit(quantization.quantize_model(copy_of(pruned))),
    "pruned, PQAT": fit(annotated(copy_of(pruned), keep_zeros)),
    "pruned, clustered": lost,
    "… preserving zeros": both,
    "…, CQAT": combine.strip_clustering_cqat(fit(annotated(copy_of(both), keep_clusters))),
    "…, PCQAT": combine.strip_clustering_cqat(fit(annotated(copy_of(both), keep_both))),
}
table = pd.DataFrame(
    {name: counts(model) for name, model in stages.items()},
    index=["sparsity", "different numbers in a layer", "accuracy, validation"],
).T
table.round(3)

# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.8), sharey=True)
names = list(table.index)[::-1]
for panel, column, color in zip(panels, table.columns, ("#0072B2", "#D55E00")):
    panel.barh(names, table[column][::-1], color=color)
    panel.set(xlabel=column)
panels[0].set(xlim=(0, 1), xlabel="sparsity (fraction)")
panels[1].set(xscale="log", xlim=(1, 100_000))
described(figure, "stages")

# %% [markdown]
# **Read.** Plain QAT revives the zeros, and plain clustering moves them to a centroid beside zero, as CQAT does.
# PQAT keeps the zeros and no clusters, CQAT the clusters and no zeros, PCQAT both.
# The accuracy says nothing about any of this: count after every stage.

# %% exercise: cluster-hidden

# %% [markdown]
# Set `few_values` to a copy of `mlp_pruned` whose hidden kernels have few values, zero among them.
#
# 1. The kernel of `hidden1` is to have 16 different values and that of `hidden2` 8, zero included; `output` is not clustered.
#    Leave the initialization of the centroids at its default: with another a centroid may end without a weight.
# 2. Train the clustered model with `an_epoch` of the setup, or for an epoch or two with Adam of your own. Plain SGD at a usual rate is too much: a centroid takes the sum of the gradients of all its weights.
# 3. Strip it. All zeros of the two kernels are to be where they were.
#
# Worked value: 11469 of the 16384 weights of `hidden1` are zero, before and after, and its accuracy on the test digits is over 0.92.
# A model that was not trained under its clusters earns nothing; `mlp_pruned` stays as it is, although `cluster_weights` wraps the very layers that it is given.
# Grading measures the accuracy on other digits, which nobody has seen.

# %%
few_values = ...  # a tf_keras model of three Dense layers
### BEGIN SOLUTION
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = tfmot.clustering.keras.strip_clustering(an_epoch(wrapped))
### END SOLUTION

# %%
# A cell to play in: how many values are there now, and how many zeros?
for layer in mlp_pruned.layers:
    weights = layer.kernel.numpy()
    print(layer.name, np.unique(weights).size, int((weights == 0).sum()), "of", weights.size)

# %% exercise: stage-report

# %% [markdown]
# Write `stage_report(stages)`.
# `stages` is a dict of stages in their order; each is a dict of float32 arrays, one a layer, the same names and shapes in all stages.
# Return a dict of three dicts, each with an entry for every stage:
#
# - `"sparsity"`: the fraction of zeros among all weights of all layers together, a `float`;
# - `"clusters"`: the number of different values in a layer, zero among them, of the layer that has the most, an `int`;
# - `"revived"`: how many weights are not zero that were zero in the stage before, place by place, an `int`; 0 for the first stage.
#
# A zero with a minus, `-0.0`, is a zero like any other; a number however small is none, and two numbers however near are two.
# The stages stay as they are.
#
# Worked value: with one layer, `[0.5, 0.0, 0.0]` and then `[0.0, 0.5, 0.0]`, sparsity is 2/3 and clusters are 2 in both stages; one weight was revived.


# %%
def stage_report(stages: dict[str, dict[str, np.ndarray]]) -> dict[str, dict]:
    """Return what each stage has of zeros and clusters, and how many zeros it revived."""
    ### BEGIN SOLUTION
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([one.ravel() for one in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(one).size for one in layers.values())
        zeros = flat[:0] if before is None else flat[before == 0]
        report["revived"][stage] = int(np.count_nonzero(zeros))
        before = flat
    return report
    ### END SOLUTION


# %%
# Try it: what did the training do?
stage_report({"pruned": before, "trained": after})

# %% [markdown]
# ## 6.7 · Saving and loading
#
# **Why.** A training goes on tomorrow: the wrappers, their masks and counters have to come back.
# Variables come back from the arrays in a file; what a layer was told when it was made comes back if its `get_config` names it.
#
# **Run.** What does a wrapper name?

# %%
sorted(two_of_four.layers[1].get_config())

# %% question: lost-while-saving

# %% [markdown]
# **Run.**

# %%
folder = tempfile.TemporaryDirectory()
path = Path(folder.name) / "wrapped.keras"
two_of_four.save(path)
try:
    keras.models.load_model(path)
except (TypeError, ValueError) as error:
    print(type(error).__name__ + ":", str(error).splitlines()[0][:90], "…")
with sparse.prune_scope():
    loaded = keras.models.load_model(path)
layer = loaded.layers[1]
zeros = float((layer.layer.kernel.numpy() == 0).mean())
print(f"counter {int(layer.pruning_step)}, sparsity {zeros}")
print("2 of 4:", two_of_four.layers[1].sparsity_m_by_n, "→", layer.sparsity_m_by_n)

# %% [markdown]
# **Read.** A file names the classes of its layers, and Keras knows none of tfmot's: [`prune_scope`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/prune_scope), `cluster_scope` and `quantize_scope` make them known while the file is read.
# The counter came back, so that a schedule goes on where it was.
# But the wrapper's configuration leaves `sparsity_m_by_n` out: whoever goes on training would prune by the schedule, silently.
#
# To serve a model, strip it first; then no scope is needed.

# %% exercise: resume-pruning

# %% [markdown]
# The file `path` holds the digits model under pruning: its schedule ended at step 34 and sparsity 0.75, and its counter stands at 34.
# Set `resumed` to this model, trained further on the training digits under the masks of the file, and stripped.
#
# 1. Load it; the wrappers have to come back.
# 2. Compile it with the `loss` of the setup, and fit an epoch or two on all training digits in batches of 64, with `UpdatePruningStep()`.
# 3. Strip it.
#
# Worked value: 12288 of the 16384 weights of `hidden1` are zero, the same that are zero in the file, and its accuracy on the test digits is over 0.93.
# On the training digits it is over 0.95; as it comes from the file the model reads 0.92 of them.
# A model that was not trained further earns nothing.
# Grading measures the accuracy on other digits, which nobody has seen.

# %%
resumed = ...  # a tf_keras model of three Dense layers
### BEGIN SOLUTION
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded.compile("adam", loss)
step = tfmot.sparsity.keras.UpdatePruningStep()
loaded.fit(digits.x_train, digits.y_train, batch_size=64, verbose=0, callbacks=[step])
resumed = tfmot.sparsity.keras.strip_pruning(loaded)
### END SOLUTION

# %%
# A cell to play in: the bytes of the file.
path.stat().st_size

# %% [markdown]
# ## Summary
#
# - **tfmot is Keras 2**: `import tf_keras as keras`. A refusal that names the right class means the other library.
# - **Masks** are renewed at `begin_step` and every `frequency` steps, from step 1 on, up to `end_step`. Between two steps only the masks tell the sparsity.
# - **Ties** at the threshold are kept; `sparsity_m_by_n` heeds no schedule.
# - **Size**: wrapped models are larger, stripped ones as large as before, and gzip or a sparse format sees the zeros.
# - **QAT** makes a model aware; it stores floats and ranges. A short QAT keeps the ranges that it began with.
# - **Combined** steps preserve what they are told to preserve; count zeros and clusters after every one.
# - **Loading** needs the scope of each wrapper, and gives back what its configuration holds.
#
# ## Where next
#
# Lesson 6b converts such models, and reads the integers in the file.
