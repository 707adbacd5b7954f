# %% misconception="views-by-class"
# Views are told by the class of a layer; dropout hands its input on, too, and a flatten may have to copy.
# Remedy: Look where the numbers lie: a result that has its input's `data_ptr()` takes no bytes.


# %% wrong misconception="views-by-class" variant=1 loses="views,peak"
def activation_bytes(model, x):
    kept, peak = x.nbytes, 0
    for layer in model:
        result = layer(x)
        new = 0 if isinstance(layer, torch.nn.Flatten) else result.nbytes
        kept += new
        peak = max(peak, x.nbytes + new)
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="views-by-class" variant=1 loses="views,peak"
def activation_bytes(model, x):
    handing_on = (torch.nn.Flatten, torch.nn.Unflatten, torch.nn.Identity, torch.nn.Dropout)
    kept, peak = x.nbytes, 0
    for layer in model:
        result = layer(x)
        new = 0 if isinstance(layer, handing_on) else result.nbytes
        kept += new
        peak = max(peak, x.nbytes + new)
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="views-by-class" variant=2 loses="views,peak"
def activation_bytes(model, x):
    flow = [x]
    for layer in model.children():
        flow.append(layer(flow[-1]))
    sizes = [tensor.numel() * tensor.element_size() for tensor in flow]
    new = [0 if type(layer).__name__ == "Flatten" else size for layer, size in zip(model, sizes[1:])]
    return {"kept": sizes[0] + sum(new), "peak": max(map(sum, zip(sizes, new)))}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% decoy misconception="views-by-class" loses="views,peak"
# Views are told by the number of numbers that go in and come out; the class plays no part.
def activation_bytes(model, x):
    kept, peak = x.nbytes, 0
    for layer in model:
        result = layer(x)
        is_same = result.numel() == x.numel() and torch.equal(result.flatten().double(), x.flatten().double())
        is_view = is_same and not isinstance(layer, torch.nn.ReLU)  # whose few numbers may all be above zero
        new = 0 if is_view else result.nbytes
        kept += new
        peak = max(peak, x.nbytes + new)
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="width-of-the-input"
# Every number is taken to be as wide as those of the input; an embedding takes whole numbers and gives real ones.
# Remedy: Ask each tensor for its own `nbytes`.


# %% wrong misconception="width-of-the-input" variant=1 loses="kept"
def activation_bytes(model, x):
    each = x.element_size()
    kept, peak = x.nbytes, 0
    for layer in model:
        result = layer(x)
        new = 0 if result.data_ptr() == x.data_ptr() else each * result.numel()
        kept += new
        peak = max(peak, each * x.numel() + new)
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="width-of-the-input" variant=2 loses="kept"
def activation_bytes(model, x):
    width, flow = x.dtype.itemsize, [x]
    for layer in model.children():
        flow.append(layer(flow[-1]))
    numbers = [tensor.numel() for tensor in flow]
    new = [count if b.data_ptr() != a.data_ptr() else 0 for a, b, count in zip(flow, flow[1:], numbers[1:])]
    return {"kept": width * (numbers[0] + sum(new)), "peak": width * max(map(sum, zip(numbers, new)))}


activation_bytes_of_layers = taking_layers(activation_bytes)
