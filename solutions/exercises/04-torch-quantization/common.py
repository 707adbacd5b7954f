"""What several exercises of 04-torch-quantization share."""

import torch

from quizlib import zoo
from quizlib.authoring import ZooModel, fact
from quizlib.zoo import eager

EAGER_SETUP = """\
import torch
from torch import nn

from quizlib import zoo
from quizlib.zoo import eager  # torch.ao.quantization
"""

HALF_A_STEP = 0.51  # rounding to nearest keeps to 0.5; the rest is for float32 arithmetic


def drawn_model(generator, name):
    return ZooModel(name, seed=int(generator.integers(1, 100_000)))


def one_of(generator, *choices):
    return choices[int(generator.integers(len(choices)))]


STATIC_QCONFIG = """
# 7-bit activations on any processor: some integer kernels overflow on 8 bits
static_qconfig = eager.QConfig(
    activation=eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127),
    weight=eager.PerChannelMinMaxObserver.with_args(
        dtype=torch.qint8, qscheme=torch.per_channel_symmetric
    ),
)
"""


def seven_bit_qconfig():
    """Return what STATIC_QCONFIG makes, when it is used: a torch without eager mode can still read this file."""
    return eager.QConfig(
        activation=eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127),
        weight=eager.PerChannelMinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_channel_symmetric),
    )


def library_converted(model, fused, examples):
    ready = eager.fuse_modules(model.eval(), fused)
    ready.qconfig = seven_bit_qconfig()
    observed = eager.prepare(ready)
    with torch.no_grad():
        observed(examples)
    return eager.convert(observed)


OTHER_ROWS = slice(64, 128)


def same_grids(**args):
    """Over 15 draws: 4e-7 at most for right answers, 4.9e-4 at least for a HistogramObserver, of 2048 bins."""
    return fact("grids_off_expected", at_most=1e-4, **args)


def other_grids(least, **args):
    return fact("grids_off_expected", at_least=least, **args)


def another_qconfig(layers, most, signed, **args):
    """Return the symptoms of a qconfig that is not the one of the setup, and of calibration on something else.

    `layers` have weights, `signed` of them give numbers below 0, and the grids of a HistogramObserver are off by `most`
    at most.
    """
    right_layers = (
        fact("codes_off_expected", steps=1.01, at_most=0, **args),
        fact("floats_off_expected", at_most=1e-3, **args),
        fact("signed_grids", of_layers=True, equals=signed, **args),
        fact("signed_grids", at_most=2, **args),  # more where a sum is coded so
        fact("default_grids", equals=0, **args),
        fact("called_off_integers", at_most=OFF_BY_TIES, **args),
    )
    return {
        "one-scale-a-layer": (
            fact("quantized_weights", equals=layers, **args),
            fact("most_scales", equals=1, **args),
            fact("widest_code", at_least=100, **args),
            same_grids(**args),
        ),
        "eight-bit-grids": (
            *right_layers,
            # 127 / 255 = 0.498 in every grid
            fact("least_grid_ratio", at_least=0.48, at_most=0.515, **args),
            fact("grid_ratio_spread", at_most=1.001, **args),
        ),
        "another-observer": (
            *right_layers,
            fact("grids_off_expected", at_least=1e-4, at_most=most, **args),
        ),
        "other-numbers": (
            *right_layers,
            other_grids(most, **args),
            fact("grid_ratio_spread", at_least=1.005, **args),
        ),
    }


# Whole steps, over 36 draws 1 at most for right answers, where a tie is rounded the other way.
OFF_BY_TIES = 2.5


def test_pixels(*rows):
    return torch.from_numpy(zoo.load_digits().x_test[list(rows)])
