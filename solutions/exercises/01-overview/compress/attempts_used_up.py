# %% misconception="used-up"
# Numbers of `mlp` were changed: where it is pruned itself, no other is left, and the next run begins with it.
# Remedy: Start with `copy.deepcopy(mlp)`.


# %% wrong misconception="used-up" variant=1 loses="permanent"
torch.manual_seed(0)
layers = [layer for layer in mlp if isinstance(layer, nn.Linear)]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(mlp.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(mlp(x[rows]), y[rows]).backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(mlp, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="used-up" variant=2 loses="permanent"
torch.manual_seed(1)
small = copy.copy(mlp)  # a shallow copy shares the layers
layers = [small.hidden1, small.hidden2, small.output]
for layer in layers:
    prune.l1_unstructured(layer, "weight", amount=0.9)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(small.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        loss = nn.functional.cross_entropy(small(x[rows]), y[rows])
        small.zero_grad()
        loss.backward()
        optimizer.step()
for layer in layers:
    prune.remove(layer, "weight")
compressed = quantize_dynamic(small, {"hidden1", "hidden2", "output"})


# %% decoy misconception="used-up" loses="zeros,kept-large,accuracy,permanent"
for layer in (mlp.hidden1, mlp.hidden2, mlp.output):
    prune.l1_unstructured(layer, "weight", amount=0.9)
    prune.remove(layer, "weight")
compressed = quantize_dynamic(copy.deepcopy(mlp).apply(lambda layer: getattr(layer, "reset_parameters", int)()))
