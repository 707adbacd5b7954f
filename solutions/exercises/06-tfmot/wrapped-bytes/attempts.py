# %% misconception="bits-for-masks"
# The mask was counted as a bit or a byte for each weight; tfmot stores it in the dtype of the weights, four bytes each.
# Remedy: A mask takes as many bytes as the weight that it masks.


# %% wrong misconception="bits-for-masks" variant=1 loses="masks,some,several,empty"
def wrapped_bytes(layers, prunable):
    plain = 4 * sum(math.prod(shape) for weights in layers.values() for shape in weights.values())
    more = sum(math.prod(layers[name][weight]) + 4 for name in prunable for weight in prunable[name])
    return {"plain": plain, "wrapped": plain + more + 8 * len(prunable)}


# %% wrong misconception="bits-for-masks" variant=2 loses="masks,some,several,empty"
import numpy as np


def wrapped_bytes(layers, prunable):
    plain = wrapped = 0
    for name, weights in layers.items():
        for weight, shape in weights.items():
            plain += np.zeros(shape, np.float32).nbytes
            if weight in prunable.get(name, []):
                wrapped += np.zeros(shape, bool).nbytes + 4
        wrapped += 8 if name in prunable else 0
    return {"plain": plain, "wrapped": plain + wrapped}


# %% misconception="step-per-weight"
# A step was counted for each pruned weight; a wrapper has one, however many weights it prunes.
# Remedy: Add the eight bytes of the step once for each wrapped layer.


# %% wrong misconception="step-per-weight" variant=1 loses="several,empty"
def wrapped_bytes(layers, prunable):
    plain = 4 * sum(math.prod(shape) for weights in layers.values() for shape in weights.values())
    more = sum(4 * math.prod(layers[name][weight]) + 4 + 8 for name in prunable for weight in prunable[name])
    return {"plain": plain, "wrapped": plain + more}


# %% wrong misconception="step-per-weight" variant=2 loses="several,empty"
def wrapped_bytes(layers, prunable):
    plain, wrapped = 0, 0
    for name, weights in layers.items():
        for weight, shape in weights.items():
            size = 4 * math.prod(shape)
            plain += size
            wrapped += 2 * size + 12 if weight in prunable.get(name, []) else size
    return {"plain": plain, "wrapped": wrapped}


# %% misconception="step-of-four"
# The step was counted as four bytes; it is an int64.
# Remedy: Eight bytes for the step, four for each float32.


# %% wrong misconception="step-of-four" variant=1 loses="masks,some,several,empty"
def wrapped_bytes(layers, prunable):
    plain = sum(math.prod(shape) for weights in layers.values() for shape in weights.values())
    more = sum(math.prod(layers[name][weight]) + 1 for name in prunable for weight in prunable[name])
    return {"plain": 4 * plain, "wrapped": 4 * (plain + more + len(prunable))}


# %% wrong misconception="step-of-four" variant=2 loses="masks,some,several,empty"
def wrapped_bytes(layers, prunable):
    numbers = {"plain": 0, "wrapped": 0}
    for name, weights in layers.items():
        for weight, shape in weights.items():
            numbers["plain"] += math.prod(shape)
            numbers["wrapped"] += math.prod(shape)
            if weight in prunable.get(name, []):
                numbers["wrapped"] += math.prod(shape) + 1
        numbers["wrapped"] += name in prunable
    return {part: 4 * count for part, count in numbers.items()}


# %% misconception="every-weight-masked"
# Biases were given masks, too; only what the layer calls prunable has one.
# Remedy: Add a mask for the weights that `prunable` names, and no others.


# %% wrong misconception="every-weight-masked" variant=1 loses="masks,some,several,empty"
def wrapped_bytes(layers, prunable):
    plain = 4 * sum(math.prod(shape) for weights in layers.values() for shape in weights.values())
    more = sum(4 * math.prod(shape) + 4 for name in prunable for shape in layers[name].values())
    return {"plain": plain, "wrapped": plain + more + 8 * len(prunable)}


