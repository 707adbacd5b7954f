# ---
# about: "what PyTorch converts and silently leaves: dynamic, static and QAT in eager mode, torchao, saving, loading, moving from one to the other"
# ---

# %% [markdown]
# # 4 · Quantization with PyTorch: from `torch.ao.quantization` to torchao
#
# *Which call quantizes what, what does it leave as it was without a word, and what do the numbers inside look like afterwards?*
#
# After this lesson you can
#
# 1. convert a model dynamically, statically and with quantization-aware training, and list the layers that stayed float;
# 2. read codes, scales and zero points out of a converted model, and compute them by hand, bit for bit;
# 3. recognise a conversion that runs and is wrong: not calibrated, badly calibrated, in training mode, not fused, without stubs;
# 4. use torchao's `quantize_` with its configurations and filters, write such a layer yourself, and save and load all of these;
# 5. move a model from the deprecated interface to torchao, and say honestly what became smaller and what became faster.
#
# **You need** lesson 3 (scale, zero point, observers as ranges) and PyTorch.
#
# **Time**: about an hour to read, run and answer, and two hours for the {{exercises}} exercises.
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.

# %% [markdown]
# Run the next two cells first.
# The cells of the text work whether or not you have solved an exercise; only cells that begin with `# Try it` use your answer.

# %%
import quizlib
from quizlib import check

quizlib.begin("04-torch-quantization")

# %%
import copy
import io
import warnings
from collections import OrderedDict
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from torch import nn
from torchao.quantization import (
    Int8DynamicActivationInt8WeightConfig,
    Int8WeightOnlyConfig,
    IntxWeightOnlyConfig,
    PerAxis,
    PerGroup,
    quantize_,
)
from torchao.quantization.qat import QATConfig

from quizlib import measures, zoo
from quizlib.zoo import eager
from quizlib.zoo.figures import described, use_style

torch.set_num_threads(1)  # times of one thread repeat better
use_style()
digits = zoo.load_digits()
train_images, val_images = (torch.from_numpy(digits.images(part)) for part in ("train", "val"))  # (n, 1, 8, 8)
y_train, y_val = torch.from_numpy(digits.y_train), digits.y_val

# %% [markdown]
# ## 4.1 · Two interfaces, and one door
#
# **Why.** PyTorch has had several interfaces for quantization.
# Two matter today:
#
# - **Eager mode**, `torch.ao.quantization`: the older one, on which most programs and tutorials stand. It converts layers into other *classes*, which compute in integers. It is deprecated: each call warns that it will be removed in a version of torch that has long come and gone. The course filters that warning, so that your own stay visible.
# - [**torchao**](https://docs.pytorch.org/ao/stable/): its successor, a package of its own. It leaves the layers what they are, and exchanges the *tensor* inside for one that holds codes.
#
# You will meet both, and one day have to move a model from one to the other; section 4.14 does.
# In a program of yours you would write `import torch.ao.quantization as eager`.
# Here it is `from quizlib.zoo import eager`: the same names through one door, so that on the day PyTorch removes them only one file of the course has to change.
#
# All models of this lesson read the 8 by 8 digits of lesson 1: `digits_mlp` and `digits_cnn`, which you know, `digits_residual` with a sum in it, and `digits_lstm`, which reads a digit row by row.

# %%
names = ("digits_mlp", "digits_cnn", "digits_residual", "digits_lstm")
layers = {name: [type(module).__name__ for module in zoo.build(name).modules()] for name in names}
pd.DataFrame(
    {
        name: {
            "layers with weights": ", ".join(kind for kind in kinds if kind in ("Linear", "Conv2d", "LSTM")),
            "file (bytes)": f"{measures.file_size_bytes(zoo.build(name)):,}",
        }
        for name, kinds in layers.items()
    }
).T

# %% [markdown]
# ## 4.2 · What `quantize_dynamic` swaps, and what it leaves
#
# **Why.** A conversion that does nothing raises no error.
# [`quantize_dynamic`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.quantize_dynamic.html) walks through the model, swaps the children whose type or name it was given, and leaves everything else, whatever you had hoped.
#
# Without a set it takes all types that it has a dynamic twin for: linear layers, LSTM and GRU, and the cells of both.
#
# **Predict.** The CNN has two convolutions and one linear layer.
# How many of its weights will be codes after `quantize_dynamic(model, {nn.Conv2d, nn.Linear})`?

# %% question: conv-stays-float

# %% [markdown]
# **Run.** The same call for all four models, with `{nn.Linear}`, as most tutorials have it.

# %%
kept, coded = {}, {}
for name in names:
    model = zoo.build(name)
    converted = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    kept[name] = sum(array.nbytes for array in converted.parameters() if array.ndim > 1)
    everything = sum(array.numel() for array in model.parameters() if array.ndim > 1)
    coded[name] = everything - kept[name] // 4  # one byte a code
print(converted)

# %%
figure, axis = plt.subplots(figsize=(7.5, 3.2))
axis.barh(names, [coded[name] for name in names], label="int8 codes")
axis.barh(
    names, [kept[name] for name in names], left=[coded[name] for name in names], hatch="//", label="still float32"
)
axis.set(xlabel="bytes of the weight matrices and kernels", title="after quantize_dynamic(model, {nn.Linear})")
axis.xaxis.set_major_formatter("{x:,.0f}")
axis.invert_yaxis()
axis.legend()
described(
    figure,
    "Stacked bars of bytes for four models. In the MLP and the residual MLP all weights are int8 codes. In the CNN most "
    "bytes, and in the LSTM nearly all, are still float32.",
)

# %% [markdown]
# **Read.** The linear models are a quarter of their size.
# The CNN and the LSTM are about what they were, and nothing said so: a convolution has no dynamic twin at all, and the LSTM has one, but its type was not in the set.
# The one reliable check is to look for float weights that are left, in the converted model.

# %% exercise: left-float

# %% [markdown]
# `quantize_dynamic` converts what it has a dynamic layer for, and says nothing about the rest.
# Write `left_float(model, types)`: convert a copy of `model` to int8 for the layer types in `types`, and report what was left.
#
# - `types` is a list of class names of `torch.nn`, such as `["Linear"]` or `["Conv2d", "Linear"]`.
# - `"layers"`: the sorted names of the modules that still hold a float32 weight *matrix* or *kernel* of their own, a parameter of two or more dimensions.
#   Names are those of `named_modules()`, such as `block.first`.
# - `"bytes"`: the bytes of these parameters together, without biases.
# - The model that was given does not change.
#
# Worked value: `left_float(zoo.digits_cnn(), ["Linear"])` is `{"layers": ["conv1", "conv2"], "bytes": 19008}`.


# %%
def left_float(model: nn.Module, types: list[str]) -> dict[str, object]:
    """Return which layers `quantize_dynamic` leaves in float32, and the bytes of their weights.

    Args:
        model: Float model.
        types: Names of classes in `torch.nn` to convert.

    Returns:
        {"layers": sorted names, "bytes": int}
    """
    ### BEGIN SOLUTION
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    left = {}
    for name, module in converted.named_modules():
        for parameter in module.parameters(recurse=False):
            if parameter.dtype == torch.float32 and parameter.ndim >= 2:
                left[name] = left.get(name, 0) + parameter.nbytes
    return {"layers": sorted(left), "bytes": sum(left.values())}
    ### END SOLUTION


# %%
# Try it: which of the four models is converted as a whole?
for build in (zoo.digits_mlp, zoo.digits_cnn, zoo.digits_residual, zoo.digits_lstm):
    print(build.__name__, left_float(build(), ["Linear"]))

# %% [markdown]
# ## 4.3 · Inside a dynamic layer
#
# **Why.** What a library stores can be checked, if you know how it rounds.
#
# In the converted model, `layer.weight` is no longer a parameter but a method.
# It unpacks a **quantized tensor**: [`int_repr()`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.int_repr.html) gives the codes, `q_scale()` and `q_zero_point()` the grid, `dequantize()` the real numbers.
#
# **Run.**

# %%
float_mlp = zoo.digits_mlp().requires_grad_(False)
dynamic = eager.quantize_dynamic(float_mlp, {nn.Linear}, dtype=torch.qint8)
weight = dynamic.hidden2.weight()
print(weight.dtype, weight.qscheme(), "scale", weight.q_scale(), "zero point", weight.q_zero_point())
print("largest magnitude / scale:", float(float_mlp.hidden2.weight.abs().max()) / weight.q_scale())

