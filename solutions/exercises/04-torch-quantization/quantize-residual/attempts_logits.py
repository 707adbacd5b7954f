# %% misconception="logits-of-another-model"
# The logits do not come from the model that is returned, but from the float model or from the one that only observes.
# Remedy: Call what `convert` returned on `pixels`, as the last step.


# %% wrong misconception="logits-of-another-model" variant=1 loses="gives-floats"
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
    with torch.no_grad():
        logits = model(pixels)
    fused = eager.fuse_modules(Quantizable(model).eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, logits


# %% wrong misconception="logits-of-another-model" variant=2 loses="gives-floats"
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
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, observed(pixels).detach()


# %% decoy misconception="logits-of-another-model" loses="gives-floats"
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
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(examples)[: len(pixels)]


# %% wrong misconception="sum-without-grid" variant=1 loses="grids,gives-floats"
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
    return converted, observed(pixels).detach()


# %% decoy misconception="logits-of-another-model" loses="gives-floats"
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
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels).softmax(1)
