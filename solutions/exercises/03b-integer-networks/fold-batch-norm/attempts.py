# %% misconception="factor-on-input-channels"
# The factor is lined up with the input channels.
# Remedy: Batch norm follows the layer: its channels are the output channels, axis 0 of the weight.

# %% wrong misconception="factor-on-input-channels" variant=1 loses="weight,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / torch.sqrt(variance + eps)
    shape = [1, -1] + [1] * (weight.ndim - 2)
    return weight * factor.reshape(shape), (bias - mean) * factor + beta


# %% wrong misconception="factor-on-input-channels" variant=2 loses="weight,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / (variance + eps) ** 0.5
    return torch.einsum("oi...,i->oi...", weight, factor), factor * bias - factor * mean + beta


# %% wrong misconception="factor-on-input-channels" variant=1 loses="weight,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma * torch.rsqrt(variance + eps)
    scaled = torch.stack([weight[:, i] * factor[i] for i in range(weight.shape[1])], dim=1)
    return scaled, torch.addcmul(beta, bias - mean, factor)


# %% misconception="variance-without-root"
# The variance is used where its square root belongs.
# Remedy: Divide by `torch.sqrt(variance + eps)`.


# %% wrong misconception="variance-without-root" variant=1 loses="weight,bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / (variance + eps)
    return weight * factor.reshape(-1, *[1] * (weight.ndim - 1)), (bias - mean) * factor + beta


# %% wrong misconception="variance-without-root" variant=2 loses="weight,bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    rows, shifts = [], []
    for c in range(len(weight)):
        rows.append(weight[c] / (variance[c] + eps) * gamma[c])
        shifts.append(beta[c] + (bias[c] - mean[c]) / (variance[c] + eps) * gamma[c])
    return torch.stack(rows), torch.stack(shifts)


# %% misconception="eps-left-out"
# eps is left out; with a variance close to 0 the result explodes.
# Remedy: Add eps to the variance, under the root.


# %% wrong misconception="eps-left-out" variant=1 loses="small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / torch.sqrt(variance)
    return weight * factor.reshape(-1, *[1] * (weight.ndim - 1)), (bias - mean) * factor + beta


# %% wrong misconception="eps-left-out" variant=2 loses="small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    deviation = variance**0.5
    rows = [row / d * g for row, d, g in zip(weight, deviation, gamma)]
    return torch.stack(rows), gamma * bias / deviation + (beta - gamma * mean / deviation)


# %% misconception="eps-outside-root"
# eps is added to the root, not to the variance.
# Remedy: The root goes over the sum: sqrt(variance + eps).


# %% wrong misconception="eps-outside-root" variant=1 loses="small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / (torch.sqrt(variance) + eps)
    return weight * factor.reshape(-1, *[1] * (weight.ndim - 1)), (bias - mean) * factor + beta


# %% wrong misconception="eps-outside-root" variant=2 loses="small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    deviation = variance.pow(0.5).add(eps)
    rows = [row * (g / d) for row, d, g in zip(weight, deviation, gamma)]
    return torch.stack(rows), torch.addcdiv(beta, (bias - mean) * gamma, deviation)


# %% misconception="bias-not-scaled"
# The layer's own bias is added unscaled.
# Remedy: The bias passes through batch norm like everything else: (bias - mean) * factor + beta.


# %% wrong misconception="bias-not-scaled" variant=1 loses="bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / torch.sqrt(variance + eps)
    return weight * factor.reshape(-1, *[1] * (weight.ndim - 1)), bias - mean * factor + beta


# %% wrong misconception="bias-not-scaled" variant=2 loses="bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma * torch.rsqrt(variance + eps)
    shift = torch.empty_like(bias)
    for c, (b, m) in enumerate(zip(bias.tolist(), mean.tolist())):
        shift[c] = b + beta[c] - m * factor[c]
    return torch.einsum("o...,o->o...", weight, factor), shift


# %% misconception="bias-lost"
# The layer's own bias is left out: the folded bias holds mean and beta alone.
# Remedy: Put y = w·x + b into the batch norm: (bias - mean) · factor + beta.


# %% wrong misconception="bias-lost" variant=1 loses="bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / torch.sqrt(variance + eps)
    by_output = factor.reshape(-1, *[1] * (weight.ndim - 1))
    return weight * by_output, beta - mean * factor


# %% wrong misconception="bias-lost" variant=2 loses="bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    deviation = (variance + eps) ** 0.5
    folded = torch.stack([row * g / d for row, g, d in zip(weight, gamma, deviation)])
    return folded, beta - gamma * mean / deviation


# %% misconception="mean-added"
# The mean is added; batch norm takes it off.
# Remedy: (bias - mean) * factor + beta.


# %% wrong misconception="mean-added" variant=1 loses="bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / torch.sqrt(variance + eps)
    return weight * factor.reshape(-1, *[1] * (weight.ndim - 1)), (bias + mean) * factor + beta


# %% wrong misconception="mean-added" variant=2 loses="bias,linear,small-variance"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma * (variance + eps) ** -0.5
    moved = bias * factor
    moved = moved + (beta + factor * mean)
    return torch.einsum("o...,o->o...", weight, factor), moved


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Methods that end in `_` and `*=` write into the layer's own weights.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma / torch.sqrt(variance + eps)
    weight *= factor.reshape(-1, *[1] * (weight.ndim - 1))
    return weight, (bias - mean) * factor + beta


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma * torch.rsqrt(variance + eps)
    bias.sub_(mean).mul_(factor).add_(beta)
    return torch.einsum("o...,o->o...", weight, factor), bias


# %% right style="channel by channel"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    rows, shifts = [], []
    for c in range(len(weight)):
        factor = gamma[c] / (variance[c] + eps) ** 0.5
        rows.append(weight[c] * factor)
        shifts.append(beta[c] + (bias[c] - mean[c]) * factor)
    return torch.stack(rows), torch.stack(shifts)


# %% right style="einsum"
def fold_batch_norm(weight, bias, mean, variance, gamma, beta, eps):
    factor = gamma * torch.rsqrt(variance + eps)
    return torch.einsum("o...,o->o...", weight, factor), torch.addcmul(beta, bias - mean, factor)
