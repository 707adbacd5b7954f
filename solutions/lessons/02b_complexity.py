# ---
# about: the roofline of your machine, complexity found by measuring, break-even sparsity, Amdahl's law, Pareto fronts
# ---

# %% [markdown]
# # 2b · Complexity: what a layer waits for, and when a saving is felt
#
# *Why does a layer take the time that it takes, and which saving in bytes or operations becomes a saving in time?*
#
# Lesson 2 counted bytes and operations, and timed calls.
# This lesson explains the times by the counts: where they agree, where they do not, and why.
#
# On the way it tests a sentence from the page of lesson 1: "time grows with how many weights remain".
#
# After this lesson you can
#
# 1. draw the roofline of your machine and say what a layer waits for, arithmetic or memory;
# 2. find complexity by measuring, and know when the slope misleads;
# 3. predict from which sparsity zeros pay, in bytes and in time;
# 4. say what a faster layer does to a whole model;
# 5. cross out the variants of a model that no one should serve.
#
# **You need** lesson 2: bytes, multiply-accumulates (MACs), FLOPs, and latencies with their median and quartiles.
#
# **Time**: about 90 minutes to read, run and answer, and 80 for the {{exercises}} exercises.
#
# | section | read, run, answer | exercises |
# |---|---|---|
# | 2b.1 Roofline | 22 minutes | 15 minutes |
# | 2b.2 Complexity | 18 minutes | 10 minutes |
# | 2b.3 After pruning | 13 minutes | 20 minutes |
# | 2b.4 Break-even | 19 minutes | 25 minutes |
# | 2b.5 Amdahl's law | 12 minutes | 10 minutes |
# | 2b.6 Pareto | 6 minutes | |
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.
#
# No exercise needs an earlier answer of yours.
# Where one could use what an earlier one asked for, `quizlib.measures` has it, so that nothing has to be written twice.

# %%
import quizlib
from quizlib import check, hint

quizlib.begin("02b-complexity")

# %%
import time
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import scipy.sparse
import torch
from matplotlib.ticker import EngFormatter
from torch import nn

from quizlib.measures import (
    accuracy,
    csr_size_bytes,
    file_size_bytes,
    is_pareto_optimal,
    latency_ms,
    loglog_slope,
    module_macs,
    parameter_count,
)
from quizlib.zoo import digits_cnn, digits_lstm, digits_mlp, digits_residual, load_digits
from quizlib.zoo.eager import quantize_dynamic
from quizlib.zoo.figures import described, plain_ticks, use_style

torch.set_num_threads(1)  # times of one thread repeat better
torch.set_grad_enabled(False)  # this lesson serves, and trains nothing
use_style()
digits = load_digits()

# %% [markdown]
# ## 2b.1 · What a layer waits for: the roofline
#
# **Why.** A processor computes, and memory feeds it; the slower of the two sets the pace.
# Which one it is depends on the operations that a layer does with each byte that it moves, its **arithmetic intensity**.
# A machine has two ceilings for the speed of a layer: the **peak**, the most operations a second that it computes (nothing to do with the peak of memory in lesson 2), and its **bandwidth**, the bytes a second that memory delivers: a layer computes at most that times its intensity.
# Drawn over the intensity on logarithmic axes they look like a roof, so the picture is called a **roofline**.
# It comes from [Williams, Waterman and Patterson](https://dl.acm.org/doi/10.1145/1498765.1498785).
#
# Bandwidth is not one number either: the **caches**, small memories inside the processor that keep what was used last, deliver several times as much.
#
# **Predict.** A dot product reads two arrays, of a few kilobytes and then of twice as many, again and again.
# How will the bytes that it reads in a second change?
#
# **Run.** A ceiling is what was reached at best, so here the *shortest* time counts.


# %%
def fastest_s(call, repeats=60):
    return latency_ms(call, repeats=repeats, warmup=3).min_ms / 1000


def read_bandwidth(megabytes):
    """Return the bytes a second that a dot product of two arrays reads."""
    one, two = (torch.ones(round(megabytes * 1e6 / 8)) for _ in range(2))
    repeats = 200 if megabytes < 1 else 30 if megabytes < 50 else 5
    return (one.nbytes + two.nbytes) / fastest_s(partial(torch.dot, one, two), repeats)


