# %% misconception="result-not-written"
# Only what is read counts; the result has to be written as well.
# Remedy: Add the bytes of the result.

# %% wrong misconception="result-not-written" variant=1 loses="elementwise,dot,linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        return 2 * rows * inputs * outputs / (4 * rows * inputs + inputs * outputs * weight_bits / 8)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * (rows * n + n))
    (n,) = shape
    return {"relu": n, "dot": 2 * n}[op] / (4 * {"relu": n, "dot": 2 * n}[op])


# %% wrong misconception="result-not-written" variant=2 loses="elementwise,dot,linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    match op, shape:
        case "relu", _:
            return 1 / 4
        case "bias", (rows, _):
            return rows / (4 * rows + 4)
        case "dot", _:
            return 2 / 8
        case _, (rows, inputs, outputs):
            bits_read = 32 * rows * inputs + weight_bits * inputs * outputs
            return 16 * rows * inputs * outputs / bits_read


# %% decoy misconception="result-not-written" loses="elementwise"
# A comparison and a choice are counted for each number of `relu`.
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        weight_bytes = inputs * outputs * weight_bits / 8
        return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + weight_bytes)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * (2 * rows * n + n))
    (n,) = shape
    return 2 * n / (4 * {"relu": 2 * n, "dot": 2 * n + 1}[op])


# %% misconception="macs-for-flops"
# A multiply-accumulate is counted as one operation; it is a product and an addition.
# Remedy: Count two FLOPs for each product in `dot` and `linear`.


# %% wrong misconception="macs-for-flops" variant=1 loses="dot,linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        weight_bytes = inputs * outputs * weight_bits / 8
        return rows * inputs * outputs / (4 * rows * (inputs + outputs) + weight_bytes)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * (2 * rows * n + n))
    (n,) = shape
    return n / (4 * {"relu": 2 * n, "dot": 2 * n + 1}[op])


# %% wrong misconception="macs-for-flops" variant=2 loses="dot,linear,narrow-weights"
import math


def intensity(op, shape, weight_bits=32):
    operations = math.prod(shape)
    if op == "linear":
        rows, inputs, outputs = shape
        return operations / (4 * rows * inputs + 4 * rows * outputs + weight_bits / 8 * inputs * outputs)
    beside = {"relu": 0, "bias": shape[-1], "dot": 1}[op]
    return operations / (4 * (2 * operations + beside))


# %% misconception="weights-alone"
# Only the weights of a linear layer are counted; its input and output travel too.
# Remedy: Add the bytes of all rows that come in and go out.


# %% wrong misconception="weights-alone" variant=1 loses="linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        return 2 * rows * inputs * outputs / (inputs * outputs * weight_bits / 8)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * (2 * rows * n + n))
    (n,) = shape
    return {"relu": n, "dot": 2 * n}[op] / (4 * {"relu": 2 * n, "dot": 2 * n + 1}[op])


# %% wrong misconception="weights-alone" variant=2 loses="linear,narrow-weights"
def intensity(op, shape, weight_bits=32):
    n = shape[0]
    if op == "relu":
        return n / (4 * n + 4 * n)
    if op == "bias":
        return n / (4 * n + 4 * n + 4)
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
    if op == "bias":
        rows, n = shape
        return rows * n / (2 * rows * n + n)
    (n,) = shape
    return {"relu": n, "dot": 2 * n}[op] / {"relu": 2 * n, "dot": 2 * n + 1}[op]


# %% wrong misconception="numbers-for-bytes" variant=2 loses="elementwise,dot,linear,narrow-weights"
import numpy as np


def intensity(op, shape, weight_bits=32):
    x = np.zeros(shape[:2])
    if op == "relu":
        return x.size / (x.size + x.size)
    if op == "bias":
        return x.size / (x.size + x[0].size + x.size)
    if op == "dot":
        return 2 * x.size / (x.size + x.size + 1)
    w = np.zeros(shape[1:])
    return 2 * x.size * shape[2] / (x.size + w.size + (x @ w).size)


# %% misconception="weight-bits-ignored"
# Weights are taken for float32 whatever their bits.
# Remedy: A weight takes `weight_bits / 8` bytes.


