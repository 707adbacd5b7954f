"""The errors of the library: one tree, one sentence each.

::

    QuizError
    ├── ArgumentError           also a ValueError: an argument outside its range
    ├── ShapeError              also a ValueError: arrays that do not fit each other
    ├── MissingLibraryError     also an ImportError: a library, or a part of one, is not there
    ├── WeightsError            the weights of a pretrained network are not there, or cannot be fetched
    │   └── MissingWeightsError also a LookupError: they have not been fetched to this machine
    ├── SpecError               also a ValueError: a file of the course breaks its rules
    ├── EvidenceError           also a ValueError: bytes that claim to be evidence and are not
    ├── FactError               the evidence lacks what a fact is measured on
    │   └── KindError           the evidence is of another kind than that
    ├── LiteRTError             bytes that are no LiteRT model
    ├── UnknownItemError        also a LookupError: no question or exercise has this id
    ├── NotBegunError           the import cell has not been run
    ├── CheckStoppedError       the learner's code was interrupted while it was checked
    ├── CheckBrokenError        the check itself failed
    ├── CheckFailedError        under nbgrader's Validate, a public case failed
    ├── LearnerFolderError      a learner's folder cannot be made or updated
    └── GradingError            a class cannot be graded as asked
        ├── NotANotebookError   what was handed in is no notebook
        │   └── NoNotebookError nor is there any file that could be one
        ├── OutOfTimeError      a piece of work took longer than it may
        └── InfrastructureError a part of the grader failed: ours, never the learner's
            └── ChildError      a child of the grader died, hung or failed
"""

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


class WeightsError(QuizError):
    """The weights of a pretrained network are not there, or cannot be fetched."""


class MissingWeightsError(WeightsError, LookupError):
    """The weights of a pretrained network have not been fetched to this machine."""


class UnknownItemError(QuizError, LookupError):
    """No question or exercise has this id, here."""


class SpecError(QuizError, ValueError):
    """A file of the course (question, exercise, attempt, lesson) breaks its rules."""


class EvidenceError(QuizError, ValueError):
    """Bytes that claim to be evidence and are not."""


class FactError(QuizError):
    """The evidence lacks what a fact is measured on, such as a weight of that name."""


class KindError(FactError):
    """The evidence is of another kind than the fact is measured on."""


class LiteRTError(QuizError):
    """The bytes are no LiteRT model that can be loaded and run."""


class NotBegunError(QuizError):
    """The import cell of the notebook has not been run in this kernel."""


class CheckStoppedError(QuizError):
    """The learner's code was interrupted, or ended the interpreter, while it was checked."""


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


class LearnerFolderError(QuizError):
    """A learner's folder cannot be made or updated."""


class GradingError(QuizError):
    """A class cannot be graded as asked."""


class NotANotebookError(GradingError):
    """A file that was handed in cannot be read as a notebook."""


class OutOfTimeError(GradingError):
    """A piece of work took longer than it may."""


class NoNotebookError(NotANotebookError):
    """Nothing that was handed in could be a notebook."""


class InfrastructureError(GradingError):
    """A part of the grader failed (a kernel did not start, the judge died): our fault, retried, and never 0 points."""


class ChildError(InfrastructureError):
    """A child of the grader died, hung or failed: our fault, never the learner's."""


def told(error: Exception) -> str:
    """Return an error as it is told to a person: one of ours is a sentence, any other one comes after its type.

    >>> told(GradingError("no key is kept.")), told(KeyError("a"))
    ('no key is kept.', "KeyError: 'a'")
    """
    return str(error) if isinstance(error, QuizError) else f"{type(error).__name__}: {error}"
