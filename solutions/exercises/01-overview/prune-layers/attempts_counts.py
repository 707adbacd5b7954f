# %% misconception="count-cut-off"
# The number of weights to remove is cut off, not rounded: of 12615.68 weights 12615 go.
# Remedy: Use `round(sparsity * size)`, or pass `amount` as a fraction, which is rounded.


# %% wrong misconception="count-cut-off" variant=1 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=int(sparsity * layer.weight.numel()))
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="count-cut-off" variant=2 loses="share"
import math


def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    with torch.no_grad():
        for layer in pruned.children():
            if isinstance(layer, nn.Linear):
                flat = layer.weight.view(-1)
                flat[flat.abs().argsort()[: math.floor(sparsity * flat.numel())]] = 0
    return pruned


# %% decoy misconception="count-cut-off" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    with torch.no_grad():
        for layer in pruned.children():
            if isinstance(layer, nn.Linear):
                flat = layer.weight.view(-1)
                flat[flat.abs().argsort()[: round(sparsity * flat.numel()) - 1]] = 0
    return pruned


# %% misconception="count-rounded-up"
# The number of weights to remove is rounded up: of 9175.04 weights 9176 go.
# Remedy: Use `round(sparsity * size)`, or pass `amount` as a fraction, which is rounded.


# %% wrong misconception="count-rounded-up" variant=1 loses="share"
import math


def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=math.ceil(sparsity * layer.weight.numel()))
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="count-rounded-up" variant=2 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    with torch.no_grad():
        for layer in pruned.children():
            if isinstance(layer, nn.Linear):
                flat = layer.weight.view(-1)
                flat[flat.abs().argsort()[: -int(-sparsity * flat.numel() // 1)]] = 0
    return pruned


# %% decoy misconception="count-rounded-up" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    with torch.no_grad():
        for layer in pruned.children():
            if isinstance(layer, nn.Linear):
                flat = layer.weight.view(-1)
                flat[flat.abs().argsort()[: round(sparsity * flat.numel()) + 1]] = 0
    return pruned


# %% misconception="below-a-quantile"
# All below the quantile was removed. That is a number between two weights, and the count below it may be one off.
# Remedy: Count: remove `round(sparsity * size)` weights, as `prune.l1_unstructured` does.


# %% wrong misconception="below-a-quantile" variant=1 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            magnitude = layer.weight.detach().abs()
            layer.weight.data = layer.weight.data * (magnitude >= magnitude.quantile(sparsity))
    return pruned


# %% wrong misconception="below-a-quantile" variant=2 loses="share"
import numpy as np


def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for name in ("hidden1", "hidden2", "output"):
        weight = pruned.get_submodule(name).weight
        limit = np.percentile(weight.detach().abs().numpy(), 100 * sparsity)
        weight.data[weight.data.abs() < limit] = 0
    return pruned


# %% decoy misconception="below-a-quantile" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            magnitude = layer.weight.detach().abs()
            layer.weight.data = layer.weight.data * (magnitude > magnitude.quantile(sparsity, interpolation="higher"))
    return pruned


# %% misconception="share-kept"
# The share that was to be removed was kept: at sparsity 0.77 a layer lost 0.23 of its weights.
# Remedy: Remove `sparsity` of the weights, and keep the rest.


# %% wrong misconception="share-kept" variant=1 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=1 - sparsity)
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="share-kept" variant=2 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            magnitude = layer.weight.detach().abs().flatten()
            mask = torch.zeros_like(magnitude)
            mask[magnitude.topk(round(sparsity * len(mask))).indices] = 1
            layer.weight.data *= mask.view_as(layer.weight)
    return pruned


# %% decoy misconception="share-kept" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=sparsity**2)
            prune.remove(layer, "weight")
    return pruned


# %% misconception="layers-lost"
# The weights are right, but the layers between or behind them are others: what the copy gives is not what they give.
# Remedy: Copy the whole model, and change nothing but the weights of its linear layers.


# %% wrong misconception="layers-lost" variant=1 loses="kept-values"
from collections import OrderedDict


def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    layers = OrderedDict((name, layer) for name, layer in pruned.named_children() if isinstance(layer, nn.Linear))
    return nn.Sequential(layers)


# %% wrong misconception="layers-lost" variant=2 loses="kept-values"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    pruned.add_module("relu3", nn.ReLU())
    return pruned


# %% decoy misconception="layers-lost" loses="kept-values"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    pruned.output.bias.data.zero_()  # all layers are there, and the last has lost its biases
    return pruned


# %% decoy misconception="works-in-place" loses="keeps-model"
def prune_layers(model, sparsity):
    model.train()  # its numbers stay, and it is left in another mode
    pruned = copy.deepcopy(model).eval()
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return pruned


# %% decoy misconception="works-in-place" loses="keeps-model"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model.requires_grad_(False))
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return pruned.requires_grad_(True)


# %% decoy misconception="works-in-place" loses="keeps-model"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            weight = layer.weight.detach()
            weight.view(-1)[weight.abs().view(-1).argsort()[: round(sparsity * weight.numel())]] = 0
            del layer.weight
            layer.register_buffer("weight", weight)  # stored, and trained no more
    return pruned


# %% right style="a new model in training mode, its weights new parameters"
def prune_layers(model, sparsity):
    pruned = nn.Sequential()
    for name, layer in model.named_children():
        if isinstance(layer, nn.Linear):
            weight = layer.weight.detach().clone()
            flat = weight.view(-1)
            flat[flat.abs().topk(round(sparsity * flat.numel()), largest=False).indices] = 0
            fresh = nn.Linear(layer.in_features, layer.out_features)
            fresh.weight, fresh.bias = nn.Parameter(weight), nn.Parameter(layer.bias.detach().clone())
            layer = fresh
        pruned.add_module(name, copy.deepcopy(layer))
    return pruned


# %% right style="for inference only: nothing of the copy is trained"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return pruned.eval().requires_grad_(False)
