# %% misconception="input-channels"
# The scores are those of the input channels, along the second axis.
# Remedy: The first axis of a weight are its outputs: one row for each of them.


# %% wrong misconception="input-channels" variant=1 loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    columns = np.moveaxis(weight, 1, 0).reshape(weight.shape[1], -1)
    scores = np.linalg.norm(columns, ord=norm, axis=1)
    stay = max(len(columns) - round(share * len(columns)), 1)
    stay = min(-(-stay // multiple) * multiple, len(columns))
    return sorted(np.argsort(scores, kind="stable")[len(columns) - stay :].tolist())


# %% wrong misconception="input-channels" variant=2 loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    axes = tuple(axis for axis in range(weight.ndim) if axis != 1)
    scores = (np.abs(weight) ** norm).sum(axis=axes)
    count = len(scores)
    stay = max(count - round(share * count), 1)
    while stay % multiple and stay < count:
        stay += 1
    return sorted(int(place) for place in scores.argsort(kind="stable")[count - stay :])


# %% decoy misconception="input-channels" loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    count = weight.shape[1]  # the rows are ranked, but the columns are counted
    scores = np.linalg.norm(weight.reshape(len(weight), -1), ord=norm, axis=1)
    stay = max(count - round(share * count), 1)
    return sorted(np.argsort(scores, kind="stable")[-stay:].tolist())


# %% misconception="signed-sum"
# The weights of a channel were summed with their signs, so that a large negative one lowers its score.
# Remedy: Take magnitudes first: `np.abs(weight)`.


# %% wrong misconception="signed-sum" variant=1 loses="l1,ties,multiple,ends"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = (weight.reshape(channels, -1) ** norm).sum(axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return sorted(np.argsort(scores, kind="stable")[channels - stay :].tolist())


# %% wrong misconception="signed-sum" variant=2 loses="l1,ties,multiple,ends"
def channels_to_keep(weight, share, norm, multiple):
    scores = [sum(float(number) ** norm for number in channel.ravel()) for channel in weight]
    order = sorted(range(len(scores)), key=scores.__getitem__)
    stay = max(len(scores) - round(share * len(scores)), 1)
    while stay % multiple and stay < len(scores):
        stay += 1
    return sorted(order[len(scores) - stay :])


# %% misconception="l2-for-both"
# Both norms are the L2 norm.
# Remedy: Where `norm` is 1, the score is the sum of magnitudes.


# %% wrong misconception="l2-for-both" variant=1 loses="l1,multiple,ends"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return sorted(np.argsort(scores, kind="stable")[channels - stay :].tolist())


# %% wrong misconception="l2-for-both" variant=2 loses="l1,multiple,ends"
def channels_to_keep(weight, share, norm, multiple):
    scores = np.square(weight).reshape(len(weight), -1).sum(1)
    stay = max(len(scores) - round(share * len(scores)), 1)
    stay = min(int(np.ceil(stay / multiple)) * multiple, len(scores))
    ranks = scores.argsort(kind="stable").argsort()
    return np.flatnonzero(ranks >= len(scores) - stay).tolist()


# %% misconception="l1-for-both"
# Both norms are the L1 norm.
# Remedy: Where `norm` is 2, the score is the root of the summed squares.


# %% wrong misconception="l1-for-both" variant=1 loses="ends,l2"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.abs(weight.reshape(channels, -1)).sum(axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return sorted(np.argsort(scores, kind="stable")[channels - stay :].tolist())


# %% wrong misconception="l1-for-both" variant=2 loses="ends,l2"
def channels_to_keep(weight, share, norm, multiple):
    pairs = sorted((float(np.abs(channel).sum()), place) for place, channel in enumerate(weight))
    stay = max(len(pairs) - round(share * len(pairs)), 1)
    while stay % multiple and stay < len(pairs):
        stay += 1
    return sorted(place for _, place in pairs[len(pairs) - stay :])


# %% misconception="smallest-stay"
# What came back are channels of the lowest scores.
# Remedy: A stable `argsort` is ascending: those that stay stand at its end.


# %% wrong misconception="smallest-stay" variant=1 loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), ord=norm, axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return sorted(np.argsort(scores, kind="stable")[:stay].tolist())


# %% wrong misconception="smallest-stay" variant=2 loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    scores = (np.abs(weight) ** norm).reshape(len(weight), -1).sum(1)
    stay = max(len(scores) - round(share * len(scores)), 1)
    stay = min(int(np.ceil(stay / multiple)) * multiple, len(scores))
    ranks = scores.argsort(kind="stable").argsort()
    return np.flatnonzero(ranks < stay).tolist()


# %% decoy misconception="smallest-stay" loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), ord=norm, axis=1)
    return sorted(np.argsort(scores, kind="stable")[: round(share * channels)].tolist())  # those that go


# %% misconception="in-order-of-score"
# The channels are right, but stand in the order of their scores.
# Remedy: Sort the places that stay, so that the smaller network keeps the order of the larger one.


# %% wrong misconception="in-order-of-score" variant=1 loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), ord=norm, axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return np.argsort(scores, kind="stable")[channels - stay :].tolist()


# %% wrong misconception="in-order-of-score" variant=2 loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    scores = [float((np.abs(channel) ** norm).sum()) for channel in weight]
    order = sorted(range(len(scores)), key=scores.__getitem__)
    stay = max(len(scores) - round(share * len(scores)), 1)
    while stay % multiple and stay < len(scores):
        stay += 1
    return order[len(order) - stay :]


# %% decoy misconception="in-order-of-score" loses="ends,keeps-input,l1,l2,multiple,ties"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), ord=norm, axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    # the largest first
    return np.argsort(scores, kind="stable")[channels - stay :][::-1].tolist()


# %% misconception="multiple-down"
# The number of channels was rounded down to a multiple.
# Remedy: Round up, so that no channel is lost for the sake of a multiple; but not beyond what there is.


# %% wrong misconception="multiple-down" variant=1 loses="multiple,ends"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), ord=norm, axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = max(stay // multiple * multiple, 1)
    return sorted(np.argsort(scores, kind="stable")[channels - stay :].tolist())


# %% wrong misconception="multiple-down" variant=2 loses="multiple,ends"
def channels_to_keep(weight, share, norm, multiple):
    scores = (np.abs(weight) ** norm).reshape(len(weight), -1).sum(1)
    stay = max(len(scores) - round(share * len(scores)), 1)
    while stay % multiple and stay > 1:
        stay -= 1
    ranks = scores.argsort(kind="stable").argsort()
    return np.flatnonzero(ranks >= len(scores) - stay).tolist()


# %% misconception="multiple-ignored"
# The number of channels was not rounded to a multiple.
# Remedy: `-(-stay // multiple) * multiple`, and never more than there are.


# %% wrong misconception="multiple-ignored" variant=1 loses="multiple,ends"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), ord=norm, axis=1)
    stay = max(channels - round(share * channels), 1)
    return sorted(np.argsort(scores, kind="stable")[channels - stay :].tolist())


# %% misconception="last-goes-first"
# Of channels of equal norm those that stand last went first.
# Remedy: A stable ascending `argsort`, from whose beginning channels go.


# %% wrong misconception="last-goes-first" variant=1 loses="ties"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = (np.abs(weight.reshape(channels, -1)) ** norm).sum(axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return sorted(np.argsort(-scores, kind="stable")[:stay].tolist())


# %% wrong misconception="last-goes-first" variant=2 loses="ties"
def channels_to_keep(weight, share, norm, multiple):
    scores = [float((np.abs(channel) ** norm).sum()) for channel in weight]
    stay = max(len(scores) - round(share * len(scores)), 1)
    while stay % multiple and stay < len(scores):
        stay += 1
    return sorted(sorted(range(len(scores)), key=lambda place: -scores[place])[:stay])


# %% misconception="nothing-stays"
# Where all channels were to go, none stayed, and the network would have no path left.
# Remedy: One channel stays at least: `max(stay, 1)`.


# %% wrong misconception="nothing-stays" variant=1 loses="ends"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    scores = np.linalg.norm(weight.reshape(channels, -1), ord=norm, axis=1)
    stay = channels - round(share * channels)
    stay = min(-(-stay // multiple) * multiple, channels)
    return sorted(np.argsort(scores, kind="stable")[channels - stay :].tolist())


# %% misconception="input-overwritten"
# The weight that was given has been overwritten with its magnitudes.
# Remedy: Work on a new array.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def channels_to_keep(weight, share, norm, multiple):
    channels = len(weight)
    np.abs(weight, out=weight)
    scores = (weight.reshape(channels, -1) ** norm).sum(axis=1)
    stay = max(channels - round(share * channels), 1)
    stay = min(-(-stay // multiple) * multiple, channels)
    return sorted(np.argsort(scores, kind="stable")[channels - stay :].tolist())


# %% right style="pairs of score and place"
def channels_to_keep(weight, share, norm, multiple):
    pairs = sorted((float((np.abs(channel) ** norm).sum()), place) for place, channel in enumerate(weight))
    stay = max(len(pairs) - round(share * len(pairs)), 1)
    while stay % multiple and stay < len(pairs):
        stay += 1
    return sorted(place for _, place in pairs[len(pairs) - stay :])


# %% right style="NumPy's norms and ranks"
def channels_to_keep(weight, share, norm, multiple):
    scores = np.linalg.norm(weight.reshape(len(weight), -1), ord=norm, axis=1)
    stay = max(len(scores) - int(np.rint(share * len(scores))), 1)
    stay = min(int(np.ceil(stay / multiple)) * multiple, len(scores))
    ranks = np.empty(len(scores), int)
    ranks[np.argsort(scores, kind="stable")] = np.arange(len(scores))
    return [int(place) for place in np.flatnonzero(ranks >= len(scores) - stay)]
