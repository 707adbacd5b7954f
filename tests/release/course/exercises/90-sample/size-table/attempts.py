# %% misconception="bits-for-bytes"
# Bits are counted, not bytes.
# Remedy: Divide by 8.

# %% wrong misconception="bits-for-bytes" variant=1 loses="float-size,code-size"
sizes = {"float32": 32 * weights.size, "int8": 8 * weights.size}

# %% wrong misconception="bits-for-bytes" variant=2 loses="float-size,code-size"
sizes = {dtype: np.dtype(dtype).itemsize * 8 * len(weights) for dtype in ("float32", "int8")}

# %% misconception="codes-as-floats"
# The codes are still stored as float32.
# Remedy: Cast to int8 first.

# %% wrong misconception="codes-as-floats" variant=1 loses="code-size"
sizes = {"float32": weights.nbytes, "int8": weights.round().nbytes}

# %% wrong misconception="codes-as-floats" variant=2 loses="code-size"
sizes = dict.fromkeys(("float32", "int8"), 4 * weights.size)

# %% misconception="counts-weights"
# Weights are counted, not bytes.
# Remedy: Multiply by the item size.

# %% wrong misconception="counts-weights" variant=1 loses="float-size"
sizes = {"float32": weights.size, "int8": weights.size}

# %% wrong misconception="counts-weights" variant=2 loses="float-size"
sizes = dict.fromkeys(("float32", "int8"), len(weights))

# %% right style="item size times count"
sizes = {"float32": weights.size * 4, "int8": weights.size}

# %% right style="through the buffer"
sizes = {"float32": len(weights.tobytes()), "int8": len(weights.astype(np.int8).tobytes())}
