# ---
# about: bytes, MACs, the memory of activations, latency and throughput
# ---

# %% [markdown]
# # 2 · Measure: bytes, operations, time
#
# *What does a model cost, how do you find out, and how far can you trust what you found?*
#
# A cost can be **counted**, and then it is exact and the same everywhere: bytes, multiply-accumulates, zeros.
# Or it can be **timed**, and then it belongs to one machine at one moment.
# This lesson does both; lesson 2b then explains one by the other.
#
# After this lesson you can
#
# 1. count the bytes of a model in memory, in its file and after compression, and say where the rest comes from;
# 2. count the operations of linear layers, convolutions and whole models;
# 3. count the memory of the activations, and say what grows with the batch;
# 4. measure a latency that others can trust, with its spread;
# 5. choose a batch size for a service.
#
# **You need** lesson 1: weights, activations, pruning, quantization, and the median with its interquartile range.
#
# **Time**: about 70 minutes to read, run and answer, and 75 for the {{exercises}} exercises.
#
# | section | read, run, answer | exercises |
# |---|---|---|
# | 2.1 Bytes | 17 minutes | 20 minutes |
# | 2.2 Operations | 17 minutes | 20 minutes |
# | 2.3 Activations | 9 minutes | 10 minutes |
# | 2.4 Latency | 16 minutes | 15 minutes |
# | 2.5 Throughput | 11 minutes | 10 minutes |
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.
#
# No exercise needs an earlier answer of yours.
# Where one could use what an earlier one asked for, `quizlib.measures` has it, so that nothing has to be written twice.

# %%
import quizlib
from quizlib import check, hint

quizlib.begin("02-measure")

# %%
import io
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from quizlib.measures import (
    compressed_size_bytes,
    file_size_bytes,
    latency_ms,
    module_macs,
    parameter_count,
    state_dict_size_bytes,
)
from quizlib.zoo import digits_cnn, digits_mlp, load_digits
from quizlib.zoo.eager import quantize_dynamic
from quizlib.zoo.figures import described, plain_ticks, use_style

torch.set_num_threads(1)  # but where section 2.4 is about threads
torch.set_grad_enabled(False)  # this lesson serves, and trains nothing
use_style()
digits = load_digits()

# %% [markdown]
# ## 2.1 · Bytes: in memory, in the file, compressed
#
# **Why.** Bytes decide whether a model fits on a device, how long it takes to ship and to load, and, as lesson 2b shows, often how fast it runs.
# But "the size of the model" is not one number.
#
# Each number takes as many bytes as its **dtype** says: float64 takes `8`, float32 `4`, float16 and bfloat16 `2`, int8 `1`.
# A model stores **parameters**, which are trained, and **buffers**, which are not, such as the running statistics of a **batch norm**, a layer that scales each channel by mean and variance; its `state_dict` holds both.
# A file adds names, shapes and headers, and a compressor takes out what repeats.
#
# **Predict.** The digits MLP is stored in float32, in float32 with the smallest 0.8 of its weights set to zero, in float16, and with int8 weights.
# Which has the smallest `state_dict`?
# Which the smallest file after gzip?
#
# **Run.** The next cell makes the four versions, and the one after it measures each in three ways.


# %%
def with_zeros(model, share):
    """Set a share of each layer's weights to zero, the smallest first."""
    for layer in (model.hidden1, model.hidden2, model.output):
        magnitudes = layer.weight.abs()
        layer.weight[magnitudes < magnitudes.quantile(share)] = 0.0
    return model


versions = {
    "float32": digits_mlp(),
    "float32, 0.8 zeros": with_zeros(digits_mlp(), 0.8),
    "float16": digits_mlp().half(),
    "int8 weights": quantize_dynamic(digits_mlp(), {nn.Linear}, dtype=torch.qint8),
}


