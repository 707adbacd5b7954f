# %% misconception="inputs-left-out"
# Each output lost its weights of the lowest magnitude; the inputs had no part in it.
# Remedy: Multiply each magnitude with the norm of its input channel, which a hook sees.


# %% wrong misconception="inputs-left-out" variant=1 loses="lowest-first,kept-values,keeps-model"
def crepe_wanda(model, frames, sparsity):
    pruned = copy.deepcopy(model)
    with torch.no_grad():
        for weight in pruned.parameters():
            if weight.ndim > 1:
                flat = weight.view(len(weight), -1)
                flat.scatter_(1, flat.abs().argsort(dim=1)[:, : round(sparsity * flat.shape[1])], 0)
    return pruned


# %% wrong misconception="inputs-left-out" variant=2 loses="lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned.children():
        if not isinstance(layer, nn.BatchNorm1d):
            for row in layer.weight:
                cut = row.abs().flatten().kthvalue(round(sparsity * row.numel())).values
                row *= row.abs() > cut
    return pruned


# %% decoy misconception="inputs-left-out" loses="lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    torch.manual_seed(0)
    pruned = copy.deepcopy(model)
    for weight in pruned.parameters():
        if weight.ndim > 1:
            flat = weight.view(len(weight), -1)
            flat.scatter_(1, torch.rand_like(flat).argsort(dim=1)[:, : round(sparsity * flat.shape[1])], 0)
    return pruned


# %% misconception="one-ranking-a-layer"
# All weights of a layer were ranked together, so that some outputs lost more than others.
# Remedy: Rank the weights of each output by themselves: `argsort(dim=1)` of scores in rows.


# %% wrong misconception="one-ranking-a-layer" variant=1 loses="lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned, norms = copy.deepcopy(model), {}
    layers = [one for one in pruned.children() if isinstance(one, (nn.Conv1d, nn.Linear))]

    def hook(layer, given):
        norms[layer] = given[0].transpose(0, 1).flatten(1).norm(dim=1)

    hooks = [layer.register_forward_pre_hook(hook) for layer in layers]
    pruned(frames)
    for one in hooks:
        one.remove()
    for layer in layers:
        weight = layer.weight.view(len(layer.weight), len(norms[layer]), -1)
        scores = (weight.abs() * norms[layer][:, None]).flatten()
        layer.weight.view(-1)[scores.argsort()[: round(sparsity * len(scores))]] = 0
    return pruned


# %% wrong misconception="one-ranking-a-layer" variant=2 loses="share,lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned, seen = copy.deepcopy(model), {}
    handles = []
    for name, layer in model.named_children():
        if not isinstance(layer, nn.BatchNorm1d):
            keep = lambda layer, given, name=name: seen.__setitem__(name, given[0])
            handles.append(layer.register_forward_pre_hook(keep))
    model(frames)
    for handle in handles:
        handle.remove()
    for name, x in seen.items():
        weight = pruned.get_submodule(name).weight
        energy = x.square().sum(dim=0 if x.ndim == 2 else (0, 2))
        scores = weight.square() * energy.view(1, -1, *[1] * (weight.ndim - 2))
        cut = scores.flatten().sort().values[round(sparsity * scores.numel()) - 1]
        weight[scores <= cut] = 0
    return pruned


# %% decoy misconception="one-ranking-a-layer" loses="lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned = copy.deepcopy(model)
    for weight in pruned.parameters():
        if weight.ndim > 1:  # magnitude, one ranking a layer
            order = weight.abs().flatten().argsort()
            weight.view(-1)[order[: round(sparsity * len(order))]] = 0
    return pruned


# %% misconception="equal-scores-together"
# Each output was cut at a threshold, so that equal scores went together: in silence the whole first layer.
# Remedy: Rank the places, with `argsort` or `topk`, and take as many as are to go; of equal scores any may be taken.


# %% wrong misconception="equal-scores-together" variant=1 loses="share"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    watched, pruned, inputs = copy.deepcopy(model), copy.deepcopy(model), {}
    for name, layer in watched.named_children():
        if isinstance(layer, (nn.Conv1d, nn.Linear)):
            layer.register_forward_pre_hook(lambda _, given, name=name: inputs.update({name: given[0]}))
    watched(frames)
    for name, x in inputs.items():
        weight = pruned.get_submodule(name).weight
        norms = x.transpose(0, 1).flatten(1).norm(dim=1)
        scores = (weight.abs() * norms.view(-1, *[1] * (x.ndim - 2))).flatten(1)
        cut = scores.sort(dim=1).values[:, round(sparsity * scores.shape[1]) - 1]
        weight[(scores <= cut[:, None]).view_as(weight)] = 0
    return pruned


# %% wrong misconception="equal-scores-together" variant=2 loses="share"
import numpy as np


