import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def digit_by_digit(values, places):
    """The oracle writes each byte in base 4, lowest digit first."""
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    for output, row in enumerate(places):
        digits = [int(byte) // 4**digit % 4 for byte in row for digit in range(4)]
        for at, digit in enumerate(digits):
            dense[output, at // 2 * 4 + digit] = values[output, at]
    return dense


PAIRS = np.array([(a, b) for a in range(4) for b in range(4) if a != b])
"""All twelve pairs of places in a group, in either order."""


def _stored(generator, outputs, groups, dtype, *, low=1, ascending=False):
    """Draw values and pairs of places; all twelve pairs come about equally often."""
    pairs = generator.permutation(np.resize(PAIRS, (outputs * groups, 2)))
    if ascending:
        pairs = np.sort(pairs, axis=1)
    digits = pairs.reshape(outputs, groups // 2, 4)
    places = (digits * 4 ** np.arange(4)).sum(axis=-1).astype(np.uint8)
    size = 2 * outputs * groups
    values = generator.permutation(np.arange(low, low + size)) * generator.choice([-1, 1], size)
    return values.reshape(outputs, -1).astype(dtype), places


def drawn_layers(generator):
    zeros, places = _stored(generator, 2, 6, np.float32)
    zeros[0, [1, 2, 5]] = 0
    return [
        Case("typical", *_stored(generator, 3, 4, np.float32, ascending=True)),
        Case("typical", *_stored(generator, 2, 6, np.float32, ascending=True)),
        Case("either-order", *_stored(generator, 3, 4, np.float32)),
        Case("either-order", *_stored(generator, 1, 12, np.float32)),
        Case("dtypes", *_stored(generator, 4, 4, np.int8)),
        Case("dtypes", *_stored(generator, 2, 4, np.float16)),
        Case("dtypes", *_stored(generator, 3, 2, np.float64)),
        Case("edges", zeros, places),
        # Four numbers that no other file holds by chance.
        Case("edges", *_stored(generator, 1, 2, np.float32, low=307)),
        Case("edges", np.zeros((0, 8), np.float32), np.zeros((0, 2), np.uint8)),
        Case("edges", np.zeros((3, 0), np.float32), np.zeros((3, 0), np.uint8)),
    ]


SEEDED = np.random.default_rng(1)
ONE = np.array([[5, 6, 7, 8]])
BYTE = np.array([[0b10_00_11_01]], np.uint8)

EXERCISE = ExerciseSpec(
    title="Read a 2:4 layer",
    response="function",
    setup="""\
import numpy as np

values = np.array([[5, 6, 7, 8]], dtype=np.int8)
places = np.array([[0b10_00_11_01]], dtype=np.uint8)
""",
    hints=(
        "`byte >> 2 * k & 3` is the k-th place of a byte, counted from the right and from 0.",
        "The two values of group `g` belong to the columns `4 * g` to `4 * g + 3`.",
    ),
    criteria=(
        exactly("typical", "Each value stands at its place of its group", points=2),
        exactly("either-order", "The two places of a group in either order"),
        exactly("dtypes", "In the dtype of the values", dtype=True),
        exactly("edges", "Stored zeros, a single byte, no outputs, no inputs"),
        unchanged("keeps-input", "Leaves `values` and `places` as given", beside=("typical",)),
    ),
    reference=digit_by_digit,
    public=(
        Case("typical", ONE.astype(np.float32), BYTE),
        Case("typical", *_stored(SEEDED, 2, 4, np.float32, ascending=True)),
        Case("typical", *_stored(SEEDED, 3, 6, np.float32, ascending=True)),
        Case("either-order", *_stored(SEEDED, 1, 12, np.float32)),
        Case("either-order", *_stored(SEEDED, 3, 4, np.float32)),
        Case("dtypes", *_stored(SEEDED, 2, 4, np.int8)),
        Case("dtypes", *_stored(SEEDED, 2, 2, np.float16)),
        Case("dtypes", *_stored(SEEDED, 1, 2, np.float64)),
        Case("edges", np.array([[0, 6, 7, 0]], np.float32), BYTE),
        Case("edges", np.array([[5, 0, -7, 8]], np.float32), np.array([[0b00_10_01_11]], np.uint8)),
        Case("edges", np.zeros((0, 4), np.float32), np.zeros((0, 1), np.uint8)),
        Case("edges", np.zeros((2, 0), np.float32), np.zeros((2, 0), np.uint8)),
    ),
    private=drawn_layers,
)
