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


# %% misconception="calibrated-on-noise"
# The grids are those of random numbers. The digits lie between 0 and 1, and noise of another range makes the observers
# remember values that never occur.
# Remedy: Calibrate on `examples`.


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


# %% decoy misconception="calibrated-on-noise" loses="calibrated"
def quantize_static(model, examples):
    wrapped = eager.QuantWrapper(model).eval()
    blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
    fused = eager.fuse_modules(wrapped, blocks)
    fused.qconfig = static_qconfig
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(examples.transpose(2, 3))  # the images lie on their sides
    return eager.convert(observed)


# %% misconception="one-example-only"
# The grids are too narrow: the observers saw one image only, and larger values of the others will be cut off.
# Remedy: Pass all of `examples` through the prepared model.


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


# %% decoy misconception="one-example-only" loses="calibrated"
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
