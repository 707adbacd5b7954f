# %% misconception="ratio-turned"
# The ratio is that of the first to the second.
# Remedy: Divide the scale of the second file by that of the first.

# %% wrong misconception="ratio-turned" variant=1 loses="one-scale,farthest"
def compare_codes(first, second, names):
    def stored(file):
        interpreter = Interpreter(model_content=file)
        return {
            one["name"]: (interpreter.get_tensor(one["index"]), one["quantization_parameters"]["scales"].astype(float))
            for one in interpreter.get_tensor_details()
            if one["name"] in names
        }

    ours, theirs, compared = stored(first), stored(second), {}
    for name in names:
        (codes, scales), (others, other_scales) = ours[name], theirs[name]
        if codes.shape != others.shape or scales.shape != other_scales.shape:
            raise ValueError(name)
        ratios = scales / other_scales
        farthest = ratios[np.abs(np.log(ratios)).argmax()]
        differing = int((codes != others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="ratio-turned" variant=2 loses="one-scale,farthest"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for name in names:
        details = [next(t for t in one.get_tensor_details() if t["name"] == name) for one in files]
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        if list(a.shape) != list(b.shape) or len(s) != len(t):
            raise ValueError(f"{name} differs in shape, or number of scales")
        ratios = [float(x) / float(y) for x, y in zip(s, t)]
        farthest = max(ratios, key=lambda one: max(one, 1 / one))
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% misconception="agreeing-counted"
# The codes that agree are counted, and not those that differ.
# Remedy: Of a file with itself no code differs: count with `!=`.


# %% wrong misconception="agreeing-counted" variant=1 loses="same,codes,one-scale,farthest"
def compare_codes(first, second, names):
    def stored(file):
        interpreter = Interpreter(model_content=file)
        return {
            one["name"]: (interpreter.get_tensor(one["index"]), one["quantization_parameters"]["scales"].astype(float))
            for one in interpreter.get_tensor_details()
            if one["name"] in names
        }

    ours, theirs, compared = stored(first), stored(second), {}
    for name in names:
        (codes, scales), (others, other_scales) = ours[name], theirs[name]
        if codes.shape != others.shape or scales.shape != other_scales.shape:
            raise ValueError(name)
        ratios = other_scales / scales
        farthest = ratios[np.abs(np.log(ratios)).argmax()]
        differing = int((codes == others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="agreeing-counted" variant=2 loses="same,codes,one-scale,farthest"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for name in names:
        details = [next(t for t in one.get_tensor_details() if t["name"] == name) for one in files]
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        if list(a.shape) != list(b.shape) or len(s) != len(t):
            raise ValueError(f"{name} differs in shape, or number of scales")
        ratios = [float(y) / float(x) for x, y in zip(s, t)]
        farthest = max(ratios, key=lambda one: max(one, 1 / one))
        differing = sum(x == y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% misconception="largest-ratio"
# Of several ratios the largest is given: one far below 1 is overlooked.
# Remedy: Measure how far a ratio is from 1 by `abs(log(ratio))`.


# %% wrong misconception="largest-ratio" variant=1 loses="farthest"
def compare_codes(first, second, names):
    def stored(file):
        interpreter = Interpreter(model_content=file)
        return {
            one["name"]: (interpreter.get_tensor(one["index"]), one["quantization_parameters"]["scales"].astype(float))
            for one in interpreter.get_tensor_details()
            if one["name"] in names
        }

    ours, theirs, compared = stored(first), stored(second), {}
    for name in names:
        (codes, scales), (others, other_scales) = ours[name], theirs[name]
        if codes.shape != others.shape or scales.shape != other_scales.shape:
            raise ValueError(name)
        ratios = other_scales / scales
        farthest = ratios.max()
        differing = int((codes != others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="largest-ratio" variant=2 loses="farthest"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for name in names:
        details = [next(t for t in one.get_tensor_details() if t["name"] == name) for one in files]
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        if list(a.shape) != list(b.shape) or len(s) != len(t):
            raise ValueError(f"{name} differs in shape, or number of scales")
        ratios = [float(y) / float(x) for x, y in zip(s, t)]
        farthest = sorted(ratios)[-1]
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% misconception="distance-by-difference"
# How far a ratio is from 1 is measured by the difference: half counts less than double.
# Remedy: Half is as far as double: `abs(log(ratio))`.


# %% wrong misconception="distance-by-difference" variant=1 loses="farthest"
def compare_codes(first, second, names):
    def stored(file):
        interpreter = Interpreter(model_content=file)
        return {
            one["name"]: (interpreter.get_tensor(one["index"]), one["quantization_parameters"]["scales"].astype(float))
            for one in interpreter.get_tensor_details()
            if one["name"] in names
        }

    ours, theirs, compared = stored(first), stored(second), {}
    for name in names:
        (codes, scales), (others, other_scales) = ours[name], theirs[name]
        if codes.shape != others.shape or scales.shape != other_scales.shape:
            raise ValueError(name)
        ratios = other_scales / scales
        farthest = ratios[np.abs(ratios - 1).argmax()]
        differing = int((codes != others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="distance-by-difference" variant=2 loses="farthest"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for name in names:
        details = [next(t for t in one.get_tensor_details() if t["name"] == name) for one in files]
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        if list(a.shape) != list(b.shape) or len(s) != len(t):
            raise ValueError(f"{name} differs in shape, or number of scales")
        ratios = [float(y) / float(x) for x, y in zip(s, t)]
        farthest = max(ratios, key=lambda one: abs(one - 1))
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% misconception="first-ratio"
# Of several scales the first alone is compared.
# Remedy: Compare all scales of a tensor.


# %% wrong misconception="first-ratio" variant=1 loses="farthest"
def compare_codes(first, second, names):
    def stored(file):
        interpreter = Interpreter(model_content=file)
        return {
            one["name"]: (interpreter.get_tensor(one["index"]), one["quantization_parameters"]["scales"].astype(float))
            for one in interpreter.get_tensor_details()
            if one["name"] in names
        }

    ours, theirs, compared = stored(first), stored(second), {}
    for name in names:
        (codes, scales), (others, other_scales) = ours[name], theirs[name]
        if codes.shape != others.shape or scales.shape != other_scales.shape:
            raise ValueError(name)
        ratios = other_scales / scales
        farthest = ratios[0]
        differing = int((codes != others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="first-ratio" variant=2 loses="farthest"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for name in names:
        details = [next(t for t in one.get_tensor_details() if t["name"] == name) for one in files]
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        if list(a.shape) != list(b.shape) or len(s) != len(t):
            raise ValueError(f"{name} differs in shape, or number of scales")
        ratios = [float(y) / float(x) for x, y in zip(s, t)]
        farthest = next(iter(ratios))
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% right style="plain numbers"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for name in names:
        details = [next(t for t in one.get_tensor_details() if t["name"] == name) for one in files]
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        if list(a.shape) != list(b.shape) or len(s) != len(t):
            raise ValueError(f"{name} differs in shape, or number of scales")
        ratios = [float(y) / float(x) for x, y in zip(s, t)]
        farthest = max(ratios, key=lambda one: max(one, 1 / one))
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% right style="by the schema"
def compare_codes(first, second, names):
    from ai_edge_litert import schema_py_generated as schema

    def read(file):
        model = schema.ModelT.InitFromPackedBuf(file, 0)
        tensors = {one.name.decode(): one for one in model.subgraphs[0].tensors}
        widths = {9: np.int8, 2: np.int32, 3: np.uint8}
        for name in names:
            data = bytes(bytearray(model.buffers[tensors[name].buffer].data))
            codes = np.frombuffer(data, widths[tensors[name].type]).reshape(tensors[name].shape)
            yield codes, np.asarray(tensors[name].quantization.scale, np.float64)

    result = {}
    for name, (codes, scales), (others, more) in zip(names, read(first), read(second)):
        if codes.shape != others.shape or len(scales) != len(more):
            raise ValueError(f"{name}: {codes.shape} and {others.shape}, {len(scales)} and {len(more)} scales")
        logs = np.log(more) - np.log(scales)
        place = int(np.argmax(np.abs(logs)))
        result[name] = (np.count_nonzero(codes != others), float(more[place] / scales[place]))
    return result
