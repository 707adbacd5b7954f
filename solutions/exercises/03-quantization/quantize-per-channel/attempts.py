# %% misconception="one-scale-for-all"
# One scale serves the whole tensor, so small channels are rounded to very few codes.
# Remedy: Take the maximum within each channel.

# %% wrong misconception="one-scale-for-all" variant=1 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    shape = [w.shape[axis] if i == axis else 1 for i in range(w.ndim)]
    scales = np.full(shape, np.abs(w).max() / largest, dtype=np.float32)
    return np.clip(np.rint(w / scales), -largest, largest).astype(np.int8), scales


# %% wrong misconception="one-scale-for-all" variant=2 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = (1 << (bits - 1)) - 1
    reach = max(float(w.max()), -float(w.min()))
    others = tuple(i for i in range(w.ndim) if i != axis)
    ones = np.ones_like(w).max(axis=others, keepdims=True)
    codes = np.round(w * (largest / reach)).astype("int8")
    return codes, np.float32(reach / largest) * ones


# %% misconception="reduces-the-channel-axis"
# The maximum is taken across channels: the scales belong to the other axis.
# Remedy: Reduce all axes but `axis`; the channel axis is the one that stays.


# %% wrong misconception="reduces-the-channel-axis" variant=1 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    scales = np.abs(w).max(axis=axis, keepdims=True) / np.float32(largest)
    scales = np.where(scales == 0, np.float32(1), scales)
    return np.clip(np.rint(w / scales), -largest, largest).astype(np.int8), scales


# %% wrong misconception="reduces-the-channel-axis" variant=2 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = (1 << (bits - 1)) - 1
    rows = np.moveaxis(w, axis, 0)
    scales = np.zeros(rows.shape[1:], np.float32)
    for row in rows:
        scales = np.maximum(scales, np.abs(row))
    scales = np.expand_dims(scales / np.float32(largest), axis)
    scales[scales == 0] = 1
    return np.round(w / scales).astype(np.int8), scales


# %% misconception="scales-do-not-broadcast"
# The scales have shape (channels,), which NumPy lines up with the last axis.
# Remedy: Keep the reduced axes with length 1: `keepdims=True`.


# %% wrong misconception="scales-do-not-broadcast" variant=1 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    others = tuple(i for i in range(w.ndim) if i != axis)
    scales = np.abs(w).max(axis=others) / np.float32(largest)
    scales = np.where(scales == 0, np.float32(1), scales)
    return np.clip(np.rint(w / scales), -largest, largest).astype(np.int8), scales


# %% wrong misconception="scales-do-not-broadcast" variant=2 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = (1 << (bits - 1)) - 1
    channels = np.moveaxis(w, axis, 0).reshape(w.shape[axis], -1)
    reaches = [float(np.abs(channel).max()) or float(largest) for channel in channels]
    scales = np.array(reaches, dtype=np.float32) / np.float32(largest)
    codes = np.minimum(np.maximum(np.round(w / scales), -largest), largest)
    return codes.astype(np.int8), scales


# %% misconception="axis-ignored"
# Channels are always taken along axis 0.
# Remedy: Use the axis that is passed.


# %% wrong misconception="axis-ignored" variant=1 loses="any-axis"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    others = tuple(range(1, w.ndim))
    scales = np.abs(w).max(axis=others, keepdims=True) / np.float32(largest)
    scales = np.where(scales == 0, np.float32(1), scales)
    return np.clip(np.rint(w / scales), -largest, largest).astype(np.int8), scales


# %% wrong misconception="axis-ignored" variant=2 loses="any-axis"
def quantize_per_channel(w, axis, bits):
    largest = (1 << (bits - 1)) - 1
    codes, scales = np.zeros(w.shape, np.int8), []
    for row, values in enumerate(w):
        scale = float(np.abs(values).max()) / largest or 1.0
        scales.append(scale)
        codes[row] = np.round(values / np.float32(scale))
    return codes, np.array(scales, np.float32).reshape(-1, *[1] * (w.ndim - 1))


# %% misconception="axes-change-places"
# The channel axis trades places with the first one and does not come back in order, so other axes are mixed up.
# Remedy: Leave the axes where they are, and reduce all but `axis` with `keepdims=True`; or move one with `np.moveaxis`.


