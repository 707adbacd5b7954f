import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import distinct, kept_places, strided


def masks_of_one_ranking(weights, sparsity):
    """The oracle ranks one long list and cuts it into the arrays again."""
    together = [number for array in weights.values() for number in array.ravel()]
    kept = kept_places(together, round(sparsity * len(together)))
    ends = np.cumsum([array.size for array in weights.values()])
    parts = np.split(kept, ends[:-1])
    return {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts, strict=True)}


def _layers(generator):
    """Three layers, the smallest weights in the middle one; their names are not in the order of the alphabet."""
    return {
        "stem": distinct(generator, 4, 3, scale=1.0),
        "body": distinct(generator, 2, 3, 3, scale=0.4),
        "head": strided(distinct(generator, 3, 5, scale=0.83)),
    }


def _tied(generator, *sizes):
    """Equal magnitudes in every layer, of both signs."""
    unit = np.float32(generator.uniform(0.5, 2))
    names = ("second", "first", "third")
    return {
        name: (unit * generator.permutation(np.resize([1, -1, 2, -1, 1, -2], size))).astype(np.float32)
        for name, size in zip(names, sizes, strict=True)
    }


def drawn_layers(generator):
    return [
        Case("typical", _layers(generator), 0.42),
        Case("typical", _layers(generator), 0.77),
        Case("typical", {"only": distinct(generator, 3, 5)}, 0.3),
        Case("emptied", {"b": distinct(generator, 9, scale=0.01), "a": distinct(generator, 4, 4)}, 0.6),
        Case("rounded", {"b": distinct(generator, 3), "a": distinct(generator, 2)}, 0.5),
        Case("rounded", {"b": distinct(generator, 4), "a": distinct(generator, 3)}, 0.5),
        Case("rounded", {"b": distinct(generator, 5), "a": distinct(generator, 6)}, 0.6),
        Case("ties", _tied(generator, 26, 25, 17), 0.4),
        Case("ties", _tied(generator, 4, 6, 5), 0.2),
        Case("ends", _layers(generator), 0.0),
        Case("ends", _layers(generator), 1.0),
        Case("ends", _layers(generator), 0.02),
        Case("ends", {"b": distinct(generator, 3), "a": distinct(generator, 1)}, 0.1),
    ]


EXERCISE = ExerciseSpec(
    title="One ranking for all layers",
    response="function",
    setup="""\
import numpy as np

layers = {
    "stem": np.array([[4.0, -1.0], [2.5, 3.0]], dtype=np.float32),
    "head": np.array([0.5, -0.2, 0.1], dtype=np.float32),
}
""",
    hints=(
        "Join the flat magnitudes of all layers, in the order of the dict, into one array.",
        "Rank that array once, and cut the mask at the ends of the layers: `np.split` with `np.cumsum` of the sizes.",
    ),
    criteria=(
        exactly("typical", "The smallest of all layers together go", points=2, dtype=True),
        exactly("emptied", "A layer of small weights may lose them all"),
        exactly("rounded", "The count of all layers is rounded, half to even"),
        exactly("ties", "Equal magnitudes: the earlier layer first, and in it the earlier place"),
        exactly("ends", "Nothing, everything, hardly anything"),
        unchanged("keeps-input", "Leaves `weights` as given", beside=("typical",)),
    ),
    reference=masks_of_one_ranking,
    public=(
        Case("typical", {"b": np.array([5, -9, 6], np.float32), "a": np.array([[3], [-4], [8], [7]], np.float32)}, 0.7),
        Case(
            "typical",
            {
                "stem": np.array([[4, -1], [2.5, 3]], np.float32),
                "head": strided(np.array([[0.5, -0.2, 1.5], [2, 0.7, -6]], np.float32)),
            },
            0.4,
        ),
        Case(
            "typical",
            {
                "stem": np.array([[3, -9], [4, 7]], np.float32),
                "body": np.array([2, -8, 5], np.float32),
                "head": np.array([[6], [-1], [10], [11], [-12]], np.float32),
            },
            0.4,
        ),
        Case("typical", {"only": np.array([[3, -1], [-4, 2]], np.float32)}, 0.5),
        Case(
            "emptied", {"b": np.array([0.3, -0.1, 0.2], np.float32), "a": np.array([[3, 4], [-5, 6]], np.float32)}, 0.6
        ),
        Case("rounded", {"b": np.array([3, -1, 4], np.float32), "a": np.array([5, 2], np.float32)}, 0.5),
        Case("rounded", {"b": np.array([3, -1, 4, 7], np.float32), "a": np.array([5, 2, 6], np.float32)}, 0.5),
        Case("rounded", {"b": np.array([3, -1, 4], np.float32), "a": np.array([5, 2, 6, -7, 8], np.float32)}, 0.35),
        Case("ties", {"second": np.array([2, -1, 1], np.float32), "first": np.array([1, 2, -1], np.float32)}, 0.5),
        Case(
            "ties",
            {
                "q": np.resize(np.array([2, -1, 1, 2, -2], np.float32), (4, 9)),
                "p": np.resize(np.array([-1, 1, 2], np.float32), 25),
            },
            0.3,
        ),
        Case("ties", {"z": np.array([[-3, 3]], np.float32), "y": np.array([3, 3, -3], np.float32)}, 0.2),
        Case("ends", {"b": np.array([2, -3], np.float32), "a": np.array([1], np.float32)}, 0.0),
        Case("ends", {"b": np.array([2, -3], np.float32), "a": np.array([[1, 4]], np.float32)}, 1.0),
        Case("ends", {"b": np.array([2, -3], np.float32), "a": np.array([1], np.float32)}, 0.1),
        Case("ends", {"b": np.array([2, -3], np.float32), "a": np.array([1], np.float32)}, 0.3),
    ),
    private=drawn_layers,
)
