"""Prove the grader of an exercise on its reference solution, its stub and its attempts."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quizlib.authoring.attempts import Attempt
from quizlib.authoring.course import with_recognised
from quizlib.authoring.responding import run_response
from quizlib.authoring.spec import ExerciseSpec
from quizlib.errors import EvidenceError
from quizlib.evidence.files import read_evidence, write_evidence
from quizlib.evidence.values import Evidence
from quizlib.items.released import ExerciseSheet
from quizlib.judging.exercises import judge_exercise
from quizlib.judging.verdict import Verdict
from quizlib.verify.corpus import corpus_problems
from quizlib.verify.draws import draw_problems
from quizlib.verify.report import LessonReport

SECRETS = (b"verify-0", b"verify-1", b"verify-2")
"""Secrets from which verify draws private probes; a grader must decide alike under all of them."""


@dataclass(frozen=True, eq=False)
class Subject:
    """An exercise with everything that verify runs: solution, stub and attempts."""

    spec: ExerciseSpec
    solution: str
    stub: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, eq=False)
class Ran:
    """A piece of code that was run: its label, and evidence and sheet under each secret."""

    label: str
    attempt: Attempt | None
    evidence: tuple[tuple[ExerciseSheet, Evidence], ...]

    def lost(self) -> list[frozenset[str]]:
        """Return, for each secret, the criteria that are not met."""
        return [lost_criteria(judge_exercise(sheet, evidence)) for sheet, evidence in self.evidence]


def lost_criteria(verdict: Verdict) -> frozenset[str]:
    """Return the ids of the criteria that a verdict finds not met."""
    return frozenset(line.id for line in verdict.criteria if not line.is_met)


def run_exercise(subject: Subject) -> list[Ran]:
    """Run solution, stub and attempts, the right ones under every secret, the others under the first.

    Mistakes are run on the public cases alone too, as a learner's card sees them. Without private cases every secret
    asks the same, which is asked once, a training or a conversion takes a second; what it is judged on differs.
    """
    spec = with_recognised(subject.spec, list(subject.attempts))
    public = spec.public_sheet()
    sheets = [spec.grading_sheet(secret) for secret in SECRETS]
    mistaken = list(dict.fromkeys([sheets[0], public]))
    ran = [_ran("solution", None, spec, subject.solution, sheets), _ran("stub", None, spec, subject.stub, sheets[:1])]
    for attempt in subject.attempts:
        ran.append(_ran(attempt.label, attempt, spec, attempt.source, sheets if attempt.is_right else mistaken))
    return ran


def _ran(label: str, attempt: Attempt | None, spec: ExerciseSpec, source: str, sheets: list[ExerciseSheet]) -> Ran:
    if spec.private is None:
        evidence = crossed(run_response(spec, source, sheets[0].probe))
        return Ran(label, attempt, tuple((sheet, evidence) for sheet in sheets))
    pairs = tuple((sheet, crossed(run_response(spec, source, sheet.probe))) for sheet in sheets)
    return Ran(label, attempt, pairs)


def crossed(evidence: Evidence) -> Evidence:
    """Return evidence as the judge reads it: written to files, and read back with every check."""
    with tempfile.TemporaryDirectory() as folder:
        write_evidence(Path(folder), evidence)
        try:
            return read_evidence(Path(folder), evidence.item)
        except EvidenceError as error:
            return Evidence(evidence.item, evidence.revision, problem=str(error))


def judge_all(subject: Subject, ran: Sequence[Ran]) -> LessonReport:
    """Return the report on what was run; nothing is run again."""
    report, spec = LessonReport(), subject.spec
    report.exercises.total, report.exercises.points = 1, spec.points
    found = corpus_problems(spec, subject.attempts)
    for one in ran:
        if one.label == "solution":  # which is run under every secret
            found += draw_problems(spec, [sheet for sheet, _ in one.evidence])
    report.problems += [f"exercise {spec.id}: {problem}" for problem in found]
    for one in ran:
        problems = _judge_own(report, one) if one.attempt is None else _judge_attempt(report, one, one.attempt)
        report.problems += [f"exercise {spec.id}: {problem}" for problem in problems]
    return report


def _judge_own(report: LessonReport, one: Ran) -> list[str]:
    if one.label == "solution":
        lost = frozenset().union(*one.lost())
        report.exercises.reference_full += not lost
        reasons = "; ".join(_reasons(one))
        return [f"the reference solution loses {_listed(lost)} ({reasons})."] if lost else []
    verdict = judge_exercise(*one.evidence[0])
    report.exercises.stub_zero += verdict.score == 0
    return [f"the untouched stub gets {verdict.score:g} points."] if verdict.score else []


def _reasons(one: Ran) -> list[str]:
    verdicts = [judge_exercise(sheet, evidence) for sheet, evidence in one.evidence]
    lines = [line.message for verdict in verdicts for line in verdict.criteria if not line.is_met]
    return list(dict.fromkeys(message for message in [*lines, *(v.summary for v in verdicts)] if message))[:2]


def _judge_attempt(report: LessonReport, one: Ran, attempt: Attempt) -> list[str]:
    if attempt.is_right:
        return _judge_right(report, one)
    lost, counts = lost_criteria(judge_exercise(*one.evidence[0])), report.attempts
    told = f"the attempt '{one.label}' loses {_listed(lost)}, its label says {_listed(attempt.loses)}."
    problems = [] if lost == attempt.loses else [told]
    if attempt.is_wrong:
        counts.wrong += 1
        counts.caught += lost == attempt.loses
        if attempt.variant == 2:
            counts.second_variants += 1
            counts.named += named(one) == attempt.misconception
        return problems
    counts.decoys += 1
    if named(one) == attempt.misconception:
        counts.accused += 1
        problems.append(f"the card accuses the attempt '{one.label}' of {attempt.misconception}, which it is not.")
    return problems


def _judge_right(report: LessonReport, one: Ran) -> list[str]:
    lost = frozenset().union(*one.lost())
    report.attempts.right += 1
    report.attempts.passed += not lost
    return [f"the attempt '{one.label}' loses {_listed(lost)} ({'; '.join(_reasons(one))})."] if lost else []


def named(one: Ran) -> str | None:
    """Return the misconception that the learner's card names, judged on public cases alone."""
    misconception = judge_exercise(*one.evidence[-1]).misconception
    return None if misconception is None else misconception.id


def _listed(criteria: frozenset[str]) -> str:
    return ", ".join(sorted(criteria)) or "nothing"