# %% wrong misconception="axes-change-places" variant=1 loses="any-axis"
def quantize_per_channel(w, axis, bits):
    quant_max = 2 ** (bits - 1) - 1
    rows = np.swapaxes(w, 0, axis)
    largest = np.abs(rows).reshape(len(rows), -1).max(1)
    scales = np.where(largest == 0, 1.0, largest / quant_max).astype(np.float32)
    codes = np.rint(rows / scales.reshape([-1] + [1] * (w.ndim - 1))).astype(np.int8)
    return np.moveaxis(codes, 0, axis), scales.reshape([-1 if i == axis else 1 for i in range(w.ndim)])


# %% wrong misconception="axes-change-places" variant=2 loses="any-axis"
def quantize_per_channel(w, axis, bits):
    order = [axis, *range(1, axis), *([0] if axis else []), *range(axis + 1, w.ndim)]
    rows = w.transpose(order)
    steps = np.array([np.abs(row).max() or 2 ** (bits - 1) - 1 for row in rows]) / (2 ** (bits - 1) - 1)
    codes = np.stack([np.rint(row / step) for row, step in zip(rows, steps)]).astype(np.int8)
    back = list(range(1, w.ndim))
    back.insert(axis, 0)
    return codes.transpose(back), steps.astype(np.float32).reshape(np.where(np.arange(w.ndim) == axis, -1, 1))


# %% misconception="largest-value"
# The largest value of a channel is taken, not its largest magnitude, so negative ones fall off.
# Remedy: Take absolute values before the maximum.


# %% wrong misconception="largest-value" variant=1 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    others = tuple(i for i in range(w.ndim) if i != axis)
    scales = w.max(axis=others, keepdims=True) / np.float32(largest)
    scales = np.where(scales == 0, np.float32(1), scales)
    return np.clip(np.rint(w / scales), -largest, largest).astype(np.int8), scales


# %% wrong misconception="largest-value" variant=1 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    others = tuple(i for i in range(w.ndim) if i != axis)
    scales = w.max(axis=others, keepdims=True) / np.float32(largest)
    scales = np.where(scales == 0, np.float32(1), scales)
    return np.rint(w / scales).astype(np.int8), scales


# %% wrong misconception="largest-value" variant=2 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = (1 << (bits - 1)) - 1
    channels = np.moveaxis(w, axis, 0).reshape(w.shape[axis], -1)
    shape = [-1 if i == axis else 1 for i in range(w.ndim)]
    reach = np.sort(channels, axis=1)[:, -1].reshape(shape)
    scales = np.float32(np.where(reach == 0, 1, reach / np.float32(largest)))
    return np.minimum(np.maximum(np.round(w / scales), -largest), largest).astype("int8"), scales


# %% misconception="full-range"
# The full range is used, of `2**(bits - 1)` steps on the negative side; the narrow one is asked for.
# Remedy: Divide by `2**(bits - 1) - 1`, the largest code.


# %% wrong misconception="full-range" variant=1 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    half = 2 ** (bits - 1)
    others = tuple(i for i in range(w.ndim) if i != axis)
    scales = np.abs(w).max(axis=others, keepdims=True) / np.float32(half)
    scales = np.where(scales == 0, np.float32(1), scales)
    return np.clip(np.rint(w / scales), -half, half - 1).astype(np.int8), scales


# %% wrong misconception="full-range" variant=2 loses="scales,codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    half = 1 << (bits - 1)
    channels = np.moveaxis(w, axis, 0).reshape(w.shape[axis], -1)
    shape = [-1 if i == axis else 1 for i in range(w.ndim)]
    reach = np.linalg.norm(channels, np.inf, axis=1).reshape(shape)
    scales = np.float32(np.where(reach == 0, 1, reach / half))
    return np.minimum(np.round(w / scales), half - 1).astype(np.int8), scales


# %% misconception="empty-channel"
# A channel of zeros gets a scale of 0, and its codes come from 0 / 0.
# Remedy: Use a scale of 1.0 for it.


# %% wrong misconception="empty-channel" variant=1 loses="zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    others = tuple(i for i in range(w.ndim) if i != axis)
    scales = np.abs(w).max(axis=others, keepdims=True) / np.float32(largest)
    return np.nan_to_num(np.rint(w / scales)).astype(np.int8), scales


