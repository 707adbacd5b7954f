# %% wrong misconception="not-fused" variant=1 loses="weights,biases,grids,calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    wrapped.qconfig = static_qconfig
    observed = eager.prepare(wrapped)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="not-fused" variant=2 loses="weights,biases,grids,calibrated"
def quantize_static(model, examples):
    layers = [eager.QuantStub(), *model.children(), eager.DeQuantStub()]
    sequence = nn.Sequential(*layers).eval()
    # these names are none of the model's own, so the fused copy is thrown away
    eager.fuse_modules(sequence, [["1", "2", "3"], ["5", "6", "7"]])
    sequence.qconfig = static_qconfig
    eager.prepare(sequence, inplace=True)
    with torch.inference_mode():
        for batch in examples.split(16):
            sequence(batch)
    return eager.convert(sequence)


# %% wrong misconception="relu-not-fused" variant=1 loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    fused = eager.fuse_modules(wrapped, [["module.conv1", "module.bn1"], ["module.conv2", "module.bn2"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="relu-not-fused" variant=2 loses="calibrated"
def quantize_static(model, examples):
    folded = nn.Sequential(
        eager.QuantStub(),
        nn.utils.fuse_conv_bn_eval(model.conv1, model.bn1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.utils.fuse_conv_bn_eval(model.conv2, model.bn2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        model.output,
        eager.DeQuantStub(),
    ).eval()
    folded.qconfig = static_qconfig
    observed = eager.prepare(folded)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="not-calibrated" variant=1 loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    return eager.convert(eager.prepare(fused))


# %% wrong misconception="not-calibrated" variant=2 loses="calibrated"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    with torch.no_grad():
        fused(examples)  # before there are any observers
    wrapped = eager.QuantWrapper(fused).eval()
    wrapped.qconfig = static_qconfig
    eager.prepare(wrapped, inplace=True)
    eager.convert(wrapped, inplace=True)
    return wrapped


# %% wrong misconception="calibrated-on-noise" variant=1 loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(torch.randn(64, 1, 8, 8))
    return eager.convert(observed)


# %% wrong misconception="calibrated-on-noise" variant=2 loses="calibrated"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused, eager.DeQuantStub()).eval()
    ready.qconfig = static_qconfig
    observed = eager.prepare(ready)
    with torch.no_grad():
        for _ in range(4):
            observed(torch.rand_like(examples) * 2 - 1)
    return eager.convert(observed)


# %% wrong misconception="one-example-only" variant=1 loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples[:1])
    return eager.convert(observed)


# %% wrong misconception="one-example-only" variant=2 loses="calibrated"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused, eager.DeQuantStub()).eval()
    ready.qconfig = static_qconfig
    observed = eager.prepare(ready)
    with torch.no_grad():
        for image in examples:
            observed(image.unsqueeze(0))
            break
    return eager.convert(observed)


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


# %% wrong misconception="nothing-converted" variant=1 loses="weights,grids,calibrated,gives-floats"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    observed = eager.prepare(fused)  # which was given no qconfig
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="nothing-converted" variant=1 loses="weights,grids,calibrated,gives-floats"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return observed


# %% wrong misconception="nothing-converted" variant=2 loses="weights,grids,calibrated,gives-floats"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused, eager.DeQuantStub()).eval()
    ready.qconfig = static_qconfig
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    eager.convert(observed)  # the converted copy is thrown away
    return observed


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


# %% wrong misconception="ignores-its-arguments" variant=1 loses="weights,biases,calibrated"
wrapped = eager.QuantWrapper(cnn).eval()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules(wrapped, blocks)
fused.qconfig = static_qconfig
observed = eager.prepare(fused)
with torch.no_grad():
    observed(examples)


def quantize_static(model, images):
    return eager.convert(observed)


# %% wrong misconception="ignores-its-arguments" variant=2 loses="weights,biases,calibrated"
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


# %% right style="a class of one's own, batch by batch"
def quantize_static(model, examples):
    class Quantized(nn.Module):
        def __init__(self):
            super().__init__()
            self.to_codes = eager.QuantStub()
            self.net = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
            self.to_floats = eager.DeQuantStub()

        def forward(self, x):
            return self.to_floats(self.net(self.to_codes(x)))

    ready = Quantized().eval()
    ready.qconfig = static_qconfig
    eager.prepare(ready, inplace=True)
    with torch.no_grad():
        for batch in examples.split(10):
            ready(batch)
    eager.convert(ready, inplace=True)
    return ready


# %% right style="one sequence, fused by position"
def quantize_static(model, examples):
    sequence = nn.Sequential(eager.QuantStub(), *model.children(), eager.DeQuantStub()).eval()
    fused = eager.fuse_modules(sequence, [["1", "2", "3"], ["5", "6", "7"]])
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.inference_mode():
        observed(examples)
    return eager.convert(observed)


# %% right style="batch norms folded by hand, in float64"
def quantize_static(model, examples):
    def folded(conv, norm):
        gain = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
        layer = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, padding=conv.padding)
        layer.weight.data = (conv.weight.double() * gain.view(-1, 1, 1, 1)).float().detach()
        layer.bias.data = (norm.bias.double() - gain * norm.running_mean.double()).float().detach()
        return layer

    layers = [folded(model.conv1, model.bn1), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [folded(model.conv2, model.bn2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), model.output]
    fused = eager.fuse_modules(
        eager.QuantWrapper(nn.Sequential(*layers)).eval(), [["module.0", "module.1"], ["module.3", "module.4"]]
    )
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)
