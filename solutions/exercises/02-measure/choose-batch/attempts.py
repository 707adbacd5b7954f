# %% misconception="calls-for-images"
# Calls a second are taken for images a second; each call serves a whole batch.
# Remedy: Multiply the number of calls by the batch size.

# %% wrong misconception="calls-for-images" variant=1 loses="throughput,best"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [len(samples) / sum(samples) for samples in samples_s]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if p95_ms[i] <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% wrong misconception="calls-for-images" variant=2 loses="throughput,best"
def choose_batch(batches, samples_s, limit_ms):
    report = {"throughput": [], "p95_ms": [], "best": 0}
    highest = 0
    for batch, samples in zip(batches, samples_s):
        rate, p95 = 1 / float(np.mean(samples)), float(np.quantile(samples, 0.95)) * 1e3
        report["throughput"].append(rate)
        report["p95_ms"].append(p95)
        if p95 <= limit_ms and rate > highest:
            highest, report["best"] = rate, batch
    return report


# %% misconception="mean-of-rates"
# The rates of the calls are averaged; slow calls then count for too little.
# Remedy: Divide all images by all seconds.


# %% wrong misconception="mean-of-rates" variant=1 loses="throughput"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [float(np.mean([batch / s for s in samples])) for batch, samples in zip(batches, samples_s)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if p95_ms[i] <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% wrong misconception="mean-of-rates" variant=2 loses="throughput"
def choose_batch(batches, samples_s, limit_ms):
    rates, highs, best = [], [], (0.0, 0)
    for batch, samples in zip(batches, samples_s):
        rates.append(sum(batch / sample for sample in samples) / len(samples))
        highs.append(float(np.quantile([1000 * sample for sample in samples], 0.95)))
        if highs[-1] <= limit_ms:
            best = max(best, (rates[-1], batch))
    return dict(throughput=rates, p95_ms=highs, best=best[1])


# %% misconception="limit-on-median"
# The limit is held against the median; it is a promise about nearly every request.
# Remedy: Compare the 95th percentile with the limit.


# %% wrong misconception="limit-on-median" variant=1 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if 1000 * np.median(samples_s[i]) <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% wrong misconception="limit-on-median" variant=2 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    report, fitting = {"throughput": [], "p95_ms": []}, {}
    for batch, samples in zip(batches, samples_s):
        middle, high = np.quantile(samples, [0.5, 0.95]) * 1e3
        rate = batch / (sum(samples) / len(samples))
        report["throughput"].append(rate)
        report["p95_ms"].append(float(high))
        if middle <= limit_ms:
            fitting[rate] = batch
    return report | {"best": fitting[max(fitting)] if fitting else 0}


# %% misconception="limit-on-mean"
# The limit is held against the mean; it is a promise about nearly every request.
# Remedy: Compare the 95th percentile with the limit.


# %% wrong misconception="limit-on-mean" variant=1 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if 1000 * np.mean(samples_s[i]) <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% wrong misconception="limit-on-mean" variant=2 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    report, best, fastest = {"throughput": [], "p95_ms": []}, 0, 0.0
    for batch, samples in zip(batches, samples_s):
        usual_ms = 1e3 * sum(samples) / len(samples)
        report["throughput"].append(1e3 * batch / usual_ms)
        report["p95_ms"].append(float(np.quantile(samples, 0.95) * 1e3))
        if usual_ms <= limit_ms and report["throughput"][-1] > fastest:
            best, fastest = batch, report["throughput"][-1]
    return report | {"best": best}


# %% misconception="limit-ignored"
# The highest throughput is chosen, whatever the latency.
# Remedy: Leave out the batch sizes whose p95 is above the limit first.


# %% wrong misconception="limit-ignored" variant=1 loses="best,none-fits"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    return {"throughput": throughput, "p95_ms": p95_ms, "best": batches[int(np.argmax(throughput))]}


# %% wrong misconception="limit-ignored" variant=2 loses="best,none-fits"
def choose_batch(batches, samples_s, limit_ms):
    p95_ms = (np.quantile(np.array(samples_s), 0.95, axis=1) * 1000).tolist()
    throughput = (np.array(batches) / np.mean(samples_s, axis=1)).tolist()
    _, best = max(zip(throughput, batches))
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% decoy misconception="limit-ignored" loses="best,none-fits"
# The limit is held against the time of one image, a batch's divided by its size; everybody waits for the whole batch.
def choose_batch(batches, samples_s, limit_ms):
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if p95_ms[i] / batches[i] <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% misconception="largest-that-fits"
# The largest batch within the limit is chosen; a batch can be too large to be fast.
# Remedy: Compare throughputs, not batch sizes.


# %% wrong misconception="largest-that-fits" variant=1 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [batch for batch, p95 in zip(batches, p95_ms) if p95 <= limit_ms]
    return {"throughput": throughput, "p95_ms": p95_ms, "best": max(allowed, default=0)}


