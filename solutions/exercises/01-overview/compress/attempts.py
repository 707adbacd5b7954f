# %% misconception="not-fine-tuned"
# The model was not trained after pruning, or hardly, so the kept weights never made up for the lost ones.
# Remedy: Train a few epochs while the masks are in place.


# %% wrong misconception="not-fine-tuned" variant=1 loses="codes,zeros,kept-large,accuracy,permanent"
small = copy.deepcopy(mlp)
for layer in small:
    if isinstance(layer, nn.Linear):
        prune.l1_unstructured(layer, "weight", amount=0.9)
        prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="not-fine-tuned" variant=2 loses="accuracy"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
x, y = torch.tensor(digits.x_train), torch.tensor(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(2):  # trained, but before the pruning
    for start in range(0, len(x), 32):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(small(x[start : start + 32]), y[start : start + 32])
        loss.backward()
        optimizer.step()
for name in ("hidden1", "hidden2", "output"):
    weight = getattr(small, name).weight.data
    weight.view(-1)[weight.abs().view(-1).argsort()[: round(0.9 * weight.numel())]] = 0
compressed = quantize_dynamic(small, {nn.Linear})


# %% decoy misconception="not-fine-tuned" loses="zeros"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.8)  # not far enough
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% decoy misconception="not-fine-tuned" loses="accuracy"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1.0)  # trained, and led astray
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% misconception="never-pruned"
# No weight was removed: the zeros that are there come from rounding to codes.
# Remedy: Prune each layer of the copy first, with `prune.l1_unstructured(layer, "weight", amount=0.9)`.


