# %% misconception="no-warm-up"
# No call is made for the warm-up; the first ones pay for allocation, caches and compilation.
# Remedy: Make `warmup` calls before the clock is read for the first time.

# %% wrong misconception="no-warm-up" variant=1 loses="warm-up,one-call"
def measure_latency(call, clock, warmup, repeats):
    samples_ms = []
    for _ in range(repeats):
        start = clock()
        call()
        samples_ms.append((clock() - start) * 1000)
    return {"median_ms": float(np.median(samples_ms)), "p95_ms": float(np.percentile(samples_ms, 95))}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% wrong misconception="no-warm-up" variant=2 loses="warm-up,one-call"
def latency_on_fake_machine(costs_s, warmup, repeats):
    machine = FakeMachine(costs_s)
    readings = [machine.clock()]
    while len(readings) <= repeats:
        machine.call()
        readings.append(machine.clock())
    samples_ms = np.diff(readings) * 1e3
    middle, high = np.quantile(samples_ms, [0.5, 0.95])
    return {"median_ms": float(middle), "p95_ms": float(high)}


# %% misconception="warm-up-timed"
# The calls of the warm-up are among the samples.
# Remedy: Time only the calls that come after the first `warmup`.


# %% wrong misconception="warm-up-timed" variant=1 loses="warm-up,one-call"
def measure_latency(call, clock, warmup, repeats):
    samples_ms = []
    for _ in range(warmup + repeats):
        start = clock()
        call()
        samples_ms.append((clock() - start) * 1000)
    return {"median_ms": float(np.median(samples_ms)), "p95_ms": float(np.percentile(samples_ms, 95))}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% wrong misconception="warm-up-timed" variant=2 loses="warm-up,one-call"
def measure_latency(call, clock, warmup, repeats):
    readings = [clock()]
    for _ in (*range(warmup), *range(repeats)):
        call()
        readings.append(clock())
    median, p95 = np.quantile(1000 * np.diff(readings), (0.5, 0.95)).tolist()
    return dict(median_ms=median, p95_ms=p95)


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% misconception="mean-for-median"
# The mean is reported as the median; a single slow call moves it.
# Remedy: Take the middle sample.


# %% wrong misconception="mean-for-median" variant=1 loses="median"
def measure_latency(call, clock, warmup, repeats):
    for _ in range(warmup):
        call()
    samples_ms = []
    for _ in range(repeats):
        start = clock()
        call()
        samples_ms.append((clock() - start) * 1000)
    return {"median_ms": float(np.mean(samples_ms)), "p95_ms": float(np.percentile(samples_ms, 95))}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% wrong misconception="mean-for-median" variant=2 loses="median"
def one_call(call, clock):
    before = clock()
    call()
    return 1000 * (clock() - before)


def measure_latency(call, clock, warmup, repeats):
    samples = [one_call(call, clock) for _ in range(warmup + repeats)][warmup:]
    return dict(median_ms=sum(samples) / len(samples), p95_ms=float(np.quantile(samples, 0.95)))


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% misconception="seconds-for-ms"
# Seconds are reported as milliseconds.
# Remedy: Multiply the differences of the clock by 1000.


# %% wrong misconception="seconds-for-ms" variant=1 loses="median,p95,warm-up,one-call"
def measure_latency(call, clock, warmup, repeats):
    for _ in range(warmup):
        call()
    samples = []
    for _ in range(repeats):
        start = clock()
        call()
        samples.append(clock() - start)
    return {"median_ms": float(np.median(samples)), "p95_ms": float(np.percentile(samples, 95))}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% wrong misconception="seconds-for-ms" variant=2 loses="median,p95,warm-up,one-call"
import statistics


def measure_latency(call, clock, warmup, repeats):
    readings = []
    for number in range(warmup + repeats):
        if number >= warmup:
            readings.append(-clock())
        call()
        if number >= warmup:
            readings[-1] += clock()
    return {"median_ms": statistics.median(readings), "p95_ms": float(np.quantile(readings, 0.95))}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% misconception="slowest-for-p95"
# The slowest call is reported as the 95th percentile.
# Remedy: Use `np.percentile(samples, 95)`.


# %% wrong misconception="slowest-for-p95" variant=1 loses="p95"
def measure_latency(call, clock, warmup, repeats):
    for _ in range(warmup):
        call()
    samples_ms = []
    for _ in range(repeats):
        start = clock()
        call()
        samples_ms.append((clock() - start) * 1000)
    return {"median_ms": float(np.median(samples_ms)), "p95_ms": max(samples_ms)}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% wrong misconception="slowest-for-p95" variant=2 loses="p95"
