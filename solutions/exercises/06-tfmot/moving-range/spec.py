from fractions import Fraction

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged

from ..common import distinct


def weighed(batches, decay, start):
    """The oracle weighs all batches at once, in fractions: the last counts 1 - decay, the one before times decay."""
    decay, count = Fraction(decay), len(batches)
    ends = []
    for sign in (-1, 1):
        end = Fraction(start) * sign * decay**count
        for place, batch in enumerate(batches):
            reached = max(0.0, *(sign * float(number) for number in batch.ravel()))
            end += sign * Fraction(reached) * (1 - decay) * decay ** (count - 1 - place)
        ends.append(float(end))
    return tuple(ends)


def drawn_batches(generator):
    def batches(count, *shape):
        return [distinct(generator, *shape, scale=float(generator.uniform(0.05, 0.3))) for _ in range(count)]

    def positive(count):
        return [abs(batch) + 1 for batch in batches(count, 3, 4)]

    decay, start = round(float(generator.uniform(0.6, 0.95)), 3), round(float(generator.uniform(2, 7)), 2)
    return [
        Case("one", batches(1, 4, 3), decay, start),
        Case("one", batches(1, 2, 2, 3), 0.999, start),
        Case("several", batches(3, 4, 3), decay, start),
        Case("several", batches(5, 2, 5), 0.99, start),
        Case("one-signed", positive(2), decay, start),
        Case("one-signed", [-batch for batch in positive(3)], decay, start),
        Case("ends", [], decay, start),
        Case("ends", batches(3, 2, 2), 0.0, start),
        Case("ends", batches(2, 2, 2), 1.0, start),
    ]


def fixed(*rows):
    import numpy as np

    return [np.array(row, dtype=np.float32) for row in rows]


EXERCISE = ExerciseSpec(
    title="The range that an activation quantizer learns",
    response="function",
    setup="""\
import numpy as np

ten = [np.array([0.0, 0.4, 1.5], dtype=np.float32)] * 10
""",
    hints=(
        "Start with `low, high = -start, start`, and go through the batches in their order.",
        "Both ends of a batch include 0.0: `min(batch.min(), 0.0)` and `max(batch.max(), 0.0)`.",
    ),
    criteria=(
        matching("one", "After one batch", rtol=1e-6, atol=1e-7),
        matching("several", "After several batches, in their order", points=2, rtol=1e-6, atol=1e-7),
        matching("one-signed", "0.0 belongs to the range of each batch", rtol=1e-6, atol=1e-7),
        matching("ends", "No batch at all, and decays of 0 and 1", rtol=1e-6, atol=1e-7),
        unchanged("keeps-input", "`batches` stay as given", beside=("several",)),
    ),
    reference=weighed,
    public=(
        Case("one", fixed([-1.0, 2.0, 0.5]), 0.9, 6.0),
        Case("one", fixed([[-3.0, 2.0], [0.25, 1.0]]), 0.999, 6.0),
        Case("several", fixed([-1.0, 2.0], [-2.0, 0.5], [-0.25, 3.0]), 0.8, 5.0),
        Case("several", fixed([-4.0, 9.0], [-8.0, 8.0], [-0.5, 0.25], [-1.0, 7.0]), 0.75, 6.0),
        Case("one-signed", fixed([1.0, 2.0], [4.0, 0.5]), 0.8, 6.0),
        Case("one-signed", fixed([-1.0, -2.0], [-0.5, -0.25]), 0.7, 3.0),
        Case("ends", [], 0.9, 6.0),
        Case("ends", fixed([-1.0, 2.0], [-2.5, 0.5]), 0.0, 6.0),
        Case("ends", fixed([-1.0, 2.0], [-2.5, 0.5]), 1.0, 6.0),
    ),
    private=drawn_batches,
)
