# %% misconception="difference-wraps"
# The zero point is subtracted in 8 bits, where the difference wraps around; the cast comes too late.
# Remedy: Cast the codes to int32 first, then subtract.

# %% wrong misconception="difference-wraps" variant=1 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    steps = (q_x - np.int8(zero_point)).astype(np.int32)
    return steps @ q_w.astype(np.int32).T + q_bias


# %% wrong misconception="difference-wraps" variant=2 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    steps = (q_x.astype(np.int64) - zero_point + 128) % 256 - 128
    return np.int32(np.einsum("nk,mk->nm", steps, q_w.astype(np.int64)) + q_bias)


# %% misconception="sixteen-bit-bias"
# The bias is cut to 16 bits, though it counts in the small steps of the sum and may reach millions.
# Remedy: Leave the bias in int32.


# %% wrong misconception="sixteen-bit-bias" variant=1 loses="wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    return (q_x.astype(np.int32) - zero_point) @ q_w.astype(np.int32).T + q_bias.astype(np.int16)


# %% wrong misconception="sixteen-bit-bias" variant=2 loses="wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    exact = np.inner(np.int64(q_x) - zero_point, np.int64(q_w))
    return (exact + ((q_bias.astype(np.int64) + 2**15) % 2**16 - 2**15)).astype("int32")


# %% misconception="eight-bit-sums"
# Products and sums stay in 8 bits and wrap around.
# Remedy: Cast both code matrices to int32 before you multiply.


# %% wrong misconception="eight-bit-sums" variant=1 loses="products,zero-point,wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    return (q_x - np.int8(zero_point)) @ q_w.T + q_bias


# %% wrong misconception="eight-bit-sums" variant=2 loses="products,zero-point,wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    exact = (q_x.astype(np.int64) - zero_point) @ q_w.T.astype(np.int64)
    return ((exact + 128) % 256 - 128 + q_bias).astype(np.int32)


# %% misconception="sixteen-bit-sums"
# The sums are kept in 16 bits, which three products of large codes overflow already.
# Remedy: One product of int8 codes can fill 15 bits; a sum of many needs 32.


# %% wrong misconception="sixteen-bit-sums" variant=1 loses="wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    sums = (q_x.astype(np.int16) - np.int16(zero_point)) @ q_w.astype(np.int16).T
    return sums + q_bias


# %% wrong misconception="sixteen-bit-sums" variant=2 loses="wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    sums = np.zeros((len(q_x), len(q_w)), np.int16)
    for k in range(q_x.shape[1]):
        sums += np.outer(q_x[:, k].astype(np.int16) - np.int16(zero_point), q_w[:, k].astype(np.int16))
    return np.add(q_bias, sums, dtype=np.int32)


# %% misconception="zero-point-ignored"
# The zero point is left out; with a zero point of 0 nobody notices.
# Remedy: Subtract it from the input codes.


# %% wrong misconception="zero-point-ignored" variant=1 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    return q_x.astype(np.int32) @ q_w.astype(np.int32).T + q_bias


# %% wrong misconception="zero-point-ignored" variant=2 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    sums = np.tile(q_bias, (len(q_x), 1)).astype(np.int64)
    for n, row in enumerate(q_x.tolist()):
        for m, weights in enumerate(q_w.tolist()):
            sums[n, m] += sum(a * b for a, b in zip(row, weights))
    return sums.astype("int32")


# %% misconception="zero-point-off-the-sum"
# The zero point is subtracted from the sum once, but it is in every product.
# Remedy: It counts once for each weight: zero_point · sum of the weights of that output.


# %% wrong misconception="zero-point-off-the-sum" variant=1 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    sums = q_x.astype(np.int32) @ q_w.astype(np.int32).T
    return (sums - zero_point + q_bias).astype(np.int32)


# %% wrong misconception="zero-point-off-the-sum" variant=2 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    bias = q_bias.astype(np.int64) - zero_point
    return (np.inner(q_x.astype(np.int64), q_w.astype(np.int64)) + bias).astype("int32")


# %% misconception="zero-point-added"
# The zero point is added to the input codes.
# Remedy: A code stands for (q − zero_point) steps: subtract.


# %% wrong misconception="zero-point-added" variant=1 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    return (q_x.astype(np.int32) + zero_point) @ q_w.astype(np.int32).T + q_bias


# %% wrong misconception="zero-point-added" variant=2 loses="zero-point"
def integer_linear(q_x, zero_point, q_w, q_bias):
    correction = zero_point * q_w.astype(np.int64).sum(axis=1)
    return (np.inner(q_x.astype(int), q_w.astype(int)) + correction + q_bias).astype(np.int32)


# %% misconception="float-sums"
# The sums are float32, exact up to `2**24` only, and no integer unit was used.
# Remedy: Stay with integers to the end.


# %% wrong misconception="float-sums" variant=1 loses="int32,wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    return (q_x.astype(np.float32) - zero_point) @ q_w.astype(np.float32).T + q_bias.astype(np.float32)


# %% wrong misconception="float-sums" variant=2 loses="int32,wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    real = np.subtract(q_x, zero_point, dtype="float32")
    return np.float32(np.einsum("nk,mk->nm", real, q_w.astype("float32")) + q_bias)


# %% wrong misconception="float-sums" variant=1 loses="wide"
def integer_linear(q_x, zero_point, q_w, q_bias):
    sums = (q_x.astype(np.float32) - zero_point) @ q_w.astype(np.float32).T
    return sums.astype(np.int32) + q_bias


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Subtract into a new, wider array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def integer_linear(q_x, zero_point, q_w, q_bias):
    sums = (q_x.astype(np.int32) - zero_point) @ q_w.astype(np.int32).T
    q_x -= q_x
    return (sums + q_bias).astype(np.int32)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def integer_linear(q_x, zero_point, q_w, q_bias):
    wide = np.int64(q_x) - zero_point
    q_x[:, :] = 0
    return np.int32(np.inner(wide, np.int64(q_w)) + q_bias)


# %% right style="the zero point folded into the bias"
def integer_linear(q_x, zero_point, q_w, q_bias):
    weights = q_w.astype(np.int32)
    folded = q_bias - zero_point * weights.sum(axis=1, dtype=np.int32)
    return (q_x.astype(np.int32) @ weights.T + folded).astype(np.int32)


# %% right style="Python integers"
def integer_linear(q_x, zero_point, q_w, q_bias):
    rows = []
    for row in q_x.tolist():
        sums = [sum((a - zero_point) * b for a, b in zip(row, weights)) for weights in q_w.tolist()]
        rows.append([total + bias for total, bias in zip(sums, q_bias.tolist())])
    return np.array(rows, dtype=np.int32)
