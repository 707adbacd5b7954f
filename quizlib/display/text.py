"""A verdict as plain lines, for terminals and screen readers."""

from __future__ import annotations

from quizlib.judging.verdict import Verdict


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as lines: score and summary, then criteria, misconception, case, explanation.

    >>> print(verdict_text(Verdict(item="why", score=1, max_score=1, status="correct", summary="Right.")))
    why: 1/1 points, correct. Right.
    """
    lines = [f"{verdict.item}: {verdict.score:g}/{verdict.max_score:g} points, {verdict.status}. {verdict.summary}"]
    for line in verdict.criteria:
        mark = "met" if line.is_met else "not met"
        message = f": {line.message}" if line.message else ""
        lines.append(f"  [{mark}] {line.text} ({line.score:g}/{line.points:g}){message}")
    if verdict.misconception is not None:
        lines += [f"  Likely cause: {verdict.misconception.text}", f"  Try: {verdict.misconception.remedy}"]
    if verdict.case is not None:
        lines += [f"  {verdict.case.call}", f"    expected {verdict.case.expected}", f"    got      {verdict.case.got}"]
    if verdict.explanation:
        lines.append(f"  {verdict.explanation}")
    return "\n".join(lines)
