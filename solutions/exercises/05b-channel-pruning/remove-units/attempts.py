# %% misconception="group-not-pruned"
# The group was found, and nothing was cut.
# Remedy: Call `.prune()` on the group.


# %% wrong misconception="group-not-pruned" variant=1 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    graph = tp.DependencyGraph().build_dependency(smaller, example_inputs=torch.zeros(1, 64))
    group = graph.get_pruning_group(smaller.get_submodule(layer), tp.prune_linear_out_channels, idxs=units)
    assert graph.check_pruning_group(group)
    return smaller


# %% wrong misconception="group-not-pruned" variant=2 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    graph = tp.DependencyGraph().build_dependency(model, example_inputs=torch.zeros(1, 64))
    for group in graph.get_all_groups(ignored_layers=[model.output]):
        len(group)
    return copy.deepcopy(model)


# %% misconception="layer-alone"
# Only the layer itself was cut: what it is added to, and what reads it, have their old sizes.
# Remedy: `graph.get_pruning_group(…)` finds all slices; its `.prune()` cuts them together.


# %% wrong misconception="layer-alone" variant=1 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    tp.prune_linear_out_channels(smaller.get_submodule(layer), idxs=units)
    return smaller


# %% wrong misconception="layer-alone" variant=2 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    cut = smaller.get_submodule(layer)
    left = [unit for unit in range(cut.out_features) if unit not in units]
    cut.weight = nn.Parameter(cut.weight.detach()[left])
    cut.bias = nn.Parameter(cut.bias.detach()[left])
    cut.out_features = len(left)
    return smaller


# %% misconception="inputs-cut"
# The inputs of the layer were cut, and with them the units of the layer before it.
# Remedy: The units of a layer are its outputs: `tp.prune_linear_out_channels`.


# %% wrong misconception="inputs-cut" variant=1 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    graph = tp.DependencyGraph().build_dependency(smaller, example_inputs=torch.zeros(1, 64))
    graph.get_pruning_group(smaller.get_submodule(layer), tp.prune_linear_in_channels, idxs=units).prune()
    return smaller


# %% wrong misconception="inputs-cut" variant=2 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    graph = tp.DependencyGraph()
    graph.build_dependency(smaller, example_inputs=torch.rand(2, 64))
    cut = graph.get_pruner_of_module(smaller.get_submodule(layer)).prune_in_channels
    graph.get_pruning_group(smaller.get_submodule(layer), cut, idxs=list(units)).prune()
    return smaller


# %% misconception="others-removed"
# The units that were listed are still there, and all others are gone.
# Remedy: `idxs` are the units that go.


# %% wrong misconception="others-removed" variant=1 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    graph = tp.DependencyGraph().build_dependency(smaller, example_inputs=torch.zeros(1, 64))
    others = [unit for unit in range(64) if unit not in units]
    graph.get_pruning_group(smaller.get_submodule(layer), tp.prune_linear_out_channels, idxs=others).prune()
    return smaller


# %% wrong misconception="others-removed" variant=2 loses="inside,stream,sum,keeps-model"
def remove_units(model, layer, units):
    smaller, units = copy.deepcopy(model), list(units)
    readers = ["block.second"] if layer == "block.first" else ["block.first", "output"]
    writers = ["block.first"] if layer == "block.first" else ["stem", "block.second"]
    for name in writers:
        part = smaller.get_submodule(name)
        part.weight.data, part.bias.data = part.weight.data[units], part.bias.data[units]
    for name in readers:
        part = smaller.get_submodule(name)
        part.weight.data = part.weight.data[:, units]
    return smaller


# %% misconception="sum-overlooked"
# The sum of the stream was overlooked: the layer and its readers were cut, and the other layer that is added was not.
# Remedy: `stem` and `block.second` write the same units; both lose them. The dependency graph knows it.


# %% wrong misconception="sum-overlooked" variant=1 loses="stream,sum"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    left = [unit for unit in range(64) if unit not in units]
    readers = {"stem": ["block.first"], "block.first": ["block.second"], "block.second": ["output"]}
    cut = smaller.get_submodule(layer)
    cut.weight = nn.Parameter(cut.weight.detach()[left])
    cut.bias = nn.Parameter(cut.bias.detach()[left])
    for name in readers[layer]:
        reader = smaller.get_submodule(name)
        reader.weight = nn.Parameter(reader.weight.detach()[:, left])
    return smaller


# %% wrong misconception="sum-overlooked" variant=2 loses="stream,sum"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    order = ["stem", "block.first", "block.second", "output"]
    following = order[order.index(layer) + 1]
    tp.prune_linear_out_channels(smaller.get_submodule(layer), idxs=list(units))
    tp.prune_linear_in_channels(smaller.get_submodule(following), idxs=list(units))
    return smaller


# %% misconception="masked-only"
# The units were set to zero, and are still there.
# Remedy: The arrays have to become smaller; `.prune()` of the group does that.


# %% wrong misconception="masked-only" variant=1 loses="inside,stream,sum,keeps-model"
@torch.no_grad()
def remove_units(model, layer, units):
    masked = copy.deepcopy(model)
    makers = [masked.block.first] if layer == "block.first" else [masked.stem, masked.block.second]
    for maker in makers:
        maker.weight[units] = 0
        maker.bias[units] = 0
    return masked


# %% misconception="works-in-place"
# The model that was given has lost its units itself.
# Remedy: Build the dependency graph of a copy.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def remove_units(model, layer, units):
    graph = tp.DependencyGraph().build_dependency(model, example_inputs=torch.zeros(1, 64))
    graph.get_pruning_group(model.get_submodule(layer), tp.prune_linear_out_channels, idxs=units).prune()
    return model


# %% right style="by hand"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    left = [unit for unit in range(64) if unit not in units]
    inside = layer == "block.first"
    for name in ("block.first",) if inside else ("stem", "block.second"):
        part = smaller.get_submodule(name)
        part.weight = nn.Parameter(part.weight.detach()[left])
        part.bias = nn.Parameter(part.bias.detach()[left])
        part.out_features = len(left)
    for name in ("block.second",) if inside else ("block.first", "output"):
        part = smaller.get_submodule(name)
        part.weight = nn.Parameter(part.weight.detach()[:, left])
        part.in_features = len(left)
    return smaller


# %% right style="the items of the group, one by one"
def remove_units(model, layer, units):
    smaller = copy.deepcopy(model)
    graph = tp.DependencyGraph()
    graph.build_dependency(smaller, example_inputs=torch.rand(3, 64))
    target = dict(smaller.named_modules())[layer]
    for dependency, indices in graph.get_pruning_group(target, tp.prune_linear_out_channels, idxs=list(units)):
        dependency(indices)
    return smaller
