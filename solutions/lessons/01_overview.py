# ---
# about: why, the complexity of serving, prune and quantize one torch and one Keras model
# ---

# %% [markdown]
# # 1 · Overview: what makes a model cheap to serve
#
# *When we prune and quantize a trained model, which of its costs fall, and which only seem to?*
#
# A short web lesson answers this question with one table, one piece of code and five practice questions.
# Its title is "Model optimization for serving (quantization, pruning) in MLOps – Time & Space Complexity"; below it is called **the page**.
# Some of what it says holds, and some does not survive being run.
# Here you run all of it, on real models.
#
# After this lesson you can
#
# 1. count the multiplications and the bytes of a dense model, and say how they grow with its size;
# 2. tell which cost pruning changes, which quantization changes, and which neither touches;
# 3. prune and quantize a PyTorch model with `torch.nn.utils.prune`, `quantize_dynamic` and torchao;
# 4. do the same to a Keras model with TensorFlow Model Optimization and LiteRT;
# 5. put both together in an order that works, and check the result by counting.
#
# **You need** Python, NumPy arrays, and to have called a neural network once.
# No GPU and no network are needed.
#
# **Time**: about an hour and a half to read, run and answer (30 minutes for sections 1.1 to 1.4, 15 for 1.5, 35 for 1.6 and 1.7, 10 for the rest), and 100 minutes for the {{exercises}} exercises.
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.

# %% [markdown]
# Every cell with `check(...)` judges the answer above it, as often as you like.
# `hint(...)` gives a hint, and one more each time you run it.
# Run the next two cells first.

# %%
import quizlib
from quizlib import check, hint

quizlib.begin("01-overview")

# %%
import copy
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
import torch.nn.utils.prune as prune
from torch import nn

from quizlib.measures import (
    accuracy,
    compressed_size_bytes,
    latency_ms,
    loglog_slope,
    module_macs,
)
from quizlib.zoo import digits_mlp, digits_mlp_keras, load_digits
from quizlib.zoo.counting import count_operations
from quizlib.zoo.eager import quantize_dynamic
from quizlib.zoo.figures import described, plain_ticks, scaling_figure, use_style
from quizlib.zoo.serving import serving_costs

torch.set_num_threads(1)  # times of one thread repeat better
use_style()

# %% [markdown]
# ## 1.1 · What a served model costs
#
# **Why.** Training is paid once.
# **Serving**, which is answering requests with the trained model, is paid with every single **prediction**.
# Four things are to be watched:
#
# - **operations**: the arithmetic of one prediction;
# - **bytes**: what is stored, loaded, and moved from memory to the processor;
# - **latency**: the time from a request to its answer;
# - **accuracy**: the fraction of unseen examples that the model gets right, which should not suffer.
#
# Two methods make a trained model cheaper.
# **Pruning** sets weights to zero; the fraction of weights that are zero is the **sparsity**, from 0 to 1.
# **Quantization** stores each number with fewer bits, as a small whole number, its **code**.
#
# Our model reads handwritten digits of 8 × 8 pixels, from [scikit-learn's digits](https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html).
# It is an **MLP**, a chain of dense layers: 64 pixels → 256 → 128 → 10 scores, one for each digit, called **logits**.
# In a **dense** layer every output adds up all inputs, each times a **weight** of its own, and a **bias**.
# Between two layers, **ReLU** replaces negative numbers by zero; what flows there are the **activations**.
#
# **Predict.** A float32 takes `4 bytes`.
# Which of the three layers takes the most of them?
#
# **Run.**

# %%
digits = load_digits()
x_test = torch.from_numpy(digits.x_test)
mlp = digits_mlp()

figure, axes = plt.subplots(1, 8, figsize=(8, 1.5))
for axis, image, read in zip(axes, digits.images("test"), mlp(x_test).argmax(1), strict=False):
    axis.imshow(image[0], cmap="gray_r")
    axis.set_title(f"read as {read}", fontsize=10)
    axis.set_axis_off()
described(figure, "digits-read")

# %%
dense = {name: layer for name, layer in mlp.named_children() if isinstance(layer, nn.Linear)}
parts = {
    name: {
        "inputs": layer.in_features,
        "outputs": layer.out_features,
        "weights": layer.weight.numel(),
    }
    for name, layer in dense.items()
}
table = pd.DataFrame(parts).T
table.assign(
    **{
        "bytes of the weights": 4 * table["weights"],
        "bytes of the biases": 4 * table["outputs"],
    }
)

# %% [markdown]
# **Read.** The layer between the two hidden ones is the largest: its weights are the product of two large widths.
# All {{mlp_parameters:,}} numbers of the model, weights and biases, take {{mlp_bytes:,}} bytes.
# Biases hardly count, which is why pruning and quantization turn to the weights.

# %% [markdown]
# ## 1.2 · Count before you time
#
# **Why.** A count of operations is exact and the same on every machine; a time is neither.
# So the page counts, too.
# This is its code for serving, with pruning and quantization inside:
#
# ```python
# for layer in model.layers:
#     weights = layer.weights
#     pruned_weights = [w for w in weights if abs(w) > threshold]
#     quantized_weights = [quantize(w) for w in pruned_weights]
#     output = layer.forward(input, quantized_weights)
#     input = output
# ```
#
# And this is its table:
#
# | Input size (weights) | Approx. operations |
# |---|---|
# | 10 | About 10 operations per layer |
# | 100 | About 100 operations per layer |
# | 1000 | About 1000 operations per layer |
#
# It concludes that the time is **O(n)**: it grows in proportion to the number n of weights, whatever the constant factor in front.
# "Even after pruning and quantization, the model still processes weights, so time grows with how many weights remain."
#
# **Predict.** Let the threshold drop half of the weights.
# For 1,000 weights, how many tests `abs(w) > threshold` does the page's code make?
# How many multiplications follow with the weights that it keeps, and how many would a dense layer make that has zeros in the other places?
#
# **Run.** `count_operations` runs a piece of code on weights that count each `abs(w)` and each product with them.


# %%
def page_code(weights, threshold=0.5):
    return [w for w in weights if abs(w) > threshold]


def dense_layer(weights):
    return sum(w * 1.5 for w in weights)  # every input is 1.5


rows = []
for n in (10, 100, 1_000, 10_000):
    weights = np.linspace(0, 1, n + 1)[1:]  # evenly from 0 to 1: half of them are above 0.5
    kept, zeros_in_place = weights[weights > 0.5], np.where(weights > 0.5, weights, 0.0)
    products = [count_operations(dense_layer, some) for some in (kept, zeros_in_place)]
    rows.append([n, count_operations(page_code, weights), *products])
