"""Rows that a converted graph reads alike on every processor: no value of theirs lies on a border between two codes."""

import sys
from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.authoring.spec import generator

pytestmark = [
    pytest.mark.proof,
    pytest.mark.filterwarnings("ignore"),  # libraries warn of their own age when they convert a model
]


@pytest.fixture(scope="module")
def spec():
    return read_lesson(Path(__file__).parents[2] / "solutions", "04b-torchao").exercises["graph-logits"]


@pytest.fixture(scope="module")
def module(spec):
    return sys.modules[spec.reference.__module__]


def test_every_row_that_is_served_is_settled(spec, module):
    for case in [*spec.public, *spec.private(generator(b"a class", spec.id))]:
        assert module.settled(*case.arguments).all()


def test_rows_on_a_border_are_found(spec, module):
    given, examples, kept, _ = spec.public[0].arguments
    images = module.rows_of("digits_cnn", "val", [0, 16, 32])

    assert module.settled(given, examples, kept, images).tolist() == [True, False, False]
