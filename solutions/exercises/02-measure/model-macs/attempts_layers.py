# %% misconception="other-layers-counted"
# Other layers that have a weight are counted, too, such as an embedding or a convolution of sequences.
# Remedy: Ask for the classes: `isinstance(layer, (nn.Linear, nn.Conv2d))`.


# %% wrong misconception="other-layers-counted" variant=1 loses="others"
def model_macs(model, x):
    macs, handles = {}, []
    for name, layer in model.named_modules():
        if getattr(layer, "weight", torch.zeros(1)).ndim > 1:

            def hook(layer, inputs, output, name=name):
                macs[name] = macs.get(name, 0) + output.numel() * layer.weight[0].numel()

            handles.append(layer.register_forward_hook(hook))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="other-layers-counted" variant=2 loses="others"
import copy


def model_macs(model, x):
    watched, macs = copy.deepcopy(model), {}
    for name, parameter in watched.named_parameters():
        layer, _, kind = name.rpartition(".")
        if kind != "weight" or parameter.dim() == 1:
            continue
        products = parameter[0].numel()
        watched.get_submodule(layer).register_forward_hook(
            lambda _, given, output, layer=layer, products=products: macs.update(
                {layer: macs.get(layer, 0) + output.numel() * products}
            )
        )
    watched(x)
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="last-run-only"
# A layer that runs more than once counts its last run alone: the entry is written over.
# Remedy: Add to the entry: `macs[name] = macs.get(name, 0) + …`.


# %% wrong misconception="last-run-only" variant=1 loses="twice"
def model_macs(model, x):
    macs, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            macs[name] = output.numel() * layer.weight[0].numel()

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="last-run-only" variant=2 loses="twice"
import copy


def model_macs(model, x):
    watched, outputs = copy.deepcopy(model), {}
    layers = {n: m for n, m in watched.named_modules() if isinstance(m, torch.nn.Linear | torch.nn.Conv2d)}
    for name, layer in layers.items():
        layer.register_forward_hook(lambda module, given, output, name=name: outputs.update({name: output}))
    watched(x)
    return {name: output.numel() * layers[name].weight[0].numel() for name, output in outputs.items()}


model_macs_by_layers = by_layers(model_macs)


# %% decoy misconception="last-run-only" loses="twice"
# The first run is kept.
def model_macs(model, x):
    macs, handles = {}, []

    def watch(name):
        def hook(layer, inputs, output):
            macs.setdefault(name, output.numel() * layer.weight[0].numel())

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            handles.append(layer.register_forward_hook(watch(name)))
    model(x)
    for handle in handles:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% misconception="run-again"
# The model is run more than once; with a hook on every layer a single run tells all.
# Remedy: Put all hooks on first, and then call the model once.


# %% wrong misconception="run-again" variant=1 loses="conv,linear,others,twice"
def model_macs(model, x):
    macs = {}
    for name, layer in model.named_modules():
        if not isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            continue

        def hook(layer, inputs, output, name=name):
            macs[name] = macs.get(name, 0) + output.numel() * layer.weight[0].numel()

        handle = layer.register_forward_hook(hook)
        model(x)
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% wrong misconception="run-again" variant=2 loses="conv,linear,others,twice"
def model_macs(model, x):
    model(x)  # a warm-up
    names, seen = {layer: name for name, layer in model.named_modules()}, []
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    handles = [
        layer.register_forward_hook(lambda layer, _, output: seen.append((names[layer], output.numel(), layer)))
        for layer in names
        if isinstance(layer, kinds)
    ]
    model(x)
    [handle.remove() for handle in handles]
    macs = dict.fromkeys((name for name, *_ in seen), 0)
    for name, numbers, layer in seen:
        macs[name] += numbers * layer.weight[0].numel()
    return macs


model_macs_by_layers = by_layers(model_macs)