counted = pd.DataFrame(
    rows, columns=["weights", "tests", "products, kept only", "products, zeros in place"]
)
counted = counted.set_index("weights")
counted

# %% [markdown]
# How does each column grow?
# Work that grows like a power of n is a straight line when both axes are logarithmic, and its slope is the power: 1 for O(n), 0 for work that stays the same.
# `loglog_slope` fits the line.

# %%
print("slope of the tests:", round(loglog_slope(counted.index, counted["tests"]).exponent, 2))
figure = scaling_figure(
    counted.index, counted, xlabel="weights of the layer", ylabel="operations counted"
)
described(figure, "operations-counted")

# %% [markdown]
# **Read.** All three slopes are 1, so all three are O(n), and the page's table holds for the tests.
# Keeping half of the weights halves the products: the line moves down and does not tilt.
# **Pruning changes the constant, not the order.**
#
# The loop of the last column makes a product for each place, whatever stands there.
# And the page's code, which tests each weight, then quantizes and multiplies those that it has kept?
#
# **Predict.** The threshold rises, and fewer weights remain.
# Which parts of the page's work fall, and how far can the whole of it fall?
#
# **Run.** The same count for one layer of 1,000 weights, at three thresholds.

# %%
weights = np.linspace(0, 1, 1_001)[1:]
parts = {}
for threshold in (0.1, 0.5, 0.9):
    kept = weights[weights > threshold]
    tests = count_operations(partial(page_code, threshold=threshold), weights)
    parts[threshold] = [len(kept), tests, len(kept), count_operations(dense_layer, kept)]
columns = ["weights that remain", "tests", "quantized", "products"]
parts = pd.DataFrame(parts, index=columns).T.rename_axis("threshold")
parts.assign(**{"operations": parts[columns[1:]].sum(axis=1)})

# %% [markdown]
# **Read.** Quantizing and multiplying follow the weights that remain, the tests do not.
# So the page's sentence is half true of its own code, whose work falls with the weights that remain, but never below one test for each weight there ever was.
# Libraries run other code than the page's; section 1.4 looks into it.
#
# The next questions need one more word.
# A product and the addition that follows it are one **multiply-accumulate**, or **MAC**.
# A layer that multiplies each of its weights once takes inputs × outputs of them.
# Other tools count **FLOPs**, floating-point operations, of which a MAC has two.
# `module_macs` of `quizlib.measures` watches a model run on an example and counts the MACs of its layers.

# %%
small = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 5))
print("by hand:", 10 * 20 + 20 * 5, " counted:", module_macs(small, torch.zeros(1, 10)).total)

# %% question: mlp-macs

# %%
hint("mlp-macs")

# %% question: twice-as-wide

# %% question: read-the-seed-code

# %% exercise: serving-cost

# %% [markdown]
# Write `serving_cost(widths, bits)`: what one prediction of a dense MLP takes.
#
# - `macs` is the sum of inputs × outputs over the layers: the multiply-accumulates of one prediction.
# - `bytes` is what the parameters take when each weight has `bits` bits.
#   The weights of one layer are packed, and their bits are rounded up to whole bytes; each output of a layer has a float32 bias.
#
# `widths` is left as it is.
#
# Worked by hand: `[2, 3, 1]` has 2 · 3 + 3 · 1 = 9 weights and 4 biases.
# At 8 bits they take `9 + 4 * 4 = 25` bytes; at 4 bits ⌈24 / 8⌉ + ⌈12 / 8⌉ + 16 = `21` bytes.


