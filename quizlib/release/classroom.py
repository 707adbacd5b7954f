"""An instructor's nbgrader course: the class release, the keys that judge it, and nbgrader's own release of it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizlib.authoring.course import read_course
from quizlib.errors import GradingError
from quizlib.release.generate import CONFIG_NAME, generate, require_same_cells
from quizlib.release.lesson_release import RELEASED_PARTS, Announce, LessonRelease, course_release_id

FORMAT = 1
"""Version of `course.json`."""

CONFIG = """\
# Settings of nbgrader for this course; add your own below.
from quizlib.grading.config import configure

c = get_config()
configure(c, __file__)
"""


@dataclass(frozen=True)
class CourseReport:
    """What `make_course` did: the release, lessons released anew and lessons unchanged, edited notebooks put aside."""

    release: str
    released: tuple[str, ...]
    unchanged: tuple[str, ...]
    replaced: tuple[Path, ...]


@dataclass(frozen=True)
class _Planned:
    """A lesson of the class release, and the release id that its notebook carries.

    A lesson that has not changed keeps the id it was released with, so that its notebook stays as it is.
    """

    made: LessonRelease
    release: str

    @property
    def id(self) -> str:
        return self.made.lesson.id


def make_course(folder: Path, solutions: Path, announce: Announce, *, replace_edited: bool = False) -> CourseReport:
    """Make `folder` an nbgrader course with the class release of all lessons, or bring it up to date.

    The instructor's own lessons in `folder/items` belong to the course. Submissions, grades, the secret, nbgrader's
    settings and the keys of earlier releases stay as they are.

    Args:
        folder: The course; made if missing.
        solutions: The course as it is written.
        announce: Is told what is being done.
        replace_edited: Replace notebooks of `folder/source` that the instructor has edited and that this release
            changes; the edited one goes to `folder/replaced`.

    Raises:
        SpecError: a lesson breaks the rules. GradingError: the course cannot take this release.
    """
    (folder / "items" / "lessons").mkdir(parents=True, exist_ok=True)
    lessons = [LessonRelease(lesson, announce) for lesson in read_course(solutions, folder / "items")]
    _write_once(folder)
    release, before = course_release_id(lessons), read_state(folder)["current"]
    plan = _planned(folder, lessons, release, before)
    stale = [planned for planned in plan if _is_stale(folder, planned, before)]
    replaced = _put_edited_aside(folder, stale, before, replace_edited)
    for planned in stale:
        require_same_cells(folder, planned.id, planned.made.instructor_notebook("class", planned.release))
    _write_keys(folder, plan, release)
    for planned in stale:
        _write_source(folder, planned)
        announce(f"{planned.id}: nbgrader generate_assignment")
        generate(folder, planned.id)
    _write_state(folder, release)
    unchanged = tuple(planned.id for planned in plan if planned not in stale)
    return CourseReport(release, tuple(planned.id for planned in stale), unchanged, replaced)


def read_state(folder: Path) -> dict[str, Any]:
    """Return `course.json`: the current release and all releases, oldest first."""
    path = folder / "course.json"
    if not path.is_file():
        return {"format": FORMAT, "current": None, "releases": []}
    try:
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if state["format"] == FORMAT and isinstance(state["releases"], list):
            return state
    except (ValueError, KeyError, TypeError) as error:
        raise GradingError(f"{path} is not what `quizlib course` writes; restore it from a copy.") from error
    raise GradingError(f"{path} has a format of another version of quizlib; expected {FORMAT}.")


def _write_state(folder: Path, release: str) -> None:
    releases = read_state(folder)["releases"]
    state = {"format": FORMAT, "current": release, "releases": [*releases, *{release}.difference(releases)]}
    _replace(folder / "course.json", json.dumps(state, indent=1) + "\n")


def _write_once(folder: Path) -> None:
    """Write the secret and nbgrader's settings unless they are there."""
    path = folder / "secret"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    if not (folder / CONFIG_NAME).exists():
        (folder / CONFIG_NAME).write_text(CONFIG, encoding="utf-8")


