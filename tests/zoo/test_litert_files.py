import numpy as np
import pytest

from quizlib import zoo
from quizlib.zoo.litert_files import (
    DenseLayer,
    FileTensor,
    dense_file,
    digits_mlp_litert,
    float_mlp_file,
    int8_layer_litert,
)


def loaded(file, rows=1):
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_content=file, num_threads=1, experimental_op_resolver_type=OpResolverType.BUILTIN_REF
    )
    source = interpreter.get_input_details()[0]
    interpreter.resize_tensor_input(source["index"], [rows, *source["shape"][1:]])
    interpreter.allocate_tensors()
    return interpreter


def run(file, x):
    interpreter = loaded(file, len(x))
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def test_a_float_file_computes_its_layers_with_a_relu_between_them():
    generator = np.random.default_rng(0)
    shapes = {"a.weight": (3, 5), "a.bias": (3,), "b.weight": (2, 3), "b.bias": (2,)}
    arrays = {name: generator.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    x = generator.normal(size=(4, 5)).astype(np.float32)
    hidden = np.maximum(x @ arrays["a.weight"].T + arrays["a.bias"], 0)
    expected = hidden @ arrays["b.weight"].T + arrays["b.bias"]
    assert run(float_mlp_file(arrays, ["a", "b"]), x) == pytest.approx(expected, abs=1e-5)


def test_the_digits_file_recognises_digits():
    digits = zoo.load_digits()
    assert (run(digits_mlp_litert(), digits.x_test).argmax(1) == digits.y_test).mean() > 0.95


def test_a_tensor_keeps_scales_zero_points_and_axis():
    table = FileTensor("table", (2, 3), "int8", np.int8([[1, 2, 3], [4, 5, 6]]), (0.5, 0.25, 2.0), (1, -2, 3), 1)
    layer = [FileTensor("x", (1, 1), "float32"), FileTensor("y", (1, 1), "float32")]
    layer += [FileTensor("w", (1, 1), "float32", np.ones((1, 1), np.float32))]
    layer += [FileTensor("b", (1,), "float32", np.ones(1, np.float32))]
    interpreter = loaded(dense_file([*layer, table], [DenseLayer("x", "w", "b", "y")]))
    details = next(one for one in interpreter.get_tensor_details() if one["name"] == "table")
    grid = details["quantization_parameters"]
    found = [grid["scales"].tolist(), grid["zero_points"].tolist(), grid["quantized_dimension"]]
    assert found == [[0.5, 0.25, 2.0], [1, -2, 3], 1]
    assert interpreter.get_tensor(details["index"]).tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_file_has_a_signature_that_names_its_ends():
    assert loaded(digits_mlp_litert()).get_signature_list() == {
        "serving_default": {"inputs": ["input"], "outputs": ["output/output"]}
    }


def test_the_int8_layer_gives_codes_that_can_be_computed_by_hand():
    # 0.08 of the first bias are two steps of 0.04; the second is negative, and a ReLU stands behind it
    assert run(int8_layer_litert(), np.int8([[-64, -64, -64]])).tolist() == [[-98, -100]]
