# %% misconception="layer-by-layer"
# Each layer lost the same share. Ranked together, layers with small weights lose more than others.
# Remedy: Give all the pairs `(layer, 'weight')` to one call of `prune.global_unstructured`.

# %% wrong misconception="layer-by-layer" variant=1 loses="zeros,sparsity,threshold"
pruned = copy.deepcopy(mlp)
layers = {name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)}
for layer in layers.values():
    prune.l1_unstructured(layer, "weight", amount=0.305)
    prune.remove(layer, "weight")
removed = [getattr(mlp, name).weight[layer.weight == 0].abs().max() for name, layer in layers.items()]
global_pruning = {
    "zeros": sum(int((layer.weight == 0).sum()) for layer in layers.values()),
    "sparsity": {name: float((layer.weight == 0).float().mean()) for name, layer in layers.items()},
    "threshold": float(max(removed)),
    "weight_bytes": sum(layer.weight.nbytes for layer in layers.values()),
}


# %% wrong misconception="layer-by-layer" variant=2 loses="zeros,sparsity,threshold"
zeros, sparsity, thresholds = 0, {}, []
for name in ("hidden1", "hidden2", "output"):
    magnitude = mlp.get_submodule(name).weight.detach().abs().flatten()
    count = round(0.305 * len(magnitude))
    thresholds.append(magnitude.kthvalue(count).values.item())
    sparsity[name] = count / len(magnitude)
    zeros += count
global_pruning = {"zeros": zeros, "sparsity": sparsity, "threshold": max(thresholds), "weight_bytes": 4 * 50_432}


# %% misconception="zeros-are-free"
# The bytes of the kept weights alone were counted. A dense tensor stores a zero like any other number.
# Remedy: Ask the tensor: `layer.weight.nbytes`.

# %% wrong misconception="zeros-are-free" variant=1 loses="weight-bytes"
pruned = copy.deepcopy(mlp)
layers = {name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)}
weights = [(layer, "weight") for layer in layers.values()]
prune.global_unstructured(weights, pruning_method=prune.L1Unstructured, amount=0.305)
for layer, name in weights:
    prune.remove(layer, name)
removed = [getattr(mlp, name).weight[layer.weight == 0] for name, layer in layers.items()]
global_pruning = {
    "zeros": sum(int((layer.weight == 0).sum()) for layer in layers.values()),
    "sparsity": {name: float((layer.weight == 0).float().mean()) for name, layer in layers.items()},
    "threshold": float(torch.cat(removed).abs().max()),
    "weight_bytes": sum(4 * int(torch.count_nonzero(layer.weight)) for layer in layers.values()),
}


# %% wrong misconception="zeros-are-free" variant=2 loses="weight-bytes"
names = ["hidden1", "hidden2", "output"]
every = torch.cat([getattr(mlp, name).weight.detach().abs().flatten() for name in names])
zeros = round(0.305 * len(every))
threshold = every.sort().values[zeros - 1]
global_pruning = {
    "zeros": zeros,
    "sparsity": {name: (getattr(mlp, name).weight.abs() <= threshold).float().mean().item() for name in names},
    "threshold": threshold.item(),
    "weight_bytes": (len(every) - zeros) * 4,
}


# %% misconception="percent"
# The sparsity is in per cent; it was asked for as a fraction from 0 to 1.
# Remedy: Leave out the factor of 100.

# %% wrong misconception="percent" variant=1 loses="sparsity"
pruned = copy.deepcopy(mlp)
layers = {name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)}
weights = [(layer, "weight") for layer in layers.values()]
prune.global_unstructured(weights, pruning_method=prune.L1Unstructured, amount=0.305)
for layer, name in weights:
    prune.remove(layer, name)
removed = [getattr(mlp, name).weight[layer.weight == 0] for name, layer in layers.items()]
global_pruning = {
    "zeros": sum(int((layer.weight == 0).sum()) for layer in layers.values()),
    "sparsity": {name: 100 * float((layer.weight == 0).float().mean()) for name, layer in layers.items()},
    "threshold": float(torch.cat(removed).abs().max()),
    "weight_bytes": sum(layer.weight.nbytes for layer in layers.values()),
}


