# %% misconception="masked-once"
# The mask was applied before training and not again: the steps have moved the pruned weights away from 0.
# Remedy: Multiply with the mask again after each `optimizer.step()`.


# %% wrong misconception="masked-once" variant=1 loses="plain,momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights * mask)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
    return parameter.detach()


# %% wrong misconception="masked-once" variant=2 loses="plain,momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    tuned, velocity = weights * mask, torch.zeros_like(weights)
    for x, y in batches:
        gradient = 2 / y.numel() * (x @ tuned.T - y).T @ x
        velocity = momentum * velocity + gradient
        tuned = tuned - lr * velocity
    return tuned


# %% decoy misconception="masked-once" loses="plain,momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights.clone())  # no mask at all
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
    return parameter.detach()


# %% misconception="masked-at-the-end"
# The mask came after the last step only: until then the pruned weights took part, and the kept ones relied on them.
# Remedy: Multiply with the mask after each step, so that the kept weights learn to do without the others.


# %% wrong misconception="masked-at-the-end" variant=1 loses="plain,momentum"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights * mask)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
    return parameter.detach() * mask


# %% wrong misconception="masked-at-the-end" variant=2 loses="plain,momentum"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    tuned, velocity = weights * mask, torch.zeros_like(weights)
    for x, y in batches:
        velocity = momentum * velocity + 2 / y.numel() * (x @ tuned.T - y).T @ x
        tuned = tuned - lr * velocity
    return torch.where(mask, tuned, torch.zeros_like(tuned))


# %% decoy misconception="masked-at-the-end" loses="plain,momentum"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights.clone())  # the first batch still sees the whole layer
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
        parameter.data *= mask
    return parameter.detach() * mask


# %% misconception="momentum-forgotten"
# Momentum had no effect: each step was made as if none had come before it.
# Remedy: `torch.optim.SGD(…, momentum=momentum)`, made once for all batches; a new one has no past.


# %% wrong misconception="momentum-forgotten" variant=1 loses="momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights * mask)
    for x, y in batches:
        optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)  # a new one has no past
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
        parameter.data *= mask
    return parameter.detach()


# %% wrong misconception="momentum-forgotten" variant=2 loses="momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    tuned = weights * mask
    for x, y in batches:
        tuned = (tuned - lr * 2 / y.numel() * (x @ tuned.T - y).T @ x) * mask
    return tuned


# %% decoy misconception="momentum-forgotten" loses="momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights * mask)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum, dampening=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
        parameter.data *= mask
    return parameter.detach()


# %% misconception="loss-summed"
# The loss was summed over the batch and not averaged, so that the steps are too long.
# Remedy: `nn.functional.mse_loss(output, y)` takes the mean over all numbers of the output.


# %% wrong misconception="loss-summed" variant=1 loses="plain,momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights * mask)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y, reduction="sum").backward()
        optimizer.step()
        parameter.data *= mask
    return parameter.detach()


# %% wrong misconception="loss-summed" variant=2 loses="plain,momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    tuned, velocity = weights * mask, 0
    for x, y in batches:
        velocity = momentum * velocity + 2 * (x @ tuned.T - y).T @ x
        tuned = (tuned - lr * velocity) * mask
    return tuned


# %% misconception="gradients-added-up"
# Gradients of earlier batches were not cleared, and added up.
# Remedy: Call `optimizer.zero_grad()` before each `backward()`.


# %% wrong misconception="gradients-added-up" variant=1 loses="plain,momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights * mask)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
        parameter.data *= mask
    return parameter.detach()


# %% misconception="mask-upside-down"
# The weights that the mask keeps were removed, and the others trained.
# Remedy: The mask is True where a weight is kept.


# %% wrong misconception="mask-upside-down" variant=1 loses="plain,momentum,edges"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    parameter = nn.Parameter(weights * ~mask)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
        parameter.data *= ~mask
    return parameter.detach()


# %% misconception="given-weights-trained"
# The tensor that was given has been trained itself.
# Remedy: Begin with a copy, such as `weights * mask`.


# %% wrong misconception="given-weights-trained" variant=1 loses="keeps-input"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    weights *= mask
    parameter = nn.Parameter(weights)
    optimizer = torch.optim.SGD([parameter], lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(x @ parameter.T, y).backward()
        optimizer.step()
        parameter.data *= mask
    return parameter.detach()


# %% right style="gradients by hand"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    tuned, velocity = weights * mask, torch.zeros_like(weights)
    for x, y in batches:
        velocity = momentum * velocity + 2 / y.numel() * (x @ tuned.T - y).T @ x
        tuned = (tuned - lr * velocity) * mask
    return tuned


# %% right style="masked gradients"
def masked_fine_tuning(weights, mask, batches, lr, momentum):
    layer = nn.Linear(weights.shape[1], weights.shape[0], bias=False)
    layer.weight.data = weights * mask
    layer.weight.register_hook(lambda gradient: gradient * mask)
    optimizer = torch.optim.SGD(layer.parameters(), lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(layer(x), y).backward()
        optimizer.step()
    return layer.weight.detach()


# %% right style="torch's own mask"
from torch.nn.utils import prune


def masked_fine_tuning(weights, mask, batches, lr, momentum):
    layer = nn.Linear(weights.shape[1], weights.shape[0], bias=False)
    layer.weight.data = weights.clone()
    prune.custom_from_mask(layer, "weight", mask)
    optimizer = torch.optim.SGD(layer.parameters(), lr=lr, momentum=momentum)
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(layer(x), y).backward()
        optimizer.step()
    prune.remove(layer, "weight")
    return layer.weight
