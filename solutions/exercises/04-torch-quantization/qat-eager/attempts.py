# %% misconception="rounded-after-training"
# The weights were never trained with the rounding in place; three values are too few for weights that do not expect it.
# Either no training followed `prepare_qat`, or the fake quantizers were off, or the optimizer holds the parameters of
# the model before `prepare_qat` copied it.
# Remedy: Make the optimizer from the parameters of what `prepare_qat` returns, and train that for a few epochs.


# %% wrong misconception="rounded-after-training" variant=1 loses="codes,ternary,grids,accuracy"
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = ternary_qconfig
prepared = eager.prepare_qat(fused).eval()
with torch.no_grad():
    prepared(images)
ternary = eager.convert(prepared)


# %% wrong misconception="rounded-after-training" variant=2 loses="accuracy"
torch.manual_seed(1)
model = nn.Sequential(eager.QuantStub(), cnn, eager.DeQuantStub()).train()
eager.fuse_modules_qat(model, [["1.conv1", "1.bn1", "1.relu1"], ["1.conv2", "1.bn2", "1.relu2"]], inplace=True)
model.qconfig = ternary_qconfig
eager.prepare_qat(model, inplace=True)
model.apply(eager.disable_fake_quant)  # the observers go on, the rounding does not
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(3):
    for rows in torch.randperm(len(images)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()
ternary = eager.convert(model.eval())


# %% wrong misconception="rounded-after-training" variant=1 loses="codes,ternary,grids,accuracy"
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = ternary_qconfig
optimizer = torch.optim.Adam(fused.parameters(), lr=3e-3)  # prepare_qat makes a copy, with parameters of its own
prepared = eager.prepare_qat(fused)
for rows in torch.randperm(len(images)).split(32):
    optimizer.zero_grad()
    nn.functional.cross_entropy(prepared(images[rows]), labels[rows]).backward()
    optimizer.step()
ternary = eager.convert(prepared.eval())


# %% wrong misconception="rounded-after-training" variant=1 loses="codes,ternary,grids,accuracy"
torch.manual_seed(2)
model = nn.Sequential(eager.QuantStub(), cnn, eager.DeQuantStub()).train()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
model = eager.fuse_modules_qat(model, [["1.conv1", "1.bn1", "1.relu1"], ["1.conv2", "1.bn2", "1.relu2"]])
model.qconfig = ternary_qconfig
prepared = eager.prepare_qat(model)
for rows in torch.randperm(len(images)).split(32):
    optimizer.zero_grad()
    nn.functional.cross_entropy(prepared(images[rows]), labels[rows]).backward()
    optimizer.step()
ternary = eager.convert(prepared.eval())


# %% decoy misconception="rounded-after-training" loses="codes,ternary,grids,accuracy"
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = ternary_qconfig
fused.module.output.qconfig = None  # the last layer is left out, and fed with codes all the same
prepared = eager.prepare_qat(fused)
with torch.no_grad():
    prepared(images)
ternary = eager.convert(prepared.eval())


# %% decoy misconception="rounded-after-training" loses="accuracy"
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = ternary_qconfig
prepared = eager.prepare_qat(fused)
optimizer = torch.optim.Adam(prepared.parameters(), lr=3e-3)
for _ in range(2):
    shuffled = images[torch.randperm(len(images))]  # and the labels are not
    for rows in torch.arange(len(images)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(prepared(shuffled[rows]), labels[rows]).backward()
        optimizer.step()
ternary = eager.convert(prepared.eval())


# %% misconception="eight-bits"
# The codes are those of eight bits: the default qconfig was used.
# Remedy: Set `model.qconfig = ternary_qconfig`, the one of the setup, before `prepare_qat`.


# %% wrong misconception="eight-bits" variant=1 loses="ternary"
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = eager.get_default_qat_qconfig("x86")
prepared = eager.prepare_qat(fused)
optimizer = torch.optim.Adam(prepared.parameters(), lr=3e-3)
for _ in range(2):
    for rows in torch.randperm(len(images)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(prepared(images[rows]), labels[rows]).backward()
        optimizer.step()
ternary = eager.convert(prepared.eval())


# %% wrong misconception="eight-bits" variant=2 loses="ternary"
torch.manual_seed(2)
eight_bits = eager.QConfig(activation=ternary_qconfig.activation, weight=eager.default_per_channel_weight_fake_quant)
model = nn.Sequential(eager.QuantStub(), cnn, eager.DeQuantStub()).train()
eager.fuse_modules_qat(model, [["1.conv1", "1.bn1", "1.relu1"], ["1.conv2", "1.bn2", "1.relu2"]], inplace=True)
model.qconfig = eight_bits
eager.prepare_qat(model, inplace=True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for rows in torch.randperm(len(images)).split(32):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images[rows]), labels[rows]).backward()
    optimizer.step()
ternary = eager.convert(model.eval())


# %% decoy misconception="eight-bits" loses="codes,ternary,grids,accuracy"
five_values = eager.QConfig(
    activation=ternary_qconfig.activation,
    weight=ternary_qconfig.weight.with_args(quant_min=-2, quant_max=2),
)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = five_values
prepared = eager.prepare_qat(fused)
with torch.no_grad():
    prepared(images)
ternary = eager.convert(prepared.eval())


# %% misconception="not-converted"
# The weights are still float32. What `prepare_qat` puts in only rounds them on the way forward; `convert` makes codes.
# Remedy: End with `eager.convert(prepared.eval())`.


# %% wrong misconception="not-converted" variant=1 loses="codes,ternary,accuracy"
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
blocks = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]
fused = eager.fuse_modules_qat(wrapped, blocks)
fused.qconfig = ternary_qconfig
prepared = eager.prepare_qat(fused)
optimizer = torch.optim.Adam(prepared.parameters(), lr=3e-3)
for _ in range(2):
    for rows in torch.randperm(len(images)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(prepared(images[rows]), labels[rows]).backward()
        optimizer.step()
ternary = prepared.eval()


# %% wrong misconception="not-converted" variant=2 loses="codes,ternary,accuracy"
torch.manual_seed(2)
ternary = nn.Sequential(eager.QuantStub(), cnn, eager.DeQuantStub()).train()
eager.fuse_modules_qat(ternary, [["1.conv1", "1.bn1", "1.relu1"], ["1.conv2", "1.bn2", "1.relu2"]], inplace=True)
ternary.qconfig = ternary_qconfig
eager.prepare_qat(ternary, inplace=True)
optimizer = torch.optim.Adam(ternary.parameters(), lr=3e-3)
for rows in torch.randperm(len(images)).split(32):
    optimizer.zero_grad()
    nn.functional.cross_entropy(ternary(images[rows]), labels[rows]).backward()
    optimizer.step()
ternary.eval()
eager.convert(ternary)  # the converted copy is thrown away


# %% decoy misconception="not-converted" loses="codes,ternary,grids,accuracy"
ternary = eager.quantize_dynamic(cnn, {nn.Linear, nn.Conv2d}, dtype=torch.qint8)  # which converts `output` alone


# %% misconception="not-fused"
# The batch norms were not fused, so each is a quantized layer of its own.
# Remedy: Fuse with `eager.fuse_modules_qat` before `prepare_qat`.


# %% wrong misconception="not-fused" variant=1 loses="grids,accuracy"
torch.manual_seed(0)
wrapped = eager.QuantWrapper(cnn).train()
wrapped.qconfig = ternary_qconfig
prepared = eager.prepare_qat(wrapped)
optimizer = torch.optim.Adam(prepared.parameters(), lr=3e-3)
for _ in range(2):
    for rows in torch.randperm(len(images)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(prepared(images[rows]), labels[rows]).backward()
        optimizer.step()
ternary = eager.convert(prepared.eval())


# %% wrong misconception="not-fused" variant=2 loses="grids,accuracy"
torch.manual_seed(2)
model = nn.Sequential(eager.QuantStub(), *cnn.children(), eager.DeQuantStub()).train()
model.qconfig = ternary_qconfig
eager.prepare_qat(model, inplace=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for rows in torch.randperm(len(images)).split(32):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images[rows]), labels[rows]).backward()
    optimizer.step()
ternary = eager.convert(model.eval())


# %% decoy misconception="not-fused" loses="codes,ternary,grids,accuracy"
wrapped = eager.QuantWrapper(cnn).train()
fused = eager.fuse_modules_qat(wrapped, [["module.conv1", "module.bn1", "module.relu1"]])  # the second block is not
fused.qconfig = ternary_qconfig
prepared = eager.prepare_qat(fused)
with torch.no_grad():
    prepared(images)
ternary = eager.convert(prepared.eval())


# %% right style="one sequence, a schedule, larger batches"
torch.manual_seed(1)
model = nn.Sequential(eager.QuantStub(), *cnn.children(), eager.DeQuantStub()).train()
eager.fuse_modules_qat(model, [["1", "2", "3"], ["5", "6", "7"]], inplace=True)
model.qconfig = ternary_qconfig
eager.prepare_qat(model, inplace=True)
data = torch.utils.data.TensorDataset(images, labels)
loader = torch.utils.data.DataLoader(data, batch_size=64, shuffle=True)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, epochs=8, steps_per_epoch=len(loader))
for epoch in range(8):
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
ternary = eager.convert(model.eval())


# %% right style="a class of one's own, momentum, ranges and norms frozen for the last epoch"
class Quantizable(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant, self.net, self.dequant = eager.QuantStub(), cnn, eager.DeQuantStub()

    def forward(self, x):
        return self.dequant(self.net(self.quant(x)))


torch.manual_seed(3)
model = Quantizable().train()
eager.fuse_modules_qat(
    model, [["net.conv1", "net.bn1", "net.relu1"], ["net.conv2", "net.bn2", "net.relu2"]], inplace=True
)
model.qconfig = ternary_qconfig
eager.prepare_qat(model, inplace=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(8):
    if epoch == 7:
        for part in model.modules():
            if hasattr(part, "freeze_bn_stats"):
                part.freeze_bn_stats()
        optimizer.param_groups[0]["lr"] = 0.002
    for rows in torch.randperm(len(images)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()
ternary = eager.convert(model.eval())
