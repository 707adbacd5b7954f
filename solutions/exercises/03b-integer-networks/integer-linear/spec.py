import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import ODD_CODES, ODD_WEIGHTS, beyond_float32


def int64_linear(q_x, zero_point, q_w, q_bias):
    products = np.einsum("nk,mk->nm", q_x.astype(np.int64) - zero_point, q_w.astype(np.int64))
    return (products + q_bias.astype(np.int64)).astype(np.int32)


def drawn_layer(generator, rows, inputs, outputs, zero_point, reach=127, weight_reach=None):
    weight_reach = weight_reach or reach
    q_x = generator.integers(-reach - 1, reach + 1, (rows, inputs)).astype(np.int8)
    q_w = generator.integers(-weight_reach, weight_reach + 1, (outputs, inputs)).astype(np.int8)
    q_bias = generator.integers(-900, 900, outputs).astype(np.int32)
    return q_x, zero_point, q_w, q_bias


def with_ends(layer):
    """Return a layer whose first code is the lowest there is, and meets no weight of 0."""
    q_x, zero_point, q_w, q_bias = layer
    q_x[0, 0], q_w[0, 0] = -128, 19
    return q_x, zero_point, q_w, q_bias


def fresh_layers(generator):
    zero_point = int(generator.integers(20, 60))
    wide = drawn_layer(generator, 2, 300, 3, 0)
    same_sign = (np.abs(wide[0].astype(np.int16)).clip(60, 127).astype(np.int8), 0, np.abs(wide[2]), wide[3])
    far = drawn_layer(generator, 3, 4, 4, 60 + zero_point, weight_reach=20)
    return [
        Case("products", *drawn_layer(generator, 4, 6, 3, 0, reach=70)),
        Case("products", *drawn_layer(generator, 5, 5, 5, 0, reach=70)),
        Case("zero-point", *drawn_layer(generator, 3, 4, 4, zero_point, reach=60)),
        Case("zero-point", *drawn_layer(generator, 2, 3, 5, -zero_point, reach=60)),
        Case("zero-point", *with_ends(far)),
        Case("wide", *same_sign),
        Case("wide", *beyond_float32(generator)),
        Case("int32", *drawn_layer(generator, 1, 1, 1, 0, reach=5)),
    ]


EXERCISE = ExerciseSpec(
    title="An integer linear layer",
    response="function",
    setup="""\
import numpy as np

rng = np.random.default_rng(315)
q_x = rng.integers(-128, 128, (2, 64)).astype(np.int8)
q_w = rng.integers(-127, 128, (3, 64)).astype(np.int8)
q_bias = np.array([100, -2000, 0], dtype=np.int32)
""",
    hints=(
        "NumPy multiplies int8 by int8 in int8: make both sides int32 before anything else.",
        "The input's zero point comes off every input code; the weights are symmetric and have none.",
    ),
    criteria=(
        exactly("products", "Sums of products and bias, zero point 0", points=2),
        exactly("zero-point", "The zero point comes off the input codes", points=2),
        exactly("wide", "Sums and biases beyond 16 bits, exact to the last digit"),
        exactly("int32", "Accumulators are int32, shape (rows, outputs)", dtype=True),
        unchanged("keeps-input", "Leaves the codes as given"),
    ),
    reference=int64_linear,
    public=(
        Case(
            "products",
            np.array([[10, -20]], np.int8),
            0,
            np.array([[3, 4], [50, -60]], np.int8),
            np.array([7, -8], np.int32),
        ),
        Case(
            "zero-point",
            np.array([[10, -20]], np.int8),
            5,
            np.array([[3, 4], [50, -60]], np.int8),
            np.array([7, -8], np.int32),
        ),
        Case(
            "zero-point",
            np.array([[100, -120]], np.int8),
            60,
            np.array([[3, 4], [50, -60]], np.int8),
            np.array([7, -8], np.int32),
        ),
        Case("products", *drawn_layer(np.random.default_rng(1), 3, 2, 4, 0, reach=70)),
        Case("products", *drawn_layer(np.random.default_rng(3), 5, 3, 2, 0, reach=70)),
        Case("zero-point", *drawn_layer(np.random.default_rng(2), 3, 2, 3, -7, reach=70)),
        Case("wide", np.full((1, 12), -120, np.int8), 0, np.full((1, 12), 110, np.int8), np.array([1], np.int32)),
        Case("wide", np.array([[50, 60]], np.int8), 0, np.array([[3, 4]], np.int8), np.array([-200_000], np.int32)),
        Case("wide", ODD_CODES[None], 0, ODD_WEIGHTS[None], np.array([-16_850_480], np.int32)),  # leaves 5
        Case("int32", np.array([[2]], np.int8), 0, np.array([[3]], np.int8), np.array([4], np.int32)),
    ),
    private=fresh_layers,
)