# %%
def serving_cost(widths: list[int], bits: int) -> dict[str, int]:
    """Return the MACs of one prediction and the bytes of the parameters of a dense MLP.

    Args:
        widths: Inputs, hidden units and outputs in order, at least two numbers, each >= 1.
        bits: Width of a stored weight, 1 to 32.

    Returns:
        `{"macs": ..., "bytes": ...}`, whole numbers.

    >>> serving_cost([2, 3, 1], 8)
    {'macs': 9, 'bytes': 25}
    """
    ### BEGIN SOLUTION
    layers = list(zip(widths, widths[1:]))
    macs = sum(inputs * outputs for inputs, outputs in layers)
    # -(-a // b) rounds up; each layer is packed on its own
    weight_bytes = sum(-(-inputs * outputs * bits // 8) for inputs, outputs in layers)
    return {"macs": macs, "bytes": weight_bytes + 4 * sum(widths[1:])}
    ### END SOLUTION


# %%
# A cell to play in: the digits MLP as float32, then as int8.
serving_cost([64, 256, 128, 10], 32), serving_cost([64, 256, 128, 10], 8)

# %% [markdown]
# ## 1.3 · From operations to time
#
# **Why.** Nobody waits for a MAC; people wait for milliseconds.
# Does the time follow the count?
#
# A time needs care: the first calls are slow, other programs interrupt, and no two runs agree.
# So we **warm up** with calls that are not timed, repeat, and give the **median** with the **interquartile range**, the width of the range that holds the middle half of the times.
# `latency_ms` of `quizlib.measures` does this.
#
# **Predict.** Take square dense layers, each with four times the weights of the one before, and time one prediction of each
#
# - as they are, in float32;
# - with half of their weights set to zero;
# - quantized to int8 codes (how this is done comes in section 1.5).
#
# How will the three lines lie to each other, and what slope will they have?
#
# **Run.** The table gives the medians in µs.


# %%
def variants(width):
    """Return a model of one dense layer: as it is, with half of its weights zero, and in int8."""
    model = nn.Sequential(nn.Linear(width, width, bias=False)).requires_grad_(False)
    half_zero = copy.deepcopy(model)
    half_zero[0].weight[torch.rand(width, width) < 0.5] = 0.0
    int8 = quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    return {"float32": model, "float32, half of it zero": half_zero, "int8": int8}


# %%
torch.manual_seed(0)
widths = (256, 512, 1024, 2048, 4096)
medians, quartiles = {}, {}
for width in widths:
    x = torch.randn(1, width)
    for name, layer in variants(width).items():
        latency = latency_ms(partial(layer, x), repeats=30)
        medians.setdefault(name, []).append(1000 * latency.median_ms)
        quartiles.setdefault(name, []).append(1000 * np.array(latency.quartiles_ms))
pd.DataFrame(medians, index=pd.Index(np.square(widths), name="weights")).round(1)

# %%
labels = {"xlabel": "weights of the layer", "ylabel": "latency of one prediction (µs)"}
described(
    scaling_figure(np.square(widths), medians, quartiles=quartiles, **labels),
    "latency-of-a-layer",
)

# %% [markdown]
# **Read.** Time is noisier than counts, and your figure differs from everyone else's.
# This much repeats:
#
# - The two float32 lines run together, but for noise: the zeros buy no time. Are they multiplied, or does it take as long to skip them? Section 1.4 finds out.
# - For large layers the float32 slope is near 1, as the count says, and above 1 where the weights outgrow the processor's cache.
# - int8 begins higher, because each call first quantizes its input, and gains as the layer grows: there are fewer bytes to move and to keep in the cache, and processors have instructions for int8.
#
# A slope is a property of the sizes you measured; the order O(n) is a property of the count.
# Lesson 2 takes such figures apart.

# %% [markdown]
# ## 1.4 · Prune a PyTorch model
#
# **Why.** Large networks have weights to spare, and the smallest ones do the least.
# **Magnitude pruning** sets the weights with the smallest absolute values to zero.
#
# [`torch.nn.utils.prune`](https://docs.pytorch.org/docs/stable/nn.html#module-torch.nn.utils.prune) does it in two steps.
# [`prune.l1_unstructured`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.l1_unstructured.html) puts a **mask** on a layer: an array of ones and zeros, of the shape of the weight, that is multiplied in before each call.
# [`prune.remove`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.remove.html) makes the zeros permanent and takes the mask away.
#
# The named arrays that a model stores, and that are saved, are its [`state_dict`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict).
#
# **Predict.** Which arrays does a pruned layer store before `prune.remove`, and which after?
#
# **Run.**

# %%
layer = copy.deepcopy(mlp.hidden1)
prune.l1_unstructured(layer, "weight", amount=0.5)
print(
    "with its mask:      ",
    {name: tuple(array.shape) for name, array in layer.state_dict().items()},
)
prune.remove(layer, "weight")
print(
    "after prune.remove: ",
    {name: tuple(array.shape) for name, array in layer.state_dict().items()},
)
print("sparsity:           ", float((layer.weight == 0).float().mean()))

# %% [markdown]
# **Read.** While the mask is on, the layer stores the old weight, `weight_orig`, and the mask beside it: twice the numbers, not half.
# A model that is saved so takes twice the bytes.
# After `prune.remove` there is one array of the old shape, in which half of the numbers are zero.
#
# **Predict** what that means for the work, and commit to an answer.
# The routine that multiplies a layer's matrix is called a **kernel**; PyTorch's usual one is dense.

# %% question: half-the-weights-zero

# %% [markdown]
# **Run.** Infinity times zero is not a number, nan.
# So a weight of zero that is really multiplied betrays itself when its input is infinite.

# %%
x = torch.zeros(1, 64)
x[0, 30] = torch.inf  # a pixel in the middle of the picture
outputs = layer(x)[0]
print("outputs whose weight for this pixel is zero:", int((layer.weight[:, 30] == 0).sum()))
print("outputs that are nan:                       ", int(outputs.isnan().sum()))

# %% [markdown]
# **Read.** Each zero was fetched and multiplied.
# A dense kernel does not look at the numbers before it multiplies them.
# Zeros pay only when they need not be stored or visited: in a compressed file, in a sparse format with a kernel made for it, or when whole neurons go.
#
# The next question is what the zeros cost.
#
# **Predict.** Up to which sparsity will the accuracy hold if the smallest weights go first?
# And if the weights that go are chosen at random?
#
# **Run.** The digits come in three parts: the model learned from the first, the **validation** digits are for looking around as we do here, and the **test** digits are kept for the last comparison.


# %%
def zeroed(share, score):
    """Return the digits model with a share of each layer's weights zero, the lowest score first."""
    model = digits_mlp().requires_grad_(False)
    for layer in (model.hidden1, model.hidden2, model.output):
        lowest = score(layer.weight).flatten().argsort()[: round(share * layer.weight.numel())]
        layer.weight.view(-1)[lowest] = 0.0
    return model


def weight_bytes(model):
    return b"".join(getattr(model, name).weight.detach().numpy().tobytes() for name in dense)


x_val = torch.from_numpy(digits.x_val)
rows = []
for share in (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
    torch.manual_seed(0)
    smallest, at_random = zeroed(share, torch.abs), zeroed(share, torch.rand_like)
    accuracies = [accuracy(model(x_val), digits.y_val) for model in (smallest, at_random)]
    content = weight_bytes(smallest)
    rows.append(
        [share, *accuracies, len(content) / 1000, compressed_size_bytes(content) / 1000]
    )
sweep = pd.DataFrame(
    rows, columns=["sparsity", "smallest first", "at random", "as they are", "after gzip"]
)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3.6))
common = {"x": "sparsity", "style": ["o-", "s--"], "xlabel": "sparsity of each layer"}
sweep.plot(
    y=["smallest first", "at random"],
    ylabel="accuracy, validation digits",
    ylim=(0, 1.05),
    ax=left,
    **common,
)
sweep.plot(
    y=["as they are", "after gzip"],
    ylabel="bytes of the weights (kB)",
    ylim=(0, 220),
    ax=right,
    **common,
)
described(figure, "sparsity-and-what-it-costs")

# %% [markdown]
# **Read.** The smaller half of the weights can go and hardly a digit more is misread; later the accuracy collapses.
# Chosen at random, far fewer can be spared: which weights go matters, and magnitude is a good guess.
# The stored weights take the same bytes at any sparsity, until something that profits from zeros looks at them, such as the general compressor gzip.

# %% exercise: prune-layers

# %% [markdown]
# Write `prune_layers(model, sparsity)`: a pruned **copy** of `model`, in which each `nn.Linear` has lost its smallest weights.
#
# - Each layer loses `round(sparsity * number of its weights)` weights, the smallest magnitudes of that layer.
#   [`prune.l1_unstructured`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.l1_unstructured.html) does this; `amount` is a fraction if it is a float, a count if it is an int.
# - The weights that stay, and all biases, keep their values. The layers between the linear ones stay what they are, and weights are parameters still. The mode of the copy, training or not, is up to you.
# - The masks are made permanent with [`prune.remove`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.remove.html), so that nothing but the weights is stored.
# - The model that was given does not change, in its mode neither, nor in what of it is trained.
#
# Worked by hand: a layer with the weights `[[3.0, -1.0], [2.0, 0.5]]` becomes `[[3.0, 0.0], [2.0, 0.0]]` at sparsity 0.5.


# %%
def prune_layers(model: nn.Sequential, sparsity: float) -> nn.Sequential:
    """Return a copy of `model` in which the smallest weights of each `nn.Linear` are zero for good.

    Args:
        model: Float model whose `nn.Linear` layers are its children; no two weights of a layer
            have the same magnitude.
        sparsity: Fraction of the weights to remove from each layer, between 0 and 1; every layer
            loses some of its weights and keeps some.

    Returns:
        A model of the same layers, without masks; (256, 64) weights at sparsity 0.5 hold
        8192 zeros.
    """
    ### BEGIN SOLUTION
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return pruned
    ### END SOLUTION


# %%
# A cell to play in: how much of a small layer is left?
prune_layers(nn.Sequential(nn.Linear(4, 2)), 0.5)

# %% exercise: prune-global

# %% [markdown]
# Prune a copy of `mlp` to sparsity 0.305 with **one** threshold for the weights of all its `nn.Linear` layers
# ([`prune.global_unstructured`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.global_unstructured.html)), then measure what became of the layers.
# Biases are not pruned. Set `global_pruning` to a dict of four entries:
#
# - `"zeros"`: how many weights are zero, in all three layers together;
# - `"sparsity"`: a dict from layer name (`"hidden1"`, `"hidden2"`, `"output"`) to its fraction of zeros, 0 to 1;
# - `"threshold"`: the largest magnitude among the weights that were removed;
# - `"weight_bytes"`: the bytes that the three pruned weight tensors take in memory.
#
# Worked by hand: layers with the weights `a = [1, 2]` and `b = [3, -4, 5, 6]` at sparsity 0.5 lose 1, 2 and 3:
# `{"zeros": 3, "sparsity": {"a": 1.0, "b": 0.25}, "threshold": 3.0, "weight_bytes": 24}` in float32.

# %%
global_pruning = ...  # a dict with the keys "zeros", "sparsity", "threshold" and "weight_bytes"
### BEGIN SOLUTION
pruned = copy.deepcopy(mlp)
layers = {
    name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)
}
weights = [(layer, "weight") for layer in layers.values()]
prune.global_unstructured(weights, pruning_method=prune.L1Unstructured, amount=0.305)

