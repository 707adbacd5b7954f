# ---
# about: bytes, MACs, latency, the roofline of your machine, complexity found by measuring, break-even sparsity
# ---

# %% [markdown]
# # 2 · Measure: bytes, operations, time
#
# *What does a model cost, how do you find out, and how far can you trust what you found?*
#
# A cost can be **counted**, and then it is exact and the same everywhere: bytes, multiply-accumulates, zeros.
# Or it can be **timed**, and then it belongs to one machine at one moment.
# This lesson does both, and explains one by the other: why a layer takes the time that it takes, and which saving will be felt.
#
# On the way it tests a sentence from the page of lesson 1: "time grows with how many weights remain".
#
# After this lesson you can
#
# 1. count the bytes of a model in memory, in its file and after compression, and say where the rest comes from;
# 2. count the operations of linear layers, convolutions and whole models, and the memory of their activations;
# 3. measure a latency that others can trust, with its spread, and choose a batch size for a service;
# 4. draw the roofline of your machine and say what a layer waits for, arithmetic or memory;
# 5. find complexity by measuring, and know when the slope misleads;
# 6. predict from which sparsity zeros pay, and what a faster layer does to a whole model.
#
# **You need** lesson 1: weights, activations, pruning, quantization, and the median with its interquartile range.
#
# **Time**: about 90 minutes to read, run and answer, and 150 more for the {{exercises}} exercises.
# A good place to break is the end of section 2.4: what comes before is counting and timing, what follows explains one by the other.
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.

# %%
import quizlib
from quizlib import check, hint

quizlib.begin("02-measure")

# %%
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import scipy.sparse
import torch
from matplotlib.ticker import EngFormatter, LogLocator
from torch import nn

from quizlib.measures import (
    accuracy,
    compressed_size_bytes,
    csr_size_bytes,
    file_size_bytes,
    is_pareto_optimal,
    latency_ms,
    loglog_slope,
    module_macs,
    parameter_count,
    state_dict_size_bytes,
)
from quizlib.zoo import digits_cnn, digits_lstm, digits_mlp, digits_residual, load_digits
from quizlib.zoo.eager import quantize_dynamic
from quizlib.zoo.figures import described, use_style

torch.set_num_threads(1)  # until section 2.4, which is about threads
torch.set_grad_enabled(False)  # this lesson serves, and trains nothing
use_style()
digits = load_digits()


# %%
def plain_ticks(axis):
    """Write the numbers at logarithmic axes in full, in steps of 1, 2, 5."""
    for one in (one for one in (axis.xaxis, axis.yaxis) if one.get_scale() == "log"):
        one.set_major_formatter("{x:,.7g}")
        one.set_minor_locator(LogLocator(subs=(2, 5)))
        low, high = one.get_view_interval()
        one.set_minor_formatter("{x:,.7g}" if high < 1000 * low else "")


# %% [markdown]
# ## 2.1 · Bytes: in memory, in the file, compressed
#
# **Why.** Bytes decide whether a model fits on a device, how long it takes to ship and to load, and, as section 2.5 shows, often how fast it runs.
# But "the size of the model" is not one number.
#
# Each number takes as many bytes as its **dtype** says: float64 takes `8`, float32 `4`, float16 and bfloat16 `2`, int8 `1`.
# A model stores **parameters**, which are trained, and **buffers**, which are not, such as the running statistics of a batch norm; its `state_dict` holds both.
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
import io


def file_of(model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return file.getvalue()


sizes_of = {"state_dict": state_dict_size_bytes, "file": file_size_bytes}
sizes_of["file, after gzip"] = lambda model: compressed_size_bytes(file_of(model))
stored = pd.DataFrame({way: {name: size(m) for name, m in versions.items()} for way, size in sizes_of.items()})
stored

# %%
figure, axis = plt.subplots(figsize=(7.5, 3.4))
(stored / 1000).plot.barh(ax=axis, width=0.75, xlabel="size (kB)").invert_yaxis()
described(
    figure,
    "Three bars for each of four versions of the digits MLP: state_dict, file, and file after gzip. Float16 halves the "
    "first two, int8 brings them to about a quarter; zeros change only the bar after gzip, which they shorten a lot.",
)

# %% [markdown]
# **Read.** The dtype sets the bytes in memory, and zeros do not.
# The file is larger by a few thousand bytes whatever the dtype, which a small model feels and a large one does not.
# gzip finds next to nothing in trained float32 weights, whose low bits look random, and much in zeros.
# So after gzip the float32 model with zeros, which was four times as large, comes close to the int8 one, which still has the smallest file in all three ways.
# So name the size that you mean; "four times smaller" may be true of one of them only.
#
# A tensor is a **view** if it looks at numbers that another tensor has: a slice such as `table[:10]` copies nothing.
# The numbers themselves lie in a **storage**, which several tensors may share and which can be larger than what one of them shows.
#
# **Predict** what is in these files.

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
# Return a dict from the name of a dtype, such as `"float32"`, to the bytes that the model's tensors would take in it.
#
# - Parameters and buffers both count.
# - Tensors of whole numbers, such as the counter of a batch norm, keep their dtype whatever the plan says.
# - A dtype that no tensor has is not in the dict.
# - Count only: the model itself is not converted.
#
# For a model that is one `nn.Linear(2, 3)` under the name `"only"`, 6 weights and 3 biases, the answer is `{"float32": 36}` with the plan `{}`, and `{"float16": 18}` with `{"only": torch.float16}`.


# %%
def bytes_by_dtype(model: torch.nn.Module, plan: dict[str, torch.dtype]) -> dict[str, int]:
    """Return the bytes of the tensors of `model` by dtype, were the layers in `plan` stored as it says."""
    ### BEGIN SOLUTION
    sizes: dict[str, int] = {}
    for name, tensor in model.state_dict().items():
        layer = name.rpartition(".")[0]
        dtype = plan.get(layer, tensor.dtype) if tensor.is_floating_point() else tensor.dtype
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * dtype.itemsize
    return sizes
    ### END SOLUTION


# %%
bytes_by_dtype(cnn, {"bn1": torch.float16})

# %% exercise: quantized-bytes

# %% [markdown]
# Quantized weights are stored as codes of a few bits, and each **group** of weights shares a scale, perhaps also a zero point; without them the codes mean nothing.
#
# Write `quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits)`, the bytes of all of it, a whole number:
#
# - the codes, `bits` each, packed without gaps;
# - the scales, `scale_bits` each: one for each `group_size` weights along the last axis, whose length is a multiple of `group_size`, or one for the whole tensor where `group_size` is `None`;
# - the zero points, `zero_point_bits` each, one for each scale, packed without gaps; `0` means that none are stored.
#
# Each of the three parts is filled up to whole bytes on its own.
# For `shape = (2, 64)`, 4 bits, groups of 32, scales of 16 bits and zero points of 4 bits: `64` for the codes, `8` for the scales, `2` for the zero points, `74` in all.


# %%
def quantized_bytes(
    shape: tuple[int, ...], bits: int, group_size: int | None, scale_bits: int, zero_point_bits: int
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
# A tensor that is a view of a larger storage counts with its own numbers only, and is made contiguous for the file.
# For `{"w": torch.zeros(100)}` the first three are `400`, `472` and `72`: the header is a length in `8` bytes and a table in JSON, `64` bytes here, of names, dtypes, shapes and places.


# %%
def size_report(tensors: dict[str, torch.Tensor]) -> dict[str, int]:
    """Return the bytes of tensors, file, header and compressed file."""
    ### BEGIN SOLUTION
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
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
# A convolution uses each weight at every position of its output, so it takes far more MACs than it has weights.
#
# **Predict.** The digits CNN has two convolutions, of 1 to 16 and of 16 to 32 channels, with a kernel of `3 × 3`, and a linear layer of 128 to 10.
# Between them, pooling halves the height and the width.
# Which of the three layers has the most weights, and which takes the most MACs for each of its weights?
#
# **Run.** [`FlopCounterMode`](https://github.com/pytorch/pytorch/blob/main/torch/utils/flop_counter.py) is PyTorch's own counter, `module_macs` is ours.

# %%
from torch.utils.flop_counter import FlopCounterMode

net = digits_cnn()
one_image = torch.from_numpy(digits.images("test")[:1])
macs = module_macs(net, one_image).layers
table = pd.DataFrame({"weights": {name: getattr(net, name).weight.numel() for name in macs}, "MACs": macs})
with FlopCounterMode(display=False) as counter:
    net(one_image)
print("MACs:", table["MACs"].sum(), " FLOPs by PyTorch's counter:", counter.get_total_flops())
table.assign(**{"MACs for each weight": table["MACs"] / table["weights"]})

# %% [markdown]
# **Read.** The last column is the number of positions at which a weight is used: `8 × 8` in the first convolution, `4 × 4` after the pooling, one in the linear layer.
# So weights say little about work.
# Early convolutions have few weights and much work, linear layers the reverse: the first are where operations are saved, the second where bytes are.
#
# PyTorch counts twice as much because it counts FLOPs, and both leave out biases, batch norms and pooling.
# Other counters add them; so a difference of a few per mille between two tools is a difference of definition.
#
# Two settings of a convolution change the count.
# With **groups** the channels are cut into as many groups, and each output reads the inputs of its own group only; with as many groups as channels the convolution is called **depthwise**, and an output reads one channel.
# **Dilation** leaves gaps between the places of the kernel: it spans more of the image with as many weights, so it fits into fewer positions unless the padding grows with it.

# %% question: flop-counter-linear

# %% question: depthwise-separable-macs

# %% exercise: linear-cost

# %% [markdown]
# A **multiply-accumulate** (MAC) is one product added to a sum: two floating-point operations (**FLOPs**).
# Papers give either number, so say which one you mean.
#
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
# Products with the zeros of the padding count, since the kernel computes them; a bias does not.
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
# Layers inside of other modules count too, under their full name, such as `"block.first"`.
# Other layers are not in the dict.
# The model is in evaluation mode, and comes back as it was, without hooks.
#
# Your function is checked on other convolutions than the zoo has, with strides and groups: `by_layers` lets it take a list of their arguments for the model as well.
#
# For a model of one `nn.Linear(3, 2)` named `"only"` and `x` of shape `(5, 3)` the answer is `{"only": 30}`.


# %%
def model_macs(model: torch.nn.Module, x: torch.Tensor) -> dict[str, int]:
    """Return the multiply-accumulates of each linear and convolution layer on `x`."""
    ### BEGIN SOLUTION
    macs: dict[str, int] = {}

    def count(name: str):
        def hook(layer, inputs, output):
            macs[name] = output.numel() * layer.weight[0].numel()

        return hook

    counted = (torch.nn.Linear, torch.nn.Conv2d)
    layers = [(name, layer) for name, layer in model.named_modules() if isinstance(layer, counted)]
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
# Each layer's result has to be somewhere until the next layer has read it, and there is one for each image of the **batch**, the inputs that go through together.
#
# **Predict.** The CNN has 6,138 parameters.
# From which batch size do its activations take more memory than its parameters: 2, 20, 200, or never?
#
# **Run.** `bytes_kept` runs the layers one by one and keeps the input and every result, as training has to.
# `Flatten` returns a view of its input, which takes no bytes of its own.


# %%
def bytes_kept(model, inputs):
    """Return the bytes of the input and of all results; a view, which begins where its input does, adds none."""
    kept = inputs.nbytes
    for layer in model:
        result = layer(inputs)
        kept += 0 if result.data_ptr() == inputs.data_ptr() else result.nbytes
        inputs = result
    return kept


batch_sizes = [1, 2, 4, 8, 16, 32, 64, 128]
pictures = torch.from_numpy(digits.images("test")[:128])
activations = [bytes_kept(net, pictures[:size]) for size in batch_sizes]
parameters = 4 * parameter_count(net)
print(f"one image: {activations[0]:,} bytes of activations; parameters: {parameters:,} bytes")

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.4))
axis.plot(batch_sizes, np.divide(activations, 1000), "o-", label="input and results of all layers")
axis.axhline(parameters / 1000, color="C1", linestyle="--", label="parameters")
axis.set(xscale="log", yscale="log", xlabel="batch size (images)", ylabel="memory (kB)")
plain_ticks(axis)
axis.set_xticks(batch_sizes, batch_sizes)
axis.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)
axis.legend()
described(
    figure,
    "Memory against batch size on two logarithmic axes. Input and results grow in proportion to the batch and lie above "
    "the flat dashed line of the parameters from a batch of two on.",
)

