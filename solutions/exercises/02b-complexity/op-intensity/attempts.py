# %% misconception="result-not-written"
# Only what is read counts; the result has to be written as well.
# Remedy: Add the bytes of the result.

# %% wrong misconception="result-not-written" variant=1 loses="elementwise,dot,linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        return 2 * rows * inputs * outputs / (4 * rows * inputs + inputs * outputs * weight_bits / 8)
    (n,) = shape
    flops = {"relu": n, "add": n, "dot": 2 * n}[op]
    return flops / (4 * {"relu": n, "add": 2 * n, "dot": 2 * n}[op])


# %% wrong misconception="result-not-written" variant=2 loses="elementwise,dot,linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    match op, shape:
        case "relu", _:
            return 1 / 4
        case "add", _:
            return 1 / 8
        case "dot", _:
            return 2 / 8
        case _, (rows, inputs, outputs):
            bits_read = 32 * rows * inputs + weight_bits * inputs * outputs
            return 16 * rows * inputs * outputs / bits_read


# %% wrong misconception="result-not-written" variant=1 loses="elementwise"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        weight_bytes = inputs * outputs * weight_bits / 8
        return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + weight_bytes)
    (n,) = shape
    flops = {"relu": n, "add": n, "dot": 2 * n}[op]
    return flops / (4 * {"relu": n, "add": 3 * n, "dot": 2 * n + 1}[op])


# %% wrong misconception="result-not-written" variant=2 loses="elementwise"
def intensity(op, shape, weight_bits=32):
    match op, shape:
        case "relu", _:
            return 0.25  # it is written over its input
        case "add", _:
            return 1 / 12
        case "dot", (n,):
            return 2 * n / (8 * n + 4)
        case _, (rows, inputs, outputs):
            bits = 32 * rows * (inputs + outputs) + weight_bits * inputs * outputs
            return 16 * rows * inputs * outputs / bits


# %% misconception="macs-for-flops"
# A multiply-accumulate is counted as one operation; it is a product and an addition.
# Remedy: Count two FLOPs for each product in `dot` and `linear`.


# %% wrong misconception="macs-for-flops" variant=1 loses="dot,linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        weight_bytes = inputs * outputs * weight_bits / 8
        return rows * inputs * outputs / (4 * rows * (inputs + outputs) + weight_bytes)
    (n,) = shape
    numbers_moved = {"relu": 2 * n, "add": 3 * n, "dot": 2 * n + 1}[op]
    return n / (4 * numbers_moved)


# %% wrong misconception="macs-for-flops" variant=2 loses="dot,linear,narrow-weights"
import math


def intensity(op, shape, weight_bits=32):
    operations = math.prod(shape)
    if op == "linear":
        rows, inputs, outputs = shape
        return operations / (4 * rows * inputs + 4 * rows * outputs + weight_bits / 8 * inputs * outputs)
    vectors = {"relu": 2, "add": 3, "dot": 2}[op]
    return operations / (4 * vectors * operations + (4 if op == "dot" else 0))


# %% misconception="weights-alone"
# Only the weights of a linear layer are counted; its input and output travel too.
# Remedy: Add the bytes of all rows that come in and go out.


# %% wrong misconception="weights-alone" variant=1 loses="linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        return 2 * rows * inputs * outputs / (inputs * outputs * weight_bits / 8)
    (n,) = shape
    flops = {"relu": n, "add": n, "dot": 2 * n}[op]
    numbers_moved = {"relu": 2 * n, "add": 3 * n, "dot": 2 * n + 1}[op]
    return flops / (4 * numbers_moved)


# %% wrong misconception="weights-alone" variant=2 loses="linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    n = shape[0]
    if op == "relu":
        return n / (4 * n + 4 * n)
    if op == "add":
        return n / (4 * n + 4 * n + 4 * n)
    if op == "dot":
        return 2 * n / (8 * n + 4)
    return 16 * n / weight_bits


# %% misconception="numbers-for-bytes"
# Numbers are counted, not bytes.
# Remedy: A float32 takes 4 bytes, a weight `weight_bits / 8`.


# %% wrong misconception="numbers-for-bytes" variant=1 loses="elementwise,dot,linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        return 2 * rows * inputs * outputs / (rows * (inputs + outputs) + inputs * outputs)
    (n,) = shape
    flops = {"relu": n, "add": n, "dot": 2 * n}[op]
    return flops / {"relu": 2 * n, "add": 3 * n, "dot": 2 * n + 1}[op]


# %% wrong misconception="numbers-for-bytes" variant=2 loses="elementwise,dot,linear,narrow-weights"
import numpy as np


def intensity(op, shape, weight_bits=32):
    if op != "linear":
        x = np.zeros(shape)
        read = x.size if op == "relu" else x.size + x.size
        written = 1 if op == "dot" else x.size
        return x.size * (2 if op == "dot" else 1) / (read + written)
    x, w = np.zeros(shape[:2]), np.zeros(shape[1:])
    return 2 * x.size * shape[2] / (x.size + w.size + (x @ w).size)


# %% misconception="weight-bits-ignored"
# Weights are taken for float32 whatever their bits.
# Remedy: A weight takes `weight_bits / 8` bytes.


# %% wrong misconception="weight-bits-ignored" variant=1 loses="narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + 4 * inputs * outputs)
    (n,) = shape
    flops = {"relu": n, "add": n, "dot": 2 * n}[op]
    numbers_moved = {"relu": 2 * n, "add": 3 * n, "dot": 2 * n + 1}[op]
    return flops / (4 * numbers_moved)


# %% wrong misconception="weight-bits-ignored" variant=2 loses="narrow-weights"
import numpy as np


def intensity(op, shape, weight_bits=32):
    x = np.zeros(shape[:2], np.float32)
    if op == "relu":
        return x.size / (x.nbytes + np.maximum(x, 0).nbytes)
    if op == "add":
        return x.size / (3 * x.nbytes)
    if op == "dot":
        return 2 * x.size / (2 * x.nbytes + (x @ x).nbytes)
    w = np.zeros(shape[1:], np.float32)
    return 2 * x.size * w.shape[1] / (x.nbytes + w.nbytes + (x @ w).nbytes)


# %% right style="bits, and pattern matching"
def intensity(op, shape, weight_bits=32):
    match op, shape:
        case "relu", (n,):
            flops, bits = n, 64 * n
        case "add", (n,):
            flops, bits = n, 96 * n
        case "dot", (n,):
            flops, bits = 2 * n, 64 * n + 32
        case "linear", (rows, inputs, outputs):
            flops = 2 * rows * inputs * outputs
            bits = 32 * rows * inputs + 32 * rows * outputs + weight_bits * inputs * outputs
    return 8 * flops / bits


# %% right style="real arrays"
import numpy as np


def intensity(op, shape, weight_bits=32):
    x = np.zeros(shape[:2], np.float32)
    if op == "relu":
        return x.size / (x.nbytes + np.maximum(x, 0).nbytes)
    if op == "add":
        return x.size / (x.nbytes + x.nbytes + (x + x).nbytes)
    if op == "dot":
        return 2 * x.size / (x.nbytes + x.nbytes + np.dot(x, x).nbytes)
    w = np.zeros(shape[1:], np.float32)
    return 2 * x.shape[0] * w.size / (x.nbytes + w.size * weight_bits / 8 + (x @ w).nbytes)
