# %% misconception="other-numbers"
# The grids are those of other numbers than `examples` hold: of random ones, or of pixels that were changed on the way.
# What an observer did not see is cut off later, and what never occurs takes up codes.
# Remedy: Pass `examples`, as they are, through the prepared model.


# %% wrong misconception="other-numbers" variant=1 loses="calibrated"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(1.5 * examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="other-numbers" variant=2 loses="calibrated"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(2 * examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="other-numbers" loses="grids,calibrated,gives-floats"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(branch, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="wrong-summand" loses="grids,calibrated,gives-floats"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(torch.zeros_like(examples))
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="relu-after-sum" loses="grids,calibrated,gives-floats"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="relu-after-sum" loses="calibrated"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="sum-in-floats" loses="grids,calibrated,gives-floats"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(branch))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% misconception="eight-bit-grids"
# The activations have 8 bits: their scales are half of those that the setup's qconfig gives.
# Remedy: Set `model.qconfig = static_qconfig`, whose activations go from 0 to 127, before `prepare`.


# %% wrong misconception="eight-bit-grids" variant=1 loses="grids,calibrated,gives-floats"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = eager.QConfig(
        activation=eager.MinMaxObserver.with_args(dtype=torch.quint8), weight=static_qconfig.weight
    )
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="eight-bit-grids" variant=2 loses="grids,calibrated,gives-floats"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = eager.QConfig(
        activation=eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=255),
        weight=eager.default_per_channel_weight_observer,
    )
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="eight-bit-grids" loses="grids,calibrated,gives-floats"
def quantize_residual(model, examples, pixels):
    class Quantizable(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = model.stem, nn.ReLU()
            self.first, self.first_relu = model.block.first, nn.ReLU()
            self.second, self.output = model.block.second, model.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples / 2)
    converted = eager.convert(observed)
    return converted, converted(pixels)
