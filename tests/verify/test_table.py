import io

from rich.console import Console

from quizlib.mutants import KINDS
from quizlib.verify.report import LessonReport, MutantCounts, Report
from quizlib.verify.table import mutant_table, report_table


def report():
    first = LessonReport(mutants=MutantCounts(made=40, caught=37, in_practice=36, equivalent=2))
    first.mutant_kinds = {"a": MutantCounts(made=30, caught=28, in_practice=27, equivalent=2)}
    second = LessonReport(mutants=MutantCounts(made=5, caught=5, in_practice=5))
    second.mutant_kinds = {"a": MutantCounts(made=4, caught=4, in_practice=4)}
    return Report(lessons={"01-x": first, "02-y": second})


def printed(table):
    console = Console(file=io.StringIO(), width=120)
    console.print(table)
    return console.file.getvalue()


def test_a_lesson_has_its_mutants_beside_its_attempts():
    lines = printed(report_table(report())).splitlines()

    assert lines[0].split()[-3:] == ["mutants", "in", "practice"]
    assert [line.split()[-2:] for line in lines[2:4]] == [["37+2/40", "36+2/40"], ["5/5", "5/5"]]


def test_every_kind_of_mutant_is_counted_over_all_lessons():
    lines = printed(mutant_table(report())).splitlines()

    assert [line[1] for line in lines[2:]] == list(KINDS)
    assert lines[2].split() == ["(a)", "syntax", "34", "32+2/34", "31+2/34"]
    assert lines[3].split()[-3:] == ["0", "0/0", "0/0"]
