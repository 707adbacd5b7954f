# %% misconception="saturated-among-errors"
# Values outside the grid count as rounding errors, so the bound of half a step seems to be broken.
# Remedy: Take the maximum over the values inside the grid only.

# %% wrong misconception="saturated-among-errors" variant=1 loses="error-steps,half-a-step,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)
    x_hat = ((codes - zero_point) * scale).astype(np.float32)
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    outside = (x < low) | (x > high)
    return {"x_hat": x_hat, "error_steps": float(np.abs(x_hat - x).max() / scale), "saturated": float(outside.mean())}


# %% wrong misconception="saturated-among-errors" variant=2 loses="error-steps,half-a-step,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    report = {"x_hat": np.zeros_like(x), "error_steps": 0.0, "saturated": 0.0}
    for place, value in enumerate(x.tolist()):
        code = min(quant_max, max(quant_min, round(value / scale) + zero_point))
        report["x_hat"][place] = (code - zero_point) * scale
        report["error_steps"] = max(report["error_steps"], abs(value / scale - (code - zero_point)))
        report["saturated"] += (not quant_min <= value / scale + zero_point <= quant_max) / len(x)
    return report


# %% misconception="end-codes-counted"
# Every value with the first or last code counts as saturated, though many of them lie on the grid.
# Remedy: Compare the real values with the ends of the grid, not the codes with the end codes.


# %% wrong misconception="end-codes-counted" variant=1 loses="saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)
    x_hat = ((codes - zero_point) * scale).astype(np.float32)
    inside = (x >= (quant_min - zero_point) * scale) & (x <= (quant_max - zero_point) * scale)
    error = np.abs(x_hat - x)[inside].max(initial=0.0) / scale
    at_an_end = (codes == quant_min) | (codes == quant_max)
    return {"x_hat": x_hat, "error_steps": float(error), "saturated": float(at_an_end.mean())}


# %% wrong misconception="end-codes-counted" variant=2 loses="saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    steps = x.astype(np.float64) / scale
    nearest = np.minimum(np.maximum(np.rint(steps) + zero_point, quant_min), quant_max).astype(int)
    errors = [
        abs(step - (code - zero_point))
        for step, code in zip(steps, nearest)
        if quant_min <= step + zero_point <= quant_max
    ]
    ends = np.isin(nearest, [quant_min, quant_max]).sum()
    return {
        "x_hat": np.float32((nearest - zero_point) * scale),
        "error_steps": max(errors, default=0.0),
        "saturated": float(ends / nearest.size),
    }


# %% misconception="inside-by-code"
# Values up to half a step beyond the ends count as inside, since they still round to the first or the last code.
# Remedy: Compare `x` itself with the real values of `quant_min` and `quant_max`, before any rounding.


# %% wrong misconception="inside-by-code" variant=1 loses="error-steps,saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.rint(x / scale) + zero_point
    is_inside = (codes >= quant_min) & (codes <= quant_max)
    x_hat = (np.clip(codes, quant_min, quant_max) - zero_point) * scale
    errors = np.abs(x_hat - x)[is_inside] / scale
    return {
        "x_hat": x_hat.astype(np.float32),
        "error_steps": float(errors.max(initial=0.0)),
        "saturated": float(1 - is_inside.mean()),
    }


# %% wrong misconception="inside-by-code" variant=2 loses="error-steps,saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    rounded = np.round(x.astype(np.float64) / scale) * scale
    x_hat = np.clip(rounded, low, high)
    saturated = np.abs(rounded - x_hat) > scale / 2
    errors = np.where(saturated, 0.0, np.abs(x_hat - x)) / scale
    return {
        "x_hat": x_hat.astype(np.float32),
        "error_steps": float(errors.max()),
        "saturated": float(saturated.mean()),
    }


# %% misconception="error-in-units"
# The error is in the unit of x, not in steps.
# Remedy: Divide by the scale, so that errors on different grids can be compared.


# %% wrong misconception="error-in-units" variant=1 loses="error-steps"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)
    x_hat = ((codes - zero_point) * scale).astype(np.float32)
    inside = (x >= (quant_min - zero_point) * scale) & (x <= (quant_max - zero_point) * scale)
    error = np.abs(x_hat - x)[inside].max(initial=0.0)
    return {"x_hat": x_hat, "error_steps": float(error), "saturated": float(1 - inside.mean())}


# %% wrong misconception="error-in-units" variant=2 loses="error-steps"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    low, high = scale * (quant_min - zero_point), scale * (quant_max - zero_point)
    x_hat = np.float32(scale) * np.rint(x.clip(low, high) / np.float32(scale))
    kept = [(a, b) for a, b in zip(x.tolist(), x_hat.tolist()) if low <= a <= high]
    worst = max([0.0, *(abs(a - b) for a, b in kept)])
    return {"x_hat": x_hat.astype("float32"), "error_steps": worst, "saturated": 1 - len(kept) / x.size}