megabytes_read = 2.0 ** np.arange(-5, 10)
rounds = [[read_bandwidth(megabytes) for megabytes in megabytes_read] for _ in range(3)]
bandwidths = np.max(rounds, axis=0)  # of several rounds, since a busy moment would spoil a size
square = torch.randn(512, 512)
peak = 2 * 512**3 / fastest_s(partial(torch.mm, square, square))
ceilings = {"peak": peak, "memory": bandwidths[-1], "cache": bandwidths.max()}
print(f"peak {ceilings['peak'] / 1e9:.0f} GFLOP/s")
print(f"bandwidth of memory {ceilings['memory'] / 1e9:.0f} GB/s")
print(f"bandwidth of the fastest cache {ceilings['cache'] / 1e9:.0f} GB/s")
print(f"peak and memory meet at {peak / ceilings['memory']:.1f} FLOP/byte, the ridge")
last = bandwidths[-1] / bandwidths[-2] - 1
print(f"the last doubling of the bytes changed their speed by {last:+.0%}")

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.4))
axis.plot(megabytes_read, bandwidths / 1e9, "o-")
axis.set(
    xscale="log", yscale="log", xlabel="bytes that are read (MB)", ylabel="bandwidth (GB/s)"
)
plain_ticks(axis)
described(figure, "bandwidth-by-bytes")

# %% [markdown]
# **Read.** On the left the cost of the call is shared by few bytes.
# Then each cache has its plateau, and the curve steps down where the arrays outgrow one; what is left at the right is the memory itself.
# The right end tells whether the arrays are large enough: where the last doubling changes next to nothing, no cache has a part in it.
# If your curve still falls there, your caches hold even these arrays, and the memory is slower than the number above says.

# %% [markdown]
# **Predict.** A dense layer of `4096 × 4096` float32 weights reads `64 MiB`; the curve above tells whether a cache of yours holds so many.
# With one row it does two operations for each weight of four bytes, so its intensity is `0.5` FLOP/byte.
# Will it be limited by memory or by arithmetic?
# With how many rows does that change?

# %% question: memory-bound-levers

# %% [markdown]
# **Run.** Each layer's operations and bytes are counted, and its time is measured.
# Like the ceilings, the layers are shown at their best; the bars reach down to the slowest quarter of the calls.
# A layer with a single weight shows beside them what a call costs in which there is nothing to do.


# %%
def linear_work(layer, count):
    """Return a call of the layer with `count` rows, its operations, and the bytes that it moves."""
    inputs = torch.randn(count, layer.in_features)
    moved = (
        inputs.nbytes
        + layer(inputs).nbytes
        + sum(parameter.nbytes for parameter in layer.parameters())
    )
    return partial(layer, inputs), 2 * count * layer.weight.numel(), moved


large, hidden2 = nn.Linear(4096, 4096, bias=False), digits_mlp().hidden2
work = {
    f"linear 4096 × 4096, {count} row{'s' * (count > 1)}": linear_work(large, count)
    for count in (1, 4, 16, 64)
}
vector, its_relu = torch.randn(2, 4096 * 4096)
relu = partial(torch.clamp, vector, min=0.0, out=its_relu)
work["ReLU of 4096 × 4096"] = (relu, vector.numel(), vector.nbytes + its_relu.nbytes)
work["MLP's hidden2, 1 row"] = linear_work(hidden2, 1)
work["MLP's hidden2, 256 rows"] = linear_work(hidden2, 256)

# %%
points = {}
for name, (call, operations, moved) in work.items():
    latency = latency_ms(call, repeats=12, warmup=2)
    gflops = [
        operations / duration / 1e6 for duration in (latency.min_ms, latency.percentile_ms(75))
    ]
    points[name] = [
        1000 * latency.min_ms,
        moved / latency.min_ms / 1e6,
        operations / moved,
        *gflops,
    ]
points = pd.DataFrame(
    points, index=["µs", "GB/s", "FLOP/byte", "GFLOP/s, best", "GFLOP/s, slowest quarter"]
).T
best, peak_gflops = points["GFLOP/s, best"], ceilings["peak"] / 1e9
under_roof = np.minimum(peak_gflops, points["FLOP/byte"] * ceilings["memory"] / 1e9)
one_weight = nn.Linear(1, 1)
empty_call_us = 1e6 * fastest_s(partial(one_weight, torch.ones(1, 1)))
rows_at_ridge = 2 * ceilings["peak"] / ceilings["memory"]
print(f"a call of a layer with one weight: {empty_call_us:.1f} µs")
print(f"the large layer reaches the ridge with about {rows_at_ridge:.0f} rows")
shown = points.drop(columns="GFLOP/s, slowest quarter").round(
    {"µs": 1, "GB/s": 1, "FLOP/byte": 2, "GFLOP/s, best": 1}
)
shown.assign(
    **{
        "of peak": (best / peak_gflops).round(2),
        "of memory's roof": (best / under_roof).round(2),
    }
)

# %%
figure, axis = plt.subplots(figsize=(8.5, 4.4))
span = np.geomspace(0.05, 300, 200)
for name, look in (("memory", "-"), ("cache", "--")):
    roof = np.minimum(ceilings["peak"], span * ceilings[name]) / 1e9
    axis.plot(
        span, roof, look, color="0.3", label=f"roof of {'the ' * (name == 'cache')}{name}"
    )