before = torch.cat([getattr(mlp, name).weight.detach().flatten() for name in layers])
after = torch.cat([layer.weight.detach().flatten() for layer in layers.values()])
global_pruning = {
    "zeros": int((after == 0).sum()),
    "sparsity": {
        name: float((layer.weight == 0).float().mean()) for name, layer in layers.items()
    },
    "threshold": float(before[after == 0].abs().max()),
    "weight_bytes": after.nbytes,
}
### END SOLUTION

# %%
# A cell to play in: which layer has the largest weights, and so loses the fewest?
{
    name: float(layer.weight.detach().abs().median())
    for name, layer in mlp.named_children()
    if isinstance(layer, nn.Linear)
}

# %% [markdown]
# ## 1.5 · Quantize a PyTorch model
#
# **Why.** A weight needs no 32 bits to be useful.
# **Affine quantization** replaces a real number $x$ by a whole number, the code $q$, and keeps two numbers for many weights together:
#
# $$q = \mathrm{clamp}(\mathrm{round}(x / s) + z,\ -128,\ 127) \qquad \hat{x} = s\,(q - z)$$
#
# Here $s$ is the **scale** (`scale`), the step between two neighbouring values; $z$ is the **zero point** (`zero_point`), the code of real zero; $\hat{x}$ (`x_hat`) is the value that the code stands for.
# The numbers −128 and 127 are the limits of **int8**, a whole number of 8 bits.
# A model in which only weights are stored so, and each layer quantizes its inputs when they arrive, is **dynamically** quantized.
#
# PyTorch's [`quantize_dynamic`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.quantize_dynamic.html) does this to all layers of the given types *inside* a model.
# It still works and is all over the web, but it is deprecated: its successor is [torchao](https://docs.pytorch.org/ao/stable/), which comes right after it.
# In a program of yours you would import it from `torch.ao.quantization`; the course goes through `quizlib.zoo.eager`, so that only one place has to change on the day it is removed.
#
# **Predict.**

# %% question: why-quantize

# %% question: quantize-dynamic-bare-linear

# %% question: quantize-dynamic-in-sequential

# %% [markdown]
# **Run.** How far are the values behind the codes from the weights that they replace?

# %%
mlp = digits_mlp()
int8_mlp = quantize_dynamic(mlp, {nn.Linear}, dtype=torch.qint8)
weight = int8_mlp.hidden2.weight()
x, q, x_hat = mlp.hidden2.weight.detach(), weight.int_repr(), weight.dequantize()
print(type(mlp.hidden2).__name__, "→", type(int8_mlp.hidden2))
print("scale:", weight.q_scale(), " zero point:", weight.q_zero_point())
pd.DataFrame({"x": x[0, :5], "q": q[0, :5], "x_hat": x_hat[0, :5]})

# %%
near_zero = x.abs() < 5 * weight.q_scale()
figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3.4))
left.plot(x[near_zero], x_hat[near_zero], ".", markersize=3)
left.set(xlabel="weight x", ylabel="value of its code, x_hat")
right.hist(((x_hat - x) / weight.q_scale()).flatten(), bins=50)
right.set(xlabel="error x_hat − x, in steps of the scale", ylabel="weights in each bin")
described(figure, "codes-and-their-errors")

# %% [markdown]
# **Read.** Each weight moves to the nearest step, so no error exceeds half a step, $|\hat{x} - x| \le s / 2$, and within that bound every error is about as frequent as any other.
# The peak in the middle is made of weights that training had driven to almost zero: zero has a code of its own, and loses nothing.
# As many codes as weights, in the same places: quantization removes nothing.
#
# **Why.** One scale for a whole layer suits its largest weight; a row of small weights would rather have a smaller step.
# torchao's [`quantize_`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.quantize_.html) with [`Int8WeightOnlyConfig`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.Int8WeightOnlyConfig.html) gives each output row a scale of its own.
# It changes the model that it is given, **in place**, and returns nothing; so copy first.
#
# **Predict.** How many scales does the layer `hidden2` get, which has 128 outputs?
#
# **Run.**

