"""Which of the libraries that the package requires are installed, in which version and build."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.requirements import Requirement

from quizlib.environment.extras import DISTRIBUTION, EXTRAS, INSTALL, LEARNERS, requirements
from quizlib.environment.finding import Finding

CPU_BUILD = "choose CPU at https://pytorch.org/get-started/locally and run its command"


def libraries() -> Iterator[Finding]:
    """Yield a finding on each library that learners need, and one on those for grading and for the tests."""
    for extra, purpose in zip(EXTRAS, ("", "", "for grading", "for the tests"), strict=True):
        findings = [library(one, extra) for named, one in requirements() if named == extra]
        if extra in LEARNERS:
            yield from findings
        elif findings:
            yield _together(purpose, extra, findings)


def _together(purpose: str, extra: str, findings: Sequence[Finding]) -> Finding:
    """Return one finding on libraries that only some tasks need."""
    bad = [finding.check for finding in findings if finding.state != "ok"]
    if not bad:
        return Finding(purpose, "all there", "ok")
    return Finding(purpose, f"missing or out of range: {', '.join(bad)}", "optional", INSTALL.format(extra=extra))


def library(wanted: Requirement, extra: str) -> Finding:
    """Say whether a library is installed in a version of the range."""
    mend = INSTALL.format(extra=extra) if extra else f"pip install --upgrade {DISTRIBUTION}"
    try:
        version = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(wanted.name, f"not installed; expected {wanted.specifier or 'any version'}", "wrong", mend)
    if wanted.specifier.contains(version, prereleases=True):
        return Finding(wanted.name, version, "ok")
    return Finding(wanted.name, f"{version}; expected {wanted.specifier}", "wrong", mend)


def torch_build() -> Iterator[Finding]:
    """Yield which build of torch is installed; the one for CUDA takes gigabytes that the course has no use for."""
    spec = importlib.util.find_spec("torch")
    version_file = Path(spec.origin).with_name("version.py") if spec and spec.origin else None
    if version_file is None or not version_file.is_file():
        return
    cuda = cuda_of(version_file.read_text(encoding="utf-8"))
    if cuda is None:
        yield Finding("build of torch", "CPU", "ok")
    else:
        found = f"CUDA {cuda}; works, but the CPU build is gigabytes smaller"
        yield Finding("build of torch", found, "optional", CPU_BUILD)


def cuda_of(source: str) -> str | None:
    """Return the CUDA version that torch's `version.py` names, None for a CPU build.

    >>> cuda_of("cuda: Optional[str] = '12.8'"), cuda_of("cuda: Optional[str] = None")
    ('12.8', None)
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "cuda":
            return str(node.value.value) if isinstance(node.value, ast.Constant) and node.value.value else None
    return None
