# %% misconception="never-trained"
# The model was rounded and not trained: it holds the biases of `mlp`, and the nearest codes to its weights.
# Remedy: Train between `QATConfig(base, step='prepare')` and `QATConfig(base, step='convert')`.


# %% wrong misconception="never-trained" variant=1 loses="codes,row-scales,accuracy,small,keeps-mlp"
aware = copy.deepcopy(mlp)
quantize_(aware, base)


# %% wrong misconception="never-trained" variant=2 loses="codes,row-scales,accuracy,small,keeps-mlp"
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
quantize_(aware, QATConfig(base, step="convert"))


# %% decoy misconception="never-trained" loses="codes,row-scales,accuracy,small,keeps-mlp"
aware = copy.deepcopy(mlp)  # nothing was done at all


# %% misconception="used-up"
# `mlp` itself was trained and converted: no model is left to compare with, and a second run of the cell finds codes.
# Remedy: Start with `aware = copy.deepcopy(mlp)`.


# %% wrong misconception="used-up" variant=1 loses="keeps-mlp"
torch.manual_seed(0)
quantize_(mlp, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(mlp.parameters(), lr=1e-3)
for _ in range(3):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(mlp(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(mlp, QATConfig(base, step="convert"))
aware = mlp


# %% wrong misconception="used-up" variant=2 loses="keeps-mlp"
torch.manual_seed(1)
aware = copy.copy(mlp)  # a shallow copy shares the layers
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(4):
    for rows in torch.randperm(len(x)).split(32):
        loss = nn.functional.cross_entropy(aware(x[rows]), y[rows])
        aware.zero_grad()
        loss.backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"))


# %% decoy misconception="used-up" loses="codes,row-scales,accuracy,small,keeps-mlp"
optimizer = torch.optim.Adam(mlp.parameters(), lr=1e-3)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
nn.functional.cross_entropy(mlp(x), y).backward()
optimizer.step()
aware = zoo.digits_mlp()  # the given model was trained, and another one handed in
