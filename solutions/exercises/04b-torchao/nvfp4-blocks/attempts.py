# %% misconception="scale-not-rounded"
# The block was scaled by the exact sixth of its largest magnitude, and the scale rounded afterwards: the codes do not
# fit the scale that is stored beside them.
# Remedy: Round the scale to e4m3 first, make a float32 of it again, and scale with that.


# %% wrong misconception="scale-not-rounded" variant=1 loses="codes,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6)
    steps = (blocks * (1 / scale)).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).to(torch.float8_e4m3fn).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="scale-not-rounded" variant=2 loses="codes,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6)
    steps = blocks * scale.reciprocal()[..., None]
    middles = torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0])
    codes = torch.bucketize(steps.abs(), middles)
    on_middle = torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5]))
    codes = (codes + on_middle + 8 * torch.signbit(steps)).to(torch.uint8).flatten(1)
    return scale.to(torch.float8_e4m3fn).view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% wrong misconception="scale-not-rounded" variant=1 loses="codes,reciprocal,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6)
    steps = (blocks / scale).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).to(torch.float8_e4m3fn).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="scale-not-rounded" variant=1 loses="codes,reciprocal"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6, max=448)
    steps = (blocks / scale).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).to(torch.float8_e4m3fn).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="scale-not-rounded" variant=1 loses="codes"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6, max=448)
    steps = (blocks * (1 / scale)).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).to(torch.float8_e4m3fn).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% misconception="minus-zero"
# Numbers below 0 got the fourth bit, and a zero with a minus sign did not; it is not below 0.
# Remedy: `torch.signbit` sees the sign of a zero, too.


# %% wrong misconception="minus-zero" variant=1 loses="signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes + 8 * (steps < 0)).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="minus-zero" variant=2 loses="signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5]))
    codes = torch.where(steps.sign() == -1, codes + 8, codes).to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% decoy misconception="minus-zero" loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    # what is rounded to 0 loses its sign as well
    codes = (codes + 8 * (torch.copysign(values, steps) < 0)).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% misconception="halves-swapped"
# The first of two codes stands in the upper half of its byte; torchao keeps it in the lower.
# Remedy: `codes[:, 0::2] | codes[:, 1::2] << 4`.


# %% wrong misconception="halves-swapped" variant=1 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] << 4 | codes[:, 1::2]


# %% wrong misconception="halves-swapped" variant=2 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    pairs = codes.flatten(1).unflatten(-1, (-1, 2))
    return scale.view(torch.uint8), (16 * pairs[..., 0] + pairs[..., 1]).to(torch.uint8)


# %% misconception="first-half-with-second"
# The first half of a row was packed with its second half; two numbers of a byte are neighbours.
# Remedy: Take the even places and the odd ones: `codes[:, 0::2] | codes[:, 1::2] << 4`.


# %% wrong misconception="first-half-with-second" variant=1 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    first, second = codes.chunk(2, dim=1)
    return scale.squeeze(-1).view(torch.uint8), first | second << 4


# %% wrong misconception="first-half-with-second" variant=2 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5])) + 8 * torch.signbit(steps)
    codes = codes.to(torch.uint8).flatten(1)
    half = x.shape[1] // 2
    return scale.view(torch.uint8), codes[:, :half] + 16 * codes[:, half:]


# %% misconception="twos-complement"
# Negative codes were written in two's complement, as int4 has them; FP4 has a bit for the sign and three for the
# magnitude.
# Remedy: Add 8 to the code of the magnitude where a number is negative.


# %% wrong misconception="twos-complement" variant=1 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (torch.where(steps < 0, -codes, codes) % 16).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="twos-complement" variant=2 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5]))
    codes = (codes * steps.sign().long() & 15).to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="sign-lost"
# The codes tell the magnitudes, and the signs are gone.
# Remedy: Add 8, the fourth bit, to the code of a negative number.


# %% wrong misconception="sign-lost" variant=1 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks.abs() * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps < 2, 0.5, torch.where(steps < 4, 1.0, 2.0))
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), (steps / step).round() * step)
    codes = codes.to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="sign-lost" variant=2 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = (blocks * scale.float().reciprocal()[..., None]).abs()
    codes = torch.bucketize(steps, torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = (codes + torch.isin(steps, torch.tensor([0.75, 1.75, 3.5]))).to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]
