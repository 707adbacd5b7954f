# ---
# about: "weights chosen by what they do to the output: Wanda, one step of OBS, N:M patterns, and what zeros cost in bytes"
# ---

# %% [markdown]
# # 5c · Sparse weights: what they do, and what they cost
#
# *Which weights does the output miss least, how can the others make up for them, and when do zeros become bytes saved?*
#
# Lesson 5 ranked weights by their size alone.
# A weight acts through its input, though, and a zero saves nothing until a format stores it cheaply.
#
# After this lesson you can
#
# 1. rank weights by weight times input (Wanda), and tell by an invariance what magnitude does not see;
# 2. remove one weight and let the others of its row make up for it, in closed form;
# 3. make N:M masks, and say what became of 2:4;
# 4. store pruned weights in bit masks, compressed rows and blocks, count their bytes, and find where each breaks even;
# 5. decide between pruned and quantized forms of a network by bytes, operations and accuracy.
#
# **You need** lesson 5; section 2b.4 (compressed sparse rows) helps.
# Some cells and one exercise use CREPE-tiny, the pretrained network of lesson 5; `quizlib models crepe-tiny` fetches its weights once.
# Without them those cells say so, and that exercise cannot be checked; all others can.
#
# **Time**: about 60 minutes to read, run and answer, and 80 for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 5c.1 Weight times input | 15 | 20 |
# | 5c.2 Let the others make up for it | 13 | 25 |
# | 5c.3 N of every M | 10 | 10 |
# | 5c.4 What zeros cost | 15 | 25 |
# | 5c.5 Which one is shipped? | 7 | |
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.
#
# No exercise needs an earlier answer of yours.
# An array or a model that is handed to a function is the caller's: it stays as it is, and a change may cost a point.

# %% [markdown]
# Run the next two cells first.
# The cells of the text work whether or not you have solved an exercise; only cells that begin with `# Try it` use your answer.

# %%
import quizlib
from quizlib import check, hint

quizlib.begin("05c-sparse-weights")

# %%
import copy
import zlib
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import scipy.sparse
import torch
from IPython.display import display
from torch import nn

from quizlib import measures
from quizlib.errors import MissingWeightsError
from quizlib.zoo import crepe_tiny, digits_mlp, load_digits, pitch_accuracy, tones
from quizlib.zoo.figures import described, plain_ticks, use_style

torch.set_num_threads(1)
use_style()
digits = load_digits()
images = torch.from_numpy(digits.images("train")).flatten(1)[:400]
others = torch.from_numpy(digits.images("val")).flatten(1)
mlp = digits_mlp().requires_grad_(False)
try:
    crepe = crepe_tiny().requires_grad_(False)
except MissingWeightsError as error:
    crepe = None
    print(error)

# %% [markdown]
# ## 5c.1 · Weight times input
#
# **Why.** Removing the weight $w$ takes $w x$ from the output.
# Where the inputs $x$ of a layer differ in size, a small weight on a loud input may matter more than a large one on a silent input.
# [Wanda](https://arxiv.org/abs/2306.11695) ("weights and activations") ranks by the product: the weight $w_{ij}$ of output $i$ and input $j$ has the **score**
#
# $$s_{ij} = |w_{ij}| \cdot \lVert x_j \rVert_2$$
#
# where the norm is that of all values which input $j$ takes on some **calibration data**, a few dozen examples without labels.
# The weights of **each output are ranked by themselves**, so that each output loses the same count.
#
# **Predict.** The second layer of the digits network has 256 inputs, each behind a ReLU.
# How much do their norms differ, and are there inputs that are never heard?
#
# **Run.**

# %%
inputs = torch.relu(mlp.hidden1(images)).double().numpy()  # (examples, inputs)
norms = np.linalg.norm(inputs, axis=0)
print(f"{int((norms == 0).sum())} of {norms.size} inputs are 0 for all {len(inputs)} digits")
figure, axis = plt.subplots(figsize=(7, 3.4))
axis.hist(norms, bins=40, color="#56B4E9")
axis.set(xlabel="norm of an input of hidden2 over 400 digits", ylabel="inputs (count)")
described(figure, "norms-of-inputs")

# %% [markdown]
# **Read.** The norms differ widely, and some inputs never speak: all their weights are idle, whatever their magnitude, and Wanda removes them first.

# %% exercise: wanda-mask

# %% [markdown]
# Write `wanda_mask(weights, x, sparsity)`.
# `weights` is an array of floats, `(outputs, inputs)`; `x` holds the calibration data, floats, `(examples, inputs)`, with one example at least.
# Return a `bool` array, shape of `weights`, True where a weight is kept.
#
# - The score of a weight is its magnitude times the Euclidean norm of its input over the examples.
# - Of each output exactly `round(sparsity * inputs)` weights go (Python's `round`), those of the lowest score.
# - Of equal scores those go first that stand first in the row.
#
# Worked value: weights `[[1.0, -3.0]]` and the examples `[[3.0, 0.0], [4.0, 1.0]]` have the norms 5 and 1 and the scores 5 and 3; at sparsity 0.5 the mask is `[[True, False]]`.


# %%
def wanda_mask(weights: np.ndarray, x: np.ndarray, sparsity: float) -> np.ndarray:
    """Return a mask, shape of `weights`, False where weight times input is low in its row."""
    ### BEGIN SOLUTION
    scores = np.abs(weights) * np.linalg.norm(x, axis=0)
    order = np.argsort(scores, axis=1, kind="stable")
    mask = np.ones(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : round(sparsity * weights.shape[1])], False, axis=1)
    return mask
    ### END SOLUTION


# %%
# Try it: which weight goes first, and does it with an input that is ten times as loud?
print(wanda_mask(weights, x, 0.34))
print(wanda_mask(weights, x * np.array([10, 1, 1], dtype=np.float32), 0.34))

# %% [markdown]
# How does it do on CREPE?
# The input of a convolution has a norm for each channel, over all frames and places in time, and all weights that read this channel share it.
#
# **Predict.** Five rankings are compared: one of all magnitudes, one of magnitudes for each layer, one for each output, Wanda, and chance.
# Which of them differ by the norm of the input alone?
#
# **Run.** Everything is done three times, with other frames to calibrate and to measure on; the bands reach from the worst to the best.


