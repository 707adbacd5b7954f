"""What the text of a lesson must agree on with its items: used once each, rightly headed, points that add up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from quizlib.authoring.course import Lesson
from quizlib.errors import SpecError
from quizlib.release.questions import points_text
from quizlib.release.source import CheckCall, SourceCell, begin_call, check_calls

_HEADING = re.compile(r"^#+ Exercise\b.*$", re.MULTILINE)
_TOTAL = re.compile(r"\b(\d+) points?\b")


def require_agreement(lesson: Lesson, cells: Sequence[SourceCell]) -> None:
    """Raise a SpecError unless the text of a lesson and its items agree; the message says what to change."""
    _require_one_begin(lesson, cells)
    _require_each_once(lesson, cells)
    _require_variables(lesson, cells)
    _require_setups(lesson, cells)
    _require_headings(lesson, cells)
    _require_total(lesson, cells)


def exercises_in_order(lesson: Lesson, cells: Sequence[SourceCell]) -> list[str]:
    """Return the ids of the exercises in the order of their checks."""
    return [call.item for cell in cells for call in _checks(cell) if call.item in lesson.exercises]


def numbers_of(lesson: Lesson, cells: Sequence[SourceCell]) -> dict[str, str]:
    """Return the number of each item as its heading says it, such as `"2.1"`; questions and exercises count apart."""
    asked = [item for cell in cells if (item := cell.item_of("question")) is not None]
    counted = (enumerate(items, 1) for items in (asked, exercises_in_order(lesson, cells)))
    return {item: f"{lesson.number}.{position}" for items in counted for position, item in items}


def _checks(cell: SourceCell) -> list[CheckCall]:
    return check_calls(cell.text) if cell.kind == "code" else []


def _require_one_begin(lesson: Lesson, cells: Sequence[SourceCell]) -> None:
    found = sum(cell.kind == "code" and begin_call(cell.text) is not None for cell in cells)
    if found != 1:
        raise SpecError(f'{lesson.text.name}: one cell should call quizlib.begin("{lesson.id}"); found {found}.')


def _require_each_once(lesson: Lesson, cells: Sequence[SourceCell]) -> None:
    for cell in cells:
        if len(_checks(cell)) > 1:
            raise SpecError(f"{lesson.text.name}: a cell checks {len(_checks(cell))} items; give each its own cell.")
    asked = Counter(cell.item_of("question") for cell in cells if cell.item_of("question") is not None)
    checked = Counter(call.item for cell in cells for call in _checks(cell))
    for what, used, known in (("question", asked, lesson.questions), ("exercise", checked, lesson.exercises)):
        for item in sorted({*used, *known}, key=lambda item: item in known):
            if used[item] != 1 or item not in known:
                there = "is not" if item not in known else "is"
                raise SpecError(
                    f"{lesson.text.name}: {what} {item} {there} one of the lesson's and stands {used[item]} times in"
                    " the text; it should be there once."
                )


def _require_variables(lesson: Lesson, cells: Sequence[SourceCell]) -> None:
    for call in (call for cell in cells for call in _checks(cell)):
        name = lesson.exercises[call.item].name
        if call.variable != name:
            found = call.variable or "something else"
            raise SpecError(f'{lesson.text.name}: check("{call.item}", …) passes {found}; its spec says {name}.')


def _require_setups(lesson: Lesson, cells: Sequence[SourceCell]) -> None:
    """Require that each exercise's setup, or one of the same text, stands above its check."""
    shown = {""}
    for cell in cells:
        item = cell.item_of("setup")
        if item is not None and item not in lesson.exercises:
            raise SpecError(f"{lesson.text.name}: there is no exercise {item} to set up.")
        if item is not None:
            shown.add(lesson.exercises[item].setup)
        missing = [call.item for call in _checks(cell) if lesson.exercises[call.item].setup not in shown]
        if missing:
            raise SpecError(f"{lesson.text.name}: put `# %% setup: {missing[0]}` above the answer to {missing[0]}.")


def _require_headings(lesson: Lesson, cells: Sequence[SourceCell]) -> None:
    """Require one heading between one check and the next, with the number, title and points of its exercise."""
    found: list[str] = []
    wanted = [heading(lesson, item, k) for k, item in enumerate(exercises_in_order(lesson, cells), 1)]
    for cell in cells:
        if cell.kind == "markdown":
            found += _HEADING.findall(cell.text)
        if _checks(cell):
            expected = wanted.pop(0)
            if found != [expected]:
                above = "; ".join(found) or "none"
                raise SpecError(f"{lesson.text.name}: the exercise should be headed {expected!r}; found: {above}.")
            found = []
    if found:
        raise SpecError(f"{lesson.text.name}: {found[0]!r} heads no exercise; no check follows it.")


def heading(lesson: Lesson, item: str, position: int) -> str:
    """Return how the lesson's exercise number `position` is to be headed."""
    spec = lesson.exercises[item]
    return f"## Exercise {lesson.number}.{position} · {spec.title} ({points_text(spec.points)})"


def _require_total(lesson: Lesson, cells: Sequence[SourceCell]) -> None:
    opening = next((cell.text for cell in cells if cell.kind == "markdown"), "")
    for total in _TOTAL.findall(opening):
        if int(total) != lesson.points:
            raise SpecError(
                f"{lesson.text.name}: the opening cell says {total} points; the items have {lesson.points}."
            )
