# %% misconception="saliencies-of-the-start"
# The order comes from the saliencies at the start; those change with each weight that goes.
# Remedy: Compute the inverse and the saliencies anew after each step, of the weights that are left.


# %% wrong misconception="saliencies-of-the-start" variant=1 loses="order,weights"
def obs_prune(weights, hessian, count):
    inverse = np.linalg.inv(hessian)
    order = np.argsort(weights**2 / np.diag(inverse), kind="stable")[:count].tolist()
    weights, left = weights.copy(), list(range(len(weights)))
    for p in order:
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = left.index(p)
        weights[left] -= weights[p] / inverse[at, at] * inverse[:, at]
        left.remove(p)
        weights[p] = 0
    return {"order": order, "weights": weights}


# %% wrong misconception="saliencies-of-the-start" variant=2 loses="order,weights"
def obs_prune(weights, hessian, count):
    saliencies = weights**2 / (2 * np.diag(np.linalg.inv(hessian)))
    order = sorted(range(len(weights)), key=lambda p: saliencies[p])[:count]
    left = sorted(set(range(len(weights))) - set(order))
    new = np.zeros(len(weights))
    if left:
        new[left] = np.linalg.solve(hessian[np.ix_(left, left)], hessian[left] @ weights)
    return {"order": order, "weights": new}


# %% misconception="nothing-struck-out"
# The inverse is that of all weights at each step, so that weights that were removed take part, and move again.
# Remedy: Strike the rows and columns of what was removed out of H, and invert what is left.


# %% wrong misconception="nothing-struck-out" variant=1 loses="order,weights"
def obs_prune(weights, hessian, count):
    inverse, weights, left, order = np.linalg.inv(hessian), weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        p = min(left, key=lambda q: weights[q] ** 2 / inverse[q, q])
        weights -= weights[p] / inverse[p, p] * inverse[:, p]
        left.remove(p)
        order.append(p)
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% wrong misconception="nothing-struck-out" variant=2 loses="order,weights"
def obs_prune(weights, hessian, count):
    inverse, w, gone = np.linalg.inv(hessian), weights.copy(), []
    while len(gone) < count:
        saliencies = w**2 / np.diag(inverse)
        saliencies[gone] = np.inf
        p = int(saliencies.argmin())
        w = w - inverse[p] * (w[p] / inverse[p, p])
        gone = [*gone, p]
        w = np.where(np.isin(np.arange(len(w)), gone), 0.0, w)
    return {"order": gone, "weights": w}


# %% misconception="no-compensation"
# Weights were removed, and the others stayed as they were.
# Remedy: After each choice, subtract `weights[p] / inverse[p, p]` times the column of the inverse from those left.


# %% wrong misconception="no-compensation" variant=1 loses="order,weights"
def obs_prune(weights, hessian, count):
    weights, left, order = weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = int(np.argmin(weights[left] ** 2 / np.diag(inverse)))
        order.append(left.pop(at))
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% wrong misconception="no-compensation" variant=2 loses="order,weights"
def obs_prune(weights, hessian, count):
    order = []
    for _ in range(count):
        left = [p for p in range(len(weights)) if p not in order]
        diagonal = np.linalg.inv(hessian[left][:, left]).diagonal()
        saliencies = {p: weights[p] ** 2 / 2 / entry for p, entry in zip(left, diagonal)}
        order.append(min(saliencies, key=saliencies.get))
    new = weights.copy()
    new[order] = 0.0
    return {"order": order, "weights": new}


# %% misconception="least-magnitude"
# The weight of the least magnitude went each time; how well others can stand in for it was not asked.
# Remedy: Divide the square of each weight by the diagonal entry of the inverse.


