"""Numbers in the prose of lesson 05."""

from quizlib.zoo import crepe_architecture
from quizlib.zoo.pretrained import PRETRAINED


def parameters():
    return sum(array.numel() for array in crepe_architecture().parameters())


def weights():
    return sum(array.numel() for array in crepe_architecture().parameters() if array.ndim > 1)


NUMBERS = {
    "crepe_megabytes": lambda: PRETRAINED["crepe-tiny"].size / 1e6,
    "crepe_parameters": parameters,
    "crepe_weights": weights,
    "crepe_zeros": lambda: round(0.7 * weights()),
}
