"""Code exercises: what is asked, the criteria that judge it, and the mistakes it recognises, as data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from quizlib.evidence.responses import ResponseKind
from quizlib.items.base import Item, ItemId, Misconception, Model, Text

Scalar = bool | int | float | str


class Condition(Model):
    """A measured fact and the bounds it must keep: `fact` names a function in `quizlib.judging.facts`.

    >>> Condition(fact="sparsity", args={"weight": "hidden1.weight"}, at_least=0.49, at_most=0.51).bounds
    'from 0.49 to 0.51'
    """

    fact: str
    args: dict[str, Any] = Field(default={})
    at_least: float | None = None
    at_most: float | None = None
    equals: Scalar | None = None
    differs: Scalar | None = None

    @model_validator(mode="after")
    def _has_a_bound(self) -> Condition:
        if all(bound is None for bound in (self.at_least, self.at_most, self.equals, self.differs)):
            raise ValueError("a condition needs at_least, at_most, equals or differs; else it cannot fail")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least is {self.at_least:g}, above at_most, {self.at_most:g}; nothing can hold that")
        return self

    @property
    def bounds(self) -> str:
        """The bounds in words."""
        if self.equals is not None:
            return str(self.equals)
        if self.differs is not None:
            return f"anything but {self.differs}"
        if self.at_least is not None and self.at_most is not None:
            return f"from {self.at_least:g} to {self.at_most:g}"
        return f"at least {self.at_least:g}" if self.at_least is not None else f"at most {self.at_most:g}"


class Matches(Model):
    """Outputs equal the expected ones on every case of the criterion.

    |got - expected| <= atol + rtol * |expected|, element by element; `dtype` also compares dtypes,
    `library` also that a tensor is a tensor; `part` compares one entry of a dict or tuple only.
    """

    kind: Literal["matches"] = "matches"
    rtol: float = Field(ge=0, default=1e-4)
    atol: float = Field(ge=0, default=1e-6)
    dtype: bool = False
    library: bool = False
    contiguous: bool = False
    part: str | int | None = None


class Raises(Model):
    """Every case of the criterion raises one of `types` or a class derived from it; the message names `mentions`."""

    kind: Literal["raises"] = "raises"
    types: tuple[str, ...]
    mentions: tuple[str, ...] = ()


class Unchanged(Model):
    """No case, of any criterion, changed its inputs."""

    kind: Literal["unchanged"] = "unchanged"


class Measured(Model):
    """Facts measured on the response, or on the output of each case of the criterion, keep their bounds."""

    kind: Literal["measured"] = "measured"
    conditions: tuple[Condition, ...] = Field(min_length=1)


Requirement = Annotated[Matches | Raises | Unchanged | Measured, Field(discriminator="kind")]


class Criterion(Model):
    """One behaviour that is judged on its own: what it asks, its points, and how it is judged.

    Where it stands `beside` others, which show the work, it counts only if one of them is met.
    """

    id: ItemId
    text: Text
    points: int = Field(ge=1)
    requirement: Requirement
    beside: tuple[ItemId, ...] = ()


class Symptom(Misconception):
    """A misconception, and the facts by which it is recognised where outputs vary (a model that was trained).

    `loses` are the criteria that its known attempts lose, a set for each that differs from the others.
    """

    conditions: tuple[Condition, ...] = ()
    loses: tuple[tuple[ItemId, ...], ...] = ()


class Exercise(Item):
    """A code exercise as it is released.

    `name` is the learner's variable or function; `behaviours` gives each case the id of the criterion that it shows.
    """

    title: Text
    response: ResponseKind
    name: str
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    misconceptions: tuple[Symptom, ...] = ()
    behaviours: dict[str, ItemId] = Field(default={})

    @property
    def variable(self) -> str:
        """Name of the learner's variable or function."""
        return self.name

    @model_validator(mode="after")
    def _points_and_ids_agree(self) -> Exercise:
        total = sum(criterion.points for criterion in self.criteria)
        if total != self.points:
            raise ValueError(f"the criteria of {self.id} add up to {total} points, the exercise says {self.points}")
        for what, ids in (("criteria", self.criteria), ("misconceptions", self.misconceptions)):
            names = [entry.id for entry in ids]
            if len(set(names)) != len(names):
                raise ValueError(f"two {what} of {self.id} have the same id")
        alone = {criterion.id for criterion in self.criteria if not criterion.beside}
        for criterion in self.criteria:
            leaning = sorted(set(criterion.beside) - alone)
            if leaning:
                raise ValueError(f"{criterion.id} stands beside {', '.join(leaning)}, which should stand by itself")
        unknown = set(self.behaviours.values()) - {criterion.id for criterion in self.criteria}
        if unknown:
            raise ValueError(f"cases of {self.id} name the unknown criteria {sorted(unknown)}")
        return self

    def cases_of(self, criterion: Criterion) -> tuple[str, ...]:
        """Return the ids of the cases that show this criterion's behaviour.

        Where none is given to it they are all cases, but for those that some criterion wants to raise.
        """
        own = tuple(case for case, behaviour in self.behaviours.items() if behaviour == criterion.id)
        raising = {other.id for other in self.criteria if isinstance(other.requirement, Raises)}
        return own or tuple(case for case, behaviour in self.behaviours.items() if behaviour not in raising)
