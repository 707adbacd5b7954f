import pytest

from quizlib.errors import GradingError
from quizlib.grading.execution.isolation import DEFAULT, ISOLATIONS, chosen


def test_an_unknown_isolation_is_refused_with_those_there_are():
    with pytest.raises(GradingError, match=f"isolation is 'jail'; this version has: {', '.join(ISOLATIONS)}"):
        chosen("jail")


def test_without_a_choice_it_is_the_default():
    assert chosen(None) == chosen(DEFAULT) == DEFAULT


@pytest.mark.parametrize("name", sorted(ISOLATIONS))
def test_every_isolation_says_its_name_before_a_batch(name):
    assert ISOLATIONS[name].notice.startswith(f"isolation {name}: ")
