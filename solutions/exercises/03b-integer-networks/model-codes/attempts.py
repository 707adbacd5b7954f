# %% misconception="linear-only"
# Convolutions are left out.
# Remedy: Ask for `torch.nn.Conv2d` too.

# %% wrong misconception="linear-only" variant=1 loses="codes,scales,int8"
def model_codes(model, bits):
    largest, codes, scales = 2 ** (bits - 1) - 1, {}, {}
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear):
            weight = module.weight.detach()
            scale = weight.abs().amax(1) / largest
            codes[f"{name}.weight"] = torch.round(weight / scale[:, None]).to(torch.int8)
            scales[f"{name}.weight"] = scale
    return {"codes": codes, "scales": scales}


# %% wrong misconception="linear-only" variant=2 loses="codes,scales,int8"
def model_codes(model, bits):
    matrices = {name: p.data for name, p in model.named_parameters() if p.ndim == 2}
    scales = {name: w.norm(torch.inf, dim=1) / (2 ** (bits - 1) - 1) for name, w in matrices.items()}
    codes = {name: (w.T / scales[name]).T.round().char() for name, w in matrices.items()}
    return {"scales": scales, "codes": codes}


# %% misconception="batch-norm-too"
# Every parameter called weight is quantized, also those of batch norms, which stay real here.
# Remedy: Choose by the kind of module, not by the name of the parameter.


# %% wrong misconception="batch-norm-too" variant=1 loses="codes,scales,int8"
def model_codes(model, bits):
    largest, codes, scales = 2 ** (bits - 1) - 1, {}, {}
    for name, parameter in model.named_parameters():
        if name.endswith("weight"):
            weight = parameter.detach()
            scale = weight.abs().reshape(len(weight), -1).amax(1) / largest
            shape = (-1, *[1] * (weight.ndim - 1))
            codes[name] = torch.round(weight / scale.reshape(shape)).to(torch.int8)
            scales[name] = scale
    return {"codes": codes, "scales": scales}


# %% wrong misconception="batch-norm-too" variant=2 loses="codes,scales,int8"
def model_codes(model, bits):
    found = {"codes": {}, "scales": {}}
    for name, module in model.named_modules():
        if hasattr(module, "weight"):
            rows = module.weight.data.flatten(1) if module.weight.ndim > 1 else module.weight.data[:, None]
            scale = torch.linalg.vector_norm(rows, torch.inf, dim=1) / (2 ** (bits - 1) - 1)
            whole = (rows / scale.unsqueeze(1)).round().char()
            found["codes"][name + ".weight"] = whole.reshape(module.weight.shape)
            found["scales"][name + ".weight"] = scale
    return found


# %% misconception="one-scale-a-layer"
# One scale serves a whole layer.
# Remedy: Take the maximum within each output channel.


# %% wrong misconception="one-scale-a-layer" variant=1 loses="codes,scales,other-model,int8"
def model_codes(model, bits):
    largest, codes, scales = 2 ** (bits - 1) - 1, {}, {}
    for name, module in model.named_modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            weight = module.weight.detach()
            scale = weight.abs().max() / largest
            codes[f"{name}.weight"] = torch.round(weight / scale).to(torch.int8)
            scales[f"{name}.weight"] = scale.repeat(len(weight))
    return {"codes": codes, "scales": scales}


# %% wrong misconception="one-scale-a-layer" variant=2 loses="codes,scales,other-model,int8"
def model_codes(model, bits):
    arrays = {name: p.data for name, p in model.named_parameters() if p.ndim in (2, 4)}
    steps = {name: max(w.max(), -w.min()).item() / (2 ** (bits - 1) - 1) for name, w in arrays.items()}
    return {
        "codes": {name: w.div(steps[name]).round().char() for name, w in arrays.items()},
        "scales": {name: torch.full((w.shape[0],), steps[name]) for name, w in arrays.items()},
    }


# %% misconception="full-range"
# The full range is used, of `2**(bits - 1)` steps on the negative side; the narrow one is asked for.
# Remedy: Divide by `2**(bits - 1) - 1`, the largest code.


# %% wrong misconception="full-range" variant=1 loses="codes,scales,other-model,int8"
def model_codes(model, bits):
    half, codes, scales = 2 ** (bits - 1), {}, {}
    for name, module in model.named_modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            weight = module.weight.detach()
            scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / half
            codes[f"{name}.weight"] = torch.round(weight / scale).clamp(-half, half - 1).to(torch.int8)
            scales[f"{name}.weight"] = scale.flatten()
    return {"codes": codes, "scales": scales}


# %% wrong misconception="full-range" variant=2 loses="codes,scales,other-model,int8"
def model_codes(model, bits):
    matrices = {name: p.data for name, p in model.named_parameters() if p.ndim > 1}
    scales = {name: w.flatten(1).norm(torch.inf, dim=1) / 2 ** (bits - 1) for name, w in matrices.items()}
    codes = {}
    for name, w in matrices.items():
        steps = w / scales[name].reshape(-1, *[1] * (w.ndim - 1))
        codes[name] = steps.round().clamp(max=2 ** (bits - 1) - 1).char()
    return {"scales": scales, "codes": codes}


# %% misconception="always-eight-bits"
# The width is ignored: the scales are those of 8 bits.
# Remedy: The largest code is `2**(bits - 1) - 1`.


