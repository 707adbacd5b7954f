# %% misconception="trusts-the-request"
# The request is taken for the result. `quantize_dynamic` skips a type that it has no dynamic layer for, such as
# `nn.Conv2d`, without a word.
# Remedy: Convert first, then look at what the converted model still holds.

# %% wrong misconception="trusts-the-request" variant=1 loses="no-kernel"
def left_float(model, types):
    left = {}
    for name, module in model.named_modules():
        weights = [p for p in module.parameters(recurse=False) if p.ndim >= 2]
        if weights and type(module).__name__ not in types:
            left[name] = sum(p.nbytes for p in weights)
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="trusts-the-request" variant=2 loses="no-kernel"
def left_float(model, types):
    asked = tuple(getattr(nn, name) for name in types)
    layers, size = [], 0
    for name, parameter in model.named_parameters():
        owner = name.rpartition(".")[0]
        if parameter.ndim > 1 and not isinstance(model.get_submodule(owner), asked):
            size += 4 * parameter.numel()
            if owner not in layers:
                layers.append(owner)
    layers.sort()
    return {"layers": layers, "bytes": size}


# %% misconception="children-only"
# Only the direct children are looked at, so that layers inside a block are not seen.
# Remedy: Walk over `named_modules()`.


# %% wrong misconception="children-only" variant=1 loses="bytes,nested"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    left = {}
    for name, module in converted.named_children():
        size = sum(p.nbytes for p in module.parameters(recurse=False) if p.ndim >= 2)
        if size:
            left[name] = size
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="children-only" variant=2 loses="bytes,nested"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types})
    layers, size = [], 0
    for name in sorted(converted._modules):
        weights = [w for w in converted._modules[name]._parameters.values() if w is not None and w.dim() > 1]
        layers += [name] * bool(weights)
        size += sum(w.numel() * w.element_size() for w in weights)
    return {"layers": layers, "bytes": size}


# %% misconception="parameters-for-modules"
# The names are those of parameters, such as `conv1.weight`; the module that owns it is `conv1`.
# Remedy: Take the names of `named_modules()`, or what stands before the last dot.


# %% wrong misconception="parameters-for-modules" variant=1 loses="layers,nested,recurrent,no-kernel"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    kept = {name: value.nbytes for name, value in converted.named_parameters() if value.ndim >= 2}
    return {"layers": sorted(kept), "bytes": sum(kept.values())}


# %% wrong misconception="parameters-for-modules" variant=2 loses="layers,nested,recurrent,no-kernel"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types})
    layers, size = [], 0
    for prefix, module in converted.named_modules():
        for name, value in module.named_parameters(prefix=prefix, recurse=False):
            if value.dim() > 1:
                layers.append(name)
                size += value.numel() * 4
    return {"layers": sorted(layers), "bytes": size}


# %% misconception="only-a-weight-looked-at"
# Only what is called `weight` is looked at. An LSTM keeps its matrices under other names, such as `weight_hh_l0`.
# Remedy: Look at all of `module.parameters(recurse=False)`.


# %% wrong misconception="only-a-weight-looked-at" variant=1 loses="bytes,recurrent"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    left = {}
    for name, module in converted.named_modules():
        weight = getattr(module, "weight", None)
        if isinstance(weight, torch.Tensor) and weight.ndim >= 2:
            left[name] = weight.nbytes
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="only-a-weight-looked-at" variant=2 loses="bytes,recurrent"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types})
    kept = {name: p for name, p in converted.named_parameters() if name.endswith(".weight") and p.dim() > 1}
    layers = sorted(name.removesuffix(".weight") for name in kept)
    return {"layers": layers, "bytes": sum(4 * p.numel() for p in kept.values())}


# %% misconception="small-floats-counted"
# Biases or batch norms are counted too. They stay float by design and are few.
# Remedy: Count the parameters of two or more dimensions, and of a layer these alone.


# %% wrong misconception="small-floats-counted" variant=1 loses="bytes"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    layers = set()
    for name, parameter in converted.named_parameters():
        if parameter.ndim >= 2:
            layers.add(name.rpartition(".")[0])
    return {"layers": sorted(layers), "bytes": sum(p.nbytes for p in converted.parameters())}


# %% wrong misconception="small-floats-counted" variant=2 loses="bytes"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    layers, size = [], 0
    for name, module in converted.named_modules():
        own = list(module.parameters(recurse=False))
        size += sum(p.numel() * p.element_size() for p in own)
        if any(p.ndim > 1 for p in own):
            layers.append(name)
    return {"layers": sorted(layers), "bytes": size}


# %% wrong misconception="small-floats-counted" variant=1 loses="bytes"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    left = {}
    for name, module in converted.named_modules():
        own = list(module.parameters(recurse=False))
        if any(parameter.ndim >= 2 for parameter in own):
            left[name] = sum(parameter.nbytes for parameter in own)  # with the bias
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="small-floats-counted" variant=2 loses="bytes"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    layers = sorted({name.rpartition(".")[0] for name, value in converted.named_parameters() if value.ndim > 1})
    states = [converted.get_submodule(layer).state_dict() for layer in layers]
    return {"layers": layers, "bytes": sum(value.nbytes for state in states for value in state.values())}


# %% misconception="weightless-layers-listed"
# Layers are listed that have nothing to quantize, such as activations, pooling and batch norms.
# Remedy: List a module only if it holds a float32 parameter of two or more dimensions.


# %% wrong misconception="weightless-layers-listed" variant=1 loses="layers,nested,recurrent,no-kernel"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    layers, size = [], 0
    for name, module in converted.named_modules():
        if (name and type(module).__module__.startswith("torch.nn.modules")) or name == "block":
            layers.append(name)
            size += sum(p.nbytes for p in module.parameters(recurse=False) if p.ndim >= 2)
    return {"layers": sorted(layers), "bytes": size}


