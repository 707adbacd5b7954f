"""What several exercises of 01-overview share."""

from quizlib.authoring import fact

LAYERS = ("hidden1", "hidden2", "output")
WEIGHTS = tuple(f"{layer}.weight" for layer in LAYERS)
MODEL_BYTES = 203_304  # 50,826 parameters in float32


def changed(origin=None):
    """Without this a model that was handed back untouched would earn what it has kept."""
    return fact("changed_weights", at_least=1, **({"origin": origin} if origin else {}))


GIVEN_KEPT = fact("given_changed", at_most=0)
GIVEN_USED_UP = fact("given_changed", numbers=True, at_least=1)  # and not in another mode alone

BIASES = tuple(f"{layer}.bias" for layer in LAYERS)


def biases_kept(origin=None):
    args = {"origin": origin} if origin else {}
    return tuple(fact("change_of_weight", weight=bias, at_most=0, **args) for bias in BIASES)


PRUNE_SETUP = """\
import copy

import torch
from torch import nn
from torch.nn.utils import prune

from quizlib import zoo

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
"""

HALF_A_STEP = 0.51  # rounding to nearest keeps to 0.5; the rest is for float32 arithmetic
FINEST_STEPS = 1.05  # 1 for the largest magnitude over 127.5, 1.004 over 127; 17 for a grid of 4 bits

# int8 codes of the hidden layers, float32 for the output layer and the biases, take 55,900 bytes of 203,304
SMALL = fact("weight_bytes", at_most=0.35 * MODEL_BYTES)
HIDDEN_CODES = tuple(fact("code_dtype", weight=weight, equals="int8") for weight in WEIGHTS[:2])


def float_output(*origin):
    args = {"origin": origin[0]} if origin else {}
    return (
        changed(*origin),
        fact("weight_dtype", weight="output.weight", equals="float32"),
        fact("change_of_weight", weight="output.weight", at_most=0, **args),
    )


ORIGIN = "digits_mlp"