for (name, (at, fast, slow)), mark in zip(
    points.iloc[:, 2:].iterrows(), "osD^vP*", strict=True
):
    axis.errorbar(
        at,
        fast,
        [[fast - slow], [0]],
        fmt=mark,
        fillstyle="none",
        markersize=9,
        capsize=3,
        label=name,
    )
axis.set(
    xscale="log",
    yscale="log",
    xlabel="arithmetic intensity (FLOP/byte)",
    ylabel="speed (GFLOP/s)",
)
plain_ticks(axis)
axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9)
described(figure, "roofline")

# %% [markdown]
# **Read.**
#
# - The large layer with one row is **memory bound** where no cache holds its weights: it waits for them, and most of the peak is idle. Narrower weights would help it, fewer operations would not.
# - More rows do more with each weight that was read: while the weights are nearly all that moves, the intensity is half the number of rows, so the number of rows at which the ridge comes is twice the ridge's own FLOP/byte. Right of it the layer is **compute bound**, and only fewer or cheaper operations help.
# - A roof is a limit, not a promise. Four rows may take longer than one: the kernel for several rows first copies the weights into an order that suits it (it **packs** them), which only many rows repay.
# - ReLU does one operation for eight bytes, so it is often **fused** into the layer before: done while the results are still in the processor. A point a little above the solid line is the error of a ceiling that was measured at another moment.
# - The small layer with one row lies near the large one for another reason: its weights are in a cache, and much of its µs is the call itself, as the layer with one weight shows. A place in this picture alone does not tell what a layer waits for.
#
# The share of the peak that is reached is also called **utilization**; one-row serving of large layers has a low one on every machine.
# Memory-bound layers are where weight quantization makes things faster, which lesson 8 uses.

# %% exercise: op-intensity

# %% [markdown]
# The arithmetic intensity of an operation is its FLOPs divided by the bytes that it moves to and from memory.
# Count each operand as read once and the result as written once; numbers are float32.
#
# Write `intensity(op, shape, weight_bits=32)` for four operations:
#
# | `op` | `shape` | what it computes | FLOPs |
# |---|---|---|---|
# | `"relu"` | `(n,)` | `max(x, 0)` | one for each number |
# | `"bias"` | `(rows, n)` | `x + b`, the same `n` numbers `b` for each row | one for each number of `x` |
# | `"dot"` | `(n,)` | `sum(x * y)`, one number | two for each product |
# | `"linear"` | `(rows, inputs, outputs)` | `x @ W`, no bias | two for each product |
#
# The weights `W` of `"linear"` take `weight_bits` bits each, packed; all else stays float32.
#
# For `"bias"` of 2 rows of 3 numbers: 6 FLOPs, `24` bytes of `x` and `12` of `b` read and `24` written, so `6 / 60`.


# %%
def intensity(op: str, shape: tuple[int, ...], weight_bits: int = 32) -> float:
    """Return the FLOPs of an operation for each byte that it moves."""
    ### BEGIN SOLUTION
    if op == "linear":
        rows, inputs, outputs = shape
        weight_bytes = inputs * outputs * weight_bits / 8
        return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + weight_bytes)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * (2 * rows * n + n))
    (n,) = shape
    flops = {"relu": n, "dot": 2 * n}[op]
    numbers_moved = {"relu": 2 * n, "dot": 2 * n + 1}[op]
    return flops / (4 * numbers_moved)
    ### END SOLUTION


# %%
for rows in (1, 8, 64):
    print(
        rows,
        "rows:",
        intensity("linear", (rows, *layer_sizes)),
        intensity("linear", (rows, *layer_sizes), 8),
    )

# %% exercise: roofline

# %% [markdown]
# The **roofline** is the lower of two ceilings at each intensity, `attainable = min(peak, intensity * bandwidth)`; they meet at the **ridge**, where the intensity is `peak / bandwidth`.
#
# Write `roofline(flops, traffic_bytes, seconds, peak, bandwidth)` for an operation that was measured; `peak` is in FLOP/s, `bandwidth` in bytes a second.
# Return a dict:
#
# - `"attainable"`: FLOP/s under the roofline;
# - `"bound"`: `"memory"` below the ridge, `"compute"` on it and above;
# - `"of_peak"`: the achieved FLOP/s as a fraction of `peak`, also called utilization;
# - `"of_attainable"`: the achieved FLOP/s as a fraction of what is attainable. Either fraction is above 1 where a ceiling was measured too low.
#
# For `100` FLOPs and `50` bytes in `20` s on a machine with a peak of `10` FLOP/s and a bandwidth of `4` bytes a second: memory feeds `8` FLOP/s, and `5` are achieved, so `{"attainable": 8.0, "bound": "memory", "of_peak": 0.5, "of_attainable": 0.625}`.


