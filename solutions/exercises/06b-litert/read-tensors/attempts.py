# %% misconception="old-field"
# The scale comes from `quantization`, which holds one pair at most, and none of a tensor with several scales.
# Remedy: Read `quantization_parameters`, a dict of `scales`, `zero_points` and `quantized_dimension`.

# %% wrong misconception="old-field" variant=1 loses="channels,zero-points,axis"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        scale, zero_point = details["quantization"]
        found[details["name"]] = {
            "dtype": details["dtype"].__name__,
            "scales": [scale] if scale else [],
            "zero_points": [zero_point] if scale else [],
            "axis": None,
        }
    return found


# %% wrong misconception="old-field" variant=2 loses="channels,zero-points,axis"
def read_tensors(file):
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()

    def entry(one):
        pair = one["quantization"]
        numbers = ([], []) if pair == (0.0, 0) else ([pair[0]], [pair[1]])
        return dict(zip(("dtype", "scales", "zero_points", "axis"), (np.dtype(one["dtype"]).name, *numbers, None)))

    return {one["name"]: entry(one) for one in interpreter.get_tensor_details()}


# %% misconception="first-scale-only"
# Of the scales of a tensor the first alone is kept.
# Remedy: A tensor may have a scale for each channel; keep the whole list.


# %% wrong misconception="first-scale-only" variant=1 loses="channels,zero-points,axis"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        found[details["name"]] = {
            "dtype": details["dtype"].__name__,
            "scales": numbers["scales"][:1].tolist(),
            "zero_points": numbers["zero_points"][:1].tolist(),
            "axis": None,
        }
    return found


# %% wrong misconception="first-scale-only" variant=2 loses="channels,zero-points,axis"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        scales, points = [], []
        if len(numbers["scales"]):
            scales.append(float(numbers["scales"][0]))
            points.append(int(numbers["zero_points"][0]))
        found[details["name"]] = {
            "dtype": np.dtype(details["dtype"]).name,
            "scales": scales,
            "zero_points": points,
            "axis": numbers["quantized_dimension"] if len(scales) > 1 else None,
        }
    return found


# %% misconception="first-dimension"
# The channels are taken to lie along the first dimension; those of a depthwise kernel lie along the last.
# Remedy: `quantized_dimension` says along which they lie.


# %% wrong misconception="first-dimension" variant=1 loses="axis"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        found[details["name"]] = {
            "dtype": details["dtype"].__name__,
            "scales": numbers["scales"].tolist(),
            "zero_points": numbers["zero_points"].tolist(),
            "axis": 0 if len(numbers["scales"]) > 1 else None,
        }
    return found


# %% wrong misconception="first-dimension" variant=2 loses="axis"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        channels = list(details["shape"][:1])
        scales = [float(one) for one in numbers["scales"]]
        found[details["name"]] = {
            "dtype": np.dtype(details["dtype"]).name,
            "scales": scales,
            "zero_points": [int(one) for one in numbers["zero_points"]],
            "axis": None if len(scales) < 2 else (channels != [] and 0),
        }
    return found


# %% misconception="axis-of-one"
# An axis is given for tensors that have one scale, or none; there are no channels then.
# Remedy: `axis` is None unless there is more than one scale.


# %% wrong misconception="axis-of-one" variant=1 loses="float,one-scale,channels,zero-points,axis"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        found[details["name"]] = {
            "dtype": details["dtype"].__name__,
            "scales": numbers["scales"].tolist(),
            "zero_points": numbers["zero_points"].tolist(),
            "axis": numbers["quantized_dimension"],
        }
    return found


# %% wrong misconception="axis-of-one" variant=2 loses="float,one-scale,channels,zero-points,axis"
def read_tensors(file):
    keys = {"scales": "scales", "zero_points": "zero_points", "axis": "quantized_dimension"}
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        found[details["name"]] = {"dtype": np.dtype(details["dtype"]).name}
        for ours, theirs in keys.items():
            value = details["quantization_parameters"][theirs]
            found[details["name"]][ours] = value.tolist() if isinstance(value, np.ndarray) else value
    return found


