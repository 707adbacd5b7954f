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
    x = torch.zeros(shape)
    operands = {"relu": [x], "bias": [x, torch.zeros(shape[-1])], "dot": [x, torch.zeros(shape)]}[op]
    result = {"relu": torch.relu, "bias": torch.add, "dot": torch.dot}[op](*operands)
    flops = 2 * x.numel() if op == "dot" else x.numel()
    return flops / sum(tensor.nbytes for tensor in (*operands, result))


def drawn_ops(generator):
    length, rows, inputs, outputs = (8 * int(size) for size in generator.integers(1, 8, 4))
    return [
        Case("elementwise", "relu", (length,)),
        Case("elementwise", "bias", (rows, length)),
        Case("elementwise", "bias", (rows + 3, length)),
        Case("elementwise", "bias", (1, length)),
        Case("elementwise", "bias", (rows, length + 8), weight_bits=int(generator.choice([2, 4, 8, 16]))),
        Case("dot", "dot", (length,)),
        Case("dot", "dot", (length + 8,), weight_bits=int(generator.choice([2, 4, 8, 16]))),
        Case("linear", "linear", (1, inputs, outputs)),
        Case("linear", "linear", (rows, inputs, outputs)),
        Case("narrow-weights", "linear", (rows, inputs, outputs), weight_bits=int(generator.choice([2, 4, 8, 16]))),
        Case("narrow-weights", "linear", (1, inputs, outputs), weight_bits=int(generator.choice([1, 3, 6, 12]))),
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
        matching("elementwise", "`relu` and `bias`"),
        matching("dot", "`dot`"),
        matching("linear", "`linear`, for one row and for many", points=2),
        matching("narrow-weights", "`linear` with weights of fewer bits"),
    ),
    reference=intensity_of_tensors,
    public=(
        Case("elementwise", "relu", (8,)),
        Case("elementwise", "bias", (2, 3)),
        Case("elementwise", "bias", (5, 8)),
        Case("elementwise", "bias", (1, 8)),
        Case("elementwise", "bias", (4, 16), weight_bits=4),
        Case("elementwise", "relu", (16,), weight_bits=8),
        Case("dot", "dot", (8,)),
        Case("dot", "dot", (3,)),
        Case("dot", "dot", (5,), weight_bits=8),
        Case("linear", "linear", (1, 64, 32)),
        Case("linear", "linear", (16, 64, 32)),
        Case("narrow-weights", "linear", (1, 64, 32), weight_bits=4),
        Case("narrow-weights", "linear", (7, 64, 40), weight_bits=16),
        Case("narrow-weights", "linear", (3, 8, 24), weight_bits=2),
    ),
    private=drawn_ops,
)