# %% wrong misconception="weight-bits-ignored" variant=1 loses="narrow-weights"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + 4 * inputs * outputs)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * (2 * rows * n + n))
    (n,) = shape
    return {"relu": n, "dot": 2 * n}[op] / (4 * {"relu": 2 * n, "dot": 2 * n + 1}[op])


# %% wrong misconception="weight-bits-ignored" variant=2 loses="narrow-weights"
import numpy as np


def intensity(op, shape, weight_bits=32):
    x = np.zeros(shape[:2], np.float32)
    if op == "relu":
        return x.size / (x.nbytes + np.maximum(x, 0).nbytes)
    if op == "bias":
        return x.size / (2 * x.nbytes + x[0].nbytes)
    if op == "dot":
        return 2 * x.size / (2 * x.nbytes + (x @ x).nbytes)
    w = np.zeros(shape[1:], np.float32)
    return 2 * x.size * w.shape[1] / (x.nbytes + w.nbytes + (x @ w).nbytes)


# %% decoy misconception="weight-bits-ignored" loses="narrow-weights"
# Everything that the layer moves is taken to be as narrow as the weights, as in a network of whole numbers.
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        numbers = rows * (inputs + outputs) + inputs * outputs
        return 2 * rows * inputs * outputs / (numbers * weight_bits / 8)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * (2 * rows * n + n))
    (n,) = shape
    return {"relu": n, "dot": 2 * n}[op] / (4 * {"relu": 2 * n, "dot": 2 * n + 1}[op])


# %% decoy misconception="weight-bits-ignored" loses="elementwise"
# The bias of `"bias"` takes `weight_bits` bits as well.
def intensity(op, shape, weight_bits=32):
    if op == "relu":
        return 1 / 8
    if op == "bias":
        rows, n = shape
        return rows * n / (8 * rows * n + n * weight_bits / 8)
    if op == "dot":
        return 2 * shape[0] / (8 * shape[0] + 4)
    rows, inputs, outputs = shape
    return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + inputs * outputs * weight_bits / 8)


# %% misconception="bias-for-each-row"
# The bias is read again for each row; it is one operand of `n` numbers, which counts as read once.
# Remedy: Add the bytes of `n` numbers to those of `x` and of the result.


# %% wrong misconception="bias-for-each-row" variant=1 loses="elementwise"
def intensity(op, shape, weight_bits=32):
    if op == "linear":
        rows, inputs, outputs = shape
        weight_bytes = inputs * outputs * weight_bits / 8
        return 2 * rows * inputs * outputs / (4 * rows * (inputs + outputs) + weight_bytes)
    if op == "bias":
        rows, n = shape
        return rows * n / (4 * 3 * rows * n)
    (n,) = shape
    return {"relu": n, "dot": 2 * n}[op] / (4 * {"relu": 2 * n, "dot": 2 * n + 1}[op])


# %% wrong misconception="bias-for-each-row" variant=2 loses="elementwise"
import numpy as np


def intensity(op, shape, weight_bits=32):
    x = np.zeros(shape[:2], np.float32)
    if op == "linear":
        w = np.zeros(shape[1:], np.float32)
        return 2 * x.shape[0] * w.size / (x.nbytes + w.size * weight_bits / 8 + (x @ w).nbytes)
    moved = {"relu": 2 * x.nbytes, "bias": x.nbytes + np.zeros_like(x).nbytes + x.nbytes, "dot": 2 * x.nbytes + 4}[op]
    return x.size * (1 + (op == "dot")) / moved


# %% right style="bits, and pattern matching"
def intensity(op, shape, weight_bits=32):
    match op, shape:
        case "relu", (n,):
            flops, bits = n, 64 * n
        case "bias", (rows, n):
            flops, bits = rows * n, 64 * rows * n + 32 * n
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
    if op == "bias":
        b = np.zeros(shape[1], np.float32)
        return x.size / (x.nbytes + b.nbytes + (x + b).nbytes)
    if op == "dot":
        return 2 * x.size / (x.nbytes + x.nbytes + np.dot(x, x).nbytes)
    w = np.zeros(shape[1:], np.float32)
    return 2 * x.shape[0] * w.size / (x.nbytes + w.size * weight_bits / 8 + (x @ w).nbytes)
