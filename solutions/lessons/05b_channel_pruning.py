# ---
# about: "networks made smaller in fact: channels removed, dependency graphs, distillation, low rank, shapes saved"
# ---

# %% [markdown]
# # 5b · Channel pruning: smaller in fact
#
# *How does a network become smaller in fact, and how does it win back what it lost?*
#
# After this lesson you can
#
# 1. choose channels by their norms, and say what their removal saves in parameters and MACs;
# 2. remove channels for good, with the batch norm and the next layer, and prove it by the outputs;
# 3. find out what has to go together in a network with branches, and repair what a tool does not see;
# 4. save and load a network whose shapes have changed;
# 5. win accuracy back by distillation, and cut a matrix into two thin ones.
#
# **You need** lesson 5 and PyTorch as far as training a small network.
# Sections 5b.4, 5b.6 and 5b.8 also use a pretrained network whose weights are not part of the course; `quizlib models crepe-tiny` fetches them once.
# Without them the cells about that network say so, and one exercise cannot be checked; all others can.
#
# **Time**: about 65 minutes to read, run and answer, and an hour and a half for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 5b.1 Whole channels | 10 | 10 |
# | 5b.2 Sorting changes nothing | 5 | 10 |
# | 5b.3 Removing for good | 10 | 20 |
# | 5b.4 What hangs together | 12 | 20 |
# | 5b.5 Saving another shape | 5 | 10 |
# | 5b.6 Learning from the original | 12 | 10 |
# | 5b.7 Two thin matrices | 6 | 10 |
# | 5b.8 Which would you ship? | 5 | |
#
# A good place for a break is the end of section 5b.3.
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

quizlib.begin("05b-channel-pruning")

# %%
import copy
import io

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
import torch_pruning as tp
from IPython.display import display
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import prune

from quizlib import measures
from quizlib.errors import MissingWeightsError
from quizlib.zoo import (
    crepe_tiny,
    digits_cnn,
    digits_mlp,
    digits_residual,
    load_digits,
    pitch_accuracy,
    tones,
)
from quizlib.zoo.figures import described, use_style

torch.set_num_threads(1)
use_style()
digits = load_digits()
val_images, val_x = (
    torch.from_numpy(digits.images("val")),
    torch.from_numpy(digits.images("val")).flatten(1),
)


@torch.no_grad()
def val_accuracy(model, inputs):
    return measures.accuracy(model(inputs).numpy(), digits.y_val)


try:
    crepe = crepe_tiny()
    hear = tones(seed=1, count=100)
    hear_x, hear_y = torch.from_numpy(hear.frames), torch.from_numpy(hear.cents)
except MissingWeightsError as error:
    crepe = None
    print(error)

# %% [markdown]
# ## 5b.1 · Whole channels
#
# **Why.** A zero in a dense array takes the same bytes and the same time as any other number.
# **Structured pruning** removes whole **channels**: an output of a layer, all the weights that make it, and all the weights of the next layer that read it.
# What is left are dense arrays, only smaller; every library runs them, and nothing has to know that anything was pruned.
#
# Which channels go is a ranking again, of channels and not of weights.
# The usual **score** is the norm of a channel's weights: L1, the sum of their magnitudes, or L2, the root of the sum of their squares.
#
# **Predict.** Will the norms of a layer's channels differ as much as the magnitudes of its weights did?
#
# **Run.** The norms of the two convolutions of the digits CNN, and of two of CREPE, largest first.

# %%
cnn = digits_cnn().requires_grad_(False)
shown = {"digits conv1": cnn.conv1.weight, "digits conv2": cnn.conv2.weight}
if crepe is not None:
    shown |= {
        "CREPE conv1": crepe.conv1.weight.detach(),
        "CREPE conv6": crepe.conv6.weight.detach(),
    }
figure, axis = plt.subplots(figsize=(7, 3.8))
for (name, weight), look in zip(shown.items(), ("o-", "s--", "^-.", "v:")):
    norms = weight.flatten(1).norm(dim=1).sort(descending=True).values.numpy()
    places = np.linspace(0, 1, len(norms))
    axis.plot(places, norms / norms[0], look, markersize=3, fillstyle="none", label=name)
axis.set(xlabel="rank of the channel (fraction)", ylabel="L2 norm (fraction of the largest)")
axis.set_ylim(bottom=0)
axis.legend()
described(figure, "sorted-norms")

# %% [markdown]
# **Read.** There is no gap where one could cut, and no channel near zero: in most of these layers the smallest norm is not far below the largest.
# Single weights were many, and most of them small; a channel is a sum over many of them, and such sums are alike.
# So a channel is dear, and its norm says less about it than a magnitude says about a weight.
#
# **Predict.** Half of the channels of each layer go. Which share of the MACs is left, and which share of the parameters?

# %% question: share-of-macs

# %% [markdown]
# **Run.** A chain of five convolutions, of which a share $p$ of the channels is removed everywhere but at the input and the output.


# %%
def chain(width, first=3, last=10):
    sizes = [first, *(width,) * 4, last]
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers[:-1]).eval()


picture = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
widths = [64, 56, 48, 40, 32, 24, 16, 8]
counted = pd.DataFrame(
    {
        "parameters": [measures.parameter_count(chain(width)) for width in widths],
        "MACs": [measures.module_macs(chain(width), picture).total for width in widths],
    },
    index=[1 - width / 64 for width in widths],
)
share = counted / counted.iloc[0]

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.8))
removed = np.linspace(0, 0.875, 50)
axis.plot(removed, (1 - removed) ** 2, color="#777777", label="$(1-p)^2$")
axis.plot(removed, 1 - removed, ":", color="#777777", label="$1-p$")
axis.plot(share.index, share["parameters"], "o", fillstyle="none", label="parameters")
axis.plot(share.index, share["MACs"], "x", label="MACs")
axis.plot(
    share.index, np.ones(len(share)), "s", fillstyle="none", label="MACs, channels zeroed"
)
axis.set(xlabel="removed channels p (fraction)", ylabel="left (fraction)")
axis.legend()
described(figure, "cost-by-share")

# %%
share.loc[[0.25, 0.5, 0.75]].rename_axis("p").round(3)

