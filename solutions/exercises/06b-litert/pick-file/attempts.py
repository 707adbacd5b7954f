# %% misconception="most-accurate"
# The most accurate file that fits is taken, where the smallest is asked for.
# Remedy: Accuracy decides only between files of equal size.

# %% wrong misconception="most-accurate" variant=1 loses="smallest,ties"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (-one["accuracy"], one["bytes"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="most-accurate" variant=2 loses="smallest,ties"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not device["floats"] and [kind for kind in one["types"] if kind[:5] == "float"]:
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (-one["accuracy"], one["bytes"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="integers-somewhere"
# A file counts as free of floats where some tensor is int8.
# Remedy: No type may be a float one: look at all of them.


# %% wrong misconception="integers-somewhere" variant=1 loses="no-floats,none"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or "int8" in one["types"])
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="integers-somewhere" variant=2 loses="no-floats,none"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not (device["floats"] or any(kind.startswith("int") for kind in one["types"])):
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="float32-alone"
# Only float32 counts as float; float16 needs float arithmetic, too.
# Remedy: Look at how a type begins: `kind.startswith('float')`.


# %% wrong misconception="float32-alone" variant=1 loses="no-floats"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or "float32" not in one["types"])
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="float32-alone" variant=2 loses="no-floats"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not device["floats"] and one["types"].count("float32"):
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="first-type-alone"
# The first type of a file stands for all of them.
# Remedy: Any of its tensors may be the float one.


# %% wrong misconception="first-type-alone" variant=1 loses="no-floats"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not one["types"][0].startswith("float"))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="first-type-alone" variant=2 loses="no-floats"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        first, *_ = one["types"]
        if first.startswith("float") and not device["floats"]:
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="int8-alone"
# Without floats only int8 and int32 are let pass; 16×8 files have int16 and int64.
# Remedy: Refuse floats, and nothing else.


# %% wrong misconception="int8-alone" variant=1 loses="no-floats"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or set(one["types"]) <= {"int8", "int32"})
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="int8-alone" variant=2 loses="no-floats"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not device["floats"] and any(kind not in ("int8", "int32", "uint8") for kind in one["types"]):
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% right style="one after the other"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not device["floats"] and [kind for kind in one["types"] if kind[:5] == "float"]:
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% right style="sorted"
def pick_file(candidates, device):
    def fits(one):
        if one["bytes"] > device["max_bytes"] or one["accuracy"] < device["min_accuracy"]:
            return False
        floats = "float" in " ".join(one["types"])
        return not (floats and not device["floats"]) and not (one["calibrated"] and not device["examples"])

    ranked = sorted(filter(fits, candidates), key=lambda one: (one["bytes"], -one["accuracy"]))
    return next((one["name"] for one in ranked), None)
