from quizlib.authoring import Case, ExerciseSpec, exactly, raising


def counted_rows(rows, columns, itemsize, alignment):
    """Walk from byte to byte, as an allocator that pads each row would."""
    if alignment < 1:
        raise ValueError(f"alignment is {alignment}; pass at least 1.")
    width = columns * itemsize
    while width % alignment:
        width += 1
    return rows * width


def drawn_shapes(generator):
    rows, columns = (int(size) for size in generator.integers(3, 40, 2))
    odd = 2 * int(generator.integers(2, 30)) + 1
    return [
        Case("padded", rows, columns, 4, 24),
        Case("padded", rows, odd, 1, 16),
        Case("full-rows", rows, 8 * columns, 2, 16),
        Case("refuses", rows, columns, 4, -int(generator.integers(1, 9))),
    ]


EXERCISE = ExerciseSpec(
    title="Rows that begin where a register does",
    response="function",
    hints=("Work out the bytes of one row, round them up to the alignment, and take them as often as there are rows.",),
    criteria=(
        exactly("padded", "Each row is filled up to the alignment", points=3),
        exactly("full-rows", "A row that fits takes no more"),
        raising("refuses", "Raises a ValueError for an alignment below 1", "ValueError"),
    ),
    reference=counted_rows,
    public=(
        Case("padded", 3, 5, 4, 16),
        Case("padded", 7, 3, 1, 8),
        Case("full-rows", 5, 8, 4, 16),
        Case("full-rows", 2, 3, 4, 1),
        Case("refuses", 2, 3, 4, 0),
    ),
    private=drawn_shapes,
)
