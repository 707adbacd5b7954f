"""Numbers in the prose of lesson 05c."""

from quizlib.zoo import crepe_architecture


def megabytes():
    return sum(4 * array.numel() for array in crepe_architecture().parameters() if array.ndim > 1) / 1e6


NUMBERS = {"crepe_megabytes": megabytes}
