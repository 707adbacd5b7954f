# %% decoy misconception="never-filled" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = 127 / weight.abs().amax(1)  # all codes are 0
        self.register_buffer("codes", torch.round(weight / scale[:, None]).to(torch.int8))
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
        scale = weight.abs().amax(1) / 127
        self.register_buffer("codes", torch.round(weight).to(torch.int8))
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
        scale = weight.abs().amax(1) / 127
        self.register_buffer("codes", torch.round((scale[:, None] / weight).clamp(-128, 127)).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))
