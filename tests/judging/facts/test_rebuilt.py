import numpy as np
import pytest

from quizlib import zoo
from quizlib.errors import FactError, QuizError
from quizlib.evidence.encode import encode
from quizlib.judging.facts.arrays import stored
from tests.judging.facts.models import changed_mlp, coded, dense, fact, holding


def with_weight(value):
    tensors = dict(stored(encode(zoo.build("digits_mlp"))))
    return holding(**{**tensors, "output.bias": value})


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (dense(np.zeros(3)), "has shape"),
        (dense(np.zeros(10), np.int8), "has dtype int8"),
        (dense(np.full(10, 1e300), np.float64), "beyond the range of float32"),
        (coded(np.zeros((2, 5)), [[1.0]]), "has shape"),
    ],
)
def test_weight_that_does_not_fit_the_architecture_is_told_in_words(value, told):
    with pytest.raises(QuizError, match=told):
        fact("accuracy", with_weight(value))


def test_weights_whose_logits_overflow_are_told_in_words():
    model = changed_mlp(lambda named: [named[name].fill_(3e38) for name in ("hidden1.weight", "hidden2.weight")])

    with pytest.raises(QuizError, match="NaN or infinite"):
        fact("accuracy", model)


def test_model_that_lacks_weights_cannot_be_rebuilt():
    with pytest.raises(FactError, match=r"the model has no hidden1\.bias, .*; it cannot be rebuilt"):
        fact("accuracy", holding(**{"output.bias": dense(np.zeros(10))}))
