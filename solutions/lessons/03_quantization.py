# ---
# about: "numbers of few bits: grids and their errors, granularity, calibration, packing"
# ---

# %% [markdown]
# # 3 · Quantization: grids and their errors
#
# *How are real numbers kept in 8, 4 or 2 bits, and how wrong does that make them?*
#
# After this lesson you can
#
# 1. choose the scale and the zero point of a grid, and say which errors it makes;
# 2. predict the signal-to-noise ratio from the number of bits, and see when the rule fails;
# 3. choose between one scale for a tensor, a channel or a group;
# 4. calibrate a range on data, and keep the data that choose apart from the data that judge;
# 5. pack codes into bytes.
#
# Lesson 3b goes on from here: it computes with the codes, from one layer to a whole network.
#
# **You need** lessons 1 and 2, NumPy, and a little PyTorch.
# No quantization library is used in the exercises; the text uses PyTorch's own operators to check what you build.
#
# **Time**: about 66 minutes to read, run and answer, and 110 for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 3.1 Whole numbers of few bits | 8 | 5 |
# | 3.2 Scale and zero point | 13 | 12 |
# | 3.3 Codes and back | 9 | 25 |
# | 3.4 What a bit is worth | 8 | 13 |
# | 3.5 One scale for how many values? | 10 | 20 |
# | 3.6 Calibrate a range | 13 | 17 |
# | 3.7 Pack codes into bytes | 5 | 18 |
#
# A good place for a break is the end of section 3.4.
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.
#
# **What you may use.** An answer may call your answer to an earlier exercise; a mistake there then costs points in both.
# Where a task names a function of `quizlib.measures`, take it: it is proved, and you write only what is new.
# An array or a model that is handed to a function is the caller's: it stays as it is, and a change may cost a point.
# Where a `float` is asked for, a number of NumPy will do as well; where an `int` is asked for, it has to be one of Python.
# Whether a value that lies within float32's precision of the middle between two codes goes up or down is not looked at, unless a task says so.

# %% [markdown]
# Run the next two cells first.
# The cells of the text work whether or not you have solved an exercise; only cells that begin with `# Try it` use your answer.

# %%
import quizlib
from quizlib import check, hint

quizlib.begin("03-quantization")

# %%
import copy

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from quizlib import measures
from quizlib.zoo import digits_cnn, load_digits
from quizlib.zoo.figures import described, plain_ticks, use_style

torch.set_num_threads(1)
use_style()

# %% [markdown]
# ## 3.1 · Whole numbers of few bits
#
# **Why.** A float32 takes `4 bytes`, and a processor multiplies it with a large circuit.
# A whole number of 8 bits takes `1 byte`, and its multiplier is far smaller.
# The price is that it has only $2^8$ different values, its **codes**; the smallest is called `quant_min`, the largest `quant_max`.
#
# Signed integers use **two's complement**: the highest bit counts negative.
# So there is one negative code more than there are positive ones.
# The **narrow range** leaves that one out and is symmetric about 0.
#
# **Predict.** What becomes of 140 when it is stored in 8 bits with a sign?
#
# **Run.** [`torch.iinfo`](https://docs.pytorch.org/docs/stable/type_info.html) knows the ranges.

# %%
limits = {}
for dtype in (torch.int8, torch.uint8, torch.int16, torch.int32):
    info = torch.iinfo(dtype)
    limits[str(dtype)] = {"bits": info.bits, "quant_min": info.min, "quant_max": info.max}
pd.DataFrame(limits).T.style.format("{:,}")

# %%
too_large = torch.tensor([100, 128, 140, 256, 300])
print("stored in int8: ", too_large.to(torch.int8).tolist())
print("clamped before: ", too_large.clamp(-128, 127).to(torch.int8).tolist())

# %% [markdown]
# **Read.** A cast keeps the lowest 8 bits and **wraps**: what is a little too large comes back as very negative.
# A quantizer has to **saturate**: it clamps to the ends of the range while the numbers are still wide, and casts last.

# %% question: wrap-or-saturate

# %% exercise: integer-range

# %% [markdown]
# Write `integer_range(bits, *, signed=True, narrow=False)`.
# It returns the smallest and the largest code of `bits` bits, `(quant_min, quant_max)`, both `int`.
#
# - Signed codes are in two's complement: 8 bits reach from `-128` to `127`.
# - Unsigned codes begin at `0`.
# - `narrow=True` drops the smallest signed code, so that the range is symmetric about 0; for unsigned codes it changes nothing.
# - A width outside 2 to 16 raises a `ValueError`.
#
# Worked value: `integer_range(4)` is `(-8, 7)`.


# %%
def integer_range(bits: int, *, signed: bool = True, narrow: bool = False) -> tuple[int, int]:
    """Return `(quant_min, quant_max)` of a code of `bits` bits, 2 to 16."""
    ### BEGIN SOLUTION
    if not 2 <= bits <= 16:
        raise ValueError(f"bits is {bits}; expected 2 to 16.")
    if not signed:
        return 0, 2**bits - 1
    quant_max = 2 ** (bits - 1) - 1
    return (-quant_max if narrow else -quant_max - 1), quant_max
    ### END SOLUTION


# %%
# Try it: how many codes does each width have?
for bits in (2, 4, 8):
    print(bits, integer_range(bits), integer_range(bits, narrow=True))
    print(bits, integer_range(bits, signed=False), "without a sign")

