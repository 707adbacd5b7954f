# %% misconception="range-not-nudged"
# The range was taken as it is, so that 0.0 is no code; TensorFlow shifts it until it is.
# Remedy: Round the zero point, and count the codes from it.


# %% wrong misconception="range-not-nudged" variant=1 loses="nudged,bits,zero,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    quant_min - low / scale
    codes = np.clip(np.floor((x - low) / scale + 0.5), 0, quant_max - quant_min)
    return (codes * scale + low).astype(np.float32)


# %% wrong misconception="range-not-nudged" variant=2 loses="nudged,bits,zero,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    levels = 2**bits - 1 - narrow_range
    scale = (high - low) / levels
    clipped = np.minimum(np.maximum(x, low), high)
    return (np.floor((clipped - low) / scale + 0.5) * scale + low).astype(np.float32)


# %% misconception="narrow-ignored"
# All codes were used where the range is narrow; `narrow_range` leaves out the lowest.
# Remedy: The smallest code is 1 with `narrow_range`, else 0.


# %% wrong misconception="narrow-ignored" variant=1 loses="symmetric,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = 0, 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.clip(np.floor(quant_min - low / scale + 0.5), quant_min, quant_max)
    codes = np.clip(np.floor(x / scale + 0.5) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)


# %% wrong misconception="narrow-ignored" variant=2 loses="symmetric,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    last = (1 << bits) - 1
    scale = (high - low) / last
    zero_point = min(max(int(np.floor(-low / scale + 0.5)), 0), last)
    codes = np.clip(np.floor(x / scale + 0.5), -zero_point, last - zero_point)
    return np.float32(codes * scale)


# %% misconception="one-step-too-many"
# The range was divided by the number of codes; between them there is one step fewer.
# Remedy: `scale = (high - low) / (quant_max - quant_min)`.


# %% wrong misconception="one-step-too-many" variant=1 loses="symmetric,nudged,one-sided,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min + 1)
    zero_point = np.clip(np.floor(quant_min - low / scale + 0.5), quant_min, quant_max)
    codes = np.clip(np.floor(x / scale + 0.5) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)


# %% wrong misconception="one-step-too-many" variant=2 loses="symmetric,nudged,one-sided,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    scale = (high - low) / (2**bits - narrow_range)
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    zero_point = min(max(int(np.floor(quant_min - low / scale + 0.5)), quant_min), quant_max)
    codes = np.floor(x / scale + 0.5).clip(quant_min - zero_point, quant_max - zero_point)
    return (codes * scale).astype(np.float32)


# %% misconception="not-clamped"
# Numbers beyond the range keep codes of their own; but there are no codes beyond the last one.
# Remedy: Clip the codes to `quant_min` and `quant_max`.


# %% wrong misconception="not-clamped" variant=1 loses="symmetric,nudged,one-sided,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.clip(np.floor(quant_min - low / scale + 0.5), quant_min, quant_max)
    codes = np.floor(x / scale + 0.5) + zero_point
    return ((codes - zero_point) * scale).astype(np.float32)


# %% wrong misconception="not-clamped" variant=2 loses="symmetric,nudged,one-sided,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    scale = (high - low) / (2**bits - 1 - narrow_range)
    return (np.floor(x / scale + 0.5) * scale).astype(np.float32)


# %% misconception="cut-off"
# Codes were cut off and not rounded.
# Remedy: Round to the nearest code.


# %% wrong misconception="cut-off" variant=1 loses="symmetric,nudged,one-sided,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.clip(np.floor(quant_min - low / scale + 0.5), quant_min, quant_max)
    codes = np.clip(np.floor(x / scale) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)


# %% wrong misconception="cut-off" variant=2 loses="symmetric,nudged,one-sided,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    scale = (high - low) / (2**bits - 1 - narrow_range)
    first = int(narrow_range)
    zero_point = min(max(int(np.floor(first - low / scale + 0.5)), first), 2**bits - 1)
    codes = (x / scale + zero_point - first + 100).astype(int) - 100 + first
    return ((np.clip(codes, first, 2**bits - 1) - zero_point) * scale).astype(np.float32)


