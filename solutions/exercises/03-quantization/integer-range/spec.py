import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, raising


def enumerate_range(bits, signed=True, narrow=False):
    """Read every bit pattern as a number, two's complement where signed."""
    if not 2 <= bits <= 16:
        raise ValueError(f"bits is {bits}; pass 2 to 16.")
    patterns = range(2**bits)
    codes = sorted(p - 2**bits if signed and p >> (bits - 1) else p for p in patterns)
    return (codes[1] if signed and narrow else codes[0]), codes[-1]


def fresh_widths(generator):
    widths = [int(bits) for bits in generator.permutation(np.arange(3, 15))]
    return [
        *(Case("signed", bits) for bits in (*widths[:3], 16)),
        *(Case("unsigned", bits, signed=False) for bits in (*widths[3:6], 16)),
        *(Case("narrow", bits, narrow=True) for bits in (*widths[6:9], 15)),
        Case("narrow", widths[11], signed=False, narrow=True),
        Case("signed", widths[3], signed=True, narrow=False),
        *(Case("refuses", 17 + bits) for bits in widths[9:11]),
        Case("refuses", -widths[8]),
        Case("refuses", 17 + widths[7], signed=False),
        Case("refuses", -widths[6], signed=False, narrow=True),
    ]


EXERCISE = ExerciseSpec(
    title="The range of an integer",
    response="function",
    hints=(
        "A code of `bits` bits has `2**bits` patterns, and 0 is one of them.",
        "Signed: half of the patterns stand for negative numbers, so the range begins at `-2**(bits - 1)`.",
    ),
    criteria=(
        exactly("signed", "Signed range, as two ints", points=2, dtype=True),
        exactly("unsigned", "Unsigned range", dtype=True),
        exactly("narrow", "Narrow range: symmetric about 0 with a sign, unchanged without one", dtype=True),
        raising("refuses", "Raises a ValueError for a width outside 2 to 16", "ValueError"),
    ),
    reference=enumerate_range,
    public=(
        *(Case("signed", bits) for bits in (8, 2, 16, *range(3, 8), *range(9, 16))),
        Case("signed", 6, signed=True, narrow=False),  # what the defaults say, too
        *(Case("unsigned", bits, signed=False) for bits in (8, 4, 16, 2, 11)),
        *(Case("narrow", bits, narrow=True) for bits in (8, 4, 12, 2, 16)),
        *(Case("narrow", bits, signed=False, narrow=True) for bits in (8, 2)),
        *(Case("refuses", bits) for bits in (1, 17, 0, -3)),
        *(Case("refuses", bits, signed=False) for bits in (1, 17)),
        Case("refuses", 17, narrow=True),
    ),
    private=fresh_widths,
)
