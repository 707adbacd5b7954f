# %% misconception="byte-a-code"
# Each code is given a byte of its own, whatever its bits; packed codes share bytes.
# Remedy: Multiply the number of weights by `bits` first, and round up to whole bytes once.

# %% wrong misconception="byte-a-code" variant=1 loses="per-tensor,groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    return count * math.ceil(bits / 8) + math.ceil(groups * scale_bits / 8) + math.ceil(groups * zero_point_bits / 8)


# %% wrong misconception="byte-a-code" variant=2 loses="per-tensor,groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    codes = math.prod(shape)  # int8
    scales = codes // (group_size or codes)
    return codes + (scales * scale_bits + 7) // 8 + (scales * zero_point_bits + 7) // 8


# %% misconception="codes-only"
# Only the codes are counted; without scales nobody can read them.
# Remedy: Add a scale for each group, and a zero point where there is one.


# %% wrong misconception="codes-only" variant=1 loses="per-tensor,groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    return math.ceil(math.prod(shape) * bits / 8)


# %% wrong misconception="codes-only" variant=2 loses="per-tensor,groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    total = bits
    for length in shape:
        total *= length
    return (total + 7) // 8


# %% misconception="one-scale-a-tensor"
# One scale is counted for the whole tensor, whatever the group size.
# Remedy: Divide the number of weights by `group_size`; that many scales are stored.


# %% wrong misconception="one-scale-a-tensor" variant=1 loses="groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    codes = math.ceil(math.prod(shape) * bits / 8)
    return codes + math.ceil(scale_bits / 8) + math.ceil(zero_point_bits / 8)


# %% wrong misconception="one-scale-a-tensor" variant=2 loses="groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    parts = [math.prod(shape) * bits, scale_bits, zero_point_bits]
    return sum(-(-part // 8) for part in parts)


# %% misconception="one-scale-a-row"
# One scale is counted for each row; groups cut a row into several.
# Remedy: Divide the number of weights by `group_size`; that many scales are stored.


# %% wrong misconception="one-scale-a-row" variant=1 loses="groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    scales = 1 if group_size is None else shape[0]
    parts = (math.prod(shape) * bits, scales * scale_bits, scales * zero_point_bits)
    return sum(math.ceil(part / 8) for part in parts)


# %% wrong misconception="one-scale-a-row" variant=2 loses="groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    rows = shape[0]
    size = (math.prod(shape) * bits + 7) // 8
    per_row = rows if group_size else 1
    for width in (scale_bits, zero_point_bits):
        size += (per_row * width + 7) // 8
    return size


# %% misconception="zero-points-forgotten"
# Zero points are not counted.
# Remedy: Add `zero_point_bits` for each group, packed.


# %% wrong misconception="zero-points-forgotten" variant=1 loses="zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    return math.ceil(count * bits / 8) + groups * scale_bits // 8


# %% wrong misconception="zero-points-forgotten" variant=1 loses="zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    size = -(-count * bits // 8)
    for _ in range(0, count, group_size or count):
        size += scale_bits // 8
    return size


# %% misconception="last-byte-cut"
# A last byte that is not full is cut off; its codes are lost.
# Remedy: Round up to whole bytes, for each part on its own.


# %% wrong misconception="last-byte-cut" variant=1 loses="whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    return count * bits // 8 + groups * scale_bits // 8 + groups * zero_point_bits // 8


# %% wrong misconception="last-byte-cut" variant=2 loses="whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = count / (group_size or count)
    return sum(int(part / 8) for part in (count * bits, groups * scale_bits, groups * zero_point_bits))


# %% misconception="rounded-once"
# The bits of all parts are added up and rounded once; each part is filled up to whole bytes on its own.
# Remedy: Round codes, scales and zero points up one by one, and then add.


# %% wrong misconception="rounded-once" variant=1 loses="whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    return math.ceil((count * bits + groups * (scale_bits + zero_point_bits)) / 8)


# %% wrong misconception="rounded-once" variant=2 loses="whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    total = 0
    for number, width in ((math.prod(shape), bits), (math.prod(shape) // (group_size or math.prod(shape)), scale_bits)):
        total += number * width
    total += math.prod(shape) // (group_size or math.prod(shape)) * zero_point_bits
    return -(-total // 8)


# %% decoy misconception="rounded-once" loses="whole-bytes"
# Codes and zero points share bytes; the scales are rounded on their own.
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    return math.ceil((count * bits + groups * zero_point_bits) / 8) + math.ceil(groups * scale_bits / 8)


# %% misconception="scales-unpacked"
# Each scale and each zero point gets bytes of its own; both are packed.
# Remedy: Multiply by the number of groups first, and round up once for each part.


# %% wrong misconception="scales-unpacked" variant=1 loses="zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    return math.ceil(count * bits / 8) + groups * (math.ceil(scale_bits / 8) + math.ceil(zero_point_bits / 8))


# %% wrong misconception="scales-unpacked" variant=2 loses="zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    size = (count * bits + 7) // 8
    for _ in range(0, count, group_size or count):
        size += (scale_bits + 7) // 8 + (zero_point_bits + 7) // 8
    return size


# %% right style="whole numbers only"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = 1
    for length in shape:
        count *= length
    groups = count // group_size if group_size else 1
    return (count * bits + 7) // 8 + (groups * scale_bits + 7) // 8 + (groups * zero_point_bits + 7) // 8


# %% right style="divmod for the last byte"
def packed(numbers, bits):
    full, rest = divmod(numbers * bits, 8)
    return full + (rest > 0)


def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = len(range(0, count, group_size or count))
    return packed(count, bits) + packed(groups, scale_bits) + packed(groups, zero_point_bits)
