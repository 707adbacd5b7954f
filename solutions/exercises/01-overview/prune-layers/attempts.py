# %% misconception="masks-left"
# The masks are still there: each layer stores its weights twice, and a mask as large again.
# Remedy: Call `prune.remove(layer, 'weight')` after pruning; it keeps the zeros and drops the mask.


# %% wrong misconception="masks-left" variant=1 loses="permanent"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
    return pruned


# %% wrong misconception="masks-left" variant=2 loses="permanent"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for module in pruned.modules():
        if type(module) is nn.Linear:
            size = module.weight.numel()
            order = module.weight.detach().abs().flatten().argsort()
            mask = torch.ones(size)
            mask[order[: round(sparsity * size)]] = 0
            prune.custom_from_mask(module, "weight", mask.view_as(module.weight))
    return pruned


# %% decoy misconception="masks-left" loses="kept-values,permanent"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return pruned.double()


# %% decoy misconception="masks-left" loses="share,smallest-first,kept-values,permanent,keeps-model"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            weight = layer.weight_orig.detach()  # the mask is dropped, and what it did as well
            prune.remove(layer, "weight")
            layer.weight.data = weight
    return pruned


# %% misconception="random-removed"
# The weights that are gone are not the smallest of their layer: they were taken at random.
# Remedy: Use `prune.l1_unstructured`, which ranks by magnitude: a large weight does more to the output.


# %% wrong misconception="random-removed" variant=1 loses="smallest-first"
def prune_layers(model, sparsity):
    torch.manual_seed(0)
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.random_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="random-removed" variant=2 loses="smallest-first"
def prune_layers(model, sparsity):
    generator = torch.Generator().manual_seed(1)
    pruned = copy.deepcopy(model)
    with torch.no_grad():
        for name, parameter in pruned.named_parameters():
            if name.endswith("weight"):
                count = round(sparsity * parameter.numel())
                places = torch.randperm(parameter.numel(), generator=generator)[:count]
                parameter.view(-1)[places] = 0.0
    return pruned


# %% decoy misconception="random-removed" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):  # a count that is cut off, not rounded
            prune.l1_unstructured(layer, "weight", amount=int(sparsity * layer.weight.numel()))
            prune.remove(layer, "weight")
    return pruned


# %% decoy misconception="random-removed" loses="smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):  # the first entries, row after row
            layer.weight.data.view(-1)[: round(sparsity * layer.weight.numel())] = 0
    return pruned


# %% decoy misconception="random-removed" loses="smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):  # the largest numbers go, which are no magnitudes
            flat = layer.weight.data.view(-1)
            flat[flat.topk(round(sparsity * flat.numel())).indices] = 0
    return pruned


# %% misconception="one-threshold"
# All layers were ranked together, so that a layer of small weights lost more than its share, and another one less.
# Remedy: Prune layer by layer; `prune.global_unstructured` takes one threshold for all.


# %% wrong misconception="one-threshold" variant=1 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    pairs = [(layer, "weight") for layer in pruned if isinstance(layer, nn.Linear)]
    prune.global_unstructured(pairs, prune.L1Unstructured, amount=float(sparsity))
    for layer, name in pairs:
        prune.remove(layer, name)
    return pruned


# %% wrong misconception="one-threshold" variant=2 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    weights = [layer.weight for layer in pruned if isinstance(layer, nn.Linear)]
    magnitudes = torch.cat([weight.detach().abs().flatten() for weight in weights])
    threshold = magnitudes.sort().values[round(sparsity * len(magnitudes)) - 1]
    for weight in weights:
        weight.data[weight.data.abs() <= threshold] = 0
    return pruned


# %% decoy misconception="one-threshold" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):  # the share itself is taken for the threshold
            layer.weight.data[layer.weight.data.abs() < 0.1 * sparsity] = 0
    return pruned


# %% decoy misconception="one-threshold" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=0.5)  # whatever was asked for
            prune.remove(layer, "weight")
    return pruned


# %% misconception="largest-removed"
# The largest weights were removed and the smallest kept: the mask is upside down.
# Remedy: Keep where the magnitude is above the threshold; a mask of 1 keeps, a mask of 0 removes.


# %% wrong misconception="largest-removed" variant=1 loses="smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            magnitude = layer.weight.detach().abs()
            # importance_scores: the entries with the lowest scores go
            prune.l1_unstructured(layer, "weight", amount=float(sparsity), importance_scores=1 / magnitude)
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="largest-removed" variant=2 loses="smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            flat = layer.weight.data.view(-1)
            flat[flat.abs().topk(round(sparsity * flat.numel())).indices] = 0
    return pruned


