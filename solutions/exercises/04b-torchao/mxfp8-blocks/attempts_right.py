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
