# %% misconception="half-is-enough"
# CSR is taken to pay from half the weights on, whatever a value and an index take.
# Remedy: Compare the bytes: values, column indices and row pointers against all places.

# %% wrong misconception="half-is-enough" variant=1 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    return rows * columns // 2 + 1


# %% wrong misconception="half-is-enough" variant=2 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    return min(zeros for zeros in range(count + 1) if zeros > count - zeros)


# %% misconception="pointers-forgotten"
# The row pointers are not counted.
# Remedy: Add `(rows + 1) * index_bytes` to the size of CSR.


# %% wrong misconception="pointers-forgotten" variant=1 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count + 1):
        if (count - zeros) * (value_bytes + index_bytes) < count * value_bytes:
            return zeros
    return None


# %% wrong misconception="pointers-forgotten" variant=2 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    dense = rows * columns * value_bytes
    stored = (dense - 1) // (value_bytes + index_bytes)
    return rows * columns - stored


# %% misconception="indices-forgotten"
# The column of each value is not counted.
# Remedy: Each stored value takes `value_bytes + index_bytes`.


# %% wrong misconception="indices-forgotten" variant=1 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count + 1):
        if (count - zeros) * value_bytes + (rows + 1) * index_bytes < count * value_bytes:
            return zeros
    return None


# %% wrong misconception="indices-forgotten" variant=2 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    zeros = (rows + 1) * index_bytes // value_bytes + 1  # as many values as the row pointers take, and one more
    return zeros if zeros <= rows * columns else None


# %% misconception="equal-counts"
# The number of zeros at which both take the same bytes is returned; nothing is gained there.
# Remedy: Ask for fewer bytes, not for as many.


# %% wrong misconception="equal-counts" variant=1 loses="tie"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count + 1):
        csr = (count - zeros) * (value_bytes + index_bytes) + (rows + 1) * index_bytes
        if csr <= count * value_bytes:
            return zeros
    return None


# %% wrong misconception="equal-counts" variant=2 loses="tie"
def break_even(rows, columns, value_bytes, index_bytes):
    spare = rows * columns * value_bytes - (rows + 1) * index_bytes
    if spare < 0:
        return None
    return rows * columns - spare // (value_bytes + index_bytes)


# %% misconception="never-is-all"
# Where CSR never pays, all zeros are returned, as if it paid at last.
# Remedy: Return None if even a matrix of zeros takes no fewer bytes.


# %% wrong misconception="never-is-all" variant=1 loses="never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count + 1):
        csr = (count - zeros) * (value_bytes + index_bytes) + (rows + 1) * index_bytes
        if csr < count * value_bytes:
            break
    return zeros


# %% wrong misconception="never-is-all" variant=2 loses="never"
def break_even(rows, columns, value_bytes, index_bytes):
    spare = rows * columns * value_bytes - (rows + 1) * index_bytes
    stored = max(0, (spare - 1) // (value_bytes + index_bytes))
    return rows * columns - stored


# %% misconception="zeros-untried"
# A matrix without any value left is not tried; CSR may pay there and nowhere else.
# Remedy: Let the loop run to `rows * columns` zeros, that number included.


# %% wrong misconception="zeros-untried" variant=1 loses="never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count):
        csr = (count - zeros) * (value_bytes + index_bytes) + (rows + 1) * index_bytes
        if csr < count * value_bytes:
            return zeros
    return None


# %% wrong misconception="zeros-untried" variant=2 loses="never"
def break_even(rows, columns, value_bytes, index_bytes):
    spare = rows * columns * value_bytes - (rows + 1) * index_bytes
    stored = (spare - 1) // (value_bytes + index_bytes)
    return rows * columns - stored if stored > 0 else None


# %% misconception="pointer-of-the-end-forgotten"
# A row pointer is counted for each row; there is one more, for the end of the last.
# Remedy: Count `rows + 1` pointers.


# %% wrong misconception="pointer-of-the-end-forgotten" variant=1 loses="other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count + 1):
        csr = (count - zeros) * (value_bytes + index_bytes) + rows * index_bytes
        if csr < count * value_bytes:
            return zeros
    return None


# %% wrong misconception="pointer-of-the-end-forgotten" variant=2 loses="other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    spare = rows * (columns * value_bytes - index_bytes)
    if spare <= 0:
        return None
    return rows * columns - (spare - 1) // (value_bytes + index_bytes)


# %% misconception="stored-for-zeros"
# The number of values that may be stored is returned; asked is the number of zeros.
# Remedy: Take the stored values from `rows * columns`.


# %% wrong misconception="stored-for-zeros" variant=1 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count + 1):
        csr = (count - zeros) * (value_bytes + index_bytes) + (rows + 1) * index_bytes
        if csr < count * value_bytes:
            return count - zeros
    return None


# %% wrong misconception="stored-for-zeros" variant=2 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    spare = rows * columns * value_bytes - (rows + 1) * index_bytes
    return (spare - 1) // (value_bytes + index_bytes) if spare > 0 else None


# %% misconception="share-for-number"
# A share of zeros is returned; asked is their number.
# Remedy: Leave out the division by `rows * columns`.


# %% wrong misconception="share-for-number" variant=1 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns
    for zeros in range(count + 1):
        csr = (count - zeros) * (value_bytes + index_bytes) + (rows + 1) * index_bytes
        if csr < count * value_bytes:
            return zeros / count
    return None


# %% wrong misconception="share-for-number" variant=2 loses="float32,other-widths,tie,never"
def break_even(rows, columns, value_bytes, index_bytes):
    spare = rows * columns * value_bytes - (rows + 1) * index_bytes
    if spare <= 0:
        return None
    return 1 - (spare - 1) // (value_bytes + index_bytes) / (rows * columns)


# %% right style="solved for the stored values"
def break_even(rows, columns, value_bytes, index_bytes):
    spare = rows * columns * value_bytes - (rows + 1) * index_bytes
    if spare <= 0:
        return None
    return rows * columns - (spare - 1) // (value_bytes + index_bytes)


# %% right style="bisection"
import bisect


def break_even(rows, columns, value_bytes, index_bytes):
    count = rows * columns

    def pays(zeros):
        return (count - zeros) * (value_bytes + index_bytes) + (rows + 1) * index_bytes < count * value_bytes

    zeros = bisect.bisect_left(range(count + 1), True, key=pays)
    return zeros if zeros <= count else None
