"""Whether a lesson, exactly as it is written now, has been verified in full: what `release --publish` asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quizlib.errors import SpecError
from quizlib.verify.cache import Cache, cache_folder
from quizlib.verify.depth import FULL
from quizlib.verify.report import LessonReport, unnamed
from quizlib.verify.tasks import tasks_of


def require_verified(solutions: Path, lessons: Sequence[str]) -> None:
    """Raise unless `verify --full` has passed for lessons in exactly this state.

    It has where it kept a report without problems on each item under the key of what the item rests on now.

    Raises:
        SpecError: it has not; the message names the command that is to pass.
    """
    lacking = [lesson for lesson in lessons if not _is_verified(solutions, lesson)]
    if lacking:
        raise SpecError(
            f"{', '.join(lacking)}: `quizlib verify --full` has not passed since the last change; "
            f"run `quizlib verify {' '.join(lacking)} --full`, then publish."
        )


def _is_verified(solutions: Path, lesson: str) -> bool:
    cache, whole = Cache(cache_folder(solutions)), LessonReport()
    for task in tasks_of(solutions, lesson, FULL):
        found = cache.find(task.report_key)
        if found is None:
            return False
        whole.add(found)
    return not unnamed(whole)
