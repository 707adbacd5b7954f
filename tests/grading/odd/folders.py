"""Folders as they may be handed in, each beside an honest notebook: what they hold, and what is said of it.

Each function makes one out of a folder that holds the solved notebook already.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.grading.conftest import LESSON

NOTEBOOK = f"{LESSON}.ipynb"


def pipe(folder):
    os.mkfifo(folder / "data.csv")


def plug(folder):
    here = Path.cwd()
    os.chdir(folder)  # the address of a socket has 107 bytes at most
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("plug.csv")
    finally:
        os.chdir(here)


def link_to_a_device(folder):
    (folder / "data.csv").symlink_to("/dev/zero")


def link_to_nowhere(folder):
    (folder / "data.csv").symlink_to("nowhere")


def links_in_a_loop(folder):
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "here").symlink_to(".")


def link_to_proc(folder):
    (folder / "data").symlink_to("/proc")


def folders_in_folders(folder):
    nest(folder, "d", 2_500)


def longer_than_a_path(folder):
    nest(folder, "d" * 250, 20)


def nest(folder, name, depth):
    """Make folders in folders, with a file in the innermost."""
    build = "import os, sys\nfor _ in range(int(sys.argv[2])):\n    os.mkdir(sys.argv[1])\n    os.chdir(sys.argv[1])"
    build += "\nopen('f', 'w').write('f')"
    subprocess.run([sys.executable, "-c", build, name, str(depth)], cwd=folder, check=True)


def very_many_files(folder):
    (folder / "data").mkdir()
    for number in range(1_500):
        (folder / "data" / f"{number}.csv").touch()


def a_file_of_holes(folder):
    with (folder / "data.csv").open("wb") as file:
        file.truncate(2**40)


def a_notebook_of_holes(folder):
    with (folder / "notes.ipynb").open("wb") as file:
        file.truncate(2**40)


def a_time_that_is_none(folder):
    (folder / "timestamp.txt").write_text("the day before yesterday, about noon")


def a_time_beyond_all(folder):
    (folder / "timestamp.txt").write_text("2026-01-01 00:00:00 99999999999999999999")


def a_pipe_for_a_time(folder):
    os.mkfifo(folder / "timestamp.txt")


def a_folder_for_a_time(folder):
    (folder / "timestamp.txt").mkdir()


def a_name_that_is_no_utf8(folder):
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv")).write_text("1")


def a_name_with_an_escape(folder):
    (folder / "\x1b]0;evil\x07\n.csv").write_text("1")


def the_notebook_under_such_a_name(folder):
    (folder / NOTEBOOK).rename(Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.ipynb")))


def a_folder_for_a_file_of_the_course(folder):
    (folder / "given.csv").mkdir()
    (folder / "given.csv" / "mine.csv").write_text("1")


def a_file_for_a_folder_of_the_course(folder):
    (folder / "given").write_text("1")


def a_file_for_the_items(folder):
    (folder / "items").write_text("1")


def a_folder_for_the_notebook(folder):
    (folder / NOTEBOOK).rename(folder / "mine.ipynb")
    (folder / NOTEBOOK).mkdir()
    (folder / NOTEBOOK / "a.csv").write_text("1")


def one_folder_deeper(folder):
    (folder / LESSON).mkdir()
    (folder / NOTEBOOK).rename(folder / LESSON / "x.ipynb")
    (folder / LESSON / "mine.csv").write_text("1")


TAKEN = {
    pipe: "data.csv left out: no regular file.",
    plug: "plug.csv left out: no regular file.",
    link_to_a_device: "data.csv left out: a link.",
    link_to_nowhere: "data.csv left out: a link.",
    links_in_a_loop: "here and 2 more left out: a link.",
    link_to_proc: "data left out: a link.",
    folders_in_folders: "left out: below 10 folders.",
    longer_than_a_path: "left out: a name, with its folders, of over 500 bytes.",
    very_many_files: "499 more left out: beyond the 1,000 files that are taken of a submission.",
    a_file_of_holes: "data.csv left out: over 50,000,000 bytes.",
    a_notebook_of_holes: None,
    a_time_that_is_none: "timestamp.txt left out: it holds no date",
    a_time_beyond_all: "timestamp.txt left out: it holds no date",
    a_pipe_for_a_time: "timestamp.txt left out: it is not a regular file.",
    a_folder_for_a_time: "timestamp.txt left out: it is not a regular file.",
    a_name_that_is_no_utf8: "caf_xe9.csv left out: a name that is not UTF-8",
    a_name_with_an_escape: "left out: a name that is not UTF-8, or has control characters.",
    the_notebook_under_such_a_name: f"The file caf_xe9.ipynb was taken as {NOTEBOOK}.",
    a_folder_for_a_file_of_the_course: "given.csv/mine.csv left out: it stands in the way of the course's own files.",
    a_file_for_a_folder_of_the_course: "given left out: it stands in the way of the course's own files.",
    a_file_for_the_items: None,
    a_folder_for_the_notebook: f"The file mine.ipynb was taken as {NOTEBOOK}.",
    one_folder_deeper: f"The file {LESSON}/x.ipynb was taken as {NOTEBOOK}.",
}
"""Folders whose notebook counts in full, each with what the notice says, if it says anything."""


def a_letter_only(folder):
    (folder / NOTEBOOK).unlink()
    (folder / "essay.pdf").write_bytes(b"%PDF-1.7")


def nothing_at_all(folder):
    (folder / NOTEBOOK).unlink()


def a_pipe_for_the_notebook(folder):
    (folder / NOTEBOOK).unlink()
    os.mkfifo(folder / NOTEBOOK)


def holes_for_the_notebook(folder):
    with (folder / NOTEBOOK).open("wb") as file:
        file.truncate(2**40)


def a_file_for_the_folder(folder):
    (folder / NOTEBOOK).unlink()
    folder.rmdir()
    folder.write_text("mine")


def a_link_for_the_folder(folder):
    (folder / NOTEBOOK).unlink()
    folder.rmdir()
    folder.symlink_to("/proc/self")


def a_link_to_nowhere_for_the_folder(folder):
    (folder / NOTEBOOK).unlink()
    folder.rmdir()
    folder.symlink_to("nowhere")


REFUSED = {
    a_letter_only: ("missing", "no notebook was handed in."),
    nothing_at_all: ("missing", "no notebook was handed in."),
    a_pipe_for_the_notebook: ("invalid", f"{NOTEBOOK} is not a regular file."),
    holes_for_the_notebook: ("invalid", f"{NOTEBOOK} is over 32,000,000 bytes."),
    a_file_for_the_folder: ("invalid", "what was handed in is not a folder."),
    a_link_for_the_folder: ("invalid", "the submission is a link to another place."),
    a_link_to_nowhere_for_the_folder: ("invalid", "the submission is a link to another place."),
}
"""Folders in which there is nothing to grade, each with its status and the reason."""


def name_of(make):
    return make.__name__.replace("_", "-")
