# %% misconception="twenty-for-ten"
# The logarithm of a ratio of powers is multiplied by 20, which belongs to a ratio of amplitudes.
# Remedy: Squares are powers already: 10 · log10.

# %% wrong misconception="twenty-for-ten" variant=1 loses="typical,offset,half-precision"
def sqnr_db(x, x_hat):
    x, x_hat = x.astype(np.float64), x_hat.astype(np.float64)
    noise = np.sum((x - x_hat) ** 2)
    if noise == 0:
        raise ValueError("no noise")
    return float(20 * np.log10(np.sum(x**2) / noise))


# %% wrong misconception="twenty-for-ten" variant=2 loses="typical,offset,half-precision"
def sqnr_db(x, x_hat):
    pairs = list(zip(x.ravel().tolist(), x_hat.ravel().tolist()))
    signal = sum(a * a for a, _ in pairs)
    noise = sum((a - b) * (a - b) for a, b in pairs)
    if not noise:
        raise ValueError("x_hat equals x")
    return 20.0 * (np.log10(signal) - np.log10(noise))


# %% misconception="noise-over-signal"
# Noise is divided by signal, so a better grid gets a smaller number.
# Remedy: Signal stands above: the ratio grows as the error shrinks.


# %% wrong misconception="noise-over-signal" variant=1 loses="typical,offset,half-precision"
def sqnr_db(x, x_hat):
    x, x_hat = x.astype(np.float64), x_hat.astype(np.float64)
    if np.array_equal(x, x_hat):
        raise ValueError("no noise")
    return float(10 * np.log10(np.sum((x - x_hat) ** 2) / np.sum(x**2)))


# %% wrong misconception="noise-over-signal" variant=1 loses="typical,offset,half-precision"
def sqnr_db(x, x_hat):
    wide = x.astype(float).ravel()
    error = x_hat.astype(float).ravel() - wide
    relative = np.linalg.norm(error) / np.linalg.norm(wide)
    if relative == 0:
        raise ValueError("the error is zero")
    return float(20 * np.log10(relative))


# %% misconception="variance-for-power"
# Variance leaves out the mean, and with it a constant error, which is an error too.
# Remedy: Take the mean of squares, without subtracting the mean first.


# %% wrong misconception="variance-for-power" variant=1 loses="offset"
def sqnr_db(x, x_hat):
    x, x_hat = x.astype(np.float64), x_hat.astype(np.float64)
    if (x == x_hat).all():
        raise ValueError("no noise")
    return float(10 * np.log10(x.var() / (x - x_hat).var()))


# %% wrong misconception="variance-for-power" variant=2 loses="offset"
def sqnr_db(x, x_hat):
    wide = np.float64(x)
    error = wide - np.float64(x_hat)
    if not error.any():
        raise ValueError("nothing was lost")
    ratio = np.std(wide) / np.std(error)
    return float(20 * np.log10(ratio))


# %% misconception="squares-overflow"
# The squares are summed in the dtype of the input, where they run into infinity.
# Remedy: Turn both arrays into float64 first.


# %% wrong misconception="squares-overflow" variant=1 loses="half-precision"
def sqnr_db(x, x_hat):
    noise = np.sum((x - x_hat) ** 2)
    if noise == 0:
        raise ValueError("no noise")
    return float(10 * np.log10(np.sum(x**2) / noise))


# %% wrong misconception="squares-overflow" variant=2 loses="half-precision"
def sqnr_db(x, x_hat):
    error = x_hat - x
    powers = [np.dot(values.ravel(), values.ravel()) for values in (x, error)]
    if powers[1] == 0:
        raise ValueError("x_hat is x")
    return float(10 * np.log10(powers[0]) - 10 * np.log10(powers[1]))


# %% misconception="no-noise-unnoticed"
# Where x_hat equals x, the division by zero passes as infinity.
# Remedy: Raise a ValueError when the noise is 0.


# %% wrong misconception="no-noise-unnoticed" variant=1 loses="refuses"
def sqnr_db(x, x_hat):
    x, x_hat = x.astype(np.float64), x_hat.astype(np.float64)
    return float(10 * np.log10(np.sum(x**2) / np.sum((x - x_hat) ** 2)))


# %% wrong misconception="no-noise-unnoticed" variant=2 loses="refuses"
def sqnr_db(x, x_hat):
    signal = np.square(x.astype(np.longdouble)).mean()
    noise = np.square(x.astype(np.longdouble) - x_hat).mean()
    return 10 * (float(np.log10(signal)) - float(np.log10(noise)))


# %% misconception="natural-logarithm"
# The natural logarithm is used; decibels are made with the decimal one.
# Remedy: Use `np.log10`.


# %% wrong misconception="natural-logarithm" variant=1 loses="typical,offset,half-precision"
def sqnr_db(x, x_hat):
    x, x_hat = x.astype(np.float64), x_hat.astype(np.float64)
    noise = np.sum((x - x_hat) ** 2)
    if noise == 0:
        raise ValueError("no noise")
    return float(10 * np.log(np.sum(x**2) / noise))


# %% wrong misconception="natural-logarithm" variant=2 loses="typical,offset,half-precision"
def sqnr_db(x, x_hat):
    import math

    signal = math.fsum(float(a) ** 2 for a in x.flat)
    noise = math.fsum((float(a) - float(b)) ** 2 for a, b in zip(x.flat, x_hat.flat))
    if noise == 0.0:
        raise ValueError("no noise at all")
    return 10 * (math.log(signal) - math.log(noise))


# %% misconception="almost-equal-refused"
# Arrays that are almost equal are refused as well, although their noise is small, not 0.
# Remedy: Ask whether every difference is exactly 0.


# %% wrong misconception="almost-equal-refused" variant=1 loses="typical"
def sqnr_db(x, x_hat):
    x, x_hat = x.astype(float), x_hat.astype(float)
    if np.allclose(x, x_hat):
        raise ValueError("equal")
    return float(10 * np.log10((x**2).sum() / ((x - x_hat) ** 2).sum()))


# %% wrong misconception="almost-equal-refused" variant=2 loses="typical"
def sqnr_db(x, x_hat):
    noise = np.subtract(x_hat, x, dtype=np.float64)
    if abs(noise).max() < 1e-4:
        raise ValueError("no noise")
    return float(20 * np.log10(np.linalg.norm(x.astype(np.float64)) / np.linalg.norm(noise)))


# %% right style="a ratio of norms"
def sqnr_db(x, x_hat):
    wide = x.astype(np.float64).ravel()
    error = wide - x_hat.astype(np.float64).ravel()
    if not error.any():
        raise ValueError("no noise")
    return 20 * float(np.log10(np.linalg.norm(wide) / np.linalg.norm(error)))


# %% right style="a loop over pairs"
def sqnr_db(x, x_hat):
    import math

    signal = noise = 0.0
    for a, b in zip(x.ravel().tolist(), x_hat.ravel().tolist()):
        signal += a * a
        noise += (a - b) ** 2
    if noise == 0:
        raise ValueError("x_hat equals x")
    return 10 * math.log10(signal / noise)
