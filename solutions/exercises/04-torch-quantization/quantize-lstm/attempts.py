# %% misconception="linear-only"
# Only `output` was converted. The LSTM holds 0.97 of the weights.
# Remedy: Put `nn.LSTM` into the set of types.


# %% wrong misconception="linear-only" variant=1 loses="codes,half-a-step,small"
def quantize_lstm(model):
    return eager.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="linear-only" variant=2 loses="codes,half-a-step,small"
def quantize_lstm(model):
    # the names of an LSTM's parameters are not names of layers
    names = {name.removesuffix(".weight") for name, _ in model.named_parameters()}
    return eager.quantize_dynamic(model, names, dtype=torch.qint8)


# %% decoy misconception="linear-only" loses="half-a-step"
def quantize_lstm(model):
    raised = copy.deepcopy(model)
    with torch.no_grad():
        for weight in (raised.lstm.weight_ih_l0, raised.lstm.weight_hh_l0):
            step = weight.abs().max() / 127.5
            weight.copy_(torch.ceil(weight / step) * step)  # rounded up, then to the nearest
    return eager.quantize_dynamic(raised, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% misconception="lstm-only"
# The LSTM was converted, `output` is still float32.
# Remedy: Put `nn.Linear` into the set of types too.


# %% wrong misconception="lstm-only" variant=1 loses="output-codes,half-a-step"
def quantize_lstm(model):
    return eager.quantize_dynamic(model, {nn.LSTM}, dtype=torch.qint8)


# %% wrong misconception="lstm-only" variant=2 loses="output-codes,half-a-step"
def quantize_lstm(model):
    return eager.quantize_dynamic(model, {"lstm": eager.default_dynamic_qconfig})


# %% decoy misconception="lstm-only" loses="half-a-step"
def quantize_lstm(model):
    reserve = eager.MinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-100, quant_max=100
    )
    coarser = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=reserve)
    return eager.quantize_dynamic(model, {nn.LSTM: eager.default_dynamic_qconfig, nn.Linear: coarser})


# %% misconception="half-precision"
# The weights were rounded to float16, which is 16 bits wide and no integer code.
# Remedy: Ask for `dtype=torch.qint8`.


# %% wrong misconception="half-precision" variant=1 loses="codes,output-codes,half-a-step,small"
def quantize_lstm(model):
    return eager.quantize_dynamic(model, {nn.LSTM, nn.Linear}, dtype=torch.float16)


# %% wrong misconception="half-precision" variant=2 loses="codes,output-codes,half-a-step,small"
def quantize_lstm(model):
    halved = copy.deepcopy(model)
    with torch.no_grad():
        for weight in halved.parameters():
            if weight.ndim > 1:
                weight.copy_(weight.half())
    return halved


# %% decoy misconception="half-precision" loses="codes,output-codes,half-a-step,small"
def quantize_lstm(model):
    rounded = copy.deepcopy(model)
    with torch.no_grad():
        for weight in rounded.parameters():
            if weight.ndim > 1:
                step = weight.abs().max() / 127
                weight.copy_((weight / step).round() * step)
    return rounded


# %% misconception="nothing-swapped"
# Nothing of what came back was converted. Either the result of `quantize_dynamic`, which is a copy, was not used; or it
# was asked for types of which the module that it was given has no child: those are skipped in silence.
# Remedy: Give it the whole model, and the types `nn.LSTM` and `nn.Linear`.


# %% wrong misconception="nothing-swapped" variant=1 loses="codes,output-codes,half-a-step,biases,small,keeps-model"
def quantize_lstm(model):
    quantized = copy.deepcopy(model)
    quantized.lstm = eager.quantize_dynamic(quantized.lstm, {nn.LSTM}, dtype=torch.qint8)
    quantized.output = eager.quantize_dynamic(quantized.output, {nn.Linear}, dtype=torch.qint8)
    return quantized