# %% [markdown]
# ## 3.2 · Scale and zero point
#
# **Why.** Codes are whole numbers, and weights are not.
# A **grid** ties them together with two numbers: the **scale** $s$ (`scale`), the real distance between two neighbouring codes, and the **zero point** $z$ (`zero_point`), the code of real 0.0.
#
# $$q = \mathrm{clamp}(\mathrm{round}(x / s) + z,\ \mathrm{quant\_min},\ \mathrm{quant\_max}) \qquad \hat{x} = s\,(q - z)$$
#
# The code $q$ (`q`) stands for the **reconstruction** $\hat{x}$ (`x_hat`) of the real value $x$ (`x`).
# A **symmetric** grid has $z = 0$ and reaches as far down as up; an **affine** grid puts its ends where the data end.
#
# **Predict.** Our network reads the digits of lesson 1 with two convolutions.
# For its weights, which grid would you choose, and which for the outputs of a ReLU?
#
# **Run.** First look at the data, then choose.
# [`fuse_conv_bn_eval`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_eval.html) merges each batch norm into its convolution; section 3b.3 shows how.

# %%
digits = load_digits()
train_images = torch.from_numpy(digits.images("train"))
val_images = torch.from_numpy(digits.images("val"))
trained = digits_cnn().requires_grad_(False)
net = nn.Sequential()
for name, module in trained.named_children():
    fused = {"conv1": trained.bn1, "conv2": trained.bn2}.get(name)
    if not name.startswith("bn"):
        net.add_module(name, fuse_conv_bn_eval(module, fused) if fused else module)
print(net)

# %%
after_relu = net[:2](train_images[:200])
grids = {
    "weights of conv2": (net.conv2.weight, -7, 7),
    "outputs of relu1": (after_relu, 0, 15),
}
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.8))
for panel, (name, (values, quant_min, quant_max)) in zip(panels, grids.items()):
    step = float(values.abs().max()) / quant_max
    panel.hist(values.flatten().numpy(), bins=120, color="#56B4E9", log=True)
    codes = np.arange(quant_min, quant_max + 1)
    panel.vlines(
        codes * step,
        *panel.get_ylim(),
        color="#D55E00",
        linewidth=0.9,
        linestyle="--",
        label="real values of the codes",
    )
    panel.grid(visible=False, axis="x")  # the dashed lines are the grid here
    panel.yaxis.set_major_formatter("{x:,g}")
    panel.set_xlim((quant_min - 0.5) * step, (quant_max + 0.5) * step)
    title = f"{name}: codes {quant_min} … {quant_max}".replace("-", "−")
    panel.set(title=title, xlabel="real value", ylabel="count")
figure.legend(*panel.get_legend_handles_labels(), loc="outside lower center")
described(figure, "grids-of-weights-and-activations")

# %% [markdown]
# **Read.** Weights lie on both sides of zero alike: a symmetric grid wastes next to nothing.
# Outputs of a ReLU are never negative: a symmetric grid would leave half of its codes unused, so theirs starts at 0.
# In both pictures most values crowd around zero, and few reach the ends.
# The few decide about the step of all.
#
# Scale and zero point follow from two equations: the lower end of the range has the code `quant_min`, the upper end the code `quant_max`.
#
# $$\mathrm{low} = s\,(\mathrm{quant\_min} - z) \qquad \mathrm{high} = s\,(\mathrm{quant\_max} - z)$$
#
# Their difference gives $s$; then the first gives $z$, which is rounded, since it is a code.
# By hand: for the range −0.6 … 1.9 and the codes 0 … 25, $s = 2.5 / 25 = 0.1$ and $z = 0 + 0.6 / 0.1 = 6$; the code 6 stands for 0.0, and the code 25 for 1.9.

# %% question: affine-step

# %% [markdown]
# Why must 0.0 always have a code of its own?
# Padding, ReLU and pruned weights all produce exact zeros, many of them, and an error in each would add up.
# So the range is **widened until it contains 0** before the scale is computed.
# That settles a constant array, too: nothing but 2.5 has the range 0 … 2.5, and comes back as 2.5.
# Only zeros alone leave an empty range; any scale will do for them, and 1.0 is the custom.
# The next question is what happens otherwise.

# %% question: clamped-zero-point

# %%
hint("clamped-zero-point")

# %% exercise: symmetric-scale

# %% [markdown]
# Write `symmetric_scale(x, bits)`.
# It returns the `scale` (a `float`) with which the largest magnitude of `x` gets the largest code of the narrow signed range: at 8 bits the range is −127 … 127.
# The zero point of a symmetric grid is 0.
# `x` is a float32 array of any shape with at least one value; where it holds nothing but zeros, return `1.0`.
#
# Worked value: for `x = [0.5, -1.0, 2.54]` and 8 bits the scale is $2.54 / 127 = 0.02$.


# %%
def symmetric_scale(x: np.ndarray, bits: int) -> float:
    """Return the step of the symmetric grid of `bits` bits that just reaches max(|x|)."""
    ### BEGIN SOLUTION
    largest = float(np.abs(x).max())
    if largest == 0:
        return 1.0
    return largest / (2 ** (bits - 1) - 1)
    ### END SOLUTION


# %%
# Try it: what does one bit less do to the step?
for bits in (8, 7, 4, 2):
    print(bits, symmetric_scale(weights, bits))

# %% exercise: affine-parameters

# %% [markdown]
# Write `affine_parameters(x, quant_min, quant_max)`.
# It returns `(scale, zero_point)`, a `float` and an `int` of Python, so that codes from `quant_min` to `quant_max` just cover the values of `x`.
#
# - Real 0.0 must have a code of its own: where 0 lies outside the values, widen the range to reach it.
# - The zero point is rounded to a whole number, half to even; the scale is not rounded.
# - Where `x` holds nothing but zeros, the scale is `1.0` and the zero point `quant_min`.
#
# `x` is a float32 array of any shape with at least one value.
#
# Worked value: for `x = [0.5, -1.0, 1.55]`, 0 and 255 the scale is $2.55 / 255 = 0.01$ and the zero point is 100.


