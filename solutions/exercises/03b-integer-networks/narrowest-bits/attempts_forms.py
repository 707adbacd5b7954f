# %% misconception="per-cent"
# Accuracy is given in per cent.
# Remedy: Leave it between 0 and 1.


# %% wrong misconception="per-cent" variant=1 loses="float-accuracy,by-bits,narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy(network):
        with torch.no_grad():
            return 100 * (network(images).argmax(1) == labels).float().mean().item()

    report = {"float": accuracy(model), "by_bits": {}}
    for bits in widths:
        network = copy.deepcopy(model)
        for module in network.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                weight = module.weight.data
                scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
                module.weight.data = torch.round(weight / scale) * scale
        report["by_bits"][bits] = accuracy(network)
    enough = [bits for bits in widths if report["float"] - report["by_bits"][bits] <= max_drop]
    return {**report, "narrowest": min(enough) if enough else None}


# %% wrong misconception="per-cent" variant=2 loses="float-accuracy,by-bits,narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) * 100 / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits = right(arrays), {}
    for bits in widths:
        rounded = {}
        for name, p in arrays.items():
            if p.ndim > 1:
                s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                rounded[name] = (p / s).round() * s
        by_bits[bits] = right(arrays | rounded)
    narrowest = min((b for b in widths if base - by_bits[b] <= max_drop), default=None)
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="zero-for-none"
# 0 bits are returned where no width is enough.
# Remedy: Return None.


# %% wrong misconception="zero-for-none" variant=1 loses="none-enough"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy(network):
        with torch.no_grad():
            return (network(images).argmax(1) == labels).float().mean().item()

    report = {"float": accuracy(model), "by_bits": {}}
    for bits in widths:
        network = copy.deepcopy(model)
        for module in network.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                weight = module.weight.data
                scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
                module.weight.data = torch.round(weight / scale) * scale
        report["by_bits"][bits] = accuracy(network)
    enough = [bits for bits in widths if report["float"] - report["by_bits"][bits] <= max_drop]
    return {**report, "narrowest": min(enough, default=0)}


# %% wrong misconception="zero-for-none" variant=2 loses="none-enough"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits, narrowest = right(arrays), {}, 0
    for bits in sorted(widths, reverse=True):
        rounded = {}
        for name, p in arrays.items():
            if p.ndim > 1:
                s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                rounded[name] = (p / s).round() * s
        by_bits[bits] = right(arrays | rounded)
        if base - by_bits[bits] <= max_drop:
            narrowest = bits
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="relative-drop"
# The drop is measured as a share of the float accuracy.
# Remedy: Subtract: `max_drop` is a difference of two accuracies.


# %% wrong misconception="relative-drop" variant=1 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy(network):
        with torch.no_grad():
            return (network(images).argmax(1) == labels).float().mean().item()

    report = {"float": accuracy(model), "by_bits": {}}
    for bits in widths:
        network = copy.deepcopy(model)
        for module in network.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                weight = module.weight.data
                scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
                module.weight.data = torch.round(weight / scale) * scale
        report["by_bits"][bits] = accuracy(network)
    enough = [bits for bits in widths if report["by_bits"][bits] >= report["float"] * (1 - max_drop)]
    return {**report, "narrowest": min(enough) if enough else None}


# %% wrong misconception="relative-drop" variant=2 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits = right(arrays), {}
    for bits in widths:
        rounded = {}
        for name, p in arrays.items():
            if p.ndim > 1:
                s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                rounded[name] = (p / s).round() * s
        by_bits[bits] = right(arrays | rounded)
    narrowest = min((b for b in widths if (base - by_bits[b]) / base <= max_drop), default=None)
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="text-for-widths"
# The keys of `by_bits` are texts such as `"2"`, which the number 2 does not find.
# Remedy: Use the width itself as the key.


# %% wrong misconception="text-for-widths" variant=1 loses="by-bits"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits = right(arrays), {}
    for bits in widths:
        rounded = {}
        for name, p in arrays.items():
            if p.ndim > 1:
                s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                rounded[name] = (p / s).round() * s
        by_bits[str(bits)] = right(arrays | rounded)
    narrowest = min((b for b in widths if base - by_bits[str(b)] <= max_drop), default=None)
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="biases-too"
# Biases and batch norms are rounded as well; only the weights of convolutions and linear layers are to be.
# Remedy: Take `module.weight` of each `Conv2d` and `Linear`, and leave the other parameters alone.