# %% wrong misconception="largest-that-fits" variant=2 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    report = {"throughput": [], "p95_ms": [], "best": 0}
    for batch, samples in zip(batches, samples_s):
        samples_ms = 1000 * np.array(samples)
        report["throughput"].append(1000 * batch / float(samples_ms.mean()))
        report["p95_ms"].append(float(np.quantile(samples_ms, 0.95)))
        if report["p95_ms"][-1] <= limit_ms and batch > report["best"]:
            report["best"] = batch
    return report


# %% misconception="limit-excluded"
# A p95 exactly at the limit is turned away; the promise is “at most”.
# Remedy: Compare with `<=`.


# %% wrong misconception="limit-excluded" variant=1 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s)]
    p95_ms = [1000 * float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if p95_ms[i] < limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% wrong misconception="limit-excluded" variant=2 loses="best"
def choose_batch(batches, samples_s, limit_ms):
    rates, highs, best = [], [], (0.0, 0)
    for batch, samples in zip(batches, samples_s):
        rates.append(batch / float(np.mean(samples)))
        highs.append(float(np.quantile(samples, 0.95)) * 1e3)
        if highs[-1] >= limit_ms:
            continue
        best = max(best, (rates[-1], batch))
    return dict(throughput=rates, p95_ms=highs, best=best[1])


# %% misconception="percentile-in-seconds"
# The 95th percentiles are in seconds, so that all of them look smaller than a limit in milliseconds.
# Remedy: Multiply the samples by 1000.


# %% wrong misconception="percentile-in-seconds" variant=1 loses="p95,best,none-fits"
def choose_batch(batches, samples_s, limit_ms):
    throughput = [batch * len(samples) / sum(samples) for batch, samples in zip(batches, samples_s)]
    p95_ms = [float(np.percentile(samples, 95)) for samples in samples_s]
    allowed = [i for i in range(len(batches)) if p95_ms[i] <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% wrong misconception="percentile-in-seconds" variant=2 loses="p95,best,none-fits"
def choose_batch(batches, samples_s, limit_ms):
    throughput, p95, best, most = [], [], 0, 0.0
    for batch, samples in zip(batches, samples_s):
        throughput.append(batch / float(np.mean(samples)))
        p95.append(float(np.quantile(samples, 0.95)))
        if p95[-1] <= limit_ms and throughput[-1] > most:
            best, most = batch, throughput[-1]
    return {"throughput": throughput, "p95_ms": p95, "best": best}


# %% misconception="lists-changed"
# The caller's lists are changed on the way: `sort`, `append` and `pop` work in place.
# Remedy: Use `sorted`, which returns a new list, or let `np.percentile` do the sorting.


# %% wrong misconception="lists-changed" variant=1 loses="keeps-input"
def choose_batch(batches, samples_s, limit_ms):
    throughput, p95_ms = [], []
    for batch, samples in zip(batches, samples_s):
        samples.sort()
        throughput.append(batch * len(samples) / sum(samples))
        p95_ms.append(1000 * float(np.percentile(samples, 95)))
    allowed = [i for i in range(len(batches)) if p95_ms[i] <= limit_ms]
    best = batches[max(allowed, key=lambda i: throughput[i])] if allowed else 0
    return {"throughput": throughput, "p95_ms": p95_ms, "best": best}


# %% wrong misconception="lists-changed" variant=1 loses="keeps-input"
def choose_batch(batches, samples_s, limit_ms):
    report, best = {"throughput": [], "p95_ms": []}, (0.0, 0)
    for i, batch in enumerate(batches):
        samples_s[i] = sorted(1000 * sample for sample in samples_s[i])  # in ms
        report["throughput"].append(1000 * batch / float(np.mean(samples_s[i])))
        report["p95_ms"].append(float(np.quantile(samples_s[i], 0.95)))
        if report["p95_ms"][-1] <= limit_ms:
            best = max(best, (report["throughput"][-1], batch))
    return report | {"best": best[1]}


# %% right style="arrays"
def choose_batch(batches, samples_s, limit_ms):
    samples_ms = np.array(samples_s) * 1000  # (batch sizes, calls)
    rates = 1000 * np.array(batches) / samples_ms.mean(axis=1)
    p95_ms = np.percentile(samples_ms, 95, axis=1)
    allowed = np.where(p95_ms <= limit_ms, rates, -1)
    best = batches[int(allowed.argmax())] if (allowed > 0).any() else 0
    return {"throughput": rates.tolist(), "p95_ms": p95_ms.tolist(), "best": best}


# %% right style="the best so far"
def choose_batch(batches, samples_s, limit_ms):
    report, best = {"throughput": [], "p95_ms": []}, (0.0, 0)
    for batch, samples in zip(batches, samples_s):
        ordered = sorted(samples)
        place = 0.95 * (len(ordered) - 1)
        low = int(place)
        high = ordered[min(low + 1, len(ordered) - 1)]
        p95 = 1000 * (ordered[low] + (place - low) * (high - ordered[low]))
        rate = len(samples) * batch / sum(samples)
        report["throughput"].append(rate)
        report["p95_ms"].append(p95)
        if p95 <= limit_ms:
            best = max(best, (rate, batch))
    return {**report, "best": best[1]}
