"""Judge whether a function left its inputs alone, which says something only of a function that did something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quizlib.evidence.values import CaseEvidence, Plain
from quizlib.items.exercise import Matches
from quizlib.items.released import ExerciseSheet
from quizlib.judging.bench import Finding
from quizlib.judging.compare import difference
from quizlib.judging.describing import form_of, kind_of
from quizlib.judging.showing import changed_inputs, raised

SAME = Matches(rtol=0, atol=0, dtype=True)


def input_flaw(sheet: ExerciseSheet, got: Mapping[str, CaseEvidence], cases: Sequence[str]) -> Finding | None:
    """Return what was found against a function, or None where the inputs of all `cases` were left as given.

    A function that never returns, returns nothing of the kind that is asked for, or returns the same whatever it is
    given, has shown nothing about its inputs; it is not said to have changed them.
    """
    for case in cases:
        if case not in got:
            return Finding("no result for this case", case)
        if got[case].inputs_changed:
            return Finding(f"{sheet.exercise.name} changed {changed_inputs(sheet, got[case])}", case)
    sentence = _idle([got[case] for case in cases], [sheet.answers.get(case) for case in cases])
    return Finding(sentence, cases[0], is_unshown=True) if sentence and cases else None


def _idle(got: list[CaseEvidence], expected: list[CaseEvidence | None]) -> str | None:
    failures = [result.failure for result in got if result.failure is not None]
    if failures and len(failures) == len(got):
        return raised(failures[0])
    # Pairs of what was wanted and what was found, where a result was wanted and one came.
    pairs = [
        (wanted.output, found.output)
        for wanted, found in zip(expected, got, strict=True)
        if wanted is not None and wanted.failure is None and found.failure is None
    ]
    if pairs and not any(form_of(wanted) == form_of(found) for wanted, found in pairs):
        wanted, found = pairs[0]
        return f"returns {kind_of(found)} where {kind_of(wanted)} is asked for, which shows nothing about its inputs"
    if pairs and _are_alike([found for _, found in pairs]) and not _are_alike([wanted for wanted, _ in pairs]):
        return "returns the same whatever it is given, which shows nothing about its inputs"
    return None


def _are_alike(outputs: list[Plain]) -> bool:
    return all(difference(outputs[0], other, SAME) is None for other in outputs[1:])
