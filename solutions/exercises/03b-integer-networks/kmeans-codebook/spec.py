import warnings

import numpy as np
from scipy import cluster

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged


def scipy_codebook(x, bits, steps):
    values = np.asarray(x, np.float64).ravel()
    start = codebook = np.linspace(values.min(), values.max(), 2**bits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an entry without members keeps its value, which is what is asked for
        if steps:
            codebook, _ = cluster.vq.kmeans2(values, start, iter=steps, minit="matrix", missing="warn")
    codes, _ = cluster.vq.vq(values, codebook)
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(np.shape(x))


def fully_used(draw, bits, steps):
    """Return values none of whose entries is without members before any of the steps."""
    while True:
        values = draw().astype(np.float32)
        numbers = values.astype(np.float64).ravel()
        start = np.linspace(numbers.min(), numbers.max(), 2**bits)
        try:
            cluster.vq.kmeans2(numbers, start, iter=steps, minit="matrix", missing="raise")
        except cluster.vq.ClusterError:
            continue
        return values


def with_ties(generator, bits):
    """Return values some of which lie halfway between two of the first entries, all of them exact in floats."""
    low, step = generator.integers(-20, 20) / 4, int(generator.integers(1, 9)) / 4
    entries = low + step * np.arange(2**bits)
    halfway = entries[:-1] + step / 2
    near = entries + step * generator.choice([-0.25, 0.25], (2, len(entries)))
    values = np.concatenate([entries, halfway, np.clip(near.ravel(), entries[0], entries[-1])])
    return generator.permutation(values).astype(np.float32)


def fitted_in_float32(x, bits, steps):
    """Return the codes of a fit in float32, a mistake that the cases should show."""
    values = x.ravel()
    codebook = np.linspace(values.min(), values.max(), 2**bits).astype(np.float32)

    def nearest():
        return np.abs(values[:, None] - codebook).argmin(1)

    for _ in range(steps):
        codes = nearest()
        for entry in np.unique(codes):
            codebook[entry] = values[codes == entry].mean()
    return nearest().reshape(x.shape)


def far_from_zero(generator, shape, bits, steps):
    """Return values near 1000 whose codes are others where the fit is done in float32.

    They are the same for the entries as float64 and as they are returned.
    """
    while True:
        x = fully_used(lambda: 1000 + 0.1 * generator.uniform(0, 1, shape) ** 1.5, bits, steps)
        codebook, codes = scipy_codebook(x, bits, steps)
        nearest = np.abs(x.astype(np.float64)[..., None] - codebook.astype(np.float64)).argmin(-1)
        if np.array_equal(nearest, codes) and not np.array_equal(fitted_in_float32(x, bits, steps), codes):
            return x


def fresh_clusters(generator):
    def lump(centre):
        while True:
            drawn = generator.normal(centre, 0.05, 12)
            if abs(drawn.mean() - np.median(drawn)) > 0.005:  # else the median passes for the mean
                return drawn

    def lumps(*centres):
        drawn = [lump(centre) for centre in centres]
        return generator.permutation(np.concatenate(drawn)).astype(np.float32)

    skewed = fully_used(lambda: generator.uniform(0, 1, (12, 15)) ** 1.5, 3, 2)
    cubes = fully_used(lambda: generator.uniform(-1, 1, 200) ** 3, 4, 2)
    return [
        Case("codebook", skewed, 2, 3),
        Case("codebook", skewed.ravel(), 3, 2),
        Case("codes", skewed, 3, 1),
        Case("codes", cubes, 4, 2),
        Case("codes", far_from_zero(generator, (12, 15), 3, 3), 3, 3),
        Case("codebook", with_ties(generator, 2), 2, 1),
        Case("codes", with_ties(generator, 2), 2, 0),
        Case("codes", skewed, 2, 0),
        Case("codes", np.full((2, 3), generator.uniform(-2, 2), np.float32), 2, 2),
        Case("empty-entries", lumps(-5, 4.6, 5), 3, 8),
    ]


SPREAD = (np.random.default_rng(6).uniform(0, 1, 40) ** 1.5).astype(np.float32)

EXERCISE = ExerciseSpec(
    title="A codebook by k-means",
    response="function",
    setup="""\
import numpy as np

skewed = np.random.default_rng(323).gamma(1.2, 1.0, (20, 30)).astype(np.float32)
""",
    hints=(
        "`np.abs(values[:, None] - codebook[None, :]).argmin(axis=1)` gives each value its nearest entry.",
        "An entry moves to the mean of its members; one without members stays where it is.",
        "The last step moves entries, so the codes must be taken once more after the loop.",
    ),
    criteria=(
        matching("codebook", "Entries, float32, after the asked number of steps", points=2, part=0, dtype=True),
        exactly(
            "codes",
            "Codes, uint8, in the shape of `x`: the nearest entry of the codebook that is returned",
            points=2,
            part=1,
            dtype=True,
        ),
        matching("empty-entries", "Entries without members keep their value"),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=scipy_codebook,
    public=(
        Case("codebook", np.array([0.0, 0.5, 1.0, 1.4, 3.8, 4.6, 5.0, 8.0], np.float32), 1, 2),
        Case("codebook", np.array([0.0, 1.0, 2.0, 4.0], np.float32), 1, 1),
        Case("codebook", SPREAD, 3, 3),
        Case("codebook", SPREAD, 2, 4),
        Case("codes", np.array([[0.0, 0.5, 1.0, 1.4], [3.8, 4.6, 5.0, 8.0]], np.float32), 1, 1),
        Case("codes", SPREAD.reshape(5, 8), 3, 0),
        Case("codes", far_from_zero(np.random.default_rng(7), (10, 12), 3, 3), 3, 3),
        Case("codes", np.array([[0.0, 2.5, 3.0], [5.0, 7.5, 8.0]], np.float32), 1, 1),
        Case("codes", np.array([[0.0, 2.0, 1.0], [3.0, 4.0, 2.0]], np.float32), 1, 0),
        Case("codes", np.ones((1, 2), np.float32), 1, 1),
        Case("empty-entries", np.array([-3.0, -2.8, -2.0, 9.0, 9.2], np.float32), 2, 3),
    ),
    private=fresh_clusters,
)
