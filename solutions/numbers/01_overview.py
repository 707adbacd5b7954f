"""Numbers in the prose of lesson 01."""

from quizlib.zoo import digits_mlp


def parameters():
    return sum(array.numel() for array in digits_mlp().parameters())


NUMBERS = {
    "mlp_parameters": parameters,
    "mlp_bytes": lambda: sum(array.nbytes for array in digits_mlp().parameters()),
}