# %%
def file_of(model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return file.getvalue()


sizes_of = {"state_dict": state_dict_size_bytes, "file": file_size_bytes}
sizes_of["file, after gzip"] = lambda model: compressed_size_bytes(file_of(model))
stored = pd.DataFrame(
    {way: {name: size(m) for name, m in versions.items()} for way, size in sizes_of.items()}
)
stored.style.format("{:,}")

# %%
figure, axis = plt.subplots(figsize=(7.5, 3.4))
(stored / 1000).plot.barh(ax=axis, width=0.75, xlabel="size (kB)").invert_yaxis()
described(figure, "four-versions-three-sizes")

# %% [markdown]
# **Read.** The dtype sets the bytes in memory, and zeros do not.
# The file is larger by a few thousand bytes whatever the dtype, which a small model feels and a large one does not.
# gzip finds little in trained float32 weights, whose low bits look random, and much in zeros: with them the float32 model, about four times as large before, comes close to the int8 one.
# The int8 model is the smallest in all three ways.
# So "int8 is four times smaller than float32 with zeros" is true of `state_dict` and file, and false of the file that is shipped compressed: name the size that you mean.
#
# A tensor is a **view** if it looks at numbers that another tensor has: a slice such as `table[:10]` copies nothing.
# The numbers themselves lie in a **storage**, which several tensors may share and which can be larger than what one of them shows.
#
# **Predict** two sizes.

# %% question: cnn-state-bytes

# %%
hint("cnn-state-bytes")

# %% question: saved-slice

# %% exercise: bytes-by-dtype

# %% [markdown]
# A model is a set of tensors, and each dtype has its price in bytes.
#
# Write `bytes_by_dtype(model, plan)`.
# `plan` is a dict from the full name of a layer to a dtype, such as `{"bn1": torch.float16}` or `{"block.first": torch.float16}`: the layers in it are to store their real numbers in that dtype, all others stay as they are.
# It names layers that hold tensors of their own, never a module around them such as `"block"`.
# Return a dict from the name of a dtype, such as `"float32"`, to the bytes that the model's tensors would take in it.
#
# - Parameters and buffers both count: all that `state_dict` lists. No layer here hides a buffer from it, and no two share a tensor.
# - Tensors of whole numbers, such as the counter of a batch norm or the codes of a quantized layer, keep their dtype whatever the plan says.
# - A dtype that no tensor has is not in the dict.
# - Count only: the model is not converted, and the plan stays as it is.
#
# Your function is checked on other layers and dtypes than the zoo has: `taking_tensors` lets it take a dict of tensors for the model as well, such as `{"bn1.weight": torch.zeros(4)}`.
#
# For a model that is one `nn.Linear(2, 3)` under the name `"only"`, 6 weights and 3 biases, the answer is `{"float32": 36}` with the plan `{}`, and `{"float16": 18}` with `{"only": torch.float16}`.


# %%
def bytes_by_dtype(model: torch.nn.Module, plan: dict[str, torch.dtype]) -> dict[str, int]:
    """Return the bytes of the tensors of `model` by dtype, its layers stored as `plan` says."""
    ### BEGIN SOLUTION
    sizes: dict[str, int] = {}
    for name, tensor in model.state_dict().items():
        layer = name.rpartition(".")[0]
        dtype = plan.get(layer, tensor.dtype) if tensor.is_floating_point() else tensor.dtype
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * dtype.itemsize
    return sizes
    ### END SOLUTION


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)

# %%
bytes_by_dtype(cnn, {"bn1": torch.float16})

# %% exercise: quantized-bytes

# %% [markdown]
# Quantized weights are stored as codes of a few bits, and each **group** of weights shares a scale, perhaps also a zero point; without them the codes mean nothing.
#
# Write `quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits)`, the bytes of all of it, a whole number:
#
# - the codes, `bits` each, packed without gaps;
# - the scales, `scale_bits` each, packed likewise: one for each `group_size` weights along the last axis, whose length is a multiple of `group_size`, or one for the whole tensor where `group_size` is `None`;
# - the zero points, `zero_point_bits` each, one for each scale, packed likewise; `0` means that none are stored.
#
# Each of the three parts is filled up to whole bytes on its own, at its end.
# For `shape = (2, 64)`, 4 bits, groups of 32, scales of 16 bits and zero points of 4 bits: `64` for the codes, `8` for the scales, `2` for the zero points, `74` in all.


