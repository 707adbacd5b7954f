# %% misconception="other-arithmetic"
# Weights halfway between two codes go to the other one. A division, or a scale in float64, is off in the last bit; the
# library multiplies by 1 / scale, all in float32.
# Remedy: Keep the scale a float32 tensor, and compute `weight * (1 / scale)`.

# %% wrong misconception="other-arithmetic" variant=1 loses="ties"
def dynamic_codes(weight):
    scale = max(float(weight.abs().max()) / 127.5, torch.finfo(torch.float32).eps)
    codes = torch.round(weight / scale).clamp(-128, 127).to(torch.int8)
    return codes, scale, 0


# %% wrong misconception="other-arithmetic" variant=1 loses="ties"
def dynamic_codes(weight):
    scale = max(float(weight.abs().max()) / 127.5, torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8)
    return codes, scale, 0


# %% wrong misconception="other-arithmetic" variant=1 loses="ties"
def dynamic_codes(weight):
    import numpy as np

    values = weight.numpy().astype(np.float64)
    scale = max(np.abs(values).max() / 127.5, float(np.finfo(np.float32).eps))
    return np.clip(np.rint(values / scale), -128, 127).astype(np.int8), float(scale), 0


# %% wrong misconception="other-arithmetic" variant=2 loses="ties"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    return weight.div(scale).round().clamp(-128, 127).char(), scale.item(), 0


# %% wrong misconception="other-arithmetic" variant=2 loses="ties"
def dynamic_codes(weight):
    values = weight.double()
    scale = torch.clamp(values.abs().max() / 127.5, min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(values / scale), -128, 127).char(), scale.item(), 0


# %% misconception="ties-rounded-up"
# Ties go to the upper code. The library rounds them to the even one, so that they do not all go one way.
# Remedy: Use `torch.round`, not `floor(x + 0.5)`.


# %% wrong misconception="ties-rounded-up" variant=1 loses="ties,extreme"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.floor(weight * (1 / scale) + 0.5).clamp(-128, 127).to(torch.int8)
    return codes, float(scale), 0


# %% wrong misconception="ties-rounded-up" variant=2 loses="ties,extreme"
def dynamic_codes(weight):
    import math

    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    rows = [[math.floor(step + 0.5) for step in row] for row in (weight * (1 / scale)).tolist()]
    return torch.tensor(rows).clamp(-128, 127).char(), scale.item(), 0


# %% misconception="largest-for-magnitude"
# The scale comes from the largest weight, not from the largest magnitude; weights far below 0 are cut off.
# Remedy: Take `weight.abs().max()`.


# %% wrong misconception="largest-for-magnitude" variant=1 loses="scale,extreme"
def dynamic_codes(weight):
    scale = (weight.max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8)
    return codes, float(scale), 0


# %% wrong misconception="largest-for-magnitude" variant=2 loses="scale,extreme"
def dynamic_codes(weight):
    scale = torch.maximum(2 * weight.amax() / 255, torch.tensor(torch.finfo(torch.float32).eps))
    return weight.mul(scale.reciprocal()).round().clamp(-128, 127).char(), scale.item(), 0


# %% misconception="works-in-place"
# The weight that was given is overwritten: `mul_` and other functions that end in `_` work in place.
# Remedy: Compute a new tensor, or work on `weight.clone()`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-weight"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    return weight.mul_(1 / scale).round_().clamp_(-128, 127).to(torch.int8), float(scale), 0


# %% wrong misconception="works-in-place" variant=2 loses="keeps-weight"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    weight *= 1 / scale
    return weight.round_().clamp(-128, 127).char(), scale.item(), 0


# %% misconception="narrow-range"
# The scale is that of the narrow range −127 … 127. The default observer spreads the largest magnitude over 127.5 steps,
# half of the 255 between −128 and 127.
# Remedy: Divide by `(127 - (-128)) / 2`.


# %% wrong misconception="narrow-range" variant=1 loses="codes,ties,scale,extreme"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8)
    return codes, float(scale), 0


# %% wrong misconception="narrow-range" variant=2 loses="codes,ties,scale,extreme"
def dynamic_codes(weight):
    observer = eager.MinMaxObserver(
        dtype=torch.qint8, quant_min=-127, quant_max=127, qscheme=torch.per_tensor_symmetric
    )
    observer(weight)
    scale, zero_point = observer.calculate_qparams()
    stored = torch.quantize_per_tensor(weight, float(scale), int(zero_point), torch.qint8)
    return stored.int_repr(), float(scale), int(zero_point)


