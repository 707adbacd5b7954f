# %% misconception="second-not-sorted"
# The layer that adds to the stream, `block.second`, still puts out its units in the old order: the sum adds others.
# Remedy: What a sum adds has to stand in the same order: sort the rows and the bias of `block.second` like those of
# `stem`.


# %% wrong misconception="second-not-sorted" variant=1 loses="same-outputs"
def sort_units(model):
    tidy = copy.deepcopy(model)
    first, second = tidy.block.first, tidy.block.second
    stream = tidy.stem.weight.norm(dim=1).argsort(descending=True)
    inside = first.weight.norm(dim=1).argsort(descending=True)
    tidy.stem.weight.data = tidy.stem.weight.data[stream]
    tidy.stem.bias.data = tidy.stem.bias.data[stream]
    for layer in (first, tidy.output):
        layer.weight.data = layer.weight.data[:, stream]
    first.weight.data = first.weight.data[inside]
    first.bias.data = first.bias.data[inside]
    second.weight.data = second.weight.data[:, inside]
    return tidy


# %% wrong misconception="second-not-sorted" variant=2 loses="same-outputs"
@torch.no_grad()
def sort_units(model):
    tidy, state = copy.deepcopy(model), model.state_dict()
    stream = torch.sort(state["stem.weight"].square().sum(1), descending=True).indices
    inside = torch.sort(state["block.first.weight"].square().sum(1), descending=True).indices
    new = {name: array.clone() for name, array in state.items()}
    new["stem.weight"], new["stem.bias"] = state["stem.weight"][stream], state["stem.bias"][stream]
    new["block.first.weight"] = state["block.first.weight"][inside][:, stream]
    new["block.first.bias"] = state["block.first.bias"][inside]
    new["block.second.weight"] = state["block.second.weight"][:, inside]
    new["output.weight"] = state["output.weight"][:, stream]
    tidy.load_state_dict(new)
    return tidy


# %% misconception="readers-not-sorted"
# The layers that make units were sorted, and not the columns of those that read them.
# Remedy: Each layer that reads units needs its columns in the new order: `weight[:, order]`.


# %% wrong misconception="readers-not-sorted" variant=1 loses="same-outputs"
def sort_units(model):
    tidy = copy.deepcopy(model)
    stream = tidy.stem.weight.norm(dim=1).argsort(descending=True)
    inside = tidy.block.first.weight.norm(dim=1).argsort(descending=True)
    for layer, order in ((tidy.stem, stream), (tidy.block.second, stream), (tidy.block.first, inside)):
        layer.weight.data = layer.weight.data[order]
        layer.bias.data = layer.bias.data[order]
    return tidy


# %% wrong misconception="readers-not-sorted" variant=2 loses="same-outputs"
def sort_units(model):
    new = {name: array.clone() for name, array in model.state_dict().items()}
    stream = (-new["stem.weight"].norm(dim=1)).argsort()
    inside = (-new["block.first.weight"].norm(dim=1)).argsort()
    for name in new:
        if name.startswith(("stem", "block.second")):
            new[name] = new[name][stream]
        elif name.startswith("block.first"):
            new[name] = new[name][inside]
    tidy = copy.deepcopy(model)
    tidy.load_state_dict(new)
    return tidy


# %% misconception="smallest-first"
# The units are sorted by ascending norm.
# Remedy: `argsort(descending=True)`.


# %% wrong misconception="smallest-first" variant=1 loses="stream,inside,same-outputs,keeps-model"
def sort_units(model):
    tidy = copy.deepcopy(model)
    first, second = tidy.block.first, tidy.block.second
    stream = tidy.stem.weight.norm(dim=1).argsort()
    inside = first.weight.norm(dim=1).argsort()
    for layer in (tidy.stem, second):
        layer.weight.data = layer.weight.data[stream]
        layer.bias.data = layer.bias.data[stream]
    for layer in (first, tidy.output):
        layer.weight.data = layer.weight.data[:, stream]
    first.weight.data = first.weight.data[inside]
    first.bias.data = first.bias.data[inside]
    second.weight.data = second.weight.data[:, inside]
    return tidy


# %% wrong misconception="smallest-first" variant=2 loses="stream,inside,same-outputs,keeps-model"
def sort_units(model):
    state = model.state_dict()
    stream = torch.sort(state["stem.weight"].square().sum(1)).indices
    inside = torch.sort(state["block.first.weight"].square().sum(1)).indices
    rows = {"stem": stream, "block.first": inside, "block.second": stream, "output": torch.arange(10)}
    columns = {"stem": torch.arange(64), "block.first": stream, "block.second": inside, "output": stream}
    new = {}
    for layer in rows:
        new[f"{layer}.weight"] = state[f"{layer}.weight"][rows[layer]][:, columns[layer]]
        new[f"{layer}.bias"] = state[f"{layer}.bias"][rows[layer]]
    tidy = copy.deepcopy(model)
    tidy.load_state_dict(new)
    return tidy


