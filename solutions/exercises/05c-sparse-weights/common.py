"""What several exercises of 05c-sparse-weights share."""

import numpy as np


def distinct(generator, *shape, scale=1.0):
    """Return float32 numbers of both signs, no two of the same magnitude, in no order."""
    size = int(np.prod(shape))
    magnitudes = (generator.permutation(size) + 1 + generator.uniform(-0.2, 0.2, size)) * scale
    return (magnitudes * generator.permutation(np.resize([-1.0, 1.0], size))).astype(np.float32).reshape(shape)


def strided(values):
    """Return the same numbers in memory that is not contiguous."""
    return np.stack([values, values], -1)[..., 0]


def kept_in(scores, removed):
    """The oracle of a ranking: remove the least pairs of score and place, one after the other."""
    pairs = sorted((float(score), place) for place, score in enumerate(scores))
    kept = np.ones(len(pairs), dtype=bool)
    kept[[place for _, place in pairs[:removed]]] = False
    return kept