# %%
def roofline(
    flops: float, traffic_bytes: float, seconds: float, peak: float, bandwidth: float
) -> dict:
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
# ## 2b.2 · Complexity, found by measuring
#
# **Why.** Counting says that a dense layer is O(n) in its weights and its rows, a chain of them in its layers.
# Does the clock agree?
# A cost that grows like a power of the size is a straight line on **log-log** axes, and its slope is the power.
#
# **Predict.** The weights of a layer, the rows of a batch, and the number of layers are doubled, again and again.
# What slopes will the three lines have?
# Will they be straight?
#
# **Run.** The line is fitted to the upper half of the sizes, and the legend gives its slope ± two **standard errors**, each about as far as the slope would move with other noise: a measure of how well the points fit a straight line, which cannot say whether a straight line is right.


# %%
def sweep_latency(calls):
    """Return a table of the lower quartile, median and upper quartile in µs, a row a call."""
    found = [latency_ms(call, repeats=25, warmup=3) for call in calls]
    return pd.DataFrame(
        [
            [1000 * latency.percentile_ms(percent) for percent in (25, 50, 75)]
            for latency in found
        ]
    )


def bars_of(quartiles):
    """Return how far the quartiles lie below and above the median, as a plot's bars take it."""
    return [quartiles[1] - quartiles[0], quartiles[2] - quartiles[1]]


def dense(width):
    return nn.Linear(width, width, bias=False)


side = [64, 128, 256, 512, 1024, 2048, 4096]
some_rows = [1, 2, 4, 8, 16, 32, 64, 128, 256]
some_depths = [1, 2, 4, 8, 16, 32]
torch.manual_seed(0)
by_weights = [partial(dense(width), torch.randn(1, width)) for width in side]
by_rows = [partial(dense(512), torch.randn(count, 512)) for count in some_rows]
by_depth = [
    partial(nn.Sequential(*[dense(128) for _ in range(depth)]), torch.randn(1, 128))
    for depth in some_depths
]
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
    axis.errorbar(
        measured_at,
        quartiles[1],
        bars,
        fmt="o",
        fillstyle="none",
        capsize=3,
        label="median, quartiles",
    )
    line = fit.coefficient * measured_at.astype(float) ** fit.exponent
    label = f"slope {fit.exponent:.2f} ± {2 * fit.standard_error:.2f}"
    axis.plot(measured_at[upper:], line[upper:], "-", label=label)
    axis.plot(measured_at[: upper + 1], line[: upper + 1], ":", color="C1")
    axis.set(xscale="log", yscale="log", xlabel=name)
    plain_ticks(axis)
    axis.legend(fontsize=9)
axes[0].xaxis.set_major_formatter(EngFormatter(sep=""))  # 1M for a million
axes[0].set_ylabel("latency (µs)")
described(figure, "three-slopes")

# %% [markdown]
# **Read.** Layers add up, so depth gives a slope of about 1, without surprise.
# The points for weights and for rows lie above their lines at the left end: something else than the work sets a floor there, and a slope that is fitted there is too small.
# A slope needs sizes at which the work dominates.
#
# What is the floor?
# For weights it is the fixed cost of a call.
# For rows there is more of it: a call does some things once for all its rows, fetching the weights among them.
#
# **Predict.** Does a call of two rows take as long as one of a single row, or twice as long?
#
# **Run.** `once + each × rows` is fitted to the times from two rows on.

# %%
rows_us = growth["rows, 512 × 512 weights"][1][1].to_numpy()
each, once = np.polyfit(some_rows[1:], rows_us[1:], 1, w=1 / rows_us[1:])
print(f"from two rows on: about {once:.0f} µs once, and {each:.1f} µs for each row")
second = rows_us[1] / rows_us[0]
print(f"one row alone takes {rows_us[0]:.0f} µs, two take {second:.1f} times as long")
by_row = pd.DataFrame(
    {"µs": rows_us, "by the formula": once + each * np.array(some_rows)}, index=some_rows
)
by_row.assign(**{"µs a row": rows_us / some_rows}).rename_axis("rows").round(1)

# %% [markdown]
# **Read.** A constant and a part in proportion to the rows explain the bend: on log-log axes their sum is flat at first and then has slope 1, so at these sizes the fitted slope stays a little below it.
# The single row need not be on that curve.
# Most libraries have a kernel of its own for it, which reads the weights just as they are stored; the kernel for several rows packs them first, so the second row can cost more than the third.
# O(rows) is true, and does not tell what the second row costs.
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
spread = quartiles[2] - quartiles[0]
local = pd.DataFrame(
    {"MB of weights": megabytes, "µs": quartiles[1], "quartile range (µs)": spread}
)
local.assign(
    **{"ns a weight": each_ns[1], "slope from the size before": [np.nan, *steps]}
).round(3)

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.6))
axis.errorbar(
    megabytes, each_ns[1], bars_of(each_ns), fmt="o-", capsize=3, label="median, quartiles"
)
for name, look, where in (("memory", "-", "memory"), ("cache", "--", "the fastest cache")):
    label = f"no faster than this from {where}"
    axis.axhline(4e9 / ceilings[name], color="0.3", linestyle=look, label=label)
