# %% misconception="along-the-outputs"
# The groups lie along the outputs; tfmot counts them along the inputs of each output.
# Remedy: Group along the second axis from the end, which are the inputs.


# %% wrong misconception="along-the-outputs" variant=1 loses="dense,ratio,leftover,ties,conv"
def m_by_n_mask(kernel, zeros, size):
    rows = np.abs(kernel)
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)]).reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(-groups, axis=-1, kind="stable")
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., : size - zeros], 1, axis=-1)
    return mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]


# %% wrong misconception="along-the-outputs" variant=2 loses="dense,ratio,leftover,ties,conv"
def m_by_n_mask(kernel, zeros, size):
    mask = np.ones_like(kernel)
    for at in np.ndindex(kernel.shape[:-1]):
        for begin in range(0, kernel.shape[-1], size):
            group = np.abs(kernel[at][begin : begin + size])
            gone = zeros - (size - len(group))
            for place in sorted(range(len(group)), key=lambda i: (group[i], -i))[: max(gone, 0)]:
                mask[at][begin + place] = 0
    return mask


# %% misconception="ones-counted"
# `zeros` was taken for the number that is kept; it is the number that goes.
# Remedy: Keep `size - zeros` of each group.


# %% wrong misconception="ones-counted" variant=1 loses="ratio,leftover,ties"
def m_by_n_mask(kernel, zeros, size):
    rows = np.moveaxis(np.abs(kernel), -2, -1)
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)]).reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(-groups, axis=-1, kind="stable")
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., :zeros], 1, axis=-1)
    mask = mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]
    return np.moveaxis(mask, -1, -2)


# %% wrong misconception="ones-counted" variant=2 loses="ratio,leftover,ties"
def m_by_n_mask(kernel, zeros, size):
    zeros = size - zeros
    mask = np.ones_like(kernel)
    inputs = kernel.shape[-2]
    for at in np.ndindex(*kernel.shape[:-2], kernel.shape[-1]):
        column = (*at[:-1], slice(None), at[-1])
        for begin in range(0, inputs, size):
            group = np.abs(kernel[column][begin : begin + size])
            gone = sorted(range(len(group)), key=lambda i: (group[i], -i))[: max(zeros - size + len(group), 0)]
            for place in gone:
                mask[(*at[:-1], begin + place, at[-1])] = 0
    return mask


# %% misconception="leftover-pruned-in-full"
# In a last group that is not full as many weights were removed as in a full one; the missing ones count as removed.
# Remedy: Pad with zeros to a full group, which go first, or remove `zeros` less what is missing.


# %% wrong misconception="leftover-pruned-in-full" variant=1 loses="leftover,conv"
def m_by_n_mask(kernel, zeros, size):
    mask = np.ones_like(kernel)
    inputs = kernel.shape[-2]
    for at in np.ndindex(*kernel.shape[:-2], kernel.shape[-1]):
        column = (*at[:-1], slice(None), at[-1])
        for begin in range(0, inputs, size):
            group = np.abs(kernel[column][begin : begin + size])
            gone = sorted(range(len(group)), key=lambda i: (group[i], -i))[:zeros]
            for place in gone:
                mask[(*at[:-1], begin + place, at[-1])] = 0
    return mask


# %% wrong misconception="leftover-pruned-in-full" variant=2 loses="leftover,conv"
def m_by_n_mask(kernel, zeros, size):
    rows = np.moveaxis(np.abs(kernel), -2, -1)
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)]).reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(
        -np.where(
            np.arange(groups.size).reshape(groups.shape) % (groups.shape[-2] * size) < rows.shape[-1], groups, np.inf
        ),
        axis=-1,
        kind="stable",
    )
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., : size - zeros], 1, axis=-1)
    mask = mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]
    return np.moveaxis(mask, -1, -2)


# %% misconception="leftover-kept"
# A last group that is not full was left alone; but it loses what it has over `size - zeros`.
# Remedy: Keep the `size - zeros` largest of each group, of the last one, too.


# %% wrong misconception="leftover-kept" variant=1 loses="leftover,conv"
def m_by_n_mask(kernel, zeros, size):
    mask = np.ones_like(kernel)
    inputs = kernel.shape[-2]
    for at in np.ndindex(*kernel.shape[:-2], kernel.shape[-1]):
        column = (*at[:-1], slice(None), at[-1])
        for begin in range(0, inputs, size):
            group = np.abs(kernel[column][begin : begin + size])
            gone = sorted(range(len(group)), key=lambda i: (group[i], -i))[: zeros if len(group) == size else 0]
            for place in gone:
                mask[(*at[:-1], begin + place, at[-1])] = 0
    return mask


# %% wrong misconception="leftover-kept" variant=2 loses="leftover,conv"
def m_by_n_mask(kernel, zeros, size):
    rows = np.moveaxis(np.abs(kernel), -2, -1)
    full = rows.shape[-1] // size * size
    mask = np.ones(rows.shape, np.float32)
    groups = rows[..., :full].reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(-groups, axis=-1, kind="stable")
    inner = np.ones(groups.shape, np.float32)
    np.put_along_axis(inner, order[..., size - zeros :], 0, axis=-1)
    mask[..., :full] = inner.reshape(*rows.shape[:-1], full)
    return np.moveaxis(mask, -1, -2)


# %% misconception="first-goes"
# Of equal magnitudes the first one went; tfmot keeps those that stand first.
# Remedy: Rank with a stable sort from the largest to the smallest.