# %%
def affine_parameters(x: np.ndarray, quant_min: int, quant_max: int) -> tuple[float, int]:
    """Return the scale and the zero point of the affine grid that just covers `x` and 0.0."""
    ### BEGIN SOLUTION
    low = min(float(x.min()), 0.0)
    high = max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, round(quant_min - low / scale)
    ### END SOLUTION


# %%
# Try it: where does the code of 0.0 lie?
print(affine_parameters(activations, -128, 127))
print(affine_parameters(activations + 2.0, -128, 127))

# %% [markdown]
# ## 3.3 · Codes and back
#
# **Why.** Quantizing and dequantizing again, a **round trip**, loses something.
# There are two kinds of error, and they behave differently: **rounding** inside the grid, **saturation** outside.
#
# **Predict.** With scale $s$, how large can the error of rounding get, at most?
# And that of saturation?

# %% question: round-trip-laws

# %% [markdown]
# **Run.** [`torch.fake_quantize_per_tensor_affine`](https://docs.pytorch.org/docs/stable/generated/torch.fake_quantize_per_tensor_affine.html) makes the round trip in one go.
# What comes out are floats that lie on the grid; this is called **fake quantization**.
# Accuracy is measured with it long before any integer kernel exists, and training uses it, too.

# %%
step = 0.5
line = torch.linspace(-5, 5, 1001)
reached = torch.fake_quantize_per_tensor_affine(line, step, 0, -8, 7)
error = reached - line
inside = (line >= -8 * step) & (line <= 7 * step)
assert error[inside].abs().max() <= step / 2 + 1e-6  # the bound, to the last bits of a float32
print("largest error inside the grid: ", float(error[inside].abs().max()))
print("half a step:                   ", step / 2)
print("largest error outside the grid:", float(error[~inside].abs().max()))

# %%
figure, (upper, lower) = plt.subplots(2, 1, figsize=(7, 4.6), sharex=True, height_ratios=(3, 2))
upper.plot(line, line, "--", color="#777777", label="x itself")
upper.plot(line, reached, label="x_hat, after the round trip")
upper.set(ylabel="value")
upper.legend()
lower.plot(line, error, color="#D55E00")
lower.axhspan(-step / 2, step / 2, color="#009E73", alpha=0.2, label="half a step up and down")
lower.set(xlabel="real value x", ylabel="error of x_hat")
lower.legend()
described(figure, "round-trip-staircase")

# %% [markdown]
# **Read.** Between the ends the error is a saw-tooth and never exceeds $s / 2$.
# Beyond them it grows without a bound.
# All choices of this lesson trade one against the other: a wider grid saturates less and rounds more.
#
# Where a value lies exactly between two codes, both neighbours are equally near.
# PyTorch and NumPy go to the **even** one; rounding halves up instead shifts the mean of many values.

# %%
halves = torch.tensor([0.5, 1.5, 2.5, 3.5])
to_even, upwards = torch.round(halves), torch.floor(halves + 0.5)
for name, values in {"themselves": halves, "to even": to_even, "upwards": upwards}.items():
    print(f"{name:10s} {values.tolist()}, mean {float(values.mean())}")

# %% exercise: quantize-affine

# %% [markdown]
# The way there: from real values to codes.
# Write `quantize(x, scale, zero_point, quant_min=-128, quant_max=127)`.
# It returns the codes of `x`, int8, in the shape of `x`, by the first equation of section 3.2.
#
# A value halfway between two multiples of the scale goes to the even one.
# `x` is a float32 array of any shape, with values that may lie far beyond the grid, such as `1e10`; `scale` is a `float` above 0; `zero_point` is an `int`.
#
# Worked value: `x = [0.3, 0.25, 100.0]` with scale 0.5 and zero point 10 gives `[11, 10, 127]`.


# %%
def quantize(
    x: np.ndarray, scale: float, zero_point: int, quant_min: int = -128, quant_max: int = 127
) -> np.ndarray:
    """Return the int8 codes of `x`, shape of `x`."""
    ### BEGIN SOLUTION
    codes = np.rint(x / scale) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)
    ### END SOLUTION


# %%
# Try it: which values share a code, and which are cut off?
print(signal)
print(quantize(signal, 1.0, 0))
print(quantize(signal, 0.25, 3, quant_min=-8, quant_max=7))

# %% exercise: dequantize-codes

# %% [markdown]
# The way back: from codes to real values.
# Write `dequantize(q, scale, zero_point)`.
# It returns the real values that the codes `q` stand for, float32, in the shape of `q`, by the second equation of section 3.2.
#
# `q` is an int8 or uint8 array of any shape.
#
# Worked value: `q = [-5, 10, 12]` with scale 0.5 and zero point 10 gives `[-7.5, 0.0, 1.0]`.


