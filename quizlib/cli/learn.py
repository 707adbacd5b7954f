"""`quizlib learn`."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from quizlib.cli.app import LEARNERS, command

if TYPE_CHECKING:
    from quizlib.release.learners_copy import Copied

WORDS = {
    "new": "new        {copied.lesson}",
    "updated": "updated    {copied.lesson}",
    "kept": "yours      {copied.folder.name}",
    "beside": "yours      {copied.lesson} stays as you left it; the newer release is in {copied.folder.name}",
}


@command(LEARNERS, context_settings={"allow_extra_args": True})
def learn(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Your folder of the lessons.", metavar="[DIR]")] = Path(
        "model-optimization"
    ),
    launch: Annotated[bool, typer.Option("--launch/--no-launch", help="Open JupyterLab there.")] = True,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Let JupyterLab open a browser.")] = True,
    port: Annotated[int, typer.Option(help="Port of JupyterLab.", min=0, max=65535)] = 8888,
) -> None:
    """Copy the lessons into a folder of yours and open them in JupyterLab.

    Run it again whenever you like: nothing that you have edited or added is overwritten or deleted.

    What stands after -- is passed on to JupyterLab.

    Examples: quizlib learn    quizlib learn ~/serving --no-browser    quizlib learn ~/serving -- --allow-root
    """
    from quizlib.environment.extras import INSTALL, is_there
    from quizlib.errors import LearnerFolderError
    from quizlib.release.learners_copy import copy_lessons

    folder = folder.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise LearnerFolderError(f"{folder} is a file; give the name of a folder for the lessons.")
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(str(folder))
    for copied in copy_lessons(folder):
        console.print("  " + _line(copied))
    if not launch:
        console.print(f"Next: cd {shlex.quote(str(folder))} && jupyter lab")
        return
    if not is_there("jupyterlab"):
        raise LearnerFolderError(f"JupyterLab is not installed: {INSTALL.format(extra=LEARNERS.extra)}")
    command = [*_jupyterlab(folder, browser, port), *context.args]
    raise typer.Exit(subprocess.run(command, check=False).returncode)


def _line(copied: Copied) -> str:
    return WORDS[copied.what].format(copied=copied)


def _jupyterlab(folder: Path, browser: bool, port: int) -> list[str]:
    """Return the command that opens JupyterLab; the same Python, so that the notebooks find this very package."""
    options = [f"--ServerApp.root_dir={folder}", f"--ServerApp.port={port}", *(["--no-browser"] if not browser else [])]
    return [sys.executable, "-m", "jupyterlab", *options]
