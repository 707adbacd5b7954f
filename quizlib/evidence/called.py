"""Call the model that a response returned: a model that cannot be called, or gives codes, has the right weights too."""

from __future__ import annotations

from quizlib.errors import CheckBrokenError
from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.failures import CAUGHT, failure
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence


def call_returned(case: ProbeCase, returned: object) -> CaseEvidence | None:
    """Return what the returned model does with the case's `called_with`; None where none was returned or is asked for.

    The model is what was returned, or its first part that can be called.

    Raises:
        CheckBrokenError: the arguments cannot be built, which is none of the response's doing.

    >>> call_returned(ProbeCase("a", called_with=(2,)), (7, lambda x: 10 * x)).output
    20
    """
    parts = returned if isinstance(returned, list | tuple) else [returned]
    model = next((part for part in parts if callable(part)), None)
    if model is None or not case.called_with:
        return None
    try:
        arguments = [build(argument) for argument in case.called_with]
    except Exception as error:  # whatever building raises, the learner's code has not begun
        raise CheckBrokenError.of(error) from error
    try:
        return CaseEvidence(case.id, encode(model(*arguments)))
    except CAUGHT as error:
        return CaseEvidence(case.id, None, failure(error))
