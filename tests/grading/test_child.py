from pathlib import Path

import psutil
import pytest

from quizlib.grading.child import Child, ChildError


@pytest.fixture
def child(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    made = Child("tests.grading.answering", [], timeout=60)
    yield made
    made.stop()


def test_a_child_answers_again_and_again_in_one_process(child):
    assert child.ask({"do": "pid"}) == child.ask({"do": "pid"}) == {"pid": child.pid}


def test_what_a_library_prints_does_not_spoil_a_reply(child):
    assert child.ask({"do": "print"}) == {"printed": True}
    assert child.ask({"do": "pid"}) == {"pid": child.pid}


def test_a_fault_of_the_child_is_told_and_it_goes_on(child):
    with pytest.raises(ChildError, match="ValueError: told to fail"):
        child.ask({"do": "fail"})
    assert child.ask({"do": "pid"}) == {"pid": child.pid}


def test_a_death_is_told_with_its_last_words_and_a_new_child_takes_over(child):
    first = child.ask({"do": "pid"})
    with pytest.raises(ChildError, match="died: last words"):
        child.ask({"do": "die"})
    assert child.ask({"do": "pid"}) != first


def test_a_child_that_hangs_is_killed(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    child = Child("tests.grading.answering", [], timeout=60)
    pid = child.ask({"do": "pid"})["pid"]
    child._timeout = 0.1
    with pytest.raises(ChildError, match="did not answer in time"):
        child.ask({"do": "hang"})
    assert not psutil.pid_exists(pid)


def test_a_child_leaves_from_the_middle_of_a_request_when_its_parent_goes(child):
    process = psutil.Process(child.ask({"do": "pid"})["pid"])
    child._process.stdin.write('{"do": "hang"}\n')
    child._process.stdin.close()
    assert process.wait(timeout=60) == 0
