# %% right style="a copy that torch converts"
import copy
from collections import Counter


def bytes_by_dtype(model, plan):
    model = copy.deepcopy(model)
    for layer, dtype in plan.items():
        model.get_submodule(layer).to(dtype)
    sizes = Counter()
    for tensor in (*model.parameters(), *model.buffers()):
        sizes[str(tensor.dtype).split(".")[1]] += tensor.nbytes
    return dict(sizes)


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)


# %% right style="module by module, own tensors only"
def bytes_by_dtype(model, plan):
    found = []
    for layer, module in model.named_modules():
        for tensor in (*module.parameters(recurse=False), *module.buffers(recurse=False)):
            kept = tensor.dtype
            dtype = plan[layer] if layer in plan and kept.is_floating_point else kept
            found.append((str(dtype).replace("torch.", ""), tensor.numel() * dtype.itemsize))
    return {name: sum(size for other, size in found if other == name) for name, _ in found}


bytes_by_dtype_of_tensors = taking_tensors(bytes_by_dtype)
