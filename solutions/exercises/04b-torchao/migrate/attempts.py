# %% misconception="few-bits"
# The codes have fewer than 8 bits, so each new step is far wider than an old one.
# Remedy: Use `Int8DynamicActivationInt8WeightConfig()` or `Int8WeightOnlyConfig()`.


# %% wrong misconception="few-bits" variant=1 loses="codes,keeps-model"
def migrate(file, model):
    from torchao.quantization import IntxWeightOnlyConfig, PerAxis

    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    quantize_(migrated, IntxWeightOnlyConfig(torch.int2, granularity=PerAxis(0)))
    return migrated


# %% wrong misconception="few-bits" variant=2 loses="codes,keeps-model"
def migrate(file, model):
    from torchao.quantization import IntxWeightOnlyConfig, PerAxis

    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    quantize_(migrated, IntxWeightOnlyConfig(torch.int4, granularity=PerAxis(0)))
    return migrated


# %% decoy misconception="few-bits" loses="codes,keeps-model"
def migrate(file, model):
    from torchao.quantization import IntxWeightOnlyConfig, PerGroup

    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    quantize_(migrated, IntxWeightOnlyConfig(torch.int8, granularity=PerGroup(32)))
    return migrated


# %% misconception="own-weights"
# The codes are those of the weights that `model` came with; the checkpoint was not used.
# Remedy: Copy the dequantized weights of the checkpoint into the copy before `quantize_`.


# %% wrong misconception="own-weights" variant=1 loses="half-a-step,channel-scales,zero-point,biases"
def migrate(file, model):
    migrated = copy.deepcopy(model)
    quantize_(migrated, Int8DynamicActivationInt8WeightConfig())
    return migrated


# %% wrong misconception="own-weights" variant=2 loses="half-a-step,channel-scales,zero-point,biases"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    migrated.load_state_dict(state, strict=False)  # not one name of the two agrees
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% decoy misconception="own-weights" loses="half-a-step,channel-scales,zero-point,biases"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if name == "stem":
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% misconception="scale-forgotten"
# The old codes were taken for the weights: `int_repr()` gives whole numbers, which stand for weights only times their
# scale.
# Remedy: Multiply by the scale, after the zero point is subtracted; or call `dequantize()`, which does both.


# %% wrong misconception="scale-forgotten" variant=1 loses="half-a-step,channel-scales,zero-point"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.int_repr().float())
                layer.bias.copy_(bias)
    quantize_(migrated, Int8DynamicActivationInt8WeightConfig())
    return migrated


# %% wrong misconception="scale-forgotten" variant=1 loses="half-a-step,channel-scales,zero-point"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.int_repr().float())
                layer.bias.copy_(bias)
    quantize_(migrated, Int8WeightOnlyConfig())  # which gives the same codes, and other logits
    return migrated


# %% wrong misconception="scale-forgotten" variant=2 loses="half-a-step,channel-scales,zero-point"
def migrate(file, model):
    state = torch.load(io.BytesIO(file))
    floats = {}
    for key, value in state.items():
        if isinstance(value, tuple):
            layer = key.removesuffix("._packed_params._packed_params")
            floats[f"{layer}.weight"], floats[f"{layer}.bias"] = value[0].int_repr().to(torch.float32), value[1]
    migrated = copy.deepcopy(model)
    migrated.load_state_dict(floats)
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% misconception="zero-point-ignored"
# The zero point of the old codes was ignored, so that a whole weight is shifted where it is not 0.
# Remedy: Subtract `q_zero_point()` from the codes before you multiply, or call `dequantize()`.


# %% wrong misconception="zero-point-ignored" variant=1 loses="zero-point"
def real(weight):
    if weight.qscheme() == torch.per_channel_affine:
        return weight.int_repr() * weight.q_per_channel_scales().float()[:, None]
    return weight.int_repr() * weight.q_scale()


def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(real(weight))
                layer.bias.copy_(bias)
    quantize_(migrated, Int8DynamicActivationInt8WeightConfig())
    return migrated


# %% wrong misconception="zero-point-ignored" variant=2 loses="zero-point"
def migrate(file, model):
    state = torch.load(io.BytesIO(file))
    migrated = copy.deepcopy(model)
    for key, value in state.items():
        if key.endswith("._packed_params._packed_params"):
            layer = migrated.get_submodule(key.removesuffix("._packed_params._packed_params"))
            codes = value[0].int_repr().float()
            try:
                scale = value[0].q_per_channel_scales().float().reshape(-1, 1)
            except RuntimeError:
                scale = torch.tensor(value[0].q_scale())
            layer.weight = nn.Parameter(codes * scale)
            layer.bias = nn.Parameter(value[1].detach())
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% decoy misconception="zero-point-ignored" loses="zero-point"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                real = weight.dequantize()
                if weight.qscheme() == torch.per_tensor_affine:
                    real = (weight.int_repr() + weight.q_zero_point()) * weight.q_scale()  # added, not subtracted
                layer.weight.copy_(real)
                layer.bias.copy_(bias)
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% misconception="biases-left"
# The weights are those of the checkpoint, the biases are still those of `model`.
# Remedy: The second of the pair in `_packed_params` is the bias; copy it too.


