# %% misconception="largest-to-448"
# The scale takes the largest magnitude to 448, the largest code, and is rounded up to a power of two. torchao's default
# takes the power of two below the largest magnitude to 2⁸, and lets the few above 448 saturate.
# Remedy: The power is `floor(log2(amax)) - 8`.


# %% wrong misconception="largest-to-448" variant=1 loses="scales,codes,near-powers,saturates,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    power = torch.ceil(torch.log2(blocks.abs().amax(-1, keepdim=True) / 448)).clamp(min=-127)
    codes = (blocks * 2.0**-power).clamp(-448, 448).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="largest-to-448" variant=2 loses="scales,codes,near-powers,saturates,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    mantissa, exponent = torch.frexp(blocks.abs().amax(-1) / torch.finfo(torch.float8_e4m3fn).max)
    power = torch.where(mantissa == 0.5, exponent - 1, exponent)
    power = torch.where(mantissa == 0, torch.tensor(-127), power)
    codes = torch.ldexp(blocks, -power[..., None]).to(torch.float8_e4m3fn).view(torch.uint8)
    return (power + 127).to(torch.uint8), codes.flatten(1)


# %% misconception="eight-forgotten"
# The scale is the power of two below the largest magnitude itself, so that the block is scaled to between −2 and 2, and
# the upper half of the exponents of e4m3 is never used.
# Remedy: Subtract 8, the power of e4m3's largest power of two.


