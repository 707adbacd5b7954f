# %% misconception="mean-of-layers"
# The sparsities of the layers were averaged; a small layer then counts as much as a large one.
# Remedy: Count the zeros of all layers together, and divide by all weights.


# %% wrong misconception="mean-of-layers" variant=1 loses="sparsity"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float(np.mean([(weights == 0).mean() for weights in layers.values()]))
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% wrong misconception="mean-of-layers" variant=2 loses="sparsity"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = sum(
            1 - np.count_nonzero(weights) / weights.size for weights in layers.values()
        ) / len(layers)
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% misconception="clusters-of-the-model"
# The different numbers of all layers were counted together; each layer has clusters of its own.
# Remedy: Count in each layer, and take the largest.


# %% wrong misconception="clusters-of-the-model" variant=1 loses="clusters,signs"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = int(np.unique(flat).size)
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% wrong misconception="clusters-of-the-model" variant=2 loses="clusters,signs"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = len({float(number) for weights in layers.values() for number in weights.flat})
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% misconception="zero-left-out"
# Zero was not counted as a value; a cluster at zero is a cluster.
# Remedy: Count all different numbers of a layer, zero among them.


# %% wrong misconception="zero-left-out" variant=1 loses="clusters,signs"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights[weights != 0]).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% wrong misconception="zero-left-out" variant=2 loses="clusters,signs"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(len(set(weights.ravel().tolist()) - {0.0}) for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% misconception="counts-compared"
# Numbers of zeros were compared; zeros that went to other places were overlooked.
# Remedy: Compare place by place: `(before == 0) & (now != 0)`.


# %% wrong misconception="counts-compared" variant=1 loses="moved"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else max(int((before == 0).sum() - (flat == 0).sum()), 0)
        before = flat
    return report


# %% wrong misconception="counts-compared" variant=2 loses="moved"
def stage_report(stages):
    report, last = {"sparsity": {}, "clusters": {}, "revived": {}}, 0
    for stage, layers in stages.items():
        zeros = sum(int((weights == 0).sum()) for weights in layers.values())
        report["sparsity"][stage] = zeros / sum(weights.size for weights in layers.values())
        report["clusters"][stage] = max(len(np.unique(weights)) for weights in layers.values())
        report["revived"][stage] = last - zeros if last > zeros else 0
        last = zeros
    return report


# %% misconception="against-the-first"
# Each stage was compared with the first one; it is compared with the stage before it.
# Remedy: Keep the weights of the last stage, and replace them in each round.


# %% wrong misconception="against-the-first" variant=1 loses="revived"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat if before is None else before
    return report


# %% wrong misconception="against-the-first" variant=2 loses="revived"
def stage_report(stages):
    def flat(layers):
        return np.concatenate([weights.ravel() for weights in layers.values()])

    first = flat(next(iter(stages.values())))
    return {
        "sparsity": {stage: float((flat(layers) == 0).mean()) for stage, layers in stages.items()},
        "clusters": {
            stage: max(len(np.unique(weights)) for weights in layers.values()) for stage, layers in stages.items()
        },
        "revived": {stage: int(np.sum((first == 0) & (flat(layers) != 0))) for stage, layers in stages.items()},
    }


# %% misconception="changes-counted"
# All weights that changed were counted; asked for are those that were zero.
# Remedy: Count where the stage before has a zero and this one has none.


# %% wrong misconception="changes-counted" variant=1 loses="revived,moved"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int((before != flat).sum())
        before = flat
    return report


# %% wrong misconception="changes-counted" variant=2 loses="revived,moved"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(np.count_nonzero(flat - before))
        before = flat
    return report


# %% misconception="rounded-first"
# Numbers were rounded before they were compared: small weights became zeros, and near ones one value.
# Remedy: Compare the numbers as they are; a zero is 0, and no small number.


# %% wrong misconception="rounded-first" variant=1 loses="sparsity,clusters,revived"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        layers = {name: np.round(weights, 4) for name, weights in layers.items()}
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% wrong misconception="rounded-first" variant=2 loses="sparsity,clusters,revived"
def stage_report(stages):
    report, last = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        numbers = [[float(f"{number:.3f}") for number in weights.ravel()] for weights in layers.values()]
        zeros = [number == 0 for layer in numbers for number in layer]
        report["sparsity"][stage] = sum(zeros) / len(zeros)
        report["clusters"][stage] = max(len(set(layer)) for layer in numbers)
        report["revived"][stage] = sum(was and not now for was, now in zip(last or zeros, zeros))
        last = zeros
    return report


# %% misconception="near-is-zero"
# Small weights were taken for zeros, as `np.isclose` does; a weight of 1e-10 is none.
# Remedy: Compare with `== 0`.


# %% wrong misconception="near-is-zero" variant=1 loses="sparsity,revived"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        zero = np.isclose(np.concatenate([weights.ravel() for weights in layers.values()]), 0)
        report["sparsity"][stage] = float(zero.mean())
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int((before & ~zero).sum())
        before = zero
    return report


# %% misconception="bits-compared"
# A zero with a minus was taken for another number than zero.
# Remedy: Compare numbers, not their bits or their text.


# %% wrong misconception="bits-compared" variant=1 loses="signs,clusters"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights.view(np.int32)).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% wrong misconception="bits-compared" variant=2 loses="signs,clusters"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage, layers in stages.items():
        flat = np.concatenate([weights.ravel() for weights in layers.values()])
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(len({str(number) for number in weights.ravel()}) for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
    return report


# %% misconception="stages-changed"
# `stages` were changed.
# Remedy: Make new arrays.


# %% wrong misconception="stages-changed" variant=1 loses="keeps-input"
def stage_report(stages):
    report, before = {"sparsity": {}, "clusters": {}, "revived": {}}, None
    for stage in list(stages):
        stages[stage] = dict(stages[stage])
        layers = stages[stage]
        for name in list(layers):
            layers[name] = layers[name].ravel()
        flat = np.concatenate(list(layers.values()))
        report["sparsity"][stage] = float((flat == 0).mean())
        report["clusters"][stage] = max(np.unique(weights).size for weights in layers.values())
        report["revived"][stage] = 0 if before is None else int(((before == 0) & (flat != 0)).sum())
        before = flat
        layers["seen"] = flat
    return report


# %% right style="layer by layer"
def stage_report(stages):
    report = {"sparsity": {}, "clusters": {}, "revived": {}}
    names = list(stages)
    for place, stage in enumerate(names):
        layers = stages[stage]
        zeros = sum(int(np.sum(weights == 0)) for weights in layers.values())
        report["sparsity"][stage] = zeros / sum(weights.size for weights in layers.values())
        report["clusters"][stage] = max(len(set(weights.flatten().tolist())) for weights in layers.values())
        was = stages[names[place - 1]] if place else {}
        report["revived"][stage] = sum(int(np.sum(layers[name][was[name] == 0] != 0)) for name in was)
    return report


# %% right style="masks kept between stages"
def stage_report(stages):
    sparsity, clusters, revived, zero = {}, {}, {}, None
    for stage, layers in stages.items():
        now = np.hstack([weights.reshape(-1) == 0 for weights in layers.values()])
        sparsity[stage] = float(np.count_nonzero(now)) / now.size
        clusters[stage] = int(max(len(np.unique(weights)) for weights in layers.values()))
        revived[stage] = 0 if zero is None else int(np.count_nonzero(zero & ~now))
        zero = now
    return {"sparsity": sparsity, "clusters": clusters, "revived": revived}
