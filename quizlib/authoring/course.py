"""The course as it is written: all of `solutions/`, read and held together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quizlib.authoring.accepted import AcceptedMutant
from quizlib.authoring.attempts import Attempt
from quizlib.authoring.exercises import (
    FOLDER,
    SPEC,
    accepted_files,
    attempt_files,
    read_exercises,
    shared_files,
)
from quizlib.authoring.figures import read_figures
from quizlib.authoring.modules import load_module
from quizlib.authoring.own_facts import fact_files, require_apart
from quizlib.authoring.proof import Proof
from quizlib.authoring.prose import Numbers
from quizlib.authoring.questions import WrittenQuestion, read_questions
from quizlib.authoring.responding import run_response
from quizlib.authoring.spec import ExerciseSpec
from quizlib.authoring.texts import lesson_ids
from quizlib.errors import SpecError
from quizlib.evidence.values import CaseEvidence, Evidence

ONE_FILE = {"lessons": ".py", "questions": ".yaml", "numbers": ".py", "proofs": ".py", "figures": ".yaml"}
"""Parts of a course that are one file a lesson, called after it."""


Recognised = dict[str, tuple[dict[str, CaseEvidence], ...]]
"""Results of known wrong attempts by misconception, one entry an attempt."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """One lesson: its id, its text, and its items.

    `text` is the path of the py:percent source; it need not exist for items that an instructor adds.
    `figures` are the alternative texts of its figures by id.
    """

    id: str
    text: Path
    questions: dict[str, WrittenQuestion] = field(default_factory=dict)
    exercises: dict[str, ExerciseSpec] = field(default_factory=dict)
    proofs: dict[str, Proof] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    accepted: dict[str, tuple[AcceptedMutant, ...]] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """Name of the lesson's files, such as `03_quantization`."""
        return self.text.stem

    @property
    def number(self) -> str:
        """Number of the lesson, such as `"3"` for `03-quantization`, and `"3b"` for one that goes on from there.

        >>> Lesson("03b-integer-layers", Path("03b_integer_layers.py")).number
        '3b'
        """
        return self.id.partition("-")[0].removeprefix("0")

    @property
    def points(self) -> int:
        """Points of all items together."""
        written = sum(question.points for question in self.questions.values())
        return written + sum(spec.points for spec in self.exercises.values())

    @property
    def solutions(self) -> Path:
        """The folder in which the course is written."""
        return self.text.parents[1]

    def files(self, *parts: str) -> list[Path]:
        """Return the files in which `parts` of the lesson, such as `"exercises"`, are written."""
        written = {part: [self.solutions / part / f"{self.stem}{suffix}"] for part, suffix in ONE_FILE.items()}
        folders = [self.solutions / FOLDER / self.id / item for item in sorted(self.exercises)]
        shared = shared_files(self.solutions, self.id)
        written["exercises"] = [*shared, *(folder / f"{SPEC}.py" for folder in folders)]
        written["attempts"] = [path for folder in folders for path in attempt_files(folder)]
        written["facts"] = fact_files(self.solutions)
        return [path for part in written if part in parts for path in written[part] if path.is_file()]

    def files_of(self, item: str) -> list[Path]:
        """Return the files in which an exercise is written: those of its folder, and what it may share with others."""
        folder = self.solutions / FOLDER / self.id / item
        shared = [*fact_files(self.solutions), *shared_files(self.solutions, self.id)]
        return [*shared, folder / f"{SPEC}.py", *attempt_files(folder), *accepted_files(folder)]

    def place(self, path: Path) -> str:
        """Return where a file of the lesson lies in the course, such as `exercises/03-quantization/common.py`."""
        return path.relative_to(self.solutions).as_posix()


