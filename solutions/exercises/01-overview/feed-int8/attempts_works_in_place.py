# %% misconception="works-in-place"
# The call changed the array that was given, so the caller's numbers are gone afterwards.
# Remedy: Let each step make a new array: `x / scale`, not `x /= scale`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    x /= scale
    np.round(x, out=x)
    x += zero_point
    codes = np.clip(x, -128, 127, out=x).astype(np.int8)
    scale, zero_point = target["quantization"]
    values = []
    for row in codes:
        interpreter.set_tensor(source["index"], row[None])
        interpreter.invoke()
        values.append((interpreter.get_tensor(target["index"])[0].astype(np.float32) - zero_point) * scale)
    return np.array(values, np.float32)


run_int8_on_paper = on_paper(run_int8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def run_int8(interpreter, x):
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    step, offset = source["quantization"]
    scale, zero_point = target["quantization"]
    values = []
    for row in x:
        row[:] = np.clip(np.rint(row / step) + offset, -128, 127)
        interpreter.set_tensor(source["index"], np.int8(row)[None])
        interpreter.invoke()
        values.append(interpreter.get_tensor(target["index"])[0].astype(np.int32))
    return ((np.stack(values) - zero_point) * scale).astype(np.float32)


run_int8_on_paper = on_paper(run_int8)
