"""An instructor's nbgrader course: the class release, the keys that judge it, and nbgrader's own release of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quizlib.atomic import replace_text
from quizlib.authoring.course import read_course
from quizlib.coursedir.course import Course
from quizlib.coursedir.course_id import course_id_of, require_fit
from quizlib.coursedir.keys import KeptLesson, KeptRelease
from quizlib.coursedir.secret import make_secret
from quizlib.coursedir.settings import NAME as SETTINGS_NAME
from quizlib.coursedir.settings import make_settings
from quizlib.coursedir.state import read_state, write_release
from quizlib.errors import GradingError
from quizlib.release.choice import choose_lessons, keep_choice, require_lessons
from quizlib.release.due_dates import Due, set_due
from quizlib.release.generate import generate, is_in_gradebook, require_same_cells
from quizlib.release.lesson_release import RELEASED_PARTS, Announce, LessonRelease, course_release_id
from quizlib.release.revisions import publish, require_revised


@dataclass(frozen=True)
class CourseReport:
    """What `make_course` did: the release, lessons released anew and lessons unchanged, edited notebooks put aside.

    `due` are the due dates that were set.
    """

    course: Course
    release: str
    released: tuple[str, ...]
    unchanged: tuple[str, ...]
    replaced: tuple[Path, ...]
    due: Due = field(default_factory=dict)


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

    @property
    def text(self) -> str:
        """The instructor's notebook, as its file is written."""
        return self.made.instructor_text("class", self.release)


def make_course(
    folder: Path,
    solutions: Path,
    announce: Announce,
    *,
    course_id: str | None = None,
    replace_edited: bool = False,
    lessons: Sequence[str] | None = None,
    due: Due | None = None,
) -> CourseReport:
    """Make `folder` an nbgrader course with the class release of its lessons, or bring it up to date.

    The instructor's own lessons in `folder/items` belong to the course. Submissions, grades, the secret, nbgrader's
    settings and the keys of earlier releases stay as they are.

    Args:
        folder: The course; made if missing.
        solutions: The course as it is written.
        announce: Is told what is being done.
        course_id: What nbgrader calls the course; by default the folder's name, made fit for it.
        replace_edited: Replace notebooks of `folder/source` that the instructor has edited and that this release
            changes; the edited one goes to `folder/replaced`.
        lessons: Ids of the lessons to set up besides those that are; by default a new course gets all.
        due: When lessons are due.

    Raises:
        SpecError: a lesson breaks the rules, or an item of the instructor's was edited and kept its revision.
        GradingError: the course cannot take this release.
        ArgumentError: `course_id` is not fit to be one, or there is no lesson of a name.
    """
    course, chosen = Course(folder.resolve()), None if course_id is None else require_fit(course_id)
    (course.items / "lessons").mkdir(parents=True, exist_ok=True)
    written = read_course(solutions, course.items)
    before, due = _current(course), due or {}
    ids = choose_lessons(course, [lesson.id for lesson in written], lessons, is_new=before is None)
    require_lessons(due, ids)
    made = [LessonRelease(lesson, announce) for lesson in written if lesson.id in ids]
    own = [lesson for lesson in written if lesson.solutions == course.items]
    require_revised(course.items, own)
    _make_once(course, chosen)
    keep_choice(course, ids, lessons, is_new=before is None)
    release = course_release_id(made)
    plan = _planned(course, made, release, before)
    stale = [planned for planned in plan if _is_stale(course, planned, before)]
    replaced = _put_edited_aside(course, stale, before, replace_edited)
    for planned in stale:
        require_same_cells(course, planned.id, planned.made.instructor_notebook("class", planned.release))
    _write_keys(course, plan, release)
    for planned in stale:
        _write_source(course, planned)
    unknown = [planned for planned in plan if planned in stale or not is_in_gradebook(course, planned.id)]
    for planned in unknown:
        announce(f"{planned.id}: nbgrader generate_assignment")
        generate(course, planned.id)
    set_due(course, due)
    write_release(course.root, release)
    publish(course.items, own)
    unchanged = tuple(planned.id for planned in plan if planned not in unknown)
    return CourseReport(course, release, tuple(planned.id for planned in unknown), unchanged, replaced, due)


