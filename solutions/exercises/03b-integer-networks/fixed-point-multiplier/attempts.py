# %% misconception="mantissa-cut-off"
# The mantissa is cut off, not rounded.
# Remedy: Use `round` before turning it into an int.

# %% wrong misconception="mantissa-cut-off" variant=1 loses="below-one,above-one,carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("above 0, please")
    fraction, exponent = math.frexp(multiplier)
    return int(fraction * 2**bits), -exponent


# %% wrong misconception="mantissa-cut-off" variant=2 loses="below-one,above-one,carries"
def fixed_point(multiplier, bits=31):
    if not multiplier > 0:
        raise ValueError(multiplier)
    shift = 0
    while multiplier < 0.5:
        multiplier *= 2
        shift += 1
    while multiplier >= 1:
        multiplier /= 2
        shift -= 1
    return math.floor(multiplier * (1 << bits)), shift


# %% misconception="carry-forgotten"
# A mantissa of `2**bits` is returned, one bit too wide: `2**31` does not fit an int32.
# Remedy: Where rounding reaches `2**bits`, return half of it and a shift less by one.


# %% wrong misconception="carry-forgotten" variant=1 loses="carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("above 0, please")
    fraction, exponent = math.frexp(multiplier)
    return round(fraction * 2**bits), -exponent


# %% wrong misconception="carry-forgotten" variant=2 loses="carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0.0:
        raise ValueError("no positive multiplier")
    shift = 0
    while math.ldexp(multiplier, shift) >= 1:
        shift -= 1
    while math.ldexp(multiplier, shift) < 0.5:
        shift += 1
    return round(math.ldexp(multiplier, bits + shift)), shift


# %% misconception="not-normalized"
# The shift is always 0, so a small multiplier keeps only a few digits in its mantissa.
# Remedy: Bring the fraction to 0.5 … 1 first, so that all bits carry digits.


# %% wrong misconception="not-normalized" variant=1 loses="below-one,above-one,power-of-two,carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("above 0, please")
    return round(multiplier * 2**bits), 0


# %% wrong misconception="not-normalized" variant=2 loses="below-one,above-one,power-of-two,carries"
def fixed_point(multiplier, bits=31):
    shift = 0
    if not multiplier > 0:
        raise ValueError("multiplier")
    mantissa = math.ldexp(multiplier, bits - shift)
    return (math.floor(2 * mantissa) + 1) // 2, shift


# %% misconception="shift-never-negative"
# Multipliers of 1 and above are left as they are, so their mantissa has too many bits.
# Remedy: Halve the fraction until it is below 1, and take one off the shift each time: it becomes negative.


# %% wrong misconception="shift-never-negative" variant=1 loses="above-one,power-of-two"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("above 0, please")
    shift = 0
    while multiplier < 0.5:
        multiplier *= 2
        shift += 1
    mantissa = round(multiplier * 2**bits)
    if mantissa == 2**bits:
        mantissa, shift = mantissa // 2, shift - 1
    return mantissa, shift


# %% wrong misconception="shift-never-negative" variant=1 loses="above-one,power-of-two,carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("above 0, please")
    shift = 0
    while multiplier < 0.5:
        multiplier *= 2
        shift += 1
    return round(multiplier * 2**bits), shift


# %% wrong misconception="shift-never-negative" variant=2 loses="above-one,power-of-two"
def fixed_point(multiplier, bits=31):
    if not multiplier > 0:
        raise ValueError(multiplier)
    shift = max(0, -math.frexp(multiplier)[1])
    mantissa = round(math.ldexp(multiplier, shift + bits))
    return (mantissa >> 1, shift - 1) if mantissa == 1 << bits else (mantissa, shift)


# %% misconception="shift-sign"
# The shift has the sign of the exponent; a right shift makes numbers smaller.
# Remedy: `multiplier == mantissa / 2**bits / 2**shift`: turn the sign.


