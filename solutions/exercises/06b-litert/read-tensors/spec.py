import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching
from quizlib.zoo.litert_files import FileTensor

from ..common import READ_SETUP, biases, codes, float_file, layer_file, parsed, scale


def read_by_schema(file):
    """The oracle reads the bytes by their schema, without an interpreter."""
    return {
        name: {
            "dtype": dtype,
            "scales": scales,
            "zero_points": zero_points,
            "axis": axis if len(scales) > 1 else None,
        }
        for name, (dtype, _, scales, zero_points, axis, _) in parsed(file).items()
    }


def plain(generator, outputs, inputs):
    weight = generator.normal(size=(outputs, inputs)).astype(np.float32)
    return float_file(weight, generator.normal(size=outputs).astype(np.float32))


def one_scale(generator, outputs, inputs):
    ends = [(scale(generator), int(generator.integers(-90, 90))) for _ in range(2)]
    return layer_file(codes(generator, outputs, inputs), biases(generator, outputs), ends, [scale(generator)])


def each_row(generator, outputs, inputs, more=()):
    ends = [(scale(generator), int(generator.integers(-90, 90))) for _ in range(2)]
    steps = [scale(generator) for _ in range(outputs)]
    return layer_file(codes(generator, outputs, inputs), biases(generator, outputs), ends, steps, more=more)


def with_depthwise(generator, channels, axis=3):
    shape = (1, 2, 2, channels) if axis == 3 else (2, channels, 2)
    steps = tuple(scale(generator) for _ in range(channels))
    more = FileTensor("kernel", shape, "int8", codes(generator, *shape), steps, (0,) * channels, axis)
    return each_row(generator, 2, 3, more=(more,))


def with_zero_points(generator, channels):
    """uint8 codes of the time before int8 files: a zero point for each channel, in a tensor that no layer uses."""
    values = generator.integers(0, 256, (channels, 2)).astype(np.uint8)
    steps = tuple(scale(generator) for _ in range(channels))
    points = tuple(int(one) for one in generator.integers(90, 160, channels))
    return each_row(generator, 3, 2, more=(FileTensor("table", values.shape, "uint8", values, steps, points),))


def drawn_files(generator):
    return [
        Case("float", plain(generator, 3, 5)),
        Case("one-scale", one_scale(generator, 4, 3)),
        Case("one-scale", one_scale(generator, 2, 6)),
        Case("channels", each_row(generator, 5, 2)),
        Case("zero-points", with_zero_points(generator, 4)),
        Case("axis", with_depthwise(generator, 3)),
        Case("axis", with_depthwise(generator, 4, 1)),
    ]


SHOWN = np.random.default_rng(61)

EXERCISE = ExerciseSpec(
    title="Read what a file says of its tensors",
    response="function",
    setup=READ_SETUP,
    hints=(
        "`Interpreter(model_content=file).get_tensor_details()` is a list with a dict for each tensor.",
        "`quantization_parameters` is a dict of `scales`, `zero_points` and `quantized_dimension`; "
        "`quantization` holds one scale at most.",
        "`np.dtype(details['dtype']).name` is the name of a type, `array.tolist()` a list of plain numbers.",
    ),
    criteria=(
        matching(
            "float",
            "Float tensors: their type, no scales, no zero points",
            beside=("one-scale", "channels", "zero-points", "axis"),
        ),
        matching("one-scale", "Tensors with one scale, and their zero point", points=2),
        matching("channels", "Tensors with a scale for each channel: all of them, in order"),
        matching("zero-points", "Zero points of channels are read as they are"),
        matching("axis", "Channels along another dimension than the first"),
    ),
    reference=read_by_schema,
    public=(
        Case("float", plain(SHOWN, 2, 3)),
        Case("one-scale", one_scale(SHOWN, 2, 3)),
        Case("channels", each_row(SHOWN, 3, 2)),
        Case("zero-points", with_zero_points(SHOWN, 3)),
        Case("axis", with_depthwise(SHOWN, 2)),
        Case("axis", with_depthwise(SHOWN, 3, 1)),
    ),
    private=drawn_files,
)
