# %% misconception="parameters-only"
# Only parameters are counted; a batch norm also stores running statistics and a counter.
# Remedy: Go through `state_dict()`, which has the buffers too.

# %% wrong misconception="parameters-only" variant=1 loses="buffers"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, parameter in model.named_parameters():
        dtype = plan.get(name.rpartition(".")[0], parameter.dtype)
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + parameter.numel() * dtype.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="parameters-only" variant=2 loses="buffers"
from collections import Counter


def bytes_by_dtype(model, plan):
    sizes = Counter()
    for layer, module in model.named_modules():
        for parameter in module.parameters(recurse=False):
            dtype = plan.get(layer) or parameter.dtype
            sizes[f"{dtype}".split(".")[1]] += len(parameter.flatten()) * torch.finfo(dtype).bits // 8
    return dict(sizes)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="counts-numbers"
# Numbers are counted, not the bytes that they take.
# Remedy: Multiply each tensor's `numel()` by the `itemsize` of its dtype.


# %% wrong misconception="counts-numbers" variant=1 loses="typical,nested,buffers,absent-dtypes"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        dtype = plan.get(name.rpartition(".")[0], tensor.dtype) if tensor.is_floating_point() else tensor.dtype
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel()
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="counts-numbers" variant=2 loses="typical,nested,buffers,absent-dtypes"
from collections import Counter


def bytes_by_dtype(model, plan):
    counts = Counter()
    for name, tensor in model.state_dict().items():
        planned = plan.get(name.rsplit(".", 1)[0]) if tensor.is_floating_point() else None
        counts[str(planned or tensor.dtype)[len("torch.") :]] += tensor.flatten().shape[0]
    return dict(counts)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="converts-the-model"
# The model itself is converted: `Module.to` and `Module.half` change a module in place.
# Remedy: Look the dtype up in the plan, and leave the tensors as they are.


# %% wrong misconception="converts-the-model" variant=1 loses="keeps-model"
def bytes_by_dtype(model, plan):
    for layer, dtype in plan.items():
        model.get_submodule(layer).to(dtype)
    sizes = {}
    for tensor in model.state_dict().values():
        key = str(tensor.dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.nbytes
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="converts-the-model" variant=2 loses="keeps-model"
def bytes_by_dtype(model, plan):
    for name, module in model.named_modules():
        if name in plan:
            module.to(dtype=plan[name])
    tensors = [*model.parameters(), *model.buffers()]
    names = {str(tensor.dtype).split(".")[-1] for tensor in tensors}
    return {
        name: sum(t.numel() * t.element_size() for t in tensors if str(t.dtype).endswith("." + name)) for name in names
    }


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="counter-converted"
# The counter of a batch norm is given the planned dtype; it is a whole number and stays int64.
# Remedy: Apply the plan only where `tensor.is_floating_point()`.


# %% wrong misconception="counter-converted" variant=1 loses="buffers"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        dtype = plan.get(name.rpartition(".")[0], tensor.dtype)
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * dtype.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="counter-converted" variant=2 loses="buffers"
from collections import Counter


def bytes_by_dtype(model, plan):
    sizes = Counter()
    for name, tensor in model.state_dict().items():
        layer, _, _ = name.rpartition(".")
        stored = tensor.to(plan[layer]) if layer in plan else tensor
        sizes[str(stored.dtype)[6:]] += stored.nbytes
    return dict(sizes)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="dtypes-listed-empty"
# Dtypes are listed although no tensor has them.
# Remedy: Add a dtype to the dict when a tensor of it comes along.


# %% wrong misconception="dtypes-listed-empty" variant=1 loses="typical,buffers,absent-dtypes"
def bytes_by_dtype(model, plan):
    sizes = {str(tensor.dtype).removeprefix("torch."): 0 for tensor in model.state_dict().values()}
    for name, tensor in model.state_dict().items():
        dtype = plan.get(name.rpartition(".")[0], tensor.dtype) if tensor.is_floating_point() else tensor.dtype
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * dtype.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="dtypes-listed-empty" variant=2 loses="typical,buffers,absent-dtypes"
def bytes_by_dtype(model, plan):
    tensors = model.state_dict()
    stored = {name: tensor.dtype for name, tensor in tensors.items()}
    for name, dtype in stored.items():
        if dtype.is_floating_point:
            stored[name] = plan.get(name[: name.rindex(".")], dtype)
    sizes = {}
    for dtype in {tensor.dtype for tensor in tensors.values()} | set(plan.values()):
        counts = [tensor.numel() for name, tensor in tensors.items() if stored[name] == dtype]
        sizes[str(dtype).split(".")[1]] = sum(counts) * dtype.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="bits-for-bytes"
# Bits are counted: a float32 has 32 of them, and takes 4 bytes.
# Remedy: Divide the bits of a dtype by 8, or take its `itemsize`.


# %% wrong misconception="bits-for-bytes" variant=1 loses="typical,nested,buffers,absent-dtypes"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        planned = plan.get(name.rpartition(".")[0], tensor.dtype) if tensor.is_floating_point() else tensor.dtype
        info = torch.finfo(planned) if planned.is_floating_point else torch.iinfo(planned)
        key = str(planned).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * info.bits
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="bits-for-bytes" variant=2 loses="typical,nested,buffers,absent-dtypes"
from collections import Counter


def bytes_by_dtype(model, plan):
    bits = Counter()
    for layer, module in model.named_modules():
        for tensor in [*module.parameters(recurse=False), *module.buffers(recurse=False)]:
            stored = plan[layer] if layer in plan and tensor.is_floating_point() else tensor.dtype
            bits[str(stored).split(".")[-1]] += 8 * stored.itemsize * tensor.numel()
    return dict(bits)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% misconception="outermost-name"
# A tensor is looked up under the outermost of its names; `block.first.weight` belongs to the layer `block.first`.
# Remedy: Take off the part after the last dot only: `name.rpartition(".")[0]`.


# %% wrong misconception="outermost-name" variant=1 loses="nested"
def bytes_by_dtype(model, plan):
    sizes = {}
    for name, tensor in model.state_dict().items():
        dtype = plan.get(name.split(".")[0], tensor.dtype) if tensor.is_floating_point() else tensor.dtype
        key = str(dtype).removeprefix("torch.")
        sizes[key] = sizes.get(key, 0) + tensor.numel() * dtype.itemsize
    return sizes


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% wrong misconception="outermost-name" variant=2 loses="nested"
from collections import Counter


def bytes_by_dtype(model, plan):
    sizes = Counter()
    for layer, module in model.named_children():
        for tensor in module.state_dict().values():
            dtype = plan[layer] if layer in plan and tensor.is_floating_point() else tensor.dtype
            sizes[repr(dtype)[6:]] += tensor.nelement() * dtype.itemsize
    return dict(sizes)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)
