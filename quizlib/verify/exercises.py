"""Prove the grader of an exercise on its reference solution, its stub and its attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quizlib.authoring.accepted import AcceptedMutant
from quizlib.authoring.attempts import Attempt
from quizlib.authoring.course import Recognised, recognised_by_results, remember
from quizlib.authoring.spec import ExerciseSpec
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import Evidence
from quizlib.items.released import ExerciseSheet
from quizlib.judging.beside import all_lost
from quizlib.judging.exercises import judge_exercise
from quizlib.judging.verdict import Verdict
from quizlib.verify.corpus import corpus_problems
from quizlib.verify.depth import QUICK, Depth
from quizlib.verify.draws import draw_problems
from quizlib.verify.report import LessonReport, unnamed
from quizlib.verify.trial import Papers, Stage, in_practice

CHEAP = 0.02
"""Seconds that code may take with its setup, for one sheet, to be run under many secrets."""


@dataclass(frozen=True, eq=False)
class Subject:
    """An exercise with everything that verify runs: solution, stub and attempts.

    Beside that are the mutants that it accepts, and the text of its task.
    """

    spec: ExerciseSpec
    solution: str
    stub: str
    attempts: tuple[Attempt, ...]
    accepted: tuple[AcceptedMutant, ...] = ()
    task: str = ""


@dataclass(frozen=True, eq=False)
class Ran:
    """A piece of code that was run: its label, evidence and sheet under each secret, and the sheet of practice."""

    label: str
    attempt: Attempt | None
    evidence: tuple[tuple[ExerciseSheet, Evidence], ...]
    practice: ExerciseSheet

    def verdicts(self) -> list[Verdict]:
        """Return the verdict under each secret."""
        return [judge_exercise(sheet, evidence) for sheet, evidence in self.evidence]

    def in_practice(self) -> Verdict:
        """Return the verdict that the learner's card shows, on public cases alone."""
        return judge_exercise(self.practice, in_practice(self.evidence[0][1], self.practice))


def lost_criteria(verdict: Verdict) -> frozenset[str]:
    """Return the ids of the criteria that a verdict finds not met."""
    return frozenset(line.id for line in verdict.criteria if not line.is_met)


def run_exercise(subject: Subject, depth: Depth = QUICK) -> list[Ran]:
    """Run solution, stub and attempts, and return what they gave, with the sheets of each secret.

    Sheets know the mistakes whose results tell them, as a release does.

    Raises:
        SpecError: the setup fails, or the spec breaks a rule.
    """
    spec, stage = subject.spec, Stage.of(subject.spec)
    papers = Papers.of(spec, depth.first_secrets())
    runs: list[tuple[str, Attempt | None, str]] = [
        ("solution", None, subject.solution),
        ("stub", None, subject.stub),
        *((attempt.label, attempt, attempt.source) for attempt in subject.attempts),
    ]
    taken = [stage.run(source, papers.graded) for _, _, source in runs]
    evidence, graded = [list(one.evidence) for one in taken], list(papers.graded)
    # Drawn for all of them: a draw that fails or never ends under some secret is found before a class has that secret.
    more = Papers.of(spec, depth.more_secrets()).graded if RESPONSES[spec.response].is_judged_by_calls else ()
    if more and taken[0].seconds < CHEAP:
        for at, (_, _, source) in enumerate(runs):
            evidence[at] += stage.run(source, more).evidence if taken[at].seconds < CHEAP else ()
        graded += more
    known = {id(attempt): one for (_, attempt, _), one in zip(runs, evidence, strict=True)}
    recognised = _recognised(subject, papers.practice, {key: one[0] for key, one in known.items()})
    sheets = [replace(sheet, recognised=recognised) for sheet in graded]
    practice = replace(papers.practice, recognised=recognised)
    return [
        Ran(label, attempt, tuple(zip(sheets, found, strict=False)), practice)  # a slow one has fewer
        for (label, attempt, _), found in zip(runs, evidence, strict=True)
    ]


def _recognised(subject: Subject, practice: ExerciseSheet, evidence: Mapping[int, Evidence]) -> Recognised:
    """Return the results on public cases by which mistakes are known, from the evidence by attempt."""
    recognised: Recognised = dict(subject.spec.recognised)
    for attempt in recognised_by_results(subject.spec, subject.attempts):
        remember(recognised, attempt, in_practice(evidence[id(attempt)], practice))
    return recognised