# %% [markdown]
# **Read.** A layer between two pruned ones loses outputs and inputs, so that $(1-p)^2$ of it is left; the first and the last lose one of the two, and keep $1-p$.
# Where the channels are only set to zero, the count of MACs stays, since the multiplications are done all the same.
#
# Does the time follow?
# It is shown here with its spread, and no answer of yours depends on it.

# %%
timed = {}
for width in widths:
    net = chain(width).requires_grad_(False)
    timed[width] = measures.latency_ms(
        lambda one=net: one(picture.expand(4, -1, -1, -1)), repeats=30
    )
zeroed = chain(64).requires_grad_(False)
for layer in zeroed[::2]:
    layer.weight[32:] = 0
timed_zeroed = measures.latency_ms(lambda: zeroed(picture.expand(4, -1, -1, -1)), repeats=30)

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.8))
medians = np.array([one.median_ms for one in timed.values()])
spread = np.array([one.quartiles_ms for one in timed.values()]).T
axis.errorbar(widths, medians, np.abs(spread - medians), fmt="o-", label="measured")
axis.plot(
    widths, medians[0] * share["MACs"], ":", color="#777777", label="in proportion to MACs"
)
low, high = timed_zeroed.quartiles_ms
middle = timed_zeroed.median_ms
axis.errorbar(
    [32], [middle], [[middle - low], [high - middle]], fmt="s", label="64 channels, 32 zeroed"
)
axis.set(xlabel="channels of each layer (count)", ylabel="latency of four pictures (ms)")
axis.set_ylim(bottom=0)
axis.legend()
described(figure, "latency-by-channels")

# %% [markdown]
# **Read.** Points are medians, bars reach from the first to the third quartile.
# Fewer channels take less time, and seldom as much less as the MACs promise: what is paid for each call and for moving the data stays.
# Some libraries work on blocks of 8 or 16 channels, so that a layer of 33 may take as long as one of 40, which the figure, of multiples of 8 alone, does not show; that is why tools round the number of channels up to a multiple.
# The zeroed channels save nothing.

# %% exercise: channels-to-keep

# %% [markdown]
# Write `channels_to_keep(weight, share, norm, multiple)`.
# `weight` is a float array of two axes or more; its first axis are the output channels.
# Return the places of the channels that stay, a list of `int` in ascending order.
#
# - The score of a channel is the norm of its weights: L1 where `norm` is 1, L2 where it is 2.
# - `round(share * channels)` of them are to go (Python's `round`), but one at least stays; the number of those that stay is then rounded **up** to a multiple of `multiple`, but never beyond the channels that there are.
# - Those of the lowest score go; of equal scores those that stand first.
# - `weight` stays as it is.
#
# Worked value: the channels `[3, 0]`, `[-2, 2]`, `[1, 1]` have the L1 norms 3, 4 and 2; with `share=0.3` and `multiple=1` the last one goes: `[0, 1]`.


# %%
def channels_to_keep(weight: np.ndarray, share: float, norm: int, multiple: int) -> list[int]:
    """Return the places of the output channels of the largest norms, in ascending order."""
    ### BEGIN SOLUTION
    channels = len(weight)
    scores = (np.abs(weight) ** norm).sum(axis=tuple(range(1, weight.ndim)))
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return np.sort(np.argsort(scores, kind="stable")[channels - stay :]).tolist()
    ### END SOLUTION


# %%
# Try it: do the two norms choose the same channels?
for norm in (1, 2):
    print(norm, channels_to_keep(weight, 0.5, norm, 1), channels_to_keep(weight, 0.5, norm, 4))

# %% [markdown]
# ## 5b.2 · Sorting changes nothing
#
# **Why.** The channels inside of a network have no order of their own.
# If the outputs of a layer change places, and the inputs of the next layer change places in the same way, the network computes what it computed before: an **equivalent transform**.
# If they are sorted by their scores, then pruning is a slice: the first $k$ stay.
# It is a test as well: whoever has forgotten something that belongs to a channel sees other outputs.
#
# **Predict.** The first $k$ of 256 hidden units are kept: as they stand, which is as good as at random, sorted by norm, and the other way round.
# In which order will the three lie?
#
# **Run.**

# %%
mlp = digits_mlp().requires_grad_(False)
order = mlp.hidden1.weight.norm(dim=1).argsort(descending=True)
tidy = copy.deepcopy(mlp)
tidy.hidden1.weight.copy_(mlp.hidden1.weight[order])
tidy.hidden1.bias.copy_(mlp.hidden1.bias[order])
tidy.hidden2.weight.copy_(mlp.hidden2.weight[:, order])
print(f"largest difference of a logit: {(tidy(val_x) - mlp(val_x)).abs().max():.1e}")


# %%
def first_units(model, count):
    """Return the logits of a network of which only the first `count` hidden units are used."""
    hidden = F.relu(F.linear(val_x, model.hidden1.weight[:count], model.hidden1.bias[:count]))
    hidden = F.relu(F.linear(hidden, model.hidden2.weight[:, :count], model.hidden2.bias))
    return model.output(hidden).numpy()


counts = [8, 16, 32, 64, 96, 128, 160, 192, 224, 256]
turned = copy.deepcopy(tidy)
turned.hidden1.weight.copy_(tidy.hidden1.weight.flip(0))
turned.hidden1.bias.copy_(tidy.hidden1.bias.flip(0))
turned.hidden2.weight.copy_(tidy.hidden2.weight.flip(1))
by_width = {
    name: [measures.accuracy(first_units(model, count), digits.y_val) for count in counts]
    for name, model in (
        ("as they stand", mlp),
        ("sorted by norm", tidy),
        ("smallest first", turned),
    )
}

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6))
left.plot(mlp.hidden1.weight.norm(dim=1).numpy(), ".", label="as they stand")
left.plot(tidy.hidden1.weight.norm(dim=1).numpy(), "-", label="sorted by norm")
left.set(xlabel="hidden unit (place)", ylabel="L2 norm of its weights")
for (name, found), look in zip(by_width.items(), ("o--", "s-", "^-.")):
    right.plot(counts, found, look, fillstyle="none", label=name)
