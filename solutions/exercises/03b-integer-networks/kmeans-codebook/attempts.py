# %% misconception="never-moved"
# The evenly spaced entries never move: this is a uniform grid.
# Remedy: Move each entry to the mean of its members, `steps` times.

# %% wrong misconception="never-moved" variant=1 loses="codebook,codes,empty-entries"
def kmeans_codebook(x, bits, steps):
    codebook = np.linspace(x.min(), x.max(), 2**bits).astype(np.float64)
    codes = np.abs(x[..., None] - codebook).argmin(axis=-1)
    return codebook.astype(np.float32), codes.astype(np.uint8)


# %% wrong misconception="never-moved" variant=2 loses="codebook,codes,empty-entries"
def kmeans_codebook(x, bits, steps):
    low, high = float(x.min()), float(x.max())
    step = (high - low) / (2**bits - 1)
    codes = np.ceil((x.astype(float) - low) / step - 0.5).clip(0)
    return np.float32(low + step * np.arange(2**bits)), codes.astype(np.uint8)


# %% misconception="median-for-mean"
# Entries move to the median of their members.
# Remedy: The mean is what makes the squared error least.


# %% wrong misconception="median-for-mean" variant=1 loses="codebook,codes,empty-entries"
def kmeans_codebook(x, bits, steps):
    values = x.astype(np.float64).ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits)
    for _ in range(steps):
        codes = np.abs(values[:, None] - codebook).argmin(axis=1)
        for entry in np.unique(codes):
            codebook[entry] = np.median(values[codes == entry])
    codes = np.abs(values[:, None] - codebook).argmin(axis=1)
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(x.shape)


# %% wrong misconception="median-for-mean" variant=2 loses="codebook,codes,empty-entries"
def kmeans_codebook(x, bits, steps):
    values = sorted(float(value) for value in x.ravel())
    entries = [values[0] + (values[-1] - values[0]) * i / (2**bits - 1) for i in range(2**bits)]

    def nearest(value):
        return min(range(len(entries)), key=lambda i: abs(entries[i] - value))

    for _ in range(steps):
        members = [[] for _ in entries]
        for value in values:
            members[nearest(value)].append(value)
        for i, own in enumerate(members):
            if own:
                entries[i] = (own[(len(own) - 1) // 2] + own[len(own) // 2]) / 2
    codes = [nearest(float(value)) for value in x.ravel()]
    return np.array(entries, np.float32), np.array(codes, np.uint8).reshape(x.shape)


# %% misconception="stale-codes"
# The codes belong to the codebook before the last step.
# Remedy: Assign the values once more after the loop.


# %% wrong misconception="stale-codes" variant=1 loses="codes"
def kmeans_codebook(x, bits, steps):
    values = x.astype(np.float64).ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits)
    for _ in range(steps):
        codes = np.abs(values[:, None] - codebook).argmin(axis=1)
        for entry in np.unique(codes):
            codebook[entry] = values[codes == entry].mean()
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(x.shape)


# %% wrong misconception="stale-codes" variant=1 loses="codes"
def kmeans_codebook(x, bits, steps):
    values = x.astype(np.float64).ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits)
    codes = np.abs(values[:, None] - codebook).argmin(axis=1)
    for step in range(steps):
        if step > 0:
            codes = np.abs(values[:, None] - codebook).argmin(axis=1)
        for entry in np.unique(codes):
            codebook[entry] = values[codes == entry].mean()
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(x.shape)


# %% wrong misconception="stale-codes" variant=2 loses="codes"
def kmeans_codebook(x, bits, steps):
    values = x.astype(float)
    entries = np.linspace(values.min(), values.max(), 1 << bits)
    for _ in range(steps):
        borders = (entries[1:] + entries[:-1]) / 2
        codes = np.searchsorted(borders, values)
        counts = np.bincount(codes.ravel(), minlength=len(entries))
        totals = np.bincount(codes.ravel(), weights=values.ravel(), minlength=len(entries))
        entries = np.where(counts > 0, totals / np.maximum(counts, 1), entries)
    return np.float32(entries), np.uint8(codes)


# %% misconception="empty-entry-to-zero"
# An entry without members falls to 0.
# Remedy: Leave it where it is.


# %% wrong misconception="empty-entry-to-zero" variant=1 loses="empty-entries"
def kmeans_codebook(x, bits, steps):
    values = x.astype(np.float64).ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits)
    for _ in range(steps):
        codes = np.abs(values[:, None] - codebook).argmin(axis=1)
        for entry in range(2**bits):
            codebook[entry] = values[codes == entry].sum() / max(1, (codes == entry).sum())
    codes = np.abs(values[:, None] - codebook).argmin(axis=1)
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(x.shape)


# %% wrong misconception="empty-entry-to-zero" variant=2 loses="empty-entries"
def kmeans_codebook(x, bits, steps):
    values = x.astype(float).ravel()
    entries = np.linspace(values.min(), values.max(), 1 << bits)

    def belongs(entries):
        return np.eye(len(entries))[np.abs(np.subtract.outer(values, entries)).argmin(1)]

    for _ in range(steps):
        members = belongs(entries)
        entries = np.nan_to_num(values @ members / members.sum(0))
    return np.float32(entries), belongs(entries).argmax(1).astype("uint8").reshape(x.shape)


