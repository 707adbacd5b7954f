"""Facts about LiteRT bytes, inspected and run in a disposable child."""

from __future__ import annotations

import numpy as np

from quizlib.evidence.values import Blob, Plain
from quizlib.judging.describing import kind_of
from quizlib.judging.facts.registry import FactContext, FactError, fact
from quizlib.judging.litert import Report, inspect


def _report(model: Plain) -> Report:
    if not isinstance(model, Blob):
        raise FactError(f"expected the bytes of a LiteRT model, but it is {kind_of(model)}")
    return inspect(model.content)


@fact()
def litert_size_bytes(model: Plain, context: FactContext) -> int:
    """Return the size of the flatbuffer in bytes."""
    if not isinstance(model, Blob):
        raise FactError(f"expected the bytes of a LiteRT model, but it is {kind_of(model)}")
    return len(model.content)


@fact()
def litert_input_dtype(model: Plain, context: FactContext) -> str:
    """Return the dtype of the model's input."""
    return _report(model).input_dtype


@fact()
def litert_output_dtype(model: Plain, context: FactContext) -> str:
    """Return the dtype of the model's output."""
    return _report(model).output_dtype


@fact()
def litert_int8_weights(model: Plain, context: FactContext) -> int:
    """Return how many constant tensors of two or more dimensions hold int8 codes."""
    return _report(model).weight_dtypes.count("int8")


@fact()
def litert_float_weights(model: Plain, context: FactContext) -> int:
    """Return how many constant tensors of two or more dimensions hold float32 or float16 numbers."""
    return sum(dtype.startswith("float") for dtype in _report(model).weight_dtypes)


@fact()
def litert_input_step(model: Plain, context: FactContext) -> float:
    """Return the scale on which the model codes its input, be it int8 or quantized first; 0 where it stays float."""
    return _report(model).input_step


@fact()
def litert_float_tensors(model: Plain, context: FactContext) -> int:
    """Return how many tensors of any sort are float: 0 in a model that computes in integers throughout."""
    return _report(model).float_tensors


@fact()
def litert_accuracy(model: Plain, context: FactContext) -> float:
    """Return the accuracy, 0 to 1, on the held-out digits, quantizing inputs as the model's own grid says."""
    from quizlib import zoo

    return float((np.asarray(_report(model).classes) == zoo.load_digits().y_test).mean())


@fact()
def litert_zero_fraction(model: Plain, context: FactContext) -> float:
    """Return the fraction of weight codes (two or more dimensions) that stand for exact zero."""
    return _report(model).zero_fraction
