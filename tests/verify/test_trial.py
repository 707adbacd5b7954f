import math
import sys
from dataclasses import replace

import numpy as np
import pytest

from quizlib.authoring.course import read_lesson
from quizlib.errors import SpecError
from quizlib.evidence.collect import collect
from quizlib.judging.exercises import judge_exercise
from quizlib.verify import trial
from quizlib.verify.depth import secret
from quizlib.verify.forked import Limits
from quizlib.verify.subjects import subjects
from quizlib.verify.trial import Papers, Stage, in_practice

HEAD = "def quantize_codes(x, scale):\n"


@pytest.fixture
def sample(course):
    return subjects(read_lesson(course, "90-sample"))


@pytest.fixture
def subject(sample):
    return sample["quantize-codes"]


@pytest.fixture
def papers(subject):
    return Papers.of(subject.spec, [secret(0), secret(1)])


def test_there_is_a_sheet_for_each_secret_and_one_of_practice(papers):
    assert len(papers.graded) == 2
    assert [len(sheet.probe.cases) for sheet in papers.graded] == [5, 5]
    assert len(papers.practice.probe.cases) == 3


def test_evidence_is_what_a_kernel_collects(subject, papers):
    taken = Stage.of(subject.spec).run(subject.solution, papers.graded)

    scope = {"np": np}
    exec(subject.solution, scope)
    for sheet, evidence in zip(papers.graded, taken.evidence, strict=True):
        collected = collect(sheet.probe, scope["quantize_codes"])
        assert [case.case for case in evidence.cases] == [case.case for case in collected.cases]
        for one, other in zip(evidence.cases, collected.cases, strict=True):
            np.testing.assert_array_equal(one.output.values, other.output.values)
    assert taken.seconds > 0


def test_code_is_run_anew_for_each_sheet(subject, papers):
    counting = f"calls = []\n{HEAD}    calls.append(x)\n    return np.full(x.shape, len(calls), np.int8)\n"
    taken = Stage.of(subject.spec).run(counting, papers.graded)

    firsts = [evidence.cases[0].output.values for evidence in taken.evidence]
    np.testing.assert_array_equal(firsts[0], firsts[1])


def test_what_asks_the_same_under_every_secret_is_asked_once(sample, tmp_path):
    subject, log = sample["size-table"], tmp_path / "log"
    source = f"open({str(log)!r}, 'a').write('run')\n{subject.solution}"
    sheets = Papers.of(subject.spec, [secret(0), secret(1), secret(2)]).graded
    taken = Stage.of(subject.spec).run(source, sheets)

    assert log.read_text() == "run"
    assert [judge_exercise(sheet, one).score for sheet, one in zip(sheets, taken.evidence, strict=True)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("    while True: pass", "it took longer than it may."),
        ("    import os; os._exit(1)", "its process died."),
        ("    return np.ones((1 << 20, 1 << 20))[:0]", None),
    ],
)
def test_code_that_does_not_come_back_gives_a_problem_and_no_points(subject, papers, body, problem, monkeypatch):
    monkeypatch.setattr(trial, "QUICK", Limits(seconds=3, memory=4 << 30))
    taken = Stage.of(subject.spec).run(HEAD + body, papers.graded)

    assert [evidence.problem for evidence in taken.evidence] == [problem] * 2
    assert math.isinf(taken.seconds) == (problem is not None)
    verdicts = [judge_exercise(sheet, one) for sheet, one in zip(papers.graded, taken.evidence, strict=True)]
    assert [verdict.score for verdict in verdicts] == [0, 0]


def test_what_code_prints_past_python_is_heard_nowhere(subject, papers, capfd):
    loud = f"import os\nos.write(1, b'out'); os.write(2, b'err'); print('out')\n{subject.solution}"
    Stage.of(subject.spec).run(loud, papers.graded)

    assert capfd.readouterr() == ("", "")


def test_setup_that_fails_is_no_fault_of_the_code(subject, papers):
    broken = replace(subject.spec, setup="import numpy as np\n1 // 0")

    with pytest.raises(SpecError, match="the setup of quantize-codes fails: ZeroDivisionError"):
        Stage.of(broken).run(subject.solution, papers.graded)


def test_evidence_of_practice_has_the_public_cases_alone_and_is_judged_as_a_learners(subject, papers):
    (evidence, _) = Stage.of(subject.spec).run(subject.solution, papers.graded).evidence
    shown = in_practice(evidence, papers.practice)

    assert [case.case for case in shown.cases] == ["public-0", "public-1", "public-2"]
    assert judge_exercise(papers.practice, shown).status == "correct"


@pytest.mark.parametrize("setup", ["import no_such_module_anywhere", "1 +"])
def test_setup_whose_libraries_cannot_be_imported_is_told(subject, setup):
    with pytest.raises(SpecError, match="the setup of quantize-codes fails"):
        Stage.of(replace(subject.spec, setup=setup))


def test_libraries_of_a_setup_are_imported_and_nothing_else_of_it_is_run(subject, monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    Stage.of(replace(subject.spec, setup="import colorsys\nfrom json import dumps\nraise SystemExit"))

    assert "colorsys" in sys.modules