# %% wrong misconception="nothing-swapped" variant=2 loses="codes,output-codes,half-a-step,biases,small,keeps-model"
def quantize_lstm(model):
    return eager.quantize_dynamic(model, {nn.LSTMCell, nn.Conv2d}, dtype=torch.qint8)


# %% decoy misconception="nothing-swapped" loses="codes,output-codes,half-a-step,biases,small,keeps-model"
def quantize_lstm(model):
    rounded = copy.deepcopy(model)
    with torch.no_grad():
        for weight in rounded.parameters():
            step = weight.abs().max() / 127
            weight.copy_((weight / step).round() * step)
    return rounded


# %% misconception="works-in-place"
# The call changed the model that was given: where it is quantized itself, its float weights are gone.
# Remedy: Leave `inplace` at False, or quantize a copy.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
def quantize_lstm(model):
    return eager.quantize_dynamic(model, {nn.LSTM, nn.Linear}, dtype=torch.qint8, inplace=True)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-model"
def quantize_lstm(model):
    converted = eager.quantize_dynamic(model)
    model.lstm, model.output = converted.lstm, converted.output
    return model


# %% decoy misconception="works-in-place" loses="output-codes,half-a-step,keeps-model"
def quantize_lstm(model):
    return eager.quantize_dynamic(model, {nn.LSTM}, dtype=torch.qint8, inplace=True)


# %% misconception="few-codes-used"
# The steps are wider than 8 bits need: the weights were rounded to a grid of few bits, in codes of 8.
# Remedy: Leave the range of the codes at −128 … 127.


# %% wrong misconception="few-codes-used" variant=1 loses="half-a-step,small"
def quantize_lstm(model):
    three_bits = eager.MinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-4, quant_max=3
    )
    qconfig = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=three_bits)
    return eager.quantize_dynamic(model, {"lstm": qconfig, "output": qconfig})


# %% wrong misconception="few-codes-used" variant=2 loses="half-a-step,small"
def quantize_lstm(model):
    four_bits = eager.MinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-8, quant_max=7
    )
    qconfig = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=four_bits)
    return eager.quantize_dynamic(model, {nn.LSTM: qconfig, nn.Linear: qconfig})


# %% decoy misconception="few-codes-used" loses="half-a-step"
def quantize_lstm(model):
    reserve = eager.MinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-100, quant_max=100
    )  # a fifth of the codes held back, which costs a third of a bit
    qconfig = eager.QConfig(activation=eager.default_dynamic_quant_observer, weight=reserve)
    return eager.quantize_dynamic(model, {nn.LSTM: qconfig, nn.Linear: qconfig})


# %% misconception="untrained-layers"
# The codes are of other weights: the layers were made anew, and what they had learned was lost.
# Remedy: Quantize the layers of the model that was given.


