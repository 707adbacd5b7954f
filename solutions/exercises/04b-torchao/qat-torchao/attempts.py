# %% misconception="grid-unseen"
# The weights were never trained while they were rounded, so that nothing makes up for three in four levels that are
# gone.
# Remedy: Prepare with `QATConfig(base, step='prepare')` first, then train, then convert.


# %% wrong misconception="grid-unseen" variant=1 loses="accuracy"
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, base)


# %% wrong misconception="grid-unseen" variant=2 loses="accuracy"
torch.manual_seed(1)
aware = copy.deepcopy(mlp)
data = torch.utils.data.TensorDataset(torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train))
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for epoch in range(4):
    for x, y in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x), y).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="prepare"))  # after the training
quantize_(aware, QATConfig(base, step="convert"))


# %% decoy misconception="grid-unseen" loses="accuracy"
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-5)  # the grid is seen, and hardly anything moves
for _ in range(2):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"))


# %% decoy misconception="grid-unseen" loses="accuracy"
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1.0)  # led astray
for _ in range(2):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"))


# %% decoy misconception="grid-unseen" loses="codes,row-scales,accuracy"
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"), lambda module, name: name.startswith("hidden"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(1):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"), lambda module, name: name.startswith("hidden"))


# %% misconception="another-model"
# The hidden units are all about equally strong: this is not the `mlp` of the setup, but the digits model as the course
# has it, or an untrained one.
# Remedy: Start with `copy.deepcopy(mlp)`.


# %% wrong misconception="another-model" variant=1 loses="codes,row-scales,accuracy,small,keeps-mlp"
aware = zoo.digits_mlp()
quantize_(aware, base)


# %% wrong misconception="another-model" variant=2 loses="accuracy"
torch.manual_seed(0)
aware = zoo.mlp_architecture()
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"))


# %% decoy misconception="another-model" loses="codes,row-scales,accuracy,small,keeps-mlp"
aware = copy.deepcopy(mlp)
quantize_(aware, IntxWeightOnlyConfig(torch.int3, granularity=PerAxis(0)))


# %% misconception="not-converted"
# The layers still only pretend: `FakeQuantizedLinear` rounds at each call and stores float32 weights.
# Remedy: End with `quantize_(aware, QATConfig(base, step='convert'))`.


# %% wrong misconception="not-converted" variant=1 loses="codes,row-scales,accuracy,small,keeps-mlp"
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(3):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()


# %% wrong misconception="not-converted" variant=2 loses="codes,row-scales,accuracy,small,keeps-mlp"
torch.manual_seed(1)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
data = torch.utils.data.TensorDataset(torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train))
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for epoch in range(3):
    for x, y in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x), y).backward()
        optimizer.step()
quantize_(aware, base, lambda module, name: type(module) is nn.Linear)  # none is left


# %% decoy misconception="not-converted" loses="codes,row-scales,accuracy,small,keeps-mlp"
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
quantize_(aware, QATConfig(step="convert"))  # without `base`


# %% misconception="base-left-out"
# The weights are plain float32: a convert step without a base config takes the pretended rounding away, and quantizes
# nothing.
# Remedy: Pass the config to both steps: `QATConfig(base, step='convert')`.


# %% wrong misconception="base-left-out" variant=1 loses="codes,row-scales,accuracy,small,keeps-mlp"
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(3):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(step="convert"))


# %% wrong misconception="base-left-out" variant=2 loses="codes,row-scales,accuracy,small,keeps-mlp"
from torchao.quantization.qat import IntxFakeQuantizeConfig

torch.manual_seed(1)
aware = copy.deepcopy(mlp)
rounding = IntxFakeQuantizeConfig(torch.int2, "per_channel", is_symmetric=True)
quantize_(aware, QATConfig(weight_config=rounding, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=2e-3)
for _ in range(3):
    for rows in torch.randperm(len(x)).split(32):
        loss = nn.functional.cross_entropy(aware(x[rows]), y[rows])
        aware.zero_grad()
        loss.backward()
        optimizer.step()
quantize_(aware, QATConfig(step="convert"))


# %% decoy misconception="base-left-out" loses="codes,row-scales,accuracy,small,keeps-mlp"
aware = copy.deepcopy(mlp)
quantize_(aware.hidden1, base)  # of one layer alone


# %% misconception="wider-codes"
# The codes are wider than 2 bits: the model was converted with another config than `base`.
# Remedy: Prepare and convert with the same config.


# %% wrong misconception="wider-codes" variant=1 loses="codes,accuracy"
torch.manual_seed(0)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(3):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(IntxWeightOnlyConfig(torch.int4, granularity=PerAxis(0)), step="convert"))


# %% wrong misconception="wider-codes" variant=2 loses="codes,row-scales,accuracy,small,keeps-mlp"
from torchao.quantization import Int8WeightOnlyConfig

aware = copy.deepcopy(mlp)
quantize_(aware, Int8WeightOnlyConfig())


# %% decoy misconception="wider-codes" loses="row-scales,accuracy"
torch.manual_seed(0)
from torchao.quantization import PerGroup

groups = IntxWeightOnlyConfig(torch.int2, granularity=PerGroup(32))
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(groups, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(1):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(groups, step="convert"))


# %% right style="a data loader, three epochs at twice the rate"
torch.manual_seed(1)
aware = copy.deepcopy(mlp)
quantize_(aware, QATConfig(base, step="prepare"))
data = torch.utils.data.TensorDataset(torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train))
optimizer = torch.optim.Adam(aware.parameters(), lr=2e-3)
for epoch in range(3):
    for x, y in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x), y).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"))


# %% right style="the rounding spelt out for the prepare step"
from torchao.quantization.qat import IntxFakeQuantizeConfig

torch.manual_seed(2)
aware = copy.deepcopy(mlp)
rounding = IntxFakeQuantizeConfig(torch.int2, "per_channel", is_symmetric=True)
quantize_(aware, QATConfig(weight_config=rounding, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
optimizer = torch.optim.Adam(aware.parameters(), lr=1e-3)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(base, step="convert"))


# %% right style="converted by hand: back to float32 layers, then the base config"
torch.manual_seed(3)
aware = copy.deepcopy(mlp)
optimizer = torch.optim.AdamW(aware.parameters(), lr=1e-3)  # the prepared layers take the same parameters over
quantize_(aware, QATConfig(base, step="prepare"))
x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
for _ in range(5):
    for rows in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(aware(x[rows]), y[rows]).backward()
        optimizer.step()
quantize_(aware, QATConfig(step="convert"))
quantize_(aware, base)
