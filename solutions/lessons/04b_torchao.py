# ---
# about: "torchao: tensors that hold codes, graphs that quantize themselves, the block formats of today, and moving there from eager mode"
# ---

# %% [markdown]
# # 4b · Quantization with torchao: tensors, graphs and blocks
#
# *What does the successor of eager mode do, what does it store, and how do you get there?*
#
# After this lesson you can
#
# 1. use torchao's `quantize_` with its configurations and filters, count what is stored, and read its refusals;
# 2. write a quantized layer yourself, and save, load and train quantized models;
# 3. quantize a whole graph with PT2E, and say which of its tensors are rounded;
# 4. take a block of MXFP8 or NVFP4 apart by hand, to the bit: floats of eight or four bits that share a scale;
# 5. move a model from the deprecated interface to torchao, and say honestly what became smaller and what became faster.
#
# **You need** lesson 4 (dynamic, static and quantization-aware training in eager mode).
#
# **Time**: about 72 minutes to read, run and answer, and 145 for the {{exercises}} exercises.
#
# | section | read, run, answer (minutes) | exercises (minutes) |
# |---|---|---|
# | 4b.1 The tensor is exchanged | 7 | 8 |
# | 4b.2 Configurations | 16 | 22 |
# | 4b.3 A layer of your own, and a file | 8 | 26 |
# | 4b.4 Training | 5 | 15 |
# | 4b.5 Graphs: PT2E | 12 | 22 |
# | 4b.6 Blocks: MXFP8 and NVFP4 | 11 | 38 |
# | 4b.7 Moving house | 7 | 14 |
# | 4b.8 Is it faster? | 6 | |
#
# A good place for a break is the end of section 4b.4: up to there it is layers, from there on graphs, blocks and what is left to move.
#
# **Points**: {{points}} points, {{question_points}} for the questions and {{exercise_points}} for the exercises.

# %% [markdown]
# Run the next two cells first.
# The cells of the text work whether or not you have solved an exercise; only cells that begin with `# Try it` use your answer.

# %%
import quizlib
from quizlib import check

quizlib.begin("04b-torchao")

# %%
import copy
import io
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from torch import nn
from torchao.prototype.mx_formats import NVFP4WeightOnlyConfig
from torchao.prototype.mx_formats.mx_tensor import to_mx
from torchao.prototype.mx_formats.nvfp4_tensor import NVFP4Tensor
from torchao.quantization import (
    Float8WeightOnlyConfig,
    Int4WeightOnlyConfig,
    Int8DynamicActivationInt8WeightConfig,
    Int8WeightOnlyConfig,
    IntxWeightOnlyConfig,
    PerAxis,
    PerGroup,
    quantize_,
)
from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
from torchao.quantization.pt2e.quantizer.x86_inductor_quantizer import (
    X86InductorQuantizer,
    get_default_x86_inductor_quantization_config,
)
from torchao.quantization.qat import QATConfig

from quizlib import measures, zoo
from quizlib.zoo import eager
from quizlib.zoo.figures import described, use_style

torch.set_num_threads(1)  # times of one thread repeat better
use_style()
digits = zoo.load_digits()
train_images = torch.from_numpy(digits.images("train"))  # (n, 1, 8, 8)
val_images = torch.from_numpy(digits.images("val"))
x_val, y_val = torch.from_numpy(digits.x_val), digits.y_val
float_mlp = zoo.digits_mlp().requires_grad_(False)

# %% [markdown]
# ## 4b.1 · The tensor is exchanged, the layer stays
#
# **Why.** In torchao there are no stubs and no twin classes.
# [`quantize_(model, config, filter_fn)`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.quantize_.html) replaces the weight of each layer that `filter_fn(module, name)` accepts, by default of every `nn.Linear`, as the object `config` says.
# It works in place, as `list.sort` does in Python.
#
# **Predict.**

# %% question: quantize-in-place

# %% [markdown]
# The new weight plays the part of the float tensor for all code around it, and keeps plain codes in an attribute of its own, `qdata`.
#
# **Predict.**

# %% question: dtype-that-is-shown

# %% [markdown]
# **Run.** What is returned, and what is in the layer?

# %%
weight_only = copy.deepcopy(float_mlp)
print("quantize_ returns", quantize_(weight_only, Int8WeightOnlyConfig()))
weight = weight_only.hidden1.weight
print(
    type(weight_only.hidden1).__name__,
    "with a weight of",
    type(weight).__name__,
    "that calls itself",
    weight.dtype,
)
print(
    "qdata:",
    weight.qdata.dtype,
    tuple(weight.qdata.shape),
    " scale:",
    weight.scale.dtype,
    tuple(weight.scale.shape),
)

# %% [markdown]
# **Read.** The layer is still an `nn.Linear`.
# Its weight says that it is float32, so that all code around it goes on working; the codes are in `qdata`, and one `scale` for each row.

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
    """Return int8 codes, shape (out, in), and one float32 scale a row, shape (out, 1)."""
    ### BEGIN SOLUTION
    largest = weight.abs().amax(dim=1, keepdim=True)  # (out, 1)
    scale = torch.clamp(largest / 127.5, min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1.0 / scale))
    codes = torch.clamp(codes, max=127)  # -127.5 is the least, and rounds to -128
    return codes.to(torch.int8), scale
    ### END SOLUTION