# %% [markdown]
# **Read.** Parameters are paid once, activations for each image.
# The activations of this small CNN take more than its parameters from a batch of two images on; so do those of most convolutional networks in training.
# Serving need not keep them all: when a layer has run, its input can go, so what counts is the worst moment and not the sum.
# Quantizing weights alone leaves this memory as it was.

# %% question: grows-with-batch

# %% exercise: activation-bytes

# %% [markdown]
# Weights are half of the story: the data on their way through the model take memory too, and they grow with the batch.
#
# Write `activation_bytes(model, x)` for an `nn.Sequential` in evaluation mode; return a dict of two whole numbers:
#
# - `"kept"`: bytes of the input and of every layer's result, all there at once: a simple estimate of what training keeps for the backward pass.
# - `"peak"`: bytes that serving needs at its worst moment, when a layer runs and its input and its output are there: the largest such sum.
#
# In both, a result that is only a view of the layer's input takes no bytes of its own.
# The model comes back as it was.
#
# Your function is checked on other layers and dtypes than the zoo has: `by_width` lets it take a list of widths for the model as well, linear layers in the dtype of `x`, with a flatten between two equal widths.
#
# For one `nn.Linear(3, 2)` in float32 and `x` of shape `(5, 3)`, both are `100`: `60` go in, `40` come out.


# %%
def activation_bytes(model: torch.nn.Sequential, x: torch.Tensor) -> dict[str, int]:
    """Return the bytes of all activations kept together, and of the worst pair of input and output."""
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


activation_bytes_by_width = by_width(activation_bytes)

# %%
activation_bytes(cnn, images)

# %% [markdown]
# ## 2.4 · Latency, done right
#
# **Why.** Users feel time, and time is the number that is most often measured wrongly.
# What goes wrong is nearly always one of these:
#
# - the first calls are measured, which also allocate memory, choose kernels and fill caches;
# - one call is measured, or the mean of a few, and an interruption by another program decides;
# - the clock is coarse, or the unit is wrong;
# - the number of threads, the batch and the machine are not told.
#
# So: **warm up**, repeat, give the **median** for the usual call and the **95th percentile** (p95), which 95 of 100 calls stay within, for the slow ones; and say what ran, where, and on how many threads.
#
# **Predict.** A model is called sixty times with the same batch, for the first time in its life.
# How much longer than the others does the first call take?
# And how much faster are two threads than one, for a batch of one image, and for one of 256?
#
# **Run.** The batch has 57 images since no cell before used that number: libraries keep what they once prepared for a shape, and then the first call would not be a cold one.

# %%
pictures = torch.from_numpy(np.resize(digits.images("test"), (512, 1, 8, 8)))
cold = latency_ms(partial(digits_cnn(), pictures[:57]), repeats=60, warmup=0)
print(f"first call {cold.samples_ms[0]:.2f} ms, median {cold.median_ms:.2f} ms, p95 {cold.p95_ms:.2f} ms")

timed = {}
for size in (1, 256):
    for threads in (1, 2):
        torch.set_num_threads(threads)
        timed[size, threads] = latency_ms(partial(net, pictures[:size]), repeats=25, warmup=3)
torch.set_num_threads(1)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), width_ratios=(3, 4))
left.plot(range(1, 61), cold.samples_ms, "o", fillstyle="none")
left.set(xlabel="number of the call", ylabel="latency (ms)", yscale="log", title="57 images, from the first call on")
per_image = [1000 * np.array(latency.samples_ms) / size for (size, _), latency in timed.items()]
names = [f"{size} image{'s' * (size > 1)}\n{threads} thread{'s' * (threads > 1)}" for size, threads in timed]
right.boxplot(per_image, tick_labels=names, whis=(5, 95), flierprops={"markersize": 3})
right.set(ylabel="latency for each image (µs)", yscale="log", title="after a warm-up")
for axis in (left, right):
    plain_ticks(axis)
described(
    figure,
    "Left: latency against the number of the call, on a logarithmic axis; the first call takes a multiple of the usual one, and so may calls "
    "that were interrupted. Right: four box plots of the latency for each image, on a logarithmic axis. A batch of 256 "
    "takes less for each image than a batch of one; two threads do not help the single image.",
)

