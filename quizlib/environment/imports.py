"""Whether the libraries that learners need can be imported, each in a process of its own."""

from __future__ import annotations

import importlib.metadata
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

from packaging.requirements import Requirement

from quizlib.environment.extras import INSTALL, LEARNERS, module_of, requirements
from quizlib.environment.finding import Finding
from quizlib.environment.import_child import Outcome

AT_MOST_SECONDS = 120
"""How long one import may take; the first of TensorFlow after its installation takes half a minute on a slow disk."""

AT_ONCE = 2
"""Imports side by side; each may take a gigabyte of memory."""


def imports(announce: Callable[[str], None]) -> Iterator[Finding]:
    """Import each installed library that learners need; yield what fails, or that all can be, and torch's engines.

    Args:
        announce: Told after each import how many are done.
    """
    wanted = [one for extra, one in requirements() if extra in LEARNERS and _is_installed(one.name)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {one.name: pool.submit(outcome, module_of(one.name)) for one in wanted}
        for count, _ in enumerate(as_completed(running.values()), 1):
            announce(f"importing libraries, {count} of {len(wanted)}")
    found = [(one, running[one.name].result()) for one in wanted]
    bad = [(one, how["error"]) for one, how in found if how["error"]]
    for one, error in bad:
        yield Finding(f"import {module_of(one.name)}", error, "wrong", _mend(one, error))
    if not bad:
        yield Finding("imports", f"all {len(wanted)} libraries can be imported", "ok")
    for one, how in found:
        if one.name == "torch" and not how["error"]:
            yield _engines(one, how["engines"])


def _is_installed(distribution: str) -> bool:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def outcome(module: str) -> Outcome:
    """Import a module in a new process, in which no file of the current folder hides anything; return how it went."""
    command = [sys.executable, "-P", "-m", "quizlib.environment.import_child", module]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=AT_MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"error": f"not done after {AT_MOST_SECONDS} s", "engines": []}
    try:
        how: Outcome = json.loads(done.stdout.strip().rpartition("\n")[2])
    except ValueError:
        return {"error": f"Python ended {_ending(done.returncode)}", "engines": []}
    return how


def _ending(status: int) -> str:
    """Say in words how a process ended.

    >>> _ending(-11), _ending(1)
    ('by SIGSEGV', 'with status 1')
    """
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"


def _mend(library: Requirement, error: str) -> str:
    """Return the command that installs what a library misses, or the library itself again."""
    if error.startswith("ModuleNotFoundError"):
        return INSTALL.format(extra=LEARNERS[-1])
    return f"pip install --force-reinstall --no-deps '{library.name}{library.specifier}'"


def _engines(torch: Requirement, engines: list[str]) -> Finding:
    """Say which of torch's quantization engines work; the lessons need one."""
    if engines:
        return Finding("engines of torch", ", ".join(engines), "ok")
    found = "no engine for quantized layers works; expected one, such as x86 or qnnpack"
    return Finding("engines of torch", found, "wrong", _mend(torch, found))
