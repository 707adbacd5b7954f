# %% misconception="narrow-range"
# The scale is the largest magnitude over 127, so that it lands on code 127 exactly; torchao divides by half of the 255
# steps between -128 and 127.
# Remedy: Divide by 127.5.

# %% wrong misconception="narrow-range" variant=1 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1.0 / scale))
    return torch.clamp(codes, -127, 127).to(torch.int8), scale


# %% wrong misconception="narrow-range" variant=2 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    largest = weight.abs().max(1, keepdim=True).values
    scale = (largest / (2**7 - 1)).clamp_min(torch.finfo(weight.dtype).eps)
    return (weight * scale.reciprocal()).round().clamp(-128, 127).char(), scale


# %% misconception="one-scale"
# One scale serves the whole weight, so that a row of small weights is stored in few codes.
# Remedy: Take the largest magnitude along `dim=1`, with `keepdim=True`.


# %% wrong misconception="one-scale" variant=1 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps).reshape(1, 1)
    codes = torch.round(weight * (1.0 / scale))
    return torch.clamp(codes, -128, 127).to(torch.int8), scale


# %% wrong misconception="one-scale" variant=2 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = torch.full((1, 1), float(max(weight.max(), -weight.min())) / 127.5)
    codes = (weight * (1.0 / scale)).round().clamp(-128, 127)
    return codes.to(torch.int8), scale


# %% wrong misconception="one-scale" variant=1 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127).to(torch.int8)
    return codes, scale.expand(len(weight), 1)


# %% wrong misconception="one-scale" variant=1 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127).to(torch.int8), scale


# %% wrong misconception="one-scale" variant=1 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps).reshape(1)
    return torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127).to(torch.int8), scale


# %% wrong misconception="one-scale" variant=2 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    reach = float(weight.abs().amax())
    scale = torch.full((weight.shape[0], 1), max(reach / 127.5, torch.finfo(torch.float32).eps))
    return (weight / scale).round().clamp(-128, 127).to(torch.int8), scale


# %% misconception="column-scales"
# There is a scale for each column, an input; torchao has one for each row, an output of the layer.
# Remedy: Reduce over `dim=1`, the inputs.


# %% wrong misconception="column-scales" variant=1 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = weight.abs().amax(dim=0, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127).to(torch.int8), scale


