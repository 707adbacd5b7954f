# %% misconception="output-too"
# The output layer was quantized as well: the type `nn.Linear` stands for every linear layer.
# Remedy: Pass the names `{'hidden1', 'hidden2'}` in place of the type.


# %% wrong misconception="output-too" variant=1 loses="float-output"
def quantize_hidden(model):
    return quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="output-too" variant=2 loses="float-output"
from quizlib.zoo import eager


def quantize_hidden(model):
    names = {name for name, layer in model.named_children() if hasattr(layer, "weight")}
    return quantize_dynamic(copy.deepcopy(model), dict.fromkeys(names, eager.default_dynamic_qconfig))


# %% decoy misconception="output-too" loses="float-output"
def quantize_hidden(model):
    quantized = quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8)
    quantized.output.weight.data = quantized.output.weight.data.half().float()  # no codes, but no longer as given
    return quantized


# %% misconception="half-precision"
# The weights were rounded to float16, which is 16 bits wide and no integer code.
# Remedy: Ask for `dtype=torch.qint8`.


# %% wrong misconception="half-precision" variant=1 loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.float16)


# %% wrong misconception="half-precision" variant=2 loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    with torch.no_grad():
        for layer in (quantized.hidden1, quantized.hidden2):
            layer.weight.copy_(layer.weight.half())
    return quantized


# %% decoy misconception="half-precision" loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden2"}, dtype=torch.qint8)  # the one layer is int8, the other as it was


# %% decoy misconception="half-precision" loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for layer in (quantized.hidden1, quantized.hidden2):
        layer.weight.data = layer.weight.data.bfloat16().float()
    return quantized


# %% misconception="nothing-swapped"
# Nothing of what came back was converted. Either the result of `quantize_dynamic`, which is a copy, was not used; or
# its set names no child of the module that it was given: such a name is skipped in silence.
# Remedy: Give it the whole model, with the names of its children, and return what it returns.


# %% wrong misconception="nothing-swapped" variant=1 loses="codes,float-output,half-a-step,small-and-alike,keeps-model"
def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for name in ("hidden1", "hidden2"):
        setattr(quantized, name, quantize_dynamic(getattr(quantized, name), {nn.Linear}, dtype=torch.qint8))
    return quantized


# %% wrong misconception="nothing-swapped" variant=2 loses="codes,float-output,half-a-step,small-and-alike,keeps-model"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden1.weight", "hidden2.weight"}, dtype=torch.qint8)


# %% decoy misconception="nothing-swapped" loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden1"}, dtype=torch.qint8)


# %% misconception="rounded-floats"
# The weights were rounded to a grid, but they are still stored as float32, so nothing got smaller.
# Remedy: Store codes: let `quantize_dynamic` swap the layers.


# %% wrong misconception="rounded-floats" variant=1 loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for layer in (quantized.hidden1, quantized.hidden2):
        scale = layer.weight.detach().abs().max() / 127
        layer.weight.data = (layer.weight.detach() / scale).round() * scale
    return quantized


# %% wrong misconception="rounded-floats" variant=2 loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    state = model.state_dict()
    for name in ("hidden1.weight", "hidden2.weight"):
        step = float(state[name].abs().max()) / 127.5
        state[name] = torch.quantize_per_tensor(state[name], step, 0, torch.qint8).dequantize()
    quantized = copy.deepcopy(model)
    quantized.load_state_dict(state)
    return quantized


# %% decoy misconception="rounded-floats" loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for layer in (quantized.hidden1, quantized.hidden2):
        layer.weight.data[layer.weight.data.abs() < 0.02] = 0  # small weights left out, the others as they were
    return quantized


# %% decoy misconception="rounded-floats" loses="codes,half-a-step,small-and-alike"
def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for layer in (quantized.hidden1, quantized.hidden2):
        step = layer.weight.detach().abs().max() / 127
        layer.weight.data = (layer.weight.detach() / step).round()  # codes in float32, without their scale
    return quantized


# %% misconception="works-in-place"
# The call changed the model that was given: where it is quantized itself, its float weights are gone.
# Remedy: Leave `inplace` at False, or quantize a copy.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8, inplace=True)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-model"
def quantize_hidden(model):
    swapped = quantize_dynamic(model, {nn.Linear})
    model.hidden1, model.hidden2 = swapped.hidden1, swapped.hidden2
    return model


# %% decoy misconception="works-in-place" loses="half-a-step,keeps-model"
def quantize_hidden(model):
    with torch.no_grad():
        for layer in (model.hidden1, model.hidden2):
            layer.weight.clamp_(-0.3, 0.3)  # outliers cut off, in the model that was given
    return quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% misconception="few-codes-used"
# The steps are wider than 8 bits need: the weights were rounded to a grid of few bits, in codes of 8.
# Remedy: Leave the range of the codes at −128 … 127.