# %%
# Try it: the same weight by torchao, and by you
layer = nn.Linear(8, 4)
mine = int8_rows(layer.weight.detach())
quantize_(layer, Int8WeightOnlyConfig())
print(layer.weight.qdata, mine, sep="\n")

# %% [markdown]
# ## 4b.2 · Configurations, and what they store
#
# **Why.** A configuration is a name; which codes does it store, and what does it do to the numbers?
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
mlp_logits = float_mlp(x_val).numpy()
rows = {}
for name, config in {"float32": None, **configs}.items():
    model = copy.deepcopy(float_mlp)
    if config is not None:
        quantize_(model, config)
    outputs, weight = model(x_val).numpy(), model.hidden2.weight
    error = (
        weight.dequantize() if hasattr(weight, "dequantize") and config else weight
    ) - float_mlp.hidden2.weight
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
left.barh(table.index, table["file (bytes)"])
left.set(xlabel="file (bytes)", title="What is stored")
left.xaxis.set_major_formatter("{x:,.0f}")
left.xaxis.set_major_locator(plt.MaxNLocator(4))
right.barh(table.index[1:], table["SQNR (dB)"].iloc[1:], color="#009E73", hatch="//")
no_grid = {"facecolor": "white", "edgecolor": "none", "pad": 2}  # behind the words
right.text(1, 0, "float32 is the reference", va="center", bbox=no_grid)
right.set(xlabel="SQNR of the logits (dB)", title="What is kept")
left.invert_yaxis()
described(figure, "what-is-stored-and-kept")

# %% [markdown]
# **Read.** Fewer bits lose more, as lesson 3 promised.
# Groups of 32 make the errors of the *weights* smaller, and yet the logits are no better for it.
#
# **Predict.** At 4 bits the codes are −8 … 7, and the scale is the largest magnitude divided by 7.5.
# What becomes of the largest weight of a group, if it is positive?
#
# **Run.** The same weights by hand, on this grid and on lesson 3's narrow one.


# %%
def by_hand(size, divisor, quant_min):
    """Measure 4-bit weights in groups of `size`, or in rows for None."""
    model, errors = copy.deepcopy(float_mlp), []
    for layer in (model.hidden1, model.hidden2, model.output):
        groups = layer.weight.reshape(-1, size or layer.in_features)
        scale = groups.abs().amax(1, keepdim=True) / divisor
        rounded = (groups / scale).round().clamp(quant_min, 7) * scale
        errors.append((rounded - groups).flatten())
        layer.weight = nn.Parameter(rounded.view_as(layer.weight), requires_grad=False)
    errors = 1e3 * torch.cat(errors)
    return {
        "mean error (10⁻³)": float(errors.mean()),
        "RMS error (10⁻³)": float(errors.square().mean().sqrt()),
        "SQNR of the logits (dB)": measures.sqnr_db(mlp_logits, model(x_val).numpy()),
    }


grids = {"−8 … 7, scale max / 7.5": (7.5, -8), "−7 … 7, scale max / 7": (7, -7)}
pd.DataFrame(
    {
        f"{groups}, codes {name}": by_hand(size, *grid)
        for groups, size in {"rows": None, "groups of 32": 32}.items()
        for name, grid in grids.items()
    }
).T.style.format("{:.2f}")

# %% [markdown]
# **Read.** 7.5 rounds to 8 and is clamped to 7: every group loses half a step of its largest weight where that is positive.
# Such errors all point the same way, and the more groups there are, the more of them: the mean error of the wide grid says so, that of the narrow one is next to nothing.
# Groups make the error of the *weights* smaller on both grids.
# What the logits make of it is another matter, and differs from model to model; here rows on the wide grid come out best.
#
# And what do few bits save?
# Nothing here: on a CPU these configurations keep each code in a byte of its own, and groups even add scales.
# A byte that holds two int4 codes needs kernels that unpack it, and which packed layouts there are depends on the device.
# The name of a configuration tells you the *grid*; only counting tells you the *bytes*.
#
# Not every configuration works everywhere, and a refusal seldom says what it means.
#
# **Run.** Three of them, on copies of the MLP.


# %%
def refused(config):
    """Return the message of a refusal, and which layers were converted by then."""
    model = copy.deepcopy(float_mlp)
    try:
        quantize_(model, config)
    except (AssertionError, ImportError, RuntimeError) as error:
        print(f"{type(error).__name__}: {error}")
    codes = [name for name, layer in model.named_children() if hasattr(layer, "weight")]
    codes = [name for name in codes if hasattr(model.get_submodule(name).weight, "qdata")]
    print("    holds codes by then:", ", ".join(codes) or "no layer")


refused(Int4WeightOnlyConfig(group_size=32))
refused(IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(48)))
refused(NVFP4WeightOnlyConfig())

# %% [markdown]
# **Read.** `Int4WeightOnlyConfig` packs two codes into a byte, for kernels that come with a package of their own, `mslk`, and need a GPU; on a CPU take an `Intx` configuration.
# A group has to divide the inputs of *every* layer it is for: 64, 256 and 128 here, and 48 divides none.
# And look at the last one: `output` has 10 rows, NVFP4 (floats of four bits, section 4b.6) wants multiples of 16, and by the time it says so the layers before are converted.
# `quantize_` works in place, and an error on the way leaves half a model. Work on a copy, or choose the layers with `filter_fn`.

# %% question: int4-bytes-on-cpu

# %% exercise: mixed-schemes

