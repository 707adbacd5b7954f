# %% misconception="names-by-beginning"
# A layer is told by the beginning of a name; `bn10` begins like `bn1`, and is another layer.
# Remedy: Compare the whole name of the layer: all of the tensor's name up to its last dot.


# %% wrong misconception="names-by-beginning" variant=1 loses="nested"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        stored = tensor.dtype
        for layer, dtype in plan.items():
            if name.startswith(layer) and tensor.is_floating_point():
                stored = dtype
        key = str(stored).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * stored.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="names-by-beginning" variant=2 loses="nested"
from collections import Counter


def bytes_by_dtype(model, plan):
    sizes = Counter()
    for name, tensor in (*model.named_parameters(), *model.named_buffers()):
        planned = [dtype for layer, dtype in plan.items() if name[: len(layer)] == layer]
        dtype = planned[-1] if planned and tensor.dtype.is_floating_point else tensor.dtype
        sizes[str(dtype)[6:]] += tensor.nelement() * dtype.itemsize
    return dict(sizes)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% decoy misconception="names-by-beginning" loses="nested"
# The name of a layer is looked for anywhere in the name of a tensor.
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        stored = tensor.dtype
        for layer, dtype in plan.items():
            if layer in name and tensor.is_floating_point():
                stored = dtype
        key = str(stored).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * stored.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="counter-by-name"
# Whole numbers are told by the name of a batch norm's counter; codes of a quantized layer are whole numbers, too.
# Remedy: Ask the tensor: `tensor.is_floating_point()`.


# %% wrong misconception="counter-by-name" variant=1 loses="buffers"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        layer, _, own = name.rpartition(".")
        dtype = tensor.dtype if own == "num_batches_tracked" else plan.get(layer, tensor.dtype)
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * dtype.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="counter-by-name" variant=2 loses="buffers"
from collections import Counter


def bytes_by_dtype(model, plan):
    sizes = Counter()
    for layer, module in model.named_modules():
        for name, tensor in [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]:
            stored = tensor.to(plan[layer]) if layer in plan and "tracked" not in name else tensor
            sizes[str(stored.dtype).split(".")[-1]] += stored.nbytes
    return dict(sizes)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="float32-taken-for-granted"
# Layers that the plan leaves alone are taken for float32; a model may be stored in float64 or float16 already.
# Remedy: Take the tensor's own dtype where the plan says nothing.


# %% wrong misconception="float32-taken-for-granted" variant=1 loses="typical"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        layer = name.rpartition(".")[0]
        dtype = plan.get(layer, torch.float32) if tensor.is_floating_point() else tensor.dtype
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * dtype.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="float32-taken-for-granted" variant=2 loses="typical"
from collections import Counter


def bytes_by_dtype(model, plan):
    sizes = Counter()
    for layer, module in model.named_modules():
        for tensor in [*module.parameters(recurse=False), *module.buffers(recurse=False)]:
            if not tensor.is_floating_point():
                sizes[str(tensor.dtype).split(".")[1]] += tensor.nbytes
            elif layer in plan:
                sizes[str(plan[layer]).split(".")[1]] += tensor.numel() * plan[layer].itemsize
            else:
                sizes["float32"] += 4 * tensor.numel()
    return dict(sizes)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)
