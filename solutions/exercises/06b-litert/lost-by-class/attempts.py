# %% misconception="all-that-are-wrong"
# All images that are wrong afterwards count as lost, also those that were wrong before.
# Remedy: Count only those that `before` had right.

# %% wrong misconception="all-that-are-wrong" variant=1 loses="lost,toward,none"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else -1)
    return changes


# %% wrong misconception="all-that-are-wrong" variant=2 loses="lost,toward,none"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="all-that-changed"
# An image counts as lost where its class has changed, be it right or wrong before.
# Remedy: Count only those that `before` had right.


# %% wrong misconception="all-that-changed" variant=1 loses="lost,toward,none"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & (before != after) & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else -1)
    return changes


# %% wrong misconception="all-that-changed" variant=2 loses="lost,toward,none"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was != now and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="net-change"
# Lost and gained are offset against each other: a class that loses two and gains two shows nothing.
# Remedy: Count both on their own.


# %% wrong misconception="net-change" variant=1 loses="lost"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(max(0, int(had[labels == label].sum()) - int(has[labels == label].sum())))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else -1)
    return changes


# %% wrong misconception="net-change" variant=2 loses="lost"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    lost = [max(0, int(row.sum()) - more) for row, more in zip(table, gained)]
    return {"lost": lost, "gained": gained, "toward": toward}


# %% misconception="by-what-it-became"
# Lost images are counted under the class that they are taken for, not under their own.
# Remedy: A class pays for its own images: count by `labels`.


# %% wrong misconception="by-what-it-became" variant=1 loses="lost,toward,ties"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = labels[(after == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else -1)
    return changes


# %% wrong misconception="by-what-it-became" variant=2 loses="lost,toward,ties"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[now, label] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="gained-all-right"
# All images that are right afterwards count as gained.
# Remedy: Count only those that `before` had wrong.


# %% wrong misconception="gained-all-right" variant=1 loses="gained"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else -1)
    return changes


# %% wrong misconception="gained-all-right" variant=2 loses="gained"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        gained[label] += now == label
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="gained-by-guess"
# Gained images are counted under the class that they were taken for before.
# Remedy: Count by `labels`, the class that they have now.


# %% wrong misconception="gained-by-guess" variant=1 loses="gained"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((before == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else -1)
    return changes


# %% wrong misconception="gained-by-guess" variant=2 loses="gained"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[was] += 1
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="last-of-equals"
# Of classes with equal counts the largest is given.
# Remedy: `argmax` takes the first of equals, the smallest class.


# %% wrong misconception="last-of-equals" variant=1 loses="ties"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(np.flatnonzero(counts == counts.max())[-1]) if len(gone) else -1)
    return changes


# %% wrong misconception="last-of-equals" variant=2 loses="ties"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [max(range(classes), key=lambda one: (row[one], one)) if row.any() else -1 for row in table]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="zero-for-none"
# Where nothing was lost, `toward` says class 0, since that is the argmax of zeros.
# Remedy: Give −1 there.


# %% wrong misconception="zero-for-none" variant=1 loses="toward,ties,none"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()))
    return changes


# %% wrong misconception="zero-for-none" variant=2 loses="toward,ties,none"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = table.argmax(1).tolist()
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="itself-for-none"
# Where nothing was lost, `toward` gives the class itself.
# Remedy: Give −1 there.


# %% wrong misconception="itself-for-none" variant=1 loses="toward,ties,none"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else label)
    return changes


# %% wrong misconception="itself-for-none" variant=2 loses="toward,ties,none"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [int(row.argmax()) if row.any() else place for place, row in enumerate(table)]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% misconception="numpy-numbers"
# The lists hold numbers of NumPy, `np.int64`, and not `int`.
# Remedy: `array.tolist()` gives a list of `int`, where `list(array)` keeps NumPy's; `int(…)` turns one of them.


# %% wrong misconception="numpy-numbers" variant=1 loses="lost,gained,toward"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    lost = np.bincount(labels[had & ~has], minlength=classes)
    gained = np.bincount(labels[has & ~had], minlength=classes)
    table = np.zeros((classes, classes), np.int64)
    np.add.at(table, (labels[had & ~has], after[had & ~has]), 1)
    toward = np.where(lost > 0, table.argmax(1), -1)
    return {"lost": list(lost), "gained": list(gained), "toward": list(toward)}


# %% wrong misconception="numpy-numbers" variant=2 loses="lost,gained,toward"
def lost_by_class(labels, before, after, classes):
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        own = labels == label
        gone = own & (before == label) & (after != label)
        counts = np.array([(after[gone] == one).sum() for one in range(classes)])
        changes["lost"].append(gone.sum())
        changes["gained"].append((own & (before != label) & (after == label)).sum())
        changes["toward"].append(counts.argmax() if gone.any() else np.int64(-1))
    return changes


# %% misconception="works-in-place"
# The arrays that were given are changed.
# Remedy: Work on copies.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def lost_by_class(labels, before, after, classes):
    had, has = before == labels, after == labels
    changes = {"lost": [], "gained": [], "toward": []}
    for label in range(classes):
        gone = after[(labels == label) & had & ~has]
        changes["lost"].append(len(gone))
        changes["gained"].append(int(((labels == label) & has & ~had).sum()))
        counts = np.bincount(gone, minlength=classes)
        changes["toward"].append(int(counts.argmax()) if len(gone) else -1)
    after[...] = -1
    return changes


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    labels.sort()
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% right style="a table of changes"
def lost_by_class(labels, before, after, classes):
    table = np.zeros((classes, classes), int)
    gained = [0] * classes
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist()):
        if was == label and now != label:
            table[label, now] += 1
        if was != label and now == label:
            gained[label] += 1
    toward = [int(row.argmax()) if row.any() else -1 for row in table]
    return {"lost": table.sum(1).tolist(), "gained": gained, "toward": toward}


# %% right style="counters"
def lost_by_class(labels, before, after, classes):
    from collections import Counter

    rows = list(zip(labels.tolist(), before.tolist(), after.tolist()))
    lost = Counter(label for label, was, now in rows if was == label != now)
    gained = Counter(label for label, was, now in rows if was != label == now)
    toward = []
    for one in range(classes):
        taken = Counter(now for label, was, now in rows if label == one == was != now)
        toward.append(min(taken, key=lambda now: (-taken[now], now), default=-1))
    return {
        "lost": [lost[one] for one in range(classes)],
        "gained": [gained[one] for one in range(classes)],
        "toward": toward,
    }
