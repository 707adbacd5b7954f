"""The kinds of response, in one table: what is expected, what becomes of it, what is looked at.

A new kind is one entry here and, where it is data of its own, a plain value in `quizlib.evidence.values`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quizlib.evidence.values import (
    Array,
    Blob,
    KerasModel,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    TorchModel,
    ZooModel,
)

ResponseKind = Literal["answer", "value", "function", "torch_model", "keras_model", "litert"]
"""An answer to a question; plain values; a function; a torch.nn.Module; a tf_keras model; LiteRT bytes."""

VALUES = (bool, int, float, str, list, tuple, dict, Array, QuantizedArray, SparseArray, Name, ZooModel, type(None))
"""What counts as plain values: all that is plain data but models, bytes and what cannot be read."""


@dataclass(frozen=True)
class Response:
    """What holds of all responses of a kind.

    Attributes:
        expected: What is asked for, in words.
        plain: The kinds of plain value that it may be; none where it never is data itself.
        cases: On what it is looked at: not at all but as itself; as the output of a single case of its own;
            or by calling it on the cases of its probe.
        facts_on: Whether facts are measured on the response, or on each of its outputs.
        library: Whose objects they are, or who makes them.
        can_change_in_place: Whether calls change such a response and return None, which is then handed in.
        can_be_a_set: Whether a set stands for the list of its entries.
    """

    expected: str
    plain: tuple[type, ...]
    cases: Literal["none", "own", "probe"]
    facts_on: Literal["response", "outputs"]
    library: Literal["", "torch", "tensorflow"] = ""
    can_change_in_place: bool = False
    can_be_a_set: bool = False

    @property
    def is_called(self) -> bool:
        """Whether it is called on the cases of its probe."""
        return self.cases == "probe"

    @property
    def is_compared_itself(self) -> bool:
        """Whether it is the output of its one case, so that what is expected there is the very solution."""
        return self.cases == "own"

    @property
    def is_judged_by_calls(self) -> bool:
        """Whether nothing but what its calls return is looked at; answers to visible cases alone would pass."""
        return self.is_called and self.facts_on == "outputs"

    def may_be(self, value: Plain) -> bool:
        """Say whether a response of this kind may be `value`, once it is plain data.

        >>> RESPONSES["value"].may_be([1]), RESPONSES["litert"].may_be([1]), RESPONSES["litert"].may_be(Blob(b""))
        (True, False, True)
        """
        return isinstance(value, self.plain)


RESPONSES: dict[ResponseKind, Response] = {
    # The letters of a question that has several answers may come as a set.
    "answer": Response("an answer", VALUES, cases="none", facts_on="response", can_be_a_set=True),
    "value": Response("plain values: numbers, text, lists, dicts or arrays", VALUES, cases="own", facts_on="outputs"),
    "function": Response("a function", (), cases="probe", facts_on="outputs"),
    "torch_model": Response(
        "a torch.nn.Module",
        (TorchModel,),
        cases="probe",
        facts_on="response",
        library="torch",
        can_change_in_place=True,
    ),
    "keras_model": Response(
        "a tf_keras model",
        (KerasModel,),
        cases="probe",
        facts_on="response",
        library="tensorflow",
        can_change_in_place=True,
    ),
    "litert": Response(
        "bytes, as the converter returns them", (Blob,), cases="none", facts_on="response", library="tensorflow"
    ),
}
"""What holds of each kind."""
