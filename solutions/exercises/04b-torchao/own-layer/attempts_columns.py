# %% misconception="scales-of-columns"
# The scales are those of the columns, the inputs of the layer; a row, an output, is to have one.
# Remedy: Reduce over the inputs, `dim=1`: `weight.abs().amax(dim=1)`.


# %% wrong misconception="scales-of-columns" variant=1 loses="row-scales"
class ColumnCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(dim=0) / 127
        self.register_buffer("codes", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = nn.Parameter(layer.bias.detach().clone())

    def forward(self, x):
        return x @ self.codes.T.to(x.dtype) * self.scale + self.bias


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, ColumnCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="scales-of-columns" variant=1 loses="row-scales,outputs"
class ColumnCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(dim=0) / 127
        self.register_buffer("codes", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = nn.Parameter(layer.bias.detach().clone())

    def forward(self, x):
        return nn.functional.linear(x * self.scale, self.codes.to(x.dtype), self.bias)


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, ColumnCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% wrong misconception="scales-of-columns" variant=2 loses="row-scales"
class ColumnCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(dim=0) / 127
        self.register_buffer("codes", (weight / scale[:, None]).round().clamp(-128, 127).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = nn.Parameter(layer.bias.detach().clone())

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, ColumnCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% decoy misconception="scales-of-columns" loses="row-scales"
class ColumnCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = (weight.abs().amax(dim=1) / 127).flip(0)  # of the rows, in another order
        self.register_buffer("codes", (weight / scale[:, None]).round().clamp(-128, 127).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = nn.Parameter(layer.bias.detach().clone())

    def forward(self, x):
        return nn.functional.linear(x, self.codes * self.scale[:, None], self.bias)


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, ColumnCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)


# %% decoy misconception="scales-of-columns" loses="row-scales,outputs"
class ColumnCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(dim=0) / 127.5
        self.register_buffer("codes", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = nn.Parameter(layer.bias.detach().clone())

    def forward(self, x):
        return nn.functional.linear(x * self.scale, self.codes.to(x.dtype), self.bias)


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and name != "output":
            setattr(module, name, ColumnCodes(child))
        else:
            swap(child)


own = copy.deepcopy(residual)
swap(own)