# %%
def quantized_bytes(
    shape: tuple[int, ...],
    bits: int,
    group_size: int | None,
    scale_bits: int,
    zero_point_bits: int,
) -> int:
    """Return the bytes of packed codes with their scales and zero points."""
    ### BEGIN SOLUTION
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    parts = (count * bits, groups * scale_bits, groups * zero_point_bits)
    return sum(math.ceil(part / 8) for part in parts)
    ### END SOLUTION


# %%
for group_size in (None, 64, 32, 16):
    print("groups of", group_size, "take", quantized_bytes(layer_shape, 4, group_size, 16, 4))

# %% exercise: size-report

# %% [markdown]
# The same weights have several sizes, and a saving in one of them need not show in another.
#
# Write `size_report(tensors)` for a dict of tensors by name.
# Return a dict of four whole numbers:
#
# - `"tensors"`: bytes of the tensors' own numbers;
# - `"file"`: bytes of the file that `safetensors.torch.save` makes of them;
# - `"header"`: bytes of the file that are not numbers;
# - `"gzip"`: bytes of that file after `gzip.compress` at level 9.
#
# A tensor that is a view of a larger storage counts with its own numbers only, and is made contiguous for the file; no two tensors overlap, and the dict itself stays as it is.
# For `{"w": torch.zeros(100)}` the first three are `400`, `472` and `72`: the header is a length in `8` bytes and a table in JSON, `64` bytes here, of names, dtypes, shapes and places.


# %%
def size_report(tensors: dict[str, torch.Tensor]) -> dict[str, int]:
    """Return the bytes of tensors, file, header and compressed file."""
    ### BEGIN SOLUTION
    content = safetensors.torch.save(
        {name: tensor.contiguous() for name, tensor in tensors.items()}
    )
    held = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    return {
        "tensors": held,
        "file": len(content),
        "header": len(content) - held,
        "gzip": len(gzip.compress(content, compresslevel=9)),
    }
    ### END SOLUTION


# %%
size_report(tensors)

# %% [markdown]
# ## 2.2 · Operations: MACs and FLOPs
#
# **Why.** A count of operations can be had before a model is trained, even before it is written.
#
# A **multiply-accumulate**, or **MAC**, is a product and the addition that follows it.
# A **FLOP** is one floating-point operation, so a MAC has two of them.
# Both numbers are found in papers under either name, and a factor of two has decided comparisons that meant nothing.
#
# A linear layer takes one MAC for each weight and row.
# A convolution moves a small window of weights, also called its **kernel**, over the image: it uses each weight at every position of its output, so it takes far more MACs than it has weights.
#
# **Predict.** The digits CNN has two convolutions, of 1 to 16 and of 16 to 32 channels, with a kernel of `3 × 3`, and a linear layer of 128 to 10.
# Between them, pooling halves the height and the width.
# Which of the three layers has the most weights, and which takes the most MACs for each of its weights?
#
# **Run.** [`FlopCounterMode`](https://github.com/pytorch/pytorch/blob/main/torch/utils/flop_counter.py) is PyTorch's own counter, `module_macs` is ours.

# %%
net = digits_cnn()
one_image = torch.from_numpy(digits.images("test")[:1])
macs = module_macs(net, one_image).layers
table = pd.DataFrame(
    {"weights": {name: getattr(net, name).weight.numel() for name in macs}, "MACs": macs}
)
with FlopCounterMode(display=False) as counter:
    net(one_image)
print("MACs:", table["MACs"].sum(), " FLOPs by PyTorch's counter:", counter.get_total_flops())
shares = {f"share of the {column}": table[column] / table[column].sum() for column in table}
table = table.assign(**shares, **{"MACs for each weight": table["MACs"] / table["weights"]})
table.style.format("{:,}", subset=["weights", "MACs"]).format(
    "{:.2f}", subset=[*shares]
).format("{:.0f}", subset=["MACs for each weight"])

