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
    if narrow:
        low += 1
    return low, high


# %% wrong misconception="sign-bit-kept-free" variant=1 loses="unsigned"
def integer_range(bits, *, signed=True, narrow=False):
    if not 2 <= bits <= 16:
        raise ValueError("bits")
    largest = 2 ** (bits - 1) - 1
    if not signed:
        return 0, largest
    return (-largest if narrow else -largest - 1), largest


# %% wrong misconception="sign-bit-kept-free" variant=2 loses="unsigned"
def integer_range(bits, *, signed=True, narrow=False):
    if bits > 16 or bits <= 1:
        raise ValueError("2 to 16 bits, please")
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if narrow:
        low = -high
    return (low if signed else max(low, 0)), high


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


# %% wrong misconception="width-not-checked" variant=1 loses="refuses"
def integer_range(bits, *, signed=True, narrow=False):
    if not signed:
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)) + narrow, 2 ** (bits - 1) - 1


# %% wrong misconception="width-not-checked" variant=2 loses="refuses"
def integer_range(bits, *, signed=True, narrow=False):
    low = -(1 << bits) // 2 if signed else 0
    high = low + (1 << bits) - 1
    if signed and narrow:
        low += 1
    return low, high


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
