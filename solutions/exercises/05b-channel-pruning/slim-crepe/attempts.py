# %% misconception="channels-first-columns"
# The columns of the classifier were taken as if all places of a channel stood together. The shapes fit, and the network
# runs; but it reads other channels.
# Remedy: `forward` moves the channels to the last axis before it flattens: column `64 * place + channel`.


# %% wrong misconception="channels-first-columns" variant=1 loses="last,all"
def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    before = [0]
    for at in range(1, 7):
        conv, norm = slim.get_submodule(f"conv{at}"), slim.get_submodule(f"bn{at}")
        stay = keep.get(f"conv{at}", list(range(conv.out_channels)))
        conv.weight = nn.Parameter(conv.weight.detach()[stay][:, before])
        for layer, name in ((conv, "bias"), (norm, "weight"), (norm, "bias")):
            setattr(layer, name, nn.Parameter(getattr(layer, name).detach()[stay]))
        for name in ("running_mean", "running_var"):
            setattr(norm, name, getattr(norm, name)[stay])
        before = stay
    weight = slim.classifier.weight.detach().unflatten(1, (64, 4))
    slim.classifier.weight = nn.Parameter(weight[:, before].flatten(1))
    slim.in_features = 4 * len(before)
    return report(slim, frames)


# %% wrong misconception="channels-first-columns" variant=2 loses="last,all"
import torch_pruning as tp


def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    for name, stay in keep.items():
        layer = slim.get_submodule(name)
        gone = [channel for channel in range(layer.out_channels) if channel not in stay]
        graph = tp.DependencyGraph().build_dependency(slim, example_inputs=torch.zeros(1, 1024))
        graph.get_pruning_group(layer, tp.prune_conv_out_channels, idxs=gone).prune()
        slim.in_features = slim.classifier.in_features
    return report(slim, frames)


# %% misconception="in-features-left"
# The classifier is smaller, and `forward` still reshapes to 256 numbers, so that the network cannot be called.
# Remedy: `slim.in_features` is what `forward` reads; set it to the columns that are left.


# %% wrong misconception="in-features-left" variant=1 loses="last,all"
def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    before = [0]
    for at in range(1, 7):
        conv, norm = slim.get_submodule(f"conv{at}"), slim.get_submodule(f"bn{at}")
        stay = keep.get(f"conv{at}", list(range(conv.out_channels)))
        conv.weight = nn.Parameter(conv.weight.detach()[stay][:, before])
        for layer, name in ((conv, "bias"), (norm, "weight"), (norm, "bias")):
            setattr(layer, name, nn.Parameter(getattr(layer, name).detach()[stay]))
        for name in ("running_mean", "running_var"):
            setattr(norm, name, getattr(norm, name)[stay])
        before = stay
    weight = slim.classifier.weight.detach().unflatten(1, (4, -1))
    slim.classifier.weight = nn.Parameter(weight[:, :, before].flatten(1))
    return report(slim, frames)


# %% wrong misconception="in-features-left" variant=2 loses="last,all"
def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    before = None
    for at in range(1, 7):
        stay = torch.tensor(keep.get(f"conv{at}", range(model.get_submodule(f"conv{at}").out_channels)))
        for layer in (slim.get_submodule(f"conv{at}"), slim.get_submodule(f"bn{at}")):
            for tensor in (*layer.parameters(), *layer.buffers()):
                if tensor.ndim:
                    tensor.data = tensor.data[stay]
        if before is not None:
            conv = slim.get_submodule(f"conv{at}")
            conv.weight.data = conv.weight.data[:, before]
        before = stay
    columns = (64 * torch.arange(4)[:, None] + before).flatten()
    slim.classifier.weight.data = slim.classifier.weight.data[:, columns]
    slim.classifier.in_features = len(columns)
    return report(slim, frames)


# %% misconception="norm-not-cut"
# The batch norms have their old size, or other channels than the convolution in front of them.
# Remedy: Four arrays of each batch norm have an entry for each channel; index all of them with the channels that stay.


# %% wrong misconception="norm-not-cut" variant=1 loses="middle,last,all,keeps-model"
def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    before = [0]
    for at in range(1, 7):
        conv = slim.get_submodule(f"conv{at}")
        stay = keep.get(f"conv{at}", list(range(conv.out_channels)))
        conv.weight = nn.Parameter(conv.weight.detach()[stay][:, before])
        conv.bias = nn.Parameter(conv.bias.detach()[stay])
        before = stay
    weight = slim.classifier.weight.detach().unflatten(1, (4, -1))
    slim.classifier.weight = nn.Parameter(weight[:, :, before].flatten(1))
    slim.in_features = 4 * len(before)
    return report(slim, frames)


# %% wrong misconception="norm-not-cut" variant=2 loses="middle,last,all,keeps-model"
def slim_crepe(model, keep, frames):
    slim, columns = copy.deepcopy(model), [0]
    for at in range(1, 7):
        conv = slim.get_submodule(f"conv{at}")
        places = torch.tensor(keep.get(f"conv{at}", range(len(conv.bias))))
        conv.weight.data = conv.weight.data[places][:, columns]
        conv.bias.data = conv.bias.data[places]
        columns = places
    taken = torch.cat([64 * place + columns for place in range(4)])
    slim.classifier.weight.data = slim.classifier.weight.data[:, taken]
    slim.in_features = len(taken)
    return report(slim, frames)


