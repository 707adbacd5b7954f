"""Code exercises of lesson 02: sizes, counts, time, roofline, sparse formats; none is graded on wall time."""

import copy
import gzip
import math
from collections import Counter

import numpy as np
import safetensors.torch
import scipy.sparse
import scipy.stats
import torch
from torch.utils.flop_counter import FlopCounterMode

from quizlib import measures
from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches, Symptom, Unchanged, ZooModel

LESSON = "02-measure"
SEEDS = 2**31 - 1


# --- Bytes by dtype ---------------------------------------------------------------------------------------------------


def bytes_of_converted(model, plan):
    """The oracle converts a copy with torch's own `to`, and reads the dtypes that come out."""
    converted = copy.deepcopy(model)
    for layer, dtype in plan.items():
        converted.get_submodule(layer).to(dtype)
    sizes = Counter()
    for tensor in converted.state_dict().values():
        sizes[str(tensor.dtype).removeprefix("torch.")] += measures.size_bytes(tensor.shape, tensor.dtype)
    return dict(sizes)


def drawn_plans(generator):
    dtypes = [torch.float16, torch.bfloat16, torch.float64]

    def drawn(layers):
        return {layer: dtypes[generator.integers(3)] for layer in layers}

    mlp, cnn = (ZooModel(name, int(generator.integers(SEEDS))) for name in ("digits_mlp", "digits_cnn"))
    hidden = str(generator.choice(["hidden1", "hidden2"]))
    norms = [["bn1"], ["bn2", "output"], ["bn1", "bn2"], ["conv1", "bn1", "bn2"]]
    everything = dict.fromkeys(["hidden1", "hidden2", "relu2", "output"], dtypes[generator.integers(3)])
    return [
        Case("typical", mlp, drawn([hidden, "output"])),
        Case("typical", mlp, drawn([hidden])),
        Case("buffers", cnn, drawn(norms[generator.integers(4)])),
        Case("buffers", cnn, drawn(["conv1", "bn1", "conv2", "bn2"])),
        Case("absent-dtypes", mlp, everything),
    ]


bytes_by_dtype = ExerciseSpec(
    id="bytes-by-dtype",
    lesson=LESSON,
    title="Bytes by dtype",
    response="function",
    name="bytes_by_dtype",
    setup="""\
import torch

from quizlib import zoo

cnn = zoo.build("digits_cnn")
""",
    hints=(
        "`model.state_dict()` holds parameters and buffers; the part of a name before its last dot is the layer.",
        "`tensor.is_floating_point()` tells which tensors the plan is about; `dtype.itemsize` is in bytes.",
    ),
    criteria=(
        Criterion(id="typical", text="Bytes of an MLP, some layers in another dtype", points=2, requirement=Matches()),
        Criterion(id="buffers", text="Running statistics and counters count too", points=2, requirement=Matches()),
        Criterion(id="absent-dtypes", text="A dtype that nothing has is not listed", points=1, requirement=Matches()),
        Criterion(id="keeps-model", text="The model is not converted", points=1, requirement=Unchanged()),
    ),
    misconceptions=(
        Symptom(
            id="parameters-only",
            text="Only parameters are counted; a batch norm also stores running statistics and a counter.",
            remedy="Go through `state_dict()`, which has the buffers too.",
        ),
        Symptom(
            id="counts-numbers",
            text="Numbers are counted, not the bytes that they take.",
            remedy="Multiply each tensor's `numel()` by the `itemsize` of its dtype.",
        ),
        Symptom(
            id="converts-the-model",
            text="The model itself is converted: `Module.to` and `Module.half` change a module in place.",
            remedy="Look the dtype up in the plan, and leave the tensors as they are.",
        ),
        Symptom(
            id="counter-converted",
            text="The counter of a batch norm is given the planned dtype; it is a whole number and stays int64.",
            remedy="Apply the plan only where `tensor.is_floating_point()`.",
        ),
        Symptom(
            id="dtypes-listed-empty",
            text="Dtypes are listed although no tensor has them.",
            remedy="Add a dtype to the dict when a tensor of it comes along.",
        ),
    ),
    reference=bytes_of_converted,
    public=(
        Case("typical", ZooModel("digits_mlp"), {}),
        Case("typical", ZooModel("digits_mlp"), {"hidden1": torch.float16, "output": torch.float64}),
        Case("buffers", ZooModel("digits_cnn"), {}),
        Case("buffers", ZooModel("digits_cnn"), {"bn1": torch.float16, "conv2": torch.bfloat16}),
        Case("absent-dtypes", ZooModel("digits_mlp"), dict.fromkeys(["hidden1", "hidden2", "output"], torch.bfloat16)),
    ),
    private=drawn_plans,
)


# --- Bytes of quantized weights ---------------------------------------------------------------------------------------


def bytes_with_grid(shape, bits, group_size, scale_bits, zero_point_bits):
    return measures.quantized_size_bytes(
        shape, bits, group_size=group_size, scale_dtype=f"float{scale_bits}", zero_point_bits=zero_point_bits
    )


def drawn_grids(generator):
    rows, groups = (8 * int(count) for count in generator.integers(2, 9, 2))
    group_size = int(generator.choice([16, 32, 64]))
    shape, bits = (rows, groups * group_size), int(generator.choice([2, 4, 8]))
    odd = tuple(2 * int(half) + 1 for half in generator.integers(2, 20, 2))
    return [
        Case("per-tensor", shape, int(generator.choice([2, 4])), None, int(generator.choice([16, 32])), 0),
        Case("groups", shape, bits, group_size, int(generator.choice([16, 32])), 0),
        Case("zero-points", shape, bits, group_size, 16, bits),
        Case("whole-bytes", odd, int(generator.choice([2, 3, 4, 6])), None, 32, 4),
    ]


quantized_bytes = ExerciseSpec(
    id="quantized-bytes",
    lesson=LESSON,
    title="What a quantized weight really costs",
    response="function",
    name="quantized_bytes",
    setup="""\
import math

layer_shape = (256, 64)  # the first layer of the digits MLP
""",
    hints=(
        "There are three parts: packed codes, scales, zero points.",
        "`-(-bits // 8)` rounds up without leaving whole numbers.",
    ),
    criteria=(
        Criterion(id="per-tensor", text="Packed codes and one scale", points=1, requirement=Matches()),
        Criterion(id="groups", text="One scale for each group", points=2, requirement=Matches()),
        Criterion(id="zero-points", text="One packed zero point for each scale", points=1, requirement=Matches()),
        Criterion(id="whole-bytes", text="The last byte of each part is filled up", points=1, requirement=Matches()),
    ),
    misconceptions=(
        Symptom(
            id="byte-a-code",
            text="Each code is given a byte of its own, whatever its bits; packed codes share bytes.",
            remedy="Multiply the number of weights by `bits` first, and round up to whole bytes once.",
        ),
        Symptom(
            id="codes-only",
            text="Only the codes are counted; without scales nobody can read them.",
            remedy="Add a scale for each group, and a zero point where there is one.",
        ),
        Symptom(
            id="one-scale-a-tensor",
            text="One scale is counted for the whole tensor, whatever the group size.",
            remedy="Divide the number of weights by `group_size`; that many scales are stored.",
        ),
        Symptom(
            id="one-scale-a-row",
            text="One scale is counted for each row; groups cut a row into several.",
            remedy="Divide the number of weights by `group_size`; that many scales are stored.",
        ),
        Symptom(
            id="zero-points-forgotten",
            text="Zero points are not counted.",
            remedy="Add `zero_point_bits` for each group, packed.",
        ),
        Symptom(
            id="last-byte-cut",
            text="A last byte that is not full is cut off; its codes are lost.",
            remedy="Round up to whole bytes, for each part on its own.",
        ),
    ),
    reference=bytes_with_grid,
    public=(
        Case("per-tensor", (8, 64), 8, None, 32, 0),
        Case("per-tensor", (8, 64), 4, None, 16, 0),
        Case("groups", (4, 128), 4, 32, 16, 0),
        Case("groups", (8, 64), 8, 64, 32, 0),
        Case("zero-points", (2, 64), 4, 32, 16, 4),
        Case("zero-points", (4, 128), 4, 32, 16, 4),
        Case("whole-bytes", (3, 3), 4, None, 32, 4),
    ),
    private=drawn_grids,
)


# --- From tensors to a file -------------------------------------------------------------------------------------------


HELD = ("tensors", "file", "header")


