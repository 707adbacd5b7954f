# %% misconception="not-calibrated"
# The grids are scale 1 and zero point 0: no data passed the observers before `convert`. It only warns.
# Remedy: Call the prepared model on `examples` before you convert it.


# %% wrong misconception="not-calibrated" variant=1 loses="grids,calibrated,gives-floats"
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


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    converted = eager.convert(eager.prepare(fused))
    return converted, converted(pixels)


# %% wrong misconception="not-calibrated" variant=2 loses="grids,calibrated,gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    prepared = eager.prepare(ready)
    with torch.no_grad():
        ready(examples)  # the one that has no observers
    converted = eager.convert(prepared)
    return converted, converted(pixels)


# %% decoy misconception="not-calibrated" loses="weights,grids,calibrated,gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    ready[1].qconfig = None  # the first layer is left out
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, torch.zeros(len(pixels), 10)


# %% misconception="wrong-summand"
# The layers are right, but the sum adds something else than the output of the stem.
# Remedy: The block adds its own input: what comes out of the stem's ReLU.


# %% wrong misconception="wrong-summand" variant=1 loses="grids,calibrated,gives-floats"
class Quantizable(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
        self.stem, self.stem_relu = model.stem, nn.ReLU()
        self.first, self.first_relu = model.block.first, nn.ReLU()
        self.second, self.output = model.block.second, model.output
        self.sum = eager.FloatFunctional()

    def forward(self, x):
        x = self.quant(x)
        h = self.stem_relu(self.stem(x))
        branch = self.second(self.first_relu(self.first(h)))
        return self.dequant(self.output(self.sum.add_relu(x, branch)))


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="wrong-summand" variant=2 loses="grids,calibrated,gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.inner, self.second = nn.Sequential(block.first, nn.ReLU()), block.second
        self.join = eager.FloatFunctional()

    def forward(self, x):
        hidden = self.inner(x)
        return self.join.add_relu(hidden, self.second(hidden))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.inner.0", "3.inner.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% decoy misconception="wrong-summand" loses="weights,grids,calibrated,gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU())
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% misconception="one-scale-a-layer"
# One scale serves a whole layer: the weights follow another qconfig than that of the setup, such as `default_qconfig`.
# Remedy: Set `model.qconfig = static_qconfig` before `prepare`.


# %% wrong misconception="one-scale-a-layer" variant=1 loses="weights"
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


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = eager.default_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="one-scale-a-layer" variant=2 loses="weights"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    one_scale = eager.MinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric)
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = eager.QConfig(activation=static_qconfig.activation, weight=one_scale)
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% decoy misconception="one-scale-a-layer" loses="weights,grids,calibrated,gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    ready[4].qconfig = None  # the last layer is left out
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, torch.zeros(len(pixels), 10)


# %% misconception="another-observer"
# The grids are those of a HistogramObserver, which most default qconfigs have: it searches for the range, and may cut
# off the extremes.
# Remedy: Set `model.qconfig = static_qconfig`, whose observers keep the extremes.


# %% wrong misconception="another-observer" variant=1 loses="calibrated"
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


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = eager.get_default_qconfig("x86")
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="another-observer" variant=2 loses="calibrated"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(self.branch(x), x)


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    histogram = eager.HistogramObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127)
    ready.qconfig = eager.QConfig(activation=histogram, weight=static_qconfig.weight)
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% decoy misconception="another-observer" loses="calibrated"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    signed = eager.MinMaxObserver.with_args(
        dtype=torch.quint8, quant_min=0, quant_max=127, qscheme=torch.per_tensor_symmetric
    )
    ready.qconfig = eager.QConfig(activation=signed, weight=static_qconfig.weight)
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)