# %% wrong misconception="first-goes" variant=1 loses="ties"
def m_by_n_mask(kernel, zeros, size):
    rows = np.moveaxis(np.abs(kernel), -2, -1)
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)], constant_values=-1).reshape(
        *rows.shape[:-1], -1, size
    )
    order = np.argsort(groups, axis=-1, kind="stable")
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., zeros:], 1, axis=-1)
    mask = mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]
    return np.moveaxis(mask, -1, -2)


# %% wrong misconception="first-goes" variant=2 loses="ties"
def m_by_n_mask(kernel, zeros, size):
    mask = np.ones_like(kernel)
    inputs = kernel.shape[-2]
    for at in np.ndindex(*kernel.shape[:-2], kernel.shape[-1]):
        column = (*at[:-1], slice(None), at[-1])
        for begin in range(0, inputs, size):
            group = np.abs(kernel[column][begin : begin + size])
            gone = np.argsort(group, kind="stable")[: max(zeros - size + len(group), 0)]
            for place in gone:
                mask[(*at[:-1], begin + place, at[-1])] = 0
    return mask


# %% misconception="flat-groups"
# A convolution's groups run over its whole kernel; they are groups of input channels at one place of the window.
# Remedy: Bring the axis of the inputs, the second from the end, to the end before you group.


# %% wrong misconception="flat-groups" variant=1 loses="conv"
def m_by_n_mask(kernel, zeros, size):
    rows = np.abs(kernel).reshape(-1, kernel.shape[-1]).T
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)]).reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(-groups, axis=-1, kind="stable")
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., : size - zeros], 1, axis=-1)
    mask = mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]
    return mask.T.reshape(kernel.shape)


# %% wrong misconception="flat-groups" variant=2 loses="conv"
def m_by_n_mask(kernel, zeros, size):
    if kernel.ndim > 2:
        flat = kernel.reshape(-1, kernel.shape[-1])
        return m_by_n_mask(flat, zeros, size).reshape(kernel.shape)
    mask = np.ones_like(kernel)
    for column, kept in zip(np.abs(kernel).T, mask.T):
        for begin in range(0, len(column), size):
            part = column[begin : begin + size]
            ranked = sorted(range(len(part)), key=lambda place: (-part[place], place))
            kept[[begin + place for place in ranked[size - zeros :]]] = 0
    return mask


# %% misconception="signs-count"
# Signs were counted; the largest magnitude matters.
# Remedy: Rank `np.abs(kernel)`.


# %% wrong misconception="signs-count" variant=1 loses="dense,ratio,leftover,ties,conv"
def m_by_n_mask(kernel, zeros, size):
    rows = np.moveaxis(kernel, -2, -1)
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)]).reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(-groups, axis=-1, kind="stable")
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., : size - zeros], 1, axis=-1)
    mask = mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]
    return np.moveaxis(mask, -1, -2)


# %% misconception="masked-in-place"
# `kernel` itself was changed.
# Remedy: Work on a copy, such as the one that `np.abs` makes.


# %% wrong misconception="masked-in-place" variant=1 loses="keeps-input"
def m_by_n_mask(kernel, zeros, size):
    np.abs(kernel, out=kernel)
    rows = np.moveaxis(kernel, -2, -1)
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)]).reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(-groups, axis=-1, kind="stable")
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., : size - zeros], 1, axis=-1)
    mask = mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]
    return np.moveaxis(mask, -1, -2)


# %% misconception="as-booleans"
# The mask is of `bool`; tfmot multiplies with it, so that it is float32.
# Remedy: `.astype(np.float32)`.


# %% wrong misconception="as-booleans" variant=1 loses="dense"
def m_by_n_mask(kernel, zeros, size):
    rows = np.moveaxis(np.abs(kernel), -2, -1)
    pad = -rows.shape[-1] % size
    groups = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, pad)]).reshape(*rows.shape[:-1], -1, size)
    order = np.argsort(-groups, axis=-1, kind="stable")
    mask = np.zeros(groups.shape, np.float32)
    np.put_along_axis(mask, order[..., : size - zeros], 1, axis=-1)
    mask = mask.reshape(*rows.shape[:-1], -1)[..., : rows.shape[-1]]
    return np.moveaxis(mask, -1, -2) > 0


# %% right style="group by group"
def m_by_n_mask(kernel, zeros, size):
    mask = np.ones_like(kernel)
    inputs = kernel.shape[-2]
    for at in np.ndindex(*kernel.shape[:-2], kernel.shape[-1]):
        column = (*at[:-1], slice(None), at[-1])
        for begin in range(0, inputs, size):
            group = np.abs(kernel[column][begin : begin + size])
            gone = sorted(range(len(group)), key=lambda i: (group[i], -i))[: max(zeros - size + len(group), 0)]
            for place in gone:
                mask[(*at[:-1], begin + place, at[-1])] = 0
    return mask


# %% right style="ranks"
def m_by_n_mask(kernel, zeros, size):
    magnitudes = np.abs(np.swapaxes(kernel, -1, -2))
    inputs = magnitudes.shape[-1]
    mask = np.empty(magnitudes.shape, dtype=np.float32)
    for begin in range(0, inputs, size):
        part = magnitudes[..., begin : begin + size]
        ranks = np.argsort(np.argsort(-part, axis=-1, kind="stable"), axis=-1)
        mask[..., begin : begin + size] = ranks < size - zeros
    return np.swapaxes(mask, -1, -2)