# %% wrong misconception="eight-forgotten" variant=1 loses="scales,codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    power = (torch.frexp(blocks.abs().amax(-1, keepdim=True)).exponent - 1).to(torch.float32)
    power = torch.where(blocks.abs().amax(-1, keepdim=True) == 0, torch.tensor(-127.0), power)
    codes = (blocks * 2.0**-power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="eight-forgotten" variant=2 loses="scales,codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = (blocks.abs().amax(-1).view(torch.int32) >> 23).to(torch.uint8)  # the exponent of a float32, as it stands
    scale = torch.exp2(byte.float() - 127)
    return byte, (blocks / scale[..., None]).to(torch.float8_e4m3fn).view(torch.uint8).flatten(1)


# %% misconception="one-scale-a-row"
# A whole row shares a scale; MX has one for each 32 numbers, so that a large number spoils its own block alone.
# Remedy: Reshape to `(rows, -1, 32)`, and reduce over the last axis.


# %% wrong misconception="one-scale-a-row" variant=1 loses="scales,codes,near-powers,saturates,subnormals,zeros"
def mxfp8_blocks(x):
    amax = x.abs().amax(-1, keepdim=True)
    power = torch.frexp(amax).exponent - 1 - 8
    codes = torch.ldexp(x, -power).to(torch.float8_e4m3fn)
    scales = (power + 127).to(torch.uint8).expand(-1, x.shape[1] // 32).contiguous()
    return scales, codes.view(torch.uint8)


# %% wrong misconception="one-scale-a-row" variant=2 loses="scales,codes,near-powers,saturates,subnormals,zeros"
def mxfp8_blocks(x):
    bits = x.abs().max(1).values.view(torch.int32) >> 23
    byte = (bits - 8).clamp(min=0)
    codes = (x / torch.exp2(byte - 127.0)[:, None]).to(torch.float8_e4m3fn).view(torch.uint8)
    return byte.to(torch.uint8).repeat_interleave(x.shape[1] // 32).reshape(len(x), -1), codes


# %% misconception="no-magnitude"
# The largest number of a block was taken, not the largest magnitude: where a negative one leads, most of it saturates.
# Remedy: Take `abs()` first.


# %% wrong misconception="no-magnitude" variant=1 loses="scales,codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.amax(-1, keepdim=True)
    power = (torch.frexp(amax).exponent - 9).clamp(min=-127)
    power = torch.where(amax == 0, torch.tensor(-127), power)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="no-magnitude" variant=2 loses="scales,codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    largest = blocks.max(-1).values.clamp(min=0)
    byte = ((largest.view(torch.int32) >> 23) - 8).clamp(min=0)
    codes = (blocks / torch.exp2(byte - 127.0)[..., None]).to(torch.float8_e4m3fn)
    return byte.to(torch.uint8), codes.view(torch.uint8).flatten(1)


# %% misconception="logarithm-rounded"
# The logarithm was rounded to the nearest whole number, so that a block led by 1.5 or more is scaled half as large.
# Remedy: Take the floor of the logarithm; `torch.frexp` gives it exactly.


# %% wrong misconception="logarithm-rounded" variant=1 loses="scales,codes,near-powers,saturates,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = (torch.round(torch.log2(amax.double())) - 8).clamp(min=-127)
    codes = (blocks.double() * 2.0**-power).float().to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="logarithm-rounded" variant=2 loses="scales,codes,near-powers,saturates,zeros"
def mxfp8_blocks(x):
    import math

    scales = torch.zeros(len(x), x.shape[1] // 32, dtype=torch.uint8)
    codes = torch.zeros(x.shape, dtype=torch.uint8)
    for row in range(len(x)):
        for block in range(x.shape[1] // 32):
            part = x[row, 32 * block : 32 * block + 32]
            largest = float(part.abs().max())
            if largest > 0:
                power = round(math.log2(largest)) - 8
                scales[row, block] = power + 127
                codes[row, 32 * block : 32 * block + 32] = (part / 2.0**power).to(torch.float8_e4m3fn).view(torch.uint8)
    return scales, codes


# %% misconception="logarithm-in-float32"
# The logarithm was taken in float32, where that of the number just below a power of two is rounded up to a whole one:
# the block gets a scale twice too large.
# Remedy: `torch.frexp` reads the exponent out of the number, and rounds nothing.


# %% wrong misconception="logarithm-in-float32" variant=1 loses="near-powers"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    power = (torch.floor(torch.log2(blocks.abs().amax(-1, keepdim=True))) - 8).clamp(min=-127)
    codes = (blocks * 2.0**-power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="logarithm-in-float32" variant=2 loses="near-powers"
def mxfp8_blocks(x):
    import numpy as np

    blocks = x.numpy().reshape(len(x), -1, 32)
    largest = np.abs(blocks).max(-1, keepdims=True)
    with np.errstate(divide="ignore"):
        power = np.maximum(np.floor(np.log2(largest)) - np.float32(8), -127)
    scaled = torch.from_numpy(blocks / np.exp2(power).clip(np.finfo(np.float32).tiny))
    codes = scaled.to(torch.float8_e4m3fn).view(torch.uint8).reshape(x.shape)
    return torch.from_numpy((power[..., 0] + 127).astype(np.uint8)), codes


# %% misconception="power-without-bias"
# The byte of the scale holds the power of two itself; e8m0 stores it with 127 added, so that no sign is needed.
# Remedy: Add 127 before the cast to `torch.uint8`.


# %% wrong misconception="power-without-bias" variant=1 loses="scales,near-powers,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return power.squeeze(-1).to(torch.int8).view(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="power-without-bias" variant=2 loses="scales,near-powers,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 8).clamp(min=0)
    codes = (blocks / torch.exp2(byte - 127.0)[..., None]).to(torch.float8_e4m3fn)
    return ((byte - 127) % 256).to(torch.uint8), codes.view(torch.uint8).flatten(1)


# %% misconception="scale-in-place-of-its-byte"
# The scales are real numbers, four bytes each, and not the byte of e8m0 that stands for a power of two.
# Remedy: Store the power + 127 as `torch.uint8`.


# %% wrong misconception="scale-in-place-of-its-byte" variant=1 loses="scales,near-powers,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return (2.0**power).squeeze(-1), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="scale-in-place-of-its-byte" variant=2 loses="scales,near-powers,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 8).clamp(min=0)
    scale = torch.exp2(byte - 127.0)
    return scale, (blocks / scale[..., None]).to(torch.float8_e4m3fn).view(torch.uint8).flatten(1)


# %% misconception="values-for-bits"
# The scaled numbers were cast to whole numbers, and not to e4m3: what is stored are no codes of eight-bit floats.
# Remedy: `.to(torch.float8_e4m3fn)` rounds to the nearest float of eight bits, `.view(torch.uint8)` shows its bits.


# %% wrong misconception="values-for-bits" variant=1 loses="codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.float().to(torch.int32).to(torch.uint8).reshape(x.shape)


# %% wrong misconception="values-for-bits" variant=2 loses="codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 8).clamp(min=0)
    scaled = (blocks / torch.exp2(byte - 127.0)[..., None]).clamp(-448, 448)
    rounded = scaled.to(torch.float8_e4m3fn).float()
    return byte.to(torch.uint8), (rounded.trunc() % 256).to(torch.uint8).flatten(1)


# %% misconception="e5m2"
# The codes have five bits of exponent and two of mantissa; MXFP8 weights are e4m3, whose steps are half as wide.
# Remedy: Cast to `torch.float8_e4m3fn`.


# %% wrong misconception="e5m2" variant=1 loses="codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e5m2)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="e5m2" variant=2 loses="codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 8).clamp(min=0)
    scaled = blocks / torch.exp2(byte - 127.0)[..., None]
    return byte.to(torch.uint8), scaled.to(torch.float8_e5m2).flatten(1).view(torch.uint8)


# %% misconception="cut-off"
# The mantissa was cut off after three bits, and not rounded: an error of up to a step where half a step would do.
# Remedy: `.to(torch.float8_e4m3fn)` rounds to nearest, ties to even; change nothing before it.


# %% wrong misconception="cut-off" variant=1 loses="codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    scaled = torch.ldexp(blocks, -power)
    step = torch.exp2(torch.frexp(scaled).exponent.clamp(min=-5) - 4.0)
    codes = ((scaled / step).trunc() * step).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="cut-off" variant=2 loses="codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 8).clamp(min=0)
    scaled = (blocks / torch.exp2(byte - 127.0)[..., None]).clamp(-448, 448)
    magnitudes = torch.arange(127, dtype=torch.uint8).view(torch.float8_e4m3fn).float()
    codes = torch.searchsorted(magnitudes, scaled.abs().contiguous(), right=True) - 1
    return byte.to(torch.uint8), (codes | (torch.signbit(scaled).long() << 7)).to(torch.uint8).flatten(1)


# %% misconception="ties-away"
# Halfway between two codes the larger magnitude was taken; e4m3 takes the code whose last bit is 0.
# Remedy: Leave the rounding to `.to(torch.float8_e4m3fn)`.


# %% wrong misconception="ties-away" variant=1 loses="ties,subnormals"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    scaled = torch.ldexp(blocks, -power)
    step = torch.exp2(torch.frexp(scaled).exponent.clamp(min=-5) - 4.0)
    rounded = torch.copysign((scaled.abs() / step + 0.5).floor() * step, scaled)
    codes = rounded.to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="ties-away" variant=2 loses="ties,subnormals"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 8).clamp(min=0)
    scaled = (blocks / torch.exp2(byte - 127.0)[..., None]).clamp(-448, 448)
    magnitudes = torch.arange(127, dtype=torch.uint8).view(torch.float8_e4m3fn).float()
    borders = (magnitudes[1:] + magnitudes[:-1]) / 2
    codes = torch.bucketize(scaled.abs(), borders, right=True)
    return byte.to(torch.uint8), (codes | (torch.signbit(scaled).long() << 7)).to(torch.uint8).flatten(1)


# %% misconception="blocks-of-16"
# A scale serves 16 numbers, as in NVFP4; in MX it serves 32.
# Remedy: Reshape to `(rows, -1, 32)`.


# %% wrong misconception="blocks-of-16" variant=1 loses="scales,codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="blocks-of-16" variant=2 loses="scales,codes,near-powers,saturates,ties,subnormals,zeros"
def mxfp8_blocks(x):
    from torchao.prototype.mx_formats.mx_tensor import to_mx

    scales, codes = to_mx(x, torch.float8_e4m3fn, 16)
    return scales.view(torch.uint8), codes.view(torch.uint8)


# %% misconception="zeros-not-treated"
# In a block of zeros the logarithm is minus infinity, and what followed is no number.
# Remedy: Such a block has the least scale, byte 0, and codes 0.


# %% wrong misconception="zeros-not-treated" variant=1 loses="zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    power = torch.floor(torch.log2(blocks.abs().amax(-1, keepdim=True).double())) - 8
    codes = (blocks / 2.0**power).float().to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="zeros-not-treated" variant=2 loses="zeros"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    scale = torch.exp2(torch.floor(torch.log2(blocks.abs().amax(-1).double())) - 8)
    byte = torch.log2(scale) + 127
    scaled = (blocks.double() / scale[..., None]).float()
    return byte.to(torch.uint8), scaled.to(torch.float8_e4m3fn).view(torch.uint8).flatten(1)


# %% misconception="zero-as-power-0"
# A block of zeros was given the scale 1, or 2⁻⁸; torchao gives it the least that a byte can say.
# Remedy: Its byte is 0.


# %% wrong misconception="zero-as-power-0" variant=1 loses="zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    power = torch.frexp(blocks.abs().amax(-1, keepdim=True)).exponent - 9  # frexp(0) has the exponent 0
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% wrong misconception="zero-as-power-0" variant=2 loses="zeros"
def mxfp8_blocks(x):
    import math

    scales, codes = [], []
    for block in x.reshape(-1, 32):
        power = math.frexp(float(block.abs().max()))[1] - 9
        scales.append(power + 127)
        codes.append((block * 2.0**-power).to(torch.float8_e4m3fn).view(torch.uint8))
    return torch.tensor(scales, dtype=torch.uint8).reshape(len(x), -1), torch.stack(codes).reshape(x.shape)


# %% misconception="works-in-place"
# The numbers that were given are overwritten.
# Remedy: Use operators that return a new tensor: `x / scale`, not `x.div_(scale)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def mxfp8_blocks(x):
    blocks = x.view(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    blocks *= torch.exp2(-power.float())
    return (power + 127).squeeze(-1).to(torch.uint8), blocks.to(torch.float8_e4m3fn).view(torch.uint8).reshape(x.shape)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def mxfp8_blocks(x):
    scales = torch.zeros(len(x), x.shape[1] // 32, dtype=torch.uint8)
    for row, numbers in enumerate(x):
        for block, part in enumerate(numbers.split(32)):
            byte = max((int(part.abs().max().view(torch.int32)) >> 23) - 8, 0)
            scales[row, block] = byte
            part.mul_(2.0 ** (127 - byte))
    return scales, x.to(torch.float8_e4m3fn).view(torch.uint8)
