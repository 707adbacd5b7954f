# %% misconception="codes-of-the-grid"
# All codes that so many bits can say were counted, and not those that occur: a small layer does not use each of 256.
# Remedy: Count the different entries of the `qdata` of all weights, as with `torch.unique`.


# %% wrong misconception="codes-of-the-grid" variant=1 loses="distinct-codes"
def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0, "distinct_codes": 2**bits}
    for tensor in converted.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
        else:
            counts["rest"] += tensor.nbytes
    return counts


# %% wrong misconception="codes-of-the-grid" variant=2 loses="distinct-codes"
def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    quantize_(
        converted,
        IntxWeightOnlyConfig(
            getattr(torch, f"int{bits}"), granularity=PerGroup(group_size) if group_size else PerAxis(0)
        ),
    )
    stored = list(converted.state_dict().values())
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    return {
        "codes": sum(tensor.qdata.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in stored if not hasattr(tensor, "qdata")),
        "distinct_codes": 1 << bits,
    }


# %% misconception="summed-over-layers"
# The different codes were counted in each weight, and added up; a code that occurs in two weights is still one.
# Remedy: Put the codes of all weights together, with `torch.cat`, before you count.


# %% wrong misconception="summed-over-layers" variant=1 loses="distinct-codes"
def stored_bytes(model, bits, group_size):
    granularity = PerAxis(0) if group_size is None else PerGroup(group_size)
    converted = copy.deepcopy(model)
    quantize_(converted, IntxWeightOnlyConfig(getattr(torch, f"int{bits}"), granularity=granularity))
    counts = {"codes": 0, "scales": 0, "zero_points": 0, "rest": 0, "distinct_codes": 0}
    for tensor in converted.state_dict().values():
        if hasattr(tensor, "qdata"):
            counts["codes"] += tensor.qdata.nbytes
            counts["scales"] += tensor.scale.nbytes
            counts["zero_points"] += tensor.zero_point.nbytes
            counts["distinct_codes"] += tensor.qdata.unique().numel()
        else:
            counts["rest"] += tensor.nbytes
    return counts


# %% wrong misconception="summed-over-layers" variant=2 loses="distinct-codes"
def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    quantize_(
        converted,
        IntxWeightOnlyConfig(
            getattr(torch, f"int{bits}"), granularity=PerGroup(group_size) if group_size else PerAxis(0)
        ),
    )
    stored = list(converted.state_dict().values())
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    return {
        "codes": sum(tensor.qdata.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in stored if not hasattr(tensor, "qdata")),
        "distinct_codes": sum(len(set(tensor.qdata.flatten().tolist())) for tensor in coded),
    }


# %% misconception="bits-ignored"
# The codes are those of one width, whatever `bits` says: as many bytes, and other codes.
# Remedy: `getattr(torch, f"int{bits}")` is the dtype for the config.


# %% wrong misconception="bits-ignored" variant=1 loses="distinct-codes"
def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    quantize_(
        converted,
        IntxWeightOnlyConfig(torch.int8, granularity=PerGroup(group_size) if group_size else PerAxis(0)),
    )
    stored = list(converted.state_dict().values())
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    return {
        "codes": sum(tensor.qdata.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in stored if not hasattr(tensor, "qdata")),
        "distinct_codes": torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel(),
    }


# %% wrong misconception="bits-ignored" variant=2 loses="distinct-codes"
def different_codes(model):
    coded = [tensor for tensor in model.state_dict().values() if hasattr(tensor, "qdata")]
    return torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel()


def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    quantize_(
        converted,
        IntxWeightOnlyConfig(weight_dtype=torch.int8, granularity=PerGroup(group_size) if group_size else PerAxis(0)),
    )
    stored = list(converted.state_dict().values())
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    return {
        "codes": sum(tensor.qdata.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in stored if not hasattr(tensor, "qdata")),
        "distinct_codes": different_codes(converted),
    }


# %% wrong misconception="bits-ignored" variant=1 loses="distinct-codes"
def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    quantize_(
        converted,
        IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(group_size) if group_size else PerAxis(0)),
    )
    stored = list(converted.state_dict().values())
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    return {
        "codes": sum(tensor.qdata.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in stored if not hasattr(tensor, "qdata")),
        "distinct_codes": torch.cat([tensor.qdata.flatten() for tensor in coded]).unique().numel(),
    }


# %% decoy misconception="codes-of-the-grid" loses="distinct-codes"
def stored_bytes(model, bits, group_size):
    converted = copy.deepcopy(model)
    quantize_(
        converted,
        IntxWeightOnlyConfig(
            getattr(torch, f"int{bits}"), granularity=PerGroup(group_size) if group_size else PerAxis(0)
        ),
    )
    stored = list(converted.state_dict().values())
    coded = [tensor for tensor in stored if hasattr(tensor, "qdata")]
    return {
        "codes": sum(tensor.qdata.nbytes for tensor in coded),
        "scales": sum(tensor.scale.nbytes for tensor in coded),
        "zero_points": sum(tensor.zero_point.nbytes for tensor in coded),
        "rest": sum(tensor.nbytes for tensor in stored if not hasattr(tensor, "qdata")),
        "distinct_codes": 2**bits - 1,
    }