right.set(
    xlabel="first hidden units that are kept (count)", ylabel="accuracy on validation digits"
)
right.legend()
left.legend()
described(figure, "accuracy-by-width")

# %% [markdown]
# **Read.** Sorting moved no logit by more than the rounding of float32, and made a slice out of a ranking.
# With 160 of the 256 units all three orders are near the whole network: the rest adds little, whichever it is.
# With fewer, smallest first is the worst: some twenty units are nearly empty, and the norm finds these.
# Among the others the norms are alike, and a ranking by them does no better than the order in which the units happen to stand.
# Only the control shows that: a curve of the sorted network alone would look like a success.

# %% exercise: sort-units

# %% [markdown]
# Write `sort_units(model)` for the digits network with a residual block:
#
# ```python
# x = relu(stem(pixels))
# x = relu(x + block.second(relu(block.first(x))))
# logits = output(x)
# ```
#
# Return a copy that computes the same, in which
#
# - the units of the **stream** `x` are sorted by the L2 norm of their weights in `stem`, the largest first;
# - the units **inside** the block, the outputs of `block.first`, are sorted by the L2 norm of their weights there, the largest first.
#
# The stream is read and written in several places, and the sum adds unit to unit.
# The model that was given stays as it is.
#
# Worked value: the first bias of `stem` in the copy is `model.stem.bias[k]`, where `k` is the unit whose row of `model.stem.weight` has the largest norm.


# %%
def sort_units(model: nn.Module) -> nn.Module:
    """Return a copy that computes the same, with the units of stream and block sorted."""
    ### BEGIN SOLUTION
    tidy = copy.deepcopy(model)
    first, second = tidy.block.first, tidy.block.second
    stream = tidy.stem.weight.norm(dim=1).argsort(descending=True)
    inside = first.weight.norm(dim=1).argsort(descending=True)
    for layer in (tidy.stem, second):
        layer.weight.data = layer.weight.data[stream]
        layer.bias.data = layer.bias.data[stream]
    for layer in (first, tidy.output):
        layer.weight.data = layer.weight.data[:, stream]
    first.weight.data = first.weight.data[inside]
    first.bias.data = first.bias.data[inside]
    second.weight.data = second.weight.data[:, inside]
    return tidy
    ### END SOLUTION


# %%
# Try it: the same logits, and falling norms?
found = sort_units(residual)
if found is not None:
    print((found(pixels) - residual(pixels)).abs().max())
    print(found.stem.weight.norm(dim=1)[:5])

# %% [markdown]
# ## 5b.3 · Removing for good
#
# **Why.** Before a channel is removed one often **masks** it: its weights become zero, and the accuracy is measured.
# That shows what a removal would cost only if a masked channel puts out zero, as one that is gone does.
#
# **Predict.**

# %% question: what-a-zeroed-channel-says

# %% [markdown]
# **Run.** Five of the sixteen channels of the first convolution go, in three ways; the third is done by a tool that the next section explains.

# %%
gone = [1, 4, 6, 11, 12]
smaller = copy.deepcopy(cnn).requires_grad_(True)
graph = tp.DependencyGraph().build_dependency(smaller, example_inputs=val_images[:1])
graph.get_pruning_group(smaller.conv1, tp.prune_conv_out_channels, idxs=gone).prune()
smaller.requires_grad_(False)
with_shift, without = copy.deepcopy(cnn), copy.deepcopy(cnn)
for model in (with_shift, without):
    model.conv1.weight[gone] = 0
without.bn1.weight[gone] = 0
without.bn1.bias[gone] = 0

# %%
rows = {}
for name, model in {
    "as it was": cnn,
    "weights zeroed": with_shift,
    "weights and batch norm zeroed": without,
    "removed": smaller,
}.items():
    rows[name] = {
        "parameters": measures.parameter_count(model),
        "largest difference from removed": float(
            (model(val_images) - smaller(val_images)).abs().max()
        ),
        "accuracy": val_accuracy(model, val_images),
    }
pd.DataFrame(rows).T.style.format(
    {
        "parameters": "{:,.0f}",
        "largest difference from removed": "{:.1e}",
        "accuracy": "{:.3f}",
    }
)

# %% [markdown]
# **Read.** With its weights zeroed a channel still says the constant that the batch norm makes of zero; the next layer hears it everywhere, and the accuracy is not what a removal leaves.
# Only where weight and bias of the batch norm are zero as well, is the mask what the removal will be: the two agree to the rounding of float32.
# So the outputs of the masked network are the **proof** of a removal: any row, column or statistic that was forgotten shows as a difference.
#
# Four arrays of a batch norm have an entry for each channel: `weight`, `bias`, `running_mean` and `running_var`.
# A new `nn.BatchNorm2d` of the right size has them too, with other numbers in them, and no error says so.

# %% exercise: remove-channels

# %% [markdown]
# Write `remove_channels(model, keep)` for a network that begins with `conv1`, `bn1`, `relu1`, `pool1` and `conv2`, such as the digits CNN.
# `keep` lists the channels of `conv1` that stay, in ascending order, one at least.
# Return a new network that has **only these**, under the same names, and computes what the network computes whose other channels are masked, with their batch norm.
# It is in evaluation mode, as the model is that was given, which stays as it is.
# The attributes `out_channels`, `num_features` and `in_channels` of the layers tell their new sizes.
# Do it by hand here; `torch_pruning` comes in the next section.
#
# Worked value: with `keep = [0, 3, 7]` the weight of `conv1` has shape `(3, 1, 3, 3)`, each array of `bn1` has three numbers, and the weight of `conv2` has shape `(32, 3, 3, 3)`.


# %%
def remove_channels(model: nn.Sequential, keep: list[int]) -> nn.Sequential:
    """Return a smaller network, of whose first convolution only the channels `keep` are there."""
    ### BEGIN SOLUTION
    smaller = copy.deepcopy(model)
    conv, norm, following = smaller.conv1, smaller.bn1, smaller.conv2
    conv.weight = nn.Parameter(conv.weight.detach()[keep])
    for name in ("weight", "bias"):
        setattr(norm, name, nn.Parameter(getattr(norm, name).detach()[keep]))
    for name in ("running_mean", "running_var"):
        setattr(norm, name, getattr(norm, name)[keep])
    following.weight = nn.Parameter(following.weight.detach()[:, keep])
    conv.out_channels = norm.num_features = following.in_channels = len(keep)
    return smaller
    ### END SOLUTION


