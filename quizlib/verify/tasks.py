"""The pieces of work that verify is made of; each is run on its own, in any process."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from quizlib.authoring.course import Lesson, read_lesson
from quizlib.authoring.setups import import_libraries
from quizlib.errors import QuizError, SpecError
from quizlib.evidence.responses import RESPONSES
from quizlib.release.revisions import read_ledger, unrevised
from quizlib.verify.bank import lint
from quizlib.verify.cache import cache_folder, key_of
from quizlib.verify.depth import QUICK, Depth
from quizlib.verify.exercises import Ran, Subject, judge_all, run_exercise
from quizlib.verify.forked import Death, forked
from quizlib.verify.kept import keep_evidence, kept_evidence
from quizlib.verify.mutants import judge_mutants, run_mutants
from quizlib.verify.probes import probe_problems
from quizlib.verify.prose import prose_problems
from quizlib.verify.questions import verify_question
from quizlib.verify.report import LessonReport
from quizlib.verify.subjects import subjects

SLOW = [kind for kind, response in RESPONSES.items() if response.library == "tensorflow"]
"""Responses whose libraries take longest; they start first, so that no core waits for them at the end."""


@dataclass(frozen=True)
class Task:
    """One item of a lesson to verify, or its text and question bank as a whole."""

    solutions: Path
    lesson: str
    kind: Literal["question", "exercise", "text"]
    item: str
    key: str
    depth: Depth = QUICK

    @property
    def report_key(self) -> str:
        """The key of the report on it: what it rests on, and how deep it goes."""
        return f"{self.key}-{self.depth.name}" if self.kind == "exercise" else self.key

    @property
    def label(self) -> str:
        """A name for the progress display."""
        return f"{self.lesson} {self.item}"

    @property
    def evidence(self) -> Path:
        """The file in which the evidence of an exercise is kept."""
        return cache_folder(self.solutions) / f"{self.lesson}.{self.item}.zip"


def tasks_of(solutions: Path, lesson_id: str, depth: Depth = QUICK) -> list[Task]:
    """Return the tasks of a lesson, exercises first, the slow ones of them at the head."""
    lesson = read_lesson(solutions, lesson_id)
    items = subjects(lesson)
    ordered = sorted(items, key=lambda item: items[item].spec.response not in SLOW)
    return [
        *(Task(solutions, lesson_id, "exercise", item, _exercise_key(lesson, items[item]), depth) for item in ordered),
        *(Task(solutions, lesson_id, "question", item, _question_key(lesson, item)) for item in lesson.questions),
        Task(solutions, lesson_id, "text", "text and bank", _text_key(lesson)),
    ]


def _exercise_key(lesson: Lesson, subject: Subject) -> str:
    files = [f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in lesson.files_of(subject.spec.id)]
    return key_of([subject.spec.id, subject.solution, subject.stub, subject.task, *files])


def _question_key(lesson: Lesson, item: str) -> str:
    return key_of([lesson.questions[item].model_dump_json(), *_texts(lesson, "proofs")])


def _text_key(lesson: Lesson) -> str:
    ledger = [f"{item} {published}" for item, published in read_ledger(lesson.text.parents[1]).items()]
    return key_of([*ledger, *_texts(lesson, "lessons", "questions", "exercises", "numbers", "figures")])


def _texts(lesson: Lesson, *parts: str) -> Iterator[str]:
    return (path.read_text(encoding="utf-8") for path in lesson.files(*parts))


def run(task: Task) -> LessonReport:
    """Return the report on one task, with the seconds it took; a QuizError becomes its problem."""
    start = time.perf_counter()
    try:
        _warm(task)
        found = forked(lambda: _run(task))
        report = died(task, found) if isinstance(found, Death) else found
    except QuizError as error:
        report = LessonReport(problems=[f"{task.kind} {task.item}: {error}"])
    report.seconds = round(time.perf_counter() - start, 3)
    return report


def _warm(task: Task) -> None:
    """Read the lesson and import what its setups import before the fork, so that its next task finds it done."""
    _import_libraries(task.solutions, task.lesson)


@lru_cache(maxsize=8)
def _import_libraries(solutions: Path, lesson: str) -> None:
    """Import what the setups of a lesson import, and run nothing of it: what has run TensorFlow cannot be forked."""
    for item, subject in _subjects(solutions, lesson).items():
        with contextlib.suppress(SpecError):  # told where the exercise itself is verified
            import_libraries(subject.spec.setup, item)


def died(task: Task, death: Death | None = None) -> LessonReport:
    """Return the report on a task that ended a process of verify."""
    told = f"\n{death.told}" if death and death.told else ""
    problem = f"{task.kind} {task.item}: a process of verify died while it ran; run it alone to see why.{told}"
    return LessonReport(problems=[problem])


def _run(task: Task) -> LessonReport:
    lesson = _lesson(task.solutions, task.lesson)
    if task.kind == "question":
        return verify_question(lesson.questions[task.item], lesson.proofs.get(task.item))
    if task.kind == "exercise":
        return _verify_exercise(task)
    strange = sorted(set(lesson.proofs) - set(lesson.questions))
    problems = [f"there is a proof of {item}, which is no question." for item in strange]
    problems += [*lint(lesson.questions), *prose_problems(lesson), *unrevised(lesson, read_ledger(task.solutions))]
    return LessonReport(problems=problems)


def _verify_exercise(task: Task) -> LessonReport:
    subject = _subjects(task.solutions, task.lesson)[task.item]
    ran, mutants = run_exercise(subject, task.depth), run_mutants(subject, task.depth)
    report = judge_all(subject, ran)
    report.problems += [f"exercise {task.item}: {problem}" for problem in probe_problems(subject)]
    if not report.problems:
        keep_evidence(task.evidence, task.key, ran)
    if report.exercises.reference_full:
        report.add(judge_mutants(subject, mutants))
    return report


def taken_evidence(task: Task) -> tuple[Subject, list[Ran]]:
    """Return an exercise with the evidence that verify kept of it; where it kept none, it is run now."""
    subject = _subjects(task.solutions, task.lesson)[task.item]
    return subject, kept_evidence(task.evidence, task.key, subject) or run_exercise(subject)


@lru_cache(maxsize=8)
def _lesson(solutions: Path, lesson: str) -> Lesson:
    return read_lesson(solutions, lesson)


@lru_cache(maxsize=8)
def _subjects(solutions: Path, lesson: str) -> dict[str, Subject]:
    return subjects(_lesson(solutions, lesson))
