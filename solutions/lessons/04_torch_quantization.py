# ---
# about: "what eager PyTorch converts and silently leaves: dynamic, static and QAT, engines, saving and loading"
# ---

# %% [markdown]
# # 4 · Quantization with PyTorch: dynamic, static and trained
#
# *Which call quantizes what, what does it leave as it was without a word, and what do the numbers inside look like afterwards?*
#
# After this lesson you can
#
# 1. convert a model dynamically, statically and with quantization-aware training, and list the layers that stayed float;
# 2. read codes, scales and zero points out of a converted model, and compute them by hand, bit for bit;
# 3. find out what a layer does to its inputs, where nothing tells you;
# 4. recognise a conversion that runs and is wrong: not calibrated, badly calibrated, in training mode, not fused, without stubs (the marks where floats become codes and floats again);
# 5. save a quantized model, load it into the right layers, and name the engine that computes it.
#
# **You need** lessons 3 and 3b (scale, zero point, ranges by calibration, batch norms folded, the straight-through estimator) and PyTorch.
#
# **Time**: about 90 minutes to read, run and answer, and 80 for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 4.1 Two interfaces | 3 | |
# | 4.2 What `quantize_dynamic` swaps | 9 | 8 |
# | 4.3 Inside a dynamic layer | 7 | 8 |
# | 4.4 What it does to its inputs | 7 | 14 |
# | 4.5 An LSTM | 6 | 4 |
# | 4.6 What an observer knows | 8 | 10 |
# | 4.7 Static quantization | 15 | 10 |
# | 4.8 Conversions that are wrong | 9 | |
# | 4.9 Sums | 6 | 12 |
# | 4.10 Engines and qconfigs | 6 | |
# | 4.11 Save and load | 5 | 5 |
# | 4.12 Quantization-aware training | 9 | 9 |
#
# A good place for a break is the end of section 4.5: up to there conversion is dynamic, from there on static.
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

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from torch import nn
from torchao.quantization import Int8WeightOnlyConfig, quantize_

from quizlib import measures, zoo
from quizlib.zoo import eager
from quizlib.zoo.figures import described, use_style

torch.set_num_threads(1)  # times of one thread repeat better
use_style()
digits = zoo.load_digits()
train_images, val_images = (
    torch.from_numpy(digits.images(part)) for part in ("train", "val")
)  # (n, 1, 8, 8)
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
# This lesson is about the first, lesson 4b about the second, and about moving a model from one to the other.
# In a program of yours you would write `import torch.ao.quantization as eager`.
# Here it is `from quizlib.zoo import eager`: the same names through one door, so that on the day PyTorch removes them only one file of the course has to change.
#
# All models of this lesson read the 8 by 8 digits of lesson 1: `digits_mlp` and `digits_cnn`, which you know, `digits_residual` with a sum in it, and `digits_lstm`, which reads a digit row by row.

# %% [markdown]
# ## 4.2 · What `quantize_dynamic` swaps, and what it leaves
#
# **Why.** A conversion that does nothing raises no error.
# [`quantize_dynamic`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.quantize_dynamic.html) walks through the model, swaps the children whose type or name it was given, and leaves everything else, whatever you had hoped.
#
# Without a set it takes the types of a table: linear layers, LSTM and GRU, and the cells of both and of the RNN.
# An `Embedding` has a **twin**, a class that does the same with codes, and is left all the same unless it is given a **`qconfig`** of its own, the object that says how scales are chosen.
#
# **Predict.** The CNN has two convolutions and one linear layer.
# How many of its weights will be codes after `quantize_dynamic(model, {nn.Conv2d, nn.Linear})`?

# %% question: conv-stays-float

# %% [markdown]
# **Run.** The same call for all four models, with `{nn.Linear}`, as most tutorials have it.

# %%
names = ("digits_mlp", "digits_cnn", "digits_residual", "digits_lstm")
kept, coded = {}, {}
for name in names:
    model = zoo.build(name)
    converted = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    kept[name] = sum(array.nbytes for array in converted.parameters() if array.ndim > 1)
    everything = sum(array.numel() for array in model.parameters() if array.ndim > 1)
    coded[name] = everything - kept[name] // 4  # one byte a code
print(converted)

