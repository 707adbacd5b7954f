import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import strided


def bit_by_bit(weights):
    """The oracle adds up powers of two."""
    flat = list(weights.ravel())
    mask = np.zeros((len(flat) + 7) // 8, dtype=np.uint8)
    for place, number in enumerate(flat):
        if number != 0:
            mask[place // 8] += 2 ** (place % 8)
    values = np.array([number for number in flat if number != 0], dtype=weights.dtype)
    return {"mask": mask, "values": values, "bytes": len(mask) + len(values) * weights.dtype.itemsize}


def _draw(generator, zeros, *shape, dtype=np.float32):
    size = int(np.prod(shape))
    numbers = generator.permutation(np.arange(1, size + 1)) * generator.choice([-1, 1], size)
    if dtype is not np.int8:
        numbers = numbers + np.sign(numbers) * generator.uniform(0, 0.4, size)  # none of them below 1
    numbers[generator.choice(size, zeros, replace=False)] = 0
    return numbers.astype(dtype).reshape(shape)


def drawn_weights(generator):
    signed = _draw(generator, 5, 3, 5)
    signed.flat[np.flatnonzero(signed)[0]] = generator.uniform(1, 2) * 1e-9
    signed[signed == 0] = -0.0
    return [
        Case("mask", _draw(generator, 9, 4, 4)),
        Case("mask", _draw(generator, 11, 3, 7)),
        Case("mask", _draw(generator, 4, 11)),
        Case("mask", strided(_draw(generator, 13, 2, 3, 5))),
        Case("mask", _draw(generator, 17, 6, 6) / 64),
        Case("values", _draw(generator, 12, 4, 6)),
        Case("values", _draw(generator, 10, 5, 3).T),
        Case("values", signed),
        Case("bytes", _draw(generator, 20, 5, 9, dtype=np.int8)),
        Case("bytes", _draw(generator, 7, 3, 6, dtype=np.float16)),
        Case("bytes", _draw(generator, 9, 3, 5, dtype=np.float64)),
        Case("values", _draw(generator, 8, 4, 5, dtype=np.int8)),
        Case("values", _draw(generator, 7, 5, 4, dtype=np.float64)),
        Case("edges", np.zeros((3, 3), np.float32)),
        Case("edges", _draw(generator, 0, 3, 8)),
        Case("edges", _draw(generator, 0, 1)),
        Case("edges", signed),
        Case("edges", np.zeros((0, 4), np.float32)),
    ]


THREE = np.array([[0, 3, 0, -1, 2], [5, 0, 0, 0, 4], [0, 0, 7, 0, 6]], np.float32)

EXERCISE = ExerciseSpec(
    title="A bit for each place",
    response="function",
    setup="""\
import numpy as np

weights = np.array([[0, 3, 0, -1, 2], [5, 0, 0, 0, 4]], dtype=np.float32)
""",
    hints=(
        "`np.packbits` packs eight places into a byte; look up its argument `bitorder`.",
        "`weights[weights != 0]` are the values in row-major order; `nbytes` is what an array takes.",
    ),
    criteria=(
        exactly("mask", "A bit for each place, the first in the lowest bit", points=2, part="mask", dtype=True),
        exactly(
            "values", "The values that are not zero, in their order and dtype", points=2, part="values", dtype=True
        ),
        exactly("bytes", "The bytes of both, whatever the dtype", part="bytes"),
        exactly("edges", "All zero, none zero, next to zero, one weight, no weight"),
        unchanged("keeps-input", "Leaves `weights` as given", beside=("mask",)),
    ),
    reference=bit_by_bit,
    public=(
        Case("mask", np.array([0, 3, 0, -1], np.float32)),
        Case("mask", THREE),
        Case("mask", np.array([[0, 1, 2, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0, 0, 3, 5]], np.float32)),
        Case("mask", strided(np.array([[[1, 0, 3], [0, 0, 2]], [[0, -4, 0], [5, 0, 0]]], np.float32))),
        Case("mask", THREE / 8),
        Case("values", THREE[:, ::-1]),
        Case("values", THREE.T),
        Case("values", np.array([[-0.0, 0.25], [1e-9, -3.0]], np.float32)),
        Case("bytes", THREE.astype(np.int8)),
        Case("bytes", THREE.astype(np.float16)),
        Case("bytes", THREE.astype(np.float64) / 3),
        Case("values", THREE.astype(np.int8)),
        Case("values", THREE.astype(np.float64) / 3),
        Case("edges", np.zeros((2, 5), np.float32)),
        Case("edges", np.arange(1, 17, dtype=np.float32).reshape(4, 4)),
        Case("edges", np.array([2.5], np.float32)),
        Case("edges", np.array([[-0.0, 0.25], [1e-9, -3.0]], np.float32)),
        Case("edges", np.zeros((0, 3), np.float32)),
    ),
    private=drawn_weights,
)
