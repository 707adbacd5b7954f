# %% misconception="file-not-loaded"
# The model has the layers of the file, but its own weights: nothing of the file arrived in it.
# Remedy: Call `load_state_dict(state)` on the converted model, and leave `strict` at True, so that it tells you when a
# key finds no place.

# %% wrong misconception="file-not-loaded" variant=1 loses="codes,biases"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    loaded = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    loaded.state_dict().update(state)  # of a dict that is thrown away
    return loaded


# %% wrong misconception="file-not-loaded" variant=2 loses="codes,biases"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model.load_state_dict(state, strict=False)  # no key of the float model is among them
    return eager.quantize_dynamic(model, {nn.Linear})


# %% misconception="back-to-floats"
# The codes were turned into floats and put into a float model, four bytes for each code.
# Remedy: Convert `model` with `quantize_dynamic`, then load the state dict into it as it is.


# %% wrong misconception="back-to-floats" variant=1 loses="codes,layers"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            weight, bias = state[f"{name}._packed_params._packed_params"]
            layer.weight.data, layer.bias.data = weight.dequantize(), bias.data
    return model


# %% wrong misconception="back-to-floats" variant=2 loses="codes,layers"
def load_quantized(file, model):
    floats = {}
    for key, value in torch.load(io.BytesIO(file), weights_only=True).items():
        layer, _, end = key.partition("._packed_params.")
        if end == "_packed_params":
            floats |= {f"{layer}.weight": torch.dequantize(value[0]), f"{layer}.bias": value[1]}
    model.load_state_dict(floats)
    return model


# %% misconception="quantized-twice"
# The codes were turned into floats and quantized again. The largest code is 127 and a scale counts on 127.5, so that
# each round trip shrinks the grid and rounds all weights anew.
# Remedy: Load the codes as they are; never quantize what was quantized before.


# %% wrong misconception="quantized-twice" variant=1 loses="codes"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            weight, bias = state[f"{name}._packed_params._packed_params"]
            layer.weight.data, layer.bias.data = weight.dequantize(), bias.data
    return eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="quantized-twice" variant=2 loses="codes"
def load_quantized(file, model):
    saved = eager.quantize_dynamic(model, {nn.Linear})
    saved.load_state_dict(torch.load(io.BytesIO(file), weights_only=True))
    with torch.no_grad():
        for name, layer in saved.named_modules():
            if hasattr(layer, "weight"):
                model.get_submodule(name).weight.copy_(layer.weight().dequantize())
                model.get_submodule(name).bias.copy_(layer.bias())
    eager.quantize_dynamic(model, {nn.Linear}, inplace=True)
    return model


# %% misconception="unpickles-anything"
# The file is unpickled without restriction, and a pickle can run any program when it is read. One of the files here
# calls `sys.exit`; to look at the types afterwards is too late.
# Remedy: Pass `weights_only=True`, torch's own default, to `torch.load`.


# %% wrong misconception="unpickles-anything" variant=1 loses="refuses-objects"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file), weights_only=False)
    loaded = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    loaded.load_state_dict(state)
    return loaded


# %% wrong misconception="unpickles-anything" variant=2 loses="refuses-objects"
def load_quantized(file, model):
    loaded = eager.quantize_dynamic(model, {"stem", "block.first", "block.second", "output"})
    with io.BytesIO(file) as opened:
        loaded.load_state_dict(torch.load(opened, map_location="cpu", weights_only=False))
    return loaded


# %% wrong misconception="unpickles-anything" variant=1 loses="refuses-objects"
def load_quantized(file, model):
    import pickle

    state = torch.load(io.BytesIO(file), weights_only=False)
    for value in state.values():
        if not isinstance(value, torch.Tensor | tuple | torch.dtype):
            raise pickle.UnpicklingError("the file holds more than tensors")  # which has been unpickled by now
    loaded = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    loaded.load_state_dict(state)
    return loaded


# %% wrong misconception="unpickles-anything" variant=2 loses="refuses-objects"
def load_quantized(file, model):
    from pickle import UnpicklingError

    loaded = eager.quantize_dynamic(model, {nn.Linear})
    try:
        loaded.load_state_dict(torch.load(io.BytesIO(file), weights_only=False))
    except Exception as error:
        raise UnpicklingError(str(error)) from error
    return loaded


# %% misconception="biases-forgotten"
# The codes are those of the file, the biases those of the model that was given.
# Remedy: The state dict holds weight and bias of a layer packed together: load it as a whole.


# %% wrong misconception="biases-forgotten" variant=1 loses="biases"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    loaded = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    for name, layer in loaded.named_modules():
        if hasattr(layer, "set_weight_bias") and hasattr(layer, "weight"):
            weight, _ = state[f"{name}._packed_params._packed_params"]
            layer.set_weight_bias(weight, layer.bias())
    return loaded


# %% wrong misconception="biases-forgotten" variant=2 loses="biases"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    loaded = eager.quantize_dynamic(model, {nn.Linear})
    own = loaded.state_dict()
    for key, value in own.items():
        if isinstance(value, tuple):
            own[key] = (state[key][0], value[1])
    loaded.load_state_dict(own)
    return loaded


# %% right style="weight and bias set layer by layer"
def load_quantized(file, model):
    state = torch.load(io.BytesIO(file))  # weights_only is the default
    loaded = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    for name, layer in loaded.named_modules():
        if hasattr(layer, "set_weight_bias") and hasattr(layer, "weight"):
            layer.set_weight_bias(*state[f"{name}._packed_params._packed_params"])
    return loaded


# %% right style="the mould itself converted"
def load_quantized(file, model):
    with io.BytesIO(file) as opened:
        state = torch.load(opened, weights_only=True, map_location="cpu")
    eager.quantize_dynamic(model, dict.fromkeys([nn.Linear], eager.default_dynamic_qconfig), inplace=True)
    report = model.load_state_dict(state, strict=True)
    assert not report.missing_keys
    return model
