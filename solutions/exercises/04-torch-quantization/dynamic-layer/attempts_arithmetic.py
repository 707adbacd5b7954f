# %% misconception="bias-forgotten"
# The bias is missing.
# Remedy: Add it last, to the real numbers.


# %% wrong misconception="bias-forgotten" variant=1 loses="seven-bits,other-widths,holds-zero,idle"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * step * scale


# %% wrong misconception="bias-forgotten" variant=2 loses="seven-bits,other-widths,holds-zero,idle"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step + zero), 0, top)
    return torch.nn.functional.linear((q - zero) * step, codes * scale)


# %% misconception="one-step-for-both"
# The sum was multiplied by one of the two steps; a product of codes stands for a product of both.
# Remedy: `sums * step * scale`.


# %% wrong misconception="one-step-for-both" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * scale + bias


# %% wrong misconception="one-step-for-both" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step + zero), 0, top)
    return (q - zero) @ codes.float().T * scale + bias


# %% misconception="product-in-int8"
# The product was computed in int8, and wrapped around.
# Remedy: Multiply in int32, int64 or a float.


# %% wrong misconception="product-in-int8" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = ((q - zero_point).to(torch.int8) @ codes.T).float()
    return sums * step * scale + bias


# %% wrong misconception="product-in-int8" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step + zero), 0, top)
    return (((q - zero).long() @ codes.long().T + 128) % 256 - 128) * step * scale + bias


# %% misconception="cut-off"
# The inputs were rounded down, and not to the nearest code.
# Remedy: Use `torch.round`.


# %% wrong misconception="cut-off" variant=1 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.floor(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * step * scale + bias


# %% wrong misconception="cut-off" variant=2 loses="seven-bits,other-widths,holds-zero"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(0.0, x.min().item()), max(0.0, x.max().item())
    step = (high - low) / (2**bits - 1) or 1.0
    zero = round(-low / step)
    q = (x / step + zero).to(torch.int32)  # which cuts off
    return torch.nn.functional.linear((q - zero) * (step * scale), codes.float(), bias)


# %% misconception="zeros-not-treated"
# Inputs of zeros have a range of no length, and what is divided by it is no number.
# Remedy: Such a batch gives the bias: take any step above 0.


# %% wrong misconception="zeros-not-treated" variant=1 loses="idle"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1)
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * step * scale + bias


# %% wrong misconception="zeros-not-treated" variant=2 loses="idle"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(0.0, x.min().item()), max(0.0, x.max().item())
    steps_of_one = (2**bits - 1) / (high - low)
    zero = round(-low * steps_of_one)
    q = torch.round(x * steps_of_one).int() + zero
    return (q - zero).float() @ codes.T.float() * scale / steps_of_one + bias


# %% misconception="works-in-place"
# The inputs that were given are overwritten.
# Remedy: Use operators that return a new tensor.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = x.div_(step).round_() + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * step * scale + bias


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x.div_(step) + zero), 0, top)
    return torch.nn.functional.linear((q - zero) * step, codes * scale, bias)


# %% right style="step by step, in float32"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    step = (high - low) / (2**bits - 1) or 1.0
    zero_point = round(-low / step)
    q = torch.round(x / step) + zero_point
    sums = (q - zero_point) @ codes.float().T
    return sums * step * scale + bias


# %% right style="the inputs read back, then a linear layer"
def dynamic_layer(x, codes, scale, bias, bits):
    ends = torch.cat([x.flatten(), torch.zeros(1)])
    low, high = ends.aminmax()
    top = 2**bits - 1
    step = torch.where(high > low, (high - low) / top, 1.0)
    zero = torch.round(-low / step)
    q = torch.clamp(torch.round(x / step + zero), 0, top)
    return torch.nn.functional.linear((q - zero) * step, codes * scale, bias)


# %% right style="the library, at the width that it knows"
def dynamic_layer(x, codes, scale, bias, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return bias.repeat(len(x), 1)
    step, top = (high - low) / (2**bits - 1), 2**bits - 1
    rounded = torch.fake_quantize_per_tensor_affine(x, step, round(-low / step), 0, top)
    return torch.addmm(bias, rounded, codes.T.float(), alpha=scale)
