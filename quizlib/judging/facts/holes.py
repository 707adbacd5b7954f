"""The holes of a fact's sentence, and how numbers, counts and bounds are written into them.

`{value}` is what was measured and `{asked}` what is asked for; a format says how they are written:

| format | value | what is asked for |
|---|---|---|
| `{…}` | 0.3125, float32 | at least 0.5 is asked for, float32 is asked for |
| `{…:%}` | 31.3 % | at least 50 % is asked for, none is asked for |
| `{…:scale}`, any noun | no scale, 1 scale, 12 scales | none is asked for, at least 64 are asked for |
| `{…:.2}` | 0.31 | at least 0.5 is asked for |
| `{…:is not/is}` | the first where the value is false or 0, else the second | |

`{place}` is where it shows, after a colon, or nothing; `{where}` the output or the part of it that was measured.
Every argument of the fact is a hole of its own, such as `{weight}`.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

from quizlib.items.exercise import Condition, Scalar
from quizlib.items.fact import Fact

ROUNDING = 1e-4
"""Bounds of a difference up to here are there for the rounding of float32 only."""

DIGITS = (3, 4, 6, 9, 17)
"""Digits in which numbers are written: the first that tell a value from its bounds."""

HOLES = ("value", "asked", "place", "where")
"""What every sentence may use, beside the arguments of its fact."""


def unfilled_holes(fact: Fact) -> list[str]:
    """Return the holes of a fact's sentence that are neither arguments of it nor known to all.

    >>> unfilled_holes(Fact(len, "entries", (list,), sentence="it has {value:entry} of {what}"))
    ['what']
    """
    named = (name for _, name, _, _ in string.Formatter().parse(fact.sentence) if name is not None)
    return sorted(set(named) - {*HOLES, *list(fact.signature.parameters)[2:]})


@dataclass(frozen=True)
class Told:
    """A measured value, written as the format asks, in as many digits as tell it from its bounds.

    >>> f"{Told(0.9930556, Condition(fact='f', at_most=0)):%}", f"{Told(1, Condition(fact='f', equals=4)):scale}"
    ('99.3 %', '1 scale')
    """

    value: Scalar
    condition: Condition

    def __format__(self, spec: str) -> str:
        bounds = [written(bound, spec) for bound in _bounds(self.condition)]
        texts = [written(self.value, spec, digits) for digits in DIGITS]
        return next((text for text in texts if text not in bounds), texts[-1])


@dataclass(frozen=True)
class Asked:
    """What a condition asks for, in words.

    >>> f"{Asked(Condition(fact='f', at_least=0.5)):%}", f"{Asked(Condition(fact='f', at_most=0)):scale}"
    ('at least 50 % is asked for', 'none is asked for')
    >>> f"{Asked(Condition(fact='f', equals=64)):scale}", f"{Asked(Condition(fact='f', at_most=1e-6))}"
    ('64 are asked for', '0 but for rounding is asked for')
    """

    condition: Condition

    def __format__(self, spec: str) -> str:
        bounds = self._bounds(spec)
        is_plural = _is_noun(spec) and bounds.rpartition(" ")[2] not in ("none", "1")
        return f"{bounds} {'are' if is_plural else 'is'} asked for"

    def _bounds(self, spec: str) -> str:
        asked = self.condition
        if asked.equals is not None:
            return _bound(asked.equals, spec)
        if asked.differs is not None:
            return f"anything but {_bound(asked.differs, spec)}"
        if asked.at_least is not None and asked.at_most is not None:
            return _between(asked.at_least, asked.at_most, spec)
        if asked.at_least is not None:
            if 0 < asked.at_least <= ROUNDING and not spec:
                return "more than 0"
            is_all = spec == "%" and asked.at_least == 1
            return _bound(1, spec) if is_all else f"at least {_bound(asked.at_least, spec)}"
        return _at_most(asked.at_most or 0.0, spec)


def _between(least: float, most: float, spec: str) -> str:
    one, other = _bound(least, spec), _bound(most, spec)
    return one if one == other else f"from {one} to {other}"


def _at_most(bound: float, spec: str) -> str:
    if bound == 0:
        return _bound(0, spec)
    return "0 but for rounding" if bound <= ROUNDING and not spec else f"at most {_bound(bound, spec)}"


def _bounds(condition: Condition) -> Iterator[Scalar]:
    named = (condition.equals, condition.differs, condition.at_least, condition.at_most)
    yield from (bound for bound in named if bound is not None)


def _bound(bound: Scalar, spec: str) -> str:
    """Return a bound without the noun of a count, which the value has beside it."""
    if not bound and not isinstance(bound, bool) and spec:
        return "none"
    return written(bound, spec if spec == "%" else "")


def _is_noun(spec: str) -> bool:
    return spec.replace(" ", "").isalpha()


def written(value: Scalar, spec: str = "", digits: int = DIGITS[0]) -> str:
    """Return a value as the format of a hole asks.

    >>> written(0.25, "%"), written(0, "module"), written(18382), written(True, "is not/is"), written(2e-05)
    ('25 %', 'no module', '18,382', 'is', '2e-05')
    >>> written(-2e-05, ".2"), written(0.9999999, "step")
    ('0', '1 step')
    """
    if "/" in spec:
        return spec.split("/")[bool(value)]
    if isinstance(value, str | bool):
        return str(value)
    if spec == "%":
        return _per_cent(value, digits)
    if spec.startswith("."):
        return f"{round(value, int(spec[1:])) + 0:g}"
    if spec:
        return _counted(value, spec, digits)
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    return f"{value:,.0f}" if 10_000 <= abs(value) < 1e15 else f"{value:.{max(digits, 4)}g}"


def _per_cent(value: float, digits: int) -> str:
    if abs(value) > 10:
        return "over 1,000 %"
    text = f"{100 * value:.{digits}g}"
    is_rounded_to_all = text == "100" and value != 1
    return f"{100 * value:.7g} %" if is_rounded_to_all else f"{text} %"


def _counted(value: float, noun: str, digits: int) -> str:
    if value == 0:
        return f"no {noun}"
    number = written(value, "", digits)
    return f"{number} {noun}{'' if number == '1' else 's'}"
