"""A case of an exercise in words: the call, what was expected, what came out."""

from __future__ import annotations

from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Array, CaseEvidence, Failure, walk
from quizlib.items.exercise import Raises
from quizlib.items.released import ExerciseSheet
from quizlib.judging.compare import describe
from quizlib.judging.verdict import ShownCase


def raised(failure: Failure) -> str:
    """Return what a response raised, in words."""
    return f"raised {failure.type_name}" + (f": {failure.message}" if failure.message else "")


def case_size(case: ProbeCase | None) -> int:
    """Return how many numbers go into a case."""
    if case is None:
        return 0
    inputs = walk([*case.arguments, *(case.keywords or {}).values()])
    return sum(value.values.size if isinstance(value, Array) else 1 for value in inputs)


def show_case(sheet: ExerciseSheet, got: CaseEvidence) -> ShownCase:
    """Return a public case in words: the call, what was expected, what came out."""
    case = next((case for case in sheet.probe.cases if case.id == got.case), ProbeCase(got.case))
    parts = [describe(argument) for argument in case.arguments]
    parts += [f"{name}={describe(argument)}" for name, argument in (case.keywords or {}).items()]
    is_called = sheet.exercise.response != "value"
    call = f"{sheet.exercise.name}({', '.join(parts)})" if is_called else sheet.exercise.name
    return ShownCase(call=call, expected=_expected(sheet, got.case), got=_result(got))


def _expected(sheet: ExerciseSheet, case: str) -> str:
    """Return what a case should give; where no output is given in advance, what its criterion asks."""
    answer = sheet.answers.get(case)
    asked = sheet.exercise.behaviours.get(case)
    criterion = next((criterion for criterion in sheet.exercise.criteria if criterion.id == asked), None)
    if criterion is not None and isinstance(criterion.requirement, Raises):
        return " or ".join(criterion.requirement.types)
    if answer is None:
        return "what meets its criteria" if criterion is None else criterion.text
    return _result(answer)


def _result(result: CaseEvidence) -> str:
    return describe(result.output) if result.failure is None else raised(result.failure).removeprefix("raised ")
