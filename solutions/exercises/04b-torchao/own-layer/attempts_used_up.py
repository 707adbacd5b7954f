# %% misconception="used-up"
# `residual` itself was changed: its layers were replaced, and no float32 model is left for the next run of the cell.
# Remedy: Start with `own = copy.deepcopy(residual)`.


# %% wrong misconception="used-up" variant=1 loses="kept"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = residual
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% wrong misconception="used-up" variant=2 loses="kept"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.copy(residual)  # a shallow copy shares the block
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% decoy misconception="used-up" loses="stem,nested,row-scales,outputs,float-output,saved,kept,small"
own = copy.deepcopy(residual)
residual.stem.weight.data.zero_()  # the given model is spoiled, and the copy was never touched


# %% decoy misconception="never-filled" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None]).clamp(-15, 15)
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% decoy misconception="never-filled" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(0) / 127  # of each column
        codes = torch.round(weight / scale[:, None]).clamp(-128, 127)
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% decoy misconception="never-filled" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().mean(1) / 127  # the mean magnitude
        codes = torch.round(weight / scale[:, None]).clamp(-128, 127)
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% decoy misconception="never-filled" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        weight = weight[torch.arange(64).flip(0)]  # the rows in another order
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% decoy misconception="cut-off" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 128
        codes = torch.round(weight / scale[:, None]).clamp(-128, 127)
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


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
        self.register_buffer("scale", scale)
        self.__dict__["bias"] = layer.bias.detach()  # a plain attribute, the bias alone

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))


# %% decoy misconception="keeps-floats" loses="small"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None])
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.register_buffer("wide", self.codes.to(torch.int32))  # the codes once more, four bytes each
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))