# %% wrong misconception="few-codes-used" variant=1 loses="half-a-step"
from quizlib.zoo import eager


def quantize_hidden(model):
    four_bits = eager.MinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-8, quant_max=7
    )
    qconfig = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=four_bits)
    return quantize_dynamic(model, {"hidden1": qconfig, "hidden2": qconfig})


# %% wrong misconception="few-codes-used" variant=2 loses="half-a-step"
from quizlib.zoo import eager


def quantize_hidden(model):
    five_bits = eager.PerChannelMinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_channel_symmetric, quant_min=-16, quant_max=15
    )
    qconfig = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=five_bits)
    return quantize_dynamic(model, {"hidden1": qconfig, "hidden2": qconfig})


# %% decoy misconception="few-codes-used" loses="half-a-step"
from quizlib.zoo import eager


def quantize_hidden(model):
    reserve = eager.MinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-100, quant_max=100
    )  # a fifth of the codes held back, which costs a third of a bit
    qconfig = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=reserve)
    return quantize_dynamic(model, {"hidden1": qconfig, "hidden2": qconfig})


# %% misconception="untrained-layers"
# The codes are of other weights: the layers were made anew, and what they had learned was lost.
# Remedy: Quantize the layers of the model that was given.


# %% wrong misconception="untrained-layers" variant=1 loses="float-output,half-a-step,small-and-alike"
def quantize_hidden(model):
    torch.manual_seed(0)
    fresh = copy.deepcopy(model)
    fresh.hidden1, fresh.hidden2 = nn.Linear(64, 256), nn.Linear(256, 128)
    return quantize_dynamic(fresh, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% wrong misconception="untrained-layers" variant=2 loses="float-output,half-a-step,small-and-alike"
from quizlib.zoo import eager


def quantize_hidden(model):
    torch.manual_seed(4)
    quantized = copy.deepcopy(model)
    for name in ("hidden1", "hidden2"):
        quantized.get_submodule(name).reset_parameters()
    qconfig = eager.default_dynamic_qconfig
    return quantize_dynamic(quantized, {"hidden1": qconfig, "hidden2": qconfig})


# %% decoy misconception="untrained-layers" loses="half-a-step,small-and-alike"
def quantize_hidden(model):
    clamped = copy.deepcopy(model)
    for layer in (clamped.hidden1, clamped.hidden2):
        layer.weight.data.clamp_(-0.05, 0.05)
    return quantize_dynamic(clamped, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% decoy misconception="untrained-layers" loses="half-a-step"
def quantize_hidden(model):
    doubled = copy.deepcopy(model)
    for layer in (doubled.hidden1, doubled.hidden2):
        layer.weight.data.mul_(2)
    return quantize_dynamic(doubled, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% decoy misconception="untrained-layers" loses="half-a-step"
def quantize_hidden(model):
    raised = copy.deepcopy(model)
    for layer in (raised.hidden1, raised.hidden2):
        step = layer.weight.detach().abs().max() / 127.5
        layer.weight.data = torch.ceil(layer.weight.detach() / step) * step  # rounded up, then to the nearest
    return quantize_dynamic(raised, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% right style="a qconfig for each name"
from quizlib.zoo import eager


def quantize_hidden(model):
    qconfig = eager.default_dynamic_qconfig
    return quantize_dynamic(model, {"hidden1": qconfig, "hidden2": qconfig})


# %% right style="all layers, then the float output put back"
def quantize_hidden(model):
    quantized = quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    quantized.output = copy.deepcopy(model.output)
    return quantized


# %% right style="layer by layer, one scale a row"
from quizlib.zoo import eager


def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for name in ("hidden1", "hidden2"):
        alone = nn.Sequential(getattr(quantized, name))
        per_row = eager.per_channel_dynamic_qconfig
        setattr(quantized, name, quantize_dynamic(alone, {nn.Linear: per_row})[0])
    return quantized


# %% misconception="layers-lost"
# The codes are right, but the model around them is another one: what it gives is not what its layers would give.
# Remedy: Swap the two layers, and leave the ReLUs between them in place.


# %% wrong misconception="layers-lost" variant=1 loses="small-and-alike"
from collections import OrderedDict


def quantize_hidden(model):
    quantized = quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8)
    layers = {name: layer for name, layer in quantized.named_children() if not isinstance(layer, nn.ReLU)}
    return nn.Sequential(OrderedDict(layers))


# %% wrong misconception="layers-lost" variant=2 loses="small-and-alike"
def quantize_hidden(model):
    quantized = quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8)
    quantized.relu1 = quantized.relu2 = nn.Identity()
    return quantized


# %% decoy misconception="layers-lost" loses="float-output"
def quantize_hidden(model):
    shifted = copy.deepcopy(model)
    shifted.hidden1.bias.data.zero_()  # the layers are there, and a bias is not
    return quantize_dynamic(shifted, {"hidden1", "hidden2"}, dtype=torch.qint8)
