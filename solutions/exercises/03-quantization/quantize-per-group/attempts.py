# %% misconception="strided-groups"
# A group gathers every so-many-th column, not neighbours.
# Remedy: The last axis of the reshaped array is the group: `reshape(rows, groups, group_size)`.

# %% wrong misconception="strided-groups" variant=1 loses="scales,codes,zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("groups do not fill the rows")
    largest = 2 ** (bits - 1) - 1
    groups = w.reshape(rows, group_size, -1)
    scales = np.abs(groups).max(axis=1, keepdims=True) / np.float32(largest)
    scales = np.where(scales == 0, np.float32(1), scales)
    return np.rint(groups / scales).astype(np.int8).reshape(w.shape), scales[:, 0, :]


# %% wrong misconception="strided-groups" variant=2 loses="scales,codes,zero-group"
def quantize_per_group(w, group_size, bits):
    if w.shape[1] % group_size != 0:
        raise ValueError(f"{w.shape[1]} columns in groups of {group_size}")
    count = w.shape[1] // group_size
    codes, scales = np.zeros(w.shape, np.int8), np.ones((len(w), count), np.float32)
    for group in range(count):
        members = w[:, group::count]
        reach = np.abs(members).max(axis=1)
        scales[:, group] = np.where(reach > 0, reach / (2 ** (bits - 1) - 1), 1)
        codes[:, group::count] = np.round(members / scales[:, group, None])
    return codes, scales


# %% misconception="count-for-size"
# The group size is taken for the number of groups.
# Remedy: There are `columns // group_size` groups a row.


# %% wrong misconception="count-for-size" variant=1 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("groups do not fill the rows")
    largest = 2 ** (bits - 1) - 1
    groups = w.reshape(rows, group_size, -1)
    scales = np.abs(groups).max(axis=2) / np.float32(largest)
    scales[scales == 0] = 1
    return np.rint(groups / scales[:, :, None]).astype(np.int8).reshape(w.shape), scales


# %% wrong misconception="count-for-size" variant=2 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    if w.shape[1] % group_size:
        raise ValueError("no whole number of groups")
    codes, scales = [], []
    for part in np.split(w, group_size, axis=1):
        reach = np.abs(part).max(axis=1, keepdims=True)
        scale = (np.where(reach == 0, 2 ** (bits - 1) - 1, reach) / (2 ** (bits - 1) - 1)).astype(np.float32)
        codes.append(np.round(part / scale).astype(np.int8))
        scales.append(scale)
    return np.concatenate(codes, axis=1), np.concatenate(scales, axis=1)


# %% misconception="one-scale-a-row"
# All groups of a row share one scale, so that one outlier spoils the row.
# Remedy: Take the maximum within each group.


