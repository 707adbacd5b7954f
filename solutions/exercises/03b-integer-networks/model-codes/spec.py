import numpy as np

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, matching, unchanged

from ..common import torch_model_codes


def distance_to_tie(weight, bits):
    """Return the least distance of a weight to the border between two codes, in steps."""
    rows = np.asarray(weight, np.float64).reshape(len(weight), -1)
    steps = rows / np.abs(rows).max(1, keepdims=True) * (2 ** (bits - 1) - 1)
    return float(np.abs(np.abs(steps - np.floor(steps)) - 0.5).min())


def settled(generator, name, bits):
    """Draw a model none of whose weights lies so close to a tie that float errors could decide."""
    while True:
        drawn = ZooModel(name, int(generator.integers(1, 100_000)))
        layers = [p.detach().numpy() for p in zoo.randomized(name, drawn.seed).parameters() if p.ndim > 1]
        if min(distance_to_tie(layer, bits) for layer in layers) > 3e-7 * 2**bits:
            return drawn


def fresh_models(generator):
    return [
        Case("codes", settled(generator, "digits_cnn", 8), 8),
        Case("scales", settled(generator, "digits_cnn", 6), 6),
        Case("other-model", settled(generator, "digits_mlp", 3), 3),
        Case("other-model", settled(generator, "digits_residual", 5), 5),
        Case("int8", settled(generator, "digits_cnn", 4), 4),
    ]


EXERCISE = ExerciseSpec(
    title="Quantize a whole model",
    response="function",
    setup="""\
import torch
from quizlib import measures, zoo

cnn = zoo.digits_cnn()  # convolutions, batch norms, a linear layer
""",
    hints=(
        "`for name, module in model.named_modules()` with `isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))`.",
        "Output channels are axis 0 of both kinds of weight: `weight.abs().flatten(1).amax(1)`.",
        "Work on `module.weight.detach()`; nothing of the model may change.",
    ),
    criteria=(
        exactly("codes", "Codes of each convolution and linear layer, by name", points=2, part="codes"),
        matching("scales", "One scale per output channel", points=2, part="scales"),
        matching("other-model", "Models of linear layers only, also inside other modules, other names and widths"),
        matching("int8", "Codes are int8, scales float32, and both are tensors", dtype=True, library=True),
        unchanged("keeps-input", "Leaves the model as given"),
    ),
    reference=torch_model_codes,
    public=(
        Case("codes", ZooModel("digits_cnn"), 8),
        Case("scales", ZooModel("digits_cnn"), 6),
        Case("other-model", ZooModel("digits_mlp"), 3),
        Case("other-model", ZooModel("digits_residual"), 5),
        Case("int8", ZooModel("digits_cnn"), 4),
    ),
    private=fresh_models,
)