# %%
def layers_of(model):
    kinds = (nn.Conv1d, nn.Linear)
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, kinds)}


def input_norms(model, frames):
    """Return for each layer the norm of each channel (or feature) of its input."""
    found = {}

    def keep(name):
        def hook(layer, given):
            found[name] = given[0].transpose(0, 1).flatten(1).norm(dim=1)

        return hook

    hooks = [
        layer.register_forward_pre_hook(keep(name)) for name, layer in layers_of(model).items()
    ]
    model(frames)
    for hook in hooks:
        hook.remove()
    return found


def lowest_out(scores, sparsity, *, rows):
    """Return a mask without the lowest scores: of each row, or of all together."""
    flat = scores.flatten(1) if rows else scores.reshape(1, -1)
    order = flat.argsort(dim=1)[:, : round(sparsity * flat.shape[1])]
    return torch.ones_like(flat).scatter_(1, order, 0).view_as(scores)


def crepe_masks(model, criterion, sparsity, norms=None, seed=0):
    weights = {name: layer.weight for name, layer in layers_of(model).items()}
    scores = {name: weight.abs() for name, weight in weights.items()}
    if criterion == "global":
        together = lowest_out(
            torch.cat([one.flatten() for one in scores.values()]), sparsity, rows=False
        )
        parts = together.split([one.numel() for one in scores.values()])
        return {name: part.view_as(scores[name]) for name, part in zip(scores, parts)}
    if criterion == "Wanda":
        for name, norm in norms.items():
            scores[name] *= norm.view(1, -1, *[1] * (scores[name].ndim - 2))
    if criterion == "at random":
        chance = torch.Generator().manual_seed(seed)
        scores = {name: torch.rand(one.shape, generator=chance) for name, one in scores.items()}
    rows = criterion in ("per output", "Wanda")
    return {name: lowest_out(one, sparsity, rows=rows) for name, one in scores.items()}


def masked(model, masks):
    pruned = copy.deepcopy(model)
    for name, layer in layers_of(pruned).items():
        layer.weight *= masks[name]
    return pruned


# %%
def sound(seed, count):
    drawn = tones(seed, count)
    return torch.from_numpy(drawn.frames), torch.from_numpy(drawn.cents)


criteria = ("global", "per layer", "per output", "Wanda", "at random")
sparsities = (0.5, 0.6, 0.7, 0.75, 0.8)
if crepe is not None:
    heard = {criterion: [] for criterion in criteria}
    for seed in range(3):
        found = input_norms(crepe, sound(10 + seed, 64)[0])
        hear_x, hear_y = sound(20 + seed, 50)
        for criterion, rows in heard.items():
            masks = [crepe_masks(crepe, criterion, one, found, seed) for one in sparsities]
            rows.append([pitch_accuracy(masked(crepe, one)(hear_x), hear_y) for one in masks])
    figure, axis = plt.subplots(figsize=(7, 4.2))
    for (criterion, rows), look in zip(heard.items(), ("o-", "s--", "D:", "P-", "^-.")):
        rows = np.array(rows)  # shape (seeds, sparsities)
        (line,) = axis.plot(sparsities, rows.mean(0), look, fillstyle="none", label=criterion)
        axis.fill_between(
            sparsities, rows.min(0), rows.max(0), color=line.get_color(), alpha=0.15
        )
    axis.set(xlabel="sparsity (fraction of weights)", ylabel="tones heard (fraction)")
    figure.legend(loc="outside lower center", ncols=5)
    display(described(figure, "crepe-by-criterion"))

# %%
if crepe is not None:
    means = pd.DataFrame({name: np.mean(rows, 0) for name, rows in heard.items()}, sparsities)
    display(means.rename_axis("sparsity").style.format("{:.2f}"))

# %% [markdown]
# **Read.** The fair comparison is that of Wanda with magnitude per output: they differ by the norms alone, and their bands overlap.
# Wanda was made for language models, where a few inputs are far louder than all others; CREPE's batch norms keep its inputs alike.
# One ranking of all magnitudes does best here, since layers bear different sparsities, which rankings within an output cannot use.
#
# **Predict.** What if the calibration data are few?
# Each frame holds one tone, so that much of the network is silent in it.
#
# **Run.**

# %%
if crepe is not None:
    by_count = {}
    for count in (2, 8, 64):
        by_count[count] = []
        for seed in range(3):
            found = input_norms(crepe, sound(10 + seed, count)[0])
            pruned = masked(crepe, crepe_masks(crepe, "Wanda", 0.7, found))
            hear_x, hear_y = sound(20 + seed, 50)
            by_count[count].append(pitch_accuracy(pruned(hear_x), hear_y))
    found = pd.DataFrame(by_count, ["run 1", "run 2", "run 3"]).T
    display(found.rename_axis("frames to calibrate").style.format("{:.2f}"))

# %% [markdown]
# **Read.** What is silent in the calibration data is pruned first, and a few tones leave silent what other tones need.
# Calibration data need no labels, but they must cover what the network is to do.
#
# How much of this is luck of the scale?
# A channel can be made $c$ times louder by the batch norm before it, if the weights that read it are divided by $c$: the function stays the same.
#
# **Predict.** CREPE is rewritten so, each channel with a $c$ between 1/8 and 8.
# What becomes of its accuracy before pruning, and after it?
#
# **Run.**


# %%
def rescaled(model, seed):
    """Return the same function, each batch norm's channels times a power of 2."""
    chance = torch.Generator().manual_seed(seed)
    model = copy.deepcopy(model)
    for at in range(1, 6):
        norm, reader = model.get_submodule(f"bn{at}"), model.get_submodule(f"conv{at + 1}")
        scale = 2.0 ** torch.randint(-3, 4, norm.weight.shape, generator=chance)
        norm.weight *= scale
        norm.bias *= scale
        reader.weight /= scale[:, None]
    return model


