# %% misconception="counts-weights"
# Weights are counted; a convolution uses each of its weights at every position of the output.
# Remedy: Multiply the numbers of the output by the weights that each of them takes.

# %% wrong misconception="counts-weights" variant=1 loses="conv,batch-and-size"
def model_macs(model, x):
    counted = (torch.nn.Linear, torch.nn.Conv2d)
    return {name: layer.weight.numel() for name, layer in model.named_modules() if isinstance(layer, counted)}


# %% wrong misconception="counts-weights" variant=2 loses="conv,batch-and-size"
def model_macs(model, x):
    macs = {}
    for name, parameter in model.named_parameters():
        if name.endswith(".weight") and parameter.ndim > 1:
            macs[name.removesuffix(".weight")] = parameter.numel()
    return macs


# %% misconception="batch-norm-counted"
# Batch norms are counted as if they were layers of products.
# Remedy: Count `nn.Linear` and `nn.Conv2d` only, and say so where you publish the number.


# %% wrong misconception="batch-norm-counted" variant=1 loses="conv,batch-and-size"
def model_macs(model, x):
    macs, handles = {}, []
    for name, layer in model.named_children():
        if hasattr(layer, "weight"):

            def hook(layer, inputs, output, name=name):
                macs[name] = output.numel() * layer.weight[0].numel()

            handles.append(layer.register_forward_hook(hook))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


# %% wrong misconception="batch-norm-counted" variant=2 loses="conv,batch-and-size"
def model_macs(model, x):
    macs = {}
    for name, layer in model.named_children():
        x = layer(x)
        if isinstance(layer, torch.nn.Linear):
            macs[name] = x.numel() * layer.in_features
        elif isinstance(layer, torch.nn.Conv2d):
            macs[name] = x.numel() * layer.in_channels * 9
        elif isinstance(layer, torch.nn.BatchNorm2d):
            macs[name] = x.numel()
    return macs


# %% misconception="per-sample"
# One example is counted, whatever the batch.
# Remedy: Take all numbers of the output, its first axis included.


# %% wrong misconception="per-sample" variant=1 loses="batch-and-size"
def model_macs(model, x):
    macs = {}
    for name, layer in model.named_children():
        x = layer(x)
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            macs[name] = x[0].numel() * layer.weight[0].numel()
    return macs


# %% wrong misconception="per-sample" variant=2 loses="batch-and-size"
def model_macs(model, x):
    macs, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            macs[name] = output.numel() // output.shape[0] * layer.weight[0].numel()

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


# %% misconception="hooks-left"
# The model does not come back as it was: hooks stay on it and run on every later call, or its mode is another.
# Remedy: Call `remove()` on the handle of each hook after the pass, and leave the mode alone.


# %% wrong misconception="hooks-left" variant=1 loses="keeps-model"
def model_macs(model, x):
    macs = {}

    def watch(name):
        def hook(layer, inputs, output):
            macs[name] = output.numel() * layer.weight[0].numel()

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            layer.register_forward_hook(watch(name))
    model(x)
    return macs


# %% wrong misconception="hooks-left" variant=2 loses="keeps-model"
def model_macs(model, x):
    names, found = {layer: name for name, layer in model.named_modules()}, []
    for layer in [layer for layer in names if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d)]:
        layer.register_forward_hook(lambda module, _, output: found.append((module, output)))
    with torch.no_grad():
        model(x)
    return {names[module]: output.numel() * module.weight[0].numel() for module, output in found}


# %% misconception="flops-for-macs"
# FLOPs are returned, two for each multiply-accumulate.
# Remedy: Count each product with its addition once.

# %% wrong misconception="flops-for-macs" variant=1 loses="linear,conv,batch-and-size"
from torch.utils.flop_counter import FlopCounterMode


def model_macs(model, x):
    with FlopCounterMode(display=False) as counter:
        model(x)
    counts = counter.get_flop_counts()
    return {name.split(".")[1]: sum(counts[name].values()) for name in counts if "." in name}


# %% wrong misconception="flops-for-macs" variant=2 loses="linear,conv,batch-and-size"
def model_macs(model, x):
    operations = {}
    for name, layer in model.named_children():
        x = layer(x)
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            products = x.numel() * layer.weight[0].numel()
            operations[name] = products + products
    return operations


# %% right style="layer after layer, without hooks"
def model_macs(model, x):
    macs = {}
    with torch.no_grad():
        for name, layer in model.named_children():
            x = layer(x)
            match layer:
                case torch.nn.Linear():
                    macs[name] = x.numel() * layer.in_features
                case torch.nn.Conv2d():
                    height, width = layer.kernel_size
                    macs[name] = x.numel() * layer.in_channels // layer.groups * height * width
    return macs


# %% right style="hooks on a copy, which may keep them"
import copy


def model_macs(model, x):
    watched, macs = copy.deepcopy(model), {}
    for name, layer in watched.named_modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            layer.register_forward_hook(
                lambda layer, _, output, name=name: macs.update({name: output.numel() * layer.weight[0].numel()})
            )
    watched(x)
    return macs