def measure_latency(call, clock, warmup, repeats):
    [call() for _ in range(warmup)]
    samples_ms = np.empty(repeats)
    for number in range(repeats):
        start = clock()
        call()
        samples_ms[number] = 1000 * (clock() - start)
    ordered = np.sort(samples_ms)
    return {"median_ms": float(np.median(ordered)), "p95_ms": float(ordered[-1])}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% decoy misconception="slowest-for-p95" loses="p95"
# A sample near that rank is taken, and nothing interpolated.
def measure_latency(call, clock, warmup, repeats):
    [call() for _ in range(warmup)]
    samples_ms = np.empty(repeats)
    for number in range(repeats):
        start = clock()
        call()
        samples_ms[number] = 1000 * (clock() - start)
    ordered = np.sort(samples_ms)
    return {"median_ms": float(np.median(ordered)), "p95_ms": float(ordered[int(0.95 * repeats)])}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% misconception="one-block"
# The clock is read around all calls together; only their mean is left, and no spread.
# Remedy: Read the clock before and after each call.


# %% wrong misconception="one-block" variant=1 loses="median,p95,warm-up"
def measure_latency(call, clock, warmup, repeats):
    for _ in range(warmup):
        call()
    start = clock()
    for _ in range(repeats):
        call()
    per_call = (clock() - start) / repeats * 1000
    return {"median_ms": per_call, "p95_ms": per_call}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% wrong misconception="one-block" variant=2 loses="median,p95,warm-up"
def measure_latency(call, clock, warmup, repeats):
    left = warmup
    while left:
        call()
        left -= 1
    begin, made = clock(), 0
    while made < repeats:
        call()
        made += 1
    total_ms = 1e3 * (clock() - begin)
    return dict.fromkeys(("median_ms", "p95_ms"), total_ms / made)


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% misconception="upper-of-two"
# Of an even number of samples two are in the middle, and the slower of them is reported as the median.
# Remedy: Take the mean of the two, as `np.median` does.


# %% wrong misconception="upper-of-two" variant=1 loses="median"
def measure_latency(call, clock, warmup, repeats):
    for _ in range(warmup):
        call()
    samples_ms = []
    for _ in range(repeats):
        start = clock()
        call()
        samples_ms.append((clock() - start) * 1000)
    return {"median_ms": sorted(samples_ms)[repeats // 2], "p95_ms": float(np.percentile(samples_ms, 95))}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% wrong misconception="upper-of-two" variant=2 loses="median"
import statistics


def one_call(call, clock):
    before = clock()
    call()
    return 1000 * (clock() - before)


def measure_latency(call, clock, warmup, repeats):
    samples = [one_call(call, clock) for _ in range(warmup + repeats)][warmup:]
    return dict(median_ms=statistics.median_high(samples), p95_ms=float(np.quantile(samples, 0.95)))


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% decoy misconception="upper-of-two" loses="median"
import statistics


def measure_latency(call, clock, warmup, repeats):
    for _ in range(warmup):
        call()
    samples_ms = []
    for _ in range(repeats):
        start = clock()
        call()
        samples_ms.append((clock() - start) * 1000)
    return {"median_ms": statistics.median_low(samples_ms), "p95_ms": float(np.percentile(samples_ms, 95))}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% right style="percentile by hand"
import statistics


def measure_latency(call, clock, warmup, repeats):
    samples = []
    for number in range(-warmup, repeats):
        before = clock()
        call()
        after = clock()
        if number >= 0:
            samples.append(1000 * (after - before))
    samples.sort()
    place = 0.95 * (repeats - 1)
    low = int(place)
    high = min(low + 1, repeats - 1)
    p95 = samples[low] + (place - low) * (samples[high] - samples[low])
    return {"median_ms": statistics.median(samples), "p95_ms": p95}


latency_on_fake_machine = on_fake_machine(measure_latency)


# %% right style="the library's own measure"
from quizlib import measures


def measure_latency(call, clock, warmup, repeats):
    latency = measures.latency_ms(call, repeats=repeats, warmup=warmup, clock=clock)
    return {"median_ms": latency.median_ms, "p95_ms": latency.p95_ms}


latency_on_fake_machine = on_fake_machine(measure_latency)
