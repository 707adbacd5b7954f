# %% misconception="layer-by-layer"
# Each layer lost the same share; what was asked for is one ranking of all weights.
# Remedy: `prune.global_unstructured` takes all pairs at once.


# %% wrong misconception="layer-by-layer" variant=1 loses="share,smallest-first,ties,kept-values,permanent,keeps-model"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    for module in pruned.modules():
        if isinstance(module, (nn.Conv1d, nn.Linear)):
            prune.l1_unstructured(module, "weight", amount=float(sparsity))
            prune.remove(module, "weight")
    return pruned


# %% wrong misconception="layer-by-layer" variant=2 loses="share,smallest-first,ties,kept-values,permanent,keeps-model"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    for name, weight in pruned.named_parameters():
        if weight.ndim > 1:
            order = weight.abs().flatten().argsort()
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
    return pruned


# %% decoy misconception="layer-by-layer" loses="keeps-model,kept-values,permanent,share,smallest-first,ties"
def crepe_global(model, sparsity):
    torch.manual_seed(0)
    pruned = copy.deepcopy(model)
    for module in pruned.modules():
        if isinstance(module, (nn.Conv1d, nn.Linear)):
            prune.random_unstructured(module, "weight", amount=float(sparsity))
            prune.remove(module, "weight")
    return pruned


# %% misconception="convolutions-only"
# The linear layer at the end was left out of the ranking.
# Remedy: Take `nn.Linear` as well as `nn.Conv1d`: it holds a fifth of the weights.


# %% wrong misconception="convolutions-only" variant=1 loses="share,smallest-first,ties"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    pairs = [(module, "weight") for module in pruned.modules() if isinstance(module, nn.Conv1d)]
    prune.global_unstructured(pairs, pruning_method=prune.L1Unstructured, amount=float(sparsity))
    for module, name in pairs:
        prune.remove(module, name)
    return pruned


# %% wrong misconception="convolutions-only" variant=2 loses="share,smallest-first,ties"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    weights = [weight for name, weight in pruned.named_parameters() if "conv" in name and weight.ndim == 3]
    flat = torch.cat([weight.abs().flatten() for weight in weights])
    threshold = flat.kthvalue(round(sparsity * len(flat))).values
    for weight in weights:
        weight *= weight.abs() > threshold
    return pruned


# %% decoy misconception="convolutions-only" loses="share,smallest-first,ties"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    for module in pruned.modules():
        if isinstance(module, nn.Conv1d):
            prune.l1_unstructured(module, "weight", amount=float(sparsity))
            prune.remove(module, "weight")
    return pruned


# %% decoy misconception="convolutions-only" loses="share,kept-values,ties"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    # the shifts of the batch norms and the biases are ranked among the weights
    pairs = [(module, "weight") for module in pruned.modules() if isinstance(module, (nn.Conv1d, nn.Linear))]
    pairs += [(module, "bias") for module in pruned.children()]
    prune.global_unstructured(pairs, pruning_method=prune.L1Unstructured, amount=float(sparsity))
    for module, name in pairs:
        prune.remove(module, name)
    return pruned


# %% misconception="gains-pruned"
# The gains of the batch norms were ranked among the weights, and some of them went.
# Remedy: Take the layers by their class: every batch norm has a `weight`, too.


# %% wrong misconception="gains-pruned" variant=1 loses="share,kept-values,ties"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    pairs = [(module, "weight") for module in pruned.modules() if hasattr(module, "weight")]
    prune.global_unstructured(pairs, pruning_method=prune.L1Unstructured, amount=float(sparsity))
    for module, name in pairs:
        prune.remove(module, name)
    return pruned


# %% wrong misconception="gains-pruned" variant=2 loses="share,kept-values,ties"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    weights = [parameter for name, parameter in pruned.named_parameters() if name.endswith("weight")]
    magnitudes = torch.cat([weight.abs().flatten() for weight in weights])
    threshold = magnitudes.kthvalue(round(sparsity * magnitudes.numel())).values
    for weight in weights:
        weight.masked_fill_(weight.abs() <= threshold, 0)
    return pruned


# %% decoy misconception="gains-pruned" loses="share,kept-values,ties"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    kinds = (nn.Conv1d, nn.Linear)
    ranked = [own for module in pruned.modules() if isinstance(module, kinds) for own in (module.weight, module.bias)]
    magnitudes = torch.cat([parameter.abs().flatten() for parameter in ranked])
    threshold = magnitudes.kthvalue(round(sparsity * magnitudes.numel())).values
    for parameter in ranked:
        parameter *= parameter.abs() > threshold
    return pruned


# %% misconception="masks-left"
# The masks are still there: each layer stores its weights and a mask as large again.
# Remedy: Call `prune.remove(module, "weight")` for each pair.


# %% wrong misconception="masks-left" variant=1 loses="permanent"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    pairs = [(module, "weight") for module in pruned.modules() if isinstance(module, (nn.Conv1d, nn.Linear))]
    prune.global_unstructured(pairs, pruning_method=prune.L1Unstructured, amount=float(sparsity))
    return pruned


