"""Run a piece of work in a child of this process, under limits of time and memory, and take what it returns."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from quizlib.errors import QuizError

Result = TypeVar("Result")

CHUNK = 1 << 16
"""Bytes that are read from a child at a time."""


@dataclass(frozen=True)
class Limits:
    """What a child may take: seconds of a processor, and bytes of address space.

    By the clock it may take five times as long, since it shares the machine.
    """

    seconds: int
    memory: int = 6 << 30

    @property
    def wall_seconds(self) -> float:
        """Seconds by the clock."""
        return 5.0 * self.seconds


@dataclass(frozen=True)
class Death:
    """How a child ended that returned nothing."""

    cause: Literal["time", "memory", "died"]
    told: str = ""


def forked(work: Callable[[], Result], limits: Limits | None = None) -> Result | Death:
    """Return what `work` returns, or how its process died; whatever else it does stays in that process.

    The child has all that this process has imported, and one thread. What it returns is pickled. Temporary files that
    it leaves go with it: a process that ends so runs none of the exit handlers that would delete them.

    Raises:
        QuizError: whatever `work` raises of this library's own errors.
    """
    receiving, sending = os.pipe()
    with tempfile.TemporaryDirectory(prefix="quizlib-verify-", ignore_cleanup_errors=True) as scratch:
        child = _fork()
        if child == 0:
            os.close(receiving)
            _serve(work, limits, sending, scratch)  # never returns
        os.close(sending)
        _group(child)
        try:
            content = _received(receiving, limits)
        finally:
            os.close(receiving)
            status = _ended(child)
    result: Result | Death = _taken(content, status)
    return result


def _fork() -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        # Python warns where other threads are alive; those of the libraries here wait for work, and get none.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _group(child: int) -> None:
    """Make a child the head of a group, so that it ends together with all that it started; either side may be first."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(child, child)


def _serve(work: Callable[[], Result], limits: Limits | None, sending: int, scratch: str) -> None:
    """Do the work in the child and leave; nothing of the parent's (buffers, exit handlers) is run there."""
    try:
        _group(os.getpid())
        tempfile.tempdir = os.environ["TMPDIR"] = scratch
        if limits is not None:
            _confine(limits)
        try:
            answer: tuple[str, object] = ("done", work())
        except QuizError as error:
            answer = ("raised", error)
        except MemoryError:
            answer = ("dead", Death("memory"))
        except BaseException:  # whatever it is, it ends this process alone
            answer = ("dead", Death("died", traceback.format_exc()))
        with os.fdopen(sending, "wb") as stream:
            pickle.dump(answer, stream)
    finally:
        os._exit(0)


def _confine(limits: Limits) -> None:
    for kind, limit in (
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _received(receiving: int, limits: Limits | None) -> bytes | None:
    """Return all that a child sends before it ends; None where its time by the clock runs out first."""
    ends = None if limits is None else time.monotonic() + limits.wall_seconds
    content = bytearray()
    while True:
        left = None if ends is None else max(0.0, ends - time.monotonic())
        ready, _, _ = select.select([receiving], [], [], left)
        if not ready:
            return None
        chunk = os.read(receiving, CHUNK)
        if not chunk:
            return bytes(content)
        content += chunk


def _ended(child: int) -> int:
    """End a child with all that it started, and return its exit status; one that is gone already has its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _taken(content: bytes | None, status: int) -> Any:  # noqa: ANN401  what the child's work returned, or a Death
    if content is None or status == -signal.SIGXCPU:
        return Death("time")
    if not content:
        return Death("died", f"exit status {status}")
    match pickle.loads(content):
        case ("raised", QuizError() as error):
            raise error
        case (_, result):
            return result
    raise AssertionError("a child sent something else than a pair")
