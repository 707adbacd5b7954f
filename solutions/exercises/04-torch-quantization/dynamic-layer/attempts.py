# %% misconception="float-inputs"
# The outputs come of inputs that were not rounded: only the weights are codes, as in weight-only quantization.
# Remedy: Multiply the codes of the inputs, less the zero point.


# %% wrong misconception="float-inputs" variant=1 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    return q.to(torch.uint8), x @ (codes * scale).T + bias


# %% wrong misconception="float-inputs" variant=2 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(x, codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% misconception="always-eight-bits"
# The inputs were spread over 255 steps whatever `bits` says; here eager mode uses 127.
# Remedy: The number of steps is `2**bits - 1`.


# %% wrong misconception="always-eight-bits" variant=1 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / 255 or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 255)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="always-eight-bits" variant=2 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 255
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% misconception="codes-for-steps"
# The range was divided by the number of codes; between them there is one step less.
# Remedy: Divide by `2**bits - 1`.


# %% wrong misconception="codes-for-steps" variant=1 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / 2**bits or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="codes-for-steps" variant=2 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top - 1)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% misconception="range-of-each-row"
# Each row of the input got a grid of its own, as in torchao; eager mode has one for the whole batch.
# Remedy: Take `x.min()` and `x.max()` over everything.


# %% wrong misconception="range-of-each-row" variant=1 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = x.amin(1, keepdim=True).clamp(max=0), x.amax(1, keepdim=True).clamp(min=0)
    step = (high - low) / (2**bits - 1)
    step = torch.where(step == 0, 1.0, step)
    zero_point = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="range-of-each-row" variant=2 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    rows, outputs = [], []
    for row in x:
        low, high = min(float(row.min()), 0.0), max(float(row.max()), 0.0)
        step = (high - low) / (2**bits - 1) or 1.0
        zero = round(-low / step)
        q = torch.clamp(torch.round(row / step) + zero, 0, 2**bits - 1)
        rows.append(q.to(torch.uint8))
        outputs.append((q - zero) @ codes.float().T * step * scale + bias)
    return torch.stack(rows), torch.stack(outputs)


# %% misconception="zero-left-out"
# The grid spans the inputs alone. Where all have one sign it does not hold 0, and the zero point falls outside.
# Remedy: Extend the range to hold 0: `min(x.min(), 0)`, `max(x.max(), 0)`.


# %% wrong misconception="zero-left-out" variant=1 loses="holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = float(x.min()), float(x.max())
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = min(max(round(-low / step), 0), 2**bits - 1)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="zero-left-out" variant=2 loses="holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = x.flatten().double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step).clamp(0, 2**bits - 1)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% misconception="symmetric-grid"
# The grid is symmetric around 0, as that of the weights; the inputs have an affine one, with a zero point.
# Remedy: Spread low … high, and not −max … max, over the codes.


# %% wrong misconception="symmetric-grid" variant=1 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    high = float(x.abs().max())
    low = -high
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="symmetric-grid" variant=1 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    high = x.double().abs().max()
    low = -high
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% misconception="zero-point-left-in"
# The zero point was not subtracted before the product, so that each output is off by a constant.
# Remedy: Multiply `q - zero_point`, not `q`.


# %% wrong misconception="zero-point-left-in" variant=1 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = q @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="zero-point-left-in" variant=2 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = (q @ codes.double().T * step * scale + bias).float()
    return q.to(torch.uint8), outputs


# %% misconception="signed-codes"
# The codes are signed, and 0.0 has the code 0 or nearly; asked for are unsigned ones, from 0.
# Remedy: Add the zero point `round(-low / step)`, and clamp to 0 … `2**bits − 1`.


# %% wrong misconception="signed-codes" variant=1 loses="codes,other-widths,ties,holds-zero,idle"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return (q - zero_point).to(torch.int8), sums * step * scale + bias


# %% wrong misconception="signed-codes" variant=2 loses="codes,other-widths,ties,holds-zero,idle"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return (q - zero).to(torch.int8), outputs
