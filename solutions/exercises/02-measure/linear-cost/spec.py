from quizlib.authoring import Case, ExerciseSpec, exactly

from ..common import counted_linear


def drawn_linears(generator):
    inputs, outputs, batch, tokens = (int(size) for size in generator.integers(3, 200, 4))
    return [
        Case("typical", (1, inputs), outputs, bias=False),
        Case("batch", (batch, inputs), outputs, bias=False),
        Case("batch", (batch, inputs), outputs, bias=True),
        Case("batch", (batch, tokens, inputs), outputs, bias=False),
        Case("batch", (batch, tokens, inputs), outputs, bias=True),
        Case("batch", (2, batch, tokens, inputs), outputs, bias=True),
        Case("bias", (1, inputs), outputs, bias=True),
        Case("vector", (inputs,), outputs, bias=False),
        Case("vector", (inputs,), outputs, bias=True),
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
        exactly("typical", "One row: MACs and FLOPs"),
        exactly("batch", "All rows of a batch and all tokens of a sequence, each with its bias", points=2),
        exactly("bias", "A bias adds FLOPs and no MACs"),
        exactly("vector", "A single vector is one row"),
    ),
    reference=counted_linear,
    public=(
        Case("typical", (1, 64), 10, bias=False),
        Case("batch", (2, 3), 4, bias=True),
        Case("batch", (32, 64), 10, bias=False),
        Case("batch", (2, 5, 8), 3, bias=False),
        Case("batch", (2, 5, 8), 3, bias=True),
        Case("batch", (2, 3, 5, 7), 4, bias=True),
        Case("bias", (1, 64), 10, bias=True),
        Case("vector", (8,), 4, bias=False),
        Case("vector", (7,), 5, bias=True),
    ),
    private=drawn_linears,
)
