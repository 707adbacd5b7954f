import torch

from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, matching

from ..common import counted_flops


def intensity_of_tensors(op, shape, weight_bits=32):
    """The oracle makes the operands, and takes their bytes and torch's own count of the products."""
    if op == "linear":
        rows, inputs, outputs = shape
        flops = counted_flops(torch.matmul, (rows, inputs), (inputs, outputs))
        traffic = torch.zeros(rows, inputs).nbytes + torch.zeros(rows, outputs).nbytes
        return flops / (traffic + measures.packed_size_bytes(inputs * outputs, weight_bits))
    operands, results = {"relu": (1, shape[0]), "add": (2, shape[0]), "dot": (2, 1)}[op]
    flops = 2 * shape[0] if op == "dot" else shape[0]
    return flops / (operands * torch.zeros(shape).nbytes + torch.zeros(results).nbytes)


def drawn_ops(generator):
    length, rows, inputs, outputs = (8 * int(size) for size in generator.integers(1, 8, 4))
    return [
        Case("elementwise", "relu", (length,)),
        Case("elementwise", "add", (length,)),
        Case("dot", "dot", (length,)),
        Case("linear", "linear", (1, inputs, outputs)),
        Case("linear", "linear", (rows, inputs, outputs)),
        Case("narrow-weights", "linear", (rows, inputs, outputs), weight_bits=int(generator.choice([2, 4, 8, 16]))),
    ]


EXERCISE = ExerciseSpec(
    title="Arithmetic intensity",
    response="function",
    name="intensity",
    setup="""\
layer_sizes = (64, 256)  # features in and out of the first layer of the digits MLP
""",
    hints=(
        "Write down FLOPs and bytes of each operation in a table first.",
        "A dot product of n numbers: n products and n additions; two vectors are read and one number is written.",
    ),
    criteria=(
        matching("elementwise", "`relu` and `add`"),
        matching("dot", "`dot`"),
        matching("linear", "`linear`, for one row and for many", points=2),
        matching("narrow-weights", "`linear` with weights of fewer bits"),
    ),
    reference=intensity_of_tensors,
    public=(
        Case("elementwise", "relu", (8,)),
        Case("elementwise", "add", (2,)),
        Case("elementwise", "add", (8,)),
        Case("dot", "dot", (8,)),
        Case("linear", "linear", (1, 64, 32)),
        Case("linear", "linear", (16, 64, 32)),
        Case("narrow-weights", "linear", (1, 64, 32), weight_bits=4),
    ),
    private=drawn_ops,
)