def judge_all(subject: Subject, ran: Sequence[Ran]) -> LessonReport:
    """Return the report on what was run; nothing is run again."""
    report, spec = LessonReport(), subject.spec
    report.exercises.total, report.exercises.points = 1, spec.points
    sheets = [sheet for sheet, _ in ran[0].evidence]  # of the solution, which is run under every secret
    found = [*corpus_problems(spec, subject.attempts), *draw_problems(spec, sheets)]
    report.problems += [f"exercise {spec.id}: {problem}" for problem in found]
    for one in ran:
        problems = _judge_own(report, one) if one.attempt is None else judge_attempt(report, one, one.attempt)
        report.problems += [f"exercise {spec.id}: {problem}" for problem in problems]
    report.problems += [f"exercise {spec.id}: {problem}" for problem in unnamed(report)]
    return report


def _judge_own(report: LessonReport, one: Ran) -> list[str]:
    verdicts = one.verdicts()
    if one.label == "solution":
        lost = frozenset[str]().union(*map(lost_criteria, verdicts))
        report.exercises.reference_full += not lost
        return [f"the reference solution loses {_listed(lost)} ({_reasons(verdicts)})."] if lost else []
    best = max(verdict.score for verdict in verdicts)
    report.exercises.stub_zero += best == 0
    return [f"the untouched stub gets {best:g} points."] if best else []


def _reasons(verdicts: Sequence[Verdict]) -> str:
    lines = [line.message for verdict in verdicts for line in verdict.criteria if not line.is_met]
    messages = dict.fromkeys([*lines, *(verdict.summary for verdict in verdicts)])
    return "; ".join([message for message in messages if message][:2])


def judge_attempt(report: LessonReport, one: Ran, attempt: Attempt) -> list[str]:
    """Count an attempt in the report, and return a sentence on each thing in which it is not as its label says."""
    verdicts = one.verdicts()
    if attempt.is_right:
        return _judge_right(report, one, verdicts)
    lost, counts = [lost_criteria(verdict) for verdict in verdicts], report.attempts
    sheet = one.evidence[0][0]
    told = all_lost(sheet.exercise.criteria, attempt.loses, sheet.facts)
    problems = _mislabelled(one.label, lost, told)
    if attempt.is_wrong:
        counts.wrong += 1
        counts.caught += not problems
        if attempt.variant == 2:
            counts.second_variants += 1
            counts.named += named(one) == attempt.misconception
        return problems
    counts.decoys += 1
    if named(one) == attempt.misconception:
        counts.accused += 1
        problems.append(f"the card accuses the attempt '{one.label}' of {attempt.misconception}, which it is not.")
    return problems


def _mislabelled(label: str, lost: Sequence[frozenset[str]], told: frozenset[str]) -> list[str]:
    """Return a problem unless an attempt loses, under every secret, what its label says."""
    if set(lost) == {told}:
        return []
    if len(set(lost)) == 1:
        return [f"the attempt '{label}' loses {_listed(lost[0])}, its label says {_listed(told)}."]
    at, other = next((at, found) for at, found in enumerate(lost) if found != lost[0])
    return [
        f"the attempt '{label}' loses {_listed(lost[0])} under the secret 0 of verify, but {_listed(other)} under "
        f"{at}; its label says {_listed(told)}. Draw cases of which each shows the mistake."
    ]


def _judge_right(report: LessonReport, one: Ran, verdicts: Sequence[Verdict]) -> list[str]:
    lost = frozenset[str]().union(*map(lost_criteria, verdicts))
    report.attempts.right += 1
    report.attempts.passed += not lost
    return [f"the attempt '{one.label}' loses {_listed(lost)} ({_reasons(verdicts)})."] if lost else []


def named(one: Ran) -> str | None:
    """Return the misconception that the learner's card names."""
    misconception = one.in_practice().misconception
    return None if misconception is None else misconception.id


def _listed(criteria: frozenset[str]) -> str:
    return ", ".join(sorted(criteria)) or "nothing"
