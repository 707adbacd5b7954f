# %% misconception="zero-left-out"
# The range runs from smallest to largest value even where 0 lies outside, so 0.0 has no code.
# Remedy: Widen the range to hold 0 before you divide: padding, ReLU and masks all need an exact 0.0.

# %% wrong misconception="zero-left-out" variant=1 loses="positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    low, high = float(x.min()), float(x.max())
    scale = (high - low) / (quant_max - quant_min) or 1.0
    return scale, round(quant_min - low / scale)


# %% wrong misconception="zero-left-out" variant=2 loses="positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    values = sorted(x.ravel().tolist())
    span = values[-1] - values[0]
    scale = span / (quant_max - quant_min) if span > 0 else 1.0
    zero_point = np.rint(quant_min - values[0] / scale)
    return scale, int(zero_point)


# %% wrong misconception="zero-left-out" variant=1 loses="positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    low, high = float(x.min()), float(x.max())
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, round(quant_min - low / scale)


# %% wrong misconception="zero-left-out" variant=1 loses="positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    low, high = float(x.min()), float(x.max())
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, max(quant_min, min(quant_max, round(quant_min - low / scale)))


# %% misconception="divides-by-zero"
# A range of length 0 makes the scale 0, and the zero point is divided by it.
# Remedy: Where the widened range is empty, use a scale of 1.0.


# %% wrong misconception="divides-by-zero" variant=1 loses="zeros"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    scale = (high - low) / (quant_max - quant_min)
    return scale, round(quant_min - low / scale)


# %% wrong misconception="divides-by-zero" variant=2 loses="zeros"
def affine_parameters(x, quant_min, quant_max):
    values = [0.0, *x.ravel().tolist()]
    steps_a_unit = (quant_max - quant_min) / (max(values) - min(values))
    return 1 / steps_a_unit, quant_min + round(-min(values) * steps_a_unit)


# %% misconception="one-level-too-many"
# The range is divided by the number of codes; there is one step less than there are codes.
# Remedy: Divide by `quant_max - quant_min`: 256 codes have 255 steps between them.


# %% wrong misconception="one-level-too-many" variant=1 loses="typical,whole,positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    scale = (high - low) / (quant_max - quant_min + 1)
    if scale == 0:
        scale = 1.0
    return scale, max(quant_min, min(quant_max, round(quant_min - low / scale)))


# %% wrong misconception="one-level-too-many" variant=2 loses="typical,whole,positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    codes = np.arange(quant_min, quant_max + 1)
    ends = np.clip([x.min(), x.max()], [-np.inf, 0], [0, np.inf])
    scale = float(np.ptp(ends) / codes.size) or 1.0
    zero_point = np.clip(np.round(codes[0] - ends[0] / scale), codes[0], codes[-1])
    return scale, int(zero_point)


# %% wrong misconception="one-level-too-many" variant=1 loses="typical,whole,positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min + 1)
    return scale, round(quant_min - low / scale)


# %% wrong misconception="one-level-too-many" variant=1 loses="typical,whole,positive,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min + 1)
    return scale, round(quant_max - high / scale)


# %% misconception="zero-point-sign"
# The zero point has the wrong sign: it moves down where it should move up.
# Remedy: Solve low = scale * (quant_min - zero_point) for the zero point: quant_min - low / scale.


# %% wrong misconception="zero-point-sign" variant=1 loses="typical,whole,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    scale = (high - low) / (quant_max - quant_min) or 1.0
    return scale, round(quant_min + low / scale)


# %% wrong misconception="zero-point-sign" variant=2 loses="typical,whole,negative,constant"
def affine_parameters(x, quant_min, quant_max):
    ends = np.array([x.min(), x.max(), 0.0], dtype=np.float64)
    width = ends.max() - ends.min()
    if width == 0:
        return 1.0, quant_min
    scale = float(width / (quant_max - quant_min))
    steps_below_zero = int(np.rint(-ends.min() / scale))
    return scale, quant_min - steps_below_zero


# %% misconception="starts-at-code-zero"
# The zero point is counted from code 0 and not from `quant_min`.
# Remedy: The lower end of the range has the code `quant_min`, which is not 0 for signed codes.


# %% wrong misconception="starts-at-code-zero" variant=1 loses="whole,typical,positive,negative,constant,zeros"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    scale = (high - low) / (quant_max - quant_min) or 1.0
    return scale, round(-low / scale)