# %% [markdown]
# **Read.** The tensor is stored in the affine form, with a zero point; but that is 0, so the grid is symmetric.
# And the largest magnitude is `127.5` steps: PyTorch lays the range from −max to +max over all 256 codes, $s = 2 \max|w| / 255$.
# So if the largest weight is positive, its code would be 127.5, and it saturates at 127.
# torchao divides by 127.5 as well or by 127, depending on the configuration; you will compute both.
#
# One scale serves the whole matrix.
# **Run.** `per_channel_dynamic_qconfig` takes one scale for each row, in place of `dtype=`.

# %%
per_row = eager.quantize_dynamic(float_mlp, {nn.Linear: eager.per_channel_dynamic_qconfig}).hidden2.weight()
row_max = float_mlp.hidden2.weight.abs().amax(1)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.5))
left.plot(np.sort(per_row.q_per_channel_scales().numpy()), label="one scale for each row")
left.axhline(weight.q_scale(), color="#D55E00", linestyle="--", label="one scale for the matrix")
left.set(xlabel="rows of hidden2, sorted", ylabel="scale", ylim=(0, None), title="Scales")
left.legend()
errors = {
    "row": per_row.dequantize() - float_mlp.hidden2.weight,
    "matrix": weight.dequantize() - float_mlp.hidden2.weight,
}
order = row_max.argsort()
for (name, error), look in zip(errors.items(), ("o", "s"), strict=True):
    right.plot(row_max[order], 1e3 * error.square().mean(1).sqrt()[order], look, fillstyle="none", label=f"by {name}")
right.set(xlabel="largest magnitude in the row", ylabel="RMS error of the row (10⁻³)", ylim=(0, None), title="Errors")
right.legend()
described(
    figure,
    "Left: the scales of the rows of hidden2, sorted, rising to the one scale of the whole matrix, which is a dashed line. "
    "Right: root-mean-square error of each row against its largest magnitude. With one scale a row the error grows with "
    "the magnitude; with one scale for the matrix most rows have about the error of the widest one.",
)

# %% [markdown]
# **Read.** With one scale, every row pays for the widest one, and rows of small weights pay most, for their size.
# The codes are made once, when the model is converted.
# The *inputs* of a layer are another matter: their range is found anew at each call, which is what makes this conversion **dynamic**.

# %% question: scales-of-two-configs

# %% exercise: dynamic-codes

# %% [markdown]
# Write `dynamic_codes(weight)`: what `quantize_dynamic` stores for a weight by default, computed by hand, bit for bit.
#
# - The grid is symmetric and the same for the whole weight: the zero point is 0.
# - The scale spreads the largest magnitude over *half of the 255 steps* between −128 and 127: `scale = max|w| / 127.5`, not 127.
# - The scale is never less than `torch.finfo(torch.float32).eps`, so that a weight of zeros has a grid too.
# - Codes are rounded to the nearest, ties to the even one, and clamped to −128 … 127.
# - All of it in float32, as the library does: the scale is a float32 tensor, and each weight is *multiplied* by `1 / scale`, a float32 too.
#   A division, or a Python float in place of the tensor, is off in the last bit, and sends some weights halfway between two codes to the other one.
# - The weight that was given does not change.
#
# Worked value: for `torch.tensor([[0.51, -0.26]])` the scale is 0.004, and the codes are `[[127, -65]]`:
# 0.51 is 127.5 steps, which no code stands for.


# %%
def dynamic_codes(weight: torch.Tensor) -> tuple[torch.Tensor, float, int]:
    """Return codes, scale and zero point that `quantize_dynamic` stores for `weight`.

    Args:
        weight: float32, shape (out, in).

    Returns:
        Codes, int8, shape (out, in); scale, a float > 0; zero point, an int.
    """
    ### BEGIN SOLUTION
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1 / scale)).clamp(max=127).to(torch.int8)  # -127.5 is the least, and goes to -128
    return codes, float(scale), 0
    ### END SOLUTION


# %%
# Try it: hold your codes against the library's.
layer = zoo.digits_mlp().output
stored = eager.quantize_dynamic(nn.Sequential(layer), {nn.Linear}, dtype=torch.qint8)[0].weight()
print(stored.int_repr()[0, :8], stored.q_scale(), stored.q_zero_point())
print(dynamic_codes(layer.weight.detach()))

# %% [markdown]
# ## 4.4 · An LSTM
#
# **Why.** Recurrent layers are where dynamic quantization was used first: their weights are read again at each time step, so that reading bytes is what they spend their time on.
#
# An LSTM of PyTorch keeps its weights under the names `weight_ih_l0` (from the input) and `weight_hh_l0` (from the last hidden state), each with the rows of four gates.
#
# **Run.** Here is what torchao makes of it.

# %%
lstm = zoo.digits_lstm().requires_grad_(False)
by_torchao = copy.deepcopy(lstm)
quantize_(by_torchao, Int8WeightOnlyConfig())
print(by_torchao)
print("weight_hh_l0:", by_torchao.lstm.weight_hh_l0.dtype, "and", by_torchao.lstm.weight_hh_l0.nbytes, "bytes")

# %% [markdown]
# **Read.** `quantize_` converted the linear layer, and left the LSTM, which holds most of the weights.
# For recurrent layers eager mode has no successor in torchao yet.

# %% question: int8-lstm-calls

# %% exercise: quantize-lstm

# %% [markdown]
# Dynamic quantization was made for models like this one: an LSTM multiplies the same two matrices at each step, and moving them from memory costs more than the arithmetic.
# Write `quantize_lstm(model)`: a copy of `model` whose LSTM *and* whose `output` hold int8 weights.
#
# - Each code stands for a value within half a step of the weight that it replaces.
# - Biases stay float32, as they were, and the model can be called on rows of shape (n, 8, 8).
# - The model that was given does not change.
#
# Worked value: `quantize_lstm(lstm).lstm.get_weight()["weight_hh_l0"].int_repr()` has dtype `torch.int8` and shape (256, 64):
# four gates of 64 units, side by side, with one scale for all.
# One scale a row is right as well; the model shrinks to at most 0.4 of its bytes either way.


# %%
def quantize_lstm(model: nn.Module) -> nn.Module:
    """Return a copy of `model` with int8 weights in `lstm` and `output`.

    Args:
        model: Float model with the layers `lstm` (nn.LSTM) and `output` (nn.Linear).

    Returns:
        The same model with both layers dynamically quantized.
    """
    ### BEGIN SOLUTION
    return eager.quantize_dynamic(model, {nn.LSTM, nn.Linear}, dtype=torch.qint8)
    ### END SOLUTION


# %%
# Try it: how many digits are read otherwise than before?
quantized = quantize_lstm(lstm)
val_rows = torch.from_numpy(zoo.load_digits().images("val")).squeeze(1)
if quantized is not None:
    with torch.no_grad():
        changed = quantized(val_rows).argmax(1) != lstm(val_rows).argmax(1)
    print(quantized, int(changed.sum()), "of", len(val_rows), "digits", sep="\n")

# %% [markdown]
# ## 4.5 · What an observer knows
#
# **Why.** If the range of the activations is fixed before serving, nobody has to look for it at each call; that is **static** quantization.
# Somebody has to find that range: an **observer**, a module that passes its input through unchanged and remembers what it saw.
# Feeding it examples is called **calibration**.
#
# **Run.** Three observers look at the same 17 batches, the outputs of the first block of the CNN.

# %%
float_cnn = zoo.digits_cnn().requires_grad_(False)
batches = [float_cnn[:3](batch) for batch in train_images.split(64)]
watching = {
    "MinMax": eager.MinMaxObserver(dtype=torch.quint8),
    "moving average": eager.MovingAverageMinMaxObserver(dtype=torch.quint8, averaging_constant=0.1),
    "histogram": eager.HistogramObserver(dtype=torch.quint8),
}
tops = {name: [] for name in watching}
for batch in batches:
    for name, observer in watching.items():
        observer(batch)
        scale, zero_point = observer.calculate_qparams()
        tops[name].append(float(scale) * (255 - int(zero_point)))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.5))
for (name, top), look in zip(tops.items(), ("o-", "s--", "^:"), strict=True):
    left.plot(range(1, len(top) + 1), top, look, fillstyle="none", label=name)
left.set(xlabel="batches seen", ylabel="upper end of the grid", title="What the observers know")
left.legend()
right.hist(torch.cat(batches).flatten().numpy(), bins=80, orientation="horizontal", log=True, color="#56B4E9")
right.set(xlabel="count", ylabel="value", title="The values that they saw")
described(
    figure,
    "Left: the upper end of the grid against the number of batches for three observers. MinMax only rises and ends at the "
    "largest value; the moving average stays below; the histogram observer chooses an end below the largest value. "
    "Right: histogram of the observed values, most of them at zero, and very few near the top.",
)

