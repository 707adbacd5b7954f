# %% misconception="first-code-on-top"
# The first code sits in the high bits of the byte.
# Remedy: Shift the first code by 0, the next by `bits`, and so on.

# %% wrong misconception="first-code-on-top" variant=1 loses="four-bit,two-bit,tail"
def pack(codes, bits):
    per_byte = 8 // bits
    padded = np.append(codes, np.zeros(-len(codes) % per_byte, np.int8)).reshape(-1, per_byte)
    fields = (padded & (2**bits - 1)).astype(np.uint8)
    return (fields << (bits * np.arange(per_byte)[::-1]).astype(np.uint8)).sum(axis=1).astype(np.uint8)


# %% wrong misconception="first-code-on-top" variant=2 loses="four-bit,two-bit,tail"
def pack(codes, bits):
    digits = "".join(format(code % 2**bits, f"0{bits}b") for code in codes.tolist())
    digits += "0" * (-len(digits) % 8)
    return np.array([int(digits[i : i + 8], 2) for i in range(0, len(digits), 8)], dtype=np.uint8)


# %% misconception="sign-bits-spill"
# The sign bits of a negative code fill the rest of the byte and cover its neighbours.
# Remedy: Mask each code to `bits` bits before you shift it.


# %% wrong misconception="sign-bits-spill" variant=1 loses="four-bit,two-bit,tail"
def pack(codes, bits):
    per_byte = 8 // bits
    padded = np.append(codes, np.zeros(-len(codes) % per_byte, np.int8)).reshape(-1, per_byte).astype(np.int32)
    whole = np.bitwise_or.reduce(padded << (bits * np.arange(per_byte)), axis=1)
    return (whole & 255).astype(np.uint8)


# %% wrong misconception="sign-bits-spill" variant=1 loses="four-bit,two-bit,tail"
def pack(codes, bits):
    per_byte = 8 // bits
    padded = np.append(codes, np.zeros(-len(codes) % per_byte, np.int8)).reshape(-1, per_byte).astype(np.int32)
    return (padded << (bits * np.arange(per_byte))).sum(axis=1).astype(np.uint8)


# %% wrong misconception="sign-bits-spill" variant=2 loses="four-bit,two-bit,tail"
def pack(codes, bits):
    packed = []
    for start in range(0, len(codes), 8 // bits):
        byte = 0
        for place, code in enumerate(codes[start : start + 8 // bits].tolist()):
            byte |= code << (place * bits)
        packed.append(byte % 256)
    return np.array(packed, np.uint8)


# %% misconception="shifted-to-unsigned"
# Codes are moved up to start at 0, which is another format than two's complement.
# Remedy: Mask the code instead of adding an offset: −1 becomes all ones.


# %% wrong misconception="shifted-to-unsigned" variant=1 loses="four-bit,two-bit,tail"
def pack(codes, bits):
    per_byte = 8 // bits
    shifted = codes.astype(np.int32) + 2 ** (bits - 1)
    padded = np.append(shifted, np.zeros(-len(codes) % per_byte, np.int32)).reshape(-1, per_byte)
    return (padded << (bits * np.arange(per_byte))).sum(axis=1).astype(np.uint8)


# %% wrong misconception="shifted-to-unsigned" variant=2 loses="four-bit,two-bit,tail"
def pack(codes, bits):
    whole = 0
    for code in reversed(codes.tolist()):
        whole = whole * 2**bits + code + 2 ** (bits - 1)
    return np.frombuffer(whole.to_bytes((len(codes) * bits + 7) // 8, "little"), np.uint8)


# %% misconception="tail-dropped"
# Codes that do not fill a byte are dropped.
# Remedy: Pad with zeros to a multiple of the codes a byte.


# %% wrong misconception="tail-dropped" variant=1 loses="tail"
def pack(codes, bits):
    per_byte = 8 // bits
    used = codes[: len(codes) // per_byte * per_byte].reshape(-1, per_byte)
    fields = (used & (2**bits - 1)).astype(np.uint8)
    return (fields << (bits * np.arange(per_byte)).astype(np.uint8)).sum(axis=1).astype(np.uint8)


# %% wrong misconception="tail-dropped" variant=2 loses="tail"
def pack(codes, bits):
    count = len(codes) * bits // 8
    whole = sum((code % 2**bits) << (bits * place) for place, code in enumerate(codes.tolist()))
    return np.frombuffer((whole % 256**count).to_bytes(count, "little"), dtype=np.uint8)


# %% misconception="always-two-a-byte"
# Codes of 2 bits are stored two a byte, as if they had 4.
# Remedy: A byte holds `8 // bits` codes.


# %% wrong misconception="always-two-a-byte" variant=1 loses="two-bit,tail"
def pack(codes, bits):
    padded = np.append(codes, np.zeros(len(codes) % 2, np.int8)).reshape(-1, 2)
    fields = (padded & (2**bits - 1)).astype(np.uint8)
    return fields[:, 0] | (fields[:, 1] << np.uint8(4))


# %% wrong misconception="always-two-a-byte" variant=2 loses="two-bit,tail"
def pack(codes, bits):
    low = [code % 2**bits for code in codes.tolist()]
    if len(low) % 2:
        low.append(0)
    return np.array([a + 16 * b for a, b in zip(low[::2], low[1::2])], dtype="uint8")


# %% misconception="wide-result"
# The bytes are right, but each is stored in a wider integer, so nothing is saved.
# Remedy: End with `.astype(np.uint8)`.


# %% wrong misconception="wide-result" variant=1 loses="uint8"
def pack(codes, bits):
    per_byte = 8 // bits
    padded = np.append(codes, np.zeros(-len(codes) % per_byte, np.int8)).reshape(-1, per_byte)
    fields = (padded & (2**bits - 1)).astype(np.int64)
    return (fields << (bits * np.arange(per_byte))).sum(axis=1)


# %% wrong misconception="wide-result" variant=2 loses="uint8"
def pack(codes, bits):
    packed = np.zeros(-(-len(codes) * bits // 8), dtype=int)
    for place, code in enumerate(codes.tolist()):
        packed[place * bits // 8] += (code % (1 << bits)) << (place * bits % 8)
    return packed


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Mask into a new array: `codes & mask`, not `codes &= mask`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def pack(codes, bits):
    per_byte = 8 // bits
    codes &= np.int8(2**bits - 1)
    padded = np.append(codes, np.zeros(-len(codes) % per_byte, np.int8)).reshape(-1, per_byte).astype(np.uint8)
    return (padded << (bits * np.arange(per_byte)).astype(np.uint8)).sum(axis=1).astype(np.uint8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def pack(codes, bits):
    packed = np.zeros((len(codes) * bits + 7) // 8, dtype=np.uint8)
    for place in range(len(codes)):
        codes[place] = int(codes[place]) % (1 << bits)
        packed[place * bits // 8] |= np.uint8(int(codes[place]) << (place * bits % 8))
    return packed


# %% right style="one column after the other"
def pack(codes, bits):
    per_byte = 8 // bits
    packed = np.zeros(-(-len(codes) // per_byte), np.uint8)
    for place in range(per_byte):
        fields = (codes[place::per_byte] & (2**bits - 1)).astype(np.uint8)
        packed[: len(fields)] |= fields << np.uint8(place * bits)
    return packed


# %% right style="through single bits"
def pack(codes, bits):
    digits = (codes[:, None].astype(np.int32) >> np.arange(bits)) & 1
    return np.packbits(digits.astype(np.uint8).ravel(), bitorder="little")
