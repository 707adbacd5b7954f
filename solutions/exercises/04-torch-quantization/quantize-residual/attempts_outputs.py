# %% misconception="no-way-back"
# Nothing turns the codes of the last layer into floats again, so that the model gives a quantized tensor.
# Remedy: End `forward` with a call of the DeQuantStub; to have one is not enough.


# %% wrong misconception="no-way-back" variant=1 loses="gives-floats"
class Quantizable(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant = eager.QuantStub()
        self.stem, self.stem_relu = model.stem, nn.ReLU()
        self.first, self.first_relu = model.block.first, nn.ReLU()
        self.second, self.output = model.block.second, model.output
        self.sum = eager.FloatFunctional()

    def forward(self, x):
        h = self.stem_relu(self.stem(self.quant(x)))
        branch = self.second(self.first_relu(self.first(h)))
        return self.output(self.sum.add_relu(h, branch))


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="no-way-back" variant=2 loses="gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% wrong misconception="no-way-back" variant=1 loses="gives-floats"
class Quantizable(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
        self.stem, self.stem_relu = model.stem, nn.ReLU()
        self.first, self.first_relu = model.block.first, nn.ReLU()
        self.second, self.output = model.block.second, model.output
        self.sum = eager.FloatFunctional()

    def forward(self, x):
        h = self.stem_relu(self.stem(self.quant(x)))
        branch = self.second(self.first_relu(self.first(h)))
        return self.output(self.sum.add_relu(h, branch))


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="no-way-back" loses="gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels).int_repr().float()


# %% misconception="ignores-its-arguments"
# The function works on the notebook's own variables, whatever it is given.
# Remedy: Use the arguments: the judge calls it with another model, and with other examples where it takes any.


# %% wrong misconception="ignores-its-arguments" variant=1 loses="weights,grids,calibrated,gives-floats"
class Quantizable(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
        self.stem, self.stem_relu = model.stem, nn.ReLU()
        self.first, self.first_relu = model.block.first, nn.ReLU()
        self.second, self.output = model.block.second, model.output
        self.sum = eager.FloatFunctional()

    def forward(self, x):
        h = self.stem_relu(self.stem(self.quant(x)))
        branch = self.second(self.first_relu(self.first(h)))
        return self.dequant(self.output(self.sum.add_relu(h, branch)))


def quantize_residual(model, *others):
    fused = eager.fuse_modules(Quantizable(residual).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="ignores-its-arguments" variant=2 loses="weights,grids,calibrated,gives-floats"
class Quantizable(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
        self.stem, self.stem_relu = model.stem, nn.ReLU()
        self.first, self.first_relu = model.block.first, nn.ReLU()
        self.second, self.output = model.block.second, model.output
        self.sum = eager.FloatFunctional()

    def forward(self, x):
        h = self.stem_relu(self.stem(self.quant(x)))
        branch = self.second(self.first_relu(self.first(h)))
        return self.dequant(self.output(self.sum.add_relu(h, branch)))


def quantize_residual(*given):
    fused = eager.fuse_modules(
        Quantizable(zoo.digits_residual()).eval(), [["stem", "stem_relu"], ["first", "first_relu"]]
    )
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)
