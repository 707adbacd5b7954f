"""Try the mutants of an exercise's solution: each should lose points, in grading and in practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizlib.authoring.spec import ExerciseSpec
from quizlib.errors import SpecError
from quizlib.evidence.values import Evidence
from quizlib.items.released import ExerciseSheet
from quizlib.judging.exercises import judge_exercise
from quizlib.mutants import Mutant, Solution, mutants_of
from quizlib.verify.arguments import python_of
from quizlib.verify.forked import Death
from quizlib.verify.trial import Stage


@dataclass(frozen=True, eq=False)
class Tried:
    """A mutant that was run: whether it keeps all points in grading, under some secret, and in practice."""

    mutant: Mutant
    survives_grading: bool
    survives_practice: bool

    @property
    def told(self) -> str:
        """Where it keeps its points, what it is, and its diff; empty where it keeps them nowhere."""
        if not (self.survives_grading or self.survives_practice):
            return ""
        where = "grading" if self.survives_grading else "practice alone"
        indented = self.mutant.diff.replace("\n", "\n    ")
        return f"a mutant keeps all points in {where} ({self.mutant.kind}: {self.mutant.label}):\n    {indented}"


def made_of(spec: ExerciseSpec, source: str) -> tuple[Mutant, ...]:
    """Return all mutants of a solution of an exercise.

    Raises:
        SpecError: solution or setup is no Python, or an argument of the first public case cannot be written as Python.
    """
    first = spec.public[0].probe("first") if spec.public else None
    return mutants_of(
        Solution(
            source=source,
            name=spec.name,
            response=spec.response,
            setup=spec.setup,
            arguments=tuple(map(python_of, first.arguments)) if first else (),
            keywords={name: python_of(value) for name, value in (first.keywords or {}).items()} if first else {},
        )
    )


def try_mutants(spec: ExerciseSpec, solution: str, mutants: Sequence[Mutant], secrets: Sequence[bytes]) -> list[Tried]:
    """Run mutants, each in a process of its own, and judge them in grading, under each secret, and in practice.

    One that takes too long or too much memory, or dies, loses all points.

    Raises:
        SpecError: the solution itself loses points when it is run likewise.
    """
    stage, public = Stage.of(spec), spec.public_sheet()
    # Without private cases every secret asks the same, which is asked once.
    sheets = [spec.grading_sheet(secret) for secret in (secrets if spec.private else secrets[:1])]
    control = _tried(stage, Mutant("a", "the solution", solution, ""), public, sheets)
    if not (control.survives_grading and control.survives_practice):
        raise SpecError("the solution itself loses points where its mutants are run; run verify without --full to see.")
    return [_tried(stage, mutant, public, sheets) for mutant in mutants]


def _tried(stage: Stage, mutant: Mutant, public: ExerciseSheet, sheets: list[ExerciseSheet]) -> Tried:
    taken = stage.run(mutant.source, [sheet.probe for sheet in sheets])
    if isinstance(taken, Death):
        return Tried(mutant, survives_grading=False, survives_practice=False)
    graded = any(_is_full(sheet, evidence) for sheet, evidence in zip(sheets, taken, strict=True))
    return Tried(mutant, graded, _is_full(public, in_practice(taken[0], public)))


def in_practice(evidence: Evidence, public: ExerciseSheet) -> Evidence:
    """Return the part of the evidence taken in grading that is taken in practice, too; public cases come first."""
    cases = {case.id for case in public.probe.cases} | set(public.exercise.behaviours)
    return replace(evidence, cases=tuple(case for case in evidence.cases if case.case in cases))


def _is_full(sheet: ExerciseSheet, evidence: Evidence) -> bool:
    verdict = judge_exercise(sheet, evidence)
    return verdict.score >= verdict.max_score
