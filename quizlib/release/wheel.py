"""The files that a wheel built from a checkout takes, as its build backend lists them."""

from __future__ import annotations

from pathlib import Path

from quizlib.errors import SpecError


def wheel_files(checkout: Path) -> dict[str, bytes]:
    """Return the files of the wheel by their path in it, without building it.

    Raises:
        SpecError: the build backend is not installed.
    """
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ModuleNotFoundError as error:
        raise SpecError("looking into the wheel needs its build backend: pip install hatchling") from error
    listed = WheelBuilder(str(checkout)).recurse_included_files()
    return {Path(file.distribution_path).as_posix(): Path(file.path).read_bytes() for file in listed}