# %%
# Try it: which shapes are left?
found = remove_channels(net, [0, 3, 7])
if found is not None:
    print({name: tuple(array.shape) for name, array in found.state_dict().items()})

# %% [markdown]
# Between the last convolution and the linear layer lies a **flatten**.
# There a channel owns as many inputs of the linear layer as it has places: $H \cdot W$ of them.
# Which ones, depends on the order in which the numbers are laid out.
#
# **Predict.**

# %% question: columns-of-a-channel

# %% [markdown]
# **Run.** Who owns which column, for 8 channels of 2 × 2 places: PyTorch's `nn.Flatten` lays out channel after channel.
# CREPE moves the channels to the end before it flattens, and TensorFlow has them there from the start: place after place.

# %%
channels, places = 8, 4
owner = np.arange(channels * places)
figure, panels = plt.subplots(2, 1, figsize=(9.5, 2.6), sharex=True)
layouts = {"channels first": owner // places, "places first": owner % channels}
for panel, (name, owners) in zip(panels, layouts.items()):
    panel.imshow((owners == 2)[None], aspect="auto", cmap="Blues", vmin=0, vmax=1.4)
    for column, channel in enumerate(owners):
        panel.text(column, 0, channel, ha="center", va="center", fontsize=8)
    panel.set(yticks=[], ylabel=name.replace(" ", "\n"))
    panel.grid(False)
panels[1].set(xlabel="column of the linear layer (place)")
described(figure, "owners-of-columns")

# %% [markdown]
# **Read.** The numbers say to which channel a column belongs; those of channel 2 are dark.
# Both layouts have the same shapes, so that the wrong columns raise no error.

# %% exercise: flatten-boundary

# %% [markdown]
# Write `flatten_boundary(weight, keep, places, layout)`.
# `weight` is the weight of a linear layer behind a flatten, an array of shape `(outputs, channels * places)`, and `keep` lists channels that stay, one at least, **in any order**.
# Return a new array of shape `(outputs, len(keep) * places)`, in the dtype of `weight`, with the columns that belong to them, for an input that was flattened in the same layout, its channels in the order of `keep`.
#
# - `layout` is `"channels-first"`: all places of a channel stand together, or `"places-first"`: all channels of a place stand together.
# - Raise a `ValueError` for another layout, and where `places` does not divide the columns.
#
# Worked value: of `[[0, 1, 2, 3, 4, 5]]`, `keep = [2, 0]` and 2 places keep `[[4, 5, 0, 1]]` in the first layout, and `[[2, 0, 5, 3]]` in the second.


# %%
def flatten_boundary(
    weight: np.ndarray, keep: list[int], places: int, layout: str
) -> np.ndarray:
    """Return the columns of the channels `keep`, in the layout of the weight."""
    ### BEGIN SOLUTION
    channels, rest = divmod(weight.shape[1], places)
    if rest:
        raise ValueError(f"{places} places do not divide {weight.shape[1]} columns")
    if layout == "channels-first":
        columns = [places * channel + place for channel in keep for place in range(places)]
    elif layout == "places-first":
        columns = [channels * place + channel for place in range(places) for channel in keep]
    else:
        raise ValueError(f"there is no layout {layout!r}")
    return weight[:, columns]
    ### END SOLUTION


# %%
# Try it: which columns stay?
for layout in ("channels-first", "places-first"):
    print(layout, flatten_boundary(columns, [2, 0], 2, layout))

# %% [markdown]
# ## 5b.4 · What hangs together
#
# **Why.** In a chain a channel belongs to two layers.
# Where a network has branches that meet again in a sum, the units of several layers are added to each other one by one, and none of them can lose a unit alone.
# All slices that have to go in one step are a **group**; the graph that says which slices imply which others is the **dependency graph**.
#
# **Predict.**

# %% question: goes-together

# %% [markdown]
# **Run.** [`torch-pruning`](https://github.com/VainF/Torch-Pruning) runs the network once, follows the gradients' history back from the output, and finds the groups in it.


# %%
def members(group):
    """Return the layers of a group, and whether outputs or inputs of theirs go."""
    found = {}
    for item in group:
        layer = item.dep.target
        if isinstance(layer.module, nn.Linear | nn.Conv1d | nn.BatchNorm1d):
            side = "outputs" if "out" in item.dep.handler.__name__ else "inputs"
            found[f"{layer.name.split()[0]}, {side}"] = len(item.idxs)
    return found


residual_net = digits_residual()
graph = tp.DependencyGraph().build_dependency(residual_net, example_inputs=val_x[:1])
groups = {
    name: members(
        graph.get_pruning_group(
            residual_net.get_submodule(name), tp.prune_linear_out_channels, idxs=[2, 6, 9]
        )
    )
    for name in ("stem", "block.first", "block.second")
}
pd.DataFrame(groups).fillna(0).astype(int).rename_axis("slices that go")

# %%
frozen = digits_residual().requires_grad_(False)
graph = tp.DependencyGraph().build_dependency(frozen, example_inputs=val_x[:1])
try:
    graph.get_pruning_group(frozen.stem, tp.prune_linear_out_channels, idxs=[2])
except ValueError as error:
    print(error)

# %% [markdown]
# **Read.** Each column is a group that begins at another layer.
# Units inside the block are a group of two slices; those of the stream are the same group wherever one begins, and it has four slices.
# A network whose parameters are frozen has no history of gradients, so that the tool finds nothing in it.
#
# `group.prune()` cuts all slices of a group.
# [`tp.pruner.BasePruner`](https://github.com/VainF/Torch-Pruning) goes over all groups, scores each unit over all of its slices (`tp.importance.GroupMagnitudeImportance(p=2)`), and cuts a share of each; layers in `ignored_layers`, such as the last, keep their outputs.

# %% exercise: remove-units

# %% [markdown]
# Write `remove_units(model, layer, units)` with `torch_pruning`, for the digits network with a residual block.
# `layer` is the name of a linear layer, `"stem"`, `"block.first"` or `"block.second"`, and `units` lists units among its outputs.
# Return a copy from which these units are gone, **with all that hangs on them**; it computes what the network computes whose units are masked in every layer that makes them.
# The model that was given stays as it is, and the copy stays in evaluation mode.
#
# An example input has 64 pixels: `torch.zeros(1, 64)`.
#
# Worked value: without the units `[2, 6, 9]` of `"block.second"`, the weights of `stem`, `block.first`, `block.second` and `output` have the shapes `(61, 64)`, `(64, 61)`, `(61, 64)` and `(10, 61)`.


# %%
def remove_units(model: nn.Module, layer: str, units: list[int]) -> nn.Module:
    """Return a copy without these units of a layer, and without what hangs on them."""
    ### BEGIN SOLUTION
    smaller = copy.deepcopy(model)
    example = torch.zeros(1, 64)
    graph = tp.DependencyGraph().build_dependency(smaller, example_inputs=example)
    group = graph.get_pruning_group(
        smaller.get_submodule(layer), tp.prune_linear_out_channels, idxs=units
    )
    group.prune()
    return smaller
    ### END SOLUTION


# %%
# Try it: which shapes are left?
found = remove_units(residual, "block.second", [2, 6, 9])
if found is not None:
    print({name: tuple(array.shape) for name, array in found.named_parameters()})

# %% [markdown]
# What does the tool make of a network that was not written for it?
#
# **Predict.** CREPE's `forward` ends with `x.transpose(1, 2).reshape(-1, self.in_features)`, and `self.in_features = 256` stands in its `__init__`.
# A quarter of the channels of `conv6` goes. Does the network run afterwards, and does it hear?
#
# **Run.** The first cell cuts, calls and repairs what the error names; the second compares with the masked network on 40 tones.


# %%
def lowest(weight, share):
    """Return the places of the channels of the lowest L2 norms."""
    norms = weight.detach().flatten(1).norm(dim=1)
    return norms.argsort()[: round(share * len(norms))].tolist()


def cut(model, name, units):
    """Cut channels of a convolution with torch_pruning, in place."""
    graph = tp.DependencyGraph().build_dependency(model, example_inputs=hear_x[:1])
    graph.get_pruning_group(
        model.get_submodule(name), tp.prune_conv_out_channels, idxs=units
    ).prune()


if crepe is not None:
    trial = copy.deepcopy(crepe)
    cut(trial, "conv6", lowest(crepe.conv6.weight, 0.25))
    try:
        trial(hear_x)
    except RuntimeError as error:
        print("RuntimeError:", error)
    trial.in_features = trial.classifier.in_features
    print("repaired:", tuple(trial(hear_x[:2]).shape))

# %%
if crepe is not None:
    tones_cut, tones_masked, cut_shares = [], [], [0.02, 0.05, 0.1, 0.25, 0.5]
    for one in cut_shares:
        units = lowest(crepe.conv6.weight, one)
        repaired, masked = copy.deepcopy(crepe), copy.deepcopy(crepe)
        cut(repaired, "conv6", units)
        repaired.in_features = repaired.classifier.in_features
        with torch.no_grad():
            masked.bn6.weight[units] = 0
            masked.bn6.bias[units] = 0
            tones_cut.append(pitch_accuracy(repaired(hear_x[:40]), hear_y[:40]))
            tones_masked.append(pitch_accuracy(masked(hear_x[:40]), hear_y[:40]))
    figure, axis = plt.subplots(figsize=(6.5, 3.6))
    axis.plot(cut_shares, tones_masked, "o-", label="masked")
    axis.plot(cut_shares, tones_cut, "s--", label="cut by the tool, in_features repaired")
    axis.set(
        xlabel="removed channels of conv6 (fraction)",
        ylabel="tones heard (fraction)",
        ylim=(-0.03, 1.03),
    )
    axis.legend()
    display(described(figure, "silent-columns"))

# %% [markdown]
# **Read.** The error is honest, and its repair is one line; the other mistake makes no noise.
# The tool took the columns for channels first, as `nn.Flatten` lays them out, and CREPE has its places first.
# The shapes fit, the network runs, and a single channel does more harm than half of them do when they are masked.
# Whoever looked at the accuracy alone would conclude that the network bears no pruning.
# The comparison with the masked network tells the two apart: there must be **no** difference.
#
# Between convolutions the tool is right, so the rest of this lesson uses it for the first five blocks.

# %% exercise: slim-crepe

# %% [markdown]
# Write `slim_crepe(model, keep, frames)` for CREPE, whose `forward` is (`at` from 1 to 6)
#
# ```python
# x = F.pad(x, (254, 254) if at == 1 else (31, 32))
# x = F.max_pool1d(bn(F.relu(conv(x))), 2)
# ```
#
# and then `classifier(x.transpose(1, 2).reshape(-1, self.in_features))`, with 4 places in time.
# `keep` is a dict: for some of the names `"conv1"` to `"conv6"` the list of channels that stay, in ascending order, one at least; layers that it does not name keep all.
# Make a copy that has only these channels and computes what CREPE computes whose other channels are masked, **behind their batch norm**.
# Return `report(copy, frames)`, as the setup defines it: the shapes of its parameters, and its logits for the frames.
# The model that was given stays as it is; it is in evaluation mode, and so is the copy.
#
# Worked value: with `keep = {"conv6": [0, 5]}` the weight of `conv6` has shape `(2, 32, 64)`, that of `classifier` `(360, 8)`: its columns 0, 5, 64, 69, 128, 133, 192, 197.


# %%
def slim_crepe(
    model: nn.Module, keep: dict[str, list[int]], frames: torch.Tensor
) -> tuple[dict, torch.Tensor]:
    """Return shapes and logits of a copy that has only the channels `keep`."""
    ### BEGIN SOLUTION
    slim = copy.deepcopy(model)
    before = slice(None)
    for at in range(1, 7):
        conv, norm = slim.get_submodule(f"conv{at}"), slim.get_submodule(f"bn{at}")
        stay = keep.get(f"conv{at}", list(range(conv.out_channels)))
        conv.weight = nn.Parameter(conv.weight.detach()[stay][:, before])
        for layer, name in ((conv, "bias"), (norm, "weight"), (norm, "bias")):
            setattr(layer, name, nn.Parameter(getattr(layer, name).detach()[stay]))
        for name in ("running_mean", "running_var"):
            setattr(norm, name, getattr(norm, name)[stay])
        before = stay
    weight = slim.classifier.weight.detach().unflatten(1, (4, -1))
    slim.classifier.weight = nn.Parameter(weight[:, :, before].flatten(1))
    slim.in_features = 4 * len(before)
    return report(slim, frames)
    ### END SOLUTION


# %%
# Try it: on an untrained network, which shapes are left?
print(
    slim_crepe(
        crepe_architecture(), {"conv1": [0, 1, 2], "conv6": [0, 5]}, torch.zeros(2, 1024)
    )
)

# %% [markdown]
# ## 5b.5 · Saving another shape
#
# **Why.** A state dict holds arrays, and no architecture.
# After pruning, the class in the source builds a network of the old sizes.
#
# **Predict.**

# %% question: load-into-the-class

# %% [markdown]
# **Run.**

# %%
file = io.BytesIO()
torch.save(smaller.state_dict(), file)
for strict in (True, False):
    try:
        digits_cnn().load_state_dict(smaller.state_dict(), strict=strict)
    except RuntimeError as error:
        print(f"strict={strict}:", str(error).splitlines()[1].strip())

# %%
state = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
pd.DataFrame(
    {
        name: {"fresh class": str(tuple(fresh.shape)), "file": str(tuple(state[name].shape))}
        for name, fresh in digits_cnn().state_dict().items()
        if fresh.ndim
    }
).T

# %% [markdown]
# **Read.** `strict=False` forgives names that are missing or unexpected, and no shape.
# There are three ways out: save the whole module as a pickle, which ties the file to the source and may run any program when it is read; save the sizes beside the arrays; or **read the sizes off the shapes**, which the file has anyway.
# The last one needs nothing but the arrays, and `weights_only=True`, the default of `torch.load`, reads them safely.

# %% exercise: load-pruned

# %% [markdown]
# Write `load_pruned(file)`.
# `file` are the `bytes` of a state dict that `torch.save` wrote, of a digits CNN that has lost channels in one or both of its convolutions.
# Return the network: an `nn.Sequential` of the same layers under the same names, with the sizes and the numbers of the file, in **evaluation mode**.
# Its layers are those of `cnn_architecture()`, which builds the network of full size: `conv1`, `bn1`, `relu1`, `pool1`, `conv2`, `bn2`, `relu2`, `pool2`, `flatten`, `output`.
# Where a name is missing in the file, or is no name of this network, raise a `RuntimeError` or a `KeyError`.
#
# Worked value: from a file in which `conv1.weight` has shape `(5, 1, 3, 3)` and `conv2.weight` `(7, 5, 3, 3)` comes a network whose `output` takes 28 numbers.


# %%
def load_pruned(file: bytes) -> nn.Sequential:
    """Return the digits CNN of a file, of whatever widths."""
    ### BEGIN SOLUTION
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = cnn_architecture()
    first, second = len(state["conv1.weight"]), len(state["conv2.weight"])
    model.conv1 = nn.Conv2d(1, first, 3, padding=1, bias=False)
    model.bn1 = nn.BatchNorm2d(first)
    model.conv2 = nn.Conv2d(first, second, 3, padding=1, bias=False)
    model.bn2 = nn.BatchNorm2d(second)
    model.output = nn.Linear(4 * second, 10)
    model.load_state_dict(state)
    return model.eval()
    ### END SOLUTION


# %%
# Try it: what comes out of a file of a network with 5 and 7 channels?
found = load_pruned(pruned_file)
if found is not None:
    print(found)

# %% [markdown]
# ## 5b.6 · Learning from the original
#
# **Why.** What is left after pruning has to learn again.
# The original network is still there, and says more about an input than a label does: not only which class it takes it for, but how near the others are.
# [**Knowledge distillation**](https://arxiv.org/abs/1503.02531) trains the small network, the **student**, on what the original, the **teacher**, puts out.
# It needs inputs and no labels.
#
# Probabilities that are nearly 0 or 1 say little; so both logits are divided by a **temperature** $T$ before the softmax.
# The loss is the Kullback-Leibler divergence of the student's distribution $q$ from the teacher's $p$,
#
# $$T^2 \cdot \mathrm{KL}(p \,\|\, q) = T^2 \sum_i p_i \, (\log p_i - \log q_i),$$
#
# averaged over the rows of a batch.
# Its gradient gets smaller with $1/T^2$; the factor $T^2$ undoes that, so that a temperature can be changed without the learning rate.
#
# **Predict.** Which digit does the second highest bar belong to, for a seven?
#
# **Run.**

# %%
row = int(np.flatnonzero(digits.y_val == 7)[3])
logits = mlp(val_x[row])
figure, axis = plt.subplots(figsize=(7, 3.4))
for place, temperature in enumerate((1, 3, 10)):
    soft = F.softmax(logits / temperature, dim=0)
    axis.bar(
        np.arange(10) + (place - 1) * 0.27,
        soft.numpy(),
        width=0.26,
        hatch=("", "//", "..")[place],
        label=f"T = {temperature}",
    )
axis.set(xlabel="digit", ylabel="probability of the teacher", xticks=range(10))
axis.legend()
described(figure, "soft-targets")

# %% [markdown]
# **Read.** At $T = 1$ there is one bar, and the answer is a label. At higher temperatures one sees which digits the teacher takes for neighbours.
#
# [`F.kl_div`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html) takes its arguments in an order, and in logarithms, that many get wrong.
#
# **Predict.**

# %% question: kl-arguments

# %% [markdown]
# **Run.** CREPE again: a share of the channels of its first five blocks is cut, and the rest learns from the original on 160 tones, three times over.
# The tones that tell how well it hears are others.


# %%
def slimmed(share):
    slim = copy.deepcopy(crepe)
    for at in range(1, 6):
        name = f"conv{at}"
        cut(slim, name, lowest(crepe.get_submodule(name).weight, share))
    return slim


@torch.no_grad()
def hears(model):
    return pitch_accuracy(model(hear_x), hear_y)


def distil(student, epochs, temperature=2.0):
    """Train in place on the teacher's outputs; return how many tones it hears after each epoch."""
    optimizer, found = torch.optim.Adam(student.parameters(), lr=1e-3), [hears(student)]
    for epoch in range(epochs):
        order = torch.randperm(len(practice), generator=torch.Generator().manual_seed(epoch))
        for rows in order.split(8):
            optimizer.zero_grad()
            soft = F.log_softmax(student(practice[rows]) / temperature, dim=1)
            target = F.log_softmax(taught[rows] / temperature, dim=1)
            loss = F.kl_div(soft, target, reduction="batchmean", log_target=True)
            (temperature**2 * loss).backward()
            optimizer.step()
        found.append(hears(student))
    return found


# %%
if crepe is not None:
    practice = torch.from_numpy(tones(seed=7, count=160).frames)
    with torch.no_grad():
        taught = torch.cat([crepe(part) for part in practice.split(64)])
    students, recovery = {}, {}
    for share in (0.25, 0.375, 0.5):
        students[share] = slimmed(share)
        recovery[share] = distil(students[share], epochs=3)

# %%
if crepe is not None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), sharey=True)
    for (share, found), look in zip(recovery.items(), ("o-", "s--", "^-.")):
        left.plot(range(len(found)), found, look, fillstyle="none", label=f"{share} removed")
    left.set(xlabel="epochs of distillation", ylabel="tones heard (fraction)", ylim=(0, 1.03))
    left.set_xticks(range(4))
    left.legend()
    shares = [0, 0.125, *recovery]
    start = [hears(crepe), hears(slimmed(0.125)), *(found[0] for found in recovery.values())]
    right.plot(shares, start, "v:", fillstyle="none", label="removed")
    right.plot(
        list(recovery), [found[-1] for found in recovery.values()], "o-", label="and distilled"
    )
    right.set(xlabel="removed channels of five blocks (fraction)")
    right.legend()
    display(described(figure, "recovery"))
    display(pd.DataFrame(recovery).rename_axis("epoch").round(2))