# %%
figure, axis = plt.subplots(figsize=(7.5, 3.4))
before = [4 * coded[name] + kept[name] for name in names]
axis.barh(
    names, before, facecolor="none", edgecolor="black", linestyle="--", label="before: float32"
)
axis.barh(names, [coded[name] for name in names], height=0.5, label="int8 codes")
left = [coded[name] for name in names]
axis.barh(names, [kept[name] for name in names], 0.5, left, hatch="//", label="still float32")
axis.set(
    xlabel="bytes of the weight matrices and kernels",
    title="after quantize_dynamic(model, {nn.Linear})",
)
axis.xaxis.set_major_formatter("{x:,.0f}")
axis.xaxis.set_major_locator(plt.MaxNLocator(5))
axis.invert_yaxis()
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
described(figure, "bytes-after-dynamic")

# %% [markdown]
# **Read.** The linear models are a quarter of their size.
# The CNN and the LSTM are about what they were, and nothing said so.
# The type of the LSTM was not in the set.
# The convolution would not help there: torch has a dynamic `Conv2d`, in `torch.ao.nn.quantized.dynamic`, but the table of `quantize_dynamic` does not list it.
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
    converted = eager.quantize_dynamic(
        model, {getattr(nn, name) for name in types}, dtype=torch.qint8
    )
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
print(
    weight.dtype,
    weight.qscheme(),
    "scale",
    weight.q_scale(),
    "zero point",
    weight.q_zero_point(),
)
print(
    "largest magnitude / scale:", float(float_mlp.hidden2.weight.abs().max()) / weight.q_scale()
)

# %% [markdown]
# **Read.** The tensor is stored in the affine form, with a zero point; but that is 0, so the grid is symmetric.
# And the largest magnitude is `127.5` steps: PyTorch lays the range from −max to +max over all 256 codes, $s = 2 \max|w| / 255$.
# So if the largest weight is positive, its code would be 127.5, and it saturates at 127.
# torchao's int8 weights divide by 127.5 as well; in lesson 3 you divided by 127, which keeps both ends.
#
# One scale serves the whole matrix.
# **Run.** `per_channel_dynamic_qconfig` takes one scale for each row, in place of `dtype=`.

# %%
per_row = eager.quantize_dynamic(
    float_mlp, {nn.Linear: eager.per_channel_dynamic_qconfig}
).hidden2.weight()
narrow_first = float_mlp.hidden2.weight.abs().amax(1).argsort()  # rows, by reach
for name, stored in {"one scale a row": per_row, "one scale in all": weight}.items():
    errors = (stored.dequantize() - float_mlp.hidden2.weight).square().mean(1).sqrt()
    narrow, wide = (float(half.mean()) for half in errors[narrow_first].chunk(2))
    print(f"{name}: RMS error {narrow:.5f} in the narrow half, {wide:.5f} in the wide one")

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
    codes = (
        torch.round(weight * (1 / scale)).clamp(max=127).to(torch.int8)
    )  # -127.5 is the least, and goes to -128
    return codes, float(scale), 0
    ### END SOLUTION


# %%
# Try it: hold your codes against the library's.
layer = zoo.digits_mlp().output
stored = eager.quantize_dynamic(nn.Sequential(layer), {nn.Linear}, dtype=torch.qint8)[
    0
].weight()
print(stored.int_repr()[0, :8], stored.q_scale(), stored.q_zero_point())
print(dynamic_codes(layer.weight.detach()))

# %% [markdown]
# ## 4.4 · What a dynamic layer does to its inputs
#
# **Why.** The weights are 8-bit codes, as the name says.
# What of the inputs, which the layer rounds at each call?
# No attribute tells; but a layer can be asked, by what it gives.
#
# A layer of one weight 1 and no bias passes on what it has read.
# So send it a ramp, and count how many different numbers come out.
#
# **Predict.** How many different outputs has a ramp of 1,001 inputs from −1 to 3?
#
# **Run.**

# %%
one = nn.Sequential(nn.Linear(1, 1)).requires_grad_(False)
one[0].weight.fill_(1.0), one[0].bias.fill_(0.0)
passed = eager.quantize_dynamic(one, {nn.Linear}, dtype=torch.qint8)
ramp = torch.linspace(-1, 3, 1001)[:, None]
levels = passed(ramp)
print("engine:", torch.backends.quantized.engine, " different outputs:", len(levels.unique()))

