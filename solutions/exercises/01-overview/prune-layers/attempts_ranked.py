# %% misconception="signed-ranking"
# The weights were ranked by their numbers and not by their magnitudes: a large negative weight counted as the least.
# Remedy: Rank by `weight.abs()`, or leave the ranking to `prune.l1_unstructured`.


# %% wrong misconception="signed-ranking" variant=1 loses="smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            mask = torch.ones(layer.weight.numel())
            mask[layer.weight.detach().flatten().argsort()[: round(sparsity * len(mask))]] = 0
            prune.custom_from_mask(layer, "weight", mask.view_as(layer.weight))
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="signed-ranking" variant=2 loses="smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for name, parameter in pruned.named_parameters():
        if name.endswith("weight"):
            threshold = parameter.data.flatten().kthvalue(round(sparsity * parameter.numel())).values
            parameter.data[parameter.data <= threshold] = 0
    return pruned


# %% decoy misconception="signed-ranking" loses="share,smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):  # the smallest positive weights alone
            flat = layer.weight.data.view(-1)
            places = (flat > 0).nonzero().flatten()
            flat[places[flat[places].argsort()[: round(sparsity * len(places))]]] = 0
    return pruned


# %% misconception="row-by-row"
# Each row lost its share of weights. What is to be ranked together are all weights of a layer.
# Remedy: Flatten the weight before you rank it, or leave the ranking to `prune.l1_unstructured`.


# %% wrong misconception="row-by-row" variant=1 loses="share,smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            weight = layer.weight.data
            order = weight.abs().argsort(dim=1)[:, : round(sparsity * weight.shape[1])]
            weight.scatter_(1, order, 0.0)
    return pruned


# %% wrong misconception="row-by-row" variant=2 loses="share,smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            for row in layer.weight.data:
                threshold = row.abs().sort().values[int(sparsity * len(row)) - 1]
                row[row.abs() <= threshold] = 0
    return pruned


# %% decoy misconception="row-by-row" loses="share,smallest-first"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            weight = layer.weight.data
            order = weight.abs().argsort(dim=0)[: round(sparsity * weight.shape[0])]  # each column, an input
            weight.scatter_(0, order, 0.0)
    return pruned


# %% misconception="handed-back"
# The model that came back holds the weights as they were given: whatever was pruned, it is not this model.
# Remedy: Prune the copy, and return that copy.


# %% wrong misconception="handed-back" variant=1 loses="share,smallest-first,kept-values,permanent,keeps-model"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            prune.l1_unstructured(layer, "weight", amount=float(sparsity))
            prune.remove(layer, "weight")
    return model


# %% wrong misconception="handed-back" variant=2 loses="share,smallest-first,kept-values,permanent,keeps-model"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            weight = layer.weight.detach().clone()
            threshold = weight.abs().flatten().kthvalue(round(sparsity * weight.numel())).values
            weight[weight.abs() <= threshold] = 0  # and nobody puts it into the layer
    return pruned


# %% decoy misconception="handed-back" loses="share"
def prune_layers(model, sparsity):
    pruned = copy.deepcopy(model)
    prune.l1_unstructured(pruned[0], "weight", amount=float(sparsity))  # one layer, and no other
    prune.remove(pruned[0], "weight")
    return pruned