# %% [markdown]
# **Read.** Channels are dear: an eighth costs next to nothing, and half of them leave a network that hears nothing.
# Distillation brings back what the width still has room for: nearly all where a quarter went, and only a part where half did.
# The lines still rise where they end: more tones and more epochs bring more, and how much more is not told by these curves.

# %% exercise: distillation-loss

# %% [markdown]
# Write `distillation_loss(student, teacher, labels, temperature, alpha)`.
# `student` and `teacher` are logits, float32 tensors of shape `(rows, classes)`, `labels` are classes, int64, shape `(rows,)`.
# Return two tensors: the loss, of shape `()`, and its **gradient** for `student`, of its shape (`torch.autograd.grad` computes it, or `torch.func.grad_and_value` both at once).
#
# The loss is `alpha` times the soft part and `1 - alpha` times the hard part:
#
# - soft: $T^2 \cdot \mathrm{KL}(\text{teacher} \,\|\, \text{student})$, both softmaxes at the temperature $T$, the sum over classes, and the **mean over rows**;
# - hard: the cross-entropy of `student` (at temperature 1) with the labels, the mean over rows.
#
# Logits may be as large as 300; the result is finite all the same.
# What was given stays as it is: no logit is changed, and none is made to require a gradient.
#
# Worked value: for student `[[0, 0]]`, teacher `[[2 ln 3, 0]]`, label 0, `temperature=2` and `alpha=1` the teacher's probabilities are 0.75 and 0.25, the loss is $4\,(0.75 \ln 1.5 + 0.25 \ln 0.5) \approx 0.5232$, and the gradient is `[[-0.5, 0.5]]`.