axis.set(
    xscale="log",
    yscale="log",
    xlabel="bytes of the weights (MB)",
    ylabel="time for each weight (ns)",
)
plain_ticks(axis)
axis.legend()
described(figure, "time-for-each-weight")

# %% [markdown]
# **Read.** The curve is a trough.
# On its left the fixed cost is shared among more and more weights; at the bottom all weights come from a cache; on its right they have outgrown it and come from memory.
# A point below the solid line proves it: memory could not have delivered these weights so fast.
# Each weight is still used once, so the **count** is O(n) throughout; what changed is the price of fetching one.
# Where the price steps up, the slope from one size to the next exceeds 1, which no count explains, and a fit across the step mixes two straight lines into one that is neither.

# %% question: cache-and-weights

# %% question: slope-with-overhead

# %% exercise: power-law

# %% [markdown]
# A cost that grows like `coefficient * size ** exponent` is a straight line on log-log axes, from the size on at which a fixed cost no longer hides it.
#
# Write `power_law(sizes, costs, from_size)` for two float64 arrays of one length; sizes come in any order.
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
# ## 2b.3 · What remains after pruning
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
outcome = {
    way: sweep_latency([ways(share)[way] for share in shares_left])
    for way in ("masked", "CSR", "structured")
}
medians = pd.DataFrame({f"{way} (µs)": quartiles[1] for way, quartiles in outcome.items()})
each_stored = medians[["CSR (µs)", "structured (µs)"]].mul(1000 / remaining, axis=0)
each_stored.columns = ["CSR (ns a weight)", "structured (ns a weight)"]
medians.join(each_stored).set_index(remaining.astype(int)).rename_axis(
    "weights that remain"
).round(2)

# %%
figure, axis = plt.subplots(figsize=(6.5, 4))
for (way, quartiles), look in zip(outcome.items(), ("o-", "s--", "D:"), strict=True):
    label = f"{way}: slope {loglog_slope(remaining, quartiles[1]).exponent:.2f}"
    axis.errorbar(
        remaining,
        quartiles[1],
        bars_of(quartiles),
        fmt=look,
        fillstyle="none",
        capsize=3,
        label=label,
    )
axis.set(
    xscale="log", yscale="log", xlabel="weights that remain", ylabel="latency of one row (µs)"
)
plain_ticks(axis)
axis.legend()
described(figure, "three-ways-to-remove")

# %% [markdown]
# **Read.** The sentence is **false** for a masked layer, whose line is flat: a dense kernel works on what is stored, and zeros are stored.
# It is **true** for CSR and for structured removal: their lines rise, with slopes of about 1.
# The last two columns of the table tell on which side of 1.
# Where the fixed cost of a call is shared by fewer weights, each costs more, and the slope is below 1; where fewer weights fit into a nearer cache, each costs less, and the slope is above 1.
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
# Write `to_csr(matrix)` for a NumPy array of two axes; return a dict of the three arrays, and leave the matrix as it is.
# SciPy has CSR built in: it may do the work, and your answer is compared with it.
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
# Write `csr_matvec(values, col_indices, row_pointers, x)`: the product of a CSR matrix with the vector `x`, without making the matrix dense.
# SciPy may do the work.
# Return `{"y": ..., "macs": ...}`: the product as an array with one number for each row, in the dtype of `values`, and the multiply-accumulates, one for each stored value, also where the stored value is 0.
# Leave the arrays as they are.
#
# Whether a zero was multiplied shows when it meets infinity: `0 * inf` is `nan`.
# So `with_infinities` wraps your function: it calls it a second time with infinity in those entries of `x` where nothing is stored, and adds the entry `"spoiled"`, the number of results that this changed to `nan` or infinity.
#
# For `[[0, 5, 0], [7, 0, 9]]` and `x = [1, 2, 3]`: `y = [10, 34]` and `3` MACs, where a dense kernel takes `6`.


# %%
def csr_matvec(
    values: np.ndarray, col_indices: np.ndarray, row_pointers: np.ndarray, x: np.ndarray
) -> dict:
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
# ## 2b.4 · Where zeros begin to pay
#
# **Why.** There is a **break-even** sparsity, from which on CSR is faster than dense.
# Can it be predicted?
#
# **Predict.** Count bytes first.

# %% question: csr-at-half

# %% [markdown]
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
    return scipy.sparse.csr_array(
        np.where(random.random(weight.shape) < sparsity, np.float32(0), weight)
    )


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
    trials.append(
        {
            "dense_us": dense_us,
            "each": each,
            "predicted": predicted,
            "found": found,
            "times": times,
        }
    )