# %% wrong misconception="always-eight-bits" variant=1 loses="other-model,int8,scales"
def model_codes(model, bits):
    codes, scales = {}, {}
    for name, module in model.named_modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            rows = module.weight.detach().flatten(1)
            scale = rows.abs().amax(1) / 127
            codes[f"{name}.weight"] = torch.round(rows / scale[:, None]).to(torch.int8).reshape(module.weight.shape)
            scales[f"{name}.weight"] = scale
    return {"codes": codes, "scales": scales}


# %% wrong misconception="always-eight-bits" variant=2 loses="other-model,int8,scales"
def model_codes(model, bits):
    limit = torch.iinfo(torch.int8).max
    arrays = {name: p.data for name, p in model.named_parameters() if p.ndim >= 2}
    scales = {name: w.abs().amax(tuple(range(1, w.ndim))) / limit for name, w in arrays.items()}
    codes = {name: torch.stack([row.div(s).round() for row, s in zip(arrays[name], scales[name])]) for name in arrays}
    return {"codes": {name: code.char() for name, code in codes.items()}, "scales": scales}


# %% misconception="codes-as-floats"
# The codes are whole numbers in float32, so the model is no smaller.
# Remedy: End with `.to(torch.int8)`.


# %% wrong misconception="codes-as-floats" variant=1 loses="int8"
def model_codes(model, bits):
    largest, codes, scales = 2 ** (bits - 1) - 1, {}, {}
    for name, module in model.named_modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            rows = module.weight.detach().flatten(1)
            scale = rows.abs().amax(1) / largest
            codes[f"{name}.weight"] = torch.round(rows / scale[:, None]).reshape(module.weight.shape)
            scales[f"{name}.weight"] = scale
    return {"codes": codes, "scales": scales}


# %% wrong misconception="codes-as-floats" variant=2 loses="int8"
def model_codes(model, bits):
    found = {"codes": {}, "scales": {}}
    for name, w in model.state_dict().items():
        if w.ndim >= 2:
            scale = w.abs().amax(tuple(range(1, w.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
            found["codes"][name] = w.div(scale).round()
            found["scales"][name] = scale.flatten()
    return found


# %% misconception="model-changed"
# The model does not stay as it is: its weights, its mode or its `requires_grad` are changed.
# Remedy: Use operations that make new tensors, without `_` at the end of their name, and no `train` or `eval`.


# %% wrong misconception="model-changed" variant=1 loses="keeps-input"
def model_codes(model, bits):
    largest, codes, scales = 2 ** (bits - 1) - 1, {}, {}
    for name, module in model.named_modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            rows = module.weight.data.flatten(1)
            scale = rows.abs().amax(1) / largest
            rows.div_(scale[:, None]).round_()
            codes[f"{name}.weight"] = module.weight.data.to(torch.int8)
            scales[f"{name}.weight"] = scale
    return {"codes": codes, "scales": scales}


# %% wrong misconception="model-changed" variant=2 loses="keeps-input"
def model_codes(model, bits):
    found = {"codes": {}, "scales": {}}
    for name, w in model.state_dict().items():
        if w.ndim >= 2:
            scale = w.abs().amax(tuple(range(1, w.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
            found["codes"][name] = w.div(scale).round().char()
            found["scales"][name] = scale.flatten()
            w.copy_(found["codes"][name] * scale)
    return found


# %% misconception="outermost-only"
# Only the model's own layers are taken, not those inside its modules.
# Remedy: `named_modules` goes into every module and gives the whole name, such as `block.first`.


# %% wrong misconception="outermost-only" variant=1 loses="other-model"
def model_codes(model, bits):
    qm = 2 ** (bits - 1) - 1
    out = {"codes": {}, "scales": {}}
    for n, m in model.named_children():
        if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear)):
            w = m.weight.detach()
            s = w.abs().flatten(1).amax(1) / qm
            out["codes"][n + ".weight"] = (w / s.view(-1, *[1] * (w.dim() - 1))).round().to(torch.int8)
            out["scales"][n + ".weight"] = s
    return out


# %% wrong misconception="outermost-only" variant=2 loses="other-model"
def model_codes(model, bits):
    found = {"codes": {}, "scales": {}}
    for name, w in model.state_dict().items():
        if w.ndim >= 2 and name.count(".") == 1:
            scale = w.abs().amax(tuple(range(1, w.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
            found["codes"][name] = w.div(scale).round().char()
            found["scales"][name] = scale.flatten()
    return found


# %% right style="by the number of axes, out of the state dict"
def model_codes(model, bits):
    found = {"codes": {}, "scales": {}}
    for name, w in model.state_dict().items():
        if w.ndim >= 2:
            scale = w.abs().amax(tuple(range(1, w.ndim)), keepdim=True) / (2 ** (bits - 1) - 1)
            found["codes"][name] = w.div(scale).round().char()
            found["scales"][name] = scale.flatten()
    return found


# %% right style="row by row, with NumPy"
def model_codes(model, bits):
    import numpy as np

    largest, codes, scales = 2 ** (bits - 1) - 1, {}, {}
    for name, module in model.named_modules():
        if type(module) in (torch.nn.Conv2d, torch.nn.Linear):
            rows = list(module.weight.detach().numpy())
            scale = np.array([np.abs(row).max() / largest for row in rows], np.float32)
            found = np.stack([np.rint(row / s) for row, s in zip(rows, scale)]).astype(np.int8)
            codes[f"{name}.weight"], scales[f"{name}.weight"] = torch.from_numpy(found), torch.from_numpy(scale)
    return {"scales": scales, "codes": codes}