def read_lesson(solutions: Path, lesson: str) -> Lesson:
    """Read a lesson of `solutions/` by its id, such as `03-quantization`.

    Raises:
        SpecError: there is no such lesson, or one of its files breaks the rules.
    """
    stem = lesson.replace("-", "_")
    text = solutions / "lessons" / f"{stem}.py"
    if not text.is_file():
        known = ", ".join(lesson_ids(solutions)) or "none"
        raise SpecError(f"there is no lesson {lesson!r} in {solutions.name}/lessons; there are: {known}.")
    questions_file = solutions / "questions" / f"{stem}.yaml"
    questions = read_questions(questions_file) if questions_file.is_file() else {}
    written = read_exercises(solutions, lesson)
    exercises = {item: exercise.spec for item, exercise in written.items()}
    attempts = {item: exercise.attempts for item, exercise in written.items()}
    accepted = {item: exercise.accepted for item, exercise in written.items()}
    proofs = {proof.item: proof for proof in _listed(solutions, "proofs", stem, "PROOFS")}
    shared = sorted(set(questions) & set(exercises))
    if shared:
        raise SpecError(f"{lesson}: {shared[0]} is the id of a question and of an exercise.")
    numbers = dict(_listed(solutions, "numbers", stem, "NUMBERS"))
    figures_file = solutions / "figures" / f"{stem}.yaml"
    figures = read_figures(figures_file) if figures_file.is_file() else {}
    return Lesson(lesson, text, questions, exercises, proofs, attempts, accepted, numbers, figures)


def read_course(*folders: Path) -> list[Lesson]:
    """Read all lessons of `folders`, each laid out like `solutions/`, in the order of their ids.

    Raises:
        SpecError: a lesson breaks the rules, or two lessons, items or facts of the whole course have the same name.
    """
    require_apart(*folders)
    lessons = [read_lesson(folder, lesson) for folder in folders for lesson in lesson_ids(folder)]
    require_unique(lessons)
    return sorted(lessons, key=lambda lesson: lesson.id)


def require_unique(lessons: Sequence[Lesson]) -> None:
    """Raise a SpecError unless every lesson and every item of the course has an id of its own."""
    owners: dict[str, str] = {}
    for lesson in lessons:
        if lesson.id in owners.values():
            raise SpecError(f"two lessons are called {lesson.id}; rename one of them.")
        for item in (*lesson.questions, *lesson.exercises):
            if item in owners:
                raise SpecError(f"{item} is an item of {owners[item]} and of {lesson.id}; rename one of them.")
        owners |= dict.fromkeys((lesson.id, *lesson.questions, *lesson.exercises), lesson.id)


def _listed(solutions: Path, part: str, stem: str, name: str) -> Any:  # noqa: ANN401  whatever the file holds
    """Return what a file of the course defines under a name; nothing if there is no such file."""
    is_there = (solutions / part / f"{stem}.py").is_file()
    return getattr(load_module(solutions, part, stem), name, ()) if is_there else ()


def with_recognised(spec: ExerciseSpec, attempts: list[Attempt]) -> ExerciseSpec:
    """Return `spec` with the results of its wrong attempts (variant 1) on the public cases, by misconception.

    Misconceptions with a symptom are recognised by facts instead and store nothing.
    """
    probe = spec.public_sheet().probe
    recognised = dict(spec.recognised)
    for attempt in recognised_by_results(spec, attempts):
        remember(recognised, attempt, run_response(spec, attempt.source, probe))
    return replace(spec, recognised=recognised)


def recognised_by_results(spec: ExerciseSpec, attempts: Sequence[Attempt]) -> list[Attempt]:
    """Return the wrong attempts whose results on the public cases tell their misconception to the judge."""
    by_symptom = {symptom.id for symptom in spec.misconceptions if symptom.conditions}
    firsts = [attempt for attempt in attempts if attempt.is_wrong and attempt.variant == 1]
    return [attempt for attempt in firsts if attempt.misconception not in by_symptom]


def remember(recognised: Recognised, attempt: Attempt, evidence: Evidence) -> None:
    """Add the results of a wrong attempt on the public cases to those that are recognised."""
    name = str(attempt.misconception)
    recognised[name] = (*recognised.get(name, ()), {case.case: case for case in evidence.cases})
