import torch
from torch.utils.flop_counter import FlopCounterMode

from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, unchanged

from ..common import SEEDS

COUNTED = (torch.nn.Linear, torch.nn.Conv2d)


def counted_model(model, x):
    """The oracle is torch's own counter, which looks at the operators that run and not at the layers."""
    if isinstance(model, list):
        return counted_row(model, x)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(x)
    counts = {name.partition(".")[2]: sum(flops.values()) for name, flops in counter.get_flop_counts().items()}
    layers = {name for name, module in model.named_modules() if isinstance(module, COUNTED)}
    return {name: flops // 2 for name, flops in counts.items() if name in layers}


def counted_row(entries, x):
    """Run the layers of a list one by one, each in a counter of its own."""
    layers, macs = {}, {}
    for place, entry in enumerate(entries):
        name = str(place if isinstance(entry, tuple) else entry)
        if isinstance(entry, tuple):
            layers[name] = getattr(torch.nn, entry[0])(*entry[1:])
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            x = layers[name](x)
        if isinstance(layers[name], COUNTED):
            macs[name] = macs.get(name, 0) + counter.get_total_flops() // 2
    return macs


def _others(words, features):
    """Layers of weights that are neither linear nor convolutions of images, and a linear one on each of a row."""
    return [
        ("Embedding", 20, features),
        ("Conv1d", words, 3, 2),
        ("LayerNorm", features - 1),
        ("Linear", features - 1, 5),
        ("ConvTranspose1d", 3, 2, 3),
        ("Linear", 7, 4),
    ]


def _mlp(features, wide):
    """The MACs of a model of the zoo are those of the public case, whatever its weights."""
    return [("Linear", features, wide), ("ReLU",), ("Linear", wide, 3)]


def _twice(channels, side):
    """A convolution that runs again behind a pooling, on fewer places, and a linear layer that runs three times."""
    conv = ("Conv2d", channels, channels, 3, 1, 1)
    features = channels * (side // 2) ** 2
    return [conv, ("MaxPool2d", 2), 0, ("Flatten",), ("Linear", features, features), ("ReLU",), 4, 5, 4]


def _convs(wide, groups):
    return [
        ("Conv2d", 3, wide, (3, 2), 2, 1),
        ("Conv2d", wide, 4, (1, 3), 1, 0, 1, groups),
        ("Conv2d", 4, 4, 3, 2, 2, 1, 4),
    ]


def drawn_inputs(generator):
    names = ("digits_mlp", "digits_cnn", "digits_residual")
    mlp, cnn, residual = (ZooModel(name, int(generator.integers(SEEDS))) for name in names)
    batch, height, width = int(generator.integers(2, 9)), *(int(size) for size in generator.integers(8, 12, 2))
    wide, words, features = 2 * int(generator.integers(3, 20)), *(int(size) for size in generator.integers(4, 12, 2))
    channels, side = int(generator.integers(2, 5)), 2 * int(generator.integers(2, 5))
    return [
        Case("linear", mlp, torch.zeros(1, 64)),
        Case("linear", _mlp(words, wide), torch.zeros(1, words)),
        Case("conv", cnn, torch.zeros(1, 1, 8, 8)),
        Case("conv", _convs(wide, 2), torch.zeros(1, 3, 11, 14)),
        Case("batch-and-size", cnn, torch.zeros(batch, 1, height, width)),
        Case("batch-and-size", mlp, torch.zeros(batch, 64)),
        Case("nested", residual, torch.zeros(batch + 1, 64)),  # never as many as in the public case
        Case("others", _others(words, features), torch.zeros(batch, words, dtype=torch.int64)),
        Case("twice", _twice(channels, side), torch.zeros(batch, channels, side, side)),
    ]


EXERCISE = ExerciseSpec(
    title="Operations of a whole model",
    response="function",
    name="model_macs_by_layers",
    setup='''\
import torch

from quizlib import zoo


class LayersInARow(torch.nn.Module):
    """Layers called "0", "1" and so on, each told by its class in `torch.nn` and its arguments.

    A number in their place runs the layer of that number once more.
    """

    def __init__(self, entries):
        super().__init__()
        self.order, self.has_run = [], False
        for place, entry in enumerate(entries):
            if isinstance(entry, tuple):
                kind, *arguments = entry
                self.add_module(str(place), getattr(torch.nn, kind)(*arguments))
            self.order.append(str(place if isinstance(entry, tuple) else entry))

    def forward(self, x):
        if self.has_run:
            raise RuntimeError("the model was run a second time")
        self.has_run = True
        for name in self.order:
            x = getattr(self, name)(x)
        return x


def by_layers(count):
    """Return `count` as a function that takes a list for the model as well: layers in a row."""

    def counted(model, x):
        return count(LayersInARow(model).eval() if isinstance(model, list) else model, x)

    return counted


cnn = zoo.build("digits_cnn")
images = torch.from_numpy(zoo.load_digits().images("test")[:4])
''',
    hints=(
        "`layer.register_forward_hook(hook)` calls `hook(layer, inputs, output)` on each pass; it returns a handle.",
        "Each number of the output takes one product for each weight of its channel: `layer.weight[0].numel()`.",
        "`handle.remove()` takes a hook away again; do it whatever happens.",
    ),
    criteria=(
        exactly("linear", "The linear layers of an MLP"),
        exactly("conv", "The convolutions of a CNN; strides, kernels and groups as they come"),
        exactly("batch-and-size", "Whole batches, other image sizes"),
        exactly("nested", "Layers inside of other modules, under their full name"),
        exactly("others", "No layers of other classes, and a linear layer on each of a row"),
        exactly("twice", "A layer that runs more than once takes the MACs of all its runs"),
        unchanged("keeps-model", "No hook is left on the model"),
    ),
    reference=counted_model,
    public=(
        Case("linear", ZooModel("digits_mlp"), torch.zeros(1, 64)),
        Case("conv", ZooModel("digits_cnn"), torch.zeros(1, 1, 8, 8)),
        Case("conv", [("Conv2d", 2, 6, (3, 2), 2), ("Conv2d", 6, 3, 3, 1, 0, 1, 3)], torch.zeros(1, 2, 9, 8)),
        Case("batch-and-size", ZooModel("digits_cnn"), torch.zeros(2, 1, 8, 11)),
        Case("batch-and-size", ZooModel("digits_mlp"), torch.zeros(3, 64)),
        Case("nested", ZooModel("digits_residual"), torch.zeros(2, 64)),
        Case("others", _others(4, 6), torch.zeros(2, 4, dtype=torch.int64)),
        Case("twice", _twice(2, 4), torch.zeros(3, 2, 4, 4)),
    ),
    private=drawn_inputs,
    varies=("lengths",),
)