# %% decoy misconception="largest-removed" loses="share,kept-values"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    with torch.no_grad():
        for layer in pruned:
            if isinstance(layer, nn.Linear):
                threshold = layer.weight.abs().quantile(1 - sparsity)
                layer.weight.clamp_(-threshold, threshold)  # the largest are cut down, and none is removed
    return pruned


# %% misconception="count-for-fraction"
# `amount` was passed as a whole number, and so taken as a count of weights.
# Remedy: Pass a float: `amount=0.5` is half of the weights, `amount=50` is 50 weights.


# %% wrong misconception="count-for-fraction" variant=1 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=round(100 * sparsity))
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="count-for-fraction" variant=2 loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    per_cent = int(sparsity * 100)
    for layer in filter(lambda child: isinstance(child, nn.Linear), pruned.children()):
        magnitude = layer.weight.detach().abs()
        threshold = magnitude.flatten().sort().values[per_cent - 1]
        layer.weight.data = layer.weight.data * (magnitude > threshold)
    return pruned


# %% decoy misconception="count-for-fraction" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):  # 0.5 was taken for half a per cent
            prune.l1_unstructured(layer, "weight", amount=sparsity / 100)
            prune.remove(layer, "weight")
    return pruned


# %% decoy misconception="count-for-fraction" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for module in [*pruned.modules(), *pruned.children()]:  # each layer comes twice, and loses its share twice
        if isinstance(module, nn.Linear):
            prune.l1_unstructured(module, "weight", amount=float(sparsity))
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.remove(layer, "weight")
    return pruned


# %% misconception="biases-pruned"
# Biases were pruned too. They are few, so it saves nothing, and each one shifts a whole unit.
# Remedy: Prune the parameter called 'weight' only.


# %% wrong misconception="biases-pruned" variant=1 loses="kept-values"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            for name in ("weight", "bias"):
                prune.l1_unstructured(layer, name, amount=float(sparsity))
                prune.remove(layer, name)
    return pruned


# %% wrong misconception="biases-pruned" variant=2 loses="kept-values"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for parameter in pruned.parameters():
        magnitude = parameter.detach().abs().flatten()
        places = magnitude.argsort()[: round(sparsity * magnitude.numel())]
        parameter.data.view(-1)[places] = 0
    return pruned


# %% decoy misconception="biases-pruned" loses="kept-values"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
            nn.init.zeros_(layer.bias)  # all of them are gone
    return pruned


# %% decoy misconception="biases-pruned" loses="kept-values"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
            layer.weight.data /= 1 - sparsity  # made up for, as dropout does
    return pruned


# %% misconception="works-in-place"
# The call changed numbers of the model that was given: where it is pruned itself, no unpruned one is left.
# Remedy: Start with `pruned = copy.deepcopy(model)` and prune the copy.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def prune_layers(model, sparsity):
    for layer in model:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return model


# %% wrong misconception="works-in-place" variant=2 loses="keeps-model"
def prune_layers(model, sparsity):
    layers = nn.ModuleList(layer for layer in model if isinstance(layer, nn.Linear))
    for layer in layers:
        weight = layer.weight.data
        weight.view(-1)[weight.abs().view(-1).argsort()[: round(sparsity * weight.numel())]] = 0
    return copy.copy(model)  # a shallow copy shares the layers


# %% decoy misconception="works-in-place" loses="share,smallest-first,kept-values,permanent,keeps-model"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in model:  # the one is pruned, the other returned
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return pruned


# %% right style="two passes over the modules"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    layers = [module for module in pruned.modules() if isinstance(module, nn.Linear)]
    for layer in layers:
        prune.L1Unstructured.apply(layer, "weight", amount=float(sparsity))
    for layer in layers:
        prune.remove(layer, "weight")
    return pruned


# %% right style="a mask of one's own"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            magnitude = layer.weight.detach().abs()
            kept = magnitude.numel() - round(sparsity * magnitude.numel())
            mask = torch.zeros(magnitude.numel())
            mask[magnitude.flatten().topk(kept).indices] = 1
            prune.custom_from_mask(layer, "weight", mask.view_as(magnitude))
            prune.remove(layer, "weight")
    return pruned


# %% right style="NumPy, through the state dict"
import numpy as np


def prune_layers(model, sparsity):
    pruned, state = copy.deepcopy(model), {}
    for name, tensor in model.state_dict().items():
        array = tensor.numpy().copy()
        if name.endswith("weight"):
            count = round(sparsity * array.size)
            array.flat[np.argsort(np.abs(array), axis=None)[:count]] = 0
        state[name] = torch.from_numpy(array)
    pruned.load_state_dict(state)
    return pruned
