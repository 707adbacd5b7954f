"""The report of verify as a table."""

from __future__ import annotations

from rich.table import Table

from quizlib.verify.report import Report

COLUMNS = (
    "lesson",
    "questions\nproved + cited",
    "distractors\nrefuted",
    "exercises\nreference full",
    "points",
    "wrong attempts\ncaught",
    "right attempts\npassed",
    "mistakes\nnamed",
    "work, s",
)


def report_table(report: Report) -> Table:
    """Return one row a lesson: how many there are of each kind, and for how many the proof holds."""
    table = Table(title="quizlib verify", title_justify="left")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "lesson" else "right")
    for lesson, found in report.lessons.items():
        asked, made, tried = found.questions, found.exercises, found.attempts
        table.add_row(
            lesson,
            f"{asked.proved} + {asked.cited} of {asked.total}",
            f"{asked.refuted} of {asked.distractors}",
            f"{made.reference_full} of {made.total}",
            f"{made.points}",
            f"{tried.caught} of {tried.wrong}",
            f"{tried.passed} of {tried.right}",
            f"{tried.named} of {tried.second_variants}",
            f"{found.seconds:.0f}",
        )
    return table
