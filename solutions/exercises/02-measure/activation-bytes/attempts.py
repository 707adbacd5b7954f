# %% misconception="twice-the-input"
# Activations are taken to be twice the input; layers widen and narrow the data.
# Remedy: Add up what each layer really puts out.

# %% wrong misconception="twice-the-input" variant=1 loses="kept,views,peak"
def activation_bytes(model, x):
    return {"kept": 2 * x.nbytes, "peak": 2 * x.nbytes}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="twice-the-input" variant=2 loses="kept,views,peak"
def activation_bytes(model, x):
    into = x.numel() * x.element_size()
    return dict.fromkeys(("kept", "peak"), into + into)


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="parameters-counted"
# The parameters are counted among the activations; they do not grow with the batch.
# Remedy: Leave the weights out of `kept`.


# %% wrong misconception="parameters-counted" variant=1 loses="kept,views"
def activation_bytes(model, x):
    kept, peak = x.nbytes + sum(parameter.nbytes for parameter in model.parameters()), 0
    for layer in model:
        result = layer(x)
        new = result.nbytes if result.data_ptr() != x.data_ptr() else 0
        kept += new
        peak = max(peak, x.nbytes + new)
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="parameters-counted" variant=2 loses="kept,views"
def activation_bytes(model, x):
    flow = [x]
    for layer in model.children():
        flow.append(layer(flow[-1]))
    in_memory = {tensor.data_ptr(): tensor.nbytes for tensor in (*model.parameters(), *flow)}
    pairs = [{a.data_ptr(): a.nbytes, b.data_ptr(): b.nbytes} for a, b in zip(flow, flow[1:])]
    return {"kept": sum(in_memory.values()), "peak": max(sum(pair.values()) for pair in pairs)}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="output-for-peak"
# The peak counts a layer's output alone; its input must be there while it runs.
# Remedy: Add the bytes of the layer's input to those of its output, and take the largest sum.


# %% wrong misconception="output-for-peak" variant=1 loses="peak"
def activation_bytes(model, x):
    kept, peak = x.nbytes, 0
    for layer in model:
        result = layer(x)
        new = result.nbytes if result.data_ptr() != x.data_ptr() else 0
        kept += new
        peak = max(peak, new)
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="output-for-peak" variant=2 loses="peak"
def activation_bytes(model, x):
    results = []
    for layer in model:
        x_next = layer(x)
        results.append((x, x_next))
        x = x_next
    new = [after.nbytes for before, after in results if after.data_ptr() != before.data_ptr()]
    return {"kept": results[0][0].nbytes + sum(new), "peak": max(new)}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="kept-for-peak"
# The peak counts every result, as training keeps them; serving drops a layer's input once it has run.
# Remedy: Look at one layer at a time: its input and its output, and of those sums the largest.


# %% wrong misconception="kept-for-peak" variant=1 loses="peak"
def activation_bytes(model, x):
    kept = x.nbytes
    for layer in model:
        result = layer(x)
        if result.data_ptr() != x.data_ptr():
            kept += result.nbytes
        x = result
    return {"kept": kept, "peak": kept}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="kept-for-peak" variant=2 loses="peak"
def activation_bytes(model, x):
    flow = [x]
    for layer in model.children():
        flow.append(layer(flow[-1]))
    stored = {tensor.data_ptr(): tensor.numel() * tensor.element_size() for tensor in flow}
    return dict.fromkeys(("kept", "peak"), sum(stored.values()))


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="views-counted"
# A view is counted as if it were a copy; `Flatten` only looks at the same bytes in another shape.
# Remedy: Skip a result that has its input's `data_ptr()`.


# %% wrong misconception="views-counted" variant=1 loses="views,peak"
def activation_bytes(model, x):
    kept, peak = x.nbytes, 0
    for layer in model:
        result = layer(x)
        peak = max(peak, x.nbytes + result.nbytes)
        kept += result.nbytes
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="views-counted" variant=2 loses="views,peak"
from itertools import pairwise


def activation_bytes(model, x):
    sizes = [x.numel() * x.element_size()]
    for layer in model.children():
        x = layer(x)
        sizes.append(x.numel() * x.element_size())
    return {"kept": sum(sizes), "peak": max(before + after for before, after in pairwise(sizes))}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="hooks-left"
# The model does not come back as it was: hooks stay on it and run on every later call, or its mode is another.
# Remedy: Call `remove()` on the handle of each hook after the pass, and leave the mode alone.


# %% wrong misconception="hooks-left" variant=1 loses="keeps-model"
def activation_bytes(model, x):
    sizes = {"kept": x.nbytes, "peak": 0}

    def hook(layer, inputs, output):
        new = 0 if output.data_ptr() == inputs[0].data_ptr() else output.nbytes
        sizes["peak"] = max(sizes["peak"], inputs[0].nbytes + new)
        sizes["kept"] += new

    for layer in model:
        layer.register_forward_hook(hook)
    model(x)
    return sizes


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="hooks-left" variant=2 loses="keeps-model"
def activation_bytes(model, x):
    seen = []
    for layer in model.children():
        layer.register_forward_hook(lambda _, inputs, output: seen.append((inputs[0], output)))
    with torch.no_grad():
        model(x)
    new = [after.nbytes * (after.data_ptr() != before.data_ptr()) for before, after in seen]
    return {"kept": x.nbytes + sum(new), "peak": max(before.nbytes + size for (before, _), size in zip(seen, new))}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="four-bytes-each"
# Every number is taken for a float32 of 4 bytes; in half or double precision it has 2 or 8.
# Remedy: Ask the tensor: `nbytes`, or `numel() * element_size()`.


# %% wrong misconception="four-bytes-each" variant=1 loses="kept,peak"
def activation_bytes(model, x):
    kept, peak = 4 * x.numel(), 0
    for layer in model:
        result = layer(x)
        new = 0 if result.data_ptr() == x.data_ptr() else 4 * result.numel()
        kept += new
        peak = max(peak, 4 * x.numel() + new)
        x = result
    return {"kept": kept, "peak": peak}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="four-bytes-each" variant=2 loses="kept,peak"
def activation_bytes(model, x):
    flow = [x]
    for layer in model.children():
        flow.append(layer(flow[-1]))
    sizes = [tensor.float().nbytes for tensor in flow]
    new = [size if b.data_ptr() != a.data_ptr() else 0 for a, b, size in zip(flow, flow[1:], sizes[1:])]
    return {"kept": sizes[0] + sum(new), "peak": max(map(sum, zip(sizes, new)))}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% misconception="two-largest"
# The two largest results are added for the peak, though one may be gone before the other comes.
# Remedy: Look at one layer at a time: its own input and its own output.


# %% wrong misconception="two-largest" variant=1 loses="peak"
def activation_bytes(model, x):
    sizes = [x.nbytes]
    for layer in model:
        result = layer(x)
        sizes.append(0 if result.data_ptr() == x.data_ptr() else result.nbytes)
        x = result
    ordered = sorted(sizes)
    return {"kept": sum(sizes), "peak": ordered[-1] + ordered[-2]}


activation_bytes_of_layers = taking_layers(activation_bytes)


# %% wrong misconception="two-largest" variant=2 loses="peak"
import heapq


def activation_bytes(model, x):
    stored = {x.data_ptr(): x}
    for layer in model.children():
        x = layer(x)
        stored[x.data_ptr()] = x
    sizes = [tensor.numel() * tensor.element_size() for tensor in stored.values()]
    return {"kept": sum(sizes), "peak": sum(heapq.nlargest(2, sizes))}


activation_bytes_of_layers = taking_layers(activation_bytes)