@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned, seen = copy.deepcopy(model), {}
    layers = [one for one in pruned.modules() if getattr(one, "weight", torch.zeros(1)).ndim > 1]
    hooks = [one.register_forward_pre_hook(lambda one, given: seen.update({one: given[0]})) for one in layers]
    pruned(frames)
    for hook in hooks:
        hook.remove()
    for layer in layers:
        energy = seen[layer].double().square().sum(dim=(0, 2) if seen[layer].ndim == 3 else 0).numpy()
        for row in layer.weight:
            scores = np.square(row.double().numpy().reshape(len(energy), -1)) * energy[:, None]
            count = round(sparsity * scores.size)
            last_gone = np.partition(scores, count - 1, axis=None)[count - 1]
            row *= torch.from_numpy(scores > last_gone).view_as(row)
    return pruned


# %% decoy misconception="equal-scores-together" loses="share,lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned = copy.deepcopy(model)

    def hook(layer, given):  # prunes at once, so that later layers hear what pruned ones make of the frames
        norm = given[0].transpose(0, 1).flatten(1).norm(dim=1)
        scores = (layer.weight.view(len(layer.weight), len(norm), -1).abs() * norm[:, None]).flatten(1)
        cut = scores.kthvalue(round(sparsity * scores.shape[1]), dim=1, keepdim=True).values
        layer.weight.mul_((scores > cut).view_as(layer.weight))

    hooks = [one.register_forward_pre_hook(hook) for one in pruned.modules() if isinstance(one, (nn.Conv1d, nn.Linear))]
    pruned(frames)
    for one in hooks:
        one.remove()
    return pruned


# %% misconception="convolutions-only"
# The linear layer at the end kept all its weights.
# Remedy: Take `nn.Linear` as well as `nn.Conv1d`; its inputs are features, each with a norm of its own.


# %% wrong misconception="convolutions-only" variant=1 loses="share,lowest-first,kept-values,keeps-model"
def crepe_wanda(model, frames, sparsity):
    pruned, norms = copy.deepcopy(model), {}
    layers = [one for one in pruned.modules() if isinstance(one, nn.Conv1d)]

    def hook(layer, given):
        norms[layer] = given[0].transpose(0, 1).flatten(1).norm(dim=1)

    hooks = [layer.register_forward_pre_hook(hook) for layer in layers]
    with torch.no_grad():
        pruned(frames)
        for one in hooks:
            one.remove()
        for layer in layers:
            scores = (layer.weight.abs() * norms[layer][:, None]).flatten(1)
            lowest = scores.argsort(dim=1)[:, : round(sparsity * scores.shape[1])]
            layer.weight.flatten(1).scatter_(1, lowest, 0)
    return pruned


# %% wrong misconception="convolutions-only" variant=2 loses="share,lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned, inputs, handles = copy.deepcopy(model), {}, []
    names = [name for name, one in model.named_children() if name.startswith("conv")]
    for name in names:
        keep = lambda layer, given, name=name: inputs.update({name: given[0]})
        handles.append(model.get_submodule(name).register_forward_pre_hook(keep))
    model(frames)
    [handle.remove() for handle in handles]
    for name in names:
        energy = inputs[name].square().sum(dim=(0, 2))
        for row in pruned.get_submodule(name).weight:
            scores = (row.square() * energy[:, None]).flatten()
            row.view(-1)[scores.topk(round(sparsity * len(scores)), largest=False).indices] = 0
    return pruned


# %% decoy misconception="convolutions-only" loses="share,lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned = copy.deepcopy(model)
    for layer in pruned.children():
        if isinstance(layer, nn.Conv1d):  # by magnitude
            flat = layer.weight.view(len(layer.weight), -1)
            flat.scatter_(1, flat.abs().argsort(dim=1)[:, : round(sparsity * flat.shape[1])], 0)
    return pruned


# %% misconception="works-in-place"
# The model that was given is not as it was: it is pruned itself, or hooks are left on it.
# Remedy: Prune a copy, `pruned = copy.deepcopy(model)`; hook another one, or take each hook off with `handle.remove()`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def crepe_wanda(model, frames, sparsity):
    norms = {}
    layers = [one for one in model.modules() if isinstance(one, (nn.Conv1d, nn.Linear))]

    def hook(layer, given):
        norms[layer] = given[0].transpose(0, 1).flatten(1).norm(dim=1)

    hooks = [layer.register_forward_pre_hook(hook) for layer in layers]
    with torch.no_grad():
        model(frames)
        for one in hooks:
            one.remove()
        for layer in layers:
            weight = layer.weight.view(len(layer.weight), len(norms[layer]), -1)
            scores = (weight.abs() * norms[layer][:, None]).flatten(1)
            lowest = scores.argsort(dim=1)[:, : round(sparsity * scores.shape[1])]
            weight.flatten(1).scatter_(1, lowest, 0)
    return model


# %% decoy misconception="works-in-place" loses="lowest-first,kept-values,keeps-model"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    for weight in model.parameters():
        if weight.ndim > 1:
            order = weight.abs().flatten().argsort()
            weight.view(-1)[order[: round(sparsity * len(order))]] = 0
    return model