# %%
summaries = {
    where: [latency.median_ms, latency.iqr_ms, latency.p95_ms, latency.mean_ms, max(latency.samples_ms)]
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

# %% question: one-slow-call

# %% question: slowest-of-twenty

# %% exercise: measure-latency

# %% [markdown]
# A latency is a claim about a machine, and most errors in it are made before any statistics: cold calls among the samples, a mean where a median was meant, the wrong unit.
#
# Write `measure_latency(call, clock, warmup, repeats)`:
#
# - make `warmup` calls of `call()` that are not timed;
# - then time `repeats` calls, each on its own; `clock()` returns seconds;
# - return `{"median_ms": ..., "p95_ms": ...}`, the median and the 95th percentile in milliseconds, interpolated linearly as `np.percentile` does; of an even number of samples the median is the mean of the two in the middle.
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
    return {"median_ms": float(np.median(samples_ms)), "p95_ms": float(np.percentile(samples_ms, 95))}
    ### END SOLUTION


latency_on_fake_machine = on_fake_machine(measure_latency)

# %%
# The same function on this machine, with a real clock and a real model:
with torch.no_grad():
    print(measure_latency(lambda: cnn(image), time.perf_counter, 10, 100))

# %% exercise: median-interval

# %% [markdown]
# Two medians differ: is one model faster, or was it chance?
# An interval that holds the true median in at least 95 of 100 repetitions tells, and it needs no bell curve, only samples that do not depend on each other.
# Each sample lies below the true median with probability 1/2, like a coin that is thrown; so the probability that exactly $i$ of $n$ samples do is $\binom{n}{i} / 2^n$.
#
# Write `median_interval(samples_ms)` for a list of samples.
# Let the rank $k$ be the largest number for which the probabilities of $0, 1, \ldots, k - 1$ together are at most `0.025`.
# Return `{"low": ..., "high": ...}`, the $k$-th smallest and the $k$-th largest sample.
# Where $k$ is 0 there are too few samples for any such interval: return `None`.
# Leave the list in its order.
#
# With 6 samples the probability of 0 is `1/64`, about `0.0156`, and that of 0 and 1 together `7/64`: so $k$ is 1, and the interval reaches from the smallest sample to the largest.


# %%
def median_interval(samples_ms: list[float]) -> dict[str, float] | None:
    """Return an interval that holds the true median with 95 % confidence, or None for too few samples."""
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
    latency = latency_ms(partial(net, pictures[:size]), repeats=max(40, 2000 // size))  # some 2,000 images or more
    sweep[size] = {"median (ms)": latency.median_ms, "p95 (ms)": latency.p95_ms}
    sweep[size]["images a second"] = 1000 * size / latency.mean_ms
sweep = pd.DataFrame(sweep).T.rename_axis("batch")
sweep.round(2)

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.8))
axis.hlines(sweep["images a second"], sweep["median (ms)"], sweep["p95 (ms)"], color="C1", label="from median to p95")
axis.plot(sweep["median (ms)"], sweep["images a second"], "o-", label="median latency of a batch size")
for size, row in sweep.iterrows():
    place, side = ((0, -15), "center") if size == max(sweep.index) else ((-4, 7), "right")  # the last below the line
    axis.annotate(f"{size}", (row["median (ms)"], row["images a second"]), place, textcoords="offset points", ha=side)
axis.set(xscale="log", yscale="log", xlabel="latency of the batch (ms)", ylabel="throughput (images a second)")
axis.margins(0.12)
plain_ticks(axis)
axis.legend(loc="lower right")
described(
    figure,
    "Throughput against latency on logarithmic axes, one point for each batch size from 1 to 512, and a line from each to "
    "its p95. At small batches from two images on the line rises steeply; at large ones it bends, becomes flat, and may "
    "fall at the last.",
)

# %% [markdown]
# **Read.** While the line rises steeply, a larger batch is almost free: the call's fixed cost is shared by more images.
# The first step can go the other way, for a library may choose another kernel for one image than for several; so measure each size that you mean to use.
# Where it becomes flat, the arithmetic itself is what takes the time; from there on a larger batch only makes everyone wait.
# At the largest batches throughput may even fall, when the activations outgrow the cache and each layer has to fetch its input from memory; section 2.5 comes back to that.
# A service promises a limit on p95 and takes the best throughput that it can within it; the exercise below does that.
# And before the model starts, somebody has to wait until the batch is full.

# %% question: batch-wait

# %% exercise: choose-batch

# %% [markdown]
# A larger batch serves more images a second, and each of them waits longer.
# A service promises a limit on the latency, usually of its **95th percentile** (p95), and takes the most throughput that it can within it.
#
# Write `choose_batch(batches, samples_s, limit_ms)`.
# `samples_s[i]` holds the seconds that the calls took at a batch of `batches[i]` images.
# Return a dict:
#
# - `"throughput"`: the images a second, all images divided by all seconds; a list, one entry for each of `batches`;
# - `"p95_ms"`: the 95th percentile in milliseconds, interpolated linearly as `np.percentile` does; a list likewise;
# - `"best"`: the batch size of the highest throughput among those whose p95 is at most `limit_ms`; `0` where there is none.
#
# For `batches = [2]`, `samples_s = [[0.001, 0.003]]` and a limit of `5.0` ms there are 4 images in `0.004` s, so the answer is `{"throughput": [1000.0], "p95_ms": [2.9], "best": 2}`.


# %%
def choose_batch(batches: list[int], samples_s: list[list[float]], limit_ms: float) -> dict:
    """Return throughput and p95 of each batch size, and the best one within the limit."""
    ### BEGIN SOLUTION
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s, strict=True)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if p95_ms[i] <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}
    ### END SOLUTION


# %%
choose_batch(batches, samples_s, limit_ms=10.0)

# %% [markdown]
# ## 2.5 · What a layer waits for: the roofline
#
# **Why.** A processor computes, and memory feeds it; the slower of the two sets the pace.
# Which one it is depends on the operations that a layer does with each byte that it moves, its **arithmetic intensity**.
# A machine has two ceilings for the speed of a layer: the **peak**, the most operations a second that it computes (nothing to do with the peak of memory in {{exercise:activation-bytes}}), and its **bandwidth**, the bytes a second that memory delivers, times the intensity.
# Drawn over the intensity on logarithmic axes they look like a roof, so the picture is called a **roofline**.
# It comes from [Williams, Waterman and Patterson](https://dl.acm.org/doi/10.1145/1498765.1498785).
#
# Bandwidth is not one number either: the **cache**, a small memory inside the processor that keeps what was used last, delivers several times as much.
#
# **Run.** Both ceilings of this machine, on one thread.
# The peak is that of a product of matrices that stay in the cache, the bandwidth that of a dot product of two arrays, each far larger than the cache, or small enough for it.
# A ceiling is what was reached at best, so here the *shortest* time counts.


# %%
def fastest_s(call, repeats=60):
    return latency_ms(call, repeats=repeats, warmup=3).min_ms / 1000


def read_bandwidth(megabytes):
    """Return the bytes a second that a dot product of two arrays reads."""
    one, two = torch.ones(2, round(megabytes * 1e6 / 8))
    return (one.nbytes + two.nbytes) / fastest_s(partial(torch.dot, one, two))


square = torch.randn(512, 512)
ceilings = {"peak": 2 * 512**3 / fastest_s(partial(torch.mm, square, square))}
ceilings |= {"memory": read_bandwidth(128), "cache": read_bandwidth(0.5)}
print(f"peak {ceilings['peak'] / 1e9:.0f} GFLOP/s")
print(f"bandwidth of memory {ceilings['memory'] / 1e9:.0f} GB/s, of the cache {ceilings['cache'] / 1e9:.0f} GB/s")
print(f"they meet at {ceilings['peak'] / ceilings['memory']:.1f} FLOP/byte, the ridge")

# %% [markdown]
# **Predict.** A dense layer of `4096 × 4096` float32 weights reads `64 MiB`, more than most caches hold.
# With one row it does two operations for each weight of four bytes, so its intensity is `0.5` FLOP/byte.
# Will it be limited by memory or by arithmetic?
# With how many rows does that change?
#
# **Run.** Each layer's operations and bytes are counted, and its time is measured.
# Like the ceilings, the layers are shown at their best; the bars reach down to the slowest quarter of the calls.
# A layer with a single weight shows beside them what a call costs in which there is nothing to do.


# %%
def linear_work(layer, count):
    """Return a call of the layer with so many rows, its operations, and the bytes that it moves."""
    inputs = torch.randn(count, layer.in_features)
    moved = inputs.nbytes + layer(inputs).nbytes + sum(parameter.nbytes for parameter in layer.parameters())
    return partial(layer, inputs), 2 * count * layer.weight.numel(), moved