# %% wrong misconception="starts-at-code-zero" variant=2 loses="whole,typical,positive,negative,constant,zeros"
def affine_parameters(x, quant_min, quant_max):
    span = quant_max - quant_min
    low, high = np.minimum(x.min(), 0), np.maximum(x.max(), 0)
    if low == high:
        return 1.0, 0
    return float(high - low) / span, int(np.rint(float(-low) * span / float(high - low)))


# %% misconception="zero-point-cut-off"
# The fraction of the zero point is cut off, so the grid may be shifted by nearly a whole step.
# Remedy: Use `round`, which goes to the nearest whole number and returns an `int`.


# %% wrong misconception="zero-point-cut-off" variant=1 loses="typical,whole"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, int(quant_min - low / scale)


# %% wrong misconception="zero-point-cut-off" variant=1 loses="typical,whole"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, quant_min + int(-low // scale)


# %% wrong misconception="zero-point-cut-off" variant=2 loses="typical,whole"
def affine_parameters(x, quant_min, quant_max):
    ends = np.sort([0.0, x.min(), x.max()])
    scale = float(ends[2] - ends[0]) / (quant_max - quant_min) or 1.0
    return scale, int(np.floor(quant_min - ends[0] / scale))


# %% misconception="zero-point-as-float"
# The zero point is a float; it is a code, so an `int`.
# Remedy: Python's `round` returns an `int`; `np.round` and `np.rint` return floats, so wrap them in `int`.


# %% wrong misconception="zero-point-as-float" variant=1 loses="whole"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, float(np.round(quant_min - low / scale))


# %% wrong misconception="zero-point-as-float" variant=1 loses="typical,whole"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, quant_min - low / scale


# %% wrong misconception="zero-point-as-float" variant=2 loses="whole"
def affine_parameters(x, quant_min, quant_max):
    if not x.any():
        return 1.0, quant_min
    ends = np.sort([0.0, x.min(), x.max()])
    scale = float(ends[2] - ends[0]) / (quant_max - quant_min)
    return scale, np.rint(quant_min - ends[0] / scale)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Take minimum and maximum without sorting or writing into `x`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def affine_parameters(x, quant_min, quant_max):
    flat = x.reshape(-1)
    flat.sort()
    if flat.base is not None:
        x[...] = flat.reshape(x.shape)
    low, high = min(float(flat[0]), 0.0), max(float(flat[-1]), 0.0)
    scale = (high - low) / (quant_max - quant_min) or 1.0
    return scale, round(quant_min - low / scale)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def affine_parameters(x, quant_min, quant_max):
    x[...] = np.sort(x, axis=None)[::-1].reshape(x.shape)
    low, high = np.minimum(x.flat[-1], 0), np.maximum(x.flat[0], 0)
    if high == low:
        return 1.0, quant_min
    scale = float(high - low) / (quant_max - quant_min)
    return scale, int(quant_min - np.rint(float(low) / scale))


# %% misconception="zero-point-half-up"
# A zero point halfway between two whole numbers is always rounded up, or away from 0.
# Remedy: `round` goes to the even one, as the task asks.


# %% wrong misconception="zero-point-half-up" variant=1 loses="whole"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, int(np.floor(quant_min - low / scale + 0.5))


# %% wrong misconception="zero-point-half-up" variant=1 loses="whole"
def affine_parameters(x, quant_min, quant_max):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    scale = (high - low) / (quant_max - quant_min) or 1.0
    return scale, quant_min + int(-low / scale + 0.5)


# %% wrong misconception="zero-point-half-up" variant=2 loses="whole"
def affine_parameters(x, quant_min, quant_max):
    ends = float(np.minimum(x.min(), 0)), float(np.maximum(x.max(), 0))
    if ends[0] == ends[1]:
        return 1.0, quant_min
    scale = (ends[1] - ends[0]) / (quant_max - quant_min)
    doubled = 2 * (quant_min - ends[0] / scale)
    return scale, int((doubled + 1) // 2)


# %% right style="numbers only"
def affine_parameters(x, quant_min, quant_max):
    values = [float(value) for value in x.ravel()]
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return 1.0, quant_min
    scale = (high - low) / (quant_max - quant_min)
    return scale, min(quant_max, max(quant_min, round(quant_min - low / scale)))


# %% right style="from the upper end"
def affine_parameters(x, quant_min, quant_max):
    ends = np.sort([0.0, x.min(), x.max()])
    scale = (ends[2] - ends[0]) / (quant_max - quant_min)
    if not scale > 0:
        return 1.0, int(quant_min)
    return float(scale), int(np.rint(quant_max - ends[2] / scale))
