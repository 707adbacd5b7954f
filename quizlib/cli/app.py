"""The Typer application: whom each command is for, and how an error leaves it, as one sentence with exit status 1."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from quizlib.errors import MissingLibraryError, QuizError

app = typer.Typer(
    name="quizlib",
    help="Model Optimization for Serving: learn, prove, release and grade the course.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)

Command = TypeVar("Command", bound=Callable[..., Any])


class Audience(NamedTuple):
    """Whom a command is for: its heading in `quizlib --help`, and the extra of the package that they install."""

    heading: str
    extra: str


LEARNERS = Audience("For learners", "course")
INSTRUCTORS = Audience("For instructors", "grading")
AUTHORS = Audience("For authors", "grading")


def command(audience: Audience, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401  those of Typer
    """Register a command for an audience; what the library raises on purpose leaves it as one sentence."""

    def register(function: Command) -> Command:
        told = sentences(function, audience.extra)
        app.command(rich_help_panel=audience.heading, **settings)(told)
        return told

    return register


def sentences(function: Command, extra: str = "") -> Command:
    """Let a command end with one sentence on standard error where it meets a QuizError or lacks a library.

    Args:
        function: The command.
        extra: Extra of the package that the command needs. A module that no extra has is an error of ours, which
            keeps its traceback.
    """

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  whatever the command takes and returns
        try:
            return function(*args, **kwargs)
        except QuizError as error:
            _end(error)
        except ModuleNotFoundError as error:
            _end(_missing(error, extra))

    return wrapped  # type: ignore[return-value]  # the wrapper keeps the command's signature


def _end(error: QuizError) -> None:
    Console(stderr=True, highlight=False).print(f"[bold red]quizlib:[/] {escape(str(error))}", soft_wrap=True)
    raise typer.Exit(1) from error


def _missing(error: ModuleNotFoundError, extra: str) -> QuizError:
    """Return the sentence on a library that is not installed; raise `error` again where that is not the reason."""
    from quizlib.environment.extras import INSTALL, missing_extra

    module = error.name or ""
    found = missing_extra(module, extra)
    if found is None:
        raise error
    needed = f"{module.partition('.')[0]} is not installed, which this command needs"
    return MissingLibraryError(f"{needed}; run: {INSTALL.format(extra=found)}")


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from quizlib.environment.extras import DISTRIBUTION

        typer.echo(f"{DISTRIBUTION} {version(DISTRIBUTION)}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Take what stands before a command."""
