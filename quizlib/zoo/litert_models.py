"""A LiteRT file that is small enough to follow by hand.

Importing this module loads no TensorFlow; making the file does, quietly.
"""

import numpy as np

from quizlib.zoo.quiet import quiet

WEIGHTS = np.array([[2.0, -1.0, 0.5], [-0.5, 1.5, 1.0]], np.float32)
"""Weights of the one layer, shape (2, 3): two outputs, three inputs. It has no bias."""


def small_int8_litert() -> bytes:
    """Return a LiteRT file of one dense layer, `x @ WEIGHTS.T`, that takes and gives int8.

    It was made with inputs from −1 to 3, so input and output have scales and zero points that differ.
    Input: codes, int8, shape (1, 3). Output: codes, int8, shape (1, 2).

    >>> from ai_edge_litert.interpreter import Interpreter
    >>> interpreter = Interpreter(model_content=small_int8_litert())
    >>> [details["dtype"].__name__ for details in interpreter.get_input_details()]
    ['int8']
    """
    quiet()
    import tensorflow as tf
    import tf_keras as keras

    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2, use_bias=False)])
    model.set_weights([WEIGHTS.T])
    examples = np.random.default_rng(0).uniform(-1, 3, (100, 3)).astype(np.float32)
    examples[:2] = [[-1] * 3, [3] * 3]  # the ends of the range
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([row[None]] for row in examples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    file: bytes = converter.convert()
    return file
