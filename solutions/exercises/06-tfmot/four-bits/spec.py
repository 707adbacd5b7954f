import numpy as np

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, fact, matching, measured
from quizlib.zoo.arrays import read_checkpoint

from ..common import KERAS_ORIGIN

FLOAT_BYTES = 203_304
RANGES = 4 * (3 + 2 * 3)  # of the input and of two kernels: two ends and a step that is not used


def rounded(values, low, high, first, last):
    scale = (high - low) / (last - first)
    zero_point = round(first - low / scale)
    codes = np.clip(np.round(values / scale) + zero_point, first, last)
    return ((codes - zero_point) * scale).astype(np.float32)


def with_four_bits(x):
    """The oracle computes with NumPy: the input on 8 bits, the hidden kernels on 4, all else as floats."""
    arrays = read_checkpoint("digits_mlp")
    hidden = rounded(np.asarray(x), 0.0, 1.0, 0, 255)
    for name in ("hidden1", "hidden2"):
        kernel = arrays[f"{name}.weight"].T
        edge = float(np.abs(kernel).max())
        hidden = np.maximum(hidden @ rounded(kernel, -edge, edge, 1, 15) + arrays[f"{name}.bias"], 0)
    return (hidden @ arrays["output.weight"].T + arrays["output.bias"]).astype(np.float32)


def test_rows(generator):
    return [Case("outputs", zoo.load_digits().x_test[generator.permutation(300)[:12]])]


RANGED = (
    fact("array_shape", weight="hidden1/kernel_min", equals="()"),
    fact("array_shape", weight="hidden2/kernel_min", equals="()"),
)

EXERCISE = ExerciseSpec(
    title="A QuantizeConfig of your own",
    response="keras_model",
    name="four_bits",
    keeps=("mlp_keras",),
    setup="""\
import tensorflow_model_optimization as tfmot
import tf_keras as keras

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1
mlp_keras = zoo.digits_mlp_keras()  # hidden1, hidden2, output: 64 → 256 → 128 → 10
quantizers = tfmot.quantization.keras.quantizers
""",
    hints=(
        "`get_weights_and_quantizers` returns `[(layer.kernel, quantizer)]`; `set_quantize_weights` gets the rounded "
        "kernel in a list, and puts it in the place of `layer.kernel`.",
        "Annotate in `clone_function`, copy the weights, and call `quantize_apply` inside "
        "`tfmot.quantization.keras.quantize_scope({'FourBits': FourBits})`.",
        "The ranges are unknown until the model was called with `training=True`.",
    ),
    criteria=(
        measured("ranges", "Both hidden kernels have a range of their own", *RANGED),
        matching("outputs", "The model computes with 4-bit kernels", points=3, rtol=0, atol=0.05),
        measured(
            "nothing-more",
            "No activation and no output layer is quantized",
            *RANGED,
            fact("weight_bytes", equals=FLOAT_BYTES + RANGES),
        ),
        measured(
            "still-float",
            "The kernels are stored as the floats that they were",
            *RANGED,
            *(
                fact("change_of_weight", weight=f"{name}/kernel", origin=KERAS_ORIGIN, at_most=0)
                for name in ("hidden1", "hidden2")
            ),
            beside=("outputs",),
        ),
        measured(
            "keeps-model", "`mlp_keras` is as the setup made it", fact("given_changed", at_most=0), beside=("outputs",)
        ),
    ),
    reference=with_four_bits,
    public=(Case("outputs", zoo.load_digits().x_test[:6]),),
    private=test_rows,
)
