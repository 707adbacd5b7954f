import copy
from collections import Counter

import numpy as np
import torch

from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching, unchanged

from ..common import SEEDS


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
        order = np.resize(generator.permutation(3), len(layers))  # as many different ones as there can be
        return {layer: dtypes[place] for layer, place in zip(layers, order, strict=True)}

    mlp, cnn = (ZooModel(name, int(generator.integers(SEEDS))) for name in ("digits_mlp", "digits_cnn"))
    hidden = str(generator.choice(["hidden1", "hidden2"]))
    norms = [["bn1", "output"], ["bn2", "output"], ["bn1", "bn2"], ["conv1", "bn2"]]
    everything = dict.fromkeys(["hidden1", "hidden2", "relu2", "output"], dtypes[generator.integers(3)])
    return [
        Case("typical", mlp, drawn([hidden, "output"])),
        Case("typical", mlp, drawn([hidden])),
        Case("buffers", cnn, drawn(norms[generator.integers(4)])),
        Case("buffers", cnn, drawn(["conv1", "bn1", "conv2", "bn2"])),
        Case("absent-dtypes", mlp, everything),
    ]


EXERCISE = ExerciseSpec(
    title="Bytes by dtype",
    response="function",
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
        matching("typical", "Bytes of an MLP, some layers in another dtype", points=2),
        matching("buffers", "Running statistics and counters count too", points=2),
        matching("absent-dtypes", "A dtype that nothing has is not listed"),
        unchanged("keeps-model", "The model is not converted"),
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
    varies=("names",),
)
