"""What several exercises of 06-tfmot share."""

import numpy as np

KERAS_ORIGIN = "digits_mlp_keras"


def distinct(generator, *shape, scale=1.0):
    """Return float32 numbers of both signs, no two of the same magnitude, in no order."""
    size = int(np.prod(shape))
    magnitudes = (generator.permutation(size) + 1 + generator.uniform(-0.2, 0.2, size)) * scale
    return (magnitudes * generator.permutation(np.resize([-1.0, 1.0], size))).astype(np.float32).reshape(shape)