# %% [markdown]
# **Read.** The last column is the number of positions at which a weight is used: `8 × 8` in the first convolution, `4 × 4` after the pooling, one in the linear layer.
# So weights say little about work: the first convolution has fewer weights than the linear layer, and takes several times its MACs.
# A layer is worth slimming for its bytes where its share of the weights is large, and for its operations where its share of the MACs is.
# Here the second convolution leads in both; the first has a larger share of the MACs than of the weights, the linear layer the reverse.
#
# PyTorch counts twice as much because it counts FLOPs, and both leave out biases, batch norms and pooling.
# Other counters add them; so a difference of a few per cent between two tools is a difference of definition, and one of a factor of two as well.
#
# Two settings of a convolution change the count.
# With **groups** the channels are cut into as many groups, and each output reads the inputs of its own group only; with as many groups as channels the convolution is called **depthwise**, and an output reads one channel.
# **Dilation** leaves gaps between the places of the kernel: it spans more of the image with as many weights, so it fits into fewer positions unless the padding grows with it.

# %% question: flop-counter-linear

# %% question: depthwise-separable-macs

# %% exercise: linear-cost

# %% [markdown]
# Write `linear_cost(input_shape, out_features, bias)`: what `nn.Linear` takes on an input of that shape, whose last axis holds the features.
# Return `{"macs": ..., "flops": ...}`, whole numbers for the whole input, all its rows.
# FLOPs are two for each MAC, and with `bias` one addition more for each number that comes out.
#
# For `input_shape = (2, 3)`, `out_features = 4` and a bias: `{"macs": 24, "flops": 56}`.


# %%
def linear_cost(input_shape: tuple[int, ...], out_features: int, bias: bool) -> dict[str, int]:
    """Return the MACs and FLOPs of a linear layer on an input of shape (..., in_features)."""
    ### BEGIN SOLUTION
    *leading, in_features = input_shape
    outputs = math.prod(leading) * out_features
    macs = outputs * in_features
    return {"macs": macs, "flops": 2 * macs + (outputs if bias else 0)}
    ### END SOLUTION


# %%
linear_cost(batch_shape, 256, bias=True)

# %% exercise: conv-macs

# %% [markdown]
# Write `conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1)`: the MACs that [`nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html) takes on one image, a whole number.
# `kernel_size` and `input_size` are pairs (height, width); the other four are numbers that hold for both axes.
# Products with the zeros of the padding count, since the routine computes them; a bias does not.
#
# For 2 channels in, 4 out, a kernel of `(3, 3)` and an image of `(5, 5)` the output is `(3, 3)`, and each of its 4 × 3 × 3 numbers takes 2 × 3 × 3 MACs: `648`.