# %% [markdown]
# Set `mixed` to a copy of `mlp` in which torchao has given each layer a scheme of its own (`quantize_` works in place: `mlp` itself has to stay as the setup made it):
#
# | layer | codes of the weight | a scale for | activations |
# |---|---|---|---|
# | `hidden1` | 4 bits | each group of 32 weights of a row | float32 |
# | `hidden2` | 8 bits | each row | 8 bits, quantized at each call |
# | `output` | none, float32 | – | float32 |
#
# The setup imports what there is to choose from.
# Either call `quantize_` once for each scheme, with a `filter_fn(module, name)` that says which layers it is for, or once with [`FqnToConfig`](https://docs.pytorch.org/ao/stable/api_reference/generated/torchao.quantization.FqnToConfig.html), which maps the full name of a module to a config, and with `filter_fn=None`, without which it is refused.
#
# Worked value: a weight of shape (2, 64) with one scale for each 32 weights of a row has a `.scale` of shape (2, 2).

# %%
mixed = ...  # a torch model
### BEGIN SOLUTION
mixed = copy.deepcopy(mlp)
four_bits = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
quantize_(mixed, four_bits, filter_fn=lambda module, name: name == "hidden1")
quantize_(
    mixed,
    Int8DynamicActivationInt8WeightConfig(),
    filter_fn=lambda module, name: name == "hidden2",
)
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
# Return a dict of five whole numbers, four of them in bytes:
#
# - `"codes"`, `"scales"`, `"zero_points"`: these parts of all quantized weights;
# - `"rest"`: all else in the model's `state_dict()`, such as biases, convolutions, an LSTM and the buffers of a batch norm;
# - `"distinct_codes"`: how many different codes occur, in all quantized weights together. This is where the bits show.
#
# `model` is a float model of any kind; it does not change.
#
# Worked value: an `nn.Linear(64, 2)` at 8 bits with one scale a row stores `128` bytes of codes, `8` of scales, `2` of zero points and `8` of biases.
# Two weights with the codes `[-128, 0, 127]` and `[127, 5, 5]` have 4 different ones together.
# How many bytes of codes do you expect at 4 bits?


# %%
def stored_bytes(model: nn.Module, bits: int, group_size: int | None) -> dict[str, int]:
    """Return the bytes of codes, scales, zero points and the rest, and how many codes occur."""
    ### BEGIN SOLUTION
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(
        converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity)
    )
    counts, codes = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}, []
    for tensor in converted.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
            codes.append(tensor.qdata.flatten())
        else:
            counts["rest"] += tensor.nbytes
    return counts | {"distinct_codes": torch.cat(codes).unique().numel()}
    ### END SOLUTION


# %%
# Try it: the same model at three widths
for bits in (8, 4, 2):
    print(bits, stored_bytes(zoo.digits_mlp(), bits, 32))

# %% [markdown]
# ## 4b.3 · A layer of your own, and a file
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
# `residual` itself stays as the setup made it, so that your cell can run again.
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
print(
    {name: tuple(tensor.shape) for name, tensor in own.state_dict().items()}
    if own is not ...
    else ""
)

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
# `load_state_dict(state, assign=True)` puts the tensors of the file in place of the empty ones, whatever their type.
#
# **Run.** And without `assign`, into a float model?

# %%
try:
    zoo.mlp_architecture().load_state_dict(weight_only.state_dict())
except RuntimeError as error:
    message = str(error).splitlines()[1].strip()
    print(message[:52], "…", message[-91:])

# %% [markdown]
# **Read.** The keys fit this time: torchao keeps the name `hidden1.weight`.
# But without `assign` the numbers are to be *copied* into the float tensor that is there, and codes with their scales have no place in it: hence "no attribute 'tensor_data_names'", for the float tensor lacks the list of parts that torchao's weight has.

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
print(
    len(int8_file),
    "bytes;",
    "nothing yet" if loaded is None else type(loaded.stem.weight.data).__name__,
)

# %% [markdown]
# ## 4b.4 · Training with torchao
#
# **Why.** torchao trains with fake quantization as well, through the same `quantize_`: a [`QATConfig`](https://docs.pytorch.org/ao/stable/workflows/qat.html) around a base configuration, with `step="prepare"` before the training and `step="convert"` after it.
#
# The configuration has to say which rounding the training simulates, and not each of them can.
#
# **Run.**

# %%
base = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
learning = zoo.digits_mlp()
quantize_(learning, QATConfig(base, step="prepare"))
print(
    "prepared: ",
    type(learning.hidden1).__name__,
    "with a weight of",
    type(learning.hidden1.weight).__name__,
)
quantize_(learning, QATConfig(base, step="convert"))
print(
    "converted:",
    type(learning.hidden1).__name__,
    "with a weight of",
    type(learning.hidden1.weight).__name__,
)
try:
    quantize_(zoo.digits_mlp(), QATConfig(Float8WeightOnlyConfig(), step="prepare"))
except ValueError as error:
    print(f"refused:   {type(error).__name__}: {str(error)[:45]} …")

# %% [markdown]
# **Read.** The layer is another class while it learns, and an `nn.Linear` with codes afterwards.
# `Float8WeightOnlyConfig` converts a model, and cannot train one: a rounding can be simulated only where somebody has written down how.
# For integer weights on a CPU torchao has that for the configurations that take the dtype and the granularity of the weights as arguments, whatever is done to the inputs, and not for those whose name fixes both.

# %% question: qat-base-configs

# %% exercise: qat-torchao

