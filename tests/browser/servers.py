"""A Jupyter server of its own for a folder of lessons: its settings, its kernels, and the end of both."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import psutil

START_SECONDS = 60
STOP_SECONDS = 20

SETTINGS = {
    # Cells that are scrolled out of sight would leave the page, and a test could not find them.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # No question about news, and no request to the network.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


def environment(home):
    """Return the environment of a user who never used Jupyter before."""
    own = {name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    lab = {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "QUIZLIB", "NBGRADER"))
    }
    runtime = str(home / "runtime")
    return {**kept, **own, **lab, "HOME": str(home), "JUPYTER_RUNTIME_DIR": runtime, "OMP_NUM_THREADS": "1"}


def write_settings(home):
    """Write the user settings of JupyterLab."""
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def free_port():
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(application, folder, home, *more):
    """Run `application` (`jupyterlab`, `notebook` or `jupyter_server`) on `folder`, with `more` options of its own.

    Give its address, and leave no process behind.
    """
    write_settings(home)
    port = free_port()
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=", f"--ServerApp.port={port}"]
    options += [f"--{owner}.expose_app_in_browser=True" for owner in ("LabApp", "JupyterNotebookApp")]
    options += ["--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}", *more]
    command = [sys.executable, "-m", application, *options]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=folder, env=environment(home), **streams) as process:
        log = Log(process.stdout)
        try:
            if not log.started.wait(START_SECONDS) or process.poll() is not None:
                raise RuntimeError(f"{application} did not start within {START_SECONDS} s:\n{log.text}")
            yield f"http://127.0.0.1:{port}"
        finally:
            survivors = stop(process)
            log.join()
    assert survivors == [], f"processes that outlived {application}: {survivors}"


class Log(threading.Thread):
    """Reads what a server prints, so that it never waits for a reader, and says when it serves."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.lines, self.started = stream, [], threading.Event()
        self.start()

    def run(self):
        for line in self.stream:
            self.lines.append(line)
            if "is running at" in line:
                self.started.set()
        self.started.set()  # the server ended; nobody needs to wait for it

    @property
    def text(self):
        """All that was printed."""
        return "".join(self.lines)


def stop(process):
    """End a server as Ctrl-C twice would, wait for it and its kernels, and return what had to be killed."""
    kernels = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    _, alive = psutil.wait_procs(
        [psutil.Process(process.pid), *kernels] if process.poll() is None else kernels, STOP_SECONDS
    )
    for survivor in alive:
        survivor.kill()
    return [survivor.pid for survivor in alive]
