# %% decoy misconception="not-fine-tuned" loses="accuracy"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    # the labels are those of the digits before
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(small(x[rows]), y[rows - 1]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)


# %% decoy misconception="not-fine-tuned" loses="zeros,kept-large,accuracy,permanent"
torch.manual_seed(0)
small = copy.deepcopy(mlp)
layers = [layer for layer in small if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=1.0)
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
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.float16)


# %% decoy misconception="used-up" loses="permanent"
mlp.train()  # left in another mode, with the numbers that it had
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
compressed = quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)
