# %% misconception="mean-ratio"
# The mean of the ratios is given, in which those above and below 1 cancel.
# Remedy: Give the one that lies farthest from 1.


# %% wrong misconception="mean-ratio" variant=1 loses="farthest"
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
        farthest = ratios.mean()
        differing = int((codes != others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="mean-ratio" variant=2 loses="farthest"
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
        farthest = sum(ratios) / len(ratios)
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% misconception="codes-as-a-share"
# The codes that differ are given as a share, or as a yes or no, and not counted.
# Remedy: `(codes != others).sum()` counts them.


# %% wrong misconception="codes-as-a-share" variant=1 loses="codes,one-scale,farthest"
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
        differing = float((codes != others).mean())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="codes-as-a-share" variant=2 loses="codes,one-scale,farthest"
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
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist())) / a.size
        found[name] = (differing, farthest)
    return found


# %% misconception="sum-of-differences"
# The differences are summed up; those above and below zero cancel, and large ones count more.
# Remedy: Count where codes differ, whatever by how much.


# %% wrong misconception="sum-of-differences" variant=1 loses="codes,farthest"
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
        differing = abs(int((codes.astype(int) - others).sum()))
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="sum-of-differences" variant=2 loses="codes,farthest"
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
        differing = abs(sum(a.ravel().tolist()) - sum(b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% misconception="steps-summed"
# The steps between the codes are summed up: a code that is three steps off counts three times.
# Remedy: Count where codes differ, whatever by how much: `(codes != others).sum()`.


# %% wrong misconception="steps-summed" variant=1 loses="codes,farthest"
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
        differing = int(np.abs(codes.astype(int) - others).sum())
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="steps-summed" variant=2 loses="codes,farthest"
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
        differing = sum(max(x, y) - min(x, y) for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found


# %% misconception="not-refused"
# Tensors of another shape, or with another number of scales, are compared as far as they go.
# Remedy: Compare both shapes first, and raise a `ValueError`.


# %% wrong misconception="not-refused" variant=1 loses="refuses"
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
        ratios = other_scales / scales
        farthest = ratios[np.abs(np.log(ratios)).argmax()]
        differing = int(sum(x != y for x, y in zip(codes.ravel(), others.ravel())))
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="not-refused" variant=1 loses="refuses"
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
        ratios = other_scales[: len(scales)] / scales[: len(other_scales)]
        farthest = ratios[np.abs(np.log(ratios)).argmax()]
        differing = int(sum(x != y for x, y in zip(codes.ravel(), others.ravel())))
        compared[name] = (differing, float(farthest))
    return compared


# %% wrong misconception="not-refused" variant=2 loses="refuses"
def compare_codes(first, second, names):
    files = [Interpreter(model_content=file) for file in (first, second)]
    found = {}
    for name in names:
        details = [next(t for t in one.get_tensor_details() if t["name"] == name) for one in files]
        a, b = (one.get_tensor(t["index"]) for one, t in zip(files, details))
        s, t = (one["quantization_parameters"]["scales"].tolist() for one in details)
        ratios = [float(y) / float(x) for x, y in zip(s, t)]
        farthest = max(ratios, key=lambda one: max(one, 1 / one))
        differing = sum(x != y for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
        found[name] = (differing, farthest)
    return found
