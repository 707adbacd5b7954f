"""The day on which torch removes `torch.ao.quantization`: what the other lessons take from it must still be there."""

from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.authoring.responding import run_response
from quizlib.judging.judge import judge
from quizlib.verify.subjects import subjects
from quizlib.zoo import eager, quiet

SOLUTIONS = Path(__file__).parents[2] / "solutions"


@pytest.mark.parametrize(
    ("lesson", "exercise"),
    [
        ("01-overview", "quantize-hidden"),
        ("01-overview", "compress"),
        ("03-quantization", "affine-parameters"),
        ("03-quantization", "quantize-per-channel"),
    ],
)
def test_exercises_that_used_it_are_solved_and_judged_without_it(lesson, exercise, monkeypatch):
    quiet.quiet()
    monkeypatch.setattr(eager, "legacy_module", lambda name: None)
    subject = subjects(read_lesson(SOLUTIONS, lesson))[exercise]
    sheet = subject.spec.grading_sheet(b"a secret of thirty-two characters")
    verdict = judge(sheet, run_response(subject.spec, subject.solution, sheet.probe))
    assert verdict.score == verdict.max_score
