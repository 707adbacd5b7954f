from quizlib.authoring import ExerciseSpec, fact, measured

EXERCISE = ExerciseSpec(
    title="A recipe that leaves one layer float",
    response="litert",
    name="recipe_file",
    setup="""\
from ai_edge_litert.interpreter import Interpreter
from litert_quantizer import qtyping, quantizer, recipe

from quizlib import zoo
from quizlib.zoo.litert_files import digits_mlp_litert

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1
examples = digits.x_train[:16]
float_file = digits_mlp_litert()  # layers hidden1, hidden2 and output, all float32
""",
    hints=(
        "`recipe.static_wi8_ai8()` is a recipe for all layers; load it first.",
        "`update_quantization_recipe` with `algorithm_key='no_quantize'` takes a layer out, by a pattern.",
        "`calibrate` takes `{'serving_default': [{'input': row}, …]}` with rows of shape (1, 64).",
    ),
    criteria=(
        measured("hidden", "The weights of two layers are int8", fact("litert_int8_weights", equals=2)),
        measured(
            "output",
            "Those of the output layer are float32",
            fact("litert_float_weights", equals=1),
            fact("litert_int8_weights", equals=2),
            # 63,104 bytes with all layers int8; 66,928 with the 1,280 weights of the last in float32
            fact("litert_size_bytes", at_least=64_500, at_most=80_000),
        ),
        measured(
            "activations",
            "Up to the output layer all numbers are integers",
            fact("litert_int8_weights", at_least=1),
            fact("litert_input_dtype", equals="int8"),
            fact("litert_float_tensors", at_most=4),
        ),
        measured(
            "examples",
            "The step of the input fits pixels from 0 to 1",
            fact("litert_input_step", at_least=0.95 / 255, at_most=1.05 / 255),
        ),
        measured(
            "accuracy",
            "The accuracy on digits that the notebook does not hold is at least 0.90",
            fact("litert_accuracy", at_least=0.90),
            beside=("hidden", "examples"),
        ),
    ),
    symptoms={
        "all-layers": (
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", equals=0),
        ),
        "dynamic-recipe": (
            fact("litert_int8_weights", equals=2),
            fact("litert_float_weights", equals=1),
            fact("litert_input_step", at_most=0),
        ),
        "first-layer-float": (
            fact("litert_int8_weights", equals=2),
            fact("litert_float_weights", equals=1),
            fact("litert_size_bytes", at_least=100_000, at_most=118_000),
        ),
        "range-too-wide": (
            fact("litert_int8_weights", equals=2),
            fact("litert_input_step", at_least=1.1 / 255),
        ),
    },
)
