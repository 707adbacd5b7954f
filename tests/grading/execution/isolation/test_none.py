import os
import signal
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import KernelManager

from quizlib.grading.execution.isolation.drain import LAST
from quizlib.grading.execution.isolation.none import Unconfined
from quizlib.grading.execution.isolation.surroundings import make_home

pytestmark = pytest.mark.grading

CHILD = "import subprocess; child = subprocess.Popen(['sleep', '600']); print(child.pid, end='')"


class Kernel:
    """A kernel that an isolation has started, and what it prints."""

    def __init__(self, folder, before=None):
        folder.mkdir(exist_ok=True)
        if before is not None:  # a file of the grader's that any process would inherit
            self.file = (folder / before).open("w")
            os.set_inheritable(self.file.fileno(), True)
        make_home(folder / "home")
        (folder / "probes").mkdir()
        self.confined = Unconfined(folder / "home", folder / "probes")
        self.manager = KernelManager(kernel_name="python3")
        self.confined.start(self.manager)
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    @property
    def process(self):
        return self.manager.provisioner.process

    def run(self, source):
        told = []
        self.client.execute_interactive(source, timeout=60, output_hook=lambda m: told.append(m["content"].get("text")))
        return "".join(filter(None, told))

    def stop(self):
        self.client.stop_channels()
        self.confined.kill()
        self.manager.shutdown_kernel(now=True)
        self.manager.context.term()


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN", "of the grader")
    started = Kernel(tmp_path)
    yield started
    started.stop()


def is_gone(process):
    """Say whether a process has ended; one that nobody has waited for is a zombie until then."""
    psutil.wait_procs([process], timeout=10)
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_kernel_has_a_home_and_an_environment_of_its_own(kernel, tmp_path):
    said = kernel.run("import os; print(os.environ['HOME'], os.environ.get('TOKEN'), os.getcwd(), sep='|', end='')")
    assert said == f"{tmp_path / 'home'}|None|{tmp_path}"


def test_a_kill_takes_everything_that_the_kernel_started(kernel):
    child, leader = psutil.Process(int(kernel.run(CHILD))), psutil.Process(kernel.process.pid)
    kernel.confined.kill()
    assert is_gone(child)
    assert is_gone(leader)


def test_a_kill_takes_what_a_dead_kernel_has_left(kernel):
    child = psutil.Process(int(kernel.run(CHILD)))
    kernel.client.execute("import os; os._exit(3)")
    kernel.process.wait(timeout=60)
    kernel.confined.kill()
    assert is_gone(child)
    kernel.confined.kill()


def test_the_cause_of_a_death_is_told_by_how_the_process_ended(kernel):
    kernel.client.execute("import os; os._exit(3)")
    kernel.process.wait(timeout=60)
    assert kernel.confined.cause_of_death().status == "died"


def test_a_kernel_that_was_killed_is_said_to_be_out_of_memory(kernel):
    os.kill(kernel.process.pid, signal.SIGKILL)
    kernel.process.wait(timeout=60)
    assert kernel.confined.cause_of_death().status == "memory"


OPEN = """
import os
print(sorted({os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if int(name) > 2}))
"""


def test_a_kernel_inherits_no_descriptor_of_the_grader(tmp_path):
    ours = {str(Path(f"/proc/self/fd/{number}").readlink()) for number in (0, 1, 2)}
    started = Kernel(tmp_path / "another", before="inheritable")
    try:
        seen = started.run(OPEN)
        streams = {str(Path(f"/proc/{started.process.pid}/fd/{number}").readlink()) for number in (0, 1, 2)}
    finally:
        started.stop()
        started.file.close()
    assert "inheritable" not in seen
    assert not streams & (ours - {os.devnull})


def test_what_is_written_to_the_streams_of_a_kernel_goes_nowhere_and_its_end_is_kept(kernel):
    said = kernel.run(FLOOD)
    assert said == "written"
    kernel.confined.kill()
    assert kernel.confined.last_words() == "the last line"
    assert len(kernel.confined._kernel.drain._said) <= LAST


FLOOD = """
import subprocess, sys
code = r"import os; [os.write(2, b'x' * 1_000_000) for _ in range(100)]; os.write(2, b'\\nthe last line\\n')"
original = getattr(sys.stderr, "_original_stdstream_copy", 2)
subprocess.run([sys.executable, "-c", code], stderr=original, check=True)
print("written", end="")
"""
