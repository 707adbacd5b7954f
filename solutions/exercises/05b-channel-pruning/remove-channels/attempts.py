# %% misconception="masked-only"
# The channels were set to zero, and are still there: the network is as large as before.
# Remedy: Index the arrays with `keep`, so that they become smaller.


# %% wrong misconception="masked-only" variant=1 loses="smaller,single,same-outputs,keeps-model"
@torch.no_grad()
def remove_channels(model, keep):
    masked = copy.deepcopy(model)
    gone = [channel for channel in range(masked.conv1.out_channels) if channel not in keep]
    masked.conv1.weight[gone] = 0
    masked.bn1.weight[gone] = 0
    masked.bn1.bias[gone] = 0
    return masked


# %% wrong misconception="masked-only" variant=2 loses="smaller,single,same-outputs,keeps-model"
@torch.no_grad()
def remove_channels(model, keep):
    masked = copy.deepcopy(model)
    mask = torch.zeros(masked.conv1.out_channels)
    mask[keep] = 1
    masked.conv1.weight *= mask[:, None, None, None]
    masked.bn1.weight *= mask
    masked.bn1.bias *= mask
    return masked


# %% misconception="statistics-lost"
# The batch norm is new: it has the running mean 0 and variance 1, and not those of the channels that stayed.
# Remedy: `running_mean` and `running_var` have an entry for each channel, too.


# %% wrong misconception="statistics-lost" variant=1 loses="same-outputs,single"
def remove_channels(model, keep):
    smaller = copy.deepcopy(model)
    smaller.conv1.weight = nn.Parameter(model.conv1.weight.detach()[keep])
    norm = nn.BatchNorm2d(len(keep)).eval()
    norm.weight = nn.Parameter(model.bn1.weight.detach()[keep])
    norm.bias = nn.Parameter(model.bn1.bias.detach()[keep])
    norm.num_batches_tracked = model.bn1.num_batches_tracked.clone()
    smaller.bn1 = norm
    smaller.conv2.weight = nn.Parameter(model.conv2.weight.detach()[:, keep])
    smaller.conv1.out_channels = smaller.conv2.in_channels = len(keep)
    return smaller


# %% wrong misconception="statistics-lost" variant=2 loses="same-outputs,single"
def remove_channels(model, keep):
    smaller, state = copy.deepcopy(model), model.state_dict()
    smaller.conv1 = nn.Conv2d(1, len(keep), 3, padding=1, bias=False)
    smaller.bn1 = nn.BatchNorm2d(len(keep))
    smaller.conv2 = nn.Conv2d(len(keep), 32, 3, padding=1, bias=False)
    state["conv1.weight"] = state["conv1.weight"][keep]
    state["conv2.weight"] = state["conv2.weight"][:, keep]
    for name in ("weight", "bias"):
        state[f"bn1.{name}"] = state[f"bn1.{name}"][keep]
    for name in ("running_mean", "running_var"):
        del state[f"bn1.{name}"]
    smaller.load_state_dict(state, strict=False)
    return smaller.eval()


# %% misconception="first-of-the-norm"
# The batch norm has as many entries as channels stayed, but the first ones, which belong to other channels.
# Remedy: Index each of its four arrays with `keep`, as you did with the weight.


# %% wrong misconception="first-of-the-norm" variant=1 loses="same-outputs,single"
def remove_channels(model, keep):
    smaller, count = copy.deepcopy(model), len(keep)
    smaller.conv1.weight = nn.Parameter(model.conv1.weight.detach()[keep])
    for name in ("weight", "bias"):
        setattr(smaller.bn1, name, nn.Parameter(getattr(model.bn1, name).detach()[:count].clone()))
    for name in ("running_mean", "running_var"):
        setattr(smaller.bn1, name, getattr(model.bn1, name)[:count].clone())
    smaller.conv2.weight = nn.Parameter(model.conv2.weight.detach()[:, keep])
    smaller.conv1.out_channels = smaller.bn1.num_features = smaller.conv2.in_channels = count
    return smaller


# %% wrong misconception="first-of-the-norm" variant=2 loses="same-outputs,single"
def remove_channels(model, keep):
    smaller, state = copy.deepcopy(model), dict(model.state_dict())
    state["conv1.weight"] = state["conv1.weight"][keep]
    state["conv2.weight"] = state["conv2.weight"][:, keep]
    for name, array in state.items():
        if name.startswith("bn1.") and array.ndim:
            state[name] = array[: len(keep)]
    smaller.conv1 = nn.Conv2d(1, len(keep), 3, padding=1, bias=False)
    smaller.bn1 = nn.BatchNorm2d(len(keep))
    smaller.conv2 = nn.Conv2d(len(keep), 32, 3, padding=1, bias=False)
    smaller.load_state_dict(state)
    return smaller.eval()


# %% misconception="first-inputs-of-next"
# The next convolution has the right number of inputs, but the first ones, which read other channels.
# Remedy: `conv2.weight[:, keep]`: the same channels as in `conv1`, on the other axis.


# %% wrong misconception="first-inputs-of-next" variant=1 loses="same-outputs,single"
def remove_channels(model, keep):
    smaller = copy.deepcopy(model)
    smaller.conv1.weight = nn.Parameter(model.conv1.weight.detach()[keep])
    for name in ("weight", "bias"):
        setattr(smaller.bn1, name, nn.Parameter(getattr(model.bn1, name).detach()[keep]))
    for name in ("running_mean", "running_var"):
        setattr(smaller.bn1, name, getattr(model.bn1, name)[keep])
    smaller.conv2.weight = nn.Parameter(model.conv2.weight.detach()[:, : len(keep)].clone())
    smaller.conv1.out_channels = smaller.bn1.num_features = smaller.conv2.in_channels = len(keep)
    return smaller


