# %% misconception="sum-without-grid"
# The converted model cannot be called: codes arrived where floats are wanted, or floats where codes are. A `+` cannot
# add codes, nor can a FloatFunctional that is made in `forward` and that `prepare` never sees; and a DeQuantStub before
# the last layer gives it floats. `convert` says nothing of either.
# Remedy: Make `eager.FloatFunctional()` in `__init__`, call its `add_relu` in `forward`, and turn codes into floats
# behind `output`.


# %% wrong misconception="sum-without-grid" variant=1 loses="weights,grids,calibrated,gives-floats"
class Quantizable(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
        self.stem, self.stem_relu = model.stem, nn.ReLU()
        self.first, self.first_relu = model.block.first, nn.ReLU()
        self.second, self.output = model.block.second, model.output

    def forward(self, x):
        h = self.stem_relu(self.stem(self.quant(x)))
        branch = self.second(self.first_relu(self.first(h)))
        return self.dequant(self.output(torch.relu(h + branch)))


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="sum-without-grid" variant=2 loses="weights,grids,calibrated,gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.first, self.relu, self.second = block.first, nn.ReLU(), block.second

    def forward(self, x):
        branch = self.second(self.relu(self.first(x)))
        return eager.FloatFunctional().add_relu(x, branch)


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.first", "3.relu"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% wrong misconception="sum-without-grid" variant=1 loses="weights,grids,calibrated,gives-floats"
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
        return self.output(self.dequant(self.sum.add_relu(h, branch)))


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="sum-without-grid" variant=1 loses="weights,grids,calibrated,gives-floats"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), eager.DeQuantStub(), model.output]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% misconception="sum-in-floats"
# The sum did not go through a FloatFunctional that was observed: it was added in floats, between a DeQuantStub and a
# QuantStub. That runs, and leaves the integers for it.
# Remedy: Call `add_relu` of the FloatFunctional on the codes themselves.


# %% wrong misconception="sum-in-floats" variant=1 loses="grids,calibrated"
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
        return self.dequant(self.output(self.quant(torch.relu(self.dequant(h) + self.dequant(branch)))))


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="sum-in-floats" variant=2 loses="grids"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.back, self.forth, self.again = eager.DeQuantStub(), eager.DeQuantStub(), eager.QuantStub()

    def forward(self, x):
        return self.again(torch.relu(self.back(x) + self.forth(self.branch(x))))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% decoy misconception="sum-in-floats" loses="grids,calibrated"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()
        self.back, self.again = eager.DeQuantStub(), eager.QuantStub()

    def forward(self, x):
        return self.again(self.back(self.join.add_relu(x, self.branch(x))))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% misconception="relu-after-sum"
# The sum is rounded before its ReLU, so that half of the codes serve numbers which are thrown away at once.
# Remedy: Use `add_relu` in place of `add` and a ReLU.


# %% wrong misconception="relu-after-sum" variant=1 loses="calibrated"
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
        return self.dequant(self.output(torch.relu(self.sum.add(h, branch))))


def quantize_residual(model, examples, pixels):
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="relu-after-sum" variant=2 loses="calibrated"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join, self.relu = eager.FloatFunctional(), nn.ReLU()

    def forward(self, x):
        return self.relu(self.join.add(self.branch(x), x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"]])
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% decoy misconception="relu-after-sum" loses="calibrated"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second, nn.ReLU())
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    layers = [eager.QuantStub(), model.stem, nn.ReLU(), Block(model.block), model.output, eager.DeQuantStub()]
    ready = eager.fuse_modules(
        nn.Sequential(*layers).eval(), [["1", "2"], ["3.branch.0", "3.branch.1"], ["3.branch.2", "3.branch.3"]]
    )
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    converted = eager.convert(ready)
    return converted, converted(pixels)


# %% misconception="relus-not-fused"
# A ReLU behind `stem` or `first` is not fused with its layer, which spends half of its codes on numbers that are
# thrown away.
# Remedy: Fuse each pair of linear layer and ReLU with `eager.fuse_modules` before `prepare`.


# %% wrong misconception="relus-not-fused" variant=1 loses="calibrated"
class Quantizable(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
        self.stem, self.first, self.second, self.output = (
            model.stem,
            model.block.first,
            model.block.second,
            model.output,
        )
        self.relu, self.sum = nn.ReLU(), eager.FloatFunctional()

    def forward(self, x):
        h = self.relu(self.stem(self.quant(x)))
        branch = self.second(self.relu(self.first(h)))
        return self.dequant(self.output(self.sum.add_relu(h, branch)))


def quantize_residual(model, examples, pixels):
    ready = Quantizable(model).eval()
    ready.qconfig = static_qconfig
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="relus-not-fused" variant=2 loses="calibrated"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    wrapped = eager.QuantWrapper(nn.Sequential(model.stem, nn.ReLU(), Block(model.block), model.output)).eval()
    eager.fuse_modules(wrapped, [["module.0", "module.1"]])  # the fused copy is thrown away
    wrapped.qconfig = static_qconfig
    eager.prepare(wrapped, inplace=True)
    with torch.no_grad():
        for batch in examples.split(16):
            wrapped(batch)
    converted = eager.convert(wrapped)
    return converted, converted(pixels)


# %% decoy misconception="relus-not-fused" loses="grids,calibrated"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), eager.DeQuantStub(), eager.QuantStub(), block.second)
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


# %% right style="a class for the block alone, in a sequence"
class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch = nn.Sequential(block.first, nn.ReLU(), block.second)
        self.join = eager.FloatFunctional()

    def forward(self, x):
        return self.join.add_relu(x, self.branch(x))


def quantize_residual(model, examples, pixels):
    wrapped = eager.QuantWrapper(nn.Sequential(model.stem, nn.ReLU(), Block(model.block), model.output)).eval()
    fused = eager.fuse_modules(wrapped, [["module.0", "module.1"], ["module.2.branch.0", "module.2.branch.1"]])
    fused.qconfig = static_qconfig
    eager.prepare(fused, inplace=True)
    with torch.inference_mode():
        for batch in examples.split(16):
            fused(batch)
    converted = eager.convert(fused)
    return converted, converted(pixels)


# %% right style="lists of modules, fused in place"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.stubs = nn.ModuleDict({"in": eager.QuantStub(), "out": eager.DeQuantStub()})
            self.first_half = nn.ModuleList([model.stem, nn.ReLU()])
            self.branch = nn.ModuleList([model.block.first, nn.ReLU(), model.block.second])
            self.output, self.plus = model.output, eager.FloatFunctional()

        def forward(self, x):
            h = self.stubs["in"](x)
            for layer in self.first_half:
                h = layer(h)
            side = h
            for layer in self.branch:
                side = layer(side)
            return self.stubs["out"](self.output(self.plus.add_relu(side, h)))

    ready = Quantizable().eval()
    eager.fuse_modules(ready, [["first_half.0", "first_half.1"], ["branch.0", "branch.1"]], inplace=True)
    ready.qconfig = static_qconfig
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)
