"""The proof of a question: observe the real library, then let each option's claim decide on what was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Seen = Mapping[str, Any]
"""What a proof observed: named plain values."""


@dataclass(frozen=True, eq=False)
class Claim:
    """What an option (or a pair of an ordering) claims, as a test of what was observed.

    `says` puts the observation in words; `holds` decides from what was seen and nothing else;
    `unless` replaces some observations so that the decision must change: it shows that the claim can fail.

    >>> claim = Claim("int8 takes fewer bytes", lambda seen: seen["int8"] < seen["float"], unless={"int8": 9})
    >>> claim.holds({"int8": 1, "float": 4}), claim.holds({"int8": 1, "float": 4, **claim.unless})
    (True, False)
    """

    says: str
    holds: Callable[[Seen], bool]
    unless: Seen


@dataclass(frozen=True, eq=False, kw_only=True)
class Proof:
    """The proof of one question.

    Args:
        item: Id of the question.
        observe: Runs the real library and returns what was seen, by name.
        claims: For kinds one and several, a claim per letter; for order, a claim per pair such as `"CA"`,
            which says that C comes before A. Not for number and predict.
        value: For kinds number and predict: the answer, computed from what was seen.
        unless: For `value`: replaced observations under which the answer must change.
    """

    item: str
    observe: Callable[[], Seen]
    claims: Mapping[str, Claim] = field(default_factory=dict)
    value: Callable[[Seen], float | str] | None = None
    unless: Seen = field(default_factory=dict)
