"""What is asked of an exercise and what was found, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import CaseEvidence, Evidence, Plain
from quizlib.items.exercise import Criterion
from quizlib.items.released import ExerciseSheet


@dataclass(frozen=True, eq=False)
class Finding:
    """Why a criterion is not met: a sentence, and the case that shows it, if a case does.

    `is_unshown` where nothing speaks against the response, and too little for it: it left its inputs alone, and did
    nothing else. `is_of_response` where the case lends its inputs only, and it is the response that is measured.
    """

    sentence: str
    case: str | None = None
    is_unshown: bool = False
    is_of_response: bool = False


@dataclass(frozen=True, eq=False)
class Bench:
    """The sheet and the evidence side by side, by case; `model` is the response itself where it is what is judged."""

    sheet: ExerciseSheet
    evidence: Evidence
    got: Mapping[str, CaseEvidence]
    inputs: Mapping[str, ProbeCase]
    model: Plain

    @classmethod
    def of(cls, sheet: ExerciseSheet, evidence: Evidence) -> Bench:
        """Lay out what was asked for; results that a kernel adds of its own count for nothing."""
        inputs = {case.id: case for case in sheet.probe.cases}
        asked = {*inputs, *sheet.exercise.behaviours}
        got = {case.case: case for case in evidence.cases if case.case in asked}
        return cls(sheet, evidence, got, inputs, judged_model(sheet, evidence))

    def cases_of(self, criterion: Criterion) -> list[str]:
        """Return the ids of the cases of a criterion, public ones first."""
        return sorted(self.sheet.exercise.cases_of(criterion), key=lambda name: name not in self.sheet.public)


def judged_model(sheet: ExerciseSheet, evidence: Evidence) -> Plain:
    """Return the response where facts are measured on it; None where they are measured on outputs."""
    return evidence.response if RESPONSES[sheet.exercise.response].facts_on == "response" else None
