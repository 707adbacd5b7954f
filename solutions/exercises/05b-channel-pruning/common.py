"""What several exercises of 05b-channel-pruning share."""

import torch

from quizlib import zoo
from quizlib.authoring import ZooModel, fact

SAME_OUTPUTS = fact("called_error", at_most=2e-3)
"""Sums of float32 in another order leave logits off by less than 1e-4; a forgotten slice moves them by far more."""

KEPT_MODEL = fact("inputs_changed", equals=False)


def drawn_seed(generator):
    return int(generator.integers(100, 2**31))


def drawn_model(generator, name):
    return ZooModel(name, seed=drawn_seed(generator))


def drawn_channels(generator, channels, count):
    """Return so many places of channels, in ascending order."""
    return sorted(generator.choice(channels, count, replace=False).tolist())


def shapes(**expected):
    """Return the facts that arrays have these shapes; `__` in a name stands for a point."""
    return [fact("array_shape", weight=name.replace("__", "."), equals=str(shape)) for name, shape in expected.items()]


def test_images(*rows):
    return torch.from_numpy(zoo.load_digits().images("test")[list(rows)])


def test_pixels(*rows):
    return test_images(*rows).flatten(1)


def drawn_rows(generator, count=6):
    return generator.choice(360, count, replace=False).tolist()
