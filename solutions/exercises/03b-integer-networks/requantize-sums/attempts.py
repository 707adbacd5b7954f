# %% misconception="shift-rounds-down"
# The shift alone is used; it rounds down, and every output is half a step too low on average.
# Remedy: Add `1 << (31 + shift - 1)` before you shift.

# %% wrong misconception="shift-rounds-down" variant=1 loses="typical,halves,huge"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    codes = (sums.astype(np.int64) * mantissa >> (31 + shift)) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="shift-rounds-down" variant=2 loses="typical,halves,huge"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    divisor = 2 ** (31 + shift)
    codes = [total * mantissa // divisor + zero_point for total in sums.ravel().tolist()]
    return np.array([max(quant_min, min(quant_max, code)) for code in codes], dtype=np.int8).reshape(sums.shape)


# %% misconception="product-in-32-bits"
# The product is computed in 32 bits and wraps around.
# Remedy: Cast the sums to int64 before you multiply.


# %% wrong misconception="product-in-32-bits" variant=1 loses="typical,halves,huge,saturates,int8"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    product = (sums * np.int32(mantissa)).astype(np.int64)
    total = 31 + shift
    codes = (product + (1 << (total - 1)) >> total) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="product-in-32-bits" variant=2 loses="typical,halves,huge,saturates,int8"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    codes = np.zeros(sums.shape, np.int8)
    for place, total in np.ndenumerate(sums):
        wrapped = (int(total) * mantissa + 2**31) % 2**32 - 2**31
        code = (wrapped + 2 ** (30 + shift)) // 2 ** (31 + shift) + zero_point
        codes[place] = min(max(code, quant_min), quant_max)
    return codes


# %% misconception="half-to-even"
# Halves go to the even neighbour, as `np.rint` does; the integer kernel here rounds them up.
# Remedy: Use the shift with the added half, and no floats.


# %% wrong misconception="half-to-even" variant=1 loses="halves"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    codes = np.rint(sums.astype(np.float64) * (mantissa / 2**31 / 2**shift)) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="half-to-even" variant=2 loses="halves"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    total = 31 + shift
    product = sums.astype(np.int64) * mantissa
    floor, rest, half = product >> total, product & ((1 << total) - 1), 1 << (total - 1)
    is_up = (rest > half) | ((rest == half) & (floor % 2 == 1))
    return np.clip(floor + is_up + zero_point, quant_min, quant_max).astype("int8")


# %% misconception="cast-before-clamp"
# The cast to int8 comes before the clamp, so large outputs wrap around.
# Remedy: Clamp in int64 and cast last.


# %% wrong misconception="cast-before-clamp" variant=1 loses="saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    total = 31 + shift
    codes = (sums.astype(np.int64) * mantissa + (1 << (total - 1)) >> total) + zero_point
    return np.clip(codes.astype(np.int8), quant_min, quant_max).astype(np.int8)


# %% wrong misconception="cast-before-clamp" variant=2 loses="saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    half = 2 ** (30 + shift)
    codes = [((t * mantissa + half) // (2 * half) + zero_point + 128) % 256 - 128 for t in sums.ravel().tolist()]
    return np.array([max(quant_min, min(quant_max, c)) for c in codes], dtype=np.int8).reshape(sums.shape)


# %% misconception="through-float64"
# The product goes through a float, whose 53 bits do not hold the 62 of a sum times a mantissa.
# Remedy: Multiply, add the half and shift in int64.


# %% wrong misconception="through-float64" variant=1 loses="huge"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    steps = sums.astype(np.float64) * mantissa / 2.0 ** (31 + shift)
    codes = np.floor(steps + 0.5) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="through-float64" variant=2 loses="huge"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    factor = mantissa / 2**31 / 2**shift
    codes = [int(np.floor(total * factor + 0.5)) + zero_point for total in sums.ravel().tolist()]
    return np.array([max(quant_min, min(quant_max, c)) for c in codes], dtype=np.int8).reshape(sums.shape)


# %% misconception="limits-ignored"
# The codes are always clamped to −128 … 127, whatever limits are passed.
# Remedy: Clamp to `quant_min` … `quant_max`.


# %% wrong misconception="limits-ignored" variant=1 loses="saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    total = 31 + shift
    codes = (sums.astype(np.int64) * mantissa + (1 << (total - 1)) >> total) + zero_point
    return np.clip(codes, -128, 127).astype(np.int8)


# %% wrong misconception="limits-ignored" variant=2 loses="saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    half, limits = 2 ** (30 + shift), np.iinfo(np.int8)
    codes = [(t * mantissa + half) // (2 * half) + zero_point for t in sums.ravel().tolist()]
    return np.array([max(limits.min, min(limits.max, c)) for c in codes], dtype=np.int8).reshape(sums.shape)


# %% misconception="zero-point-before-shift"
# The zero point of the output is added to the sum, where it is scaled away.
# Remedy: Add it after the shift: it is a code of the output.


# %% wrong misconception="zero-point-before-shift" variant=1 loses="typical,halves,saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    total = 31 + shift
    codes = (sums.astype(np.int64) + zero_point) * mantissa + (1 << (total - 1)) >> total
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="zero-point-before-shift" variant=2 loses="typical,halves,saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    half = 2 ** (30 + shift)
    codes = [(mantissa * t + mantissa * zero_point + half) // (2 * half) for t in sums.ravel().tolist()]
    return np.array(codes).reshape(sums.shape).clip(quant_min, quant_max).astype("int8")


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Multiply into a new int64 array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    total = 31 + shift
    codes = (sums.astype(np.int64) * mantissa + (1 << (total - 1)) >> total) + zero_point
    sums[...] = np.clip(codes, quant_min, quant_max)
    return sums.astype(np.int8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    half = 2 ** (30 + shift)
    for place, total in np.ndenumerate(sums):
        code = (int(total) * mantissa + half) // (2 * half) + zero_point
        sums[place] = max(quant_min, min(quant_max, code))
    return np.int8(sums)


# %% misconception="shift-above-zero"
# The shift is taken to be above 0; a multiplier of 1/2 or more has one of 0 or below.
# Remedy: Shift once, by `31 + shift` places, which is at least 1.


# %% wrong misconception="shift-above-zero" variant=1 loses="typical,halves,saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    high = (sums.astype(np.int64) * mantissa) >> 31
    q = (high + (1 << (shift - 1))) >> shift
    return np.clip(q + zero_point, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="shift-above-zero" variant=2 loses="typical,halves,saturates"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    codes = np.empty(sums.shape, np.int8)
    for place, total in np.ndenumerate(sums):
        almost = (int(total) * mantissa >> 31) >> (shift - 1)
        codes[place] = min(quant_max, max(quant_min, (almost + 1 >> 1) + zero_point))
    return codes


# %% right style="Python integers"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    half = 2 ** (30 + shift)
    codes = [(t * mantissa + half) // (2 * half) + zero_point for t in sums.ravel().tolist()]
    return np.array([max(quant_min, min(quant_max, c)) for c in codes], dtype=np.int8).reshape(sums.shape)


# %% right style="the bit that falls off last"
def requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    almost = sums.astype(np.int64) * mantissa >> (30 + shift)
    codes = (almost >> 1) + (almost & 1) + zero_point
    return np.minimum(np.maximum(codes, quant_min), quant_max).astype(np.int8)