if crepe is not None:
    calibration, rows = sound(10, 64)[0], {}
    hear_x, hear_y = sound(30, 100)
    for criterion in ("global", "per layer", "per output", "Wanda"):
        for name, model in {"as published": crepe, "rescaled": rescaled(crepe, 0)}.items():
            row = rows.setdefault(f"{criterion}, {name}", {})
            row["before"] = pitch_accuracy(model(hear_x), hear_y)
            found = input_norms(model, calibration)
            masks = crepe_masks(model, criterion, 0.6, found)
            row["after"] = pitch_accuracy(masked(model, masks)(hear_x), hear_y)
    after = pd.DataFrame(rows).T
    figure, axis = plt.subplots(figsize=(7, 3.6))
    axis.barh(
        after.index[::-1], after["after"].to_numpy()[::-1], color=["#E69F00", "#0072B2"] * 4
    )
    axis.axvline(after["before"].min(), color="#000000", linestyle="--", label="not pruned")
    axis.set(xlabel="tones heard at sparsity 0.6 (fraction)")
    figure.legend(loc="outside lower center")
    display(described(figure, "rescaled-and-pruned"))

# %% [markdown]
# **Read.** The dashed line is both networks before pruning: they are the same function.
# Magnitude loses much more on the rewritten one, since it ranks by the scale on which a channel happens to work.
# For Wanda the factor of the norm and that of the weight cancel: the same weights go.
# An **invariance** such as this one tells two methods apart more clearly than their curves do.

# %% question: scaled-channel

# %% question: wanda-like-magnitude

# %% exercise: crepe-wanda

# %% [markdown]
# Write `crepe_wanda(model, frames, sparsity)`.
# `model` is a network like CREPE, in evaluation mode, with layers of `nn.Conv1d`, `nn.BatchNorm1d` and `nn.Linear` as attributes; `frames` are its inputs, `(n, 1024)`.
# Return a copy in which each output of each convolution and of the linear layer has lost `round(sparsity * weights of the output)` weights, those of the lowest score.
#
# - The weights of an output are all that it has, over all channels and taps of its kernel. `sparsity` is a multiple of 1/256, so that all counts are whole.
# - The score is the magnitude times the norm of the weight's input channel (of the linear layer: its input feature), over all frames and all places in time.
# - Scores may be equal, as all of `conv1` are where every frame is silent; which of these go is up to you, their count is not.
# - The inputs of a layer are those which it gets in `model` as it was given, not pruned, on all `frames` at once; padding is zeros, and adds nothing to a norm.
# - Biases and batch norms stay as they are, and so does `model`.
#
# [`register_forward_pre_hook`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_pre_hook) shows a layer's input before each call; hook a copy, or take the hooks off again.
#
# Worked value: at sparsity 0.5 each of the 16 outputs of `conv2` has $128 \cdot 64 / 2 = 4{,}096$ zeros.


# %%
def crepe_wanda(model: nn.Module, frames: torch.Tensor, sparsity: float) -> nn.Module:
    """Return a copy of the model pruned by weight times input, each output by itself."""
    ### BEGIN SOLUTION
    watched, pruned, inputs = copy.deepcopy(model), copy.deepcopy(model), {}
    for name, layer in watched.named_modules():
        if isinstance(layer, nn.Conv1d | nn.Linear):
            layer.register_forward_pre_hook(
                lambda _, given, name=name: inputs.update({name: given[0]})
            )
    with torch.no_grad():
        watched(frames)
        for name, x in inputs.items():
            norms = torch.stack([channel.norm() for channel in x.unbind(1)])
            weight = pruned.get_submodule(name).weight
            scores = weight.abs() * norms.view(-1, *[1] * (x.ndim - 2))
            order = scores.flatten(1).argsort()
            weight.flatten(1).scatter_(1, order[:, : round(sparsity * order.shape[1])], 0)
    return pruned
    ### END SOLUTION


# %%
# Try it: does each output lose as many weights as it should?
if crepe is not None:
    found = crepe_wanda(crepe, frames, 0.5)
    if found is not None:
        for name, weight in found.named_parameters():
            if weight.ndim > 1:
                print(name, (weight.flatten(1) == 0).sum(dim=1)[:5].tolist())

# %% [markdown]
# ## 5c.2 · Let the others make up for it
#
# **Why.** Inputs are alike: where one of them goes, others can take over a part of its work.
# **Optimal brain surgeon** ([Hassibi and Stork](https://proceedings.neurips.cc/paper/1992/hash/303ed4c69846ab36c2904d3ba8573050-Abstract.html)) asks for the change $\delta$ of a row of weights that removes weight $p$ and changes the output least.
# With the examples in the rows of $X$, the squared change of the output is $\lVert X \delta \rVert^2 = \frac{1}{2} \delta^T H \delta$, where $H = 2 X^T X$; the least one under $\delta_p = -w_p$ is
#
# $$\delta = -\frac{w_p}{[H^{-1}]_{pp}} \, H^{-1}_{:,p} \qquad \text{and its error is} \qquad \frac{w_p^2}{2 \, [H^{-1}]_{pp}}.$$
#
# That error is the **saliency** of the weight.
# Texts differ in $H$: those with $H = X^T X$ have no 2 below the saliency.
# $H$ has no inverse where inputs are silent or repeat each other; **damping** adds a small number to its diagonal, usually a hundredth of the diagonal's mean.
# [SparseGPT](https://arxiv.org/abs/2301.00774) does this step for the layers of models with billions of weights.
#
# **Predict.** Each weight of a row of the digits network is removed alone, with and without compensation.
# By what factor do the two errors differ?
#
# **Run.**

# %%
row = mlp.hidden2.weight[0].double().numpy()
hessian = 2 * inputs.T @ inputs
damped = hessian + 0.01 * np.diag(hessian).mean() * np.eye(len(hessian))
inverse = np.linalg.inv(damped)
deltas = -(row / np.diag(inverse)) * inverse  # column p removes weight p
with_compensation = np.square(inputs @ deltas).sum(0)
without = np.square(row * norms)
assert np.allclose((row[:, None] + deltas).diagonal(), 0)

