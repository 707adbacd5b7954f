# %% misconception="nothing-converted"
# No layer was converted. `convert` was not called, or its result was thrown away; or the model had no `qconfig` when it
# was prepared, and then neither `prepare` nor `convert` has anything to do.
# Remedy: Set `model.qconfig = static_qconfig` before `prepare`, and return what `convert` returns.


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


# %% decoy misconception="nothing-converted" loses="weights,grids,calibrated,gives-floats"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    layers = [eager.QuantWrapper(fused.conv1), nn.MaxPool2d(2), fused.conv2, nn.MaxPool2d(2), nn.Flatten()]
    ready = nn.Sequential(*layers, fused.output).eval()
    ready[0].qconfig = static_qconfig  # of the first block alone
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% misconception="not-fused"
# The batch norms are still there, each with a grid of its own: two roundings and two more passes over memory that
# folding saves.
# Remedy: Fuse conv, batch norm and ReLU before `prepare`.


# %% wrong misconception="not-fused" variant=1 loses="weights,grids,calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    wrapped.qconfig = static_qconfig
    observed = eager.prepare(wrapped)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="not-fused" variant=2 loses="weights,grids,calibrated"
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


# %% decoy misconception="not-fused" loses="weights,grids,calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    fused = eager.fuse_modules(wrapped, [["module.conv1", "module.bn1", "module.relu1"]])  # the second block is not
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% misconception="relu-not-fused"
# A ReLU is not fused with what precedes it: half of the codes there serve negative numbers, which the ReLU throws away
# at once.
# Remedy: Fuse lists of three: conv, batch norm and ReLU.


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


# %% decoy misconception="relu-not-fused" loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    signed = eager.MinMaxObserver.with_args(
        dtype=torch.quint8, quant_min=0, quant_max=127, qscheme=torch.per_tensor_symmetric
    )
    fused.qconfig = eager.QConfig(activation=signed, weight=static_qconfig.weight)
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


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
