# %% misconception="codebook-forgotten"
# Only the codes are counted; without the codebook nobody can read them.
# Remedy: Add 4 bytes for each of the `2**bits` entries.

# %% wrong misconception="codebook-forgotten" variant=1 loses="packed,entropy,one-code,tail"
def codebook_bytes(codes, bits):
    p = np.unique(codes, return_counts=True)[1] / codes.size
    entropy = -np.sum(p * np.log2(p))
    return {"packed": -(-codes.size * bits // 8), "entropy_bound": float(codes.size * entropy / 8)}


# %% wrong misconception="codebook-forgotten" variant=2 loses="packed,entropy,one-code,tail"
def codebook_bytes(codes, bits):
    from collections import Counter

    counts = Counter(codes.ravel().tolist())
    surprise = sum(n * (np.log2(codes.size) - np.log2(n)) for n in counts.values())
    return {"packed": (codes.size * bits + 7) // 8, "entropy_bound": float(surprise) / 8}


# %% misconception="bits-for-bytes"
# Bits are counted where bytes are asked for.
# Remedy: Divide the bits of the codes by 8.


# %% wrong misconception="bits-for-bytes" variant=1 loses="packed,entropy,one-code,tail"
def codebook_bytes(codes, bits):
    p = np.unique(codes, return_counts=True)[1] / codes.size
    entropy = -np.sum(p * np.log2(p))
    book = 32 * 2**bits
    return {"packed": codes.size * bits + book, "entropy_bound": float(codes.size * entropy + book)}


# %% wrong misconception="bits-for-bytes" variant=2 loses="packed,entropy,one-code,tail"
def codebook_bytes(codes, bits):
    counts = np.bincount(codes.ravel())
    counts = counts[counts > 0].astype(float)
    total = counts.sum()
    book = (1 << bits) * np.finfo(np.float32).bits
    return {"packed": int(total) * bits + book, "entropy_bound": float(counts @ np.log2(total / counts)) + book}


# %% misconception="a-byte-a-code"
# Each code is counted as a byte, as NumPy stores it; packed it takes `bits` bits.
# Remedy: Count `bits` bits a code.


# %% wrong misconception="a-byte-a-code" variant=1 loses="packed,one-code,tail"
def codebook_bytes(codes, bits):
    p = np.unique(codes, return_counts=True)[1] / codes.size
    entropy = -np.sum(p * np.log2(p))
    book = 4 * 2**bits
    return {"packed": codes.nbytes + book, "entropy_bound": float(codes.size * entropy / 8 + book)}


# %% wrong misconception="a-byte-a-code" variant=2 loses="packed,one-code,tail"
def codebook_bytes(codes, bits):
    counts = np.bincount(codes.ravel())
    counts = counts[counts > 0].astype(float)
    book = np.zeros(1 << bits, np.float32).nbytes
    bound = float(counts @ np.log2(counts.sum() / counts)) / 8 + book
    return {"packed": len(codes.tobytes()) + book, "entropy_bound": bound}


# %% misconception="natural-logarithm"
# The entropy is taken with the natural logarithm, in units that are no bits.
# Remedy: Use `np.log2`.


# %% wrong misconception="natural-logarithm" variant=1 loses="entropy"
def codebook_bytes(codes, bits):
    p = np.unique(codes, return_counts=True)[1] / codes.size
    entropy = -np.sum(p * np.log(p))
    book = 4 * 2**bits
    return {"packed": -(-codes.size * bits // 8) + book, "entropy_bound": float(codes.size * entropy / 8 + book)}


# %% wrong misconception="natural-logarithm" variant=2 loses="entropy"
def codebook_bytes(codes, bits):
    from scipy.stats import entropy

    shares = np.bincount(codes.ravel(), minlength=2**bits) / codes.size
    book = 4 << bits
    return {
        "packed": (codes.size * bits + 7) // 8 + book,
        "entropy_bound": float(entropy(shares)) * codes.size / 8 + book,
    }


# %% misconception="all-codes-equally-likely"
# The entropy is that of codes which are all equally likely, the most there can be.
# Remedy: Count how often each code occurs.


# %% wrong misconception="all-codes-equally-likely" variant=1 loses="entropy,one-code"
def codebook_bytes(codes, bits):
    book = 4 * 2**bits
    return {"packed": -(-codes.size * bits // 8) + book, "entropy_bound": codes.size * bits / 8 + book}


# %% wrong misconception="all-codes-equally-likely" variant=2 loses="entropy,one-code"
def codebook_bytes(codes, bits):
    p = np.full(2**bits, 2.0**-bits)
    entropy = float(-(p * np.log2(p)).sum())
    book = p.astype(np.float32).nbytes
    return {"packed": (codes.size * bits + 7) // 8 + book, "entropy_bound": book + entropy * codes.size / 8}


# %% misconception="bytes-rounded-down"
# The last bits are left out where they do not fill a byte.
# Remedy: Round the bytes of the packed codes up.


# %% wrong misconception="bytes-rounded-down" variant=1 loses="tail"
def codebook_bytes(codes, bits):
    p = np.unique(codes, return_counts=True)[1] / codes.size
    entropy = -np.sum(p * np.log2(p))
    book = 4 * 2**bits
    return {"packed": codes.size * bits // 8 + book, "entropy_bound": float(codes.size * entropy / 8 + book)}


# %% wrong misconception="bytes-rounded-down" variant=2 loses="tail"
def codebook_bytes(codes, bits):
    from scipy.stats import entropy

    shares = np.bincount(codes.ravel(), minlength=2**bits)
    book = np.dtype("float32").itemsize << bits
    packed = int(np.floor(codes.size * bits * 0.125)) + book
    return {"packed": packed, "entropy_bound": float(entropy(shares, base=2)) * codes.size / 8 + book}


# %% misconception="used-entries-only"
# Only the entries that occur in `codes` are counted; the codebook is stored with all of them.
# Remedy: A codebook of `bits` bits takes `4 * 2**bits` bytes.


# %% wrong misconception="used-entries-only" variant=1 loses="packed,entropy,one-code,tail"
def codebook_bytes(codes, bits):
    counts = np.unique(codes, return_counts=True)[1]
    p = counts / codes.size
    book = 4 * len(counts)
    return {
        "packed": -(-codes.size * bits // 8) + book,
        "entropy_bound": float(codes.size * -np.sum(p * np.log2(p)) / 8 + book),
    }


# %% wrong misconception="used-entries-only" variant=2 loses="packed,entropy,one-code,tail"
def codebook_bytes(codes, bits):
    values = codes.ravel().tolist()
    book = np.zeros(len(set(values)), np.float32).nbytes
    total = sum(np.log2(len(values) / values.count(value)) for value in values)
    return {"packed": (len(values) * bits + 7) // 8 + book, "entropy_bound": float(total) / 8 + book}


# %% right style="surprise of each code"
def codebook_bytes(codes, bits):
    from collections import Counter

    counts = Counter(codes.ravel().tolist())
    surprise = sum(n * (np.log2(codes.size) - np.log2(n)) for n in counts.values())
    book = 4 << bits
    return {"packed": (codes.size * bits + 7) // 8 + book, "entropy_bound": float(surprise) / 8 + book}


# %% right style="shares of all codes, zeros masked"
def codebook_bytes(codes, bits):
    p = np.bincount(codes.ravel(), minlength=2**bits) / codes.size
    entropy = -np.sum(p * np.log2(p, out=np.zeros_like(p), where=p > 0))
    book = np.zeros(2**bits, np.float32).nbytes
    return {"packed": int(np.ceil(codes.size * bits / 8)) + book, "entropy_bound": entropy * codes.size / 8 + book}
