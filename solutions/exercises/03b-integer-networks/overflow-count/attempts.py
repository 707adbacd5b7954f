# %% misconception="positive-overflow-only"
# Only sums above the range are counted.
# Remedy: Negative sums fall out of the range as well.

# %% wrong misconception="positive-overflow-only" variant=1 loses="both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    return int((sums > 2 ** (bits - 1) - 1).sum())


# %% wrong misconception="positive-overflow-only" variant=2 loses="both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    count = 0
    for row in q_x.tolist():
        for weights in q_w.tolist():
            count += sum(a * b for a, b in zip(row, weights)) >= 1 << (bits - 1)
    return count


# %% misconception="counts-after-wrapping"
# The sums are taken in 8 bits, as NumPy multiplies int8 by int8, and have wrapped before anybody compares them.
# Remedy: Compute the exact sums in int64, then compare.


# %% wrong misconception="counts-after-wrapping" variant=2 loses="positive,both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = np.einsum("nk,mk->nm", q_x, q_w)
    return int(np.count_nonzero(np.abs(sums.astype(int) + 0.5) > 2 ** (bits - 1)))


# %% decoy misconception="counts-after-wrapping" loses="positive,both-signs,at-the-ends,keeps-input"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return int(((sums < low) & (sums > high)).sum())


# %% decoy misconception="counts-after-wrapping" loses="positive,both-signs,at-the-ends,keeps-input"
def overflow_count(q_x, q_w, bits):
    mask, sign = (1 << bits) - 1, 1 << (bits - 1)
    count = 0
    for total in np.inner(q_x.astype(int), q_w.astype(int)).ravel().tolist():
        kept = ((total & mask) ^ sign) - sign
        count += not -sign <= kept < sign
    return count


# %% wrong misconception="counts-after-wrapping" variant=1 loses="positive,both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x @ q_w.T
    half = 2 ** (bits - 1)
    return int(sum(not -half <= total < half for total in sums.ravel().tolist()))


# %% misconception="sums-in-16-bits"
# The codes are made wider, but to 16 bits only, and the sums wrap around there.
# Remedy: Cast to int64 before the product: a few products of int8 codes overflow int16.


# %% wrong misconception="sums-in-16-bits" variant=1 loses="both-signs,positive"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int16) @ q_w.astype(np.int16).T
    half = 2 ** (bits - 1)
    return int(((sums < -half) | (sums > half - 1)).sum())


# %% wrong misconception="sums-in-16-bits" variant=2 loses="both-signs,positive"
def overflow_count(q_x, q_w, bits):
    exact = np.inner(q_x.astype(np.int64), q_w.astype(np.int64))
    kept = (exact + 2**15) % 2**16 - 2**15
    codes = range(-(1 << (bits - 1)), 1 << (bits - 1))
    return sum(total not in codes for total in kept.ravel().tolist())


# %% misconception="unsigned-limit"
# The limit is that of an unsigned accumulator, `2**bits`.
# Remedy: One of the bits is the sign: compare with `2**(bits - 1)`.


# %% wrong misconception="unsigned-limit" variant=1 loses="positive,both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    return int((np.abs(sums) > 2**bits - 1).sum())


# %% wrong misconception="unsigned-limit" variant=2 loses="positive,both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = np.einsum("nk,mk->nm", q_x.astype(np.int64), q_w.astype(np.int64))
    return sum(abs(total).bit_length() > bits for total in sums.ravel().tolist())


# %% misconception="symmetric-limit"
# `-2**(bits - 1)` is counted as an overflow, but two's complement holds it.
# Remedy: Compare with both ends: below `-2**(bits - 1)`, above `2**(bits - 1) - 1`.


# %% wrong misconception="symmetric-limit" variant=1 loses="at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    return int((np.abs(sums) > 2 ** (bits - 1) - 1).sum())


# %% wrong misconception="symmetric-limit" variant=2 loses="at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = np.inner(q_x.astype(int), q_w.astype(int))
    return sum(abs(total).bit_length() >= bits for total in sums.ravel().tolist())


# %% misconception="any-for-count"
# It is said whether there is an overflow, not how many.
# Remedy: Count the sums that do not fit.


# %% wrong misconception="any-for-count" variant=1 loses="positive,both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    half = 2 ** (bits - 1)
    return int(((sums < -half) | (sums >= half)).any())


# %% wrong misconception="any-for-count" variant=2 loses="positive,both-signs,at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = np.einsum("nk,mk->nm", q_x.astype(int), q_w.astype(int))
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    fits = low <= sums.min() and sums.max() <= high
    return 0 if fits else 1


