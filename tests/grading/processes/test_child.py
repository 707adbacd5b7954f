from pathlib import Path

import psutil
import pytest

from quizlib.errors import ChildError, InfrastructureError
from quizlib.grading.processes.child import Child, Frame
from quizlib.items.base import Model
from tests.grading.answering import Answer, Noise, Order


class Song(Model):
    sing: str


@pytest.fixture
def child(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    made = Child("tests.grading.answering", [], timeout=60)
    yield made
    made.stop()


def ask(child, do):
    return child.ask(Order(do=do), Answer).pid


def test_a_child_answers_again_and_again_in_one_process(child):
    assert ask(child, "pid") == ask(child, "pid") == child.pid


def test_what_a_library_prints_does_not_spoil_a_reply(child):
    assert ask(child, "print") == ask(child, "pid") == child.pid


def test_a_fault_of_the_child_is_told_and_it_goes_on(child):
    with pytest.raises(ChildError, match="ValueError: told to fail"):
        ask(child, "fail")
    assert ask(child, "pid") == child.pid


def test_a_fault_of_the_child_is_ours():
    assert issubclass(ChildError, InfrastructureError)


def test_a_malformed_request_is_answered_with_what_was_expected(child):
    with pytest.raises(ChildError, match="a request is malformed at do: Field required"):
        child.ask(Song(sing="la"), Answer)
    with pytest.raises(ChildError, match="a request is malformed at do: Input should be 'pid', 'print'"):
        child.ask(Order.model_construct(do="dance"), Answer)
    assert ask(child, "pid") == child.pid


def test_a_reply_of_another_kind_than_expected_is_a_fault_and_ends_the_child(child):
    process = psutil.Process(ask(child, "pid"))
    with pytest.raises(ChildError, match="answered with something else than Noise"):
        child.ask(Order(do="pid"), Noise)
    assert not process.is_running()


def test_a_death_is_told_with_its_last_words_and_a_new_child_takes_over(child):
    first = ask(child, "pid")
    with pytest.raises(ChildError, match="died: last words"):
        ask(child, "die")
    assert ask(child, "pid") != first


def test_a_child_that_hangs_is_killed(child):
    pid = ask(child, "pid")
    child._timeout = 0.1
    with pytest.raises(ChildError, match="did not answer in time"):
        ask(child, "hang")
    assert not psutil.pid_exists(pid)


def test_a_child_leaves_from_the_middle_of_a_request_when_its_parent_goes(child):
    process = psutil.Process(ask(child, "pid"))
    child._send(child._process, Frame(number=2, nonce=child._nonce, body='{"do": "hang"}'))
    child._process.stdin.close()
    assert process.wait(timeout=60) == 0


def test_its_secret_is_new_each_time_and_neither_on_its_command_line_nor_in_its_environment(child):
    process, nonce = psutil.Process(ask(child, "pid")), child._nonce
    assert len(nonce) == 32
    assert nonce not in f"{process.cmdline()} {process.environ()}"
    child.stop()
    ask(child, "pid")
    assert child._nonce != nonce


@pytest.mark.parametrize("do", ["answer without the secret", "answer another request"])
def test_a_reply_that_was_not_asked_for_is_a_fault_and_ends_the_child(child, do):
    process = psutil.Process(ask(child, "pid"))
    with pytest.raises(ChildError, match="sent something that was not asked for"):
        ask(child, do)
    assert not process.is_running()
    assert ask(child, "pid") != process.pid


def test_a_second_reply_to_one_request_ends_the_child_before_the_next(child):
    process = psutil.Process(ask(child, "pid"))
    assert ask(child, "answer twice") == 1
    with pytest.raises(ChildError, match="sent something that was not asked for"):
        ask(child, "pid")
    assert not process.is_running()


def test_a_request_without_the_secret_ends_the_child(child):
    process = psutil.Process(ask(child, "pid"))
    child._nonce = "0" * 32
    with pytest.raises(ChildError, match="request 2 does not carry the number and the secret of this child"):
        ask(child, "pid")
    assert not process.is_running()


def test_the_last_words_of_a_child_that_said_much_are_read_from_the_end(child):
    ask(child, "talk")
    with pytest.raises(ChildError, match="died: last words"):
        ask(child, "die")
