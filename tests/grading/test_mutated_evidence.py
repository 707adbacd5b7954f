"""Whatever lies where evidence should, the judge gives a verdict on it: no exception, and no fault of ours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizlib.coursedir.course import Course
from quizlib.errors import EvidenceError
from quizlib.evidence.collect import collect
from quizlib.evidence.files import read_evidence, write_evidence
from quizlib.evidence.probe import read_probe
from quizlib.grading.judge.server import Judge
from quizlib.grading.processes.messages import JudgeItems, PrepareProbes

from .conftest import LESSON
from .mutating import CHANGES, mutated, some

RESPONSES = {
    "smallest-dtype": "C",
    "float-bytes": 4000,
    "quantize-codes": lambda x, scale: np.clip(np.round(x / scale), -128, 127).astype(np.int8),
    "size-table": {"float32": 4000, "int8": 1000},
}
PROPERLY = {"correct", "partial", "wrong", "invalid", "unanswered"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory, template):
    """A judge, a question to it for each item, and the two files of right evidence of each."""
    course, folder = Course.at(template), tmp_path_factory.mktemp("evidence")
    of = {"release": course.current_release, "lesson": LESSON, "code": "some code", "folder": folder}
    judge = Judge(course.root)
    judge.answer(PrepareProbes(**of, items=tuple(RESPONSES)))
    real = {}
    for item, response in RESPONSES.items():
        write_evidence(folder, collect(read_probe(folder, item), response))
        packed = folder / f"{item}.safetensors"
        real[item] = (folder / f"{item}.json").read_bytes(), packed.read_bytes() if packed.exists() else b""
    return folder, lambda item: judge.answer(JudgeItems(**of, items={item: None})).verdicts[0], real


def judged(asked, item, document, packed):
    folder, verdict_of, _ = asked
    (folder / f"{item}.json").write_bytes(document)
    (folder / f"{item}.safetensors").write_bytes(packed)
    try:
        read_evidence(folder, item)
    except EvidenceError:
        assert verdict_of(item).status == "invalid"
    verdict = verdict_of(item)
    assert verdict.status in PROPERLY, verdict.summary
    assert 0 <= verdict.score <= verdict.max_score
    verdict.model_dump_json()
    return verdict


def test_the_evidence_that_is_mutated_is_right(asked):
    for item, (document, packed) in asked[2].items():
        assert judged(asked, item, document, packed).status == "correct"


SOME = some(150)


@SOME
@given(item=st.sampled_from(sorted(RESPONSES)), changes=CHANGES)
def test_mutated_evidence_is_invalid_or_judged(asked, item, changes):
    document, packed = asked[2][item]
    judged(asked, item, mutated(document, changes), packed)


@SOME
@given(item=st.sampled_from(sorted(RESPONSES)), document=st.binary(), packed=st.binary())
def test_random_bytes_are_invalid(asked, item, document, packed):
    assert judged(asked, item, document, packed).status == "invalid"


@SOME
@given(at=st.integers(0, 5_000), put=st.binary(max_size=12), cut=st.integers(0, 12))
def test_arrays_with_bytes_changed_are_invalid_or_judged(asked, at, put, cut):
    document, packed = asked[2]["quantize-codes"]
    at %= len(packed) + 1
    judged(asked, "quantize-codes", document, packed[:at] + put + packed[at + cut :])
