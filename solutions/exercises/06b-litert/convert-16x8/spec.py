from quizlib.authoring import ExerciseSpec, fact, measured

EXERCISE = ExerciseSpec(
    title="Sixteen bits between the layers",
    response="litert",
    name="mixed_file",
    setup="""\
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1
examples = digits.x_train[:100]
mlp_keras = zoo.digits_mlp_keras()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "16×8 is asked for by `target_spec.supported_ops`, a list with one of `tf.lite.OpsSet`.",
        "Like int8 it needs `optimizations` and a `representative_dataset`.",
        "The ends stay float32 unless `inference_input_type` and `inference_output_type` say `tf.int16`.",
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
            "No tensor is float, but for the ends",
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", at_most=2),
        ),
        measured(
            "input-output",
            "Input and output are int16",
            fact("litert_input_dtype", equals="int16"),
            fact("litert_output_dtype", equals="int16"),
        ),
        measured(
            "examples",
            "The step of the input is that of 16 bits, and fits pixels from 0 to 1",
            # 1/32767 to 5 %; 8 bits have 1/255
            fact("litert_input_step", at_least=0.95 / 32767, at_most=1.05 / 32767),
        ),
        measured(
            "accuracy",
            "The accuracy on digits that the notebook does not hold is at least 0.90, in a third of the bytes",
            fact("litert_size_bytes", at_most=71_750),
            fact("litert_accuracy", at_least=0.90),
        ),
    ),
    symptoms={
        "eight-bits": (
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", equals=0),
            fact("litert_input_dtype", equals="int8"),
        ),
        "float-ends": (
            fact("litert_int8_weights", equals=3),
            fact("litert_input_dtype", equals="float32"),
            fact("litert_output_dtype", equals="float32"),
            fact("litert_float_tensors", equals=2),
            fact("litert_input_step", at_most=1 / 1000),
            fact("litert_size_bytes", at_least=1),
        ),
        "weights-only": (
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", at_least=3),
        ),
        "range-too-wide": (
            fact("litert_float_tensors", equals=0),
            fact("litert_input_dtype", equals="int16"),
            fact("litert_input_step", at_least=1.1 / 32767),
        ),
        "half-precision": (
            fact("litert_int8_weights", equals=0),
            fact("litert_float_weights", equals=3),
            fact("litert_size_bytes", at_least=92_000, at_most=123_000),
        ),
    },
)