trials = pd.DataFrame(trials)
each_ns, dense_ns = (
    1000 * trials["each"].median(),
    1000 * trials["dense_us"].median() / width**2,
)
print(f"dense: a place of 4 bytes takes {dense_ns:.3f} ns, so {4 / dense_ns:.0f} GB/s are read")
print(f"CSR: a value of 8 bytes takes {each_ns:.3f} ns, so {8 / each_ns:.0f} GB/s are read")
print(f"the fastest cache delivers {ceilings['cache'] / 1e9:.0f} GB/s")
trials[["predicted", "found"]].agg(["median", "min", "max"]).round(3)

# %%
figure, axis = plt.subplots(figsize=(7.5, 4))
times = np.array(list(trials["times"]))
middle = np.median(times, axis=0)
bars = np.abs(np.percentile(times, (25, 75), axis=0) - middle)
axis.errorbar(
    tested, middle, bars, fmt="o-", capsize=3, label="CSR, median and quartiles of five"
)
dense_low, dense_middle, dense_high = trials["dense_us"].quantile([0.25, 0.5, 0.75])
axis.axhline(dense_middle, color="C1", linestyle="--", label="dense, any sparsity")
axis.axhspan(dense_low, dense_high, color="C1", alpha=0.2)
by_value = trials["predicted"].median()
axis.axvline(by_value, color="C2", linestyle="-.", label="break-even by the cost of a value")
axis.axvline(0.5, color="0.3", linestyle=":", label="break-even by bytes")
axis.set(yscale="log", xlabel="sparsity", ylabel="latency of one row (µs)")
plain_ticks(axis)
axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
described(figure, "break-even-in-time")

# %% [markdown]
# **Read.** Bytes break even at one half, and time does not come near it: the first model is right about the file and wrong about the clock.
# A count of bytes predicts a time only if both sides wait for bytes.
# The printed rates tell whether they do: CSR reads at a small fraction of what a cache delivers, and far slower than the dense layer reads from the same cache, so what it waits for is not its bytes.
# The second model does not ask what it is: it measured what a value costs, and comes near the crossing.
# It is not exact, since it takes that cost for the same at every sparsity.
#
# The number belongs to this kernel, this width and this machine.
# Kernels for blocks of weights, or for two of every four on suitable hardware, break even earlier, because one index serves several values; lesson 5 comes back to them.
# And structured removal needs no special kernel at all: it gains from the first output on.

# %% [markdown]
# **Predict.** About the file the first model is right.
# At sparsities of 0.6, 0.8, 0.9 and 0.95, which share of the dense bytes does CSR take?
#
# **Run.**

# %%
for zeros in (0.6, 0.8, 0.9, 0.95):
    stored_values = round((1 - zeros) * width**2)
    share = csr_size_bytes(stored_values, width) / (4 * width**2)
    print(f"sparsity {zeros:.2f}: CSR takes {share:.2f} of the dense bytes")

# %% [markdown]
# **Read.** Each value that is left takes twice its bytes, and the row pointers next to nothing: so CSR takes about twice the remaining share of the dense bytes.
# So four zeros in five make the layer's file less than half as large, at a sparsity at which its latency may still be the longer one.
#
# **Why.** Structured removal has a catch of its own: the count falls by one factor, and the time by another.
#
# **Predict.** Half of the hidden units are removed from two MLPs: that of the digits, and one whose layers are sixteen times as wide.
# By what factor do parameters, MACs and latency fall in each?
#
# **Run.**


# %%
def mlp_of(*layer_widths):
    pairs = zip(layer_widths, layer_widths[1:])
    return nn.Sequential(
        *[part for pair in pairs for part in (nn.Linear(*pair), nn.ReLU())][:-1]
    )


