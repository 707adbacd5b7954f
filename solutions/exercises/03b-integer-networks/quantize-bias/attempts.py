# %% misconception="weight-scale-alone"
# The bias is measured in steps of the weights, not of the products it is added to.
# Remedy: Products of input and weight codes count in steps of input scale times weight scale.

# %% wrong misconception="weight-scale-alone" variant=1 loses="per-channel,one-scale,wide,saturates,int32"
def quantize_bias(bias, input_scale, weight_scales):
    codes = np.rint(bias.astype(np.float64) / weight_scales)
    return np.clip(codes, -(2**31), 2**31 - 1).astype(np.int32)


# %% wrong misconception="weight-scale-alone" variant=2 loses="per-channel,one-scale,wide,saturates,int32"
def quantize_bias(bias, input_scale, weight_scales):
    scales = np.broadcast_to(weight_scales, bias.shape).tolist()
    return np.array([round(b / s) for b, s in zip(bias.tolist(), scales)], dtype=np.int32)


# %% misconception="sum-of-scales"
# The two scales are added; those of factors multiply.
# Remedy: Use `input_scale * weight_scales`.


# %% wrong misconception="sum-of-scales" variant=1 loses="per-channel,one-scale,wide,saturates,int32"
def quantize_bias(bias, input_scale, weight_scales):
    codes = np.rint(bias.astype(np.float64) / (input_scale + weight_scales))
    return np.clip(codes, -(2**31), 2**31 - 1).astype(np.int32)


# %% wrong misconception="sum-of-scales" variant=2 loses="per-channel,one-scale,wide,saturates,int32"
def quantize_bias(bias, input_scale, weight_scales):
    steps = np.add.outer([float(input_scale)], np.float64(weight_scales)).reshape(-1)
    return np.round(np.divide(bias, steps, dtype=np.float64)).astype("int64").astype("int32")


# %% misconception="eight-bits"
# The bias is clamped to 8 bits, although it goes into a 32-bit accumulator.
# Remedy: Clamp to `-2**31` … `2**31 - 1`.


# %% wrong misconception="eight-bits" variant=1 loses="per-channel,wide,saturates,one-scale"
def quantize_bias(bias, input_scale, weight_scales):
    codes = np.rint(bias.astype(np.float64) / (input_scale * np.float64(weight_scales)))
    return np.clip(codes, -128, 127).astype(np.int32)


# %% wrong misconception="eight-bits" variant=2 loses="per-channel,wide,saturates,one-scale"
def quantize_bias(bias, input_scale, weight_scales):
    result = np.zeros(len(bias), dtype=np.int8)
    for i, scale in enumerate(np.broadcast_to(weight_scales, bias.shape)):
        result[i] = max(-128, min(127, round(float(bias[i]) / (float(scale) * input_scale))))
    return result.astype(np.int32)


# %% misconception="wraps-at-32-bits"
# Codes beyond 32 bits wrap around to the other sign.
# Remedy: Clamp before the cast to int32.


# %% wrong misconception="wraps-at-32-bits" variant=1 loses="saturates"
def quantize_bias(bias, input_scale, weight_scales):
    codes = np.rint(bias.astype(np.float64) / (input_scale * np.float64(weight_scales)))
    return codes.astype(np.int64).astype(np.int32)


# %% wrong misconception="wraps-at-32-bits" variant=2 loses="saturates"
def quantize_bias(bias, input_scale, weight_scales):
    scales = np.broadcast_to(weight_scales, bias.shape).tolist()
    codes = [round(b / (input_scale * s)) for b, s in zip(bias.tolist(), scales)]
    return np.array([(code + 2**31) % 2**32 - 2**31 for code in codes], dtype=np.int32)


# %% misconception="bias-as-float"
# The codes are whole, but stored as floats, which an integer kernel cannot add.
# Remedy: End with `.astype(np.int32)`.


# %% wrong misconception="bias-as-float" variant=1 loses="int32"
def quantize_bias(bias, input_scale, weight_scales):
    codes = np.rint(bias.astype(np.float64) / (input_scale * np.float64(weight_scales)))
    return np.clip(codes, -(2**31), 2**31 - 1)


