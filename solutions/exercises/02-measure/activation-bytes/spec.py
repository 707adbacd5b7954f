import torch

from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, unchanged

from ..common import SEEDS


def traced_bytes(model, x):
    """The oracle runs the layers one after the other, and looks in which storage each result lies."""
    kept, peak = x.nbytes, 0
    with torch.no_grad():
        for layer in layers_of(model, x.dtype):
            result = layer(x)
            is_view = result.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
            new = 0 if is_view else result.numel() * result.element_size()
            kept += new
            peak = max(peak, x.nbytes + new)
            x = result
    return {"kept": kept, "peak": peak}


class Swap(torch.nn.Module):
    def forward(self, x):
        return x.transpose(-1, -2)


def layers_of(model, dtype):
    if not isinstance(model, list):
        return model
    layers = [Swap() if kind == "Swap" else getattr(torch.nn, kind)(*arguments) for kind, *arguments in model]
    return [layer.eval().to(dtype) if dtype.is_floating_point else layer.eval() for layer in layers]


def _views(rows, columns, outputs):
    """Layers that hand on the memory of their input, whatever their class, and one that copies because it must.

    After the swap the numbers do not lie in their order any more, so that the flatten copies them.
    """
    narrow = ("Linear", rows * columns, outputs)
    return {
        "handed on": [("Flatten",), ("Dropout", 0.3), narrow, ("Identity",), ("Dropout",)],
        "copied": [("Swap",), ("Flatten",), narrow],
        "cut again": [("Flatten",), ("Unflatten", 1, (columns, rows)), ("Swap",), ("Linear", columns, outputs)],
    }


def _stack(*widths):
    """Linear layers with a ReLU between any two."""
    layers = [layer for pair in zip(widths, widths[1:], strict=False) for layer in (("Linear", *pair), ("ReLU",))]
    return layers[:-1]


def _embedded(words, features):
    """Whole numbers of 8 bytes go in, real ones of 4 come out."""
    return [("Embedding", 9, features), ("Linear", features, 2 * words)]


def drawn_batches(generator):
    batch, height, width = int(generator.integers(2, 9)), *(int(size) for size in generator.integers(8, 12, 2))
    mlp, cnn = (ZooModel(name, int(generator.integers(SEEDS))) for name in ("digits_mlp", "digits_cnn"))
    pixels, images = torch.zeros(batch, 64), torch.zeros(batch, 1, height, width)
    wide, middle, narrow = (int(generator.integers(*sizes)) for sizes in ((12, 20), (8, 12), (2, 7)))
    rows, columns, outputs = (int(generator.integers(*sizes)) for sizes in ((4, 9), (5, 9), (2, 5)))
    views, tables = _views(rows, columns, outputs), torch.zeros(batch, rows, columns)
    return [
        Case("kept", mlp, pixels),
        Case("kept", _stack(wide, narrow, middle), torch.zeros(batch, wide, dtype=torch.float64)),
        Case("kept", _embedded(rows, columns), torch.zeros(batch, rows, dtype=torch.int64)),
        Case("views", cnn, images),
        *(Case("views", layers, tables) for layers in views.values()),
        Case("peak", mlp, pixels),
        Case("peak", cnn, images),
        Case("peak", _stack(wide, narrow, middle), torch.zeros(batch, wide, dtype=torch.float16)),
        Case("peak", _stack(narrow, middle, narrow, wide), torch.zeros(batch, narrow)),
        *(Case("peak", layers, tables) for layers in views.values()),
    ]


EXERCISE = ExerciseSpec(
    title="Memory of the activations",
    response="function",
    name="activation_bytes_of_layers",
    setup='''\
import torch

from quizlib import zoo


class Swap(torch.nn.Module):
    """Swap the last two axes; nothing is moved, so the result is a view."""

    def forward(self, x):
        return x.transpose(-1, -2)


def taking_layers(measure):
    """Return `measure` as a function that takes a list of layers for the model as well.

    Each entry holds the name of a class of `torch.nn`, or "Swap", and its arguments.
    The layers get the dtype of `x`, where that is one of real numbers.
    """

    def layer(kind, *arguments):
        return Swap() if kind == "Swap" else getattr(torch.nn, kind)(*arguments)

    def measured(model, x):
        if isinstance(model, list):
            model = torch.nn.Sequential(*[layer(*entry) for entry in model]).eval()
            model = model.to(x.dtype) if x.is_floating_point() else model
        return measure(model, x)

    return measured


cnn = zoo.build("digits_cnn")
images = torch.from_numpy(zoo.load_digits().images("test")[:32])
''',
    hints=(
        "A model of the zoo is an `nn.Sequential`: `for layer in model` gives its layers in order.",
        "`result.data_ptr() == x.data_ptr()` says that the result lies where the input lies.",
    ),
    criteria=(
        exactly("kept", "`kept`: the input and every result", points=2, part="kept"),
        exactly("views", "What lies in the memory of its input takes none, and a copy does", part="kept"),
        exactly("peak", "`peak`: one layer's input and output", points=2, part="peak"),
        unchanged("keeps-model", "The model is as it was"),
    ),
    reference=traced_bytes,
    public=(
        Case("kept", ZooModel("digits_mlp"), torch.zeros(1, 64)),
        Case("kept", ZooModel("digits_mlp"), torch.zeros(5, 64)),
        Case("kept", _stack(7, 3, 5), torch.zeros(3, 7, dtype=torch.float64)),
        Case("kept", _embedded(4, 3), torch.zeros(2, 4, dtype=torch.int64)),
        Case("views", ZooModel("digits_cnn"), torch.zeros(2, 1, 8, 8)),
        *(Case("views", layers, torch.zeros(2, 3, 4)) for layers in _views(3, 4, 2).values()),
        Case("peak", ZooModel("digits_mlp"), torch.zeros(2, 64)),
        Case("peak", ZooModel("digits_cnn"), torch.zeros(1, 1, 10, 9)),
        Case("peak", _stack(9, 2, 7), torch.zeros(2, 9, dtype=torch.float16)),
        Case("peak", _stack(3, 5, 2, 8), torch.zeros(1, 3)),
        *(Case("peak", layers, torch.zeros(2, 3, 4)) for layers in _views(3, 4, 2).values()),
    ),
    private=drawn_batches,
    varies=("lengths",),
)
