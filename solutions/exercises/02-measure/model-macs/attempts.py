# %% misconception="counts-weights"
# Weights are counted; a convolution uses each of its weights at every position of the output.
# Remedy: Multiply the numbers of the output by the weights that each of them takes.

# %% wrong misconception="counts-weights" variant=1 loses="conv,batch-and-size,nested,others,twice"
def model_macs(model, x):
    counted = (torch.nn.Linear, torch.nn.Conv2d)
    return {name: layer.weight.numel() for name, layer in model.named_modules() if isinstance(layer, counted)}


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="counts-weights" variant=2 loses="conv,batch-and-size,nested,others,twice"
def model_macs(model, x):
    macs = {}
    for name, parameter in model.named_parameters():
        if name.endswith(".weight") and parameter.ndim > 1:
            macs[name.removesuffix(".weight")] = parameter.numel()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="batch-norm-counted"
# Batch norms are counted as if they were layers of products.
# Remedy: Count `nn.Linear` and `nn.Conv2d` only, and say so where you publish the number.


# %% wrong misconception="batch-norm-counted" variant=1 loses="conv,batch-and-size"
def model_macs(model, x):
    macs, handles = {}, []
    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d, torch.nn.BatchNorm2d)):

            def hook(layer, inputs, output, name=name):
                macs[name] = macs.get(name, 0) + output.numel() * layer.weight[0].numel()

            handles.append(layer.register_forward_hook(hook))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="batch-norm-counted" variant=2 loses="conv,batch-and-size"
def model_macs(model, x):
    macs, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            products = layer.weight[0].numel() if layer.weight.ndim > 1 else 1
            macs[name] = macs.get(name, 0) + output.numel() * products

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d | torch.nn.BatchNorm2d):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    [handle.remove() for handle in handles]
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="per-sample"
# One example is counted, whatever the batch.
# Remedy: Take all numbers of the output, its first axis included.


# %% wrong misconception="per-sample" variant=1 loses="batch-and-size,nested,others,twice"
def model_macs(model, x):
    macs, handles = {}, []
    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):

            def hook(layer, inputs, output, name=name):
                macs[name] = macs.get(name, 0) + output[0].numel() * layer.weight[0].numel()

            handles.append(layer.register_forward_hook(hook))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="per-sample" variant=2 loses="batch-and-size,nested,others,twice"
def model_macs(model, x):
    macs, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            macs[name] = macs.get(name, 0) + output.numel() // output.shape[0] * layer.weight[0].numel()

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="hooks-left"
# The model does not come back as it was: hooks stay on it and run on every later call, or its mode is another.
# Remedy: Call `remove()` on the handle of each hook after the pass, and leave the mode alone.


# %% wrong misconception="hooks-left" variant=1 loses="keeps-model"
def model_macs(model, x):
    macs = {}

    def watch(name):
        def hook(layer, inputs, output):
            macs[name] = macs.get(name, 0) + output.numel() * layer.weight[0].numel()

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            layer.register_forward_hook(watch(name))
    model(x)
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="hooks-left" variant=2 loses="keeps-model"
def model_macs(model, x):
    names, found = {layer: name for name, layer in model.named_modules()}, []
    for layer in [layer for layer in names if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d)]:
        layer.register_forward_hook(lambda module, _, output: found.append((module, output)))
    with torch.no_grad():
        model(x)
    macs = dict.fromkeys((names[module] for module, _ in found), 0)
    for module, output in found:
        macs[names[module]] += output.numel() * module.weight[0].numel()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="flops-for-macs"
# FLOPs are returned, two for each multiply-accumulate.
# Remedy: Count each product with its addition once.

# %% wrong misconception="flops-for-macs" variant=1 loses="linear,conv,batch-and-size,nested,others,twice"
from torch.utils.flop_counter import FlopCounterMode


