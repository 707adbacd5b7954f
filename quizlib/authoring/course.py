"""The course as it is written: all of `solutions/`, read and held together."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

from quizlib.authoring.attempts import Attempt, read_attempts
from quizlib.authoring.own_facts import FOLDER, fact_files, read_facts, require_apart
from quizlib.authoring.proof import Proof
from quizlib.authoring.prose import Numbers
from quizlib.authoring.questions import WrittenQuestion, read_questions
from quizlib.authoring.run import run_response
from quizlib.authoring.spec import ExerciseSpec
from quizlib.errors import SpecError


@dataclass(frozen=True, eq=False)
class Lesson:
    """One lesson: its id, its text, and its items.

    `text` is the path of the py:percent source; it need not exist for items that an instructor adds.
    """

    id: str
    text: Path
    questions: dict[str, WrittenQuestion] = field(default_factory=dict)
    exercises: dict[str, ExerciseSpec] = field(default_factory=dict)
    proofs: dict[str, Proof] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """Name of the lesson's files, such as `03_quantization`."""
        return self.text.stem

    @property
    def number(self) -> int:
        """Number of the lesson, such as 3 for `03-quantization`."""
        return int(self.id[:2])

    @property
    def points(self) -> int:
        """Points of all items together."""
        written = sum(question.points for question in self.questions.values())
        return written + sum(spec.points for spec in self.exercises.values())

    def files(self, *parts: str) -> list[Path]:
        """Return the files in which `parts` of the lesson, such as `"exercises"`, are written."""
        folder = self.text.parents[1]
        names = [f"lessons/{self.stem}.py", f"questions/{self.stem}.yaml", f"exercises/{self.stem}.py"]
        names.append(f"numbers/{self.stem}.py")
        names += [f"proofs/{self.stem}.py", *(f"attempts/{id.replace('-', '_')}.py" for id in sorted(self.exercises))]
        names += [f"{FOLDER}/{path.name}" for path in fact_files(folder)]
        return [folder / name for name in names if name.split("/")[0] in parts and (folder / name).is_file()]


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
    facts = read_facts(solutions)
    written = _exercises(solutions / "exercises" / f"{stem}.py", lesson)
    exercises = {item: replace(spec, facts=facts) for item, spec in written.items()}
    attempts = {item: _attempts(solutions, spec) for item, spec in exercises.items()}
    proofs = _proofs(solutions / "proofs" / f"{stem}.py")
    shared = sorted(set(questions) & set(exercises))
    if shared:
        raise SpecError(f"{lesson}: {shared[0]} is the id of a question and of an exercise.")
    numbers = _numbers(solutions / "numbers" / f"{stem}.py")
    return Lesson(lesson, text, questions, exercises, proofs, attempts, numbers)


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


def lesson_ids(solutions: Path) -> list[str]:
    """Return the ids of all lessons in order."""
    return sorted(path.stem.replace("_", "-") for path in (solutions / "lessons").glob("[0-9][0-9]_*.py"))


def load_module(path: Path) -> ModuleType:
    """Import a Python file of the course by its path."""
    name = f"quizlib_course_{path.parent.name}_{path.stem}"
    loader = importlib.util.spec_from_file_location(name, path)
    if loader is None or loader.loader is None:
        raise SpecError(f"{path.name} is not a Python file.")
    module = importlib.util.module_from_spec(loader)
    sys.modules[name] = module  # dataclasses and pickling look their module up by name
    try:
        loader.loader.exec_module(module)
    except Exception as error:
        raise SpecError(f"{path.parent.name}/{path.name} fails on import: {type(error).__name__}: {error}") from error
    return module


def _exercises(path: Path, lesson: str) -> dict[str, ExerciseSpec]:
    if not path.is_file():
        return {}
    found: dict[str, ExerciseSpec] = {}
    for spec in getattr(load_module(path), "EXERCISES", ()):
        if spec.lesson != lesson or spec.id in found:
            raise SpecError(f"{path.name}: exercise {spec.id} is there twice or names another lesson than {lesson}.")
        found[spec.id] = spec
    return found


def _proofs(path: Path) -> dict[str, Proof]:
    if not path.is_file():
        return {}
    return {proof.item: proof for proof in getattr(load_module(path), "PROOFS", ())}


def _numbers(path: Path) -> Numbers:
    return dict(getattr(load_module(path), "NUMBERS", {})) if path.is_file() else {}


def _attempts(solutions: Path, spec: ExerciseSpec) -> list[Attempt]:
    path = solutions / "attempts" / f"{spec.id.replace('-', '_')}.py"
    return read_attempts(path, spec.id) if path.is_file() else []


def with_recognised(spec: ExerciseSpec, attempts: list[Attempt]) -> ExerciseSpec:
    """Return `spec` with the results of its wrong attempts (variant 1) on the public cases, by misconception.

    Misconceptions with a symptom are recognised by facts instead and store nothing.
    """
    probe = spec.public_sheet().probe
    by_symptom = {symptom.id for symptom in spec.misconceptions if symptom.conditions}
    recognised = dict(spec.recognised)
    for attempt in attempts:
        name = attempt.misconception
        if name is None or attempt.variant != 1 or name in by_symptom:
            continue
        cases = run_response(spec, attempt.source, probe).cases
        recognised[name] = (*recognised.get(name, ()), {case.case: case for case in cases})
    return replace(spec, recognised=recognised)