# %% wrong misconception="percent" variant=2 loses="sparsity"
names = ["hidden1", "hidden2", "output"]
sizes = {name: getattr(mlp, name).weight.numel() for name in names}
every = torch.cat([getattr(mlp, name).weight.detach().abs().flatten() for name in names])
zeros = round(0.305 * len(every))
threshold = every.sort().values[zeros - 1]
counts = {name: int((getattr(mlp, name).weight.abs() <= threshold).sum()) for name in names}
global_pruning = {
    "zeros": sum(counts.values()),
    "sparsity": {name: counts[name] / sizes[name] * 100 for name in names},
    "threshold": threshold.item(),
    "weight_bytes": every.nbytes,
}


# %% misconception="density"
# The fraction that was kept is given; sparsity is the fraction of zeros.
# Remedy: Take 1 − kept, or count `weight == 0`.

# %% wrong misconception="density" variant=1 loses="sparsity"
pruned = copy.deepcopy(mlp)
layers = {name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)}
weights = [(layer, "weight") for layer in layers.values()]
prune.global_unstructured(weights, pruning_method=prune.L1Unstructured, amount=0.305)
masks = {name: layer.weight_mask for name, layer in layers.items()}
removed = [getattr(mlp, name).weight[mask == 0] for name, mask in masks.items()]
global_pruning = {
    "zeros": sum(int((mask == 0).sum()) for mask in masks.values()),
    "sparsity": {name: float(mask.mean()) for name, mask in masks.items()},
    "threshold": float(torch.cat(removed).abs().max()),
    "weight_bytes": sum(layer.weight.nbytes for layer in layers.values()),
}


# %% wrong misconception="density" variant=2 loses="sparsity"
names = ["hidden1", "hidden2", "output"]
every = torch.cat([getattr(mlp, name).weight.detach().abs().flatten() for name in names])
zeros = round(0.305 * len(every))
threshold = every.kthvalue(zeros).values
kept = {name: getattr(mlp, name).weight.abs() > threshold for name in names}
global_pruning = {
    "zeros": zeros,
    "sparsity": {name: int(mask.sum()) / mask.numel() for name, mask in kept.items()},
    "threshold": threshold.item(),
    "weight_bytes": every.nbytes,
}


# %% misconception="biases-ranked"
# The biases were ranked among the weights, so that some of what was removed are biases.
# Remedy: Leave `(layer, 'bias')` out of the list.

# %% wrong misconception="biases-ranked" variant=1 loses="zeros,sparsity,threshold"
pruned = copy.deepcopy(mlp)
layers = {name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)}
parameters = [(layer, name) for layer in layers.values() for name in ("weight", "bias")]
prune.global_unstructured(parameters, pruning_method=prune.L1Unstructured, amount=0.305)
for layer, name in parameters:
    prune.remove(layer, name)
removed = [getattr(mlp, name).weight[layer.weight == 0] for name, layer in layers.items()]
global_pruning = {
    "zeros": sum(int((layer.weight == 0).sum()) for layer in layers.values()),
    "sparsity": {name: float((layer.weight == 0).float().mean()) for name, layer in layers.items()},
    "threshold": float(torch.cat(removed).abs().max()),
    "weight_bytes": sum(layer.weight.nbytes for layer in layers.values()),
}


# %% wrong misconception="biases-ranked" variant=2 loses="zeros,sparsity,threshold"
every = torch.cat([parameter.detach().abs().flatten() for parameter in mlp.parameters()])
threshold = every.sort().values[round(0.305 * len(every)) - 1]
weights = {name: getattr(mlp, name).weight.detach() for name in ("hidden1", "hidden2", "output")}
masks = {name: weight.abs() <= threshold for name, weight in weights.items()}
global_pruning = {
    "zeros": sum(int(mask.sum()) for mask in masks.values()),
    "sparsity": {name: float(mask.float().mean()) for name, mask in masks.items()},
    "threshold": max(float(weights[name][mask].abs().max()) for name, mask in masks.items()),
    "weight_bytes": sum(weight.nbytes for weight in weights.values()),
}


# %% misconception="smallest-kept"
# The threshold is the smallest magnitude that was kept; asked for is the largest that was removed.
# Remedy: Take the weights of `mlp` where the pruned copy has a zero, and the maximum of their magnitudes.

# %% wrong misconception="smallest-kept" variant=1 loses="threshold"
pruned = copy.deepcopy(mlp)
layers = {name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)}
weights = [(layer, "weight") for layer in layers.values()]
prune.global_unstructured(weights, pruning_method=prune.L1Unstructured, amount=0.305)
after = torch.cat([layer.weight.detach().flatten() for layer in layers.values()])
global_pruning = {
    "zeros": int((after == 0).sum()),
    "sparsity": {name: float((layer.weight == 0).float().mean()) for name, layer in layers.items()},
    "threshold": float(after[after != 0].abs().min()),
    "weight_bytes": after.nbytes,
}


