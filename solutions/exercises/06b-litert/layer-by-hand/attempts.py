# %% misconception="bias-left-out"
# The bias is left out of the sum.
# Remedy: Add the int32 codes of `bias` to the sums; they are on the scale of the sums.

# %% wrong misconception="bias-left-out" variant=1 loses="one-scale,channels,large-sums,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="bias-left-out" variant=2 loses="one-scale,channels,large-sums,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = sum((q - number("x")[1]) * w for q, w in zip(given, weights))
            step = total * (number("x")[0] * steps[place % len(steps)] / number("y")[0])
            code = int(abs(step) + 0.5) * (1 if step > 0 else -1)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% misconception="input-zero-point"
# The zero point of the input is not subtracted, so that a real zero counts.
# Remedy: Subtract `Z_x` from the codes before you multiply.


# %% wrong misconception="input-zero-point" variant=1 loses="one-scale,channels,halves,large-sums,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = codes.astype(np.int64) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="input-zero-point" variant=2 loses="one-scale,channels,halves,large-sums,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    bias = interpreter.get_tensor(read["bias"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = bias[place] + sum(q * w for q, w in zip(given, weights))
            step = total * (number("x")[0] * steps[place % len(steps)] / number("y")[0])
            code = int(abs(step) + 0.5) * (1 if step > 0 else -1)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% misconception="first-scale-for-all"
# The scale of the first output is used for all of them.
# Remedy: The weights of each output have a scale of their own: multiply column by column.


# %% wrong misconception="first-scale-for-all" variant=1 loses="channels,halves,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"][0] * scale["weight"][0] / scale["y"][0])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="first-scale-for-all" variant=2 loses="channels,halves,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    bias = interpreter.get_tensor(read["bias"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = bias[place] + sum((q - number("x")[1]) * w for q, w in zip(given, weights))
            step = total * (number("x")[0] * steps[0] / number("y")[0])
            code = int(abs(step) + 0.5) * (1 if step > 0 else -1)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% misconception="halves-to-even"
# Halves go to the even number, as NumPy and Python round.
# Remedy: `np.sign(a) * np.floor(np.abs(a) + 0.5)` rounds them away from zero.


# %% wrong misconception="halves-to-even" variant=1 loses="halves"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.rint(steps)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="halves-to-even" variant=2 loses="halves"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    bias = interpreter.get_tensor(read["bias"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = bias[place] + sum((q - number("x")[1]) * w for q, w in zip(given, weights))
            step = total * (number("x")[0] * steps[place % len(steps)] / number("y")[0])
            code = round(step)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% misconception="halves-up"
# Halves are rounded upwards, also below zero.
# Remedy: Round the magnitude, and put the sign back: `np.sign(a) * np.floor(np.abs(a) + 0.5)`.


# %% wrong misconception="halves-up" variant=1 loses="halves"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.floor(steps + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="halves-up" variant=2 loses="halves"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    bias = interpreter.get_tensor(read["bias"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = bias[place] + sum((q - number("x")[1]) * w for q, w in zip(given, weights))
            step = total * (number("x")[0] * steps[place % len(steps)] / number("y")[0])
            code = int((step + 0.5) // 1)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% misconception="cut-off"
# The rescaled sum is cut off or rounded down, not rounded to nearest.
# Remedy: Add 0.5 to the magnitude before you cut off.


# %% wrong misconception="cut-off" variant=1 loses="one-scale,channels,halves,large-sums,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.trunc(steps)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="cut-off" variant=2 loses="one-scale,channels,halves,large-sums,relu,saturates,int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    bias = interpreter.get_tensor(read["bias"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = bias[place] + sum((q - number("x")[1]) * w for q, w in zip(given, weights))
            step = total * (number("x")[0] * steps[place % len(steps)] / number("y")[0])
            code = int(step)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% misconception="single-precision"
# Sums or multipliers are float32, which has too few digits for sums of 32 bits.
# Remedy: Compute `a * M` in float64.


# %% wrong misconception="single-precision" variant=1 loses="large-sums"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"] for name, one in grid.items()}
    steps = (sums.astype(np.float32) * (scale["x"] * scale["weight"] / scale["y"])).astype(np.float64)
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="single-precision" variant=1 loses="large-sums"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"] for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"]).astype(np.float64)
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="single-precision" variant=2 loses="large-sums"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    bias = interpreter.get_tensor(read["bias"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = bias[place] + sum((q - number("x")[1]) * w for q, w in zip(given, weights))
            product = np.float32(number("x")[0] * steps[place % len(steps)])
            step = float(np.float32(total) * np.float32(product / number("y")[0]))
            code = int(abs(step) + 0.5) * (1 if step > 0 else -1)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% right style="number by number"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    read = {one["name"]: one for one in interpreter.get_tensor_details()}
    number = lambda name: read[name]["quantization"]
    weight = interpreter.get_tensor(read["weight"]["index"]).tolist()
    bias = interpreter.get_tensor(read["bias"]["index"]).tolist()
    steps = read["weight"]["quantization_parameters"]["scales"].tolist()
    answers = []
    for given in codes.tolist():
        answers.append([])
        for place, weights in enumerate(weight):
            total = bias[place] + sum((q - number("x")[1]) * w for q, w in zip(given, weights))
            step = total * (number("x")[0] * steps[place % len(steps)] / number("y")[0])
            code = int(abs(step) + 0.5) * (1 if step > 0 else -1)
            code += number("y")[1]
            answers[-1].append(min(127, max(number("y")[1] if relu else -128, code)))
    return np.array(answers, np.int8)


# %% right style="a 31-bit mantissa and a shift"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    multipliers = np.broadcast_to(scale["x"] * scale["weight"] / scale["y"], sums.shape[1:])
    fraction, exponent = np.frexp(multipliers)
    products = np.abs(sums).astype(object) * [int(one) for one in np.round(fraction * 2**31)]
    shifts = [31 - int(one) for one in exponent]
    sizes = np.array([[(p + (1 << (n - 1))) >> n for p, n in zip(row, shifts)] for row in products], np.int64)
    [zero_point] = grid["y"]["zero_points"]
    found = np.sign(sums) * sizes.reshape(sums.shape) + zero_point
    return np.clip(found, max(-128, zero_point) if relu else -128, 127).astype(np.int8)
