# %% misconception="high-bit-first"
# The first place of each eight is in the highest bit of its byte.
# Remedy: `np.packbits(…, bitorder="little")`; without it, the first place goes to the bit of value 128.


# %% wrong misconception="high-bit-first" variant=1 loses="mask,edges"
def bitmask_pack(weights):
    mask = np.packbits(weights.ravel() != 0)
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% wrong misconception="high-bit-first" variant=2 loses="mask,edges"
def bitmask_pack(weights):
    kept = np.pad(weights.ravel() != 0, (0, -weights.size % 8)).reshape(-1, 8)
    mask = (kept * 2 ** np.arange(7, -1, -1)).sum(axis=1).astype(np.uint8)
    values = weights.ravel()[weights.ravel() != 0]
    return {"mask": mask, "values": values, "bytes": int(len(mask) + values.nbytes)}


# %% misconception="byte-for-each-place"
# The mask has a byte for each place, since NumPy's `bool` takes a byte.
# Remedy: Pack eight places into a byte: `np.packbits`.


# %% wrong misconception="byte-for-each-place" variant=1 loses="mask,bytes,edges"
def bitmask_pack(weights):
    mask = (weights.ravel() != 0).astype(np.uint8)
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% wrong misconception="byte-for-each-place" variant=2 loses="mask,bytes,edges"
def bitmask_pack(weights):
    flat = weights.flatten()
    mask = np.array([number != 0 for number in flat], dtype=np.uint8)
    values = flat[mask == 1]
    return {"mask": mask, "values": values, "bytes": int(mask.size + values.size * flat.itemsize)}


# %% misconception="rows-apart"
# Each row was packed by itself, and filled up to whole bytes.
# Remedy: Flatten the array first; only the end of all places is filled up.


# %% wrong misconception="rows-apart" variant=1 loses="mask,bytes,edges"
def bitmask_pack(weights):
    mask = np.packbits(weights != 0, axis=-1, bitorder="little").ravel()
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% wrong misconception="rows-apart" variant=2 loses="mask,bytes,edges"
def bitmask_pack(weights):
    rows = weights.reshape(-1, weights.shape[-1])
    parts = [np.packbits(row != 0, bitorder="little") for row in rows]
    mask = np.concatenate([np.zeros(0, np.uint8), *parts])
    values = rows[rows != 0]
    return {"mask": mask, "values": values, "bytes": int(mask.nbytes + values.nbytes)}


# %% misconception="ones-for-zeros"
# The bits are turned round: they are 1 where the weight is zero.
# Remedy: A bit is 1 where there is a value to read: `weights != 0`.


# %% wrong misconception="ones-for-zeros" variant=1 loses="mask,edges"
def bitmask_pack(weights):
    mask = np.packbits(weights.ravel() == 0, bitorder="little")
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% wrong misconception="ones-for-zeros" variant=2 loses="mask,edges"
def bitmask_pack(weights):
    zeros = np.isclose(weights.ravel(), 0, rtol=0, atol=0)
    values = weights.ravel()[~zeros]
    mask = np.packbits(zeros, bitorder="little")
    return {"mask": mask, "values": values, "bytes": int(mask.size + values.nbytes)}


# %% decoy misconception="ones-for-zeros" loses="mask,edges"
def bitmask_pack(weights):
    mask = np.packbits(weights.ravel() == 0)  # the high bit first as well
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% misconception="four-bytes-a-value"
# Each value was counted as 4 bytes, whatever its dtype.
# Remedy: `values.nbytes`, or `weights.itemsize` for each: int8 takes 1 byte, float16 takes 2.


# %% wrong misconception="four-bytes-a-value" variant=1 loses="bytes"
def bitmask_pack(weights):
    mask = np.packbits(weights.ravel() != 0, bitorder="little")
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.size + 4 * values.size}


