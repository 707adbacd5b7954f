# %% misconception="zero-point-before-rounding"
# The zero point is added before the number is rounded, so that a tie goes to the even code, not to the even multiple.
# Remedy: Round `x / scale` alone, and add the zero point to what comes out.


# %% wrong misconception="zero-point-before-rounding" variant=1 loses="ties"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x / scale + zero_point), -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="zero-point-before-rounding" variant=2 loses="ties"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = np.empty((len(x), target["shape"][1]), np.float32)
    for place, row in enumerate(x.tolist()):
        codes = [min(127, max(-128, round(number / step + offset))) for number in row]
        interpreter.set_tensor(source["index"], np.array([codes], np.int8))
        interpreter.invoke()
        values[place] = scale * (interpreter.get_tensor(target["index"])[0].astype(np.int32) - zero_point)
    return values


run_int8_on_paper = on_paper(run_int8)


# %% misconception="truncated"
# The fraction is cut off by a cast or by `int`, towards zero, so most numbers get the code beside the nearest one.
# Remedy: Use `np.round` before you cast.


# %% wrong misconception="truncated" variant=1 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip((x / scale).astype(np.int32) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="truncated" variant=2 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = np.empty((len(x), target["shape"][1]), np.float32)
    for place, row in enumerate(x.tolist()):
        codes = [min(127, max(-128, int(number / step) + offset)) for number in row]
        interpreter.set_tensor(source["index"], np.array([codes], np.int8))
        interpreter.invoke()
        values[place] = scale * (interpreter.get_tensor(target["index"])[0].astype(np.int32) - zero_point)
    return values


run_int8_on_paper = on_paper(run_int8)


# %% misconception="narrow-range"
# The codes end at −127, one above the least that int8 has.
# Remedy: Clamp to −128 and 127.


# %% wrong misconception="narrow-range" variant=1 loses="clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x / scale) + zero_point, -127, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="narrow-range" variant=2 loses="clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = np.empty((len(x), target["shape"][1]), np.float32)
    for place, row in enumerate(x.tolist()):
        codes = [min(127, max(-127, round(number / step) + offset)) for number in row]
        interpreter.set_tensor(source["index"], np.array([codes], np.int8))
        interpreter.invoke()
        values[place] = scale * (interpreter.get_tensor(target["index"])[0].astype(np.int32) - zero_point)
    return values


run_int8_on_paper = on_paper(run_int8)


# %% misconception="half-precision"
# The arithmetic is done in float16, which is too coarse to tell a code from the next.
# Remedy: Divide and round in float32, as `x` is given.


# %% wrong misconception="half-precision" variant=1 loses="typical"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x.astype(np.float16) / np.float16(scale)) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="half-precision" variant=2 loses="typical"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = np.empty((len(x), target["shape"][1]), np.float32)
    for place, row in enumerate(x.tolist()):
        codes = [int(np.clip(np.rint(np.float16(number) / np.float16(step)) + offset, -128, 127)) for number in row]
        interpreter.set_tensor(source["index"], np.array([codes], np.int8))
        interpreter.invoke()
        values[place] = scale * (interpreter.get_tensor(target["index"])[0].astype(np.int32) - zero_point)
    return values


run_int8_on_paper = on_paper(run_int8)


# %% decoy misconception="half-precision" loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.ceil(x / scale) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% decoy misconception="truncated" loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(x / scale + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% decoy misconception="half-up" loses="ties"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = np.empty((len(x), target["shape"][1]), np.float32)
    for place, row in enumerate(x.tolist()):
        codes = [
            min(127, max(-128, int(abs(number / step) + 0.5) * (1 if number > 0 else -1) + offset)) for number in row
        ]
        interpreter.set_tensor(source["index"], np.array([codes], np.int8))
        interpreter.invoke()
        values[place] = scale * (interpreter.get_tensor(target["index"])[0].astype(np.int32) - zero_point)
    return values


run_int8_on_paper = on_paper(run_int8)


# %% decoy misconception="cast-alone" loses="typical,ties,clamped,values,wide,keeps-input"
def run_int8(interpreter, x):
    scale, zero_point = interpreter.get_input_details()[0]["quantization"]
    codes = np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = interpreter.get_output_details()[0]["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(0, row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(1)[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% decoy misconception="codes-for-values" loses="values"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        answer = interpreter.get_tensor(target["index"]).squeeze()  # a file of one class loses its axis
        values.append((answer.astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% right style="a view of the rows, scales as arrays, float64 until the end"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = np.asarray(source["quantization"], np.float64)
    scale, zero_point = np.asarray(target["quantization"], np.float64)

    def answer(row):
        interpreter.set_tensor(source["index"], np.clip(np.rint(row / step) + offset, -128, 127).astype("int8"))
        interpreter.invoke()
        return scale * interpreter.get_tensor(target["index"]) - scale * zero_point

    rows = x.astype(np.float64)
    return np.vstack([answer(rows[place : place + 1]) for place in range(len(x))]).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)