# %%
from torchao.quantization import Int8WeightOnlyConfig, quantize_

torchao_mlp = digits_mlp()
quantize_(torchao_mlp, Int8WeightOnlyConfig())
weight = torchao_mlp.hidden2.weight
print("codes: ", weight.qdata.dtype, tuple(weight.qdata.shape))
print("scales:", weight.scale.dtype, tuple(weight.scale.shape))
print("mean error, one scale for the layer:", float((x_hat - x).abs().mean()))
print("mean error, one scale for each row: ", float((weight.dequantize() - x).abs().mean()))

# %% [markdown]
# **Read.** There are as many scales as rows, each a float32 that has to be stored as well, and the error is smaller.
# That exchange, bytes for accuracy, is what most of quantization is about.

# %% question: int8-bytes

# %% [markdown]
# **Run.** `torch.save` writes the arrays of the `state_dict`.
# A dynamically quantized layer keeps its weight **packed**, arranged for its kernel; `state_dict` unpacks it, and the dtype that it then has decides how many bytes are written.
# `quantize_dynamic` also takes `dtype=torch.float16`; put it in here, if you like.

# %%
packed = quantize_dynamic(mlp, {nn.Linear}, dtype=torch.qint8).state_dict()[
    "hidden1._packed_params._packed_params"
]
print("written for the weight of hidden1:", packed[0].dtype, " for its bias:", packed[1].dtype)

# %% question: which-file-shrinks

# %% question: constant-time

# %% exercise: quantize-hidden

# %% [markdown]
# Write `quantize_hidden(model)`: a copy of `model` whose layers `hidden1` and `hidden2` `quantize_dynamic` has converted to int8 codes, and whose `output` stays a float32 `nn.Linear`.
#
# - [`quantize_dynamic`](https://docs.pytorch.org/docs/stable/generated/torch.ao.quantization.quantize_dynamic.html) takes a set of layer *types*, or of layer *names*.
#   It swaps the children of the module that it is given, never that module itself.
# - Each code stands for a value within half a step of the weight that it replaces.
# - All biases keep their float32 values, and the model computes as before: it is called on digits. Its mode, training or not, is up to you.
# - The model that was given does not change, in its mode neither, nor in what of it is trained.
#
# Worked value: after `small = quantize_hidden(mlp)`, `small.hidden1.weight()` has dtype `torch.qint8`, and its codes, `.int_repr()`, have dtype `torch.int8` and shape (256, 64).


# %%
def quantize_hidden(model: nn.Sequential) -> nn.Sequential:
    """Return a copy of `model` with int8 weights in `hidden1` and `hidden2`.

    Args:
        model: Float model with the layers `hidden1`, `hidden2` and `output`; their weights have
            shape (out, in).

    Returns:
        The same layers in the same order; `hidden1` and `hidden2` dynamically quantized,
        `output` float32.
    """
    ### BEGIN SOLUTION
    return quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8)
    ### END SOLUTION


# %%
# A cell to play in.
print(quantize_hidden(mlp))

# %% exercise: quantize-weight-only

# %% [markdown]
# Set `weight_only` to a copy of `mlp` whose layers `hidden1` and `hidden2` hold torchao's int8 weights, one scale per output row,
# and compute with float32 activations; `output` stays a float32 `nn.Linear`.
#
# - [`quantize_(model, config, filter_fn)`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.quantize_.html) works **in place** and returns None.
# - `Int8WeightOnlyConfig()` leaves the activations alone.
# - `filter_fn(module, name)` returns True for the layers to convert; without it every `nn.Linear` is converted.
# - All biases keep their values.
# - `mlp` stays as it is, in its mode and in what of it is trained, too.
#
# Worked value: `weight_only.hidden1.weight.qdata` has dtype `torch.int8` and shape (256, 64), and its `.scale` has shape (256, 1).

# %%
weight_only = ...  # a torch model
### BEGIN SOLUTION
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))
### END SOLUTION

# %%
# A cell to play in: what does a layer of your model hold?
print(weight_only)

# %% [markdown]
# ## 1.6 · The same in Keras
#
# **Why.** TensorFlow's world has its own tools: [TensorFlow Model Optimization](https://www.tensorflow.org/model_optimization), `tfmot` for short, prunes while training goes on, and [LiteRT](https://ai.google.dev/edge/litert) converts a model to a small file for phones and microcontrollers.
# `tfmot` knows Keras 2 only, which is installed as `tf_keras`.
# A model of Keras 3 is refused, in words that do not name the cause: ``ValueError: `prune_low_magnitude` can only prune an object of the following types: keras.models.Sequential, … You passed an object of type: Sequential.``
# Two classes are called `Sequential`; `type(model).__module__` begins with `tf_keras` for the right one, and with `keras` for the other.
# The call of `quizlib.begin` above has set the environment variable `TF_USE_LEGACY_KERAS` to 1, so that `tf.keras` is Keras 2 as well; in a program of yours set it before TensorFlow is imported for the first time.
#
# [`prune_low_magnitude`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/prune_low_magnitude) **wraps** the layers of a model.
# Training goes in **steps**, each on one **batch** of examples; all examples once are an **epoch**.
# While the model trains, the callback [`UpdatePruningStep`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/UpdatePruningStep) counts the steps, and a **schedule** says at which of them how much is pruned.
# The weights that are left go on learning: the model is **fine-tuned**.
#
# A schedule prunes at step `begin_step` and at each `frequency`-th step after it; `frequency` is 100 unless another is given.
# The callback keeps a counter that begins at 0; at each step of the training it adds 1 to it, and then asks the schedule about that number.
#
# Keras calls the matrix of a layer's weights its `kernel`, a second meaning of the word.
# Our Keras model has the weights of the PyTorch model, so that the two can be compared.

# %% question: tfmot-prune-call

# %% question: tfmot-default-frequency

# %% [markdown]
# **Predict.** [`PolynomialDecay`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/PolynomialDecay) raises the sparsity from 0 to 0.8 within the first 68 steps, which are four epochs of 17 steps, fast at first and then slower.
# What will happen to the accuracy on the way?
#
# **Run.**

# %%
import tensorflow as tf
import tensorflow_model_optimization as tfmot
import tf_keras as keras

keras.utils.set_random_seed(0)
copied = digits_mlp_keras()
schedule = tfmot.sparsity.keras.PolynomialDecay(
    0.0, 0.8, begin_step=0, end_step=68, frequency=1
)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))

