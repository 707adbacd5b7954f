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


# %% wrong misconception="wrong-summand" variant=1 loses="calibrated,gives-floats"
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


# %% wrong misconception="wrong-summand" variant=2 loses="calibrated,gives-floats"
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


# %% wrong misconception="ignores-its-arguments" variant=1 loses="weights,calibrated,gives-floats"
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


# %% wrong misconception="ignores-its-arguments" variant=2 loses="weights,calibrated,gives-floats"
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
