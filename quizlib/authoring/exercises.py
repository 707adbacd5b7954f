"""The exercises of a lesson as they are written: a folder for each, with its spec and the attempts at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from quizlib.authoring.accepted import ACCEPTED, AcceptedMutant, read_accepted
from quizlib.authoring.attempts import Attempt, Corpus, read_corpus
from quizlib.authoring.modules import forget_modules, load_module
from quizlib.authoring.own_facts import read_facts
from quizlib.authoring.spec import ExerciseSpec
from quizlib.errors import SpecError
from quizlib.items.exercise import Symptom
from quizlib.items.fact import Fact

FOLDER, SPEC, NAME = "exercises", "spec", "EXERCISE"
"""Where the exercises of a course lie, and in each the module and the name of its spec."""


@dataclass(frozen=True, eq=False)
class WrittenExercise:
    """An exercise with the attempts at it; the misconceptions that those show are part of the spec.

    `accepted` are the mutants of its solution that may keep their points.
    """

    spec: ExerciseSpec
    attempts: list[Attempt]
    accepted: tuple[AcceptedMutant, ...] = ()


def read_exercises(solutions: Path, lesson: str) -> dict[str, WrittenExercise]:
    """Return the exercises of a lesson by id, which is the name of their folder in `exercises/<lesson>`.

    Raises:
        SpecError: a folder has no spec, a file fails on import (of `facts/` too), or attempts and spec do not fit
            each other.
    """
    _require_folders(solutions, lesson)
    forget_modules(solutions, FOLDER, lesson)
    for path in shared_files(solutions, lesson):
        load_module(solutions, FOLDER, lesson, path.stem)  # a fault in it is then told as its own
    facts = read_facts(solutions)
    return {folder.name: _read(solutions, folder, facts) for folder in exercise_folders(solutions, lesson)}


def exercise_folders(solutions: Path, lesson: str) -> list[Path]:
    """Return the folders of a lesson's exercises, sorted; a folder without Python files is none."""
    return sorted({path.parent for path in (solutions / FOLDER / lesson).glob("[!._]*/*.py")})


def shared_files(solutions: Path, lesson: str) -> list[Path]:
    """Return the files that the exercises of a lesson share, such as `common.py`."""
    return sorted((solutions / FOLDER / lesson).glob("*.py"))


def attempt_files(folder: Path) -> list[Path]:
    """Return the files of attempts in an exercise's folder, in the order in which they are read."""
    return sorted(path for path in folder.glob("*.py") if path.stem != SPEC)


def accepted_files(folder: Path) -> list[Path]:
    """Return the file of an exercise's folder that lists mutants, if it is there; no release holds any of it."""
    return [path for path in [folder / ACCEPTED] if path.is_file()]


def _require_folders(solutions: Path, lesson: str) -> None:
    before = solutions / FOLDER / f"{lesson.replace('-', '_')}.py"
    if before.is_file():
        raise SpecError(
            f"{FOLDER}/{before.name} holds a list of exercises, as an earlier version had it; "
            f"give each a folder of its own, {FOLDER}/{lesson}/<id>, with {SPEC}.py and attempts.py."
        )


def _read(solutions: Path, folder: Path, facts: Mapping[str, Fact]) -> WrittenExercise:
    parts = (FOLDER, folder.parent.name, folder.name, SPEC)
    where = f"{'/'.join(parts)}.py"
    if not (folder / f"{SPEC}.py").is_file():
        raise SpecError(f"there is no {where}; write it, or delete its folder.")
    spec = getattr(load_module(solutions, *parts), NAME, None)
    if not isinstance(spec, ExerciseSpec):
        raise SpecError(f"{where} should define {NAME} = ExerciseSpec(…); found {type(spec).__name__}.")
    given = sorted(name for name in ("id", "lesson", "misconceptions") if getattr(spec, name))
    if given:
        raise SpecError(
            f"{where} gives {', '.join(given)}; leave that out: id and lesson are the names of its folders, and a "
            "misconception is told at the head of its attempts."
        )
    corpus = read_corpus(attempt_files(folder), folder.name)
    joined = replace(_joined(spec, folder, corpus, where), facts=facts)
    return WrittenExercise(joined, corpus.attempts, read_accepted(folder))


def _joined(spec: ExerciseSpec, folder: Path, corpus: Corpus, where: str) -> ExerciseSpec:
    """Return the spec with what its folder says: id, lesson, a name, and the misconceptions with their symptoms."""
    strange = sorted(set(spec.symptoms) - set(corpus.misconceptions))
    if strange:
        raise SpecError(f"{where} has symptoms of {', '.join(strange)}, which no head of an attempt tells.")
    name = spec.name or folder.name.replace("-", "_")
    misconceptions = tuple(_symptoms(spec, corpus))
    return replace(spec, id=folder.name, lesson=folder.parent.name, name=name, misconceptions=misconceptions)


def _symptoms(spec: ExerciseSpec, corpus: Corpus) -> Iterator[Symptom]:
    for id, told in corpus.misconceptions.items():
        lost = {tuple(sorted(each.loses)) for each in corpus.attempts if each.is_wrong and each.misconception == id}
        conditions = tuple(spec.symptoms.get(id, ()))
        yield Symptom(id=id, text=told.text, remedy=told.remedy, conditions=conditions, loses=tuple(sorted(lost)))
