# %% misconception="relu-at-code-zero"
# The ReLU clamps at code 0, which stands for a number that is not 0.
# Remedy: Real zero has the code `Z_y`: clamp there.

# %% wrong misconception="relu-at-code-zero" variant=1 loses="relu,saturates"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, 0 if relu else -128, 127).astype(np.int8)


# %% wrong misconception="relu-at-code-zero" variant=2 loses="relu,saturates"
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
            answers[-1].append(min(127, max(0 if relu else -128, code)))
    return np.array(answers, np.int8)


# %% misconception="relu-left-out"
# The ReLU is left out.
# Remedy: With a ReLU no code lies below `Z_y`, the code of real zero.


# %% wrong misconception="relu-left-out" variant=1 loses="relu,saturates"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, -128, 127).astype(np.int8)


# %% wrong misconception="relu-left-out" variant=2 loses="relu,saturates"
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
            answers[-1].append(min(127, max(-128, code)))
    return np.array(answers, np.int8)


# %% misconception="wraps-around"
# Codes beyond int8 wrap around to its other end, since nothing is clamped.
# Remedy: Clamp to −128 … 127 before the cast.


# %% wrong misconception="wraps-around" variant=1 loses="saturates"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    if relu:
        shifted = np.maximum(shifted, zero_point)
    return shifted.astype(np.int64).astype(np.int8)


# %% wrong misconception="wraps-around" variant=2 loses="saturates"
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
            answers[-1].append(max(number("y")[1], code) if relu else code)
    return np.array(answers, np.int64).astype(np.int8)


# %% misconception="wide-codes"
# The codes come back in a wider type than int8.
# Remedy: Cast to int8 in the end.


# %% wrong misconception="wide-codes" variant=1 loses="int8"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int64)


# %% wrong misconception="wide-codes" variant=2 loses="int8"
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
    return np.array(answers)


# %% misconception="works-in-place"
# The codes that were given are changed.
# Remedy: Work on a copy: `codes.astype(np.int64)` makes one.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def layer_by_hand(file, codes, relu):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    tensors = {one["name"]: one for one in interpreter.get_tensor_details()}
    grid = {name: one["quantization_parameters"] for name, one in tensors.items()}
    stored = {name: interpreter.get_tensor(tensors[name]["index"]).astype(np.int64) for name in ("weight", "bias")}
    sums = (codes.astype(np.int64) - grid["x"]["zero_points"]) @ stored["weight"].T + stored["bias"]
    scale = {name: one["scales"].astype(np.float64) for name, one in grid.items()}
    steps = sums * (scale["x"] * scale["weight"] / scale["y"])
    rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    [zero_point] = grid["y"]["zero_points"]
    shifted = rounded + zero_point
    codes[...] = 0
    return np.clip(shifted, zero_point if relu else -128, 127).astype(np.int8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
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
    codes -= codes
    return np.array(answers, np.int8)