# %% [markdown]
# Two bits are four codes, and torchao's int2 uses all of them, −2 to 1; the "2 bits" in the plot of section 4.12 were three, −1 to 1.
# The setup gives you `mlp` with hidden units of unequal strength, and `base`, the config for 2-bit codes with one scale a row.
# What `mlp` computes is what the digits model has always computed, but quantized at once by `base` it misreads many more digits: the next cell shows how many.
#
# Set `aware` to a copy of `mlp`, which itself stays as it is, that was trained **while** its weights were rounded, and then converted; a model that was not trained earns nothing:
#
# - each `nn.Linear` holds 2-bit codes with one scale a row, as `base` makes them;
# - no float32 weight is left, so that the model takes less than a third of the bytes;
# - its hidden units are those of `mlp`, still unequal: the slope of log2 of the row scales of `hidden2` over the units' powers of two, 1 where scales grow as their units did and 0 where they do not, is at least 0.3, and training from `mlp` keeps twice that;
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
# ## 4b.5 · A graph that quantizes itself: PT2E
#
# **Why.** `quantize_` exchanges weights layer by layer, and knows nothing of what lies between.
# Static quantization has to know: which tensor is rounded, where convolution, batch norm and ReLU are one step, which grid a sum gets.
# In eager mode you said all that by hand, with stubs, `fuse_modules` and `FloatFunctional`.
# **PT2E** (PyTorch 2 export quantization) reads it off the **graph** of the model instead.
#
# A graph is what [`torch.export`](https://docs.pytorch.org/docs/stable/export.html) records when it runs a model once on examples: a list of **nodes** in order of execution, in a form called **FX** ([`torch.fx`](https://docs.pytorch.org/docs/stable/fx.html)).
# Each node has a `name`, an `op` (`placeholder` for an input, `get_attr` for a weight, `call_function` for an operation, `output`), a `target` (which weight, which function) and `args`, the nodes and numbers that it takes.
# `graph.print_tabular()` shows them; `for node in graph.nodes` goes through them.
# Eager mode's own successor of that time, FX graph mode, rewrote such graphs too; it is deprecated with the rest, and PT2E is where it leads.
#
# Four steps:
#
# 1. `torch.export.export(model, (examples,), dynamic_shapes=…).module()` records. Shapes are recorded as well: an axis that may vary is named in `dynamic_shapes`.
# 2. A **quantizer** holds the rules of one backend. `X86InductorQuantizer` is that of torch's own compiler for x86 processors; `set_global` gives it the configuration for all, `set_module_name_qconfig(name, None)` leaves a module out.
# 3. `prepare_pt2e` puts observers where the rules want them, and folds batch norms; then calibrate, by running examples through.
# 4. `convert_pt2e` writes pairs of nodes in place of the observers: `quantize_per_tensor` and `dequantize_per_tensor`.
#
# **Predict.**

# %% question: exported-batch

# %% [markdown]
# **Run.** All four, on the CNN.

# %%
images, rows = train_images[:128], {0: torch.export.Dim.DYNAMIC}  # axis 0 may have any length
program = torch.export.export(zoo.digits_cnn(), (images,), dynamic_shapes=(rows,))
quantizer = X86InductorQuantizer().set_global(get_default_x86_inductor_quantization_config())
observed = prepare_pt2e(program.module(), quantizer)
with torch.no_grad():
    observed(images)  # calibrates
integers = convert_pt2e(observed)


def operations(holder):
    """Return the names of the functions that a graph calls, in order."""
    nodes = holder.graph.nodes
    return [node.target.__name__.split(".")[0] for node in nodes if node.op == "call_function"]


for name, graph in (("exported", program), ("converted", integers)):
    print(f"{name}:", " → ".join(operations(graph)), end="\n\n")
with torch.no_grad():
    wanted, got = zoo.digits_cnn()(val_images).numpy(), integers(val_images).numpy()
print(f"SQNR of the logits: {measures.sqnr_db(wanted, got):.1f} dB")

# %% [markdown]
# **Read.** The batch norms are gone, folded into the convolutions before them, and nobody had to name them.
# Every operation in between still computes in float32: the graph *says* where numbers are rounded, and a compiler that reads a pair "dequantize, then convolution" puts an integer kernel in its place.
# Without one the graph is a simulation, good for measuring what will be lost, and no faster.
#
# So what does it store?

# %%
states = {"float32": zoo.digits_cnn().state_dict(), "converted": integers.state_dict()}
for name, state in states.items():
    by_type = {}
    for tensor in state.values():
        by_type[tensor.dtype] = by_type.get(tensor.dtype, 0) + tensor.nbytes
    print(name, {str(dtype): f"{size:,} bytes" for dtype, size in by_type.items()})

# %% [markdown]
# **Read.** The codes are there, and the float weights too, which nothing uses any more.
# What is saved for serving is what the compiler made of the graph; the file of this module is *larger* than before. Count, as always.

# %% question: graph-roundings

# %% exercise: graph-logits

