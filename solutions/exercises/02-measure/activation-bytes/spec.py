from itertools import pairwise

import torch

from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching, unchanged

from ..common import SEEDS


def traced_bytes(model, x):
    """The oracle runs the layers one after the other, and looks where each result is stored; of widths it knows."""
    if isinstance(model, list):
        row = len(x) * x.dtype.itemsize
        pairs = [(before, after if after != before else 0) for before, after in pairwise(model)]
        return {"kept": row * (model[0] + sum(after for _, after in pairs)), "peak": row * max(map(sum, pairs))}
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
    wide, middle, narrow = (int(generator.integers(*sizes)) for sizes in ((12, 20), (8, 12), (2, 7)))
    return [
        Case("kept", mlp, pixels),
        Case("kept", [wide, narrow, middle], torch.zeros(batch, wide, dtype=torch.float64)),
        Case("views", cnn, images),
        Case("views", [middle, narrow, narrow], torch.zeros(batch, middle)),
        Case("peak", mlp, pixels),
        Case("peak", cnn, images),
        Case("peak", [wide, narrow, middle], torch.zeros(batch, wide, dtype=torch.float16)),
        Case("peak", [wide, wide, narrow], torch.zeros(batch, wide)),
    ]


EXERCISE = ExerciseSpec(
    title="Memory of the activations",
    response="function",
    name="activation_bytes_by_width",
    setup='''\
from itertools import pairwise

import torch

from quizlib import zoo


def by_width(measure):
    """Return `measure` as a function that takes a list of widths for the model as well.

    Between two widths is a linear layer in the dtype of `x`; between two equal ones a flatten,
    which gives a view.
    """

    def layer(inputs, outputs, dtype):
        linear = torch.nn.Linear(inputs, outputs, dtype=dtype)
        return torch.nn.Flatten() if inputs == outputs else linear

    def measured(model, x):
        if isinstance(model, list):
            layers = [layer(*widths, x.dtype) for widths in pairwise(model)]
            model = torch.nn.Sequential(*layers).eval()
        return measure(model, x)

    return measured


cnn = zoo.build("digits_cnn")
images = torch.from_numpy(zoo.load_digits().images("test")[:32])
''',
    hints=(
        "A model of the zoo is an `nn.Sequential`: `for layer in model` gives its layers in order.",
        "`result.data_ptr() == x.data_ptr()` says that the result is a view of the input.",
    ),
    criteria=(
        matching("kept", "`kept`: the input and every result", points=2, part="kept"),
        matching("views", "A view takes no bytes of its own", part="kept"),
        matching("peak", "`peak`: one layer's input and output", points=2, part="peak"),
        unchanged("keeps-model", "The model is as it was"),
    ),
    reference=traced_bytes,
    public=(
        Case("kept", ZooModel("digits_mlp"), torch.zeros(1, 64)),
        Case("kept", ZooModel("digits_mlp"), torch.zeros(5, 64)),
        Case("kept", [7, 3, 5], torch.zeros(3, 7, dtype=torch.float64)),
        Case("views", ZooModel("digits_cnn"), torch.zeros(2, 1, 8, 8)),
        Case("views", [5, 3, 3], torch.zeros(1, 5)),
        Case("peak", ZooModel("digits_mlp"), torch.zeros(2, 64)),
        Case("peak", ZooModel("digits_cnn"), torch.zeros(1, 1, 10, 9)),
        Case("peak", [9, 2, 7], torch.zeros(2, 9, dtype=torch.float16)),
        Case("peak", [6, 6, 4], torch.zeros(1, 6)),
    ),
    private=drawn_batches,
    varies=("lengths",),
)
