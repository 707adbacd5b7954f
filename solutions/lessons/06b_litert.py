# ---
# about: "from Keras to LiteRT: five kinds of file, integer ends, a file read and recomputed by hand, calibration, the successor of tfmot's post-training quantization"
# ---

# %% [markdown]
# # 6b · LiteRT: convert, and read what came out
#
# *A converter returns bytes. What is in them, and how does one know that they are right?*
#
# After this lesson you can
#
# 1. convert a Keras model to float32, float16, dynamic range, int8 and 16×8 files, and say which tensors have become integers;
# 2. feed a file of integers on its own scale, and recognise the usual wrong ways by what they do;
# 3. read scale, zero point, type and channels of each tensor, and compute a layer's int8 output by hand, to the last code;
# 4. choose calibration data, and find out class by class what a conversion has changed;
# 5. quantize a float file with `litert-quantizer`, layer by layer, and compare two files by their codes and scales;
# 6. choose a kind of file for a device.
#
# **You need** lessons 1 and 3, and NumPy; section 6b.3 uses what lesson 3b says about sums of integers.
#
# **Time**: about an hour to read, run and answer, and an hour and a half for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 6b.1 Five files of one network | 10 | 10 |
# | 6b.2 Integers at the ends | 8 | 0 |
# | 6b.3 The file, read | 17 | 35 |
# | 6b.4 What the examples decide | 10 | 20 |
# | 6b.5 Moving house | 12 | 20 |
# | 6b.6 Which file for which device | 5 | 10 |
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

quizlib.begin("06b-litert")

# %%
import contextlib
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from quizlib import measures, zoo
from quizlib.zoo.figures import described, use_style
from quizlib.zoo.quiet import quiet

quiet()
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from litert_quantizer import qtyping, quantizer, recipe

use_style()
digits = zoo.load_digits()
mlp_keras = zoo.digits_mlp_keras()  # 64 → 256 → 128 → 10, trained on the digits

# %% [markdown]
# ## 6b.1 · Five files of one network
#
# **Why.** A LiteRT file is a *flatbuffer*: a table of operators, a table of tensors, and the numbers of those that are stored.
# The [`TFLiteConverter`](https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter) writes it, and what it quantizes depends on four of its attributes.
#
# | file | `optimizations` | `representative_dataset` | `target_spec` | stored weights | between the layers |
# |---|---|---|---|---|---|
# | float32 | – | – | – | float32 | float32 |
# | float16 | `DEFAULT` | – | `supported_types = [tf.float16]` | float16 | float32 |
# | **dynamic range** | `DEFAULT` | – | – | int8 | float32 |
# | int8 | `DEFAULT` | needed | `supported_ops = [TFLITE_BUILTINS_INT8]` | int8 | int8 |
# | **16×8** | `DEFAULT` | needed | `supported_ops = [EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]` | int8 | int16 |
#
# A **representative dataset** is a function without arguments; it yields examples of the input, from which the converter takes the ranges of what lies between the layers.
# `inference_input_type` and `inference_output_type` say what the ends of the file take and give; they are float32 unless set.
#
# **Predict.** Order the five files by their bytes.
# Which of them need examples, and which will lose accuracy that can be seen?
#
# **Run.**


# %%
def convert(kind, examples=digits.x_train[:100]):
    """Return the bytes of `mlp_keras` as a file of one of the five kinds."""
    converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
    if kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if kind in OPS:
        converter.representative_dataset = lambda: ([row[None]] for row in examples)
        converter.target_spec.supported_ops = [OPS[kind][0]]
        converter.inference_input_type = converter.inference_output_type = OPS[kind][1]
    return converter.convert()


OPS = {
    "int8": (tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.int8),
    "16×8": (
        tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8,
        tf.int16,
    ),
}
files = {kind: convert(kind) for kind in ("float32", "float16", "dynamic range", *OPS)}


# %%
def loaded(file, rows=1, kernels=OpResolverType.AUTO):
    """Return an interpreter with room for so many rows, and the details of its two ends."""
    interpreter = Interpreter(
        model_content=file, num_threads=1, experimental_op_resolver_type=kernels
    )
    [source], [target] = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(source["index"], [rows, *source["shape"][1:]])
    interpreter.allocate_tensors()
    return interpreter, source, target


def coded(x, end):
    """Return x as an end of a file takes it: its codes, or x itself where the end is float."""
    if end["dtype"] == np.float32:
        return x.astype(np.float32)
    (scale, zero_point), limits = end["quantization"], np.iinfo(end["dtype"])
    return np.clip(np.round(x / scale) + zero_point, limits.min, limits.max).astype(
        end["dtype"]
    )


def run(file, given, kernels=OpResolverType.AUTO):
    """Return what a file gives for rows that are as it takes them."""
    interpreter, source, target = loaded(file, len(given), kernels)
    interpreter.set_tensor(source["index"], given)
    interpreter.invoke()
    return interpreter.get_tensor(target["index"])


def logits(file, x):
    """Return the real numbers that a file's outputs stand for, whatever the type of its ends."""
    _, source, target = loaded(file)
    given = run(file, coded(x, source))
    scale, zero_point = target["quantization"]
    return given if given.dtype == np.float32 else (given.astype(float) - zero_point) * scale


# %%
def timed(file):
    """Return the durations of one row at a time, on one thread."""
    interpreter, source, _ = loaded(file)
    interpreter.set_tensor(source["index"], coded(digits.x_test[:1], source))
    return measures.latency_ms(interpreter.invoke, repeats=200, warmup=20)


def row_of(file):
    spent = timed(file)
    return {
        "bytes": len(file),
        "accuracy, test": measures.accuracy(logits(file, digits.x_test), digits.y_test),
        "median µs": 1000 * spent.median_ms,
        "p95 µs": 1000 * spent.p95_ms,
    }


