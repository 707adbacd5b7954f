"""How much verify runs: enough for every change, or all of it, before a lesson is published."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Depth:
    """How much of each exercise is run.

    Args:
        name: What it is called in the keys of what was found.
        secrets: Secrets under which everything is judged; a grader must decide alike under all of them.
        draws: Secrets under which attempts at a function are judged that take milliseconds.
        mutants: Mutants of a solution that are run at most, fewer of one that trains a model; None for all of them.
    """

    name: str
    secrets: int
    draws: int
    mutants: int | None

    def first_secrets(self) -> list[bytes]:
        """Return the secrets of everything."""
        return [secret(at) for at in range(self.secrets)]

    def more_secrets(self) -> list[bytes]:
        """Return those that are drawn besides for what is cheap."""
        return [secret(at) for at in range(self.secrets, self.draws)]


def secret(at: int) -> bytes:
    """Return one of the secrets from which verify draws private probes.

    >>> secret(0)
    b'verify-0'
    """
    return f"verify-{at}".encode()


QUICK = Depth("quick", secrets=2, draws=2, mutants=12)
FULL = Depth("full", secrets=5, draws=50, mutants=None)
