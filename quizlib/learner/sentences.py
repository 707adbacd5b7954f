"""Turn a missing name in a notebook cell into one sentence that says which cell to run."""

from __future__ import annotations

import sys
from typing import Any


def install() -> None:
    """Ask IPython, if it runs here, to show a NameError of a cell as one sentence."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        shell.set_custom_exc((NameError,), _show_name_error)


def _show_name_error(shell: Any, kind: type, error: NameError, traceback: Any, tb_offset: Any = None) -> Any:  # noqa: ANN401  IPython's signature
    """Show a NameError of a check cell as a sentence, and every other as IPython would."""
    last = traceback
    while last.tb_next is not None:
        last = last.tb_next
    is_in_cell = last.tb_frame.f_globals is shell.user_ns and last.tb_frame.f_code.co_name == "<module>"
    if is_in_cell and "check(" in shell.user_ns.get("In", [""])[-1]:
        lines = [sentence(error.name or "")]
        shell._showtraceback(kind, error, lines)
        return lines
    return shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def sentence(name: str) -> str:
    """Return what to do about a name that is missing.

    >>> sentence("quantize")
    'quantize is not defined yet: run the cell that defines it, above, then this one again.'
    """
    return f"{name} is not defined yet: run the cell that defines it, above, then this one again."
