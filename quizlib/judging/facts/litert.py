"""Facts about LiteRT bytes, inspected and run in a disposable child process that holds no key.

A weight is a constant tensor of two or more dimensions; biases and shapes are none.
"""

from __future__ import annotations

import numpy as np

from quizlib.errors import KindError
from quizlib.evidence.values import Blob, Plain
from quizlib.items.exercise import Condition
from quizlib.judging.describing import kind_of
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.litert import Report, inspect


@fact(
    unit="bytes",
    of=(Blob,),
    sentence="the file has {value:byte}, where {asked:byte}",
)
def litert_size_bytes(model: Plain, context: FactContext) -> int:
    """Return the size of the flatbuffer in bytes.

    Raises:
        FactError: it is no bytes.

    >>> litert_size_bytes(Blob(b"TFL3"), FactContext())
    4
    """
    return len(_content(model))


@fact(
    unit="dtype",
    of=(Blob,),
    sentence="the input of the model is {value}, where {asked}",
)
def litert_input_dtype(model: Plain, context: FactContext) -> str:
    """Return the dtype of the model's input, such as `float32` or `int8`.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.
    """
    return _report(model, context).input_dtype


@fact(
    unit="dtype",
    of=(Blob,),
    sentence="the output of the model is {value}, where {asked}",
)
def litert_output_dtype(model: Plain, context: FactContext) -> str:
    """Return the dtype of the model's output, such as `float32` or `int8`.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.
    """
    return _report(model, context).output_dtype


@fact(
    unit="weights",
    of=(Blob,),
    sentence="the model stores {value:weight} as int8 codes, where {asked:weight}",
)
def litert_int8_weights(model: Plain, context: FactContext) -> int:
    """Return how many constant tensors of two or more dimensions hold int8 codes.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.
    """
    return _report(model, context).weight_dtypes.count("int8")


@fact(
    unit="weights",
    of=(Blob,),
    sentence="the model stores {value:weight} as floats, where {asked:weight}",
)
def litert_float_weights(model: Plain, context: FactContext) -> int:
    """Return how many constant tensors of two or more dimensions hold float32 or float16 numbers.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.
    """
    return sum(dtype.startswith("float") for dtype in _report(model, context).weight_dtypes)


@fact(
    unit="unit of the input",
    of=(Blob,),
    sentence="the input is coded in steps of {value}, where {asked}{place}",
)
def litert_input_step(model: Plain, context: FactContext) -> float:
    """Return the scale on which the model codes its input, be it int8 or quantized first; 0 where it stays float.

    Pixels in 0..1 on 8 bits need 1 / 255; a range that was calibrated on other data shows as another scale.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.
    """
    return _report(model, context).input_step


@place_of(litert_input_step)
def _float_input(model: Plain, context: FactContext, condition: Condition) -> str:
    return "" if _report(model, context).input_step else "it stays float"


@fact(
    unit="tensors",
    of=(Blob,),
    sentence="the model has {value:float tensor}, where {asked:tensor}",
)
def litert_float_tensors(model: Plain, context: FactContext) -> int:
    """Return how many tensors of any sort are float: 0 in a model that computes in integers throughout.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.
    """
    return _report(model, context).float_tensors


@fact(
    unit="fraction 0–1",
    of=(Blob,),
    on_digits=True,
    sentence="{value:%} of the digits are recognised, where {asked:%}",
)
def litert_accuracy(model: Plain, context: FactContext) -> float:
    """Return the accuracy, 0 to 1, on the held-out digits, quantizing inputs as the model's own grid says.

    A grading takes images that no kernel holds.
    An input x goes in as round(x / scale) + zero_point, clamped to its dtype; the class is the largest output.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.

    Source: https://ai.google.dev/edge/litert/models/quantization_spec
    """
    return float((np.asarray(_report(model, context).classes) == context.digits().y_test).mean())


@fact(
    unit="fraction 0–1",
    of=(Blob,),
    sentence="{value:%} of the weight codes stand for zero, where {asked:%}",
)
def litert_zero_fraction(model: Plain, context: FactContext) -> float:
    """Return the fraction of weight codes (two or more dimensions) that stand for exact zero.

    A code stands for zero where it equals its zero point; pruning that was lost in the conversion shows here.

    Raises:
        FactError: it is no bytes. LiteRTError: they are no model that can be loaded and run.
    """
    return _report(model, context).zero_fraction


def _content(model: Plain) -> bytes:
    if not isinstance(model, Blob):
        raise KindError(f"expected the bytes of a LiteRT model, but it is {kind_of(model)}")
    return model.content


def _report(model: Plain, context: FactContext) -> Report:
    return inspect(_content(model), context.unseen)
