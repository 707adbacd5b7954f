"""What several exercises of 06b-litert share."""

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from quizlib.zoo.litert_files import DenseLayer, FileTensor, dense_file

READ_SETUP = """\
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from quizlib.zoo.litert_files import int8_layer_litert

file = int8_layer_litert()  # one int8 layer, 3 → 2: tensors x, weight, bias and y
"""


def scale(generator, low=0.004, high=0.09):
    return float(np.float32(generator.uniform(low, high)))


def layer_file(weight, bias, ends, steps, *, relu=False, more=(), ahead=()):
    """Return a file of one int8 layer, `ends` being scale and zero point of x and of y."""
    (step, zero), (out_step, out_zero) = ends
    count = len(steps)
    tensors = [
        *ahead,
        FileTensor("x", (1, weight.shape[1]), "int8", None, (step,), (zero,)),
        FileTensor("weight", weight.shape, "int8", weight, tuple(steps), (0,) * count),
        FileTensor("bias", bias.shape, "int32", bias, tuple(step * one for one in steps), (0,) * count),
        FileTensor("y", (1, len(bias)), "int8", None, (out_step,), (out_zero,)),
        *more,
    ]
    return dense_file(tensors, [DenseLayer("x", "weight", "bias", "y", relu=relu)])


def float_file(weight, bias, names=("x", "weight", "bias", "y"), more=()):
    tensors = [
        FileTensor(names[0], (1, weight.shape[1]), "float32"),
        FileTensor(names[1], weight.shape, "float32", weight),
        FileTensor(names[2], bias.shape, "float32", bias),
        FileTensor(names[3], (1, len(bias)), "float32"),
        *more,
    ]
    return dense_file(tensors, [DenseLayer(*names)])


def codes(generator, *shape, low=-127, high=128):
    return generator.integers(low, high, shape).astype(np.int8)


def biases(generator, *shape):
    return generator.integers(-900, 900, shape).astype(np.int32)


def parsed(file):
    """Read a file by its schema, without an interpreter: name → (type, shape, scales, zero points, axis, values)."""
    model = schema.ModelT.InitFromPackedBuf(file, 0)
    types = {number: name.lower() for name, number in vars(schema.TensorType).items() if isinstance(number, int)}
    found = {}
    for tensor in model.subgraphs[0].tensors:
        grid, data = tensor.quantization, model.buffers[tensor.buffer].data
        dtype, shape = types[tensor.type], tuple(int(one) for one in tensor.shape)
        is_coded = grid is not None and grid.scale is not None
        found[tensor.name.decode()] = (
            dtype,
            shape,
            [float(one) for one in grid.scale] if is_coded else [],
            [int(one) for one in grid.zeroPoint] if is_coded else [],
            int(grid.quantizedDimension) if is_coded else 0,
            None if data is None else np.frombuffer(bytes(bytearray(data)), dtype).reshape(shape),
        )
    return found