# %% wrong misconception="biases-too" variant=1 loses="by-bits"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy(network):
        with torch.no_grad():
            return (network(images).argmax(1) == labels).double().mean().item()

    base, by_bits = accuracy(model), {}
    for bits in widths:
        network = copy.deepcopy(model)
        for parameter in network.parameters():
            rows = parameter.data.flatten(1) if parameter.ndim > 1 else parameter.data[None]
            scale = rows.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
            parameter.data = (torch.round(rows / scale) * scale).reshape(parameter.shape)
        by_bits[bits] = accuracy(network)
    enough = [bits for bits in widths if base - by_bits[bits] <= max_drop]
    return {"float": base, "by_bits": by_bits, "narrowest": min(enough, default=None)}


# %% wrong misconception="biases-too" variant=2 loses="by-bits"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits = right(arrays), {}
    for bits in widths:
        rounded = {}
        for name, p in arrays.items():
            over = tuple(range(1, p.ndim)) if p.ndim > 1 else (0,)
            s = p.abs().amax(over, True) / (2 ** (bits - 1) - 1)
            rounded[name] = (p / s).round() * s
        by_bits[bits] = right(rounded)
    narrowest = min((b for b in widths if base - by_bits[b] <= max_drop), default=None)
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="outermost-only"
# Layers inside other modules keep their float weights: only the outermost modules are looked at.
# Remedy: Go through `model.modules()`, which finds layers at any depth; `children()` stops at the first.


# %% wrong misconception="outermost-only" variant=1 loses="by-bits"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy(network):
        with torch.no_grad():
            return (network(images).argmax(1) == labels).double().mean().item()

    base, by_bits = accuracy(model), {}
    for bits in widths:
        network = copy.deepcopy(model)
        for module in network.children():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                codes, scales = measures.quantize_symmetric(module.weight.detach(), bits, axis=0)
                module.weight.data = torch.from_numpy(codes * scales).float()
        by_bits[bits] = accuracy(network)
    enough = [bits for bits in widths if base - by_bits[bits] <= max_drop]
    return {"float": base, "by_bits": by_bits, "narrowest": min(enough, default=None)}


# %% wrong misconception="outermost-only" variant=2 loses="by-bits"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits = right(arrays), {}
    for bits in widths:
        rounded = {}
        for name, p in arrays.items():
            if p.ndim > 1 and name.count(".") == 1:
                s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                rounded[name] = (p / s).round() * s
        by_bits[bits] = right(arrays | rounded)
    narrowest = min((b for b in widths if base - by_bits[b] <= max_drop), default=None)
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="stops-at-the-first-failure"
# The search stopped at the first width that was not enough, though a narrower one may be enough again.
# Remedy: Look at all widths, and take the smallest of those that are enough.


# %% wrong misconception="stops-at-the-first-failure" variant=1 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    result, narrowest = {"by_bits": {}}, None
    with torch.no_grad():
        result["float"] = (model(images).argmax(1) == labels).double().mean().item()
        for bits in widths:
            for p in model.parameters():
                if p.ndim > 1:
                    s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                    p.copy_((p / s).round() * s)
            result["by_bits"][bits] = (model(images).argmax(1) == labels).double().mean().item()
            model.load_state_dict(kept)
    for bits in sorted(widths, reverse=True):
        if result["float"] - result["by_bits"][bits] > max_drop:
            break
        narrowest = bits
    return {**result, "narrowest": narrowest}


# %% wrong misconception="stops-at-the-first-failure" variant=2 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy(network):
        with torch.no_grad():
            return (network(images).argmax(1) == labels).double().mean().item()

    def rounded(bits):
        small = copy.deepcopy(model)
        for layer in small.modules():
            if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
                codes, scales = measures.quantize_symmetric(layer.weight.detach(), bits, axis=0)
                layer.weight.data = torch.from_numpy(codes * scales).float()
        return small

    base = accuracy(model)
    by_bits = {bits: accuracy(rounded(bits)) for bits in widths}
    ordered, at = sorted(widths), len(widths)
    while at > 0 and base - by_bits[ordered[at - 1]] <= max_drop:
        at -= 1
    return {"float": base, "by_bits": by_bits, "narrowest": ordered[at] if at < len(widths) else None}
