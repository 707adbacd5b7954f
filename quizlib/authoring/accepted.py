"""Mutants of a solution that may keep their points: listed in the exercise's folder by their diff, with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, TypeAdapter, ValidationError

from quizlib.errors import SpecError
from quizlib.items.base import Model, Text

ACCEPTED = "mutants.yaml"
"""Name of the list in an exercise's folder."""


class AcceptedMutant(Model):
    """A mutant that may keep its points.

    `equivalent`: it gives what the solution gives, or what is as right. `practice`: it loses points in grading alone,
    by its nature, such as an answer typed in for the public cases.
    """

    diff: Annotated[str, AfterValidator(lambda text: text.strip("\n"))]
    reason: Text
    kind: Literal["equivalent", "practice"]


_LIST = TypeAdapter(tuple[AcceptedMutant, ...])


def read_accepted(folder: Path) -> tuple[AcceptedMutant, ...]:
    r"""Return the list in an exercise's folder; an empty one where there is none.

    An entry is what `quizlib verify` says of a mutant, with a reason::

        - diff: |
            @@
            -    scale = largest / (2 ** (bits - 1) - 1)
            +    scale = largest / ((1 << bits - 1) - 1)
          reason: A shift by `bits - 1` is that power of two.
          kind: equivalent

    Raises:
        SpecError: an entry is malformed, or a diff is listed twice; the message names the file and the entry.
    """
    path = folder / ACCEPTED
    if not path.is_file():
        return ()
    where = f"{folder.name}/{ACCEPTED}"
    try:
        listed = _LIST.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or ())
    except yaml.YAMLError as error:
        raise SpecError(f"{where} is no YAML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ", ".join(str(part) for part in first["loc"]) or "the whole file"
        raise SpecError(
            f"{where}, {place}: {first['msg']}; an entry has diff, reason and kind, equivalent or practice."
        ) from error
    diffs = [entry.diff for entry in listed]
    twice = next((diff for diff in diffs if diffs.count(diff) > 1), None)
    if twice is not None:
        raise SpecError(f"{where} lists this diff twice; keep one of the two:\n{twice}")
    return listed
