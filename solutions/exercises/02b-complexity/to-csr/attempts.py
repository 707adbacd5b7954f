# %% misconception="counts-for-pointers"
# `row_pointers` holds how many numbers each row has, not where each row begins.
# Remedy: Take the cumulative sum of the counts, with a 0 in front.

# %% wrong misconception="counts-for-pointers" variant=1 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    return {
        "values": matrix[rows, columns],
        "col_indices": columns.astype(np.int32),
        "row_pointers": np.bincount(rows, minlength=len(matrix)).astype(np.int32),
    }


# %% wrong misconception="counts-for-pointers" variant=2 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    mask = matrix != 0
    columns = np.broadcast_to(np.arange(matrix.shape[1], dtype=np.int32), matrix.shape)
    return dict(values=matrix[mask], col_indices=columns[mask], row_pointers=mask.sum(axis=1, dtype=np.int32))


# %% misconception="row-of-each-value"
# `row_pointers` holds the row of each value; that is the coordinate format, which takes more bytes.
# Remedy: Store where each row begins, one entry for each row and one for the end.


# %% wrong misconception="row-of-each-value" variant=1 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    return {
        "values": matrix[rows, columns],
        "col_indices": columns.astype(np.int32),
        "row_pointers": rows.astype(np.int32),
    }


# %% wrong misconception="row-of-each-value" variant=2 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    found = [(i, j, value) for i, row in enumerate(matrix) for j, value in enumerate(row) if value]
    rows, columns, values = zip(*found) if found else ((), (), ())
    return {
        "values": np.array(values, matrix.dtype),
        "col_indices": np.array(columns, np.int32),
        "row_pointers": np.array(rows, np.int32),
    }


# %% misconception="empty-rows-skipped"
# Rows without numbers have no pointer, so that later rows move up.
# Remedy: Give each row an entry; an empty one begins where it ends.


# %% wrong misconception="empty-rows-skipped" variant=1 loses="empty-rows,edges"
def to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    _, starts = np.unique(rows, return_index=True)
    return {
        "values": matrix[rows, columns],
        "col_indices": columns.astype(np.int32),
        "row_pointers": np.append(starts, len(rows)).astype(np.int32),
    }


# %% wrong misconception="empty-rows-skipped" variant=2 loses="empty-rows,edges"
def to_csr(matrix):
    values, columns, pointers = [], [], [0]
    for row in matrix:
        kept = np.flatnonzero(row)
        if len(kept):
            values.extend(row[kept])
            columns.extend(kept)
            pointers.append(len(values))
    indices = {"col_indices": np.array(columns, np.int32), "row_pointers": np.array(pointers, np.int32)}
    return {"values": np.array(values, matrix.dtype), **indices}


# %% misconception="column-by-column"
# The values are listed column by column.
# Remedy: List them row by row, the columns of each row in ascending order.


# %% wrong misconception="column-by-column" variant=1 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    columns, rows = np.nonzero(matrix.T)
    counts = np.bincount(columns, minlength=matrix.shape[1])
    return {
        "values": matrix[rows, columns],
        "col_indices": rows.astype(np.int32),
        "row_pointers": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
    }


# %% wrong misconception="column-by-column" variant=2 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    values, places, ends = [], [], [0]
    for column in matrix.T:
        kept = [i for i, number in enumerate(column) if number != 0]
        values += [column[i] for i in kept]
        places += kept
        ends.append(ends[-1] + len(kept))
    arrays = np.array(values, dtype=matrix.dtype), np.array(places, dtype=np.int32), np.array(ends, dtype=np.int32)
    return dict(zip(("values", "col_indices", "row_pointers"), arrays))


# %% misconception="wide-indices"
# The indices are int64, which takes twice the bytes.
# Remedy: Convert both index arrays with `astype(np.int32)`.


# %% wrong misconception="wide-indices" variant=1 loses="dtypes"
def to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    counts = np.bincount(rows, minlength=len(matrix))
    return {
        "values": matrix[rows, columns],
        "col_indices": columns,
        "row_pointers": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    }