# %% wrong misconception="least-magnitude" variant=1 loses="order,weights"
def obs_prune(weights, hessian, count):
    weights, left, order = weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = int(np.argmin(np.abs(weights[left])))
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(left.pop(at))
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% wrong misconception="least-magnitude" variant=2 loses="order,weights"
def obs_prune(weights, hessian, count):
    new, left, order = weights.copy(), list(range(len(weights))), []
    while len(order) < count:
        p = min(left, key=lambda q: abs(new[q]))
        left.remove(p)
        order.append(p)
        new = np.zeros(len(weights))
        if left:
            new[left] = np.linalg.solve(hessian[np.ix_(left, left)], hessian[left] @ weights)
    return {"order": order, "weights": new}


# %% misconception="diagonal-of-hessian"
# The saliency was computed from the diagonal of H, which takes the others to stay as they are.
# Remedy: Divide by the diagonal of the *inverse*; it says what is left once the others have made up for the weight.


# %% wrong misconception="diagonal-of-hessian" variant=1 loses="order,weights"
def obs_prune(weights, hessian, count):
    weights, left, order = weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        part = hessian[np.ix_(left, left)]
        inverse = np.linalg.inv(part)
        at = int(np.argmin(weights[left] ** 2 * np.diag(part)))
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(left.pop(at))
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% misconception="last-of-equals"
# Of equal saliencies the one that stands last went.
# Remedy: `np.argmin`, and `min` as well, return the first of several least numbers; do not turn the order round.


# %% wrong misconception="last-of-equals" variant=1 loses="ties"
def obs_prune(weights, hessian, count):
    weights, left, order = weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        saliencies = weights[left] ** 2 / np.diag(inverse)
        at = max(place for place, one in enumerate(saliencies) if one == saliencies.min())
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(left.pop(at))
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% wrong misconception="last-of-equals" variant=2 loses="ties"
def obs_prune(weights, hessian, count):
    new, left, order = weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[left][:, left])
        at = min(range(len(left)), key=lambda i: (new[left[i]] ** 2 / inverse[i, i], -i))
        new[left] = new[left] - inverse[at] * new[left[at]] / inverse[at, at]
        p = left.pop(at)
        order.append(p)
        new[p] = 0
    return {"order": order, "weights": new}


# %% misconception="place-among-the-left"
# The order tells places among the weights that were left at that step, and not in the row.
# Remedy: Keep the list of the places that are left, and look the place up in it.


# %% wrong misconception="place-among-the-left" variant=1 loses="order,ties"
def obs_prune(weights, hessian, count):
    weights, left, order = weights.copy(), list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = int(np.argmin(weights[left] ** 2 / np.diag(inverse)))
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(at)
        weights[left.pop(at)] = 0
    return {"order": order, "weights": weights}


# %% misconception="zero-for-removed"
# A weight that is zero was taken for one that was removed, so that it never goes, and others go in its place.
# Remedy: Keep a list of the places that are left; a weight may be zero from the start, and is then the first to go.


# %% wrong misconception="zero-for-removed" variant=1 loses="order,weights"
def obs_prune(weights, hessian, count):
    weights, order = weights.copy(), []
    for _ in range(count):
        left = [p for p in range(len(weights)) if weights[p] != 0]
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = int(np.argmin(weights[left] ** 2 / np.diag(inverse)))
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(left[at])
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% wrong misconception="zero-for-removed" variant=2 loses="order,weights"
def obs_prune(weights, hessian, count):
    new, kept, order = weights.astype(float), weights != 0, []
    while len(order) < count:
        inverse = np.zeros_like(hessian)
        inverse[np.ix_(kept, kept)] = np.linalg.inv(hessian[kept][:, kept])
        saliencies = np.full(len(new), np.inf)
        saliencies[kept] = new[kept] ** 2 / (2 * inverse.diagonal()[kept])
        p = int(saliencies.argmin())
        new = new - inverse[p] * (new[p] / inverse[p, p])
        new[p] = 0.0
        kept = new != 0
        order.append(p)
    return {"order": order, "weights": new}


