"""What a fact is: a measure of evidence, by name, that a condition asks for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from quizlib.items.exercise import Scalar


@dataclass(frozen=True, eq=False)
class Fact:
    """A function of a plain value and of what surrounds it, that returns a number, a text or a truth value.

    Attributes:
        function: Takes the value, the context, and the arguments of a condition by keyword.
        unit: Unit of what it returns, such as `"bytes"`; of a text or truth value, what it is.
        of: Classes of plain values that it is measured on; every other is refused in words.
        is_self_reported: Whether only the kernel's word stands for it, as for hooks left over.
        is_on_digits: Whether it is measured on digits, for which a grading takes images that no kernel holds.
        sentence: What a card says where the fact does not keep its bounds, with holes to fill; see
            `quizlib.judging.facts.telling`. Without one the card names the fact, its bounds and its value.
        place: Takes the value, the context and the condition, and returns in words where this shows, or an empty text.
    """

    function: Callable[..., Scalar]
    unit: str
    of: tuple[type, ...]
    is_self_reported: bool = False
    is_on_digits: bool = False
    sentence: str = ""
    place: Callable[..., str] | None = None

    @property
    def name(self) -> str:
        """The name that a condition asks for."""
        return self.function.__name__

    @property
    def summary(self) -> str:
        """What it measures: the first line of its docstring, from "the" on."""
        first = (inspect.getdoc(self.function) or "").partition("\n")[0]
        return first.removeprefix("Return ").rstrip(".")

    @property
    def signature(self) -> inspect.Signature:
        """How it is called; the first two parameters are the value and its context."""
        return inspect.signature(self.function)

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a condition may pass, with defaults, such as `"weight"` and `"bits=8"`."""
        taken = list(self.signature.parameters.values())[2:]
        return tuple(str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in taken)

    @property
    def is_text(self) -> bool:
        """Whether it is a text, which has no range."""
        return self.signature.return_annotation in ("str", str)
