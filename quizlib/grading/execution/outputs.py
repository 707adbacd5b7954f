"""What a kernel puts out: counted while it runs, reduced to text and PNG before anybody looks at it."""

from __future__ import annotations

import itertools
import json
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from quizlib.grading.admission.pictures import is_picture
from quizlib.grading.cells import graded_item, is_graded

MAX_TEXT = 100_000
MAX_ALL_TEXT = 1_000_000
"""Letters of one output, and of all outputs of a notebook: a page takes seconds for a million in many colours."""


class Meter:
    """Counts the output of one submission against its caps, and that of each cell against the same.

    >>> meter = Meter(messages=1, size=1000)
    >>> meter.admits({"text": "a"}), meter.admits({"text": "b"}), meter.is_over
    (True, False, True)
    >>> meter.begin_cell()
    >>> meter.admits({"text": "c"}), meter.is_over
    (False, False)
    """

    def __init__(self, messages: int, size: int) -> None:
        self._most = messages, size
        self._left = [messages, size]
        self._of_cell = [messages, size]

    def begin_cell(self) -> None:
        """Count what comes as another cell's: one that fell silent because of an earlier one is not over the caps."""
        self._of_cell = list(self._most)

    def admits(self, content: dict[str, Any]) -> bool:
        """Count one more message, and say whether it is still within the caps."""
        size = len(json.dumps(content, default=str)) if not self.is_over else 0
        for left in (self._left, self._of_cell):
            left[0], left[1] = left[0] - 1, left[1] - size
        return min(*self._left, *self._of_cell) >= 0

    @property
    def is_over(self) -> bool:
        """Whether this cell alone is over the caps."""
        return min(self._of_cell) < 0

    @property
    def told(self) -> str:
        """What is over, as a sentence names it."""
        messages, size = self._most
        return f"{messages:,} messages" if self._of_cell[1] >= 0 else f"{size / 1e6:g} MB"


def is_told_to_end(reply: Any) -> bool:  # noqa: ANN401  a reply is the kernel's, and may be anything
    """Say whether a reply announces that the kernel ends itself, as `quit()` and `exit()` have it do.

    >>> is_told_to_end({"payload": [{"source": "ask_exit", "keepkernel": False}]}), is_told_to_end({"payload": None})
    (True, False)
    """
    payload = reply.get("payload")
    entries = payload if isinstance(payload, list) else []
    return any(isinstance(one, dict) and one.get("source") == "ask_exit" for one in entries)


def _output(kind: str, **fields: object) -> NotebookNode:
    made: NotebookNode = nbformat.v4.new_output(kind, **fields)
    return made


def error_output(name: str, sentence: str) -> NotebookNode:
    """Return an error as a cell shows it."""
    return _output("error", ename=name, evalue=sentence, traceback=[f"{name}: {sentence}"])


class KeepPlainOutputs(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader publishes no types
    """Keep of a learner's output only text and PNG pictures: a feedback page and formgrader show it to people.

    An ordinary test cell whose output nbgrader cannot score becomes an error in that one cell.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Reduce the outputs of all cells of a notebook."""
        self._left = MAX_ALL_TEXT
        reduced: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return reduced

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Reduce the outputs of a cell that is not a judged check cell, and the number of any cell to a number."""
        if cell.cell_type == "code":
            cell.execution_count = whole_number(cell.get("execution_count"))
        if cell.cell_type == "code" and graded_item(cell) is None:
            cell.outputs = [kept for output in cell.outputs if (kept := plain_output(output)) is not None]
            if is_graded(cell):
                _make_scorable(cell)
            else:
                cell.outputs = self._within_the_cap(cell.outputs)
        return cell, resources

    def _within_the_cap(self, outputs: list[NotebookNode]) -> list[NotebookNode]:
        """Return the outputs of a cell up to the one with which the notebook has put out too much."""
        kept = list(itertools.takewhile(self._admits, outputs))
        cut = _output("stream", name="stdout", text="… output cut here: the notebook put out too much text\n")
        return kept if len(kept) == len(outputs) else [*kept, cut]

    def _admits(self, output: NotebookNode) -> bool:
        self._left -= len(json.dumps({**output, "data": {**output.get("data", {}), "image/png": ""}}))
        return self._left >= 0


def whole_number(told: object) -> int | None:
    """Return the number that a kernel gives to an execution, or None: what it says may be a text, and run on a page.

    >>> whole_number(3), whole_number("<b>"), whole_number(True), whole_number(10**400)
    (3, None, None, None)
    """
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**9 else None


def plain_output(output: NotebookNode) -> NotebookNode | None:
    """Return an output as text and PNG alone, or None if nothing is left of it."""
    match dict(output):
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": text}:
            return _output("stream", name=name, text=_text(text))
        case {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}:
            shown = [_text(line) for line in lines] if isinstance(lines, list) else []
            return _output("error", ename=_text(name), evalue=_text(value), traceback=shown)
        case {"output_type": "display_data" | "execute_result" as kind, "data": dict(data)}:
            kept = _plain_data(data)
            return _output(kind, data=kept) if kept else None
    return None


def _plain_data(data: dict[str, Any]) -> dict[str, str]:
    kept = {"text/plain": _text(data["text/plain"])} if "text/plain" in data else {}
    if is_picture("image/png", data.get("image/png")):
        kept["image/png"] = str(data["image/png"])
    return kept


def _text(value: object) -> str:
    text = "".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n… output cut here"


def _make_scorable(cell: NotebookNode) -> None:
    try:
        utils.determine_grade(cell)
    except Exception as error:  # whatever the cell put out, the other cells keep their points
        cell.outputs = [error_output("UnscorableOutput", f"nbgrader cannot score this output: {error}")]