# %% misconception="biases-stay"
# The rows were sorted, and the biases that belong to them were not.
# Remedy: A unit owns a row of the weight and a number of the bias.


# %% wrong misconception="biases-stay" variant=1 loses="stream,inside,same-outputs,keeps-model"
def sort_units(model):
    tidy = copy.deepcopy(model)
    first, second = tidy.block.first, tidy.block.second
    stream = tidy.stem.weight.norm(dim=1).argsort(descending=True)
    inside = first.weight.norm(dim=1).argsort(descending=True)
    for layer in (tidy.stem, second):
        layer.weight.data = layer.weight.data[stream]
    for layer in (first, tidy.output):
        layer.weight.data = layer.weight.data[:, stream]
    first.weight.data = first.weight.data[inside]
    second.weight.data = second.weight.data[:, inside]
    return tidy


# %% wrong misconception="biases-stay" variant=2 loses="stream,inside,same-outputs,keeps-model"
def sort_units(model):
    new = dict(model.state_dict())
    stream = (-new["stem.weight"].norm(dim=1)).argsort()
    inside = (-new["block.first.weight"].norm(dim=1)).argsort()
    new["stem.weight"] = new["stem.weight"][stream]
    new["block.first.weight"] = new["block.first.weight"][inside][:, stream]
    new["block.second.weight"] = new["block.second.weight"][stream][:, inside]
    new["output.weight"] = new["output.weight"][:, stream]
    tidy = copy.deepcopy(model)
    tidy.load_state_dict(new)
    return tidy


# %% misconception="stream-only"
# The units inside the block are in their old order.
# Remedy: Sort the rows and the bias of `block.first`, too, and the columns of `block.second` with them.


# %% wrong misconception="stream-only" variant=1 loses="inside"
def sort_units(model):
    tidy = copy.deepcopy(model)
    stream = tidy.stem.weight.norm(dim=1).argsort(descending=True)
    for layer in (tidy.stem, tidy.block.second):
        layer.weight.data = layer.weight.data[stream]
        layer.bias.data = layer.bias.data[stream]
    for layer in (tidy.block.first, tidy.output):
        layer.weight.data = layer.weight.data[:, stream]
    return tidy


# %% wrong misconception="stream-only" variant=2 loses="inside"
@torch.no_grad()
def sort_units(model):
    tidy = copy.deepcopy(model)
    order = torch.tensor(sorted(range(64), key=lambda unit: -float(model.stem.weight[unit].norm())))
    for name, parameter in tidy.named_parameters():
        if name.startswith(("stem", "block.second")):
            parameter.copy_(parameter[order])
        elif parameter.ndim == 2:
            parameter.copy_(parameter[:, order])
    return tidy


# %% misconception="works-in-place"
# The model that was given has been sorted itself.
# Remedy: Begin with `tidy = copy.deepcopy(model)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def sort_units(model):
    first, second = model.block.first, model.block.second
    stream = model.stem.weight.norm(dim=1).argsort(descending=True)
    inside = first.weight.norm(dim=1).argsort(descending=True)
    for layer in (model.stem, second):
        layer.weight.data = layer.weight.data[stream]
        layer.bias.data = layer.bias.data[stream]
    for layer in (first, model.output):
        layer.weight.data = layer.weight.data[:, stream]
    first.weight.data = first.weight.data[inside]
    first.bias.data = first.bias.data[inside]
    second.weight.data = second.weight.data[:, inside]
    return model


# %% right style="a new state dict"
def sort_units(model):
    state = model.state_dict()
    stream = torch.sort(state["stem.weight"].square().sum(1), descending=True).indices
    inside = torch.sort(state["block.first.weight"].square().sum(1), descending=True).indices
    rows = {"stem": stream, "block.first": inside, "block.second": stream, "output": torch.arange(10)}
    columns = {"stem": torch.arange(64), "block.first": stream, "block.second": inside, "output": stream}
    new = {}
    for layer in rows:
        new[f"{layer}.weight"] = state[f"{layer}.weight"][rows[layer]][:, columns[layer]]
        new[f"{layer}.bias"] = state[f"{layer}.bias"][rows[layer]]
    tidy = copy.deepcopy(model)
    tidy.load_state_dict(new)
    return tidy


# %% right style="by name, in place of a copy"
@torch.no_grad()
def sort_units(model):
    tidy = copy.deepcopy(model)
    by_norm = [unit for _, unit in sorted((-float(row.norm()), unit) for unit, row in enumerate(model.stem.weight))]
    rows = model.block.first.weight
    within = [unit for _, unit in sorted((-float(row.norm()), unit) for unit, row in enumerate(rows))]
    tidy.block.first.weight.copy_(tidy.block.first.weight[within])
    tidy.block.first.bias.copy_(tidy.block.first.bias[within])
    tidy.block.second.weight.copy_(tidy.block.second.weight[:, within])
    for name, parameter in tidy.named_parameters():
        if name.startswith(("stem", "block.second")):
            parameter.copy_(parameter[by_norm])
        elif parameter.ndim == 2:
            parameter.copy_(parameter[:, by_norm])
    return tidy
