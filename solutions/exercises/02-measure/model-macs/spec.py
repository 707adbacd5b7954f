import torch
from torch.utils.flop_counter import FlopCounterMode

from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching, unchanged

from ..common import SEEDS


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


EXERCISE = ExerciseSpec(
    revision=2,  # the card says no more than that the model changed
    title="Operations of a whole model",
    response="function",
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
        matching("linear", "The linear layers of an MLP"),
        matching("conv", "The convolutions of a CNN, and nothing else"),
        matching("batch-and-size", "Whole batches, other image sizes", points=2),
        unchanged("keeps-model", "No hook is left on the model"),
    ),
    reference=counted_model,
    public=(
        Case("linear", ZooModel("digits_mlp"), torch.zeros(1, 64)),
        Case("conv", ZooModel("digits_cnn"), torch.zeros(1, 1, 8, 8)),
        Case("batch-and-size", ZooModel("digits_cnn"), torch.zeros(2, 1, 8, 11)),
        Case("batch-and-size", ZooModel("digits_mlp"), torch.zeros(3, 64)),
    ),
    private=drawn_inputs,
    varies=("lengths",),
)
