import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import distinct, kept_places


def ticket(initial, trained, sparsity):
    """The oracle puts the kept initial values into zeros, one by one."""
    found = {}
    for name, start in initial.items():
        if start.ndim < 2:
            found[name] = start.copy()
            continue
        kept = kept_places(trained[name].ravel(), round(sparsity * start.size))
        found[name] = np.zeros_like(start)
        for place in np.flatnonzero(kept):
            found[name].flat[place] = start.flat[place]
    return found


SHAPES = {"stem.weight": (6, 4), "head.weight": (5, 3)}


def _network(generator, behaviour, sparsity, shapes):
    initial = {name: distinct(generator, *shape, scale=0.1) for name, shape in shapes.items()}
    scales = dict(zip(shapes, generator.uniform(0.05, 0.3, len(shapes)), strict=True))
    trained = {name: distinct(generator, *shape, scale=scales[name]) for name, shape in shapes.items()}
    return Case(behaviour, initial, trained, sparsity)


def _tied(generator):
    signs = generator.permutation(np.resize([-1, 1], 48)).reshape(6, 8)
    magnitudes = generator.permutation(np.resize([1, 1, 2], 48)).reshape(6, 8)
    return Case(
        "ties",
        {"w": distinct(generator, 6, 8)},
        {"w": (signs * magnitudes * generator.uniform(0.5, 2)).astype(np.float32)},
        0.4,
    )


def drawn_networks(generator):
    return [
        _network(generator, "typical", 0.63, SHAPES),
        _network(generator, "typical", 0.3, {"b.weight": (4, 5), "a.weight": (3, 4)}),
        _network(generator, "typical", 0.25, {"w": (2, 5), "v": (5, 6)}),
        _network(generator, "axes", 0.63, {"conv.weight": (2, 3, 3, 2)}),
        _network(generator, "axes", 0.4, {"conv.weight": (3, 2, 5)}),
        _network(generator, "dtype", 0.45, {"w": (4, 5)}),
        _network(generator, "biases", 0.7, {"w": (3, 5), "b": (3,), "norm": (4,)}),
        _tied(generator),
        _network(generator, "biases", 1.0, {"w": (3, 4), "b": (3,)}),
        _network(generator, "ends", 0.0, {"w": (3, 4)}),
        _network(generator, "ends", 1.0, {"w": (3, 4)}),
        _network(generator, "ends", 0.03, {"w": (3, 4)}),
    ]


def _float(numbers):
    return np.array(numbers, np.float32)


EXERCISE = ExerciseSpec(
    title="Rewind to the start",
    response="function",
    setup="""\
import numpy as np

initial = {
    "weight": np.array([[0.3, -0.2], [0.1, 0.4]], dtype=np.float32),
    "bias": np.array([0.05, -0.05], dtype=np.float32),
}
trained = {
    "weight": np.array([[0.1, -0.9], [0.8, -0.2]], dtype=np.float32),
    "bias": np.array([0.7, 0.6], dtype=np.float32),
}
""",
    hints=(
        "Which of the two decides what is kept, and which of the two gives the values?",
        "`array.ndim` tells a weight, two axes or more, from a bias.",
    ),
    criteria=(
        exactly("typical", "Trained magnitudes choose, initial values stay", points=2),
        exactly("axes", "Arrays of three axes and more are weights, too", beside=("typical",)),
        exactly("dtype", "float32 stays float32", dtype=True, beside=("typical",)),
        exactly("biases", "Arrays of one axis are rewound whole", beside=("typical",)),
        exactly("ties", "Equal magnitudes: those that stand first go first", beside=("typical",)),
        exactly("ends", "Nothing, everything, hardly anything", beside=("typical",)),
        unchanged("keeps-input", "Leaves both dicts as given", beside=("typical",)),
    ),
    reference=ticket,
    public=(
        Case(
            "typical",
            {"weight": _float([[0.3, -0.2, 0.6], [0.1, 0.4, -0.7]])},
            {"weight": _float([[0.1, -0.9, 0.3], [0.8, -0.2, 0.5]])},
            0.5,
        ),
        Case(
            "typical",
            {"b": _float([[3, -4], [1, 2]]), "a": _float([[5, 6, -7], [9, 2, 4]])},
            {"b": _float([[0.1, 0.5], [-0.2, 0.3]]), "a": _float([[20, 5, -30], [-4, 7, 60]])},
            0.4,
        ),
        Case(
            "typical",
            {"w": _float([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]])},
            {"w": _float([[5, -3, 8, 1, 9], [-7, 2, 4, -10, 6]])},
            0.25,
        ),
        Case("axes", {"w": _float([[[3, -4], [1, 2]]])}, {"w": _float([[[0.1, 0.5], [-0.2, 0.3]]])}, 0.5),
        Case("axes", {"w": _float([[[[3], [-4], [1]]]])}, {"w": _float([[[[0.4], [-0.1], [0.2]]]])}, 0.4),
        Case("dtype", {"w": _float([[3, -4], [1, 2]])}, {"w": _float([[0.4, 0.1], [0.3, -0.2]])}, 0.25),
        Case(
            "biases",
            {"w": _float([[3, -4], [1, 2]]), "b": _float([0.1, 0.2, 0.3, -0.4])},
            {"w": _float([[2, -1], [3, 4]]), "b": _float([0.9, -0.1, 0.5, 0.6])},
            0.75,
        ),
        Case(
            "biases",
            {"bias": _float([0.05, -0.05]), "weight": _float([[0.3, -0.2, 0.6], [0.1, 0.4, -0.7]])},
            {"bias": _float([0.7, 0.6]), "weight": _float([[0.1, -0.9, 0.3], [0.8, -0.2, 0.5]])},
            1.0,
        ),
        Case(
            "ties",
            {"w": _float([[3, -4, 7], [1, 2, 8]])},
            {"w": _float([[1, -1, 1], [-1, 2, 1]])},
            0.4,
        ),
        Case(
            "ties",
            {"w": np.arange(1, 61, dtype=np.float32).reshape(6, 10)},
            {"w": np.resize(_float([1, 2, -1, 1, -2, 2, 1]), (6, 10))},
            0.35,
        ),
        *(
            Case(
                "ends",
                {"w": _float([[3, -4], [1, 2]])},
                {"w": _float([[2, -1], [3, 4]])},
                sparsity,
            )
            for sparsity in (0.0, 1.0, 0.1)
        ),
    ),
    private=drawn_networks,
)
