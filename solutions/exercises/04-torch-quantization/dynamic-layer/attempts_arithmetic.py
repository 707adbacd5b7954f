# %% misconception="bias-forgotten"
# The bias is missing.
# Remedy: Add it last, to the real numbers.


# %% wrong misconception="bias-forgotten" variant=1 loses="outputs,other-widths,ties,holds-zero,idle"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale


# %% wrong misconception="bias-forgotten" variant=2 loses="outputs,other-widths,ties,holds-zero,idle"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale)
    return q.to(torch.uint8), outputs


# %% misconception="one-step-for-both"
# The sum was multiplied by one of the two steps; a product of codes stands for a product of both.
# Remedy: `sums * step * scale`.


# %% wrong misconception="one-step-for-both" variant=1 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * scale + bias


# %% wrong misconception="one-step-for-both" variant=2 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = ((q - zero) @ codes.double().T * scale + bias).float()
    return q.to(torch.uint8), outputs


# %% wrong misconception="one-step-for-both" variant=1 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step + bias  # the step of the weight is missing


# %% wrong misconception="one-step-for-both" variant=2 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes.float(), bias)
    return q.to(torch.uint8), outputs


# %% misconception="product-in-int8"
# The product was computed in int8, and wrapped around.
# Remedy: Multiply in int32, int64 or a float.


# %% wrong misconception="product-in-int8" variant=1 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = ((q - zero_point).to(torch.int8) @ codes.T).float()
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="product-in-int8" variant=2 loses="outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = ((((q - zero).long() @ codes.long().T + 128) % 256 - 128) * step * scale + bias).float()
    return q.to(torch.uint8), outputs


# %% misconception="cut-off"
# The inputs were rounded down, and not to the nearest code.
# Remedy: Use `torch.round`.


# %% wrong misconception="cut-off" variant=1 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.floor(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="cut-off" variant=1 loses="codes,outputs,other-widths,ties,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.div(x, step, rounding_mode="floor") + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% misconception="constant-taken-for-idle"
# Inputs that are all one number were taken for inputs of zeros. With 0 in the range, its length is not 0.
# Remedy: Extend the range to hold 0 first, and ask then whether both ends are equal.


# %% wrong misconception="constant-taken-for-idle" variant=1 loses="holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    if x.min() == x.max():
        return torch.zeros(x.shape, dtype=torch.uint8), bias.repeat(len(x), 1)
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1)
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    return q.to(torch.uint8), (q - zero_point) @ codes.float().T * step * scale + bias


# %% wrong misconception="constant-taken-for-idle" variant=2 loses="holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    if (x == x[0, 0]).all():
        return torch.zeros_like(x).to(torch.uint8), bias + torch.zeros(len(x), 1)
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    step = (high - low) / (2**bits - 1)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, 2**bits - 1)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% misconception="not-clamped"
# A code past the last one wrapped around to 0 or beyond: where both ends lie on ties, 0 … 2**bits − 1 has no room.
# Remedy: Clamp the codes to 0 … `2**bits − 1`.


# %% wrong misconception="not-clamped" variant=1 loses="ties"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="not-clamped" variant=2 loses="ties"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.round(x.double() / step) + zero
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% misconception="zeros-not-treated"
# Inputs of zeros have a range of no length, and what is divided by it is no number.
# Remedy: Such a batch gives the bias: take any step above 0.


# %% wrong misconception="zeros-not-treated" variant=1 loses="idle"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1)
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="zeros-not-treated" variant=2 loses="idle"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(0.0, x.min().item()), max(0.0, x.max().item())
    step = 1 / ((2**bits - 1) / (high - low))
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% misconception="works-in-place"
# The inputs that were given are overwritten.
# Remedy: Use operators that return a new tensor.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(x.div_(step).round_() + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    x /= step
    q = (x.round() + zero_point).clamp(min=0, max=2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% right style="step by step, in float32"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias


# %% right style="the inputs read back, then a linear layer"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)]).double()
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero, 0, top)
    outputs = torch.nn.functional.linear(((q - zero) * step).float(), codes * scale, bias)
    return q.to(torch.uint8), outputs


# %% right style="the library's own rounding"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return torch.zeros(x.shape, dtype=torch.uint8), bias.repeat(len(x), 1)
    step, top = (high - low) / (2**bits - 1), 2**bits - 1
    zero_point = round(-low / step)
    rounded = torch.quantize_per_tensor(x, step, zero_point, torch.quint8).int_repr().clamp(max=top)
    return rounded, torch.addmm(bias, rounded.float() - zero_point, codes.T.float(), alpha=scale * step)


# %% right style="the zero point added before the rounding, as the library does"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x / step + zero_point), 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.float().T
    return q.to(torch.uint8), sums * step * scale + bias