# %% [markdown]
# **Read.** A byte has 256 codes, and on an x86 processor half of them are used.
# Each dynamic layer asks its engine for a **reduced range** of 7 bits, so that sums in 16 bits cannot overflow (section 4.10).
# Nothing in the model tells it, this engine gives no warning, and no `qconfig` changes it.
# It costs a bit: each input is rounded on steps twice as wide as a byte would allow.
# On another engine the count may be another: the next question is about that.

# %% question: engines-of-seven-bits

# %% exercise: dynamic-layer

# %% [markdown]
# Write `dynamic_layer(x, codes, scale, bias, bits)`: what a dynamically quantized linear layer makes of its inputs, and what it gives, by hand.
# It returns a pair, `(q, outputs)`.
#
# - `codes`, int8, shape (out, in), and `scale`, a float, stand for the weight `scale * codes`; `bias`, float32, has shape (out,).
# - `x` is float32 of shape (rows, in). All of it has **one** affine grid of unsigned codes 0 … `2**bits − 1`:
#   its range, from the least input to the largest, is extended to hold 0, and spread over the steps between the codes.
#   The zero point is the code of 0.0, `-low / step` rounded to the nearest.
# - `q`, uint8, shape of `x`: `x / step` rounded to the nearest, plus the zero point, and kept within 0 … `2**bits − 1`. Ties go to even, here and for the zero point.
#   To add the zero point before the rounding, as the library does, is as right: it differs only at a tie where the zero point is odd.
# - `outputs`, float32 of shape (rows, out): the sums of products of codes, those of `x` less the zero point, become real numbers; the bias comes last.
# - Inputs of zeros have codes 0, and give the bias.
# - What was given does not change.
#
# Worked value: for `x = [[1.0, -0.5]]` and `bits = 2` a step is 1.5 / 3 = 0.5 and the zero point 1; the codes are 3 and 0, which stand for 1.0 and −0.5.
# With `codes = [[10, 4]]`, `scale = 0.1` and `bias = [0.25]` the output is $0.5 \cdot 0.1 \cdot (2 \cdot 10 - 1 \cdot 4) + 0.25 = 1.05$.


