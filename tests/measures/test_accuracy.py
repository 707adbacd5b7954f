import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from sklearn import metrics

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import accuracy, agreement, perplexity

LOGITS = npst.arrays(np.float64, (6, 4), elements=st.floats(-50, 50, allow_subnormal=False))
LABELS = npst.arrays(np.int64, 6, elements=st.integers(0, 3))


def test_equal_logits_count_for_the_first_class_only():
    assert accuracy([[1.0, 1.0]], [0]) == 1.0
    assert accuracy([[1.0, 1.0]], [1]) == 0.0


@given(LOGITS, LABELS)
def test_accuracy_equals_scikit_learn(logits, labels):
    assert accuracy(logits, labels) == pytest.approx(metrics.accuracy_score(labels, logits.argmax(axis=1)))


def test_accuracy_of_three_right_in_four():
    assert accuracy(np.eye(4), [0, 1, 2, 0]) == 0.75


def test_agreement_asks_for_the_same_choice_right_or_wrong():
    a = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    b = [[9.0, 8.0], [0.0, 1.0], [0.0, 0.1]]
    assert agreement(a, b) == pytest.approx(2 / 3)


def test_two_models_of_equal_accuracy_can_disagree_everywhere():
    a, b, labels = [[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]], [0, 1]
    assert accuracy(a, labels) == accuracy(b, labels) == 0.5
    assert agreement(a, b) == 0.0


@given(LOGITS, LOGITS)
def test_agreement_is_symmetric_and_full_with_itself(a, b):
    assert agreement(a, b) == agreement(b, a) == accuracy(a, b.argmax(axis=1))
    assert agreement(a, a) == 1.0


@given(LOGITS, LABELS)
def test_perplexity_equals_torch_cross_entropy(logits, labels):
    loss = torch.nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels)).item()
    assert perplexity(logits, labels) == pytest.approx(math.exp(loss))
    assert perplexity(logits.reshape(2, 3, 4), labels.reshape(2, 3)) == perplexity(logits, labels)


def test_perplexity_of_a_uniform_guess_is_the_vocabulary():
    assert perplexity(np.zeros((5, 7)), [0, 1, 2, 3, 4]) == pytest.approx(7.0)


def test_perplexity_of_a_sure_and_right_model_is_one_and_of_a_wrong_one_infinite():
    assert perplexity([[1000.0, 0.0]], [0]) == 1.0
    assert perplexity([[1000.0, 0.0]], [1]) == math.inf
    assert perplexity([[1.7e308, -1.7e308]], [1]) == math.inf


@pytest.mark.parametrize("labels", [[0, 2], [-1, 0]])
def test_a_label_that_is_no_class_is_refused(labels):
    with pytest.raises(ArgumentError, match=r"labels has 1 values outside 0\.\.1, such as"):
        accuracy(np.zeros((2, 2)), labels)


@pytest.mark.parametrize(
    ("logits", "labels"),
    [(np.zeros(3), [0, 0, 0]), (np.zeros((3, 2)), [0, 0]), (np.zeros((2, 2)), np.eye(2)), (np.zeros((1, 2)), 0)],
)
def test_other_shapes_than_n_c_and_n_are_refused(logits, labels):
    with pytest.raises(ShapeError, match=r"pass \(N, C\) and \(N,\)"):
        accuracy(logits, labels)


def test_agreement_and_perplexity_refuse_other_shapes():
    with pytest.raises(ShapeError, match="logits_a has shape"):
        agreement([1.0], [1.0])
    with pytest.raises(ShapeError, match=r"targets has shape \(6,\), but logits has \(2, 3, 4\)"):
        perplexity(np.zeros((2, 3, 4)), np.zeros(6, int))
    with pytest.raises(ShapeError, match="logits is a single number"):
        perplexity(1.0, 0)


def test_nan_logits_are_refused():
    with pytest.raises(ArgumentError, match="logits has 1 NaN"):
        accuracy([[float("nan"), 1.0]], [0])