# %% [markdown]
# Write `graph_logits(model, examples, kept, x)`: quantize `model` as a graph, and return the logits that the converted graph gives for `x`.
#
# - `model` is a float model in evaluation mode: the digits CNN, the residual MLP or the plain one.
# - `examples`, float32, are the inputs for the export and for the calibration: observe all of them, and nothing else.
# - `kept` lists the names of modules of `model`, none or several, such as `["block.first"]`, that stay in float32; all else is quantized by `X86InductorQuantizer` with the default configuration.
# - `x`, float32, has another number of rows than `examples`: fewer, perhaps a single one, or more.
# - The result is float32, shape (rows of `x`, 10).
#
# The residual MLP adds two tensors. Do you have to do anything about that?
#
# Worked value: with 128 images as examples, `graph_logits(zoo.digits_cnn(), images, [], val_images)` has a row for each of the 360 validation images, and differs from the float logits by about a hundredth of their size.


# %%
def graph_logits(
    model: nn.Module, examples: torch.Tensor, kept: list[str], x: torch.Tensor
) -> torch.Tensor:
    """Return the logits for `x` of `model`, quantized as a graph."""
    ### BEGIN SOLUTION
    rows = {0: torch.export.Dim.DYNAMIC}
    graph = torch.export.export(model, (examples,), dynamic_shapes=(rows,)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)
    ### END SOLUTION


# %%
# Try it: how far from the float model, with all layers quantized and with one left out?
digits = zoo.load_digits()
pixels, x_val = torch.from_numpy(digits.x_train[:128]), torch.from_numpy(digits.x_val)
wanted = zoo.digits_residual()(x_val).detach()
for kept in ([], ["stem"], ["block.first"], ["output"]):
    mine = graph_logits(zoo.digits_residual(), pixels, kept, x_val)
    if mine is not None:
        print(kept, f"{float((mine.detach() - wanted).square().mean().sqrt()):.3f} off")

# %% exercise: rounded-tensors

# %% [markdown]
# Which tensors of a graph are rounded, and on which grid? The graph itself can be asked.
# Write `rounded_tensors(model, examples)`, which converts `model` by the `to_int8` of the setup, and reads the converted graph.
#
# - For each node that rounds an *activation*, a call of `torch.ops.quantized_decomposed.quantize_per_tensor.default`, the dict has an entry.
#   The key is the name of the node that is rounded (not of the one that rounds it), the value is the pair of its scale and its zero point.
# - The arguments of such a node are the tensor, the scale, the zero point, the least code, the largest code and the dtype.
# - Weights were rounded before, one scale a row, and do not count.
# - Tensors that share a grid have an entry each.
#
# Worked value: for the CNN, whose `forward` calls its argument `input`, the names are `input_1`, `relu`, `max_pool2d`, `relu_1`, `max_pool2d_1` and `flatten`.
# Pooling and flattening move numbers and make none, so they keep the grid of what they were given.
# For pixels between 0 and 1 the scale of `input_1` is $1 / 255$, up to the observer's precision, and its zero point 0.


# %%
def rounded_tensors(model: nn.Module, examples: torch.Tensor) -> dict[str, tuple[float, int]]:
    """Return scale and zero point of each tensor that the graph rounds, by its name."""
    ### BEGIN SOLUTION
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        if node.op == "call_function" and node.target == quantize:
            grids[node.args[0].name] = (node.args[1], node.args[2])
    return grids
    ### END SOLUTION


# %%
# Try it: where does the residual MLP round, and what became of its sum?
pixels = torch.from_numpy(zoo.load_digits().x_train[:128])
print(rounded_tensors(zoo.digits_residual(), pixels))

# %% [markdown]
# ## 4b.6 · Blocks with a scale of their own: MXFP8 and NVFP4
#
# **Why.** The formats in which large models are served today are no integers.
# They are floats of eight or four bits, and a short **block** of them shares a scale, so that one large number spoils its own block and no other.
# Two are in hardware now:
#
# | | a block | a code | the scale of a block |
# |---|---|---|---|
# | **MXFP8** (the [OCP standard](https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf)) | 32 numbers | **e4m3**: sign, 4 bits of exponent, 3 of mantissa | **e8m0**: 8 bits of exponent and nothing else, a power of two |
# | **NVFP4** | 16 numbers | **e2m1**: sign, 2 bits of exponent, 1 of mantissa | an e4m3 number |
#
# No CPU multiplies them, and none has to: what they *store* can be made and checked anywhere.
#
# **Run.** Which numbers have a code? PyTorch has a dtype for eight bits; four bits are few enough to list.

# %%
FP4 = (
    0.0,
    0.5,
    1.0,
    1.5,
    2.0,
    3.0,
    4.0,
    6.0,
)  # the codes 0 … 7; with 8 added the negative ones
e4m3 = (
    torch.arange(127, dtype=torch.uint8).view(torch.float8_e4m3fn).float()
)  # code 127 is no number
figure, axis = plt.subplots(figsize=(8.5, 2.6))
numbers = {"int4, 0 … 7": np.arange(8.0), "e2m1": np.array(FP4), "e4m3": e4m3.numpy()}
for row, (name, codes) in enumerate(numbers.items()):
    axis.plot(codes / codes.max(), np.full(len(codes), row), "|", markersize=18)
axis.set_yticks(range(len(numbers)), list(numbers))
axis.set(xlabel="number / largest number", ylim=(-0.6, 2.6), title="Numbers that have a code")
axis.invert_yaxis()
described(figure, "numbers-with-a-code")

# %%
names = ("the largest", "next to it", "the smallest above 0")
for name, code in zip(names, (126, 125, 1), strict=True):
    print(f"e4m3, {name}: code {code} = {code:08b}, which stands for {float(e4m3[code])}")