# %%
def dynamic_layer(
    x: torch.Tensor, codes: torch.Tensor, scale: float, bias: torch.Tensor, bits: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return codes of `bits` bits for the inputs, and what a linear layer gives for them.

    Args:
        x: Inputs, float32, shape (rows, in).
        codes: Codes of the weight, int8, shape (out, in).
        scale: Step of the weight, > 0.
        bias: float32, shape (out,).
        bits: Width of the inputs' codes, 2 to 8.

    Returns:
        Codes of the inputs, uint8, shape (rows, in); outputs, float32, shape (rows, out).
    """
    ### BEGIN SOLUTION
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return torch.zeros(x.shape, dtype=torch.uint8), bias.repeat(len(x), 1)
    step = (high - low) / (2**bits - 1)
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    outputs = (q - zero_point) @ codes.float().T * step * scale + bias
    return q.to(torch.uint8), outputs
    ### END SOLUTION


# %%
# Try it: at which width does it agree with the library's layer?
layer = zoo.digits_mlp().hidden1
library = eager.quantize_dynamic(nn.Sequential(layer), {nn.Linear}, dtype=torch.qint8)
x = torch.randn(50, 64)
weight = library[0].weight()
for bits in (6, 7, 8):
    mine = dynamic_layer(x, weight.int_repr(), weight.q_scale(), layer.bias.detach(), bits)
    if mine is not None:
        print(bits, "bits: largest difference", float((mine[1] - library(x)).abs().max()))

# %% [markdown]
# ## 4.5 · An LSTM
#
# **Why.** Recurrent layers are where dynamic quantization was used first: their weights are read again at each time step, so that reading bytes is what they spend their time on.
#
# An LSTM of PyTorch keeps its weights under the names `weight_ih_l0` (from the input) and `weight_hh_l0` (from the last **hidden state**, what it keeps of the steps before), each with the rows of four **gates**, which decide what is kept and what is given.
# torchao's `quantize_` visits the linear layers of a model, or those that a filter names, and puts codes in the place of the one parameter called `weight`.
#
# **Predict.**

# %% question: int8-lstm-calls

# %% [markdown]
# **Run.** Here is what torchao makes of it.

# %%
lstm = zoo.digits_lstm().requires_grad_(False)
by_torchao = copy.deepcopy(lstm)
quantize_(by_torchao, Int8WeightOnlyConfig())
print(by_torchao)
print(
    "weight_hh_l0:",
    by_torchao.lstm.weight_hh_l0.dtype,
    "and",
    by_torchao.lstm.weight_hh_l0.nbytes,
    "bytes",
)

# %% [markdown]
# **Read.** `quantize_` converted the linear layer, and left the LSTM, which holds most of the weights.
# For recurrent layers eager mode has no successor in torchao yet: a weight can be put into an LSTM by its full name, and then `forward` has no kernel for it.

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
# ## 4.6 · What an observer knows
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
    "moving average": eager.MovingAverageMinMaxObserver(
        dtype=torch.quint8, averaging_constant=0.1
    ),
    "histogram": eager.HistogramObserver(dtype=torch.quint8),
}
tops = {name: [] for name in watching}
for batch in batches:
    for name, observer in watching.items():
        observer(batch)
        scale, zero_point = observer.calculate_qparams()
        tops[name].append(float(scale) * (255 - int(zero_point)))

# %%
figure, axis = plt.subplots(figsize=(6, 3.5))
for (name, top), look in zip(tops.items(), ("o-", "s--", "^:"), strict=True):
    axis.plot(range(1, len(top) + 1), top, look, fillstyle="none", label=name)
axis.set(xlabel="batches seen", ylabel="upper end of the grid", ylim=(0, 4.6))
axis.legend(loc="lower right")
described(figure, "what-observers-know")

# %% [markdown]
# **Read.** `MinMaxObserver` keeps the smallest and the largest value it ever met, so that its range can only grow.
# `MovingAverageMinMaxObserver` moves from its old range towards that of each new batch by `averaging_constant`, so that one odd batch does not decide for ever.
# `HistogramObserver`, which the defaults for each processor use, looks for the ends with the least squared error, and may cut off the few largest values.
# All three start from the first batch; a single example is a poor sample of what is to come.

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
    batches: list[torch.Tensor],
    quant_min: int,
    quant_max: int,
    averaging_constant: float | None = None,
) -> tuple[float, int]:
    """Return scale and zero point after all batches.

    Args:
        batches: Real values, float32, of any shape, at least one batch.
        quant_min: Least code.
        quant_max: Largest code.
        averaging_constant: Share of a new batch in the average; None keeps the extremes of all.

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
# ## 4.7 · Static quantization, step by step
#
# **Why.** In a statically quantized model the activations *between* the layers are codes as well; nothing is turned back into floats before the end.
# In eager mode you arrange this by hand, and a step that is forgotten, or comes too early, is not always an error.
# The tools, in the order of the alphabet:
#
# - **`convert`** replaces each layer by its integer twin, with the ranges of the observers that hang on it.
# - **`fuse_modules`** merges a run of layers that you name into one layer, which rounds once in place of once for each. It has a twin for models that go on training, `fuse_modules_qat`.
# - **`prepare`** puts an observer behind each layer, a stub included; to **calibrate** is to run examples through then.
# - **`qconfig`**, an attribute of the model: which observers to use for activations and for weights. The plainest is `eager.default_qconfig`: smallest and largest value, codes 0 … 127 for activations, one scale for each weight tensor.
# - A **stub**: a [`QuantStub`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.QuantStub.html) marks where floats become codes, a `DeQuantStub` where they become floats again.
#
# **Predict** what fusing needs.

# %% question: fuse-for-serving

# %% [markdown]
# **Predict** the order of the steps.

# %% question: static-steps

# %% [markdown]
# And where does a stub have to be, and from when on?

# %% question: missing-stub

# %% [markdown]
# **Run.** All six steps on the MLP, where there is no batch norm:
# 1 stubs, 2 `eval()`, so that a batch norm uses what it has learned, 3 fuse, 4 `qconfig`, 5 `prepare` and calibrate, 6 `convert`.

# %%
steps = {}
staged = nn.Sequential(
    OrderedDict(
        quant=eager.QuantStub(), **dict(float_mlp.named_children()), dequant=eager.DeQuantStub()
    )
)
steps["1, 2 · stubs, eval"] = copy.deepcopy(staged).eval()
steps["3 · fuse"] = eager.fuse_modules(
    steps["1, 2 · stubs, eval"], [["hidden1", "relu1"], ["hidden2", "relu2"]]
)
prepared = copy.deepcopy(steps["3 · fuse"])
prepared.qconfig = eager.QConfig(
    activation=eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127),
    weight=eager.PerChannelMinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_channel_symmetric
    ),
)
steps["5 · prepare"] = eager.prepare(prepared)
steps["5 · prepare"](train_images[:128].flatten(1))  # calibrates
steps["6 · convert"] = eager.convert(steps["5 · prepare"])