# %% [markdown]
# **Read.** `MinMaxObserver` keeps the smallest and the largest value it ever met, so that its range can only grow.
# `MovingAverageMinMaxObserver` moves from its old range towards that of each new batch by `averaging_constant`, so that one odd batch does not decide for ever.
# `HistogramObserver`, which the defaults for each processor use, looks for the ends with the least squared error, and may cut off the few largest values.
# The first batch sets the range; a single example is a poor sample of what is to come.

# %% question: range-of-three-batches

# %% exercise: observed-range

# %% [markdown]
# An **observer** sees each batch pass by and keeps two numbers, the least and the largest value.
# Write `observed_range(batches, quant_min, quant_max, averaging_constant=None)`: the scale and the zero point that it gives in the end.
#
# - Without an averaging constant it is a [`MinMaxObserver`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.observer.MinMaxObserver.html): the extremes of all that was seen.
# - With one it is a [`MovingAverageMinMaxObserver`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.observer.MovingAverageMinMaxObserver.html):
#   the first batch sets both numbers, and each later one moves them by `averaging_constant` times their distance to the batch's own extremes.
#   A constant of 0 is one too: it leaves them as the first batch set them.
# - In the end, and not before, the range is extended to hold 0, its length is spread over `quant_max − quant_min` steps, and `zero_point = quant_min − round(low / scale)`, ties to the even number.
# - The scale is never less than `torch.finfo(torch.float32).eps`.
#
# Worked value: of the batches `[-0.4, 2.0]`, `[-1.1, 0.3, 0.8]`, `[0.1, 1.2]` the extremes are −1.1 and 2.0;
# on codes 0 … 255 the scale is 3.1 / 255 ≈ 0.01216 and the zero point 90.


# %%
def observed_range(
    batches: list[torch.Tensor], quant_min: int, quant_max: int, averaging_constant: float | None = None
) -> tuple[float, int]:
    """Return scale and zero point after all batches.

    Args:
        batches: Real values, float32, of any shape, at least one batch.
        quant_min: Least code.
        quant_max: Largest code.
        averaging_constant: Share of a new batch in the moving average; None keeps the extremes of all.

    Returns:
        Scale, a float > 0; zero point, an int.
    """
    ### BEGIN SOLUTION
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - round(low / scale)
    ### END SOLUTION


# %%
# Try it: one outlier, remembered by one observer and forgotten by the other.
torch.manual_seed(0)
batches = [torch.rand(50), torch.tensor([40.0]), *(torch.rand(50) for _ in range(100))]
print(observed_range(batches, 0, 255), observed_range(batches, 0, 255, averaging_constant=0.1))

# %% [markdown]
# ## 4.6 · Static quantization, step by step
#
# **Why.** In a statically quantized model the activations *between* the layers are codes as well; nothing is turned back into floats before the end.
# In eager mode you arrange this by hand, in six steps, and a forgotten one is not always an error.
#
# 1. **Stubs.** A [`QuantStub`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.QuantStub.html) marks where floats become codes, a `DeQuantStub` where they become floats again. `QuantWrapper(model)` puts one of each around a whole model.
# 2. **`eval()`**, so that a batch norm uses what it has learned.
# 3. **Fuse**: `fuse_modules` merges convolution, batch norm and ReLU into one, which rounds once in place of three times. (Its twin for models that go on training, `fuse_modules_qat`, keeps the batch norm learning.)
# 4. **`qconfig`**: which observers to use for activations and for weights. The plainest is `eager.default_qconfig`: smallest and largest value, codes 0 … 127 for activations, one scale for each weight tensor.
# 5. **`prepare`** puts the observers in; then **calibrate**, by running examples through.
# 6. **`convert`** replaces each layer by its integer twin.
#
# **Run.** On the MLP, where there is no batch norm.

# %%
steps = {}
staged = nn.Sequential(
    OrderedDict(quant=eager.QuantStub(), **dict(float_mlp.named_children()), dequant=eager.DeQuantStub())
)
steps["1, 2 · stubs, eval"] = copy.deepcopy(staged).eval()
steps["3 · fuse"] = eager.fuse_modules(steps["1, 2 · stubs, eval"], [["hidden1", "relu1"], ["hidden2", "relu2"]])
prepared = copy.deepcopy(steps["3 · fuse"])
prepared.qconfig = eager.QConfig(
    activation=eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127),
    weight=eager.PerChannelMinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_channel_symmetric),
)
steps["5 · prepare"] = eager.prepare(prepared)
steps["5 · prepare"](train_images[:128].flatten(1))  # calibrates
steps["6 · convert"] = eager.convert(steps["5 · prepare"])


def kind(module):
    """Name the class, and whether it is an integer twin."""
    return ("quantized " if ".quantized." in type(module).__module__ else "") + type(module).__name__


pd.DataFrame({step: {name: kind(child) for name, child in model.named_children()} for step, model in steps.items()})

# %% [markdown]
# **Read.** `LinearReLU` is the fused pair, with an `Identity` where the ReLU was.
# `prepare` changed no class: the observers hang inside, as `activation_post_process`.
# Step 4, the `qconfig`, is an attribute and changes no class either.
# Only `convert` brings the integer layers, each with the `scale` and `zero_point` of its *output*.

# %%
for name in ("quant", "hidden1", "hidden2", "output"):
    layer = steps["6 · convert"].get_submodule(name)
    print(f"{name:8} output scale {float(layer.scale):.5f}, zero point {int(layer.zero_point)}")
x_val = val_images.flatten(1)
print(f"SQNR of the logits: {measures.sqnr_db(float_mlp(x_val).numpy(), steps['6 · convert'](x_val).numpy()):.1f} dB")

# %% question: static-steps

# %% question: missing-stub

# %% question: fuse-for-serving

# %% [markdown]
# The activations above have the codes 0 … 127, one bit less than fit into a byte; section 4.9 says why.

# %% exercise: quantize-static

# %% [markdown]
# Write `quantize_static(model, examples)`: the digits CNN as integers throughout, with activation grids that were observed on `examples`.
#
# 1. Put a [`QuantStub`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.QuantStub.html) before the model and a `DeQuantStub` behind it.
#    `eager.QuantWrapper(model)` does both: it is a module with `quant`, `module` (the model) and `dequant`, so that the first layer is now called `module.conv1`.
# 2. Fuse each convolution with its batch norm *and* its ReLU by [`fuse_modules`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.fuse_modules.fuse_modules.html), in evaluation mode.
# 3. Give the model the `static_qconfig` of the setup as its `qconfig`, and [`prepare`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.prepare.html) it.
# 4. Call the prepared model on `examples`, without gradients: this is the calibration.
# 5. [`convert`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.convert.html) it and return the result.
#    It is called on other images: a DeQuantStub that `forward` never calls leaves codes.
#
# The model that was given may change on the way: wrapping it does not copy it.
#
# Worked value: the converted model has four activation grids, one for the input and one for each layer.
# For `cnn` and `examples`, the scale of the input is 1 / 127 and its zero point 0, since pixels run from 0 to 1.


# %%
def quantize_static(model: nn.Sequential, examples: torch.Tensor) -> nn.Module:
    """Return `model` with int8 weights and with activation grids observed on `examples`.

    Args:
        model: The digits CNN in float32: conv1, bn1, relu1, pool1, conv2, bn2, relu2, pool2, flatten, output.
        examples: Images for the calibration, float32, shape (n, 1, 8, 8).

    Returns:
        A model that takes and gives floats, and computes in integers in between.
    """
    ### BEGIN SOLUTION
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)
    ### END SOLUTION


# %%
# Try it: the converted layers, each with scale and zero point of what it gives.
print(quantize_static(cnn, examples))

# %% [markdown]
# ## 4.7 · Conversions that run and are wrong
#
# **Why.** All the mistakes below give a model that runs, and nearly all keep most of the accuracy on digits, which are easy.
# What tells them apart is the **SQNR** of the logits, in decibels (lesson 3): how far the signal of the float model stands above the error of the converted one.
#
# **Predict.** Which is worse: calibrating on random noise, or not fusing the batch norms?
#
# **Run.**


# %%
def static_cnn(calibrate, fuse=True):
    """Convert the CNN; `calibrate` gets the model with its observers in place."""
    children = dict(zoo.digits_cnn().named_children())
    model = nn.Sequential(OrderedDict(quant=eager.QuantStub(), **children, dequant=eager.DeQuantStub())).eval()
    if fuse:
        model = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    model.qconfig = eager.get_default_qconfig("x86")
    prepared = eager.prepare(model)
    with torch.no_grad():
        calibrate(prepared)
    return eager.convert(prepared.eval())


