import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from quizlib.errors import SpecError
from quizlib.verify.forked import Death, Limits, forked

SHORT = Limits(seconds=1)


def test_what_the_work_returns_comes_back_and_what_it_does_stays_in_the_child():
    seen = []

    def work():
        seen.append("here")
        return seen, os.getpid()

    returned, process = forked(work)

    assert returned == ["here"]
    assert process != os.getpid()
    assert seen == []


def test_large_result_comes_back_whole():
    assert forked(lambda: bytes(3_000_000)) == bytes(3_000_000)


def test_error_of_this_library_is_raised_again():
    def work():
        raise SpecError("bits is 9; pass 2 to 8")

    with pytest.raises(SpecError, match="bits is 9; pass 2 to 8"):
        forked(work)


def test_any_other_error_is_a_death_that_tells_it():
    death = forked(lambda: 1 // 0)

    assert isinstance(death, Death)
    assert death.cause == "died"
    assert "ZeroDivisionError" in death.told


def test_process_that_leaves_at_once_is_dead():
    assert forked(lambda: os._exit(3)) == Death("died", "exit status 3")


def test_loop_without_end_is_stopped_when_its_processor_time_is_used_up():
    def work():
        while True:
            pass

    assert forked(work, SHORT) == Death("time")


def test_process_that_waits_for_ever_is_stopped_by_the_clock():
    began = time.monotonic()

    assert forked(lambda: time.sleep(600), SHORT) == Death("time")
    assert time.monotonic() - began < 60


def test_array_beyond_the_memory_that_is_allowed_is_a_death():
    assert forked(lambda: len(bytearray(8 << 30)), Limits(seconds=20, memory=4 << 30)) == Death("memory")


def test_what_a_child_started_ends_with_it():
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    started = forked(lambda: subprocess.Popen(command, stdin=subprocess.DEVNULL).pid, Limits(seconds=5))

    psutil.wait_procs([process for process in psutil.process_iter() if process.pid == started], timeout=60)
    assert not psutil.pid_exists(started) or psutil.Process(started).status() == psutil.STATUS_ZOMBIE


def test_temporary_file_that_the_work_leaves_goes_with_it():
    def work():
        with tempfile.NamedTemporaryFile(delete=False) as file:
            return file.name

    left = forked(work)

    assert Path(left).parent != Path(tempfile.gettempdir())
    assert not Path(left).exists()