# %% wrong misconception="column-scales" variant=2 loses="scale,codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    columns = weight.T.contiguous()
    scale = (columns.abs().amax(1, keepdim=True) / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = (columns * (1 / scale)).round().clamp(-128, 127).to(torch.int8)
    return codes.T.contiguous(), scale.T.contiguous()


# %% misconception="no-magnitude"
# The largest number of a row was taken, not the largest magnitude: a row whose largest weight is negative is cut off
# far below it.
# Remedy: Take `weight.abs()` first.


# %% wrong misconception="no-magnitude" variant=1 loses="scale,codes,idle-row,reciprocal"
def int8_rows(weight):
    scale = weight.amax(dim=1, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127).to(torch.int8), scale


# %% wrong misconception="no-magnitude" variant=2 loses="scale,codes,idle-row,reciprocal"
def int8_rows(weight):
    largest = torch.stack([row.max() for row in weight]).unsqueeze(1)
    scale = torch.maximum(largest / 127.5, torch.tensor(torch.finfo(torch.float32).eps))
    return (weight * scale.reciprocal()).round().clamp(-128, 127).char(), scale


# %% misconception="last-code-unused"
# The codes are clamped to -127, although int8 goes to -128 and the 127.5 counts it in.
# Remedy: Clamp to -128 … 127.


# %% wrong misconception="last-code-unused" variant=1 loses="codes,idle-row,reciprocal"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(weight * (1.0 / scale)), -127, 127).to(torch.int8), scale


# %% wrong misconception="last-code-unused" variant=2 loses="codes,idle-row,reciprocal"
def int8_rows(weight):
    scale = (weight.abs().amax(1, keepdim=True) / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    largest_code = torch.iinfo(torch.int8).max
    codes = (weight * (1 / scale)).round().clamp(-largest_code, largest_code)
    return codes.to(torch.int8), scale


# %% misconception="codes-not-int8"
# The codes are whole numbers, and still float32: four bytes each.
# Remedy: End with `.to(torch.int8)`.


# %% wrong misconception="codes-not-int8" variant=1 loses="codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127), scale


# %% wrong misconception="codes-not-int8" variant=2 loses="codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    codes, scale = torch.zeros_like(weight), torch.zeros(len(weight), 1)
    for row, weights in enumerate(weight):
        scale[row] = (weights.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
        codes[row] = (weights * (1.0 / scale[row])).round().clamp(-128, 127).to(torch.int8)  # cast back to float32
    return codes, scale


# %% misconception="no-least-scale"
# The scale of a row of zeros, or of next to nothing, is far below the least that torchao gives; where it is 0, 1 / 0 is
# infinite.
# Remedy: Raise each scale to `torch.finfo(torch.float32).eps` at least.


# %% wrong misconception="no-least-scale" variant=1 loses="idle-row"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    return torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127).to(torch.int8), scale


# %% wrong misconception="no-least-scale" variant=2 loses="idle-row"
def int8_rows(weight):
    scale = weight.abs().max(1, keepdim=True).values / 127.5
    codes = torch.nan_to_num(weight * scale.reciprocal())  # which is infinite for a row of zeros
    return codes.round().clamp(-128, 127).to(torch.int8), scale


# %% misconception="wraps-around"
# 128 was cast to int8, which has no such code, and came out as -128: the largest weight changed its sign.
# Remedy: Clamp to -128 … 127 before the cast.


# %% wrong misconception="wraps-around" variant=1 loses="largest"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return torch.round(weight * (1.0 / scale)).to(torch.int32).to(torch.int8), scale


# %% wrong misconception="wraps-around" variant=2 loses="largest"
def int8_rows(weight):
    scale = (weight.abs().max(dim=1, keepdim=True)[0] / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    rounded = (weight * (1.0 / scale)).round().long()
    return ((rounded + 128) % 256 - 128).to(torch.int8), scale


# %% misconception="idle-as-one"
# A row of zeros got scale 1, as in lesson 3; torchao gives it the least scale that it knows.
# Remedy: Raise each scale to `torch.finfo(torch.float32).eps` at least, and treat no row apart.


# %% wrong misconception="idle-as-one" variant=1 loses="idle-row"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    scale = torch.where(scale == 0, torch.ones_like(scale), scale)
    return torch.clamp(torch.round(weight * (1.0 / scale)), -128, 127).to(torch.int8), scale


# %% wrong misconception="idle-as-one" variant=2 loses="idle-row"
def int8_rows(weight):
    scale = weight.abs().amax(1, keepdim=True) / 127.5
    codes = torch.zeros(weight.shape, dtype=torch.int8)
    used = scale[:, 0] > 0
    codes[used] = (weight[used] * (1.0 / scale[used])).round().clamp(-128, 127).to(torch.int8)
    scale[~used] = 1.0
    return codes, scale


# %% misconception="divides"
# The weight is divided by the scale, or multiplied in float64, which rounds once; torchao multiplies by 1 / scale as
# rounded to float32. A weight near a tie gets another code.
# Remedy: Compute `weight * (1.0 / scale)`, all of it in float32.


# %% wrong misconception="divides" variant=1 loses="reciprocal"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(weight / scale), -128, 127).to(torch.int8), scale


# %% wrong misconception="divides" variant=2 loses="reciprocal"
def int8_rows(weight):
    rows, scales = [], []
    for row in weight:
        scale = max(row.abs().max() / 127.5, torch.tensor(torch.finfo(torch.float32).eps))
        rows.append(row.div(scale).round().clamp(-128, 127).to(torch.int8))
        scales.append(scale)
    return torch.stack(rows), torch.stack(scales)[:, None]


# %% misconception="cut-off"
# The fraction is cut off, and not rounded: an error of up to a step where half a step would do.
# Remedy: Apply `torch.round` before the cast to int8.


# %% wrong misconception="cut-off" variant=1 loses="codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return torch.clamp(weight * (1.0 / scale), -128, 127).to(torch.int8), scale


# %% wrong misconception="cut-off" variant=2 loses="codes,largest,idle-row,reciprocal"
def int8_rows(weight):
    scale = (weight.abs().amax(1, keepdim=True) / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.trunc(weight * (1.0 / scale))
    return codes.clamp(-128, 127).to(torch.int8), scale


# %% misconception="works-in-place"
# The weight that was given is overwritten, and the caller's model with it.
# Remedy: Use operators that return a new tensor: `weight * x`, not `weight.mul_(x)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def int8_rows(weight):
    scale = weight.abs().amax(dim=1, keepdim=True) / 127.5
    scale = torch.clamp(scale, min=torch.finfo(torch.float32).eps)
    return weight.mul_(1.0 / scale).round_().clamp_(-128, 127).to(torch.int8), scale


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def int8_rows(weight):
    scale = (weight.abs().amax(1, keepdim=True) / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    weight *= 1.0 / scale
    return weight.round().clamp(-128, 127).to(torch.int8), scale


# %% right style="row by row"
def int8_rows(weight):
    codes, scales = torch.empty(weight.shape, dtype=torch.int8), torch.empty(len(weight), 1)
    for i, row in enumerate(weight):
        scales[i] = max(float(row.abs().max() / 127.5), torch.finfo(torch.float32).eps)
        codes[i] = (row * (1.0 / scales[i])).round().clamp(max=127).clamp(min=-128).to(torch.int8)
    return codes, scales


# %% right style="in NumPy"
def int8_rows(weight):
    import numpy as np

    w = weight.numpy()
    scale = np.maximum(np.abs(w).max(axis=1, keepdims=True) / np.float32(127.5), np.finfo(np.float32).eps)
    codes = np.clip(np.rint(w * (np.float32(1) / scale)), -128, 127).astype(np.int8)
    return torch.from_numpy(codes), torch.from_numpy(scale.astype(np.float32))


# %% right style="from the largest and the smallest"
def int8_rows(weight):
    reach = torch.maximum(weight.max(dim=1).values, -weight.min(dim=1).values)
    scale = (reach / ((127 + 128) / 2)).clamp_min(torch.finfo(torch.float32).eps).unsqueeze(1)
    return (weight * scale.reciprocal()).round().clamp(-128, 127).to(torch.int8), scale
