"""What questions and exercises share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""An id of an item, unique in the whole course: words in lower case joined by hyphens."""

LessonId = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[a-z]?-[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""An id of a lesson, such as `03-quantization`, or `03b-integer-networks`, which goes on from it."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""A text that says something."""


class Model(BaseModel):
    """Base of all data of the course: immutable, and an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Misconception(Model):
    """A mistake that somebody makes: its id, what it is, and what to try instead."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    text: Text
    remedy: Text


class Item(Model):
    """What every question and exercise has.

    `revision` grows with every edit, so that a submission is judged by what it was released with.
    """

    id: ItemId
    revision: int = Field(ge=1, default=1)
    lesson: LessonId
    points: int = Field(ge=1, le=20)
    hints: tuple[Text, ...] = ()

    @property
    def variable(self) -> str:
        """Name of the learner's variable.

        >>> Item(id="why-quantize", lesson="01-overview", points=1).variable
        'why_quantize'
        """
        return self.id.replace("-", "_")
