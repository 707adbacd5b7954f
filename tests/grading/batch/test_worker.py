import pytest
from nbgrader.converters import BaseConverter
from nbgrader.converters.base import NbGraderException

from quizlib.errors import GradingError, InfrastructureError
from quizlib.grading.batch.worker import RememberingConverter, convert


class Failing(BaseConverter):
    """A converter one of whose steps fails, and which keeps of that what nbgrader keeps."""

    error = None

    def convert_single_notebook(self, notebook_filename):
        raise self.error

    def start(self):
        try:
            self.convert_single_notebook("a.ipynb")
        except Exception:
            self.log.error("Traceback\nsqlite3.OperationalError: database is locked")
        raise NbGraderException("Please see the error log for details")


class RememberingFailing(RememberingConverter, Failing):
    pass


def failing(error):
    converter = RememberingFailing()
    converter.error = error
    return converter


def test_what_a_step_of_ours_raised_is_raised_as_it_was():
    error = InfrastructureError("the judge failed twice: it died")
    with pytest.raises(InfrastructureError) as raised:
        convert(failing(error))
    assert raised.value is error


def test_another_error_of_ours_becomes_a_fault_with_its_sentence():
    with pytest.raises(InfrastructureError, match=r"^the secret cannot be read$") as raised:
        convert(failing(GradingError("the secret cannot be read")))
    assert type(raised.value.__cause__) is GradingError


def test_what_nbgrader_says_is_read_from_its_log():
    with pytest.raises(InfrastructureError, match=r"^sqlite3\.OperationalError: database is locked$"):
        convert(failing(ValueError("of some library")))