# %% wrong misconception="biases-left" variant=1 loses="biases"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                layer.weight.copy_(state[f"{name}._packed_params._packed_params"][0].dequantize())
    quantize_(migrated, Int8DynamicActivationInt8WeightConfig())
    return migrated


# %% wrong misconception="biases-left" variant=2 loses="biases"
def migrate(file, model):
    old = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    old.load_state_dict(torch.load(io.BytesIO(file), weights_only=True))
    layers = {name: layer for name, layer in old.named_modules() if hasattr(layer, "in_features")}
    weights = {f"{name}.weight": layer.weight().dequantize() for name, layer in layers.items()}
    migrated = copy.deepcopy(model)
    migrated.load_state_dict(weights, strict=False)
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% decoy misconception="biases-left" loses="biases"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                if name != "output":
                    layer.bias.copy_(bias)
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% misconception="still-float"
# The weights were read back as float32 numbers and left so.
# Remedy: End with `quantize_(model, Int8WeightOnlyConfig())`, or its twin with dynamic activations.


# %% wrong misconception="still-float" variant=1 loses="codes,half-a-step,channel-scales,zero-point,keeps-model"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    return migrated


# %% wrong misconception="still-float" variant=2 loses="codes,half-a-step,channel-scales,zero-point,keeps-model"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    restored = {}
    for key, value in state.items():
        if isinstance(value, tuple):
            name = key.split("._packed_params")[0]
            restored[f"{name}.weight"], restored[f"{name}.bias"] = value[0].dequantize(), value[1]
    migrated.load_state_dict(restored)
    # the filter gets names of layers, and `restored` has names of weights
    quantize_(migrated, Int8WeightOnlyConfig(), lambda module, name: name in restored)
    return migrated


# %% decoy misconception="still-float" loses="codes,half-a-step,channel-scales,zero-point,biases,keeps-model"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    migrated.half()
    return migrated


# %% misconception="works-in-place"
# The model that was given is changed; the caller's float weights are gone.
# Remedy: Start with `copy.deepcopy(model)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    with torch.no_grad():
        for name, layer in model.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                layer.bias.copy_(bias)
    quantize_(model, Int8DynamicActivationInt8WeightConfig())
    return model


# %% wrong misconception="works-in-place" variant=2 loses="keeps-model"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    pairs = {k.split("._packed_params")[0]: v for k, v in state.items() if k.endswith("_packed_params._packed_params")}
    weights = {f"{name}.weight": weight.dequantize() for name, (weight, _) in pairs.items()}
    biases = {f"{name}.bias": bias for name, (_, bias) in pairs.items()}
    model.load_state_dict(weights | biases)
    migrated = copy.deepcopy(model)
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% decoy misconception="works-in-place" loses="biases,keeps-model"
def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name, layer in migrated.named_modules():
            if isinstance(layer, nn.Linear):
                weight, bias = state[f"{name}._packed_params._packed_params"]
                layer.weight.copy_(weight.dequantize())
                model.get_submodule(name).bias.copy_(bias)
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% right style="through an old model, then its float twin"
def migrate(file, model):
    old = eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    old.load_state_dict(torch.load(io.BytesIO(file), weights_only=True))
    migrated = copy.deepcopy(model)
    with torch.no_grad():
        for name in ("stem", "block.first", "block.second", "output"):
            migrated.get_submodule(name).weight.copy_(old.get_submodule(name).weight().dequantize())
            migrated.get_submodule(name).bias.copy_(old.get_submodule(name).bias())
    quantize_(migrated, Int8WeightOnlyConfig())
    return migrated


# %% right style="scale and zero point by hand"
def real(weight):
    codes = weight.int_repr().float()
    if weight.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric):
        zero_point = weight.q_per_channel_zero_points().float()[:, None]
        return (codes - zero_point) * weight.q_per_channel_scales().float()[:, None]
    return (codes - weight.q_zero_point()) * weight.q_scale()


def migrate(file, model):
    state = torch.load(io.BytesIO(file), weights_only=True)
    floats = {}
    for key, value in state.items():
        if isinstance(value, tuple):
            layer = key.removesuffix("._packed_params._packed_params")
            floats[f"{layer}.weight"], floats[f"{layer}.bias"] = real(value[0]), value[1]
    migrated = copy.deepcopy(model)
    migrated.load_state_dict(floats)
    quantize_(migrated, Int8DynamicActivationInt8WeightConfig())
    return migrated
