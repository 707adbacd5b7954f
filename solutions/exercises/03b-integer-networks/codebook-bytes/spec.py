import math

import numpy as np
from scipy import stats

from quizlib.authoring import Case, ExerciseSpec, exactly, matching


def scipy_codebook_bytes(codes, bits):
    counts = np.unique(codes, return_counts=True)[1]
    entropy = stats.entropy(counts, base=2)
    book = 2**bits * np.dtype(np.float32).itemsize
    return {"packed": math.ceil(codes.size * bits / 8) + book, "entropy_bound": float(codes.size * entropy / 8 + book)}


def fresh_indices(generator):
    def codes(bits, *shape):
        """Draw codes that use neither the last entry nor one before it: the codebook is stored as a whole."""
        used = np.delete(np.arange(2**bits - 1), generator.integers(0, 2**bits - 2))
        drawn = generator.choice(used, size=shape, p=generator.dirichlet(np.full(len(used), 0.7)))
        drawn.flat[:2] = used[[0, -1]]
        return drawn.astype(np.uint8)

    return [
        Case("packed", codes(4, 40, 20), 4),
        Case("packed", codes(2, 400), 2),
        Case("entropy", codes(3, 64, 8), 3),
        Case("entropy", codes(4, 900), 4),
        Case("one-code", np.full(80, generator.integers(0, 31), np.uint8), 5),
        Case("tail", codes(3, 13 * 8 + 3), 3),
        Case("tail", codes(3, 5, 7), 3),
    ]


EXERCISE = ExerciseSpec(
    title="The bytes of a codebook",
    response="function",
    setup="""\
import numpy as np

codes = np.array([0, 0, 0, 0, 1, 1, 2, 3], dtype=np.uint8)
""",
    hints=(
        "The codebook itself is stored as well: `2**bits` float32 values.",
        "`np.unique(codes, return_counts=True)` counts the codes that occur; p = count / number of codes.",
        "Entropy is the sum of −p · log2(p), in bits a code.",
    ),
    criteria=(
        exactly("packed", "`packed`: codes of `bits` bits, and the codebook", points=2, part="packed"),
        matching(
            "entropy", "`entropy_bound`: codes at their entropy, and the codebook", points=2, part="entropy_bound"
        ),
        matching("one-code", "One code over and over has an entropy of 0"),
        exactly("tail", "A byte that is begun counts as a whole one", part="packed"),
    ),
    reference=scipy_codebook_bytes,
    public=(
        Case("packed", np.array([[0, 1, 2, 0], [0, 0, 1, 0]], np.uint8), 2),
        Case("entropy", np.array([0, 0, 0, 0, 1, 1, 2, 4], np.uint8), 3),
        Case("entropy", np.array([[0, 0, 3], [1, 0, 3]], np.uint8), 2),
        Case("one-code", np.full(16, 2, np.uint8), 3),
        Case("tail", np.array([0, 5, 1], np.uint8), 3),
        Case("tail", np.array([[0, 5, 1], [2, 2, 0]], np.uint8), 3),  # rows share bytes
    ),
    private=fresh_indices,
)
