"""How a kernel, or the cell of an item, came to an end other than the ordinary one."""

from __future__ import annotations

from pydantic import field_validator

from quizlib.items.base import Model
from quizlib.judging.verdict import Status


class Fate(Model):
    """Why there is no evidence: the status that follows from it, and a sentence for the learner."""

    status: Status
    sentence: str

    @field_validator("sentence", mode="before")
    @classmethod
    def _without_half_characters(cls, sentence: str) -> str:
        """Replace halves of surrogate pairs, which a kernel's message may hold and no file can."""
        return sentence.encode("utf-8", "replace").decode("utf-8")
