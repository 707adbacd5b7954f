from functools import cache

import numpy as np
import pytest

from quizlib.evidence.values import Blob
from quizlib.judging.facts.litert import litert_input_step
from quizlib.judging.facts.registry import FactContext

EXAMPLES = np.linspace(0, 1, 640, dtype=np.float32).reshape(10, 64)


@cache
def converted(*, is_calibrated: bool, has_integer_input: bool) -> Blob:
    import tensorflow as tf

    from quizlib import zoo

    converter = tf.lite.TFLiteConverter.from_keras_model(zoo.digits_mlp_keras())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if is_calibrated:
        converter.representative_dataset = lambda: ([row[None]] for row in EXAMPLES)
    if has_integer_input:
        converter.inference_input_type = tf.int8
    return Blob(converter.convert())


@pytest.mark.parametrize("has_integer_input", [True, False])
def test_the_step_is_the_range_of_the_examples_over_255(has_integer_input):
    model = converted(is_calibrated=True, has_integer_input=has_integer_input)
    assert litert_input_step(model, FactContext()) == pytest.approx(1 / 255, rel=1e-5)


def test_the_step_of_an_input_that_stays_float_is_0():
    assert litert_input_step(converted(is_calibrated=False, has_integer_input=False), FactContext()) == 0.0
