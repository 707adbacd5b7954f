# %% misconception="high-bits-first"
# The places were read from the highest bits of each byte down.
# Remedy: The first value has the two lowest bits: shift by 0, 2, 4 and 6.


# %% wrong misconception="high-bits-first" variant=1 loses="typical,either-order,dtypes,edges"
def two_four_unpack(values, places):
    in_group = (places[:, :, None] >> np.array([6, 4, 2, 0], dtype=np.uint8) & 3).reshape(values.shape)
    columns = in_group + 4 * (np.arange(values.shape[1]) // 2)
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    np.put_along_axis(dense, columns, values, axis=1)
    return dense


# %% wrong misconception="high-bits-first" variant=2 loses="typical,either-order,dtypes,edges"
def two_four_unpack(values, places):
    bits = np.unpackbits(places, axis=1).reshape(len(values), 4 * places.shape[1], 2)
    in_group = bits[:, :, 0] * 2 + bits[:, :, 1]
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    for row in range(len(values)):
        for at in range(values.shape[1]):
            dense[row, at // 2 * 4 + in_group[row, at]] = values[row, at]
    return dense


# %% misconception="order-of-places-ignored"
# The values of a group were written in the order of the columns, though their places say otherwise.
# Remedy: Write each value at its own place; the larger of the two places may come first.


# %% wrong misconception="order-of-places-ignored" variant=1 loses="either-order,dtypes,edges"
def two_four_unpack(values, places):
    in_group = (places[:, :, None] >> np.array([0, 2, 4, 6], dtype=np.uint8) & 3).reshape(values.shape)
    columns = in_group + 4 * (np.arange(values.shape[1]) // 2)
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    np.put_along_axis(dense, np.sort(columns, axis=1), values, axis=1)
    return dense


# %% wrong misconception="order-of-places-ignored" variant=2 loses="either-order,dtypes,edges"
def two_four_unpack(values, places):
    mask = np.zeros((len(values), 2 * values.shape[1]), dtype=bool)
    for row, stored in enumerate(places):
        for at in range(values.shape[1]):
            mask[row, at // 2 * 4 + (int(stored[at // 4]) >> at % 4 * 2 & 3)] = True
    dense = np.zeros(mask.shape, dtype=values.dtype)
    dense[mask] = values.ravel()
    return dense


# %% misconception="float-result"
# The dense weights came out in another dtype than that of the values.
# Remedy: `np.zeros(…, dtype=values.dtype)`; without it NumPy makes float64.


# %% wrong misconception="float-result" variant=1 loses="dtypes"
def two_four_unpack(values, places):
    in_group = (places[:, :, None] >> np.array([0, 2, 4, 6], dtype=np.uint8) & 3).reshape(values.shape)
    columns = in_group + 4 * (np.arange(values.shape[1]) // 2)
    dense = np.zeros((len(values), 2 * values.shape[1]))
    np.put_along_axis(dense, columns, values, axis=1)
    return dense


# %% wrong misconception="float-result" variant=2 loses="dtypes"
def two_four_unpack(values, places):
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=np.float64)
    for shift in range(4):
        column = places >> np.uint8(2 * shift) & 3
        for row, byte in np.ndindex(*places.shape):
            at = 4 * byte + shift
            dense[row, at // 2 * 4 + column[row, byte]] = values[row, at]
    return dense


# %% misconception="nibbles"
# A place was read from four bits, so that a byte held two of them.
# Remedy: A place of four takes 2 bits: mask with `3`, and shift by 2.


# %% wrong misconception="nibbles" variant=1 loses="typical,either-order,dtypes,edges"
def two_four_unpack(values, places):
    in_group = (places[:, :, None] >> np.array([0, 4, 0, 4], dtype=np.uint8) & 3).reshape(values.shape)
    columns = in_group + 4 * (np.arange(values.shape[1]) // 2)
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    np.put_along_axis(dense, columns, values, axis=1)
    return dense


# %% misconception="groups-of-two"
# The groups were taken to begin every two columns; a group of four inputs keeps two values.
# Remedy: Value `i` belongs to group `i // 2`, which begins at column `4 * (i // 2)`.


# %% wrong misconception="groups-of-two" variant=1 loses="typical,either-order,dtypes,edges"
def two_four_unpack(values, places):
    in_group = (places[:, :, None] >> np.array([0, 2, 4, 6], dtype=np.uint8) & 3).reshape(values.shape)
    columns = in_group + 2 * (np.arange(values.shape[1]) // 2)
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    np.put_along_axis(dense, columns, values, axis=1)
    return dense


# %% wrong misconception="groups-of-two" variant=2 loses="typical,either-order,dtypes,edges"
def two_four_unpack(values, places):
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    for row in range(len(values)):
        for at, value in enumerate(values[row]):
            place = int(places[row, at // 4]) >> 2 * (at % 4) & 3
            dense[row, at - at % 2 + place] = value
    return dense


# %% misconception="bytes-emptied"
# The bytes of the places were shifted in place, and are empty afterwards.
# Remedy: `places >> 2` makes a new array; `places >>= 2` changes the one that was given.


# %% wrong misconception="bytes-emptied" variant=1 loses="keeps-input"
def two_four_unpack(values, places):
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    for shift in range(4):
        at = np.arange(shift, values.shape[1], 4)
        columns = at // 2 * 4 + (places & 3)
        np.put_along_axis(dense, columns, values[:, at], axis=1)
        places >>= 2
    return dense


# %% misconception="zeros-left-out"
# Values that are zero were dropped, so that the values after them stand at the wrong places.
# Remedy: A kept value may be zero; it has a place like any other.


# %% wrong misconception="zeros-left-out" variant=1 loses="edges"
def two_four_unpack(values, places):
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    for row in range(len(values)):
        stored = [value for value in values[row] if value != 0]
        for at, value in enumerate(stored):
            dense[row, at // 2 * 4 + (int(places[row, at // 4]) >> at % 4 * 2 & 3)] = value
    return dense


# %% right style="digits in base four"
def two_four_unpack(values, places):
    dense = np.zeros((len(values), 2 * values.shape[1]), dtype=values.dtype)
    for row, stored in enumerate(places):
        for at in range(values.shape[1]):
            digit = int(stored[at // 4]) // 4 ** (at % 4) % 4
            dense[row, 4 * (at // 2) + digit] = values[row, at]
    return dense


# %% right style="one-hot"
def two_four_unpack(values, places):
    digits = np.stack([places >> np.uint8(shift) & 3 for shift in (0, 2, 4, 6)], axis=-1)
    digits = digits.reshape(len(values), values.shape[1] // 2, 2)
    hot = digits[..., None] == np.arange(4)
    groups = values.reshape(*digits.shape, 1) * hot
    dense = groups.sum(axis=2, dtype=values.dtype)
    return dense.reshape(len(values), 2 * values.shape[1])


# %% right style="bits unpacked"
def two_four_unpack(values, places):
    bits = np.unpackbits(places, axis=1, bitorder="little").reshape(*values.shape, 2).astype(int)
    columns = bits[..., 0] + 2 * bits[..., 1] + np.arange(values.shape[1]) // 2 * 4
    dense = np.zeros((values.shape[0], values.shape[1] * 2), values.dtype)
    rows = np.arange(len(values))[:, None]
    dense[rows, columns] = values
    return dense
