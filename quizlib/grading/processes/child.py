"""A child process that answers requests, one line of JSON each way; the messages are models that both ends share.

Each line carries the number of its request and a secret of that child, which it is told on its first line; whoever
gets hold of a pipe can neither answer in its place nor ahead of a request.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO, TextIO, TypeVar

from pydantic import TypeAdapter, ValidationError

from quizlib.errors import ChildError, told
from quizlib.grading.processes.messages import Failed
from quizlib.items.base import Model

Request = TypeVar("Request", bound=Model)
Reply = TypeVar("Reply", bound=Model)


class Frame(Model):
    """One line of either end: the number of the request that it is or answers, the child's secret, and the message.

    Line 0 tells a child its secret, and asks for nothing.
    """

    number: int
    nonce: str
    body: str = ""

    def is_of(self, number: int, nonce: str) -> bool:
        """Say whether it belongs to that request to that child."""
        return self.number == number and secrets.compare_digest(self.nonce, nonce)


class Child:
    """A Python module that runs as a child and answers requests; it is started at its first request.

    Args:
        module: Name of a module that calls `serve` when it is run.
        arguments: Its command line.
        timeout: Seconds after which a request is given up and the child killed.
    """

    def __init__(self, module: str, arguments: Sequence[str], timeout: float) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._errors: BinaryIO | None = None
        self._number = 0
        self._nonce = ""

    def ask(self, request: Model, expected: type[Reply], timeout: float | None = None) -> Reply:
        """Return the reply to `request`, which is of the kind that is expected.

        Args:
            request: A model that the child knows.
            expected: The model of its reply.
            timeout: Seconds to wait for this one, if not as for all.

        Raises:
            ChildError: the child died, did not answer in time, sent what was not asked for, or reported an error.
        """
        try:
            process = self._process or self._start()
            self._require_silence()
            self._number += 1
            self._send(process, Frame(number=self._number, nonce=self._nonce, body=_body(request)))
            line = self._lines.get(timeout=self._timeout if timeout is None else timeout)
        except (OSError, queue.Empty) as error:
            raise self._failure("did not answer in time" if isinstance(error, queue.Empty) else "died") from error
        if line is None:
            raise self._failure("died")
        return self._read(self._unframed(line), expected)

    def _send(self, process: subprocess.Popen[str], frame: Frame) -> None:
        assert process.stdin is not None
        process.stdin.write(frame.model_dump_json() + "\n")
        process.stdin.flush()

    def _require_silence(self) -> None:
        """Raise a ChildError if there is a line already that answers nothing."""
        if not self._lines.empty() and self._lines.get() is not None:
            raise self._failure("sent something that was not asked for")

    def _unframed(self, line: str) -> str:
        """Return the body of a line that answers the request just sent."""
        try:
            frame = Frame.model_validate_json(line)
        except ValidationError as error:
            raise self._failure("sent something that was not asked for") from error
        if not frame.is_of(self._number, self._nonce):
            raise self._failure("sent something that was not asked for")
        return frame.body

    def _read(self, line: str, expected: type[Reply]) -> Reply:
        try:
            return expected.model_validate_json(line)
        except ValidationError as error:
            unexpected = error
        try:
            failed = Failed.model_validate_json(line)
        except ValidationError:
            raise self._failure(f"answered with something else than {expected.__name__}") from unexpected
        raise ChildError(failed.error)

    def _start(self) -> subprocess.Popen[str]:
        self._errors = tempfile.TemporaryFile("w+b")  # noqa: SIM115  closed by stop
        self._lines = queue.SimpleQueue()
        self._number, self._nonce = 0, secrets.token_hex(16)
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        assert self._process.stdout is not None
        threading.Thread(target=_pump, args=(self._process.stdout, self._lines), daemon=True).start()
        self._send(self._process, Frame(number=self._number, nonce=self._nonce))
        return self._process

    def _failure(self, what: str) -> ChildError:
        said = self._last_words()
        self.stop()
        return ChildError(f"{self._command[2]} {what}{': ' + said if said else ''}")

    def _last_words(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 4000))
        said = self._errors.read().decode("utf-8", "replace")
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return lines[-1] if lines else ""

    @property
    def pid(self) -> int | None:
        """Process id of the child, while it runs."""
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """Kill the child, if it runs; the next request starts a new one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream and stream.close()
        if self._errors is not None:
            self._errors.close()
            self._errors = None


def _pump(stream: TextIO, lines: queue.SimpleQueue[str | None]) -> None:
    with contextlib.suppress(ValueError, OSError):  # the stream is closed by stop
        for line in stream:
            lines.put(line)
    lines.put(None)


def _body(message: Model) -> str:
    """Return a message as it crosses: JSON in ASCII, whatever it holds."""
    return json.dumps(message.model_dump(mode="json"))


def serve(requests: TypeAdapter[Request], answer: Callable[[Request], Model]) -> None:
    """Answer requests from standard input until it ends, which it does when the parent dies.

    Whatever else is printed goes to standard error, so that no library can spoil a reply.

    Raises:
        ChildError: a request does not carry the next number and the secret of this child, which ends it.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    nonce = Frame.model_validate_json(sys.stdin.readline()).nonce
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    for number in itertools.count(1):
        asked = Frame.model_validate_json(lines.get())
        if not asked.is_of(number, nonce):
            raise ChildError(f"request {number} does not carry the number and the secret of this child.")
        reply = _answered(requests, answer, asked.body)
        out.write(Frame(number=number, nonce=nonce, body=_body(reply)).model_dump_json() + "\n")
        out.flush()


def _listen(lines: queue.SimpleQueue[str]) -> None:
    """Pass requests on; when the parent is gone leave at once, also from the middle of a request."""
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)


def _answered(requests: TypeAdapter[Request], answer: Callable[[Request], Model], line: str) -> Model:
    """Return the answer to a line; every fault of the child is told to its parent, which decides."""
    try:
        request = requests.validate_json(line)
    except ValidationError as error:
        return Failed(error=_malformed(error))
    try:
        return answer(request)
    except Exception as error:  # whatever it is, the child goes on
        return Failed(error=told(error))


def _malformed(error: ValidationError) -> str:
    """Return what was expected of a request, from what pydantic says first."""
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"a request is malformed{f' at {place}' if place else ''}: {first['msg']}."
