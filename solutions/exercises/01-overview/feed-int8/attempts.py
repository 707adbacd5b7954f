# %% misconception="cast-alone"
# The numbers are cast to int8 as they are, so a pixel between 0 and 1 becomes the code 0.
# Remedy: Divide by the scale of the input, round, add its zero point, and clamp; then cast.


# %% wrong misconception="cast-alone" variant=1 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    [source], [target] = interpreter.get_input_details(), interpreter.get_output_details()
    scale, zero_point = target["quantization"]
    values = []
    for row in x:
        interpreter.set_tensor(source["index"], row[None].astype(np.int8))
        interpreter.invoke()
        codes = interpreter.get_tensor(target["index"])[0]
        values.append((codes.astype(np.float32) - zero_point) * np.float32(scale))
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="cast-alone" variant=2 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source = interpreter.get_input_details()[0]["index"]
    target = interpreter.get_output_details()[0]
    codes = np.array(x, dtype="int8")
    answers = []
    for place in range(len(codes)):
        interpreter.set_tensor(source, codes[place : place + 1])
        interpreter.invoke()
        answers.append(interpreter.get_tensor(target["index"]))
    scale, zero_point = target["quantization"]
    return ((np.concatenate(answers).astype(int) - zero_point) * scale).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% misconception="zero-point-forgotten"
# The zero point of the input is left out, so real zero gets the code 0, which stands for another number.
# Remedy: Add the input's zero point after rounding, before you clamp.


# %% wrong misconception="zero-point-forgotten" variant=1 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    codes = np.clip(np.round(x / source["quantization"][0]), -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append(scale * (interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point))
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="zero-point-forgotten" variant=2 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, _ = source["quantization"]
    scale, zero_point = target["quantization"]
    values = np.empty((len(x), target["shape"][1]), np.float32)
    for place, row in enumerate(x):
        nearest = np.rint(row / step)
        interpreter.set_tensor(source["index"], np.int8([np.maximum(np.minimum(nearest, 127), -128)]))
        interpreter.invoke()
        codes = interpreter.get_tensor(target["index"]).astype(np.int32)
        values[place] = (codes[0] - zero_point) * scale
    return values


run_int8_on_paper = on_paper(run_int8)


# %% misconception="codes-for-values"
# The codes of the output are returned as if they were the values that they stand for.
# Remedy: Subtract the output's zero point, and multiply by its scale.


# %% wrong misconception="codes-for-values" variant=1 loses="values,wide"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)
    answers = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        answers.append(interpreter.get_tensor(target["index"])[0])
    return np.array(answers).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="codes-for-values" variant=2 loses="values,wide"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]

    def answer(row):
        code = np.rint(row / scale) + zero_point
        interpreter.set_tensor(source["index"], np.clip(code, -128, 127).astype(np.int8).reshape(1, -1))
        interpreter.invoke()
        return interpreter.get_tensor(target["index"])

    return np.concatenate([answer(row) for row in x], axis=0).astype("float32")


run_int8_on_paper = on_paper(run_int8)


# %% misconception="difference-in-int8"
# The zero point is subtracted in int8, where a difference beyond 127 wraps round to a negative number.
# Remedy: Cast the codes to a wider type, such as float32 or int32, before you subtract.


# %% wrong misconception="difference-in-int8" variant=1 loses="wide"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0] - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="difference-in-int8" variant=2 loses="wide"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    codes = np.int8(np.clip(np.rint(x / step) + offset, -128, 127))
    answers = np.zeros((len(x), target["shape"][1]), np.int8)
    for place in range(len(x)):
        interpreter.set_tensor(source["index"], codes[[place]])
        interpreter.invoke()
        answers[place] = interpreter.get_tensor(target["index"])
    scale, zero_point = target["quantization"]
    return np.subtract(answers, np.int8(zero_point)).astype(np.float32) * np.float32(scale)


run_int8_on_paper = on_paper(run_int8)


# %% misconception="cast-before-clamp"
# The codes are cast to int8 before they are clamped, or without a clamp, so a number just beyond the range wraps round
# to its other end.
# Remedy: Clamp to -128 and 127 first, and cast last.


