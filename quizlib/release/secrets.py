"""What no release may carry: solutions, references, private probes; and of a class release, keys."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quizlib.authoring.course import Lesson
from quizlib.authoring.spec import Case, ExerciseSpec, generator
from quizlib.evidence.values import Array, Plain, walk
from quizlib.release.source import solution_regions, without_solutions

PROBE_SECRET = b"the secret of no class"
"""Private probes are drawn with it to be looked for; real ones are drawn with each course's own secret."""

CANARY = re.compile(r"CANARY-[0-9A-Za-z]+")
"""A word planted where it must stay, to see whether it gets out."""

WINDOW_LINES = 3
SHORTEST = 30
"""Characters below which a piece of a solution is too common to tell, such as `return x`."""

SHORTEST_TEXT = 20


@dataclass(frozen=True)
class Secret:
    """A text that must not be found, and where it belongs."""

    owner: str
    text: str


@dataclass(frozen=True)
class Secrets:
    """Everything to look for: `code` and `words` anywhere, `arrays` as bytes, `keys` in a class release."""

    code: tuple[Secret, ...]
    words: tuple[Secret, ...]
    arrays: tuple[tuple[str, bytes], ...]
    keys: tuple[Secret, ...]


def secrets_of(lessons: Sequence[Lesson]) -> Secrets:
    """Return the secrets of a course; what its lessons show anyway is none."""
    shown = "\n".join(text for lesson in lessons for text in _shown(lesson))
    lines = normal(shown)
    pieces = (Secret(owner, piece) for lesson in lessons for owner, text in _code(lesson) for piece in windows(text))
    return Secrets(
        code=tuple({piece: None for piece in pieces if f"\n{piece.text}\n" not in lines}),
        words=tuple(word for lesson in lessons for word in _canaries(lesson)),
        arrays=tuple(array for lesson in lessons for spec in lesson.exercises.values() for array in _arrays(spec)),
        keys=tuple(key for lesson in lessons for key in _keys(lesson) if key.text not in shown),
    )


def normal(text: str) -> str:
    r"""Return the lines of a text that say something, without indentation and comments, between line ends.

    >>> normal("  a = 1  \n\n  # why\n  b = 2")
    '\na = 1\nb = 2\n'
    """
    lines = (line.strip() for line in text.split("\n"))
    return "\n" + "\n".join(line for line in lines if line and not line.startswith("#")) + "\n"


def windows(code: str) -> Iterator[str]:
    """Yield the pieces of a solution that give it away: each three lines in a row, or all if there are fewer."""
    lines = normal(code).strip("\n").split("\n")
    for start in range(max(1, len(lines) - WINDOW_LINES + 1)):
        piece = "\n".join(lines[start : start + WINDOW_LINES])
        if len(piece) >= SHORTEST:
            yield piece


def _shown(lesson: Lesson) -> Iterator[str]:
    """Yield what a learner sees of a lesson anyway: its text, its setups, and the words of its items."""
    text = without_solutions(lesson.text.read_text(encoding="utf-8"))
    yield text
    yield re.sub(r"^# ?", "", text, flags=re.MULTILINE)  # prose is written behind `# `
    for spec in lesson.exercises.values():
        yield from (spec.setup, *spec.hints, *(criterion.text for criterion in spec.criteria))
        yield from (text for symptom in spec.misconceptions for text in (symptom.text, symptom.remedy))
    for question in lesson.questions.values():
        yield from (question.stem, *question.hints, *(option.text for option in question.options))


def _code(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Yield the code that solves exercises, with its owner: solutions, references and probes, right attempts."""
    for region in solution_regions(lesson.text.read_text(encoding="utf-8")):
        yield f"a solution of {lesson.id}", region
    for path in lesson.files("exercises", "facts"):
        source = path.read_text(encoding="utf-8")
        yield from ((lesson.place(path), body) for body in _bodies(source))
    for item, attempts in lesson.attempts.items():
        yield from ((f"a right attempt at {item}", one.source) for one in attempts if one.is_right)


def _bodies(source: str) -> Iterator[str]:
    """Yield the bodies of all functions of a module."""
    for node in ast.walk(ast.parse(source)):
        body = node.body if isinstance(node, ast.FunctionDef | ast.Lambda) else []
        parts = body if isinstance(body, list) else [body]
        yield "\n".join(ast.get_source_segment(source, part) or "" for part in parts)


def _canaries(lesson: Lesson) -> Iterator[Secret]:
    files = lesson.files("exercises", "facts", "proofs", "attempts")
    places = [(lesson.place(path), path.read_text(encoding="utf-8")) for path in files]
    regions = solution_regions(lesson.text.read_text(encoding="utf-8"))
    places += [(f"a solution of {lesson.id}", region) for region in regions]
    for owner, text in places:
        yield from (Secret(owner, word) for word in CANARY.findall(text))


def _arrays(spec: ExerciseSpec) -> Iterator[tuple[str, bytes]]:
    """Yield the arrays of private cases that are not in public ones, and have more than one value."""
    shown = {array.tobytes() for array in _inputs(spec.public)}
    drawn = spec.private(generator(PROBE_SECRET, spec.id)) if spec.private else ()
    for array in _inputs(drawn):
        if array.nbytes >= 16 and len(np.unique(array)) > 2 and array.tobytes() not in shown:
            yield spec.id, array.tobytes()


def _inputs(cases: Iterable[Case]) -> Iterator[np.ndarray]:
    for case in (case.probe("case") for case in cases):
        values: list[Plain] = [*case.arguments, *(case.keywords or {}).values()]
        yield from (part.values for value in values for part in walk(value) if isinstance(part, Array))


def _keys(lesson: Lesson) -> Iterator[Secret]:
    """Yield the texts of keys: feedback, misconceptions, rationales."""
    for question in lesson.questions.values():
        texts = [question.rationale]
        for option in question.options:
            texts += [option.feedback, option.misconception or ""]
        for wrong in question.wrong:
            texts += [wrong.feedback, wrong.misconception]
        yield from (Secret(question.id, text) for text in texts if len(text) >= SHORTEST_TEXT)
        yield from (Secret(question.id, word) for word in CANARY.findall(question.model_dump_json()))
