# %% misconception="one-on-top-of-another"
# Each weight was pruned on top of those before it: the scan shows what all of them together cost.
# Remedy: Put the weight back before you go on, or begin each entry with a fresh copy.


# %% wrong misconception="one-on-top-of-another" variant=1 loses="typical,dense"
def crepe_scan(model, frames, cents, names, sparsities):
    pruned, scan = copy.deepcopy(model), {}
    for name in names:
        scan[name] = []
        for sparsity in sparsities:
            weight = pruned.get_parameter(name).data
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            with torch.no_grad():
                scan[name].append((int((weight != 0).sum()), pitch_accuracy(pruned(frames), cents)))
    return scan


# %% wrong misconception="one-on-top-of-another" variant=2 loses="typical,dense"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    model = copy.deepcopy(model)
    parameters, scan = dict(model.named_parameters()), {name: [] for name in names}
    for name in names:
        for sparsity in sparsities:
            weight = parameters[name]
            kept = weight.abs().flatten().argsort(stable=True).argsort() >= round(sparsity * weight.numel())
            weight *= kept.view_as(weight)
            scan[name] += [(int(weight.count_nonzero()), pitch_accuracy(model(frames), cents))]
    return scan


# %% misconception="all-at-once"
# All weights that are named were pruned together.
# Remedy: The scan asks how much each of them bears alone.


# %% wrong misconception="all-at-once" variant=1 loses="typical"
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {name: [] for name in names}
    for sparsity in sparsities:
        pruned = copy.deepcopy(model)
        for name in names:
            weight = pruned.get_parameter(name).data
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
        with torch.no_grad():
            accuracy = pitch_accuracy(pruned(frames), cents)
        for name in names:
            scan[name].append((int((pruned.get_parameter(name) != 0).sum()), accuracy))
    return scan


# %% wrong misconception="all-at-once" variant=2 loses="typical"
def crepe_scan(model, frames, cents, names, sparsities):
    def heard(name_asked, sparsity):
        pruned = copy.deepcopy(model)
        for name, weight in pruned.named_parameters():
            if name in names:
                kept = weight.abs().flatten().argsort(stable=True).argsort() >= round(sparsity * weight.numel())
                weight.data = weight.data * kept.view_as(weight)
        left = pruned.get_parameter(name_asked).count_nonzero()
        return int(left), pitch_accuracy(pruned(frames), cents)

    return {name: [heard(name, sparsity) for sparsity in sparsities] for name in names}


# %% misconception="signed-ranking"
# The weights were ranked by their numbers and not by their magnitudes.
# Remedy: Rank `weight.abs()`.


# %% wrong misconception="signed-ranking" variant=1 loses="typical,dense"
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {}
    for name in names:
        scan[name] = []
        for sparsity in sparsities:
            pruned = copy.deepcopy(model)
            weight = pruned.get_parameter(name).data
            order = weight.flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            with torch.no_grad():
                scan[name].append((int((weight != 0).sum()), pitch_accuracy(pruned(frames), cents)))
    return scan


# %% wrong misconception="signed-ranking" variant=2 loses="typical,dense"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {name: [] for name in names}
    for name in names:
        for sparsity in sparsities:
            pruned = copy.deepcopy(model)
            weight = dict(pruned.named_parameters())[name]
            count = round(sparsity * weight.numel())
            if count:
                weight[weight <= weight.flatten().kthvalue(count).values] = 0
            scan[name].append((int((weight != 0).sum()), pitch_accuracy(pruned(frames), cents)))
    return scan


# %% misconception="model-left-pruned"
# The scan is right, and the model that was given has been pruned by it.
# Remedy: Work on a copy, or put each weight back.


# %% wrong misconception="model-left-pruned" variant=1 loses="keeps-model"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {}
    for name in names:
        weight, scan[name] = model.get_parameter(name), []
        saved = weight.clone()
        for sparsity in sparsities:
            weight.copy_(saved)
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            scan[name].append((int((weight != 0).sum()), pitch_accuracy(model(frames), cents)))
        if name != names[-1]:
            weight.copy_(saved)
    return scan


# %% misconception="one-at-least"
# At sparsity 0.0 one weight went all the same.
# Remedy: `round(0.0 * n)` is 0, and then nothing goes; do not ask for the 0th smallest.


