# %% misconception="model-stays-quantized"
# The weights are overwritten in the model itself, so each width starts from what the last one left.
# Remedy: Work on a copy, and begin every width with the float weights.

# %% wrong misconception="model-stays-quantized" variant=1 loses="by-bits,keeps-input,narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy():
        with torch.no_grad():
            return (model(images).argmax(1) == labels).float().mean().item()

    report = {"float": accuracy(), "by_bits": {}}
    for bits in widths:
        for module in model.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                weight = module.weight.data
                scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
                module.weight.data = torch.round(weight / scale) * scale
        report["by_bits"][bits] = accuracy()
    enough = [bits for bits in widths if report["float"] - report["by_bits"][bits] <= max_drop]
    return {**report, "narrowest": min(enough) if enough else None}


# %% wrong misconception="model-stays-quantized" variant=2 loses="by-bits,keeps-input,narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    with torch.no_grad():
        base = (model(images).argmax(1) == labels).double().mean().item()
        by_bits = {}
        for bits in widths:
            for w in weights:
                steps = w.flatten(1).norm(torch.inf, dim=1).reshape(-1, *[1] * (w.ndim - 1)) / (2 ** (bits - 1) - 1)
                w.copy_(w.div(steps).round().mul(steps))
            by_bits[bits] = (model(images).argmax(1) == labels).double().mean().item()
    narrowest = min((bits for bits, a in by_bits.items() if base - a <= max_drop), default=None)
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="one-scale-a-layer"
# One scale serves a whole layer; at few bits that costs accuracy.
# Remedy: Take a scale for each output channel.


# %% wrong misconception="one-scale-a-layer" variant=1 loses="by-bits,narrowest"
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
                scale = weight.abs().max() / (2 ** (bits - 1) - 1)
                module.weight.data = torch.round(weight / scale) * scale
        report["by_bits"][bits] = accuracy(network)
    enough = [bits for bits in widths if report["float"] - report["by_bits"][bits] <= max_drop]
    return {**report, "narrowest": min(enough) if enough else None}


# %% wrong misconception="one-scale-a-layer" variant=2 loses="by-bits,narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits = right(arrays), {}
    for bits in widths:
        steps = {name: p.abs().max() / (2 ** (bits - 1) - 1) for name, p in arrays.items() if p.ndim > 1}
        by_bits[bits] = right(arrays | {name: (arrays[name] / s).round() * s for name, s in steps.items()})
    enough = sorted(bits for bits in widths if base - by_bits[bits] <= max_drop)
    return {"float": base, "by_bits": by_bits, "narrowest": enough[0] if enough else None}


# %% misconception="drop-from-perfect"
# The drop is measured from an accuracy of 1, not from that of the float model.
# Remedy: Subtract from the accuracy of the model as given.


# %% wrong misconception="drop-from-perfect" variant=1 loses="narrowest"
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
    enough = [bits for bits in widths if report["by_bits"][bits] >= 1 - max_drop]
    return {**report, "narrowest": min(enough) if enough else None}


# %% wrong misconception="drop-from-perfect" variant=2 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def wrong(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) != labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    by_bits = {}
    for bits in widths:
        rounded = {}
        for name, p in arrays.items():
            if p.ndim > 1:
                s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                rounded[name] = (p / s).round() * s
        by_bits[bits] = 1 - wrong(arrays | rounded)
    narrowest = min((b for b in widths if 1 - by_bits[b] <= max_drop), default=None)
    return {"float": 1 - wrong(arrays), "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="boundary-left-out"
# A width whose drop is exactly `max_drop` is turned down.
# Remedy: At most means `<=`; with a `max_drop` of 0, no loss at all is enough.


# %% wrong misconception="boundary-left-out" variant=1 loses="narrowest"
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
    enough = [bits for bits in widths if report["float"] - report["by_bits"][bits] < max_drop]
    return {**report, "narrowest": min(enough) if enough else None}


# %% wrong misconception="boundary-left-out" variant=2 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def right(arrays):
        logits = torch.func.functional_call(model, arrays, (images,))
        return float((logits.detach().argmax(1) == labels).sum()) / len(labels)

    arrays = {name: p.detach() for name, p in model.named_parameters()}
    base, by_bits, narrowest = right(arrays), {}, None
    for bits in sorted(widths, reverse=True):
        rounded = {}
        for name, p in arrays.items():
            if p.ndim > 1:
                s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                rounded[name] = (p / s).round() * s
        by_bits[bits] = right(arrays | rounded)
        if by_bits[bits] > base - max_drop:
            narrowest = bits
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% misconception="last-in-the-list"
# The last of the widths that are enough is returned, in whatever order they come.
# Remedy: Take the smallest of them, with `min`.


# %% wrong misconception="last-in-the-list" variant=1 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    def accuracy(network):
        with torch.no_grad():
            return (network(images).argmax(1) == labels).float().mean().item()

    report = {"float": accuracy(model), "by_bits": {}, "narrowest": None}
    for bits in widths:
        network = copy.deepcopy(model)
        for module in network.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                weight = module.weight.data
                scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
                module.weight.data = torch.round(weight / scale) * scale
        report["by_bits"][bits] = accuracy(network)
        if report["float"] - report["by_bits"][bits] <= max_drop:
            report["narrowest"] = bits
    return report


# %% wrong misconception="last-in-the-list" variant=2 loses="narrowest"
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
    enough = [bits for bits, accuracy in by_bits.items() if base - accuracy <= max_drop]
    return {"float": base, "by_bits": by_bits, "narrowest": enough[-1] if enough else None}


# %% misconception="widest-returned"
# The widest of the widths that are enough is returned.
# Remedy: Take the smallest.


# %% wrong misconception="widest-returned" variant=1 loses="narrowest"
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
    return {**report, "narrowest": max(enough) if enough else None}


# %% wrong misconception="widest-returned" variant=2 loses="narrowest"
def narrowest_bits(model, images, labels, widths, max_drop):
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    result, best = {"float": None, "by_bits": {}}, None
    with torch.no_grad():
        for bits in [None, *sorted(widths)]:
            for p in model.parameters():
                if bits and p.ndim > 1:
                    s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                    p.copy_((p / s).round() * s)
            share = (model(images).argmax(1) == labels).double().mean().item()
            model.load_state_dict(kept)
            if bits is None:
                result["float"] = share
                continue
            result["by_bits"][bits] = share
            if result["float"] - share <= max_drop:
                best = bits
    return {**result, "narrowest": best}


# %% right style="functional calls, no copy of the model"
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
    narrowest = min((b for b in widths if base - by_bits[b] <= max_drop), default=None)
    return {"float": base, "by_bits": by_bits, "narrowest": narrowest}


# %% right style="the model itself, put back each time"
def narrowest_bits(model, images, labels, widths, max_drop):
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    result, best = {"by_bits": {}}, None
    with torch.no_grad():
        result["float"] = (model(images).argmax(1) == labels).double().mean().item()
        for bits in sorted(widths, reverse=True):
            for p in model.parameters():
                if p.ndim > 1:
                    s = p.abs().amax(tuple(range(1, p.ndim)), True) / (2 ** (bits - 1) - 1)
                    p.copy_((p / s).round() * s)
            result["by_bits"][bits] = (model(images).argmax(1) == labels).double().mean().item()
            model.load_state_dict(kept)
            if result["float"] - result["by_bits"][bits] <= max_drop:
                best = bits
    return {**result, "narrowest": best}
