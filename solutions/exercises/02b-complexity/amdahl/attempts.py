# %% misconception="factor-for-all"
# The layers' factor is taken for the whole model's; the other layers take as long as before.
# Remedy: Divide the old total time by the new total time.

# %% wrong misconception="factor-for-all" variant=1 loses="one-layer,several-layers,overhead"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors) + added_ms
    return {"speedup": max(factors.values()), "limit": before / left}


# %% wrong misconception="factor-for-all" variant=2 loses="one-layer,several-layers,overhead"
def end_to_end(layer_ms, factors, added_ms):
    total = gone = 0.0
    speedup = 1.0
    for layer, duration in layer_ms.items():
        total += duration
        if layer in factors:
            gone += duration
            speedup = factors[layer] if factors[layer] > speedup else speedup
    return dict(speedup=speedup, limit=total / (total - gone + added_ms))


# %% misconception="factors-averaged"
# Factors are averaged by share of time; it is times that add up, not factors.
# Remedy: Add up the new times, and divide the old total by the new one.


# %% wrong misconception="factors-averaged" variant=1 loses="one-layer,several-layers,overhead"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors) + added_ms
    mean = sum(duration * factors.get(layer, 1) for layer, duration in layer_ms.items()) / before
    return {"speedup": mean, "limit": before / left}


# %% wrong misconception="factors-averaged" variant=2 loses="one-layer,several-layers,overhead"
import numpy as np


def end_to_end(layer_ms, factors, added_ms):
    times = np.array(list(layer_ms.values()))
    gains = np.array([factors.get(layer, 1.0) for layer in layer_ms])
    left = times[[layer not in factors for layer in layer_ms]].sum() + added_ms
    return {"speedup": float(np.average(gains, weights=times)), "limit": float(times.sum() / left)}


# %% misconception="upside-down"
# New time over old time: that is what is left, not the speed-up.
# Remedy: Divide the old time by the new one.


# %% wrong misconception="upside-down" variant=1 loses="one-layer,several-layers,overhead,limit"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    after = sum(duration / factors.get(layer, 1) for layer, duration in layer_ms.items()) + added_ms
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors) + added_ms
    return {"speedup": after / before, "limit": left / before}


# %% wrong misconception="upside-down" variant=2 loses="one-layer,several-layers,overhead,limit"
def end_to_end(layer_ms, factors, added_ms):
    total = sum(layer_ms.values())
    shares = {layer: duration / total for layer, duration in layer_ms.items()}
    rest = 1 - sum(shares[layer] for layer in factors) + added_ms / total
    return dict(speedup=rest + sum(shares[layer] / factors[layer] for layer in factors), limit=rest)


# %% wrong misconception="upside-down" variant=1 loses="one-layer,several-layers,overhead"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    after = sum(duration / factors.get(layer, 1) for layer, duration in layer_ms.items()) + added_ms
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors) + added_ms
    return {"speedup": after / before, "limit": before / left}


# %% wrong misconception="upside-down" variant=2 loses="one-layer,several-layers,overhead"
def end_to_end(layer_ms, factors, added_ms):
    total = left = new = 0.0
    for layer, duration in layer_ms.items():
        total += duration
        new += duration / factors[layer] if layer in factors else duration
        left += 0.0 if layer in factors else duration
    return dict(speedup=(new + added_ms) / total, limit=total / (left + added_ms))


# %% misconception="overhead-forgotten"
# The conversions into and out of the quantized layers are not counted, or not in the limit.
# Remedy: Add `added_ms` to the new time, and to the time that is left in the limit.


# %% wrong misconception="overhead-forgotten" variant=1 loses="overhead,limit"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    after = sum(duration / factors.get(layer, 1) for layer, duration in layer_ms.items())
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors)
    return {"speedup": before / after, "limit": before / left}


# %% wrong misconception="overhead-forgotten" variant=1 loses="overhead,limit"
def end_to_end(layer_ms, factors, added_ms):
    total = sum(layer_ms.values())
    share = {layer: layer_ms[layer] / total for layer in factors}
    serial = 1 - sum(share.values())
    return dict(speedup=1 / (serial + sum(share[layer] / factors[layer] for layer in factors)), limit=1 / serial)


# %% wrong misconception="overhead-forgotten" variant=1 loses="limit"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    after = sum(duration / factors.get(layer, 1) for layer, duration in layer_ms.items()) + added_ms
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors)
    return {"speedup": before / after, "limit": before / left}


# %% wrong misconception="overhead-forgotten" variant=1 loses="limit"
def end_to_end(layer_ms, factors, added_ms):
    total = sum(layer_ms.values())
    share = {layer: layer_ms[layer] / total for layer in factors}
    serial = 1 - sum(share.values())
    new = serial + sum(share[layer] / factors[layer] for layer in factors) + added_ms / total
    return dict(speedup=1 / new, limit=1 / serial)


# %% misconception="limit-from-wrong-share"
# The limit is taken from the share that gets faster; what stays behind is what limits.
# Remedy: Divide the old time by the time that is left when the faster layers take none.


# %% wrong misconception="limit-from-wrong-share" variant=1 loses="limit"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    after = sum(duration / factors.get(layer, 1) for layer, duration in layer_ms.items()) + added_ms
    return {"speedup": before / after, "limit": before / sum(layer_ms[layer] for layer in factors)}


# %% wrong misconception="limit-from-wrong-share" variant=2 loses="limit"
def end_to_end(layer_ms, factors, added_ms):
    new = dict(layer_ms)
    for layer, factor in factors.items():
        new[layer] = new[layer] / factor
    total = sum(layer_ms.values())
    share = sum(layer_ms[layer] / total for layer in factors)
    return {"speedup": total / (sum(new.values()) + added_ms), "limit": 1 / share}


# %% misconception="dicts-changed"
# One of the caller's dicts is changed on the way.
# Remedy: Put new times into a dict or a sum of your own.


# %% wrong misconception="dicts-changed" variant=1 loses="keeps-input"
def end_to_end(layer_ms, factors, added_ms):
    before = sum(layer_ms.values())
    left = sum(duration for layer, duration in layer_ms.items() if layer not in factors) + added_ms
    for layer, factor in factors.items():
        layer_ms[layer] /= factor
    return {"speedup": before / (sum(layer_ms.values()) + added_ms), "limit": before / left}


# %% wrong misconception="dicts-changed" variant=2 loses="keeps-input"
def end_to_end(layer_ms, factors, added_ms):
    total, new, serial = sum(layer_ms.values()), added_ms, added_ms
    while layer_ms:
        layer, duration = layer_ms.popitem()
        new += duration / factors.get(layer, 1)
        serial += 0 if layer in factors else duration
    return dict(speedup=total / new, limit=total / serial)


# %% right style="shares"
def end_to_end(layer_ms, factors, added_ms):
    total = sum(layer_ms.values())
    share = {layer: layer_ms[layer] / total for layer in factors}
    serial = 1 - sum(share.values()) + added_ms / total
    return dict(speedup=1 / (serial + sum(share[layer] / factors[layer] for layer in factors)), limit=1 / serial)


# %% right style="time that is saved"
def end_to_end(layer_ms, factors, added_ms):
    total = faster = saved = 0.0
    for layer, duration in layer_ms.items():
        total += duration
        if layer in factors:
            faster += duration
            saved += duration - duration / factors[layer]
    return {"speedup": total / (total - saved + added_ms), "limit": total / (total - faster + added_ms)}