# %% misconception="codes-returned"
# The codes came back; fake quantization gives real numbers again.
# Remedy: Multiply the codes, less the zero point, with the scale.


# %% wrong misconception="codes-returned" variant=1 loses="symmetric,nudged,one-sided,bits,zero,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.clip(np.floor(quant_min - low / scale + 0.5), quant_min, quant_max)
    codes = np.clip(np.floor(x / scale + 0.5) + zero_point, quant_min, quant_max)
    return codes.astype(np.float32)


# %% wrong misconception="codes-returned" variant=2 loses="symmetric,nudged,one-sided,bits,zero,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    first, last = int(narrow_range), 2**bits - 1
    scale = (high - low) / (last - first)
    zero_point = min(max(int(np.floor(first - low / scale + 0.5)), first), last)
    return np.clip(np.floor(x / scale + 0.5) + zero_point, first, last).astype(np.float32)


# %% misconception="range-widened"
# `low` or `high` was replaced by the numbers of `x`; the range is given.
# Remedy: Take `low` and `high` as they are.


# %% wrong misconception="range-widened" variant=1 loses="symmetric,nudged,one-sided,bits,ties"
def fake_quantize(x, low, high, bits, narrow_range):
    low, high = min(low, float(x.min())), max(high, float(x.max()))
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.clip(np.floor(quant_min - low / scale + 0.5), quant_min, quant_max)
    codes = np.clip(np.floor(x / scale + 0.5) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)


# %% misconception="in-place"
# `x` itself was changed.
# Remedy: Return a new array.


# %% wrong misconception="in-place" variant=1 loses="keeps-input"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.clip(np.floor(quant_min - low / scale + 0.5), quant_min, quant_max)
    codes = np.clip(np.floor(x / scale + 0.5) + zero_point, quant_min, quant_max)
    return np.multiply(codes - zero_point, scale, out=x, casting="unsafe")


# %% misconception="half-to-even"
# Halves were rounded to even, as `np.round` does; here they go up.
# Remedy: `np.floor(number + 0.5)`.


# %% wrong misconception="half-to-even" variant=1 loses="ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.round(quant_min - low / scale)
    codes = np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)


# %% wrong misconception="half-to-even" variant=2 loses="ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = round(quant_min - low / scale)
    codes = np.clip(np.rint(x / scale) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)


# %% misconception="half-away"
# Halves were rounded away from zero; here they go up, the negative ones, too.
# Remedy: `np.floor(number + 0.5)`.


# %% wrong misconception="half-away" variant=1 loses="ties"
def fake_quantize(x, low, high, bits, narrow_range):
    quant_min, quant_max = int(narrow_range), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = np.floor(quant_min - low / scale + 0.5)
    codes = np.clip(np.trunc(x / scale + np.copysign(0.5, x)) + zero_point, quant_min, quant_max)
    return ((codes - zero_point) * scale).astype(np.float32)


# %% right style="the range nudged, as TensorFlow writes it"
def fake_quantize(x, low, high, bits, narrow_range):
    first, last = int(narrow_range), 2**bits - 1
    scale = (high - low) / (last - first)
    zero_point = min(max(int(np.floor(first - low / scale + 0.5)), first), last)
    nudged_low, nudged_high = (first - zero_point) * scale, (last - zero_point) * scale
    clipped = np.clip(x.astype(np.float64), nudged_low, nudged_high)
    return (np.floor((clipped - nudged_low) / scale + 0.5) * scale + nudged_low).astype(np.float32)


# %% right style="a table of what can be stored"
def fake_quantize(x, low, high, bits, narrow_range):
    first, last = (1 if narrow_range else 0), 2**bits - 1
    scale = (high - low) / (last - first)
    zero_point = int(np.clip(int(np.floor(first - low / scale + 0.5)), first, last))
    table = (np.arange(first, last + 1) - zero_point) * scale
    places = np.searchsorted((table[1:] + table[:-1]) / 2, x, side="right")
    return table[places].astype(np.float32)