# %%
figure, axis = plt.subplots(figsize=(6, 4.6))
heard_ones = norms > 0.1  # the others say next to nothing
axis.plot(without[heard_ones], with_compensation[heard_ones], "o", fillstyle="none")
ends = [with_compensation[heard_ones].min(), without.max()]
axis.plot(ends, ends, "--", color="#777777", label="equal")
axis.set(xscale="log", yscale="log", xlabel="squared change without compensation")
axis.set(ylabel="squared change with compensation")
axis.legend()
described(figure, "with-and-without-compensation")

# %%
remaining = np.delete(inputs, 3, axis=1)
best = np.linalg.lstsq(remaining, inputs @ row, rcond=None)[0]
least = np.square(remaining @ best - inputs @ row).sum()
print(
    f"weight 3 without compensation: {without[3]:.2e}; in one step: {with_compensation[3]:.2e}"
)
print(f"by least squares on all other columns: {least:.2e}")

# %% [markdown]
# **Read.** All points lie below the line: the other weights make up for nearly all of what one did.
# Least squares on the remaining columns gives the least error that is possible at all; with damping the step stays a little above it, and its other weights stay smaller.

# %% question: twin-inputs

# %% exercise: obs-step

# %% [markdown]
# Write `obs_step(weights, x, p, damping)`, which removes weight `p` of one row.
# `weights` are the weights of an output, `(inputs,)`, and `x` the examples, `(examples, inputs)`, both of floats; compute in float64.
#
# - $H = 2 X^T X$, plus `damping` times the mean of the diagonal of $2 X^T X$ on each entry of the diagonal.
# - Return `(compensated, saliency)`: the new weights, float64, `(inputs,)`, whose entry `p` is zero up to rounding, and $w_p^2 / (2 [H^{-1}]_{pp})$, a `float`.
# - $H$ has an inverse in all cases. `weights` and `x` stay as they are.
#
# Worked value: with weights `[1.0, 2.0]`, the examples `[[1.0, 1.0], [1.0, 0.0]]`, `p = 1` and no damping, $H$ is `[[4, 2], [2, 2]]` and its inverse `[[0.5, -0.5], [-0.5, 1.0]]`: the weights become `[2.0, 0.0]`, and the saliency is `2.0`.


# %%
def obs_step(
    weights: np.ndarray, x: np.ndarray, p: int, damping: float
) -> tuple[np.ndarray, float]:
    """Return the weights without weight `p`, the others compensating, and its saliency."""
    ### BEGIN SOLUTION
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    inverse = np.linalg.inv(hessian)
    ratio = float(weights[p]) / inverse[p, p]
    return weights - ratio * inverse[:, p], float(weights[p] * ratio / 2)
    ### END SOLUTION


# %%
# Try it: the more damping, the less the others move.
for damping in (0.0, 0.1, 10.0):
    print(damping, obs_step(weights, x, 0, damping))

# %% [markdown]
# Many weights are removed one after the other, each time the one of least saliency.
# What has been removed takes no part any more: its row and column are struck out of $H$ before the next saliencies are computed.
#
# **Predict.** At sparsity 0.9, how do the errors of magnitude, Wanda and these steps compare, on digits that were not used to calibrate?
#
# **Run.**


# %%
def removed_by_steps(row, inverse, count):
    """Remove weights by least saliency; striking out updates the inverse by one elimination."""
    row, inverse, left = row.copy(), inverse.copy(), np.ones(len(row), dtype=bool)
    for _ in range(count):
        diagonal = np.where(left, np.diag(inverse), 1.0)
        p = int(np.where(left, row**2 / diagonal, np.inf).argmin())
        row -= row[p] / inverse[p, p] * inverse[:, p]
        inverse -= np.outer(inverse[:, p], inverse[p]) / inverse[p, p]
        left[p] = False
        row[~left] = 0.0
    return row


def removed_by_score(row, scores, count):
    return np.where(np.argsort(np.argsort(scores, kind="stable")) >= count, row, 0.0)


# %%
tested = torch.relu(mlp.hidden1(others)).double().numpy()
shares = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
ways = {
    "magnitude": lambda row, count: removed_by_score(row, np.abs(row), count),
    "Wanda": lambda row, count: removed_by_score(row, np.abs(row) * norms, count),
    "steps with compensation": lambda row, count: removed_by_steps(row, inverse, count),
}
figure, axis = plt.subplots(figsize=(7, 4))
few_rows = mlp.hidden2.weight[:5].double().numpy()
for (name, way), look in zip(ways.items(), ("s--", "P-", "o-.")):
    errors = [
        [
            np.square(tested @ (way(row, round(share * row.size)) - row)).sum()
            / np.square(tested @ row).sum()
            for row in few_rows
        ]
        for share in shares
    ]
    middle, low, high = np.median(errors, 1), np.min(errors, 1), np.max(errors, 1)
    (line,) = axis.plot(shares, middle, look, fillstyle="none", label=name)
    axis.fill_between(shares, low, high, color=line.get_color(), alpha=0.15)
axis.set(yscale="log", xlabel="sparsity (fraction of weights)", ylabel="relative squared error")
figure.legend(loc="outside lower center", ncols=3)
described(figure, "errors-of-three-ways")

# %% [markdown]
# **Read.** Lines are medians of five outputs, bands reach from the best to the worst, on validation digits.
# Choosing better gains a little; letting the others make up for what goes gains orders of magnitude, because the 256 inputs all come from 64 pixels and can stand in for one another.
# The price is an inverse of the size of the inputs, and weights that are no longer those which training found: they fit the calibration data.

# %% exercise: obs-prune

# %% [markdown]
# Write `obs_prune(weights, hessian, count)`.
# `weights` are the weights of an output, `(inputs,)`, and `hessian` is $H$, `(inputs, inputs)`, symmetric and positive definite; both are float64.
# Remove `count` weights, one after the other:
#
# - of the weights that are left, the one with the least $w_p^2 / (2 [H^{-1}]_{pp})$ goes, where $H$ has the rows and columns of those that are left, and nothing else; of equal saliencies the one that stands first;
# - the others that are left are compensated as in exercise {{number:obs-step}}; what was removed stays zero.
#
# Return a dict: `"order"`, the places in the order in which they went, a list of `int`, and `"weights"`, float64, `(inputs,)`, exactly zero where a weight was removed.
# `count` is from 0 to all; what was given stays as it is.
#
# Worked value: weights `[1.0, -1.5]` with $H$ `[[2, 1], [1, 2]]` have the saliencies 0.75 and 1.6875; for `count = 1` the first goes, and what comes back is `{"order": [0], "weights": [0.0, -1.0]}`.