compared = {}
for name, (inputs, first, second) in {
    "digits": (64, 256, 128),
    "large": (1024, 4096, 2048),
}.items():
    for removal, hidden in {
        "whole": (first, second),
        "half removed": (first // 2, second // 2),
    }.items():
        mlp, given = mlp_of(inputs, *hidden, 10), torch.randn(1, inputs)
        latency = latency_ms(partial(mlp, given), repeats=60)
        counts = [parameter_count(mlp), module_macs(mlp, given).total]
        compared[name, removal] = [*counts, 1000 * latency.median_ms, 1000 * latency.iqr_ms]
compared = pd.DataFrame(
    compared, index=["parameters", "MACs", "median (µs)", "interquartile range (µs)"]
).T
print(f"five calls of a layer with one weight: {5 * empty_call_us:.0f} µs")
compared.style.format("{:,.0f}", subset=["parameters", "MACs"]).format(
    "{:.1f}", subset=["median (µs)", "interquartile range (µs)"]
)

# %%
by_removal = compared.drop(columns="interquartile range (µs)").unstack(0)
(by_removal.loc["whole"] / by_removal.loc["half removed"]).unstack(0).rename_axis(
    "falls by the factor", axis=1
).round(2)

# %% [markdown]
# **Read.** Parameters and MACs fall by more than two and by less than four: the matrix between two halved layers keeps a quarter, those at the ends keep half.
# The latency of the digits MLP hardly follows, for much of it is the cost of calling five layers, which no count contains and the printed line estimates.
# The large MLP follows its count, or gains even more if its weights now fit into a nearer cache.
# So a factor in MACs is no factor in time; say which of them you report.

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
    """Return the fewest zeros with which CSR is smaller than dense, None if it never is."""
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
# Leave the lists as they are.
#
# For `widths = [1, 4, 2]`, `sizes = [2, 2]`, `kernel = 1` and `removed = [2, 0]`: masked `[16, 32]`, removed `[8, 16]`, a share of `0.5`.
# Between two pruned layers, each with a fraction $p$ of its channels gone, $(1 - p)^2$ of the MACs are left.


# %%
def channel_macs(widths: list[int], sizes: list[int], kernel: int, removed: list[int]) -> dict:
    """Return each layer's MACs with channels masked and with channels removed, and what is left."""
    ### BEGIN SOLUTION
    kept = [widths[0]] + [width - gone for width, gone in zip(widths[1:], removed, strict=True)]

    def macs(channels: list[int]) -> list[int]:
        return [
            channels[i] * channels[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)
        ]

    masked, slim = macs(widths), macs(kept)
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}
    ### END SOLUTION


# %%
channel_macs(widths, sizes, kernel, removed)

# %% [markdown]
# ## 2b.5 · One layer is faster: Amdahl's law
#
# **Why.** A layer that becomes three times faster does not make a model three times faster.
# What it makes of the model depends on its share of the time.
#
# **Predict.**

# %% question: amdahl-share

# %% [markdown]
# If a layer takes the share $p$ of the time and becomes $f$ times faster, the model becomes
#
# $$\frac{1}{(1 - p) + p / f}$$
#
# times faster; however large $f$ is, never more than $1 / (1 - p)$.
# This is [Amdahl's law](https://dl.acm.org/doi/10.1145/1465482.1465560).
#
# **Run.** One of four linear layers is quantized, `hidden`, which has most of the weights.
# Each layer is timed where it works, inside the model, before and after; the law predicts the whole, and then the whole is measured.
# All of it is done five times.

# %%
torch.manual_seed(0)
model = nn.Sequential()
for name, (inputs, outputs) in {
    "embed": (256, 512),
    "hidden": (512, 2048),
    "mix": (2048, 128),
}.items():
    model.add_module(name, nn.Linear(inputs, outputs))
    model.add_module(f"relu_{name}", nn.ReLU())
model.add_module("output", nn.Linear(128, 10))
one_int8 = quantize_dynamic(model, {"hidden"}, dtype=torch.qint8)
print(one_int8)

# %%
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
    before, after = (
        pd.DataFrame([profile(version) for _ in range(200)]).median()
        for version in (model, one_int8)
    )
    float_ms, int8_ms = (
        latency_ms(partial(version, one_input), repeats=200) for version in (model, one_int8)
    )
    share, faster = before["hidden"] / before.sum(), before["hidden"] / after["hidden"]
    law = {"predicted": 1 / (1 - share + share / faster), "limit": 1 / (1 - share)}
    rounds.append(
        {
            "share": share,
            "faster": faster,
            **law,
            "measured": float_ms.median_ms / int8_ms.median_ms,
        }
    )
rounds = pd.DataFrame(rounds)
rounds.agg(["median", "min", "max"]).round(2)

# %%
figure, axis = plt.subplots(figsize=(7, 4))
factor = np.geomspace(0.5, 50, 100)
for p, look in ((rounds["share"].median(), "-"), (0.9, "--"), (0.5, ":")):
    axis.plot(factor, 1 / (1 - p + p / factor), look, label=f"law, share p = {p:.2f}")
axis.axhline(rounds["limit"].median(), color="C0", linewidth=0.8, label="limit for this share")
at, gain = rounds["faster"], rounds["measured"]
spread_x, spread_y = (
    [[values.median() - values.quantile(0.25)], [values.quantile(0.75) - values.median()]]
    for values in (at, gain)
)
axis.errorbar(
    at.median(),
    gain.median(),
    spread_y,
    spread_x,
    fmt="k.",
    markersize=2,
    capsize=4,
    label="measured, quartiles",
)
axis.set(
    xscale="log",
    yscale="log",
    xlabel="how many times faster the layer is",
    ylabel="how many times faster the model is",
)
plain_ticks(axis)
axis.legend()
described(figure, "amdahl-curves")

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
# Write `end_to_end(layer_ms, factors, added_ms)`.
# `layer_ms` holds the milliseconds of each layer, `factors` how many times faster some of them become, and `added_ms` what the conversions to integers and back cost in all.
# Return a dict:
#
# - `"speedup"`: how many times faster the whole model becomes; below 1 when it becomes slower;
# - `"limit"`: the speed-up if the layers in `factors` took no time at all, with the same `added_ms`; some time is always left, from other layers or from `added_ms`.
#
# Leave the dicts as they are.
#
# For `{"a": 8.0, "b": 2.0}`, `{"a": 4.0}` and `1.0` added: the model took `10.0` ms and now takes `2.0 + 2.0 + 1.0`, a speed-up of `2.0`; the limit is `10 / 3`.


