"""The report of verify as a table."""

from __future__ import annotations

from rich import box
from rich.table import Table

from quizlib.verify.report import Report

COLUMNS = ("lesson", "proved", "refuted", "solved", "caught", "right", "named", "spared")

CAPTION = (
    "proved: questions · refuted: distractors · solved: exercises whose solution gets full marks · "
    "caught: wrong attempts · right: right attempts with full marks · "
    "named: second variants of mistakes that the card names · "
    "spared: decoys, mistakes nearby, that the card does not call by the wrong name"
)


def report_table(report: Report) -> Table:
    """Return one row a lesson: how many there are of each kind, and for how many the proof holds."""
    table = Table(box=box.SIMPLE_HEAD, caption=CAPTION, caption_justify="left", pad_edge=False, padding=(0, 1))
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "lesson" else "right", no_wrap=True)
    for lesson, found in report.lessons.items():
        asked, made, tried = found.questions, found.exercises, found.attempts
        table.add_row(
            lesson,
            f"{asked.proved}/{asked.total}{f' ({asked.cited} cited)' if asked.cited else ''}",
            f"{asked.refuted}/{asked.distractors}",
            f"{made.reference_full}/{made.total}",
            f"{tried.caught}/{tried.wrong}",
            f"{tried.passed}/{tried.right}",
            f"{tried.named}/{tried.second_variants}",
            f"{tried.decoys - tried.accused}/{tried.decoys}",
        )
    return table
