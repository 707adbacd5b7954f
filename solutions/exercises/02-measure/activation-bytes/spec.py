import torch

from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching, unchanged

from ..common import SEEDS


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


EXERCISE = ExerciseSpec(
    title="Memory of the activations",
    response="function",
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
        matching("kept", "`kept`: the input and every result", points=2, part="kept"),
        matching("views", "A view takes no bytes of its own", part="kept"),
        matching("peak", "`peak`: one layer's input and output", points=2, part="peak"),
        unchanged("keeps-model", "The model is as it was"),
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
