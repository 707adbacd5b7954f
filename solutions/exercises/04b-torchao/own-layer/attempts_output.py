# %% misconception="output-changed"
# `output` is a float layer, but its weights are no longer those of `residual`.
# Remedy: Leave that layer alone: pass it by, with no cast and no new layer in its place.


# %% wrong misconception="output-changed" variant=1 loses="float-output"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        self.register_buffer("codes", torch.round(weight / scale[:, None]).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual).half().float()  # to save bytes on the way
for name in ("stem", "block.first", "block.second"):
    parent, _, last = name.rpartition(".")
    setattr(own.get_submodule(parent), last, RowCodes(residual.get_submodule(name)))


# %% wrong misconception="output-changed" variant=2 loses="float-output"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.data
        self.register_buffer("scale", weight.abs().max(dim=1).values.div(127))
        self.register_buffer("codes", weight.div(self.scale.unsqueeze(1)).round().char())
        self.register_buffer("bias", layer.bias.data.clone())

    def forward(self, x):
        return nn.functional.linear(x, self.codes.float() * self.scale.unsqueeze(1), self.bias)


class Own(nn.Module):
    def __init__(self, old):
        super().__init__()
        self.stem, self.relu, self.block = RowCodes(old.stem), nn.ReLU(), copy.deepcopy(old.block)
        self.block.first, self.block.second = RowCodes(old.block.first), RowCodes(old.block.second)
        self.output = nn.Linear(64, 10)  # a fresh one

    def forward(self, x):
        return self.output(self.block(self.relu(self.stem(x))))


own = Own(residual)


# %% decoy misconception="output-changed" loses="outputs,float-output"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        self.register_buffer("scale", weight.abs().amax(1) / 127)
        self.register_buffer("codes", torch.round(weight / self.scale[:, None]).to(torch.int8))
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes.float() * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
own.stem, own.output = RowCodes(own.stem), RowCodes(own.output)
own.block.first, own.block.second = RowCodes(own.block.first), RowCodes(own.block.second)