# %% [markdown]
# **Read.** An integer grid has the same step everywhere; a float's step grows with the number, so that its *relative* error stays about the same.
# Weights crowd around zero, where a float has most of its codes.
#
# ### A block of MXFP8
#
# The scale is a power of two: the one that is not above the largest magnitude of the block, divided by $2^8$, the largest power of two in e4m3.
# So after the division the largest number of the block lies between 256 and 512.
# The largest code stands for 448, and what is above it saturates.
#
# **Predict.** The largest magnitude of a block is 3.7.
# Which power of two is its scale, and which number does 3.7 come back as?
#
# **Run.**

# %%
block = torch.linspace(-1, 1, 32)[None]
block[0, 5] = 3.7
scales, codes = to_mx(block, torch.float8_e4m3fn, 32)
scale, code = float(scales.float()), codes.view(torch.uint8)[0, 5]
print(
    f"scale {scale} = 2^{np.log2(scale):.0f}, stored as the byte {int(scales.view(torch.uint8))}"
)
print(f"3.7 / scale = {3.7 / scale:.1f}; code {int(code)} stands for {float(codes[0, 5])}")
print("3.7 comes back as", float(codes[0, 5]) * scale)

# %% [markdown]
# **Read.** 3.7 lies between 2 and 4, so the scale is $2 / 2^8 = 2^{-7}$, and its byte is $-7 + 127 = 120$.
# 3.7 would be 473.6 and saturates at 448, which stands for 3.5.
# That is the price of a scale that costs one byte: up to an eighth of the largest number of a block.

# %% exercise: mxfp8-blocks

# %% [markdown]
# Write `mxfp8_blocks(x)`, with torch alone: what torchao's `to_mx(x, torch.float8_e4m3fn, 32)` stores, byte for byte, `(scales, codes)`.
#
# - `x`: float32, shape `(rows, columns)`; `columns` is a multiple of 32, and each 32 neighbours of a row are a block.
#   Its numbers are 0, or their magnitudes lie between 1e-20 and 1e20.
# - `scales`: uint8, shape `(rows, columns // 32)`. The power $\lfloor \log_2(\text{largest magnitude}) \rfloor - 8$, stored with 127 added.
#   The floor is that of the exact logarithm: in float32 the logarithm of the number just below 8 is rounded up to 3.
#   A block of zeros has the byte 0.
# - `codes`: uint8, shape of `x`: the bits of the e4m3 number nearest to `x / 2**power`, ties to the even code, saturating at 448 and −448.
#   A zero keeps its sign, in a block of zeros as well: −0.0 has the byte 128.
#   `y.to(torch.float8_e4m3fn)` does all that, it rounds and saturates; `.view(torch.uint8)` shows the bits.
# - `x` does not change.
#
# Worked by hand: in a block whose largest magnitude is 3.7 the power is $1 - 8 = -7$ and the byte 120.
# There 0.3 is $0.3 \cdot 128 = 38.4$; between 32 and 64 the numbers of e4m3 are 4 apart, so that it becomes 40 = $1.25 \cdot 2^5$: sign 0, exponent $5 + 7 = 12$, mantissa 2 of 8, the byte $12 \cdot 8 + 2 = 98$.


