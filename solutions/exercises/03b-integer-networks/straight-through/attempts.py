# %% misconception="true-gradient-of-round"
# The gradient is 0 everywhere, as that of rounding is; nothing would be learned.
# Remedy: Take rounding for the identity on the way back.

# %% wrong misconception="true-gradient-of-round" variant=1 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = (torch.round(x / scale) + zero_point).clamp(quant_min, quant_max)
    return (codes - zero_point) * scale, torch.zeros_like(x)


# %% wrong misconception="true-gradient-of-round" variant=2 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.clone().requires_grad_()
    x_hat = ((leaf / scale).round().add(zero_point).clamp(quant_min, quant_max) - zero_point) * scale
    x_hat.backward(upstream)
    return x_hat.detach(), leaf.grad


# %% misconception="passes-everywhere"
# The gradient passes even where codes were cut off.
# Remedy: A value beyond the grid can move without changing the output: its gradient is 0.


# %% wrong misconception="passes-everywhere" variant=1 loses="outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = (torch.round(x / scale) + zero_point).clamp(quant_min, quant_max)
    return (codes - zero_point) * scale, upstream.clone()


# %% wrong misconception="passes-everywhere" variant=2 loses="outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.clone().requires_grad_()
    bounded = (x / scale).round().clamp(quant_min - zero_point, quant_max - zero_point) * scale
    x_hat = leaf + (bounded - leaf).detach()
    (x_hat * upstream).sum().backward()
    return bounded, leaf.grad


# %% misconception="scaled-gradient"
# The gradient is divided by the scale; division and multiplication cancel out.
# Remedy: x_hat and x are in the same unit, so the slope between them is 1.


# %% wrong misconception="scaled-gradient" variant=1 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    is_inside = (codes >= quant_min) & (codes <= quant_max)
    return (codes.clamp(quant_min, quant_max) - zero_point) * scale, upstream * is_inside / scale


# %% wrong misconception="scaled-gradient" variant=2 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.clone().requires_grad_()
    steps = leaf / scale
    rounded = steps + (steps.round() - steps).detach()
    codes = rounded.clamp(quant_min - zero_point, quant_max - zero_point)
    codes.backward(upstream)
    return codes.detach() * scale, leaf.grad


# %% misconception="upstream-ignored"
# The mask itself is returned; the gradient that arrives is lost.
# Remedy: Multiply the mask by `upstream`.


# %% wrong misconception="upstream-ignored" variant=1 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    is_inside = (codes >= quant_min) & (codes <= quant_max)
    return (codes.clamp(quant_min, quant_max) - zero_point) * scale, is_inside.float()


# %% wrong misconception="upstream-ignored" variant=2 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.clone().requires_grad_()
    steps = leaf / scale
    rounded = steps + (steps.round() - steps).detach()
    x_hat = rounded.clamp(quant_min - zero_point, quant_max - zero_point) * scale
    (gradient,) = torch.autograd.grad(x_hat.sum(), leaf)
    return x_hat.detach(), gradient


# %% misconception="mask-turned-around"
# The gradient passes outside the range and is stopped inside.
# Remedy: 1 inside, 0 outside.


# %% wrong misconception="mask-turned-around" variant=1 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    is_outside = (codes < quant_min) | (codes > quant_max)
    return (codes.clamp(quant_min, quant_max) - zero_point) * scale, upstream * is_outside


# %% wrong misconception="mask-turned-around" variant=2 loses="inside,outside,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    steps = (x / scale).round()
    kept = steps.clip(quant_min - zero_point, quant_max - zero_point)
    return kept * scale, torch.where(steps == kept, torch.zeros_like(upstream), upstream)


# %% misconception="mask-before-rounding"
# The mask is taken before rounding, so values that still round to an end code get no gradient.
# Remedy: Compare the rounded codes with `quant_min` and `quant_max`.


# %% wrong misconception="mask-before-rounding" variant=1 loses="at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    position = x / scale + zero_point
    is_inside = (position >= quant_min) & (position <= quant_max)
    codes = (torch.round(x / scale) + zero_point).clamp(quant_min, quant_max)
    return (codes - zero_point) * scale, upstream * is_inside


# %% wrong misconception="mask-before-rounding" variant=2 loses="at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.clone().requires_grad_()
    bounded = leaf.clamp((quant_min - zero_point) * scale, (quant_max - zero_point) * scale)
    x_hat = bounded + (torch.round(bounded / scale) * scale - bounded).detach()
    x_hat.backward(upstream)
    return x_hat.detach(), leaf.grad


