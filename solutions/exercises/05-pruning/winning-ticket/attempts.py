# %% misconception="trained-values-kept"
# The kept weights have their trained values: that is pruning, and nothing was rewound.
# Remedy: The trained weights only choose; the values are the initial ones.


# %% wrong misconception="trained-values-kept" variant=1 loses="typical,axes,dtype,biases,ties,ends"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in trained.items():
        ticket[name] = array.copy()
        if array.ndim > 1:
            order = np.argsort(np.abs(array), axis=None, kind="stable")
            ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% wrong misconception="trained-values-kept" variant=2 loses="typical,axes,dtype,biases,ties,ends"
def winning_ticket(initial, trained, sparsity):
    def masked(array):
        if array.ndim < 2:
            return array.copy()
        ranks = np.abs(array).ravel().argsort(kind="stable").argsort().reshape(array.shape)
        return np.where(ranks >= round(sparsity * array.size), array, np.float32(0))

    return {name: masked(array) for name, array in trained.items()}


# %% decoy misconception="trained-values-kept" loses="typical,axes,dtype,biases,ties,ends"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in trained.items():
        ticket[name] = array.copy()
        if array.ndim > 1:  # chosen by what the weights were, with the values that they have
            order = np.argsort(np.abs(initial[name]), axis=None, kind="stable")
            ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% misconception="chosen-at-the-start"
# The initial magnitudes chose which weights are kept; but before training nobody knows which will matter.
# Remedy: Rank `np.abs(trained[name])`.


# %% wrong misconception="chosen-at-the-start" variant=1 loses="typical,axes,dtype,biases,ties,ends"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in initial.items():
        ticket[name] = array.copy()
        if array.ndim > 1:
            order = np.argsort(np.abs(array), axis=None, kind="stable")
            ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% wrong misconception="chosen-at-the-start" variant=2 loses="typical,axes,dtype,biases,ties,ends"
def winning_ticket(initial, trained, sparsity):
    ticket = dict(initial)
    for name in [name for name in initial if initial[name].ndim > 1]:
        flat = initial[name].ravel()
        kept = np.abs(flat).argsort(kind="stable").argsort() >= round(sparsity * flat.size)
        ticket[name] = (flat * kept).reshape(initial[name].shape)
    return ticket


# %% decoy misconception="chosen-at-the-start" loses="typical,axes,dtype,biases,ties,ends"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in initial.items():
        ticket[name] = array.copy()
        if array.ndim > 1:  # chosen by how far a weight moved
            order = np.argsort(np.abs(trained[name] - array), axis=None, kind="stable")
            ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% misconception="biases-not-rewound"
# The biases have their trained values.
# Remedy: Everything goes back to the start; only arrays of two axes or more are masked.


# %% wrong misconception="biases-not-rewound" variant=1 loses="biases"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in trained.items():
        if array.ndim < 2:
            ticket[name] = array.copy()
            continue
        order = np.argsort(np.abs(array), axis=None, kind="stable")
        ticket[name] = initial[name].copy()
        ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% wrong misconception="biases-not-rewound" variant=2 loses="biases"
def winning_ticket(initial, trained, sparsity):
    ticket = dict(trained)
    for name, array in trained.items():
        if array.ndim >= 2:
            kept = np.abs(array).ravel().argsort(kind="stable").argsort() >= round(sparsity * array.size)
            ticket[name] = initial[name] * kept.reshape(array.shape)
    return ticket


# %% misconception="biases-pruned"
# Biases were pruned, too.
# Remedy: Mask arrays of two axes or more; a bias is rewound whole.


# %% wrong misconception="biases-pruned" variant=1 loses="biases"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in trained.items():
        order = np.argsort(np.abs(array), axis=None, kind="stable")
        ticket[name] = initial[name].copy()
        ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% misconception="largest-removed"
# The weights that trained to the largest magnitudes went.
# Remedy: Those with the smallest trained magnitudes go.


# %% wrong misconception="largest-removed" variant=1 loses="typical,axes,dtype,biases,ties,ends"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in trained.items():
        ticket[name] = initial[name].copy()
        if array.ndim > 1:
            order = np.argsort(-np.abs(array), axis=None, kind="stable")
            ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% misconception="two-axes-only"
# Arrays of three axes and more, such as a convolution's, were not masked.
# Remedy: A weight has two axes or more: `array.ndim > 1`.


# %% wrong misconception="two-axes-only" variant=1 loses="axes"
def winning_ticket(initial, trained, sparsity):
    ticket = {name: array.copy() for name, array in initial.items()}
    for name, array in trained.items():
        if array.ndim == 2:
            order = np.argsort(np.abs(array), axis=None, kind="stable")
            ticket[name].flat[order[: round(sparsity * array.size)]] = 0
    return ticket