def model_macs(model, x):
    with FlopCounterMode(display=False) as counter:
        model(x)
    counts = {name.partition(".")[2]: sum(flops.values()) for name, flops in counter.get_flop_counts().items()}
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return {name: counts[name] for name, layer in model.named_modules() if isinstance(layer, kinds)}


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="flops-for-macs" variant=2 loses="linear,conv,batch-and-size,nested,others,twice"
def model_macs(model, x):
    operations, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            products = output.numel() * layer.weight[0].numel()
            operations[name] = operations.get(name, 0) + products + products

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    for handle in handles:
        handle.remove()
    return operations


model_macs_by_layers = by_layers(model_macs)


# %% misconception="top-level-only"
# Only the model's direct children are looked at; a layer inside of another module is a layer, too.
# Remedy: Go through `model.named_modules()`, which descends and gives full names.


# %% wrong misconception="top-level-only" variant=1 loses="nested"
def model_macs(model, x):
    macs, handles = {}, []
    for name, layer in model.named_children():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):

            def hook(layer, inputs, output, name=name):
                macs[name] = macs.get(name, 0) + output.numel() * layer.weight[0].numel()

            handles.append(layer.register_forward_hook(hook))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="top-level-only" variant=2 loses="nested"
import copy


def model_macs(model, x):
    watched, found = copy.deepcopy(model), []
    for name in watched._modules:
        watched.get_submodule(name).register_forward_hook(
            lambda layer, given, output, name=name: found.append((name, layer, output.numel()))
        )
    watched(x)
    kinds, macs = (torch.nn.Linear, torch.nn.Conv2d), {}
    for name, layer, count in found:
        if isinstance(layer, kinds):
            macs[name] = macs.get(name, 0) + count * layer.weight[0].numel()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="groups-ignored"
# Each output channel is taken to see all input channels; in a layer of groups it sees those of its own.
# Remedy: Ask the weight: `layer.weight[0].numel()` are the products of one number of the output.


# %% wrong misconception="groups-ignored" variant=1 loses="conv"
def model_macs(model, x):
    macs, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            if isinstance(layer, torch.nn.Linear):
                macs[name] = macs.get(name, 0) + output.numel() * layer.in_features
            else:
                taps = layer.kernel_size[0] * layer.kernel_size[1]
                macs[name] = macs.get(name, 0) + output.numel() * layer.in_channels * taps

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="groups-ignored" variant=2 loses="conv"
import copy
import math


def model_macs(model, x):
    watched, macs = copy.deepcopy(model), {}
    for name, layer in watched.named_modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            layer.register_forward_hook(
                lambda layer, given, output, name=name: macs.update(
                    {
                        name: macs.get(name, 0)
                        + output.numel()
                        * given[0].shape[-1 if isinstance(layer, torch.nn.Linear) else 1]
                        * math.prod(layer.kernel_size if isinstance(layer, torch.nn.Conv2d) else ())
                    }
                )
            )
    watched(x)
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="input-size-counted"
# The numbers of the input are counted; a convolution with a stride, or without padding, puts out fewer.
# Remedy: Take the numbers of the output, each of which takes the products of its channel.


# %% wrong misconception="input-size-counted" variant=1 loses="conv"
def model_macs(model, x):
    macs, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            places = inputs[0].numel() // getattr(layer, "in_channels", inputs[0].shape[-1])
            macs[name] = macs.get(name, 0) + places * layer.weight.numel()

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="input-size-counted" variant=2 loses="conv"
import copy


def model_macs(model, x):
    watched, macs = copy.deepcopy(model), {}
    for name, layer in watched.named_modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            layer.register_forward_pre_hook(
                lambda layer, given, name=name: macs.update(
                    {
                        name: macs.get(name, 0)
                        + given[0].select(-1 if isinstance(layer, torch.nn.Linear) else 1, 0).numel()
                        * layer.weight.nelement()
                    }
                )
            )
    watched(x)
    return macs


model_macs_by_layers = by_layers(model_macs)
