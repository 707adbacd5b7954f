# %% misconception="higher-of-the-two"
# The higher of the two ceilings is taken; the lower one bounds.
# Remedy: Take the minimum of peak and intensity × bandwidth.

# %% wrong misconception="higher-of-the-two" variant=1 loses="memory,compute,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    attainable = max(peak, intensity * bandwidth)
    return {
        "attainable": attainable,
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": flops / seconds / peak,
        "of_attainable": flops / seconds / attainable,
    }


# %% wrong misconception="higher-of-the-two" variant=2 loses="memory,compute,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    computing, moving = flops / peak, traffic_bytes / bandwidth
    bound = "compute" if computing >= moving else "memory"
    quicker = min(computing, moving)
    return dict(attainable=flops / quicker, bound=bound, of_peak=computing / seconds, of_attainable=quicker / seconds)


# %% misconception="times-added"
# The times of computing and of moving are added; the roofline lets them overlap.
# Remedy: Take the minimum of peak and intensity × bandwidth.


# %% wrong misconception="times-added" variant=1 loses="memory,compute,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    attainable = flops / (flops / peak + traffic_bytes / bandwidth)
    return {
        "attainable": attainable,
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": flops / seconds / peak,
        "of_attainable": flops / seconds / attainable,
    }


# %% wrong misconception="times-added" variant=2 loses="memory,compute,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    fed = flops / traffic_bytes * bandwidth
    together = 1 / (1 / peak + 1 / fed)
    achieved = flops / seconds
    report = {"attainable": together, "of_peak": achieved / peak, "of_attainable": achieved / together}
    return report | {"bound": "compute" if fed >= peak else "memory"}


# %% misconception="bytes-per-flop"
# The intensity is upside down: bytes for each FLOP.
# Remedy: Divide the FLOPs by the bytes.


# %% wrong misconception="bytes-per-flop" variant=1 loses="memory,compute,bound,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = traffic_bytes / flops
    attainable = min(peak, intensity * bandwidth)
    return {
        "attainable": attainable,
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": flops / seconds / peak,
        "of_attainable": flops / seconds / attainable,
    }


# %% wrong misconception="bytes-per-flop" variant=2 loses="memory,compute,bound,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    fed = bandwidth * traffic_bytes / flops
    roof, bound = (peak, "compute") if fed >= peak else (fed, "memory")
    achieved = flops / seconds
    return {"attainable": roof, "bound": bound, "of_peak": achieved / peak, "of_attainable": achieved / roof}


# %% misconception="bound-swapped"
# The sides of the ridge are swapped: at low intensity memory is what an operation waits for.
# Remedy: Below an intensity of peak / bandwidth the bound is memory.


# %% wrong misconception="bound-swapped" variant=1 loses="bound"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    attainable = min(peak, intensity * bandwidth)
    return {
        "attainable": attainable,
        "bound": "compute" if intensity < peak / bandwidth else "memory",
        "of_peak": flops / seconds / peak,
        "of_attainable": flops / seconds / attainable,
    }


# %% wrong misconception="bound-swapped" variant=2 loses="bound"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    computing, moving = flops / peak, traffic_bytes / bandwidth
    least = max(computing, moving)
    bound = ("memory", "compute")[moving > computing]
    return dict(attainable=flops / least, bound=bound, of_peak=computing / seconds, of_attainable=least / seconds)


# %% misconception="bound-for-achieved"
# `of_peak` holds the attainable FLOP/s over the peak; what was achieved takes no part in it.
# Remedy: Achieved FLOP/s are `flops / seconds`; divide these by the peak.


# %% wrong misconception="bound-for-achieved" variant=1 loses="of-peak"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    attainable = min(peak, intensity * bandwidth)
    return {
        "attainable": attainable,
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": attainable / peak,
        "of_attainable": flops / seconds / attainable,
    }