summary = pd.DataFrame({kind: row_of(file) for kind, file in files.items()}).T
summary.style.format(
    {"bytes": "{:,.0f}", "accuracy, test": "{:.3f}", "median µs": "{:.0f}", "p95 µs": "{:.0f}"}
)

# %%
figure, axis = plt.subplots(figsize=(7, 3.2))
bars = axis.barh(list(files)[::-1], summary["bytes"][::-1] / 1000, color="#56B4E9")
axis.bar_label(bars, fmt="%.0f", padding=3)
axis.set(xlabel="size of the file (kB)", xlim=(0, 1.1 * summary["bytes"].max() / 1000))
described(figure, "size-by-kind")


# %%
def types_of(file):
    """Return how many tensors of each type a file has, by where they stand."""
    interpreter, source, target = loaded(file)
    ends = {source["index"]: "input", target["index"]: "output"}
    made = {
        int(index)
        for operator in interpreter._get_ops_details()
        for index in operator["outputs"]
    }
    found = {}
    for details in interpreter.get_tensor_details():
        stored = "weights" if len(details["shape"]) > 1 else "biases"
        place = ends.get(details["index"], "between" if details["index"] in made else stored)
        found.setdefault(place, set()).add(np.dtype(details["dtype"]).name)
    return {place: ", ".join(sorted(names)) for place, names in found.items()}


pd.DataFrame({kind: types_of(file) for kind, file in files.items()}).T[
    ["input", "weights", "biases", "between", "output"]
]

# %% [markdown]
# **Read.** Weights are most of the bytes, so that their type sets the size: halved by float16, about a quarter with int8.
# The accuracy of all five is that of the float model, give or take a digit or two: at 8 bits this network has nothing to lose that could be seen in its classes.
# A call takes microseconds, 16×8 several times as long as the others, since its kernels are plain ones; on a network of this size no file is chosen by its time.
#
# The table of types is what counts on a device.
# In the float16 file a `DEQUANTIZE` makes float32 out of each stored array when the file is loaded, so that float32 numbers lie between.
# A dynamic range file stores int8 and is fed floats; each layer finds the range of its inputs anew, at each call.
# Only the last two can run where there is no float arithmetic; their biases are int32 and int64.

# %% question: dynamic-range-tensors

# %% exercise: convert-16x8

# %% [markdown]
# An exercise of lesson 1 made an int8 file; here activations get 16 bits.
# Set `mixed_file` to the bytes of a LiteRT file of `mlp_keras` whose weights are int8, and whose activations, input and output are int16.
# Calibrate on `examples`, 100 rows of `digits.x_train`.
#
# - All three weight matrices are int8, and no tensor of the file is float.
# - The input's step fits pixels from 0 to 1.
# - The accuracy on digits that your notebook does not hold is at least 0.90.

# %%
### BEGIN SOLUTION
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in examples)
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
]
converter.inference_input_type = converter.inference_output_type = tf.int16
mixed_file = converter.convert()
### END SOLUTION

# %%
# Try it: what does the input's code of 1.0 come to?
if mixed_file is not ...:
    ends = Interpreter(model_content=mixed_file)
    print(ends.get_input_details()[0]["dtype"], ends.get_input_details()[0]["quantization"])

# %% [markdown]
# ## 6b.2 · Integers at the ends
#
# **Why.** A file with int8 ends knows nothing of pixels.
# Its input has a scale and a zero point, and it takes `round(x / scale) + zero_point`; an exercise of lesson 1 wrote that function.
# Whoever leaves out a part of it gets no error: int8 is int8.
#
# **Predict.** Three mistakes: the pixels are cast to int8 as they are; they are scaled, and the zero point is left out; they run from 0 to 16, as the digits come, and are scaled rightly.
# Which of them costs most, and does any of them cost nothing?
#
# **Run.**

# %%
_, source, _ = loaded(files["int8"])
scale, zero_point = source["quantization"]
print(f"scale {scale:.6f} = 1 / {1 / scale:.0f}, zero point {zero_point}")
fed = {
    "right": coded(digits.x_test, source),
    "cast as they are": digits.x_test.astype(np.int8),
    "no zero point": np.clip(np.round(digits.x_test / scale), -128, 127).astype(np.int8),
    "from 0 to 16": coded(16 * digits.x_test, source),
}
pd.Series(
    {
        name: measures.accuracy(run(files["int8"], given), digits.y_test)
        for name, given in fed.items()
    },
    name="accuracy, test",
).to_frame().style.format("{:.3f}")

# %%
figure, panels = plt.subplots(1, 4, figsize=(9.5, 2.9))
for panel, (name, given) in zip(panels, fed.items()):
    seen = (given[1].astype(float) - zero_point) * scale
    shown = panel.imshow(seen.reshape(8, 8), vmin=0, vmax=1, cmap="gray")
    panel.grid(False)
    panel.set(
        title=name, xlabel="column (pixel)", ylabel="row (pixel)" if panel is panels[0] else ""
    )
figure.colorbar(shown, ax=panels, label="pixel as the file reads it")
described(figure, "digit-as-fed")

# %% [markdown]
# **Read.** The pictures show what the codes stand for, on the file's own scale.
# Cast as they are, all pixels below 1 become code 0, which is half grey here; the full ones become 1, a shade lighter.
# Without the zero point black is half grey, and the upper half of the range is clipped to the last code.
# Pixels from 0 to 16 are clipped, too: what was grey is white now, and much of a digit's shape survives that.
# So a mistake at the ends may cost most of the digits, or so few that one blames the 8 bits for it; an accuracy that is only somewhat low is no proof that the ends are right.
# The check that is one: turn the codes back and compare them with what went in.

