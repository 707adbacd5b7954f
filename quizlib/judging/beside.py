"""Criteria that count only beside others: what was kept, or is only reported, says nothing of work left undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from quizlib.items.exercise import Criterion
from quizlib.items.fact import Fact
from quizlib.judging.bench import Finding
from quizlib.judging.measured import is_self_reported

Findings = Mapping[str, Finding | None]
"""Why each criterion is not met, by its id; None where it is."""


def counted(criteria: Sequence[Criterion], findings: Findings, own: Mapping[str, Fact]) -> dict[str, Finding | None]:
    """Return the findings, with one for each criterion that holds and counts for nothing, as nothing beside it is met.

    Nothing speaks against such a criterion, so that a card does not call it unmet.

    Args:
        criteria: Those that are judged here; one that waits for others to be judged elsewhere counts.
        findings: Theirs.
        own: The facts that the course brings itself.
    """
    lost = {criterion.id for criterion in criteria if findings[criterion.id] is not None}
    uncounted = all_lost(criteria, lost, own) - lost
    told = {one.id: Finding(_told(one, criteria), is_unshown=True) for one in criteria if one.id in uncounted}
    return {criterion.id: told.get(criterion.id) or findings[criterion.id] for criterion in criteria}


def all_lost(criteria: Sequence[Criterion], lost: Collection[str], own: Mapping[str, Fact]) -> frozenset[str]:
    """Return the ids of criteria that earn nothing: those that are `lost`, and those of which all beside them are.

    >>> from quizlib.authoring import matching, unchanged
    >>> criteria = (matching("typical", "Doubles"), matching("edges", "Doubles 0"), unchanged("keeps", "Keeps `x`"))
    >>> sorted(all_lost(criteria, {"typical"}, {})), sorted(all_lost(criteria, {"typical", "edges"}, {}))
    (['typical'], ['edges', 'keeps', 'typical'])
    """
    beside = {criterion.id: {other.id for other in shown_by(criterion, criteria, own)} for criterion in criteria}
    return frozenset(lost) | {id for id, others in beside.items() if others and others <= set(lost)}


def shown_by(criterion: Criterion, criteria: Sequence[Criterion], own: Mapping[str, Fact]) -> list[Criterion]:
    """Return the criteria of which one at least must be met for this one to count; none where it counts by itself.

    They are those it is said to stand beside; where it rests on the kernel's word, all that do not and stand alone.
    """
    if criterion.beside:
        return [other for other in criteria if other.id in criterion.beside]
    if not is_self_reported(criterion, own):
        return []
    return [other for other in criteria if not other.beside and not is_self_reported(other, own)]


def _told(criterion: Criterion, criteria: Sequence[Criterion]) -> str:
    others = [other for other in criteria if other.id in criterion.beside]
    what = " or ".join(f"“{other.text}”" for other in others) or "another criterion"
    return f"holds, and earns its points only once {what} is met"