# %% misconception="signed-error"
# Errors are not taken as absolute values, so errors downwards are lost.
# Remedy: Take `np.abs` before the maximum.


# %% wrong misconception="signed-error" variant=1 loses="error-steps"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)
    x_hat = ((codes - zero_point) * scale).astype(np.float32)
    inside = (x >= (quant_min - zero_point) * scale) & (x <= (quant_max - zero_point) * scale)
    error = (x_hat - x)[inside].max(initial=0.0) / scale
    return {"x_hat": x_hat, "error_steps": float(error), "saturated": float(1 - inside.mean())}


# %% wrong misconception="signed-error" variant=2 loses="error-steps"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    largest, outside, x_hat = 0.0, 0, []
    for value in x.astype(np.float64):
        step = value / scale + zero_point
        code = min(quant_max, max(quant_min, round(value / scale) + zero_point))
        x_hat.append((code - zero_point) * scale)
        if step < quant_min or step > quant_max:
            outside += 1
        elif code - step > largest:
            largest = float(code - step)
    return {"x_hat": np.array(x_hat, dtype=np.float32), "error_steps": largest, "saturated": outside / len(x)}


# %% misconception="floor-for-round"
# Codes are rounded down; errors reach a whole step.
# Remedy: Round to the nearest code.


# %% wrong misconception="floor-for-round" variant=1 loses="x-hat,error-steps,half-a-step"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.clip(np.floor(x / scale) + zero_point, quant_min, quant_max)
    x_hat = ((codes - zero_point) * scale).astype(np.float32)
    inside = (x >= (quant_min - zero_point) * scale) & (x <= (quant_max - zero_point) * scale)
    error = np.abs(x_hat - x)[inside].max(initial=0.0) / scale
    return {"x_hat": x_hat, "error_steps": float(error), "saturated": float(1 - inside.mean())}