# %% decoy misconception="zero-for-removed" loses="weights"
def obs_prune(weights, hessian, count):
    # What went is never set to zero: rounding errors, its own and those of later steps, stay in its place.
    new, inverse, order = weights.copy(), np.linalg.inv(hessian), []
    for _ in range(count):
        saliencies = [np.inf if p in order else new[p] ** 2 / inverse[p, p] for p in range(len(new))]
        p = int(np.argmin(saliencies))
        new -= inverse[:, p] * (new[p] / inverse[p, p])
        inverse = inverse - np.outer(inverse[:, p], inverse[p]) / inverse[p, p]
        order.append(p)
    return {"order": order, "weights": new}


# %% decoy misconception="zero-for-removed" loses="weights"
def obs_prune(weights, hessian, count):
    # Each is set to zero as it goes, and the whole row moves at later steps, by rounding errors where it is zero.
    new, inverse, left = weights.copy(), np.linalg.inv(hessian), np.ones(len(weights), bool)
    order = []
    for _ in range(count):
        p = int(np.argmin([new[q] ** 2 / inverse[q, q] if left[q] else np.inf for q in range(len(new))]))
        new = new - new[p] / inverse[p, p] * inverse[:, p]
        inverse = inverse - np.outer(inverse[:, p], inverse[p]) / inverse[p, p]
        new[p], left[p] = 0, False
        order.append(p)
    return {"order": order, "weights": new}


# %% misconception="one-stays"
# One weight was left in any case.
# Remedy: `count` may be all of them; without any other weight there is nobody to compensate, and nothing to solve.


# %% wrong misconception="one-stays" variant=1 loses="ends"
def obs_prune(weights, hessian, count):
    weights, left, order = weights.copy(), list(range(len(weights))), []
    while len(order) < count and len(left) > 1:
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = int(np.argmin(weights[left] ** 2 / np.diag(inverse)))
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(left.pop(at))
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% wrong misconception="one-stays" variant=2 loses="ends"
def obs_prune(weights, hessian, count):
    new, left, order = weights.astype(float), list(range(len(weights))), []
    for _ in range(min(count, len(weights) - 1)):
        inverse = np.linalg.inv(hessian[left][:, left])
        saliencies = [new[p] ** 2 / (2 * inverse[i, i]) for i, p in enumerate(left)]
        order.append(left.pop(saliencies.index(min(saliencies))))
        new = np.zeros(len(weights))
        new[left] = np.linalg.solve(hessian[left][:, left], hessian[left] @ weights)
    return {"order": order, "weights": new}


# %% misconception="input-overwritten"
# The weights that were given have been changed themselves.
# Remedy: Begin with `weights.copy()`.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def obs_prune(weights, hessian, count):
    left, order = list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[np.ix_(left, left)])
        at = int(np.argmin(weights[left] ** 2 / np.diag(inverse)))
        weights[left] -= weights[left][at] / inverse[at, at] * inverse[:, at]
        order.append(left.pop(at))
        weights[order] = 0
    return {"order": order, "weights": weights}


# %% right style="one elimination of the inverse a step"
def obs_prune(weights, hessian, count):
    w, inverse, left, order = weights.copy(), np.linalg.inv(hessian), np.ones(len(weights), bool), []
    for _ in range(count):
        saliencies = [w[p] ** 2 / inverse[p, p] if left[p] else np.inf for p in range(len(w))]
        p = int(np.argmin(saliencies))
        w -= w[p] / inverse[p, p] * inverse[:, p]
        inverse = inverse - np.outer(inverse[:, p], inverse[p]) / inverse[p, p]
        left[p] = False
        w[~left] = 0.0
        order.append(p)
    return {"order": order, "weights": w}


# %% right style="normal equations on what is left"
def obs_prune(weights, hessian, count):
    new, left, order = weights.astype(float), list(range(len(weights))), []
    for _ in range(count):
        inverse = np.linalg.inv(hessian[left][:, left])
        saliencies = [new[p] ** 2 / (2 * inverse[i, i]) for i, p in enumerate(left)]
        order.append(left.pop(saliencies.index(min(saliencies))))
        new = np.zeros(len(weights))
        if left:
            new[left] = np.linalg.solve(hessian[left][:, left], hessian[left] @ weights)
    return {"order": order, "weights": new}