# %%
def obs_prune(weights: np.ndarray, hessian: np.ndarray, count: int) -> dict:
    """Return which weights went, in their order, and the weights that make up for them."""
    ### BEGIN SOLUTION
    weights, left, order = weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = int(np.argmin(weights[left] ** 2 / np.diag(inverse)))
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(left.pop(at))
        weights[order] = 0
    return {"order": order, "weights": weights}
    ### END SOLUTION


# %%
# Try it: what do the last ones have to do?
for count in range(4):
    print(obs_prune(weights, hessian, count))

# %% [markdown]
# ## 5c.3 · N of every M
#
# **Why.** A pattern makes zeros easy to find: in an **N:M** pattern at most N of every M consecutive weights along the input dimension are not zero.
# **2:4** is the one that GPUs have multiplied with since 2020; it has a fixed sparsity of a half.
#
# **Predict.** Each output of the same layer loses a half of its weights, freely and in the pattern 2:4.
# By eye, what tells the two masks apart?
#
# **Run.**


# %%
def pattern(scores, n, m):
    """Return a mask that keeps the n highest scores of each m along the last axis."""
    groups = scores.reshape(-1, m)
    order = np.argsort(groups, axis=1, kind="stable")
    mask = np.ones(groups.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : m - n], False, axis=1)
    return mask.reshape(scores.shape)


magnitudes = np.abs(mlp.hidden2.weight.numpy())
free = magnitudes > np.median(magnitudes, axis=1, keepdims=True)
figure, panels = plt.subplots(1, 2, figsize=(9.5, 4.4), sharey=True)
for panel, mask, name in zip(panels, (free, pattern(magnitudes, 2, 4)), ("free", "2:4")):
    panel.imshow(mask[:20, :32], cmap="Blues", vmin=-0.3, vmax=1.3)
    panel.set(title=f"{name}, {mask.mean():.2f} kept", xlabel="input")
    panel.grid(visible=False)
    panel.vlines(np.arange(3.5, 31, 4), -0.5, 19.5, color="#D55E00", linewidth=0.8)
    held = mask.reshape(-1, 4).sum(1)
    print(f"{name}: weights kept in a group of four, 0 to 4: {np.bincount(held, minlength=5)}")
panels[0].set(ylabel="output", yticks=range(0, 20, 5))
described(figure, "free-and-two-four")

# %% [markdown]
# **Read.** Between two lines of the right map each row has exactly two dark places; on the left some groups are full and some are empty.
# A free mask of one half is hardly ever 2:4, and the pattern has to give up weights that a free choice would keep.
#
# **Predict.** What do patterns cost in accuracy?
#
# **Run.** CREPE's layers but the first, whose only input channel has no groups; in a convolution the groups run along the input channels, for each tap of the kernel by itself.

# %%
if crepe is not None:

    def in_pattern(n, m):
        """Return CREPE with n of each m input channels kept."""
        pruned = copy.deepcopy(crepe)
        for name, layer in list(layers_of(pruned).items())[1:]:
            last = layer.weight.abs().movedim(1, -1)  # groups lie along the last axis
            mask = torch.from_numpy(pattern(last.numpy(), n, m)).movedim(-1, 1)
            layer.weight *= mask
        return pruned

    hear_x, hear_y = sound(31, 120)
    shown = {"dense": pitch_accuracy(crepe(hear_x), hear_y)}
    for n, m in ((2, 4), (4, 8), (8, 16), (1, 2), (1, 4), (2, 8), (4, 16)):
        shown[f"{n}:{m}"] = pitch_accuracy(in_pattern(n, m)(hear_x), hear_y)
    for sparsity in (0.5, 0.75):
        masks = crepe_masks(crepe, "per layer", sparsity)
        masks["conv1"] = torch.ones_like(masks["conv1"])
        shown[f"free, {sparsity}"] = pitch_accuracy(masked(crepe, masks)(hear_x), hear_y)
    figure, axis = plt.subplots(figsize=(7.5, 3.6))
    colours = ["#777777"] + ["#56B4E9"] * 4 + ["#0072B2"] * 3 + ["#E69F00"] * 2
    axis.bar(list(shown), list(shown.values()), color=colours)
    axis.set(ylabel="tones heard (fraction)", xlabel="weights kept: pattern, or sparsity")
    axis.tick_params(axis="x", rotation=30)
    display(described(figure, "heard-by-pattern"))

# %% [markdown]
# **Read.** At one half every pattern is harmless here, and at three quarters the pattern decides: the longer the group, the freer the choice, and the nearer to that without a pattern.
# Hardware wants short groups.
#
# What became of 2:4?
# In 2026 [vLLM](https://github.com/vllm-project/vllm) took out its 2:4 kernels since nobody downloaded such models, `llm-compressor` and `transformers` followed, and torchao deleted its module `torchao.sparsity` on its main branch.
# PyTorch still has [`to_sparse_semi_structured`](https://docs.pytorch.org/docs/stable/generated/torch.sparse.to_sparse_semi_structured.html), for CUDA tensors alone.
# What production keeps of pruning is the removal of whole structures with distillation, the subject of lesson 5b.
# A pattern by hand is still worth knowing: it is easy to make, costs 2 bits for each value, and TensorFlow's tools make it, too (lesson 6).

# %% question: semi-structured-on-cpu

# %% exercise: n-m-mask

# %% [markdown]
# Write `n_m_mask(weights, n, m)`.
# `weights` is an array of floats, `(outputs, inputs)` for a linear layer or `(outputs, inputs, taps)` for a convolution; `1 <= n <= m`.
# Return a `bool` array of its shape, True where a weight is kept.
#
# - Groups are `m` consecutive **inputs** of one output, and of one tap; each keeps the `n` weights of largest magnitude.
# - Of equal magnitudes those go first that stand first.
# - Where `m` does not divide the inputs, the last group is shorter: of its `r` weights it keeps `n`, or all where it has no more than `n`.
#
# Worked value: at 2:4 the row `[1.0, -2.0, 3.0, -4.0, 5.0]` has the mask `[False, False, True, True, True]`.