# %% wrong misconception="floor-for-round" variant=2 loses="x-hat,error-steps,half-a-step"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    position = x.astype(np.float64) / scale + zero_point
    is_outside = np.logical_or(position < quant_min, position > quant_max)
    codes = np.minimum(np.maximum((x.astype(np.float64) // scale) + zero_point, quant_min), quant_max)
    gaps = np.where(is_outside, 0.0, np.abs(codes - position))
    return {
        "x_hat": np.float32(scale * (codes - zero_point)),
        "error_steps": float(np.max(gaps)),
        "saturated": float(np.count_nonzero(is_outside) / x.size),
    }


# %% misconception="per-cent"
# The fraction is given in per cent.
# Remedy: Leave it between 0 and 1.


# %% wrong misconception="per-cent" variant=1 loses="saturated,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)
    x_hat = ((codes - zero_point) * scale).astype(np.float32)
    inside = (x >= (quant_min - zero_point) * scale) & (x <= (quant_max - zero_point) * scale)
    error = np.abs(x_hat - x)[inside].max(initial=0.0) / scale
    return {"x_hat": x_hat, "error_steps": float(error), "saturated": 100 * float(1 - inside.mean())}


# %% wrong misconception="per-cent" variant=2 loses="saturated,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    steps = x.astype(np.float64) / scale
    low, high = quant_min - zero_point, quant_max - zero_point
    bounded = np.clip(steps, low, high)
    outside = int((bounded != steps).sum())
    errors = np.abs(np.rint(bounded) - steps)[bounded == steps]
    worst = float(errors.max()) if len(errors) else 0.0
    return {"x_hat": np.float32(np.rint(bounded) * scale), "error_steps": worst, "saturated": outside * 100.0 / len(x)}


# %% misconception="maximum-of-nothing"
# Where no value lies inside the grid, the maximum of an empty array is taken.
# Remedy: Use 0.0 when nothing is inside, for instance with `max(initial=0.0)`.


# %% wrong misconception="maximum-of-nothing" variant=1 loses="half-a-step,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    codes = np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)
    x_hat = ((codes - zero_point) * scale).astype(np.float32)
    inside = (x >= (quant_min - zero_point) * scale) & (x <= (quant_max - zero_point) * scale)
    error = np.abs(x_hat - x)[inside].max() / scale
    return {"x_hat": x_hat, "error_steps": float(error), "saturated": float(1 - inside.mean())}


# %% wrong misconception="maximum-of-nothing" variant=2 loses="half-a-step,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    x_hat = [scale * round(min(high, max(low, value)) / scale) for value in x.tolist()]
    errors = [abs(value - back) / scale for value, back in zip(x.tolist(), x_hat) if low <= value <= high]
    return {
        "x_hat": np.array(x_hat, dtype="float32"),
        "error_steps": max(errors),
        "saturated": 1 - len(errors) / len(x_hat),
    }


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Make new arrays; clip without `out`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input,saturated,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    np.clip(x, low, high, out=x)
    x_hat = (np.round(x / scale) * scale).astype(np.float32)
    inside = (x >= np.float32(low)) & (x <= np.float32(high))
    error = np.abs(x_hat - x)[inside].max(initial=0.0) / scale
    x[...] = x_hat
    return {"x_hat": x_hat, "error_steps": float(error), "saturated": float(1 - inside.mean())}


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input,saturated,all-saturated"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    x[:] = np.minimum(np.maximum(x, scale * (quant_min - zero_point)), scale * (quant_max - zero_point))
    before = x.copy()
    x[:] = scale * np.rint(x / scale)
    return {"x_hat": x.copy(), "error_steps": float(np.max(np.abs(x - before))) / scale, "saturated": 0.0}


# %% misconception="double-precision"
# The values come back as float64, twice the bytes of the float32 that was asked for.
# Remedy: End with `.astype(np.float32)`.


# %% wrong misconception="double-precision" variant=1 loses="x-hat"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    steps = x.astype(np.float64) / scale
    bounded = np.clip(steps, quant_min - zero_point, quant_max - zero_point)
    is_inside = bounded == steps
    error_steps = np.abs(np.rint(bounded) - steps)[is_inside].max(initial=0.0)
    saturated = float(1 - is_inside.mean())
    return {"x_hat": np.rint(bounded) * scale, "error_steps": float(error_steps), "saturated": saturated}


# %% wrong misconception="double-precision" variant=2 loses="x-hat"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    codes = [min(max(round(float(v) / scale), quant_min - zero_point), quant_max - zero_point) for v in x]
    inside = [low <= float(v) <= high for v in x]
    errors = [abs(code - float(v) / scale) for code, v, kept in zip(codes, x, inside) if kept]
    x_hat = np.array([code * scale for code in codes])
    return dict(x_hat=x_hat, error_steps=max(errors, default=0.0), saturated=inside.count(False) / len(inside))


# %% misconception="half-up"
# A value halfway between two codes is always rounded up.
# Remedy: `np.rint` and `np.round` go to the even one.


# %% wrong misconception="half-up" variant=1 loses="x-hat"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    steps = x.astype(np.float64) / scale
    bounded = np.clip(steps, quant_min - zero_point, quant_max - zero_point)
    is_inside = bounded == steps
    codes = np.floor(bounded + 0.5)
    error_steps = float(np.abs(codes - steps)[is_inside].max(initial=0.0))
    x_hat = (codes * scale).astype(np.float32)
    return {"x_hat": x_hat, "error_steps": error_steps, "saturated": float(1 - is_inside.mean())}


# %% wrong misconception="half-up" variant=2 loses="x-hat"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    position = np.float64(x) / scale + zero_point
    codes = np.floor(np.minimum(np.maximum(position, quant_min), quant_max) + 0.5)
    outside = (position < quant_min) | (position > quant_max)
    errors = np.abs(codes - position)[~outside]
    x_hat = np.float32((codes - zero_point) * scale)
    return {"x_hat": x_hat, "error_steps": float(max(errors, default=0)), "saturated": float(outside.mean())}


# %% right style="one value at a time"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    x_hat, worst, outside = np.empty_like(x), 0.0, 0
    for place, value in enumerate(x.tolist()):
        position = value / scale + zero_point
        code = min(quant_max, max(quant_min, round(value / scale) + zero_point))
        x_hat[place] = (code - zero_point) * scale
        if quant_min <= position <= quant_max:
            worst = max(worst, abs(position - code))
        else:
            outside += 1
    return {"x_hat": x_hat, "error_steps": worst, "saturated": outside / x.size}


# %% right style="in units of a step, with torch"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    import torch

    steps = torch.tensor(x).double() / scale
    bounded = steps.clamp(quant_min - zero_point, quant_max - zero_point)
    inside = steps == bounded
    errors = (bounded.round() - steps).abs() * inside
    return {
        "x_hat": (bounded.round() * scale).float().numpy(),
        "error_steps": errors.max().item(),
        "saturated": 1 - inside.double().mean().item(),
    }


# %% right style="torch's own round trip"
def round_trip_report(x, scale, zero_point, quant_min, quant_max):
    import torch

    given = torch.from_numpy(x)
    x_hat = torch.fake_quantize_per_tensor_affine(given, scale, zero_point, quant_min, quant_max)
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    inside = (given >= low) & (given <= high)
    errors = (x_hat - given).abs()[inside] / scale
    return {
        "x_hat": x_hat.numpy(),
        "error_steps": float(errors.max()) if len(errors) else 0.0,
        "saturated": 1 - float(inside.double().mean()),
    }