large, hidden2 = nn.Linear(4096, 4096, bias=False), digits_mlp().hidden2
work = {f"linear 4096 × 4096, {count} row{'s' * (count > 1)}": linear_work(large, count) for count in (1, 4, 16, 64)}
vector, its_relu = torch.randn(2, 4096 * 4096)
relu = partial(torch.clamp, vector, min=0.0, out=its_relu)
work["ReLU of 4096 × 4096"] = (relu, vector.numel(), vector.nbytes + its_relu.nbytes)
work["MLP's hidden2, 1 row"] = linear_work(hidden2, 1)
work["MLP's hidden2, 256 rows"] = linear_work(hidden2, 256)

# %%
points = {}
for name, (call, operations, moved) in work.items():
    latency = latency_ms(call, repeats=12, warmup=2)
    gflops = [operations / duration / 1e6 for duration in (latency.min_ms, latency.percentile_ms(75))]
    points[name] = [1000 * latency.min_ms, moved / latency.min_ms / 1e6, operations / moved, *gflops]
points = pd.DataFrame(points, index=["µs", "GB/s", "FLOP/byte", "GFLOP/s, best", "GFLOP/s, slowest quarter"]).T
best, peak_gflops = points["GFLOP/s, best"], ceilings["peak"] / 1e9
under_roof = np.minimum(peak_gflops, points["FLOP/byte"] * ceilings["memory"] / 1e9)
one_weight = nn.Linear(1, 1)
empty_call_us = 1e6 * fastest_s(partial(one_weight, torch.ones(1, 1)))
rows_at_ridge = 2 * ceilings["peak"] / ceilings["memory"]
print(f"a call of a layer with one weight: {empty_call_us:.1f} µs")
print(f"the large layer reaches the ridge with about {rows_at_ridge:.0f} rows")
shown = points.drop(columns="GFLOP/s, slowest quarter").round({"µs": 1, "GB/s": 1, "FLOP/byte": 2, "GFLOP/s, best": 1})
shown.assign(**{"of peak": (best / peak_gflops).round(2), "of memory's roof": (best / under_roof).round(2)})

# %%
figure, axis = plt.subplots(figsize=(8.5, 4.4))
span = np.geomspace(0.05, 300, 200)
for name, look in (("memory", "-"), ("cache", "--")):
    roof = np.minimum(ceilings["peak"], span * ceilings[name]) / 1e9
    axis.plot(span, roof, look, color="0.3", label=f"roof of {'the ' * (name == 'cache')}{name}")
for (name, (at, fast, slow)), mark in zip(points.iloc[:, 2:].iterrows(), "osD^vP*", strict=True):
    axis.errorbar(at, fast, [[fast - slow], [0]], fmt=mark, fillstyle="none", markersize=9, capsize=3, label=name)
axis.set(xscale="log", yscale="log", xlabel="arithmetic intensity (FLOP/byte)", ylabel="speed (GFLOP/s)")
plain_ticks(axis)
axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9)
described(
    figure,
    "A roofline on logarithmic axes: two rising lines, for memory and for the cache, which end in the same flat peak. "
    "ReLU lies lowest, at the far left. The large layer with one row lies under the rising roof of memory; with more rows "
    "it moves right and up. The small layer lies at the same place with one row, which for it is far below the cache's "
    "roof, and near the peak with 256.",
)

# %% [markdown]
# **Read.**
#
# - The large layer with one row is **memory bound**: it waits for its weights, and most of the peak is idle. Narrower weights would help it, fewer operations would not.
# - More rows do more with each weight that was read: as long as the weights are nearly all that moves, the intensity is half the number of rows, so the ridge comes at twice as many rows as it has FLOP/byte. Right of the ridge the layer is **compute bound**, and there only fewer or cheaper operations help.
# - A roof is a limit, not a promise. Four rows would take no longer than one if each weight were read just once; where the µs say otherwise, the kernel for several rows first copies the weights into an order that suits it (it **packs** them), which moves them again, and only many rows repay that. And any layer may come short of its roof because of its kernel, or of what else the machine is doing.
# - ReLU does one operation for eight bytes; no processor makes it fast. That is why such operations are often **fused** into the layer before, which means done while its results are still in the processor, before they go to memory. If its point lies a little above the solid line, that is the error of a ceiling that was measured with another operation, at another and perhaps busier moment.
# - The small layer with one row lies where the large one does, and for another reason: its weights fit into the cache, so the solid roof is not its own. Compare its µs with those of the layer with one weight: the difference is all that its weights take, the rest is the call itself, which no count of operations or bytes shows. A place in this picture alone does not tell what a layer waits for.
#
# The share of the peak that is reached is also called **utilization**; one-row serving of large layers has a low one on every machine.
# Memory-bound layers are where weight quantization makes things faster, which lesson 8 uses.

# %% question: memory-bound-levers

# %% exercise: op-intensity

# %% [markdown]
# The **arithmetic intensity** of an operation is its FLOPs divided by the bytes that it moves to and from memory, in FLOPs a byte.
# Count each operand as read once and the result as written once; numbers are float32.
#
# Write `intensity(op, shape, weight_bits=32)` for four operations:
#
# | `op` | `shape` | what it computes | FLOPs |
# |---|---|---|---|
# | `"relu"` | `(n,)` | `max(x, 0)` | one for each number |
# | `"add"` | `(n,)` | `x + y` | one for each number |
# | `"dot"` | `(n,)` | `sum(x * y)`, one number | two for each product |
# | `"linear"` | `(rows, inputs, outputs)` | `x @ W`, no bias | two for each product |
#
# The weights `W` of `"linear"` take `weight_bits` bits each, packed; all else stays float32.
#
# For `"add"` of 2 numbers: 2 FLOPs, `16` bytes read and `8` written, so `2 / 24`.


# %%
def intensity(op: str, shape: tuple[int, ...], weight_bits: int = 32) -> float:
    """Return the FLOPs of an operation for each byte that it moves."""
    ### BEGIN SOLUTION
    if op == "linear":
        rows, inputs, outputs = shape
        weight_bytes = inputs * outputs * weight_bits / 8
        return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + weight_bytes)
    (n,) = shape
    flops = {"relu": n, "add": n, "dot": 2 * n}[op]
    numbers_moved = {"relu": 2 * n, "add": 3 * n, "dot": 2 * n + 1}[op]
    return flops / (4 * numbers_moved)
    ### END SOLUTION


# %%
for rows in (1, 8, 64):
    print(rows, "rows:", intensity("linear", (rows, *layer_sizes)), intensity("linear", (rows, *layer_sizes), 8))

# %% exercise: roofline

# %% [markdown]
# A machine has two ceilings: the FLOP/s that it computes at most (`peak`), and the bytes a second that memory delivers at most (`bandwidth`).
# The **roofline** is the lower of the two at each intensity: `attainable = min(peak, intensity * bandwidth)`.
# They meet at the **ridge**, where the intensity is `peak / bandwidth`.
#
# Write `roofline(flops, traffic_bytes, seconds, peak, bandwidth)` for an operation that was measured; `peak` is in FLOP/s, `bandwidth` in bytes a second.
# Return a dict:
#
# - `"attainable"`: FLOP/s under the roofline;
# - `"bound"`: `"memory"` below the ridge, `"compute"` on it and above;
# - `"of_peak"`: the achieved FLOP/s as a fraction of `peak`, also called utilization;
# - `"of_attainable"`: the achieved FLOP/s as a fraction of what is attainable.
#
# For `100` FLOPs and `50` bytes in `20` s on a machine with a peak of `10` FLOP/s and a bandwidth of `4` bytes a second: memory feeds `8` FLOP/s, and `5` are achieved, so `{"attainable": 8.0, "bound": "memory", "of_peak": 0.5, "of_attainable": 0.625}`.


# %%
def roofline(flops: float, traffic_bytes: float, seconds: float, peak: float, bandwidth: float) -> dict:
    """Return what the roofline allows an operation, what bounds it, and how near it came."""
    ### BEGIN SOLUTION
    intensity = flops / traffic_bytes
    attainable = min(peak, intensity * bandwidth)
    achieved = flops / seconds
    return {
        "attainable": attainable,
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": achieved / peak,
        "of_attainable": achieved / attainable,
    }
    ### END SOLUTION


# %%
roofline(flops, traffic_bytes, seconds, peak, bandwidth)

# %% [markdown]
# ## 2.6 · Complexity, found by measuring
#
# **Why.** Counting says that a dense layer is O(n) in its weights, in its rows, and in the number of layers.
# Does the clock agree?
# A cost that grows like a power of the size is a straight line on **log-log** axes, and its slope is the power.
#
# **Predict.** The weights of a layer, the rows of a batch, and the number of layers are doubled, again and again.
# What slopes will the three lines have?
# Will they be straight?
#
# **Run.** The line is fitted to the upper half of the sizes, and the legend gives its slope ± two standard errors: a measure of how well the points fit a straight line, which cannot say whether a straight line is right.


