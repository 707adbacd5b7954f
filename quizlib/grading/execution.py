"""Execute a submission in a kernel that holds probe inputs only, and take away the evidence that it leaves."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Integer, Unicode

from quizlib.errors import GradingError
from quizlib.grading.admission import Admission
from quizlib.grading.cells import check_cells
from quizlib.grading.environment import kernel_environment
from quizlib.grading.isolation import DEFAULT, chosen
from quizlib.grading.judge_process import judge_of
from quizlib.grading.outputs import Meter, error_output
from quizlib.grading.run import KEY, Run


class ExecuteSubmission(Execute):  # type: ignore[misc]  # nbgrader publishes no types
    """nbgrader's Execute for hostile notebooks: probes in, evidence out, and an end to everything.

    `timeout` and every other setting of `Execute` hold here too.
    """

    total_timeout = Integer(900, help="Seconds after which the whole notebook is stopped").tag(config=True)
    output_size = Integer(20_000_000, help="Bytes of output that are kept of one notebook").tag(config=True)
    output_messages = Integer(20_000, help="Messages of output that are kept of one notebook").tag(config=True)
    isolation = Unicode(DEFAULT, help="What confines the kernel").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], km: object = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Execute the notebook unless admission refused it; what happened is in the resources' `Run`."""
        named = resources["nbgrader"]
        admission = Admission.of(nb)
        self._run = Run(named["assignment"], admission, check_cells(nb), chosen(self.isolation))
        self._meter = Meter(self.output_messages, self.output_size)
        resources[KEY] = self._run
        try:
            if admission.refused:
                self._refuse(nb, resources)
            else:
                self._prepare(Path(self.parent.parent.coursedir.root))
                nb, resources = super().preprocess(nb, resources, km)
        except BaseException:
            self._run.folders.remove()
            raise
        return nb, resources

    def _prepare(self, root: Path) -> None:
        run = self._run
        judge_of(root).prepare(run.admission.release, run.lesson, list(run.items.values()), run.folders.probes)

    def _refuse(self, nb: NotebookNode, resources: dict[str, Any]) -> None:
        self._run.end("invalid", self._run.admission.refused)
        for index, cell in enumerate(nb.cells):
            self.preprocess_cell(cell, resources, index)

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:  # noqa: ANN401  as nbclient calls it
        """Start the kernel with a private environment and a clock; at the end nothing of its group is left alive."""
        folders = self._run.folders
        clock = threading.Timer(self.total_timeout, self._stop_clock)
        clock.daemon = True
        with _started(super().setup_kernel(env=kernel_environment(folders.home, folders.probes), **kwargs)):
            clock.start()
            try:
                yield
            finally:
                clock.cancel()
                self._kill()

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell, unless the kernel is gone, and take the evidence of a check cell at once."""
        if cell.cell_type != "code":
            return cell, resources
        if self._run.ending:
            self._run.skip(index)
            cell.outputs = [error_output("NotRun", self._run.ending[1])]
            return cell, resources
        if index not in self._run.items:
            self._run_cell(cell, resources, index)
            return cell, resources
        self._run.folders.clear(self._run.items[index])
        self._run_cell(cell, resources, index)
        self._run.settle(index, cell)
        return cell, resources

    def _run_cell(self, cell: NotebookNode, resources: dict[str, Any], index: int) -> None:
        try:
            super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._run.end(*self._cause_of_death())
        except CellTimeoutError:
            self._run.end("timeout", "a cell ran for longer than it may, and would not be interrupted.")
        except Exception as error:  # replies are the kernel's, and may be anything
            self._run.end("died", f"the kernel's replies make no sense ({type(error).__name__}).")
        if self._run.ending:
            self._kill()
            cell.outputs.append(error_output("KernelGone", self._run.ending[1]))

    def on_cell_executed(self, **kwargs: Any) -> None:  # noqa: ANN401  as nbclient calls it
        """Note a cell that was interrupted for time, then do as nbgrader does."""
        if kwargs["execute_reply"]["content"].get("ename") == "CellTimeoutError":
            self._run.timed_out.add(kwargs["cell_index"])
        super().on_cell_executed(**kwargs)

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep a message of the kernel if it is within the caps and makes sense; drop it otherwise."""
        if msg["msg_type"] != "status" and not self._meter.admits(msg["content"]):
            return None
        try:
            output: NotebookNode | None = super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception as error:  # nbclient trusts the kernel's messages; this does not
            self.log.warning("A message of the kernel was dropped (%s)", type(error).__name__)
            return None
        return output

    def _stop_clock(self) -> None:
        self._run.end("timeout", f"the notebook ran for longer than {self.total_timeout} s.")
        self._kill()

    def _cause_of_death(self) -> tuple[Any, str]:
        process = getattr(getattr(self.km, "provisioner", None), "process", None)
        if getattr(process, "returncode", None) == -signal.SIGKILL:
            return "memory", "the kernel was killed from outside, most often because memory ran out."
        return "died", "the kernel died."

    def _kill(self) -> None:
        """Kill the kernel and every process of its group."""
        group = getattr(getattr(self.km, "provisioner", None), "pgid", None)
        if group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)


@contextlib.contextmanager
def _started(kernel: contextlib.AbstractContextManager[None]) -> Iterator[None]:
    """Enter `kernel`, and call a failure to start what it is: ours."""
    try:
        kernel.__enter__()
    except Exception as error:  # a provisioner may raise anything, and the submission has not begun
        raise GradingError(f"the kernel could not be started: {error}") from error
    try:
        yield
    finally:
        kernel.__exit__(None, None, None)
