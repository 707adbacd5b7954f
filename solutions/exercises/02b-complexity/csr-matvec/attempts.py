# %% misconception="made-dense"
# The matrix is made dense, and the product multiplies every zero of it.
# Remedy: Multiply the stored values with the numbers of `x` in their columns, and with no others.

# %% wrong misconception="made-dense" variant=1 loses="no-zeros"
def csr_matvec(values, col_indices, row_pointers, x):
    dense = np.zeros((len(row_pointers) - 1, len(x)), dtype=values.dtype)
    for row in range(len(dense)):
        for place in range(row_pointers[row], row_pointers[row + 1]):
            dense[row, col_indices[place]] = values[place]
    return {"y": (dense @ x).astype(values.dtype), "macs": len(values)}


watched_matvec = with_infinities(csr_matvec)


# %% wrong misconception="made-dense" variant=2 loses="no-zeros"
import scipy.sparse


def csr_matvec(values, col_indices, row_pointers, x):
    shape = (len(row_pointers) - 1, len(x))
    dense = scipy.sparse.csr_array((values, col_indices, row_pointers), shape).toarray()
    return dict(y=(dense * x).sum(axis=1).astype(values.dtype), macs=int(row_pointers[-1]))


watched_matvec = with_infinities(csr_matvec)


# %% misconception="empty-row-takes-next"
# An empty row takes the first product of the next row, as `np.add.reduceat` does too.
# Remedy: Sum the slice of each row; the sum of an empty slice is 0.


# %% wrong misconception="empty-row-takes-next" variant=1 loses="empty-rows"
def csr_matvec(values, col_indices, row_pointers, x):
    y = np.add.reduceat(values * x[col_indices], row_pointers[:-1])
    return {"y": y.astype(values.dtype), "macs": len(values)}


watched_matvec = with_infinities(csr_matvec)


# %% wrong misconception="empty-row-takes-next" variant=2 loses="empty-rows"
def csr_matvec(values, col_indices, row_pointers, x):
    y = []
    for start, end in zip(row_pointers, row_pointers[1:]):
        total = values[start] * x[col_indices[start]]
        for place in range(start + 1, end):
            total += values[place] * x[col_indices[place]]
        y.append(total)
    return {"y": np.array(y, values.dtype), "macs": values.size}


watched_matvec = with_infinities(csr_matvec)


# %% misconception="dense-count"
# All places of the matrix are counted; CSR computes with stored values only.
# Remedy: Count the stored values.


# %% wrong misconception="dense-count" variant=1 loses="macs"
def csr_matvec(values, col_indices, row_pointers, x):
    y = np.zeros(len(row_pointers) - 1, dtype=values.dtype)
    for row in range(len(y)):
        for place in range(row_pointers[row], row_pointers[row + 1]):
            y[row] += values[place] * x[col_indices[place]]
    return {"y": y, "macs": len(y) * len(x)}


watched_matvec = with_infinities(csr_matvec)


# %% wrong misconception="dense-count" variant=2 loses="macs"
def csr_matvec(values, col_indices, row_pointers, x):
    height = len(row_pointers) - 1
    rows = np.repeat(np.arange(height), np.diff(row_pointers))
    y = np.zeros(height, dtype=values.dtype)
    np.add.at(y, rows, values * x[col_indices])
    return dict(y=y, macs=height * x.size)


watched_matvec = with_infinities(csr_matvec)


# %% misconception="stored-zeros-free"
# Stored zeros are not counted; the kernel multiplies whatever is stored.
# Remedy: Count the entries of `values`, zero or not.


# %% wrong misconception="stored-zeros-free" variant=1 loses="macs"
def csr_matvec(values, col_indices, row_pointers, x):
    y = np.zeros(len(row_pointers) - 1, dtype=values.dtype)
    macs = 0
    for row in range(len(y)):
        for place in range(row_pointers[row], row_pointers[row + 1]):
            if values[place] != 0:
                y[row] += values[place] * x[col_indices[place]]
                macs += 1
    return {"y": y, "macs": macs}


watched_matvec = with_infinities(csr_matvec)


