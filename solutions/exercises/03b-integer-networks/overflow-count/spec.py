import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def exact_overflow_count(q_x, q_w, bits):
    """Add with Python's integers, which have no width, and ask each sum how many bits it takes."""
    sums = [sum(a * b for a, b in zip(row, weights, strict=True)) for row in q_x.tolist() for weights in q_w.tolist()]
    return sum((total if total >= 0 else ~total).bit_length() > bits - 1 for total in sums)


def fresh_sums(generator):
    def codes(rows, inputs, low=-128, high=128):
        return generator.integers(low, high, (rows, inputs)).astype(np.int8)

    return [
        Case("both-signs", codes(9, 40), codes(8, 40), 16),
        Case("both-signs", codes(6, 20), codes(6, 20), 14),
        Case("both-signs", codes(7, 11), codes(5, 11), 6),
        Case("positive", codes(5, 30, 60), codes(4, 30, 60), 17),
        *(Case("at-the-ends", *end_sums(sign, generator), bits) for sign in (1, -1) for bits in (9, 11)),
        Case("no-overflow", codes(5, 30), codes(5, 30), 24),
    ]


def end_sums(sign, generator):
    """Return codes whose sums run over powers of two of one sign and their neighbours: no end hides the other.

    Six rows more repeat some of the others, so that how many there are beyond an end varies.
    """
    powers = np.array([2**k for k in (2, 3, 4, 5, 6)])
    rows = [[sign * p, 8, t] for p in powers for t in (-1, 0, 1)]
    rows += [rows[place] for place in generator.integers(0, len(rows), 6)]
    return generator.permutation(np.array(rows, np.int8)), np.array([[16, 0, 1], [32, 0, 1]], np.int8)


EXERCISE = ExerciseSpec(
    title="Count the overflows",
    response="function",
    setup="""\
import numpy as np

rng = np.random.default_rng(316)
q_x = rng.integers(-128, 128, (64, 128)).astype(np.int8)
q_w = rng.integers(-127, 128, (32, 128)).astype(np.int8)
""",
    hints=(
        "Sum in int64 first: an accumulator that has wrapped cannot tell.",
        "A signed accumulator of `bits` bits ends at `-2**(bits - 1)` and `2**(bits - 1) - 1`; both still fit.",
    ),
    criteria=(
        exactly("positive", "Sums too large"),
        exactly("both-signs", "Sums too large and too small", points=2),
        exactly("at-the-ends", "Sums at the ends of the range and beside them"),
        exactly("no-overflow", "0 where every sum fits", beside=("positive", "both-signs", "at-the-ends")),
        unchanged("keeps-input", "Leaves the codes as given"),
    ),
    reference=exact_overflow_count,
    public=(
        Case(
            "positive",
            np.array([[100, 100], [5, 100], [90, 90]], np.int8),
            np.array([[100, 100], [90, 90]], np.int8),
            15,
        ),
        Case(
            "positive",
            np.array([[127, 127, 127, 127, 127], [120, 126, 127, 127, 120], [9, 0, -7, 5, 1]], np.int8),
            np.array([[127, 127, 127, 127, 127]], np.int8),
            17,
        ),
        Case(
            "both-signs",
            np.array([[100, 100], [-100, -100], [45, 46]], np.int8),
            np.array([[100, 100], [90, 99]], np.int8),
            14,
        ),
        Case(
            "both-signs",
            np.array([[127, 127, 127], [-128, -128, -128], [60, 50, 40]], np.int8),
            np.array([[127, 127, 127], [90, 99, 1]], np.int8),
            16,
        ),
        # Far beyond either end; 8 bits, into which sums may wrap, are still wider than these 6.
        Case(
            "both-signs",
            np.array([[127, -128, 90], [-100, 99, -3], [1, 0, 2], [60, -70, 101]], np.int8),
            np.array([[101, -77, 19], [-5, 13, 120], [0, 1, 3]], np.int8),
            6,
        ),
        # 20,000 on the way, which 15 bits do not hold, and 10,000 at the end; the last row ends beyond.
        Case(
            "both-signs",
            np.array([[100, 100, -100], [-90, -90, 90], [-100, -90, 0]], np.int8),
            np.full((1, 3), 100, np.int8),
            15,
        ),
        Case(
            "at-the-ends",
            np.array([[63, 0], [63, 1], [64, 0], [64, 1], [65, 0]], np.int8),
            np.array([[2, 1]], np.int8),
            8,
        ),
        Case(
            "at-the-ends", np.array([[-63, -1], [-64, 0], [-64, -1], [-65, 0]], np.int8), np.array([[2, 1]], np.int8), 8
        ),
        Case(
            "no-overflow", np.array([[100, 100], [-100, -100]], np.int8), np.array([[100, 100], [90, 99]], np.int8), 32
        ),
    ),
    private=fresh_sums,
)