# %% misconception="float64-out"
# The weights came back in float64: the mask, or what they were put into, was of that dtype.
# Remedy: A mask of `bool` leaves float32 as it is, and so do `np.zeros_like` and a copy.


# %% wrong misconception="float64-out" variant=1 loses="dtype"
def winning_ticket(initial, trained, sparsity):
    ticket = {name: array.copy() for name, array in initial.items()}
    for name, array in trained.items():
        if array.ndim > 1:
            mask = np.ones(array.size)
            mask[np.argsort(np.abs(array), axis=None, kind="stable")[: round(sparsity * array.size)]] = 0
            ticket[name] = ticket[name] * mask.reshape(array.shape)
    return ticket


# %% misconception="one-ranking"
# All layers were ranked together; each was to lose its own share.
# Remedy: Rank each weight array by itself.


# %% wrong misconception="one-ranking" variant=1 loses="typical"
def winning_ticket(initial, trained, sparsity):
    names = [name for name, array in trained.items() if array.ndim > 1]
    flat = np.concatenate([np.abs(trained[name]).ravel() for name in names])
    kept = flat.argsort(kind="stable").argsort() >= round(sparsity * flat.size)
    parts = np.split(kept, np.cumsum([trained[name].size for name in names])[:-1])
    ticket = {name: array.copy() for name, array in initial.items()}
    for name, part in zip(names, parts):
        ticket[name] *= part.reshape(ticket[name].shape)
    return ticket


# %% misconception="cut-at-a-threshold"
# Weights of equal trained magnitude went together, more than were to go.
# Remedy: Rank the places: the first `round(sparsity * size)` of a stable `argsort` go.


# %% wrong misconception="cut-at-a-threshold" variant=1 loses="ties"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, array in trained.items():
        ticket[name] = initial[name].copy()
        count = round(sparsity * array.size)
        if array.ndim > 1 and count:
            ticket[name][np.abs(array) <= np.sort(np.abs(array), axis=None)[count - 1]] = 0
    return ticket


# %% misconception="one-at-least"
# Where the count is 0 a weight went all the same.
# Remedy: Do not raise the count to 1; `round(sparsity * size)` may be 0.


# %% wrong misconception="one-at-least" variant=1 loses="ends"
def winning_ticket(initial, trained, sparsity):
    ticket = {name: array.copy() for name, array in initial.items()}
    for name, array in trained.items():
        if array.ndim > 1:
            order = np.argsort(np.abs(array), axis=None, kind="stable")
            ticket[name].flat[order[: max(1, round(sparsity * array.size))]] = 0
    return ticket


# %% wrong misconception="one-at-least" variant=2 loses="ends"
def winning_ticket(initial, trained, sparsity):
    ticket = {}
    for name, start in initial.items():
        ticket[name] = start.copy()
        if start.ndim == 1:
            continue
        ranks = np.abs(trained[name]).ravel().argsort(kind="stable").argsort(kind="stable")
        last = max(round(sparsity * start.size) - 1, 0)
        ticket[name][(ranks <= last).reshape(start.shape)] = 0
    return ticket


# %% misconception="rewound-in-place"
# The initial weights that were given have been pruned themselves; they are needed for the next ticket.
# Remedy: Copy each array before you set zeros.


# %% wrong misconception="rewound-in-place" variant=1 loses="keeps-input"
def winning_ticket(initial, trained, sparsity):
    for name, array in trained.items():
        if array.ndim > 1:
            order = np.argsort(np.abs(array), axis=None, kind="stable")
            initial[name].flat[order[: round(sparsity * array.size)]] = 0
    return initial


# %% right style="one mask a layer"
def winning_ticket(initial, trained, sparsity):
    masks = {}
    for name, array in trained.items():
        ranks = np.abs(array).ravel().argsort(kind="stable").argsort().reshape(array.shape)
        masks[name] = ranks >= round(sparsity * array.size) if array.ndim > 1 else True
    return {name: np.where(masks[name], array, np.float32(0)) for name, array in initial.items()}


# %% right style="sorted places"
def winning_ticket(initial, trained, sparsity):
    ticket = {name: array.copy() for name, array in initial.items()}
    for name, array in ticket.items():
        if len(array.shape) == 1:
            continue
        places = sorted(np.ndindex(array.shape), key=lambda place: abs(trained[name][place]))
        for place in places[: round(sparsity * len(places))]:
            array[place] = 0.0
    return ticket
