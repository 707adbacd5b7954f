import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching

from ..common import PT2E_SETUP, TO_INT8, calibrated_graph, drawn_seed


def library_grids(model, examples):
    """Return scale and zero point of each rounding of an activation, by the name of what is rounded."""
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    nodes = calibrated_graph(model, examples).graph.find_nodes(op="call_function", target=quantize)
    return {node.args[0].name: (node.args[1], node.args[2]) for node in nodes}


def pixels(rows, shift=0.0):
    """Return training digits as rows of 64 pixels; less `shift`, so that a grid needs negative numbers."""
    return torch.from_numpy(zoo.load_digits().x_train[rows]) - shift


def images(rows):
    return torch.from_numpy(zoo.load_digits().images("train")[rows])


def drawn_cases(generator):
    def drawn(behaviour, model, examples):
        return Case(behaviour, ZooModel(model, seed=drawn_seed(generator)), examples)

    rows = [generator.choice(1077, 30 + 7 * k, replace=False) for k in range(2)]
    return [
        drawn("chain", "digits_residual", pixels(rows[0], shift=float(generator.uniform(0.2, 0.6)))),
        drawn("pooled", "digits_cnn", images(rows[1])),
    ]


EXERCISE = ExerciseSpec(
    title="Where a graph rounds",
    response="function",
    setup=PT2E_SETUP + TO_INT8,
    hints=(
        "Loop over `graph.graph.nodes`, and print `node.op`, `node.target` and `node.args` of each.",
        "What rounds an activation is a `call_function` whose target is "
        "`torch.ops.quantized_decomposed.quantize_per_tensor.default`; weights were rounded beforehand.",
        "`node.args[0]` is a node, with a `name`; the numbers behind it are the scale and the zero point.",
    ),
    criteria=(
        matching(
            "chain",
            "Each linear layer's input is listed, and the grid of negative numbers",
            rtol=1e-5,
            atol=0,
            points=2,
        ),
        matching("pooled", "What pooling and flattening pass on is listed, too", rtol=1e-5, atol=0),
    ),
    reference=library_grids,
    public=(
        Case("chain", ZooModel("digits_residual", seed=2), pixels(slice(40, 95), shift=0.4)),
        Case("pooled", ZooModel("digits_cnn", seed=7), images(slice(3, 36))),
    ),
    private=drawn_cases,
)
