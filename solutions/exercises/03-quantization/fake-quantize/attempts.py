# %% misconception="stops-at-codes"
# The result is the codes, not the real values that they stand for.
# Remedy: Go back: subtract the zero point and multiply by the scale.

# %% wrong misconception="stops-at-codes" variant=1 loses="typical,ties,saturates,shape-and-dtype"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    return torch.clamp(torch.round(x / scale) + zero_point, quant_min, quant_max)


# %% wrong misconception="stops-at-codes" variant=2 loses="typical,ties,saturates,shape-and-dtype"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    codes = (x / scale).round().int() + zero_point
    return codes.clip(quant_min, quant_max).to(x.dtype)


# %% misconception="not-clamped"
# Values beyond the grid are rounded but not cut off; no such code exists.
# Remedy: Clamp the codes to `quant_min` … `quant_max` before going back.


# %% wrong misconception="not-clamped" variant=1 loses="saturates"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    codes = torch.round(x / scale) + zero_point
    return (codes - zero_point) * scale


# %% wrong misconception="not-clamped" variant=2 loses="saturates"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    steps = torch.div(x, scale)
    nearest = steps - torch.sub(steps, steps.round())
    return nearest.mul(scale)


# %% misconception="zero-point-kept"
# The zero point is added on the way there and not taken off on the way back, so all values shift.
# Remedy: Subtract the zero point before multiplying by the scale.


# %% wrong misconception="zero-point-kept" variant=1 loses="typical,ties,saturates"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    codes = torch.clamp(torch.round(x / scale) + zero_point, quant_min, quant_max)
    return codes * scale


# %% wrong misconception="zero-point-kept" variant=2 loses="typical,ties,saturates"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    low, high = scale * quant_min, scale * quant_max
    shifted = x.div(scale).round().mul(scale) + zero_point * scale
    return shifted.clamp(low, high)


# %% misconception="truncates"
# A cast to an integer cuts the fraction off, which pulls every value towards zero.
# Remedy: Call `torch.round` before the cast.


# %% wrong misconception="truncates" variant=1 loses="typical,ties"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    codes = ((x / scale).int() + zero_point).clamp(quant_min, quant_max)
    return (codes - zero_point) * scale


# %% wrong misconception="truncates" variant=2 loses="typical,ties"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    codes = torch.trunc(x / scale) + zero_point
    codes = torch.where(codes < quant_min, quant_min, codes)
    codes = torch.where(codes > quant_max, quant_max, codes)
    return scale * (codes - zero_point)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Methods that end in `_` write into `x`; use those without.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    x.div_(scale).round_()
    return (x.add(zero_point).clamp(quant_min, quant_max) - zero_point) * scale


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    x /= scale
    x += 0.0
    return (torch.clamp(torch.round(x), quant_min - zero_point, quant_max - zero_point)) * scale


# %% misconception="codes-in-int8"
# The codes are held in int8 in between, where those above 127 wrap around.
# Remedy: Let the codes stay floats; nothing is stored.


# %% wrong misconception="codes-in-int8" variant=1 loses="typical"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    q = (torch.round(x / scale) + zero_point).clamp(quant_min, quant_max).to(torch.int8)
    return (q - zero_point).float() * scale


# %% wrong misconception="codes-in-int8" variant=2 loses="typical"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    codes = torch.clip(x.div(scale).round() + zero_point, quant_min, quant_max)
    one_byte = (codes + 128).remainder(256) - 128
    return one_byte.sub(zero_point).add(128).remainder(256).sub(128).mul(scale)


# %% misconception="signed-limits"
# The lower end is taken to be that of a signed grid, −`quant_max` − 1, and values below an unsigned one stay.
# Remedy: Clamp to `quant_min`, which is 0 where codes have no sign.


# %% wrong misconception="signed-limits" variant=1 loses="saturates"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    codes = (torch.round(x / scale) + zero_point).clamp(-quant_max - 1, quant_max)
    return (codes - zero_point) * scale


# %% wrong misconception="signed-limits" variant=2 loses="saturates"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    steps = x.div(scale).round()
    bounded = torch.maximum(steps, torch.tensor(-1.0 - quant_max - zero_point))
    return scale * torch.minimum(bounded, torch.tensor(float(quant_max - zero_point)))


# %% right style="clamps the real values first"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    bounded = x.clamp((quant_min - zero_point) * scale, (quant_max - zero_point) * scale)
    return torch.round(bounded / scale) * scale


# %% right style="through NumPy integers"
def fake_quantize(x, scale, zero_point, quant_min, quant_max):
    import numpy as np

    codes = np.rint(x.numpy() / scale).astype(np.int64) + zero_point
    codes = np.minimum(np.maximum(codes, quant_min), quant_max)
    return torch.from_numpy(((codes - zero_point) * scale).astype(np.float32))