# %%
def mxfp8_blocks(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return scales, shape (rows, columns // 32), and codes, shape (rows, columns)."""
    ### BEGIN SOLUTION
    blocks = x.reshape(len(x), -1, 32)
    largest = blocks.abs().amax(-1, keepdim=True)
    power = torch.frexp(largest).exponent - 1 - 8  # frexp's mantissa begins at 0.5
    power = torch.where(largest == 0, -127, power)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)
    ### END SOLUTION


# %%
# Try it: the block of before, by you; torchao made the scale 120 and, for 3.7, the code 126
x = torch.linspace(-1, 1, 32)[None]
x[0, 5] = 3.7
print(mxfp8_blocks(x))

# %% [markdown]
# ### A block of NVFP4
#
# Four bits have eight magnitudes, 0, 0.5, 1, 1.5, 2, 3, 4 and 6.
# The scale of a block is a sixth of its largest magnitude, and is itself rounded to e4m3, so that it fits the block far better than a power of two.
# Two codes share a byte.
#
# **Predict.**

# %% question: block-bytes

# %% [markdown]
# **Run.** The weights of one layer in five formats, with the bits that each weight takes, scales included.

# %%
weight = zoo.digits_mlp().hidden2.weight.detach()  # (128, 256)


def reread(config):
    """Return what torchao reads back of the weight, and the bytes that it stores."""
    layer = nn.Linear(256, 128, bias=False)
    layer.weight = nn.Parameter(weight.clone())
    quantize_(layer, config)
    inner, _ = layer.weight.__tensor_flatten__()
    return layer.weight.dequantize(), sum(getattr(layer.weight, name).nbytes for name in inner)


mx_scales, mx_codes = to_mx(weight, torch.float8_e4m3fn, 32)
mx = mx_codes.float().unflatten(-1, (-1, 32)) * mx_scales.float()[..., None]
fp4 = NVFP4Tensor.to_nvfp4(weight)
formats = {
    "int8, rows": reread(Int8WeightOnlyConfig()),
    "MXFP8": (mx.flatten(1), mx_codes.nbytes + mx_scales.nbytes),
    "int4, rows (a byte each)": reread(
        IntxWeightOnlyConfig(torch.int4, granularity=PerAxis(0))
    ),
    "int4, groups of 32 (a byte each)": reread(
        IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
    ),
    "NVFP4": (fp4.dequantize(), fp4.qdata.nbytes + fp4.scale.nbytes),
}
pd.DataFrame(
    {
        name: {
            "bits a weight": 8 * size / weight.numel(),
            "SQNR of the weights (dB)": measures.sqnr_db(weight.numpy(), back.numpy()),
        }
        for name, (back, size) in formats.items()
    }
).T.style.format("{:.2f}")

# %% [markdown]
# **Read.** Of the two formats of eight bits, int8 with a scale a row is the more exact one here: these weights have no outliers, and a float spends codes on small numbers that matter little.
# At four bits the short blocks pay: NVFP4 comes nearer to the weights than int4 in rows. Integers in groups of 32 are as near or nearer, but their `Intx` codes take a whole byte each, where NVFP4 is stored in half a one.
# (In large models a second scale, one float32 a tensor, brings the scales of the blocks into the range of e4m3; `to_nvfp4` takes it as `per_tensor_scale`.)

# %% exercise: nvfp4-blocks

# %% [markdown]
# Write `nvfp4_blocks(x)`, with torch alone: what torchao's `NVFP4Tensor.to_nvfp4(x)` stores, byte for byte, `(scales, packed)`.
#
# - `x`: float32, shape `(rows, columns)`; `columns` is a multiple of 16, and each 16 neighbours of a row are a block.
# - `scales`: uint8, shape `(rows, columns // 16)`: the bits of the e4m3 number nearest to the block's largest magnitude divided by 6, ties to the even code.
#   It is at least $2^{-6}$, also in a block of zeros, and at most 448, the largest number of e4m3.
# - The block is *multiplied* by the float32 number `1.0 / scale`, where `scale` is that e4m3 number as a float32.
# - Codes are those of the nearest magnitude of the table, ties to the even code: 0.25 goes to 0, 0.75 to 1.0, 1.25 to 1.0, 5.0 to 4.0.
#   What is above 6 becomes 6. A number with a minus sign has 8 added to its code, also −0.0 and what is rounded to 0.
# - `packed`: uint8, shape `(rows, columns // 2)`: of two neighbours the first stands in the lower four bits.
# - `x` does not change.
#
# Worked by hand: in a block whose largest magnitude is 3.6 the scale is $0.6 \to 0.625$ (e4m3 has 0.5625, 0.625, 0.6875 there).
# 3.6 is $3.6 \cdot 1.6 = 5.76$ steps, code 7 for 6.0; −1.4 is −2.24 steps, code $4 + 8 = 12$ for −2.0.
# Side by side they make the byte $7 + 16 \cdot 12 = 199$.


# %%
def nvfp4_blocks(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return scales, shape (rows, columns // 16), and packed codes, (rows, columns // 2)."""
    ### BEGIN SOLUTION
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = blocks * (1.0 / scale.float())
    middles = torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0])
    codes = torch.bucketize(steps.abs(), middles)  # how many middles are below
    codes = codes + torch.isin(steps.abs(), middles[1::2])  # these three go up to the even code
    codes = (codes + 8 * torch.signbit(steps)).to(torch.uint8).reshape(x.shape)
    return scale.view(torch.uint8).squeeze(-1), codes[:, 0::2] | codes[:, 1::2] << 4
    ### END SOLUTION


# %%
# Try it: the block worked by hand; scale 0.625, the byte 50; its first byte of codes is 199
x = torch.zeros(1, 16)
x[0, :2] = torch.tensor([3.6, -1.4])
print(nvfp4_blocks(x))

# %% [markdown]
# ## 4b.7 · Moving house
#
# **Why.** Eager mode will go one day, and models converted by it will still be in use.
#
# **Predict** what takes the place of its commonest call.

# %% question: migrate-dynamic

# %% [markdown]
# What takes the place of what:
#
# | in `torch.ao.quantization` | in torchao |
# |---|---|
# | `quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)` returns a copy | `quantize_(model, Int8DynamicActivationInt8WeightConfig())` works in place |
# | a set of types or names | `filter_fn(module, name)` |
# | `prepare_qat`, train, `convert` | `quantize_` with `QATConfig(base, step="prepare")`, train, `step="convert"`; linear layers only, a convolution stays as it is |
# | stubs, `fuse_modules`, `prepare`, `convert` | nothing in eager mode: export the graph, then `prepare_pt2e` and `convert_pt2e` of `torchao.quantization.pt2e` |
# | `layer.weight().int_repr()`, `.q_scale()` | `layer.weight.qdata`, `.scale` |
# | LSTM, GRU | nothing yet |
#
# **Run.** Does the first row hold, in numbers?

# %%
old = eager.quantize_dynamic(float_mlp, {nn.Linear}, dtype=torch.qint8)
new = copy.deepcopy(float_mlp)
quantize_(new, Int8DynamicActivationInt8WeightConfig())


def with_inputs_of(bits):
    """Return the eager model's logits by hand, with so many bits for its layers' inputs."""
    h = x_val
    for name in ("hidden1", "hidden2", "output"):
        low, high = min(float(h.min()), 0.0), max(float(h.max()), 0.0)
        step = (high - low) / (2**bits - 1)
        weight = old.get_submodule(name).weight().dequantize()
        h = (h / step).round() @ weight.T * step + float_mlp.get_submodule(name).bias
        h = h if name == "output" else h.relu()
    return h


logits = float_mlp(x_val)
outputs = {
    "eager": old(x_val),
    "torchao": new(x_val),
    "eager by hand, 7-bit inputs": with_inputs_of(7),
    "eager by hand, 8-bit inputs": with_inputs_of(8),
}
sqnr = {
    name: measures.sqnr_db(logits.numpy(), found.numpy()) for name, found in outputs.items()
}
pd.DataFrame({"SQNR of the logits (dB)": sqnr}).style.format("{:.2f}")

# %%
figure, axis = plt.subplots(figsize=(8.5, 3.4))
bins = np.linspace(-0.12, 0.12, 41)
for (name, found), look in zip(outputs.items(), ("-", "--", ":", "-."), strict=True):
    if name != "eager by hand, 7-bit inputs":  # which lies on "eager"
        errors = (found - logits).flatten().numpy()
        axis.hist(errors, bins, histtype="step", linestyle=look, linewidth=1.5, label=name)
axis.set(
    xlabel="error of a logit", ylabel="logits in each bin", title="Dynamic int8, three ways"
)
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
described(figure, "errors-of-dynamic-int8")

# %% [markdown]
# **Read.** Both quantize weights once and activations at each call, and they do not agree to the last bit, for three reasons.
# torchao takes one scale for each row of the weight and one for each row of the input, eager mode one for each whole tensor.
# Eager mode rounds its inputs to 7 bits here (lesson 4), torchao to 8.
# And torchao's grid for inputs is symmetric: pixels and what a ReLU gives are never negative, so half of its codes stay unused.
# The table tells these reasons apart: with 7 bits the layers by hand are the library's, and with 8 they would beat torchao, though they have fewer scales.
# After moving house, compare with the model that was served, and not with your memory of the float one.

# %% exercise: migrate

# %% [markdown]
# Eager mode will go, and the checkpoints that it wrote will stay.
# Write `migrate(file, model)`, which makes a torchao model of one.
#
# - `file` is the content, `bytes`, of a state dict that was saved after `eager.quantize_dynamic`; the setup makes one, `old_file`.
#   For each layer it holds a quantized weight, with one scale and zero point for all or one a row, and a bias: the entry `"stem._packed_params._packed_params"` is the pair `(quantized weight, bias)` of the layer `stem`.
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
    """Return a copy of `model` with the numbers of an eager checkpoint, by torchao."""
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
# ## 4b.8 · And is it faster?
#
# **Why.** Fewer bytes are certain; less time has to be measured, on the machine that serves.
#
# **Predict.** Order these by time for one request of a layer pair 768 → 3072 → 768: float32, eager dynamic int8, torchao weight-only int8, torchao dynamic int8.
#
# **Run.**

# %%
torch.manual_seed(0)
wide = (
    nn.Sequential(nn.Linear(768, 3072), nn.ReLU(), nn.Linear(3072, 768))
    .eval()
    .requires_grad_(False)
)
served = {
    "float32": wide,
    "eager dynamic": eager.quantize_dynamic(wide, {nn.Linear}, dtype=torch.qint8),
}
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
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.7), sharey=True)
for panel, rows in zip(panels, (1, 64), strict=True):
    samples = [times[rows, name] for name in served]
    looks = {"tick_labels": list(served), "whis": (5, 95), "flierprops": {"markersize": 3}}
    panel.boxplot(samples, **looks)
    panel.set(yscale="log", title=f"{rows} row{'s' * (rows > 1)} at a time")
    for ticks in (panel.yaxis.set_major_formatter, panel.yaxis.set_minor_formatter):
        ticks(
            plt.FuncFormatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "125" else "")
        )
