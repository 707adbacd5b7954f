"""No points without work, in grading: whole lessons are answered with what is none, and each exercise gives nothing.

The suite looks at a few exercises of each lesson under one secret, `make soak` at all of them under five.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from quizlib.authoring.texts import lesson_ids
from quizlib.evidence.values import Array, ZooModel
from quizlib.verify.depth import secret

from .alike import unlikeness
from .by_hand import BY_HAND
from .mutating import TIMES
from .shirking import GENERIC, SOLUTIONS, scores

IS_SOAK = TIMES > 1
SECRETS = [secret(at) for at in range(5 if IS_SOAK else 1)]

CHOSEN = {
    "01-overview": (
        "compress",
        "litert-int8",
        "prune-keras",
        "prune-layers",
        "quantize-hidden",
        "quantize-weight-only",
    ),
    "02-measure": ("choose-batch", "median-interval", "model-macs", "size-report"),
    "02b-complexity": ("power-law", "roofline"),
    "03-quantization": ("decibels-per-bit", "pack-codes", "quantize-affine", "round-trip-report", "symmetric-scale"),
    "03b-integer-networks": ("fold-batch-norm", "narrowest-bits", "overflow-count"),
    "04-torch-quantization": ("dynamic-codes", "left-float", "load-quantized", "quantize-lstm", "quantize-static"),
    "04b-torchao": ("migrate", "mixed-schemes", "stored-bytes"),
    "05-pruning": ("crepe-global", "masked-fine-tuning", "winning-ticket"),
    "05b-channel-pruning": ("remove-channels", "slim-crepe"),
    "05c-sparse-weights": ("crepe-wanda", "obs-prune"),
    "06-tfmot": ("resume-pruning", "tfmot-mask", "update-steps", "wrap-hidden"),
    "06b-litert": ("calibration-set", "compare-codes", "lost-by-class", "pick-file", "read-tensors"),
}
"""Exercises that the suite tries: all that once gave points for nothing, and others."""

PRUNED_BY_HAND = "zeros and the given model do not rest on training, and are as asked; the other criteria do"
CODED_BY_HAND = "codes, zeros and large weights that stay do not rest on training, and are as asked; the others do"

EARNED = {
    ("prune-keras", "and a step"): (3, PRUNED_BY_HAND),
    ("prune-keras", "trained before"): (3, PRUNED_BY_HAND),
    ("compress", "and a step"): (4, CODED_BY_HAND),
    ("compress", "trained before"): (4, CODED_BY_HAND),
}
"""What a response honestly earns, by exercise and kind, with the reason; all others earn nothing."""


@pytest.fixture(scope="module")
def graded():
    """The scores of responses to exercises of a lesson, from a process that has not run TensorFlow itself."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield lambda lesson: pool.submit(scores, lesson, () if IS_SOAK else CHOSEN[lesson], SECRETS).result()


@pytest.mark.proof
@pytest.mark.parametrize("lesson", lesson_ids(SOLUTIONS))
def test_what_is_no_work_earns_nothing_and_the_solution_all(graded, lesson):
    found = graded(lesson)
    assert set(CHOSEN[lesson]) <= set(found)
    for item, by_kind in found.items():
        [points] = by_kind.pop("points")
        assert by_kind.pop("solved") == [points] * len(SECRETS), item
        expected = {kind: EARNED.get((item, kind), (0, ""))[0] for kind in by_kind}
        assert {kind: max(scores) for kind, scores in by_kind.items()} == expected, item


def test_every_lesson_and_every_pruning_by_hand_is_tried():
    assert list(CHOSEN) == lesson_ids(SOLUTIONS)
    assert set(BY_HAND) <= {item for items in CHOSEN.values() for item in items}
    assert all(kind in BY_HAND[item] or kind in GENERIC for item, kind in EARNED)


def test_the_most_alike_of_cases_is_the_same_one_then_one_of_its_form():
    one, near, far = (Array(np.array(numbers), "float64") for numbers in ([1.0, 2.0], [1.0, 2.1], [9.0, -2.0]))
    other = Array(np.array([1.0, 2.0, 3.0]), "float64")
    found = [unlikeness([one, 4], [another, 4]) for another in (one, near, far, other)]
    assert found[0] == 0 < found[1] < found[2] < found[3] <= 1
    assert unlikeness(ZooModel("digits_mlp"), ZooModel("digits_mlp", seed=3)) < unlikeness(
        ZooModel("digits_mlp"), ZooModel("digits_cnn")
    )
    assert unlikeness({"bits": 4}, {"bits": 4}) == 0 == unlikeness((), ())