def kind(module):
    """Name the class, and whether it is an integer twin."""
    return ("quantized " if ".quantized." in type(module).__module__ else "") + type(
        module
    ).__name__


pd.DataFrame(
    {
        step: {name: kind(child) for name, child in model.named_children()}
        for step, model in steps.items()
    }
)

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
sqnr = measures.sqnr_db(float_mlp(x_val).numpy(), steps["6 · convert"](x_val).numpy())
print(f"SQNR of the logits: {sqnr:.1f} dB")

# %% [markdown]
# The activations above have the codes 0 … 127, one bit less than fit into a byte; section 4.10 says why.

# %% exercise: quantize-static

# %% [markdown]
# Write `quantize_static(model, examples)`: the digits CNN as integers throughout, with activation grids that were observed on `examples`.
#
# 1. Put a [`QuantStub`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.QuantStub.html) before the model and a `DeQuantStub` behind it.
#    `eager.QuantWrapper(model)` does both: it is a module with `quant`, `module` (the model) and `dequant`, so that the first layer is now called `module.conv1`.
# 2. Fuse each convolution with its batch norm *and* its ReLU by [`fuse_modules`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.fuse_modules.fuse_modules.html), in evaluation mode.
# 3. Give the model the `static_qconfig` of the setup as its `qconfig`, and [`prepare`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.prepare.html) it.
# 4. Call the prepared model on `examples`, on all of them and without gradients: this is the calibration. Batch by batch is as right.
# 5. [`convert`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.convert.html) it and return the result.
#    It is called on other images: a DeQuantStub that `forward` never calls leaves codes.
#
# The model that was given may change on the way: wrapping it does not copy it.
# In which mode the result is returned makes no difference, since its layers compute the same in both.
#
# Worked value: the converted model has four activation grids, one for the input and one for each layer.
# For `cnn` and `examples`, the scale of the input is 1 / 127 and its zero point 0, since pixels run from 0 to 1.


# %%
def quantize_static(model: nn.Sequential, examples: torch.Tensor) -> nn.Module:
    """Return `model` with int8 weights and with activation grids observed on `examples`.

    Args:
        model: The digits CNN in float32: conv1, bn1, relu1, pool1, conv2, bn2, relu2, pool2,
            flatten, output.
        examples: Images for the calibration, float32, shape (n, 1, 8, 8).

    Returns:
        A model that takes and gives floats, and computes in integers in between.
    """
    ### BEGIN SOLUTION
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [
        ["module.conv1", "module.bn1", "module.relu1"],
        ["module.conv2", "module.bn2", "module.relu2"],
    ]
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
# ## 4.8 · Conversions that run and are wrong
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
    model = nn.Sequential(
        OrderedDict(quant=eager.QuantStub(), **children, dequant=eager.DeQuantStub())
    ).eval()
    if fuse:
        model = eager.fuse_modules(
            model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]]
        )
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
        "calibrated on normal noise": static_cnn(
            lambda model: model(torch.randn(128, 1, 8, 8))
        ),
        "calibrated on one image": static_cnn(lambda model: model(few[:1])),
        "training mode, by class, not fused": static_cnn(train_mode, fuse=False),
        "calibrated on pixels 0 … 16": static_cnn(lambda model: model(16 * few)),
        "calibrated on pixels 0 … 1/4": static_cnn(lambda model: model(few / 4)),
        "not calibrated": static_cnn(lambda model: None),
    }
said = {
    str(warning.message).split("Returning")[0].strip()
    for warning in caught
    if "observer" in str(warning.message)
}
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
described(figure, "eight-conversions")