# %% wrong misconception="stored-zeros-free" variant=2 loses="macs"
def csr_matvec(values, col_indices, row_pointers, x):
    products = values * x[col_indices]
    slices = [products[start:end] for start, end in zip(row_pointers, row_pointers[1:])]
    y = np.array([part.sum() for part in slices], values.dtype)
    return {"y": y, "macs": int(np.count_nonzero(values))}


watched_matvec = with_infinities(csr_matvec)


# %% misconception="columns-ignored"
# The values of a row meet the first numbers of `x`, not those of their columns.
# Remedy: Take `x[col_indices]`.


# %% wrong misconception="columns-ignored" variant=1 loses="product,no-zeros,empty-rows"
def csr_matvec(values, col_indices, row_pointers, x):
    y = np.zeros(len(row_pointers) - 1, dtype=values.dtype)
    for row in range(len(y)):
        start, end = row_pointers[row], row_pointers[row + 1]
        y[row] = values[start:end] @ x[: end - start]
    return {"y": y, "macs": len(values)}


watched_matvec = with_infinities(csr_matvec)


# %% wrong misconception="columns-ignored" variant=2 loses="product,no-zeros,empty-rows"
def csr_matvec(values, col_indices, row_pointers, x):
    sums = []
    for start, end in zip(row_pointers.tolist(), row_pointers[1:].tolist()):
        sums.append(sum(float(value) * float(number) for value, number in zip(values[start:end], x)))
    return {"y": np.array(sums, dtype=values.dtype), "macs": int(row_pointers[-1])}


watched_matvec = with_infinities(csr_matvec)


# %% misconception="works-in-place"
# Something is written into one of the given arrays; the next call then computes something else.
# Remedy: Put products and sums into new arrays.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-inputs"
def csr_matvec(values, col_indices, row_pointers, x):
    values *= x[col_indices]
    y = np.array([values[start:end].sum() for start, end in zip(row_pointers, row_pointers[1:])])
    return {"y": y, "macs": len(values)}


watched_matvec = with_infinities(csr_matvec)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-inputs"
def csr_matvec(values, col_indices, row_pointers, x):
    np.multiply(values, x[col_indices], out=values)
    rows = np.repeat(np.arange(len(row_pointers) - 1), np.diff(row_pointers))
    y = np.bincount(rows, weights=values, minlength=len(row_pointers) - 1)
    return {"y": y.astype(values.dtype), "macs": values.size}


watched_matvec = with_infinities(csr_matvec)


# %% misconception="doubles-returned"
# The sums come back as float64, twice the bytes of the values that went in.
# Remedy: Make the result array with `dtype=values.dtype`, or convert it.


# %% wrong misconception="doubles-returned" variant=1 loses="product"
def csr_matvec(values, col_indices, row_pointers, x):
    y = np.zeros(len(row_pointers) - 1)
    for row in range(len(y)):
        for place in range(row_pointers[row], row_pointers[row + 1]):
            y[row] += values[place] * x[col_indices[place]]
    return {"y": y, "macs": len(values)}


watched_matvec = with_infinities(csr_matvec)


# %% wrong misconception="doubles-returned" variant=2 loses="product"
def csr_matvec(values, col_indices, row_pointers, x):
    height = len(row_pointers) - 1
    rows = np.repeat(np.arange(height), np.diff(row_pointers))
    return dict(y=np.bincount(rows, values * x[col_indices], height), macs=values.size)


watched_matvec = with_infinities(csr_matvec)


# %% right style="a sum for each slice"
def csr_matvec(values, col_indices, row_pointers, x):
    products = values * x[col_indices]
    y = [products[start:end].sum() for start, end in zip(row_pointers, row_pointers[1:])]
    return {"y": np.array(y, dtype=values.dtype), "macs": products.size}


watched_matvec = with_infinities(csr_matvec)


# %% right style="bincount with weights"
def csr_matvec(values, col_indices, row_pointers, x):
    height = len(row_pointers) - 1
    rows = np.repeat(np.arange(height), np.diff(row_pointers))
    y = np.bincount(rows, weights=values * x[col_indices], minlength=height)
    return dict(y=y.astype(values.dtype), macs=int(row_pointers[-1] - row_pointers[0]))


watched_matvec = with_infinities(csr_matvec)