def train_mode(model):
    """Calibrate with the batch norms still learning, and the examples sorted by class."""
    model.train()
    for batch in train_images[y_train.argsort()].split(32):
        model(batch)


# %%
few = train_images[:128]
torch.manual_seed(0)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    attempts = {
        "right: 128 training images": static_cnn(lambda model: model(few)),
        "batch norms not fused": static_cnn(lambda model: model(few), fuse=False),
        "calibrated on normal noise": static_cnn(lambda model: model(torch.randn(128, 1, 8, 8))),
        "calibrated on one image": static_cnn(lambda model: model(few[:1])),
        "in training mode, sorted by class": static_cnn(train_mode, fuse=False),
        "calibrated on pixels 0 … 16": static_cnn(lambda model: model(16 * few)),
        "calibrated on pixels 0 … 1/4": static_cnn(lambda model: model(few / 4)),
        "not calibrated": static_cnn(lambda model: None),
    }
said = {str(warning.message).split("Returning")[0].strip() for warning in caught if "observer" in str(warning.message)}
print(*(sentence for sentence in said if "must run" in sentence))

# %%
cnn_logits = float_cnn(val_images).numpy()
outcome = pd.DataFrame(
    {
        name: {
            "SQNR (dB)": measures.sqnr_db(cnn_logits, model(val_images).numpy()),
            "accuracy": measures.accuracy(model(val_images).numpy(), y_val),
        }
        for name, model in attempts.items()
    }
).T
figure, axis = plt.subplots(figsize=(8.5, 3.8))
bars = axis.barh(outcome.index, outcome["SQNR (dB)"])
bars[0].set(facecolor="#009E73", edgecolor="black", hatch="//")
axis.bar_label(bars, [f" accuracy {accuracy:.3f}" for accuracy in outcome["accuracy"]])
axis.set(xlabel="SQNR of the logits (dB)", xlim=(0, 48), title="One model, eight conversions")
axis.invert_yaxis()
described(
    figure,
    "Bars of the signal-to-noise ratio of eight conversions of the CNN, each with its accuracy. The right one is the "
    "longest; then come those that are not fused, calibrated on noise or on one image, and converted in training mode; "
    "wrong pixel ranges and no calibration at all are the shortest. The accuracy stays above 0.9 in all of them.",
)

# %% [markdown]
# **Read.** Not fusing costs some decibels and no accuracy, for each rounding in between adds noise.
# Noise and a single image give ranges that do not fit.
# In training mode the batch norms went on learning from what was meant to calibrate: their statistics are not those that you tested.
# A range that is too wide wastes codes; one that is much too narrow, as here, clips most of the signal.
# And a model that never saw an example has the scale 1 everywhere; PyTorch says so in one warning, and that is all.
# **Calibrate on examples of the training part, in the form in which they will be served, and measure the result on others.**

# %% question: not-calibrated

# %% [markdown]
# ## 4.8 · Sums
#
# **Why.** Two tensors of codes cannot simply be added: their grids differ, and the sum needs a grid of its own.
# So `+` on them is an error, and where a model adds, as in a residual block, you have to give the sum a module with an observer: [`FloatFunctional`](https://docs.pytorch.org/docs/stable/generated/torch.ao.nn.quantized.FloatFunctional.html).
#
# **Run.**


# %%
class Twice(nn.Module):
    """Returns x + layer(x), with a grid for the sum."""

    def __init__(self):
        super().__init__()
        self.quant, self.layer, self.dequant = eager.QuantStub(), nn.Linear(4, 4), eager.DeQuantStub()
        self.sum = eager.FloatFunctional()

    def forward(self, x):
        x = self.quant(x)
        return self.dequant(self.sum.add(x, self.layer(x)))


torch.manual_seed(0)
twice, x = Twice().eval(), torch.randn(64, 4)
twice.qconfig = eager.get_default_qconfig("x86")
prepared = eager.prepare(twice)
prepared(x)
converted = eager.convert(prepared)
print(converted)
error = (converted(x) - twice(x)).detach().abs().max()
print(f"largest error {float(error):.4f}, step of the sum {float(converted.sum.scale):.4f}")

# %% [markdown]
# **Read.** After `convert` the sum is a `QFunctional` with a scale and a zero point, like any other layer.
# Its methods are `add`, `add_relu`, `mul`, `cat`; with `add_relu` the sum is rounded once and not twice.

# %% question: add-two-quantized

# %% exercise: quantize-residual

# %% [markdown]
# Two quantized tensors of different scales cannot be added code by code, so a sum needs a grid of its own, and eager mode observes modules only.
# [`FloatFunctional`](https://docs.pytorch.org/docs/stable/generated/torch.ao.nn.quantized.FloatFunctional.html) makes a module of the sum.
# Write `quantize_residual(model, examples, pixels)`: the residual MLP as integers throughout, and its logits for `pixels`.
#
# - Write a class of your own around the trained layers of `model`, with a `QuantStub`, a `DeQuantStub`, and an `eager.FloatFunctional()`.
#   The model computes `h = relu(stem(x))`, then `s = relu(h + second(relu(first(h))))`, then `output(s)`.
# - The sum and its ReLU are one step: `add_relu`.
# - Fuse `stem` and `first` each with the ReLU behind it; each needs a ReLU module of its own.
# - Then as in the exercise before: `static_qconfig`, `prepare`, one call on `examples`, `convert`.
# - Call the converted model on `pixels`, which took no part in the calibration, and return both: the model and its logits, float32.
#   `convert` never looks into `forward`. A sum or a stub in the wrong place shows in the first call, and not before.
#   The model is called on `pixels` once more, and must give the very logits that you return.
#
# The model that was given may change on the way.
#
# Worked value: the converted model has six activation grids: the input, `stem`, `first`, `second`, the sum, and `output`.


# %%
def quantize_residual(model: nn.Module, examples: torch.Tensor, pixels: torch.Tensor) -> tuple[nn.Module, torch.Tensor]:
    """Return `model` with int8 weights and with activation grids observed on `examples`, and its logits for `pixels`.

    Args:
        model: The residual MLP in float32: stem, relu, block (first, relu, second), output.
        examples: Pixels for the calibration, float32, shape (n, 64).
        pixels: Digits to read with the converted model, float32, shape (m, 64).

    Returns:
        A model that takes and gives floats, and computes in integers in between;
        its logits, float32, shape (m, 10).
    """

    ### BEGIN SOLUTION
    class Quantizable(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.sum = eager.FloatFunctional()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.sum.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)
    ### END SOLUTION


# %%
# Try it: the sum is a QFunctional with scale and zero point; are the digits still read?
result = quantize_residual(residual, examples, pixels)
if result is not None:
    quantized, logits = result
    print(quantized)
    print(int((logits.argmax(1).numpy() == zoo.load_digits().y_val[:20]).sum()), "of", len(logits), "digits")

# %% [markdown]
# ## 4.9 · Engines and qconfigs
#
# **Why.** The integer layers are computed by an **engine**, a library of kernels for one family of processors.
# A `qconfig` has to fit it: some kernels add two products in 16 bits before they widen the sum, and overflow if all 8 bits of the activations are used.
#
# **Run.** Which engines are here, and what are their defaults?

# %%
rows = {}
for engine in torch.backends.quantized.supported_engines:
    qconfig = eager.get_default_qconfig(engine)
    activation, weight_observer = qconfig.activation(), qconfig.weight()
    rows[engine] = {
        "activation observer": type(activation).__name__,
        "codes of activations": f"{activation.quant_min} … {activation.quant_max}",
        "weight observer": type(weight_observer).__name__,
        "in use": "yes" if engine == torch.backends.quantized.engine else "",
    }
pd.DataFrame(rows).T

# %% [markdown]
# **Read.** The defaults for `x86` and `fbgemm` leave one bit of the activations unused (`reduce_range`), so that no sum overflows on processors without wide integer instructions; those for `onednn` and `qnnpack` use all codes.
# On another machine this table looks different: an ARM processor has `qnnpack` alone.
# A model converted for one engine should be served by that engine.

# %% question: reduced-range-codes

# %% [markdown]
# ## 4.10 · Save and load
#
# **Why.** A `state_dict` holds tensors and no classes.
# A quantized one fits into a model that has been *converted in the same way*, and into no other.
#
# **Run.**

# %%
file = io.BytesIO()
torch.save(dynamic.state_dict(), file)
print(list(dynamic.state_dict())[:3])
try:
    zoo.digits_mlp().load_state_dict(torch.load(io.BytesIO(file.getvalue()), weights_only=True))
except RuntimeError as error:
    print("\n".join(str(error).splitlines()[:2])[:160], "…")

