from quizlib.authoring import ExerciseSpec, fact, measured

FLOAT_FILE = 205_000  # bytes of the float32 file

EXERCISE = ExerciseSpec(
    title="Convert to integers only",
    response="litert",
    name="int8_file",
    setup="""\
import tensorflow as tf

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1
mlp_keras = zoo.digits_mlp_keras()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "Without a `representative_dataset` the ranges of the activations are unknown, and they stay float32.",
        "`representative_dataset` is the function itself, not its result; each item is a list with one array (1, 64).",
        "`target_spec.supported_ops` is a list with `tf.lite.OpsSet.TFLITE_BUILTINS_INT8`.",
    ),
    criteria=(
        measured(
            "weights",
            "All three weight matrices are int8",
            fact("litert_int8_weights", equals=3),
            fact("litert_float_weights", equals=0),
        ),
        measured(
            "activations",
            "Between the layers all numbers are integers",
            # a float input and output alone are two float tensors
            fact("litert_float_tensors", at_most=2),
        ),
        measured(
            "input-output",
            "Input and output are int8",
            fact("litert_input_dtype", equals="int8"),
            fact("litert_output_dtype", equals="int8"),
        ),
        measured(
            "examples",
            "The step of the input fits pixels from 0 to 1",
            # 1/255 to 5 %: some examples lack a pixel of exactly 1.0
            fact("litert_input_step", at_least=0.95 / 255, at_most=1.05 / 255),
        ),
        measured(
            "accuracy",
            "The accuracy on digits it was not trained on is at least 0.90, in a third of the bytes",
            fact("litert_size_bytes", at_most=0.35 * FLOAT_FILE),
            fact("litert_accuracy", at_least=0.90),
        ),
    ),
    symptoms={
        "weights-only": (
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", at_least=3),
        ),
        "float-ends": (
            fact("litert_int8_weights", equals=3),
            fact("litert_input_dtype", equals="float32"),
            fact("litert_output_dtype", equals="float32"),
            fact("litert_float_tensors", equals=2),
        ),
        "one-float-end": (
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", equals=1),
        ),
        "raw-pixels": (
            fact("litert_float_tensors", equals=0),
            fact("litert_input_step", at_least=1.1 / 255),
        ),
        "not-optimized": (
            fact("litert_int8_weights", equals=0),
            fact("litert_size_bytes", at_least=0.9 * FLOAT_FILE),
        ),
        "half-precision": (
            fact("litert_int8_weights", equals=0),
            fact("litert_float_weights", equals=3),
            fact("litert_size_bytes", at_least=0.45 * FLOAT_FILE, at_most=0.6 * FLOAT_FILE),
        ),
    },
)
