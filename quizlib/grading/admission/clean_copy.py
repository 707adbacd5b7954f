"""The copy of a submission that is graded: regular files within caps, from which nbgrader takes what it copies on.

nbgrader copies the folder that was handed in to where it grades, and a pipe, a device or a folder without end in it
would end or stop that. It asks its `CourseDirectory` where a submission lies; the one here answers with a clean copy.
What was handed in is only read.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Sequence, Set
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.coursedir import CourseDirectory

from quizlib.coursedir.course import Course
from quizlib.coursedir.student_id import is_text
from quizlib.errors import EvidenceError, NotANotebookError
from quizlib.evidence.files import read_capped
from quizlib.evidence.places import ITEMS
from quizlib.grading.admission.chosen import choose_notebook
from quizlib.grading.admission.handed_in import SECRET
from quizlib.grading.admission.regular_files import MAX_FILE_BYTES, LeftOut, survey, told
from quizlib.grading.admission.timestamp import MAX_NOTE, STAMP, time_in
from quizlib.grading.scratch import Scratch

NOTEBOOKS = "*.ipynb"
NBGRADERS = (STAMP, SECRET)


def copy_clean(course: Course, student: str, lesson: str, target: Path, ignored: Sequence[str]) -> list[str]:
    """Copy the files that were handed in beside the notebook to `target`, and return a sentence on each kind left out.

    Notebooks are not among them, nor released items: the one that counts is admitted by itself.
    Where the notebook was found one folder deeper, what lies beside it there is copied.

    Args:
        course: The course directory.
        student: Who handed it in.
        lesson: Id of the lesson.
        target: An empty folder.
        ignored: Patterns of names that nbgrader passes over.
    """
    folder = _folder_of_work(course, student, lesson)
    found = survey(folder, [*ignored, NOTEBOOKS], [ITEMS, *NBGRADERS])
    ours = set(survey(course.source(lesson)).files)
    our_folders = {str(parent) for own in ours for parent in PurePosixPath(own).parents}
    files, left_out = dict(found.files), list(found.left_out)
    for name, path in {**files, **_notes_of_nbgrader(course.submission(student, lesson))}.items():
        reason = _unfit(name, ours, our_folders) or _copied(path, name, target)
        if reason:
            left_out.append(LeftOut(name, reason))
    for notebook in course.released_notebooks(lesson):
        (target / notebook.name).touch()  # nbgrader gives 0 for a notebook that it does not find here
    return told(left_out)


def _folder_of_work(course: Course, student: str, lesson: str) -> Path:
    """Return the folder in which the notebook that counts lies, else the one that was handed in."""
    folder = course.submission(student, lesson)
    if folder.parent.is_symlink():
        return folder / "nowhere"  # a link as a student's folder leads to what is not the student's
    try:
        return choose_notebook(course, student, lesson).submitted.path.parent
    except NotANotebookError:
        return folder


def _unfit(name: str, ours: Set[str], our_folders: Set[str]) -> str:
    """Return why a file cannot lie where the course's own files will, if so."""
    if not is_text(name):
        return "a name that is not UTF-8, or has control characters"
    if name in our_folders or any(str(parent) in ours for parent in PurePosixPath(name).parents):
        return "it stands in the way of the course's own files"
    if "/" in name and PurePosixPath(name).parts[0].endswith(".html"):  # nbgrader takes it for one, and gives up
        return "it lies in a folder that is called like a page of feedback"
    return ""


def _notes_of_nbgrader(folder: Path) -> dict[str, Path]:
    """Return what nbgrader has noted of a submission, which lies outermost wherever the notebook does."""
    is_real = not (folder.is_symlink() or folder.parent.is_symlink()) and folder.is_dir()
    return {name: folder / name for name in NBGRADERS if is_real and os.path.lexists(folder / name)}


def _copied(path: Path, name: str, target: Path) -> str:
    """Copy one file, and return why it was not copied, if so."""
    try:
        content = read_capped(path, MAX_NOTE if name in NBGRADERS else MAX_FILE_BYTES)
    except EvidenceError as error:
        return f"it {str(error).removeprefix(path.name).strip(' .')}"
    if name == STAMP and time_in(content) is None:
        return "it holds no date, so that the time of the submission is unknown"
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(content)
    return ""


class CleanDirectory(CourseDirectory):  # type: ignore[misc]  # nbgrader publishes no types
    """nbgrader's `CourseDirectory`, where a submission lies in a clean copy that is made when it is first asked for.

    Patterns, by which nbgrader tells students and lessons apart, are those of the real folders.
    """

    @classmethod
    def like(cls, given: CourseDirectory) -> CleanDirectory:
        """Return one with the settings of another."""
        return cls(parent=given.parent, **given.trait_values(config=True))

    def __init__(self, **traits: Any) -> None:  # noqa: ANN401  as traitlets takes them
        super().__init__(**traits)
        self._of: tuple[str, str] | None = None
        self._folder = Path()
        self._notes: list[str] = []
        self._delete: Callable[[], object] = lambda: None

    def format_path(self, nbgrader_step: str, student_id: str, assignment_id: str, escape: bool = False) -> str:
        """Return a folder as nbgrader does, and for that of one submission its clean copy."""
        is_one = not escape and nbgrader_step == self.submitted_directory and "*" not in student_id + assignment_id
        if not is_one:
            return str(super().format_path(nbgrader_step, student_id, assignment_id, escape))
        self._copy(student_id, assignment_id)
        return str(self._folder)

    def finish(self, student: str, lesson: str) -> list[str]:
        """Delete a copy, once nbgrader has copied it on, and return a sentence on each kind of thing left out of it."""
        self._copy(student, lesson)
        self._delete()
        return self._notes

    def _copy(self, student: str, lesson: str) -> None:
        """Make the copy of one submission, unless it is the one that is there; that of the one before is deleted."""
        if self._of == (student, lesson):
            return
        self._delete()
        scratch = Scratch()
        self._folder, self._delete = scratch.root / "copy", weakref.finalize(self, scratch.remove)
        self._folder.mkdir()
        self._notes = copy_clean(Course(Path(self.root)), student, lesson, self._folder, self.ignore)
        self._of = (student, lesson)
