"""Replace the outputs of every check cell by a verdict that was reached outside the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from quizlib.display.card import verdict_card
from quizlib.display.text import verdict_text
from quizlib.errors import GradingError
from quizlib.grading.cells import role
from quizlib.grading.execution.outputs import whole_number
from quizlib.grading.execution.state import Execution, execution_of
from quizlib.grading.judge.client import judge_of
from quizlib.judging.verdict import Verdict

VERDICTS = "quizlib_verdicts"
"""Key of nbconvert's resources that carries the verdicts by item."""


class JudgeEvidence(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader publishes no types
    """Send the evidence to the judge, and write each verdict where nbgrader looks for a score."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Judge all items of the notebook; the kernel is gone by now, and with it everything that could interfere.

        Raises:
            GradingError: the notebook was not executed.
        """
        state = execution_of(resources)
        if state is None:
            raise GradingError("a submission can only be graded by executing it; run nbgrader without --no-execute.")
        try:
            resources[VERDICTS] = self._judge(state)
        finally:
            state.folders.remove()
        for index, item in state.items.items():
            show_verdict(nb.cells[index], resources[VERDICTS][item])
        return nb, resources

    def _judge(self, state: Execution) -> dict[str, Verdict]:
        root = Path(self.parent.parent.coursedir.root)
        items = {item: state.fates.get(item) for item in state.items.values()}
        release, taken = state.admission.release, state.folders.taken
        found = judge_of(root).judge(release, state.lesson, state.code, items, taken)
        return {item: found[item].model_copy(update={"isolation": state.isolation}) for item in items}


def show_verdict(cell: NotebookNode, verdict: Verdict) -> None:
    """Make `verdict` the output of a check cell: a card to read, and one plain number that nbgrader takes as score.

    A fault of ours has no number; `SaveGrades` writes none for it either.
    """
    card = {"text/html": verdict_card(verdict, "grading"), "text/plain": verdict_text(verdict, "grading")}
    cell.outputs = [nbformat.v4.new_output("display_data", data=card)]
    if not verdict.is_our_fault:
        number = {"text/plain": repr(score_in_points(verdict, float(str(role(cell)["points"]))))}
        count = whole_number(cell.get("execution_count"))
        cell.outputs.append(nbformat.v4.new_output("execute_result", data=number, execution_count=count))


def score_in_points(verdict: Verdict, points: float) -> float:
    """Return a verdict's score in the points of its cell: a finite number, 0 to `points`.

    >>> score_in_points(Verdict(item="q", score=1, max_score=2, status="partial", summary=""), 4.0)
    2.0
    """
    if verdict.is_our_fault:
        return 0.0
    is_same = verdict.max_score in (points, 0.0)
    score = verdict.score if is_same else round(verdict.score / verdict.max_score * points, 6)
    return min(points, max(0.0, score))