# %% wrong misconception="every-weight-masked" variant=2 loses="masks,some,several,empty"
def wrapped_bytes(layers, prunable):
    plain = wrapped = 0
    for name, weights in layers.items():
        size = 4 * sum(map(math.prod, weights.values()))
        plain += size
        wrapped += size
        if name in prunable:
            wrapped += size + 4 * len(weights) + 8
    return {"plain": plain, "wrapped": wrapped}


# %% misconception="all-wrapped"
# Layers that `prunable` does not name were wrapped, too.
# Remedy: Go through `prunable`; a layer that is not in it has no wrapper.


# %% wrong misconception="all-wrapped" variant=1 loses="plain,some,several"
def wrapped_bytes(layers, prunable):
    plain = 4 * sum(math.prod(shape) for weights in layers.values() for shape in weights.values())
    more = 0
    for name, weights in layers.items():
        masked = prunable.get(name, ["kernel"] if "kernel" in weights else [])
        more += 8 + sum(4 * math.prod(weights[weight]) + 4 for weight in masked)
    return {"plain": plain, "wrapped": plain + more}


# %% misconception="no-thresholds"
# The threshold of each mask is missing.
# Remedy: Four more bytes for each pruned weight.


# %% wrong misconception="no-thresholds" variant=1 loses="masks,some,several,empty"
def wrapped_bytes(layers, prunable):
    plain = 4 * sum(math.prod(shape) for weights in layers.values() for shape in weights.values())
    more = sum(4 * math.prod(layers[name][weight]) for name in prunable for weight in prunable[name])
    return {"plain": plain, "wrapped": plain + more + 8 * len(prunable)}


# %% misconception="numpy-numbers"
# The numbers are NumPy's: `np.prod` gives an `np.int64`, and for the shape `[]` even a float; `int`s are asked for.
# Remedy: `math.prod(shape)` gives an `int`, or put `int(…)` around the sum.


# %% wrong misconception="numpy-numbers" variant=1 loses="plain,some"
import numpy as np


def wrapped_bytes(layers, prunable):
    plain = 4 * sum(np.prod(shape) for weights in layers.values() for shape in weights.values())
    more = sum(4 * np.prod(layers[name][weight]) + 4 for name in prunable for weight in prunable[name])
    return {"plain": plain, "wrapped": plain + more + 8 * len(prunable)}


# %% wrong misconception="numpy-numbers" variant=2 loses="plain,some"
import numpy as np


def wrapped_bytes(layers, prunable):
    plain = wrapped = 0
    for name, weights in layers.items():
        for weight, shape in weights.items():
            size = np.array(shape).prod() * 4
            plain += size
            wrapped += size + (size + 4 if weight in prunable.get(name, []) else 0)
        wrapped += 8 * (name in prunable)
    return {"plain": plain, "wrapped": wrapped}


# %% right style="layer by layer"
def wrapped_bytes(layers, prunable):
    plain = wrapped = 0
    for name, weights in layers.items():
        sizes = {weight: 4 * math.prod(shape) for weight, shape in weights.items()}
        plain += sum(sizes.values())
        if name in prunable:
            wrapped += 8 + sum(sizes[weight] + 4 for weight in prunable[name])
    return {"plain": plain, "wrapped": plain + wrapped}


# %% right style="NumPy's own bytes"
import numpy as np


def wrapped_bytes(layers, prunable):
    arrays = [np.empty(shape, np.float32) for weights in layers.values() for shape in weights.values()]
    plain = sum(array.nbytes for array in arrays)
    for name, masked in prunable.items():
        arrays.append(np.empty((), np.int64))
        for weight in masked:
            arrays += [np.empty(layers[name][weight], np.float32), np.empty((), np.float32)]
    return {"plain": plain, "wrapped": sum(array.nbytes for array in arrays)}