# %%
def distillation_loss(
    student: torch.Tensor,
    teacher: torch.Tensor,
    labels: torch.Tensor,
    temperature: float,
    alpha: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the loss of distillation, and its gradient for the student's logits."""

    ### BEGIN SOLUTION
    def loss_of(logits: torch.Tensor) -> torch.Tensor:
        log_q = (logits / temperature).log_softmax(1)
        log_p = (teacher / temperature).log_softmax(1)
        soft = F.kl_div(log_q, log_p, reduction="batchmean", log_target=True)
        return alpha * temperature**2 * soft + (1 - alpha) * F.cross_entropy(logits, labels)

    gradient, loss = torch.func.grad_and_value(loss_of)(student)
    return loss, gradient
    ### END SOLUTION


# %%
# Try it: does the gradient shrink with the temperature?
for temperature in (1.0, 4.0, 16.0):
    print(temperature, distillation_loss(student, teacher, labels, temperature, 1.0))

# %% [markdown]
# ## 5b.7 · Two thin matrices
#
# **Why.** A linear layer can be made smaller without removing a unit.
# The **singular value decomposition** writes a matrix of $m$ rows and $n$ columns as a sum of products of a column and a row, each with a weight, its singular value $\sigma$.
# Keep the first $r$ of them, and the matrix is a product of an $(m, r)$ and an $(r, n)$ matrix: two thin layers with $r\,(m + n)$ parameters for $m\,n$.
# No matrix of rank $r$ is nearer: the error, as a root of summed squares, is that of the singular values that were dropped, $\sqrt{\sum_{i > r} \sigma_i^2}$.
#
# **Predict.** From which rank on is nothing saved any more?

# %% question: break-even-rank

# %% [markdown]
# **Run.** The hidden layer of 256 inputs and 128 outputs.

# %%
weight = mlp.hidden2.weight
left_vectors, singular, right_vectors = torch.linalg.svd(weight, full_matrices=False)
ranks = [2, 4, 8, 12, 16, 24, 32, 48, 64, 85, 128]
dropped = [float(singular[rank:].square().sum().sqrt() / weight.norm()) for rank in ranks]
by_rank = []
for rank in ranks:
    thin = copy.deepcopy(mlp)
    thin.hidden2.weight.copy_((left_vectors[:, :rank] * singular[:rank]) @ right_vectors[:rank])
    by_rank.append(val_accuracy(thin, val_x))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8))
