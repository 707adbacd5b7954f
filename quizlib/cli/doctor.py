"""`quizlib doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from quizlib.cli.app import app, sentences

VERDICTS = {"ok": "[green]ok[/]", "wrong": "[bold red]wrong[/]", "optional": "[yellow]optional[/]"}


@app.command()
@sentences
def doctor(
    folder: Annotated[Path, typer.Argument(help="The folder where you start notebooks.", metavar="[DIR]")] = Path(),
) -> None:
    """Look at this Python, its libraries and the current folder; name what is wrong, and the command that mends it.

    Example: quizlib doctor
    """
    from quizlib.environment import examine

    console = Console(highlight=False)
    table = Table("check", "found", "verdict", box=None, pad_edge=False)
    table.add_column("mend with", overflow="fold")
    with console.status("looking"):
        findings = examine(folder.expanduser().resolve())
    for finding in findings:
        table.add_row(escape(finding.check), escape(finding.found), VERDICTS[finding.state], escape(finding.mend))
    console.print(table)
    wrong = [finding.check for finding in findings if finding.state == "wrong"]
    if wrong:
        console.print(f"Wrong: {', '.join(wrong)}.", style="bold red")
        for command in dict.fromkeys(finding.mend for finding in findings if finding.state == "wrong"):
            console.print(f"Run: {command}", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    console.print("Everything that is needed is there.")
