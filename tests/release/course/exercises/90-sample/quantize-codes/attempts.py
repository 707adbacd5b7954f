# %% misconception="floor-for-round"
# Codes are rounded down, not to the nearest.
# Remedy: Use `np.round`.

# %% wrong misconception="floor-for-round" variant=1 loses="typical"
def quantize_codes(x, scale):
    return np.clip(np.floor(x / scale), -128, 127).astype(np.int8)


# %% wrong misconception="floor-for-round" variant=2 loses="typical"
def quantize_codes(x, scale):
    codes = (x // scale).astype(np.int32)
    return np.maximum(np.minimum(codes, 127), -128).astype("int8")


# %% misconception="not-clamped"
# Codes beyond int8 wrap around.
# Remedy: Clip before the cast to int8.


# %% wrong misconception="not-clamped" variant=1 loses="clamps"
def quantize_codes(x, scale):
    return np.round(x / scale).astype(np.int64).astype(np.int8)


# %% wrong misconception="not-clamped" variant=2 loses="clamps"
def quantize_codes(x, scale):
    codes = np.rint(np.divide(x, scale)).astype(int)
    wrapped = (codes + 128) % 256 - 128
    return wrapped.astype(np.int8)


# %% decoy misconception="not-clamped" loses="clamps"
def quantize_codes(x, scale):
    return np.clip(np.round(x / scale), -127, 127).astype(np.int8)


# %% misconception="works-in-place"
# The result is written into `x`.
# Remedy: Divide into a new array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def quantize_codes(x, scale):
    x /= scale
    np.round(x, out=x)
    return np.clip(x, -128, 127).astype(np.int8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def quantize_codes(x, scale):
    x[:] = np.clip(np.round(x / scale), -128, 127)
    return x.astype(np.int8)


# %% right style="a loop over the values"
def quantize_codes(x, scale):
    codes = np.empty(x.shape, np.int8)
    for position, value in np.ndenumerate(x):
        codes[position] = min(127, max(-128, round(float(value) / scale)))
    return codes


# %% right style="clamp the real values first"
def quantize_codes(x, scale):
    bounded = np.clip(x, -128 * scale, 127 * scale)
    return np.rint(bounded / scale).astype("int8")