# %%
def end_to_end(
    layer_ms: dict[str, float], factors: dict[str, float], added_ms: float
) -> dict[str, float]:
    """Return the speed-up of a model of which some layers become faster, and its limit."""
    ### BEGIN SOLUTION
    before = sum(layer_ms.values())
    after = (
        sum(duration / factors.get(layer, 1) for layer, duration in layer_ms.items()) + added_ms
    )
    left = (
        sum(duration for layer, duration in layer_ms.items() if layer not in factors) + added_ms
    )
    return {"speedup": before / after, "limit": before / left}
    ### END SOLUTION


# %%
for factor in (1, 2, 4, 100):
    print(factor, end_to_end(layer_ms, {"hidden1": factor}, added_ms=0.2))

# %% [markdown]
# ## 2b.6 · Which one should be served?
#
# **Why.** A model is never best in everything.
# A variant is **Pareto-optimal** if no other variant is at least as good in all that counts and better in one of them; the others need not be considered any further.
# Which of the optimal ones to take is no longer a matter of measuring, but of what you can afford.
#
# **Predict.** Four small networks read the digits: the MLP, the CNN, one with a residual block, and an LSTM.
# Each is there in float32 and with int8 linear and LSTM layers.
# Which of the eight can be crossed out, if only the bytes of the file and the accuracy count?
#
# **Run.**

# %%
pictures, labels = torch.from_numpy(digits.images("val")), digits.y_val
readers = {"mlp": (digits_mlp(), pictures.flatten(1)), "cnn": (digits_cnn(), pictures)}
readers |= {
    "residual": (digits_residual(), pictures.flatten(1)),
    "lstm": (digits_lstm(), pictures[:, 0]),
}
served = {}
for name, (reader, x) in readers.items():
    for kind, one in (
        ("float32", reader),
        ("int8", quantize_dynamic(reader, {nn.Linear, nn.LSTM}, dtype=torch.qint8)),
    ):
        served[f"{name}, {kind}"] = {
            "file (bytes)": file_size_bytes(one),
            "accuracy": accuracy(one(x).numpy(), labels),
            "median (ms)": latency_ms(lambda one=one, x=x: one(x[:1]), repeats=40).median_ms,
        }
candidates = pd.DataFrame(served).T
candidates["optimal"] = is_pareto_optimal(
    np.column_stack([candidates["file (bytes)"], -candidates["accuracy"]])
)

# %%
figure, axis = plt.subplots(figsize=(7.5, 4))
for is_optimal, look in ((True, "o"), (False, "x")):
    chosen = candidates[candidates["optimal"] == is_optimal]
    label = "Pareto-optimal" if is_optimal else "beaten by another"
    axis.plot(chosen["file (bytes)"], chosen["accuracy"], look, markersize=8, label=label)
front = candidates[candidates["optimal"]].sort_values("file (bytes)")
axis.step(
    front["file (bytes)"], front["accuracy"], where="post", linestyle=":", color="#0072B2"
)
for name, row in candidates.iterrows():
    place = (
        {"xytext": (-6, 7), "ha": "right"} if name.endswith("int8") else {"xytext": (6, -12)}
    )
    axis.annotate(
        name,
        (row["file (bytes)"], row["accuracy"]),
        textcoords="offset points",
        fontsize=8,
        **place,
    )
axis.set(xlabel="file (bytes)", ylabel="accuracy on the validation digits", xscale="log")
axis.margins(x=0.2, y=0.12)
plain_ticks(axis)
axis.legend(loc="lower right")
described(figure, "pareto-front")

# %%
candidates.style.format(
    {"file (bytes)": "{:,.0f}", "accuracy": "{:.3f}", "median (ms)": "{:.3f}"}
)

# %% [markdown]
# **Read.** What lies right of the dotted stair or below it costs more bytes and reads no better.
# One column more, and the front is another: a variant that is beaten in bytes and accuracy can be the fastest for one image.
# An accuracy on a few hundred digits has a spread of its own, too; two variants that differ by an image or two are not told apart by it.

# %% [markdown]
# ## Summary
#
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