# %% wrong misconception="wide-indices" variant=2 loses="dtypes"
def to_csr(matrix):
    mask = matrix != 0
    pointers = np.zeros(len(matrix) + 1, dtype=int)
    pointers[1:] = mask.sum(axis=1).cumsum()
    return {"values": matrix[mask], "col_indices": np.argwhere(mask)[:, 1].copy(), "row_pointers": pointers}


# %% misconception="no-leading-zero"
# The pointers say where each row ends; the 0 at which the first row begins is missing.
# Remedy: Put a 0 in front of the cumulative sum of the counts.


# %% wrong misconception="no-leading-zero" variant=1 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    counts = np.bincount(rows, minlength=len(matrix))
    return {
        "values": matrix[rows, columns],
        "col_indices": columns.astype(np.int32),
        "row_pointers": np.cumsum(counts).astype(np.int32),
    }


# %% wrong misconception="no-leading-zero" variant=2 loses="typical,empty-rows,edges,dtypes"
def to_csr(matrix):
    values, indices, pointers = [], [], []
    for row in matrix:
        for column in range(len(row)):
            if row[column] != 0:
                values.append(row[column])
                indices.append(column)
        pointers.append(len(values))
    return dict(
        values=np.array(values, matrix.dtype),
        col_indices=np.array(indices, np.int32),
        row_pointers=np.array(pointers, np.int32),
    )


# %% misconception="matrix-written-over"
# Something is written into the caller's matrix on the way.
# Remedy: Only read from it, or work on a copy: `matrix.copy()`.


# %% wrong misconception="matrix-written-over" variant=1 loses="keeps-input"
def to_csr(matrix):
    values, columns, pointers = [], [], [0]
    for row in matrix:
        while row.any():
            column = int(np.flatnonzero(row)[0])
            values.append(row[column])
            columns.append(column)
            row[column] = 0
        pointers.append(len(values))
    indices = {"col_indices": np.array(columns, np.int32), "row_pointers": np.array(pointers, np.int32)}
    return {"values": np.array(values, matrix.dtype), **indices}


# %% wrong misconception="matrix-written-over" variant=2 loses="keeps-input"
def to_csr(matrix):
    mask = matrix != 0
    columns = np.nonzero(mask)[1]
    values = matrix[mask]
    matrix[...] = mask  # only where something is stored matters now
    pointers = np.zeros(len(matrix) + 1, np.int32)
    pointers[1:] = np.cumsum(matrix.sum(axis=1))
    return {"values": values, "col_indices": columns.astype(np.int32), "row_pointers": pointers}


# %% misconception="last-rows-lost"
# Empty rows behind the last number have no pointer: the counts end with the last row that has one.
# Remedy: Count for all rows: `np.bincount(rows, minlength=len(matrix))`.


# %% wrong misconception="last-rows-lost" variant=1 loses="empty-rows,edges"
def to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    return {
        "values": matrix[rows, columns],
        "col_indices": columns.astype(np.int32),
        "row_pointers": np.concatenate([[0], np.cumsum(np.bincount(rows))]).astype(np.int32),
    }


# %% wrong misconception="last-rows-lost" variant=2 loses="empty-rows,edges"
def to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    ends = [int((rows <= row).sum()) for row in range(max(rows, default=-1) + 1)]
    pointers = np.array([0, *ends], dtype=np.int32)
    return dict(values=matrix[matrix != 0], col_indices=columns.astype(np.int32), row_pointers=pointers)


# %% right style="a loop over the rows"
def to_csr(matrix):
    values, columns, pointers = [], [], [0]
    for row in matrix:
        for column, value in enumerate(row):
            if value != 0:
                values.append(value)
                columns.append(column)
        pointers.append(len(values))
    return {
        "values": np.array(values, dtype=matrix.dtype),
        "col_indices": np.array(columns, dtype=np.int32),
        "row_pointers": np.array(pointers, dtype=np.int32),
    }


# %% right style="a mask and its sums"
def to_csr(matrix):
    mask = matrix != 0
    pointers = np.zeros(len(matrix) + 1, np.int32)
    np.cumsum(np.count_nonzero(mask, axis=1), out=pointers[1:])
    columns = np.tile(np.arange(matrix.shape[1], dtype=np.int32), (len(matrix), 1))
    return dict(values=matrix[mask], col_indices=columns[mask], row_pointers=pointers)