left.plot(np.arange(1, len(singular) + 1), singular.numpy(), ".-")
left.set(xlabel="number of the singular value", ylabel="singular value (unit of the output)")
left.set_ylim(bottom=0)
parameters = [rank * sum(weight.shape) / weight.numel() for rank in ranks]
right.plot(parameters, dropped, "s--", label="error (fraction of the norm)")
right.plot(parameters, by_rank, "o-", label="accuracy on validation digits")
right.axvline(1, color="#777777", linestyle=":", label="break-even")
right.set(xlabel="parameters of the two thin layers (fraction of the one)")
right.legend()
described(figure, "singular-values")

# %% [markdown]
# **Read.** Some ten singular values stand out, as many as there are digits to tell apart; the others fall slowly, as those of random numbers do.
# So the error of the weights stays large for long, while the digits are recognised again as soon as these directions are there: what training wrote into the matrix is of low rank, and what it began with is not.
# Right of the dotted line two layers cost more than one.
# The error is one of weights; what it does to the outputs, only the outputs tell.

# %% exercise: low-rank

# %% [markdown]
# Write `low_rank(weight, budget)`.
# `weight` is a float32 array of two axes, `(m, n)`.
# Return a dict:
#
# - `"rank"`: the highest rank $r$, an `int`, with which the two thin matrices have at most `budget` parameters, and at most $\min(m, n)$;
# - `"weight"`: the nearest matrix of that rank, an array of shape `(m, n)`;
# - `"error"`: the root of the summed squares of all differences to `weight`, as a fraction of that of `weight` itself, a `float`.
#
# Raise a `ValueError` where not even rank 1 fits.
# `weight` stays as it is; it has a number other than zero.
#
# Worked value: of `[[3, 0, 0], [0, 4, 0]]` and a budget of 9, rank 1 remains with 5 parameters: `[[0, 0, 0], [0, 4, 0]]`, with the error $3/5 = 0.6$.