def sizes_on_disk(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(measures.size_bytes(tensor.shape, tensor.dtype) for tensor in tensors.values())
    gzipped = len(gzip.compress(content, compresslevel=9, mtime=0))
    return {"tensors": held, "file": len(content), "header": len(content) - held, "gzip": gzipped}


def drawn_tensors(generator):
    cases = [Case(behaviour, _pruned(generator, *generator.integers(20, 50, 2))) for behaviour in HELD]
    large = _pruned(generator, *generator.integers(64, 96, 2))  # the header is a small part of it
    clustered = _clustered(generator, *generator.integers(64, 96, 2))
    views = _strided(generator, *generator.integers(20, 50, 2))
    return [*cases, Case("gzip", large), Case("gzip", clustered), Case("views", views)]


def _clustered(generator, rows, columns):
    """A weight of eight different values: a patient search finds repetitions in it that a quick one misses."""
    values = np.array([-0.9, -0.5, -0.3, -0.1, 0.1, 0.2, 0.6, 0.8], np.float32) + np.float32(generator.uniform(0, 0.05))
    return {"layer.weight": torch.from_numpy(values[generator.integers(0, 8, (rows, columns))])}


def _pruned(generator, rows, columns):
    """A pruned weight beside a quantized one: half the former's numbers are zero, which only gzip finds."""
    weight = generator.normal(size=(rows, columns)).astype(np.float32)
    weight[generator.permuted(np.arange(rows * columns).reshape(rows, columns) % 2, axis=1) == 0] = 0
    quantized = {
        "next.codes": generator.integers(-128, 128, (rows, 4), dtype=np.int8),
        "next.scale": generator.uniform(0.01, 0.1, rows).astype(np.float32),
        "next.zero_point": generator.integers(-9, 9, rows, dtype=np.int8),
    }
    return {name: torch.from_numpy(array) for name, array in {"layer.weight": weight, **quantized}.items()}


def _strided(generator, rows, columns):
    weight = torch.from_numpy(generator.normal(size=(rows, columns, 2)).astype(np.float32))
    return {"layer.weight": weight[..., 0], "layer.bias": torch.ones(rows)}


size_report = ExerciseSpec(
    id="size-report",
    lesson=LESSON,
    title="Tensors, file, compressed file",
    response="function",
    name="size_report",
    setup="""\
import gzip

import safetensors.torch
import torch

from quizlib import zoo

tensors = zoo.build("digits_cnn").state_dict()
""",
    hints=(
        "`safetensors.torch.save` returns the bytes of the file; it wants contiguous tensors.",
        "`numel()` and `element_size()` speak of the tensor alone, whatever storage it is a view of.",
    ),
    criteria=(
        Criterion(id="tensors", text="`tensors`: dtype times numbers", points=2, requirement=Matches(part="tensors")),
        Criterion(id="file", text="`file`: bytes of the safetensors file", points=1, requirement=Matches(part="file")),
        Criterion(id="header", text="`header`: the difference", points=1, requirement=Matches(part="header")),
        Criterion(
            id="gzip",
            text="`gzip`: bytes of the file after gzip, within 10 %",
            points=1,
            # Another zlib makes other bytes of the same file; the mistakes are further away.
            requirement=Matches(part="gzip", rtol=0.1),
        ),
        Criterion(id="views", text="A view counts its own numbers only", points=1, requirement=Matches(part="tensors")),
    ),
    misconceptions=(
        Symptom(
            id="zeros-left-out",
            text="Zeros are left out; a dense tensor stores each of them like any other number.",
            remedy="Count all numbers; only compression, or a sparse format, makes less of zeros.",
        ),
        Symptom(
            id="header-forgotten",
            text="The file is taken to hold the tensors alone; it also names them, with dtype and shape.",
            remedy="Make the file with `safetensors.torch.save` and take its length.",
        ),
        Symptom(
            id="storage-counted",
            text="The storage behind a tensor is counted; a view may be a small part of it.",
            remedy="Use `numel() * element_size()`.",
        ),
        Symptom(
            id="zip-without-compression",
            text="The archive is not compressed: `zipfile` only stores, unless it is told to deflate.",
            remedy="Use `gzip.compress`.",
        ),
        Symptom(
            id="quick-level",
            text="The file is compressed at a quick level, which saves time and misses repetitions.",
            remedy="Ask for level 9: `gzip.compress(content, compresslevel=9)`, which is also its default.",
        ),
        Symptom(
            id="all-float32",
            text="Every number is taken for a float32.",
            remedy="Ask each tensor for its `element_size()`.",
        ),
    ),
    reference=sizes_on_disk,
    public=(
        Case(
            "tensors",
            {"weight": torch.tensor([[0.0, 1.5, 0.0, -2.5]]), "codes": torch.tensor([3, -7], dtype=torch.int8)},
        ),
        Case(
            "file", {"weight": torch.tensor([[0.0, 0.5], [1.0, 0.0]]), "codes": torch.tensor([[5]], dtype=torch.int8)}
        ),
        Case("header", {"w": torch.zeros(100)}),
        Case("header", {"w": torch.tensor([0.0, 2.0]), "zero_point": torch.tensor([3, 0, 4], dtype=torch.int8)}),
        Case("gzip", _pruned(np.random.default_rng(3), 64, 48)),
        Case("gzip", _clustered(np.random.default_rng(4), 64, 64)),
        Case("views", {"every_other": torch.arange(1.0, 7.0)[::2]}),
    ),
    private=drawn_tensors,
)


# --- A linear layer ---------------------------------------------------------------------------------------------------


def counted_linear(input_shape, out_features, bias):
    """The oracle asks torch's own counter, which sees the matrix product and not the bias."""
    rows = torch.zeros(math.prod(input_shape[:-1]), input_shape[-1], device="meta")
    with FlopCounterMode(display=False) as counter:
        rows @ torch.zeros(input_shape[-1], out_features, device="meta")
    flops = counter.get_total_flops()
    return {"macs": flops // 2, "flops": flops + (len(rows) * out_features if bias else 0)}


def drawn_linears(generator):
    inputs, outputs, batch, tokens = (int(size) for size in generator.integers(3, 200, 4))
    return [
        Case("typical", (1, inputs), outputs, bias=False),
        Case("batch", (batch, inputs), outputs, bias=False),
        Case("batch", (batch, inputs), outputs, bias=True),
        Case("batch", (batch, tokens, inputs), outputs, bias=False),
        Case("bias", (1, inputs), outputs, bias=True),
        Case("vector", (inputs,), outputs, bias=False),
    ]


linear_cost = ExerciseSpec(
    id="linear-cost",
    lesson=LESSON,
    title="Operations of a linear layer",
    response="function",
    name="linear_cost",
    setup="""\
import math

batch_shape = (32, 64)  # 32 digits of 64 pixels
""",
    hints=(
        "All axes but the last count rows; each row meets the whole weight matrix.",
        "`math.prod(())` is 1.",
    ),
    criteria=(
        Criterion(id="typical", text="One row: MACs and FLOPs", points=1, requirement=Matches()),
        Criterion(
            id="batch",
            text="All rows of a batch and all tokens of a sequence, each with its bias",
            points=2,
            requirement=Matches(),
        ),
        Criterion(id="bias", text="A bias adds FLOPs and no MACs", points=1, requirement=Matches()),
        Criterion(id="vector", text="A single vector is one row", points=1, requirement=Matches()),
    ),
    misconceptions=(
        Symptom(
            id="per-sample",
            text="One row is counted, whatever the batch.",
            remedy="Multiply by the product of all axes but the last.",
        ),
        Symptom(
            id="first-axis-only",
            text="The first axis alone is taken for the rows.",
            remedy="Multiply all axes but the last; there may be none, or several.",
        ),
        Symptom(
            id="mac-is-flop",
            text="A multiply-accumulate is counted as one operation; it is a product and an addition.",
            remedy="FLOPs are 2 × MACs, and the bias on top.",
        ),
        Symptom(
            id="bias-as-macs",
            text="The bias is counted among the multiply-accumulates; it is added, nothing is multiplied by it.",
            remedy="Add one FLOP for each output, and leave the MACs alone.",
        ),
        Symptom(
            id="bias-once",
            text="The bias is added once for the whole batch; every row gets its own additions.",
            remedy="Add one FLOP for each number that comes out: rows times `out_features`.",
        ),
    ),
    reference=counted_linear,
    public=(
        Case("typical", (1, 64), 10, bias=False),
        Case("batch", (2, 3), 4, bias=True),
        Case("batch", (32, 64), 10, bias=False),
        Case("batch", (2, 5, 8), 3, bias=False),
        Case("bias", (1, 64), 10, bias=True),
        Case("vector", (8,), 4, bias=False),
    ),
    private=drawn_linears,
)


# --- A convolution ----------------------------------------------------------------------------------------------------


def counted_conv(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    """The oracle runs the convolution on tensors without data, and asks torch's own counter."""
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, **settings, bias=False, device="meta")
    with FlopCounterMode(display=False) as counter:
        conv(torch.zeros(1, in_channels, *input_size, device="meta"))
    return counter.get_total_flops() // 2


def drawn_convs(generator):
    inputs, outputs = (4 * int(part) for part in generator.integers(1, 9, 2))
    height, width = (2 * int(half) for half in generator.integers(8, 17, 2))
    size = (height, width + 2)  # even lengths: a stride of 2 without padding then differs from half the length
    return [
        Case("typical", inputs, outputs, (3, 3), size, padding=1),
        Case("output-size", inputs, outputs, (3, 3), size, stride=2),
        Case("output-size", inputs, outputs, (5, 3), size, stride=2, padding=4),
        Case("dilation", inputs, outputs, (3, 3), size, padding=1, dilation=int(generator.integers(2, 4))),
        Case("groups", inputs, outputs, (3, 3), size, padding=1, groups=int(generator.choice([2, 4]))),
        Case("groups", inputs, inputs, (3, 3), size, padding=1, groups=inputs),
    ]


conv_macs = ExerciseSpec(
    id="conv-macs",
    lesson=LESSON,
    title="Operations of a convolution",
    response="function",
    name="conv2d_macs",
    setup="""\
import torch

image_size = (8, 8)
""",
    hints=(
        "How many numbers come out, and how many products does each of them take?",
        "On each axis: `(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1` positions.",
        "An output channel sees `in_channels // groups` input channels.",
    ),
    criteria=(
        Criterion(id="typical", text="A padded convolution that keeps the size", points=1, requirement=Matches()),
        Criterion(id="output-size", text="Stride and padding change the output size", points=2, requirement=Matches()),
        Criterion(id="dilation", text="A dilated kernel fits in fewer places", points=1, requirement=Matches()),
        Criterion(id="groups", text="Groups and depthwise convolutions", points=2, requirement=Matches()),
    ),
    misconceptions=(
        Symptom(
            id="input-positions",
            text="The kernel is placed once on each input pixel, whatever stride and padding.",
            remedy="Work the output size out first; each output number takes the same products.",
        ),
        Symptom(
            id="size-over-stride",
            text="The output size is taken to be the input size over the stride; kernel and padding change it too.",
            remedy="Use the full formula for the output size.",
        ),
        Symptom(
            id="groups-ignored",
            text="Each output channel is taken to see all input channels.",
            remedy="Divide the input channels by `groups`.",
        ),
        Symptom(
            id="dilation-ignored",
            text="The kernel is taken to be as wide as it has elements; dilation spreads them.",
            remedy="A dilated kernel spans `dilation * (kernel - 1) + 1` pixels.",
        ),
        Symptom(
            id="flops-for-macs",
            text="FLOPs are returned, two for each multiply-accumulate.",
            remedy="Count each product with its addition once.",
        ),
    ),
    reference=counted_conv,
    public=(
        Case("typical", 1, 16, (3, 3), (8, 8), padding=1),
        Case("output-size", 2, 4, (3, 3), (5, 5)),
        Case("output-size", 3, 8, (3, 3), (8, 8), stride=2),
        Case("output-size", 2, 4, (1, 5), (6, 8), padding=2),
        Case("dilation", 2, 4, (3, 3), (8, 8), dilation=2),
        Case("groups", 8, 16, (3, 3), (4, 4), padding=1, groups=4),
        Case("groups", 6, 6, (3, 3), (4, 4), padding=1, groups=6),
    ),
    private=drawn_convs,
)


# --- A whole model ----------------------------------------------------------------------------------------------------


def counted_model(model, x):
    """The oracle is torch's own counter, which looks at the operators that run and not at the layers."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(x)
    counts = {
        name.removeprefix("Sequential."): sum(flops.values()) for name, flops in counter.get_flop_counts().items()
    }
    return {name: flops // 2 for name, flops in counts.items() if name not in ("Global", "Sequential")}


def drawn_inputs(generator):
    mlp, cnn = (ZooModel(name, int(generator.integers(SEEDS))) for name in ("digits_mlp", "digits_cnn"))
    batch, height, width = int(generator.integers(2, 9)), *(int(size) for size in generator.integers(8, 12, 2))
    return [
        Case("linear", mlp, torch.zeros(1, 64)),
        Case("conv", cnn, torch.zeros(1, 1, 8, 8)),
        Case("batch-and-size", cnn, torch.zeros(batch, 1, height, width)),
        Case("batch-and-size", mlp, torch.zeros(batch, 64)),
    ]


model_macs = ExerciseSpec(
    id="model-macs",
    lesson=LESSON,
    title="Operations of a whole model",
    response="function",
    name="model_macs",
    setup="""\
import torch

from quizlib import zoo

cnn = zoo.build("digits_cnn")
images = torch.from_numpy(zoo.load_digits().images("test")[:4])
""",
    hints=(
        "`layer.register_forward_hook(hook)` calls `hook(layer, inputs, output)` on each pass; it returns a handle.",
        "Each number of the output takes one product for each weight of its channel: `layer.weight[0].numel()`.",
        "`handle.remove()` takes a hook away again; do it whatever happens.",
    ),
    criteria=(
        Criterion(id="linear", text="The linear layers of an MLP", points=1, requirement=Matches()),
        Criterion(id="conv", text="The convolutions of a CNN, and nothing else", points=1, requirement=Matches()),
        Criterion(id="batch-and-size", text="Whole batches, other image sizes", points=2, requirement=Matches()),
        Criterion(id="keeps-model", text="No hook is left on the model", points=1, requirement=Unchanged()),
    ),
    misconceptions=(
        Symptom(
            id="counts-weights",
            text="Weights are counted; a convolution uses each of its weights at every position of the output.",
            remedy="Multiply the numbers of the output by the weights that each of them takes.",
        ),
        Symptom(
            id="batch-norm-counted",
            text="Batch norms are counted as if they were layers of products.",
            remedy="Count `nn.Linear` and `nn.Conv2d` only, and say so where you publish the number.",
        ),
        Symptom(
            id="per-sample",
            text="One example is counted, whatever the batch.",
            remedy="Take all numbers of the output, its first axis included.",
        ),
        Symptom(
            id="hooks-left",
            text="The hooks stay on the model and run on every later call.",
            remedy="Keep the handle of each hook, and call `remove()` on it after the pass.",
        ),
        Symptom(
            id="flops-for-macs",
            text="FLOPs are returned, two for each multiply-accumulate.",
            remedy="Count each product with its addition once.",
        ),
    ),
    reference=counted_model,
    public=(
        Case("linear", ZooModel("digits_mlp"), torch.zeros(1, 64)),
        Case("conv", ZooModel("digits_cnn"), torch.zeros(1, 1, 8, 8)),
        Case("batch-and-size", ZooModel("digits_cnn"), torch.zeros(2, 1, 8, 11)),
        Case("batch-and-size", ZooModel("digits_mlp"), torch.zeros(3, 64)),
    ),
    private=drawn_inputs,
)


# --- Memory of the activations ----------------------------------------------------------------------------------------


def traced_bytes(model, x):
    """The oracle runs the layers one after the other, and looks where each result is stored."""
    kept, peak = {x.data_ptr(): x}, 0
    with torch.no_grad():
        for layer in model:
            result = layer(x)
            kept[result.data_ptr()] = result
            peak = max(peak, sum({tensor.data_ptr(): tensor.nbytes for tensor in (x, result)}.values()))
            x = result
    return {"kept": sum(tensor.nbytes for tensor in kept.values()), "peak": peak}


def drawn_batches(generator):
    batch, height, width = int(generator.integers(2, 9)), *(int(size) for size in generator.integers(8, 12, 2))
    mlp, cnn = (ZooModel(name, int(generator.integers(SEEDS))) for name in ("digits_mlp", "digits_cnn"))
    pixels, images = torch.zeros(batch, 64), torch.zeros(batch, 1, height, width)
    return [
        Case("kept", mlp, pixels),
        Case("views", cnn, images),
        Case("peak", mlp, pixels),
        Case("peak", cnn, images),
    ]


activation_bytes = ExerciseSpec(
    id="activation-bytes",
    lesson=LESSON,
    title="Memory of the activations",
    response="function",
    name="activation_bytes",
    setup="""\
import torch

from quizlib import zoo

cnn = zoo.build("digits_cnn")
images = torch.from_numpy(zoo.load_digits().images("test")[:32])
""",
    hints=(
        "A model of the zoo is an `nn.Sequential`: `for layer in model` gives its layers in order.",
        "`result.data_ptr() == x.data_ptr()` says that the result is a view of the input.",
    ),
    criteria=(
        Criterion(id="kept", text="`kept`: the input and every result", points=2, requirement=Matches(part="kept")),
        Criterion(id="views", text="A view takes no bytes of its own", points=1, requirement=Matches(part="kept")),
        Criterion(id="peak", text="`peak`: one layer's input and output", points=2, requirement=Matches(part="peak")),
        Criterion(id="keeps-model", text="The model is as it was", points=1, requirement=Unchanged()),
    ),
    misconceptions=(
        Symptom(
            id="twice-the-input",
            text="Activations are taken to be twice the input; layers widen and narrow the data.",
            remedy="Add up what each layer really puts out.",
        ),
        Symptom(
            id="parameters-counted",
            text="The parameters are counted among the activations; they do not grow with the batch.",
            remedy="Leave the weights out of `kept`.",
        ),
        Symptom(
            id="output-for-peak",
            text="The peak counts a layer's output alone; its input must be there while it runs.",
            remedy="Add the bytes of the layer's input to those of its output, and take the largest sum.",
        ),
        Symptom(
            id="kept-for-peak",
            text="The peak counts every result, as training keeps them; serving drops a layer's input once it has run.",
            remedy="Look at one layer at a time: its input and its output, and of those sums the largest.",
        ),
        Symptom(
            id="views-counted",
            text="A view is counted as if it were a copy; `Flatten` only looks at the same bytes in another shape.",
            remedy="Skip a result that has its input's `data_ptr()`.",
        ),
        Symptom(
            id="hooks-left",
            text="The hooks stay on the model and run on every later call.",
            remedy="Keep the handle of each hook, and call `remove()` on it after the pass.",
        ),
    ),
    reference=traced_bytes,
    public=(
        Case("kept", ZooModel("digits_mlp"), torch.zeros(1, 64)),
        Case("kept", ZooModel("digits_mlp"), torch.zeros(5, 64)),
        Case("views", ZooModel("digits_cnn"), torch.zeros(2, 1, 8, 8)),
        Case("peak", ZooModel("digits_mlp"), torch.zeros(2, 64)),
        Case("peak", ZooModel("digits_cnn"), torch.zeros(1, 1, 10, 9)),
    ),
    private=drawn_batches,
)


# --- Latency, on a machine whose clock is known -----------------------------------------------------------------------


def timed_on_paper(costs_s, warmup, repeats):
    """The oracle needs no clock: the costs of the timed calls are known."""
    timed = measures.Latency(tuple(1000 * cost for cost in costs_s[warmup : warmup + repeats]))
    return {"median_ms": timed.median_ms, "p95_ms": timed.p95_ms}


def drawn_costs(generator):
    usual = float(generator.uniform(0.001, 0.004))
    steady = [usual] * 10
    cold = [usual * float(factor) for factor in generator.uniform(5, 20, 3)]
    uneven = [usual * float(factor) for factor in generator.permutation([1, 1.01, 1.03, 1.04, 1.07, 1.1, 1.2, 1.6, 9])]
    return [
        Case("median", uneven, 0, 9),
        Case("p95", uneven[::-1], 0, 9),
        Case("warm-up", [*cold, *steady], 3, 10),
        Case("warm-up", [*cold, *steady], 3, 7),
        Case("one-call", [cold[0], usual], 1, 1),
    ]


measure_latency = ExerciseSpec(
    id="measure-latency",
    lesson=LESSON,
    title="A latency that can be trusted",
    response="function",
    name="latency_on_fake_machine",
    setup='''\
import time

import numpy as np
import torch

from quizlib import zoo


class FakeMachine:
    """A machine whose calls cost what a list says, in seconds; its clock moves only while a call runs."""

    def __init__(self, costs_s):
        self.costs_s = list(costs_s)
        self.now = 1000.0

    def call(self):
        if not self.costs_s:
            raise RuntimeError("more calls were made than warmup + repeats")
        self.now += self.costs_s.pop(0)

    def clock(self):
        return self.now


def on_fake_machine(measure):
    """Return `measure` as a function of what each call will cost, in the order of the calls."""

    def measured(costs_s, warmup, repeats):
        machine = FakeMachine(costs_s)
        return measure(machine.call, machine.clock, warmup, repeats)

    return measured


cnn = zoo.build("digits_cnn")
image = torch.from_numpy(zoo.load_digits().images("test")[:1])
''',
    hints=(
        "Read the clock just before and just after each timed call; the difference is one sample.",
        "`np.median` and `np.percentile(samples, 95)` do the statistics.",
    ),
    criteria=(
        Criterion(id="median", text="`median_ms`: the middle sample", points=1, requirement=Matches(part="median_ms")),
        Criterion(id="p95", text="`p95_ms`: the 95th percentile", points=1, requirement=Matches(part="p95_ms")),
        Criterion(id="warm-up", text="Warm-up calls are made, and not timed", points=2, requirement=Matches()),
        Criterion(id="one-call", text="A single timed call", points=1, requirement=Matches()),
    ),
    misconceptions=(
        Symptom(
            id="no-warm-up",
            text="No call is made for the warm-up; the first ones pay for allocation, caches and compilation.",
            remedy="Make `warmup` calls before the clock is read for the first time.",
        ),
        Symptom(
            id="warm-up-timed",
            text="The calls of the warm-up are among the samples.",
            remedy="Time only the calls that come after the first `warmup`.",
        ),
        Symptom(
            id="mean-for-median",
            text="The mean is reported as the median; a single slow call moves it.",
            remedy="Take the middle sample.",
        ),
        Symptom(
            id="seconds-for-ms",
            text="Seconds are reported as milliseconds.",
            remedy="Multiply the differences of the clock by 1000.",
        ),
        Symptom(
            id="slowest-for-p95",
            text="The slowest call is reported as the 95th percentile.",
            remedy="Use `np.percentile(samples, 95)`.",
        ),
        Symptom(
            id="one-block",
            text="The clock is read around all calls together; only their mean is left, and no spread.",
            remedy="Read the clock before and after each call.",
        ),
    ),
    reference=timed_on_paper,
    public=(
        Case("median", [0.002, 0.003, 0.002, 0.003, 0.05], 0, 5),
        Case("p95", [0.002, 0.004, 0.003, 0.002, 0.06], 0, 5),
        Case("warm-up", [0.1, 0.04, 0.002, 0.002, 0.002], 2, 3),
        Case("warm-up", [0.1, 0.04, 0.002, 0.002, 0.002], 2, 1),
        Case("one-call", [0.003, 0.002], 1, 1),
    ),
    private=drawn_costs,
)


# --- How far a median can be trusted ----------------------------------------------------------------------------------


def covering_interval(samples_ms):
    """The oracle is SciPy's quantile test, which inverts the binomial test as the task does."""
    ordered = np.sort(samples_ms)
    below = int(scipy.stats.binom.ppf(0.025, len(ordered), 0.5))
    rank = below if scipy.stats.binom.cdf(below, len(ordered), 0.5) > 0.025 else below + 1
    if rank == 0:
        return None
    return {"low": float(ordered[rank - 1]), "high": float(ordered[-rank])}


# Here ranks for 0.025 and for 0.05 on each side differ, which they do not at every count.
TELLING_COUNTS = (8, 11, 13, 16, 21, 23)


def drawn_samples(generator):
    def drawn(count):
        return (generator.uniform(1, 2) * generator.lognormal(0, 0.3, count)).tolist()

    return [
        Case("typical", drawn(int(generator.choice(TELLING_COUNTS)))),
        Case("typical", drawn(int(generator.integers(12, 40)))),
        Case("typical", drawn(int(generator.integers(40, 100)))),
        Case("smallest", drawn(int(generator.integers(6, 8)))),
        Case("too-few", drawn(int(generator.integers(2, 6)))),
        Case("slow-call", [*drawn(15), 1000.0]),
    ]


median_interval = ExerciseSpec(
    id="median-interval",
    lesson=LESSON,
    title="How far a median can be trusted",
    response="function",
    name="median_interval",
    setup="""\
import math
import statistics

import numpy as np

few_ms = [2.1, 2.0, 2.4, 2.2, 9.0, 2.1, 2.3]
many_ms = few_ms * 10
""",
    hints=(
        "`math.comb(n, i) / 2**n` is the probability that exactly i of n samples lie below the median.",
        "Raise the rank while the probabilities of 0 … rank − 1 together are at most `0.025`.",
    ),
    criteria=(
        Criterion(id="typical", text="The two samples that bracket the median", points=2, requirement=Matches()),
        Criterion(id="smallest", text="The fewest samples that allow an interval", points=1, requirement=Matches()),
        Criterion(id="too-few", text="None where too few samples were taken", points=1, requirement=Matches()),
        Criterion(id="slow-call", text="One very slow call does not move it", points=1, requirement=Matches()),
        Criterion(id="keeps-input", text="The samples stay in their order", points=1, requirement=Unchanged()),
    ),
    misconceptions=(
        Symptom(
            id="normal-mean",
            text="Mean ± 1.96 standard errors: it speaks of the mean, and of samples that follow a bell curve.",
            remedy="Sort the samples and take the two whose ranks bracket the median.",
        ),
        Symptom(
            id="spread-for-interval",
            text="The 2.5th and 97.5th percentile say how calls differ, not how well the median is known.",
            remedy="Take ranks near the middle; with more samples they move closer together.",
        ),
        Symptom(
            id="all-on-one-side",
            text="All of the 0.05 is spent on each side, so that the interval misses in up to 10 of 100 repetitions.",
            remedy="Half of it belongs to each side: compare with `0.025`.",
        ),
        Symptom(
            id="rank-off-by-one",
            text="The ranks are one too far inside; the k-th smallest sample has the index k − 1.",
            remedy="Take `ordered[k - 1]` and `ordered[-k]`.",
        ),
        Symptom(
            id="no-answer-missing",
            text="An interval is returned although the samples are too few for any.",
            remedy="Return None where even the smallest and the largest sample cover less than 95 %.",
        ),
        Symptom(
            id="not-sorted",
            text="The ranks are taken from the samples in the order of the calls.",
            remedy="Sort first.",
        ),
        Symptom(
            id="sorted-in-place",
            text="The caller's list is sorted; the order of the calls is lost.",
            remedy="Use `sorted(samples_ms)`, which returns a new list.",
        ),
    ),
    reference=covering_interval,
    public=(
        Case("typical", [2.5, 2.1, 2.0, 2.4, 2.2, 2.9, 2.3, 2.6, 2.7, 2.8]),
        Case("typical", [2.5, 2.1, 2.0, 2.4, 2.2, 2.9, 2.3, 2.6, 2.7, 2.8, 1.9]),
        Case("typical", np.round(np.random.default_rng(5).lognormal(0, 0.3, 25), 2).tolist()),
        Case("smallest", [2.3, 2.1, 2.0, 2.4, 2.2, 2.5]),
        Case("too-few", [2.1, 2.0, 2.4, 2.2, 2.3]),
        Case("slow-call", [2.1, 2.0, 2.4, 2.2, 900.0, 2.3, 2.5, 1.9, 2.6, 2.7]),
    ),
    private=drawn_samples,
)


# --- Throughput against latency ---------------------------------------------------------------------------------------


def swept(batches, samples_s, limit_ms):
    latencies = [measures.Latency(tuple(1000 * sample for sample in samples)) for samples in samples_s]
    rates = [1000 * batch / latency.mean_ms for batch, latency in zip(batches, latencies, strict=True)]
    p95_ms = [latency.p95_ms for latency in latencies]
    allowed = [(rate, batch) for rate, batch, high in zip(rates, batches, p95_ms, strict=True) if high <= limit_ms]
    return {"throughput": rates, "p95_ms": p95_ms, "best": max(allowed)[1] if allowed else 0}


def _sweep(generator, scale=1.0):
    """Latencies of 1, 1.6, 4 and 13 units; two calls in ten take three times as long, so that p95 is far off."""
    factors = [1, 1, 1, 1, 1, 1, 1, 1, 3, 3]
    samples = [[scale * base * f * float(generator.uniform(0.99, 1.01)) for f in factors] for base in (1, 1.6, 4, 13)]
    return [1, 4, 16, 64], [[sample / 1000 for sample in generator.permutation(row).tolist()] for row in samples]


def drawn_sweeps(generator):
    scale = float(generator.uniform(0.5, 4))
    limits = {"throughput": 100.0, "p95": 100.0, "best": 8.0, "none-fits": 0.5}
    drawn = [Case(behaviour, *_sweep(generator, scale), limit * scale) for behaviour, limit in limits.items()]
    return [*drawn, *_edges_of_the_best(2.0 ** -int(generator.integers(7, 10)))]


def _edges_of_the_best(unit):
    """A batch that is too large to be fast, and a p95 that is exactly the limit: `unit` is a power of two."""
    too_large = [[unit] * 3, [2 * unit] * 3, [32 * unit] * 3]
    return [
        Case("best", [1, 8, 64], too_large, 64_000 * unit),
        Case("best", [1, 8, 64], [[unit] * 3, [2 * unit] * 3, [4 * unit] * 3], 2000 * unit),
    ]


choose_batch = ExerciseSpec(
    id="choose-batch",
    lesson=LESSON,
    title="Throughput within a limit",
    response="function",
    name="choose_batch",
    setup="""\
import numpy as np

# Seconds of four calls at each batch size, as somebody recorded them.
batches = [1, 8, 32]
samples_s = [[0.001, 0.001, 0.001, 0.003], [0.002, 0.002, 0.002, 0.004], [0.006, 0.006, 0.006, 0.02]]
""",
    hints=(
        "Images in all, divided by the seconds that all calls took together.",
        "Keep the batch sizes whose p95 is within the limit, then take the one of the highest throughput.",
    ),
    criteria=(
        Criterion(
            id="throughput",
            text="`throughput`: images a second, over all calls",
            points=2,
            requirement=Matches(part="throughput"),
        ),
        Criterion(id="p95", text="`p95_ms` of each batch size", points=1, requirement=Matches(part="p95_ms")),
        Criterion(
            id="best", text="`best`: most images a second within the limit", points=1, requirement=Matches(part="best")
        ),
        Criterion(
            id="none-fits",
            text="`best` is 0 where nothing is within the limit",
            points=1,
            requirement=Matches(part="best"),
        ),
    ),
    misconceptions=(
        Symptom(
            id="calls-for-images",
            text="Calls a second are taken for images a second; each call serves a whole batch.",
            remedy="Multiply the number of calls by the batch size.",
        ),
        Symptom(
            id="mean-of-rates",
            text="The rates of the calls are averaged; slow calls then count for too little.",
            remedy="Divide all images by all seconds.",
        ),
        Symptom(
            id="limit-on-median",
            text="The limit is held against the median; it is a promise about nearly every request.",
            remedy="Compare the 95th percentile with the limit.",
        ),
        Symptom(
            id="limit-ignored",
            text="The highest throughput is chosen, whatever the latency.",
            remedy="Leave out the batch sizes whose p95 is above the limit first.",
        ),
        Symptom(
            id="largest-that-fits",
            text="The largest batch within the limit is chosen; a batch can be too large to be fast.",
            remedy="Compare throughputs, not batch sizes.",
        ),
        Symptom(
            id="limit-excluded",
            text="A p95 exactly at the limit is turned away; the promise is “at most”.",
            remedy="Compare with `<=`.",
        ),
        Symptom(
            id="percentile-in-seconds",
            text="The 95th percentiles are in seconds, so that all of them look smaller than a limit in milliseconds.",
            remedy="Multiply the samples by 1000.",
        ),
    ),
    reference=swept,
    public=(
        Case("throughput", [2], [[0.001, 0.003]], 5.0),
        Case("throughput", [1, 8], [[0.001, 0.001, 0.002], [0.002, 0.002, 0.004]], 50.0),
        Case("p95", [1, 8], [[0.001, 0.001, 0.003], [0.002, 0.002, 0.005]], 50.0),
        Case("best", *_sweep(np.random.default_rng(0)), 8.0),
        *_edges_of_the_best(2.0**-8),
        Case("none-fits", [1, 8], [[0.004, 0.005], [0.006, 0.008]], 3.0),
    ),
    private=drawn_sweeps,
)


# --- Arithmetic intensity ---------------------------------------------------------------------------------------------


def intensity_of_tensors(op, shape, weight_bits=32):
    """The oracle makes the operands, and takes their bytes and torch's own count of the products."""
    if op == "linear":
        rows, inputs, outputs = shape
        flops = counted_linear((rows, inputs), outputs, bias=False)["flops"]
        traffic = torch.zeros(rows, inputs).nbytes + torch.zeros(rows, outputs).nbytes
        return flops / (traffic + measures.packed_size_bytes(inputs * outputs, weight_bits))
    operands, results = {"relu": (1, shape[0]), "add": (2, shape[0]), "dot": (2, 1)}[op]
    flops = 2 * shape[0] if op == "dot" else shape[0]
    return flops / (operands * torch.zeros(shape).nbytes + torch.zeros(results).nbytes)


def drawn_ops(generator):
    length, rows, inputs, outputs = (8 * int(size) for size in generator.integers(1, 8, 4))
    return [
        Case("elementwise", "relu", (length,)),
        Case("elementwise", "add", (length,)),
        Case("dot", "dot", (length,)),
        Case("linear", "linear", (1, inputs, outputs)),
        Case("linear", "linear", (rows, inputs, outputs)),
        Case("narrow-weights", "linear", (rows, inputs, outputs), weight_bits=int(generator.choice([2, 4, 8, 16]))),
    ]


op_intensity = ExerciseSpec(
    id="op-intensity",
    lesson=LESSON,
    title="Arithmetic intensity",
    response="function",
    name="intensity",
    setup="""\
layer_sizes = (64, 256)  # features in and out of the first layer of the digits MLP
""",
    hints=(
        "Write down FLOPs and bytes of each operation in a table first.",
        "A dot product of n numbers: n products and n additions; two vectors are read and one number is written.",
    ),
    criteria=(
        Criterion(id="elementwise", text="`relu` and `add`", points=1, requirement=Matches()),
        Criterion(id="dot", text="`dot`", points=1, requirement=Matches()),
        Criterion(id="linear", text="`linear`, for one row and for many", points=2, requirement=Matches()),
        Criterion(id="narrow-weights", text="`linear` with weights of fewer bits", points=1, requirement=Matches()),
    ),
    misconceptions=(
        Symptom(
            id="result-not-written",
            text="Only what is read counts; the result has to be written as well.",
            remedy="Add the bytes of the result.",
        ),
        Symptom(
            id="macs-for-flops",
            text="A multiply-accumulate is counted as one operation; it is a product and an addition.",
            remedy="Count two FLOPs for each product in `dot` and `linear`.",
        ),
        Symptom(
            id="weights-alone",
            text="Only the weights of a linear layer are counted; its input and output travel too.",
            remedy="Add the bytes of all rows that come in and go out.",
        ),
        Symptom(
            id="numbers-for-bytes",
            text="Numbers are counted, not bytes.",
            remedy="A float32 takes 4 bytes, a weight `weight_bits / 8`.",
        ),
        Symptom(
            id="weight-bits-ignored",
            text="Weights are taken for float32 whatever their bits.",
            remedy="A weight takes `weight_bits / 8` bytes.",
        ),
    ),
    reference=intensity_of_tensors,
    public=(
        Case("elementwise", "relu", (8,)),
        Case("elementwise", "add", (2,)),
        Case("elementwise", "add", (8,)),
        Case("dot", "dot", (8,)),
        Case("linear", "linear", (1, 64, 32)),
        Case("linear", "linear", (16, 64, 32)),
        Case("narrow-weights", "linear", (1, 64, 32), weight_bits=4),
    ),
    private=drawn_ops,
)


# --- Roofline ---------------------------------------------------------------------------------------------------------


def under_the_roof(flops, traffic_bytes, seconds, peak, bandwidth):
    """The oracle works with times: whichever of computing and moving takes longer bounds the operation."""
    computing, moving = flops / peak, traffic_bytes / bandwidth
    least = max(computing, moving)
    return {
        "attainable": flops / least,
        "bound": "memory" if moving > computing else "compute",
        "of_peak": computing / seconds,
        "of_attainable": least / seconds,
    }


def drawn_ops_under_the_roof(generator):
    peak, bandwidth = 2.0 ** int(generator.integers(35, 38)), 2.0 ** int(generator.integers(31, 34))
    ridge = peak / bandwidth  # a power of two, so that an operation can stand on it exactly
    traffic = 2.0 ** int(generator.integers(16, 22))

    def case(behaviour, intensity):
        flops = intensity * traffic
        least = max(flops / peak, traffic / bandwidth)
        return Case(behaviour, flops, traffic, least * float(generator.uniform(1.2, 4)), peak, bandwidth)

    low, high = ridge / float(generator.uniform(2, 9)), ridge * float(generator.uniform(2, 9))
    sides = [("memory", low), ("compute", high), ("bound", low), ("bound", high), ("bound", ridge)]
    return [case(behaviour, intensity) for behaviour, intensity in [*sides, ("of-peak", low), ("of-attainable", low)]]


roofline = ExerciseSpec(
    id="roofline",
    lesson=LESSON,
    title="Under the roofline",
    response="function",
    name="roofline",
    setup="""\
# A machine of 64 GFLOP/s and 16 GB/s, and a product of one row with a 256 × 256 matrix that took 25 µs on it.
peak, bandwidth = 64e9, 16e9
flops, traffic_bytes, seconds = 2 * 256 * 256, 4 * (256 * 256 + 2 * 256), 25e-6
""",
    hints=(
        "Intensity times bandwidth are the FLOP/s at which memory can feed the operation.",
        "Achieved FLOP/s are `flops / seconds`.",
    ),
    criteria=(
        Criterion(
            id="memory",
            text="`attainable` at low intensity: what memory feeds",
            points=1,
            requirement=Matches(part="attainable"),
        ),
        Criterion(
            id="compute",
            text="`attainable` at high intensity: the peak",
            points=1,
            requirement=Matches(part="attainable"),
        ),
        Criterion(
            id="bound", text="`bound`, on both sides and on the ridge", points=1, requirement=Matches(part="bound")
        ),
        Criterion(id="of-peak", text="`of_peak`: achieved over peak", points=1, requirement=Matches(part="of_peak")),
        Criterion(
            id="of-attainable",
            text="`of_attainable`: achieved over attainable",
            points=1,
            requirement=Matches(part="of_attainable"),
        ),
    ),
    misconceptions=(
        Symptom(
            id="higher-of-the-two",
            text="The higher of the two ceilings is taken; the lower one bounds.",
            remedy="Take the minimum of peak and intensity × bandwidth.",
        ),
        Symptom(
            id="times-added",
            text="The times of computing and of moving are added; the roofline lets them overlap.",
            remedy="Take the minimum of peak and intensity × bandwidth.",
        ),
        Symptom(
            id="bytes-per-flop",
            text="The intensity is upside down: bytes for each FLOP.",
            remedy="Divide the FLOPs by the bytes.",
        ),
        Symptom(
            id="bound-swapped",
            text="The sides of the ridge are swapped: at low intensity memory is what an operation waits for.",
            remedy="Below an intensity of peak / bandwidth the bound is memory.",
        ),
        Symptom(
            id="bound-for-achieved",
            text="What the roofline allows is reported as if it had been achieved; the measured seconds are not used.",
            remedy="Achieved FLOP/s are `flops / seconds`.",
        ),
        Symptom(
            id="peak-for-attainable",
            text="The achieved rate is held against the peak, which memory puts out of reach.",
            remedy="Divide by the attainable FLOP/s for `of_attainable`.",
        ),
    ),
    reference=under_the_roof,
    public=(
        Case("memory", 1e6, 4e6, 5e-4, 64e9, 16e9),
        Case("compute", 64e6, 1e6, 2e-3, 64e9, 16e9),
        Case("bound", 1e6, 4e6, 5e-4, 64e9, 16e9),
        Case("bound", 64e6, 1e6, 2e-3, 64e9, 16e9),
        Case("bound", 4e6, 1e6, 1e-4, 64e9, 16e9),
        Case("of-peak", 1e6, 4e6, 5e-4, 64e9, 16e9),
        Case("of-attainable", 100.0, 50.0, 20.0, 10.0, 4.0),
        Case("of-attainable", 1e6, 2e6, 25e-5, 64e9, 16e9),
    ),
    private=drawn_ops_under_the_roof,
)


# --- Complexity from measurements -------------------------------------------------------------------------------------


def fitted(sizes, costs, from_size):
    kept = sizes >= from_size
    fit = scipy.stats.linregress(np.log(sizes[kept]), np.log(costs[kept]))
    return {"exponent": float(fit.slope), "coefficient": float(np.exp(fit.intercept))}


def drawn_costs_by_size(generator):
    sizes = np.sort(generator.choice(np.arange(2, 400), 9, replace=False)).astype(np.float64)
    exponent, coefficient = float(generator.uniform(0.5, 3)), float(generator.uniform(0.01, 0.3))
    exact = coefficient * sizes**exponent
    noisy = exact * np.exp(generator.normal(scale=0.2, size=9))
    floored = exact + np.where(np.arange(9) < 4, 5 * exact[3], 0)
    return [
        Case("exact", sizes, exact, 0),
        Case("least-squares", sizes, noisy, 0),
        Case("least-squares", sizes, noisy, int(sizes[0])),
        Case("from-size", sizes, floored, int(sizes[4])),
    ]


power_law = ExerciseSpec(
    id="power-law",
    lesson=LESSON,
    title="Complexity, found by measuring",
    response="function",
    name="power_law",
    setup="""\
import numpy as np

widths = np.array([64.0, 128.0, 256.0, 512.0, 1024.0])
weights = widths * widths  # of a square linear layer
""",
    hints=(
        "Where cost = coefficient × size ** exponent, log(cost) is a straight line in log(size).",
        "`np.polyfit(x, y, 1)` returns slope and intercept; the intercept is a logarithm.",
    ),
    criteria=(
        Criterion(id="exact", text="Exponent and coefficient of an exact law", points=2, requirement=Matches()),
        Criterion(
            id="least-squares",
            text="The line nearest to all noisy points, the first included",
            points=1,
            requirement=Matches(),
        ),
        Criterion(id="from-size", text="Only sizes from `from_size` on", points=1, requirement=Matches()),
        Criterion(id="keeps-input", text="The arrays are as they were", points=1, requirement=Unchanged()),
    ),
    misconceptions=(
        Symptom(
            id="no-logarithms",
            text="The line is fitted to the numbers themselves; its slope is a cost, not an exponent.",
            remedy="Fit the logarithms of the costs to the logarithms of the sizes.",
        ),
        Symptom(
            id="ends-only",
            text="The line is drawn through the first and the last point, whose noise it takes over in full.",
            remedy="Fit all points by least squares.",
        ),
        Symptom(
            id="overhead-included",
            text="The small sizes are fitted too, where a fixed overhead hides the growth.",
            remedy="Drop the sizes below `from_size` first.",
        ),
        Symptom(
            id="from-size-left-out",
            text="The size `from_size` itself is left out; the fit begins with it.",
            remedy="Keep the points with `sizes >= from_size`.",
        ),
        Symptom(
            id="intercept-for-coefficient",
            text="The intercept is returned as it is; it is the logarithm of the coefficient.",
            remedy="Take its exponential.",
        ),
        Symptom(
            id="works-in-place",
            text="The logarithms are written into the caller's arrays.",
            remedy="Let `np.log` return a new array.",
        ),
    ),
    reference=fitted,
    public=(
        Case("exact", np.array([1.0, 2.0, 4.0]), np.array([5.0, 20.0, 80.0]), 0),
        Case("exact", np.array([1.0, 10.0, 100.0]), np.array([3.0, 300.0, 30000.0]), 0),
        Case("least-squares", np.array([1.0, 2.0, 4.0, 8.0]), np.array([1.0, 3.0, 3.5, 9.0]), 0),
        Case("least-squares", np.array([3.0, 5.0, 6.0, 9.0]), np.array([2.0, 4.0, 3.0, 6.0]), 3),
        Case("from-size", np.array([1.0, 2.0, 4.0, 8.0, 16.0]), np.array([5.0, 5.0, 8.0, 16.0, 32.0]), 4),
    ),
    private=drawn_costs_by_size,
)


# --- Compressed sparse rows -------------------------------------------------------------------------------------------


def scipy_rows(matrix):
    found = scipy.sparse.csr_matrix(matrix)
    indices = {"col_indices": found.indices.astype(np.int32), "row_pointers": found.indptr.astype(np.int32)}
    return {"values": found.data, **indices}


def _sparse_matrix(generator, *, empty_rows=False):
    """A matrix of 4 to 8 rows with 2 or 3 numbers each, of one sign in a row, so that no sum cancels out."""
    rows, columns = (int(size) for size in generator.integers(4, 9, 2))
    matrix = np.zeros((rows, columns), np.float32)
    for row in matrix:
        kept = generator.choice(columns, int(generator.integers(2, 4)), replace=False)
        row[kept] = generator.choice([-1, 1]) * generator.uniform(1, 9, len(kept))
    if empty_rows:
        matrix[[0, rows // 2]] = 0
    return matrix


def drawn_matrices(generator):
    rows, columns = (int(size) for size in generator.integers(3, 7, 2))
    return [
        Case("typical", _sparse_matrix(generator)),
        Case("empty-rows", _sparse_matrix(generator, empty_rows=True)),
        Case("edges", np.zeros((rows, columns), np.float32)),
        Case("edges", generator.normal(size=(rows, columns)).astype(np.float32)),
        Case("dtypes", _sparse_matrix(generator)),
    ]


to_csr = ExerciseSpec(
    id="to-csr",
    lesson=LESSON,
    title="Store only what is there",
    response="function",
    name="to_csr",
    setup="""\
import numpy as np

small = np.array([[0, 5, 0], [7, 0, 9]], dtype=np.float32)
""",
    hints=(
        "`np.nonzero(matrix)` returns row and column of each number that is not zero, row by row.",
        "Count the numbers of each row; `np.cumsum` of the counts says where each row ends.",
    ),
    criteria=(
        Criterion(id="typical", text="Values, columns and pointers", points=2, requirement=Matches()),
        Criterion(id="empty-rows", text="Rows without any number", points=1, requirement=Matches()),
        Criterion(id="edges", text="Nothing but zeros, and no zero at all", points=1, requirement=Matches()),
        Criterion(id="dtypes", text="Indices in int32, values as they were", points=1, requirement=Matches(dtype=True)),
    ),
    misconceptions=(
        Symptom(
            id="counts-for-pointers",
            text="`row_pointers` holds how many numbers each row has, not where each row begins.",
            remedy="Take the cumulative sum of the counts, with a 0 in front.",
        ),
        Symptom(
            id="row-of-each-value",
            text="`row_pointers` holds the row of each value; that is the coordinate format, which takes more bytes.",
            remedy="Store where each row begins, one entry for each row and one for the end.",
        ),
        Symptom(
            id="empty-rows-skipped",
            text="Rows without numbers have no pointer, so that later rows move up.",
            remedy="Give each row an entry; an empty one begins where it ends.",
        ),
        Symptom(
            id="column-by-column",
            text="The values are listed column by column.",
            remedy="List them row by row, the columns of each row in ascending order.",
        ),
        Symptom(
            id="wide-indices",
            text="The indices are int64, which takes twice the bytes.",
            remedy="Convert both index arrays with `astype(np.int32)`.",
        ),
    ),
    reference=scipy_rows,
    public=(
        Case("typical", np.array([[0, 5, 0], [7, 0, 9]], np.float32)),
        Case("typical", np.array([[0, 0, 1, -2], [3, 0, 0, 4], [0, 6, 5, 0]], np.float32)),
        Case("empty-rows", np.array([[0, 0], [1, 2], [0, 0], [0, 3]], np.float32)),
        Case("edges", np.zeros((3, 2), np.float32)),
        Case("edges", np.array([[1, 2], [3, 4]], np.float32)),
        Case("dtypes", np.array([[2, 0], [0, 3]], np.float32)),
    ),
    private=drawn_matrices,
)


# --- A product that never meets a zero --------------------------------------------------------------------------------


def scipy_product(values, col_indices, row_pointers, x):
    """The oracle is SciPy's kernel, which spoils no result: it never reads what no value meets."""
    matrix = scipy.sparse.csr_matrix((values, col_indices, row_pointers), (len(row_pointers) - 1, len(x)))
    unused = np.setdiff1d(np.arange(len(x)), col_indices)
    infinite = x.copy()
    infinite[unused] = np.inf
    return {"y": matrix @ x, "macs": matrix.nnz, "spoiled": int((~np.isfinite(matrix @ infinite)).sum())}


def _product_case(behaviour, matrix, generator, *, stored_zero=False):
    parts = scipy_rows(matrix)
    if stored_zero:
        parts["values"][1] = 0
    x = generator.integers(1, 9, matrix.shape[1]) + generator.uniform(0.1, 0.9, matrix.shape[1])
    return Case(behaviour, parts["values"], parts["col_indices"], parts["row_pointers"], x.astype(np.float32))


def drawn_products(generator):
    wide = np.pad(_sparse_matrix(generator), ((0, 0), (1, 2)))  # with columns in which nothing is stored
    return [
        _product_case("no-zeros", wide, generator),
        _product_case("product", _sparse_matrix(generator), generator),
        _product_case("macs", _sparse_matrix(generator), generator),
        _product_case("macs", _sparse_matrix(generator), generator, stored_zero=True),
        _product_case("empty-rows", _sparse_matrix(generator, empty_rows=True), generator),
    ]


csr_matvec = ExerciseSpec(
    id="csr-matvec",
    lesson=LESSON,
    title="A product that never meets a zero",
    response="function",
    name="watched_matvec",
    setup='''\
import numpy as np


def with_infinities(matvec):
    """Return `matvec` as it is checked: it is called again with infinity in the columns where nothing is stored.

    Zero times infinity is nan, so each result that a zero had a part in is spoiled; `"spoiled"` counts them.
    """

    def watched(values, col_indices, row_pointers, x):
        infinite = x.copy()
        infinite[np.setdiff1d(np.arange(len(x)), col_indices)] = np.inf
        again = (values.copy(), col_indices.copy(), row_pointers.copy(), infinite)
        result = matvec(values, col_indices, row_pointers, x)
        if not isinstance(result, dict):
            return result
        with np.errstate(invalid="ignore"):
            spoiled = ~np.isfinite(matvec(*again).get("y", np.nan))
        return result | {"spoiled": int(spoiled.sum())}

    return watched


# [[0, 5, 0], [7, 0, 9]] in compressed sparse rows.
values = np.array([5, 7, 9], dtype=np.float32)
col_indices = np.array([1, 0, 2], dtype=np.int32)
row_pointers = np.array([0, 1, 3], dtype=np.int32)
x = np.array([1, 2, 3], dtype=np.float32)
''',
    hints=(
        "Row i owns the entries from `row_pointers[i]` up to `row_pointers[i + 1]`, which is left out.",
        "`x[col_indices]` picks the number of `x` that each value meets.",
    ),
    criteria=(
        Criterion(id="product", text="`y`: the product", points=1, requirement=Matches(part="y")),
        Criterion(
            id="no-zeros",
            text="No zero is multiplied: `spoiled` is 0",
            points=1,
            requirement=Matches(part="spoiled"),
        ),
        Criterion(id="macs", text="`macs`: one for each stored value", points=1, requirement=Matches(part="macs")),
        Criterion(id="empty-rows", text="`y` is 0 for an empty row", points=1, requirement=Matches(part="y")),
        Criterion(id="keeps-inputs", text="The arrays are as they were", points=1, requirement=Unchanged()),
    ),
    misconceptions=(
        Symptom(
            id="made-dense",
            text="The matrix is made dense, and the product multiplies every zero of it.",
            remedy="Multiply the stored values with the numbers of `x` in their columns, and with no others.",
        ),
        Symptom(
            id="empty-row-takes-next",
            text="An empty row takes the first product of the next row, as `np.add.reduceat` does too.",
            remedy="Sum the slice of each row; the sum of an empty slice is 0.",
        ),
        Symptom(
            id="dense-count",
            text="All places of the matrix are counted; CSR computes with stored values only.",
            remedy="Count the stored values.",
        ),
        Symptom(
            id="stored-zeros-free",
            text="Stored zeros are not counted; the kernel multiplies whatever is stored.",
            remedy="Count the entries of `values`, zero or not.",
        ),
        Symptom(
            id="columns-ignored",
            text="The values of a row meet the first numbers of `x`, not those of their columns.",
            remedy="Take `x[col_indices]`.",
        ),
        Symptom(
            id="works-in-place",
            text="The products are written into `values`; the second call then computes something else.",
            remedy="Put the products into a new array.",
        ),
    ),
    reference=scipy_product,
    public=(
        Case("product", *scipy_rows(np.array([[0, 5, 0], [7, 0, 9]], np.float32)).values(), np.float32([1, 2, 3])),
        _product_case("no-zeros", np.array([[0, 5, 0, 0], [0, 0, 9, 0]], np.float32), np.random.default_rng(5)),
        _product_case("product", np.array([[0, 5, 0], [7, 0, 9]], np.float32), np.random.default_rng(0)),
        _product_case("product", np.array([[0, 0, 1, 2], [3, 0, 0, 4]], np.float32), np.random.default_rng(1)),
        _product_case("macs", np.array([[0, 5, 0], [7, 0, 9]], np.float32), np.random.default_rng(2)),
        _product_case("macs", np.array([[1, 5], [7, 0]], np.float32), np.random.default_rng(3), stored_zero=True),
        _product_case("empty-rows", np.array([[0, 0], [1, 2], [0, 0], [0, 3]], np.float32), np.random.default_rng(4)),
    ),
    private=drawn_products,
)


# --- Bytes of sparse formats ------------------------------------------------------------------------------------------


def bytes_of_formats(rows, columns, nonzeros, value_bytes):
    """The oracle builds the arrays of each format, and asks them."""
    dtype, count = np.dtype(f"i{value_bytes}"), rows * columns
    flat = np.zeros(count, dtype)
    flat[:nonzeros] = 1
    csr = scipy.sparse.csr_matrix(flat.reshape(rows, columns))
    indices = csr.indices.astype(np.int32).nbytes + csr.indptr.astype(np.int32).nbytes
    return {
        "dense": flat.nbytes,
        "csr": csr.data.nbytes + indices,
        "bitmask": np.packbits(flat != 0).nbytes + flat[flat != 0].nbytes,
        "two_four": measures.n_m_size_bytes(count, 2, 4, value_dtype=dtype),
    }


def drawn_formats(generator):
    def drawn(behaviour):
        rows, columns = (8 * int(size) for size in generator.integers(2, 12, 2))
        nonzeros = int(generator.integers(rows * columns // 8, rows * columns // 3))
        return Case(behaviour, rows, columns, nonzeros, int(generator.choice([1, 2, 4])))

    return [drawn(behaviour) for behaviour in ("dense", "csr", "csr", "bitmask", "two-four")]


sparse_bytes = ExerciseSpec(
    id="sparse-bytes",
    lesson=LESSON,
    title="What a zero still costs",
    response="function",
    name="sparse_bytes",
    setup="""\
rows, columns = 256, 64  # the first layer of the digits MLP
""",
    hints=(
        "CSR: a value and a column for each number that is not zero, and one row pointer more than there are rows.",
        "Eight bits of a mask make one byte.",
        "2:4 stores two of every four places, whether or not they are zero.",
    ),
    criteria=(
        Criterion(id="dense", text="`dense`: every place", points=1, requirement=Matches(part="dense")),
        Criterion(id="csr", text="`csr`: values, columns, row pointers", points=2, requirement=Matches(part="csr")),
        Criterion(id="bitmask", text="`bitmask`: a bit for each place", points=1, requirement=Matches(part="bitmask")),
        Criterion(
            id="two-four",
            text="`two_four`: half the places, 2 bits each",
            points=1,
            requirement=Matches(part="two_four"),
        ),
    ),
    misconceptions=(
        Symptom(
            id="zeros-are-free",
            text="The dense matrix is counted without its zeros; a mask or a pruned tensor stores them all.",
            remedy="Multiply rows, columns and `value_bytes`.",
        ),
        Symptom(
            id="values-alone",
            text="Only the values of CSR are counted; nobody knows where they belong.",
            remedy="Add the column of each value and the row pointers.",
        ),
        Symptom(
            id="row-of-each-value",
            text="A row is stored with each value; that is the coordinate format.",
            remedy="Count `rows + 1` row pointers instead.",
        ),
        Symptom(
            id="byte-for-bit",
            text="The mask takes a byte for each place, as a boolean array does.",
            remedy="Pack eight places into a byte.",
        ),
        Symptom(
            id="two-four-by-nonzeros",
            text="2:4 is taken to store the numbers that are not zero; its layout is fixed.",
            remedy="Half the places are stored, whatever their values.",
        ),
        Symptom(
            id="two-four-bytes-for-bits",
            text="In 2:4 the 2 bits for a place are counted as if they were bytes.",
            remedy="Four values that are kept share one byte for their places: divide the bits by 8.",
        ),
    ),
    reference=bytes_of_formats,
    public=(
        Case("dense", 8, 16, 32, 4),
        Case("csr", 2, 8, 4, 2),
        Case("csr", 8, 16, 32, 4),
        Case("csr", 16, 8, 16, 1),
        Case("bitmask", 8, 16, 32, 2),
        Case("two-four", 8, 16, 32, 2),
    ),
    private=drawn_formats,
)


# --- Break-even sparsity ----------------------------------------------------------------------------------------------


def first_that_pays(rows, columns, value_bytes, index_bytes):
    """The oracle tries one zero more until CSR is smaller."""
    types = {"value_dtype": f"int{8 * value_bytes}", "index_dtype": f"int{8 * index_bytes}"}
    count = rows * columns
    dense = measures.size_bytes((rows, columns), types["value_dtype"])
    sizes = (measures.csr_size_bytes(count - zeros, rows, **types) for zeros in range(count + 1))
    return next((zeros for zeros, size in enumerate(sizes) if size < dense), None)


def _shape(generator, value_bytes, index_bytes, *, tie):
    """A shape at which CSR and dense can have the same bytes, or one at which they never have."""
    while True:
        rows, columns = (int(size) for size in generator.integers(12, 40, 2))
        spare = rows * columns * value_bytes - (rows + 1) * index_bytes
        if (spare % (value_bytes + index_bytes) == 0) == tie:
            return rows, columns


def drawn_shapes(generator):
    return [
        Case("float32", *_shape(generator, 4, 4, tie=False), 4, 4),
        Case("other-widths", *_shape(generator, 1, 4, tie=False), 1, 4),
        Case("other-widths", *_shape(generator, 4, 8, tie=False), 4, 8),
        Case("tie", *_shape(generator, 4, 4, tie=True), 4, 4),
        Case("never", int(generator.integers(3, 40)), 1, 4, 4),
        Case("never", int(generator.integers(3, 40)), 2, 1, 4),
    ]


break_even = ExerciseSpec(
    id="break-even",
    lesson=LESSON,
    title="Where CSR begins to pay",
    response="function",
    name="break_even",
    setup="""\
rows, columns = 256, 64  # the first layer of the digits MLP
""",
    hints=(
        "Write both sizes as formulas of the stored values, and solve for them; or try one zero more in a loop.",
        "Each value that is not stored saves a value and an index; the row pointers stay.",
    ),
    criteria=(
        Criterion(id="float32", text="Values and indices of 4 bytes", points=2, requirement=Matches()),
        Criterion(id="other-widths", text="Other widths of values and indices", points=1, requirement=Matches()),
        Criterion(id="tie", text="Equal bytes do not pay yet", points=1, requirement=Matches()),
        Criterion(id="never", text="None where it never pays", points=1, requirement=Matches()),
    ),
    misconceptions=(
        Symptom(
            id="half-is-enough",
            text="CSR is taken to pay from half the weights on, whatever a value and an index take.",
            remedy="Compare the bytes: values, column indices and row pointers against all places.",
        ),
        Symptom(
            id="pointers-forgotten",
            text="The row pointers are not counted.",
            remedy="Add `(rows + 1) * index_bytes` to the size of CSR.",
        ),
        Symptom(
            id="indices-forgotten",
            text="The column of each value is not counted.",
            remedy="Each stored value takes `value_bytes + index_bytes`.",
        ),
        Symptom(
            id="equal-counts",
            text="The number of zeros at which both take the same bytes is returned; nothing is gained there.",
            remedy="Ask for fewer bytes, not for as many.",
        ),
        Symptom(
            id="never-is-all",
            text="Where CSR never pays, all zeros are returned, as if it paid at last.",
            remedy="Return None if even a matrix of zeros takes no fewer bytes.",
        ),
    ),
    reference=first_that_pays,
    public=(
        Case("float32", 2, 4, 4, 4),
        Case("float32", 4, 8, 4, 4),
        Case("float32", 8, 5, 4, 4),
        Case("other-widths", 4, 16, 1, 4),
        Case("other-widths", 4, 8, 4, 8),
        Case("tie", 3, 8, 4, 4),
        Case("never", 5, 1, 4, 4),
        Case("never", 6, 2, 1, 4),
    ),
    private=drawn_shapes,
)


# --- Masked channels and removed ones ---------------------------------------------------------------------------------


def built_and_counted(widths, sizes, kernel, removed):
    """The oracle builds the convolutions of both models without data, and counts them."""
    kept = [widths[0], *(width - gone for width, gone in zip(widths[1:], removed, strict=True))]

    def stack(channels):
        layers = zip(channels, channels[1:], sizes, strict=False)
        return [
            counted_conv(before, after, kernel, (size, size), padding=kernel // 2) for before, after, size in layers
        ]

    masked, slim = stack(widths), stack(kept)
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}


def drawn_stacks(generator):
    def drawn(behaviour, *, even):
        widths = [int(generator.choice([1, 3])), *(8 * int(width) for width in generator.integers(2, 8, 3))]
        sizes = [int(size) for size in generator.choice([4, 6, 8, 12], 3)]
        gone = [width // 2 for width in widths[1:3]]
        if not even:
            gone = [widths[1] // 8, 3 * widths[2] // 4]
        return Case(behaviour, widths, sizes, int(generator.choice([1, 3, 5])), [*gone, 0])

    behaviours = {"masked": True, "half": True, "uneven": False, "share": False}
    return [drawn(behaviour, even=even) for behaviour, even in behaviours.items()]


channel_macs = ExerciseSpec(
    id="channel-macs",
    lesson=LESSON,
    title="Masked channels and removed ones",
    response="function",
    name="channel_macs",
    setup="""\
# Three convolutions of kernel 3, on images of 8 x 8, 8 x 8 and 4 x 4; half the hidden channels go.
widths, sizes, kernel, removed = [3, 16, 32, 64], [8, 8, 4], 3, [8, 16, 0]
""",
    hints=(
        "A channel that is removed from one layer's output is missing from the next layer's input.",
        "A layer takes `inputs * outputs * size**2 * kernel**2` MACs.",
    ),
    criteria=(
        Criterion(id="masked", text="`masked`: as many as before", points=1, requirement=Matches(part="masked")),
        Criterion(
            id="half", text="`removed`: half the hidden channels gone", points=2, requirement=Matches(part="removed")
        ),
        Criterion(
            id="uneven", text="`removed`: another share in each layer", points=1, requirement=Matches(part="removed")
        ),
        Criterion(id="share", text="`share`: what is left of all MACs", points=1, requirement=Matches(part="share")),
    ),
    misconceptions=(
        Symptom(
            id="masks-save-work",
            text="Masked channels are taken to cost nothing; a dense kernel multiplies their zeros.",
            remedy="Count the masked model with its full widths.",
        ),
        Symptom(
            id="outputs-only",
            text="Only the layer's own output channels are removed; the next layer still reads the old number.",
            remedy="Let each layer's inputs be what is left of the outputs before it.",
        ),
        Symptom(
            id="own-share-squared",
            text="Each layer's share is squared; but its inputs shrink by the share of the layer before, if at all.",
            remedy="Let each layer's inputs be what is left of the outputs before it.",
        ),
        Symptom(
            id="share-of-channels",
            text="The share of the channels is returned; MACs fall with inputs and outputs.",
            remedy="Divide the sums of MACs.",
        ),
        Symptom(
            id="mean-of-shares",
            text="The layers' shares are averaged as if the layers were equally large.",
            remedy="Divide the sum of all MACs that are left by the sum of all.",
        ),
    ),
    reference=built_and_counted,
    public=(
        Case("masked", [1, 8, 16, 10], [8, 4, 2], 3, [4, 8, 0]),
        Case("half", [1, 4, 2], [2, 2], 1, [2, 0]),
        Case("half", [1, 8, 16, 10], [8, 4, 2], 3, [4, 8, 0]),
        Case("uneven", [3, 8, 12, 4], [4, 4, 4], 1, [2, 9, 0]),
        Case("share", [3, 16, 32, 8], [8, 4, 4], 3, [4, 24, 0]),
    ),
    private=drawn_stacks,
)


# --- Amdahl's law -----------------------------------------------------------------------------------------------------


def law_of_amdahl(layer_ms, factors, added_ms):
    """The oracle uses the law itself: 1 / (serial share + parallel share / factor), one term for each layer."""
    before = sum(layer_ms.values())
    shares = {layer: duration / before for layer, duration in layer_ms.items()}
    extra = added_ms / before
    left = sum(share for layer, share in shares.items() if layer not in factors) + extra
    return {"speedup": 1 / (left + sum(shares[layer] / factors[layer] for layer in factors)), "limit": 1 / left}


def drawn_models(generator):
    names = ["embed", "hidden1", "hidden2", "norm", "output"]

    def durations():
        return {name: round(float(generator.uniform(0.5, 4)), 3) for name in names}

    def factors(*layers):
        return {layer: round(float(generator.uniform(1.5, 6)), 2) for layer in layers}

    return [
        Case("one-layer", durations(), factors(str(generator.choice(names))), 0.0),
        Case("several-layers", durations(), factors("hidden1", "hidden2"), 0.0),
        Case("overhead", durations(), factors("hidden1"), round(float(generator.uniform(4, 6)), 2)),
        Case("limit", durations(), factors("hidden1", "output"), round(float(generator.uniform(0.2, 1)), 2)),
    ]


amdahl = ExerciseSpec(
    id="amdahl",
    lesson=LESSON,
    title="One layer is faster, and the model?",
    response="function",
    name="end_to_end",
    setup="""\
# Milliseconds of each layer of a model, as somebody measured them.
layer_ms = {"embed": 1.0, "hidden1": 6.0, "hidden2": 2.0, "output": 1.0}
""",
    hints=(
        "Add up the new time of each layer, and divide the old total by the new one.",
        "For the limit, let the faster layers take no time at all.",
    ),
    criteria=(
        Criterion(
            id="one-layer", text="`speedup` when one layer is faster", points=2, requirement=Matches(part="speedup")
        ),
        Criterion(
            id="several-layers",
            text="`speedup` when several layers are, by different factors",
            points=1,
            requirement=Matches(part="speedup"),
        ),
        Criterion(
            id="overhead",
            text="`speedup` below 1 where conversions eat it up",
            points=1,
            requirement=Matches(part="speedup"),
        ),
        Criterion(
            id="limit", text="`limit`: the layers take no time at all", points=1, requirement=Matches(part="limit")
        ),
    ),
    misconceptions=(
        Symptom(
            id="factor-for-all",
            text="The layers' factor is taken for the whole model's; the other layers take as long as before.",
            remedy="Divide the old total time by the new total time.",
        ),
        Symptom(
            id="factors-averaged",
            text="Factors are averaged by share of time; it is times that add up, not factors.",
            remedy="Add up the new times, and divide the old total by the new one.",
        ),
        Symptom(
            id="upside-down",
            text="New time over old time: that is what is left, not the speed-up.",
            remedy="Divide the old time by the new one.",
        ),
        Symptom(
            id="overhead-forgotten",
            text="The conversions into and out of the quantized layers are not counted, or not in the limit.",
            remedy="Add `added_ms` to the new time, and to the time that is left in the limit.",
        ),
        Symptom(
            id="limit-from-wrong-share",
            text="The limit is taken from the share that gets faster; what stays behind is what limits.",
            remedy="Divide the old time by the time that is left when the faster layers take none.",
        ),
    ),
    reference=law_of_amdahl,
    public=(
        Case("one-layer", {"first": 6.0, "second": 4.0}, {"first": 3.0}, 0.0),
        Case("one-layer", {"first": 1.0, "second": 9.0}, {"first": 4.0}, 0.0),
        Case("several-layers", {"a": 2.0, "b": 4.0, "c": 4.0}, {"b": 4.0, "c": 2.0}, 0.0),
        Case("overhead", {"first": 1.0, "second": 9.0}, {"first": 2.0}, 2.0),
        Case("limit", {"a": 8.0, "b": 2.0}, {"a": 4.0}, 1.0),
        Case("limit", {"first": 7.0, "second": 3.0}, {"first": 3.0}, 0.5),
    ),
    private=drawn_models,
)


EXERCISES = [
    bytes_by_dtype,
    quantized_bytes,
    size_report,
    linear_cost,
    conv_macs,
    model_macs,
    activation_bytes,
    measure_latency,
    median_interval,
    choose_batch,
    op_intensity,
    roofline,
    power_law,
    to_csr,
    csr_matvec,
    sparse_bytes,
    break_even,
    channel_macs,
    amdahl,
]
