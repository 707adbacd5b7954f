# %% misconception="no-compensation"
# The weight was removed, and the others stayed as they were.
# Remedy: Add `-weights[p] / inverse[p, p] * inverse[:, p]` to all weights; it removes weight `p` by itself.


# %% wrong misconception="no-compensation" variant=1 loses="weights,damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    inverse = np.linalg.inv(hessian)
    pruned = weights.astype(np.float64)
    pruned[p] = 0
    return pruned, float(weights[p]) ** 2 / (2 * inverse[p, p])


# %% wrong misconception="no-compensation" variant=2 loses="weights,damping,edges"
def obs_step(weights, x, p, damping):
    h = 2 * np.einsum("ni,nj->ij", x, x, dtype=np.float64)
    h[np.diag_indices(len(h))] += damping * h.trace() / len(h)
    saliency = 0.5 * float(weights[p]) ** 2 / np.linalg.inv(h)[p, p]
    return np.where(np.arange(len(weights)) == p, 0.0, weights.astype(np.float64)), float(saliency)


# %% misconception="factor-of-two"
# The saliency is off by a factor of 2: with H = XᵀX there is no 2 below it, and with H = 2 XᵀX there is.
# Remedy: Take H = 2 XᵀX and divide by `2 * inverse[p, p]`; then the saliency is the squared change of the output.


# %% wrong misconception="factor-of-two" variant=1 loses="saliency,damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = x.T @ x
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    inverse = np.linalg.inv(hessian)
    compensated = weights - weights[p] / inverse[p, p] * inverse[:, p]
    return compensated, float(weights[p] ** 2 / (2 * inverse[p, p]))


# %% wrong misconception="factor-of-two" variant=2 loses="saliency,damping,edges"
def obs_step(weights, x, p, damping):
    rows = x.astype(np.float64)
    h = rows.T.dot(rows)
    h += np.eye(len(h)) * damping * h.diagonal().mean()
    g = np.linalg.solve(h, np.eye(len(h))[p])
    return weights - g * (float(weights[p]) / g[p]), 0.5 * float(weights[p]) ** 2 / float(g[p])


# %% decoy misconception="factor-of-two" loses="saliency,damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = x.T @ x / len(x)
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    inverse = np.linalg.inv(hessian)
    compensated = weights - weights[p] / inverse[p, p] * inverse[:, p]
    return compensated, float(weights[p] ** 2 / (2 * inverse[p, p]))


# %% misconception="sign-turned"
# The change has the wrong sign: it doubles weight `p` in place of removing it.
# Remedy: The change is *minus* `weights[p] / inverse[p, p]` times column `p` of the inverse.


# %% wrong misconception="sign-turned" variant=1 loses="weights,damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    inverse = np.linalg.inv(hessian)
    return weights + weights[p] / inverse[p, p] * inverse[:, p], float(weights[p] ** 2 / (2 * inverse[p, p]))


# %% wrong misconception="sign-turned" variant=2 loses="weights,damping,edges"
def obs_step(weights, x, p, damping):
    x, w = x.astype(float), weights.astype(float)
    h = 2 * x.T @ x
    h += damping * h.trace() / len(h) * np.eye(len(h))
    column = np.linalg.inv(h)[:, p]
    delta = w[p] / column[p] * column
    return w + delta, float(0.5 * w[p] * w[p] / column[p])


# %% misconception="hessian-for-its-inverse"
# H was used where its inverse belongs, so that nothing takes into account that the others compensate.
# Remedy: Invert H first, and take the diagonal and the column of the inverse.


# %% wrong misconception="hessian-for-its-inverse" variant=1 loses="weights,saliency,damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    return weights - weights[p] / hessian[p, p] * hessian[:, p], float(weights[p] ** 2 * hessian[p, p] / 2)


# %% wrong misconception="hessian-for-its-inverse" variant=2 loses="weights,saliency,damping,edges"
def obs_step(weights, x, p, damping):
    w, x = np.asarray(weights, np.float64), np.asarray(x, np.float64)
    h = 2 * np.dot(x.T, x)
    h = h + damping * h.diagonal().mean() * np.identity(len(w))
    delta = -w[p] * h[p] / h[p, p]
    return w + delta, float(w[p] ** 2 * h[p, p] * 0.5)


# %% misconception="inverse-diagonal-of-hessian"
# The diagonal entry of H was inverted, which is not the diagonal entry of the inverse.
# Remedy: `np.linalg.inv(hessian)[p, p]`; `1 / hessian[p, p]` is that only where inputs have nothing in common.


