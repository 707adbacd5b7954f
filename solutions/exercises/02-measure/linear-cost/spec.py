from quizlib.authoring import Case, ExerciseSpec, matching

from ..common import counted_linear


def drawn_linears(generator):
    inputs, outputs, batch, tokens = (int(size) for size in generator.integers(3, 200, 4))
    return [
        Case("typical", (1, inputs), outputs, bias=False),
        Case("batch", (batch, inputs), outputs, bias=False),
        Case("batch", (batch, inputs), outputs, bias=True),
        Case("batch", (batch, tokens, inputs), outputs, bias=False),
        Case("bias", (1, inputs), outputs, bias=True),
        Case("vector", (inputs,), outputs, bias=False),
    ]


EXERCISE = ExerciseSpec(
    title="Operations of a linear layer",
    response="function",
    setup="""\
import math

batch_shape = (32, 64)  # 32 digits of 64 pixels
""",
    hints=(
        "All axes but the last count rows; each row meets the whole weight matrix.",
        "`math.prod(())` is 1.",
    ),
    criteria=(
        matching("typical", "One row: MACs and FLOPs"),
        matching("batch", "All rows of a batch and all tokens of a sequence, each with its bias", points=2),
        matching("bias", "A bias adds FLOPs and no MACs"),
        matching("vector", "A single vector is one row"),
    ),
    reference=counted_linear,
    public=(
        Case("typical", (1, 64), 10, bias=False),
        Case("batch", (2, 3), 4, bias=True),
        Case("batch", (32, 64), 10, bias=False),
        Case("batch", (2, 5, 8), 3, bias=False),
        Case("bias", (1, 64), 10, bias=True),
        Case("vector", (8,), 4, bias=False),
    ),
    private=drawn_linears,
)