# %%
def conv2d_macs(
    in_channels: int,
    out_channels: int,
    kernel_size: tuple[int, int],
    input_size: tuple[int, int],
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> int:
    """Return the multiply-accumulates of a 2-d convolution on one image."""
    ### BEGIN SOLUTION
    height, width = (
        (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    per_output = in_channels // groups * kernel_size[0] * kernel_size[1]
    return out_channels * height * width * per_output
    ### END SOLUTION


# %%
conv2d_macs(1, 16, (3, 3), image_size, padding=1)

# %% exercise: model-macs

# %% [markdown]
# The formulas need shapes, and shapes are known where the data pass: a **forward hook** sees each layer's output.
#
# Write `model_macs(model, x)`: run the model on `x` once and return a dict from the name of each `nn.Linear` and `nn.Conv2d` to the MACs that it took, for the whole batch.
#
# - Layers inside of other modules count too, under their full name, such as `"block.first"`.
# - A layer that runs more than once in that pass has the MACs of all its runs; one that does not run is not in the dict.
# - Layers of other classes are not in the dict, whatever weights they have.
# - The model is in evaluation mode, and comes back as it was, without hooks.
#
# Your function is checked on other layers than the zoo has, with strides and groups, and with embeddings and layers that run again: `by_layers` lets it take a list of layers for the model as well.
#
# For a model of one `nn.Linear(3, 2)` named `"only"` and `x` of shape `(5, 3)` the answer is `{"only": 30}`.


# %%
def model_macs(model: torch.nn.Module, x: torch.Tensor) -> dict[str, int]:
    """Return the multiply-accumulates of each linear and convolution layer on `x`."""
    ### BEGIN SOLUTION
    macs: dict[str, int] = {}

    def count(name: str):
        def hook(layer, inputs, output):
            macs[name] = macs.get(name, 0) + output.numel() * layer.weight[0].numel()

        return hook

    counted = (torch.nn.Linear, torch.nn.Conv2d)
    layers = [
        (name, layer) for name, layer in model.named_modules() if isinstance(layer, counted)
    ]
    handles = [layer.register_forward_hook(count(name)) for name, layer in layers]
    try:
        with torch.no_grad():
            model(x)
    finally:
        for handle in handles:
            handle.remove()
    return macs
    ### END SOLUTION


model_macs_by_layers = by_layers(model_macs)

# %%
model_macs(cnn, images)

# %% [markdown]
# ## 2.3 · Memory of the activations
#
# **Why.** A model that fits into memory may still not run there.
# Each layer's result has to be somewhere until the next layer has read it, and the inputs that go through together are called a **batch**.
#
# **Predict.** The CNN has 6,138 parameters.
# From which batch size do its activations take more memory than its parameters: 2, 20, 200, or never?

# %% question: grows-with-batch

# %% [markdown]
# **Run.** `bytes_kept` runs the layers one by one and keeps the input and every result, as training has to.
# `Flatten` returns a view of its input, which takes no bytes of its own.


# %%
def bytes_kept(model, inputs):
    """Return the bytes of the input and of all results."""
    kept = inputs.nbytes
    for layer in model:
        result = layer(inputs)
        kept += 0 if isinstance(layer, nn.Flatten) else result.nbytes
        inputs = result
    return kept


batch_sizes = [1, 2, 4, 8, 16, 32, 64, 128]
pictures = torch.from_numpy(digits.images("test")[:128])
activations = [bytes_kept(net, pictures[:size]) for size in batch_sizes]
parameters = 4 * parameter_count(net)
overtaken = next(size for size, held in zip(batch_sizes, activations) if held > parameters)
print(f"activations of one image: {activations[0]:,} bytes, parameters: {parameters:,} bytes")
print(f"the activations take more from a batch of {overtaken} images on")

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.4))
axis.plot(
    batch_sizes, np.divide(activations, 1000), "o-", label="input and results of all layers"
)
axis.axhline(parameters / 1000, color="C1", linestyle="--", label="parameters")
axis.set(xscale="log", yscale="log", xlabel="batch size (images)", ylabel="memory (kB)")
plain_ticks(axis)
axis.set_xticks(batch_sizes, batch_sizes)
axis.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)
axis.legend()
described(figure, "activations-by-batch")

# %% [markdown]
# **Read.** Parameters are paid once, activations for each image.
# The activations of this small CNN take more than its parameters as soon as images come in batches; so do those of most convolutional networks in training.
# Serving need not keep them all: when a layer has run, its input can go, so what counts is the worst moment and not the sum.
# Quantizing weights alone leaves this memory as it was.

# %% exercise: activation-bytes

# %% [markdown]
# Write `activation_bytes(model, x)` for an `nn.Sequential` in evaluation mode; return a dict of two whole numbers:
#
# - `"kept"`: bytes of the input and of every layer's result, all there at once: a simple estimate of what training keeps for the backward pass.
# - `"peak"`: bytes that serving needs at its worst moment, when a layer runs and its input and its output are there: the largest such sum.
#
# In both, a result that lies in the memory of the layer's input, as a view of it or as the input itself, takes no bytes of its own.
# The class of a layer does not tell: in evaluation mode dropout hands its input on, and a flatten has to copy where the numbers do not lie in order.
# Each tensor counts in its own dtype, and the model comes back as it was.
#
# Your function is checked on other layers and dtypes than the zoo has: `taking_layers` lets it take a list of layers for the model as well.
#
# For one `nn.Linear(3, 2)` in float32 and `x` of shape `(5, 3)`, both are `100`: `60` go in, `40` come out.