# %% wrong misconception="inverse-diagonal-of-hessian" variant=1 loses="weights,saliency,damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    inverse = np.linalg.inv(hessian)
    entry = 1 / hessian[p, p]
    return weights - weights[p] / entry * inverse[:, p], float(weights[p] ** 2 / (2 * entry))


# %% misconception="damping-absolute"
# The damping was added as it is, and not as a share of the mean of the diagonal.
# Remedy: Multiply it with `np.diag(hessian).mean()` first.


# %% wrong misconception="damping-absolute" variant=1 loses="damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    inverse = np.linalg.inv(2 * x.T @ x + damping * np.eye(len(weights)))
    return weights - weights[p] / inverse[p, p] * inverse[:, p], float(weights[p] ** 2 / (2 * inverse[p, p]))


# %% wrong misconception="damping-absolute" variant=2 loses="damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    np.fill_diagonal(hessian, np.diag(hessian) + damping)
    column = np.linalg.solve(hessian, np.eye(len(weights))[:, p])
    return weights - float(weights[p]) / column[p] * column, float(weights[p]) ** 2 / float(2 * column[p])


# %% misconception="damping-left-out"
# H was not damped; where inputs are silent or repeat each other it has no inverse then.
# Remedy: Add `damping * np.diag(hessian).mean()` to each entry of the diagonal.


# %% wrong misconception="damping-left-out" variant=1 loses="damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    inverse = np.linalg.pinv(2 * x.T @ x)
    return weights - weights[p] / inverse[p, p] * inverse[:, p], float(weights[p] ** 2 / (2 * inverse[p, p]))


# %% misconception="each-entry-by-itself"
# Each entry of the diagonal grew by a share of itself, where all are to grow by the same number.
# Remedy: Add `damping` times the *mean* of the diagonal to each of its entries.


# %% wrong misconception="each-entry-by-itself" variant=1 loses="damping,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    hessian += damping * np.diag(np.diag(hessian) + (np.diag(hessian) == 0) * 1e-9)
    inverse = np.linalg.inv(hessian)
    return weights - weights[p] / inverse[p, p] * inverse[:, p], float(weights[p] ** 2 / (2 * inverse[p, p]))


# %% misconception="input-overwritten"
# The weights that were given have been changed themselves.
# Remedy: Compute a new array: `weights - …`, without `-=`.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input,edges"
def obs_step(weights, x, p, damping):
    x = x.astype(np.float64)
    hessian = 2 * x.T @ x
    hessian += damping * np.diag(hessian).mean() * np.eye(len(hessian))
    inverse = np.linalg.inv(hessian)
    removed = float(weights[p])
    weights -= (removed / inverse[p, p] * inverse[:, p]).astype(weights.dtype)
    return weights, removed**2 / (2 * inverse[p, p])


# %% right style="least squares with rows for the damping"
def obs_step(weights, x, p, damping):
    x, w = x.astype(np.float64), weights.astype(np.float64)
    rows = np.vstack([x, np.sqrt(damping * (x**2).sum() / len(w)) * np.eye(len(w))])
    others = [i for i in range(len(w)) if i != p]
    new = np.zeros(len(w))
    if others:
        new[others] = np.linalg.lstsq(rows[:, others], rows @ w, rcond=None)[0]
    return new, float(((rows @ (new - w)) ** 2).sum())


# %% right style="one column of the inverse, solved for"
def obs_step(weights, x, p, damping):
    x, w = x.astype(np.float64), weights.astype(np.float64)
    h = 2 * x.T @ x
    h[np.diag_indices(len(w))] += damping * h.trace() / len(w)
    column = np.linalg.solve(h, np.eye(len(w))[p])
    new = w - w[p] * column / column[p]
    new[p] = 0.0
    return new, w[p] ** 2 / column[p] / 2


# %% right style="torch"
import torch


def obs_step(weights, x, p, damping):
    rows, w = torch.tensor(x, dtype=torch.float64), torch.tensor(weights, dtype=torch.float64)
    h = 2 * rows.T @ rows
    h += damping * h.diagonal().mean() * torch.eye(len(w), dtype=torch.float64)
    inverse = torch.linalg.inv(h)
    delta = -w[p] / inverse[p, p] * inverse[:, p]
    return (w + delta).numpy(), (w[p].square() / 2 / inverse[p, p]).item()