# %% question: cast-as-it-is

# %% [markdown]
# ## 6b.3 · The file, read
#
# **Why.** All that a kernel needs is in the file: for each tensor its type, and the numbers that turn codes into reals.
# [`get_tensor_details`](https://ai.google.dev/edge/api/tflite/python/tf/lite/Interpreter#get_tensor_details) lists them under `quantization_parameters`: `scales`, `zero_points`, and `quantized_dimension`, the axis of the channels where there are several.
#
# **Predict.** How many scales has the first kernel, of shape (256, 64)?
# And how many have its bias, and its output?
#
# **Run.**

# %%
interpreter, source, target = loaded(files["int8"])
entries = []
for details in interpreter.get_tensor_details():
    numbers = details["quantization_parameters"]
    entries.append(
        {
            "tensor": details["index"],
            "shape": tuple(details["shape"].tolist()),
            "type": np.dtype(details["dtype"]).name,
            "scales": len(numbers["scales"]),
            "first scale": numbers["scales"][0],
            "zero points": sorted(set(numbers["zero_points"].tolist())),
            "axis": numbers["quantized_dimension"],
        }
    )
pd.DataFrame(entries).set_index("tensor").style.format({"first scale": "{:.7f}"})

# %%
operators = [
    (operator["op_name"], operator["inputs"].tolist(), operator["outputs"].tolist())
    for operator in interpreter._get_ops_details()
    if operator["op_name"] != "DELEGATE"
]
for name, taken, given in operators:
    print(name, "takes", taken, "gives", given)

# %% [markdown]
# **Read.** Each row of a kernel, an output of its layer, has a scale of its own; its zero point is 0, so that sums need no correction for it.
# What lies between the layers has one scale and one zero point.
# After a ReLU the zero point is −128: real zero is the lowest code, and clamping to the range of int8 is the ReLU.
# A bias is int32 on the scale `S_in * S_w` of its row, so that it can be added to the sum of products as it is.

# %% question: scales-of-an-int8-file

# %% question: bias-of-a-row

# %% exercise: read-tensors

# %% [markdown]
# Write `read_tensors(file)`.
# `file` is the bytes of a LiteRT file; return a dict with an entry for each of its tensors, by name: a dict of
#
# - `"dtype"`: the name of its type, such as `"int8"`;
# - `"scales"`: a list of its scales, `[]` where it is not quantized;
# - `"zero_points"`: a list of as many zero points;
# - `"axis"`: the dimension along which its channels lie where there is more than one scale, else `None`.
#
# What counts is what the file says: once `allocate_tensors` has been called, a weight with one scale may be listed with that scale repeated for each output.
#
# Worked value: the tensor `x` of the given file has `{"dtype": "int8", "scales": [0.0125], "zero_points": [-64], "axis": None}`, up to float32.


# %%
def read_tensors(file: bytes) -> dict[str, dict]:
    """Return type, scales, zero points and axis of each tensor of a file, by name."""
    ### BEGIN SOLUTION
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        scales = numbers["scales"].tolist()
        found[details["name"]] = {
            "dtype": np.dtype(details["dtype"]).name,
            "scales": scales,
            "zero_points": numbers["zero_points"].tolist(),
            "axis": numbers["quantized_dimension"] if len(scales) > 1 else None,
        }
    return found
    ### END SOLUTION


# %%
# Try it: which of the four tensors has two scales?
print(read_tensors(file))

# %% exercise: dequantize-tensor

# %% [markdown]
# Write `dequantize_tensor(file, name)`, which returns what the stored numbers of a tensor stand for, as a float32 array of its shape: `(code - zero_point) * scale`.
#
# - A tensor with several scales has them, and its zero points, along its `quantized_dimension`.
# - A tensor without scales is returned as it is stored, in float32.
# - Raise a `KeyError` where the file has no tensor of that name.
#
# All tensors that are asked for are stored in the file, so that `get_tensor` gives their numbers.
#
# Worked value: the first row of `weight` of the given file is `[100, -50, 25]` with scale 0.02: `[2.0, -1.0, 0.5]`.


# %%
def dequantize_tensor(file: bytes, name: str) -> np.ndarray:
    """Return the real numbers of a stored tensor, float32, in its shape."""
    ### BEGIN SOLUTION
    interpreter = Interpreter(model_content=file)
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, numbers = (
        interpreter.get_tensor(details["index"]),
        details["quantization_parameters"],
    )
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    shape = [1] * codes.ndim
    shape[numbers["quantized_dimension"]] = -1
    zero_points = numbers["zero_points"].reshape(shape)
    return ((codes - zero_points) * numbers["scales"].reshape(shape)).astype(np.float32)
    ### END SOLUTION


# %%
# Try it: what are the biases, which are stored in steps of a few ten-thousandths?
print(dequantize_tensor(file, "weight"), dequantize_tensor(file, "bias"))

# %% [markdown]
# ### One layer by hand
#
# **Why.** If the numbers of the file are all there is, its int8 output must follow from them, code by code.
#
# **Predict.** Of the codes of the first layer for all test digits, how many will a computation in NumPy miss?
#
# **Run.** The sum of a row's products is an integer, $a = \sum (q_x - Z_x)\,q_w + b$.
# It stands for $a \cdot S_x S_w$, so that the output's code is $a \cdot M$ rounded, plus $Z_y$, with $M = S_x S_w / S_y$.