# %% misconception="next-not-cut"
# The convolutions lost their outputs, and the next one still reads all inputs.
# Remedy: Remember which channels of the block before have stayed, and take these columns.


# %% wrong misconception="next-not-cut" variant=1 loses="middle,all"
def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    for at in range(1, 7):
        conv, norm = slim.get_submodule(f"conv{at}"), slim.get_submodule(f"bn{at}")
        stay = keep.get(f"conv{at}", list(range(conv.out_channels)))
        for layer, name in ((conv, "weight"), (conv, "bias"), (norm, "weight"), (norm, "bias")):
            setattr(layer, name, nn.Parameter(getattr(layer, name).detach()[stay]))
        for name in ("running_mean", "running_var"):
            setattr(norm, name, getattr(norm, name)[stay])
    weight = slim.classifier.weight.detach().unflatten(1, (4, -1))
    slim.classifier.weight = nn.Parameter(weight[:, :, stay].flatten(1))
    slim.in_features = 4 * len(stay)
    return report(slim, frames)


# %% wrong misconception="next-not-cut" variant=2 loses="middle,all"
def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    for name, stay in keep.items():
        for layer in (slim.get_submodule(name), slim.get_submodule(name.replace("conv", "bn"))):
            for tensor in (*layer.parameters(), *layer.buffers()):
                if tensor.ndim:
                    tensor.data = tensor.data[stay]
    if "conv6" in keep:
        columns = [64 * place + channel for place in range(4) for channel in keep["conv6"]]
        slim.classifier.weight.data = slim.classifier.weight.data[:, columns]
        slim.in_features = len(columns)
    return report(slim, frames)


# %% misconception="masked-only"
# The channels were set to zero, and are still there.
# Remedy: Index the arrays with the channels that stay, so that they become smaller.


# %% wrong misconception="masked-only" variant=1 loses="middle,last,all,keeps-model"
@torch.no_grad()
def slim_crepe(model, keep, frames):
    masked = copy.deepcopy(model)
    for name, stay in keep.items():
        conv, norm = masked.get_submodule(name), masked.get_submodule(name.replace("conv", "bn"))
        gone = [channel for channel in range(conv.out_channels) if channel not in stay]
        for array in (conv.weight, conv.bias, norm.weight, norm.bias):
            array[gone] = 0
    return report(masked, frames)


# %% misconception="works-in-place"
# The model that was given has lost its channels itself.
# Remedy: Begin with `slim = copy.deepcopy(model)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def slim_crepe(model, keep, frames):
    before = [0]
    for at in range(1, 7):
        conv, norm = model.get_submodule(f"conv{at}"), model.get_submodule(f"bn{at}")
        stay = keep.get(f"conv{at}", list(range(conv.out_channels)))
        conv.weight = nn.Parameter(conv.weight.detach()[stay][:, before])
        for layer, name in ((conv, "bias"), (norm, "weight"), (norm, "bias")):
            setattr(layer, name, nn.Parameter(getattr(layer, name).detach()[stay]))
        for name in ("running_mean", "running_var"):
            setattr(norm, name, getattr(norm, name)[stay])
        before = stay
    weight = model.classifier.weight.detach().unflatten(1, (4, -1))
    model.classifier.weight = nn.Parameter(weight[:, :, before].flatten(1))
    model.in_features = 4 * len(before)
    return report(model, frames)


# %% right style="tensors of each layer, and a list of columns"
def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    before = None
    for at in range(1, 7):
        stay = torch.tensor(keep.get(f"conv{at}", range(model.get_submodule(f"conv{at}").out_channels)))
        for layer in (slim.get_submodule(f"conv{at}"), slim.get_submodule(f"bn{at}")):
            for tensor in (*layer.parameters(), *layer.buffers()):
                if tensor.ndim:
                    tensor.data = tensor.data[stay]
        if before is not None:
            conv = slim.get_submodule(f"conv{at}")
            conv.weight.data = conv.weight.data[:, before]
        before = stay
    columns = (64 * torch.arange(4)[:, None] + before).flatten()
    slim.classifier.weight.data = slim.classifier.weight.data[:, columns]
    slim.in_features = slim.classifier.in_features = len(columns)
    return report(slim, frames)


# %% right style="torch-pruning, and the columns by hand"
import torch_pruning as tp


def slim_crepe(model, keep, frames):
    slim = copy.deepcopy(model)
    for name, stay in keep.items():
        layer = slim.get_submodule(name)
        gone = [channel for channel in range(layer.out_channels) if channel not in stay]
        graph = tp.DependencyGraph().build_dependency(slim, example_inputs=torch.zeros(1, 1024))
        whole = slim.classifier.weight.detach().clone()
        graph.get_pruning_group(layer, tp.prune_conv_out_channels, idxs=gone).prune()
        if name == "conv6":
            columns = [64 * place + channel for place in range(4) for channel in stay]
            slim.classifier.weight = nn.Parameter(whole[:, columns])
        slim.in_features = slim.classifier.in_features
    return report(slim, frames)
