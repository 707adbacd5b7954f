import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import distinct


def group_by_group(kernel, zeros, size):
    """The oracle walks along the inputs of each output, and takes the smallest of each group out one by one."""
    mask = np.ones_like(kernel)
    *window, inputs, outputs = kernel.shape
    for at in np.ndindex(*window):
        for output in range(outputs):
            for begin in range(0, inputs, size):
                places = [*range(begin, min(begin + size, inputs))]
                missing = size - len(places)
                ranked = sorted(places, key=lambda place: (abs(float(kernel[(*at, place, output)])), -place))
                for place in ranked[: max(zeros - missing, 0)]:
                    mask[(*at, place, output)] = 0
    return mask


def drawn_kernels(generator):
    a, b = generator.uniform(0.2, 0.9), generator.uniform(1.1, 2.0)
    ties = np.float32([[a, -b], [-a, b], [a, -b], [a, a], [b, a], [-a, -a], [-b, b], [b, -b]])
    sparse = distinct(generator, 8, 3)
    sparse[generator.permutation(8)[:5], 1] = 0
    return [
        Case("dense", distinct(generator, 8, 3), 2, 4),
        Case("dense", distinct(generator, 12, 5), 2, 4),
        Case("ratio", distinct(generator, 8, 3), 1, 4),
        Case("ratio", distinct(generator, 9, 4), 2, 3),
        Case("leftover", distinct(generator, 7, 3), 2, 4),
        Case("leftover", distinct(generator, 6, 2), 3, 4),
        Case("leftover", distinct(generator, 2, 5), 2, 4),
        Case("ties", ties, 2, 4),
        Case("ties", sparse, 2, 4),
        Case("ties", generator.permutation(np.resize([a, -b, a], 60)).reshape(30, 2).astype(np.float32), 13, 30),
        Case("conv", distinct(generator, 3, 2, 8, 3), 2, 4),
        Case("conv", distinct(generator, 2, 2, 5, 2), 2, 4),
    ]


EIGHT = np.float32([[0.1, -0.9], [0.8, 0.2], [-0.3, 0.5], [0.4, 0.6], [-0.7, 0.3], [0.6, -0.1], [0.2, 0.7], [0.5, 0.8]])
MANY = np.tile(np.float32([1, 2, 1, 1, 2, 1, 3]), 6)[:40, None] * np.float32([1, -2])
CONV = distinct(np.random.default_rng(6), 2, 3, 6, 3, scale=0.1)

EXERCISE = ExerciseSpec(
    title="Two zeros in each four",
    response="function",
    setup="""\
import numpy as np

kernel = np.arange(1.0, 13.0, dtype=np.float32).reshape(6, 2)
""",
    hints=(
        "`kernel[..., begin : begin + size, :]` is one group of inputs for all outputs and places at once.",
        "`np.argsort(-magnitudes, axis=-2, kind='stable')` ranks it, of equal ones the first first.",
        "The first `size - zeros` of this ranking are kept, in a group that is not full, too.",
    ),
    criteria=(
        exactly("dense", "A dense kernel, 2 of 4, along the inputs", dtype=True, points=2),
        exactly("ratio", "Another ratio"),
        exactly("leftover", "A last group that is not full", points=2),
        exactly("ties", "Of equal magnitudes the later goes"),
        exactly("conv", "A convolution's kernel", points=2),
        unchanged("keeps-input", "`kernel` stays as given", beside=("dense",)),
    ),
    reference=group_by_group,
    public=(
        Case("dense", EIGHT, 2, 4),
        Case("dense", EIGHT[:4], 2, 4),
        Case("ratio", EIGHT, 1, 4),
        Case("ratio", EIGHT[:6], 2, 3),
        Case("leftover", EIGHT[:7], 2, 4),
        Case("leftover", EIGHT[:6], 3, 4),
        Case("leftover", EIGHT[:5], 2, 4),
        Case("ties", np.ones((4, 3), np.float32), 2, 4),
        Case("ties", np.zeros((8, 2), np.float32), 3, 4),
        Case("ties", MANY, 25, 40),
        Case("conv", CONV, 2, 4),
        Case("conv", CONV[:, :, :3], 2, 4),
    ),
    private=drawn_kernels,
)
