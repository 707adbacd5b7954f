import pytest

from quizlib.evidence.values import KerasLayer, KerasModel
from quizlib.judging.facts.registry import FactError
from tests.judging.facts.models import dense, fact

KERNEL = dense([[1.0]])
PLAIN = KerasLayer("output", "Dense", "", {}, {"kernel": KERNEL, "bias": KERNEL})
WRAPPED = KerasLayer(
    "prune_low_magnitude_hidden1",
    "PruneLowMagnitude",
    "Dense",
    {},
    dict.fromkeys(("kernel", "mask", "threshold", "mask_1", "threshold_1", "pruning_step"), KERNEL),
)


def test_wrappers_and_their_variables_are_counted():
    assert fact("wrappers_left", KerasModel((PLAIN, WRAPPED))) == 1
    assert fact("mask_variables", KerasModel((PLAIN, WRAPPED))) == 5


def test_plain_model_has_none():
    assert fact("wrappers_left", KerasModel((PLAIN,))) == 0
    assert fact("mask_variables", KerasModel((PLAIN,))) == 0


@pytest.mark.parametrize("name", ["wrappers_left", "mask_variables"])
def test_what_is_no_keras_model_is_told_in_words(name):
    with pytest.raises(FactError, match="expected a Keras model"):
        fact(name, [PLAIN])