# %%
_, (x_index, weight_index, bias_index), [y_index] = operators[0]
part = {details["index"]: details for details in interpreter.get_tensor_details()}
grids = {index: part[index]["quantization_parameters"] for index in part}
weight, bias = interpreter.get_tensor(weight_index), interpreter.get_tensor(bias_index)
x_codes = coded(digits.x_test, source)
sums = (x_codes.astype(np.int64) - grids[x_index]["zero_points"][0]) @ weight.T.astype(np.int64)
sums += bias
multipliers = (
    grids[x_index]["scales"].astype(np.float64)
    * grids[weight_index]["scales"]
    / grids[y_index]["scales"]
)
by_hand = np.clip(np.rint(sums * multipliers) + grids[y_index]["zero_points"][0], -128, 127)


# %%
def between(file, index, given, kernels):
    """Return a tensor that lies between the layers, for rows of codes."""
    kept = Interpreter(
        model_content=file,
        num_threads=1,
        experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=kernels,
    )
    kept.resize_tensor_input(kept.get_input_details()[0]["index"], given.shape)
    kept.allocate_tensors()
    kept.set_tensor(kept.get_input_details()[0]["index"], given)
    kept.invoke()
    return kept.get_tensor(index)


plain, reference = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, OpResolverType.BUILTIN_REF
for name, kernels in (("reference", reference), ("built-in", plain)):
    missed = int((between(files["int8"], y_index, x_codes, kernels) != by_hand).sum())
    print(f"{name} kernels: {missed} of {by_hand.size:,} codes differ from those by hand")
print("smallest and largest multiplier:", multipliers.min(), multipliers.max())

# %% [markdown]
# **Read.** The reference kernels give the codes that were computed by hand, all of them.
# The built-in ones, for the same file and the same input, differ in a few: they multiply by a 31-bit mantissa, keep the upper half of the product, and round again when they shift, so that a sum that lies almost in the middle is rounded twice.
# No code differs by more than one step; but who compares files by their outputs, code by code, has to use one set of kernels for both.
#
# What happens exactly in the middle, a file can be made to show.

# %%
from quizlib.zoo.litert_files import DenseLayer, FileTensor, dense_file

tensors = [
    FileTensor("x", (1, 1), "int8", None, (0.5,), (0,)),
    FileTensor("weight", (1, 1), "int8", np.int8([[1]]), (1.0,), (0,)),
    FileTensor("bias", (1,), "int32", np.int32([0]), (0.5,), (0,)),
    FileTensor("y", (1, 1), "int8", None, (1.0,), (0,)),
]
halves = dense_file(tensors, [DenseLayer("x", "weight", "bias", "y")])  # y = x / 2, in codes
given = np.int8([[-7], [-5], [-3], [-1], [1], [3], [5], [7]])
pd.DataFrame(
    {
        name: run(halves, given, kernels).ravel()
        for name, kernels in (
            ("default (XNNPACK)", OpResolverType.AUTO),
            ("built-in", plain),
            ("reference", reference),
        )
    },
    index=given.ravel() / 2,
).rename_axis("a · M").T

# %% [markdown]
# **Read.** Three sets of kernels, three rules for a half: to the even code, upwards, and away from zero.
# All of them are "rounded to nearest"; the [specification](https://ai.google.dev/edge/litert/models/quantization_spec) does not say which.

# %% question: same-file-other-codes

# %%
layer_codes = between(files["int8"], y_index, x_codes, reference)
figure, axis = plt.subplots(figsize=(7, 3.4))
axis.hist(layer_codes.ravel(), bins=np.arange(-128.5, 128), color="#56B4E9", log=True)
axis.set(xlabel="code of an output of the first layer", ylabel="count, 360 digits")
axis.yaxis.set_major_formatter("{x:,g}")
described(figure, "codes-of-the-first-layer")

# %%
print(f"share at the lowest code: {(layer_codes == -128).mean():.2f}")
print(f"outputs at the highest code: {(layer_codes == 127).sum()} of {layer_codes.size:,}")
print(f"codes that never occur: {256 - len(np.unique(layer_codes))}")

# %% [markdown]
# **Read.** The bar at −128 is the ReLU.
# The others thin out towards the largest value that calibration has seen; the codes near the upper end are spent on a few outputs.

# %% exercise: layer-by-hand

# %% [markdown]
# Write `layer_by_hand(file, codes, relu)`.
# `file` has a single fully connected layer, with the tensors `x`, `weight`, `bias` and `y`; `codes` are inputs, int8, of shape (n, inputs), and `relu` says whether a ReLU is fused into the layer.
# Return the codes of `y`, int8, of shape (n, outputs), as the reference kernels give them:
#
# - the sum $a$ of each row and output, as above, with the bias; `weight` has one scale, or one for each output;
# - $a \cdot M$ rounded to nearest, **halves away from zero**, with $M = S_x S_w / S_y$ in float64;
# - plus $Z_y$, and clamped to −128 … 127; with a ReLU to $Z_y$ … 127, since $Z_y$ stands for zero.
#
# `codes` stays as it is.
# Compute it; an interpreter may be used to read the file only.
#
# Worked value: the given file turns `[[-64, -64, -64]]`, three zeros, into `[[-98, -100]]` (the first bias is `320 * 0.00025 = 0.08`, two steps of 0.04; the second is negative).


# %%
def layer_by_hand(file: bytes, codes: np.ndarray, relu: bool) -> np.ndarray:
    """Return the int8 codes of the layer's output, shape (n, outputs)."""
    ### BEGIN SOLUTION
    interpreter = Interpreter(model_content=file)
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    weight, bias = (
        interpreter.get_tensor(tensors[name]["index"]) for name in ("weight", "bias")
    )
    sums = (codes - grid["x"]["zero_points"]) @ weight.T + bias  # int32, as the zero points are
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    [zero_point] = grid["y"]["zero_points"]
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5) + zero_point
    return rounded.clip(zero_point if relu else -128, 127).astype(np.int8)
    ### END SOLUTION