# %% [markdown]
# **Read.** The keys end in `_packed_params`, since the weights lie packed for the engine; a float model knows no such key.
# The way in is to build the architecture, convert it as the saved one was (its weights do not matter, they are replaced), and load then.
# `weights_only=True` keeps [`torch.load`](https://docs.pytorch.org/docs/stable/generated/torch.load.html) from running code out of a file that somebody else wrote.

# %% question: load-quantized-state

# %% exercise: load-quantized

# %% [markdown]
# A state dict says what the numbers are, not what the layers are: a float model has no place for codes.
# Write `load_quantized(file, model)`: the quantized model whose state dict is in `file`.
#
# - `file` holds the bytes of `torch.save(quantized.state_dict(), …)`, where `quantized` came from `quantize_dynamic` with all `nn.Linear` as int8.
# - `model` is a *float* model of the same architecture, with other weights; it serves as a mould, and may change.
# - The result has codes, scales and biases of the file, bit for bit, and can be called on pixels of shape (n, 64).
# - Load safely: a file that holds more than tensors and plain values must raise torch's own `pickle.UnpicklingError`, before any program in it runs.
#
# Worked value: `load_quantized(file, other).stem.weight()` equals the weight that was saved, although `other.stem.weight` does not.


# %%
def load_quantized(file: bytes, model: nn.Module) -> nn.Module:
    """Return the quantized model of `file`.

    Args:
        file: What `torch.save` wrote of a dynamically quantized model's state dict.
        model: Float model of the same architecture.

    Returns:
        The model with the layers of `quantize_dynamic` and the numbers of `file`.

    Raises:
        pickle.UnpicklingError: The file holds more than tensors and plain values.
    """
    ### BEGIN SOLUTION
    state = torch.load(io.BytesIO(file), weights_only=True)
    loaded = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    loaded.load_state_dict(state)
    return loaded
    ### END SOLUTION


# %%
# Try it: what is in the file, and what came back?
print(list(torch.load(io.BytesIO(file), weights_only=True)))
print(load_quantized(file, other))

# %% [markdown]
# ## 4.11 · Quantization-aware training
#
# **Why.** At 8 bits calibration is enough; at 3 it may not be.
# **Quantization-aware training** (QAT) trains the model with the rounding inside: `prepare_qat` puts in a **fake quantization**, which rounds to the grid and goes on in float32, and whose gradient is that of the straight-through estimator of lesson 3.
#
# **Run.** The CNN with weights of 4, 3 and 2 bits, one scale for each kernel tensor; activations keep 7 bits.
# The grids are narrow, as in lesson 3: 2 bits are the three codes −1, 0 and 1.
# First calibrated only (PTQ, post-training quantization), then trained for four epochs.


# %%
def low_bit_qconfig(bits):
    """Weights on a symmetric grid of so many bits, one scale a tensor; activations from 0 to 127."""
    top = 2 ** (bits - 1) - 1
    return eager.QConfig(
        activation=eager.FakeQuantize.with_args(
            observer=eager.MovingAverageMinMaxObserver, dtype=torch.quint8, quant_min=0, quant_max=127
        ),
        weight=eager.FakeQuantize.with_args(
            observer=eager.MinMaxObserver,
            dtype=torch.qint8,
            qscheme=torch.per_tensor_symmetric,
            quant_min=-top,
            quant_max=top,
        ),
    )


def with_fake_quantization(bits):
    """Return the CNN with stubs, fused for training, and fake quantization in place."""
    children = dict(zoo.digits_cnn().named_children())
    model = nn.Sequential(OrderedDict(quant=eager.QuantStub(), **children, dequant=eager.DeQuantStub())).train()
    model = eager.fuse_modules_qat(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    model.qconfig = low_bit_qconfig(bits)
    return eager.prepare_qat(model)


def accuracy_val(model):
    """Return the accuracy on the validation digits."""
    with torch.no_grad():
        return measures.accuracy(model.eval()(val_images).numpy(), y_val)


# %%
def train_quantized(bits, seed, epochs=4):
    """Return the accuracy before the training and after each epoch, and that of the converted model."""
    torch.manual_seed(seed)
    model = with_fake_quantization(bits)
    with torch.no_grad():
        model.eval()(train_images)  # calibrates: PTQ
    curve = [accuracy_val(model)]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        model.train()
        for batch in torch.randperm(len(y_train)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(train_images[batch]), y_train[batch]).backward()
            optimizer.step()
        curve.append(accuracy_val(model))
    return curve, accuracy_val(eager.convert(model.eval()))


runs = {bits: [train_quantized(bits, seed) for seed in range(3)] for bits in (4, 3, 2)}

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.6))
for (bits, trained), look in zip(runs.items(), ("o-", "s--", "^:"), strict=True):
    curves = np.array([curve for curve, _ in trained])  # (seeds, epochs + 1)
    (line,) = axis.plot(range(5), np.median(curves, 0), look, fillstyle="none", label=f"{bits} bits")
    axis.fill_between(range(5), curves.min(0), curves.max(0), color=line.get_color(), alpha=0.2, linewidth=0)
axis.set(xlabel="epochs of training with fake quantization (0: PTQ)", ylabel="validation accuracy", ylim=(0, 1.03))
axis.set_xticks(range(5))
axis.legend(title="median and range of 3 seeds")
described(
    figure,
    "Validation accuracy against epochs of quantization-aware training for weights of 4, 3 and 2 bits, median and range of "
    "three seeds. At 4 bits PTQ is as good as training. At 3 bits the accuracy starts lower, and rises to nearly that of "
    "4 bits, with setbacks on the way. At 2 bits it starts near chance and stays low.",
)

# %%
pd.DataFrame(
    {
        f"seed {seed}, {what}": {bits: value(*trained[seed]) for bits, trained in runs.items()}
        for seed in range(3)
        for what, value in (("fake", lambda curve, _: curve[-1]), ("converted", lambda _, integer: integer))
    }
).style.format("{:.3f}")

# %% [markdown]
# **Read.** At 4 bits there is nothing to win, at 3 bits training wins back nearly everything, though not steadily, and at 2 bits, with one scale for a whole tensor, it cannot save the model in four epochs.
# The setbacks have a cause: weights near the border of two codes flip at each step while the learning rate is high, and the batch norms lag behind.
# A rate that falls, and a scale for each channel, help a lot; the exercise below trains three values per weight that way.
# The model with fake quantization computes in float32, on the points of the grid; the converted one in integers.
# That the two agree within a few images is what the fake quantization was for.

# %% exercise: qat-eager

# %% [markdown]
# With weights of a scale, its negative, or 0, the digits CNN loses half of its accuracy when it is rounded after training.
# **Quantization-aware training** rounds on the way forward, so that the weights learn to live with it.
# Set `ternary` to `cnn`, trained with the `ternary_qconfig` of the setup and converted.
#
# 1. Wrap `cnn` in `eager.QuantWrapper`, in *training* mode, and fuse it by `eager.fuse_modules_qat`, which keeps the batch norms and lets them learn.
# 2. Set it as the model's `qconfig`, then [`prepare_qat`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.prepare_qat.html).
# 3. Train what it returns, which is a copy with parameters of its own.
#    A recipe that works from any seed: 6 epochs of Adam, batches of 32 in a new order each epoch, and a learning rate that falls from 3e-3 to 0 along a cosine.
#    Less can do. But while the rate is high, codes flip from step to step and the batch norms lag behind them, so that a rate that stays is a matter of luck.
# 4. `convert` it; put it into evaluation mode first, as a model to be served should be.
#
# A model that was converted without any training earns nothing, whatever it reads.
#
# Worked value: `set(ternary.module.conv2.weight().int_repr().unique().tolist())` is `{-1, 0, 1}`,
# and at least 0.80 of the test digits are read. Those are for the judge: try your model on `digits.images("val")`.
# Grading takes other digits again, which nobody has seen.

# %%
ternary = ...  # a converted torch model
### BEGIN SOLUTION
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = ternary_qconfig
prepared = eager.prepare_qat(fused)

