# %% wrong misconception="never-assigned" variant=1 loses="stem,nested,row-scales,outputs,float-output,saved,small"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for name, module in own.named_modules():
    if isinstance(module, nn.Linear) and name != "output":
        module = RowCodes(module)


# %% wrong misconception="never-assigned" variant=2 loses="stem,nested,row-scales,outputs,float-output,saved,small"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


own = copy.deepcopy(residual)
replaced = {name: RowCodes(own.get_submodule(name)) for name in ("stem", "block.first", "block.second")}
dict(own.named_modules()).update(replaced)


# %% wrong misconception="children-only" variant=1 loses="nested,row-scales,outputs,small"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for name, child in own.named_children():
    if isinstance(child, nn.Linear) and name != "output":
        setattr(own, name, RowCodes(child))


# %% wrong misconception="children-only" variant=2 loses="nested,row-scales,outputs,small"
class Coded(nn.Module):
    def __init__(self, codes, scale, bias):
        super().__init__()
        self.register_buffer("codes", codes)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)

    def forward(self, x):
        return nn.functional.linear(x, self.codes.float() * self.scale.unsqueeze(1), self.bias)


own = copy.deepcopy(residual)
weight = own.stem.weight.detach()
step = weight.abs().max(dim=1).values / 127
own.stem = Coded((weight / step.unsqueeze(1)).round().char(), step, own.stem.bias.detach())


# %% wrong misconception="output-too" variant=1 loses="outputs,float-output"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.register_buffer("weight", None)
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="output-too" variant=2 loses="outputs,float-output"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for name, module in list(own.named_modules()):
    if type(module) is nn.Linear:
        path, _, last = name.rpartition(".")
        setattr(own.get_submodule(path), last, RowCodes(module))


# %% wrong misconception="keeps-floats" variant=1 loses="small"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module, skip):
    for name, child in module.named_children():
        if not isinstance(child, nn.Linear):
            swap(child, skip)
        elif name not in skip:
            setattr(module, name, RowCodes(child))


own = copy.deepcopy(residual)
swap(own, ["output"])


# %% wrong misconception="keeps-floats" variant=2 loses="small"
class CodedLinear(nn.Linear):
    @classmethod
    def of(cls, layer):
        coded = cls(layer.in_features, layer.out_features)
        coded.load_state_dict(layer.state_dict())
        scale = coded.weight.detach().abs().amax(1) / 127
        coded.register_buffer("codes", torch.round(coded.weight.detach() / scale[:, None]).to(torch.int8))
        coded.register_buffer("scale", scale)
        return coded

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
own.stem, own.block.first, own.block.second = map(CodedLinear.of, (own.stem, own.block.first, own.block.second))


# %% wrong misconception="one-scale" variant=1 loses="row-scales"
class TensorCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().max() / 127)
        self.register_buffer("codes", torch.round(weight / self.scale).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, TensorCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="one-scale" variant=2 loses="row-scales"
class TensorCodes(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        scale = (weight.abs().max() / 127).repeat(len(weight))  # the same for each row
        self.register_buffer("codes", (weight / scale[:, None]).round().to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = nn.Parameter(bias)

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    layer = getattr(parent, name)
    setattr(parent, name, TensorCodes(layer.weight.detach(), layer.bias.detach()))


# %% wrong misconception="bias-lost" variant=1 loses="outputs"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="bias-lost" variant=2 loses="outputs"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        self.register_buffer("codes", torch.round(weight / scale[:, None]).to(torch.int8))
        self.register_buffer("scale", scale)
        self.register_buffer("bias", layer.bias.detach().clone())

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None])


own = copy.deepcopy(residual)
own.stem = RowCodes(own.stem)
own.block.first = RowCodes(own.block.first)
own.block.second = RowCodes(own.block.second)


# %% wrong misconception="plain-attributes" variant=1 loses="saved"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.scale = weight.abs().amax(1) / 127
        self.codes = torch.round(weight / self.scale[:, None]).to(torch.int8)
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="plain-attributes" variant=2 loses="saved"
class Coded(nn.Module):
    def __init__(self, codes, scale, bias):
        super().__init__()
        self.codes, self.scale, self.bias = codes, scale, bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    weight, bias = getattr(parent, name).weight.detach(), getattr(parent, name).bias.detach()
    step = weight.abs().amax(1) / 127
    setattr(parent, name, Coded((weight / step[:, None]).round().to(torch.int8), step, bias))


# %% wrong misconception="never-filled" variant=1 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, inputs, outputs, bias):
        super().__init__()
        self.register_buffer("codes", torch.randint(-128, 127, (outputs, inputs)).to(torch.int8))
        self.register_buffer("scale", torch.full((outputs,), 0.01))
        self.bias = bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


torch.manual_seed(0)
own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    layer = getattr(parent, name)
    setattr(parent, name, RowCodes(layer.in_features, layer.out_features, layer.bias))


# %% wrong misconception="never-filled" variant=2 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        fresh = nn.Linear(layer.in_features, layer.out_features).weight.detach()
        scale = fresh.abs().amax(1) / 127
        self.register_buffer("codes", torch.round(fresh / scale[:, None]).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


torch.manual_seed(1)
own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="scale-as-column" variant=1 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1, keepdim=True) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale, self.bias)


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="scale-as-column" variant=2 loses="row-scales"
class ColumnScaled(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().max(dim=1, keepdim=True).values / 127
        self.register_buffer("codes", (weight / scale).round().char())
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale.T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, ColumnScaled(getattr(parent, name)))


