import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly


def smallest_fitting(candidates, device):
    """The oracle drops what does not fit, one reason after the other."""
    left = list(candidates)
    if not device["floats"]:
        left = [
            one for one in left if all(kind in ("int8", "int16", "int32", "int64", "uint8") for kind in one["types"])
        ]
    if not device["examples"]:
        left = [one for one in left if one["calibrated"] is False]
    left = [one for one in left if one["bytes"] <= device["max_bytes"] and one["accuracy"] >= device["min_accuracy"]]
    best = None
    for one in left:
        better = best is None or one["bytes"] < best["bytes"]
        if better or (one["bytes"] == best["bytes"] and one["accuracy"] > best["accuracy"]):
            best = one
    return None if best is None else best["name"]


INTEGERS, MIXED, HALF = ["int8", "int32"], ["float32", "int8"], ["float16", "int8"]


def entry(name, size, accuracy, types=INTEGERS, calibrated=True):
    return {"name": name, "bytes": size, "accuracy": accuracy, "types": list(types), "calibrated": calibrated}


def on(*, floats=True, examples=True, max_bytes=200_000, min_accuracy=0.5):
    return {"floats": floats, "examples": examples, "max_bytes": max_bytes, "min_accuracy": min_accuracy}


def cases(generator):
    size = int(generator.integers(20_000, 60_000))
    more = sorted(int(one) for one in generator.permutation(np.arange(100, 9000))[:3])
    a, b, c = (size + one for one in more)
    low, middle, high = (round(float(one), 4) for one in (generator.uniform(lo, lo + 0.05) for lo in (0.71, 0.8, 0.9)))
    sorted_out = [entry("q", b, high), entry("r", a, middle, MIXED, False), entry("s", c, low, INTEGERS, False)]
    found = [
        Case("smallest", [entry("x", c, high), entry("y", a, middle), entry("z", b, low)], on()),
        Case("smallest", [entry("x", a, low), entry("y", c, high)], on(min_accuracy=0.6)),
        Case("no-floats", sorted_out, on(floats=False)),
        Case("no-floats", [entry("h", a, high, HALF), entry("i", c, low)], on(floats=False)),
        Case("no-floats", [entry("h", a, high, ["int8", "float32"]), entry("i", c, low)], on(floats=False)),
        Case("no-floats", [entry("m", a, high, ["int16", "int8", "int64"]), entry("n", c, low)], on(floats=False)),
        Case("no-floats", [entry("h", a, high, MIXED), entry("i", c, low)], on(floats=True)),
        Case("no-examples", [entry("u", a, high), entry("v", b, low, MIXED, False)], on(examples=False)),
        Case("no-examples", [entry("u", a, high), entry("v", b, low, MIXED, False)], on(examples=True)),
        Case("no-examples", [entry("u", b, low), entry("v", a, high, MIXED, False)], on(examples=True)),
        Case("bounds", [entry("j", a, low), entry("k", b, middle)], on(min_accuracy=middle)),
        Case(
            "bounds",
            [entry("j", c, high), entry("k", b, high), entry("l", a, low)],
            on(max_bytes=b, min_accuracy=middle),
        ),
        Case("ties", [entry("d", a, low), entry("e", a, high), entry("f", a, middle)], on()),
        Case("ties", [entry("g", b, high), entry("d", a, middle), entry("e", a, middle)], on()),
        Case("none", sorted_out, on(max_bytes=size)),
        Case("none", [], on()),
        Case("none", [entry("w", a, high)], on(examples=False)),
        Case("none", [entry("w", a, low, MIXED)], on(floats=False)),
    ]
    return [renamed(case, f"-{generator.integers(100, 1000)}") for case in found]


def renamed(case, end):
    """Return a case whose candidates have other names, in the same order of the alphabet: a name tells no place."""
    candidates, device = case.arguments
    return Case(case.behaviour, [{**one, "name": one["name"] + end} for one in candidates], device)


EXERCISE = ExerciseSpec(
    title="A file for the device",
    response="function",
    setup="""\
candidates = [
    {
        "name": "float32", "bytes": 205_220, "accuracy": 0.967,
        "types": ["float32"], "calibrated": False,
    },
    {
        "name": "float16", "bytes": 104_480, "accuracy": 0.967,
        "types": ["float16", "float32"], "calibrated": False,
    },
    {
        "name": "dynamic", "bytes": 58_768, "accuracy": 0.967,
        "types": ["float32", "int8"], "calibrated": False,
    },
    {
        "name": "int8", "bytes": 63_672, "accuracy": 0.967,
        "types": ["int8", "int32"], "calibrated": True,
    },
    {
        "name": "16x8", "bytes": 68_584, "accuracy": 0.967,
        "types": ["int8", "int16", "int64"], "calibrated": True,
    },
]
""",
    hints=(
        "Keep the candidates that fit first, then take the smallest of them.",
        "`min(…, key=lambda one: (one['bytes'], -one['accuracy']))` takes the first of what is equal in both.",
        "`min` of an empty list raises an error, unless it is told a `default`.",
    ),
    criteria=(
        exactly("smallest", "The smallest of those that fit"),
        exactly("no-floats", "Without floats no type of the file is one, whichever tensor has it", points=2),
        exactly("no-examples", "Without examples nothing that had to be calibrated, with them anything"),
        exactly("bounds", "Both bounds may be met exactly"),
        exactly("ties", "Of equally small ones the more accurate, then the first"),
        exactly("none", "None where nothing fits", beside=("smallest", "no-floats")),
    ),
    reference=smallest_fitting,
    public=tuple(cases(np.random.default_rng(67))),
    private=cases,
    varies=("names",),
)
