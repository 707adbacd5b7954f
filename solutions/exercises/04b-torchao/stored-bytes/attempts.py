# %% misconception="packed-codes"
# The codes are counted with their own bits. On a CPU this config keeps each code in a byte of its own, however narrow
# it is.
# Remedy: Ask the tensor: `weight.qdata.nbytes`.

# %% wrong misconception="packed-codes" variant=1 loses="narrow-codes"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for tensor in converted.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += (tensor.numel() * bits + 7) // 8
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
        else:
            counts["rest"] += tensor.nbytes
    return counts | {"distinct_codes": different_codes(converted)}


# %% wrong misconception="packed-codes" variant=2 loses="narrow-codes"
def different_codes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    codes = [layer.weight.qdata for layer in converted.modules() if isinstance(layer, nn.Linear)]
    return len(set(torch.cat([part.flatten() for part in codes]).tolist()))


def stored_bytes(model, bits, group_size):
    linears = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    codes = sum(layer.weight.numel() for layer in linears)
    groups = sum(layer.weight.numel() // (group_size or layer.in_features) for layer in linears)
    everything = sum(tensor.nbytes for tensor in model.state_dict().values())
    counts = {"codes": codes * bits // 8, "scales": 4 * groups, "zero_points": groups, "rest": everything - 4 * codes}
    return counts | {"distinct_codes": different_codes(model, bits, group_size)}


# %% misconception="claimed-dtype"
# The weight was asked for its size, and it answers as the float32 tensor that it stands for.
# Remedy: Ask its parts for their `nbytes`: `.qdata`, `.scale`, `.zero_point`.


# %% wrong misconception="claimed-dtype" variant=1 loses="codes,narrow-codes"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    coded = [tensor for tensor in converted.state_dict().values() if hasattr(tensor, "qdata")]
    return {
        "distinct_codes": different_codes(converted),
        "codes": sum(tensor.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in converted.state_dict().values() if not hasattr(tensor, "qdata")),
    }


# %% wrong misconception="claimed-dtype" variant=2 loses="codes,narrow-codes"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    granularity = PerGroup(group_size) if group_size else PerAxis(0)
    quantize_(converted, IntxWeightOnlyConfig(weight_dtype=getattr(torch, f"int{bits}"), granularity=granularity))
    counts = dict.fromkeys(("codes", "scales", "zero_points", "rest"), 0)
    for tensor in converted.state_dict().values():
        claimed = tensor.element_size() * tensor.numel()
        if type(tensor.data).__name__ == "IntxUnpackedToInt8Tensor":
            counts["codes"] += claimed
            counts["scales"] += tensor.scale.element_size() * tensor.scale.numel()
            counts["zero_points"] += tensor.zero_point.numel()
        else:
            counts["rest"] += claimed
    return counts | {"distinct_codes": different_codes(converted)}


# %% misconception="groups-ignored"
# The scales are those of whole rows: the group size did not reach the config.
# Remedy: Pass `granularity=PerGroup(group_size)`, and `PerAxis(0)` only where `group_size` is None.


# %% wrong misconception="groups-ignored" variant=1 loses="scales,zero-points"
def different_codes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    codes = [layer.weight.qdata for layer in converted.modules() if isinstance(layer, nn.Linear)]
    return len(set(torch.cat([part.flatten() for part in codes]).tolist()))


def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}")))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for tensor in converted.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
        else:
            counts["rest"] += tensor.nbytes
    return counts | {"distinct_codes": different_codes(model, bits, group_size)}


# %% wrong misconception="groups-ignored" variant=2 loses="scales,zero-points"
def different_codes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    codes = [layer.weight.qdata for layer in converted.modules() if isinstance(layer, nn.Linear)]
    return len(set(torch.cat([part.flatten() for part in codes]).tolist()))


def stored_bytes(model, bits, group_size):
    linears = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    codes = sum(layer.weight.numel() for layer in linears)
    rows = sum(layer.out_features for layer in linears)
    everything = sum(tensor.nbytes for tensor in model.state_dict().values())
    counts = {"codes": codes, "scales": 4 * rows, "zero_points": rows, "rest": everything - 4 * codes}
    return counts | {"distinct_codes": different_codes(model, bits, group_size)}


# %% misconception="no-zero-points"
# The zero points were left out. Symmetric ones are all 0, and are stored all the same.
# Remedy: Add up `weight.zero_point.nbytes`.


# %% wrong misconception="no-zero-points" variant=1 loses="zero-points"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for tensor in converted.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
        else:
            counts["rest"] += tensor.nbytes
    return counts | {"distinct_codes": different_codes(converted)}


# %% wrong misconception="no-zero-points" variant=2 loses="zero-points"
def different_codes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    codes = [layer.weight.qdata for layer in converted.modules() if isinstance(layer, nn.Linear)]
    return len(set(torch.cat([part.flatten() for part in codes]).tolist()))


def stored_bytes(model, bits, group_size):
    weights = [layer.weight for layer in model.modules() if isinstance(layer, nn.Linear)]
    codes = sum(weight.numel() for weight in weights)
    scales = sum(4 * weight.numel() // (group_size or weight.shape[1]) for weight in weights)
    rest = sum(tensor.nbytes for tensor in model.state_dict().values()) - 4 * codes
    counts = {"codes": codes, "scales": scales, "zero_points": 0, "rest": rest}  # a symmetric grid has none
    return counts | {"distinct_codes": different_codes(model, bits, group_size)}


# %% misconception="buffers-forgotten"
# The buffers were left out: a batch norm stores its running mean and variance and a counter as buffers.
# Remedy: Go through `state_dict()`, not `parameters()`.


# %% wrong misconception="buffers-forgotten" variant=1 loses="rest"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for tensor in converted.parameters():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
        else:
            counts["rest"] += tensor.nbytes
    return counts | {"distinct_codes": different_codes(converted)}


# %% wrong misconception="buffers-forgotten" variant=2 loses="rest"
def different_codes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    codes = [layer.weight.qdata for layer in converted.modules() if isinstance(layer, nn.Linear)]
    return len(set(torch.cat([part.flatten() for part in codes]).tolist()))


def stored_bytes(model, bits, group_size):
    weights = [layer.weight for layer in model.modules() if isinstance(layer, nn.Linear)]
    codes = sum(weight.numel() for weight in weights)
    groups = sum(weight.numel() // (group_size or weight.shape[1]) for weight in weights)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    counts = {"codes": codes, "scales": 4 * groups, "zero_points": groups, "rest": 4 * (parameters - codes)}
    return counts | {"distinct_codes": different_codes(model, bits, group_size)}


# %% misconception="linear-only"
# Only the `nn.Linear` layers were counted; what `quantize_` leaves alone is stored too.
# Remedy: Go through the whole `state_dict()`.


# %% wrong misconception="linear-only" variant=1 loses="rest"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for layer in converted.modules():
        if isinstance(layer, nn.Linear):
            counts["codes"] += layer.weight.qdata.nbytes
            counts["scales"] += layer.weight.scale.nbytes
            counts["zero_points"] += layer.weight.zero_point.nbytes
            counts["rest"] += layer.bias.nbytes
    return counts | {"distinct_codes": different_codes(converted)}


# %% wrong misconception="linear-only" variant=2 loses="rest"
def different_codes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    codes = [layer.weight.qdata for layer in converted.modules() if isinstance(layer, nn.Linear)]
    return len(set(torch.cat([part.flatten() for part in codes]).tolist()))


def stored_bytes(model, bits, group_size):
    linears = [layer for layer in model.modules() if type(layer) is nn.Linear]
    codes = sum(layer.in_features * layer.out_features for layer in linears)
    groups = sum(layer.in_features * layer.out_features // (group_size or layer.in_features) for layer in linears)
    biases = sum(4 * layer.out_features for layer in linears)
    counts = {"codes": codes, "scales": 4 * groups, "zero_points": groups, "rest": biases}
    return counts | {"distinct_codes": different_codes(model, bits, group_size)}


# %% misconception="works-in-place"
# The model that was given is quantized itself; its float weights are gone.
# Remedy: Quantize a copy: `copy.deepcopy(model)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    quantize_(model, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for tensor in model.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
        else:
            counts["rest"] += tensor.nbytes
    return counts | {"distinct_codes": different_codes(model)}


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    converted = model
    for layer in converted.modules():
        if isinstance(layer, nn.Linear):
            granularity = PerGroup(group_size or layer.in_features)
            quantize_(layer, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    stored = converted.state_dict().values()
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    plain = [tensor for tensor in stored if not hasattr(tensor, "qdata")]
    parts = {"codes": "qdata", "scales": "scale", "zero_points": "zero_point"}
    counts = {name: sum(getattr(tensor, part).nbytes for tensor in coded) for name, part in parts.items()}
    counts["distinct_codes"] = different_codes(converted)
    return counts | {"rest": sum(tensor.nbytes for tensor in plain)}


# %% right style="counted from the shapes"
def different_codes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    codes = [layer.weight.qdata for layer in converted.modules() if isinstance(layer, nn.Linear)]
    return len(set(torch.cat([part.flatten() for part in codes]).tolist()))


def stored_bytes(model, bits, group_size):
    weights = [layer.weight for layer in model.modules() if isinstance(layer, nn.Linear)]
    codes = sum(weight.numel() for weight in weights)
    groups = sum(weight.numel() // (group_size or weight.shape[1]) for weight in weights)
    rest = sum(tensor.nbytes for tensor in model.state_dict().values()) - 4 * codes
    counts = {"codes": codes, "scales": 4 * groups, "zero_points": groups, "rest": rest}
    return counts | {"distinct_codes": different_codes(model, bits, group_size)}


# %% right style="by the class of each tensor, parameters and buffers"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    from torchao.quantization import IntxUnpackedToInt8Tensor

    converted = copy.deepcopy(model)
    width = {2: torch.int2, 3: torch.int3, 4: torch.int4, 5: torch.int5, 6: torch.int6, 7: torch.int7, 8: torch.int8}
    granularity = PerGroup(group_size) if group_size else PerAxis(axis=0)
    quantize_(converted, IntxWeightOnlyConfig(weight_dtype=width[bits], granularity=granularity))
    total = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0}
    for tensor in [*converted.parameters(), *converted.buffers()]:
        if isinstance(tensor, IntxUnpackedToInt8Tensor):
            total["codes"] += tensor.qdata.untyped_storage().nbytes()
            total["scales"] += tensor.scale.numel() * tensor.scale.element_size()
            total["zero_points"] += tensor.zero_point.numel() * tensor.zero_point.element_size()
        else:
            total["rest"] += tensor.numel() * tensor.element_size()
    return total | {"distinct_codes": different_codes(converted)}