# %% misconception="symmetric-channels"
# The zero points of channels are written as 0, where the file says otherwise.
# Remedy: Read `zero_points`, channel by channel; only for int8 weights does the specification fix them at 0.


# %% wrong misconception="symmetric-channels" variant=1 loses="zero-points"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        count = len(numbers["scales"])
        found[details["name"]] = {
            "dtype": details["dtype"].__name__,
            "scales": numbers["scales"].tolist(),
            "zero_points": [0] * count if count > 1 else numbers["zero_points"].tolist(),
            "axis": numbers["quantized_dimension"] if count > 1 else None,
        }
    return found


# %% wrong misconception="symmetric-channels" variant=2 loses="zero-points"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        entry = {"dtype": np.dtype(details["dtype"]).name, "scales": numbers["scales"].tolist()}
        entry["zero_points"], entry["axis"] = list(map(int, numbers["zero_points"])), None
        if len(entry["scales"]) >= 2:
            entry["zero_points"] = np.zeros(len(entry["scales"]), int).tolist()
            entry["axis"] = numbers["quantized_dimension"]
        found[details["name"]] = entry
    return found


# %% misconception="grid-for-floats"
# A tensor without a scale is given one, scale 1 and zero point 0; floats have no grid.
# Remedy: Leave both lists empty where the file has none.


# %% wrong misconception="grid-for-floats" variant=1 loses="float"
def read_tensors(file):
    found = {}
    for details in Interpreter(model_content=file).get_tensor_details():
        numbers = details["quantization_parameters"]
        found[details["name"]] = {
            "dtype": details["dtype"].__name__,
            "scales": numbers["scales"].tolist() or [1.0],
            "zero_points": numbers["zero_points"].tolist() or [0],
            "axis": numbers["quantized_dimension"] if len(numbers["scales"]) > 1 else None,
        }
    return found


# %% wrong misconception="grid-for-floats" variant=2 loses="float"
def read_tensors(file):
    found = {}
    for one in Interpreter(model_content=file).get_tensor_details():
        entry = {"dtype": np.dtype(one["dtype"]).name, "scales": [1.0], "zero_points": [0], "axis": None}
        if (numbers := one["quantization_parameters"])["scales"].size:
            entry["scales"], entry["zero_points"] = numbers["scales"].tolist(), numbers["zero_points"].tolist()
        if len(entry["scales"]) > 1:
            entry["axis"] = numbers["quantized_dimension"]
        found[one["name"]] = entry
    return found


# %% right style="loops and plain numbers"
def read_tensors(file):
    interpreter = Interpreter(model_content=file, num_threads=1)
    interpreter.allocate_tensors()
    found = {}
    for details in interpreter.get_tensor_details():
        numbers = details["quantization_parameters"]
        entry = {"dtype": np.dtype(details["dtype"]).name, "scales": [], "zero_points": [], "axis": None}
        for scale, zero_point in zip(numbers["scales"], numbers["zero_points"]):
            entry["scales"].append(float(scale))
            entry["zero_points"].append(int(zero_point))
        if len(entry["scales"]) > 1:
            entry["axis"] = int(numbers["quantized_dimension"])
        found[details["name"]] = entry
    return found


# %% right style="by the schema"
def read_tensors(file):
    from ai_edge_litert import schema_py_generated as schema

    names = {number: name.lower() for name, number in vars(schema.TensorType).items() if type(number) is int}
    graph = schema.Model.GetRootAsModel(file, 0).Subgraphs(0)
    found = {}
    for tensor in map(graph.Tensors, range(graph.TensorsLength())):
        grid = tensor.Quantization()
        count = grid.ScaleLength() if grid else 0
        found[tensor.Name().decode()] = {
            "dtype": names[tensor.Type()],
            "scales": [grid.Scale(place) for place in range(count)],
            "zero_points": [grid.ZeroPoint(place) for place in range(count)],
            "axis": grid.QuantizedDimension() if count > 1 else None,
        }
    return found
