"""`quizlib doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from quizlib.cli.app import LEARNERS, command
from quizlib.cli.progress import progress

VERDICTS = {"ok": "[green]ok[/]", "wrong": "[bold red]wrong[/]", "optional": "[yellow]optional[/]"}


@command(LEARNERS)
def doctor(
    folder: Annotated[Path, typer.Argument(help="The folder where you start notebooks.", metavar="[DIR]")] = Path(),
) -> None:
    """Look at this Python, its libraries and the current folder; name what is wrong, and the command that mends it.

    Each library is imported in a process of its own, which takes half a minute.

    Examples: quizlib doctor    quizlib doctor ~/model-optimization
    """
    from quizlib.environment.examine import examine

    console = Console(highlight=False)
    table = Table("check", "found", "verdict", box=None, pad_edge=False)
    table.add_column("mend with", overflow="fold")
    with progress("looking") as announce:
        findings = examine(folder.expanduser().resolve(), announce)
    for finding in findings:
        table.add_row(escape(finding.check), escape(finding.found), VERDICTS[finding.state], escape(finding.mend))
    console.print(table)
    wrong = [finding.check for finding in findings if finding.state == "wrong"]
    if wrong:
        console.print(f"Wrong: {', '.join(dict.fromkeys(wrong))}.", style="bold red")
        for mend in dict.fromkeys(finding.mend for finding in findings if finding.state == "wrong"):
            console.print(f"Run: {mend}", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    console.print("Everything that is needed is there.")
