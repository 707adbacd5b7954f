# %% misconception="sign-forgotten"
# The codes come back unsigned: −2 reads as 14.
# Remedy: Where the top bit of a field is set, subtract `2**bits`.

# %% wrong misconception="sign-forgotten" variant=1 loses="four-bit,two-bit,count"
def unpack(packed, bits, count):
    fields = (packed[:, None] >> np.arange(0, 8, bits, dtype=np.uint8)) & (2**bits - 1)
    return fields.ravel()[:count].astype(np.int8)


# %% wrong misconception="sign-forgotten" variant=2 loses="four-bit,two-bit,count"
def unpack(packed, bits, count):
    codes = []
    for byte in packed.tolist():
        for _ in range(8 // bits):
            byte, code = divmod(byte, 2**bits)
            codes.append(code)
    return np.array(codes[:count], dtype="int8")


# %% misconception="high-bits-first"
# The high bits of a byte are read first.
# Remedy: Shift by 0 for the first code, by `bits` for the next.


# %% wrong misconception="high-bits-first" variant=1 loses="four-bit,two-bit,count,int8"
def unpack(packed, bits, count):
    shifts = np.arange(0, 8, bits, dtype=np.uint8)[::-1]
    fields = ((packed[:, None] >> shifts) & (2**bits - 1)).astype(np.int16)
    half = 2 ** (bits - 1)
    return ((fields ^ half) - half).ravel()[:count].astype(np.int8)


# %% wrong misconception="high-bits-first" variant=2 loses="four-bit,two-bit,count,int8"
def unpack(packed, bits, count):
    digits = "".join(f"{byte:08b}" for byte in packed.tolist())
    fields = [int(digits[i : i + bits], 2) for i in range(0, len(digits), bits)]
    codes = [field - 2**bits if field >> (bits - 1) else field for field in fields]
    return np.array(codes[:count], np.int8)


# %% misconception="filling-kept"
# The zeros that filled up the last byte are returned as codes.
# Remedy: Cut the result to `count` codes.


# %% wrong misconception="filling-kept" variant=1 loses="count"
def unpack(packed, bits, count):
    fields = ((packed[:, None] >> np.arange(0, 8, bits, dtype=np.uint8)) & (2**bits - 1)).astype(np.int16)
    half = 2 ** (bits - 1)
    return ((fields ^ half) - half).ravel().astype(np.int8)


# %% wrong misconception="filling-kept" variant=2 loses="count"
def unpack(packed, bits, count):
    whole = int.from_bytes(packed.tobytes(), "little")
    codes = []
    for _ in range(len(packed) * 8 // bits):
        whole, field = divmod(whole, 2**bits)
        codes.append(field - 2**bits * (field >= 2 ** (bits - 1)))
    return np.array(codes, dtype=np.int8)


# %% misconception="offset-binary"
# An offset is taken off every field; the codes were stored in two's complement.
# Remedy: Only fields with their top bit set are negative.


# %% wrong misconception="offset-binary" variant=1 loses="four-bit,two-bit,count,int8"
def unpack(packed, bits, count):
    fields = ((packed[:, None] >> np.arange(0, 8, bits, dtype=np.uint8)) & (2**bits - 1)).astype(np.int16)
    return (fields - 2 ** (bits - 1)).ravel()[:count].astype(np.int8)


# %% wrong misconception="offset-binary" variant=2 loses="four-bit,two-bit,count,int8"
def unpack(packed, bits, count):
    names = range(-(2 ** (bits - 1)), 2 ** (bits - 1))
    per_byte = 8 // bits
    codes = [names[int(packed[i // per_byte]) >> (bits * (i % per_byte)) & (2**bits - 1)] for i in range(count)]
    return np.array(codes, np.int8)


# %% misconception="always-four-bits"
# Every byte is cut into two codes of 4 bits, whatever `bits` says.
# Remedy: Take the number of codes a byte, the mask and the sign bit from `bits`.


# %% wrong misconception="always-four-bits" variant=1 loses="two-bit,count"
def unpack(packed, bits, count):
    fields = np.stack([packed & 15, packed >> 4], axis=1).ravel().astype(np.int8)
    return np.where(fields > 7, fields - 16, fields).astype(np.int8)[:count]


# %% wrong misconception="always-four-bits" variant=2 loses="two-bit,count"
def unpack(packed, bits, count):
    codes = []
    for byte in packed.tolist():
        codes += [byte % 16, byte // 16]
    return np.array([((code + 8) % 16) - 8 for code in codes[:count]], np.int8)


# %% misconception="wide-codes"
# The codes are right, but in a wider integer than int8.
# Remedy: End with `.astype(np.int8)`.


# %% wrong misconception="wide-codes" variant=1 loses="int8"
def unpack(packed, bits, count):
    fields = ((packed[:, None] >> np.arange(0, 8, bits, dtype=np.uint8)) & (2**bits - 1)).astype(np.int64)
    half = 2 ** (bits - 1)
    return ((fields ^ half) - half).ravel()[:count]


# %% wrong misconception="wide-codes" variant=2 loses="int8"
def unpack(packed, bits, count):
    per_byte = 8 // bits
    fields = [int(packed[i // per_byte]) >> (bits * (i % per_byte)) & (2**bits - 1) for i in range(count)]
    return np.array([field - 2**bits if field >= 2 ** (bits - 1) else field for field in fields])


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Shift into a new array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def unpack(packed, bits, count):
    columns = []
    for _ in range(8 // bits):
        columns.append((packed & (2**bits - 1)).astype(np.int16))
        packed >>= np.uint8(bits)
    half = 2 ** (bits - 1)
    return ((np.stack(columns, axis=1) ^ half) - half).ravel()[:count].astype(np.int8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def unpack(packed, bits, count):
    codes = []
    for i in range(len(packed)):
        for _ in range(8 // bits):
            field = int(packed[i]) % 2**bits
            packed[i] = packed[i] // 2**bits
            codes.append(field - 2**bits if field >= 2 ** (bits - 1) else field)
    return np.array(codes[:count], np.int8)


# %% right style="digits to the base of a code"
def unpack(packed, bits, count):
    codes = []
    for byte in packed.tolist():
        for _ in range(8 // bits):
            byte, field = divmod(byte, 2**bits)
            codes.append(field - 2**bits if field >= 2 ** (bits - 1) else field)
    return np.array(codes[:count], np.int8)


# %% right style="up to the top of an int8 and back down"
def unpack(packed, bits, count):
    columns = [(packed << np.uint8(8 - bits - shift)).view(np.int8) >> (8 - bits) for shift in range(0, 8, bits)]
    return np.stack(columns, axis=1).ravel()[:count]