# %%
def n_m_mask(weights: np.ndarray, n: int, m: int) -> np.ndarray:
    """Return a mask that keeps the `n` largest of each `m` consecutive inputs."""
    ### BEGIN SOLUTION
    mask = np.zeros(weights.shape, dtype=bool)
    for start in range(0, weights.shape[1], m):
        order = np.argsort(np.abs(weights[:, start : start + m]), axis=1, kind="stable")
        np.put_along_axis(mask[:, start : start + m], order[:, -n:], True, axis=1)
    return mask
    ### END SOLUTION


# %%
# Try it: the same layer in three patterns.
for n, m in ((2, 4), (1, 4), (3, 5)):
    print(f"{n}:{m}", n_m_mask(weights, n, m))

# %% [markdown]
# ## 5c.4 · What zeros cost
#
# **Why.** Lesson 2b stored values with their columns (CSR).
# Three other formats spend less on saying where a value stands:
#
# - **bit mask**: one bit for each place, and the values that are not zero;
# - **N:M**: the values, and for each its place within the group, 2 bits in 2:4;
# - **BSR**, block sparse rows: blocks of, say, 4 × 4 places that are not all zero, with one index for each block.
#
# What an index takes is fixed by its dtype, and not by the values: against int8 values a 4-byte index weighs four times as much as against float32.
#
# **Predict.** For a layer of 1024 × 1024, from which sparsity is each format smaller than the dense array, in float32 and in int8?
#
# **Run.** For BSR whole blocks of 4 × 4 are zero; with zeros at random places hardly any block would be.


# %%
def shares_of_dense(zeros, value, index="int32"):
    """Return the bytes of each format as shares of the dense ones, for 1024 x 1024 places."""
    side, each, column = 1024, np.dtype(value).itemsize, np.dtype(index).itemsize
    left = round((1 - zeros) * side**2)
    sizes = {
        f"CSR, {index}": left * (each + column) + 4 * (side + 1),
        f"BSR 4 × 4, {index}": left / 16 * (16 * each + column) + 4 * (side // 4 + 1),
        "bit mask": measures.bitmask_size_bytes(side**2, left, value_dtype=value),
    }
    return {name: size / side**2 / each for name, size in sizes.items()}


grid = np.linspace(0, 1, 201)
figure, panels = plt.subplots(1, 2, figsize=(9.5, 4.2), sharey=True)
breaks = {}
for panel, value in zip(panels, ("float32", "int8")):
    lines = pd.DataFrame(
        [shares_of_dense(one, value) | shares_of_dense(one, value, "int16") for one in grid]
    )
    for name, look in zip(lines, ("-", "--", "-.", (0, (5, 1)), ":")):
        (line,) = panel.plot(grid, lines[name], linestyle=look, label=name)
        first = grid[(lines[name] < 1).to_numpy()][0]
        breaks.setdefault(name, {})[value] = first
        panel.plot(first, 1, "o", color=line.get_color(), fillstyle="none")
    two_four = measures.n_m_size_bytes(1024**2, 2, 4, value_dtype=value)
    panel.plot(0.5, two_four / 1024**2 / np.dtype(value).itemsize, "k*", label="2:4")
    panel.axhline(1, color="#777777", linewidth=0.9)
    panel.set(title=value, xlabel="sparsity (fraction)", ylim=(0, 3))
panels[0].set(ylabel="bytes, as a share of the dense ones")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
described(figure, "bytes-by-format")

# %%
pd.DataFrame(breaks).T.rename_axis("smaller than dense from").round(3)

# %% [markdown]
# **Read.** Circles are the points of break-even.
# In float32 the bit mask pays almost at once, and CSR from a third or a half on, as its columns take `2` or `4` bytes; in int8 the bit mask pays from an eighth, and CSR only when two thirds or four fifths of the weights are gone.
# A block shares its index among 16 places, which makes it as cheap as a bit mask, if whole blocks are zero.
# So a format belongs to a sparsity, a pattern and a width of the values, and not to "sparse" as such.

# %% question: break-even-order

# %% exercise: bitmask-pack

# %% [markdown]
# Write `bitmask_pack(weights)` for an array of any shape and of a dtype of floats or integers.
# Return a dict:
#
# - `"mask"`: `uint8`, one bit for each place in row-major order, place `i` in bit `i % 8` of byte `i // 8`, where bit 0 has the value 1; a bit is 1 where the weight is not zero, and bits beyond the last place are 0;
# - `"values"`: the weights that are not zero, one axis, in row-major order, in the dtype of `weights`;
# - `"bytes"`: what both arrays take together, an `int`.
#
# Worked value: `[0.0, 3.0, 0.0, -1.0]` in float32 has the mask `[10]`, since 2 + 8 = 10, the values `[3.0, -1.0]` and `9` bytes.


# %%
def bitmask_pack(weights: np.ndarray) -> dict:
    """Return a bit for each place, the values that are not zero, and their bytes."""
    ### BEGIN SOLUTION
    mask = np.packbits(weights != 0, bitorder="little")
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}
    ### END SOLUTION


# %%
# Try it: how many bytes did the dense array take?
for dtype in (np.float32, np.int8):
    print(weights.astype(dtype).nbytes, bitmask_pack(weights.astype(dtype)))

# %% exercise: two-four-unpack

# %% [markdown]
# What a 2:4 layer is stored as has to be read again.
# Write `two_four_unpack(values, places)`.
# `values` has any dtype, shape `(outputs, 2 * groups)`: for each group of four inputs the two weights that are kept.
# `places` is `uint8`, shape `(outputs, groups / 2)`, with `groups` even: each byte holds the places, 0 to 3, of four values in a row, 2 bits each, the first value in the two lowest bits.
#
# Return the dense weights, `(outputs, 4 * groups)`, in the dtype of `values`, zero where no value was kept.
# The two places of a group differ, and stand in either order.
# There may be no outputs, or no groups.
#
# Worked value: values `[[5, 6, 7, 8]]` with the byte `0b10_00_11_01`, read from the right, have the places 1 and 3, then 0 and 2: `[[0, 5, 0, 6, 7, 0, 8, 0]]`.


