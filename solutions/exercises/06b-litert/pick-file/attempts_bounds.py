# %% misconception="examples-not-asked"
# Whether there are examples is not asked.
# Remedy: Drop what was calibrated where `device['examples']` is False.


# %% wrong misconception="examples-not-asked" variant=1 loses="no-examples,none"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="examples-not-asked" variant=2 loses="no-examples,none"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not device["floats"] and [kind for kind in one["types"] if kind[:5] == "float"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="examples-must-be-used"
# Where there are examples, files that needed none were refused.
# Remedy: Examples at hand exclude nothing: drop a file only where it needed them and there are none.


# %% wrong misconception="examples-must-be-used" variant=1 loses="no-examples"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and device["examples"] == one["calibrated"]
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="examples-must-be-used" variant=2 loses="no-examples"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not device["floats"] and [kind for kind in one["types"] if kind[:5] == "float"]:
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if device["examples"] and not one["calibrated"]:
            continue
        if one["bytes"] > device["max_bytes"]:
            continue
        if one["accuracy"] < device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="bounds-are-strict"
# A file that meets a bound exactly is refused.
# Remedy: Use `<=` and `>=`.


# %% wrong misconception="bounds-are-strict" variant=1 loses="bounds"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] < device["max_bytes"]
        and one["accuracy"] > device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="bounds-are-strict" variant=2 loses="bounds"
def pick_file(candidates, device):
    best = None
    for one in candidates:
        if not device["floats"] and [kind for kind in one["types"] if kind[:5] == "float"]:
            continue
        if one["calibrated"] and not device["examples"]:
            continue
        if one["bytes"] >= device["max_bytes"] or one["accuracy"] <= device["min_accuracy"]:
            continue
        rank = (one["bytes"], -one["accuracy"])
        if best is None or rank < best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="first-of-equally-small"
# Of equally small files the first is taken, whatever their accuracy.
# Remedy: Compare pairs: bytes, then accuracy downwards.


# %% wrong misconception="first-of-equally-small" variant=1 loses="ties"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = min(fitting, key=lambda one: one["bytes"], default=None)
    return chosen["name"] if chosen else None


# %% wrong misconception="first-of-equally-small" variant=2 loses="ties"
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
        if best is None or one["bytes"] < best[0]:
            best = (one["bytes"], one["name"])
    return best and best[1]


# %% misconception="last-of-equals"
# Of files that are equal in both the last is taken.
# Remedy: Keep the first: replace it only by a better one.


# %% wrong misconception="last-of-equals" variant=1 loses="ties"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    chosen = sorted(fitting, key=lambda one: (-one["bytes"], one["accuracy"]))
    return chosen[-1]["name"] if chosen else None


# %% wrong misconception="last-of-equals" variant=2 loses="ties"
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
        if best is None or rank <= best[0]:
            best = (rank, one["name"])
    return best and best[1]


# %% misconception="nothing-fits-raises"
# Where nothing fits, the function fails or gives some file.
# Remedy: Return None there.


# %% wrong misconception="nothing-fits-raises" variant=1 loses="none"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    return min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]))["name"]


# %% wrong misconception="nothing-fits-raises" variant=1 loses="none"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    return min(fitting or candidates, key=lambda one: (one["bytes"], -one["accuracy"]))["name"]


# %% wrong misconception="nothing-fits-raises" variant=1 loses="none"
def pick_file(candidates, device):
    fitting = [
        one
        for one in candidates
        if (device["floats"] or not any(kind.startswith("float") for kind in one["types"]))
        and (device["examples"] or not one["calibrated"])
        and one["bytes"] <= device["max_bytes"]
        and one["accuracy"] >= device["min_accuracy"]
    ]
    return min(fitting, key=lambda one: (one["bytes"], -one["accuracy"]), default=None)["name"]


# %% wrong misconception="nothing-fits-raises" variant=2 loses="none"
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
    return best[1]