# %% wrong misconception="empty-channel" variant=2 loses="zero-channel"
def quantize_per_channel(w, axis, bits):
    largest = (1 << (bits - 1)) - 1
    shape = [1] * w.ndim
    shape[axis] = -1
    flat = np.moveaxis(w, axis, 0).reshape(w.shape[axis], -1)
    scales = (np.linalg.norm(flat, np.inf, axis=1) / largest).astype(np.float32).reshape(shape)
    codes = np.divide(w, scales, out=np.zeros_like(w), where=scales > 0)
    return np.round(codes).astype(np.int8), scales


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Divide into a new array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    others = tuple(i for i in range(w.ndim) if i != axis)
    scales = np.abs(w).max(axis=others, keepdims=True) / np.float32(largest)
    scales = np.where(scales == 0, np.float32(1), scales)
    w /= scales
    return np.rint(w).astype(np.int8), scales


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def quantize_per_channel(w, axis, bits):
    largest = (1 << (bits - 1)) - 1
    scales = []
    for channel in np.moveaxis(w, axis, 0):
        scales.append(np.float32(np.abs(channel).max() / largest) or np.float32(1))
        channel[...] = np.round(channel / scales[-1])
    shape = [len(scales) if i == axis else 1 for i in range(w.ndim)]
    return w.astype(np.int8), np.array(scales, np.float32).reshape(shape)


# %% misconception="truncates"
# A cast to an integer cuts the fraction off, which pulls every code towards zero.
# Remedy: Call `np.rint` before the cast.


# %% wrong misconception="truncates" variant=1 loses="codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    others = tuple(i for i in range(w.ndim) if i != axis)
    largest = np.abs(w).max(axis=others, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / (2 ** (bits - 1) - 1)).astype(np.float32)
    return (w / scales * (1 + 1e-6)).astype(np.int8), scales


# %% wrong misconception="truncates" variant=2 loses="codes,any-axis,zero-channel"
def quantize_per_channel(w, axis, bits):
    rows = np.moveaxis(w, axis, 0).reshape(w.shape[axis], -1)
    scales = np.array([abs(row).max() / (2 ** (bits - 1) - 1) if row.any() else 1.0 for row in rows], np.float32)
    scales = scales.reshape([-1 if i == axis else 1 for i in range(w.ndim)])
    return np.trunc(w / scales * (1 + 1e-6)).astype(np.int8), scales


# %% misconception="half-up"
# A weight halfway between two codes is always rounded up, or away from 0.
# Remedy: `np.rint` goes to the even one.


# %% wrong misconception="half-up" variant=1 loses="codes"
def quantize_per_channel(w, axis, bits):
    quant_max = 2 ** (bits - 1) - 1
    largest = np.abs(w).max(axis=tuple(i for i in range(w.ndim) if i != axis), keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / quant_max).astype(np.float32)
    return np.floor(w / scales + 0.5).astype(np.int8), scales


# %% wrong misconception="half-up" variant=1 loses="codes"
def quantize_per_channel(w, axis, bits):
    quant_max = 2 ** (bits - 1) - 1
    largest = np.abs(w).max(axis=tuple(i for i in range(w.ndim) if i != axis), keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / quant_max).astype(np.float32)
    return np.trunc(w / scales + np.copysign(0.5, w)).astype(np.int8), scales


# %% wrong misconception="half-up" variant=2 loses="codes"
def quantize_per_channel(w, axis, bits):
    quant_max = 2 ** (bits - 1) - 1
    largest = np.abs(w).max(axis=tuple(i for i in range(w.ndim) if i != axis), keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / quant_max).astype(np.float32)
    return (-np.ceil(-w / scales - 0.5)).astype(np.int8), scales


# %% right style="channel by channel"
def quantize_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    codes = np.empty(w.shape, np.int8)
    scales = np.ones([w.shape[i] if i == axis else 1 for i in range(w.ndim)], np.float32)
    for channel, out, scale in zip(*(np.moveaxis(a, axis, 0) for a in (w, codes, scales))):
        if channel.any():
            scale[...] = np.abs(channel).max() / largest
        out[...] = np.rint(channel / scale.item())
    return codes, scales


# %% right style="with torch"
def quantize_per_channel(w, axis, bits):
    import torch

    weights, largest = torch.tensor(w), 2 ** (bits - 1) - 1
    scales = weights.abs().amax([i for i in range(w.ndim) if i != axis], keepdim=True) / largest
    scales[scales == 0] = 1
    return (weights / scales).round().to(torch.int8).numpy(), scales.numpy()
