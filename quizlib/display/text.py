"""A verdict as plain lines, for terminals and screen readers."""

from __future__ import annotations

from quizlib.display.words import (
    Occasion,
    case_heading,
    case_lines,
    cause_label,
    mark,
    next_label,
    next_step,
    points_text,
    printable,
    score_text,
    status_word,
    summary_text,
)
from quizlib.judging.verdict import Verdict


def verdict_text(verdict: Verdict, occasion: Occasion = "practice") -> str:
    """Return a verdict as lines: status, score and summary, then all that the card shows, in the same order.

    >>> print(verdict_text(Verdict(item="why", score=1, max_score=1, status="correct", summary="Right.")))
    why: Correct, 1 of 1 point. Right.
    """
    status, summary = status_word(verdict, occasion).text, summary_text(verdict, occasion)
    head = f"{verdict.title or verdict.item}: {status}, {score_text(verdict)}. {summary}"
    lines = [head, *_criteria(verdict), *_cause(verdict), *_case(verdict)]
    if verdict.explanation:
        lines.append(f"  Why: {verdict.explanation}")
    if step := next_step(verdict, occasion):
        lines.append(f"  {next_label(verdict)}: {step}")
    return printable("\n".join(lines))


def _criteria(verdict: Verdict) -> list[str]:
    lines = []
    for line in verdict.criteria:
        message = f": {line.message}" if line.message else ""
        lines.append(f"  [{mark(verdict, line)}] {line.text} ({points_text(line.score)}/{line.points:g}){message}")
    return lines


def _cause(verdict: Verdict) -> list[str]:
    found = verdict.misconception
    return [] if found is None else [f"  {cause_label(verdict)}: {found.text}", f"    {found.remedy}"]


def _case(verdict: Verdict) -> list[str]:
    case = verdict.case
    if case is None:
        return []
    note = [f"    {case.note}"] if case.note else []
    return [f"  {case_heading(case)}", *(f"    {name + ':':<9} {text}" for name, text in case_lines(case)), *note]