# %% [markdown]
# **Read.** Since each extra rounding adds noise, not fusing costs decibels, though no accuracy here.
# Noise and a single image give ranges that do not fit.
# In training mode, where nothing can be fused, the batch norms went on learning from what was meant to calibrate: their statistics are not those that you tested.
# A range that is too wide wastes codes; one that is much too narrow, as here, clips most of the signal.
# And a model that never saw an example has the scale 1 everywhere; PyTorch says so in one warning, and that is all.
# **Calibrate on examples of the training part, in the form in which they will be served, and measure the result on others.**

# %% question: not-calibrated

# %% [markdown]
# ## 4.9 · Sums
#
# **Why.** Two tensors of codes cannot simply be added: their grids differ, and the sum needs a grid of its own.
# So `+` on them is an error, and where a model adds, as in a residual block, you have to give the sum a module with an observer: [`FloatFunctional`](https://docs.pytorch.org/docs/stable/generated/torch.ao.nn.quantized.FloatFunctional.html).
#
# **Predict.**

# %% question: add-two-quantized

# %% [markdown]
# **Run.** A layer and its input, added.


# %%
class Twice(nn.Module):
    """Returns x + layer(x), with a grid for the sum."""

    def __init__(self):
        super().__init__()
        self.quant, self.layer, self.dequant = (
            eager.QuantStub(),
            nn.Linear(4, 4),
            eager.DeQuantStub(),
        )
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
# Its methods are `add`, `add_relu`, `mul`, `cat`.
# A ReLU that follows a sum belongs to it, as one that follows a layer belongs to the layer: `add_relu` rounds once, after the ReLU, and `add` with a ReLU behind it rounds before, and spends codes on negative numbers that are thrown away at once.
# The layers around the sum are fused with their ReLUs by `fuse_modules`, as in section 4.7, where each ReLU is a module of its own: one that serves two places can be fused in one of them only.

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
# - Then as in the exercise before: `static_qconfig`, `prepare`, a calibration on all of `examples`, `convert`.
# - Call the converted model on `pixels`, which took no part in the calibration, and return both: the model and its logits, float32.
#   `convert` never looks into `forward`. A sum or a stub in the wrong place shows in the first call, and not before.
#   The model is called on `pixels` once more, and must give the very logits that you return.
#
# The model that was given may change on the way, and the mode of the result makes no difference.
#
# Worked value: the converted model has six activation grids: the input, `stem`, `first`, `second`, the sum, and `output`.


