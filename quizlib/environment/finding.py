"""What one look at the machine comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "wrong", "optional"]


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, what was found, whether that is well, and the command that mends it."""

    check: str
    found: str
    state: State
    mend: str = ""
