"""The report of verify as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table

from quizlib.mutants import KINDS
from quizlib.verify.probes import Probed
from quizlib.verify.report import LessonReport, MutantCounts, Report

COLUMNS = ("lesson", "proved", "refuted", "solved", "caught", "right", "named", "spared", "mutants", "in practice")

CAPTION = (
    "proved: questions · refuted: distractors · solved: exercises whose solution gets full marks · "
    "caught: wrong attempts · right: right attempts with full marks · "
    "named: second variants of mistakes that the card names · "
    "spared: decoys, mistakes nearby, that the card does not call by the wrong name · "
    "mutants: mistakes made by machine in a solution that lose points in grading, and in practice, too; "
    "+ those listed as equivalent"
)

PROBES_CAPTION = (
    "of a parameter: its different values; of a part of the answer, or an exception: the cases that look at it · "
    "in practice: public cases · in grading: those, and the private ones under one secret"
)


def report_table(report: Report) -> Table:
    """Return one row a lesson: how many there are of each kind, and for how many the proof holds."""
    table = Table(box=box.SIMPLE_HEAD, caption=CAPTION, caption_justify="left", show_edge=False, padding=(0, 1, 0, 0))
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
            *_fared(found.mutants),
        )
    return table


def probe_table(items: Mapping[str, Sequence[Probed]]) -> Table:
    """Return one row for each thing that the task of an exercise names, with the cases that look at it."""
    table = Table(box=box.SIMPLE_HEAD, caption=PROBES_CAPTION, caption_justify="left", show_edge=False)
    for column in ("exercise", "", "named", "in practice", "in grading"):
        table.add_column(column, justify="right" if column.startswith("in") else "left", no_wrap=True)
    for item, found in items.items():
        for one in found:
            stated = "" if one.is_stated else " (not in the task)"
            table.add_row(item, one.kind, f"{one.name}{stated}", str(one.public), str(one.graded))
        table.add_section()
    return table


def _fared(counts: MutantCounts) -> tuple[str, str]:
    """Return how many mutants are caught in grading and in practice."""
    beside = f"+{counts.equivalent}" if counts.equivalent else ""
    return f"{counts.caught}{beside}/{counts.made}", f"{counts.in_practice}{beside}/{counts.made}"


def mutant_table(report: Report) -> Table:
    """Return one row a kind of mutant: how many were run of all lessons, and how many of them are caught."""
    total = LessonReport()
    for found in report.lessons.values():
        total.add(found)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for column in ("mutants by kind", "run", "in grading", "in practice"):
        table.add_column(column, justify="left" if column.startswith("mutants") else "right", no_wrap=True)
    for kind, what in KINDS.items():
        counts = total.mutant_kinds.get(kind, MutantCounts())
        table.add_row(f"({kind}) {what}", str(counts.made), *_fared(counts))
    return table