# %%
# Try it: the file itself, run by the reference kernels, says whether the codes are right.
some = np.random.default_rng(0).integers(-128, 128, (2, 3)).astype(np.int8)
print(layer_by_hand(file, some, relu=True))

# %% [markdown]
# ## 6b.4 · What the examples decide
#
# **Why.** The examples of a representative dataset set the range of everything that lies between the layers, and of the input.
# They need no labels; but they have to be what the file will be fed, prepared in the same way, and they must not be the data by which the file is judged.
#
# **Predict.** How many examples does this network need?
# And which does more harm: examples that are too dark, or too bright?
#
# **Run.** First the number of them, four draws from the training digits for each.
# Accuracy hardly moves, as we have seen; so the error of the logits stands beside it, as its root mean square over validation digits.

# %%
float_logits = logits(files["float32"], digits.x_val)
counts = (1, 2, 5, 20, 100)
errors, accuracies = np.empty((2, 4, len(counts)))
for seed in range(4):
    order = np.random.default_rng(seed).permutation(len(digits.x_train))
    for place, count in enumerate(counts):
        found = logits(convert("int8", digits.x_train[order[:count]]), digits.x_val)
        errors[seed, place] = np.sqrt(((found - float_logits) ** 2).mean())
        accuracies[seed, place] = measures.accuracy(found, digits.y_val)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6), sharex=True)
for axis, found, label in (
    (left, errors, "error of the logits (root mean square)"),
    (right, accuracies, "accuracy on validation digits"),
):
    axis.plot(counts, found.mean(0), "o-", color="#0072B2", label="mean of 4 draws")
    axis.fill_between(
        counts, found.min(0), found.max(0), color="#0072B2", alpha=0.2, label="worst to best"
    )
    axis.set(xscale="log", xlabel="examples (count)", ylabel=label)
right.axhline(
    measures.accuracy(float_logits, digits.y_val),
    color="#777777",
    ls="--",
    lw=0.9,
    label="float32",
)
right.set_ylim(0.9, 1.0)
right.legend(loc="lower right")
described(figure, "error-by-number-of-examples")

# %% [markdown]
# **Read.** A single example may be an unlucky one: the ranges that it shows are too narrow, and the larger outputs of other digits are clipped.
# From a few dozen on the draws agree.
# The classes hardly notice; the logits do, and whoever uses them as scores, or compares them with a threshold, should look at them.
#
# Now examples that are wrong.

# %%
chance = np.random.default_rng(0)
some = digits.x_train[:100]
wrong = {
    "right": some,
    "one class": digits.x_train[digits.y_train == 1][:100],
    "noise, 0 to 1": chance.uniform(0, 1, some.shape).astype(np.float32),
    "pixels 0 to 16": 16 * some,
    "pixels 0 to 255": 255 * some,
    "half as bright": some / 2,
    "divided by 16 twice": some / 16,
}
shifted = {name: convert("int8", examples) for name, examples in wrong.items()}
found = {name: logits(file, digits.x_val) for name, file in shifted.items()}
pd.DataFrame(
    {
        name: {
            "input step": loaded(shifted[name])[1]["quantization"][0],
            "error of logits": np.sqrt(((one - float_logits) ** 2).mean()),
            "accuracy, val": measures.accuracy(one, digits.y_val),
        }
        for name, one in found.items()
    }
).T.style.format(
    {"input step": "{:.5f}", "error of logits": "{:.2f}", "accuracy, val": "{:.3f}"}
)


# %%
def recalls(one):
    """Return the share of each class's digits that are recognised."""
    right = one.argmax(1) == digits.y_val
    return np.array([right[digits.y_val == label].mean() for label in range(10)])


figure, panels = plt.subplots(2, 1, figsize=(8, 4.6), sharex=True, sharey=True)
for panel, name in zip(panels, ("divided by 16 twice", "pixels 0 to 255")):
    panel.bar(range(10), recalls(found[name]) - recalls(float_logits), color="#D55E00")
    panel.axhline(0, color="black", lw=0.8)
    panel.set(title=name, ylabel="change of recall", xticks=range(10))
panels[-1].set(xlabel="class (digit)")
described(figure, "change-by-class")

# %% [markdown]
# **Read.** Seven sets of examples, and none of them raised an error.
# Examples of one class, or noise, do little here: they fill the range from 0 to 1 as digits do, and the range is all that the converter takes from them.
# Pixels that run too far make the step larger: a factor of 16 is borne, one of 255 leaves a single step for the whole range.
# Dark examples make the step smaller, and what lies above the range is clipped to its end.
#
# The accuracy as a whole hides who pays.
# Some classes lose nothing, others nearly all of their digits; so a conversion is judged class by class, on data that served for nothing else.

# %% question: too-dark-or-too-bright

# %% exercise: calibration-set

# %% [markdown]
# Write `calibration_set(images, labels, per_class)`, which **returns a function without arguments**, as `converter.representative_dataset` wants it.
# `images` are pixels from 0 to 16, uint8, of shape (n, features), as the digits come; `labels` are n whole numbers.
# Each call of the function gives anew all examples, one after the other, each a list with one array:
#
# - float32, of shape (1, features), with pixels from 0 to 1: divided by 16;
# - of each class the first `per_class` images, or all it has where it has fewer;
# - in the order of `images`.
#
# `images` stays as it is.
#
# `collected` calls your function, and then what it returns, twice, and it is what is checked.
# It gives a dict: `"first"`, the arrays of the first call, `"again"`, how many examples the second one gave, and `"lists"`, whether each example was a list with one array.
#
# Worked value: with the labels `[7, 7, 3, 7]` and `per_class = 1`, the images 0 and 2 are taken.