# %% misconception="forward-not-rounded"
# Rounding is left out on the way forward too, so `x_hat` lies off the grid.
# Remedy: Only the way back takes rounding for the identity.


# %% wrong misconception="forward-not-rounded" variant=1 loses="x-hat"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    is_inside = (codes >= quant_min) & (codes <= quant_max)
    return ((x / scale).clamp(quant_min - zero_point, quant_max - zero_point)) * scale, upstream * is_inside


# %% wrong misconception="forward-not-rounded" variant=2 loses="x-hat"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    codes = torch.round(x / scale) + zero_point
    passes = codes == codes.clip(quant_min, quant_max)
    return torch.where(x < low, low, torch.where(x > high, high, x)), torch.where(passes, upstream, 0.0)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Make new tensors; `x` and `upstream` are the caller's.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    is_inside = (codes >= quant_min) & (codes <= quant_max)
    upstream *= is_inside
    x.copy_((codes.clamp(quant_min, quant_max) - zero_point) * scale)
    return x, upstream


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    x.div_(scale).round_()
    kept = x.clip(quant_min - zero_point, quant_max - zero_point)
    return kept * scale, torch.where(x == kept, upstream, torch.zeros_like(upstream))


# %% misconception="end-codes-excluded"
# The first and the last code count as cut off, though both are within the range.
# Remedy: Compare with `>=` and `<=`.


# %% wrong misconception="end-codes-excluded" variant=1 loses="at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    is_inside = (codes > quant_min) & (codes < quant_max)
    return (codes.clamp(quant_min, quant_max) - zero_point) * scale, upstream * is_inside


# %% wrong misconception="end-codes-excluded" variant=2 loses="at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = (torch.round(x / scale) + zero_point).clip(quant_min, quant_max)
    at_an_end = torch.isin(codes, torch.tensor([quant_min, quant_max], dtype=codes.dtype))
    return (codes - zero_point) * scale, upstream.masked_fill(at_an_end, 0.0)


# %% misconception="half-up"
# A value halfway between two codes is always rounded up.
# Remedy: `torch.round` goes to the even one.


# %% wrong misconception="half-up" variant=1 loses="x-hat,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.floor(x / scale + 0.5) + zero_point
    is_inside = (codes >= quant_min) & (codes <= quant_max)
    return (codes.clamp(quant_min, quant_max) - zero_point) * scale, upstream * is_inside


# %% wrong misconception="half-up" variant=2 loses="x-hat,at-the-ends"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = -torch.ceil(-x / scale - 0.5) + zero_point
    kept = torch.clamp(codes, quant_min, quant_max)
    return scale * (kept - zero_point), torch.where(codes == kept, upstream, torch.zeros_like(upstream))


# %% misconception="symmetric-grid-only"
# The limits of the grid are taken for granted, so that another grid is cut off in the wrong place.
# Remedy: Clamp to the `quant_min` and `quant_max` that are passed, and compare with these.


# %% wrong misconception="symmetric-grid-only" variant=1 loses="x-hat,outside"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    is_inside = (codes >= -8) & (codes <= 7)
    return (codes.clamp(-8, 7) - zero_point) * scale, upstream * is_inside


# %% wrong misconception="symmetric-grid-only" variant=2 loses="x-hat,outside"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    codes = torch.round(x / scale) + zero_point
    kept = codes.clip(-(2**3), 2**3 - 1)
    return (kept - zero_point) * scale, upstream * (codes == kept)


# %% right style="an autograd function"
class Rounding(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, scale, zero_point, quant_min, quant_max):
        codes = torch.round(x / scale) + zero_point
        ctx.save_for_backward((codes >= quant_min) & (codes <= quant_max))
        return (codes.clamp(quant_min, quant_max) - zero_point) * scale

    @staticmethod
    def backward(ctx, upstream):
        (is_inside,) = ctx.saved_tensors
        return upstream * is_inside, None, None, None, None


def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.clone().requires_grad_()
    x_hat = Rounding.apply(leaf, scale, zero_point, quant_min, quant_max)
    x_hat.backward(upstream)
    return x_hat.detach(), leaf.grad


# %% right style="detach what autograd should not see"
def straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    steps = torch.round(x / scale)
    kept = steps.clamp(quant_min - zero_point, quant_max - zero_point)
    leaf = x.clone().requires_grad_()
    x_hat = kept * scale + (leaf - leaf.detach()) * (steps == kept)
    (gradient,) = torch.autograd.grad(x_hat, leaf, upstream)
    return x_hat.detach(), gradient