# %%
def sweep_latency(calls):
    """Return a table of the lower quartile, median and upper quartile, in µs, a row for each call."""
    found = [latency_ms(call, repeats=25, warmup=3) for call in calls]
    return pd.DataFrame([[1000 * latency.percentile_ms(percent) for percent in (25, 50, 75)] for latency in found])


def bars_of(quartiles):
    """Return what the bars of a plot take: how far the quartiles lie below and above the median."""
    return [quartiles[1] - quartiles[0], quartiles[2] - quartiles[1]]


def dense(width):
    return nn.Linear(width, width, bias=False)


side = [64, 128, 256, 512, 1024, 2048, 4096]
some_rows = [1, 2, 4, 8, 16, 32, 64, 128, 256]
some_depths = [1, 2, 4, 8, 16, 32]
torch.manual_seed(0)
by_weights = [partial(dense(width), torch.randn(1, width)) for width in side]
by_rows = [partial(dense(512), torch.randn(count, 512)) for count in some_rows]
by_depth = [partial(nn.Sequential(*[dense(128) for _ in range(depth)]), torch.randn(1, 128)) for depth in some_depths]
growth = {
    "weights, 1 row": (np.square(side), sweep_latency(by_weights)),
    "rows, 512 × 512 weights": (np.array(some_rows), sweep_latency(by_rows)),
    "layers of 128 × 128 weights": (np.array(some_depths), sweep_latency(by_depth)),
}

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3.6))
for axis, (name, (measured_at, quartiles)) in zip(axes, growth.items(), strict=True):
    upper = len(measured_at) // 2
    fit = loglog_slope(measured_at[upper:], quartiles[1][upper:])
    bars = bars_of(quartiles)
    axis.errorbar(measured_at, quartiles[1], bars, fmt="o", fillstyle="none", capsize=3, label="median, quartiles")
    line = fit.coefficient * measured_at.astype(float) ** fit.exponent
    label = f"slope {fit.exponent:.2f} ± {2 * fit.standard_error:.2f}"
    axis.plot(measured_at[upper:], line[upper:], "-", label=label)
    axis.plot(measured_at[: upper + 1], line[: upper + 1], ":", color="C1")
    axis.set(xscale="log", yscale="log", xlabel=name)
    plain_ticks(axis)
    axis.legend(fontsize=9)
axes[0].xaxis.set_major_formatter(EngFormatter(sep=""))  # 1M for a million
axes[0].set_ylabel("latency (µs)")
described(
    figure,
    "Three log-log plots of latency, against weights, rows and layers, with a fitted line each. For rows and layers the "
    "slope is near one, for rows somewhat below. At small sizes the points for weights and for rows lie above the dotted "
    "line; at the largest the points for weights rise most steeply.",
)

# %% [markdown]
# **Read.** At the left end the points for weights and for rows lie above the line: something else than the work sets a floor there, and the slope is too small.
# For weights that is the fixed cost of a call.
# For rows it is fetching the weights, which takes the same time however few rows share them: the lesson of section 2.5.
# Some of it is still there at many rows, so the slope tends to stay a little below 1.
# A slope needs sizes at which the work dominates.
# Layers add up, so depth gives a slope of about 1, without surprise.
#
# The points for weights do not follow one line at all: they seem to bend upwards, and a fit through a bend has a large error, which may leave open whether its slope is above 1.
# The slopes from one size to the next and the time for each weight show what happens.
#
# **Run.**

# %%
measured_at, quartiles = growth["weights, 1 row"]
megabytes = 4 * measured_at / 1e6
each_ns = 1000 * quartiles.div(measured_at, axis=0)  # nanoseconds for each weight
steps = np.diff(np.log(quartiles[1])) / np.diff(np.log(measured_at))
local = pd.DataFrame(
    {"MB of weights": megabytes, "µs": quartiles[1], "quartile range (µs)": quartiles[2] - quartiles[0]}
)
local.assign(**{"ns a weight": each_ns[1], "slope from the size before": [np.nan, *steps]}).round(3)

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.6))
axis.errorbar(megabytes, each_ns[1], bars_of(each_ns), fmt="o-", capsize=3, label="median, quartiles")
for name, look, where in (("memory", "-", "memory"), ("cache", "--", "the cache")):
    axis.axhline(4e9 / ceilings[name], color="0.3", linestyle=look, label=f"no faster than this from {where}")
axis.set(xscale="log", yscale="log", xlabel="bytes of the weights (MB)", ylabel="time for each weight (ns)")
plain_ticks(axis)
axis.legend()
described(
    figure,
    "Time for each weight against the bytes of the weights, on logarithmic axes: a trough. It falls at first, while the "
    "fixed cost is shared by more weights, is lowest where the weights fit into the cache, and rises above the line that "
    "the memory's bandwidth sets for the largest.",
)

# %% [markdown]
# **Read.** The curve is a trough.
# On its left the fixed cost is shared among more and more weights; at the bottom all weights come from the cache; on its right they have outgrown it and come from memory.
# A point below the solid line proves it: memory could not have delivered these weights so fast.
# Each weight is still used once, so the **count** is O(n) throughout; what changed is the price of fetching one.
# Where the price steps up, the slope from one size to the next exceeds 1, which no count explains, and a fit across the step mixes two straight lines into one that is neither.

# %% question: cache-and-weights

# %% question: slope-with-overhead

# %% exercise: power-law

# %% [markdown]
# If a cost grows like `coefficient * size ** exponent`, it is a straight line on **log-log** axes, and the slope of the line is the exponent: the complexity, measured.
# At small sizes a fixed overhead hides it, so the line is fitted from some size on.
#
# Write `power_law(sizes, costs, from_size)` for two float64 arrays of one length.
# Fit the line by least squares to the points with `sizes >= from_size`, and return `{"exponent": ..., "coefficient": ...}`.
# Leave the arrays as they are.
#
# For `sizes = [1, 2, 4]`, `costs = [5, 20, 80]` and `from_size = 0`: `{"exponent": 2.0, "coefficient": 5.0}`.


# %%
def power_law(sizes: np.ndarray, costs: np.ndarray, from_size: float) -> dict[str, float]:
    """Return exponent and coefficient of the power law nearest to the points on log-log axes."""
    ### BEGIN SOLUTION
    kept = sizes >= from_size
    slope, intercept = np.polyfit(np.log(sizes[kept]), np.log(costs[kept]), 1)
    return {"exponent": float(slope), "coefficient": float(np.exp(intercept))}
    ### END SOLUTION


# %%
power_law(widths, weights, 0), power_law(weights, weights, 0)

# %% [markdown]
# ## 2.7 · What remains after pruning
#
# **Why.** The page of lesson 1 says: "Even after pruning and quantization, the model still processes weights, so time grows with how many weights remain."
# Here is the experiment that decides it.
#
# The same share of a layer's weights is removed in three ways:
#
# - **masked**: they are zero, in the same dense array;
# - **CSR**, compressed sparse rows: only the others are stored, each with its column ([`scipy.sparse.csr_array`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.sparse.csr_array.html));
# - **structured**: whole outputs are removed, and a smaller dense array is left.
#
# **Predict** the slope of time against the weights that remain, for each of the three.

# %% question: work-of-the-rest

# %% [markdown]
# **Run.**

# %%
width = 1024
torch.manual_seed(0)
full, row_in = dense(width), torch.randn(1, width)
row_in_numpy = row_in[0].numpy()


def masked(share_left):
    """Return a copy of the layer's weight in which all but the largest magnitudes are zero."""
    magnitudes = full.weight.abs()
    threshold = magnitudes.flatten().kthvalue(round((1 - share_left) * width**2) + 1).values
    return torch.where(magnitudes >= threshold, full.weight, 0.0).detach()


def ways(share_left):
    """Return a call for each of the three ways to remove weights."""
    weight = masked(share_left)
    csr = scipy.sparse.csr_array(weight.numpy())
    kept = full.weight[: round(share_left * width)].clone()
    return {
        "masked": partial(nn.functional.linear, row_in, weight),
        "CSR": lambda: csr @ row_in_numpy,
        "structured": partial(nn.functional.linear, row_in, kept),
    }


shares_left = np.array([1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125])
remaining = shares_left * width**2
outcome = {way: sweep_latency([ways(share)[way] for share in shares_left]) for way in ("masked", "CSR", "structured")}
medians = pd.DataFrame({f"{way} (µs)": quartiles[1] for way, quartiles in outcome.items()})
medians.set_index(remaining.astype(int)).rename_axis("weights that remain").round(1)

