"""The digits CNN, statically quantized in eager mode, for the tests of several subjects."""

import torch
from torch import nn

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.judging.facts.registry import FactContext
from quizlib.zoo import eager

QCONFIG = eager.QConfig(
    activation=eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127),
    weight=eager.PerChannelMinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_channel_symmetric),
)


IMAGES = torch.from_numpy(zoo.load_digits().images("train")[:32])


BLOCKS = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]


def converted(blocks=BLOCKS, examples=IMAGES, qconfig=QCONFIG):
    """Return the digits CNN, converted after a calibration, or without any where there are no examples."""
    wrapped = eager.QuantWrapper(zoo.digits_cnn()).eval()
    wrapped = eager.fuse_modules(wrapped, blocks) if blocks else wrapped
    wrapped.qconfig = qconfig
    observed = eager.prepare(wrapped)
    if examples is not None:
        with torch.no_grad():
            observed(examples)
    return eager.convert(observed)


def against(expected):
    return FactContext(None, encode(expected) if isinstance(expected, nn.Module) else expected)
