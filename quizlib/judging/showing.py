"""A case of an exercise in words: the call, what was expected, what came out."""

from __future__ import annotations

from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import Array, Blob, CaseEvidence, Failure, KerasModel, Plain, TorchModel, walk
from quizlib.items.exercise import Condition, Criterion, Matches, Measured, Raises, Unchanged
from quizlib.items.released import ExerciseSheet
from quizlib.judging.array_source import Style, is_view
from quizlib.judging.compare import difference
from quizlib.judging.describing import ORDINALS, can_be_typed, describe
from quizlib.judging.verdict import ShownCase

LONGEST_MESSAGE = 240
"""Characters of an exception's message at most; the call shows all of it."""

STYLES: tuple[Style, Style] = ("short", "exact")

EVERYTHING = Matches(rtol=0, atol=0, dtype=True, library=True, contiguous=True)
"""Finds whatever difference there is."""

VIEW_NOTE = "An argument is a view: its numbers do not lie side by side in memory (it is not contiguous)."


def raised(failure: Failure) -> str:
    """Return what a response raised, in words."""
    message = " ".join(failure.message.split())
    shown = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE].rsplit(' ', 1)[0]} …"
    return f"raised {failure.type_name}" + (f": {shown}" if shown else "")


def case_size(case: ProbeCase | None) -> int:
    """Return how many numbers go into a case."""
    if case is None:
        return 0
    inputs = walk(_inputs(case))
    return sum(value.values.size if isinstance(value, Array) else 1 for value in inputs)


def _inputs(case: ProbeCase) -> list[Plain]:
    return [*case.arguments, *(case.keywords or {}).values(), *case.called_with]


def show_case(sheet: ExerciseSheet, got: CaseEvidence, criterion: Criterion | None = None) -> ShownCase:
    """Return a public case in words: the call, what was expected, what came out.

    The call is Python that can be typed where its arguments are short; else the case is given by its number.
    Where facts are measured on the output, no output as a whole is expected: what the criterion asks stands there, and
    of a model that came out nothing, since the criterion's own sentence says what is wrong with it.
    """
    case = _case(sheet, got)
    is_runnable = all(map(can_be_typed, _inputs(case)))
    expected, result = _compared(sheet, case, got)
    is_measured = criterion is not None and isinstance(criterion.requirement, Measured)
    is_of_call = not is_measured or any("called" in each.fact for each in conditions_of(criterion))
    if criterion is not None and is_measured and got.failure is None:
        expected, result = _measured_sides(sheet, got, criterion, is_of_call=is_of_call)
    return ShownCase(
        call=_call(sheet, case),
        then=_second_call(case) if is_of_call else "",
        expected=expected,
        got=result,
        is_runnable=is_runnable,
        place="" if is_runnable else _place(sheet, case),
        note=VIEW_NOTE if any(isinstance(part, Array) and is_view(part) for part in walk(_inputs(case))) else "",
    )


def _case(sheet: ExerciseSheet, got: CaseEvidence) -> ProbeCase:
    return next((case for case in sheet.probe.cases if case.id == got.case), ProbeCase(got.case))


def _call(sheet: ExerciseSheet, case: ProbeCase) -> str:
    if RESPONSES[sheet.exercise.response].is_compared_itself:
        return sheet.exercise.name
    parts = [describe(argument, style="typed") for argument in case.arguments]
    parts += [f"{name}={describe(argument, style='typed')}" for name, argument in (case.keywords or {}).items()]
    return f"{sheet.exercise.name}({', '.join(parts)})"


def conditions_of(criterion: Criterion | None) -> tuple[Condition, ...]:
    """Return the conditions of a criterion that asks for facts; none of any other."""
    rule = None if criterion is None else criterion.requirement
    return rule.conditions if isinstance(rule, Measured) else ()


def _measured_sides(
    sheet: ExerciseSheet, got: CaseEvidence, criterion: Criterion, *, is_of_call: bool
) -> tuple[str, str]:
    """Return what was expected and what came out where facts are measured: on a model, on its call, on an output."""
    answer = sheet.answers.get(got.case)
    if not isinstance(got.output, TorchModel | KerasModel | Blob):
        is_compared = any(each.fact == "largest_error" for each in conditions_of(criterion))
        expected = _result(answer, "short") if answer is not None and is_compared else criterion.text.replace("`", "")
        return expected, _result(got, "short")
    if is_of_call and got.called is not None and answer is not None and answer.called is not None:
        return _result(answer.called, "short"), _result(got.called, "short")
    return "", ""


def _second_call(case: ProbeCase) -> str:
    """Return the call of the model that the first call returned, if there is one."""
    given = ", ".join(describe(argument, style="typed") for argument in case.called_with)
    return f"the model that it returned, called with {given}" if given else ""


def _place(sheet: ExerciseSheet, case: ProbeCase) -> str:
    """Return which of the public cases this is, such as `"3 of 7"`."""
    public = [other.id for other in sheet.probe.cases if other.id in sheet.public]
    return f"{public.index(case.id) + 1} of {len(public)}" if case.id in public else ""


def changed_inputs(sheet: ExerciseSheet, got: CaseEvidence) -> str:
    """Name the inputs that a call changed, by their place or keyword; all of them where the kernel did not say."""
    case = _case(sheet, got)
    keywords = [f"argument {name}" for name in case.keywords or {}]
    names = [f"{ORDINALS.get(at, f'{at + 1}th')} argument" for at in range(len(case.arguments))] + keywords
    changed = [names[at] for at in got.changed if at < len(names)]
    return f"its {' and its '.join(changed)}" if changed else "its inputs"


def _compared(sheet: ExerciseSheet, case: ProbeCase, got: CaseEvidence) -> tuple[str, str]:
    """Return what was expected and what came out, in as few digits as tell the two apart, and else in words."""
    short, full = ((_expected(sheet, case.id, style), _result(got, style)) for style in STYLES)
    if short[0] != short[1]:
        return short
    if full[0] != full[1]:
        return full
    if got.inputs_changed and _are_inputs_judged(sheet):
        return f"{short[0]}, and its inputs as they were", f"{short[1]}, and {changed_inputs(sheet, got)} changed"
    answer = sheet.answers.get(case.id)
    sentence = answer and difference(answer.output, got.output, EVERYTHING)
    return short[0], f"{short[1]} ({sentence})" if sentence else short[1]


def _are_inputs_judged(sheet: ExerciseSheet) -> bool:
    """Say whether some criterion asks for inputs as they were; else a call may change them."""
    requirements = [criterion.requirement for criterion in sheet.exercise.criteria]
    facts = [rule.conditions for rule in requirements if isinstance(rule, Measured)]
    asked = any(condition.fact == "inputs_changed" for conditions in facts for condition in conditions)
    return asked or any(isinstance(rule, Unchanged) for rule in requirements)


def _expected(sheet: ExerciseSheet, case: str, style: Style) -> str:
    """Return what a case should give; where no output is given in advance, what its criterion asks."""
    answer = sheet.answers.get(case)
    asked = sheet.exercise.behaviours.get(case)
    criterion = next((criterion for criterion in sheet.exercise.criteria if criterion.id == asked), None)
    if criterion is not None and isinstance(criterion.requirement, Raises):
        return " or ".join(criterion.requirement.types)
    if answer is None:
        return "what meets its criteria" if criterion is None else criterion.text
    return _result(answer, style)


def _result(result: CaseEvidence, style: Style) -> str:
    if result.failure is not None:
        return raised(result.failure).removeprefix("raised ")
    return describe(result.output, style=style)
