"""Take evidence of a response: run it on the cases of a probe, and keep plain data."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from quizlib.errors import CheckBrokenError, EvidenceError, MissingWeightsError
from quizlib.evidence.build import build
from quizlib.evidence.called import call_returned
from quizlib.evidence.encode import encode
from quizlib.evidence.failures import CAUGHT, failure
from quizlib.evidence.files import crossed
from quizlib.evidence.given import changed_names, restated_names
from quizlib.evidence.probe import Probe, ProbeCase
from quizlib.evidence.python_objects import class_name
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import (
    CaseEvidence,
    Evidence,
    Model,
    Unreadable,
    walk,
)

VALUE_CASE = "response"
"""Name of the one case of a response that is a plain value."""

GIVES_NONE = "a call that changes a model in place, such as quantize_, returns None"

STUBS = ("?", "")
"""Answers that mean: not answered yet."""


def collect(probe: Probe, response: object, names: Mapping[str, object] | None = None) -> Evidence:
    """Return the evidence of `response` for `probe`, as it is read on the other side; whatever the response does.

    `names` are the variables beside it, of which the probe may say what the setup gave them.
    Errors of the learner's code on a case are kept as that case's failure;
    a response of the wrong type, or one that cannot be read, becomes the evidence's `problem`.

    Raises:
        CheckBrokenError: this library failed, not the response.
        MissingWeightsError: a case takes a pretrained network that is not on this machine.
    """
    try:
        evidence = _collect(probe, response)
        if evidence.problem is None and not evidence.unanswered:
            changed, restated = (find(probe.given, names or {}) for find in (changed_names, restated_names))
            evidence = replace(evidence, given_changed=changed, given_restated=restated)
        return crossed(evidence)
    except EvidenceError as error:
        return _problem(probe, f"{probe.variable} cannot be read: {error}")
    except (CheckBrokenError, MissingWeightsError):
        raise
    except CAUGHT as error:
        if _is_ours(error):
            raise CheckBrokenError.of(error) from error
        return _problem(probe, f"{probe.variable} cannot be read: {type(error).__name__}: {failure(error).message}")


def _is_ours(error: BaseException) -> bool:
    """Say whether an error that no call of the response raised comes from this library's own code."""
    if isinstance(error, SystemExit | MemoryError | RecursionError):
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    name = "" if trace is None else str(trace.tb_frame.f_globals.get("__name__"))
    return name.partition(".")[0] == __name__.partition(".")[0]


def _problem(probe: Probe, sentence: str) -> Evidence:
    return Evidence(probe.item, probe.revision, problem=sentence)


def is_stub(response: object) -> bool:
    """Say whether a response is still what the notebook came with: `...`, None, `"?"` or nothing."""
    if response is ... or response is None:
        return True
    if not isinstance(response, str) or not issubclass(type(response), str):  # or one that only says it is a text
        return False
    return str.strip(response) in STUBS


def _collect(probe: Probe, response: object) -> Evidence:
    kind = RESPONSES[probe.kind]
    if response is None and kind.can_change_in_place:
        return _problem(probe, f"{probe.variable} should be {kind.expected}, but it is None; {GIVES_NONE}.")
    if is_stub(response):
        return Evidence(probe.item, probe.revision, unanswered=True)
    if not kind.plain:
        return _collect_calls(probe, response)
    if kind.can_be_a_set and isinstance(response, set | frozenset):
        response = sorted(response, key=str)
    plain = encode(response)
    # A number that is NaN, or a list that is too long, is of the right type and has a better reason.
    is_plain_type = isinstance(response, bool | int | float | str | list | tuple | dict | np.ndarray)
    if not kind.may_be(plain) and not (is_plain_type and isinstance(plain, Unreadable)):
        return _mistyped(probe, response)
    unreadable = next((part for part in walk(plain) if isinstance(part, Unreadable)), None)
    if unreadable is not None:
        return _problem(probe, f"{probe.variable} holds {unreadable.told}.")
    if kind.is_compared_itself:
        return Evidence(probe.item, probe.revision, None, (CaseEvidence(VALUE_CASE, plain),))
    cases = tuple(_run(case, response) for case in probe.cases) if kind.is_called else ()
    return Evidence(probe.item, probe.revision, plain, cases)


def _collect_calls(probe: Probe, response: object) -> Evidence:
    if not callable(response) or isinstance(response, type):
        return _mistyped(probe, response)
    cases = tuple(_run(case, response) for case in probe.cases)
    unanswered = bool(cases) and all(_returned_nothing(case) for case in cases)
    return Evidence(probe.item, probe.revision, None, cases, unanswered=unanswered)


def _mistyped(probe: Probe, response: object) -> Evidence:
    expected, found = RESPONSES[probe.kind].expected, class_name(response)
    return _problem(probe, f"{probe.variable} should be {expected}, but it is of type {found}.")


def _returned_nothing(case: CaseEvidence) -> bool:
    return case.failure is None and case.output is None and not case.inputs_changed


def _run(case: ProbeCase, function: Any) -> CaseEvidence:  # noqa: ANN401  any callable of the learner
    arguments, keywords = _inputs(case)
    before = _digests(arguments, keywords)
    returned, output, raised = None, None, None
    try:
        returned = function(*arguments, **keywords)
        output = None if returned is ... else encode(returned)  # `return ...` is a stub too
    except CAUGHT as error:
        raised = failure(error)
    after = _digests(arguments, keywords)
    changed = tuple(at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other)
    restated = tuple(at for at in changed if before[at].numbers and before[at].numbers == after[at].numbers)
    called = call_returned(case, returned) if raised is None else None
    return CaseEvidence(case.id, output, raised, bool(changed), changed, called, restated)


def _inputs(case: ProbeCase) -> tuple[list[Any], dict[str, Any]]:
    """Return live inputs; what fails here is none of the response's doing."""
    try:
        arguments = [build(argument) for argument in case.arguments]
        return arguments, {name: build(argument) for name, argument in (case.keywords or {}).items()}
    except MissingWeightsError:
        raise
    except Exception as error:  # whatever building raises, the learner's code has not begun
        raise CheckBrokenError.of(error) from error


class _Digest(NamedTuple):
    """What tells whether a call changed an input; of a model also what tells whether it changed its numbers."""

    whole: str
    numbers: str = ""


def _digests(arguments: list[Any], keywords: dict[str, Any]) -> list[_Digest]:
    return [_digest(live) for live in (*arguments, *keywords.values())]


def _digest(live: object) -> _Digest:
    """Return a fingerprint of live inputs, to see whether a call changed them."""
    writer = TreeWriter()
    try:
        plain = encode(live)
        tree = writer.write(plain)
    except CAUGHT:  # a call may leave an input that cannot be read any more
        return _Digest("unreadable")
    shapes = {name: values.shape for name, values in writer.arrays.items()}
    digest = hashlib.sha256(json.dumps(shapes, sort_keys=True).encode())
    for name in sorted(writer.arrays):
        digest.update(writer.arrays[name].tobytes())
    numbers = digest.hexdigest()
    whole = hashlib.sha256(json.dumps([tree, numbers, _gradients(live)], sort_keys=True).encode()).hexdigest()
    return _Digest(whole, numbers if isinstance(plain, Model) else "")


def _gradients(live: object) -> list[bool]:
    """Return whether a tensor of torch asks for a gradient, and whether it has one; nothing of any other input.

    Parameters of a model are left out: they ask for gradients by themselves, and a training leaves some.
    """
    if "torch" not in sys.modules:
        return []
    from quizlib.evidence import torch_objects  # which imports torch

    return torch_objects.gradients(live)
