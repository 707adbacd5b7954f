# %% misconception="float-inputs"
# The inputs were not rounded: only the weights are codes, as in weight-only quantization.
# Remedy: Round `x` to its own grid before the product.


# %% wrong misconception="float-inputs" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    return x @ (codes * scale).T + bias


# %% wrong misconception="float-inputs" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    layer = nn.Linear(codes.shape[1], codes.shape[0])
    layer.weight = nn.Parameter(codes * scale, requires_grad=False)
    layer.bias = nn.Parameter(bias, requires_grad=False)
    return layer(x)


# %% misconception="always-eight-bits"
# The inputs were spread over 255 steps whatever `bits` says; here eager mode uses 127.
# Remedy: The number of steps is `2**bits - 1`.


# %% wrong misconception="always-eight-bits" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / 255 or 1.0
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * step * scale + bias


# %% wrong misconception="always-eight-bits" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 255
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step + zero), 0, top)
    return torch.nn.functional.linear((q - zero) * step, codes * scale, bias)


# %% misconception="codes-for-steps"
# The range was divided by the number of codes; between them there is one step less.
# Remedy: Divide by `2**bits - 1`.


# %% wrong misconception="codes-for-steps" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(0.0, x.min().item()), max(0.0, x.max().item())
    step = (high - low) / 2**bits or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    return (q - zero_point) @ codes.float().T * step * scale + bias


# %% wrong misconception="codes-for-steps" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 2**bits
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step + zero), 0, top - 1)
    return torch.nn.functional.linear((q - zero) * step, codes * scale, bias)


# %% misconception="range-of-each-row"
# Each row of the input got a grid of its own, as in torchao; eager mode has one for the whole batch.
# Remedy: Take `x.min()` and `x.max()` over everything.


# %% wrong misconception="range-of-each-row" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = x.amin(1, keepdim=True).clamp(max=0), x.amax(1, keepdim=True).clamp(min=0)
    step = (high - low) / (2**bits - 1)
    step = torch.where(step == 0, 1.0, step)
    zero_point = torch.round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * step * scale + bias


# %% wrong misconception="range-of-each-row" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    outputs = []
    for row in x:
        low, high = min(float(row.min()), 0.0), max(float(row.max()), 0.0)
        step = (high - low) / (2**bits - 1) or 1.0
        zero = round(-low / step)
        q = torch.round(row / step) + zero
        outputs.append((q - zero) @ codes.float().T * step * scale + bias)
    return torch.stack(outputs)


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
    return sums * step * scale + bias


# %% wrong misconception="zero-left-out" variant=2 loses="holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = x.flatten()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step).clamp(0, 2**bits - 1)
    q = torch.clamp(torch.round(x / step + zero), 0, top)
    return torch.nn.functional.linear((q - zero) * step, codes * scale, bias)


# %% misconception="symmetric-grid"
# The grid is symmetric around 0, as that of the weights; the inputs have an affine one, with a zero point.
# Remedy: Spread low … high, and not −max … max, over the codes.


# %% wrong misconception="symmetric-grid" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    top = 2 ** (bits - 1) - 1
    step = float(x.abs().max()) / top or 1.0
    return torch.round(x / step) @ codes.float().T * step * scale + bias


# %% wrong misconception="symmetric-grid" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    top = 2 ** (bits - 1) - 1
    step = torch.clamp(torch.maximum(x.max(), -x.min()) / top, min=torch.finfo(torch.float32).eps)
    q = torch.clamp(torch.round(x / step), -top, top)
    return torch.nn.functional.linear(q * step, codes * scale, bias)


# %% misconception="zero-point-left-in"
# The zero point was not subtracted before the product, so that each output is off by a constant.
# Remedy: Multiply `q - zero_point`, not `q`.


# %% wrong misconception="zero-point-left-in" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = q @ codes.float().T
    return sums * step * scale + bias


# %% wrong misconception="zero-point-left-in" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step + zero), 0, top)
    return q @ codes.float().T * step * scale + bias