# %%
def activation_bytes(model: torch.nn.Sequential, x: torch.Tensor) -> dict[str, int]:
    """Return the bytes of all activations together, and of the worst pair of input and output."""
    ### BEGIN SOLUTION
    kept, peak = x.nbytes, 0
    with torch.no_grad():
        for layer in model:
            result = layer(x)
            new = 0 if result.data_ptr() == x.data_ptr() else result.nbytes
            kept += new
            peak = max(peak, x.nbytes + new)
            x = result
    return {"kept": kept, "peak": peak}
    ### END SOLUTION


activation_bytes_of_layers = taking_layers(activation_bytes)

# %%
activation_bytes(cnn, images)

# %% [markdown]
# ## 2.4 · Latency, done right
#
# **Why.** Users feel time, and time is the number that is most often measured wrongly.
# What goes wrong is nearly always one of these:
#
# - the first calls are measured, which also allocate memory, choose **kernels**, as the routines that compute a layer are called too, and fill **caches**, small fast memories inside the processor;
# - one call is measured, or the mean of a few, and an interruption by another program decides;
# - the clock is coarse, or the unit is wrong;
# - the number of threads, the batch and the machine are not told.
#
# So: **warm up**, repeat, give the **median** for the usual call and the **95th percentile** (p95), which 95 of 100 calls stay within, for the slow ones; and say what ran, where, and on how many threads.

# %% question: one-slow-call

# %% [markdown]
# **Predict.** A model is called sixty times with the same batch, for the first time in its life.
# How much longer than the others does the first call take?
# And how much faster are two threads than one, for a batch of one image, and for one of 256?
#
# **Run.** The batch has 57 images since no cell before used that number: libraries keep what they once prepared for a shape, and then the first call would not be a cold one.

# %%
pictures = torch.from_numpy(np.resize(digits.images("test"), (512, 1, 8, 8)))
cold = latency_ms(partial(digits_cnn(), pictures[:57]), repeats=60, warmup=0)
print(f"first call {cold.samples_ms[0]:.2f} ms")
print(f"all calls: median {cold.median_ms:.2f} ms, p95 {cold.p95_ms:.2f} ms")

timed = {}
for size in (1, 256):
    for threads in (1, 2):
        torch.set_num_threads(threads)
        timed[size, threads] = latency_ms(partial(net, pictures[:size]), repeats=25, warmup=3)
torch.set_num_threads(1)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), width_ratios=(3, 4))
left.plot(range(1, 61), cold.samples_ms, "o", fillstyle="none")
left.set(
    xlabel="number of the call",
    ylabel="latency (ms)",
    yscale="log",
    title="57 images, from the first call on",
)
per_image = [1000 * np.array(latency.samples_ms) / size for (size, _), latency in timed.items()]
names = [
    f"{size} image{'s' * (size > 1)}\n{threads} thread{'s' * (threads > 1)}"
    for size, threads in timed
]
right.boxplot(per_image, tick_labels=names, whis=(5, 95), flierprops={"markersize": 3})
right.set(ylabel="latency for each image (µs)", yscale="log", title="after a warm-up")
for axis in (left, right):
    plain_ticks(axis)
described(figure, "first-call-and-threads")

# %%
summaries = {
    where: [
        latency.median_ms,
        latency.iqr_ms,
        latency.p95_ms,
        latency.mean_ms,
        max(latency.samples_ms),
    ]
    for where, latency in timed.items()
}
names = ["median (ms)", "interquartile range (ms)", "p95 (ms)", "mean (ms)", "longest (ms)"]
pd.DataFrame(summaries, index=names).T.rename_axis(["images", "threads"]).round(3)

# %% [markdown]
# **Read.** In the box plot the box holds the middle half of the calls, the line in it is the median, the whiskers reach from the 5th to the 95th percentile, and every call outside of them is a dot.
#
# The first call is the price of a cold start: worth knowing, and not what the service costs afterwards.
# About one call in ten is a dot by this construction, and the dots below a box are simply its fastest calls; those far above it are mostly the work of other programs and not of the model.
# The mean and the longest call take their side, the median does not.
# A second thread needs work to share: one small image has too little, and starting and waiting for the thread can cost more than it brings.
# And on a busy machine a thread that waits for a processor holds up the other, which can make two threads slower by orders of magnitude; servers often run one thread for each of several copies of a model instead.
#
# The slow end of a distribution, such as the calls beyond p95, is called its **tail**.
# Whoever makes many calls and needs all of them meets the tail far more often than one call does: all are fast only if each one is, and for independent calls these probabilities multiply.

