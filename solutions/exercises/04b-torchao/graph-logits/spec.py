import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching

from ..common import PT2E_SETUP, calibrated_graph, drawn_seed


def library_logits(model, examples, kept, x):
    with torch.no_grad():
        return calibrated_graph(model, examples, kept)(x)


def rows_of(model, part, rows):
    """Return digits of a part of the data as the model takes them: as images, or as rows of 64 pixels."""
    digits = zoo.load_digits()
    taken = digits.images(part)[rows]
    return torch.tensor(taken if model == "digits_cnn" else taken.reshape(len(taken), 64))


def case(behaviour, model, kept, examples, served, *, brightest, seed=None):
    """Return a case; `examples` and `served` are rows of the training part and of the validation part.

    Which ranges are observed hangs on the example `brightest`, the first or the last, which is twice as bright.
    """
    inputs = rows_of(model, "train", examples)
    inputs[brightest] *= 2
    return Case(behaviour, ZooModel(model, seed), inputs, kept, rows_of(model, "val", served))


class Borders(torch.fx.Interpreter):
    """Runs a converted graph, and keeps how near any value of a row comes to a border between two codes, in codes."""

    def __init__(self, graph):
        super().__init__(graph)
        self.nearest = []

    def run_node(self, node):
        if node.target is torch.ops.quantized_decomposed.quantize_per_tensor.default:
            values, scale, zero_point, lowest, highest = self.fetch_args_kwargs_from_env(node)[0][:5]
            places = values / scale + zero_point
            gap = ((places - places.floor()) - 0.5).abs().where((places > lowest - 1) & (places < highest + 1), 0.5)
            self.nearest.append(gap.flatten(1).amin(1))
        return super().run_node(node)


def settled(given, examples, kept, x):
    """Return which rows of `x` have the same codes in whatever order a processor adds the sums up; shape (rows,).

    Where batches of another size add up in another order, a value moves by some 1e-5 of a code; one on a border turns
    its code, and logits move by a hundredth and more, as much as by a mistake.
    """
    model = zoo.build(given.name) if given.seed is None else zoo.randomized(given.name, given.seed)
    borders = Borders(calibrated_graph(model, examples, kept))
    with torch.no_grad():
        borders.run(x)
    return torch.stack(borders.nearest).amin(0) > 1e-4


def drawn_cases(generator):
    def drawn(behaviour, model, kept, examples, served, brightest):
        while True:  # some models bring every row to a border, and are drawn again
            chosen, seed = generator.choice(1077, examples, replace=False).tolist(), drawn_seed(generator)
            rows = generator.choice(360, min(4 * served, 360), replace=False)
            wide = case(behaviour, model, kept, chosen, rows.tolist(), brightest=brightest, seed=seed)
            found = rows[settled(*wide.arguments).numpy()][:served]
            if len(found) == served:
                return case(behaviour, model, kept, chosen, found.tolist(), brightest=brightest, seed=seed)

    return [
        drawn("graph", "digits_cnn", [], 45, 61, -1),
        drawn("kept", "digits_residual", ["block.first", "output"], 70, 1, 0),
        drawn("kept", "digits_mlp", ["output", "hidden1"], 26, 33, -1),
    ]


# Validation digits of which the trained CNN brings no value to a border; a test holds these rows against `settled`.
# fmt: off
SERVED = [
    0, 1, 2, 3, 7, 8, 10, 11, 13, 14, 15, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31, 33, 34, 35, 37, 40, 42, 43, 44,
    45, 46, 47, 48, 49, 50, 54, 56, 58, 60, 61, 62, 63, 64, 67, 68, 69, 74, 75, 77, 78, 79, 81, 83, 85, 86, 88, 89, 92,
    93, 98, 99, 100, 101,
]
# fmt: on

EXERCISE = ExerciseSpec(
    title="Quantize a graph",
    response="function",
    setup=PT2E_SETUP,
    hints=(
        "`torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()` is the "
        "graph, for any number of rows.",
        "`quantizer.set_global(get_default_x86_inductor_quantization_config())` says how, and then "
        "`quantizer.set_module_name_qconfig(name, None)` where not.",
        "Call the *prepared* graph on `examples`, the *converted* one on `x`, both under `torch.no_grad()`.",
    ),
    criteria=(
        # Over 24 draws: 4e-6 at most for right answers, however many threads; 0.03 at least for the mistakes.
        matching("graph", "The CNN's logits are those of the converted graph", rtol=0, atol=2e-3, dtype=True, points=2),
        matching(
            "kept",
            "The modules in `kept` stay float and only they, and one row can be read",
            rtol=0,
            atol=2e-3,
            dtype=True,
            points=2,
        ),
    ),
    reference=library_logits,
    public=(
        case("graph", "digits_cnn", [], slice(0, 50), SERVED, brightest=-1),
        case("kept", "digits_residual", ["block.second", "stem"], slice(50, 130), slice(64, 65), brightest=0, seed=3),
        case("kept", "digits_mlp", ["hidden2", "output"], slice(130, 154), slice(65, 96), brightest=-1, seed=5),
    ),
    private=drawn_cases,
)