# %% wrong misconception="weightless-layers-listed" variant=2 loses="layers,nested,recurrent,no-kernel"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types})
    layers = [name for name, module in converted.named_modules() if name and "torch.ao" not in str(type(module))]
    size = sum(p.nbytes for p in converted.parameters() if p.ndim >= 2)
    return {"layers": sorted(layers), "bytes": size}


# %% misconception="converts-layer-by-layer"
# Nothing was converted. `quantize_dynamic` swaps the children of what it is given, those of the types or of the names
# in its set: a bare layer has no children, and the name of a type is no name of a layer.
# Remedy: Give it the whole model, and a set of the types themselves.


# %% wrong misconception="converts-layer-by-layer" variant=1 loses="layers,bytes,recurrent,no-kernel"
def left_float(model, types):
    left = {}
    for name, module in model.named_modules():
        if list(module.children()):
            continue
        converted = eager.quantize_dynamic(module, {getattr(nn, kind) for kind in types}, dtype=torch.qint8)
        size = sum(p.nbytes for p in converted.parameters() if p.ndim >= 2)
        if size:
            left[name] = size
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="converts-layer-by-layer" variant=2 loses="layers,bytes,recurrent,no-kernel"
def left_float(model, types):
    layers, size = [], 0
    for kind in [getattr(nn, name) for name in types]:
        for layer in model.modules():
            if type(layer) is kind:
                eager.quantize_dynamic(layer, {kind}, dtype=torch.qint8)
    for name, parameter in model.named_parameters():
        if parameter.ndim >= 2:
            layers.append(name.rpartition(".")[0])
            size += parameter.nbytes
    return {"layers": sorted(set(layers)), "bytes": size}


# %% misconception="one-type-only"
# One of the types was converted, and not all of them: each call began again with the model that was given.
# Remedy: Pass all types in one set.


# %% wrong misconception="one-type-only" variant=1 loses="layers,bytes,recurrent,no-kernel"
def left_float(model, types):
    for name in types:
        converted = eager.quantize_dynamic(model, {getattr(nn, name)}, dtype=torch.qint8)
    left = {}
    for name, module in converted.named_modules():
        for parameter in module.parameters(recurse=False):
            if parameter.ndim >= 2:
                left[name] = left.get(name, 0) + parameter.nbytes
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="one-type-only" variant=2 loses="layers,bytes,recurrent,no-kernel"
def left_float(model, types):
    models = [eager.quantize_dynamic(model, {nn.__dict__[name]}, dtype=torch.qint8) for name in types]
    matrices = [(name, value) for name, value in models[-1].named_parameters() if value.ndim > 1]
    return {
        "layers": sorted({name.rpartition(".")[0] for name, _ in matrices}),
        "bytes": sum(value.nbytes for _, value in matrices),
    }


# %% misconception="numbers-for-bytes"
# The weights are counted, not their bytes.
# Remedy: A float32 takes four bytes: use `parameter.nbytes`.


# %% wrong misconception="numbers-for-bytes" variant=1 loses="bytes"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    left = {}
    for name, module in converted.named_modules():
        count = sum(p.numel() for p in module.parameters(recurse=False) if p.ndim >= 2)
        if count:
            left[name] = count
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="numbers-for-bytes" variant=2 loses="bytes"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    kept = {name: value for name, value in converted.named_parameters() if value.ndim > 1}
    layers = sorted({name.rsplit(".", 1)[0] for name in kept})
    return {"layers": layers, "bytes": len(torch.cat([v.flatten() for v in kept.values()])) if kept else 0}


# %% misconception="works-in-place"
# The model that was given is converted itself; its float weights are gone.
# Remedy: Leave `inplace` at False.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def left_float(model, types):
    eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8, inplace=True)
    left = {}
    for name, module in model.named_modules():
        size = sum(p.nbytes for p in module.parameters(recurse=False) if p.ndim >= 2)
        if size:
            left[name] = size
    return {"layers": sorted(left), "bytes": sum(left.values())}


# %% wrong misconception="works-in-place" variant=2 loses="keeps-model"
def left_float(model, types):
    wanted = dict.fromkeys((getattr(nn, name) for name in types), eager.default_dynamic_qconfig)
    eager.quantize_dynamic(model, wanted, inplace=True)
    kept = {name: value for name, value in model.named_parameters() if value.ndim > 1}
    layers = sorted({name.rsplit(".", 1)[0] for name in kept})
    return {"layers": layers, "bytes": sum(value.nbytes for value in kept.values())}


# %% right style="from the names of the parameters that are left"
def left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types})
    kept = {name: value for name, value in converted.named_parameters() if value.ndim > 1}
    layers = sorted({name.rpartition(".")[0] for name in kept})
    return {"layers": layers, "bytes": sum(4 * value.numel() for value in kept.values())}


# %% right style="what prepare and convert are made of, one qconfig a type"
def left_float(model, types):
    qconfigs = dict.fromkeys((getattr(nn, name) for name in types), eager.default_dynamic_qconfig)
    converted = eager.quantize_dynamic(model, qconfigs, dtype=torch.qint8)
    state = converted.state_dict()
    floats = {k: v for k, v in state.items() if isinstance(v, torch.Tensor) and v.ndim >= 2 and not v.is_quantized}
    layers = []
    for name in floats:
        layer = name.rpartition(".")[0]
        if layer not in layers:
            layers.append(layer)
    return {"layers": sorted(layers), "bytes": sum(v.numel() * v.element_size() for v in floats.values())}