optimizer = torch.optim.Adam(prepared.parameters(), lr=3e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 6 * 34)  # 34 batches an epoch
for _ in range(6):
    for rows in torch.randperm(len(images)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(prepared(images[rows]), labels[rows]).backward()
        optimizer.step()
        schedule.step()

ternary = eager.convert(prepared.eval())
### END SOLUTION

# %%
# Try it: the layers of your model.
print(ternary)

# %% [markdown]
# ## 4.12 · torchao: the tensor is exchanged, the layer stays
#
# **Why.** In torchao there are no stubs and no twin classes.
# [`quantize_(model, config, filter_fn)`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.quantize_.html) replaces the weight of each layer that `filter_fn(module, name)` accepts, in place; by default that is every `nn.Linear`.
#
# **Run.**

# %%
weight_only = copy.deepcopy(float_mlp)
print("quantize_ returns", quantize_(weight_only, Int8WeightOnlyConfig()))
weight = weight_only.hidden1.weight
print(type(weight_only.hidden1).__name__, "with a weight of", type(weight).__name__, "that calls itself", weight.dtype)
print("qdata:", weight.qdata.dtype, tuple(weight.qdata.shape), " scale:", weight.scale.dtype, tuple(weight.scale.shape))

# %% [markdown]
# **Read.** The layer is still an `nn.Linear`.
# Its weight says that it is float32, so that all code around it goes on working; the codes are in `qdata`, and one `scale` for each row.

# %% question: quantize-in-place

# %% question: dtype-that-is-shown

# %% exercise: int8-rows

# %% [markdown]
# Write `int8_rows(weight)`: what [`Int8WeightOnlyConfig`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.Int8WeightOnlyConfig.html) would store for this weight, `(codes, scale)`, **bit for bit**, but computed by you with torch alone.
# The cell below it compares the two.
#
# `weight` is a float32 tensor of shape `(out, in)`.
#
# - `scale`, float32, shape `(out, 1)`: of each row the largest magnitude, divided by 127.5, which is half of the 255 steps from −128 to 127.
#   A scale is never below `torch.finfo(torch.float32).eps`, so that a row of zeros has one too.
# - `codes`, int8, shape of `weight`: `weight` times the float32 number `1.0 / scale`, rounded to the nearest whole number, ties to the even one (`torch.round`), and kept within −128 … 127.
# - The weight that was given does not change.
#
# Worked by hand: the row `[1.0, -0.5]` has scale $1 / 127.5 = 0.0078$; its codes are $127.5 \to 128 \to 127$ and $-63.75 \to -64$.


# %%
def int8_rows(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the int8 codes of `weight`, shape (out, in), and one float32 scale a row, shape (out, 1)."""
    ### BEGIN SOLUTION
    largest = weight.abs().amax(dim=1, keepdim=True)  # (out, 1)
    scale = torch.clamp(largest / 127.5, min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1.0 / scale))
    return torch.clamp(codes, max=127).to(torch.int8), scale  # -127.5 is the least, and rounds to -128
    ### END SOLUTION


# %%
# Try it: the same weight by torchao, and by you
layer = nn.Linear(8, 4)
mine = int8_rows(layer.weight.detach())
quantize_(layer, Int8WeightOnlyConfig())
print(layer.weight.qdata, mine, sep="\n")

# %% [markdown]
# Which configuration stores what, and what does it do to the numbers?
#
# `Intx` stands for integers of `x` bits, 1 to 8.
# `PerAxis(0)` gives each row of a weight its scale, `PerGroup(32)` each **group** of 32 neighbouring weights in a row.
#
# **Run.** The same MLP under six of them.

# %%
configs = {
    "Int8WeightOnly": Int8WeightOnlyConfig(),
    "Int8DynamicActivation\nInt8Weight": Int8DynamicActivationInt8WeightConfig(),
    **{
        f"IntxWeightOnly\nint{bits}, {name}": IntxWeightOnlyConfig(
            getattr(torch, f"int{bits}"), granularity=granularity
        )
        for bits in (4, 2)
        for name, granularity in (("rows", PerAxis(0)), ("groups of 32", PerGroup(32)))
    },
}
x_val = val_images.flatten(1)
mlp_logits = float_mlp(x_val).numpy()
rows = {}
for name, config in {"float32": None, **configs}.items():
    model = copy.deepcopy(float_mlp)
    if config is not None:
        quantize_(model, config)
    outputs, weight = model(x_val).numpy(), model.hidden2.weight
    error = (weight.dequantize() if hasattr(weight, "dequantize") and config else weight) - float_mlp.hidden2.weight
    rows[name] = {
        "file (bytes)": measures.file_size_bytes(model),
        "RMS error of hidden2 (10⁻³)": 1e3 * float(error.square().mean().sqrt()),
        "SQNR (dB)": np.inf if config is None else measures.sqnr_db(mlp_logits, outputs),
        "accuracy": measures.accuracy(outputs, y_val),
    }
table = pd.DataFrame(rows).T
formats = ("{:,.0f}", "{:.2f}", "{:.1f}", "{:.3f}")
table.style.format(dict(zip(table.columns, formats, strict=True)))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6), sharey=True)
left.barh(table.index, table["file (bytes)"] / 1000)
left.set(xlabel="file (1000 bytes)", title="What is stored")
right.barh(table.index[1:], table["SQNR (dB)"].iloc[1:], color="#009E73", hatch="//")
right.set(xlabel="SQNR of the logits (dB)", title="What is lost")
left.invert_yaxis()
described(
    figure,
    "Two bar charts for the float model and six torchao configurations. Left: the files of all quantized models are about "
    "equally small, whether their codes have 8, 4 or 2 bits. Right: the signal-to-noise ratio falls from 8 to 4 to 2 bits.",
)

# %% [markdown]
# **Read.** Fewer bits lose more, as lesson 3 promised.
# Groups of 32 make the errors of the *weights* smaller (third column), and yet the logits are no better for it.
#
# **Predict.** At 4 bits the codes are −8 … 7, and the scale is the largest magnitude divided by 7.5.
# What becomes of the largest weight of a group, if it is positive?
#
# **Run.** The same weights by hand, on this grid and on lesson 3's narrow one.


# %%
def by_hand(size, divisor, quant_min):
    """Return the SQNR of the logits with 4-bit weights in groups of `size`, or in rows for None."""
    model = copy.deepcopy(float_mlp)
    for layer in (model.hidden1, model.hidden2, model.output):
        groups = layer.weight.reshape(-1, size or layer.in_features)
        scale = groups.abs().amax(1, keepdim=True) / divisor
        layer.weight = nn.Parameter(((groups / scale).round().clamp(quant_min, 7) * scale).view_as(layer.weight))
    return measures.sqnr_db(mlp_logits, model(x_val).detach().numpy())


grids = {"codes −8 … 7, scale max / 7.5": (7.5, -8), "codes −7 … 7, scale max / 7": (7, -7)}
by_grid = {name: {size or "rows": by_hand(size, *grid) for size in (None, 32)} for name, grid in grids.items()}
pd.DataFrame(by_grid).rename({"rows": "rows: SQNR (dB)", 32: "groups of 32: SQNR (dB)"}).T.style.format("{:.1f}")

# %% [markdown]
# **Read.** 7.5 rounds to 8 and is clamped to 7: every group loses half a step of its largest weight where that is positive, and such errors all point the same way.
# On the narrow grid nothing is cut, and groups help.
#
# And what do few bits save?
# Nothing here: on a CPU these configurations keep each code in a byte of its own, and groups even add scales.
# A byte that holds two int4 codes needs kernels that unpack it, and which packed layouts there are depends on the device.
# The name of a configuration tells you the *grid*; only counting tells you the *bytes*.

# %% question: int4-bytes-on-cpu

# %% exercise: mixed-schemes

# %% [markdown]
# Set `mixed` to a copy of `mlp` in which torchao has given each layer a scheme of its own; `mlp` stays as it is (`quantize_` works in place):
#
# | layer | codes of the weight | a scale for | activations |
# |---|---|---|---|
# | `hidden1` | 4 bits | each group of 32 weights of a row | float32 |
# | `hidden2` | 8 bits | each row | 8 bits, quantized at each call |
# | `output` | none, float32 | – | float32 |
#
# The setup imports what there is to choose from.
# Either call `quantize_` once for each scheme, with a `filter_fn(module, name)` that says which layers it is for, or once with [`FqnToConfig`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.FqnToConfig.html), which maps the full name of a module to a config.
#
# Worked value: a weight of shape (2, 64) with one scale for each 32 weights of a row has a `.scale` of shape (2, 2).

# %%
mixed = ...  # a torch model
### BEGIN SOLUTION
mixed = copy.deepcopy(mlp)
four_bits = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
quantize_(mixed, four_bits, filter_fn=lambda module, name: name == "hidden1")
quantize_(mixed, Int8DynamicActivationInt8WeightConfig(), filter_fn=lambda module, name: name == "hidden2")
### END SOLUTION

# %%
# Try it: what does each layer hold?
print(mixed)

# %% exercise: stored-bytes

# %% [markdown]
# Write `stored_bytes(model, bits, group_size)`.
# It converts a copy of `model` with `IntxWeightOnlyConfig` to codes of `bits` bits (2 to 8), and counts the bytes of what is then stored.
# `group_size` weights of a row share a scale; `None` is one scale a row, `PerAxis(0)`.
#
# Return a dict of four whole numbers, in bytes:
#
# - `"codes"`, `"scales"`, `"zero_points"`: these parts of all quantized weights;
# - `"rest"`: all else in the model's `state_dict()`, such as biases, convolutions, an LSTM and the buffers of a batch norm.
#
# `model` is a float model of any kind; it does not change.
#
# Worked value: an `nn.Linear(64, 2)` at 8 bits with one scale a row stores `128` bytes of codes, `8` of scales, `2` of zero points and `8` of biases.
# What do you expect of its codes at 4 bits?


# %%
def stored_bytes(model: nn.Module, bits: int, group_size: int | None) -> dict[str, int]:
    """Return the bytes of codes, scales, zero points and all the rest after a conversion to `bits` bits."""
    ### BEGIN SOLUTION
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for tensor in converted.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
        else:
            counts["rest"] += tensor.nbytes
    return counts
    ### END SOLUTION


# %%
# Try it: the same model at three widths
for bits in (8, 4, 2):
    print(bits, stored_bytes(zoo.digits_mlp(), bits, 32))

# %% [markdown]
# ## 4.13 · A layer of your own, and a file
#
# **Why.** What torchao does is no magic: a layer that keeps codes and scales in **buffers**, and multiplies by them, is a few lines long.
# Buffers are saved with the model and moved with it, but no optimizer touches them.
# Replacing the layers of a model means walking through its children, and their children.

# %% exercise: own-layer

# %% [markdown]
# `quantize_` changes the weights inside an `nn.Linear`; eager mode puts another class in its place.
# Do the second yourself: write a class of your own, and set `own` to a copy of `residual` in which **every** `nn.Linear` but `output` is replaced by it, however deep it stands.
#
# Your layer stores three tensors under these names, and nothing else:
#
# - `codes`, a [buffer](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_buffer) that the state dict holds, int8, shape `(out, in)`: each weight divided by the scale of its row, and rounded;
# - `scale`, a buffer of the same kind, float32, shape `(out,)`: of each row the largest magnitude over 127;
# - `bias`, float32, shape `(out,)`.
#
# Its `forward(x)` takes float32 of shape `(n, in)` and returns what a linear layer with the weight `codes * scale` returns, up to the rounding of float32.
# `output` stays the `nn.Linear` that it is.
# `residual` stays as it is.
#
# Worked by hand: the weight `[[2.54, -1.0]]` has scale `[0.02]` and codes `[[127, -50]]`; with bias `[1.0]` the input `[[1.0, 1.0]]` gives $(127 - 50) \cdot 0.02 + 1 = 2.54$.
#
# Do the layers inside `block` hold codes in your answer?
# `named_children()` sees one level only.

# %%
own = ...  # a torch model
### BEGIN SOLUTION


class Int8Linear(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(dim=1) / 127
        self.register_buffer("codes", torch.round(weight / scale[:, None]).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = nn.Parameter(layer.bias.detach().clone())

    def forward(self, x):
        return x @ self.codes.T.to(x.dtype) * self.scale + self.bias


def swap_linears(module, skip):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name not in skip:
            setattr(module, name, Int8Linear(child))
        else:
            swap_linears(child, skip)


own = copy.deepcopy(residual)
swap_linears(own, skip=("output",))
### END SOLUTION

# %%
# Try it: which classes are there, and what is stored?
print(own)
print({name: tuple(tensor.shape) for name, tensor in own.state_dict().items()} if own is not ... else "")

# %% [markdown]
# A torchao model is saved like any other, and loaded into a **skeleton**: the architecture on the `meta` device, where tensors have shapes and no bytes, so that nothing is allocated twice.
#
# **Run.** What are the parameters of a skeleton?

# %%
with torch.device("meta"):
    skeleton = zoo.mlp_architecture()
print(skeleton.hidden1.weight.device, tuple(skeleton.hidden1.weight.shape))
try:
    skeleton(torch.zeros(1, 64))
except (NotImplementedError, RuntimeError) as error:
    print(type(error).__name__, str(error)[:90], "…")

# %% [markdown]
# **Read.** A skeleton cannot compute.
# `load_state_dict(state, assign=True)` puts the tensors of the file in place of the empty ones, whatever their type; without `assign` it would copy numbers into tensors that have no room for any.

# %% exercise: load-int8

# %% [markdown]
# A server should not build a float32 model only to throw its weights away.
# Write `load_int8(file)`, which returns the model of a file.
#
# - `file` is the content, `bytes`, of a file written by `torch.save(model.state_dict(), …)`.
#   `model` is a residual MLP, as `zoo.residual_architecture()` builds it untrained, some or all of whose `nn.Linear` were quantized by torchao.
# - The model that is returned holds the very codes and scales of the file, and its biases and float32 weights.
#   It makes no difference which layers hold codes, or of how many bits. It can be called on pixels of shape (n, 64).
# - A file with anything but weights raises the `pickle.UnpicklingError` of `torch.load`, before any of it runs: `weights_only=True` sees to that.
# - A file that lacks a tensor of the model raises the `RuntimeError` of a strict [`load_state_dict`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict).
#
# Build the model on the [meta device](https://docs.pytorch.org/docs/stable/meta.html), where a tensor has a shape and takes no memory, and let `load_state_dict` put the tensors of the file in place.
# No check can see that in the model that comes back; what it saves is memory, while your server starts.
#
# Worked value: for the `int8_file` of the cell below, `load_int8(int8_file).stem.weight.qdata` has dtype `torch.int8` and shape (64, 64).


# %%
def load_int8(file: bytes) -> nn.Module:
    """Return the residual MLP whose state dict `file` holds, quantized as it was saved."""
    ### BEGIN SOLUTION
    state = torch.load(io.BytesIO(file), weights_only=True)
    with torch.device("meta"):
        model = zoo.residual_architecture()
    model.load_state_dict(state, assign=True)
    return model
    ### END SOLUTION


# %%
# Try it: save a model, and load it again
saved_model = zoo.digits_residual()
quantize_(saved_model, Int8WeightOnlyConfig())
buffer = io.BytesIO()
torch.save(saved_model.state_dict(), buffer)
int8_file = buffer.getvalue()
loaded = load_int8(int8_file)
print(len(int8_file), "bytes;", "nothing yet" if loaded is None else type(loaded.stem.weight.data).__name__)

# %% [markdown]
# torchao trains with fake quantization as well, through the same `quantize_`: a [`QATConfig`](https://docs.pytorch.org/ao/stable/workflows/qat.html) around a base configuration, with `step="prepare"` before the training and `step="convert"` after it.
#
# The configuration has to say which rounding the training simulates, and not each of them can.
#
# **Run.**

# %%
base = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
learning = zoo.digits_mlp()
quantize_(learning, QATConfig(base, step="prepare"))
print("prepared: ", type(learning.hidden1).__name__, "with a weight of", type(learning.hidden1.weight).__name__)
quantize_(learning, QATConfig(base, step="convert"))
print("converted:", type(learning.hidden1).__name__, "with a weight of", type(learning.hidden1.weight).__name__)

# %% question: qat-base-configs

# %% exercise: qat-torchao

# %% [markdown]
# Two bits are four codes, and torchao's int2 uses all of them, −2 to 1; the "2 bits" in the plot of section 4.11 were three, −1 to 1.
# The setup gives you `mlp` with hidden units of unequal strength, and `base`, the config for 2-bit codes with one scale a row.
# What `mlp` computes is what the digits model has always computed, but quantized at once by `base` it misreads many more digits: the next cell shows how many.
#
# Set `aware` to a copy of `mlp` that was trained **while** its weights were rounded, and then converted; `mlp` stays as it is, and a model that was not trained earns nothing:
#
# - each `nn.Linear` holds 2-bit codes with one scale a row, as `base` makes them;
# - no float32 weight is left, so that the model takes a third of the bytes;
# - its hidden units are those of `mlp`, as unequal as they were;
# - the accuracy is at least 0.85: on the test digits, and on the other digits with which grading measures it.
#
# Use [`QATConfig`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.qat.QATConfig.html) with `base`, in its two steps; between them train on `digits.x_train`, a few epochs of Adam at a learning rate of 0.001 with batches of 32.
# That takes a second or two.
#
# Worked value: the row `[1.5, -0.4, 0.2]` has scale $1.5 / 1.5 = 1$ and codes `[1, 0, 0]`: the 1.5 rounds to 2, which is not among the four.

# %%
at_once = copy.deepcopy(mlp)
quantize_(at_once, base)
x_val = torch.from_numpy(digits.x_val)
for name, model in (("float32", mlp), ("2 bits at once", at_once)):
    print(name, (model(x_val).argmax(1).numpy() == digits.y_val).mean().round(3))

# %%
aware = ...  # a torch model
### BEGIN SOLUTION
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"))
### END SOLUTION

# %%
# Try it: which codes are there?
print(aware)
if aware is not ...:
    print(aware.hidden2.weight.qdata.unique(return_counts=True))

# %% [markdown]
# ## 4.14 · Moving house
#
# **Why.** Eager mode will go one day, and models converted by it will still be in use.
#
# | in `torch.ao.quantization` | in torchao |
# |---|---|
# | `quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)` returns a copy | `quantize_(model, Int8DynamicActivationInt8WeightConfig())` works in place |
# | a set of types or names | `filter_fn(module, name)` |
# | `prepare_qat`, train, `convert` | `quantize_` with `QATConfig(base, step="prepare")`, train, `step="convert"` |
# | stubs, `fuse_modules`, `prepare`, `convert` | nothing in eager mode: export the graph, then `prepare_pt2e` and `convert_pt2e` of `torchao.quantization.pt2e` |
# | `layer.weight().int_repr()`, `.q_scale()` | `layer.weight.qdata`, `.scale` |
# | LSTM, GRU | nothing yet |
#
# **Run.** Does the first row hold, in numbers?

# %%
old = eager.quantize_dynamic(float_mlp, {nn.Linear}, dtype=torch.qint8)
new = copy.deepcopy(float_mlp)
quantize_(new, Int8DynamicActivationInt8WeightConfig())
outputs = {"float32": float_mlp(x_val), "eager": old(x_val), "torchao": new(x_val)}
figure, axis = plt.subplots(figsize=(5.6, 4.2))
for name, look in (("eager", "o"), ("torchao", "x")):
    error = outputs[name] - outputs["float32"]
    sqnr = measures.sqnr_db(outputs["float32"].numpy(), outputs[name].numpy())
    shown = torch.randperm(error.numel(), generator=torch.Generator().manual_seed(0))[:600]
    axis.plot(
        outputs["float32"].flatten()[shown],
        error.flatten()[shown],
        look,
        alpha=0.6,
        fillstyle="none",
        label=f"{name}: SQNR {sqnr:.1f} dB",
    )
axis.set(xlabel="logit of the float model", ylabel="error of the converted model", title="Dynamic int8, twice")
axis.legend()
described(
    figure,
    "Errors of the logits against the logits of the float model, for eager mode and for torchao. The two clouds lie around "
    "zero and are about equally wide; their points differ.",
)

# %% [markdown]
# **Read.** Both quantize weights once and activations at each call, and they do not agree to the last bit: torchao takes one scale for each row of the weight and one for each row of the input, eager mode one for each whole tensor.
# After moving house, compare with the model that was served, and not with your memory of the float one.

# %% question: migrate-dynamic

# %% exercise: migrate

# %% [markdown]
# Eager mode will go, and the checkpoints that it wrote will stay.
# Write `migrate(file, model)`, which makes a torchao model of one.
#
# - `file` is the content, `bytes`, of a state dict that was saved after `eager.quantize_dynamic`; the setup makes one, `old_file`.
#   For each layer it holds a quantized weight, with one scale and zero point for all or one a row, and a bias.
# - `model` is a float32 model of the same architecture with **other** weights, as `zoo.digits_residual()`; it does not change.
# - Return a copy of `model` that holds what the checkpoint stands for, quantized anew by torchao.
#   Its biases are those of the checkpoint, and it can be called on pixels of shape (n, 64).
# - The config for every `nn.Linear` is `Int8DynamicActivationInt8WeightConfig()`, which computes as the old model did.
#   The check looks at what is *stored*: there `Int8WeightOnlyConfig()` makes the same codes and scales, and passes too.
#
# The weights are rounded a second time, and that costs little: each new code is within half a **new** step of the old model's weight.
#
# Worked by hand: the old codes `[10, -3]` with scale 0.5 and zero point 2 stand for the weights $0.5 \cdot (10 - 2) = 4.0$ and $0.5 \cdot (-3 - 2) = -2.5$.

# %%
state = torch.load(io.BytesIO(old_file), weights_only=True)
for key, value in state.items():
    print(key, type(value).__name__)


# %%
def migrate(file: bytes, model: nn.Module) -> nn.Module:
    """Return a copy of `model` with the weights and biases of an eager-mode checkpoint, quantized by torchao."""
    ### BEGIN SOLUTION
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    quantize_(migrated, Int8DynamicActivationInt8WeightConfig())
    return migrated
    ### END SOLUTION


# %%
# Try it: the old model and the new one on the same digits
migrated = migrate(old_file, zoo.residual_architecture())
x = torch.from_numpy(zoo.load_digits().x_val)
if migrated is not None:
    print("same class:", (old(x).argmax(1) == migrated(x).argmax(1)).double().mean().item())

# %% [markdown]
# ## 4.15 · And is it faster?
#
# **Why.** Fewer bytes are certain; less time has to be measured, on the machine that serves.
#
# **Predict.** Order these by time for one request of a layer pair 768 → 3072 → 768: float32, eager dynamic int8, torchao weight-only int8, torchao dynamic int8.
#
# **Run.**

# %%
torch.manual_seed(0)
wide = nn.Sequential(nn.Linear(768, 3072), nn.ReLU(), nn.Linear(3072, 768)).eval().requires_grad_(False)
served = {"float32": wide, "eager dynamic": eager.quantize_dynamic(wide, {nn.Linear}, dtype=torch.qint8)}
for name, config in (
    ("torchao\nweight-only", Int8WeightOnlyConfig()),
    ("torchao\ndynamic", Int8DynamicActivationInt8WeightConfig()),
):
    served[name] = copy.deepcopy(wide)
    quantize_(served[name], config)
inputs = {rows: torch.randn(rows, 768) for rows in (1, 64)}
times = {(rows, name): [] for rows in inputs for name in served}
for _ in range(5):  # in turns, so that what disturbs one of them disturbs all
    for rows, name in times:
        call = partial(served[name], inputs[rows])
        times[rows, name] += measures.latency_ms(call, repeats=12, warmup=3).samples_ms

# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.7))
for panel, rows in zip(panels, (1, 64), strict=True):
    samples = [times[rows, name] for name in served]
    panel.boxplot(samples, tick_labels=list(served), whis=(5, 95), flierprops={"markersize": 3})
    panel.set(ylabel="latency (ms)", yscale="log", title=f"{rows} row{'s' * (rows > 1)} at a time")
described(
    figure,
    "Box plots of the latency of four models on logarithmic axes, for one row and for 64 rows. Which is fastest depends "
    "on the kernels of this machine; the table below gives the medians.",
)

# %%
medians = pd.DataFrame(
    {
        f"{rows} row{'s' * (rows > 1)}": {name.replace("\n", " "): np.median(times[rows, name]) for name in served}
        for rows in (1, 64)
    }
)
medians.add_suffix(", median (ms)").style.format("{:.3f}")

# %% [markdown]
# **Read.** Look at your own figures; they are the only ones that count.
# On the x86 processors on which we ran this, eager mode is far ahead in both columns: it hands the codes to kernels that multiply them as integers.
# torchao's dynamic configuration calls an integer product too, between many small operations that find ranges and scales.
# With one row those operations cost more than they save, and it is the slowest; with 64 rows they are shared, and it passes float32.
# Weight-only codes are turned back into floats before each product, so it runs about as long as float32, although a quarter of the bytes is read.
# torchao is *made* to be compiled, by `torch.compile` or for a device with kernels of its own; here it ran without.
#
# So the honest summary: the bytes are a quarter with either interface, and the time depends on kernels, and on the batch, in ways that no name of a configuration tells.

# %% [markdown]
# ## Summary
#
# - A conversion that finds nothing to convert is silent. List the float weights that are left; a convolution stays under `quantize_dynamic` and `quantize_`, and an LSTM under `{nn.Linear}` and all of torchao.
# - Codes, scales and zero points can be read out of either interface, and recomputed by hand to the bit.
# - Static quantization is six steps; an SQNR on held-out examples shows which one was forgotten, where accuracy may not.
# - Sums need a `FloatFunctional`; activations need stubs; a quantized `state_dict` needs a model converted in the same way.
# - QAT pays where few bits hurt. The converted model must agree with the one that was trained.
# - torchao exchanges tensors and keeps layers. The grid's bits are not the storage's bits: count.
# - Bytes are certain, speed is measured, and both interfaces will tell you different things about it.
#
# ## Where next
#
# Lesson 5 removes weights in place of shortening them.