# %%
def quantize_residual(
    model: nn.Module, examples: torch.Tensor, pixels: torch.Tensor
) -> tuple[nn.Module, torch.Tensor]:
    """Return `model` with int8 weights and observed grids, and its logits for `pixels`.

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

    fused = eager.fuse_modules(
        Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]]
    )
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
    print(
        int((logits.argmax(1).numpy() == zoo.load_digits().y_val[:20]).sum()),
        "of",
        len(logits),
        "digits",
    )

# %% [markdown]
# ## 4.10 · Engines and qconfigs
#
# **Why.** The integer layers are computed by an **engine**, a library of kernels for one family of processors.
# A `qconfig` has to fit it: some kernels add two products in 16 bits before they widen the sum, and overflow if all 8 bits of the activations are used.
#
# **Predict.**

# %% question: reduced-range-codes

# %% [markdown]
# **Run.** Which engines are here, and what are their defaults?

# %%
rows = {}
for engine in torch.backends.quantized.supported_engines:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        qconfig = eager.get_default_qconfig(engine)
    activation, weight_observer = qconfig.activation(), qconfig.weight()
    rows[engine] = {
        "activation observer": type(activation).__name__,
        "codes of activations": f"{activation.quant_min} … {activation.quant_max}",
        "weight observer": type(weight_observer).__name__,
        "in use": "yes" if engine == torch.backends.quantized.engine else "",
        "warns here": "yes" if warned else "",
    }
pd.DataFrame(rows).T

# %% [markdown]
# **Read.** The defaults for `x86` and `fbgemm` leave one bit of the activations unused (`reduce_range`), so that no sum overflows on processors without wide integer instructions; those for `onednn` and `qnnpack` use all codes.
# Where `onednn` warns, the processor has no such instructions (VNNI), and its results may be less accurate.
# (That is what a `qconfig` says; for the inputs of the dynamic layers of section 4.4 no `qconfig` is asked, and on `onednn` they leave the bit unused as well.)
# On another machine this table looks different; `supported_engines` tells what is there.
# A model converted for one engine should be served by that engine.
#
# **Run.** What if an engine is not there?

# %%
engine = torch.backends.quantized.engine
try:
    torch.backends.quantized.engine = "none"
except RuntimeError as error:
    print(f"RuntimeError: {error}")
torch.backends.quantized.engine = engine

# %% [markdown]
# **Read.** `none` is called `NoQEngine` in messages.
# A PyTorch that was built without kernels has no other, and there each conversion stops with `RuntimeError: Didn't find engine for operation quantized::linear_prepack NoQEngine`.
# That is no fault of your model: print `supported_engines`, and set `torch.backends.quantized.engine` to one of them before you convert and before you load.

# %% [markdown]
# ## 4.11 · Save and load
#
# **Why.** A `state_dict` holds tensors and no classes.
# What has to be there before the codes of a file can be loaded?
#
# **Predict.**

# %% question: load-quantized-state

# %% [markdown]
# **Run.** The state dict of the dynamic MLP, and a float model to load it into.

# %%
file = io.BytesIO()
torch.save(dynamic.state_dict(), file)
print(list(dynamic.state_dict())[:3])
try:
    zoo.digits_mlp().load_state_dict(torch.load(io.BytesIO(file.getvalue()), weights_only=True))
except RuntimeError as error:
    print("\n".join(str(error).splitlines()[:2])[:160], "…")

# %% [markdown]
# **Read.** The keys end in `_packed_params`, since the weights lie packed for the engine; a float model knows no such key, and says that its own are missing.
# The way in is to build the architecture, convert it as the saved one was (its weights do not matter, they are replaced), and load then.
# `weights_only=True` keeps [`torch.load`](https://docs.pytorch.org/docs/stable/generated/torch.load.html) from running code out of a file that somebody else wrote.

# %% exercise: load-quantized

# %% [markdown]
# A state dict says what the numbers are, not what the layers are: a float model has no place for codes.
# Write `load_quantized(file, model)`: the quantized model whose state dict is in `file`.
#
# - `file` holds the bytes of `torch.save(quantized.state_dict(), …)`, where `quantized` came from `quantize_dynamic` with all `nn.Linear` as int8.
# - `model` is the *float* residual MLP, with other weights; it serves as a mould, and may change.
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
# Try it: what came back?
print(load_quantized(file, other))

# %% [markdown]
# ## 4.12 · Quantization-aware training
#
# **Why.** At 8 bits calibration is often enough, outliers apart; at 3 it may not be.
# **Quantization-aware training** (QAT) trains the model with the rounding inside: `prepare_qat` puts in a **fake quantization**, which rounds to the grid and goes on in float32, and whose gradient is that of the straight-through estimator of lesson 3b.
#
# **Run.** The CNN with weights of 4, 3 and 2 bits, one scale for each weight tensor; activations keep 7 bits.
# The grids are narrow, as in lesson 3: 2 bits are the three codes −1, 0 and 1.
# First calibrated only (PTQ, post-training quantization), then trained for four epochs.


# %%
def low_bit_qconfig(bits):
    """Weights on a symmetric grid of so many bits; activations from 0 to 127."""
    top = 2 ** (bits - 1) - 1
    return eager.QConfig(
        activation=eager.FakeQuantize.with_args(
            observer=eager.MovingAverageMinMaxObserver,
            dtype=torch.quint8,
            quant_min=0,
            quant_max=127,
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
    model = nn.Sequential(
        OrderedDict(quant=eager.QuantStub(), **children, dequant=eager.DeQuantStub())
    ).train()
    model = eager.fuse_modules_qat(
        model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]]
    )
    model.qconfig = low_bit_qconfig(bits)
    return eager.prepare_qat(model)


def accuracy_val(model):
    """Return the accuracy on the validation digits."""
    with torch.no_grad():
        return measures.accuracy(model.eval()(val_images).numpy(), y_val)


# %%
def train_quantized(bits, seed, epochs=4, switch=None):
    """Return the accuracy before training and after each epoch, and the converted model's."""
    torch.manual_seed(seed)
    model = with_fake_quantization(bits)
    with torch.no_grad():
        model.eval()(train_images)  # calibrates: PTQ
    curve = [accuracy_val(model)]
    model.apply(switch or (lambda module: None))
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
    (line,) = axis.plot(
        range(5), np.median(curves, 0), look, fillstyle="none", label=f"{bits} bits"
    )
    axis.fill_between(
        range(5), curves.min(0), curves.max(0), color=line.get_color(), alpha=0.2, linewidth=0
    )
