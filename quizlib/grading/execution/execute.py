"""Execute a submission in a kernel that holds probe inputs only, and take away the evidence that it leaves."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_async
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Bool, Integer, Unicode

from quizlib.coursedir.course import Course
from quizlib.errors import InfrastructureError
from quizlib.grading.admission.admit import Admission
from quizlib.grading.admission.handed_in import code_of, working_copy
from quizlib.grading.cells import check_cells
from quizlib.grading.execution.isolation import DEFAULT, ISOLATIONS, chosen
from quizlib.grading.execution.isolation.protocol import Isolation
from quizlib.grading.execution.kernel_client import ListeningClient
from quizlib.grading.execution.outputs import Meter, error_output, is_told_to_end, whole_number
from quizlib.grading.execution.state import KEY, Execution
from quizlib.grading.fate import Fate
from quizlib.grading.judge.client import judge_of

REPLY_SECONDS = 1.0
"""How long the reply of a cell that was interrupted may still be on its way once its output was waited for."""


class ExecuteSubmission(Execute):  # type: ignore[misc]  # nbgrader publishes no types
    """nbgrader's Execute for hostile notebooks: probes in, evidence out, and an end to everything.

    `timeout` and every other setting of `Execute` hold here too.
    """

    total_timeout = Integer(900, help="Seconds after which the whole notebook is stopped").tag(config=True)
    output_size = Integer(20_000_000, help="Bytes of output that are kept of one notebook; a cell with more is ended")
    output_messages = Integer(20_000, help="Messages of output that are kept of one notebook, likewise")
    output_size.tag(config=True)
    output_messages.tag(config=True)
    # A cell that has replied has ended; output of it that is late, or was lost in a flood, ends no submission.
    raise_on_iopub_timeout = Bool(False).tag(config=True)
    iopub_timeout = Integer(10, help="Seconds to wait for the output of a cell that has ended").tag(config=True)
    isolation = Unicode(DEFAULT, help="What confines the kernel").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Execute the notebook unless admission refused it; what happened is in the resources' `Execution`.

        Raises:
            InfrastructureError: the judge or the kernel could not be started.
        """
        named = resources["nbgrader"]
        admission = Admission.of(nb)
        state = Execution(named["assignment"], admission, check_cells(nb), chosen(self.isolation))
        self._state = resources[KEY] = state
        self._confined = ISOLATIONS[state.isolation](state.folders.home, state.folders.probes)
        self._meter = Meter(self.output_messages, self.output_size)
        self._interrupting: asyncio.Task[None] | None = None
        self._idle: int | None = None  # the cell after which the kernel was last seen idle
        try:
            if admission.refused:
                self._refuse(nb, resources)
            else:
                with working_copy(resources, state.folders.work) as folder:
                    self._prepare(Course(Path(self.parent.parent.coursedir.root)), nb, folder)
                    nb, resources = super().preprocess(nb, resources)
        except BaseException:
            state.folders.remove()
            raise
        return nb, resources

    def _prepare(self, course: Course, nb: NotebookNode, folder: Path) -> None:
        """Find out what the kernel will read of the submission, and lay out the probes that belong to it."""
        state, judge = self._state, judge_of(course.root)
        state.code = code_of(nb, folder, course.source(state.lesson))
        items = list(state.items.values())
        state.probes = judge.prepare(state.admission.release, state.lesson, state.code, items, state.folders.probes)

    def _refuse(self, nb: NotebookNode, resources: dict[str, Any]) -> None:
        self._state.end(Fate(status=self._state.admission.status, sentence=self._state.admission.refused))
        for index, cell in enumerate(nb.cells):
            self.preprocess_cell(cell, resources, index)

    def create_kernel_manager(self) -> KernelManager:
        """Create nbclient's manager of one kernel, which will start it as the isolation says."""
        manager: KernelManager = super().create_kernel_manager()
        manager.client_factory = ListeningClient
        self._confined.start(manager)
        return manager

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:  # noqa: ANN401  as nbclient calls it
        """Start the kernel and a clock; at the end nothing that it started is left alive."""
        clock = threading.Timer(self.total_timeout, self._stop_clock)
        clock.daemon = True
        with _started(super().setup_kernel(**kwargs), self._confined):
            clock.start()
            try:
                yield
            finally:
                clock.cancel()
                self._confined.kill()

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell, unless the kernel is gone, and take the evidence of a check cell at once."""
        if cell.cell_type != "code":
            return cell, resources
        if self._state.ending:
            self._state.skip(index)
            cell.outputs = [error_output("NotRun", self._state.ending.sentence)]
            return cell, resources
        if index not in self._state.items:
            self._run_cell(cell, resources, index)
            return cell, resources
        self._state.folders.clear(self._state.items[index])
        self._run_cell(cell, resources, index)
        too_much = f"the check was ended: it put out more than {self._meter.told}." if self._meter.is_over else ""
        self._state.settle(index, cell, too_much)
        return cell, resources

    def _run_cell(self, cell: NotebookNode, resources: dict[str, Any], index: int) -> None:
        self._meter.begin_cell()
        try:
            super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._state.end(self._confined.cause_of_death())
        except Exception as error:  # replies are the kernel's, and may be anything
            sentence = f"the kernel's replies make no sense ({type(error).__name__})."
            self._state.end(Fate(status="died", sentence=sentence))
        if self._meter.is_over:
            cell.outputs.append(error_output("TooMuchOutput", f"more than {self._meter.told} of output: cut here."))
        if self._state.ending:
            self._confined.kill()
            cell.outputs.append(error_output("KernelGone", self._state.ending.sentence))

    async def on_cell_executed(self, **kwargs: Any) -> None:  # noqa: ANN401  as nbclient calls it
        """Note a cell that was interrupted for time, or that told the kernel to end, then do as nbgrader does.

        A kernel that was told to end does so a moment later; it is gone from now on, whatever it would still get done.
        """
        if self._interrupting is not None:  # no later cell gets what was meant for this one
            await self._interrupting
            self._interrupting = None
        reply = kwargs["execute_reply"]["content"]
        if reply.get("ename") == "CellTimeoutError":
            self._state.timed_out.add(kwargs["cell_index"])
            if self._idle != kwargs["cell_index"] and not await self.kc.replied(REPLY_SECONDS):
                sentence = "a cell ran for longer than it may, and would not be interrupted."
                self._state.end(Fate(status="timeout", sentence=sentence))
        if is_told_to_end(reply):
            self._state.end(Fate(status="died", sentence="the kernel was told to end, by quit() or exit()."))
        super().on_cell_executed(**kwargs)

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep a message of the kernel if it is within the caps and makes sense; drop it otherwise.

        A cell that alone is over the caps is interrupted; what comes after it is run.
        """
        try:
            if msg["msg_type"] != "status" and not self._meter.admits(msg["content"]):
                self._interrupt_once()
                return None
            if msg["msg_type"].startswith("comm"):
                return None  # widgets, which no page of grading shows, would stay in the notebook and run in formgrader
            output: NotebookNode | None = super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            self._idle = cell_index
            raise
        except Exception as error:  # nbclient trusts the kernel's messages; this does not
            self.log.warning("A message of the kernel was dropped (%s)", type(error).__name__)
            return None
        cell["execution_count"] = whole_number(cell.get("execution_count"))
        return output

    def _interrupt_once(self) -> None:
        if self._meter.is_over and self._interrupting is None and self.km is not None:
            self._interrupting = asyncio.ensure_future(_interrupted(self.km))

    def _stop_clock(self) -> None:
        sentence = f"the notebook ran for longer than {self.total_timeout} s."
        self._state.end(Fate(status="timeout", sentence=sentence))
        self._confined.kill()


async def _interrupted(manager: KernelManager) -> None:
    with contextlib.suppress(Exception):  # the kernel may have ended meanwhile, or not listen
        await ensure_async(manager.interrupt_kernel())


@contextlib.contextmanager
def _started(kernel: contextlib.AbstractContextManager[None], confined: Isolation) -> Iterator[None]:
    """Enter `kernel`, and call a failure to start what it is: ours."""
    try:
        kernel.__enter__()
    except Exception as error:  # a provisioner may raise anything, and the submission has not begun
        confined.kill()
        said = confined.last_words()
        raise InfrastructureError(f"the kernel could not be started: {error}{said and f' ({said[:300]})'}") from error
    try:
        yield
    finally:
        kernel.__exit__(None, None, None)
