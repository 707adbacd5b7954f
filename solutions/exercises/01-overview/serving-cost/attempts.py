# %% misconception="adds-neurons"
# The units are added up. Each output of a layer reads each of its inputs, so the work is their product.
# Remedy: Sum inputs × outputs over the pairs of neighbouring widths.

# %% wrong misconception="adds-neurons" variant=1 loses="macs,macs-of-codes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    weight_bytes = sum(-(-i * o * bits // 8) for i, o in layers)
    return {"macs": sum(i + o for i, o in layers), "bytes": weight_bytes + 4 * sum(widths[1:])}


# %% wrong misconception="adds-neurons" variant=2 loses="macs,macs-of-codes"
import math


def serving_cost(widths, bits):
    work = storage = 0
    for index in range(1, len(widths)):
        work = work + widths[index - 1]
        work = work + widths[index]
        storage += math.ceil(widths[index - 1] * widths[index] * bits / 8)
        storage += 4 * widths[index]
    return dict(macs=work, bytes=storage)


# %% misconception="bits-for-bytes"
# The weights are counted in bits, or as if each bit took a byte.
# Remedy: Divide the bits of a layer by 8, rounding up.


# %% wrong misconception="bits-for-bytes" variant=1 loses="float-bytes,code-bytes,packed-bytes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    macs = sum(i * o for i, o in layers)
    return {"macs": macs, "bytes": macs * bits + 4 * sum(widths[1:])}


# %% wrong misconception="bits-for-bytes" variant=2 loses="float-bytes,code-bytes,packed-bytes"
def serving_cost(widths, bits):
    cost = {"macs": 0, "bytes": 0}
    for i, o in zip(widths, widths[1:]):
        cost["macs"] += i * o
        cost["bytes"] += bits * i * o
        cost["bytes"] += 4 * o
    return cost


# %% misconception="biases-forgotten"
# The biases are left out. They are few, but they stay float32 when the weights shrink.
# Remedy: Add 4 bytes for each output of each layer.


# %% wrong misconception="biases-forgotten" variant=1 loses="float-bytes,code-bytes,packed-bytes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    return {"macs": sum(i * o for i, o in layers), "bytes": sum((i * o * bits + 7) // 8 for i, o in layers)}


# %% wrong misconception="biases-forgotten" variant=2 loses="float-bytes,code-bytes,packed-bytes"
def serving_cost(widths, bits):
    macs = weight_bytes = 0
    previous = widths[0]
    for width in widths[1:]:
        weights = previous * width
        whole, rest = divmod(weights * bits, 8)
        weight_bytes += whole + (rest > 0)
        macs += weights
        previous = width
    return {"macs": macs, "bytes": weight_bytes}


# %% misconception="rounds-down"
# The bits of a layer are divided by 8 and rounded down; the last codes have no byte to live in.
# Remedy: Round up: `-(-bits // 8)`.


# %% wrong misconception="rounds-down" variant=1 loses="packed-bytes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    weight_bytes = sum(i * o * bits // 8 for i, o in layers)
    return {"macs": sum(i * o for i, o in layers), "bytes": weight_bytes + 4 * sum(widths[1:])}


# %% wrong misconception="rounds-down" variant=2 loses="packed-bytes"
def serving_cost(widths, bits):
    macs, size = 0, 0
    for i, o in zip(widths[:-1], widths[1:]):
        macs += i * o
        size += int(i * o * bits / 8) + o * 4
    return {"bytes": size, "macs": macs}


# %% misconception="fewer-macs-by-bits"
# The MACs shrink with the bits. A narrower number makes each multiplication cheaper, not rarer.
# Remedy: Leave `bits` out of the MACs.


