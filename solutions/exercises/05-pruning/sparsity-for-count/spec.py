from quizlib.authoring import Case, ExerciseSpec, matching, raising


def solved_for_sparsity(sizes, dense, left):
    """The oracle counts what has to go, one layer after the other."""
    candidates = [sizes[name] for name in sizes if name not in dense]
    gone = sum(sizes.values()) - left
    if not 0 <= gone <= sum(candidates):
        raise ValueError("left lies outside what pruning can reach")
    return gone / sum(candidates) if gone else 0.0


def _sizes(generator, names=("stem", "stem2", "body", "head")):
    return {name: int(size) for name, size in zip(names, generator.integers(30, 900, len(names)), strict=True)}


def drawn_networks(generator):
    one, two, three, four, five = (_sizes(generator) for _ in range(5))
    totals = [sum(sizes.values()) for sizes in (one, two, three, four, five)]
    return [
        Case("all-pruned", one, [], int(totals[0] * generator.uniform(0.1, 0.4))),
        Case("some-dense", two, ["head"], int(two["head"] + two["body"] * generator.uniform(0.3, 0.9))),
        Case("some-dense", three, ["stem", "head"], int(three["stem"] + three["head"] + generator.integers(5, 20))),
        Case("ends", four, ["stem2"], totals[3]),
        Case("ends", four, ["stem2"], four["stem2"]),
        Case("ends", five, list(five), totals[4]),
        Case("refuses", one, [], totals[0] + 1),
        Case("refuses", two, ["head"], two["head"] - 1),
        Case("refuses", three, [], -1),
        Case("refuses", five, list(five), totals[4] - 1),
    ]


MLP = {"hidden1": 16384, "hidden2": 32768, "output": 1280}

EXERCISE = ExerciseSpec(
    title="The sparsity that leaves so many weights",
    response="function",
    setup="""\
sizes = {"hidden1": 16384, "hidden2": 32768, "output": 1280}  # the weights of the digits MLP
""",
    hints=(
        "How many weights have to go, and from how many may they be taken?",
        "The weights of the layers that stay dense are among those that are left.",
    ),
    criteria=(
        matching("all-pruned", "All layers are pruned", rtol=1e-9, atol=0, dtype=True),
        matching("some-dense", "Some layers stay dense", points=2, rtol=1e-9, atol=0),
        matching("ends", "Nothing has to go, or all that may", rtol=1e-9, atol=0, beside=("all-pruned", "some-dense")),
        raising("refuses", "Refuses what pruning cannot reach", "ValueError", beside=("all-pruned", "some-dense")),
    ),
    reference=solved_for_sparsity,
    public=(
        Case("all-pruned", MLP, [], 10),
        Case("all-pruned", {"a": 40, "b": 60}, [], 25),
        Case("some-dense", {"a": 40, "ab": 60, "c": 20}, ["a"], 50),
        Case("some-dense", MLP, ["hidden1", "output"], 20000),
        Case("ends", {"a": 40, "b": 60}, ["a"], 100),
        Case("ends", {"a": 40, "b": 60}, ["a"], 40),
        Case("ends", {"a": 40, "b": 60}, ["b", "a"], 100),
        Case("refuses", {"a": 40, "b": 60}, ["a"], 39),
        Case("refuses", {"a": 40, "b": 60}, [], 101),
        Case("refuses", {"a": 40, "b": 60}, [], -1),
        Case("refuses", {"a": 40, "b": 60}, ["a", "b"], 90),
    ),
    private=drawn_networks,
)
