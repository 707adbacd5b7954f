"""The name of a student: a folder in the course directory, a key in nbgrader's gradebook, a cell of its export."""

from __future__ import annotations

import glob
import re
import unicodedata

LONGEST = 128
"""Characters for which nbgrader's gradebook has room."""

_UNPRINTED = ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode for control characters, halves of characters, ends of lines and of paragraphs."""

_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters that stand for no byte of a name; those between them do, as Python reads a folder."""


def readable(name: str) -> str:
    r"""Return a name as text that can be stored anywhere; bytes of it that are no UTF-8 are spelt out.

    >>> readable("caf\udce9")
    'caf\\xe9'
    """
    whole = _HALVES.sub("?", name)
    return whole.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_text(name: str) -> bool:
    r"""Say whether a name is UTF-8 without line breaks or control characters.

    >>> is_text("Zoë Łukasz"), is_text("ada\n"), is_text("caf\udce9")
    (True, False, False)
    """
    return not any(unicodedata.category(letter) in _UNPRINTED for letter in name)


def flaw_of(name: str) -> str | None:
    """Return why a folder's name cannot be a student's id, in a sentence that does not repeat it, or None if it can.

    >>> flaw_of("ada"), flaw_of("o'brien 50%")
    (None, None)
    >>> flaw_of("ada*")
    'nbgrader cannot take an id with *, ? or [; rename the folder'
    """
    if not _is_utf8(name):
        return "the name of the folder is not UTF-8, and the gradebook holds nothing else; rename the folder"
    if not is_text(name):
        return "nbgrader cannot take an id with a line break or a control character; rename the folder"
    if name != name.strip():
        return "nbgrader takes blanks away from the ends of an id, and then finds no such folder; rename the folder"
    if glob.has_magic(name):
        return "nbgrader cannot take an id with *, ? or [; rename the folder"
    if name.startswith("."):
        return "nbgrader passes over an id that begins with a dot; rename the folder"
    if "," in name or '"' in name:
        return "nbgrader's export mixes up its columns over an id with a comma or a double quote; rename the folder"
    if "<" in name or ">" in name:
        return "formgrader would read an id with < or > as a part of its pages, and run it; rename the folder"
    if len(name) > LONGEST:
        return f"the id has {len(name)} characters and nbgrader's gradebook room for {LONGEST}; rename the folder"
    return None


def _is_utf8(name: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in name)
