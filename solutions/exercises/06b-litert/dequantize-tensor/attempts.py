# %% misconception="zero-point-left-out"
# The zero point is left out: code 0 is taken to stand for 0.
# Remedy: Subtract the zero point before you multiply with the scale.

# %% wrong misconception="zero-point-left-out" variant=1 loses="one-scale,far,axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, numbers = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    shape = [1] * codes.ndim
    shape[numbers["quantized_dimension"]] = -1
    return (codes * numbers["scales"].reshape(shape)).astype(np.float32)


# %% wrong misconception="zero-point-left-out" variant=2 loses="one-scale,far,axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    for details in interpreter.get_tensor_details():
        if details["name"] == name:
            break
    else:
        raise KeyError(name)
    codes, grid = interpreter.get_tensor(details["index"]).astype(np.float32), details["quantization_parameters"]
    if len(grid["scales"]) == 1:
        return codes * grid["scales"][0]
    if len(grid["scales"]) > 1:
        moved = np.moveaxis(codes, grid["quantized_dimension"], -1) * grid["scales"]
        return np.moveaxis(moved, -1, grid["quantized_dimension"])
    return codes


# %% misconception="first-scale-for-all"
# The scale of the first channel is used for all channels.
# Remedy: Each channel has a scale of its own; reshape the scales along `quantized_dimension`.


# %% wrong misconception="first-scale-for-all" variant=1 loses="channels,axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, numbers = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    return ((codes - numbers["zero_points"][0].astype(int)) * numbers["scales"][0]).astype(np.float32)


# %% wrong misconception="first-scale-for-all" variant=2 loses="channels,axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    index = {one["name"]: one["index"] for one in interpreter.get_tensor_details()}
    values = interpreter.get_tensor(index[name]).astype(np.float64)
    for one in interpreter.get_tensor_details():
        grid = one["quantization_parameters"]
        if one["name"] == name and grid["scales"].size:
            values = (values - int(grid["zero_points"][0])) * float(grid["scales"][0])
    return values.astype(np.float32)


# %% misconception="channels-along-the-last"
# The scales are laid along the last axis, where NumPy puts a vector by itself; here a row has a scale.
# Remedy: Reshape them to a one for each axis but `quantized_dimension`.


# %% wrong misconception="channels-along-the-last" variant=1 loses="channels,axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, numbers = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    return ((codes - numbers["zero_points"]) * numbers["scales"]).astype(np.float32)


# %% wrong misconception="channels-along-the-last" variant=2 loses="channels,axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, grid = interpreter.get_tensor(details["index"]).astype(np.float32), details["quantization_parameters"]
    steps, points = grid["scales"].astype(np.float32), grid["zero_points"].astype(np.float32)
    return codes if steps.size == 0 else np.multiply(np.subtract(codes, points), steps)


# %% misconception="channels-along-the-first"
# The channels are taken to lie along the first axis, whatever `quantized_dimension` says.
# Remedy: Put the `-1` of the reshape at `quantized_dimension`.


# %% wrong misconception="channels-along-the-first" variant=1 loses="axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, numbers = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    shape = [-1] + [1] * (codes.ndim - 1)
    zero_points = numbers["zero_points"].reshape(shape)
    return ((codes - zero_points) * numbers["scales"].reshape(shape)).astype(np.float32)


# %% wrong misconception="channels-along-the-first" variant=2 loses="axis"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, grid = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    if not grid["scales"].size:
        return codes.astype(np.float32)
    return ((codes.T - grid["zero_points"]) * grid["scales"]).T.astype(np.float32)


# %% misconception="difference-in-int8"
# The zero point is subtracted in int8, where 127 − (−100) comes to −29.
# Remedy: Widen the codes first, `codes.astype(np.int32)`.


# %% wrong misconception="difference-in-int8" variant=1 loses="far"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, numbers = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    shape = [1] * codes.ndim
    shape[numbers["quantized_dimension"]] = -1
    zero_points = numbers["zero_points"].astype(codes.dtype).reshape(shape)
    return ((codes - zero_points) * numbers["scales"].reshape(shape)).astype(np.float32)


# %% wrong misconception="difference-in-int8" variant=2 loses="far"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, grid = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    scales = grid["scales"]
    if len(scales) == 1:
        return (codes - codes.dtype.type(grid["zero_points"][0])).astype(np.float32) * scales[0]
    if len(scales) == 0:
        return codes.astype(np.float32)
    axis = grid["quantized_dimension"]
    parts = [
        (part.astype(np.float32) - point) * step
        for part, point, step in zip(np.moveaxis(codes, axis, 0), grid["zero_points"], scales)
    ]
    return np.stack(parts, axis).astype(np.float32)


