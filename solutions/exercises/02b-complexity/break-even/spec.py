from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, exactly


def first_that_pays(rows, columns, value_bytes, index_bytes):
    """The oracle tries one zero more until CSR is smaller."""
    types = {"value_dtype": f"int{8 * value_bytes}", "index_dtype": f"int{8 * index_bytes}"}
    count = rows * columns
    dense = measures.size_bytes((rows, columns), types["value_dtype"])
    sizes = (measures.csr_size_bytes(count - zeros, rows, **types) for zeros in range(count + 1))
    return next((zeros for zeros, size in enumerate(sizes) if size < dense), None)


def _shape(generator, value_bytes, index_bytes, *, tie):
    """A shape at which CSR and dense can have the same bytes, or one at which they never have."""
    while True:
        rows, columns = (int(size) for size in generator.integers(12, 40, 2))
        spare = rows * columns * value_bytes - (rows + 1) * index_bytes
        if (spare % (value_bytes + index_bytes) == 0) == tie:
            return rows, columns


ONLY_ZEROS = ((6, 5), (7, 5), (3, 6), (1, 10), (1, 11))
"""Shapes at which, with values of 1 byte and indices of 4, CSR saves 2 or 3 bytes if all is zero: less than a value."""


def drawn_shapes(generator):
    return [
        Case("float32", *_shape(generator, 4, 4, tie=False), 4, 4),
        Case("other-widths", *_shape(generator, 1, 4, tie=False), 1, 4),
        Case("other-widths", *_shape(generator, 4, 8, tie=False), 4, 8),
        Case("other-widths", *_shape(generator, 8, 2, tie=False), 8, 2),
        Case("tie", *_shape(generator, 4, 4, tie=True), 4, 4),
        Case("never", int(generator.integers(3, 40)), 1, 4, 4),
        Case("never", int(generator.integers(3, 40)), 2, 1, 4),
        *(Case("never", *shape, 1, 4) for shape in ONLY_ZEROS),
    ]


EXERCISE = ExerciseSpec(
    title="Where CSR begins to pay",
    response="function",
    setup="""\
rows, columns = 256, 64  # the first layer of the digits MLP
""",
    hints=(
        "Write both sizes as formulas of the stored values, and solve for them; or try one zero more in a loop.",
        "Each value that is not stored saves a value and an index; the row pointers stay.",
    ),
    criteria=(
        exactly("float32", "Values and indices of 4 bytes", points=2),
        exactly("other-widths", "Other widths of values and indices"),
        exactly("tie", "Equal bytes do not pay yet"),
        exactly("never", "All zeros where only they pay, None where nothing does"),
    ),
    reference=first_that_pays,
    public=(
        Case("float32", 2, 4, 4, 4),
        Case("float32", 4, 8, 4, 4),
        Case("float32", 8, 5, 4, 4),
        Case("other-widths", 4, 16, 1, 4),
        Case("other-widths", 4, 8, 4, 8),
        Case("other-widths", 5, 7, 8, 2),
        Case("tie", 3, 8, 4, 4),
        Case("never", 5, 1, 4, 4),
        Case("never", 6, 2, 1, 4),
        Case("never", 2, 7, 1, 4),
        Case("never", 40, 2, 1, 4),
    ),
    private=drawn_shapes,
)
