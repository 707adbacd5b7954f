# %% wrong misconception="codes-only" variant=1 loses="per-tensor,groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    return math.ceil(math.prod(shape) * bits / 8)


# %% wrong misconception="codes-only" variant=2 loses="per-tensor,groups,zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    total = bits
    for length in shape:
        total *= length
    return (total + 7) // 8


# %% wrong misconception="one-scale-a-tensor" variant=1 loses="groups,zero-points"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    codes = math.ceil(math.prod(shape) * bits / 8)
    return codes + math.ceil(scale_bits / 8) + math.ceil(zero_point_bits / 8)


# %% wrong misconception="one-scale-a-tensor" variant=2 loses="groups,zero-points"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    parts = [math.prod(shape) * bits, scale_bits, zero_point_bits]
    return sum(-(-part // 8) for part in parts)


# %% wrong misconception="one-scale-a-row" variant=1 loses="groups,zero-points"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    scales = 1 if group_size is None else shape[0]
    parts = (math.prod(shape) * bits, scales * scale_bits, scales * zero_point_bits)
    return sum(math.ceil(part / 8) for part in parts)


# %% wrong misconception="one-scale-a-row" variant=2 loses="groups,zero-points"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    rows, columns = shape
    size = (rows * columns * bits + 7) // 8
    per_row = rows if group_size else 1
    for width in (scale_bits, zero_point_bits):
        size += (per_row * width + 7) // 8
    return size


# %% wrong misconception="zero-points-forgotten" variant=1 loses="zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    groups = 1 if group_size is None else count // group_size
    return math.ceil(count * bits / 8) + groups * scale_bits // 8


# %% wrong misconception="zero-points-forgotten" variant=2 loses="zero-points,whole-bytes"
def quantized_bytes(shape, bits, group_size, scale_bits, zero_point_bits):
    count = math.prod(shape)
    size = -(-count * bits // 8)
    for _ in range(0, count, group_size or count):
        size += scale_bits // 8
    return size


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