# %% wrong misconception="one-scale-a-row" variant=1 loses="scales,codes,zero-group"
def quantize_per_group(w, group_size, bits):
    columns = w.shape[1]
    if columns % group_size:
        raise ValueError("groups do not fill the rows")
    scales = np.abs(w).max(axis=1, keepdims=True) / np.float32(2 ** (bits - 1) - 1)
    codes = np.rint(w / scales).astype(np.int8)
    return codes, np.repeat(scales, columns // group_size, axis=1)


# %% wrong misconception="one-scale-a-row" variant=2 loses="scales,codes,zero-group"
def quantize_per_group(w, group_size, bits):
    groups, rest = divmod(w.shape[1], group_size)
    if rest:
        raise ValueError("rest")
    scales = np.empty((w.shape[0], groups), dtype=np.float32)
    codes = np.empty_like(w, dtype=np.int8)
    for row in range(w.shape[0]):
        scales[row, :] = max(abs(value) for value in w[row].tolist()) / (2 ** (bits - 1) - 1)
        codes[row] = np.round(w[row] / scales[row, 0])
    return codes, scales


# %% misconception="largest-value"
# The largest value of a group is taken, not its largest magnitude, so negative ones fall off.
# Remedy: Take absolute values before the maximum.


# %% wrong misconception="largest-value" variant=1 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("groups do not fill the rows")
    largest = 2 ** (bits - 1) - 1
    groups = w.reshape(rows, -1, group_size)
    scales = groups.max(axis=2) / np.float32(largest)
    scales[scales == 0] = 1
    codes = np.clip(np.rint(groups / scales[:, :, None]), -largest, largest)
    return codes.astype(np.int8).reshape(w.shape), scales


# %% wrong misconception="largest-value" variant=1 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("groups do not fill the rows")
    groups = w.reshape(rows, -1, group_size)
    scales = groups.max(axis=2) / np.float32(2 ** (bits - 1) - 1)
    scales[scales == 0] = 1
    return np.rint(groups / scales[:, :, None]).astype(np.int8).reshape(w.shape), scales


# %% wrong misconception="largest-value" variant=2 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    if w.shape[1] % group_size:
        raise ValueError("no whole number of groups")
    largest = (1 << (bits - 1)) - 1
    codes, scales = [], []
    for part in np.split(w, w.shape[1] // group_size, axis=1):
        reach = np.sort(part, axis=1)[:, -1:]
        scales.append(np.float32(np.where(reach == 0, 1, reach / np.float32(largest))))
        codes.append(np.round(part / scales[-1]).clip(-largest, largest).astype(np.int8))
    return np.concatenate(codes, axis=1), np.concatenate(scales, axis=1)


# %% misconception="full-range"
# The full range is used, of `2**(bits - 1)` steps on the negative side; the narrow one is asked for.
# Remedy: Divide by `2**(bits - 1) - 1`, the largest code.


# %% wrong misconception="full-range" variant=1 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("groups do not fill the rows")
    half = 2 ** (bits - 1)
    groups = w.reshape(rows, -1, group_size)
    scales = np.abs(groups).max(axis=2) / np.float32(half)
    scales[scales == 0] = 1
    codes = np.clip(np.rint(groups / scales[:, :, None]), -half, half - 1)
    return codes.astype(np.int8).reshape(w.shape), scales


# %% wrong misconception="full-range" variant=2 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    if w.shape[1] % group_size:
        raise ValueError("no whole number of groups")
    half = 1 << (bits - 1)
    codes, scales = [], []
    for part in np.split(w, w.shape[1] // group_size, axis=1):
        reach = np.abs(part).max(axis=1, keepdims=True)
        scales.append(np.float32(np.where(reach == 0, 1, reach / half)))
        codes.append(np.minimum(np.round(part / scales[-1]), half - 1).astype(np.int8))
    return np.concatenate(codes, axis=1), np.concatenate(scales, axis=1)


# %% misconception="empty-group"
# A group of zeros gets a scale of 0.
# Remedy: Use a scale of 1.0 for it.


# %% wrong misconception="empty-group" variant=1 loses="zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("groups do not fill the rows")
    groups = w.reshape(rows, -1, group_size)
    scales = np.abs(groups).max(axis=2, keepdims=True) / np.float32(2 ** (bits - 1) - 1)
    codes = np.nan_to_num(np.rint(groups / scales)).astype(np.int8)
    return codes.reshape(w.shape), scales[:, :, 0]


# %% wrong misconception="empty-group" variant=2 loses="zero-group"
def quantize_per_group(w, group_size, bits):
    if w.shape[1] % group_size:
        raise ValueError("no whole number of groups")
    largest, codes, scales = 2 ** (bits - 1) - 1, [], []
    for start in range(0, w.shape[1], group_size):
        part = w[:, start : start + group_size]
        scale = (np.maximum(part.max(axis=1), -part.min(axis=1)) / largest).astype(np.float32)
        codes.append(np.round(np.divide(part, scale[:, None], out=np.zeros_like(part), where=scale[:, None] > 0)))
        scales.append(scale)
    return np.hstack(codes).astype(np.int8), np.abs(np.stack(scales, axis=1))


# %% misconception="tail-dropped"
# Columns that do not fill a group are dropped without a word.
# Remedy: Raise a ValueError unless `columns % group_size` is 0.


# %% wrong misconception="tail-dropped" variant=1 loses="refuses"
def quantize_per_group(w, group_size, bits):
    rows = len(w)
    used = w[:, : w.shape[1] // group_size * group_size]
    groups = used.reshape(rows, -1, group_size)
    scales = np.abs(groups).max(axis=2, keepdims=True) / np.float32(2 ** (bits - 1) - 1)
    scales[scales == 0] = 1
    return np.rint(groups / scales).astype(np.int8).reshape(used.shape), scales[:, :, 0]


# %% wrong misconception="tail-dropped" variant=2 loses="refuses"
def quantize_per_group(w, group_size, bits):
    largest, codes, scales = 2 ** (bits - 1) - 1, [], []
    for group in range(w.shape[1] // group_size):
        part = w[:, group * group_size :][:, :group_size]
        reach = np.abs(part).max(axis=1, keepdims=True)
        scale = np.where(reach > 0, reach / np.float32(largest), np.float32(1)).astype(np.float32)
        codes.append(np.round(part / scale).astype(np.int8))
        scales.append(scale)
    return np.concatenate(codes, 1), np.concatenate(scales, 1)


# %% misconception="always-four-bits"
# The largest code is always 7, whatever `bits` says.
# Remedy: Use `2 ** (bits - 1) - 1`.


# %% wrong misconception="always-four-bits" variant=1 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("no multiple")
    groups = w.reshape(rows, -1, group_size)
    largest = np.abs(groups).max(axis=-1, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / 7).astype(np.float32)
    codes = np.rint(groups / scales).astype(np.int8)
    return codes.reshape(rows, columns), scales[..., 0]


# %% wrong misconception="always-four-bits" variant=2 loses="scales,codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    if w.shape[1] % group_size != 0:
        raise ValueError(f"{w.shape[1]} columns")
    codes, scales = np.zeros(w.shape, np.int8), np.ones((len(w), w.shape[1] // group_size), np.float32)
    for r, g in np.ndindex(scales.shape):
        place = (r, slice(g * group_size, (g + 1) * group_size))
        if w[place].any():
            scales[r, g] = abs(w[place]).max() / 7.0
            codes[place] = np.round(w[place] / scales[r, g])
    return codes, scales


# %% misconception="truncates"
# A cast to an integer cuts the fraction off, which pulls every code towards zero.
# Remedy: Call `np.rint` before the cast.


# %% wrong misconception="truncates" variant=1 loses="codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("no multiple")
    groups = w.reshape(rows, -1, group_size)
    largest = np.abs(groups).max(axis=-1, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / (2 ** (bits - 1) - 1)).astype(np.float32)
    codes = (groups / scales * (1 + 1e-6)).astype(np.int8)
    return codes.reshape(rows, columns), scales[..., 0]


# %% wrong misconception="truncates" variant=2 loses="codes,whole-row,zero-group"
def quantize_per_group(w, group_size, bits):
    if w.shape[1] % group_size != 0:
        raise ValueError(f"{w.shape[1]} columns")
    codes, scales = np.zeros(w.shape, np.int8), np.ones((len(w), w.shape[1] // group_size), np.float32)
    for r, g in np.ndindex(scales.shape):
        place = (r, slice(g * group_size, (g + 1) * group_size))
        if w[place].any():
            scales[r, g] = abs(w[place]).max() / (2 ** (bits - 1) - 1)
            codes[place] = np.trunc(w[place] / scales[r, g] * (1 + 1e-6))
    return codes, scales


# %% misconception="half-up"
# A weight halfway between two codes is always rounded up, or away from 0.
# Remedy: `np.rint` goes to the even one.


# %% wrong misconception="half-up" variant=1 loses="codes"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("the groups do not fill the rows")
    groups = w.reshape(rows, -1, group_size)
    largest = np.abs(groups).max(axis=-1, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / (2 ** (bits - 1) - 1)).astype(np.float32)
    return np.floor(groups / scales + 0.5).astype(np.int8).reshape(rows, columns), scales[..., 0]


# %% wrong misconception="half-up" variant=1 loses="codes"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("the groups do not fill the rows")
    groups = w.reshape(rows, -1, group_size)
    largest = np.abs(groups).max(axis=-1, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / (2 ** (bits - 1) - 1)).astype(np.float32)
    return np.trunc(groups / scales + np.copysign(0.5, groups)).astype(np.int8).reshape(rows, columns), scales[..., 0]


# %% wrong misconception="half-up" variant=2 loses="codes"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError("the groups do not fill the rows")
    groups = w.reshape(rows, -1, group_size)
    largest = np.abs(groups).max(axis=-1, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / (2 ** (bits - 1) - 1)).astype(np.float32)
    return (-np.ceil(-groups / scales - 0.5)).astype(np.int8).reshape(rows, columns), scales[..., 0]


# %% right style="group by group"
def quantize_per_group(w, group_size, bits):
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError(f"{columns} columns cannot be cut into groups of {group_size}")
    codes, scales = np.zeros((rows, columns), np.int8), np.ones((rows, columns // group_size), np.float32)
    for row, group in np.ndindex(scales.shape):
        part = slice(group * group_size, (group + 1) * group_size)
        reach = np.abs(w[row, part]).max()
        if reach > 0:
            scales[row, group] = reach / (2 ** (bits - 1) - 1)
        codes[row, part] = np.rint(w[row, part] / scales[row, group])
    return codes, scales


# %% right style="scales repeated to full width, with torch"
def quantize_per_group(w, group_size, bits):
    import torch

    weights = torch.tensor(w)
    if weights.shape[1] % group_size:
        raise ValueError("no whole number of groups")
    reach = weights.unfold(1, group_size, group_size).abs().amax(-1)
    scales = torch.where(reach > 0, reach / (2 ** (bits - 1) - 1), torch.ones_like(reach))
    codes = (weights / scales.repeat_interleave(group_size, 1)).round().to(torch.int8)
    return codes.numpy(), scales.numpy()
