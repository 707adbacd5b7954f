"""Models as evidence for the tests of facts, and one wholly made of numbers that are known."""

import numpy as np
import torch
from torch import nn

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Array, QuantizedArray, TorchModel, TorchModule, ZooModel
from quizlib.judging.facts.registry import FACTS, FactContext

ON_MLP = FactContext(ProbeCase("public-0", (ZooModel("digits_mlp"),)))
WEIGHTS = ["hidden1.weight", "hidden2.weight", "output.weight"]


def fact(name, subject, context=ON_MLP, **arguments):
    """Return a fact on a live object, or on evidence."""
    plain = encode(subject) if isinstance(subject, nn.Module | np.ndarray | float) else subject
    return FACTS[name].function(plain, context, **arguments)


def changed_mlp(change):
    """Return the digits MLP after `change(parameters by name)`."""
    model = zoo.build("digits_mlp")
    with torch.no_grad():
        change(dict(model.named_parameters()))
    return model


def holding(**tensors):
    """Return a torch model as evidence that holds these tensors."""
    return TorchModel((TorchModule("", "torch.nn.Linear", False, (), {}, tensors),))


def dense(values, dtype=np.float32):
    values = np.asarray(values, dtype)
    return Array(values, values.dtype.name, "torch")


def coded(codes, scales, zero_points=0, dtype="int8"):
    codes = np.asarray(codes, np.int8)
    scales = np.asarray(scales, np.float32)
    return QuantizedArray(codes, scales, np.full(scales.shape, zero_points, np.int8), dtype, "torchao.Int8Tensor")