axis.set(
    xlabel="epochs of training with fake quantization (0: PTQ)",
    ylabel="validation accuracy",
    ylim=(0, 1.03),
)
axis.set_xticks(range(5))
axis.legend(title="median and range of 3 seeds")
described(figure, "training-with-fake-quantization")

# %%
for bits, trained in runs.items():
    apart = max(abs(curve[-1] - integer) for curve, integer in trained)
    print(f"{bits} bits: prepared and converted differ by {apart:.3f} at most")

# %% [markdown]
# **Read.** At 4 bits there is nothing to win, at 3 bits training wins back nearly everything, though not steadily, and at 2 bits, with one scale for a whole tensor, it cannot save the model in four epochs.
# The setbacks have a cause: weights near the border of two codes flip at each step while the learning rate is high, and the batch norms lag behind.
# A rate that falls, and a scale for each channel, help a lot; the exercise below trains three values per weight that way.
# The model with fake quantization computes in float32, on the points of the grid; the converted one in integers.
# That the two agree within a few images is what the fake quantization was for.
#
# **Predict.** What if they do not agree?

# %% question: fake-quantization-off

# %% [markdown]
# So compare them.
# Where the converted model is far worse than the prepared one, the training did not round: `disable_fake_quant` lets numbers pass unrounded, for the first steps of a training, and somebody has to call `enable_fake_quant` afterwards.
#
# **Run.** The same training with fake quantization switched off.

# %%
curve, converted = train_quantized(3, seed=0, switch=eager.disable_fake_quant)
print(f"prepared: {curve[-1]:.3f}   converted: {converted:.3f}")

# %% [markdown]
# **Read.** A float model was trained, and rounded for the first time in `convert`.

# %% exercise: qat-eager

# %% [markdown]
# With weights of a scale, its negative, or 0, the digits CNN loses half of its accuracy when it is rounded after training.
# **Quantization-aware training** rounds on the way forward, so that the weights learn to live with it.
# Set `ternary` to `cnn`, trained with the `ternary_qconfig` of the setup and converted.
#
# 1. Wrap `cnn` in `eager.QuantWrapper`, in *training* mode, and fuse it by `eager.fuse_modules_qat`, which keeps the batch norms and lets them learn.
# 2. Set `ternary_qconfig` as the model's `qconfig`, then [`prepare_qat`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.prepare_qat.html).
# 3. Train what it returns, which is a copy with parameters of its own.
#    A recipe that works from any seed: 6 epochs of Adam, batches of 32 in a new order each epoch, and a learning rate that falls from 3e-3 to 0 along a cosine.
#    Less can do. But while the rate is high, codes flip from step to step and the batch norms lag behind them, so that a rate that stays is a matter of luck.
# 4. `convert` it; put it into evaluation mode first, as a model to be served should be.
#
# A model that was converted without any training earns nothing, whatever it reads; and what a model reads counts where all of its codes are −1, 0 and 1.
#
# Worked value: `set(ternary.module.conv2.weight().int_repr().unique().tolist())` is `{-1, 0, 1}`,
# and at least 0.80 of the test digits are read. Those are for the judge: try your model on `digits.images("val")`.
# Grading takes other digits again, which nobody has seen.

# %%
ternary = ...  # a converted torch model
### BEGIN SOLUTION
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [
    ["module.conv1", "module.bn1", "module.relu1"],
    ["module.conv2", "module.bn2", "module.relu2"],
]
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
# ## Summary
#
# - A conversion that finds nothing to convert is silent. List the float weights that are left: a convolution stays under `quantize_dynamic`, and an LSTM under `{nn.Linear}`.
# - Codes, scales and zero points can be read out, and recomputed by hand to the bit. What is not stored can be asked: a ramp shows that the inputs of a dynamic layer have 7 bits here.
# - Static quantization is six steps; an SQNR on held-out examples shows which one was forgotten, where accuracy may not.
# - Sums need a `FloatFunctional`; activations need stubs; a quantized `state_dict` needs a model converted in the same way, and an engine that is there.
# - QAT pays where few bits hurt. The converted model must agree with the one that was trained.
#
# ## Where next
#
# Lesson 4b is about the successor of all this, torchao, and about moving there.
