"""One way in for every item: sheet and evidence in, verdict out."""

from __future__ import annotations

from quizlib.errors import EvidenceError
from quizlib.evidence.probe import Probe
from quizlib.evidence.values import Evidence
from quizlib.items.released import QuestionSheet, Sheet
from quizlib.judging.exercises import judge_exercise
from quizlib.judging.questions import judge_question
from quizlib.judging.verdict import Verdict


def judge(sheet: Sheet, evidence: Evidence) -> Verdict:
    """Return the verdict on `evidence` for the item of `sheet`; pure, and no learner code runs.

    Raises:
        EvidenceError: the evidence belongs to another item, or to another revision of this one.
    """
    probe = probe_of(sheet)
    if (evidence.item, evidence.revision) != (probe.item, probe.revision):
        raise EvidenceError(
            f"evidence of {evidence.item}, revision {evidence.revision}, cannot be judged by {probe.item}, "
            f"revision {probe.revision}; collect it with the release it belongs to."
        )
    if isinstance(sheet, QuestionSheet):
        return judge_question(sheet, evidence)
    return judge_exercise(sheet, evidence)


def probe_of(sheet: Sheet) -> Probe:
    """Return what to collect for an item; for a question, the answer itself."""
    if isinstance(sheet, QuestionSheet):
        question = sheet.question
        return Probe(question.id, question.revision, "answer", question.variable)
    return sheet.probe
