import numpy as np
import pytest

from quizlib.zoo.litert_models import WEIGHTS, small_int8_litert


@pytest.fixture(scope="module")
def interpreter():
    from ai_edge_litert.interpreter import Interpreter

    loaded = Interpreter(model_content=small_int8_litert())
    loaded.allocate_tensors()
    return loaded


def test_the_small_file_takes_and_gives_int8(interpreter):
    ends = interpreter.get_input_details() + interpreter.get_output_details()
    assert [(end["dtype"], end["shape"].tolist()) for end in ends] == [(np.int8, [1, 3]), (np.int8, [1, 2])]


def test_the_range_of_its_input_is_from_minus_one_to_three(interpreter):
    scale, zero_point = interpreter.get_input_details()[0]["quantization"]
    assert (scale, zero_point) == (pytest.approx(4 / 255, rel=1e-6), -64)


def test_its_two_ends_have_scales_and_zero_points_of_their_own(interpreter):
    taken, given = (
        end["quantization"] for [end] in (interpreter.get_input_details(), interpreter.get_output_details())
    )
    assert taken[0] != given[0]
    assert taken[1] != given[1]


def test_its_answers_are_those_of_the_layer_within_two_steps(interpreter):
    [source], [target] = interpreter.get_input_details(), interpreter.get_output_details()
    (scale, zero_point), (step, offset) = source["quantization"], target["quantization"]
    x = np.float32([[1.0, 2.0, -0.5]])
    interpreter.set_tensor(source["index"], np.int8(np.round(x / scale) + zero_point))
    interpreter.invoke()
    found = (interpreter.get_tensor(target["index"]).astype(np.float32) - offset) * step
    assert found == pytest.approx(x @ WEIGHTS.T, abs=2 * step)