# %% wrong misconception="shift-sign" variant=1 loses="below-one,above-one,power-of-two,carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("above 0, please")
    fraction, exponent = math.frexp(multiplier)
    mantissa = round(fraction * 2**bits)
    return (mantissa // 2, exponent + 1) if mantissa == 2**bits else (mantissa, exponent)


# %% wrong misconception="shift-sign" variant=2 loses="below-one,above-one,power-of-two,carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("not above 0")
    shift, limit = 0, 1 << bits
    while multiplier < 0.5:
        multiplier, shift = 2 * multiplier, shift - 1
    while multiplier >= 1 or round(multiplier * limit) >= limit:
        multiplier, shift = multiplier / 2, shift + 1
    return round(multiplier * limit), shift


# %% misconception="one-bit-too-wide"
# The mantissa has one bit more than asked for; with 32 bits it takes the sign bit.
# Remedy: Scale by `2**bits`, so that the mantissa lies from `2**(bits - 1)` to `2**bits - 1`.


# %% wrong misconception="one-bit-too-wide" variant=1 loses="below-one,above-one,power-of-two,carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("above 0, please")
    fraction, exponent = math.frexp(multiplier)
    mantissa = round(fraction * 2 ** (bits + 1))
    return (mantissa // 2, -exponent - 1) if mantissa == 2 ** (bits + 1) else (mantissa, -exponent)


# %% wrong misconception="one-bit-too-wide" variant=2 loses="below-one,above-one,power-of-two,carries"
def fixed_point(multiplier, bits=31):
    if not multiplier > 0:
        raise ValueError(f"{multiplier} is not above 0")
    shift = 40
    while round(math.ldexp(multiplier, bits + 1 + shift)) > (2 << bits) - 1:
        shift -= 1
    return round(math.ldexp(multiplier, bits + 1 + shift)), shift


# %% misconception="sign-not-checked"
# A multiplier of 0 or below is accepted.
# Remedy: Raise a ValueError: a product of scales is above 0.


# %% wrong misconception="sign-not-checked" variant=1 loses="refuses"
def fixed_point(multiplier, bits=31):
    fraction, exponent = math.frexp(multiplier)
    mantissa = round(fraction * 2**bits)
    return (mantissa // 2, -exponent - 1) if mantissa == 2**bits else (mantissa, -exponent)


# %% wrong misconception="sign-not-checked" variant=2 loses="refuses"
def fixed_point(multiplier, bits=31):
    shift, fraction = 0, abs(multiplier)
    while 0 < fraction < 0.5:
        fraction, shift = fraction * 2, shift + 1
    while fraction >= 1:
        fraction, shift = fraction / 2, shift - 1
    mantissa = round(math.copysign(fraction, multiplier) * 2**bits)
    if mantissa == 2**bits:
        mantissa, shift = mantissa >> 1, shift - 1
    return mantissa, shift


# %% misconception="half-up"
# A mantissa halfway between two whole numbers is always rounded up.
# Remedy: `round` goes to the even one, as the task asks.


# %% wrong misconception="half-up" variant=1 loses="below-one,above-one"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError
    m, e = math.frexp(multiplier)
    q = math.floor(m * 2**bits + 0.5)
    if q == 2**bits:
        q, e = q // 2, e + 1
    return q, -e


# %% wrong misconception="half-up" variant=2 loses="below-one,above-one"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("not above 0")
    shift = 0
    while multiplier < 0.5:
        multiplier, shift = 2 * multiplier, shift + 1
    while multiplier >= 1:
        multiplier, shift = multiplier / 2, shift - 1
    mantissa = (int(multiplier * 2 ** (bits + 1)) + 1) // 2
    return (mantissa // 2, shift - 1) if mantissa == 2**bits else (mantissa, shift)


# %% misconception="mantissa-as-float"
# The mantissa is a float, which an integer kernel does not take; it is to be an `int`.
# Remedy: Halve with `//`, and round with `round`, which returns an `int`.


# %% wrong misconception="mantissa-as-float" variant=1 loses="carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError("the multiplier should be above 0")
    fraction, exponent = math.frexp(multiplier)
    mantissa = round(fraction * 2**bits)
    if mantissa == 2**bits:
        mantissa, exponent = mantissa / 2, exponent + 1
    return mantissa, -exponent


# %% wrong misconception="mantissa-as-float" variant=2 loses="carries"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError(multiplier)
    mantissa, shift = round(math.ldexp(math.frexp(multiplier)[0], bits)), -math.frexp(multiplier)[1]
    return (mantissa, shift) if mantissa < 1 << bits else (math.ldexp(1.0, bits - 1), shift - 1)


# %% right style="doubling and halving"
def fixed_point(multiplier, bits=31):
    if multiplier <= 0:
        raise ValueError(f"the multiplier {multiplier} is not above 0")
    shift = 0
    while multiplier < 0.5:
        multiplier, shift = multiplier * 2, shift + 1
    while multiplier >= 1:
        multiplier, shift = multiplier / 2, shift - 1
    mantissa = round(multiplier * 2**bits)
    return (mantissa // 2, shift - 1) if mantissa >= 2**bits else (mantissa, shift)


# %% right style="through the 53 bits of the float"
def fixed_point(multiplier, bits=31):
    if not multiplier > 0:
        raise ValueError("a multiplier is above 0")
    fraction, exponent = math.frexp(multiplier)
    digits, dropped = int(fraction * 2**53), 53 - bits
    mantissa, rest = digits >> dropped, digits & ((1 << dropped) - 1)
    half = 1 << (dropped - 1)
    mantissa += rest > half or (rest == half and mantissa % 2)
    return (mantissa >> 1, -exponent - 1) if mantissa == 1 << bits else (mantissa, -exponent)