# %% misconception="affine-grid"
# The grid is affine, from the least weight to the largest. The default for weights is symmetric: real 0 has code 0.
# Remedy: Take the scale from the largest magnitude, and 0 for the zero point.


# %% wrong misconception="affine-grid" variant=1 loses="codes,ties,scale,zero-point,extreme,least-scale"
def dynamic_codes(weight):
    low, high = min(float(weight.min()), 0.0), max(float(weight.max()), 0.0)
    scale = max((high - low) / 255, torch.finfo(torch.float32).eps)
    zero_point = round(-128 - low / scale) if high > low else 0
    codes = torch.clamp(torch.round(weight / scale) + zero_point, -128, 127).to(torch.int8)
    return codes, scale, zero_point


# %% wrong misconception="affine-grid" variant=2 loses="codes,ties,scale,zero-point,extreme,least-scale"
def dynamic_codes(weight):
    if not weight.any():
        return torch.zeros_like(weight, dtype=torch.int8), torch.finfo(torch.float32).eps, 0
    observer = eager.MinMaxObserver(dtype=torch.qint8, qscheme=torch.per_tensor_affine)
    observer(weight)
    scale, zero_point = (part.item() for part in observer.calculate_qparams())
    codes = torch.clamp(torch.round(weight / scale) + zero_point, -128, 127).to(torch.int8)
    return codes, scale, zero_point


# %% misconception="scale-per-row"
# Each row has its own scale. The default of `quantize_dynamic` is one scale for the whole weight.
# Remedy: Take the maximum over all rows.


# %% wrong misconception="scale-per-row" variant=1 loses="codes,ties,scale,extreme,least-scale"
def dynamic_codes(weight):
    scale = (weight.abs().amax(1, keepdim=True) / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    return torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8), scale.squeeze(1), 0


# %% wrong misconception="scale-per-row" variant=2 loses="codes,ties,scale,extreme,least-scale"
def dynamic_codes(weight):
    codes, scales = [], []
    for row in weight:
        scale = torch.maximum(row.abs().max() / 127.5, torch.tensor(torch.finfo(torch.float32).eps))
        codes.append(torch.clamp(torch.round(row * scale.reciprocal()), -128, 127))
        scales.append(scale)
    return torch.stack(codes).to(torch.int8), torch.stack(scales), 0


# %% wrong misconception="scale-per-row" variant=1 loses="codes,ties,scale,extreme,least-scale"
def dynamic_codes(weight):
    scale = (weight.abs().max(dim=1, keepdim=True).values / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    return torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8), scale, 0


# %% wrong misconception="scale-per-row" variant=1 loses="codes,ties,extreme"
def dynamic_codes(weight):
    scale = (weight.abs().amax(1, keepdim=True) / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    return torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8), float(scale.max()), 0


# %% wrong misconception="scale-per-row" variant=2 loses="codes,ties,scale,extreme,least-scale"
def dynamic_codes(weight):
    eps = torch.finfo(torch.float32).eps
    scales = torch.stack([torch.clamp(row.abs().max() / 127.5, min=eps) for row in weight])
    codes = torch.clamp((weight * scales.reciprocal()[:, None]).round(), -128, 127).char()
    return codes, scales[:, None], 0


# %% misconception="cut-off-for-round"
# The fraction of a code is cut off, as `.to(torch.int8)` does.
# Remedy: Round to the nearest code first.


# %% wrong misconception="cut-off-for-round" variant=1 loses="codes,ties,extreme,least-scale"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    return (weight * (1 / scale)).clamp(-128, 127).to(torch.int8), float(scale), 0


# %% wrong misconception="cut-off-for-round" variant=2 loses="codes,ties,extreme,least-scale"
def dynamic_codes(weight):
    scale = torch.clamp(weight.abs().amax().div(127.5), min=torch.finfo(torch.float32).eps)
    steps = weight.mul(scale.reciprocal())
    codes = torch.sign(steps) * torch.floor(steps.abs())
    return torch.clamp(codes, -128, 127).char(), scale.item(), 0


