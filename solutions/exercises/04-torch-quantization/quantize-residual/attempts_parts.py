# %% misconception="some-examples"
# The grids are those of a part of `examples`, such as a first batch, or all but the last: what the others hold beyond
# that is cut off.
# Remedy: Pass all of `examples` through the prepared model.


# %% wrong misconception="some-examples" variant=1 loses="calibrated,gives-floats"
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
        observed(examples[:1])
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="some-examples" variant=1 loses="calibrated"
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
        observed(examples[:-1])
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="some-examples" variant=2 loses="calibrated"
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
        for start in range(0, len(examples) - 16, 16):
            observed(examples[start : start + 16])
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="some-examples" loses="calibrated"
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
        observed(examples.flip(1))  # all of them, turned by half
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% misconception="calibrated-on-pixels"
# The observers saw `pixels`, and not `examples`: the grids fit what is to be read, which is not known beforehand.
# Remedy: Call the prepared model on `examples`, and the converted one on `pixels`.


# %% wrong misconception="calibrated-on-pixels" variant=1 loses="calibrated"
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
        observed(pixels)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% wrong misconception="calibrated-on-pixels" variant=2 loses="calibrated"
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
        for digit in pixels:
            observed(digit[None])
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="calibrated-on-pixels" loses="calibrated"
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
        observed(torch.cat([examples, pixels]))
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="wrong-summand" loses="calibrated,gives-floats"
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
        observed(examples[:1])
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="wrong-summand" loses="calibrated"
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
        observed(pixels)
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
            branch = self.second(self.first(h))
            return self.dequant(self.output(self.add.add_relu(h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    converted = eager.convert(observed)
    return converted, converted(pixels)


# %% decoy misconception="other-numbers" loses="calibrated"
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
    six_bits = eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=63)
    fused.qconfig = eager.QConfig(activation=six_bits, weight=static_qconfig.weight)
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(pixels)
    converted = eager.convert(observed)
    return converted, converted(pixels)
