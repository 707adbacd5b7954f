# %% misconception="seventh-for-sixth"
# The largest magnitude was divided by 7, the largest code of an int4; the largest of FP4 is 6.
# Remedy: The scale is `amax / 6`.


# %% wrong misconception="seventh-for-sixth" variant=1 loses="scales,codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 7).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="seventh-for-sixth" variant=2 loses="scales,codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / (2**3 - 1), 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    codes = codes.to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="power-of-two-scale"
# The scale is a power of two, as in MX; NVFP4 has an e4m3 number, with three bits of mantissa.
# Remedy: Cast `amax / 6` to `torch.float8_e4m3fn`, and look at its bits with `.view(torch.uint8)`.


# %% wrong misconception="power-of-two-scale" variant=1 loses="scales,codes,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    amax = blocks.abs().amax(-1, keepdim=True)
    power = torch.where(amax == 0, torch.tensor(-127), torch.frexp(amax).exponent - 3)
    steps = torch.ldexp(blocks, -power).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return (power + 127).squeeze(-1).to(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="power-of-two-scale" variant=2 loses="scales,codes,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    byte = ((blocks.abs().amax(-1).view(torch.int32) >> 23) - 2).clamp(min=0)
    steps = blocks * torch.exp2(127.0 - byte)[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    codes = codes.to(torch.uint8).flatten(1)
    return byte.to(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="one-scale-a-row"
# A whole row shares a scale; NVFP4 has one for each 16 numbers.
# Remedy: Reshape to `(rows, -1, 16)`, and reduce over the last axis.


# %% wrong misconception="one-scale-a-row" variant=1 loses="scales,codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    scale = (x.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (x * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8)
    scales = scale.view(torch.uint8).repeat(1, x.shape[1] // 16)
    return scales, codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="one-scale-a-row" variant=2 loses="scales,codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    scale = torch.clamp(x.abs().max(1).values / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = x * scale.float().reciprocal()[:, None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    codes = codes.to(torch.uint8)
    scales = scale.view(torch.uint8).repeat_interleave(x.shape[1] // 16).reshape(len(x), -1)
    return scales, codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="no-magnitude"
# The largest number of a block was taken, not the largest magnitude: a block that a negative number leads is cut off.
# Remedy: Take `abs()` first.


# %% wrong misconception="no-magnitude" variant=1 loses="scales,codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="no-magnitude" variant=2 loses="scales,codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.max(-1).values / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    codes = codes.to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="no-least-scale"
# The scale of a small block went below 2⁻⁶, where e4m3 has subnormal numbers, and in a block of zeros to 0.
# Remedy: `(amax / 6).clamp(min=2**-6)` before the cast.


# %% wrong misconception="no-least-scale" variant=1 loses="least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).to(torch.float8_e4m3fn)
    steps = torch.nan_to_num(blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="no-least-scale" variant=2 loses="least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = (blocks.abs().amax(-1) / 6).to(torch.float8_e4m3fn)
    inverse = torch.where(scale.float() > 0, scale.float().reciprocal(), 0.0)
    steps = blocks * inverse[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    codes = codes.to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="codes-not-packed"
# Each code has a byte of its own, so that four bits are stored as eight.
# Remedy: `codes[:, 0::2] | codes[:, 1::2] << 4` packs two.


# %% wrong misconception="codes-not-packed" variant=1 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    return scale.squeeze(-1).view(torch.uint8), (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)


# %% wrong misconception="codes-not-packed" variant=2 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    return scale.view(torch.uint8), codes.to(torch.uint8).flatten(1)


# %% misconception="works-in-place"
# The numbers that were given are overwritten.
# Remedy: Use operators that return a new tensor: `x * y`, not `x.mul_(y)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def nvfp4_blocks(x):
    blocks = x.view(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = blocks.mul_(1 / scale.float()).clamp_(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    x *= scale.float().reciprocal().repeat_interleave(16, dim=1)
    codes = torch.bucketize(x.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(x.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(x)
    codes = codes.to(torch.uint8)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% right style="the step that belongs to each magnitude"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% right style="number by number"
def nvfp4_blocks(x):
    magnitudes = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0]
    scales, packed = [], []
    for block in x.reshape(-1, 16):
        scale = (block.abs().max() / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
        scales.append(int(scale.view(torch.uint8)))
        codes = []
        for step in (block * (1.0 / scale.float())).tolist():
            code = min(range(8), key=lambda c: (abs(abs(step) - magnitudes[c]), c % 2))
            codes.append(code + 8 * (step < 0 or str(step) == "-0.0"))
        packed += [codes[i] + 16 * codes[i + 1] for i in range(0, 16, 2)]
    shape = (len(x), -1)
    return torch.tensor(scales, dtype=torch.uint8).reshape(shape), torch.tensor(packed, dtype=torch.uint8).reshape(
        shape
    )