# %% misconception="counts-what-fits"
# The sums that fit are counted, not those that overflow.
# Remedy: Turn the condition around.


# %% wrong misconception="counts-what-fits" variant=1 loses="positive,both-signs,at-the-ends,no-overflow"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    half = 2 ** (bits - 1)
    return int(((sums >= -half) & (sums < half)).sum())


# %% wrong misconception="counts-what-fits" variant=2 loses="positive,both-signs,at-the-ends,no-overflow"
def overflow_count(q_x, q_w, bits):
    codes = range(-(1 << (bits - 1)), 1 << (bits - 1))
    return sum(total in codes for total in np.inner(q_x.astype(int), q_w.astype(int)).ravel().tolist())


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Cast to a new array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    q_x[...] = 0
    half = 2 ** (bits - 1)
    return int(((sums < -half) | (sums >= half)).sum())


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def overflow_count(q_x, q_w, bits):
    exact = np.inner(np.int64(q_x), np.int64(q_w))
    np.bitwise_xor(q_x, q_x, out=q_x)
    return int(np.count_nonzero(exact != np.clip(exact, -(1 << (bits - 1)), (1 << (bits - 1)) - 1)))


# %% misconception="upper-end-counted"
# The largest number that fits is counted as an overflow.
# Remedy: `2**(bits - 1) - 1` still fits: count what is above it.


# %% wrong misconception="upper-end-counted" variant=1 loses="at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    return int(((sums < -(2 ** (bits - 1))) | (sums >= 2 ** (bits - 1) - 1)).sum())


# %% wrong misconception="upper-end-counted" variant=2 loses="at-the-ends"
def overflow_count(q_x, q_w, bits):
    half, count = 1 << (bits - 1), 0
    for row in q_x.astype(int):
        for weights in q_w.astype(int):
            count += not -half <= int(row @ weights) < half - 1
    return count


# %% misconception="ends-shifted"
# The range is taken from `-2**(bits - 1) + 1` to `2**(bits - 1)`: one code too high.
# Remedy: Two's complement has one more number below 0 than above.


# %% wrong misconception="ends-shifted" variant=1 loses="at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    high = 2 ** (bits - 1)
    return int(((sums <= -high) | (sums > high)).sum())


# %% misconception="both-ends-counted"
# Both ends of the range are counted as overflows, though the accumulator holds them.
# Remedy: Count what lies beyond the ends: `<` below and `>` above.


# %% wrong misconception="both-ends-counted" variant=1 loses="at-the-ends"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    return int(((sums <= -(2 ** (bits - 1))) | (sums >= 2 ** (bits - 1) - 1)).sum())


# %% wrong misconception="both-ends-counted" variant=2 loses="at-the-ends"
def overflow_count(q_x, q_w, bits):
    held = range(1 - (1 << (bits - 1)), (1 << (bits - 1)) - 1)
    return sum(total not in held for total in np.inner(q_x.astype(int), q_w.astype(int)).ravel().tolist())


# %% misconception="none-for-zero"
# Where every sum fits, None is returned: `or` takes a count of 0 for no answer.
# Remedy: Return the count as it is; 0 is one.


# %% wrong misconception="none-for-zero" variant=1 loses="no-overflow"
def overflow_count(q_x, q_w, bits):
    sums = q_x.astype(np.int64) @ q_w.astype(np.int64).T
    half = 2 ** (bits - 1)
    return int(((sums < -half) | (sums >= half)).sum()) or None


# %% wrong misconception="none-for-zero" variant=2 loses="no-overflow"
def overflow_count(q_x, q_w, bits):
    exact = np.inner(q_x.astype(int), q_w.astype(int))
    beyond = exact[(exact < -(1 << (bits - 1))) | (exact >= 1 << (bits - 1))]
    return beyond.size if beyond.size else None


# %% right style="what clipping changes"
def overflow_count(q_x, q_w, bits):
    exact = np.inner(q_x.astype(int), q_w.astype(int))
    bounded = np.clip(exact, -(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    return int(np.count_nonzero(exact != bounded))


# %% right style="one sum at a time"
def overflow_count(q_x, q_w, bits):
    codes = range(-(2 ** (bits - 1)), 2 ** (bits - 1))
    sums = (sum(a * b for a, b in zip(row, weights)) for row in q_x.tolist() for weights in q_w.tolist())
    return sum(total not in codes for total in sums)
