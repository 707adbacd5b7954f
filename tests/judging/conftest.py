import warnings

import pytest
import torch

from quizlib import zoo
from quizlib.zoo.quiet import quiet

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def known_noise_dropped():
    quiet()


@pytest.fixture(scope="session")
def flatbuffers():
    """Return the digits model as LiteRT bytes: in floats, with dynamic ranges, and in integers throughout."""
    with warnings.catch_warnings():
        quiet()
        import tensorflow as tf

        model, x = zoo.build("digits_mlp_keras"), zoo.load_digits().x_train

        def convert(*, optimized, integer):
            converter = tf.lite.TFLiteConverter.from_keras_model(model)
            if optimized:
                converter.optimizations = [tf.lite.Optimize.DEFAULT]
            if integer:
                converter.representative_dataset = lambda: ([row[None]] for row in x[:50])
                converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
                converter.inference_input_type = converter.inference_output_type = tf.int8
            return converter.convert()

        return {
            "float": convert(optimized=False, integer=False),
            "dynamic": convert(optimized=True, integer=False),
            "integer": convert(optimized=True, integer=True),
        }