def _make_once(course: Course, course_id: str | None) -> None:
    """Make what is there from the first and never changed: the secret, and nbgrader's settings."""
    make_secret(course.root)
    make_settings(course.root, course_id or course_id_of(course.root.name))
    if course_id is not None and course.settings.course_id != course_id:
        raise GradingError(
            f"{course.root} has the course id {course.settings.course_id!r} already; to change it, set "
            f"c.CourseDirectory.course_id in {course.root / SETTINGS_NAME}."
        )


def _current(course: Course) -> KeptRelease | None:
    """Return what is kept of the release that was given out last."""
    state = read_state(course.root)
    return None if state is None else course.kept(state.current)


def _planned(course: Course, lessons: list[LessonRelease], release: str, before: KeptRelease | None) -> list[_Planned]:
    """Return the lessons with the release ids they carry: that of an unchanged lesson is the one it has."""
    carried = course.kept(release).lessons() or _lessons(before)
    plan = []
    for lesson in lessons:
        known = carried.get(lesson.lesson.id)
        plan.append(_Planned(lesson, known.release if known and known.id == lesson.id else release))
    return plan


def _lessons(kept: KeptRelease | None) -> dict[str, KeptLesson]:
    return {} if kept is None else kept.lessons()


def _is_stale(course: Course, planned: _Planned, before: KeptRelease | None) -> bool:
    """Say whether a lesson has to be written anew: it is new, has changed, or one of its two notebooks is missing."""
    known = _lessons(before).get(planned.id)
    paths = [folder / f"{planned.id}.ipynb" for folder in (course.source(planned.id), course.released(planned.id))]
    return known is None or known.id != planned.made.id or not all(path.is_file() for path in paths)


def _put_edited_aside(
    course: Course, stale: list[_Planned], before: KeptRelease | None, allowed: bool
) -> tuple[Path, ...]:
    """Move notebooks of `source` that are not as we wrote them to `replaced`, or refuse."""
    edited = [_source(course, planned) for planned in stale if _is_edited(course, planned, before)]
    if edited and not allowed:
        raise GradingError(
            f"{edited[0]} was edited since it was released, and its lesson has changed; run again with "
            f"--replace-edited to put yours into {course.replaced} and take the new one."
        )
    aside = []
    for path in edited:
        target = course.replaced / f"{path.stem}-{before.folder.name if before else 'earlier'}.ipynb"
        target.parent.mkdir(exist_ok=True)
        shutil.move(path, target)  # `source` may be configured to lie on another disk
        aside.append(target)
    return tuple(aside)


def _source(course: Course, planned: _Planned) -> Path:
    return course.source(planned.id) / f"{planned.id}.ipynb"


def _is_edited(course: Course, planned: _Planned, before: KeptRelease | None) -> bool:
    """Say whether a notebook of `source` is neither as it was released last nor as it is to be released now."""
    path, texts = _source(course, planned), {planned.text}
    if not path.is_file():
        return False
    if before is not None and before.notebook(planned.id).is_file():
        texts.add(before.notebook(planned.id).read_text(encoding="utf-8"))
    return path.read_text(encoding="utf-8") not in texts


def _write_source(course: Course, planned: _Planned) -> None:
    """Write `source/<lesson>`: the notebook with solutions, and the items without the keys of questions."""
    items = course.source(planned.id) / "items"
    shutil.rmtree(items, ignore_errors=True)
    planned.made.write_items(items, "class", planned.release)
    replace_text(_source(course, planned), planned.text)


def _write_keys(course: Course, plan: list[_Planned], release: str) -> None:
    """Keep `release` whole or not at all: sheets with keys, the files that judge, the notebooks as written."""
    target = course.keys(release)
    if target.is_dir():
        return
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as made:
        fresh = KeptRelease(Path(made) / release)
        for planned in plan:
            planned.made.write_items(fresh.sheets(planned.id), "self-study", planned.release)
            _copy_written(planned.made, fresh.solutions)
            fresh.notebook(planned.id).parent.mkdir(exist_ok=True)
            replace_text(fresh.notebook(planned.id), planned.text)
        fresh.write_lessons({planned.id: KeptLesson(planned.made.id, planned.release) for planned in plan})
        fresh.folder.rename(target)


def _copy_written(made: LessonRelease, target: Path) -> None:
    """Copy the files a lesson is written in, so that `read_lesson` reads it there as it was released."""
    for path in made.lesson.files("lessons", *RELEASED_PARTS):
        copied = target / made.lesson.place(path)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)
