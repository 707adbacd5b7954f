# %% misconception="zero-point-added"
# The zero point is added; that is the way from real values to codes.
# Remedy: Subtract it: the code `zero_point` must come back as 0.0.

# %% wrong misconception="zero-point-added" variant=1 loses="typical,wide"
def dequantize(q, scale, zero_point):
    return ((q.astype(np.float32) + zero_point) * scale).astype(np.float32)


# %% wrong misconception="zero-point-added" variant=2 loses="typical,wide"
def dequantize(q, scale, zero_point):
    real_zero = zero_point * scale
    return (np.multiply(q, scale, dtype=np.float64) + real_zero).astype("float32")


# %% misconception="zero-point-as-real"
# The zero point is added after the scale, as if it were a real value and not a code.
# Remedy: Subtract it from the codes before multiplying. With a zero point of 0 both look right.


# %% wrong misconception="zero-point-as-real" variant=1 loses="typical,wide"
def dequantize(q, scale, zero_point):
    return (q.astype(np.float32) * scale + zero_point).astype(np.float32)


# %% wrong misconception="zero-point-as-real" variant=2 loses="typical,wide"
def dequantize(q, scale, zero_point):
    x_hat = np.full(q.shape, zero_point, dtype=np.float64)
    x_hat = x_hat + scale * q.astype(np.float64)
    return np.float32(x_hat)


# %% misconception="codes-wrap"
# The difference is taken in 8 bits and wraps around.
# Remedy: Widen the codes first, for instance to float32 or int32.


# %% wrong misconception="codes-wrap" variant=1 loses="wide"
def dequantize(q, scale, zero_point):
    return (q - zero_point).astype(np.float32) * np.float32(scale)


# %% wrong misconception="codes-wrap" variant=2 loses="wide"
def dequantize(q, scale, zero_point):
    shifted = np.subtract(q, np.full(q.shape, zero_point, dtype=q.dtype))
    return (shifted * float(scale)).astype("float32")


# %% misconception="double-precision"
# The values come back as float64, twice the bytes of the float32 that was asked for.
# Remedy: End with `.astype(np.float32)`.


# %% wrong misconception="double-precision" variant=1 loses="shape-and-dtype"
def dequantize(q, scale, zero_point):
    return (q.astype(np.float64) - zero_point) * scale


# %% wrong misconception="double-precision" variant=1 loses="shape-and-dtype"
def dequantize(q, scale, zero_point):
    table = {code: (code - zero_point) * scale for code in range(-128, 256)}
    return np.array([table[code] for code in q.ravel().tolist()]).reshape(q.shape)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Subtract into a new, wider array, and leave the codes alone.


# %% wrong misconception="works-in-place" variant=1 loses="wide,keeps-input"
def dequantize(q, scale, zero_point):
    q -= zero_point
    return (q * scale).astype(np.float32)


# %% wrong misconception="works-in-place" variant=2 loses="wide,keeps-input"
def dequantize(q, scale, zero_point):
    np.subtract(q, q.dtype.type(zero_point), out=q)
    return np.float32(scale) * q.astype(np.float32)


# %% right style="integers first"
def dequantize(q, scale, zero_point):
    return ((q.astype(np.int32) - zero_point) * scale).astype(np.float32)


# %% right style="a table of all codes"
def dequantize(q, scale, zero_point):
    reals = np.array([(code - zero_point) * scale for code in range(-128, 256)], dtype=np.float32)
    return reals[q.astype(np.int64) + 128]
