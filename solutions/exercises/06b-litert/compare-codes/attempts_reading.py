# %% misconception="allocated-first"
# The scales were read after `allocate_tensors`, which may list the one scale of a weight once for each output.
# Remedy: Read details of an interpreter that has not allocated: they are what the file says.


# %% wrong misconception="allocated-first" variant=1 loses="refuses"
def compare_codes(first, second, names):
    def stored(file):
        interpreter = Interpreter(model_content=file)
        interpreter.allocate_tensors()
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
        differing = int((codes != others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="allocated-first" variant=2 loses="refuses"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    for one in files:
        one.allocate_tensors()
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


# %% misconception="index-of-the-first"
# Tensors of the second file were looked up by the index that they have in the first; there it may be another tensor.
# Remedy: Look each tensor up by its name, in each file on its own.


# %% wrong misconception="index-of-the-first" variant=1 loses="same"
def compare_codes(first, second, names):
    ours, theirs = Interpreter(model_content=first), Interpreter(model_content=second)
    indices = {one["name"]: one["index"] for one in ours.get_tensor_details()}

    def stored(interpreter, index):
        details = next(one for one in interpreter.get_tensor_details() if one["index"] == index)
        return interpreter.get_tensor(index), details["quantization_parameters"]["scales"].astype(float)

    compared = {}
    for name in names:
        codes, scales = stored(ours, indices[name])
        others, other_scales = stored(theirs, indices[name])
        if codes.shape != others.shape or scales.shape != other_scales.shape:
            raise ValueError(name)
        ratios = other_scales / scales
        compared[name] = (int((codes != others).sum()), float(ratios[np.abs(np.log(ratios)).argmax()]))
    return compared


# %% wrong misconception="index-of-the-first" variant=2 loses="same"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for details in zip(*(one.get_tensor_details() for one in files)):
        if details[0]["name"] not in names:
            continue
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        if list(a.shape) != list(b.shape) or len(s) != len(t):
            raise ValueError("a tensor differs in shape, or number of scales")
        ratios = [float(y) / float(x) for x, y in zip(s, t)]
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[details[0]["name"]] = (differing, max(ratios, key=lambda one: max(one, 1 / one)))
    return found