# %% wrong misconception="never-pruned" variant=1 loses="codes,zeros,kept-large,accuracy,permanent"
compressed = quantize_dynamic(mlp, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="never-pruned" variant=2 loses="zeros,kept-large,accuracy,permanent"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
compressed = quantize_dynamic(small, {"hidden1", "hidden2", "output"})


# %% decoy misconception="never-pruned" loses="codes,zeros,kept-large,accuracy,permanent"
compressed = copy.deepcopy(mlp)  # nothing at all was done


# %% misconception="masks-removed-early"
# The masks were gone before the fine-tuning, so the zeros were trained away.
# Remedy: Call `prune.remove` after the training, not before.


# %% wrong misconception="masks-removed-early" variant=1 loses="zeros,kept-large,accuracy,permanent"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
for layer in small:
    if isinstance(layer, nn.Linear):
        prune.l1_unstructured(layer, "weight", amount=0.9)
        prune.remove(layer, "weight")
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="masks-removed-early" variant=2 loses="zeros,kept-large,accuracy,permanent"
torch.manual_seed(1)
small = copy.deepcopy(mlp)
with torch.no_grad():
    for name, weight in small.named_parameters():
        if name.endswith("weight"):
            threshold = weight.abs().flatten().kthvalue(round(0.9 * weight.numel())).values
            weight[weight.abs() <= threshold] = 0
data = torch.utils.data.TensorDataset(torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train))
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for epoch in range(5):
    for x, y in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
        loss = nn.functional.cross_entropy(small(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
compressed = quantize_dynamic(small, {"hidden1", "hidden2", "output"})


# %% decoy misconception="masks-removed-early" loses="zeros"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [small.hidden1, small.hidden2]  # the output is left dense
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% misconception="still-float"
# The weights are still float32: nine in ten are zero, and each zero takes four bytes.
# Remedy: End with `quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)`.


# %% wrong misconception="still-float" variant=1 loses="codes"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = small


# %% wrong misconception="still-float" variant=2 loses="codes"
torch.manual_seed(1)
compressed = copy.deepcopy(mlp)
masks = {}
for name, weight in compressed.named_parameters():
    if weight.ndim == 2:
        order = weight.detach().abs().flatten().argsort()
        masks[name] = torch.ones(weight.numel()).index_fill(0, order[: round(0.9 * weight.numel())], 0).view_as(weight)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(compressed.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(compressed(x[rows]), y[rows]).backward()
        optimizer.step()
        for name, weight in compressed.named_parameters():
            if name in masks:
                weight.data.mul_(masks[name])


# %% decoy misconception="still-float" loses="codes"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {"hidden1", "hidden2"}, dtype=torch.qint8)  # the output stays float


# %% misconception="random-removed"
# The weights that are gone are not the smallest of `mlp`: taken at random or by whole rows, or of a model made anew.
# Remedy: Use `prune.l1_unstructured` on a copy of `mlp`: it ranks by magnitude.


# %% wrong misconception="random-removed" variant=1 loses="kept-large,accuracy"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.random_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="random-removed" variant=2 loses="kept-large,accuracy"
torch.manual_seed(2)
small = copy.deepcopy(mlp)
for name in ("hidden1", "hidden2", "output"):
    layer = getattr(small, name)
    mask = torch.ones(layer.weight.numel())
    mask[torch.randperm(len(mask))[: round(0.9 * len(mask))]] = 0
    prune.custom_from_mask(layer, "weight", mask.view_as(layer.weight))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        loss = nn.functional.cross_entropy(small(x[rows]), y[rows])
        small.zero_grad()
        loss.backward()
        optimizer.step()
for name in ("hidden1", "hidden2", "output"):
    prune.remove(getattr(small, name), "weight")
compressed = quantize_dynamic(small, {nn.Linear})


# %% decoy misconception="random-removed" loses="zeros"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
prune.global_unstructured([(layer, "weight") for layer in layers], prune.L1Unstructured, amount=0.9)  # all together
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% misconception="masks-left"
# The masks were never made permanent: their hooks are still there, and the model fails when it is called.
# Remedy: Call `prune.remove(layer, 'weight')` on each layer before you quantize.


# %% wrong misconception="masks-left" variant=1 loses="permanent"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
with torch.no_grad():
    accuracy = (small(x).argmax(1) == y).float().mean()
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="masks-left" variant=2 loses="permanent"
torch.manual_seed(3)
compressed = copy.deepcopy(mlp)
for layer in compressed.children():
    if type(layer) is nn.Linear:
        prune.L1Unstructured.apply(layer, "weight", amount=0.9)
data = torch.utils.data.TensorDataset(torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train))
optimizer = torch.optim.Adam(compressed.parameters(), lr=1e-3)
for epoch in range(5):
    for x, y in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
        loss = nn.functional.cross_entropy(compressed(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
quantize_dynamic(compressed, {"hidden1", "hidden2", "output"}, inplace=True)


# %% decoy misconception="masks-left" loses="codes"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    layer.register_buffer("kept", layer.weight_mask.bool())  # a mask is stored, but none that is applied
    prune.remove(layer, "weight")
compressed = small


# %% right style="masks of one's own, applied after each step"
torch.manual_seed(1)
small = copy.deepcopy(mlp)
masks = {}
for name, weight in small.named_parameters():
    if weight.ndim == 2:
        order = weight.detach().abs().flatten().argsort()
        masks[name] = torch.ones(weight.numel()).index_fill(0, order[: round(0.9 * weight.numel())], 0).view_as(weight)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows]).backward()
        optimizer.step()
        with torch.no_grad():
            for name, mask in masks.items():
                small.get_parameter(name).mul_(mask)
compressed = quantize_dynamic(small, {"hidden1", "hidden2", "output"})


# %% right style="in three steps: 50, 80, then 90 per cent"
torch.manual_seed(2)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
data = torch.utils.data.TensorDataset(torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train))
already = 0.0
for sparsity in (0.5, 0.8, 0.9):
    for layer in layers:
        count = round(sparsity * layer.weight.numel()) - round(already * layer.weight.numel())
        prune.l1_unstructured(layer, "weight", amount=count)
    already = sparsity
    optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
    for epoch in range(2):
        for x, y in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
            optimizer.zero_grad()
            nn.functional.cross_entropy(small(x), y).backward()
            optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)
