from typing import get_args

import pytest

from quizlib.evidence.responses import RESPONSES, ResponseKind
from quizlib.evidence.values import KINDS, Unreadable


def test_table_holds_every_kind_of_response_once():
    assert tuple(RESPONSES) == get_args(ResponseKind)


def test_every_kind_of_plain_value_but_what_cannot_be_read_can_be_a_response():
    taken = {kind for response in RESPONSES.values() for kind in response.plain}

    assert taken == set(KINDS) - {Unreadable}


@pytest.mark.parametrize("kind", RESPONSES)
def test_only_what_is_called_can_change_in_place_or_needs_private_cases(kind):
    response = RESPONSES[kind]

    assert response.is_called or not (response.can_change_in_place or response.is_judged_by_calls)
    assert response.is_called or response.plain  # else nothing would be looked at
