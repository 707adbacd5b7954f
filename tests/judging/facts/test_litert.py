import numpy as np
import pytest

from quizlib import zoo
from quizlib.errors import FactError, LiteRTError
from quizlib.evidence.values import Blob
from quizlib.judging.facts.registry import FACTS
from tests.judging.facts.models import fact


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("float", {"litert_input_dtype": "float32", "litert_int8_weights": 0, "litert_float_weights": 3}),
        ("dynamic", {"litert_input_dtype": "float32", "litert_int8_weights": 3, "litert_float_weights": 0}),
        ("integer", {"litert_output_dtype": "int8", "litert_int8_weights": 3, "litert_float_tensors": 0}),
    ],
)
def test_dtypes_are_those_it_was_converted_to(flatbuffers, name, found):
    assert {fact_name: fact(fact_name, Blob(flatbuffers[name])) for fact_name in found} == found


def test_accuracy_of_the_float_model_is_that_of_keras(flatbuffers):
    digits = zoo.load_digits()
    predicted = zoo.build("digits_mlp_keras")(digits.x_test).numpy().argmax(1)

    assert fact("litert_accuracy", Blob(flatbuffers["float"])) == np.mean(predicted == digits.y_test)
    assert fact("litert_accuracy", Blob(flatbuffers["integer"])) > 0.95


def test_integers_take_a_quarter_of_the_bytes(flatbuffers):
    sizes = {name: fact("litert_size_bytes", Blob(content)) for name, content in flatbuffers.items()}

    assert sizes["float"] == len(flatbuffers["float"])
    assert sizes["integer"] < 0.35 * sizes["float"]


@pytest.mark.parametrize("name", sorted(name for name in FACTS if name.startswith("litert")))
def test_what_is_no_bytes_is_told_in_words(name):
    with pytest.raises(FactError, match="expected the bytes of a LiteRT model, but it is None"):
        fact(name, None)


def test_bytes_that_are_no_model_are_told_apart_from_a_fact_that_does_not_hold():
    with pytest.raises(LiteRTError):
        fact("litert_accuracy", Blob(b"TFL3"))
