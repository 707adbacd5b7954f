"""The errors of the library: one root, one sentence each."""

from __future__ import annotations


class QuizError(Exception):
    """Root of every error that this library raises on purpose.

    A notebook shows it as its one sentence, without a traceback into the library.

    >>> QuizError("bits is 9; pass 2 to 8")._render_traceback_()
    ['QuizError: bits is 9; pass 2 to 8']
    """

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython prints instead of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class ArgumentError(QuizError, ValueError):
    """An argument has a value outside its range."""


class ShapeError(QuizError, ValueError):
    """Arrays whose shapes do not fit each other."""


class MissingLibraryError(QuizError, ImportError):
    """A library, or a part of one, is not there in the installed version."""


class UnknownItemError(QuizError, LookupError):
    """No question or exercise has this id, here."""


class SpecError(QuizError, ValueError):
    """A file of the course (question, exercise, attempt, lesson) breaks its rules."""


class EvidenceError(QuizError, ValueError):
    """Bytes that claim to be evidence and are not."""


class CheckBrokenError(QuizError):
    """The check itself failed, through no fault of the response."""

    @classmethod
    def of(cls, error: BaseException) -> CheckBrokenError:
        """Return the sentence about an error of this library's own code.

        >>> str(CheckBrokenError.of(AttributeError("no attribute 'build'"))).partition(",")[0]
        "the check itself failed (AttributeError: no attribute 'build')"
        """
        told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return cls(
            f"the check itself failed ({told}), which says nothing about your answer; restart the kernel and run the"
            " cells again, and if it stays, report it with this sentence."
        )


class CheckFailedError(QuizError):
    """Under nbgrader's Validate: a public case failed or an answer is not valid."""


class GradingError(QuizError):
    """A class cannot be graded as asked."""


class InfrastructureError(GradingError):
    """A part of the grader failed (a kernel did not start, the judge died): our fault, retried, and never 0 points."""
