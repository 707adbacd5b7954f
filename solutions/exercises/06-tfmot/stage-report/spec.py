import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged

from ..common import distinct


def counted(stages):
    """The oracle counts number by number."""
    sparsity, clusters, revived, before = {}, {}, {}, None
    for stage, layers in stages.items():
        numbers = [number for weights in layers.values() for number in weights.ravel().tolist()]
        sparsity[stage] = sum(number == 0 for number in numbers) / len(numbers)
        clusters[stage] = max(len({number + 0.0 for number in weights.ravel().tolist()}) for weights in layers.values())
        gone = [] if before is None else [number for number, was in zip(numbers, before, strict=True) if was == 0]
        revived[stage] = sum(number != 0 for number in gone)
        before = numbers
    return {"sparsity": sparsity, "clusters": clusters, "revived": revived}


def drawn_stages(generator):
    def layers():
        return {"one": distinct(generator, 4, 5, scale=0.1), "two": distinct(generator, 3, 3, scale=0.2)}

    def pruned(stage, counts):
        after = {name: weights.copy() for name, weights in stage.items()}
        for weights, count in zip(after.values(), counts, strict=True):
            weights.flat[generator.permutation(weights.size)[:count]] = 0
        return after

    def clustered(stage, levels):
        return {
            name: np.where(weights == 0, 0, np.sign(weights) * (1 + np.round(np.abs(weights) * 100) % levels)).astype(
                np.float32
            )
            for name, weights in stage.items()
        }

    dense = layers()
    some = pruned(dense, (11, 4))
    revived = {name: weights.copy() for name, weights in some.items()}
    revived["one"][some["one"] == 0] = np.where(np.arange(11) < 6, 0.5 + generator.uniform(0, 1, 11), 0)
    moved = {name: weights[::-1].copy() for name, weights in some.items()}  # as many zeros, in other places
    negative = {name: np.where(weights == 0, np.float32(-0.0), weights) for name, weights in some.items()}
    # small ones and near ones, which are neither zeros nor equal
    faint = {
        "one": (generator.uniform(0.3, 0.9) + distinct(generator, 6, 4, scale=2**-20)).astype(np.float32),
        "two": distinct(generator, 6, 2, scale=1e-10),
    }
    faded = pruned(faint, (7, 5))
    back = {name: weights.copy() for name, weights in faded.items()}
    for name, count in (("one", 3), ("two", 4)):
        places = generator.permutation(np.flatnonzero(faded[name] == 0))[:count]
        back[name].flat[places] = faint[name].flat[places]
    for one in (moved, negative):
        assert all(weights.dtype == np.float32 for weights in one.values())
    negative["one"].flat[int(np.flatnonzero(negative["one"].ravel() == 0)[0])] = 0.0
    return [
        Case("revived", {"dense": dense, "pruned": some}),
        Case("revived", {"pruned": some, "clustered": clustered(some, 3), "trained": revived}),
        Case("revived", {"only": pruned(dense, (1, 8))}),
        Case("revived", {stage: dict(reversed(one.items())) for stage, one in (("dense", dense), ("pruned", some))}),
        Case("revived", {"pruned": faded, "trained": back}),
        Case("moved", {"pruned": some, "moved": moved}),
        Case("signs", {"pruned": negative, "again": some}),
        Case("signs", {"dense": dense, "clustered": clustered(dense, 4), "pruned": some, "trained": revived}),
    ]


A = np.float32([[0.5, 0.0, -0.5], [0.0, 0.25, 0.5]])
B = np.float32([[0.0, 0.0], [1.0, -0.75]])
FIXED = {"one": A, "two": B}
GROWN = {"one": A + np.float32([[0, 0.1, 0], [0, 0, 0]]), "two": B}
MOVED = {"one": A[:, ::-1].copy(), "two": B[::-1].copy()}
SMALL = {"one": np.float32([[0.5, 0.0, 0.5000001], [0.0, 1e-10, 0.5]]), "two": B * np.float32(1e-5)}
BACK = {"one": np.float32([[0.5, 3e-10, 0.5000001], [0.0, 1e-10, 0.5]]), "two": SMALL["two"]}
SIGNED = {"one": np.float32([[0.5, -0.0, -0.5], [0.0, 0.25, 0.5]]), "two": B}

EXERCISE = ExerciseSpec(
    title="What each stage kept",
    response="function",
    setup="""\
import numpy as np

before = {"one": np.array([[0.5, 0.0, -0.5], [0.0, 0.25, 0.5]], dtype=np.float32)}
after = {"one": np.array([[0.5, 0.1, -0.5], [0.0, 0.25, 0.5]], dtype=np.float32)}
""",
    hints=(
        "`np.unique(weights).size` counts different numbers; a zero is one of them.",
        "A weight was revived where it was zero a stage ago and is not zero now: look at places, not at counts.",
    ),
    criteria=(
        matching("sparsity", "The sparsity of all weights together", part="sparsity", rtol=1e-9, atol=1e-12),
        exactly("clusters", "The largest number of different values in a layer", part="clusters"),
        exactly("revived", "How many zeros of the stage before are no longer zero", part="revived", points=2),
        exactly("moved", "Zeros that are in other places now were revived", part="revived"),
        exactly("signs", "A zero with a minus is a zero, and no other value", part="clusters"),
        unchanged("keeps-input", "`stages` stay as given", beside=("clusters", "revived")),
    ),
    reference=counted,
    public=(
        Case("revived", {"pruned": FIXED, "trained": GROWN}),
        Case("revived", {"dense": GROWN, "pruned": FIXED, "trained": GROWN}),
        Case("revived", {"pruned": {"two": B, "one": A}, "trained": {"two": B * 2, "one": GROWN["one"]}}),
        Case("revived", {"pruned": SMALL, "trained": BACK}),
        Case("moved", {"pruned": FIXED, "mirrored": MOVED}),
        Case("moved", {"pruned": FIXED, "trained": GROWN, "mirrored": MOVED}),
        Case("signs", {"pruned": SIGNED, "again": FIXED}),
        Case("signs", {"pruned": SIGNED}),
    ),
    private=drawn_stages,
)
