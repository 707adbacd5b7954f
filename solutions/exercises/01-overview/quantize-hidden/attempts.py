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


# %% misconception="nothing-swapped"
# Nothing was converted. `quantize_dynamic` swaps the children that its set names, and never the module that it is
# given; a name or type that matches no child is skipped in silence.
# Remedy: Give it the whole model, with the names of its children.


# %% wrong misconception="nothing-swapped" variant=1 loses="codes,float-output,half-a-step,small-and-alike,keeps-model"
def quantize_hidden(model):
    quantized = copy.deepcopy(model)
    for name in ("hidden1", "hidden2"):
        setattr(quantized, name, quantize_dynamic(getattr(quantized, name), {nn.Linear}, dtype=torch.qint8))
    return quantized


# %% wrong misconception="nothing-swapped" variant=2 loses="codes,float-output,half-a-step,small-and-alike,keeps-model"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden1.weight", "hidden2.weight"}, dtype=torch.qint8)


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


# %% misconception="works-in-place"
# The model that was given is quantized itself; its float weights are gone.
# Remedy: Leave `inplace` at False, or quantize a copy.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def quantize_hidden(model):
    return quantize_dynamic(model, {"hidden1", "hidden2"}, dtype=torch.qint8, inplace=True)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-model"
def quantize_hidden(model):
    swapped = quantize_dynamic(model, {nn.Linear})
    model.hidden1, model.hidden2 = swapped.hidden1, swapped.hidden2
    return model


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


# %% misconception="untrained-layers"
# The codes are of other weights: the layers were made anew, and what they had learned was lost.
# Remedy: Quantize the layers of the model that was given.


# %% wrong misconception="untrained-layers" variant=1 loses="half-a-step,small-and-alike"
def quantize_hidden(model):
    torch.manual_seed(0)
    fresh = copy.deepcopy(model)
    fresh.hidden1, fresh.hidden2 = nn.Linear(64, 256), nn.Linear(256, 128)
    return quantize_dynamic(fresh, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% wrong misconception="untrained-layers" variant=2 loses="half-a-step,small-and-alike"
from quizlib.zoo import eager


def quantize_hidden(model):
    torch.manual_seed(1)
    quantized = copy.deepcopy(model)
    for name in ("hidden1", "hidden2"):
        quantized.get_submodule(name).reset_parameters()
    qconfig = eager.default_dynamic_qconfig
    return quantize_dynamic(quantized, {"hidden1": qconfig, "hidden2": qconfig})


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