# %% wrong misconception="first-inputs-of-next" variant=2 loses="same-outputs,single"
def remove_channels(model, keep):
    smaller, state = copy.deepcopy(model), dict(model.state_dict())
    for name, array in state.items():
        if name.startswith(("conv1.", "bn1.")) and array.ndim:
            state[name] = array[keep]
    state["conv2.weight"] = torch.narrow(state["conv2.weight"], 1, 0, len(keep))
    smaller.conv1 = nn.Conv2d(1, len(keep), 3, padding=1, bias=False)
    smaller.bn1 = nn.BatchNorm2d(len(keep))
    smaller.conv2 = nn.Conv2d(len(keep), 32, 3, padding=1, bias=False)
    smaller.load_state_dict(state)
    return smaller.eval()


# %% misconception="others-removed"
# The channels of `keep` are gone, and the others are there.
# Remedy: `keep` lists what stays.


# %% wrong misconception="others-removed" variant=1 loses="same-outputs,smaller,single,keeps-model"
def remove_channels(model, keep):
    smaller = copy.deepcopy(model)
    left = [channel for channel in range(model.conv1.out_channels) if channel not in keep]
    smaller.conv1.weight = nn.Parameter(model.conv1.weight.detach()[left])
    for name in ("weight", "bias"):
        setattr(smaller.bn1, name, nn.Parameter(getattr(model.bn1, name).detach()[left]))
    for name in ("running_mean", "running_var"):
        setattr(smaller.bn1, name, getattr(model.bn1, name)[left])
    smaller.conv2.weight = nn.Parameter(model.conv2.weight.detach()[:, left])
    smaller.conv1.out_channels = smaller.bn1.num_features = smaller.conv2.in_channels = len(left)
    return smaller


# %% wrong misconception="others-removed" variant=2 loses="same-outputs,smaller,single,keeps-model"
import torch_pruning as tp


def remove_channels(model, keep):
    smaller = copy.deepcopy(model)
    graph = tp.DependencyGraph().build_dependency(smaller, example_inputs=torch.zeros(1, 1, 8, 8))
    graph.get_pruning_group(smaller.conv1, tp.prune_conv_out_channels, idxs=list(keep)).prune()
    return smaller


# %% misconception="left-in-training"
# The network came back in training mode, in which a batch norm uses the mean and variance of the batch.
# Remedy: New layers are in training mode: call `.eval()` on the network.


# %% wrong misconception="left-in-training" variant=1 loses="same-outputs,single"
def remove_channels(model, keep):
    smaller, state = copy.deepcopy(model), dict(model.state_dict())
    for name, array in state.items():
        if name.startswith(("conv1.", "bn1.")) and array.ndim:
            state[name] = array[keep]
    state["conv2.weight"] = state["conv2.weight"][:, keep]
    smaller.conv1 = nn.Conv2d(1, len(keep), 3, padding=1, bias=False)
    smaller.bn1 = nn.BatchNorm2d(len(keep))
    smaller.conv2 = nn.Conv2d(len(keep), 32, 3, padding=1, bias=False)
    smaller.load_state_dict(state)
    return smaller


# %% misconception="works-in-place"
# The model that was given has lost its channels itself.
# Remedy: Begin with `smaller = copy.deepcopy(model)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def remove_channels(model, keep):
    conv, norm, following = model.conv1, model.bn1, model.conv2
    conv.weight = nn.Parameter(conv.weight.detach()[keep])
    for name in ("weight", "bias"):
        setattr(norm, name, nn.Parameter(getattr(norm, name).detach()[keep]))
    for name in ("running_mean", "running_var"):
        setattr(norm, name, getattr(norm, name)[keep])
    following.weight = nn.Parameter(following.weight.detach()[:, keep])
    conv.out_channels = norm.num_features = following.in_channels = len(keep)
    return model


# %% misconception="old-sizes-told"
# The arrays have the new sizes, but the layers still tell the old ones.
# Remedy: Set `out_channels`, `num_features` and `in_channels`, or build new layers, which know their sizes.


# %% wrong misconception="old-sizes-told" variant=1 loses="sizes"
def remove_channels(model, keep):
    smaller = copy.deepcopy(model)
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for name in ("conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var"):
        if name in state:
            state[name] = state[name][keep]
    state["conv2.weight"] = state["conv2.weight"][:, keep]
    for name, parameter in smaller.named_parameters():
        parameter.data = state[name]
    for name, buffer in smaller.named_buffers():
        buffer.data = state[name]
    return smaller


# %% right style="new layers and a state dict"
def remove_channels(model, keep):
    smaller, state = copy.deepcopy(model), dict(model.state_dict())
    for name, array in state.items():
        if name.startswith(("conv1.", "bn1.")) and array.ndim:
            state[name] = array[keep]
    state["conv2.weight"] = state["conv2.weight"][:, keep]
    smaller.conv1 = nn.Conv2d(1, len(keep), 3, padding=1, bias=False)
    smaller.bn1 = nn.BatchNorm2d(len(keep))
    smaller.conv2 = nn.Conv2d(len(keep), 32, 3, padding=1, bias=False)
    smaller.load_state_dict(state)
    return smaller.eval()


# %% right style="index_select into .data"
def remove_channels(model, keep):
    smaller, places = copy.deepcopy(model), torch.tensor(keep)
    for tensor in (smaller.conv1.weight, *smaller.bn1.parameters(), *smaller.bn1.buffers()):
        if tensor.ndim:
            tensor.data = tensor.data.index_select(0, places)
    smaller.conv2.weight.data = smaller.conv2.weight.data.index_select(1, places)
    smaller.conv1.out_channels = smaller.bn1.num_features = smaller.conv2.in_channels = len(keep)
    return smaller