# %%
history = []


def note(epoch, logs):
    zeros = (wrapped.layers[1].layer.kernel.numpy() == 0).mean()
    history.append([epoch + 1, zeros, accuracy(wrapped(digits.x_val), digits.y_val)])


callbacks = [
    tfmot.sparsity.keras.UpdatePruningStep(),
    keras.callbacks.LambdaCallback(on_epoch_end=note),
]
wrapped.fit(
    digits.x_train, digits.y_train, batch_size=64, epochs=6, verbose=0, callbacks=callbacks
)
columns = ["epoch", "sparsity of hidden2", "accuracy, validation digits"]
history = pd.DataFrame(history, columns=columns).set_index("epoch")

# %%
figure, axis = plt.subplots(figsize=(6, 3.4))
history.plot(
    ax=axis,
    style=["o-", "s--"],
    xlabel="epochs of training",
    ylabel="fraction, 0 to 1",
    ylim=(0, 1.05),
)
described(figure, "sparsity-over-training")

# %% [markdown]
# **Read.** The sparsity follows the schedule and stays where it ends.
# The accuracy holds at a sparsity that cost the PyTorch model dearly, which nobody trained on.
# Pruning a little, training a little and pruning again gives the other weights time to take over.
#
# What is this model now, and what became of the one that was wrapped?

# %% question: wrapped-twin

# %% question: strip-pruning

# %% [markdown]
# **Run.** [`strip_pruning`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/strip_pruning) takes the wrappers off.

# %%
print("wrapped: ", [variable.name.split("/")[-1] for variable in wrapped.layers[0].variables])
pruned_keras_model = tfmot.sparsity.keras.strip_pruning(wrapped)
print(
    "stripped:",
    [variable.name.split("/")[-1] for variable in pruned_keras_model.layers[0].variables],
)
print(
    "zeros:   ",
    {
        layer.name: float((layer.kernel.numpy() == 0).mean())
        for layer in pruned_keras_model.layers
    },
)

# %% [markdown]
# The [`TFLiteConverter`](https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter) turns a Keras model into a LiteRT file, and with `optimizations` set it quantizes on the way: here the weights, each kernel's to int8.
# The file is run by the [`Interpreter`](https://ai.google.dev/edge/api/tflite/python/tf/lite/Interpreter).


# %%
def to_litert(model, *optimizations):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = list(optimizations)
    return converter.convert()


mlp_keras = digits_mlp_keras()
litert = {
    "LiteRT float32": to_litert(mlp_keras),
    "LiteRT float32, 0.8 pruned, fine-tuned": to_litert(pruned_keras_model),
    "LiteRT int8 weights": to_litert(mlp_keras, tf.lite.Optimize.DEFAULT),
    "LiteRT int8 weights, 0.8 pruned, fine-tuned": to_litert(
        pruned_keras_model, tf.lite.Optimize.DEFAULT
    ),
}
{name: f"{len(file):,} bytes" for name, file in litert.items()}

# %% [markdown]
# **Read.** Quantization shrinks the file, and pruning alone does not: the zeros are stored like any other number.

# %% question: tfmot-no-attribute-sparsity

# %% exercise: prune-keras

# %% [markdown]
# Set `pruned_keras` to `mlp_keras`, pruned to sparsity 0.75 in each kernel, fine-tuned while it is pruned, and stripped.
#
# 1. Copy the model: wrapping shares the layers of the model that it is given, so wrap a copy that has the trained weights.
# 2. Wrap it with [`prune_low_magnitude`](https://www.tensorflow.org/model_optimization/api_docs/python/tfmot/sparsity/keras/prune_low_magnitude) and a schedule that ends at 0.75.
#    1077 digits in batches of 64 make 17 steps an epoch, so mind the schedule's `frequency` and `end_step`.
# 3. Compile, and fit 2 epochs in batches of 64 with the callback `UpdatePruningStep()`. The `loss` of the setup takes the logits in which the model ends; only the model that comes out is judged.
# 4. Take the wrappers off with `strip_pruning`.
#
# Worked value: 12288 of the 16384 weights of `hidden1` are zero at the end, its class is `Dense` again, and the accuracy on the test digits is still over 0.9.
# The training wins back what the zeros cost: on the training digits the accuracy is over 0.95; with the zeros alone it is 0.92.
# A model that was not pruned, or not trained, earns nothing; `mlp_keras` stays as it is.
# Grading measures the accuracy on other digits, which nobody has seen.

# %%
pruned_keras = ...  # a tf_keras model of three Dense layers
### BEGIN SOLUTION
keras.utils.set_random_seed(0)
model = keras.models.clone_model(mlp_keras)
model.set_weights(mlp_keras.get_weights())  # clone_model copies no weights
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)
model = tfmot.sparsity.keras.prune_low_magnitude(model, pruning_schedule=schedule)
model.compile("adam", loss)
step = tfmot.sparsity.keras.UpdatePruningStep()
model.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(model)
### END SOLUTION

