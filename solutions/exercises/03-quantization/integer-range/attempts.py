# %% misconception="count-for-largest"
# The largest code is taken to be the number of codes, so the range holds one code too many.
# Remedy: Count the codes from `quant_min` to `quant_max`: there must be `2**bits`, with 0 among them.

# %% wrong misconception="count-for-largest" variant=1 loses="signed,unsigned,narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if bits < 2 or bits > 16:
        raise ValueError("bits")
    if not signed:
        return 0, 2**bits
    half = 2 ** (bits - 1)
    return -half + narrow, half


# %% wrong misconception="count-for-largest" variant=2 loses="signed,unsigned,narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if bits not in range(2, 17):
        raise ValueError(f"no codes of {bits} bits")
    count = 1 << bits
    low = -(count >> 1) if signed else 0
    high = low + count
    if signed and narrow:
        low += 1
    return low, high


# %% misconception="sign-bit-kept-free"
# The unsigned range leaves the sign bit unused and stops halfway.
# Remedy: Without a sign, all `bits` bits count upwards: the largest code is `2**bits - 1`.


# %% wrong misconception="sign-bit-kept-free" variant=1 loses="narrow,unsigned"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 16:
        raise ValueError("bits")
    largest = 2 ** (bits - 1) - 1
    if not signed:
        return 0, largest
    return (-largest if narrow else -largest - 1), largest


# %% wrong misconception="sign-bit-kept-free" variant=2 loses="narrow,unsigned"
def integer_range(bits, *, signed=True, narrow=False):
    if bits > 16 or bits <= 1:
        raise ValueError("2 to 16 bits, please")
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if narrow:
        low = -high
    return (low if signed else max(low, 0)), high


# %% misconception="narrow-at-both-ends"
# The narrow range drops a code at each end, and is still not symmetric.
# Remedy: Drop the smallest code only: −128 … 127 becomes −127 … 127.


# %% wrong misconception="narrow-at-both-ends" variant=1 loses="narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 16:
        raise ValueError("bits")
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return (low + 1, high - 1) if narrow else (low, high)


# %% wrong misconception="narrow-at-both-ends" variant=2 loses="narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if bits < 2 or bits > 16:
        raise ValueError(bits)
    codes = list(range(2**bits))
    if signed:
        codes = [code - 2 ** (bits - 1) for code in codes]
    if narrow:
        codes = codes[1:-1]
    return codes[0], codes[-1]


# %% misconception="width-not-checked"
# A width that makes no sense gets a range all the same.
# Remedy: Raise a ValueError unless `2 <= bits <= 16`.


# %% wrong misconception="width-not-checked" variant=1 loses="refuses"
def integer_range(bits, *, signed=True, narrow=False):
    if not signed:
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)) + narrow, 2 ** (bits - 1) - 1


# %% wrong misconception="width-not-checked" variant=1 loses="refuses"
def integer_range(bits, *, signed=True, narrow=False):
    low = -(1 << bits) // 2 if signed else 0
    high = low + (1 << bits) - 1
    if signed and narrow:
        low += 1
    return low, high


# %% misconception="always-narrow"
# The smallest code is dropped even where the full range is asked for.
# Remedy: Two's complement has one more negative code than positive ones; drop it only for `narrow=True`.


# %% wrong misconception="always-narrow" variant=1 loses="signed"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 16:
        raise ValueError("bits")
    largest = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
    return (-largest if signed else 0), largest


# %% wrong misconception="always-narrow" variant=2 loses="signed"
def integer_range(bits, *, signed=True, narrow=False):
    if bits < 2 or bits > 16:
        raise ValueError("the width is out of range")
    high = (1 << bits) - 1
    low = 0
    if signed:
        high >>= 1
        low = ~high + 1
    return low, high


# %% misconception="narrow-without-sign"
# The narrow unsigned range loses its code 0, though it has no negative code to drop.
# Remedy: Look at `narrow` in the signed range only.


# %% wrong misconception="narrow-without-sign" variant=1 loses="narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 16:
        raise ValueError("bits")
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return (low + 1 if narrow else low), high


# %% wrong misconception="narrow-without-sign" variant=2 loses="narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if bits not in range(2, 17):
        raise ValueError("bits should be from 2 to 16")
    codes = range(-(1 << (bits - 1)), 1 << (bits - 1)) if signed else range(1 << bits)
    return codes[int(narrow)], codes[-1]


# %% misconception="range-of-floats"
# The ends are floats; a division with `/` always makes one.
# Remedy: Stay with whole numbers: `2**(bits - 1)`, or `//`.


# %% wrong misconception="range-of-floats" variant=1 loses="signed,narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 16:
        raise ValueError("bits")
    if not signed:
        return 0, 2**bits - 1
    half = 2**bits / 2
    return (-half + 1 if narrow else -half), half - 1


# %% wrong misconception="range-of-floats" variant=1 loses="signed,unsigned,narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 16:
        raise ValueError("bits")
    low = -(2.0 ** (bits - 1)) if signed else 0.0
    return low + (1 if signed and narrow else 0), low + 2.0**bits - 1


# %% wrong misconception="range-of-floats" variant=2 loses="signed,narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if bits < 2 or bits > 16:
        raise ValueError("2 to 16 bits, please")
    high = 2**bits - 1
    if not signed:
        return 0, high
    low = -(high + 1) / 2
    return low + narrow, high + low


# %% misconception="eight-bits-at-most"
# Widths above 8 are refused, though codes of up to 16 bits are asked for.
# Remedy: Refuse what lies outside 2 to 16, and nothing else.


# %% wrong misconception="eight-bits-at-most" variant=1 loses="signed,unsigned,narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 8:
        raise ValueError("bits")
    if not signed:
        return 0, 2**bits - 1
    largest = 2 ** (bits - 1) - 1
    return (-largest if narrow else -largest - 1), largest


# %% wrong misconception="eight-bits-at-most" variant=2 loses="signed,unsigned,narrow"
def integer_range(bits, *, signed=True, narrow=False):
    if bits < 2 or bits > 8:
        raise ValueError("a code has 2 to 8 bits")
    shift = 1 << (bits - 1) if signed else 0
    return int(signed and narrow) - shift, (1 << bits) - 1 - shift


# %% right style="a sign shifts the unsigned range"
def integer_range(bits, *, signed=True, narrow=False):
    if bits not in range(2, 17):
        raise ValueError(f"bits is {bits}")
    shift = 1 << (bits - 1) if signed else 0
    return int(signed and narrow) - shift, (1 << bits) - 1 - shift


# %% right style="by cases"
def integer_range(bits, *, signed=True, narrow=False):
    if bits < 2 or bits > 16:
        raise ValueError("bits should be from 2 to 16")
    if not signed:
        return [0, 2**bits - 1]
    high = 2 ** (bits - 1) - 1
    if narrow:
        return [-high, high]
    return [-high - 1, high]
