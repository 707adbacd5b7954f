# %% misconception="no-way-back"
# Nothing turns the codes of the last layer into floats again, so that the model gives a quantized tensor.
# Remedy: End the forward pass with a DeQuantStub, or take `eager.QuantWrapper`.


# %% wrong misconception="no-way-back" variant=1 loses="gives-floats"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused).eval()
    ready.qconfig = static_qconfig
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="no-way-back" variant=2 loses="gives-floats"
def quantize_static(model, examples):
    class Quantized(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant = eager.QuantStub()
            self.net = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])

        def forward(self, x):
            return self.net(self.quant(x))

    ready = Quantized().eval()
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        ready(examples)
    return eager.convert(ready)


# %% wrong misconception="no-way-back" variant=1 loses="gives-floats"
def quantize_static(model, examples):
    class Wrapped(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.module, self.dequant = eager.QuantStub(), model, eager.DeQuantStub()

        def forward(self, x):
            return self.module(self.quant(x))  # the DeQuantStub is there, and is never called

    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(Wrapped().eval(), blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% decoy misconception="no-way-back" loses="gives-floats"
def quantize_static(model, examples):
    class Wrapped(nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.module, self.dequant = eager.QuantStub(), model, eager.DeQuantStub()

        def forward(self, x):
            x = self.module.flatten(self.module[:8](self.quant(x)))
            return self.module.output(self.dequant(x))  # one layer too early: the last one is given floats

    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(Wrapped().eval(), blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% decoy misconception="no-way-back" loses="weights,grids,calibrated,gives-floats"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    layers = [fused.conv1, nn.MaxPool2d(2), fused.conv2, nn.MaxPool2d(2), nn.Flatten()]
    ready = nn.Sequential(eager.QuantWrapper(nn.Sequential(*layers)), fused.output).eval()
    ready[0].qconfig = static_qconfig  # the output layer stays float
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% misconception="one-scale-a-layer"
# One scale serves a whole layer: the weights follow another qconfig than that of the setup, such as `default_qconfig`.
# Remedy: Set `model.qconfig = static_qconfig` before `prepare`.


# %% wrong misconception="one-scale-a-layer" variant=1 loses="weights"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = eager.default_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="one-scale-a-layer" variant=2 loses="weights"
def quantize_static(model, examples):
    one_scale = eager.MinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric)
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused, eager.DeQuantStub()).eval()
    ready.qconfig = eager.QConfig(activation=static_qconfig.activation, weight=one_scale)
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% decoy misconception="one-scale-a-layer" loses="weights,grids,calibrated,gives-floats"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    fused.module.output.qconfig = None  # left out, and fed with codes all the same
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% misconception="another-observer"
# The grids are those of a HistogramObserver, which most default qconfigs have: it searches for the range, and may cut
# off the extremes.
# Remedy: Set `model.qconfig = static_qconfig`, whose observers keep the extremes.


# %% wrong misconception="another-observer" variant=1 loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = eager.get_default_qconfig("x86")
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="another-observer" variant=2 loses="calibrated"
def quantize_static(model, examples):
    histogram = eager.HistogramObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127)
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused, eager.DeQuantStub()).eval()
    ready.qconfig = eager.QConfig(activation=histogram, weight=static_qconfig.weight)
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% decoy misconception="another-observer" loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples[:8])
    return eager.convert(observed)


# %% misconception="ignores-its-arguments"
# The function works on the notebook's own variables, whatever it is given.
# Remedy: Use the arguments: the judge calls it with another model, and with other examples where it takes any.


# %% wrong misconception="ignores-its-arguments" variant=1 loses="weights,calibrated"
wrapped = eager.QuantWrapper(cnn).eval()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules(wrapped, blocks)
fused.qconfig = static_qconfig
observed = eager.prepare(fused)
with torch.no_grad():
    observed(examples)


def quantize_static(model, images):
    return eager.convert(observed)


# %% wrong misconception="ignores-its-arguments" variant=2 loses="weights,calibrated"
calibration = examples


def quantize_static(model, examples):
    ready = eager.QuantWrapper(zoo.digits_cnn()).eval()
    names = [[f"module.{kind}{number}" for kind in ("conv", "bn", "relu")] for number in "12"]
    eager.fuse_modules(ready, names, inplace=True)
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.inference_mode():
        ready(calibration)
    return eager.convert(ready)
