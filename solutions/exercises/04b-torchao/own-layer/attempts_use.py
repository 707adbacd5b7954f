# %% misconception="not-transposed"
# The codes have shape (out, in), and `x @ codes` sums over the outputs: with 64 of each, nothing stops it.
# Remedy: Transpose: `x @ self.codes.T.to(x.dtype)`, or call `nn.functional.linear`.


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


# %% misconception="bias-lost"
# The outputs lack the biases: they are stored, and `forward` does not add them.
# Remedy: Add `self.bias` after the scale, and not before it.


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


# %% misconception="never-filled"
# The codes have nothing to do with the weights of `residual`: the buffers still hold what they were made with.
# Remedy: Compute codes and scale from `layer.weight` when the layer is replaced.


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


# %% decoy misconception="never-filled" loses="row-scales"
class RowCodes(nn.Module):
    def __init__(self, layer):
        super().__init__()
        weight = layer.weight.detach()
        scale = weight.abs().amax(1) / 127
        codes = torch.round(weight / scale[:, None]).T  # as many rows as columns, so that nothing stops it
        self.register_buffer("codes", codes.to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, x):
        return x @ (self.codes * self.scale[:, None]).T + self.bias


own = copy.deepcopy(residual)
for parent, name in ((own, "stem"), (own.block, "first"), (own.block, "second")):
    setattr(parent, name, RowCodes(getattr(parent, name)))