# %% question: slowest-of-twenty

# %% exercise: measure-latency

# %% [markdown]
# Write `measure_latency(call, clock, warmup, repeats)`:
#
# - make `warmup` calls of `call()` that are not timed;
# - then time `repeats` calls, each on its own; `clock()` returns seconds;
# - return `{"median_ms": ..., "p95_ms": ...}`, the median and the 95th percentile in milliseconds, not rounded and interpolated linearly as `np.percentile` does; of an even number of samples the median is the mean of the two in the middle.
#
# A real clock gives other numbers each time, so your function is checked with a clock that is known: `on_fake_machine` turns it into a function of what each call is going to cost.
# If the calls cost `[0.1, 0.002, 0.004]` seconds, one of them for the warm-up, the median is `3.0` ms and the 95th percentile `3.9` ms.


# %%
def measure_latency(call, clock, warmup: int, repeats: int) -> dict[str, float]:
    """Return median and 95th percentile of the time of `call()`, in milliseconds."""
    ### BEGIN SOLUTION
    for _ in range(warmup):
        call()
    samples_ms = []
    for _ in range(repeats):
        start = clock()
        call()
        samples_ms.append((clock() - start) * 1000)
    return {
        "median_ms": float(np.median(samples_ms)),
        "p95_ms": float(np.percentile(samples_ms, 95)),
    }
    ### END SOLUTION


latency_on_fake_machine = on_fake_machine(measure_latency)

# %%
# The same function on this machine, with a real clock and a real model:
with torch.no_grad():
    print(measure_latency(lambda: cnn(image), time.perf_counter, 10, 100))

# %% exercise: median-interval

# %% [markdown]
# Two medians differ: is one model faster, or was it chance?
# Take for each an interval that holds the true median in at least 95 of 100 repetitions: where two of them do not overlap, it was hardly chance. Such an interval needs no bell curve, only samples that do not depend on each other.
# Each sample lies below the true median with probability 1/2, like a coin that is thrown; so the probability that exactly $i$ of $n$ samples do is $\binom{n}{i} / 2^n$.
#
# Write `median_interval(samples_ms)` for a list of samples.
# Let the rank $k$ be the largest number for which the probabilities of $0, 1, \ldots, k - 1$ together are at most `0.025`.
# Return `{"low": ..., "high": ...}`, the $k$-th smallest and the $k$-th largest sample.
# Where $k$ is 0 there are too few samples for any such interval: return `None`.
# Equal samples count each for itself, and there may be more than a thousand.
# Leave the list in its order.
#
# With 6 samples the probability of 0 is `1/64`, about `0.0156`, and that of 0 and 1 together `7/64`: so $k$ is 1, and the interval reaches from the smallest sample to the largest.


# %%
def median_interval(samples_ms: list[float]) -> dict[str, float] | None:
    """Return an interval that holds the true median with 95 % confidence.

    None for too few samples.
    """
    ### BEGIN SOLUTION
    n, rank, below = len(samples_ms), 0, 0.0
    for i in range(n):
        below += math.comb(n, i) / 2**n
        if below <= 0.025:
            rank = i + 1
    if rank == 0:
        return None
    ordered = sorted(samples_ms)
    return {"low": ordered[rank - 1], "high": ordered[-rank]}
    ### END SOLUTION


# %%
median_interval(few_ms), median_interval(many_ms)

# %% [markdown]
# ## 2.5 · Latency against throughput
#
# **Why.** A service has two questions about time: how long does a request wait, and how many requests are answered in a second?
# The first is the **latency**, the second the **throughput**, and a batch trades one for the other.
#
# **Predict.** The batch doubles, again and again.
# Does the throughput double as well, and does the latency stay?
#
# **Run.** Throughput is all images divided by all the time, so it follows from the mean, in which slow calls count.