# %% wrong misconception="bias-as-float" variant=2 loses="int32"
def quantize_bias(bias, input_scale, weight_scales):
    limits = np.iinfo(np.int32)
    steps = np.float64(bias) / input_scale / np.float64(weight_scales)
    return np.minimum(np.maximum(np.round(steps), limits.min), limits.max)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Divide into a new array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def quantize_bias(bias, input_scale, weight_scales):
    codes = bias.astype(np.float64) / (input_scale * np.float64(weight_scales))
    bias /= input_scale
    return np.clip(np.rint(codes), -(2**31), 2**31 - 1).astype(np.int32)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def quantize_bias(bias, input_scale, weight_scales):
    wide = np.float64(bias) / np.float64(weight_scales) / input_scale
    bias[:] = wide
    low, high = -(1 << 31), (1 << 31) - 1
    return np.where(wide < low, low, np.where(wide > high, high, np.round(wide))).astype(np.int32)


# %% misconception="float32-arithmetic"
# The division is done in float32, whose 24 bits do not hold codes of millions to the last digit.
# Remedy: Cast bias and scales to float64 before you multiply and divide.


# %% wrong misconception="float32-arithmetic" variant=1 loses="wide"
def quantize_bias(bias, input_scale, weight_scales):
    s = np.float32(input_scale) * np.float32(weight_scales)
    return np.clip(np.rint(bias / s).astype(np.float64), -(2**31), 2**31 - 1).astype(np.int32)


# %% wrong misconception="float32-arithmetic" variant=2 loses="wide"
def quantize_bias(bias, input_scale, weight_scales):
    steps = np.multiply(input_scale, weight_scales, dtype=np.float32)
    codes = [round(float(b)) for b in np.divide(bias, steps, dtype=np.float32)]
    return np.array([min(2**31 - 1, max(-(2**31), code)) for code in codes], np.int32)


# %% misconception="truncates"
# A cast to an integer cuts the fraction off, which pulls every code towards zero.
# Remedy: Call `np.rint` before the cast.


# %% wrong misconception="truncates" variant=1 loses="per-channel,one-scale,wide"
def quantize_bias(bias, input_scale, weight_scales):
    steps = bias.astype(np.float64) / (input_scale * np.asarray(weight_scales, np.float64))
    return np.clip(steps, -(2**31), 2**31 - 1).astype(np.int32)


# %% wrong misconception="truncates" variant=2 loses="per-channel,one-scale,wide"
def quantize_bias(bias, input_scale, weight_scales):
    scales = np.broadcast_to(weight_scales, bias.shape).tolist()
    codes = [int(b / (input_scale * s)) for b, s in zip(bias.tolist(), scales)]
    return np.array(codes).clip(-(2**31), 2**31 - 1).astype(np.int32)


# %% misconception="half-up"
# Halves are always rounded up.
# Remedy: Round half to even: `np.rint` does.


# %% wrong misconception="half-up" variant=1 loses="per-channel"
def quantize_bias(bias, input_scale, weight_scales):
    steps = bias.astype(np.float64) / (input_scale * np.asarray(weight_scales, np.float64))
    return np.clip(np.floor(steps + 0.5), -(2**31), 2**31 - 1).astype(np.int32)


# %% wrong misconception="half-up" variant=2 loses="per-channel"
def quantize_bias(bias, input_scale, weight_scales):
    scales = np.broadcast_to(weight_scales, bias.shape).tolist()
    codes = [int((2 * b / (input_scale * s) + 1) // 2) for b, s in zip(bias.tolist(), scales)]
    return np.array(codes).clip(-(2**31), 2**31 - 1).astype(np.int32)


# %% right style="Python integers"
def quantize_bias(bias, input_scale, weight_scales):
    scales = np.broadcast_to(weight_scales, bias.shape).tolist()
    codes = [round(b / (input_scale * s)) for b, s in zip(bias.tolist(), scales)]
    return np.array([min(2**31 - 1, max(-(2**31), code)) for code in codes], dtype=np.int32)


# %% right style="one scale after the other, limits of the dtype"
def quantize_bias(bias, input_scale, weight_scales):
    limits = np.iinfo(np.int32)
    steps = bias.astype(np.float64) / input_scale / np.float64(weight_scales)
    return np.rint(np.minimum(np.maximum(steps, limits.min), limits.max)).astype(np.int32)
