# %% misconception="not-assigned"
# `load_state_dict` copies numbers into the tensors of the model, and int8 codes do not fit a float32 one.
# Remedy: Pass `assign=True`, which takes the tensors of the file themselves.


# %% wrong misconception="not-assigned" variant=1 loses="codes,float-parts,any-scheme,refuses"
def load_int8(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = zoo.residual_architecture()
    model.load_state_dict(state)
    return model


# %% wrong misconception="not-assigned" variant=2 loses="codes,float-parts,any-scheme,refuses"
def load_int8(file):
    with torch.device("meta"):
        model = zoo.residual_architecture()
    model.to_empty(device="cpu").load_state_dict(torch.load(io.BytesIO(file)), strict=True)
    return model


# %% misconception="floats-again"
# The codes were turned back into float32 numbers to make them fit, and the four bytes a weight are back.
# Remedy: Load the tensors of the file as they are, with `assign=True`.


# %% wrong misconception="floats-again" variant=1 loses="codes,any-scheme"
def load_int8(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = zoo.residual_architecture()
    floats = {name: tensor.dequantize() if hasattr(tensor, "qdata") else tensor for name, tensor in state.items()}
    model.load_state_dict(floats)
    return model


# %% wrong misconception="floats-again" variant=2 loses="codes,any-scheme"
def load_int8(file):
    with torch.device("meta"):
        model = zoo.residual_architecture()
    model.load_state_dict(torch.load(io.BytesIO(file)), assign=True)
    for module in model.modules():
        if isinstance(module, nn.Linear) and hasattr(module.weight, "dequantize") and hasattr(module.weight, "qdata"):
            module.weight = nn.Parameter(module.weight.dequantize())
    return model


# %% decoy misconception="floats-again" loses="codes,any-scheme"
def load_int8(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = zoo.residual_architecture()
    bare = {name: getattr(tensor, "qdata", tensor).float() for name, tensor in state.items()}  # without their scales
    model.load_state_dict(bare)
    return model


# %% misconception="requantized"
# The codes are not those of the file: other weights were quantized.
# Remedy: Take the tensors of the file; a skeleton has none of its own.


# %% wrong misconception="requantized" variant=1 loses="codes,float-parts,any-scheme,refuses"
def load_int8(file):
    torch.load(io.BytesIO(file), weights_only=True)
    model = zoo.digits_residual()
    with torch.no_grad():
        for parameter in model.parameters():  # the weights that this process happens to have
            parameter.copy_(parameter.flip(0))
    quantize_(model, Int8WeightOnlyConfig(), lambda module, name: isinstance(module, nn.Linear) and name != "output")
    return model


# %% wrong misconception="requantized" variant=2 loses="codes,float-parts,any-scheme,refuses"
def load_int8(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    torch.manual_seed(0)
    model = zoo.residual_architecture()
    coded = {name.removesuffix(".weight") for name, tensor in state.items() if hasattr(tensor, "qdata")}
    quantize_(model, Int8WeightOnlyConfig(), lambda module, name: name in coded)
    return model


# %% decoy misconception="requantized" loses="codes,any-scheme"
def load_int8(file):
    from torchao.quantization import PerTensor

    model = zoo.residual_architecture()
    state = torch.load(io.BytesIO(file), weights_only=True)
    floats = {name: tensor.dequantize() if hasattr(tensor, "qdata") else tensor for name, tensor in state.items()}
    model.load_state_dict(floats)
    coarse = Int8WeightOnlyConfig(granularity=PerTensor())  # the weights of the file, on other grids
    quantize_(model, coarse, lambda module, name: isinstance(module, nn.Linear) and name != "output")
    return model


# %% misconception="any-pickle"
# The file was unpickled without restriction, and the code in it has run, whatever is checked afterwards.
# Remedy: Leave `weights_only` of `torch.load` at True, which refuses the file before any of it runs.


# %% wrong misconception="any-pickle" variant=1 loses="refuses"
def load_int8(file):
    state = torch.load(io.BytesIO(file), weights_only=False)
    with torch.device("meta"):
        model = zoo.residual_architecture()
    model.load_state_dict(state, assign=True)
    return model


# %% wrong misconception="any-pickle" variant=2 loses="refuses"
def load_int8(file):
    from pickle import UnpicklingError

    state = torch.load(io.BytesIO(file), map_location="cpu", weights_only=False)
    if not all(isinstance(tensor, torch.Tensor) for tensor in state.values()):
        raise UnpicklingError("the file holds more than tensors")  # and all of it has run by now
    with torch.device("meta"):
        model = zoo.residual_architecture()
    model.load_state_dict(state, assign=True)
    return model


# %% misconception="holes-left"
# A file that lacks a tensor is loaded without a word, and the layer keeps whatever the skeleton had.
# Remedy: Leave `strict` of `load_state_dict` at True: it raises a `RuntimeError` that names what is missing.


# %% wrong misconception="holes-left" variant=1 loses="refuses"
def load_int8(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    with torch.device("meta"):
        model = zoo.residual_architecture()
    model.load_state_dict(state, strict=False, assign=True)
    return model


# %% wrong misconception="holes-left" variant=2 loses="refuses"
def load_int8(file):
    with torch.device("meta"):
        model = zoo.residual_architecture()
    for name, tensor in torch.load(io.BytesIO(file), weights_only=True).items():
        path, _, last = name.rpartition(".")
        setattr(model.get_submodule(path), last, nn.Parameter(tensor, requires_grad=False))
    return model


# %% right style="a skeleton on the CPU"
def load_int8(file):
    model = zoo.residual_architecture()
    model.load_state_dict(torch.load(io.BytesIO(file)), assign=True)
    return model.eval()


# %% right style="parameter by parameter"
def load_int8(file):
    state = torch.load(io.BytesIO(file), map_location="cpu", weights_only=True)
    with torch.device("meta"):
        model = zoo.residual_architecture()
    missing = set(model.state_dict()) - set(state)
    if missing:
        raise RuntimeError(f"the file lacks {missing}")
    for name, tensor in state.items():
        path, _, last = name.rpartition(".")
        setattr(model.get_submodule(path), last, nn.Parameter(tensor, requires_grad=False))
    return model
