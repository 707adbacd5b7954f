import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import ODD_CODES, ODD_WEIGHTS, beyond_float32


def torch_integer_conv(q_x, zero_point, q_w, padding):
    """Subtract the zero point first; torch then pads with real zeros, exactly in float64."""
    image = torch.tensor(q_x.astype(np.float64) - zero_point)[None]
    sums = torch.nn.functional.conv2d(image, torch.tensor(q_w.astype(np.float64)), padding=padding)[0]
    return sums.round().to(torch.int32).numpy()


def drawn_conv(generator, channels, height, width, outputs, size, reach=5):
    q_x = generator.integers(0, 256, (channels, height, width)).astype(np.uint8)
    return q_x, generator.integers(-reach, reach + 1, (outputs, channels, size, size)).astype(np.int8)


def fresh_images(generator):
    def case(behaviour, padding, *sizes):
        q_x, q_w = drawn_conv(generator, *sizes)
        return Case(behaviour, q_x, int(generator.integers(30, 200)), q_w, padding)

    bright = generator.integers(200, 256, (5, 3, 4)).astype(np.uint8)
    heavy = generator.integers(100, 128, (2, 5, 1, 1)).astype(np.int8)
    codes, zero_point, weights, _ = beyond_float32(generator)
    deep = Case("one-by-one", codes.astype(np.uint8).reshape(-1, 1, 1), zero_point, weights[:, :, None, None], 0)
    return [
        case("no-padding", 0, 2, 5, 6, 3, 3),
        case("no-padding", 0, 1, 4, 4, 2, 2),
        case("padded", 1, 2, 4, 5, 3, 3),
        case("padded", 2, 1, 3, 3, 2, 3),
        case("padded", 1, 2, 3, 5, 2, 2),
        Case("one-by-one", bright, int(generator.integers(20, 100)), heavy, 0),
        deep,
        Case("int32", np.full((1, 2, 2), 7, np.uint8), 0, generator.integers(1, 9, (1, 1, 1, 1)).astype(np.int8), 0),
    ]


EXERCISE = ExerciseSpec(
    title="An integer convolution",
    response="function",
    setup="""\
import numpy as np

rng = np.random.default_rng(319)
q_image = rng.integers(0, 256, (2, 4, 4)).astype(np.uint8)
q_kernel = rng.integers(-127, 128, (1, 2, 3, 3)).astype(np.int8)
""",
    hints=(
        "Take off the zero point in int32, then pad with 0; or pad with the zero point, then take it off.",
        "Each output is a sum over channels, rows and columns of the window: `np.sum(window * kernel)`.",
        "`np.pad(x, ((0, 0), (p, p), (p, p)))` pads rows and columns, not channels.",
    ),
    criteria=(
        exactly("no-padding", "Sums over all windows and all input channels", points=2),
        exactly("padded", "Padding stands for real 0.0", points=2),
        exactly("one-by-one", "A kernel of one pixel, with sums beyond 16 bits, exact to the last digit"),
        exactly("int32", "Accumulators are int32, shape (outputs, height, width)", dtype=True),
        unchanged("keeps-input", "Leaves the codes as given"),
    ),
    reference=torch_integer_conv,
    public=(
        Case(
            "no-padding",
            np.arange(100, 118, dtype=np.uint8).reshape(2, 3, 3),
            110,
            np.array([[[[1, 2], [-3, 4]], [[50, -6], [70, 80]]], [[[9, -1], [0, 5]], [[-7, 30], [2, 11]]]], np.int8),
            0,
        ),
        Case(
            "padded",
            np.array([[[10, 200], [30, 40]]], np.uint8),
            10,
            np.arange(-40, 50, 10, dtype=np.int8).reshape(1, 1, 3, 3),
            1,
        ),
        Case(
            "padded",
            np.array([[[10, 200, 3], [30, 40, 77]], [[0, 55, 90], [255, 8, 61]]], np.uint8),
            60,
            np.arange(-36, 36, 2, dtype=np.int8).reshape(2, 2, 3, 3)[:, ::-1],
            1,
        ),
        # Two rows and columns on each side, and a kernel of even size.
        Case(
            "padded",
            np.array([[[10, 200, 3], [30, 40, 77]], [[0, 55, 90], [255, 8, 61]]], np.uint8),
            128,
            np.array([[[[1, 2], [-3, 4]], [[5, -6], [7, 8]]]], np.int8),
            2,
        ),
        Case("one-by-one", np.array([[[200]], [[250]]], np.uint8), 10, np.array([[[[110]], [[120]]]], np.int8), 0),
        Case("one-by-one", ODD_CODES.astype(np.uint8).reshape(-1, 1, 1), 0, ODD_WEIGHTS.reshape(1, -1, 1, 1), 0),
        Case("int32", np.array([[[2, 3]]], np.uint8), 0, np.array([[[[5]]]], np.int8), 0),
    ),
    private=fresh_images,
)