panels[0].set(ylabel="latency (ms)")
described(figure, "latency-of-four")

# %%
medians = pd.DataFrame(
    {
        f"{rows} row{'s' * (rows > 1)}": {
            name.replace("\n", " "): np.median(times[rows, name]) for name in served
        }
        for rows in (1, 64)
    }
)
medians.add_suffix(", median (ms)").style.format("{:.3f}")

# %% [markdown]
# **Read.** Look at your own figures; they are the only ones that count.
# On the x86 processors on which we ran this, eager mode is far ahead in both columns: it hands the codes to kernels that multiply them as integers.
# torchao's dynamic configuration calls an integer product too, between many small operations that find ranges and scales.
# With one row those operations cost more than they save, and it is the slowest; with 64 rows they are shared, and it passes float32.
# Weight-only codes are turned back into floats before each product: they read a quarter of the bytes, but need one more operation.
# Which of the two wins changes from run to run and from machine to machine.
# torchao is *made* to be compiled, by `torch.compile` or for a device with kernels of its own; here it ran without.
#
# So the honest summary: the bytes are a quarter with either interface, and the time depends on kernels, and on the batch, in ways that no name of a configuration tells.

# %% [markdown]
# ## Summary
#
# - torchao exchanges tensors and keeps layers, in place. What it does not take it passes over, and a refusal may come halfway.
# - The grid's bits are not the storage's bits: count.
# - A state dict of codes keeps the names; `assign=True` brings the codes, and a skeleton on the meta device saves the float model.
# - PT2E reads the graph: it fuses, places roundings and gives sums a grid by itself. The converted graph shows where; a compiler makes integers of it.
# - MXFP8 has a power of two for 32 numbers, NVFP4 an e4m3 number for 16; both can be made by hand, to the bit.
# - Bytes are certain, speed is measured, and after moving house you compare with the model that was served.
#
# ## Where next
#
# Lesson 5 removes weights in place of shortening them.
