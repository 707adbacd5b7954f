import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def planned_layers(scan, sizes, bound, budget):
    """The oracle goes down from the highest sparsity until a layer keeps the bound."""
    plan, total = {}, 0
    for name, curve in scan.items():
        plan[name] = 0.0
        for share, accuracy in sorted(curve, reverse=True):
            if accuracy >= bound:
                plan[name] = share
                break
        gone = round(plan[name] * sizes[name])
        total += 4 * (sizes[name] - gone) + -(-sizes[name] // 8)
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


NAMES = ("stem", "body", "head")


def _curve(generator, limit, bound):
    """Pairs in no order: up to `limit` the accuracy is at or above the bound, beyond it below."""
    shares = [round(0.1 * tenth + float(generator.uniform(0.0, 0.09)), 3) for tenth in (3, 4, 5, 6, 7, 8)]
    pairs = [
        (share, round(bound + float(generator.uniform(0.001, 0.01)) if at < limit else bound - 0.003 * (at + 1), 4))
        for at, share in enumerate(shares)
    ]
    return [pairs[at] for at in generator.permutation(len(pairs))]


def _sizes(generator):
    """Sizes of which one fills whole bytes of a mask, and the half of another is one over an even number."""
    counts = generator.integers(40, 400, 3) * 8 + np.array([3, 0, 1])
    return {name: int(size) for name, size in zip(NAMES, counts, strict=True)}


def _replaced(curve, share, accuracy, *, share_now=None):
    """Return a curve in which the entry of one sparsity has another accuracy, and another sparsity if there is one."""
    return [(share_now or one, accuracy) if one == share else (one, found) for one, found in curve]


def _case(generator, behaviour, limits, spare, *, exact=False, dip=False, tie=False):
    bound = round(float(generator.uniform(0.9, 0.97)), 3)
    scan = {name: _curve(generator, limit, bound) for name, limit in zip(NAMES, limits, strict=True)}
    shares = {name: sorted(share for share, _ in curve) for name, curve in scan.items()}
    if exact:
        scan["body"] = _replaced(scan["body"], shares["body"][-1], bound)
    if dip:
        scan["head"] = _replaced(scan["head"], shares["head"][0], round(bound - 0.01, 4))
    if tie:
        scan["head"] = _replaced(scan["head"], shares["head"][2], round(bound + 0.004, 4), share_now=0.5)
    sizes = _sizes(generator)
    budget = planned_layers(scan, sizes, bound, 0)["bytes"] + spare
    return Case(behaviour, scan, sizes, bound, budget)


def _bytes(generator, half):
    """One sparsity a layer, or none: nothing is to be chosen; the half of a layer lies between two counts."""
    sizes = _sizes(generator)
    shares = [round(float(share), 3) for share in generator.uniform(0.3, 0.9, 3)]
    scan = {name: [(share, 0.95)] for name, share in zip(NAMES, shares, strict=True)}
    scan["head"] = [(0.5, 0.96)] if half else [(shares[2], 0.5)]
    return Case("bytes", scan, sizes, 0.9, int(generator.integers(100, 900)))


def drawn_scans(generator):
    return [
        _case(generator, "highest", (2, 5, 3), 40, tie=True),
        _case(generator, "highest", (4, 1, 6), -40),
        _case(generator, "highest", (3, 4, 5), 9, dip=True),
        _case(generator, "bound", (3, 5, 4), 30, exact=True),
        _case(generator, "none-keeps-it", (2, 0, 3), 25),
        _case(generator, "none-keeps-it", (0, 0, 0), -30),
        *(_bytes(generator, half) for half in (False, True)),
        _case(generator, "budget", (2, 5, 3), 0),
        _case(generator, "budget", (4, 3, 5), -1),
        _case(generator, "budget", (1, 2, 6), 1),
    ]


SCAN = {
    "stem": [(0.5, 0.97), (0.7, 0.96), (0.9, 0.80)],
    "head": [(0.5, 0.95), (0.7, 0.90), (0.9, 0.60)],
}
SIZES = {"stem": 100, "head": 61}
MIXED = {
    "stem": [(0.8, 0.93), (0.3, 0.99), (0.55, 0.96)],
    "body": [(0.6, 0.91), (0.9, 0.94), (0.3, 0.95)],
    "head": [(0.4, 0.93), (0.2, 0.92)],
}
MIXED_SIZES = {"stem": 41, "body": 200, "head": 19}

EXERCISE = ExerciseSpec(
    title="A plan under two bounds",
    response="function",
    name="plan_layers",
    setup="""\
scan = {  # what each layer alone was pruned by, and the accuracy on validation data
    "stem": [(0.5, 0.97), (0.7, 0.96), (0.9, 0.80)],
    "head": [(0.5, 0.95), (0.7, 0.90), (0.9, 0.60)],
}
sizes = {"stem": 100, "head": 61}
""",
    hints=(
        "Which entries of a layer keep the bound? `max` has a `default` for the case that there is none.",
        "How many whole bytes do 8 bits take, and how many do 9?",
    ),
    criteria=(
        exactly("highest", "Each layer has the highest sparsity that keeps the bound", points=2, part="sparsities"),
        exactly("bound", "An accuracy equal to the bound keeps it", part="sparsities", beside=("highest",)),
        exactly("none-keeps-it", "0.0 where no sparsity keeps the bound", part="sparsities", beside=("highest",)),
        exactly("bytes", "Bytes of the weights that are left, and of the masks", part="bytes", dtype=True),
        exactly("budget", "Bytes equal to the budget fit", part="fits", beside=("highest", "bytes")),
        unchanged("keeps-input", "Leaves what it was given as it was", beside=("highest",)),
    ),
    reference=planned_layers,
    public=(
        Case("highest", SCAN, SIZES, 0.95, 275),
        Case("highest", MIXED, MIXED_SIZES, 0.92, 200),
        Case("bound", MIXED, MIXED_SIZES, 0.94, 270),
        Case("none-keeps-it", SCAN, SIZES, 0.96, 260),
        Case("none-keeps-it", SCAN, SIZES, 0.98, 500),
        Case("bytes", {"a": [(0.7, 0.9)]}, {"a": 98}, 0.85, 500),
        Case(
            "bytes", {"a": [(0.5, 0.9)], "b": [(0.5, 0.95)], "c": [(0.25, 0.8)]}, {"a": 61, "b": 25, "c": 16}, 0.85, 90
        ),
        Case("budget", SCAN, SIZES, 0.95, 266),
        Case("budget", SCAN, SIZES, 0.95, 265),
        Case("budget", SCAN, SIZES, 0.95, 264),
    ),
    private=drawn_scans,
)