# %% wrong misconception="one-at-least" variant=1 loses="dense"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {}
    for name in names:
        scan[name] = []
        for sparsity in sparsities:
            pruned = copy.deepcopy(model)
            weight = pruned.get_parameter(name)
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: max(1, round(sparsity * len(order)))]] = 0
            scan[name].append((int((weight != 0).sum()), pitch_accuracy(pruned(frames), cents)))
    return scan


# %% wrong misconception="one-at-least" variant=2 loses="dense"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    model, scan = copy.deepcopy(model), {name: [] for name in names}
    for name in names:
        weight = model.get_parameter(name)
        whole = weight.clone()
        ranked = whole.abs().flatten().sort(stable=True).indices
        for sparsity in sparsities:
            last = max(round(sparsity * len(ranked)) - 1, 0)
            weight.view(-1)[ranked[: last + 1]] = 0
            scan[name].append((int(weight.count_nonzero()), pitch_accuracy(model(frames), cents)))
            weight.copy_(whole)
    return scan


# %% misconception="loss-for-accuracy"
# What came out is the share of tones that are not heard.
# Remedy: `pitch_accuracy` gives the share that is heard.


# %% wrong misconception="loss-for-accuracy" variant=1 loses="typical,dense"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {name: [] for name in names}
    for name in names:
        for sparsity in sparsities:
            pruned = copy.deepcopy(model)
            weight = pruned.get_parameter(name)
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            scan[name].append((int((weight != 0).sum()), 1 - pitch_accuracy(pruned(frames), cents)))
    return scan


# %% misconception="training-mode"
# The network was in training mode, in which a batch norm uses the batch's own mean and variance.
# Remedy: Leave it in evaluation mode, as it was given.


# %% wrong misconception="training-mode" variant=1 loses="typical,dense"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {name: [] for name in names}
    for name in names:
        for sparsity in sparsities:
            pruned = copy.deepcopy(model).train()
            weight = pruned.get_parameter(name)
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            scan[name].append((int((weight != 0).sum()), pitch_accuracy(pruned(frames), cents)))
    return scan


# %% misconception="mean-of-batches"
# The accuracy is a mean over batches of different size, in which a tone of the last, small one counts more than others.
# Remedy: Count over all frames: one call of the model, or the outputs of all batches put together first.


# %% wrong misconception="mean-of-batches" variant=1 loses="typical"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {name: [] for name in names}
    for name in names:
        for sparsity in sparsities:
            pruned = copy.deepcopy(model)
            weight = pruned.get_parameter(name)
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            parts = [pitch_accuracy(pruned(x), y) for x, y in zip(frames.split(32), cents.split(32))]
            scan[name].append((int((weight != 0).sum()), sum(parts) / len(parts)))
    return scan


# %% misconception="sparsities-sorted"
# The pairs come in the order of rising sparsity, and not in that of `sparsities`.
# Remedy: Go through `sparsities` as they are given.


# %% wrong misconception="sparsities-sorted" variant=1 loses="typical,dense"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    scan = {name: [] for name in names}
    for name in names:
        for sparsity in sorted(sparsities):
            pruned = copy.deepcopy(model)
            weight = pruned.get_parameter(name)
            order = weight.abs().flatten().argsort(stable=True)
            weight.view(-1)[order[: round(sparsity * weight.numel())]] = 0
            scan[name].append((int((weight != 0).sum()), pitch_accuracy(pruned(frames), cents)))
    return scan


# %% right style="one copy, and each weight put back"
@torch.no_grad()
def crepe_scan(model, frames, cents, names, sparsities):
    pruned, scan = copy.deepcopy(model), {}
    for name in names:
        weight, scan[name] = pruned.get_parameter(name), []
        saved = weight.clone()
        for sparsity in sparsities:
            kept = saved.abs().flatten().argsort(stable=True).argsort() >= round(sparsity * saved.numel())
            weight.copy_(saved * kept.view_as(saved))
            scan[name].append((int((weight != 0).sum()), pitch_accuracy(pruned(frames), cents)))
        weight.copy_(saved)
    return scan


# %% right style="torch's prune, and functional calls"
from torch.nn.utils import prune


def crepe_scan(model, frames, cents, names, sparsities):
    def accuracy(name, sparsity):
        pruned = copy.deepcopy(model)
        layer, _, own = name.rpartition(".")
        prune.l1_unstructured(pruned.get_submodule(layer), own, amount=float(sparsity))
        with torch.inference_mode():
            left = int(pruned.get_submodule(layer).weight_mask.sum())
            return left, pitch_accuracy(pruned(frames), cents)

    return {name: [accuracy(name, sparsity) for sparsity in sparsities] for name in names}
