from quizlib.authoring import Case, ExerciseSpec, exactly


def by_variable(layers, prunable):
    """The oracle lists every variable, and adds up numbers times bytes."""
    variables = []
    for name, weights in layers.items():
        for weight, shape in weights.items():
            variables.append(("plain", shape, 4))
            if weight in prunable.get(name, ()):
                variables += [("more", shape, 4), ("more", (), 4)]
        if name in prunable:
            variables.append(("more", (), 8))
    sums = {"plain": 0, "more": 0}
    for part, shape, width in variables:
        count = 1
        for axis in shape:
            count *= axis
        sums[part] += width * count
    return {"plain": sums["plain"], "wrapped": sums["plain"] + sums["more"]}


def dense(inputs, outputs):
    return {"kernel": [inputs, outputs], "bias": [outputs]}


def lstm(inputs, units):
    return {"kernel": [inputs, 4 * units], "recurrent_kernel": [units, 4 * units], "bias": [4 * units]}


def conv(size, inputs, outputs):
    return {"kernel": [size, size, inputs, outputs], "bias": [outputs]}


def normed(channels):
    return {name: [channels] for name in ("gamma", "beta", "moving_mean", "moving_variance")}


KERNEL = ["kernel"]


def drawn_layers(generator):
    a, b, c, d = (int(size) for size in generator.permutation(range(5, 40))[:4])
    return [
        Case("plain", {"one": dense(a, b), "two": dense(b, c)}, {}),
        Case("plain", {"conv": conv(3, a, b), "norm": normed(b)}, {}),
        Case("plain", {"one": dense(c, a), "scaled": {"gain": []}}, {}),
        Case("masks", {"one": dense(a, b)}, {"one": KERNEL}),
        Case("masks", {"conv": conv(3, a, b), "two": dense(c, d)}, {"conv": KERNEL, "two": KERNEL}),
        Case("masks", {"one": dense(1, 1)}, {"one": KERNEL}),
        Case("some", {"one": dense(a, b), "two": dense(b, c), "three": dense(c, d)}, {"two": KERNEL}),
        Case("several", {"lstm": lstm(a, b), "one": dense(b, d)}, {"lstm": ["kernel", "recurrent_kernel"]}),
        Case("empty", {"one": dense(d, c), "norm": normed(c), "relu": {}}, {"one": KERNEL, "norm": [], "relu": []}),
        Case("empty", {"relu": {}}, {"relu": []}),
    ]


HIDDEN, OUTPUT = dense(64, 256), dense(256, 10)

EXERCISE = ExerciseSpec(
    title="What the wrappers store",
    response="function",
    setup="""\
import math

layers = {
    "hidden": {"kernel": [64, 256], "bias": [256]},
    "output": {"kernel": [256, 10], "bias": [10]},
}
""",
    hints=(
        "`math.prod(shape)` is the count of numbers, and 1 for a scalar, `math.prod([])`.",
        "A mask and a threshold belong to each pruned weight, the step counter to the wrapper.",
    ),
    criteria=(
        exactly("plain", "Without wrappers both numbers are those of the weights, as ints", dtype=True),
        exactly("masks", "Mask, threshold and step of each wrapped layer", points=2),
        exactly("some", "Layers that are not wrapped cost what they did, in ints", dtype=True),
        exactly("several", "A layer with two pruned weights has two masks, two thresholds, and one step", points=2),
        exactly("empty", "A wrapper without anything to prune stores its step"),
    ),
    reference=by_variable,
    public=(
        Case("plain", {"hidden": HIDDEN, "output": OUTPUT}, {}),
        Case("plain", {"conv": conv(3, 1, 12), "norm": normed(12)}, {}),
        Case("plain", {"output": OUTPUT, "scaled": {"gain": []}}, {}),
        Case("masks", {"hidden": HIDDEN}, {"hidden": KERNEL}),
        Case("masks", {"hidden": HIDDEN, "output": OUTPUT}, {"hidden": KERNEL, "output": KERNEL}),
        Case("masks", {"conv": conv(3, 1, 12)}, {"conv": KERNEL}),
        Case("some", {"hidden": HIDDEN, "output": OUTPUT}, {"hidden": KERNEL}),
        Case("several", {"lstm": lstm(8, 5), "output": dense(5, 3)}, {"lstm": ["kernel", "recurrent_kernel"]}),
        Case("empty", {"conv": conv(3, 1, 12), "relu": {}}, {"conv": KERNEL, "relu": []}),
        Case("empty", {"norm": normed(7)}, {"norm": []}),
    ),
    private=drawn_layers,
)
