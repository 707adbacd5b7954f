"""How well a model's predictions fit the labels, or another model's predictions."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures._arguments import (
    finite_array,
    integer_array,
    real_array,
    require_same_shape,
)


def accuracy(logits: ArrayLike, labels: ArrayLike) -> float:
    """Return the fraction of examples whose largest logit is that of the label; of equal logits the first counts.

    Args:
        logits: Scores, finite, shape (N, C); probabilities do as well.
        labels: Class numbers, whole, 0..C - 1, shape (N,).

    Returns:
        A fraction in 0..1.

    Raises:
        ArgumentError: A label that is no class, or NaN, infinite or non-numeric values.
        ShapeError: Other shapes.

    >>> accuracy([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]], [0, 1, 1])
    0.6666666666666666
    """
    scores, classes = _scores_and_labels(logits, labels)
    return float((scores.argmax(axis=1) == classes).mean())


def agreement(logits_a: ArrayLike, logits_b: ArrayLike) -> float:
    """Return the fraction of examples on which two models choose the same class, right or wrong.

    Two models of equal accuracy can differ on many examples; a deployed copy should agree with its original.

    Args:
        logits_a: Scores of one model, finite, shape (N, C).
        logits_b: Scores of the other on the same examples, shape (N, C).

    Returns:
        A fraction in 0..1.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, or are not (N, C).

    >>> agreement([[2.0, 1.0], [0.0, 3.0]], [[5.0, 4.0], [1.0, 0.0]])
    0.5
    """
    a, b = finite_array("logits_a", logits_a), finite_array("logits_b", logits_b)
    require_same_shape("logits_a", a, "logits_b", b)
    if a.ndim != 2:
        raise ShapeError(f"logits_a has shape {a.shape}; pass scores of shape (examples, classes).")
    return float((a.argmax(axis=1) == b.argmax(axis=1)).mean())


def perplexity(logits: ArrayLike, targets: ArrayLike) -> float:
    """Return the perplexity of a language model, exp of the mean negative log-likelihood of the target tokens.

    perplexity = exp(-mean(log_softmax(logits)[target])), natural logarithms; uniform guesses among V tokens give V.

    Args:
        logits: Scores before softmax, finite, shape (..., V).
        targets: The tokens that came next, whole, 0..V - 1, shape (...).

    Returns:
        At least 1.0; inf when the mean is beyond float64's range.

    Raises:
        ArgumentError: A target that is no token, or NaN, infinite or non-numeric values.
        ShapeError: Other shapes.

    Source: Jurafsky and Martin, "Speech and Language Processing", section 3.3.

    >>> round(perplexity([[0.0, 0.0, 0.0, 0.0]], [2]), 6)
    4.0
    """
    scores = real_array("logits", logits)
    if scores.ndim == 0:
        raise ShapeError("logits is a single number; pass scores of shape (..., vocabulary).")
    tokens = integer_array("targets", targets)
    flat, wanted = _scores_and_labels(scores.reshape(-1, scores.shape[-1]), tokens.reshape(-1), "targets")
    if tokens.shape != scores.shape[:-1]:
        raise ShapeError(f"targets has shape {tokens.shape}, but logits has {scores.shape}; pass one target per row.")
    with np.errstate(over="ignore"):
        shifted = flat - flat.max(axis=1, keepdims=True)  # softmax does not change, and exp cannot overflow
        log_likelihood = shifted[np.arange(len(wanted)), wanted] - np.log(np.exp(shifted).sum(axis=1))
        return float(np.exp(-log_likelihood.mean()))


def _scores_and_labels(
    logits: ArrayLike, labels: ArrayLike, name: str = "labels"
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    scores, classes = real_array("logits", logits), integer_array(name, labels)
    if scores.ndim != 2 or classes.shape != scores.shape[:1]:
        raise ShapeError(
            f"logits has shape {scores.shape} and {name} has shape {classes.shape}; pass (N, C) and (N,), one "
            "class number per example."
        )
    outside = (classes < 0) | (classes >= scores.shape[1])
    if outside.any():
        raise ArgumentError(
            f"{name} has {int(outside.sum())} values outside 0..{scores.shape[1] - 1}, such as "
            f"{int(classes[outside][0])}; pass numbers of the {scores.shape[1]} classes."
        )
    return scores, classes
