import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly


def bytes_with_grid(shape, bits, group_size, scale_bits, zero_point_bits):
    """The oracle writes the bits of each part down, and packs them."""
    weights = np.zeros(shape)
    scales = 1 if group_size is None else weights.reshape(-1, group_size).shape[0]
    parts = {"codes": (weights.size, bits), "scales": (scales, scale_bits), "zeros": (scales, zero_point_bits)}
    return sum(np.packbits(np.zeros(number * width, np.uint8)).nbytes for number, width in parts.values())


def drawn_grids(generator):
    rows, groups = (8 * int(count) for count in generator.integers(2, 9, 2))
    group_size = int(generator.choice([16, 32, 64]))
    shape, bits = (rows, groups * group_size), int(generator.choice([2, 4, 8]))
    odd = tuple(2 * int(half) + 1 for half in generator.integers(2, 20, 2))
    return [
        Case("per-tensor", shape, int(generator.choice([2, 4])), None, int(generator.choice([16, 32])), 0),
        Case("groups", shape, bits, group_size, int(generator.choice([16, 32])), 0),
        Case("groups", (3, *shape), bits, group_size, 16, 0),
        Case("groups", shape[1:], bits, group_size, 32, 0),
        Case("zero-points", shape, bits, group_size, 16, bits),
        Case("zero-points", shape, 4, group_size, 16, 8),
        Case("whole-bytes", odd, int(generator.choice([2, 4, 6])), None, 32, 4),
        Case("whole-bytes", (1, 8 * odd[0] + 3), 3, None, 32, 3),  # one bit, or three, are over
        Case("whole-bytes", (odd[0], 12 * odd[1]), 4, 12, 6, 0),  # scales of 6 bits, whose number is odd
    ]


EXERCISE = ExerciseSpec(
    title="What a quantized weight really costs",
    response="function",
    setup="""\
import math

layer_shape = (256, 64)  # the first layer of the digits MLP
""",
    hints=(
        "There are three parts: packed codes, scales, zero points.",
        "`-(-bits // 8)` rounds up without leaving whole numbers.",
    ),
    criteria=(
        exactly("per-tensor", "Packed codes and one scale"),
        exactly("groups", "One scale for each group", points=2),
        exactly("zero-points", "One packed zero point for each scale"),
        exactly("whole-bytes", "The last byte of each part is filled up"),
    ),
    reference=bytes_with_grid,
    public=(
        Case("per-tensor", (8, 64), 8, None, 32, 0),
        Case("per-tensor", (8, 64), 4, None, 16, 0),
        Case("groups", (4, 128), 4, 32, 16, 0),
        Case("groups", (8, 64), 8, 64, 32, 0),
        Case("groups", (2, 3, 32), 4, 16, 16, 0),
        Case("groups", (96,), 4, 32, 16, 0),
        Case("zero-points", (2, 64), 4, 32, 16, 4),
        Case("zero-points", (4, 128), 4, 32, 16, 4),
        Case("zero-points", (4, 128), 2, 32, 16, 8),
        Case("whole-bytes", (3, 3), 4, None, 32, 4),
        Case("whole-bytes", (3, 1), 3, None, 32, 3),
        Case("whole-bytes", (1, 3), 2, None, 32, 7),
        Case("whole-bytes", (3, 24), 4, 8, 6, 0),
        Case("whole-bytes", (3, 5), 3, 5, 6, 3),
    ),
    private=drawn_grids,
)