# %%
def dequantize(q: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    """Return the real values of the codes `q`, float32, shape of `q`."""
    ### BEGIN SOLUTION
    distance = q.astype(np.float32) - zero_point
    return (distance * scale).astype(np.float32)
    ### END SOLUTION


# %%
# Try it: what is the distance between two neighbours, and where is 0.0?
print(dequantize(codes, 0.5, 0))
print(dequantize(codes, 0.5, 100))

# %% exercise: round-trip-report

# %% [markdown]
# There and back, and what it cost: rounding and saturation, told apart.
# Write `round_trip_report(x, scale, zero_point, quant_min, quant_max)`.
# It sends `x` to codes and back, and returns a dict:
#
# - `"x_hat"`: the values after the round trip, rounded half to even, float32, in the shape of `x`;
# - `"error_steps"`: the largest $|\hat{x} - x| / \mathrm{scale}$ among the values that lie on or between the ends of the grid; `0.0` where there is none;
# - `"saturated"`: the fraction (0 to 1) of values that lie outside the ends of the grid.
#
# The grid ends at the real values of `quant_min` and of `quant_max`.
# Its codes need not fit 8 bits, so keep them in a wider type, or take `torch.fake_quantize_per_tensor_affine` for the way there and back.
# `x` is a float32 array with one axis.
#
# Worked value: with scale 0.25, zero point 2 and codes −8 … 7 the grid ends at −2.5 and 1.25; of `[0.61, 9.0]` one value in two is saturated, and the other is off by 0.44 steps.


# %%
def round_trip_report(
    x: np.ndarray, scale: float, zero_point: int, quant_min: int, quant_max: int
) -> dict[str, np.ndarray | float]:
    """Return what a round trip does to `x`: `x_hat`, `error_steps` and `saturated`."""
    ### BEGIN SOLUTION
    steps = x.astype(np.float64) / scale
    bounded = np.clip(steps, quant_min - zero_point, quant_max - zero_point)
    is_inside = bounded == steps
    x_hat = np.rint(bounded) * scale
    error_steps = np.abs(np.rint(bounded) - steps)[is_inside].max(initial=0.0)
    return {
        "x_hat": x_hat.astype(np.float32),
        "error_steps": float(error_steps),
        "saturated": float(1 - is_inside.mean()),
    }
    ### END SOLUTION


# %%
# Try it: a finer grid of as many codes covers less. Which error grows, which shrinks?
for scale in (0.5, 0.25, 0.125):
    report = round_trip_report(bell, scale, 0, -8, 7)
    if report is not None:
        print(scale, report["error_steps"] * scale, report["saturated"])

# %% [markdown]
# ## 3.4 · What a bit is worth
#
# **Why.** A bound is the worst case; what a network feels is the error over many values together.
# The **signal-to-quantization-noise ratio**, SQNR, compares the power of the values with that of their errors, in **decibels** (dB):
#
# $$\mathrm{SQNR} = 10 \log_{10} \frac{\sum x^2}{\sum (x - \hat{x})^2}$$
#
# Ten decibels are a factor of ten in power.
# If errors are spread evenly over $-s/2 … s/2$, their mean square is $s^2 / 12$.
# One bit more halves $s$, so it divides the noise power by four: $10 \log_{10} 4 \approx 6.02$ dB.
#
# **Predict.** Does the rule of 6 dB a bit hold for values with a few outliers as well?
# Will their line be less steep, or lower, or both?
# And is the rule the same with few bits as with many?
#
# **Run.** Each sample is put on a symmetric grid that just reaches its largest magnitude.
# `measures.quantize_symmetric` gives the scale of exercise {{number:symmetric-scale}} and the codes on that grid; with `clip` the grid ends there instead.

# %%
generator = np.random.default_rng(0)
samples = {
    "evenly spread": generator.uniform(-1, 1, 20_000),
    "normal": generator.normal(size=20_000),
    "weights of conv2": net.conv2.weight.flatten().numpy(),
    "heavy tails (Student t, 3)": generator.standard_t(3, 20_000),
}


def reconstruct(values, clip, bits):
    """Return `values` after a round trip through a symmetric grid from -clip to clip."""
    codes, scale = measures.quantize_symmetric(values, bits, clip=clip)
    return codes * scale


# %%
widths = np.arange(2, 13)
figure, axis = plt.subplots(figsize=(6.8, 4.2))
for (name, values), look in zip(samples.items(), ("o-", "s-", "D-", "^-"), strict=True):
    reach = np.abs(values).max()
    grids = [reconstruct(values, reach, int(bits)) for bits in widths]
    ratio = [measures.sqnr_db(values, grid) for grid in grids]
    slope = np.polyfit(widths[-5:], ratio[-5:], 1)[0]
    label = f"{name}: {slope:.2f} dB a bit from 8 bits on"
    axis.plot(widths, ratio, look, fillstyle="none", label=label)
axis.plot(widths, 6.02 * widths, "--", color="#777777", label="6.02 dB · bits")
axis.axhline(0, color="#777777", linewidth=0.8)
axis.set(xlabel="width of a code (bits)", ylabel="SQNR (dB)")
axis.legend()
described(figure, "sqnr-by-bits")

# %% [markdown]
# **Read.** With enough bits all lines have the slope of the rule, and each has a height of its own.
# The further the largest value stands out, the lower the line: the heavy-tailed sample pays several bits for its outliers.
#
# With few bits the rule fails, in both directions.
# The line of the evenly spread values is steeper there: the narrow range has $2^b - 2$ steps, so one more bit more than doubles them, from 2 to 6, from 6 to 14, from 14 to 30.
# The heavy-tailed line is flatter: nearly all values round to 0, the error is the value itself, and a bit more changes little.

# %% question: bits-for-decibels

# %% exercise: sqnr-db

# %% [markdown]
# Write `sqnr_db(x, x_hat)`.
# It returns the signal-to-quantization-noise ratio in decibels, a `float`, by the equation at the head of this section.
#
# `x` and `x_hat` are arrays of one shape, float32 or float16; no square, sum or difference may overflow in float16.
# Where `x_hat` equals `x`, there is no noise to compare with: raise a `ValueError`, also where both are all zeros.
#
# Worked value: `x = [10, -10]` and `x_hat = [11, -11]` give 20 dB.


# %%
def sqnr_db(x: np.ndarray, x_hat: np.ndarray) -> float:
    """Return the signal to quantization noise ratio of `x_hat`, in decibels."""
    ### BEGIN SOLUTION
    signal = x.astype(np.float64)
    noise = signal - x_hat.astype(np.float64)
    if not noise.any():
        raise ValueError("x_hat equals x, so there is no noise to compare with.")
    return float(10 * np.log10(np.sum(signal**2) / np.sum(noise**2)))
    ### END SOLUTION


# %%
# Try it: half the step, how many decibels more?
for step in (0.2, 0.1, 0.05):
    print(step, sqnr_db(tone, np.round(tone / step) * step))

# %% exercise: decibels-per-bit

# %% [markdown]
# Write `decibels_per_bit(x, widths)`.
# For each width in the list `widths` (numbers of bits, in any order), put `x` on the symmetric grid that just reaches its largest magnitude, go back to real values, and take the SQNR in decibels.
# Return the slope of the least-squares line of SQNR against bits, a `float`.
# `x` is a float32 array of any shape.
#
# You may use `measures.quantize_symmetric(x, bits)`, which returns codes and scale, and `measures.sqnr_db(x, x_hat)`.
#
# Worked value: if 4 bits give 20 dB and 6 bits give 32 dB, the slope is 6 dB a bit.


# %%
def decibels_per_bit(x: np.ndarray, widths: list[int]) -> float:
    """Return how many decibels of SQNR one more bit brings, fitted over `widths`."""
    ### BEGIN SOLUTION
    ratios = []
    for bits in widths:
        codes, scale = measures.quantize_symmetric(x, bits)
        ratios.append(measures.sqnr_db(x, codes * scale))
    return float(np.polyfit(widths, ratios, 1)[0])
    ### END SOLUTION


# %%
# Try it: is a bit worth as much where a few values lie far out?
print(decibels_per_bit(flat, [3, 4, 5, 6, 7, 8]))
print(decibels_per_bit(heavy, [3, 4, 5, 6, 7, 8]))

# %% [markdown]
# ## 3.5 · One scale for how many values?
#
# **Why.** If outliers spoil the step for everyone, let fewer values share a step.
# The **granularity** says how many do:
#
# | granularity | one scale for | shape of the scales of a weight (outputs, inputs) |
# |---|---|---|
# | per tensor | all weights of a layer | `()` |
# | per channel | the weights of one output | `(outputs, 1)` |
# | per group | `group_size` neighbours in one row | `(outputs, inputs / group_size)` |
#
# A trained network can hold channels of very different size without showing it.
# Multiply all weights of one channel by 20, and divide those that read its output by 20.
# ReLU and pooling pass a positive factor through, so the function stays the same; networks with batch norm and depthwise convolutions get there by themselves.
#
# **Predict.** Such a network gives the same answers in float32.
# What will a 4-bit grid per tensor do to it?
#
# **Run.**

# %%
stretched = copy.deepcopy(net)
stretched.conv1.weight[3] *= 20
stretched.conv1.bias[3] *= 20
stretched.conv2.weight[:, 3] /= 20  # reads that channel
stretched.conv2.weight[5] *= 20
stretched.conv2.bias[5] *= 20
stretched.output.weight[:, 20:24] /= 20  # 2 × 2 values of channel 5
difference = (net(val_images) - stretched(val_images)).abs().max()
print("largest difference between the logits:", float(difference))


# %%
def on_grid(weight, bits, group_size):
    """Round a weight to symmetric grids, one for each run of `group_size` values."""
    runs = weight.flatten().split(group_size)
    rounded = [reconstruct(run, float(run.abs().max()), bits) for run in runs]
    return torch.from_numpy(np.concatenate(rounded)).float().reshape(weight.shape)


# %%
original = stretched.conv2.weight
maps = {"the weights themselves": original.abs()}
group_sizes = {"per tensor": original.numel(), "per channel": 144, "per group of 9": 9}
for name, group_size in group_sizes.items():
    scale_count = original.numel() // group_size
    size = (original.numel() * 4 / 8 + 4 * scale_count) / 1000
    error = (on_grid(original, 4, group_size) - original).abs()
    maps[f"{name}: {size:.2f} kB, mean error {float(error.mean()):.3f}"] = error

# %%
figure, panels = plt.subplots(2, 2, figsize=(9.5, 5.2), sharex=True, sharey=True)
top = float(net.conv2.weight.abs().max())
for panel, (name, values) in zip(panels.flat, maps.items(), strict=True):
    table = values.reshape(32, 144)
    picture = panel.imshow(table, cmap="Blues", vmin=0, vmax=top / 2, aspect="auto")
    panel.set_title(name, fontsize=10)
    panel.grid(visible=False)
figure.supxlabel("input channel × place in the 3 × 3 kernel", fontsize=10)
figure.supylabel("output channel", fontsize=10)
label = "magnitude of weight, or of error (4 bits)"
figure.colorbar(picture, ax=panels, label=label, extend="max")
described(figure, "granularity-maps")

# %% [markdown]
# **Read.** Per tensor, the stretched channel takes all codes; everywhere else the error is the weight itself, so nothing is left of it.
# Per channel, each row has a step of its own, and the loss is confined to the row that caused it.
# Per group, columns of small weights get small steps as well; it is the most exact, and its scales cost the most bytes.

# %% question: outlier-codes

# %% question: bits-with-scales

# %% exercise: quantize-per-channel

# %% [markdown]
# Write `quantize_per_channel(w, axis, bits)`.
# It does for each channel what exercise {{number:symmetric-scale}} did for a whole array: `w` goes to the narrow signed range of `bits` bits, with a scale of its own for each channel.
# Write it with NumPy or PyTorch alone; later exercises then get it from the package.
# Return `(codes, scales)`:
#
# - `axis` is the axis that the channels run along; every other axis shares the scale;
# - `codes`: int8, in the shape of `w`, rounded half to even;
# - `scales`: float32, with as many axes as `w` and length 1 on all of them but `axis`, so that `codes * scales` gives the real values back.
#
# A channel of zeros gets the scale `1.0`.
#
# Worked value: a `w` of shape (4, 3, 3, 3) with `axis=0` has scales of shape (4, 1, 1, 1); with `axis=1`, of shape (1, 3, 1, 1).


# %%
def quantize_per_channel(w: np.ndarray, axis: int, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the int8 codes of `w` and one float32 scale per channel along `axis`."""
    ### BEGIN SOLUTION
    quant_max = 2 ** (bits - 1) - 1
    others = tuple(i for i in range(w.ndim) if i != axis)
    largest = np.abs(w).max(axis=others, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / quant_max).astype(np.float32)
    return np.rint(w / scales).astype(np.int8), scales
    ### END SOLUTION


# %%
# Try it: how many codes would the smallest channel use with one scale for all?
found = quantize_per_channel(kernel, 0, 8)
if found is not None:
    codes, scales = found
    print(codes.shape, scales.shape, scales.ravel())
    print(
        "channel 0 with the scale of channel 3:", np.abs(np.rint(kernel[0] / scales[3])).max()
    )

# %% exercise: quantize-per-group

# %% [markdown]
# Write `quantize_per_group(w, group_size, bits)` for a matrix `w` of shape (rows, columns).
# Each run of `group_size` neighbours in a row is a group with a symmetric scale of its own.
# What is new is the shape alone: `measures.quantize_symmetric(x, bits, axis=0)` gives the codes (int32) of each row of `x` and a scale a row (float64).
# Return `(codes, scales)`:
#
# - `codes`: int8, shape (rows, columns), from the narrow signed range of `bits` bits, rounded half to even;
# - `scales`: float32, shape (rows, columns / group_size).
#
# A group of zeros gets the scale `1.0`.
# Where `group_size` does not divide the number of columns, raise a `ValueError`.
#
# Worked value: a `w` of shape (8, 64) with groups of 16 has scales of shape (8, 4).


# %%
def quantize_per_group(
    w: np.ndarray, group_size: int, bits: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the int8 codes of `w`, (rows, columns), and its float32 scales, (rows, groups)."""
    ### BEGIN SOLUTION
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError(f"w has {columns} columns, which groups of {group_size} do not fill.")
    count = columns // group_size  # groups in a row
    groups = w.reshape(rows * count, group_size)
    codes, scales = measures.quantize_symmetric(groups, bits, axis=0)
    codes = codes.reshape(w.shape).astype(np.int8)
    return codes, scales.reshape(rows, count).astype(np.float32)
    ### END SOLUTION


# %%
# Try it: what does a smaller group cost in scales, and what does it save in error?
for group_size in (64, 16, 4):
    found = quantize_per_group(matrix, group_size, 4)
    if found is not None:
        codes, scales = found
        error = np.repeat(scales, group_size, axis=1) * codes - matrix
        print(group_size, scales.size, np.abs(error).mean())

# %% [markdown]
# ## 3.6 · Calibrate a range
#
# **Why.** Weights are known, activations are not: their range has to be estimated on examples.
# This is **calibration**, and there are three common ways:
#
# - **min-max** covers all that was seen;
# - a **percentile** leaves out a fixed fraction of the values: the largest magnitudes on a symmetric grid, the largest values after a ReLU, and half of the fraction at each end on an affine grid;
# - **MSE** takes the **clip**, the end of the grid, with the least mean squared error.
#
# **Predict.**

# %% question: best-clip-by-bits

# %% [markdown]
# **Run.** The error against the clip, for the heavy-tailed sample of section 3.4; the percentiles here are those of its magnitudes.

# %%
tails = samples["heavy tails (Student t, 3)"]
reach = np.abs(tails).max()
shares = np.geomspace(0.03, 1.0, 80)
best_shares = {}
figure, axis = plt.subplots(figsize=(6.8, 4.2))
for bits, look in ((3, "-"), (4, "--"), (6, "-."), (8, ":")):
    grids = [reconstruct(tails, share * reach, bits) for share in shares]
    errors = [measures.mean_squared_error(tails, grid) for grid in grids]
    (curve,) = axis.plot(shares, errors, look, label=f"{bits} bits")
    best_shares[bits] = shares[np.argmin(errors)]
    axis.plot(best_shares[bits], min(errors), "o", color=curve.get_color(), markersize=8)
marks = {1.0: "min-max", 0.999: "99.9th\npercentile of |x|", 0.99: "99th\npercentile of |x|"}
for coverage, label in marks.items():
    place = np.quantile(np.abs(tails), coverage) / reach
    axis.axvline(place, color="#777777", linewidth=0.9)
    above = axis.get_xaxis_transform()
    axis.text(place, 1.02, label, ha="center", fontsize=9, transform=above)
axis.set(xscale="log", yscale="log", xlabel="clip (fraction of the largest magnitude)")
axis.set_ylabel("mean squared error")
axis.legend(loc="lower left")
plain_ticks(axis)
described(figure, "error-by-clip")

# %%
best = pd.Series(best_shares, name="best clip (fraction of the largest magnitude)")
best.rename_axis("bits").round(2).to_frame()

# %% [markdown]
# **Read.** Two errors add up.
# Far left of the dots all curves run together: saturation rules there, and it does not ask for the bits.
# Far right of them the curves lie apart: rounding rules there.
# At the dot the two are in balance.
# With few bits that is far inside; only with many bits does the best clip come near the largest value.
# So no fixed percentile is right for all widths; the MSE curve finds the balance for the width at hand.

# %% exercise: calibration-range

# %% [markdown]
# Write `calibration_range(batches, coverage=1.0)`.
# `batches` is a list of float32 arrays of any shape, what one layer put out on each calibration batch.
# Return `(low, high)`, two `float`s, the range that a grid should cover:
#
# - `coverage=1.0`: the smallest and the largest of all values;
# - below 1.0: the two percentiles of all values together, signs included, that leave out half of `1 - coverage` at each end (linear interpolation, NumPy's default);
# - the range holds 0.0 in any case.
#
# Worked value: of the 101 values 0, 1, …, 100 a coverage of 0.9 keeps 5 to 95; with 0.0 the range is `(0.0, 95.0)`.


# %%
def calibration_range(batches: list[np.ndarray], coverage: float = 1.0) -> tuple[float, float]:
    """Return the range `(low, high)` that holds 0.0 and the middle `coverage` of all values."""
    ### BEGIN SOLUTION
    values = np.concatenate([batch.ravel() for batch in batches]).astype(np.float64)
    tail = (1 - coverage) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return min(float(low), 0.0), max(float(high), 0.0)
    ### END SOLUTION


# %%
# Try it: how much of the range does one outlier take?
for coverage in (1.0, 0.999, 0.99):
    print(coverage, calibration_range(batches, coverage))

# %% exercise: best-clip

# %% [markdown]
# Write `best_clip(x, bits, clips)`.
# `x` is a float32 array of any shape.
# Each clip `c` of the list `clips` stands for a symmetric grid of `bits` bits (narrow range) that ends at `-c` and `c`; values beyond are clamped to the ends.
# `measures.quantize_symmetric(x, bits, clip=c)` gives the codes and the scale of that grid, and `measures.mean_squared_error(x, x_hat)` the error; both compute in float64.
# Return `(clip, error)`, two `float`s: the clip with the least mean squared error $\overline{(\hat{x} - x)^2}$ over all values, and that error; of equal errors, the first clip in the list.
#
# Worked value: with 4 bits and a clip of 7.0 the scale is 1.0, and the values `[0.4, 9.0]` become `[0.0, 7.0]`.


# %%
def best_clip(x: np.ndarray, bits: int, clips: list[float]) -> tuple[float, float]:
    """Return the clip whose grid has the least mean squared error on `x`, and that error."""
    ### BEGIN SOLUTION
    errors = []
    for clip in clips:
        codes, scale = measures.quantize_symmetric(x, bits, clip=clip)
        errors.append(measures.mean_squared_error(x, codes * scale))
    best = int(np.argmin(errors))
    return clips[best], errors[best]
    ### END SOLUTION


# %%
# Try it: which share of the largest magnitude should a 4-bit grid cover? And an 8-bit grid?
peak = float(np.abs(tailed).max())
clips = [peak * share for share in (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)]
for bits in (3, 4, 6, 8):
    found = best_clip(tailed, bits, clips)
    if found is not None:
        clip, error = found
        print(bits, clip / peak, error)

# %% [markdown]
# How many examples does a calibration need?
#
# **Predict.** Take more and more calibration images, and let one in fifty be overexposed, its pixels multiplied by 8.
# As calibration images are added, does the network misread more or fewer normal digits?
#
# **Run.** The outputs of both ReLUs get 3 bits, and the weights stay float32.
# Outputs of a ReLU have one end to choose: the 99th percentile here leaves out the largest hundredth of all outputs, zeros included in the count.
# The images that calibrate come from the training part, and the misread digits are those of the validation part.
# A range or a clip that was chosen on the test digits would make the test worthless.


# %%
def forward(model, x, ranges=None, bits=8):
    """Run a model; with `ranges`, put the output of each ReLU on a grid from 0 to its range."""
    seen, left = [], list(ranges or [])
    for module in model:
        x = module(x)
        if isinstance(module, nn.ReLU):
            seen.append(x)
            if ranges is not None:
                step = left.pop(0) / (2**bits - 1)
                x = torch.fake_quantize_per_tensor_affine(x, step, 0, 0, 2**bits - 1)
    return x, seen


# %%
sound, overexposed = forward(net, train_images)[1], forward(net, 8 * train_images)[1]


def calibrated_accuracy(size, faulty_share, coverage, seed):
    """Return the accuracy after a calibration on `size` random training images."""
    torch.manual_seed(seed)
    drawn, is_faulty = torch.randperm(len(train_images))[:size], torch.rand(size) < faulty_share
    ranges = []
    for good, bad in zip(sound, overexposed, strict=True):  # relu1, relu2
        outputs = torch.cat([good[drawn[~is_faulty]], bad[drawn[is_faulty]]])
        ranges.append(float(np.quantile(outputs.numpy(), coverage)))
    return measures.accuracy(forward(net, val_images, ranges, bits=3)[0], digits.y_val)


# %%
sizes = (1, 3, 10, 30, 100, 300, 1000)
settings = {
    "min-max, sound images": (0.0, 1.0),
    "min-max, 1 in 50 overexposed": (0.02, 1.0),
    "99th percentile of outputs, 1 in 50 overexposed": (0.02, 0.99),
}
calibrated = {}  # each of shape (sizes, seeds)
for name, setting in settings.items():
    draws = [[calibrated_accuracy(size, *setting, seed) for seed in range(9)] for size in sizes]
    calibrated[name] = np.array(draws)

# %%
figure, axis = plt.subplots(figsize=(6.8, 4.6))
for (name, found), look in zip(calibrated.items(), ("o-", "s--", "^-.")):
    wrong = np.rint((1 - found) * len(val_images))  # how many validation digits are misread
    (curve,) = axis.plot(sizes, np.median(wrong, 1), look, fillstyle="none", label=name)
    axis.fill_between(sizes, wrong.min(1), wrong.max(1), color=curve.get_color(), alpha=0.12)
misread = int((net(val_images).argmax(1).numpy() != digits.y_val).sum())
axis.axhline(misread, color="#777777", linestyle=":", label="float32")
axis.set(xscale="log", yscale="log", xlabel="calibration images (count)")
axis.set_ylabel(f"misread validation digits (of {len(val_images)})")
figure.legend(loc="outside upper left")
plain_ticks(axis)
described(figure, "calibration-images")

# %% [markdown]
# **Read.** These digits resemble each other, so a handful calibrates as well as a thousand.
# More images help min-max no further, they only offer it more outliers: one overexposed picture is enough to spoil the range.
# Its band is widest in the middle, where some of the nine draws hold such a picture and others do not, and narrow at the right end, where all of them do: a narrow band says that draws agree, and not that they are good.
# The percentile hardly notices.
# With real data the same plot tells how many images are enough: those from which on neither the line nor the band moves any more, and for a way of calibration whose line stays low.

# %% question: best-of-forty

# %% [markdown]
# ## 3.7 · Pack codes into bytes
#
# **Why.** A code of 4 bits in an int8 array takes `1 byte` all the same.
# To save bytes, two codes have to share one, or four codes of 2 bits.
#
# **Predict.** The code −3 has the bits 1101, and 5 has 0101.
# Which byte holds both, −3 in the lower half?
#
# **Run.** The first lines show bits; the table counts the bytes of the network's weights.

# %%
for code in (-3, 5):
    print(f"{code:3d} in 8 bits: {code & 255:08b}   its lower half: {code & 15:04b}")
print(f"both in a byte: {(-3 & 15) | (5 & 15) << 4:08b} =", (-3 & 15) | (5 & 15) << 4)

# %%
net_weights = {name: getattr(net, name).weight for name in ("conv1", "conv2", "output")}
weight_count = sum(weight.numel() for weight in net_weights.values())
table = {"float32": 4 * weight_count, "int8": weight_count}
for bits in (4, 2):
    table[f"{bits} bits, a byte each"] = weight_count
    sizes = [weight.numel() for weight in net_weights.values()]
    packed = [measures.packed_size_bytes(size, bits) for size in sizes]
    table[f"{bits} bits, packed"] = sum(packed)
pd.DataFrame({"bytes of the weights": table}).style.format("{:,}")

# %% [markdown]
# **Read.** `& 15` keeps the lower four bits, and drops the sign with the rest; taken out again, 1101 reads as 13 and not as −3.
# Only packed codes save bytes below 8 bits; codes that stay in float32 arrays would save none at all.

# %% question: sign-of-a-nibble

# %% exercise: pack-codes

# %% [markdown]
# No array has a dtype of 4 or of 2 bits; codes that small are packed, two or four a byte.
# Write `pack(codes, bits)`.
# `codes` is an int8 array with one axis, of signed codes of `bits` bits (2 or 4, two's complement).
# Return the bytes, uint8: the first code of a byte in its lowest bits, the next one above it, and so on; the last byte is filled up with zeros.
#
# Worked value: `[1, -2]` with 4 bits is the byte `0b1110_0001`, which is 225.


# %%
def pack(codes: np.ndarray, bits: int) -> np.ndarray:
    """Return signed codes of `bits` bits packed into uint8, the first code lowest."""
    ### BEGIN SOLUTION
    per_byte = 8 // bits
    fields = (codes & (2**bits - 1)).astype(np.uint8)
    fields = np.pad(fields, (0, -len(fields) % per_byte)).reshape(-1, per_byte)
    shifts = np.arange(0, 8, bits, dtype=np.uint8)
    return np.bitwise_or.reduce(fields << shifts, axis=1)
    ### END SOLUTION


# %%
# Try it: how many bytes do five codes of 4 bits take?
packed = pack(small_codes, 4)
print(packed if packed is None else [f"{byte:08b}" for byte in packed])

# %% exercise: unpack-codes

# %% [markdown]
# Write `unpack(packed, bits, count)`, the way back.
# `packed` is a uint8 array with one axis, with signed codes of `bits` bits (2 or 4, two's complement), the first code of a byte in its lowest bits.
# Return the first `count` codes, int8; what fills up the last byte is left out.
#
# Worked value: the byte `0b1110_0001` holds the 4-bit codes `[1, -2]`.


# %%
def unpack(packed: np.ndarray, bits: int, count: int) -> np.ndarray:
    """Return the first `count` signed codes of `bits` bits out of `packed`, int8."""
    ### BEGIN SOLUTION
    shifts = np.arange(0, 8, bits, dtype=np.uint8)
    fields = ((packed[:, None] >> shifts) & (2**bits - 1)).astype(np.int8)
    sign = 2 ** (bits - 1)
    return ((fields ^ sign) - sign).ravel()[:count]
    ### END SOLUTION


# %%
# Try it: the same bytes, read as codes of 4 bits and of 2.
print(unpack(packed_bytes, 4, 5))
print(unpack(packed_bytes, 2, 12))

# %% [markdown]
# ## Summary
#
# - **A grid** is a scale and a zero point. Widen the range until it contains 0; its length over the number of steps (codes less one) is the scale. Divide by the scale, round, add the zero point, clamp, and cast last.
# - **Two errors**: rounding, at most half a step, and saturation, without a bound. Each further bit is worth about 6 dB, once there are enough bits.
# - **Granularity** confines outliers: per channel for weights is nearly free, per group costs bytes for its scales.
# - **Calibration** balances rounding against saturation. Choose on training or validation data, and never on test data.
# - **Bytes** are saved below 8 bits only by packed codes.
#
# ## Where next
#
# Lesson 3b computes with the codes: layers and a whole network in integers, codebooks, and training through a rounding.