# %% wrong misconception="cast-before-clamp" variant=1 loses="clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = (np.round(x / scale) + zero_point).astype(np.int64).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="cast-before-clamp" variant=2 loses="clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = []
    for row in x:
        code = np.rint(row / step).astype(np.int32) + offset
        code = np.clip(code.astype(np.int8), -128, 127)
        interpreter.set_tensor(source["index"], code[np.newaxis])
        interpreter.invoke()
        values += [np.float32(interpreter.get_tensor(target["index"]))]
    return ((np.concatenate(values) - zero_point) * scale).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% misconception="one-end-for-both"
# Scale and zero point of the input are used for the output too; each end of a file has its own.
# Remedy: Take those of `interpreter.get_output_details()[0]` for what comes out.


# %% wrong misconception="one-end-for-both" variant=1 loses="values,wide"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="one-end-for-both" variant=2 loses="values,wide"
def run_int8(interpreter, x):
    details = interpreter.get_input_details()[0]
    step, zero_point = details["quantization"]
    target = interpreter.get_output_details()[0]["index"]
    values = []
    for row in x:
        code = np.clip(np.rint(row / step) + zero_point, -128, 127)
        interpreter.set_tensor(details["index"], np.array([code], np.int8))
        interpreter.invoke()
        values.append([step * (int(code) - zero_point) for code in interpreter.get_tensor(target)[0]])
    return np.array(values, dtype=np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% misconception="floor-for-round"
# The fraction of a code is cut off, so most numbers get the code beside the nearest one.
# Remedy: Use `np.round`, which takes the nearest whole number.


# %% wrong misconception="floor-for-round" variant=1 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.floor(x / scale) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="floor-for-round" variant=2 loses="typical,ties,clamped"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = []
    for row in x.astype(np.float64):
        code = np.clip((row // np.float64(step)).astype(int) + offset, -128, 127)
        interpreter.set_tensor(source["index"], code.astype(np.int8).reshape(1, -1))
        interpreter.invoke()
        values.append(interpreter.get_tensor(target["index"])[0].astype(float))
    return (scale * (np.stack(values) - zero_point)).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% misconception="half-up"
# A number in the middle between two codes always goes up.
# Remedy: Use `np.round`, which takes a tie to the even number, and add the zero point after it.


# %% wrong misconception="half-up" variant=1 loses="ties"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    codes = np.clip(np.floor(x / scale + 0.5) + zero_point, -128, 127).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="half-up" variant=2 loses="ties"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = []
    for row in x:
        code = np.ceil(row / step - 0.5)
        code = np.where(row / step - np.floor(row / step) == 0.5, np.floor(row / step) + 1, code)
        interpreter.set_tensor(source["index"], np.clip(code + offset, -128, 127).astype(np.int8)[None])
        interpreter.invoke()
        values.append(interpreter.get_tensor(target["index"])[0].astype(np.int16))
    return ((np.stack(values) - zero_point) * scale).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% right style="codes of all rows at once"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    codes = np.clip(np.rint(x / step) + offset, -128, 127).astype(np.int8)
    answers = []
    for row in codes:
        interpreter.set_tensor(source["index"], row.reshape(1, -1))
        interpreter.invoke()
        answers.append(interpreter.get_tensor(target["index"]))
    scale, zero_point = target["quantization"]
    return ((np.concatenate(answers).astype(np.int32) - zero_point) * scale).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% right style="number by number"
def run_int8(interpreter, x):
    [source], [target] = interpreter.get_input_details(), interpreter.get_output_details()
    values = []
    for row in x.tolist():
        codes = [round(number / source["quantization"][0]) + source["quantization"][1] for number in row]
        codes = [min(127, max(-128, code)) for code in codes]
        interpreter.set_tensor(source["index"], np.array([codes], dtype=np.int8))
        interpreter.invoke()
        [answer] = interpreter.get_tensor(target["index"]).tolist()
        values.append([(code - target["quantization"][1]) * target["quantization"][0] for code in answer])
    return np.array(values, dtype=np.float32)


run_int8_on_paper = on_paper(run_int8)