# %% wrong misconception="fewer-macs-by-bits" variant=1 loses="macs-of-codes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    weight_bytes = sum(-(-i * o * bits // 8) for i, o in layers)
    return {"macs": sum(i * o for i, o in layers) * bits // 32, "bytes": weight_bytes + 4 * sum(widths[1:])}


# %% wrong misconception="fewer-macs-by-bits" variant=2 loses="macs-of-codes"
def serving_cost(widths, bits):
    macs = size = 0
    for i, o in zip(widths, widths[1:]):
        macs += i * o
        size += (i * o * bits + 7) // 8 + 4 * o
    return {"macs": int(macs * bits / 32), "bytes": size}


# %% misconception="flops-for-macs"
# FLOPs are returned, two for each multiply-accumulate.
# Remedy: Count each product with its addition once.


# %% wrong misconception="flops-for-macs" variant=1 loses="macs,macs-of-codes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    weight_bytes = sum(-(-i * o * bits // 8) for i, o in layers)
    return {"macs": 2 * sum(i * o for i, o in layers), "bytes": weight_bytes + 4 * sum(widths[1:])}


# %% wrong misconception="flops-for-macs" variant=2 loses="macs,macs-of-codes"
def serving_cost(widths, bits):
    macs = size = 0
    for i, o in zip(widths, widths[1:]):
        macs += i * o + i * o  # products, and additions
        size += (i * o * bits + 7) // 8 + 4 * o
    return {"macs": macs, "bytes": size}


# %% misconception="narrow-biases"
# The biases are given the bits of a weight; they stay float32, of 4 bytes each.
# Remedy: Add `4 * sum(widths[1:])`, whatever `bits` is.


# %% wrong misconception="narrow-biases" variant=1 loses="code-bytes,packed-bytes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    weight_bytes = sum(-(-i * o * bits // 8) for i, o in layers)
    bias_bytes = sum(-(-o * bits // 8) for o in widths[1:])
    return {"macs": sum(i * o for i, o in layers), "bytes": weight_bytes + bias_bytes}


# %% wrong misconception="narrow-biases" variant=2 loses="code-bytes,packed-bytes"
def serving_cost(widths, bits):
    macs = size = 0
    for i, o in zip(widths, widths[1:]):
        macs += i * o
        size += (i * o * bits + 7) // 8 + (o * bits + 7) // 8
    return {"macs": macs, "bytes": size}


# %% misconception="rounds-once-at-the-end"
# The bits of all layers are added before they are rounded up to bytes, as if layers shared a byte.
# Remedy: Round each layer up on its own, then add.


# %% wrong misconception="rounds-once-at-the-end" variant=1 loses="packed-bytes"
def serving_cost(widths, bits):
    macs = sum(i * o for i, o in zip(widths, widths[1:]))
    return {"macs": macs, "bytes": -(-macs * bits // 8) + 4 * sum(widths[1:])}


# %% wrong misconception="rounds-once-at-the-end" variant=2 loses="packed-bytes"
import math


def serving_cost(widths, bits):
    macs, size = 0, 0.0
    for i, o in zip(widths, widths[1:]):
        macs += i * o
        size += i * o * bits / 8 + 4 * o
    return {"macs": macs, "bytes": math.ceil(size)}


# %% misconception="rounds-each-row"
# The bits are rounded up more often than once a layer: for each output on its own.
# Remedy: Pack all weights of a layer together: ⌈inputs · outputs · bits / 8⌉.


# %% wrong misconception="rounds-each-row" variant=1 loses="packed-bytes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    weight_bytes = sum(o * -(-i * bits // 8) for i, o in layers)
    return {"macs": sum(i * o for i, o in layers), "bytes": weight_bytes + 4 * sum(widths[1:])}


# %% wrong misconception="rounds-each-row" variant=2 loses="packed-bytes"
def serving_cost(widths, bits):
    macs = size = 0
    for i, o in zip(widths, widths[1:]):
        for _ in range(o):
            macs += i
            size += (i * bits + 7) // 8 + 4
    return {"macs": macs, "bytes": size}


# %% misconception="whole-bytes-for-codes"
# Each weight gets whole bytes of its own. Narrow codes are packed: eight of one bit share a byte.
# Remedy: Take the bits of a layer together, and round those up.


# %% wrong misconception="whole-bytes-for-codes" variant=1 loses="packed-bytes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    macs = sum(i * o for i, o in layers)
    return {"macs": macs, "bytes": macs * -(-bits // 8) + 4 * sum(widths[1:])}


# %% wrong misconception="whole-bytes-for-codes" variant=2 loses="packed-bytes"
import math


def serving_cost(widths, bits):
    cost = {"macs": 0, "bytes": 0}
    for i, o in zip(widths, widths[1:]):
        cost["macs"] += i * o
        cost["bytes"] += i * o * math.ceil(bits / 8) + 4 * o
    return cost


# %% misconception="works-in-place"
# The call changed the list of widths that was given, so the caller's numbers are gone afterwards.
# Remedy: Read the widths, or work on a copy: `list(widths)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def serving_cost(widths, bits):
    macs = size = 0
    inputs = widths.pop(0)
    for outputs in widths:
        macs += inputs * outputs
        size += (inputs * outputs * bits + 7) // 8 + 4 * outputs
        inputs = outputs
    return {"macs": macs, "bytes": size}


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def serving_cost(widths, bits):
    macs = size = 0
    while len(widths) > 1:
        outputs = widths.pop()
        macs += widths[-1] * outputs
        size += (widths[-1] * outputs * bits + 7) // 8 + 4 * outputs
    return {"macs": macs, "bytes": size}


# %% decoy misconception="rounds-down" loses="packed-bytes"
def serving_cost(widths, bits):
    layers = list(zip(widths, widths[1:]))
    weight_bytes = sum(round(i * o * bits / 8) for i, o in layers)  # to the nearest whole byte
    return {"macs": sum(i * o for i, o in layers), "bytes": weight_bytes + 4 * sum(widths[1:])}


# %% right style="a loop over the layers"
def serving_cost(widths, bits):
    macs = size = 0
    for layer in range(len(widths) - 1):
        weights = widths[layer] * widths[layer + 1]
        macs += weights
        size += (weights * bits + 7) // 8 + 4 * widths[layer + 1]
    return {"macs": macs, "bytes": size}


# %% right style="NumPy over all layers at once"
import numpy as np


def serving_cost(widths, bits):
    widths = np.asarray(widths)
    weights = widths[:-1] * widths[1:]
    packed = np.ceil(weights * bits / 8).astype(int)
    return {"macs": int(weights.sum()), "bytes": int((packed + 4 * widths[1:]).sum())}


# %% right style="counted on a torch model"
import math

from torch import nn


def serving_cost(widths, bits):
    layers = [nn.Linear(inputs, outputs, device="meta") for inputs, outputs in zip(widths, widths[1:])]
    size = sum(math.ceil(layer.weight.numel() * bits / 8) + layer.bias.nbytes for layer in layers)
    return {"macs": sum(layer.weight.numel() for layer in layers), "bytes": size}