# %%
def calibration_set(images: np.ndarray, labels: np.ndarray, per_class: int) -> Callable:
    """Return a function that yields `[image]` for the first images of each class."""

    ### BEGIN SOLUTION
    def examples() -> Iterator[list[np.ndarray]]:
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None].astype(np.float32) / 16]

    return examples
    ### END SOLUTION


collected_examples = collected(calibration_set)

# %%
# Try it: which examples are taken, and does a second call give them again?
four, labels = np.uint8([[16, 0], [8, 4], [2, 2], [1, 1]]), np.array([7, 7, 3, 7])
if calibration_set(four, labels, 1) is not None:
    print(collected_examples(four, labels, 1))

# %% exercise: lost-by-class

# %% [markdown]
# Write `lost_by_class(labels, before, after, classes)`, which says who pays for a conversion.
# All three arrays hold n whole numbers from 0 to `classes - 1`: the right class of each image, that of the float model, and that of the converted one.
# Return a dict of lists with `classes` numbers, all `int`:
#
# - `"lost"`: how many images of each class `before` had right and `after` has not;
# - `"gained"`: how many `after` has right and `before` had not;
# - `"toward"`: the class that most of the lost ones are taken for, the smallest of them where there are several, and `-1` where none was lost.
#
# Worked value: with labels `[0, 0, 1]`, before `[0, 0, 0]` and after `[2, 0, 1]`, of three classes: `{"lost": [1, 0, 0], "gained": [0, 1, 0], "toward": [2, -1, -1]}`.


# %%
def lost_by_class(
    labels: np.ndarray, before: np.ndarray, after: np.ndarray, classes: int
) -> dict[str, list[int]]:
    """Return what each class lost and gained, and toward which class it lost most."""
    ### BEGIN SOLUTION
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        changes["toward"].append(int(np.bincount(gone).argmax()) if len(gone) else -1)
    return changes
    ### END SOLUTION


# %%
# Try it.
print(lost_by_class(np.array([0, 0, 1]), np.array([0, 0, 0]), np.array([2, 0, 1]), 3))

# %% [markdown]
# ## 6b.5 · Moving house
#
# **Why.** `tfmot` and the `TFLiteConverter` work on Keras 2, which receives no new features any more; new code is written in Keras 3.
# What has a place to move to, and what has none?
#
# | on Keras 2 | successor |
# |---|---|
# | post-training quantization by `TFLiteConverter` | [`litert-quantizer`](https://pypi.org/project/litert-quantizer/), which works on a float LiteRT file and needs no TensorFlow |
# | conversion by `TFLiteConverter.from_keras_model` | in Keras 3 [`model.export("m.tflite", format="litert")`](https://keras.io/api/models/model_saving_apis/export/) |
# | weight-only int8 | in Keras 3 [`model.quantize("int8")`](https://keras.io/api/models/quantization/) |
# | `tfmot` pruning, clustering, quantization-aware training | none in Keras 3 |
#
# Keras 2 and Keras 3 do not share a process well: which of them `tf.keras` is, is decided when TensorFlow is loaded.
# Move by files: Keras 2 writes the float file, and what follows needs neither.
#
# `litert-quantizer` is imported as `litert_quantizer`.
# A **recipe** says which operators get which types; a recipe of static types asks for calibration.
#
# **Predict.** The same float file, the same 100 examples, and both tools quantize to int8.
# Which will be equal: the codes of the weights, their scales, the scales between the layers?
#
# **Run.**