# %% wrong misconception="untrained-layers" variant=1 loses="half-a-step,biases,small"
def quantize_lstm(model):
    torch.manual_seed(0)
    fresh = copy.deepcopy(model)
    fresh.lstm, fresh.output = nn.LSTM(8, 64, batch_first=True), nn.Linear(64, 10)
    return eager.quantize_dynamic(fresh, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="untrained-layers" variant=2 loses="half-a-step,biases,small"
def quantize_lstm(model):
    torch.manual_seed(1)
    quantized = copy.deepcopy(model)
    for layer in quantized.children():
        layer.reset_parameters()
    return eager.quantize_dynamic(quantized)


# %% decoy misconception="untrained-layers" loses="half-a-step"
def quantize_lstm(model):
    raised = copy.deepcopy(model)
    with torch.no_grad():
        for weight in raised.parameters():
            if weight.ndim > 1:
                step = weight.abs().max() / 127.5
                weight.copy_(torch.ceil(weight / step) * step)  # rounded up, then to the nearest
    return eager.quantize_dynamic(raised, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% decoy misconception="untrained-layers" loses="half-a-step,small"
def quantize_lstm(model):
    rounded = copy.deepcopy(model)
    with torch.no_grad():
        for weight in (rounded.lstm.weight_ih_l0, rounded.lstm.weight_hh_l0):
            step = weight.abs().max() / 7
            weight.copy_(torch.round(weight / step) * step)  # to 4 bits, then to 8
    return eager.quantize_dynamic(rounded, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% decoy misconception="untrained-layers" loses="half-a-step,small"
def quantize_lstm(model):
    clamped = copy.deepcopy(model)
    with torch.no_grad():
        for weight in (clamped.lstm.weight_ih_l0, clamped.lstm.weight_hh_l0, clamped.output.weight):
            weight.clamp_(-0.05, 0.05)
    return eager.quantize_dynamic(clamped, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% decoy misconception="lstm-only" loses="output-codes,half-a-step"
def quantize_lstm(model):
    halved = eager.quantize_dynamic(model, {nn.LSTM}, dtype=torch.qint8)
    return eager.quantize_dynamic(halved, {nn.Linear}, dtype=torch.float16)


# %% decoy misconception="linear-only" loses="codes,half-a-step,small"
def quantize_lstm(model):
    halved = eager.quantize_dynamic(model, {nn.LSTM}, dtype=torch.float16)
    return eager.quantize_dynamic(halved, {nn.Linear}, dtype=torch.qint8)


# %% decoy misconception="half-precision" loses="codes,output-codes,half-a-step,small"
def quantize_lstm(model):
    doubled = copy.deepcopy(model)
    doubled.output.weight.data.mul_(2)
    return doubled


# %% decoy misconception="works-in-place" loses="biases,keeps-model"
def quantize_lstm(model):
    model.output.bias.data.zero_()
    return eager.quantize_dynamic(model, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% misconception="layers-lost"
# The codes are right, but the model around them is another one: what it gives is not what its layers would give.
# Remedy: Return the model of `quantize_dynamic` as it is.


# %% wrong misconception="layers-lost" variant=1 loses="small"
def quantize_lstm(model):
    quantized = eager.quantize_dynamic(model, {nn.LSTM, nn.Linear}, dtype=torch.qint8)

    class FirstStep(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.output = quantized.lstm, quantized.output

        def forward(self, x):
            return self.output(self.lstm(x)[0][:, 0])  # what the LSTM knows after one row

    return FirstStep()


# %% decoy misconception="layers-lost" loses="biases"
def quantize_lstm(model):
    shifted = copy.deepcopy(model)
    shifted.output.bias.data.zero_()
    return eager.quantize_dynamic(shifted, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% misconception="ignores-its-arguments"
# The function works on the notebook's own variables, whatever it is given.
# Remedy: Use the arguments: the judge calls it with another model, and with other examples where it takes any.


# %% wrong misconception="ignores-its-arguments" variant=1 loses="half-a-step,biases,small"
def quantize_lstm(model):
    return eager.quantize_dynamic(lstm, {nn.LSTM, nn.Linear}, dtype=torch.qint8)


# %% wrong misconception="ignores-its-arguments" variant=2 loses="half-a-step,biases,small"
converted = copy.deepcopy(lstm)
eager.quantize_dynamic(converted, inplace=True)


def quantize_lstm(model):
    return converted


# %% right style="the default types, which hold both"
def quantize_lstm(model):
    return eager.quantize_dynamic(model)


# %% right style="by name, on a copy"
def quantize_lstm(model):
    quantized = copy.deepcopy(model)
    eager.quantize_dynamic(quantized, {"lstm", "output"}, dtype=torch.qint8, inplace=True)
    return quantized


# %% right style="a qconfig for each type, one scale a row for the output"
def quantize_lstm(model):
    spec = {nn.LSTM: eager.default_dynamic_qconfig, nn.Linear: eager.per_channel_dynamic_qconfig}
    return eager.quantize_dynamic(model, spec)


# %% right style="one scale a row for both"
def quantize_lstm(model):
    by_row = eager.per_channel_dynamic_qconfig
    return eager.quantize_dynamic(model, {nn.LSTM: by_row, nn.Linear: by_row})
