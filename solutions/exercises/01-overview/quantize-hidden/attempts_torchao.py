# %% misconception="torchao-instead"
# The codes are torchao's. Asked for are layers of `quantize_dynamic`, which store weights of dtype `torch.qint8`.
# Remedy: Call `quantize_dynamic(model, {'hidden1', 'hidden2'}, dtype=torch.qint8)`.


# %% wrong misconception="torchao-instead" variant=1 loses="codes"
from torchao.quantization import Int8WeightOnlyConfig, quantize_


def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    quantize_(quantized, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))
    return quantized


# %% wrong misconception="torchao-instead" variant=2 loses="codes"
from torchao.quantization import Int8WeightOnlyConfig, quantize_


def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for layer in (quantized.hidden1, quantized.hidden2):
        quantize_(layer, Int8WeightOnlyConfig())
    return quantized


# %% decoy misconception="torchao-instead" loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden2"}, dtype=torch.qint8)


# %% decoy misconception="works-in-place" loses="keeps-model"
def quantize_hidden(model):
    model.train()  # left in another mode, with the numbers that it had
    return quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% decoy misconception="works-in-place" loses="keeps-model"
def quantize_hidden(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
    return quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% right style="in training mode, the class of layers by a filter"
def quantize_hidden(model):
    names = {name for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and name != "output"}
    return quantize_dynamic(copy.deepcopy(model).train(), names, dtype=torch.qint8)