# %%
figure, axis = plt.subplots(figsize=(6.5, 4))
for (way, quartiles), look in zip(outcome.items(), ("o-", "s--", "D:"), strict=True):
    label = f"{way}: slope {loglog_slope(remaining, quartiles[1]).exponent:.2f}"
    axis.errorbar(remaining, quartiles[1], bars_of(quartiles), fmt=look, fillstyle="none", capsize=3, label=label)
axis.set(xscale="log", yscale="log", xlabel="weights that remain", ylabel="latency of one row (µs)")
plain_ticks(axis)
axis.legend()
described(
    figure,
    "Latency against the weights that remain, on logarithmic axes. The line of the masked layer is flat. Those of CSR and "
    "of structured removal rise; CSR lies highest when all weights remain, and falls below the masked layer only when "
    "few are left.",
)

# %% [markdown]
# **Read.** The sentence is **false** for a masked layer, whose line is flat: a dense kernel works on what is stored, and zeros are stored.
# It is **true** for CSR and for structured removal: their slopes are near 1, somewhat below where the fixed cost of a call shows.
# So the sentence needs one word more: time grows with the weights that remain *stored*.
#
# The picture shows a second thing, which no O notation tells.
# CSR begins far above the dense layer, since each stored value costs it several times as much: its column has to be read too, the input has to be picked from that place, and **vector instructions**, which compute with several neighbouring numbers at once, do not help.

# %% exercise: to-csr

# %% [markdown]
# **Compressed sparse rows** (CSR) keep a matrix in three arrays and no zeros:
#
# - `values`: the numbers that are not zero, row by row, in the dtype of the matrix;
# - `col_indices`: the column of each, int32;
# - `row_pointers`: where in the other two each row begins, and at last where the whole ends; int32, one entry more than there are rows.
#
# Write `to_csr(matrix)` for a NumPy array of two axes; return a dict of the three arrays.
# Use NumPy alone; SciPy, which has CSR built in, is what your answer is compared with.
#
# For `[[0, 5, 0], [7, 0, 9]]` the values are `[5, 7, 9]`, their columns `[1, 0, 2]`, and the pointers `[0, 1, 3]`: row 0 is `values[0:1]`, row 1 is `values[1:3]`.


# %%
def to_csr(matrix: np.ndarray) -> dict[str, np.ndarray]:
    """Return values, column indices and row pointers of a matrix."""
    ### BEGIN SOLUTION
    rows, columns = np.nonzero(matrix)
    counts = np.bincount(rows, minlength=len(matrix))
    return {
        "values": matrix[rows, columns],
        "col_indices": columns.astype(np.int32),
        "row_pointers": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
    }
    ### END SOLUTION


# %%
to_csr(small)

# %% exercise: csr-matvec

# %% [markdown]
# A dense kernel multiplies zeros like other numbers.
# With CSR the work is one multiply-accumulate for each **stored** value: here the claim "O(n) in the remaining weights" is true.
#
# Write `csr_matvec(values, col_indices, row_pointers, x)`: the product of a CSR matrix with the vector `x`, without making the matrix dense.
# Return `{"y": ..., "macs": ...}`: the product as an array with one number for each row, in the dtype of `values`, and the multiply-accumulates, one for each stored value, also where the stored value is 0.
# Leave the arrays as they are.
#
# Whether a zero was multiplied shows when it meets infinity: `0 * inf` is `nan`.
# So `with_infinities` wraps your function: it calls it a second time with infinity in those columns of `x` where nothing is stored, and adds the entry `"spoiled"`, the number of results that this changed to `nan` or infinity.
#
# For `[[0, 5, 0], [7, 0, 9]]` and `x = [1, 2, 3]`: `y = [10, 34]` and `3` MACs, where a dense kernel takes `6`.


# %%
def csr_matvec(values: np.ndarray, col_indices: np.ndarray, row_pointers: np.ndarray, x: np.ndarray) -> dict:
    """Return the product of a CSR matrix with `x`, and the multiply-accumulates that it took."""
    ### BEGIN SOLUTION
    y = np.zeros(len(row_pointers) - 1, dtype=values.dtype)
    macs = 0
    for row in range(len(y)):
        for place in range(row_pointers[row], row_pointers[row + 1]):
            y[row] += values[place] * x[col_indices[place]]
            macs += 1
    return {"y": y, "macs": macs}
    ### END SOLUTION


watched_matvec = with_infinities(csr_matvec)

# %%
watched_matvec(values, col_indices, row_pointers, x)

# %% [markdown]
# **Why.** So there is a **break-even** sparsity, from which on CSR is faster than dense.
# Can it be predicted?
#
# A first model counts bytes: dense reads `4 bytes` for each place, CSR `8 bytes` for each value, so they are level when half of the weights are gone.
# A second model measures the cost of a stored value: CSR takes `fixed + each × stored`, two numbers that two measurements give.
#
# **Predict.** Which of the two models will be nearer to the truth?
#
# **Run.** The second model is made from two sparsities, 0.3 and 0.95, and then tested on others.
# Everything is done five times, with other random places each time.


# %%
def random_csr(sparsity, seed):
    random = np.random.default_rng(seed)
    weight = random.standard_normal((width, width), dtype=np.float32)
    return scipy.sparse.csr_array(np.where(random.random(weight.shape) < sparsity, np.float32(0), weight))


def csr_median_us(sparsity, seed):
    csr = random_csr(sparsity, seed)
    return csr.nnz, 1000 * latency_ms(lambda: csr @ row_in_numpy, repeats=15).median_ms


tested = np.array([0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.98])
trials = []
for seed in range(5):
    dense_us = 1000 * latency_ms(partial(full, row_in), repeats=30).median_ms
    (many, slow), (few, fast) = csr_median_us(0.3, seed), csr_median_us(0.95, seed)
    each = (slow - fast) / (many - few)
    predicted = 1 - (dense_us - (fast - few * each)) / each / width**2
    times = np.array([csr_median_us(sparsity, seed)[1] for sparsity in tested])
    found = np.interp(0.0, np.log(dense_us / times), tested)  # where the two times are equal
    trials.append({"dense_us": dense_us, "each": each, "predicted": predicted, "found": found, "times": times})
trials = pd.DataFrame(trials)
each_ns, dense_ns = 1000 * trials["each"].median(), 1000 * trials["dense_us"].median() / width**2
print(f"a stored value costs {each_ns:.2f} ns in CSR, a place {dense_ns:.3f} ns in the dense layer")
trials[["predicted", "found"]].agg(["median", "min", "max"]).round(3)

# %%
figure, axis = plt.subplots(figsize=(7.5, 4))
times = np.array(list(trials["times"]))
middle, low, high = np.median(times, axis=0), times.min(axis=0), times.max(axis=0)
axis.errorbar(tested, middle, [middle - low, high - middle], fmt="o-", capsize=3, label="CSR, median and range of five")
axis.axhline(trials["dense_us"].median(), color="C1", linestyle="--", label="dense, any sparsity")
axis.axhspan(trials["dense_us"].min(), trials["dense_us"].max(), color="C1", alpha=0.2)  # least to most
axis.axvline(trials["predicted"].median(), color="C2", linestyle="-.", label="break-even by the cost of a value")
axis.axvline(0.5, color="0.3", linestyle=":", label="break-even by bytes")
axis.set(yscale="log", xlabel="sparsity", ylabel="latency of one row (µs)")
axis.yaxis.set_major_formatter("{x:g}")
axis.yaxis.set_minor_locator(LogLocator(subs=(2, 5)))
axis.yaxis.set_minor_formatter("{x:g}")
axis.legend(loc="lower left")
described(
    figure,
    "Latency against sparsity. The falling line of CSR crosses the flat line of the dense layer near the vertical line "
    "that the measured cost of a stored value predicts, far to the right of one half, where bytes break even.",
)

# %% [markdown]
# **Read.** Bytes break even at one half, and time does not come near it: the first model is right about the file and wrong about the clock.
# The weights of this layer come from the cache, so bytes are not what it waits for; the second model, which measured what a value costs, comes near the crossing.
# It is not exact, since a value costs a little less in a matrix that fits into a nearer cache.
#
# The number belongs to this kernel, this width and this machine.
# Kernels for blocks of weights, or for two of every four on suitable hardware, break even earlier, because one index serves several values; lesson 5 comes back to them.
# And structured removal needs no special kernel at all: it gains from the first output on.

