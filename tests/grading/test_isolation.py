import pytest

from quizlib.errors import GradingError
from quizlib.grading.isolation import chosen


def test_an_unknown_isolation_is_refused():
    with pytest.raises(GradingError, match="isolation is 'jail'; this version has: none"):
        chosen("jail")
