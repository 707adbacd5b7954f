# %% misconception="wraps-around"
# Some weights are more than 127 steps large, and int8 has no code for them: the cast took 128 to −128, and changed the
# sign of the row's largest weight.
# Remedy: Divide by 127, so that no code lies beyond.


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


# %% decoy misconception="wraps-around" loses="stem,nested,row-scales,outputs,float-output,saved,kept"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8).view(torch.uint8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes.view(torch.int8) * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% misconception="no-magnitude"
# The largest number of a row was taken, not the largest magnitude: where the largest weight is negative, the codes do
# not reach it, and wrap around.
# Remedy: Take `weight.abs()` first.


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


# %% decoy misconception="no-magnitude" loses="row-scales,outputs"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.gather(1, weight.abs().argmax(1, keepdim=True))[:, 0] / 127  # with its sign
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% misconception="cut-off"
# Codes do not go to the nearest: fractions are cut off, as a cast to int8 does, or all are rounded in one direction.
# Remedy: Apply `torch.round` before the cast.


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


# %% decoy misconception="cut-off" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None] - 0.05)
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))