# %%
for zeros in (0.5, 0.8, 0.9, 0.95):
    stored_values = round((1 - zeros) * width**2)
    print(
        f"sparsity {zeros:.2f}: CSR takes {csr_size_bytes(stored_values, width) / (4 * width**2):.2f} of the dense bytes"
    )

# %% [markdown]
# **Why.** Structured removal has a catch of its own: the count falls by one factor, and the time by another.
#
# **Predict.** Half of the hidden units are removed from two MLPs: that of the digits, and one whose layers are sixteen times as wide.
# By what factor do parameters, MACs and latency fall in each?
#
# **Run.**


# %%
def mlp_of(*layer_widths):
    pairs = zip(layer_widths, layer_widths[1:])
    return nn.Sequential(*[part for pair in pairs for part in (nn.Linear(*pair), nn.ReLU())][:-1])


compared = {}
for name, (inputs, first, second) in {"digits": (64, 256, 128), "large": (1024, 4096, 2048)}.items():
    for removal, hidden in {"whole": (first, second), "half removed": (first // 2, second // 2)}.items():
        mlp, given = mlp_of(inputs, *hidden, 10), torch.randn(1, inputs)
        latency = latency_ms(partial(mlp, given), repeats=60)
        counts = [parameter_count(mlp), module_macs(mlp, given).total]
        compared[name, removal] = [*counts, 1000 * latency.median_ms, 1000 * latency.iqr_ms]
compared = pd.DataFrame(compared, index=["parameters", "MACs", "median (µs)", "interquartile range (µs)"]).T
compared.astype({"parameters": int, "MACs": int}).round(1)

# %%
by_removal = compared.drop(columns="interquartile range (µs)").unstack(0)
(by_removal.loc["whole"] / by_removal.loc["half removed"]).unstack(0).rename_axis("falls by the factor", axis=1).round(
    2
)

# %% [markdown]
# **Read.** Parameters and MACs fall by more than two and by less than four: the matrix between two halved layers keeps a quarter, those at the ends keep half.
# The latency of the digits MLP hardly follows, for most of it is the cost of calling five layers, which no count contains.
# The large MLP follows its count, or gains even more if its weights now fit into a nearer cache.
# So a factor in MACs is no factor in time; say which of them you report.

# %% question: csr-at-half

# %% question: formats-by-bytes

# %% exercise: sparse-bytes

# %% [markdown]
# Sparsity is a promise; bytes are saved only by a format that keeps it.
#
# Write `sparse_bytes(rows, columns, nonzeros, value_bytes)` for a matrix in which `nonzeros` places are not zero; return a dict of whole numbers, bytes in each format:
#
# - `"dense"`: every place, `value_bytes` each;
# - `"csr"`: values, column indices and `rows + 1` row pointers, indices of `4` bytes;
# - `"bitmask"`: one bit for each place, packed, and the values that are not zero;
# - `"two_four"`: the **2:4** pattern of NVIDIA's sparse kernels, two values kept of every four places, zero or not, with 2 bits for the place of each.
#
# `columns` is a multiple of 8.
# For 2 rows, 8 columns, 4 numbers that are not zero and `value_bytes = 2`: dense `32`, CSR `8 + 16 + 12 = 36`, bitmask `2 + 8 = 10`, 2:4 `16 + 2 = 18`.


# %%
def sparse_bytes(rows: int, columns: int, nonzeros: int, value_bytes: int) -> dict[str, int]:
    """Return the bytes of a matrix in four formats."""
    ### BEGIN SOLUTION
    count = rows * columns
    eighth = count // 8  # bytes of a bit for each place, and of 2 bits for every second one
    return {
        "dense": count * value_bytes,
        "csr": nonzeros * (value_bytes + 4) + (rows + 1) * 4,
        "bitmask": eighth + nonzeros * value_bytes,
        "two_four": 4 * eighth * value_bytes + eighth,
    }
    ### END SOLUTION


# %%
for share in (0.5, 0.75, 0.9, 0.99):
    print(share, sparse_bytes(rows, columns, round((1 - share) * rows * columns), 4))

# %% exercise: break-even

# %% [markdown]
# CSR stores an index with each value, so at low sparsity it is larger than the dense matrix.
#
# Write `break_even(rows, columns, value_bytes, index_bytes)`: the smallest number of zeros with which the matrix takes **fewer** bytes in CSR than dense; `None` where not even a matrix of zeros does.
# A dense matrix takes `value_bytes` for each place; CSR takes `value_bytes + index_bytes` for each value that is not zero, and `index_bytes` for each of the `rows + 1` row pointers.
#
# For `2 × 4` values of `4` bytes with indices of `4`: dense takes `32`, CSR takes `8` for each stored value and `12` more, so at most `2` values may be stored: `6` zeros.


# %%
def break_even(rows: int, columns: int, value_bytes: int, index_bytes: int) -> int | None:
    """Return the fewest zeros with which CSR is smaller than dense, or None if it never is."""
    ### BEGIN SOLUTION
    count = rows * columns
    dense = count * value_bytes
    for zeros in range(count + 1):
        csr = (count - zeros) * (value_bytes + index_bytes) + (rows + 1) * index_bytes
        if csr < dense:
            return zeros
    return None
    ### END SOLUTION


# %%
for value_bytes in (1, 2, 4, 8):
    zeros = break_even(rows, columns, value_bytes, 4)
    print(f"values of {value_bytes} bytes: {zeros} zeros of {rows * columns}")

# %% exercise: channel-macs

# %% [markdown]
# A **masked** channel is full of zeros and still there; a **removed** channel is gone from its layer, and from the inputs of the next one.
#
# Write `channel_macs(widths, sizes, kernel, removed)` for convolutions in a row, all padded so that the size is kept:
#
# - `widths` are the channels of the image and of each layer's output, one entry more than there are layers;
# - layer `i` puts out `sizes[i] × sizes[i]` positions with a kernel of `kernel × kernel`;
# - `removed[i]` of its output channels are pruned; the image's channels are never removed.
#
# Return a dict: `"masked"` and `"removed"`, lists of the MACs of each layer when those channels are masked and when they are removed, and `"share"`, all MACs with the channels removed divided by all MACs with them masked.
#
# For `widths = [1, 4, 2]`, `sizes = [2, 2]`, `kernel = 1` and `removed = [2, 0]`: masked `[16, 32]`, removed `[8, 16]`, a share of `0.5`.
# Between two pruned layers, each with a fraction $p$ of its channels gone, $(1 - p)^2$ of the MACs are left.


# %%
def channel_macs(widths: list[int], sizes: list[int], kernel: int, removed: list[int]) -> dict:
    """Return the MACs of each layer with channels masked and with channels removed, and the share that is left."""
    ### BEGIN SOLUTION
    kept = [widths[0]] + [width - gone for width, gone in zip(widths[1:], removed, strict=True)]

    def macs(channels: list[int]) -> list[int]:
        return [channels[i] * channels[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]

    masked, slim = macs(widths), macs(kept)
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}
    ### END SOLUTION


# %%
channel_macs(widths, sizes, kernel, removed)

# %% [markdown]
# ## 2.8 · One layer is faster: Amdahl's law
#
# **Why.** A layer that becomes three times faster does not make a model three times faster.
# If it takes the share $p$ of the time and becomes $f$ times faster, the model becomes
#
# $$\frac{1}{(1 - p) + p / f}$$
#
# times faster; however large $f$ is, never more than $1 / (1 - p)$.
# This is [Amdahl's law](https://dl.acm.org/doi/10.1145/1465482.1465560).
#
# **Predict.**

# %% question: amdahl-share

# %% [markdown]
# **Run.** One of four linear layers is quantized, `hidden`, which has most of the weights.
# Each layer is timed where it works, inside the model, before and after; the law predicts the whole, and then the whole is measured.
# All of it is done five times.

# %%
torch.manual_seed(0)
model = nn.Sequential()
for name, (inputs, outputs) in {"embed": (256, 512), "hidden": (512, 2048), "mix": (2048, 128)}.items():
    model.add_module(name, nn.Linear(inputs, outputs))
    model.add_module(f"relu_{name}", nn.ReLU())
model.add_module("output", nn.Linear(128, 10))
one_int8 = quantize_dynamic(model, {"hidden"}, dtype=torch.qint8)
print(one_int8)

# %%
import time

one_input = torch.randn(1, 256)


def profile(model):
    """Run the model once, layer by layer, and return the time of each layer in µs."""
    durations, result = {}, one_input
    for name, layer in model.named_children():
        start = time.perf_counter()
        result = layer(result)
        durations[name] = 1e6 * (time.perf_counter() - start)
    return durations


rounds = []
for _ in range(5):
    before, after = (pd.DataFrame([profile(version) for _ in range(200)]).median() for version in (model, one_int8))
    float_ms, int8_ms = (latency_ms(partial(version, one_input), repeats=200) for version in (model, one_int8))
    share, faster = before["hidden"] / before.sum(), before["hidden"] / after["hidden"]
    law = {"predicted": 1 / (1 - share + share / faster), "limit": 1 / (1 - share)}
    rounds.append({"share": share, "faster": faster, **law, "measured": float_ms.median_ms / int8_ms.median_ms})
rounds = pd.DataFrame(rounds)
rounds.agg(["median", "min", "max"]).round(2)

# %%
figure, axis = plt.subplots(figsize=(7, 4))
factor = np.geomspace(0.5, 50, 100)
for p, look in ((rounds["share"].median(), "-"), (0.9, "--"), (0.5, ":")):
    axis.plot(factor, 1 / (1 - p + p / factor), look, label=f"law, share p = {p:.2f}")
axis.axhline(rounds["limit"].median(), color="C0", linewidth=0.8, label="limit for this share")
at, gain = rounds["faster"], rounds["measured"]
spread_x, spread_y = ([[v.median() - v.min()], [v.max() - v.median()]] for v in (at, gain))
axis.errorbar(
    at.median(), gain.median(), spread_y, spread_x, fmt="k.", markersize=2, capsize=4, label="measured, range"
)
axis.set(
    xscale="log", yscale="log", xlabel="how many times faster the layer is", ylabel="how many times faster the model is"
)
for axis_of in (axis.xaxis, axis.yaxis):
    axis_of.set_major_formatter("{x:g}")
    axis_of.set_minor_formatter("")
axis.set_yticks([0.5, 1, 2, 5, 10])
axis.legend()
described(
    figure,
    "Speed-up of the model against speed-up of one layer, by Amdahl's law, for three shares of the time. Each curve rises "
    "and then becomes flat at its limit. The measured point, with bars from the worst to the best of five rounds, lies "
    "near the curve of its share.",
)

# %% [markdown]
# **Read.** The model gains less than its layer, since the other layers run as before; and by the law no int8 kernel, however fast, could take it past the limit.
# Look at the share first: a layer that takes a tenth of the time is not worth a week.
#
# The prediction is near and not exact, since the law leaves out two things that act against each other.
# The parts are not independent: a smaller layer leaves more of the cache to the others, so they become faster too, and the measured point comes to lie *above* its curve.
# And calling the model costs time that no layer has and that stays as it was, which pulls the point *below* the curve.
# Where your point lies tells which of the two is stronger on your machine.
#
# A quantized layer also brings work of its own, quantizing its input.
# Here that is timed with the layer; who forgets such additions can end with a model that is slower.

# %% exercise: amdahl

# %% [markdown]
# **Amdahl's law**: what is not made faster limits what can be gained.
#
# Write `end_to_end(layer_ms, factors, added_ms)`.
# `layer_ms` holds the milliseconds of each layer, `factors` how many times faster some of them become, and `added_ms` what the conversions to integers and back cost in all.
# Return a dict:
#
# - `"speedup"`: how many times faster the whole model becomes; below 1 when it becomes slower;
# - `"limit"`: the speed-up if the layers in `factors` took no time at all, with the same `added_ms`.
#
# For `{"a": 8.0, "b": 2.0}`, `{"a": 4.0}` and `1.0` added: the model took `10.0` ms and now takes `2.0 + 2.0 + 1.0`, a speed-up of `2.0`; the limit is `10 / 3`.


# %%
def end_to_end(layer_ms: dict[str, float], factors: dict[str, float], added_ms: float) -> dict[str, float]:
    """Return the speed-up of a model of which some layers become faster, and its limit."""
    ### BEGIN SOLUTION
    before = sum(layer_ms.values())
    after = sum(duration / factors.get(layer, 1) for layer, duration in layer_ms.items()) + added_ms
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors) + added_ms
    return {"speedup": before / after, "limit": before / left}
    ### END SOLUTION


# %%
for factor in (1, 2, 4, 100):
    print(factor, end_to_end(layer_ms, {"hidden1": factor}, added_ms=0.2))

# %% [markdown]
# ## 2.9 · Which one should be served?
#
# **Why.** A model is never best in everything.
# A variant is **Pareto-optimal** if no other variant is at least as good in all that counts and better in one of them; the others need not be considered any further.
# Which of the optimal ones to take is no longer a matter of measuring, but of what you can afford.
#
# **Predict.** Four small networks read the digits: the MLP, the CNN, one with a residual block, and an LSTM.
# Each is there in float32 and with int8 linear layers.
# Which of the eight can be crossed out, if only the bytes of the file and the accuracy count?
#
# **Run.**

# %%
pictures, labels = torch.from_numpy(digits.images("val")), digits.y_val
readers = {"mlp": (digits_mlp(), pictures.flatten(1)), "cnn": (digits_cnn(), pictures)}
readers |= {"residual": (digits_residual(), pictures.flatten(1)), "lstm": (digits_lstm(), pictures[:, 0])}
served = {}
for name, (reader, x) in readers.items():
    for kind, one in (("float32", reader), ("int8", quantize_dynamic(reader, {nn.Linear, nn.LSTM}, dtype=torch.qint8))):
        served[f"{name}, {kind}"] = {
            "file (bytes)": file_size_bytes(one),
            "accuracy": accuracy(one(x).numpy(), labels),
            "median (ms)": latency_ms(lambda one=one, x=x: one(x[:1]), repeats=40).median_ms,
        }
candidates = pd.DataFrame(served).T
candidates["optimal"] = is_pareto_optimal(np.column_stack([candidates["file (bytes)"], -candidates["accuracy"]]))

# %%
figure, axis = plt.subplots(figsize=(7.5, 4))
for is_optimal, look in ((True, "o"), (False, "x")):
    chosen = candidates[candidates["optimal"] == is_optimal]
    label = "Pareto-optimal" if is_optimal else "beaten by another"
    axis.plot(chosen["file (bytes)"], chosen["accuracy"], look, markersize=8, label=label)
front = candidates[candidates["optimal"]].sort_values("file (bytes)")
axis.step(front["file (bytes)"], front["accuracy"], where="post", linestyle=":", color="#0072B2")
for name, row in candidates.iterrows():
    place = {"xytext": (-6, 7), "ha": "right"} if name.endswith("int8") else {"xytext": (6, -12)}
    axis.annotate(name, (row["file (bytes)"], row["accuracy"]), textcoords="offset points", fontsize=8, **place)
axis.set(xlabel="file (bytes)", ylabel="accuracy on the validation digits", xscale="log")
axis.margins(x=0.2, y=0.12)
plain_ticks(axis)
axis.legend(loc="lower right")
described(
    figure,
    "Accuracy against bytes of the file, logarithmic, for eight variants of four networks. A dotted stair joins the "
    "Pareto-optimal ones; the others, marked by crosses, lie to the right of the stair or below it.",
)

# %%
candidates.style.format({"file (bytes)": "{:,.0f}", "accuracy": "{:.3f}", "median (ms)": "{:.3f}"})

# %% [markdown]
# **Read.** What lies right of the dotted stair or below it costs more bytes and reads no better.
# One column more, and the front is another: a variant that is beaten in bytes and accuracy can be the fastest for one image.
# An accuracy on a few hundred digits has a spread of its own, too; two variants that differ by an image or two are not told apart by it.

# %% [markdown]
# ## Summary
#
# - **Say which size you mean**: numbers in memory, file, or compressed file. dtype changes the first two; zeros only the last, unless a sparse format stores what remains.
# - **Count operations** as MACs or as FLOPs, and say for which batch. Weights do not tell the work of a convolution; activations grow with the batch, parameters do not.
# - **Measure a latency** after a warm-up, many times, with median, p95, threads and batch. Batches buy throughput with latency.
# - **Roofline**: a layer waits for memory or for arithmetic, or for neither when it is small. Narrow weights help the first kind, fewer operations the second.
# - **Slopes** show complexity where the work dominates; fixed costs flatten them, caches steepen them.
# - **Zeros** in a dense layer cost what they always did. CSR and removed outputs take time in proportion to what is stored, and CSR pays only beyond a break-even sparsity that you can measure.
# - **Amdahl**: the share of the time decides what a faster layer is worth.
# - **Pareto**: cross out what another variant beats in everything, and choose among the rest by what you can afford.
#
# ## Where next
#
# Lesson 3 makes the numbers narrow: quantization from scratch, in integers.
# Lesson 5 makes the zeros and removes channels, and lesson 8 puts rooflines and batches to work in serving.