# %%
def low_rank(weight: np.ndarray, budget: int) -> dict:
    """Return rank, nearest matrix and error of the two thin matrices that a budget allows."""
    ### BEGIN SOLUTION
    rank = min(budget // sum(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError(f"rank 1 takes {sum(weight.shape)} parameters, budget is {budget}")
    left, values, right = np.linalg.svd(weight)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near, "error": float(error)}
    ### END SOLUTION


# %%
# Try it: what does a parameter more or less change?
for budget in (4, 5, 9, 10):
    try:
        print(budget, low_rank(matrix, budget))
    except ValueError as error:
        print(budget, error)

# %% [markdown]
# ## 5b.8 · Which would you ship?
#
# **Why.** Bytes, MACs and time do not have to agree, and none of them says what a network can do.
# A decision needs all four in one table, measured on the same machine and the same inputs.
#
# **Predict.**

# %% question: bytes-in-order

# %% [markdown]
# **Run.** CREPE as it was, with half of its single weights zeroed (lesson 5), and the students of section 5b.6.

# %%
if crepe is not None:
    half = copy.deepcopy(crepe)
    pairs = [(part, "weight") for part in half.modules() if hasattr(part, "kernel_size")]
    prune.global_unstructured(pairs, prune.L1Unstructured, amount=0.5)
    for part, name in pairs:
        prune.remove(part, name)
    candidates = {
        "as it was": crepe,
        "half of the weights zeroed": half,
        "a quarter removed": slimmed(0.25),
        **{f"{share} removed, distilled": one for share, one in students.items()},
    }
    decision = {}
    for name, model in candidates.items():
        with torch.no_grad():
            time = measures.latency_ms(lambda one=model: one(hear_x[:1]), repeats=25)
        decision[name] = {
            "bytes": measures.state_dict_size_bytes(model),
            "MACs": measures.module_macs(model, hear_x[:1]).total,
            "median ms": time.median_ms,
            "IQR ms": time.iqr_ms,
            "heard": hears(model),
        }
    shown = {"bytes": "{:,.0f}", "MACs": "{:,.0f}", "median ms": "{:.1f}", "IQR ms": "{:.1f}"}
    display(pd.DataFrame(decision).T.style.format({**shown, "heard": "{:.2f}"}))

# %%
if crepe is not None:
    figure, axis = plt.subplots(figsize=(7, 4))
    for (name, row), look in zip(decision.items(), "o^vsDX"):
        axis.plot(row["MACs"] / 1e6, row["heard"], look, markersize=9, label=name)
    axis.set(xlabel="MACs of a frame (millions)", ylabel="tones heard (fraction)")
    axis.set_ylim(0, 1.03)
    axis.legend(loc="lower right", fontsize=9)
    display(described(figure, "what-to-ship"))

# %% [markdown]
# **Read.** The zeroed network hears best of all that were pruned, and costs what the original costs: it is not smaller until a format or a kernel makes use of its zeros.
# The network without a quarter of its channels takes fewer bytes and MACs, and distillation is what makes it fit to ship.
# Its time has to be read with its spread, which here may be as large as what is saved.
# Whoever needs still fewer MACs pays in tones, and sees here how many.
# Which one is right is a question of what the service promises: fix the bound of quality first, then take the cheapest that keeps it.
# The tones that have been looked at while choosing are no proof any more; the one that is chosen is measured once, on tones that nobody has heard.

# %% [markdown]
# ## Summary
#
# - **Channels** that are removed make dense arrays smaller: $(1-p)^2$ of a layer between two pruned ones is left. Zeroed ones save nothing.
# - **Sorting** channels changes no output, and turns a ranking into a slice.
# - **A removal is proved** by the outputs of the masked network, whose batch norm is masked, too. Behind a flatten the layout decides which columns belong to a channel.
# - **Sums tie layers together**; a dependency graph finds the groups. It sees neither numbers that `forward` has written down nor every layout.
# - **A pruned state dict** needs an architecture of its shapes.
# - **Distillation** trains on the teacher's soft outputs: $T^2 \cdot \mathrm{KL}(\text{teacher} \,\|\, \text{student})$, the mean over rows. It brings back a part.
# - **Low rank** saves below the rank $mn/(m+n)$; its error is that of the dropped singular values.
#
# ## Where next
#
# Lesson 6 does pruning, clustering and quantization with TensorFlow, and opens the file that is shipped.
