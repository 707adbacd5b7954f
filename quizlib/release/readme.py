"""The table of lessons in README.md, which stands between two comments and is derived from the lessons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from quizlib.authoring.course import Lesson
from quizlib.errors import SpecError
from quizlib.release.source import read_about

README = "README.md"
BEGIN = "<!-- The table of lessons: `quizlib release` writes it. -->"
END = "<!-- End of the table of lessons. -->"


def derive_table(lessons: Sequence[Lesson], checkout: Path, into: Path) -> None:
    """Write the README of `checkout` into `into` with the table of `lessons`; nothing, where none is marked.

    Raises:
        SpecError: only one of the two comments is there, or a lesson does not say what it is about.
    """
    path = checkout / README
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if BEGIN in text or END in text:
        (into / README).write_text(with_table(text, lessons), encoding="utf-8", newline="\n")


def with_table(text: str, lessons: Sequence[Lesson]) -> str:
    """Return a README with the table of `lessons` between its two comments, whatever stood there.

    Raises:
        SpecError: the comments are not there once each, in order, or a lesson does not say what it is about.
    """
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended or BEGIN in rest or END in after:
        raise SpecError(f"{README} should mark the table of lessons once, by {BEGIN!r} and {END!r}.")
    return f"{before}{BEGIN}\n\n{table(lessons)}\n\n{END}{after}"


def table(lessons: Sequence[Lesson]) -> str:
    """Return the table: a lesson a row, with what it is about, its items and its points."""
    return "\n".join(_rows(lessons))


def _rows(lessons: Sequence[Lesson]) -> Iterator[str]:
    yield "| lesson | about | questions | exercises | points |"
    yield "|---|---|---:|---:|---:|"
    for lesson in lessons:
        counts = (len(lesson.questions), len(lesson.exercises), lesson.points)
        yield f"| {lesson.id} | {read_about(lesson.text)} | {' | '.join(map(str, counts))} |"
