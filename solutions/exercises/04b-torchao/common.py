"""What several exercises of 04b-torchao share."""

import io

import torch

from quizlib import zoo
from quizlib.authoring import Case, fact

HALF_A_STEP = 0.51  # rounding to nearest keeps to 0.5; the rest is for float32 arithmetic


def one_of(generator, *choices):
    return choices[int(generator.integers(len(choices)))]


RESIDUAL_LAYERS = ("stem", "block.first", "block.second", "output")


def drawn_seed(generator):
    return int(generator.integers(1, 100_000))


def saved_state(model):
    """Return the bytes of a file with the model's state dict."""
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return file.getvalue()


def fresh_pixels(behaviour):
    def draw(generator):
        rows = zoo.load_digits().x_test[generator.choice(360, size=16, replace=False)]
        return [Case(behaviour, torch.from_numpy(rows))]

    return draw


def test_pixels(*rows):
    return torch.from_numpy(zoo.load_digits().x_test[list(rows)])


RESIDUAL = "digits_residual"
OWN_LAYERS = RESIDUAL_LAYERS[:3]
MLP = "digits_mlp"
BIASES_OF_FILE = tuple(fact("change_from_expected", weight=f"{name}.bias", at_most=0) for name in RESIDUAL_LAYERS)


def with_idle_block(x, row, block_size):
    """Set the second block of a row to zeros."""
    x[row, block_size : 2 * block_size] = 0.0
    return x
