import torch
from torch.utils.flop_counter import FlopCounterMode

from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching, unchanged

from ..common import SEEDS


def counted_model(model, x):
    """The oracle is torch's own counter, which looks at the operators that run and not at the layers."""
    if isinstance(model, list):
        model = torch.nn.Sequential(*(torch.nn.Conv2d(*arguments) for arguments in model))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(x)
    counts = {name.partition(".")[2]: sum(flops.values()) for name, flops in counter.get_flop_counts().items()}
    innermost = {name for name, module in model.named_modules() if name and not list(module.children())}
    return {name: flops // 2 for name, flops in counts.items() if name in innermost}


def drawn_inputs(generator):
    names = ("digits_mlp", "digits_cnn", "digits_residual")
    mlp, cnn, residual = (ZooModel(name, int(generator.integers(SEEDS))) for name in names)
    batch, height, width = int(generator.integers(2, 9)), *(int(size) for size in generator.integers(8, 12, 2))
    wide, groups = 2 * int(generator.integers(3, 20)), 2
    convs = [(3, wide, (3, 2), 2, 1), (wide, 4, (1, 3), 1, 0, 1, groups), (4, 4, 3, 2, 2, 1, 4)]
    return [
        Case("linear", mlp, torch.zeros(1, 64)),
        Case("conv", cnn, torch.zeros(1, 1, 8, 8)),
        Case("conv", convs, torch.zeros(1, 3, 11, 14)),
        Case("batch-and-size", cnn, torch.zeros(batch, 1, height, width)),
        Case("batch-and-size", mlp, torch.zeros(batch, 64)),
        Case("nested", residual, torch.zeros(batch, 64)),
    ]


EXERCISE = ExerciseSpec(
    title="Operations of a whole model",
    response="function",
    name="model_macs_by_layers",
    setup='''\
import torch

from quizlib import zoo


def by_layers(count):
    """Return `count` as a function that takes a list for the model as well: convolutions in a row.

    Each entry holds the arguments of an `nn.Conv2d`; the layers are called "0", "1" and so on.
    """

    def counted(model, x):
        if isinstance(model, list):
            layers = [torch.nn.Conv2d(*arguments) for arguments in model]
            model = torch.nn.Sequential(*layers).eval()
        return count(model, x)

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
        matching("linear", "The linear layers of an MLP"),
        matching("conv", "The convolutions of a CNN, and nothing else; strides, kernels and groups as they come"),
        matching("batch-and-size", "Whole batches, other image sizes"),
        matching("nested", "Layers inside of other modules, under their full name"),
        unchanged("keeps-model", "No hook is left on the model"),
    ),
    reference=counted_model,
    public=(
        Case("linear", ZooModel("digits_mlp"), torch.zeros(1, 64)),
        Case("conv", ZooModel("digits_cnn"), torch.zeros(1, 1, 8, 8)),
        Case("conv", [(2, 6, (3, 2), 2), (6, 3, 3, 1, 0, 1, 3)], torch.zeros(1, 2, 9, 8)),
        Case("batch-and-size", ZooModel("digits_cnn"), torch.zeros(2, 1, 8, 11)),
        Case("batch-and-size", ZooModel("digits_mlp"), torch.zeros(3, 64)),
        Case("nested", ZooModel("digits_residual"), torch.zeros(2, 64)),
    ),
    private=drawn_inputs,
    varies=("lengths",),
)
