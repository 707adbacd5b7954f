"""Say whether the pins of constraints.txt fit every Python that pyproject.toml promises; nothing is installed.

For the lowest patch release of each Python, pip's dry run finds a wheel of every pin, and reports its metadata.
Every requirement, of the project and of what it brings along, must then be met by a pin. That is decided here and not
by pip, which reads the markers of requirements (`python_version < "3.12"`) for the Python that runs it.

Run: python -m tools.pins
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
AT_MOST_SECONDS = 300
"""How long pip may take for one Python; an index that never answers would hold it for hours."""

TORCH_BRINGS = ("cuda-", "nvidia-", "triton")
"""Beginnings of the names that torch's CUDA build requires, and pins itself; the tests run on its CPU build."""


class PinError(Exception):
    """The pins do not fit a Python, or nobody could be asked."""


class Found(NamedTuple):
    """What pip found of one pin."""

    version: str
    python: SpecifierSet
    requires: list[Requirement]

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> Found:
        """Return what the metadata in pip's report says."""
        requires = [Requirement(line) for line in metadata.get("requires_dist", [])]
        return cls(metadata["version"], SpecifierSet(metadata.get("requires_python", "")), requires)


def main() -> int:
    """Print a line for each Python, and a sentence on each pin that does not fit; return the exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted, pinned = requirements(project), pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    pythons = promised(project["requires-python"])
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda python: problems(python, wanted, pinned), pythons))
    for python, found in zip(pythons, results, strict=True):
        print(f"constraints.txt on Python {python}: {'does not fit' if found else 'fits'}")
        for sentence in found:
            print(f"  {sentence}", file=sys.stderr)
    return int(any(results))


def promised(requires: str) -> list[str]:
    """Return the lowest patch release of each Python 3 that a `requires-python` allows.

    >>> promised(">=3.11,<3.14")
    ['3.11.0', '3.12.0', '3.13.0']
    """
    allowed = SpecifierSet(requires)
    every = ((f"3.{minor}.{patch}" for patch in range(50)) for minor in range(50))
    lowest = (next((python for python in patches if python in allowed), None) for patches in every)
    return [python for python in lowest if python is not None]


def requirements(project: Mapping[str, Any]) -> list[Requirement]:
    """Return what a project requires, with all its extras; its requirements of itself are left out."""
    lines = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    return [one for one in map(Requirement, lines) if one.name != project["name"]]


def pins(text: str) -> list[Requirement]:
    """Return the pins of a constraints file, with their markers."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line]


def problems(python: str, wanted: Sequence[Requirement], pinned: Sequence[Requirement]) -> list[str]:
    """Return a sentence on each thing that keeps `pinned` from being what `wanted` needs on a Python."""
    try:
        found = resolved(pinned, python)
    except PinError as error:
        return [str(error)]
    # pip itself sees this only where the index says it beside the wheel.
    unfit = [
        unfitting(f"{name}=={one.version}", str(one.python), python)
        for name, one in found.items()
        if python not in one.python
    ]
    return sorted({*unfit, *unmet(wanted, found, python)})


def unfitting(pin: str, needs: str, python: str) -> str:
    """Return the sentence on a pin that a Python cannot install."""
    reason = f"needs Python {needs}" if needs else f"has no wheel for Python {python}"
    return f"{pin} {reason}; pin a version that {python} can install, or give the pin a marker."


def resolved(pinned: Sequence[Requirement], python: str) -> dict[str, Found]:
    """Return what pip finds of each pin that holds on a Python, by its normalized name.

    Raises:
        PinError: a pin has no wheel for that Python, or the package index did not answer.
    """
    names = [f"{pin.name}{pin.specifier}" for pin in pinned if holds(pin, python)]
    # fast-deps reads the metadata out of a wheel on the index, where the index does not offer it beside the wheel.
    options = ["--dry-run", "--no-deps", "--ignore-installed", "--only-binary=:all:", "--use-feature=fast-deps"]
    # A dry run writes nothing to the target, but older pips take no other Python's version without one.
    options += ["--target", "build/pins", "--python-version", python, "--retries", "1", "--quiet", "--report", "-"]
    command = [sys.executable, "-m", "pip", "install", *options, *names]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=AT_MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise PinError(f"the package index did not answer within {AT_MOST_SECONDS} s; try again later.") from None
    if done.returncode:
        raise PinError(why(done.stderr, python, names))
    reported = [item["metadata"] for item in json.loads(done.stdout)["install"]]
    return {canonicalize_name(one["name"]): Found.of(one) for one in reported}


def holds(one: Requirement, python: str, extra: str = "") -> bool:
    """Say whether a requirement's marker holds on this system with another Python and an extra asked for."""
    there = {"python_version": python.rpartition(".")[0], "python_full_version": python, "extra": extra}
    return one.marker is None or one.marker.evaluate({**default_environment(), **there})  # type: ignore[dict-item]  # a TypedDict


def why(stderr: str, python: str, names: Sequence[str] = ()) -> str:
    """Return one sentence on why pip failed on the pins `names`, from what it wrote to standard error."""
    if "Retrying (" in stderr:
        return "the package index cannot be reached, so that nothing can be said; try again with a network."
    other = re.search(r"Package '(?P<name>[^']+)' requires a different Python: \S+ not in '(?P<range>[^']+)'", stderr)
    if other is not None:
        pin = next((pin for pin in names if is_pin_of(pin, other["name"])), other["name"])
        return unfitting(pin, other["range"], python)
    missing = re.search(r"No matching distribution found for (?P<pin>[^\s;]+)", stderr)
    if missing is None:
        return f"pip failed: {stderr.strip().splitlines()[-1] if stderr.strip() else 'it said nothing'}"
    pin = missing["pin"]
    needs = re.search(rf"[:;] {re.escape(pin.partition('==')[2])} Requires-Python (?P<range>[^;\s]+)", stderr)
    return unfitting(pin, needs["range"] if needs else "", python)


def is_pin_of(pin: str, name: str) -> bool:
    """Say whether a pin is one of a distribution, however the two are spelled.

    >>> is_pin_of("jupyter_core==5.9.1", "jupyter-core")
    True
    """
    return canonicalize_name(pin.partition("==")[0]) == canonicalize_name(name)


def unmet(wanted: Sequence[Requirement], found: Mapping[str, Found], python: str) -> Iterator[str]:
    """Yield a sentence on each requirement that no pin meets, of the project and of all that it brings along."""
    todo = [("pyproject.toml", one) for one in wanted if holds(one, python)]
    seen: set[tuple[str, str]] = set()
    while todo:
        by, one = todo.pop()
        name = canonicalize_name(one.name)
        if name not in found:
            if not name.startswith(TORCH_BRINGS):
                yield f"{by} needs {one.name}, which is not pinned; pin it."
            continue
        if not one.specifier.contains(found[name].version, prereleases=True):
            yield f"{by} needs {one.name}{one.specifier}, but {found[name].version} is pinned; pin one that fits both."
        asked = {(name, extra) for extra in ("", *one.extras)} - seen
        seen |= asked
        todo += [(one.name, more) for _, extra in asked for more in found[name].requires if holds(more, python, extra)]


if __name__ == "__main__":
    sys.exit(main())