# %% wrong misconception="bound-for-achieved" variant=2 loses="of-peak"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    ridge = peak / bandwidth
    place = flops / traffic_bytes / ridge  # 1 on the ridge
    of_peak = min(1.0, place)
    bound = "compute" if place >= 1 else "memory"
    roof = of_peak * peak
    return {"attainable": roof, "bound": bound, "of_peak": of_peak, "of_attainable": flops / (seconds * roof)}


# %% decoy misconception="bound-for-achieved" loses="of-peak,of-attainable"
# Both fractions are of the wrong ceiling: that of memory for the peak, and the peak for what is attainable.
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    return {
        "attainable": min(peak, intensity * bandwidth),
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": flops / seconds / (intensity * bandwidth),
        "of_attainable": flops / seconds / peak,
    }


# %% misconception="peak-for-attainable"
# The achieved rate is held against the peak, which memory puts out of reach.
# Remedy: Divide by the attainable FLOP/s for `of_attainable`.


# %% wrong misconception="peak-for-attainable" variant=1 loses="of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    return {
        "attainable": min(peak, intensity * bandwidth),
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": flops / seconds / peak,
        "of_attainable": flops / seconds / peak,
    }


# %% wrong misconception="peak-for-attainable" variant=2 loses="of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    fed = bandwidth / traffic_bytes * flops
    report = dict.fromkeys(("of_peak", "of_attainable"), flops / (peak * seconds))
    if fed < peak:
        return report | {"attainable": fed, "bound": "memory"}
    return report | {"attainable": peak, "bound": "compute"}


# %% misconception="memory-for-attainable"
# `of_attainable` is held against what memory feeds, also where the peak is the lower ceiling.
# Remedy: Divide by the lower of the two: `min(peak, intensity * bandwidth)`.


# %% wrong misconception="memory-for-attainable" variant=1 loses="of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    return {
        "attainable": min(peak, intensity * bandwidth),
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": flops / seconds / peak,
        "of_attainable": flops / seconds / (intensity * bandwidth),
    }


# %% wrong misconception="memory-for-attainable" variant=2 loses="of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    computing, moving = flops / peak, traffic_bytes / bandwidth
    report = {"attainable": flops / max(computing, moving), "bound": "memory" if moving > computing else "compute"}
    return report | {"of_peak": computing / seconds, "of_attainable": moving / seconds}


# %% misconception="per-cent"
# The fractions are given in per cent.
# Remedy: Leave out the factor of 100; a fraction of 1 is all that can be had.


# %% wrong misconception="per-cent" variant=1 loses="of-peak,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    intensity = flops / traffic_bytes
    attainable = min(peak, intensity * bandwidth)
    return {
        "attainable": attainable,
        "bound": "memory" if intensity < peak / bandwidth else "compute",
        "of_peak": 100 * flops / seconds / peak,
        "of_attainable": 100 * flops / seconds / attainable,
    }


# %% wrong misconception="per-cent" variant=2 loses="of-peak,of-attainable"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    computing, moving = flops / peak, traffic_bytes / bandwidth
    least = max(computing, moving)
    per_cent = {"of_peak": computing / seconds * 100, "of_attainable": least / seconds * 100}
    return {"attainable": flops / least, "bound": "memory" if moving > computing else "compute", **per_cent}


# %% right style="times"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    computing, moving = flops / peak, traffic_bytes / bandwidth
    least = max(computing, moving)
    bound = "memory" if moving > computing else "compute"
    return dict(attainable=flops / least, bound=bound, of_peak=computing / seconds, of_attainable=least / seconds)


# %% right style="two branches"
def roofline(flops, traffic_bytes, seconds, peak, bandwidth):
    fed = bandwidth * flops / traffic_bytes
    achieved = flops / seconds
    if fed < peak:
        return {"attainable": fed, "bound": "memory", "of_peak": achieved / peak, "of_attainable": achieved / fed}
    return {"attainable": peak, "bound": "compute", "of_peak": achieved / peak, "of_attainable": achieved / peak}