def _planned(folder: Path, lessons: list[LessonRelease], release: str, before: str | None) -> list[_Planned]:
    """Return the lessons with the release ids they carry: that of an unchanged lesson is the one it has."""
    carried = _carried(folder, release) or _carried(folder, before)
    plan = []
    for lesson in lessons:
        known = carried.get(lesson.lesson.id, {})
        plan.append(_Planned(lesson, known["release"] if known.get("id") == lesson.id else release))
    return plan


def _carried(folder: Path, release: str | None) -> dict[str, dict[str, str]]:
    path = folder / "keys" / str(release) / "lessons.json"
    listed: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return listed


def _is_stale(folder: Path, planned: _Planned, before: str | None) -> bool:
    """Say whether a lesson has to be released: it is new, has changed, or one of its two notebooks is missing."""
    known = _carried(folder, before).get(planned.id, {})
    paths = [folder / part / planned.id / f"{planned.id}.ipynb" for part in ("source", "release")]
    return known.get("id") != planned.made.id or not all(path.is_file() for path in paths)


def _put_edited_aside(folder: Path, stale: list[_Planned], before: str | None, allowed: bool) -> tuple[Path, ...]:
    """Move notebooks of `source` that are not as we wrote them to `replaced`, or refuse."""
    edited = [path for planned in stale if _is_edited(path := _source(folder, planned), folder, planned, before)]
    if edited and not allowed:
        raise GradingError(
            f"{edited[0]} was edited since it was released, and its lesson has changed; run again with "
            f"--replace-edited to put yours into {folder / 'replaced'} and take the new one."
        )
    aside = []
    for path in edited:
        target = folder / "replaced" / f"{path.stem}-{before}.ipynb"
        target.parent.mkdir(exist_ok=True)
        aside.append(path.rename(target))
    return tuple(aside)


def _source(folder: Path, planned: _Planned) -> Path:
    return folder / "source" / planned.id / f"{planned.id}.ipynb"


def _is_edited(path: Path, folder: Path, planned: _Planned, before: str | None) -> bool:
    """Say whether a notebook of `source` is neither as it was released last nor as it is to be released now."""
    if not path.is_file():
        return False
    written = folder / "keys" / str(before) / "source" / path.name
    texts = {planned.made.instructor_text("class", planned.release)}
    texts |= {written.read_text(encoding="utf-8")} if written.is_file() else set()
    return path.read_text(encoding="utf-8") not in texts


def _write_source(folder: Path, planned: _Planned) -> None:
    """Write `source/<lesson>`: the notebook with solutions, and the items without the keys of questions."""
    target = folder / "source" / planned.id
    shutil.rmtree(target / "items", ignore_errors=True)
    planned.made.write_items(target / "items", "class", planned.release)
    _replace(_source(folder, planned), planned.made.instructor_text("class", planned.release))


def _write_keys(folder: Path, plan: list[_Planned], release: str) -> None:
    """Write `keys/<release>`, whole or not at all: sheets with keys, the files that judge, the notebooks as written."""
    target = folder / "keys" / release
    if target.is_dir():
        return
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as made:
        fresh = Path(made) / release
        for planned in plan:
            planned.made.write_items(fresh / "sheets" / planned.id, "self-study", planned.release)
            _copy_written(planned.made, fresh / "solutions")
            _replace(fresh / "source" / f"{planned.id}.ipynb", planned.made.instructor_text("class", planned.release))
        listed = {planned.id: {"id": planned.made.id, "release": planned.release} for planned in plan}
        _replace(fresh / "lessons.json", json.dumps(listed, indent=1) + "\n")
        fresh.rename(target)


def _copy_written(made: LessonRelease, target: Path) -> None:
    """Copy the files a lesson is written in, so that `read_lesson` reads it there as it was released."""
    for path in made.lesson.files("lessons", *RELEASED_PARTS):
        copied = target / made.lesson.place(path)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)


def _replace(path: Path, text: str) -> None:
    """Write a file at once, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