# %%
sweep = {}
for size in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512):
    latency = latency_ms(
        partial(net, pictures[:size]), repeats=max(40, 2000 // size)
    )  # some 2,000 images or more
    sweep[size] = {"median (ms)": latency.median_ms, "p95 (ms)": latency.p95_ms}
    sweep[size]["images a second"] = 1000 * size / latency.mean_ms
sweep = pd.DataFrame(sweep).T.rename_axis("batch")
sweep.round(2)

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.8))
axis.hlines(
    sweep["images a second"],
    sweep["median (ms)"],
    sweep["p95 (ms)"],
    color="C1",
    label="from median to p95",
)
axis.plot(
    sweep["median (ms)"], sweep["images a second"], "o-", label="median latency of a batch size"
)
for size, row in sweep.iterrows():
    place, side = (
        ((0, -15), "center") if size == max(sweep.index) else ((-4, 7), "right")
    )  # the last below the line
    axis.annotate(
        f"{size}",
        (row["median (ms)"], row["images a second"]),
        place,
        textcoords="offset points",
        ha=side,
    )
axis.set(
    xscale="log",
    yscale="log",
    xlabel="latency of the batch (ms)",
    ylabel="throughput (images a second)",
)
axis.margins(0.12)
plain_ticks(axis)
axis.legend(loc="lower right")
described(figure, "throughput-against-latency")

# %% [markdown]
# **Read.** While the line rises steeply, a larger batch is almost free: the call's fixed cost is shared by more images.
# The first step can go the other way, for a library may choose another kernel for one image than for several; so measure each size that you mean to use.
# Where it becomes flat, the arithmetic itself is what takes the time; from there on a larger batch only makes everyone wait.
# At the largest batches throughput may even fall, when the activations outgrow the cache and each layer has to fetch its input from memory; lesson 2b comes back to that.
# A service promises a limit on p95 and takes the best throughput that it can within it; the exercise below does that.
# And before the model starts, somebody has to wait until the batch is full.

# %% question: batch-wait

# %% exercise: choose-batch

# %% [markdown]
# Write `choose_batch(batches, samples_s, limit_ms)`.
# `samples_s[i]` holds the seconds that the calls took at a batch of `batches[i]` images; these lists are of one length.
# Return a dict:
#
# - `"throughput"`: the images a second, all images divided by all seconds; a list, one entry for each of `batches`;
# - `"p95_ms"`: the 95th percentile in milliseconds, interpolated linearly as `np.percentile` does; a list likewise;
# - `"best"`: the batch size of the highest throughput among those whose p95 is at most `limit_ms`; `0` where there is none.
#
# Round nothing, and leave the lists as they are.
#
# For `batches = [2]`, `samples_s = [[0.001, 0.003]]` and a limit of `5.0` ms there are 4 images in `0.004` s, so the answer is `{"throughput": [1000.0], "p95_ms": [2.9], "best": 2}`.


# %%
def choose_batch(batches: list[int], samples_s: list[list[float]], limit_ms: float) -> dict:
    """Return throughput and p95 of each batch size, and the best one within the limit."""
    ### BEGIN SOLUTION
    throughput = [
        batch * len(samples) / sum(samples)
        for batch, samples in zip(batches, samples_s, strict=True)
    ]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if p95_ms[i] <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}
    ### END SOLUTION


# %%
choose_batch(batches, samples_s, limit_ms=10.0)

# %% [markdown]
# ## Summary
#
# - **Say which size you mean**: numbers in memory, file, or compressed file. The dtype changes all three, zeros only the last.
# - **Count operations** as MACs or as FLOPs, and say for which batch. Weights do not tell the work of a convolution, which uses each of them at every position.
# - **Activations** grow with the batch, parameters do not. Training keeps them all; serving needs the worst pair of input and output.
# - **Measure a latency** after a warm-up, many times, with median, p95, threads and batch.
# - **Batches** buy throughput with latency: take the best throughput within the limit that the service promises, and remember who waits for the batch to fill.
#
# ## Where next
#
# Lesson 2b, *Complexity*, explains the times by the counts: what a layer waits for, how time grows with size, and when zeros pay.
# Lesson 3 makes the numbers narrow: quantization from scratch, in integers.
