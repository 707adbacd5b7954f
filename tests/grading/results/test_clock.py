import signal
import threading
import time

import pytest

from quizlib.errors import OutOfTimeError
from quizlib.grading.results import clock
from quizlib.grading.results.clock import Clock


def endless():
    while True:
        pass


def test_work_that_takes_too_long_is_ended():
    with Clock(0.05) as running:
        running.start()
        with pytest.raises(OutOfTimeError, match=r"^it took longer than 0.05 s\.$"):
            endless()


def test_it_rings_again_for_a_library_that_takes_the_first_ring_for_its_own_error(monkeypatch):
    monkeypatch.setattr(clock, "AGAIN_SECONDS", 0.05)
    with Clock(0.05) as running:
        running.start()
        with pytest.raises(OutOfTimeError):
            endless()
        with pytest.raises(OutOfTimeError):
            endless()


def test_it_rings_no_more_once_its_work_is_done():
    with Clock(0.05) as running:
        running.start()
    time.sleep(0.1)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_it_does_not_run_before_it_is_started():
    with Clock(0.01):
        time.sleep(0.05)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_outside_of_the_main_thread_work_takes_the_time_it_takes():
    done = []

    def work():
        with Clock(0.01) as running:
            running.start()
            time.sleep(0.05)
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