# %% decoy misconception="inputs-left-out" loses="lowest-first,kept-values,keeps-model"
def crepe_wanda(model, frames, sparsity):
    pruned = copy.deepcopy(model)

    def hook(layer, given):
        norm = given[0].transpose(0, 1).flatten(1).norm(dim=1)
        weight = layer.weight.view(len(layer.weight), len(norm), -1)
        scores = (weight.abs() * norm[:, None]).flatten(1)
        weight.flatten(1).scatter_(1, scores.argsort(dim=1)[:, : round(sparsity * scores.shape[1])], 0)

    hooks = [one.register_forward_pre_hook(hook) for one in pruned.modules() if isinstance(one, (nn.Conv1d, nn.Linear))]
    with torch.no_grad():
        pruned(frames)
    for one in hooks:
        one.remove()
    return pruned


# %% misconception="values-changed"
# Weights that stay have been multiplied with the norms, or otherwise changed.
# Remedy: The scores only choose; write zeros into the weights, and nothing else.


# %% wrong misconception="values-changed" variant=1 loses="share,kept-values"
def crepe_wanda(model, frames, sparsity):
    pruned, norms = copy.deepcopy(model), {}
    layers = [one for one in pruned.modules() if isinstance(one, (nn.Conv1d, nn.Linear))]

    def hook(layer, given):
        norms[layer] = given[0].transpose(0, 1).flatten(1).norm(dim=1)

    hooks = [layer.register_forward_pre_hook(hook) for layer in layers]
    with torch.no_grad():
        pruned(frames)
        for one in hooks:
            one.remove()
        for layer in layers:
            weight = layer.weight.view(len(layer.weight), len(norms[layer]), -1)
            weight *= norms[layer][:, None]
            scores = weight.abs().flatten(1)
            weight.flatten(1).scatter_(1, scores.argsort(dim=1)[:, : round(sparsity * scores.shape[1])], 0)
    return pruned


# %% decoy misconception="values-changed" loses="kept-values"
def crepe_wanda(model, frames, sparsity):
    pruned, norms = copy.deepcopy(model), {}
    layers = [one for one in pruned.modules() if isinstance(one, (nn.Conv1d, nn.Linear))]

    def hook(layer, given):
        norms[layer] = given[0].transpose(0, 1).flatten(1).norm(dim=1)

    hooks = [layer.register_forward_pre_hook(hook) for layer in layers]
    with torch.no_grad():
        pruned(frames)
        for one in hooks:
            one.remove()
        for layer in layers:
            weight = layer.weight.view(len(layer.weight), len(norms[layer]), -1)
            scores = (weight.abs() * norms[layer][:, None]).flatten(1)
            weight.flatten(1).scatter_(1, scores.argsort(dim=1)[:, : round(sparsity * scores.shape[1])], 0)
            layer.bias.zero_()
    return pruned


# %% right style="inputs kept by name, rows one by one"
@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    pruned, inputs, handles = copy.deepcopy(model), {}, []
    for name, layer in model.named_modules():
        if isinstance(layer, (nn.Conv1d, nn.Linear)):
            keep = lambda layer, given, name=name: inputs.update({name: given[0]})
            handles.append(layer.register_forward_pre_hook(keep))
    model(frames)
    for handle in handles:
        handle.remove()
    for name, x in inputs.items():
        weight = pruned.get_submodule(name).weight
        energy = x.double().square().sum(dim=0 if x.ndim == 2 else (0, 2))
        for row in weight:
            scores = (row.double().square().view(len(energy), -1) * energy[:, None]).flatten()
            row.view(-1)[scores.topk(round(sparsity * len(scores)), largest=False).indices] = 0
    return pruned


# %% right style="masks of NumPy, through the state dict"
import numpy as np


@torch.no_grad()
def crepe_wanda(model, frames, sparsity):
    watched, norms = copy.deepcopy(model), {}
    for name, layer in watched.named_children():
        if not isinstance(layer, nn.BatchNorm1d):

            def hook(layer, given, output, name=name):
                x = given[0].numpy()
                norms[name] = np.sqrt((x**2).sum(axis=(0, 2) if x.ndim == 3 else 0))

            layer.register_forward_hook(hook)
    watched(frames)
    state = {name: array.clone() for name, array in model.state_dict().items()}
    for name, norm in norms.items():
        weight = state[name + ".weight"].numpy()
        scores = np.abs(weight) * norm.reshape(1, -1, *[1] * (weight.ndim - 2))
        scores = scores.reshape(len(weight), -1)
        ranks = scores.argsort(axis=1).argsort(axis=1).reshape(weight.shape)
        weight[ranks < round(sparsity * scores.shape[1])] = 0
    pruned = copy.deepcopy(model)
    pruned.load_state_dict(state)
    return pruned
