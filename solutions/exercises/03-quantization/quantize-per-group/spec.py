import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, raising
from quizlib.authoring.draws import strided

from ..common import torch_per_channel, uneven_weights, with_halves


def torch_per_group(w, group_size, bits):
    """Lay each group out as a channel, and let torch quantize per channel."""
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError(f"{columns} columns are no multiple of {group_size}.")
    codes, scales = torch_per_channel(np.ascontiguousarray(w).reshape(-1, group_size), 0, bits)
    return codes.reshape(rows, columns), scales.reshape(rows, columns // group_size)


def uneven_groups(generator, rows, groups, size, bits):
    return uneven_weights(generator, (rows * groups, size), 0, bits).reshape(rows, groups * size)


def fresh_groups(generator):
    emptied = uneven_groups(generator, 2, 3, 4, 8)
    emptied[1, 4:8] = 0
    faint = uneven_groups(generator, 2, 3, 4, 8)
    faint[0, :4] *= np.float32(1e-9)
    return [
        Case("scales", uneven_groups(generator, 3, 2, 8, 4), 8, 4),
        Case("scales", uneven_groups(generator, 2, 6, 4, 8), 4, 8),
        Case("codes", strided(uneven_groups(generator, 4, 5, 3, 4)), 3, 4),
        Case("codes", uneven_groups(generator, 1, 3, 5, 6), 5, 6),
        Case("codes", with_halves(generator, 6, 5).reshape(2, 15), 5, 4),
        Case("whole-row", uneven_groups(generator, 3, 1, 10, 8), 10, 8),
        Case("zero-group", emptied, 4, 8),
        Case("zero-group", faint, 4, 8),
        Case("refuses", generator.normal(size=(2, 10)).astype(np.float32), 4, 8),
    ]


EXERCISE = ExerciseSpec(
    title="One scale per group",
    response="function",
    setup="""\
import numpy as np
from quizlib import measures

matrix = np.random.default_rng(311).normal(0, 0.1, (8, 64)).astype(np.float32)
matrix[3, 17] = 4.0  # one outlier
""",
    hints=(
        "`w.reshape(rows, -1, group_size)` puts each group on an axis of its own: (rows, groups, group_size).",
        "Reduce the last axis, divide, and reshape the codes back to (rows, columns).",
    ),
    criteria=(
        matching("scales", "Scales of shape (rows, groups)", points=2, part=1, dtype=True),
        exactly("codes", "Codes, int8, of shape (rows, columns), half to even", points=2, dtype=True, part=0),
        matching("whole-row", "One group a row is one scale a row"),
        matching("zero-group", "A group of zeros: scale 1.0, codes 0"),
        raising("refuses", "Raises a ValueError where groups do not fill the rows", "ValueError"),
    ),
    reference=torch_per_group,
    public=(
        Case("scales", np.array([[0.7, -0.2, 1.0, -7.0, 0.07, 0.01]], np.float32), 2, 4),
        Case("scales", np.array([[0.31, -0.2], [1.0, -3.1]], np.float32), 1, 6),
        Case(
            "codes", np.array([[0.7, -0.27, 0.1, -7.0, 1.8, -2], [0.07, 0.026, 0.03, 1.4, 0.4, 0.7]], np.float32), 3, 4
        ),
        Case("codes", strided(np.array([[1.27, -0.507, 0.0467, -0.0127]], np.float32)), 2, 8),
        Case("codes", np.array([[1.75, 0.125, -0.125, 0.375, 14.0, 5.0, -3.0, -1.0]], np.float32), 4, 4),
        Case("whole-row", np.array([[0.3, -0.16, 0.1], [-3.0, 1.0, -1.7]], np.float32), 3, 3),
        Case("zero-group", np.array([[0.507, -1.27, 0.0, 0.0, 0.0127, 0.01]], np.float32), 2, 8),
        Case("zero-group", np.array([[0.3, 0.1, 5.07e-10, -1.27e-9, 0.0, 0.0]], np.float32), 2, 8),
        Case("refuses", np.array([[0.7, -0.2, 0.1, 7.0, 1.0]], np.float32), 2, 4),
        Case(
            "refuses", np.array([[0.7, -0.2, 0.1], [7.0, 1.0, 0.3]], np.float32), 2, 4
        ),  # six values, in rows of three
    ),
    private=fresh_groups,
)
