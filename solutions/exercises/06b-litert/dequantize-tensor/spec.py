import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, raising
from quizlib.zoo.litert_files import FileTensor

from ..common import READ_SETUP, biases, codes, float_file, layer_file, parsed, scale


def real_by_number(file, name):
    """The oracle goes from number to number, and reads the bytes by their schema."""
    _, shape, scales, zero_points, axis, values = parsed(file)[name]
    real = np.empty(shape, np.float32)
    for place in np.ndindex(*shape):
        channel = place[axis] if len(scales) > 1 else 0
        code = float(values[place])
        real[place] = (code - zero_points[channel]) * scales[channel] if scales else code
    return real


def file_with(generator, outputs, inputs, more=(), ahead=()):
    ends = [(scale(generator), int(generator.integers(-90, 90))) for _ in range(2)]
    steps = [scale(generator) for _ in range(outputs)]
    return layer_file(
        codes(generator, outputs, inputs), biases(generator, outputs), ends, steps, more=more, ahead=ahead
    )


def table(generator, shape, *, zero_point, dtype="int8", ends=False):
    """A file with one more tensor, of one scale; with `ends` its codes are the ends of int8."""
    values = generator.integers(-80, 81, shape).astype(dtype)
    if ends:
        values.flat[:2] = [-128, 127]
    first = FileTensor("table", shape, dtype, values, (scale(generator),), (zero_point,))
    return file_with(generator, 2, 3, ahead=(first,))


def along(generator, shape, axis, *, points=False):
    """A file with one more tensor whose channels lie along an axis."""
    count = shape[axis]
    zero_points = (
        tuple(int(one) for one in generator.permutation(np.arange(-40, 40))[:count]) if points else (0,) * count
    )
    steps = tuple(scale(generator) for _ in range(count))
    more = FileTensor("kernel", shape, "int8", codes(generator, *shape, low=-80, high=81), steps, zero_points, axis)
    return file_with(generator, 2, 3, (more,))


def floats(generator, outputs, inputs):
    weight = generator.normal(size=(outputs, inputs)).astype(np.float32)
    return float_file(weight, generator.normal(size=outputs).astype(np.float32))


def plain_integers(generator):
    """A file with one more tensor that has no scale, of whole numbers, such as a shape."""
    values = generator.integers(-900, 900, (2, 3)).astype(np.int32)
    return file_with(generator, 2, 2, (FileTensor("table", (2, 3), "int32", values),))


def cases(generator):
    return [
        Case("one-scale", table(generator, (3, 4), zero_point=int(generator.integers(5, 40))), "table"),
        Case("one-scale", table(generator, (5,), zero_point=-int(generator.integers(5, 40))), "table"),
        Case("far", table(generator, (2, 3), zero_point=-int(generator.integers(100, 128)), ends=True), "table"),
        Case("far", table(generator, (2, 3), zero_point=int(generator.integers(100, 128)), ends=True), "table"),
        Case("channels", file_with(generator, 3, 5), "weight"),
        Case("channels", file_with(generator, 4, 4), "weight"),
        Case("channels", file_with(generator, 3, 2), "bias"),
        Case("axis", along(generator, (1, 2, 2, 3), 3), "kernel"),
        Case("axis", along(generator, (3, 3), 1, points=True), "kernel"),
        Case("axis", along(generator, (2, 4, 3), 1, points=True), "kernel"),
        Case("float", floats(generator, 3, 4), "weight"),
        Case("float", floats(generator, 2, 3), "bias"),
        Case("float", plain_integers(generator), "table"),
        Case("missing", file_with(generator, 2, 2), "wieght"),
        Case("missing", floats(generator, 2, 2), "weigh"),
    ]


EXERCISE = ExerciseSpec(
    title="From stored codes to real numbers",
    response="function",
    setup=READ_SETUP,
    hints=(
        "`get_tensor_details` gives for each name an `index`; `get_tensor(index)` gives the codes.",
        "Scales and zero points have to lie along `quantized_dimension`: reshape them to `[1, …, -1, …, 1]`.",
        "The difference of two int8 numbers may leave int8; widen the codes first.",
    ),
    criteria=(
        matching("one-scale", "Codes with one scale and one zero point", rtol=1e-5, atol=1e-6, dtype=True),
        matching(
            "far", "Codes far from the zero point: their difference leaves int8", rtol=1e-5, atol=1e-6, dtype=True
        ),
        matching("channels", "A scale for each channel along the first axis", rtol=1e-5, atol=1e-6, dtype=True),
        matching(
            "axis", "Channels along another axis, with zero points of their own", rtol=1e-5, atol=1e-6, dtype=True
        ),
        matching("float", "What has no scale comes back as it is, in float32", dtype=True, rtol=0, atol=0),
        raising("missing", "Raises a KeyError for a name that the file does not have", "KeyError"),
    ),
    reference=real_by_number,
    public=tuple(cases(np.random.default_rng(62))),
    private=cases,
)