# %%
# A cell to play in: the steps of an epoch.
-(-len(digits.x_train) // 64)

# %% exercise: litert-int8

# %% [markdown]
# Set `int8_file` to the bytes of a LiteRT model of `mlp_keras` that computes in integers from end to end:
# int8 weights, int8 activations between the layers, int8 input and output.
#
# - [`tf.lite.TFLiteConverter.from_keras_model`](https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter) makes the converter; `optimizations` alone quantizes the weights only.
# - To know the range of each activation it needs examples: `representative_dataset` is a function that yields lists of one float32 batch, shape (1, 64),
#   scaled as the model expects them. Any 100 rows of `digits.x_train` will do.
# - `target_spec.supported_ops`, `inference_input_type` and `inference_output_type` ask for integers.
#
# The accuracy stays at 0.9 or more: on the test digits, and on the other digits with which grading measures it.
#
# Worked value: pixels from 0 to 1 give an input of scale 1/255 and zero point −128.

# %%
int8_file = ...  # bytes, as converter.convert() returns them
### BEGIN SOLUTION
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
int8_file = converter.convert()
### END SOLUTION

# %%
# A cell to play in: the range of the examples, which the input's scale has to cover.
digits.x_train[:100].min(), digits.x_train[:100].max()

# %% [markdown]
# **Why.** A file with int8 at both ends knows nothing of pixels and logits.
# Whoever calls it makes codes of the numbers before, and numbers of the codes after; the interpreter tells the scale and the zero point of each end.
#
# **Predict.** Such a file is given a row of float32 numbers as it is.
# Are they converted, misread, or refused?
#
# **Run.** This file is a single dense layer of three inputs and two outputs, made for numbers from −1 to 3.

# %%
from ai_edge_litert.interpreter import Interpreter

from quizlib.zoo.litert_models import WEIGHTS, small_int8_litert

small_file = Interpreter(model_content=small_int8_litert())
small_file.allocate_tensors()
for details in (*small_file.get_input_details(), *small_file.get_output_details()):
    print(
        "tensor",
        details["index"],
        details["dtype"].__name__,
        details["shape"],
        details["quantization"],
    )
try:
    small_file.set_tensor(
        small_file.get_input_details()[0]["index"], np.float32([[1.0, 2.0, -0.5]])
    )
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# **Read.** The numbers are refused, which is the friendlier half of it: after `x.astype(np.int8)` they would be accepted, and mean something else.
# `quantization` is the pair of scale and zero point, and the two ends have pairs of their own.

# %% exercise: feed-int8

# %% [markdown]
# Write `run_int8(interpreter, x)`: what an int8 file gives for the rows of `x`, as numbers.
#
# `interpreter` has loaded the file and made room for one row; `x` is float32, shape (n, features).
# For each row, in order:
#
# 1. make codes of its numbers with the scale and the zero point of the input: `clamp(round(x / scale) + zero_point, -128, 127)`, in int8. A number in the middle between two is rounded to the even one, as `np.round` does, before the zero point is added.
# 2. `interpreter.set_tensor(index, codes)` with codes of shape (1, features), then `interpreter.invoke()` once. `index` is the number of the tensor, which the details tell.
# 3. `interpreter.get_tensor(index)` gives the codes of the output, int8, shape (1, classes). Make numbers of them with the scale and the zero point of the output.
#
# Return them all, float32, shape (n, classes), and leave `x` as it is.
#
# Your function is checked on files on paper, whose answers are known.
# Their interpreter has the methods named here, and its details say `"index"` and `"quantization"`.
# `on_paper` runs your function on such a file and returns `fed`, the codes that the file was fed, and `values`, what your function returned.
#
# Worked by hand: at a scale of `0.5` and a zero point of `-3` the number `2.2` gets the code round(4.4) − 3 = `1`; an answer of `7` at a scale of `0.25` and a zero point of `-1` stands for `2.0`.


# %%
def run_int8(interpreter, x: np.ndarray) -> np.ndarray:
    """Return what an int8 file gives for the rows of `x`.

    Args:
        interpreter: Has `get_input_details`, `get_output_details`, `set_tensor`, `invoke` and
            `get_tensor`; it takes one row of codes at a time.
        x: Rows, float32, shape (n, features); n is at least 1.

    Returns:
        Outputs as numbers, float32, shape (n, classes).
    """
    ### BEGIN SOLUTION
    [source], [target] = interpreter.get_input_details(), interpreter.get_output_details()
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)
    answers = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        answers.append(interpreter.get_tensor(target["index"]))
    scale, zero_point = target["quantization"]
    return (np.concatenate(answers).astype(np.float32) - zero_point) * scale
    ### END SOLUTION


run_int8_on_paper = on_paper(run_int8)

# %%
# A cell to play in: the real file of above, beside the same layer in float32.
rows = np.float32([[1.0, 2.0, -0.5], [0.1, 0.2, 2.9]])
print(run_int8(small_file, rows))
print(rows @ WEIGHTS.T)

# %% [markdown]
# ## 1.7 · Both together
#
# **Why.** Pruning and quantization save different things: one makes zeros, the other makes the numbers narrow.
# So they can be combined, and the page's last question asks in which order.
#
# **Predict.**

# %% question: prune-then-quantize

# %% [markdown]
# **Run.** What becomes of the zeros when a pruned layer is quantized?
# This model is pruned to 0.8 and, to see later what that costs, not fine-tuned.

# %%
pruned_mlp = zeroed(0.8, torch.abs)
pruned_mlp_int8 = quantize_dynamic(pruned_mlp, {nn.Linear}, dtype=torch.qint8)
codes = pruned_mlp_int8.hidden2.weight().int_repr()
print(
    "zero weights:",
    int((pruned_mlp.hidden2.weight == 0).sum()),
    " zero codes:",
    int((codes == 0).sum()),
)

# %% [markdown]
# **Read.** Real zero has the code 0 here, since the zero point is 0, so every zero survives.
# Weights smaller than half a step get the code 0, too; but the smallest weights are gone already.
# The other order fails for a plain reason: a quantized layer has no float parameter left to mask or to train.

# %% exercise: compress

# %% [markdown]
# Set `compressed` to `mlp` with nine tenths of the weights of each `nn.Linear` removed, fine-tuned, then stored as int8.
#
# 1. On a copy, remove the smallest weights of each layer with `prune.l1_unstructured(layer, "weight", amount=0.9)`.
# 2. Fine-tune 5 epochs on `digits.x_train`, `digits.y_train` (Adam, learning rate 1e-3, batches of 32): the masks hold the zeros while the other weights recover.
# 3. Make the masks permanent with `prune.remove`, before you quantize: `quantize_dynamic` copies the model, and of a masked layer torch says
#    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment".
# 4. Quantize all three layers with `quantize_dynamic`.
#
# Worked value: at least 14746 of the 16384 codes of `compressed.hidden1.weight().int_repr()` are zero, and the accuracy on the test digits is over 0.9.
# Accuracy counts only for a pruned model, and a model that was not fine-tuned earns nothing, whatever it stores; `mlp` stays as it is.
# Grading measures the accuracy on other digits, which nobody has seen.

# %%
compressed = ...  # a torch model of three dynamically quantized layers
### BEGIN SOLUTION
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)

x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()

for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)
### END SOLUTION

# %%
# A cell to play in: what does each layer hold?
print(compressed)

# %% [markdown]
# ## 1.8 · Before and after
#
# **Why.** A saving is a saving only beside what it costs.
# So the last figure puts bytes, accuracy and latency of all variants next to each other, for the first time on the test digits.
#
# **Predict.** Which variant has the smallest file, which the smallest file after gzip, and which is the fastest?
#
# **Run.** `serving_costs` saves a model, runs it on the test digits, and times it on one of them; half of the latencies lie between the last two columns.

