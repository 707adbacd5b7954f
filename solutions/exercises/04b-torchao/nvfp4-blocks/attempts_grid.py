# %% misconception="even-grid"
# The codes are whole numbers on an even grid, as those of int4; FP4 has the magnitudes 0, 0.5, 1, 1.5, 2, 3, 4, 6.
# Remedy: Find the nearest of the eight, and take its place in the list for the code.


# %% wrong misconception="even-grid" variant=1 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    codes = (steps.abs().round().long() | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="even-grid" variant=2 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = steps.abs().round().clamp(max=6).to(torch.uint8) + 8 * torch.signbit(steps).to(torch.uint8)
    codes = codes.flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="cut-off"
# The magnitude below was taken, and not the nearest: all numbers shrink.
# Remedy: Compare with the middles between two magnitudes.


# %% wrong misconception="cut-off" variant=1 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).floor() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="cut-off" variant=2 loses="codes,ties,reciprocal,signs,least-scale"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0]), right=True)
    codes = (codes + 8 * torch.signbit(steps)).to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="ties-away"
# Halfway between two magnitudes the larger one was taken; FP4 takes the one with the even code.
# Remedy: 0.25, 1.25, 2.5 and 5 go down, 0.75, 1.75 and 3.5 go up.


# %% wrong misconception="ties-away" variant=1 loses="ties,reciprocal"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks * (1 / scale.float())).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step + 0.5).floor() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="ties-away" variant=2 loses="ties,reciprocal"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]), right=True)
    codes = (codes + 8 * torch.signbit(steps)).to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="ties-down"
# Halfway between two magnitudes the smaller one was taken; FP4 takes the one with the even code.
# Remedy: 0.25, 1.25, 2.5 and 5 go down, 0.75, 1.75 and 3.5 go up.


# %% wrong misconception="ties-down" variant=1 loses="ties,reciprocal"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = blocks * (1 / scale.float())
    magnitudes = torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
    codes = (steps.abs()[..., None] - magnitudes).abs().argmin(-1)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="ties-down" variant=2 loses="ties,reciprocal"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16))
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).to(torch.float8_e4m3fn)
    steps = blocks * scale.float().reciprocal()[..., None]
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]))
    codes = (codes + 8 * torch.signbit(steps)).to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]


# %% misconception="divides"
# The numbers are divided by the scale, or multiplied in float64, which rounds once; torchao multiplies by 1 / scale as
# rounded to float32, and a number near a tie gets another code.
# Remedy: Compute `x * (1.0 / scale)` in float32.


# %% wrong misconception="divides" variant=1 loses="reciprocal"
def nvfp4_blocks(x):
    blocks = x.reshape(len(x), -1, 16)
    scale = (blocks.abs().amax(-1, keepdim=True) / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)
    steps = (blocks / scale.float()).clamp(-6, 6)
    step = torch.where(steps.abs() < 2, 0.5, torch.where(steps.abs() < 4, 1.0, 2.0))
    values = (steps.abs() / step).round() * step
    codes = torch.searchsorted(torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6]), values)
    codes = (codes | torch.signbit(steps) * 8).to(torch.uint8).reshape(x.shape)
    return scale.squeeze(-1).view(torch.uint8), codes[:, 0::2] | codes[:, 1::2] << 4


# %% wrong misconception="divides" variant=2 loses="reciprocal"
def nvfp4_blocks(x):
    blocks = x.unflatten(-1, (-1, 16)).double()
    scale = torch.clamp(blocks.abs().amax(-1) / 6, 2.0**-6).float().to(torch.float8_e4m3fn)
    steps = blocks / scale.double()[..., None]  # in float64, which is exact here
    codes = torch.bucketize(steps.abs(), torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0]).double())
    codes = codes + torch.isin(steps.abs(), torch.tensor([0.75, 1.75, 3.5]).double()) + 8 * torch.signbit(steps)
    codes = codes.to(torch.uint8).flatten(1)
    return scale.view(torch.uint8), codes[:, ::2] + 16 * codes[:, 1::2]