# %% wrong misconception="masks-left" variant=2 loses="permanent"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    layers = [module for module in pruned.children() if not isinstance(module, nn.BatchNorm1d)]
    flat = torch.cat([layer.weight.detach().abs().flatten() for layer in layers])
    ranks = flat.argsort(stable=True).argsort()
    for layer, own in zip(layers, ranks.split([layer.weight.numel() for layer in layers])):
        mask = (own >= round(sparsity * len(flat))).view_as(layer.weight)
        prune.custom_from_mask(layer, "weight", mask)
    return pruned


# %% decoy misconception="masks-left" loses="share,smallest-first,ties"
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    for module in pruned.modules():
        if isinstance(module, nn.Conv1d):
            prune.l1_unstructured(module, "weight", amount=float(sparsity))
    return pruned


# %% misconception="works-in-place"
# The model that was given is pruned itself.
# Remedy: Begin with `pruned = copy.deepcopy(model)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def crepe_global(model, sparsity):
    pairs = [(module, "weight") for module in model.modules() if isinstance(module, (nn.Conv1d, nn.Linear))]
    prune.global_unstructured(pairs, pruning_method=prune.L1Unstructured, amount=float(sparsity))
    for module, name in pairs:
        prune.remove(module, name)
    return model


# %% decoy misconception="works-in-place" loses="keeps-model,kept-values,permanent,share,smallest-first,ties"
def crepe_global(model, sparsity):
    for module in model.modules():
        if isinstance(module, (nn.Conv1d, nn.Linear)):
            prune.l1_unstructured(module, "weight", amount=float(sparsity))
            prune.remove(module, "weight")
    return model


# %% misconception="count-off"
# The smallest weights went, but a few too many or too few: a threshold takes equal magnitudes together, `int` cuts off.
# Remedy: Rank the places, and let `round(sparsity * count)` of them go; the published weights have many ties.


# %% decoy misconception="count-off" loses="share,ties"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    weights = [weight for weight in pruned.parameters() if weight.ndim > 1]
    flat = torch.cat([weight.abs().flatten() for weight in weights])
    count = round(sparsity * sum(parameter.numel() for parameter in pruned.parameters()))  # biases and norms, too
    kept = flat.argsort(stable=True).argsort() >= count
    for weight, part in zip(weights, kept.split([weight.numel() for weight in weights])):
        weight *= part.view_as(weight)
    return pruned


# %% wrong misconception="count-off" variant=1 loses="ties"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    layers = [module for module in pruned.modules() if isinstance(module, (nn.Conv1d, nn.Linear))]
    flat = torch.cat([layer.weight.abs().flatten() for layer in layers])
    threshold = flat.kthvalue(round(sparsity * len(flat))).values
    for layer in layers:
        layer.weight *= layer.weight.abs() > threshold
    return pruned


# %% misconception="signed-ranking"
# The weights were ranked by their numbers and not by their magnitudes: a large negative weight went first.
# Remedy: Rank `weight.abs()`.


# %% wrong misconception="signed-ranking" variant=1 loses="smallest-first,ties,kept-values,permanent,keeps-model"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    weights = [weight for weight in pruned.parameters() if weight.ndim > 1]
    flat = torch.cat([weight.flatten() for weight in weights])
    kept = flat.argsort(stable=True).argsort() >= round(sparsity * len(flat))
    for weight, part in zip(weights, kept.split([weight.numel() for weight in weights])):
        weight *= part.view_as(weight)
    return pruned


# %% decoy misconception="signed-ranking" loses="smallest-first,ties,kept-values,permanent,keeps-model"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    weights = [weight for weight in pruned.parameters() if weight.ndim > 1]
    flat = torch.cat([weight.flatten() for weight in weights])
    kept = (-flat).argsort(stable=True).argsort() >= round(sparsity * len(flat))  # the largest numbers go
    for weight, part in zip(weights, kept.split([weight.numel() for weight in weights])):
        weight *= part.view_as(weight)
    return pruned


# %% right style="ranked by hand"
@torch.no_grad()
def crepe_global(model, sparsity):
    pruned = copy.deepcopy(model)
    weights = [weight for weight in pruned.parameters() if weight.ndim > 1]
    flat = torch.cat([weight.abs().flatten() for weight in weights])
    kept = torch.ones(len(flat))
    kept[flat.argsort(stable=True)[: round(sparsity * len(flat))]] = 0
    for weight, part in zip(weights, kept.split([weight.numel() for weight in weights])):
        weight *= part.view_as(weight)
    return pruned


# %% right style="through the state dict"
import numpy as np


def crepe_global(model, sparsity):
    state = {name: array.numpy().copy() for name, array in model.state_dict().items()}
    names = [name for name, array in state.items() if array.ndim > 1]
    flat = np.abs(np.concatenate([state[name].ravel() for name in names]))
    kept = np.ones(flat.size, dtype=bool)
    kept[np.argpartition(flat, round(sparsity * flat.size) - 1)[: round(sparsity * flat.size)]] = False
    for name, part in zip(names, np.split(kept, np.cumsum([state[name].size for name in names])[:-1])):
        state[name] *= part.reshape(state[name].shape)
    pruned = copy.deepcopy(model)
    pruned.load_state_dict({name: torch.from_numpy(np.asarray(array)) for name, array in state.items()})
    return pruned
