import numpy as np
import pytest

from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches, Raises, ZooModel
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, Failure
from quizlib.judging.showing import case_size, raised, show_case

SPEC = ExerciseSpec(
    id="halve-it",
    lesson="01-overview",
    title="Halve",
    response="function",
    name="halve",
    criteria=(
        Criterion(id="typical", text="Halves", points=4, requirement=Matches()),
        Criterion(id="refuses", text="Refuses", points=1, requirement=Raises(types=("TypeError", "ValueError"))),
    ),
    reference=lambda x, by=2: x / by,
    public=(Case("typical", np.array([4.0]), by=4), Case("refuses", "text")),
    private=lambda generator: [],
)


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (
            CaseEvidence("public-0", 3.0),
            ("halve([4.] (float64, shape (1,)), by=4)", "[1.] (float64, shape (1,))", "3"),
        ),
        (CaseEvidence("public-1", None), ("halve('text')", "TypeError or ValueError", "None")),
        (
            CaseEvidence("public-1", None, Failure("KeyError", (), "'x'")),
            ("halve('text')", "TypeError or ValueError", "KeyError: 'x'"),
        ),
    ],
)
def test_case_is_told_by_call_expectation_and_result(got, told):
    shown = show_case(SPEC.public_sheet(), got)

    assert (shown.call, shown.expected, shown.got) == told


def test_what_is_raised_is_told_without_an_empty_message():
    assert raised(Failure("StopIteration", (), "")) == "raised StopIteration"
    assert raised(Failure("ValueError", (), "no")) == "raised ValueError: no"


@pytest.mark.parametrize(
    ("case", "smaller_than"),
    [
        (ProbeCase("a", (encode(np.zeros(3)),)), ProbeCase("b", (encode(np.zeros(4)),))),
        (ProbeCase("a", ([1, 2],)), ProbeCase("b", ([1, 2, 3],))),
        (ProbeCase("a", (1,)), ProbeCase("b", (1,), {"by": 2})),
        (None, ProbeCase("a", (ZooModel("digits_mlp"),))),
    ],
)
def test_case_of_fewer_numbers_is_smaller(case, smaller_than):
    assert case_size(case) < case_size(smaller_than)
