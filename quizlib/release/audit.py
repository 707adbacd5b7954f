"""What `quizlib release --check` looks at: derived files, points, and secrets in all that goes out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from quizlib.evidence.places import LISTING
from quizlib.release.derive import PLACES, changes, derive
from quizlib.release.leaks import files_below, leaks
from quizlib.release.lesson_release import LessonRelease
from quizlib.release.readme import derive_table
from quizlib.release.revisions import read_ledger, unrevised
from quizlib.release.secrets import Secrets, secrets_of
from quizlib.release.wheel import wheel_files


def problems(lessons: Sequence[LessonRelease], checkout: Path, *, all_lessons: bool = True) -> list[str]:
    """Return a sentence on each thing that is wrong with what `checkout` releases; an empty list if nothing is.

    Without `all_lessons`, derived files of other lessons and the table in the README are left out.
    """
    secrets = secrets_of([made.lesson for made in lessons])
    with tempfile.TemporaryDirectory() as made:
        fresh = Path(made) / "self-study"
        derive(lessons, fresh)
        if all_lessons:
            derive_table([made.lesson for made in lessons], checkout, fresh)
        found = [str(change) for change in changes(fresh, checkout, None if all_lessons else lessons)]
        found += _class_leaks(lessons, Path(made) / "class", secrets)
    found += leaks(_named(PLACES[1], files_below(checkout / PLACES[1])), secrets, "self-study")
    for made_lesson in lessons:
        found += disagreeing_points(checkout, made_lesson)
        found += unrevised(made_lesson.lesson, read_ledger(made_lesson.lesson.text.parents[1]))
    if (checkout / "pyproject.toml").is_file():
        found += _wheel_problems(checkout, secrets)
    return list(dict.fromkeys(found))


def _named(place: str, files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{place}/{name}": content for name, content in files.items()}


def _class_leaks(lessons: Sequence[LessonRelease], folder: Path, secrets: Secrets) -> list[str]:
    for made in lessons:
        made.write_learner(folder / made.lesson.id, "class", made.id)
    return list(leaks(_named("the class release", files_below(folder)), secrets, "class"))


def disagreeing_points(checkout: Path, made: LessonRelease) -> Iterator[str]:
    """Yield a sentence on each item whose points differ between spec, notebooks and the listing of the release."""
    lesson = made.lesson
    wanted = {item: question.points for item, question in lesson.questions.items()}
    wanted |= {item: spec.points for item, spec in lesson.exercises.items()}
    listing = checkout / PLACES[1] / lesson.id / "items" / LISTING
    for path in [*(checkout / place / lesson.id / f"{lesson.id}.ipynb" for place in PLACES), listing]:
        try:
            found = _points(path)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a file that cannot be read is missing or stale, which is said already
        for item in sorted({*wanted, *found}):
            if found.get(item) != wanted.get(item):
                place = path.relative_to(checkout).as_posix()
                yield f"{place} gives {item} {found.get(item)} points; its spec says {wanted.get(item)}."


def _points(path: Path) -> dict[str, int]:
    document = json.loads(path.read_text(encoding="utf-8"))
    if path.suffix == ".json":
        return {item["id"]: item["points"] for item in document["items"]}
    graded = [cell["metadata"].get("nbgrader", {}) for cell in document["cells"]]
    return {entry["grade_id"]: entry["points"] for entry in graded if entry.get("grade")}


def _wheel_problems(checkout: Path, secrets: Secrets) -> Iterator[str]:
    files = wheel_files(checkout)
    for name in sorted(files):
        if not name.startswith("quizlib/"):
            yield f"the wheel takes {name}; only the library and the self-study release belong in it."
    released = files_below(checkout / PLACES[1])
    for name in sorted(released):
        if files.get(f"quizlib/course/{name}") != released[name]:
            yield f"the wheel lacks notebooks/{name}; see its force-include in pyproject.toml."
    own = {name: content for name, content in files.items() if released.get(_released(name)) != content}
    yield from leaks(_named("the wheel", own), secrets, "self-study")  # the others were looked through where they lie


def _released(name: str) -> str:
    return name.removeprefix("quizlib/course/")