# %% misconception="floats-not-expected"
# A tensor without scales makes the function fail; a file may hold float tensors beside others.
# Remedy: Where `scales` is empty, return what is stored, in float32.


# %% wrong misconception="floats-not-expected" variant=1 loses="float"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, numbers = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    shape = [1] * codes.ndim
    shape[numbers["quantized_dimension"]] = len(numbers["scales"])
    zero_points = numbers["zero_points"].reshape(shape)
    return ((codes - zero_points) * numbers["scales"].reshape(shape)).astype(np.float32)


# %% wrong misconception="floats-not-expected" variant=2 loses="float"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    codes, grid = interpreter.get_tensor(details["index"]).astype(float), details["quantization_parameters"]
    axis, rows = grid["quantized_dimension"], len(grid["scales"])
    if rows == 1:
        return np.float32((codes - grid["zero_points"][0]) * grid["scales"][0])
    moved = np.moveaxis(codes, axis, -1).reshape(-1, rows)
    real = (moved - grid["zero_points"]) * grid["scales"]
    back = [*np.delete(np.array(codes.shape), axis).tolist(), rows]
    return np.moveaxis(real.reshape(back), -1, axis).astype(np.float32)


# %% misconception="missing-told-otherwise"
# A name that is not in the file gives no KeyError.
# Remedy: Look the name up in a dict, or raise a `KeyError` yourself.


# %% wrong misconception="missing-told-otherwise" variant=1 loses="missing"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    found = [one for one in interpreter.get_tensor_details() if one["name"] == name]
    if not found:
        return None
    codes, numbers = interpreter.get_tensor(found[0]["index"]), found[0]["quantization_parameters"]
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    shape = [1] * codes.ndim
    shape[numbers["quantized_dimension"]] = -1
    zero_points = numbers["zero_points"].reshape(shape)
    return ((codes - zero_points) * numbers["scales"].reshape(shape)).astype(np.float32)


# %% wrong misconception="missing-told-otherwise" variant=1 loses="missing"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details, *_ = [one for one in interpreter.get_tensor_details() if one["name"] == name]
    codes, numbers = interpreter.get_tensor(details["index"]), details["quantization_parameters"]
    if not len(numbers["scales"]):
        return codes.astype(np.float32)
    shape = [1] * codes.ndim
    shape[numbers["quantized_dimension"]] = -1
    zero_points = numbers["zero_points"].reshape(shape)
    return ((codes - zero_points) * numbers["scales"].reshape(shape)).astype(np.float32)


# %% wrong misconception="missing-told-otherwise" variant=2 loses="missing"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    for details in interpreter.get_tensor_details():
        if details["name"] != name:
            continue
        codes, grid = interpreter.get_tensor(details["index"]).astype(float), details["quantization_parameters"]
        if len(grid["scales"]):
            shape = np.ones(codes.ndim, int)
            shape[grid["quantized_dimension"]] = len(grid["scales"])
            codes = (codes - grid["zero_points"].reshape(shape)) * grid["scales"].reshape(shape)
        return codes.astype(np.float32)
    return None


# %% right style="channel by channel"
def dequantize_tensor(file, name):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    details = {one["name"]: one for one in interpreter.get_tensor_details()}[name]
    values, grid = interpreter.get_tensor(details["index"]).astype(np.float64), details["quantization_parameters"]
    if len(grid["scales"]) == 1:
        values = (values - grid["zero_points"][0]) * grid["scales"][0]
    elif len(grid["scales"]) > 1:
        channels = np.moveaxis(values, grid["quantized_dimension"], 0)
        for place, (step, point) in enumerate(zip(grid["scales"], grid["zero_points"])):
            channels[place] = (channels[place] - point) * step
    return values.astype(np.float32)


# %% right style="by the schema"
def dequantize_tensor(file, name):
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(file, 0)
    types = {0: np.float32, 2: np.int32, 9: np.int8}
    [tensor] = [one for one in model.subgraphs[0].tensors if one.name.decode() == name] or [None]
    if tensor is None:
        raise KeyError(f"no tensor {name}")
    stored = bytes(bytearray(model.buffers[tensor.buffer].data))
    codes = np.frombuffer(stored, types[tensor.type]).reshape(tensor.shape).astype(np.float64)
    grid = tensor.quantization
    if grid is None or grid.scale is None:
        return codes.astype(np.float32)
    shape = [-1 if axis == grid.quantizedDimension else 1 for axis in range(codes.ndim)]
    steps, points = np.reshape(grid.scale, shape), np.reshape(grid.zeroPoint, shape)
    return ((codes - points) * steps).astype(np.float32)
