"""Try the mutants of an exercise's solution: each should lose points, in grading and in practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizlib.authoring.accepted import ACCEPTED, AcceptedMutant
from quizlib.authoring.spec import ExerciseSpec
from quizlib.errors import SpecError
from quizlib.judging.exercises import judge_exercise
from quizlib.mutants import Mutant, Solution, chosen, has_training, mutants_of
from quizlib.verify.arguments import python_of
from quizlib.verify.depth import Depth
from quizlib.verify.exercises import Subject
from quizlib.verify.report import LessonReport, MutantCounts
from quizlib.verify.trial import Papers, Stage, Taken, in_practice

EQUIVALENT_SHARE, EQUIVALENT_FLOOR = 10, 2
"""At most one in so many of an exercise's mutants may be listed as equivalent; so many may be in any case."""

FEWEST_OF_TRAINING = 8
"""Mutants that there are at least of a solution that trains a model."""


@dataclass(frozen=True, eq=False)
class Tried:
    """A mutant that was run: its score in grading, the highest under all secrets, in practice, and of how many."""

    mutant: Mutant
    graded: float
    practised: float
    points: float

    @property
    def survives_grading(self) -> bool:
        """Whether it keeps all points in grading, under some secret."""
        return self.graded >= self.points

    @property
    def survives_practice(self) -> bool:
        """Whether it keeps all points on the public cases."""
        return self.practised >= self.points

    @property
    def told(self) -> str:
        """What it is, and its diff as the list of accepted ones has it."""
        return f"({self.mutant.kind}: {self.mutant.label})\n{entry(self.mutant.diff)}"


def entry(diff: str) -> str:
    r"""Return the beginning of an entry for a diff in the list of accepted mutants.

    >>> print(entry("@@\n-a\n+b"))
    - diff: |
        @@
        -a
        +b
    """
    lines = "".join(f"    {line}\n" for line in diff.split("\n"))
    return f"- diff: |\n{lines}".rstrip("\n")


def solution_of(spec: ExerciseSpec, source: str) -> Solution:
    """Return a solution with what a maker of mutants has to know of its exercise.

    Raises:
        SpecError: an argument of the first public case cannot be written as Python.
    """
    first = spec.public[0].probe("first") if spec.public else None
    return Solution(
        source=source,
        name=spec.name,
        response=spec.response,
        setup=spec.setup,
        arguments=tuple(map(python_of, first.arguments)) if first else (),
        keywords={name: python_of(value) for name, value in (first.keywords or {}).items()} if first else {},
    )


@dataclass(frozen=True, eq=False)
class RanMutants:
    """What the mutants of a solution gave that were run, beside what the solution gave; `made` are all of them."""

    made: tuple[Mutant, ...]
    papers: Papers
    control: Taken
    ran: tuple[tuple[Mutant, Taken], ...]


def run_mutants(subject: Subject, depth: Depth) -> RanMutants:
    """Run mutants, each in a process of its own: as many as the depth says, and all that leave the work undone.

    Nothing is judged meanwhile: that may use TensorFlow, which cannot run in a child of a process that has.

    Raises:
        SpecError: no mutants can be made.
    """
    spec = subject.spec
    stage, papers = Stage.of(spec), Papers.of(spec, depth.first_secrets())
    solution = solution_of(spec, subject.solution)
    made = mutants_of(solution)
    taken = _taken(spec.id, made, depth, has_training(solution))
    control = stage.run(subject.solution, papers.graded)
    ran = tuple((mutant, stage.run(mutant.source, papers.graded)) for mutant in taken)
    return RanMutants(made, papers, control, ran)


def _taken(item: str, made: tuple[Mutant, ...], depth: Depth, is_training: bool) -> tuple[Mutant, ...]:
    """Return the mutants that are run; fewer of a solution that trains a model, which takes seconds each time."""
    if depth.mutants is None:
        return made
    few = chosen(item, made, min(depth.mutants, FEWEST_OF_TRAINING) if is_training else depth.mutants)
    return (*few, *(mutant for mutant in made if mutant.is_undone and mutant not in few))