# %% wrong misconception="four-bytes-a-value" variant=2 loses="bytes"
def bitmask_pack(weights):
    mask = np.packbits(weights.ravel() != 0, bitorder="little")
    values = weights.ravel()[np.flatnonzero(weights)]
    return {"mask": mask, "values": values, "bytes": (weights.size + 7) // 8 + int(np.count_nonzero(weights)) * 4}


# %% misconception="values-in-float32"
# The values were converted to float32.
# Remedy: Keep the dtype of `weights`; an int8 value takes one byte, and a float64 has more digits.


# %% wrong misconception="values-in-float32" variant=1 loses="values"
def bitmask_pack(weights):
    mask = np.packbits(weights.ravel() != 0, bitorder="little")
    values = weights[weights != 0].astype(np.float32)
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.size * weights.itemsize}


# %% misconception="columns-first"
# The places were taken column by column.
# Remedy: `weights.ravel()` is in row-major order, also where the array is a transposed one.


# %% wrong misconception="columns-first" variant=1 loses="mask,values,edges"
def bitmask_pack(weights):
    flat = weights.ravel(order="F")
    mask, values = np.packbits(flat != 0, bitorder="little"), flat[flat != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% misconception="small-for-zero"
# Small values were taken for zeros and lost.
# Remedy: Compare with 0 exactly: `weights != 0`.


# %% wrong misconception="small-for-zero" variant=1 loses="values,edges"
def bitmask_pack(weights):
    kept = ~np.isclose(weights.ravel().astype(np.float64), 0)
    mask, values = np.packbits(kept, bitorder="little"), weights.ravel()[kept]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% misconception="bits-of-whole-numbers"
# The bits were made from the weights as whole numbers, so that one between -1 and 1 has a 0.
# Remedy: Compare first, `weights != 0`; packing, or a conversion to a dtype of integers, cuts fractions off.


# %% wrong misconception="bits-of-whole-numbers" variant=1 loses="mask,edges"
def bitmask_pack(weights):
    mask = np.packbits(weights.ravel().astype(int), bitorder="little")
    values = weights[weights != 0]
    return {"mask": mask, "values": values, "bytes": mask.nbytes + values.nbytes}


# %% wrong misconception="bits-of-whole-numbers" variant=2 loses="mask,edges"
def bitmask_pack(weights):
    mask, values = np.zeros(-(-weights.size // 8), dtype=np.uint8), []
    for place, number in enumerate(weights.flat):
        if int(number):
            mask[place // 8] += 1 << place % 8
        if number:
            values.append(number)
    values = np.array(values, dtype=weights.dtype)
    return {"mask": mask, "values": values, "bytes": int(mask.nbytes + values.nbytes)}


# %% misconception="input-overwritten"
# The array that was given has been given another shape.
# Remedy: `weights.ravel()` returns another array; assigning to `weights.shape` changes the one that was given.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def bitmask_pack(weights):
    flat = weights.ravel().copy()
    mask = np.packbits(flat != 0, bitorder="little")
    weights[...] = weights != 0
    return {"mask": mask, "values": flat[flat != 0], "bytes": mask.nbytes + flat[flat != 0].nbytes}


# %% right style="powers of two"
def bitmask_pack(weights):
    flat = weights.ravel()
    kept = np.pad(flat != 0, (0, -flat.size % 8)).reshape(-1, 8)
    mask = kept.dot(2 ** np.arange(8)).astype(np.uint8)
    values = flat[flat != 0]
    return {"mask": mask, "values": values, "bytes": int(mask.nbytes + values.nbytes)}


# %% right style="place by place"
def bitmask_pack(weights):
    mask, values = [0] * ((weights.size + 7) // 8), []
    for place, number in enumerate(weights.flat):
        if number:
            mask[place // 8] |= 1 << place % 8
            values.append(number)
    return {
        "mask": np.array(mask, dtype=np.uint8),
        "values": np.array(values, dtype=weights.dtype),
        "bytes": len(mask) + len(values) * weights.itemsize,
    }
