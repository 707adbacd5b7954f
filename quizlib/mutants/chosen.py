"""Choose a few of an exercise's mutants, always the same ones, over all kinds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain, zip_longest

from quizlib.mutants.mutant import KINDS, Mutant


def chosen(item: str, mutants: Sequence[Mutant], most: int = 12) -> tuple[Mutant, ...]:
    """Return at most `most` mutants of an exercise: one of each kind in turn, by a hash of item and label.

    >>> few = [Mutant("a", f"line {line}", "", "") for line in range(9)] + [Mutant("e", "nothing done", "", "")]
    >>> [mutant.kind for mutant in chosen("round-up", few, most=3)]
    ['a', 'e', 'a']
    """
    ordered = sorted(mutants, key=lambda mutant: hashlib.sha256(f"{item}\0{mutant.label}".encode()).digest())
    by_kind = [[mutant for mutant in ordered if mutant.kind == kind] for kind in KINDS]
    in_turn = chain.from_iterable(zip_longest(*by_kind))
    return tuple([mutant for mutant in in_turn if mutant is not None][:most])
