# %% right style="the exponent's bits, shifted out of the float32"
def mxfp8_blocks(x):
    blocks = x.unflatten(-1, (-1, 32))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 8).clamp(min=0)
    codes = (blocks / torch.exp2(byte - 127.0)[..., None]).to(torch.float8_e4m3fn)
    return byte.to(torch.uint8), codes.view(torch.uint8).flatten(1)


# %% right style="the nearest of the 127 magnitudes"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    scaled = torch.ldexp(blocks, -power)
    magnitudes = torch.arange(127, dtype=torch.uint8).view(torch.float8_e4m3fn).float()
    lower = (torch.searchsorted(magnitudes, scaled.abs().contiguous(), right=True) - 1).clamp(max=125)
    below, above = magnitudes[lower], magnitudes[lower + 1]
    middle = (below + above) / 2
    up = (scaled.abs() > middle) | ((scaled.abs() == middle) & (lower % 2 == 1))
    codes = lower + up + (torch.signbit(scaled) * 128)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.to(torch.uint8).reshape(x.shape)


# %% right style="block by block"
def mxfp8_blocks(x):
    import math

    scales, codes = [], []
    for block in x.reshape(-1, 32):
        largest = float(block.abs().max())
        power = math.floor(math.log2(largest)) - 8 if largest else -127
        scales.append(power + 127)
        codes.append((block.double() / 2.0**power).float().clamp(-448, 448).to(torch.float8_e4m3fn).view(torch.uint8))
    return torch.tensor(scales, dtype=torch.uint8).reshape(len(x), -1), torch.stack(codes).reshape(x.shape)


# %% misconception="zeros-without-sign"
# In a block of zeros all codes are 0; a zero with a minus sign has the sign bit here as well.
# Remedy: Let such a block go through the same cast as the others: `(-0.0)` becomes the byte 128.


# %% wrong misconception="zeros-without-sign" variant=1 loses="zeros"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    scaled = torch.where(amax == 0, torch.zeros(()), torch.ldexp(blocks, -power))
    return (power + 127).squeeze(-1).to(torch.uint8), scaled.to(torch.float8_e4m3fn).view(torch.uint8).reshape(x.shape)


# %% wrong misconception="zeros-without-sign" variant=2 loses="zeros"
def mxfp8_blocks(x):
    import math

    scales = torch.zeros(len(x), x.shape[1] // 32, dtype=torch.uint8)
    codes = torch.zeros(x.shape, dtype=torch.uint8)
    for row in range(len(x)):
        for block, part in enumerate(x[row].split(32)):
            largest = float(part.abs().max())
            if largest > 0:
                power = math.frexp(largest)[1] - 9
                scales[row, block] = power + 127
                codes[row, 32 * block : 32 * block + 32] = (part / 2.0**power).to(torch.float8_e4m3fn).view(torch.uint8)
    return scales, codes


# %% decoy misconception="logarithm-in-float32" loses="near-powers"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True).double()
    power = (torch.floor(torch.log2(amax) + 1e-6) - 8).clamp(min=-127)  # what it adds takes it over a whole number
    codes = (blocks.double() * 2.0**-power).float().to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)


# %% decoy misconception="logarithm-in-float32" loses="near-powers"
def mxfp8_blocks(x):
    blocks = x.reshape(len(x), -1, 32)
    amax = blocks.abs().amax(-1, keepdim=True) * (1 + 1e-6)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 9)
    codes = torch.ldexp(blocks, -power).to(torch.float8_e4m3fn)
    return (power + 127).squeeze(-1).to(torch.uint8), codes.view(torch.uint8).reshape(x.shape)
