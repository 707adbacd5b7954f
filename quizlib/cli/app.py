"""The Typer application, and how an error of ours leaves it: one sentence, exit status 1."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from quizlib.errors import QuizError

app = typer.Typer(
    name="quizlib",
    help="Model Optimization for Serving: learn, prove, release and grade the course.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)

Command = TypeVar("Command", bound=Callable[..., Any])


def sentences(command: Command) -> Command:
    """Let a command end with one sentence on standard error where the library raises a QuizError."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  whatever the command takes and returns
        try:
            return command(*args, **kwargs)
        except QuizError as error:
            Console(stderr=True, highlight=False).print(f"[bold red]quizlib:[/] {escape(str(error))}", soft_wrap=True)
            raise typer.Exit(1) from error

    return wrapped  # type: ignore[return-value]  # the wrapper keeps the command's signature