# %% misconception="one-step-short"
# One step is missing.
# Remedy: Count a step as: assign, then move. There are `steps` of them.


# %% wrong misconception="one-step-short" variant=1 loses="codebook,codes"
def kmeans_codebook(x, bits, steps):
    values = x.astype(np.float64).ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits)
    codes = np.abs(values[:, None] - codebook).argmin(axis=1)
    for _ in range(1, steps):
        for entry in np.unique(codes):
            codebook[entry] = values[codes == entry].mean()
        codes = np.abs(values[:, None] - codebook).argmin(axis=1)
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(x.shape)


# %% wrong misconception="one-step-short" variant=2 loses="codebook,codes"
def kmeans_codebook(x, bits, steps):
    values = x.astype(float).ravel()
    entries = np.linspace(values.min(), values.max(), 1 << bits)
    while True:
        codes = np.searchsorted((entries[1:] + entries[:-1]) / 2, values)
        steps -= 1
        if steps <= 0:
            return np.float32(entries), codes.astype("uint8").reshape(x.shape)
        for entry in set(codes.tolist()):
            entries[entry] = np.average(values, weights=codes == entry)


# %% decoy misconception="one-step-short" loses="codes"
# The fit is done in float32.
def kmeans_codebook(x, bits, steps):
    values = x.ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits).astype(np.float32)

    def nearest():
        return np.abs(values[:, None] - codebook).argmin(1)

    for _ in range(steps):
        codes = nearest()
        for k in np.unique(codes):
            codebook[k] = values[codes == k].mean()
    return codebook, nearest().reshape(x.shape).astype(np.uint8)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Work on a copy of the values.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def kmeans_codebook(x, bits, steps):
    values = x.astype(np.float64).ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits)
    for _ in range(steps):
        codes = np.abs(values[:, None] - codebook).argmin(axis=1)
        for entry in np.unique(codes):
            codebook[entry] = values[codes == entry].mean()
    codes = np.abs(values[:, None] - codebook).argmin(axis=1)
    x[...] = codebook[codes].reshape(x.shape)
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(x.shape)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def kmeans_codebook(x, bits, steps):
    values = x.astype(float)
    x -= x.min() - 1
    entries = np.linspace(values.min(), values.max(), 1 << bits)
    for _ in range(steps):
        codes = np.searchsorted((entries[1:] + entries[:-1]) / 2, values)
        for entry in set(codes.ravel().tolist()):
            entries[entry] = values[codes == entry].mean()
    return np.float32(entries), np.searchsorted((entries[1:] + entries[:-1]) / 2, values).astype(np.uint8)


# %% misconception="upper-of-two"
# A value halfway between two entries goes to the upper one.
# Remedy: Take the lower one: `argmin` returns the first of equal distances.


# %% wrong misconception="upper-of-two" variant=1 loses="codebook,codes"
def kmeans_codebook(x, bits, steps):
    v = x.astype(float).ravel()
    cb = np.linspace(v.min(), v.max(), 2**bits)

    def near():
        return len(cb) - 1 - np.abs(v[:, None] - cb[::-1]).argmin(1)

    for _ in range(steps):
        c = near()
        for i in range(len(cb)):
            if (c == i).any():
                cb[i] = v[c == i].mean()
    return cb.astype(np.float32), near().astype(np.uint8).reshape(x.shape)


# %% wrong misconception="upper-of-two" variant=2 loses="codebook,codes"
def kmeans_codebook(x, bits, steps):
    values = x.astype(np.float64)
    entries = np.linspace(values.min(), values.max(), 1 << bits)
    for _ in range(steps):
        codes = np.searchsorted((entries[1:] + entries[:-1]) / 2, values, side="right")
        for entry in set(codes.ravel().tolist()):
            entries[entry] = values[codes == entry].mean()
    codes = np.searchsorted((entries[1:] + entries[:-1]) / 2, values, side="right")
    return entries.astype("float32"), codes.astype("uint8")


# %% right style="borders halfway between entries"
def kmeans_codebook(x, bits, steps):
    values = x.astype(float)
    entries = np.linspace(values.min(), values.max(), 1 << bits)
    for _ in range(steps):
        codes = np.searchsorted((entries[1:] + entries[:-1]) / 2, values).ravel()
        counts = np.bincount(codes, minlength=len(entries))
        totals = np.bincount(codes, weights=values.ravel(), minlength=len(entries))
        entries = np.where(counts > 0, totals / np.maximum(counts, 1), entries)
    codes = np.searchsorted((entries[1:] + entries[:-1]) / 2, values)
    return np.float32(entries), np.uint8(codes)


# %% right style="with torch"
def kmeans_codebook(x, bits, steps):
    import torch

    values = torch.tensor(x).double().flatten()
    entries = torch.tensor(np.linspace(float(values.min()), float(values.max()), 2**bits))

    def members():
        nearest = (values[:, None] - entries).abs().argmin(1)
        return torch.nn.functional.one_hot(nearest, len(entries)).double()

    for _ in range(steps):
        own = members()
        entries = torch.where(own.sum(0) > 0, values @ own / own.sum(0).clamp(min=1), entries)
    return entries.float().numpy(), members().argmax(1).to(torch.uint8).numpy().reshape(x.shape)
