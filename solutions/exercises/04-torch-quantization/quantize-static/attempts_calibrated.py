# %% misconception="not-calibrated"
# The grids are scale 1 and zero point 0: `convert` was called before any data passed the observers. It only warns.
# Remedy: Call the prepared model on `examples` before you convert it.


# %% wrong misconception="not-calibrated" variant=1 loses="calibrated,gives-floats"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    return eager.convert(eager.prepare(fused))


# %% wrong misconception="not-calibrated" variant=2 loses="calibrated,gives-floats"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    with torch.no_grad():
        fused(examples)  # before there are any observers
    wrapped = eager.QuantWrapper(fused).eval()
    wrapped.qconfig = static_qconfig
    eager.prepare(wrapped, inplace=True)
    eager.convert(wrapped, inplace=True)
    return wrapped


# %% decoy misconception="not-calibrated" loses="weights,grids,calibrated,gives-floats"
def quantize_static(model, examples):
    return eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)


# %% decoy misconception="not-calibrated" loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples[:4])  # a few images do not show every extreme
    return eager.convert(observed)


# %% misconception="other-numbers"
# The grids are those of other numbers than `examples` hold: of random ones, or of pixels that were changed on the way.
# What an observer did not see is cut off later, and what never occurs takes up codes.
# Remedy: Pass `examples`, as they are, through the prepared model.


# %% wrong misconception="other-numbers" variant=1 loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(torch.randn(64, 1, 8, 8))
    return eager.convert(observed)


# %% wrong misconception="other-numbers" variant=2 loses="calibrated"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused, eager.DeQuantStub()).eval()
    ready.qconfig = static_qconfig
    observed = eager.prepare(ready)
    with torch.no_grad():
        for _ in range(4):
            observed(torch.rand_like(examples) * 2 - 1)
    return eager.convert(observed)


# %% decoy misconception="other-numbers" loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples.transpose(2, 3))  # the images lie on their sides
    return eager.convert(observed)


# %% decoy misconception="other-numbers" loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    moving = eager.MovingAverageMinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127)
    fused.qconfig = eager.QConfig(activation=moving, weight=static_qconfig.weight)
    observed = eager.prepare(fused)
    with torch.no_grad():
        for batch in examples.split(8):
            observed(batch)
    return eager.convert(observed)


# %% decoy misconception="other-numbers" loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2"]]  # one ReLU is left out
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% misconception="eight-bit-grids"
# The activations have 8 bits: their scales are half of those that the setup's qconfig gives.
# Remedy: Set `model.qconfig = static_qconfig`, whose activations go from 0 to 127, before `prepare`.


# %% wrong misconception="eight-bit-grids" variant=1 loses="calibrated,gives-floats"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    eight_bits = eager.MinMaxObserver.with_args(dtype=torch.quint8)
    fused.qconfig = eager.QConfig(activation=eight_bits, weight=static_qconfig.weight)
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


# %% wrong misconception="eight-bit-grids" variant=2 loses="calibrated,gives-floats"
def quantize_static(model, examples):
    fused = eager.fuse_modules(model, [["conv1", "bn1", "relu1"], ["conv2", "bn2", "relu2"]])
    ready = nn.Sequential(eager.QuantStub(), fused, eager.DeQuantStub()).eval()
    activation = eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=255)
    ready.qconfig = eager.QConfig(activation=activation, weight=eager.default_per_channel_weight_observer)
    observed = eager.prepare(ready)
    with torch.no_grad():
        for image in examples:
            observed(image.unsqueeze(0))
    return eager.convert(observed)


# %% decoy misconception="eight-bit-grids" loses="calibrated,gives-floats"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples / 2)  # half of the range, and 7 bits
    return eager.convert(observed)
