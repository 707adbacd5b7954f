"""Show a learner's mistake as one sentence: in IPython a missing name, in plain Python every error of ours."""

from __future__ import annotations

import difflib
import linecache
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from quizlib.errors import QuizError


def install() -> None:
    """Ask IPython, if it runs here, to show a NameError of a check cell as one sentence; else ask Python likewise.

    Errors of this library need nothing in IPython: they render themselves.
    """
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        shell.set_custom_exc((NameError,), _show_name_error)
    elif sys.excepthook is not _show_in_python:
        _previous_hooks[:] = [sys.excepthook]
        sys.excepthook = _show_in_python


_previous_hooks: list[Any] = []


def _show_in_python(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an error of ours with the learner's line only, and every other as before."""
    if not isinstance(error, QuizError):
        _previous_hooks[0](kind, error, trace)
        return
    frames = traceback.extract_tb(trace)[:1]
    where = "".join(f'  File "{frame.filename}", line {frame.lineno}\n' for frame in frames)
    sys.stderr.write(f"{where}{kind.__name__}: {error}\n")


def _show_name_error(shell: Any, kind: type, error: NameError, trace: TracebackType, tb_offset: Any = None) -> Any:  # noqa: ANN401  IPython's signature
    """Show a NameError of a check cell as a sentence, and every other as IPython would."""
    if _is_of_check_cell(shell, trace):
        lines = [f"{kind.__name__}: {sentence(error.name or '', shell.user_ns)}"]
        shell._showtraceback(kind, error, lines)
        return lines
    return shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _is_of_check_cell(shell: Any, trace: TracebackType) -> bool:  # noqa: ANN401  an IPython shell
    """Say whether the name was missing in the cell itself, on a line that calls `check` or `hint`."""
    last = trace
    while last.tb_next is not None:
        last = last.tb_next
    frame = last.tb_frame
    line = linecache.getline(frame.f_code.co_filename, last.tb_lineno)
    is_in_cell = frame.f_globals is shell.user_ns and frame.f_code.co_name == "<module>"
    return is_in_cell and ("check(" in line or "hint(" in line)


def sentence(name: str, known: Iterable[str] = ()) -> str:
    """Return what to do about a name that is missing, given the names that are `known`.

    >>> sentence("quantize")
    'quantize is not defined yet: run the cell above that defines it, then this one again.'
    >>> sentence("quantise", ["quantize"])
    'quantise is not defined; did you mean quantize? Else run the cell above that defines quantise.'
    """
    close = difflib.get_close_matches(name, [word for word in known if not word.startswith("_")], n=1, cutoff=0.8)
    if close:
        return f"{name} is not defined; did you mean {close[0]}? Else run the cell above that defines {name}."
    return f"{name} is not defined yet: run the cell above that defines it, then this one again."