def judge_mutants(subject: Subject, found: RanMutants) -> LessonReport:
    """Return the report on the mutants that were run: each is judged under each secret, and in practice.

    One that took too long or too much memory, or died, gets no points.

    Raises:
        SpecError: the solution itself loses points, run likewise.
    """
    control = _judged(Mutant("a", "the solution", subject.solution, ""), found.control, found.papers)
    if not (control.survives_grading and control.survives_practice):
        raise SpecError("the solution itself loses points where its mutants are run, so they would show nothing.")
    tried = [_judged(mutant, taken, found.papers) for mutant, taken in found.ran]
    accepted = {one.diff: one for one in subject.accepted}
    problems = [*_list_problems(found.made, accepted), *_survivors(tried, accepted), *_credited(tried)]
    if has_training(solution_of(subject.spec, subject.solution)) and len(found.made) < FEWEST_OF_TRAINING:
        few = len(found.made)
        problems.append(f"its solution trains a model and has {few} mutants; {FEWEST_OF_TRAINING} are asked.")
    report = LessonReport(problems=[f"exercise {subject.spec.id}: {problem}" for problem in problems])
    for one in tried:
        counts = MutantCounts(
            made=1,
            caught=not one.survives_grading,
            in_practice=not one.survives_practice,
            equivalent=_is_listed(one.mutant, accepted, "equivalent"),
        )
        report.mutants.add(counts)
        report.mutant_kinds.setdefault(one.mutant.kind, MutantCounts()).add(counts)
    return report


def _judged(mutant: Mutant, taken: Taken, papers: Papers) -> Tried:
    pairs = zip(papers.graded, taken.evidence, strict=True)
    graded = max(judge_exercise(sheet, evidence).score for sheet, evidence in pairs)
    practised = judge_exercise(papers.practice, in_practice(taken.evidence[0], papers.practice))
    return Tried(mutant, graded, practised.score, practised.max_score)


def _list_problems(made: Sequence[Mutant], accepted: Mapping[str, AcceptedMutant]) -> Iterator[str]:
    """Yield what is wrong with the list of accepted mutants, whichever of them were run."""
    diffs = {mutant.diff for mutant in made}
    for diff in accepted:
        if diff not in diffs:
            yield f"no mutant has this diff of {ACCEPTED} any more; delete its entry.\n{entry(diff)}"
    equivalent = sum(one.kind == "equivalent" for one in accepted.values())
    most = max(EQUIVALENT_FLOOR, len(made) // EQUIVALENT_SHARE)
    if equivalent > most:
        yield f"{ACCEPTED} lists {equivalent} of {len(made)} mutants as equivalent; at most {most} may be."


def _survivors(tried: Sequence[Tried], accepted: Mapping[str, AcceptedMutant]) -> Iterator[str]:
    """Yield a problem for each mutant that keeps its points unlisted, and for each that is listed and loses them."""
    for one in tried:
        listed = accepted.get(one.mutant.diff)
        kind = None if listed is None else listed.kind
        if one.survives_grading and kind != "equivalent":
            also = "; it is listed as one that loses them there" if kind else ""
            yield f"a mutant keeps all points in grading{also} {one.told}"
        elif one.survives_practice and not one.survives_grading and kind != "practice":
            also = "; it is listed as equivalent, and is not" if kind else ""
            yield f"a mutant keeps all points in practice alone{also} {one.told}"
        elif kind is not None and not (one.survives_grading or one.survives_practice):
            yield f"a mutant of {ACCEPTED} loses points in grading and in practice; delete its entry {one.told}"


def _credited(tried: Sequence[Tried]) -> Iterator[str]:
    """Yield a problem for each mutant that leaves the work undone and gets points for what it left as it was."""
    for one in tried:
        most = max(one.graded, one.practised)
        is_survivor = one.survives_grading or one.survives_practice  # and told as one
        if one.mutant.is_undone and most and not is_survivor:
            yield (
                f"a response that leaves the work undone gets {most:g} of {one.points:g} points; let criteria about "
                f"what was kept count beside evidence of the work, with beside=… {one.told}"
            )


def _is_listed(mutant: Mutant, accepted: Mapping[str, AcceptedMutant], kind: str) -> bool:
    return mutant.diff in accepted and accepted[mutant.diff].kind == kind