# %% wrong misconception="smallest-kept" variant=2 loses="threshold"
weights = {name: getattr(mlp, name).weight.detach().abs() for name in ("hidden1", "hidden2", "output")}
ordered = torch.cat([weight.flatten() for weight in weights.values()]).sort().values
zeros = round(0.305 * len(ordered))
threshold = ordered[zeros]  # the first index that is too far
global_pruning = {
    "zeros": zeros,
    "sparsity": {name: float((weight < threshold).float().mean()) for name, weight in weights.items()},
    "threshold": float(threshold),
    "weight_bytes": ordered.nbytes,
}


# %% misconception="signed-threshold"
# The threshold is the largest number that was removed, sign included; a negative one of larger magnitude went as well.
# Remedy: Take the magnitudes first: `.abs().max()`.

# %% wrong misconception="signed-threshold" variant=1 loses="threshold"
pruned = copy.deepcopy(mlp)
layers = {name: layer for name, layer in pruned.named_children() if isinstance(layer, nn.Linear)}
weights = [(layer, "weight") for layer in layers.values()]
prune.global_unstructured(weights, pruning_method=prune.L1Unstructured, amount=0.305)
before = torch.cat([getattr(mlp, name).weight.detach().flatten() for name in layers])
after = torch.cat([layer.weight.detach().flatten() for layer in layers.values()])
global_pruning = {
    "zeros": int((after == 0).sum()),
    "sparsity": {name: float((layer.weight == 0).float().mean()) for name, layer in layers.items()},
    "threshold": float(before[after == 0].max()),
    "weight_bytes": after.nbytes,
}


# %% wrong misconception="signed-threshold" variant=2 loses="threshold"
names = ["hidden1", "hidden2", "output"]
every = torch.cat([getattr(mlp, name).weight.detach().flatten() for name in names])
removed = every.abs().argsort()[: round(0.305 * len(every))]
limit = every[removed].abs().max()
shares = {name: (getattr(mlp, name).weight.abs() <= limit).float().mean().item() for name in names}
largest = every[removed].max().item()
global_pruning = {"zeros": len(removed), "sparsity": shares, "threshold": largest, "weight_bytes": every.nbytes}


# %% right style="a threshold by sorting, no prune module"
weights = {name: tensor.abs() for name, tensor in mlp.state_dict().items() if name.endswith("weight")}
ordered = torch.cat([weight.flatten() for weight in weights.values()]).sort().values
zeros = round(0.305 * len(ordered))
threshold = ordered[zeros - 1]
global_pruning = {
    "zeros": zeros,
    "sparsity": {name.split(".")[0]: float((weight <= threshold).float().mean()) for name, weight in weights.items()},
    "threshold": float(threshold),
    "weight_bytes": ordered.nbytes,
}


# %% right style="NumPy"
import numpy as np

arrays = {name: np.abs(getattr(mlp, name).weight.detach().numpy()) for name in ("hidden1", "hidden2", "output")}
every = np.concatenate([array.ravel() for array in arrays.values()])
removed = np.argsort(every)[: round(0.305 * every.size)]
is_zero = np.zeros(every.size, bool)
is_zero[removed] = True
ends = np.cumsum([array.size for array in arrays.values()])[:-1]
global_pruning = {
    "zeros": int(is_zero.sum()),
    "sparsity": {name: part.mean() for name, part in zip(arrays, np.split(is_zero, ends))},
    "threshold": every[is_zero].max(),
    "weight_bytes": sum(array.nbytes for array in arrays.values()),
}


# %% right style="from the masks, before they are removed"
pruned = copy.deepcopy(mlp)
pairs = [(pruned.hidden1, "weight"), (pruned.hidden2, "weight"), (pruned.output, "weight")]
prune.global_unstructured(pairs, prune.L1Unstructured, amount=0.305)
masks = dict(zip(("hidden1", "hidden2", "output"), (layer.weight_mask for layer, _ in pairs)))
largest = max(float(layer.weight_orig[layer.weight_mask == 0].abs().max()) for layer, _ in pairs)
global_pruning = {
    "zeros": sum(mask.numel() - int(mask.sum()) for mask in masks.values()),
    "sparsity": {name: 1 - mask.mean().item() for name, mask in masks.items()},
    "threshold": largest,
    "weight_bytes": sum(layer.weight.numel() * layer.weight.element_size() for layer, _ in pairs),
}