# %%
def quantized(rules, examples=digits.x_train[:100], **changes):
    """Return the float32 file by a recipe; `changes` go by patterns of operators' names."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        work = quantizer.Quantizer(files["float32"])
        work.load_quantization_recipe(rules)
        if changes:
            work.update_quantization_recipe(**changes)
        calibration = None
        if work.need_calibration:
            rows = [{"input_1": row[None]} for row in examples]
            calibration = work.calibrate({"serving_default": rows})
        return bytes(work.quantize(calibration).quantized_model)


files["int8, litert-quantizer"] = quantized(recipe.static_wi8_ai8())


# %%
def numbers_of(file):
    """Return scales, and codes where they are stored, by layer and place."""
    interpreter, source, _ = loaded(file)
    details = {
        one["index"]: one["quantization_parameters"] for one in interpreter.get_tensor_details()
    }
    found = {"input": (details[source["index"]]["scales"], None)}
    layers = [
        one for one in interpreter._get_ops_details() if one["op_name"] == "FULLY_CONNECTED"
    ]
    for name, one in zip(("hidden1", "hidden2", "output"), layers):
        (_, weight, bias), [given] = one["inputs"], one["outputs"]
        for place, index in (("weight", weight), ("bias", bias)):
            codes = interpreter.get_tensor(index)
            found[f"{name}, {place}"] = (details[index]["scales"], codes)
        found[f"{name}, output"] = (details[given]["scales"], None)
    return found


ours, theirs = numbers_of(files["int8"]), numbers_of(files["int8, litert-quantizer"])
pd.DataFrame(
    {
        name: {
            "scales": len(scales),
            "ratio of scales, middle": np.median(theirs[name][0] / scales),
            "least": (theirs[name][0] / scales).min(),
            "largest": (theirs[name][0] / scales).max(),
            "codes": "" if codes is None else codes.size,
            "that differ": "" if codes is None else int((codes != theirs[name][1]).sum()),
        }
        for name, (scales, codes) in ours.items()
    }
).T

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6), width_ratios=(3, 2))
left.semilogy(ours["hidden1, weight"][0], ".", color="#0072B2", label="TFLiteConverter")
left.semilogy(
    theirs["hidden1, weight"][0],
    "o",
    mfc="none",
    ms=6,
    color="#D55E00",
    label="litert-quantizer",
)
left.set(xlabel="channel of hidden1", ylabel="scale of the weights")
shared = [name for name, (_, codes) in ours.items() if codes is None]
for shift, (tool, color) in enumerate(((ours, "#0072B2"), (theirs, "#D55E00"))):
    places = np.arange(len(shared)) + 0.4 * shift
    right.bar(places, [tool[name][0][0] for name in shared], 0.4, color=color)
right.set_xticks(np.arange(len(shared)) + 0.2, [name.split(",")[0] for name in shared])
right.set(xlabel="input, and output of a layer", ylabel="scale", yscale="log")
left.legend(loc="lower right")
described(figure, "scales-of-two-tools")

# %% [markdown]
# **Read.** The weights are the same in both files, codes and scales: the largest magnitude of a row over 127 leaves nothing to choose.
# A channel whose weights are all next to nothing is the exception: `TFLiteConverter` lets no scale fall below a floor, so that its codes are next to nothing, too.
# Between the layers the scales differ, and with them the biases: `TFLiteConverter` takes the largest value that any example shows, `litert-quantizer` a moving average of the largest values, example by example, so that a single one counts less, and is clipped.
# Neither is wrong; but a file that was made anew is another file, and goes through the same tests.
#
# A recipe goes further than the converter: 4 bits, blocks, and layer by layer.

# %%
four_bits = {
    "int4, a scale a channel": quantized(recipe.dynamic_wi4_afp32()),
    "int4, a scale for 32": quantized(recipe.dynamic_wi4b32_afp32()),
}
for name, file in four_bits.items():
    try:
        print(f"{name}: {len(file):,} bytes", end=", ")
        print(f"accuracy {measures.accuracy(logits(file, digits.x_test), digits.y_test):.3f}")
    except RuntimeError as error:
        print(str(error)[:76])

# %%
weights = mlp_keras.get_layer("hidden1").kernel.numpy().T.reshape(256, 2, 32)
largest = np.abs(weights).max(2)
print(f"blocks whose largest weight is below 0.001: {(largest < 1e-3).sum()} of {largest.size}")
print(
    f"of float16's smallest number, {2.0**-24:.1e}, "
    f"the smallest scale is {largest.min() / 7 / 2**-24:.3f}"
)

# %% [markdown]
# **Read.** Scales of blocks are stored as float16.
# Some blocks of the first layer hold only weights of pixels that are always dark, which training left next to nothing; their scale is below the smallest float16, so it becomes 0, and the default kernels refuse the file when it is loaded.
# The tool has written it without complaint: a file counts as made when it has been loaded and run.
# The remedy is a recipe by layers: that one with a scale for each channel, the others in blocks.

# %%
[blocks] = recipe.dynamic_wi4b32_afp32()  # one rule, for operators of any name
rules = [*recipe.dynamic_wi4_afp32(), {**blocks, "regex": ".*hidden2.*|Stateful.*"}]
files["int4, blocks but for hidden1"] = quantized(rules)
files["int8, float output"] = quantized(
    recipe.static_wi8_ai8(),
    regex="Stateful.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
for name in ("int4, blocks but for hidden1", "int8, float output"):
    operators = [one["op_name"] for one in loaded(files[name])[0]._get_ops_details()]
    print(
        name,
        len(files[name]),
        measures.accuracy(logits(files[name], digits.x_test), digits.y_test),
    )
    print("  ", [operator for operator in operators if operator != "DELEGATE"])

# %% [markdown]
# **Read.** A rule names an operator by a pattern that is looked for anywhere in its output's name, so that a short one finds more layers than are meant; rules that stand later go before earlier ones.
# Where types meet, the tool puts a `DEQUANTIZE` or `QUANTIZE` between them, so that each float layer in the middle costs two conversions.

# %% question: int4-block-bytes

# %% question: steps-of-litert-quantizer

# %% exercise: quantize-recipe

# %% [markdown]
# Set `recipe_file` to the bytes of `float_file`, quantized by `litert_quantizer` so that **the output layer stays float**.
#
# - The weights of `hidden1` and `hidden2` are int8, and what lies between the layers is int8 up to the output layer; the input of the file is int8.
# - The weights of `output`, 10 × 128 of them, are float32.
# - Calibrate on `examples`, 16 rows of `digits.x_train`; the input's step fits pixels from 0 to 1.
# - The accuracy on digits that your notebook does not hold is at least 0.90, in at most `80_000` bytes.
#
# The file's input is called `input`, its signature `serving_default`, and the outputs of its layers `hidden1/output`, `hidden2/output` and `output/output`.
# `calibrate` wants a list of rows; a generator leaves it without any. The output of the file may be of either type.

# %%
### BEGIN SOLUTION
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.static_wi8_ai8())
work.update_quantization_recipe(
    regex="output/.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
rows = [{"input": row[None]} for row in examples]
calibration = work.calibrate({"serving_default": rows})
recipe_file = bytes(work.quantize(calibration).quantized_model)
### END SOLUTION

# %%
# Try it: which tensors are float?
if recipe_file is not ...:
    for details in Interpreter(model_content=recipe_file).get_tensor_details():
        print(details["name"], details["dtype"].__name__)

# %% exercise: compare-codes

# %% [markdown]
# Write `compare_codes(first, second, names)` for two LiteRT files.
# `names` are tensors that both files store, quantized, with the same number of scales.
# Return a dict: for each name a pair `(codes, ratio)`:
#
# - `codes`: how many codes of it differ, an `int`;
# - `ratio`: the scale of the second over that of the first, a `float`; of several the one that lies farthest from 1, where half is as far as double (`abs(log(ratio))`); no two different ones are equally far.
#
# Raise a `ValueError` where a tensor has another shape, or another number of scales, in the other file.
# What counts is what the files say, without `allocate_tensors`; a tensor may have another index in the other file.
#
# Worked value: of a file with itself each pair is `(0, 1.0)`.


# %%
def compare_codes(
    first: bytes, second: bytes, names: list[str]
) -> dict[str, tuple[int, float]]:
    """Return the number of codes that differ, and the ratio of scales farthest from 1, by name."""

    ### BEGIN SOLUTION
    def stored(file: bytes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        interpreter = Interpreter(model_content=file)
        return {
            details["name"]: (
                interpreter.get_tensor(details["index"]),
                details["quantization_parameters"]["scales"],
            )
            for details in interpreter.get_tensor_details()
            if details["name"] in names
        }

    ours, theirs, compared = stored(first), stored(second), {}
    for name in names:
        (codes, scales), (others, other_scales) = ours[name], theirs[name]
        if codes.shape != others.shape or scales.shape != other_scales.shape:
            raise ValueError(
                f"{name} has another shape, or number of scales, in the second file."
            )
        ratios = other_scales / scales
        farthest = ratios[np.abs(np.log(ratios)).argmax()]
        compared[name] = (int((codes != others).sum()), float(farthest))
    return compared
    ### END SOLUTION


# %%
# Try it: a file compared with itself.
print(compare_codes(file, file, ["weight", "bias"]))

# %% [markdown]
# ## 6b.6 · Which file for which device
#
# **Why.** None of the files is the best one; what is asked of it decides.
#
# | the device or the task | file | because |
# |---|---|---|
# | has no float arithmetic (microcontroller, many accelerators) | int8, integer ends | nothing in it is float |
# | the same, but int8 activations lose too much | 16×8 | 16 bits between the layers, at the same size; kernels are slower, and some operators have none |
# | a CPU with floats, no examples at hand | dynamic range | a quarter of the bytes, and no calibration that could be wrong |
# | a GPU | float16 | it computes in float16 itself |
# | the download is what counts | int4 weights, in blocks if need be | an eighth of the bytes |
# | one layer loses too much | a recipe that leaves it float | two conversions at its edges |
#
# **Predict.** In a plot of accuracy against bytes of all files of this lesson, which are beaten by another one in both?
#
# **Run.**

# %%
figure, axis = plt.subplots(figsize=(8.5, 4.2))
for (name, file), marker in zip(files.items(), "os^vDPX*<"):
    accuracy = measures.accuracy(logits(file, digits.x_test), digits.y_test)
    axis.plot(len(file) / 1000, accuracy, marker, ms=9, ls="", fillstyle="none", label=name)
one_digit = 1 / len(digits.y_test)
reached = summary["accuracy, test"]["float32"]
axis.axhspan(
    reached - one_digit,
    reached + one_digit,
    color="#777777",
    alpha=0.15,
    label="one digit more or less",
)
axis.set(
    xlabel="size of the file (kB)",
    ylabel="accuracy on test digits",
    xscale="log",
    ylim=(0.93, 0.99),
)
axis.set_xticks([30, 50, 100, 200], ["30", "50", "100", "200"])
axis.minorticks_off()
figure.legend(loc="outside right upper")
described(figure, "accuracy-against-size")

# %% [markdown]
# **Read.** All files lie within a digit or two of the float one, so that here bytes and the device decide, and not accuracy.
# A difference of one digit in 360 is no reason to prefer one file to another.

# %% exercise: pick-file

# %% [markdown]
# Write `pick_file(candidates, device)`.
# Each candidate is a dict with `"name"`, `"bytes"`, `"accuracy"`, `"types"`, the list of the types of all its tensors, such as `["int8", "int32"]`, and `"calibrated"`, whether it needed examples.
# `device` is a dict: `"floats"`, whether it computes with floats; `"examples"`, whether there are examples for calibration; `"max_bytes"` and `"min_accuracy"`.
# Return the name of the **smallest** candidate that fits:
#
# - without floats no type may begin with `float` (no other types of floats are in the lists);
# - without examples no candidate that needed them fits;
# - at most `max_bytes`, and an accuracy of at least `min_accuracy`; both bounds may be met exactly;
# - of equally small ones the more accurate, and of these the one that stands first.
#
# Where none fits, return `None`.
#
# Worked value: with no floats, examples, `70_000` bytes and `0.9`, an int8 file of `63_672` bytes is chosen, and a dynamic range file of `58_768`, which has float tensors, is not.


# %%
def pick_file(candidates: list[dict], device: dict) -> str | None:
    """Return the name of the smallest candidate that fits the device, None where there is none."""
    ### BEGIN SOLUTION
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None
    ### END SOLUTION


# %%
# Try it: what does a device get that has no floats?
device = {"floats": False, "examples": True, "max_bytes": 70_000, "min_accuracy": 0.9}
print(pick_file(candidates, device))

# %% [markdown]
# ## Summary
#
# - What a converter quantizes depends on `optimizations`, the examples and `target_spec`; the table of types says what it did.
# - Codes mean something on their own scale only: feed `round(x / scale) + zero_point`, and check by turning codes back.
# - Scale, zero point, type and axis of each tensor are in the file, and with them a layer can be computed to the last code; sets of kernels differ in how they round a half.
# - Examples set ranges and nothing else. Wrong ones raise no error; judge class by class, on data apart.
# - Post-training quantization has moved to `litert-quantizer`; pruning, clustering and quantization-aware training of `tfmot` have no successor in Keras 3.
# - Choose a file by what the device can compute, then by bytes, and look at accuracy beyond what one digit more or less would do.