# %% wrong misconception="torchaos-divisor" variant=1 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127.5)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).clamp(-128, 127).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="torchaos-divisor" variant=2 loses="row-scales"
class Int8Layer(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        half = (torch.iinfo(torch.int8).max - torch.iinfo(torch.int8).min) / 2
        scale = weight.abs().max(1).values / half
        self.register_buffer("codes", (weight / scale.unsqueeze(1)).round().clamp(-128, 127).char())
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, Int8Layer(getattr(parent, name)))


# %% wrong misconception="wraps-around" variant=1 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127.5)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int32).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="wraps-around" variant=2 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().max(1).values / 128
        codes = torch.round(weight / scale.unsqueeze(1)).int()
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% wrong misconception="no-magnitude" variant=1 loses="row-scales,outputs"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="no-magnitude" variant=2 loses="row-scales,outputs"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.max(dim=1).values / torch.iinfo(torch.int8).max
        self.register_buffer("codes", torch.clamp(torch.round(weight / scale[:, None]), -128, 127).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% wrong misconception="cut-off" variant=1 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", (weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="cut-off" variant=2 loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.floor(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% wrong misconception="not-transposed" variant=1 loses="outputs"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.to(x.dtype) * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="not-transposed" variant=2 loses="outputs"
class Int8Layer(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes.float().T * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, Int8Layer(getattr(parent, name)))


# %% wrong misconception="buffers-that-pass" variant=1 loses="saved"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        self.register_buffer("codes", torch.round(weight / scale[:, None]).to(torch.int8), persistent=False)
        self.register_buffer("scale", scale, persistent=False)
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="buffers-that-pass" variant=2 loses="saved"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127, persistent=False)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% wrong misconception="as-parameters" variant=1 loses="saved"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        self.codes = nn.Parameter(torch.round(weight / scale[:, None]).to(torch.int8), requires_grad=False)
        self.scale = nn.Parameter(scale, requires_grad=False)
        self.bias = layer.bias

    def forward(self, x):
        return x @ self.codes.float().T * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, RowCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="as-parameters" variant=2 loses="saved"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.scale = nn.Parameter(weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale.detach()[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% right style="by full names, the weight rebuilt at each call"
class Quantized(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        scale = weight.abs().amax(1) / 127
        self.register_buffer("codes", (weight / scale[:, None]).round().to(torch.int8))
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


own = copy.deepcopy(residual)
linears = [name for name, module in own.named_modules() if isinstance(module, nn.Linear) and name != "output"]
for name in linears:
    *path, last = name.split(".")
    layer = own.get_submodule(name)
    setattr(own.get_submodule(".".join(path)), last, Quantized(layer.weight.detach(), layer.bias.detach()))


# %% right style="empty buffers filled afterwards"
class Int8Layer(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.register_buffer("codes", torch.empty(outputs, inputs, dtype=torch.int8))
        self.register_buffer("scale", torch.empty(outputs))
        self.bias = nn.Parameter(torch.empty(outputs))

    @torch.no_grad()
    def quantize(self, layer):
        self.scale.copy_(layer.weight.abs().amax(1) / 127)
        self.codes.copy_((layer.weight / self.scale[:, None]).round().clamp(-127, 127))
        self.bias.copy_(layer.bias)
        return self

    def forward(self, x):
        return (x @ self.codes.to(x.dtype).T) * self.scale + self.bias


def replaced(module, keep):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name not in keep:
            module.add_module(name, Int8Layer(child.in_features, child.out_features).quantize(child))
        else:
            replaced(child, keep)
    return module


own = replaced(copy.deepcopy(residual), keep={"output"})
