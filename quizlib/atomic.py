"""Write a whole file at once or not at all: who reads it meanwhile finds the old one or the new one."""

from __future__ import annotations

import os
from pathlib import Path


def replace_bytes(path: Path, content: bytes) -> None:
    """Make `content` the whole content of a file, also over an existing one.

    It is written beside the file, as `<name>.part`, and then renamed, which is one step of the file system.
    One writer at a time: two that write the same file share what lies beside it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_bytes(Path(folder, "codes.bin"), b"12")
    ...     Path(folder, "codes.bin").read_bytes()
    b'12'
    """
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    os.replace(beside, path)  # noqa: PTH105  one atomic rename, also over an existing file


def replace_text(path: Path, text: str) -> None:
    """Do the same for text: UTF-8, with every line ending as it stands in `text`."""
    replace_bytes(path, text.encode("utf-8"))
