import copy
from collections import Counter

import numpy as np
import torch

from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, unchanged

from ..common import SEEDS


def bytes_of_converted(model, plan):
    """The oracle converts a copy with torch's own `to`, and reads the dtypes that come out."""
    if isinstance(model, dict):
        tensors = [converted(name, tensor, plan) for name, tensor in model.items()]
    else:
        model = copy.deepcopy(model)
        for layer, dtype in plan.items():
            model.get_submodule(layer).to(dtype)
        tensors = model.state_dict().values()
    sizes = Counter()
    for tensor in tensors:
        sizes[str(tensor.dtype).removeprefix("torch.")] += measures.size_bytes(tensor.shape, tensor.dtype)
    return dict(sizes)


def converted(name, tensor, plan):
    """Return a tensor as its layer, all of its name but the last part, stores it."""
    layer = name[: name.rindex(".")]
    return tensor.to(plan[layer]) if layer in plan and tensor.is_floating_point() else tensor


def _twins(rows):
    """Layers whose names begin alike, end alike, or hold one another's."""
    shapes = {"bn1": (rows,), "bn10": (rows + 3,), "a.bn1": (2, rows), "b.bn1": (3, rows), "b.bn10": (rows, 5)}
    return {f"{layer}.weight": torch.zeros(shape) for layer, shape in shapes.items()}


def _codes(rows):
    """Quantized layers: codes and counters of whole numbers beside scales and means of real ones."""
    return {
        "table.codes": torch.zeros(rows, 3, dtype=torch.int8),
        "table.scale": torch.zeros(rows),
        "head.weight": torch.zeros(2, rows, dtype=torch.int8),
        "head.zero_point": torch.zeros(2, dtype=torch.int64),
        "head.mean": torch.zeros(rows + 4, dtype=torch.float64),
    }


def _narrow_and_wide(rows):
    """A model that is not stored in float32: nothing of it is, unless the plan says so."""
    return {
        "first.weight": torch.zeros(rows, 3, dtype=torch.float64),
        "first.bias": torch.zeros(rows, dtype=torch.float64),
        "second.weight": torch.zeros(2, rows, dtype=torch.float16),
        "third.weight": torch.zeros(5, 2, dtype=torch.bfloat16),
    }


def drawn_plans(generator):
    dtypes = [torch.float16, torch.bfloat16, torch.float64]

    def drawn(layers):
        order = np.resize(generator.permutation(3), len(layers))  # as many different ones as there can be
        return {layer: dtypes[place] for layer, place in zip(layers, order, strict=True)}

    names = ("digits_mlp", "digits_cnn", "digits_residual", "digits_lstm")
    mlp, cnn, residual, lstm = (ZooModel(name, int(generator.integers(SEEDS))) for name in names)
    hidden = str(generator.choice(["hidden1", "hidden2"]))
    norms = [["bn1", "output"], ["bn2", "output"], ["bn1", "bn2"], ["conv1", "bn2"]]
    everything = dict.fromkeys(["hidden1", "hidden2", "relu2", "output"], dtypes[generator.integers(3)])
    rows = int(generator.integers(6, 40))
    return [
        Case("typical", mlp, drawn([hidden, "output"])),
        Case("typical", mlp, drawn([hidden])),
        Case("typical", _narrow_and_wide(rows), {}),
        Case("typical", _narrow_and_wide(rows), {"second": torch.float32}),
        Case("nested", residual, drawn(["block.second", "stem"])),
        Case("nested", lstm, drawn(["lstm"])),
        Case("nested", _twins(rows), drawn(["bn1", "b.bn1"])),
        Case("nested", _twins(rows), drawn(["bn10", "a.bn1"])),
        Case("buffers", cnn, drawn(norms[generator.integers(4)])),
        Case("buffers", cnn, drawn(["conv1", "bn1", "conv2", "bn2"])),
        Case("buffers", _codes(rows), {"table": torch.float16, "head": torch.bfloat16}),
        Case("absent-dtypes", mlp, everything),
    ]


EXERCISE = ExerciseSpec(
    title="Bytes by dtype",
    response="function",
    name="bytes_by_dtype_of_tensors",
    setup='''\
import torch

from quizlib import zoo


def taking_tensors(count):
    """Return `count` as a function that takes a dict of tensors for the model as well.

    A tensor's full name ends in its own and begins with its layer's; tensors of real numbers
    become parameters, those of whole numbers buffers.
    """

    def built(tensors):
        model = torch.nn.Module()
        for full_name, tensor in tensors.items():
            *path, name = full_name.split(".")
            layer = model
            for part in path:
                if not hasattr(layer, part):
                    layer.add_module(part, torch.nn.Module())
                layer = getattr(layer, part)
            if tensor.is_floating_point():
                layer.register_parameter(name, torch.nn.Parameter(tensor))
            else:
                layer.register_buffer(name, tensor)
        return model.eval()

    def counted(model, plan):
        return count(built(model) if isinstance(model, dict) else model, plan)

    return counted


cnn = zoo.build("digits_cnn")
''',
    hints=(
        "`model.state_dict()` holds parameters and buffers; the part of a name before its last dot is the layer.",
        "`tensor.is_floating_point()` tells which tensors the plan is about; `dtype.itemsize` is in bytes.",
    ),
    criteria=(
        exactly("typical", "Bytes of models, some layers in another dtype"),
        exactly("nested", "Each layer by its full name"),
        exactly("buffers", "Buffers count too, and whole numbers keep their dtype", points=2),
        exactly("absent-dtypes", "A dtype that nothing has is not listed"),
        unchanged("keeps-model", "The model is not converted, and the plan is as it was"),
    ),
    reference=bytes_of_converted,
    public=(
        Case("typical", ZooModel("digits_mlp"), {}),
        Case("typical", ZooModel("digits_mlp"), {"hidden1": torch.float16, "output": torch.float64}),
        Case("typical", _narrow_and_wide(5), {}),
        Case("typical", _narrow_and_wide(5), {"first": torch.bfloat16, "second": torch.float32}),
        Case("nested", ZooModel("digits_residual"), {"block.first": torch.float16}),
        Case("nested", ZooModel("digits_lstm"), {"lstm": torch.float16}),
        Case("nested", _twins(4), {"bn1": torch.float16, "b.bn1": torch.float64}),
        Case("nested", _twins(4), {"bn10": torch.bfloat16, "a.bn1": torch.float16}),
        Case("buffers", ZooModel("digits_cnn"), {}),
        Case("buffers", ZooModel("digits_cnn"), {"bn1": torch.float16, "conv2": torch.bfloat16}),
        Case("buffers", _codes(5), {"table": torch.float16, "head": torch.bfloat16}),
        Case("absent-dtypes", ZooModel("digits_mlp"), dict.fromkeys(["hidden1", "hidden2", "output"], torch.bfloat16)),
    ),
    private=drawn_plans,
    varies=("names", "lengths"),
)
