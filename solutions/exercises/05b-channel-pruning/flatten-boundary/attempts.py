# %% misconception="one-column-a-channel"
# Each channel kept one column; behind a flatten it owns as many as it has places.
# Remedy: Channels first, channel c owns the columns from `c * places` to `(c + 1) * places - 1`.


# %% wrong misconception="one-column-a-channel" variant=1 loses="any-order,channels-first,ends,places-first,refuses"
def flatten_boundary(weight, keep, places, layout):
    if weight.shape[1] % places or layout not in ("channels-first", "places-first"):
        raise ValueError(layout)
    return weight[:, keep]


# %% wrong misconception="one-column-a-channel" variant=2 loses="any-order,channels-first,ends,places-first,refuses"
def flatten_boundary(weight, keep, places, layout):
    if layout not in ("channels-first", "places-first") or weight.shape[1] % places != 0:
        raise ValueError("cannot be")
    return np.stack([weight[:, channel] for channel in keep], axis=1)


# %% misconception="always-channels-first"
# Both layouts were read as channels first.
# Remedy: Places first, the channels run fastest: channel c owns the columns c, c + channels, c + 2 channels, …


# %% wrong misconception="always-channels-first" variant=1 loses="places-first,any-order,ends"
def flatten_boundary(weight, keep, places, layout):
    outputs, columns = weight.shape
    if columns % places or layout not in ("channels-first", "places-first"):
        raise ValueError(layout)
    return weight.reshape(outputs, -1, places)[:, keep].reshape(outputs, -1)


# %% wrong misconception="always-channels-first" variant=2 loses="places-first,any-order,ends"
def flatten_boundary(weight, keep, places, layout):
    if layout not in ("channels-first", "places-first") or weight.shape[1] % places:
        raise ValueError("cannot be")
    return weight[:, [channel * places + place for channel in keep for place in range(places)]]


# %% misconception="layouts-exchanged"
# The two layouts are exchanged.
# Remedy: Channels first means that the channel is the outer axis: all places of channel 0 stand before channel 1.


# %% wrong misconception="layouts-exchanged" variant=1 loses="any-order,channels-first,ends,places-first,refuses"
def flatten_boundary(weight, keep, places, layout):
    outputs, columns = weight.shape
    if columns % places or layout not in ("channels-first", "places-first"):
        raise ValueError(layout)
    if layout == "places-first":
        return weight.reshape(outputs, -1, places)[:, keep].reshape(outputs, -1)
    return weight.reshape(outputs, places, -1)[:, :, keep].reshape(outputs, -1)


# %% wrong misconception="layouts-exchanged" variant=2 loses="any-order,channels-first,ends,places-first,refuses"
def flatten_boundary(weight, keep, places, layout):
    if layout not in ("channels-first", "places-first") or weight.shape[1] % places:
        raise ValueError("cannot be")
    channels = weight.shape[1] // places
    if layout == "channels-first":
        return weight[:, [place * channels + channel for place in range(places) for channel in keep]]
    return weight[:, [channel * places + place for channel in keep for place in range(places)]]


# %% misconception="layout-changed"
# The right columns, but in the other layout: channel after channel, where the input has place after place.
# Remedy: The smaller input is flattened like the larger one; go over places outside, and over `keep` inside.


# %% wrong misconception="layout-changed" variant=1 loses="places-first,any-order"
def flatten_boundary(weight, keep, places, layout):
    outputs, columns = weight.shape
    if columns % places or layout not in ("channels-first", "places-first"):
        raise ValueError(layout)
    if layout == "channels-first":
        return weight.reshape(outputs, -1, places)[:, keep].reshape(outputs, -1)
    return weight.reshape(outputs, places, -1).transpose(0, 2, 1)[:, keep].reshape(outputs, -1)


# %% wrong misconception="layout-changed" variant=2 loses="places-first,any-order"
def flatten_boundary(weight, keep, places, layout):
    if layout not in ("channels-first", "places-first") or weight.shape[1] % places:
        raise ValueError("cannot be")
    channels = weight.shape[1] // places
    step, stride = (places, 1) if layout == "channels-first" else (1, channels)
    return weight[:, [channel * step + place * stride for channel in keep for place in range(places)]]


# %% misconception="keep-sorted"
# The channels came back in ascending order, and not in that of `keep`.
# Remedy: Index with `keep` as it is; a mask of True and False forgets its order.


# %% wrong misconception="keep-sorted" variant=1 loses="any-order"
def flatten_boundary(weight, keep, places, layout):
    columns = weight.shape[1]
    if columns % places or layout not in ("channels-first", "places-first"):
        raise ValueError(layout)
    mask = np.zeros(columns // places, bool)
    mask[keep] = True
    mask = np.repeat(mask, places) if layout == "channels-first" else np.tile(mask, places)
    return weight[:, mask]


# %% wrong misconception="keep-sorted" variant=2 loses="any-order"
def flatten_boundary(weight, keep, places, layout):
    if layout not in ("channels-first", "places-first") or weight.shape[1] % places:
        raise ValueError("cannot be")
    channels = weight.shape[1] // places
    owner = [at // places if layout == "channels-first" else at % channels for at in range(weight.shape[1])]
    return np.stack([weight[:, at] for at, channel in enumerate(owner) if channel in keep], axis=1)


# %% misconception="nothing-refused"
# What does not fit was taken all the same, or failed with another error.
# Remedy: Look at the layout and at `columns % places` first, and raise a `ValueError`.


# %% wrong misconception="nothing-refused" variant=1 loses="refuses"
def flatten_boundary(weight, keep, places, layout):
    channels = weight.shape[1] // places
    if layout == "channels-first":
        return weight[:, [channel * places + place for channel in keep for place in range(places)]]
    return weight[:, [place * channels + channel for place in range(places) for channel in keep]]


# %% misconception="input-overwritten"
# The weight that was given has been overwritten.
# Remedy: Return a new array.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def flatten_boundary(weight, keep, places, layout):
    outputs, columns = weight.shape
    if columns % places or layout not in ("channels-first", "places-first"):
        raise ValueError(layout)
    if layout == "channels-first":
        kept = weight.reshape(outputs, -1, places)[:, keep].reshape(outputs, -1)
    else:
        kept = weight.reshape(outputs, places, -1)[:, :, keep].reshape(outputs, -1)
    weight[:, : kept.shape[1]] = kept
    return kept


# %% right style="lists of columns"
def flatten_boundary(weight, keep, places, layout):
    channels, rest = divmod(weight.shape[1], places)
    if rest:
        raise ValueError("places do not divide the columns")
    match layout:
        case "channels-first":
            taken = [channel * places + place for channel in keep for place in range(places)]
        case "places-first":
            taken = [place * channels + channel for place in range(places) for channel in keep]
        case _:
            raise ValueError(layout)
    return weight[:, taken]


# %% right style="a table of columns"
def flatten_boundary(weight, keep, places, layout):
    if layout not in {"channels-first", "places-first"}:
        raise ValueError(f"no layout {layout}")
    columns = np.arange(weight.shape[1])
    if layout == "channels-first":
        table = columns.reshape(-1, places)[np.array(keep)]
    else:
        table = columns.reshape(places, -1)[:, np.array(keep)]
    return np.take(weight, table.ravel(), axis=1)
