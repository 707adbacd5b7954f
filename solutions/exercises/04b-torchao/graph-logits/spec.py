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
    return torch.from_numpy(taken if model == "digits_cnn" else taken.reshape(len(taken), 64))


def case(behaviour, model, kept, examples, served, *, seed=None):
    """Return a case; `examples` and `served` are rows of the training part and of the validation part."""
    return Case(
        behaviour,
        ZooModel(model, seed),
        rows_of(model, "train", examples),
        kept,
        rows_of(model, "val", served),
    )


def drawn_cases(generator):
    def drawn(behaviour, model, kept, examples, served):
        chosen = (
            generator.choice(1077, examples, replace=False).tolist(),
            generator.choice(360, served, replace=False).tolist(),
        )
        return case(behaviour, model, kept, *chosen, seed=drawn_seed(generator))

    return [
        drawn("graph", "digits_cnn", [], 45, 21),
        drawn("kept", "digits_residual", ["block.first", "output"], 70, 1),
    ]


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
        matching("graph", "The CNN's logits are those of the converted graph", rtol=0, atol=2e-3, points=2),
        matching(
            "kept",
            "The modules in `kept` stay float and only they, and one row can be read",
            rtol=0,
            atol=2e-3,
            points=2,
        ),
    ),
    reference=library_logits,
    public=(
        case("graph", "digits_cnn", [], slice(0, 50), slice(0, 23)),
        case("kept", "digits_residual", ["block.second"], slice(50, 130), slice(23, 24), seed=3),
    ),
    private=drawn_cases,
)
