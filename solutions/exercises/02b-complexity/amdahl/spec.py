from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def law_of_amdahl(layer_ms, factors, added_ms):
    """The oracle uses the law itself: 1 / (serial share + parallel share / factor), one term for each layer."""
    before = sum(layer_ms.values())
    shares = {layer: duration / before for layer, duration in layer_ms.items()}
    extra = added_ms / before
    left = sum(share for layer, share in shares.items() if layer not in factors) + extra
    return {"speedup": 1 / (left + sum(shares[layer] / factors[layer] for layer in factors)), "limit": 1 / left}


def drawn_models(generator):
    names = ["embed", "hidden1", "hidden2", "norm", "output"]

    def durations():
        return {name: round(float(generator.uniform(0.5, 4)), 3) for name in names}

    def factors(*layers):
        return {layer: round(float(generator.uniform(1.5, 6)), 2) for layer in layers}

    return [
        Case("one-layer", durations(), factors("norm"), 0.0),
        Case("several-layers", durations(), factors("hidden1", "hidden2"), 0.0),
        Case("overhead", durations(), factors("hidden1"), round(float(generator.uniform(4, 6)), 2)),
        Case("limit", durations(), factors("hidden1", "output"), round(float(generator.uniform(0.2, 1)), 2)),
        Case("limit", durations(), factors(*names), round(float(generator.uniform(0.2, 1)), 2)),
    ]


EXERCISE = ExerciseSpec(
    title="One layer is faster, and the model?",
    response="function",
    name="end_to_end",
    setup="""\
# Milliseconds of each layer of a model, as somebody measured them.
layer_ms = {"embed": 1.0, "hidden1": 6.0, "hidden2": 2.0, "output": 1.0}
""",
    hints=(
        "Add up the new time of each layer, and divide the old total by the new one.",
        "For the limit, let the faster layers take no time at all.",
    ),
    criteria=(
        matching("one-layer", "`speedup` when one layer is faster", points=2, part="speedup"),
        matching("several-layers", "`speedup` when several layers are, by different factors", part="speedup"),
        matching("overhead", "`speedup` below 1 where conversions eat it up", part="speedup"),
        matching("limit", "`limit`: the layers take no time at all", part="limit"),
        unchanged("keeps-input", "The dicts are as they were"),
    ),
    reference=law_of_amdahl,
    public=(
        Case("one-layer", {"first": 6.0, "second": 4.0}, {"first": 3.0}, 0.0),
        Case("one-layer", {"first": 1.0, "second": 9.0}, {"first": 4.0}, 0.0),
        Case("several-layers", {"a": 2.0, "b": 4.0, "c": 4.0}, {"b": 4.0, "c": 2.0}, 0.0),
        Case("several-layers", {"a": 2.1, "b": 3.7, "c": 0.4}, {"b": 4.0, "a": 2.5}, 0.0),
        Case("overhead", {"first": 1.0, "second": 9.0}, {"first": 2.0}, 2.0),
        Case("limit", {"a": 8.0, "b": 2.0}, {"a": 4.0}, 1.0),
        Case("limit", {"first": 7.0, "second": 3.0}, {"first": 3.0}, 0.5),
        Case("limit", {"a": 2.1, "b": 3.7}, {"b": 4.0, "a": 2.5}, 0.3),
        Case("limit", {"a": 3.1, "b": 2.3, "c": 1.9, "d": 4.4}, {"b": 2.5, "d": 3.0}, 0.7),
    ),
    private=drawn_models,
)
