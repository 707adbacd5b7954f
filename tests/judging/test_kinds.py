"""Every kind of plain value is known wherever one is looked at; the kinds are taken from `Plain` itself."""

import numpy as np
import pytest
import torch

from quizlib import zoo
from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.files import read_evidence, write_evidence
from quizlib.evidence.values import (
    KINDS,
    Blob,
    CaseEvidence,
    Evidence,
    KerasModel,
    QuantizedArray,
    SparseArray,
    TorchModel,
    Unreadable,
    walk,
)
from quizlib.items.exercise import Matches
from quizlib.judging.array_source import LONGEST
from quizlib.judging.compare import difference, same_result
from quizlib.judging.describing import can_be_typed, describe, kind_of
from tests.evidence.plain import PAIRS, same

RULES = (Matches(), Matches(rtol=0, atol=0, dtype=True, library=True, contiguous=True))

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@every_kind
def test_kind_has_two_examples_of_it(kind):
    assert [type(example) for example in PAIRS[kind]] == [kind, kind]


@every_kind
def test_kind_is_written_and_read_back(tmp_path, kind):
    cases = (CaseEvidence("public-0", PAIRS[kind][1]),)
    write_evidence(tmp_path, Evidence("any-item", 1, PAIRS[kind][0], cases))
    read = read_evidence(tmp_path, "any-item")

    assert same(read.response, PAIRS[kind][0])
    assert same(read.cases[0].output, PAIRS[kind][1])


@every_kind
def test_kind_is_walked_wherever_it_lies(kind):
    value = PAIRS[kind][0]

    assert next(walk(value)) is value
    assert any(part is value for part in walk([{"a": (value,)}]))


@every_kind
def test_kind_is_described_in_one_line_and_named(kind):
    value = PAIRS[kind][0]
    named, told = kind_of(value), describe(value)

    assert named
    assert told
    assert len(told) <= LONGEST
    assert "\n" not in named + told
    assert " object at 0x" not in named + told
    assert kind is type(None) or kind is bool or named.partition(" ")[0] in ("a", "an", "the", "text", "bytes")


@every_kind
def test_kind_that_can_be_typed_is_python_that_makes_it(kind):
    value = PAIRS[kind][0]
    if kind in (QuantizedArray, SparseArray, TorchModel, KerasModel, Blob, Unreadable):
        assert not can_be_typed(value)
    else:
        assert can_be_typed(value)
        made = encode(eval(describe(value, style="typed"), {"np": np, "torch": torch, "zoo": zoo}))
        assert same(made, encode(build(value)))


@every_kind
@pytest.mark.parametrize("rule", RULES)
def test_kind_does_not_differ_from_itself_read_back(tmp_path, kind, rule):
    write_evidence(tmp_path, Evidence("any-item", 1, PAIRS[kind][0]))

    assert difference(PAIRS[kind][0], read_evidence(tmp_path, "any-item").response, rule) is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not type(None)], ids=lambda kind: kind.__name__)
def test_another_of_its_kind_differs_in_words_that_tell_the_two_apart(kind):
    one, other = PAIRS[kind]
    told = difference(one, other, Matches())

    assert "the output" in told
    wanted, _, found = told.partition(", but it is ")
    assert wanted.removeprefix("the output should be ") != found
    assert same_result(CaseEvidence("a", one), CaseEvidence("a", one))
    assert same_result(CaseEvidence("a", one), CaseEvidence("a", other)) is (kind is Unreadable)


NUMBERS_AND_SEQUENCES = ({bool, int, float}, {list, tuple})
APART = [
    (kind, other)
    for kind in KINDS
    for other in KINDS
    if kind is not other and not any({kind, other} <= alike for alike in NUMBERS_AND_SEQUENCES)
]


@pytest.mark.parametrize(("kind", "other"), APART, ids=lambda kind: kind.__name__)
def test_two_kinds_are_told_apart_by_what_they_are(kind, other):
    told = difference(PAIRS[kind][0], PAIRS[other][1], Matches())

    assert told.startswith("the output should" if other is not Unreadable else "the output is an int that")