# %%
served = {
    "torch float32": digits_mlp(),
    "torch float32, 0.8 pruned": pruned_mlp,
    "torch int8": int8_mlp,
    "torch int8, 0.8 pruned": pruned_mlp_int8,
    "torchao int8 weights": torchao_mlp,
    **litert,
}
costs = {
    name: serving_costs(model, digits.x_test, digits.y_test) for name, model in served.items()
}
costs = pd.DataFrame(costs).T
costs.style.format(
    {"accuracy": "{:.3f}", "file (bytes)": "{:,.0f}", "gzip (bytes)": "{:,.0f}"}, precision=1
)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 5), sharey=True, width_ratios=(3, 2))
kilobytes = (costs[["file (bytes)", "gzip (bytes)"]] / 1000).set_axis(
    ["file", "file, after gzip"], axis=1
)
kilobytes.plot.barh(ax=left, width=0.8, xlabel="size (kB)").invert_yaxis()
left.set_yticklabels([f"{name}\naccuracy {row.accuracy:.3f}" for name, row in costs.iterrows()])
left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
latency = costs["latency (µs)"]
quartiles = [latency - costs["at least (µs)"], costs["at most (µs)"] - latency]
right.errorbar(latency, range(len(costs)), xerr=quartiles, fmt="o", capsize=3)
right.set(
    xscale="log",
    xlim=(latency.min() / 3, latency.max() * 3),
    xlabel="latency of one prediction (µs)",
)
plain_ticks(right)
described(figure, "nine-variants")

# %% [markdown]
# **Read.**
#
# - **Bytes.** int8 makes every file between three and four times smaller. Pruning alone changes no file; gzip then turns its zeros into bytes saved, and most of all where both are combined.
# - **Accuracy.** int8 costs these digits nothing; later lessons take models and bit widths where it does. Pruning to 0.8 costs much without fine-tuning, and next to nothing with it.
# - **Latency.** Pruning buys none. For a model as small as this one int8 can even be slower in PyTorch, where each call pays for quantizing its input, and the framework's own work outweighs the arithmetic; LiteRT has little of that.
#
# Which of them to serve depends on what is scarce: memory, bandwidth or time.

# %% [markdown]
# ## 1.9 · The page, read again
#
# You have now run everything that the page says.
# Here it is once more, claim by claim.
#
# | The page says | What execution shows | Where |
# |---|---|---|
# | 10, 100, 1000 weights take about as many operations; O(n) | Holds: the counts have slope 1. | 1.2 |
# | "Time grows with how many weights remain" | **False** for dense kernels, which multiply zeros too. Half true for its own code: it quantizes and multiplies the weights that remain, and tests all n in every request. | 1.2, 1.4 |
# | It is wrong that pruning and quantization make the time constant | Holds: int8 takes one multiplication for each weight, too. | 1.3, 1.5 |
# | What if half the weights are removed? (left open) | The constant halves if they need not be visited; in a dense kernel nothing changes; O(n) stays. | 1.2, 1.4 |
# | Pruning and quantizing run inside the loop over requests | **A fault**: it repeats work that belongs before serving, and the list forgets where each weight was. | 1.2 |
# | Question 1: quantization reduces the precision of numbers | Holds. "Smaller and faster": smaller here, faster not always. | 1.5, 1.8 |
# | Question 2: `tfmot.sparsity.keras.prune_low_magnitude(model, pruning_schedule=…)` | Holds. But a wrong keyword is no syntax error: it is swallowed in silence. | 1.6 |
# | Question 3: on a bare `nn.Linear`, `quantized_model.weight()` is a float `torch.Tensor` | **False**: the program stops with a `TypeError`. Inside an `nn.Sequential` a tensor comes back, of dtype `torch.qint8` and not dequantized. | 1.5 |
# | Question 4: "no attribute 'sparsity'" means that the package is not installed | **False**: then the import stops with `ModuleNotFoundError`. This error says that another module of the name was found: a file or folder that shadows the package, or a broken install. | 1.6 |
# | Question 5: prune first, then quantize | Holds, but not because the pruned model is smaller, which it is not. int8 layers can be neither masked nor trained. | 1.7 |
#
# **Run** the two false answers yourself, and the silent keyword.

# %%
bare = quantize_dynamic(nn.Linear(10, 5), {nn.Linear}, dtype=torch.qint8)
try:
    bare.weight()
except TypeError as error:
    print("Question 3, bare layer:   ", type(bare), "TypeError:", error)
inside = quantize_dynamic(nn.Sequential(nn.Linear(10, 5)), {nn.Linear}, dtype=torch.qint8)
print("Question 3, in Sequential:", type(inside[0].weight()), inside[0].weight().dtype)

# %% [markdown]
# For the page's question 4, an empty module of that name stands for a file that shadows the package; and a package with a misspelt name is one that is not installed.

# %%
import importlib
import types

try:
    types.ModuleType("tensorflow_model_optimization").sparsity
except AttributeError as error:
    print("another module of the name: AttributeError:", error)
try:
    importlib.import_module("tensorflow_model_optimisation")
except ModuleNotFoundError as error:
    print("no such package:            ModuleNotFoundError:", error)

# %%
wanted = tfmot.sparsity.keras.ConstantSparsity(0.8, begin_step=0, frequency=1)
silent = tfmot.sparsity.keras.prune_low_magnitude(digits_mlp_keras(), schedule=wanted)
used = silent.layers[0].pruning_schedule
print("Question 2, wrong keyword:", type(used).__name__, used.get_config()["config"])

# %% [markdown]
# ## Summary
#
# - **Count** before you time: a dense layer takes one multiply-accumulate for each place in its matrix, so its work is O(n) in the weights that are *stored*.
# - **Pruning** makes zeros. In a dense layer they cost as many operations and bytes as before; they pay in compressed files, in sparse formats, and when whole neurons go.
# - **Quantization** makes numbers narrow: `1 byte` for `4`, and scales beside them. The count of operations stays, each of them gets cheaper, and a small model may not gain time.
# - **Together**: prune, fine-tune under the masks, make the zeros permanent, quantize.
# - **Check** by counting: zeros, dtypes, bytes, accuracy. Most failures here are silent: a mask that is still on, a target that was never reached, a layer that was not swapped, a keyword that nobody read.
#
# ## Where next
#
# Lesson 2 measures: bytes, operations, latency and memory traffic, and where a sparse format begins to pay.
# Lessons 3 and 4 are about quantization, lessons 5 and 6 about pruning; lesson 7 repairs errors, and lesson 8 serves.