# %%
def two_four_unpack(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the dense weights of values and their 2-bit places."""
    ### BEGIN SOLUTION
    in_group = places[:, :, None] >> np.array([0, 2, 4, 6]) & 3
    columns = in_group.reshape(values.shape) + 4 * (np.arange(values.shape[1]) // 2)
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    np.put_along_axis(dense, columns, values, axis=1)
    return dense
    ### END SOLUTION


# %%
# Try it: one row of eight inputs.
print(two_four_unpack(values, places))

# %% exercise: smallest-format

# %% [markdown]
# Write `smallest_format(weights, block)`, which counts what a pruned layer takes in four formats.
# `weights` is an array of floats or integers, `(rows, columns)`; `block` is a pair `(height, width)` that divides them.
# Return a dict of whole numbers, bytes, with the keys in this order, and the name of the smallest format:
#
# - `"dense"`: all places;
# - `"csr"`: the values that are not zero, a column for each, and `rows + 1` row pointers;
# - `"bsr"`: all places of each block that is not all zero, a column of blocks for each block, and a row pointer for each row of blocks and one more;
# - `"bitmask"`: one bit for each place, in whole bytes for the matrix, and the values that are not zero;
# - `"smallest"`: the key with the fewest bytes, of equal ones that which stands first above.
#
# Columns take `1`, `2` or `4` bytes each, whichever is the narrowest that holds the largest column there may be: `columns - 1`, or for blocks `columns / width - 1`.
# Row pointers, likewise, those that hold the count of values, or of blocks, that are stored.
# One byte holds up to 255, two up to 65,535.
#
# Worked value: `[[0, 7, 0, 0], [0, 0, 0, 0]]` in int8 with blocks of `(1, 2)`: dense `8`; CSR `1 + 1 + 3 = 5`; BSR `2 + 1 + 3 = 6`; bit mask `1 + 1 = 2`, the smallest.


# %%
def smallest_format(weights: np.ndarray, block: tuple[int, int]) -> dict:
    """Return the bytes of a matrix in four formats, and which of them is the smallest."""
    ### BEGIN SOLUTION
    (rows, columns), (height, width) = weights.shape, block
    down, across = range(0, rows, height), range(0, columns, width)
    tiles = [weights[i : i + height, j : j + width] for i in down for j in across]
    stored, blocks = int((weights != 0).sum()), sum(bool(tile.any()) for tile in tiles)

    def compressed(count: int, values: int, most: int, lines: int) -> int:
        pointers = (lines + 1) * index_bytes(count)
        return count * (values * weights.itemsize + index_bytes(most)) + pointers

    def index_bytes(largest: int) -> int:
        return 1 if largest < 256 else 2 if largest < 65536 else 4

    found = {
        "dense": weights.nbytes,
        "csr": compressed(stored, 1, columns - 1, rows),
        "bsr": compressed(blocks, height * width, len(across) - 1, len(down)),
        "bitmask": (weights.size + 7) // 8 + stored * weights.itemsize,
    }
    return found | {"smallest": min(found, key=found.get)}
    ### END SOLUTION


# %%
# Try it: the same zeros in float32 and in int8, and in other blocks.
for dtype in (np.float32, np.int8):
    for block in ((1, 4), (2, 4)):
        print(dtype.__name__, block, smallest_format(sparse.astype(dtype), block))

# %% [markdown]
# Files are often compressed anyway, which finds zeros, too.
# No lossless code that looks at each weight by itself takes fewer bits than their **entropy** (lesson 3b).
#
# **Predict.** A layer is pruned, and quantized to 8 bits.
# Does `zlib`, which gzip and zip files use, come near the entropy, and does it beat a bit mask?
#
# **Run.**

# %%
weight = mlp.hidden2.weight.numpy()
rows = []
for zeros in (0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
    cut = np.sort(np.abs(weight), axis=None)[round(zeros * weight.size)]
    codes = measures.quantize_symmetric(np.where(np.abs(weight) < cut, 0, weight), 8)[0]
    codes = codes.astype(np.int8)
    zero_share, sizes = measures.sparsity(codes), {}
    sizes["entropy bound"] = measures.entropy_bits(codes) * codes.size / 8
    sizes["zlib, level 9"] = len(zlib.compress(codes.tobytes(), 9))
    sizes["bit mask"] = measures.bitmask_size_bytes(
        codes.size, measures.nonzeros(codes), value_dtype="int8"
    )
    rows.append({"sparsity": zero_share} | {name: one / 1000 for name, one in sizes.items()})
table = pd.DataFrame(rows).set_index("sparsity")
figure, axis = plt.subplots(figsize=(7, 4))
for name, look in zip(table, ("k-", "s--", "o-.")):
    axis.plot(table.index, table[name], look, fillstyle="none", label=name)
axis.axhline(weight.size / 1000, color="#777777", linewidth=0.9, label="dense int8")
axis.set(xlabel="sparsity of the codes (fraction)", ylabel="size of hidden2 (kB)", ylim=0)
axis.legend()
described(figure, "entropy-and-zlib")

# %% [markdown]
# **Read.** The curves begin where rounding alone has made zeros.
# The black line is the bound; `zlib` stays close to it, below the bit mask, and needs nobody to write a format.
# But what is unpacked at loading is dense again: compression saves the download, a format may save memory and work, too.
# Without any pruning the codes have an entropy below 8 bits already, since most weights are small: part of what "pruned and zipped" boasts of is owed to quantization.

# %% question: entropy-of-zeros

# %% [markdown]
# And the time?
#
# **Run.** One row of 1,024 numbers times a matrix of 1024 × 1024, dense in torch, in CSR and in BSR with blocks of 16 × 16 that are whole or zero.

# %%
chance = np.random.default_rng(0)
vector = chance.standard_normal(1024).astype(np.float32)
at, times = (0.5, 0.7, 0.8, 0.9, 0.95), {}
for zeros in at:
    full = chance.standard_normal((1024, 1024)).astype(np.float32)
    blocks = np.kron(chance.random((64, 64)) >= zeros, np.ones((16, 16))).astype(np.float32)
    csr = scipy.sparse.csr_array(full * (chance.random(full.shape) >= zeros))
    bsr = scipy.sparse.bsr_array(full * blocks, blocksize=(16, 16))
    dense, given = torch.from_numpy(full), torch.from_numpy(vector)
    for name, call in {
        "dense": partial(torch.mv, dense, given),
        "CSR, free zeros": partial(csr.dot, vector),
        "BSR, blocks of zeros": partial(bsr.dot, vector),
    }.items():
        latency = measures.latency_ms(call, repeats=25)
        times.setdefault(name, []).append([1000 * latency.median_ms, 1000 * latency.iqr_ms / 2])
figure, axis = plt.subplots(figsize=(7, 3.8))
for (name, found), look in zip(times.items(), ("k-", "s--", "o-.")):
    middle, spread = np.array(found).T
    axis.errorbar(at, middle, spread, fmt=look, fillstyle="none", capsize=3, label=name)
axis.set(yscale="log", xlabel="sparsity (fraction)", ylabel="latency of one product (µs)")
plain_ticks(axis)
axis.legend()
described(figure, "latency-by-format")

# %% [markdown]
# **Read.** Points are medians, bars half of the interquartile range, on your machine.
# The bytes broke even at a half; the clock asks CSR for far more zeros, and blocks for fewer, since one index serves many multiplications.
# Times are shown here and graded nowhere.

# %% [markdown]
# ## 5c.5 · Which one is shipped?
#
# **Why.** Pruning competes with quantization for the same bytes, and they can be combined.
# A decision needs three numbers for each candidate: bytes, operations, accuracy.
#
# **Predict.** CREPE's weights take {{crepe_megabytes:.1f}} MB in float32.
# At `200` kB, which form of them hears best: a twentieth of the weights in float32, a third of them in int8, or most of them in 4 bits?
#
# **Run.** Forms of its seven weights; the accuracy is that on 100 fresh tones.
# Multiplications are those of a dense kernel, which does not skip zeros.


# %%
def rounded(model, bits):
    """Return a copy whose weights lie on symmetric grids, one for each output."""
    model = copy.deepcopy(model)
    for layer in layers_of(model).values():
        top = layer.weight.abs().flatten(1).amax(1).clamp(min=1e-12)
        scale = (top / (2 ** (bits - 1) - 1)).view(-1, *[1] * (layer.weight.ndim - 1))
        layer.weight.copy_((layer.weight / scale).round() * scale)
    return model


def stored_bytes(model, bits):
    """Return the fewer bytes of bit mask and dense, at so many bits a value, with scales."""
    total = 0
    for layer in layers_of(model).values():
        size, left = layer.weight.numel(), int((layer.weight != 0).sum())
        packed = (size + 7) // 8 + (left * bits + 7) // 8
        total += min(packed, (size * bits + 7) // 8)
        total += 4 * len(layer.weight) if bits < 32 else 0
    return total


if crepe is not None:
    hear_x, hear_y = sound(41, 100)
    macs = measures.module_macs(crepe, hear_x[:1]).total
    candidates = []
    for sparsity in (0, 0.5, 0.6, 0.7, 0.75, 0.8):
        masks = crepe_masks(crepe, "global", sparsity)
        pruned = masked(crepe, masks)
        for bits in (32, 8, 6, 4):
            model = pruned if bits == 32 else rounded(pruned, bits)
            candidates.append(
                {
                    "sparsity": sparsity,
                    "bits": bits,
                    "kB": stored_bytes(model, bits) / 1000,
                    "million multiplications": macs / 1e6,
                    "heard": pitch_accuracy(model(hear_x), hear_y),
                }
            )
    candidates = pd.DataFrame(candidates)
    figure, axis = plt.subplots(figsize=(7.5, 4.4))
    for (bits, rows), look in zip(candidates.groupby("bits"), ("o-", "s--", "D:", "^-.")):
        axis.plot(rows["kB"], rows["heard"], look, fillstyle="none", label=f"{bits} bits")
    axis.axvline(200, color="#777777", linewidth=0.9, label="200 kB")
    axis.set(xscale="log", xlabel="stored weights (kB)", ylabel="tones heard (fraction)")
    plain_ticks(axis)
    figure.legend(loc="outside lower center", ncols=5)
    display(described(figure, "bytes-and-accuracy"))

# %%
if crepe is not None:
    costs = candidates[["kB", "heard"]].to_numpy() * [1, -1]
    best = candidates[measures.is_pareto_optimal(costs)].sort_values("kB")
    display(best.style.format("{:.2f}").format("{:.0f}", subset=["bits", "kB"]).hide())

# %% [markdown]
# **Read.** Along each line more weights are zero from right to left.
# Fewer bits move the whole line to the left, pruning bends it down at the edge of lesson 5: few bits and as many zeros as the accuracy bears are smaller than either alone.
# A grid of 4 bits makes zeros itself, which the bit mask saves at once.
# The table shows the forms that no other beats; the operations are the same in all of them: without a kernel that skips zeros, unstructured pruning saves bytes and nothing else.
# Whoever needs time or operations removes structures (lesson 5b), or quantizes for a kernel that computes in int8 (lesson 8).

# %% question: quarter-of-the-bytes

# %% question: file-or-time

# %% [markdown]
# ## Summary
#
# - **Wanda** ranks weight times norm of the input within each output. Scaling a channel does not move its mask, and moves that of magnitude.
# - **One step of OBS** removes a weight and moves the others of its row, in closed form; it gains far more than a better ranking. Mind the 2 in $H$, the damping, and what was struck out.
# - **N:M** along the inputs is a pattern that hardware could use; 2:4 has lost its users, the format remains easy to make and to count.
# - **Formats** break even at sparsities of their own, which depend on the width of values and indices. The bit mask pays first.
# - **Entropy** bounds what compression can do; compressed files are dense again when they are loaded.
# - **Decide** by bytes, operations and accuracy together, and measure what you ship.
#
# ## Where next
#
# Lesson 6 prunes, clusters and quantizes with TensorFlow's own tools, N:M patterns among them.