# %% misconception="cast-before-clamp"
# The codes are made int8 before they are clamped: 128 does not fit, and comes out as −128.
# Remedy: Clamp first, then `.to(torch.int8)`.


# %% wrong misconception="cast-before-clamp" variant=1 loses="codes,ties"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1 / scale)).to(torch.int8).clamp(-128, 127)
    return codes, float(scale), 0


# %% wrong misconception="cast-before-clamp" variant=2 loses="codes,ties"
def dynamic_codes(weight):
    scale = torch.clamp(weight.abs().amax().div(127.5), min=torch.finfo(torch.float32).eps)
    steps = weight.mul(scale.reciprocal()).round()
    return torch.clamp(steps.int().char(), -128, 127), scale.item(), 0


# %% misconception="no-least-scale"
# Not every scale is float32's eps at least: of tiny weights it lies below that, and of zeros it may be 0.
# Remedy: Take no scale below `torch.finfo(torch.float32).eps`.


# %% wrong misconception="no-least-scale" variant=1 loses="least-scale"
def dynamic_codes(weight):
    scale = weight.abs().max() / 127.5
    codes = torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8)
    return codes, float(scale), 0


# %% wrong misconception="no-least-scale" variant=2 loses="least-scale"
def dynamic_codes(weight):
    scale = torch.linalg.vector_norm(weight, torch.inf) / 127.5
    return weight.mul(scale.reciprocal()).round().clamp(-128, 127).char(), scale.item(), 0


# %% misconception="last-code-unused"
# The codes are clamped to −127, although −128 is a code of int8 and the observer counts it in.
# Remedy: Clamp to −128 … 127.


# %% wrong misconception="last-code-unused" variant=1 loses="extreme"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1 / scale)).clamp(-127, 127).to(torch.int8)
    return codes, float(scale), 0


# %% wrong misconception="last-code-unused" variant=2 loses="extreme"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    magnitude = (weight.abs() * scale.reciprocal()).round().clamp(max=127)
    return (magnitude * weight.sign()).to(torch.int8), scale.item(), 0


# %% misconception="zero-point-of-uint8"
# The zero point is 128, the middle of uint8; the codes are int8, of which real 0 has code 0.
# Remedy: Return 0: a symmetric grid of signed codes has no other zero point.


# %% wrong misconception="zero-point-of-uint8" variant=1 loses="zero-point,least-scale"
def dynamic_codes(weight):
    scale = (weight.abs().max() / 127.5).clamp(min=torch.finfo(torch.float32).eps)
    codes = torch.round(weight * (1 / scale)).clamp(-128, 127).to(torch.int8)
    return codes, float(scale), 128


# %% wrong misconception="zero-point-of-uint8" variant=2 loses="zero-point,least-scale"
def dynamic_codes(weight):
    observer = eager.MinMaxObserver(dtype=torch.quint8, qscheme=torch.per_tensor_symmetric)
    observer(weight)
    scale, zero_point = observer.calculate_qparams()
    stored = torch.quantize_per_tensor(weight, float(scale), 0, torch.qint8)
    return stored.int_repr(), float(scale), int(zero_point)


# %% right style="the observer that the library takes, used by hand"
def dynamic_codes(weight):
    observer = eager.MinMaxObserver(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric)
    observer(weight)
    scale, zero_point = observer.calculate_qparams()
    stored = torch.quantize_per_tensor(weight, float(scale), int(zero_point), torch.qint8)
    return stored.int_repr(), stored.q_scale(), stored.q_zero_point()


# %% right style="NumPy in float32"
def dynamic_codes(weight):
    import numpy as np

    values = weight.numpy()
    scale = np.maximum(np.abs(values).max() / np.float32(127.5), np.finfo(np.float32).eps)
    return np.clip(np.rint(values * (np.float32(1) / scale)), -128, 127).astype(np.int8), float(scale), 0


# %% right style="multiplies by the inverse, in place of its own copy"
def dynamic_codes(weight):
    least = torch.tensor(torch.finfo(torch.float32).eps)
    scale = torch.maximum(torch.maximum(weight.max(), -weight.min()) * 2 / 255, least)
    steps = weight.clone().mul_(1 / scale).round_().clamp_(-128, 127)
    return steps.char(), float(scale), 0
