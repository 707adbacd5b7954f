# %% misconception="plain-attributes"
# `codes` and `scale` are plain attributes: the model works, and its state dict, and each file of it, lacks them.
# Remedy: Call `self.register_buffer('codes', codes)`.


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


# %% decoy misconception="plain-attributes" loses="stem,nested,row-scales,outputs,float-output,saved,kept"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.tensors = {"codes": codes.to(torch.int8), "scale": scale}
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.tensors["codes"] * self.tensors["scale"][:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% misconception="buffers-that-pass"
# A buffer was registered with `persistent=False`: it moves with the model, and no state dict holds it, so that a file
# of the model lacks it.
# Remedy: Leave `persistent` at True.


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


# %% decoy misconception="buffers-that-pass" loses="saved"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8))
        self.scale = nn.Parameter(scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% misconception="as-parameters"
# `codes` or `scale` is an `nn.Parameter`, which every optimizer of the model is handed to change.
# Remedy: Call `self.register_buffer('codes', codes)`, and the same for `scale`.


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


# %% decoy misconception="as-parameters" loses="saved"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8))
        self.scale = scale
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))
