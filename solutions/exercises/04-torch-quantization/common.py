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

SAME_GRIDS = 1e-4  # float32 sums in another order leave grids off by less
SAME_HISTOGRAM = 1e-3

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


OTHER_ROWS = slice(64, 134)  # 70, where the setup has 64


def same_grids(**args):
    """Over 15 draws: 4e-7 at most for right answers, 4.9e-4 at least for a HistogramObserver, of 2048 bins."""
    return fact("grids_off_expected", at_most=SAME_GRIDS, **args)


def other_grids(**args):
    return fact("grids_off_expected", at_least=SAME_GRIDS, **args)


def grids_of(places, **args):
    """Return the fact that observers at these places, and not at those that are asked for, give the model's grids."""
    return fact("grids_off_places", places=places, at_most=SAME_GRIDS, **args)


def another_qconfig(layers, places, signed, **args):
    """Return the symptoms of a qconfig that is not the one of the setup, and of calibration on something else.

    `layers` have weights, `signed` of them give numbers below 0; observers stand at `places`.
    """
    right_layers = (
        fact("codes_off_expected", steps=1.01, at_most=0, **args),
        fact("floats_off_expected", at_most=1e-3, **args),
        fact("signed_grids", of_layers=True, equals=signed, **args),
        fact("signed_grids", at_most=signed + 1, **args),  # more where a sum is coded so
        fact("default_grids", equals=0, **args),
    )
    its_integers = fact("called_off_integers", at_most=OFF_BY_TIES, **args)  # no processor is held to codes of 8 bits
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
            its_integers,
            other_grids(**args),
            fact("grids_off_places", places=places, histogram=True, at_most=SAME_HISTOGRAM, **args),
        ),
        "some-examples": (
            *right_layers,
            its_integers,
            other_grids(**args),
            fact("share_behind_grids", places=places, at_least=0.001, at_most=0.999, **args),
        ),
        "other-numbers": (
            *right_layers,
            its_integers,
            other_grids(**args),
            fact("input_grid_off", at_least=SAME_GRIDS, **args),
            fact("grid_ratio_spread", at_least=1.005, **args),
            fact("share_behind_grids", places=places, equals=0, **args),
            fact("grids_off_places", places=places, histogram=True, at_least=SAME_HISTOGRAM, **args),
        ),
    }


# Whole steps, over 36 draws 1 at most for right answers, where a tie is rounded the other way.
OFF_BY_TIES = 2.5


def test_pixels(*rows):
    return torch.from_numpy(zoo.load_digits().x_test[list(rows)])


def decisive_ends(name, seed, rows):
    """Return rows of which the first and the last are alone in some extreme that an observer keeps, or None."""
    model = zoo.build(name) if seed is None else zoo.randomized(name, seed)
    seen = []
    handles = [
        module.register_forward_hook(lambda _, given, gave: seen.append(gave.flatten(1)))
        for module in model.modules()
        if isinstance(module, torch.nn.Linear | torch.nn.BatchNorm2d)
    ]
    with torch.no_grad():
        model(rows)
    for handle in handles:
        handle.remove()
    extremes = torch.stack([each.amax(1) for each in seen] + [-seen[-1].amin(1)], 1)  # (rows, extremes)
    first, second = extremes.topk(2, dim=0).values
    alone = (first - second) / first > 0.01
    decisive = list(dict.fromkeys(extremes.argmax(0)[alone].tolist()))
    if len(decisive) < 2:
        return None
    others = [row for row in range(len(rows)) if row not in decisive[:2]]
    return rows[[decisive[0], *others, decisive[1]]]
