"""JSON files of a course directory, each with a version of its own and a way out when it is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from quizlib.atomic import replace_text
from quizlib.errors import GradingError

Content = TypeVar("Content")


@dataclass(frozen=True)
class VersionedFile:
    """A kind of file: its name in the course directory, its version, and what to do about a damaged one."""

    name: str
    version: int
    way_out: str

    def read(self, root: Path, parse: Callable[[dict[str, Any]], Content]) -> Content | None:
        """Return what `parse` makes of the file, or None where there is none.

        Raises:
            GradingError: the file is damaged, so that `parse` raises, or of another version.
        """
        path = root / self.name
        if not path.is_file():
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            version = found["format"]
            if version == self.version:
                return parse(found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise GradingError(f"{path} is not what `quizlib course` writes; {self.way_out}.") from error
        raise GradingError(f"{path} has the format {version} of another version of quizlib; expected {self.version}.")

    def write(self, root: Path, content: Mapping[str, object]) -> None:
        """Replace the file at once."""
        replace_text(root / self.name, json.dumps({"format": self.version, **content}, indent=1) + "\n")
