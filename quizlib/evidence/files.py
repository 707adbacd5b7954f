"""The two files that carry plain values: `<stem>.json` and `<stem>.safetensors`."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from quizlib.errors import EvidenceError
from quizlib.evidence.tree import ARRAY_DTYPES, TreeReader, TreeWriter
from quizlib.evidence.values import CaseEvidence, Evidence, Failure, Limits, Plain

FORMAT = 1
"""Version of the file format; a reader refuses every other."""


def write_document(folder: Path, stem: str, document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Write `<stem>.json` and, if there are `arrays`, `<stem>.safetensors`; each file is replaced at once."""
    path = folder / f"{stem}.safetensors"
    if arrays:
        _replace(path, safetensors.numpy.save(arrays))
    else:
        path.unlink(missing_ok=True)
    head = {"format": FORMAT, "arrays": bool(arrays)}
    text = json.dumps({**head, **document}, allow_nan=False, ensure_ascii=True, sort_keys=True)
    _replace(folder / f"{stem}.json", text.encode())


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    os.replace(beside, path)  # noqa: PTH105  one atomic rename, also over an existing file


def read_document(folder: Path, stem: str, limits: Limits | None = None) -> tuple[dict[str, Any], TreeReader]:
    """Read what `write_document` wrote: the JSON object, and a reader that resolves its nodes.

    Raises:
        EvidenceError: a file is missing, no regular file, over its cap, or malformed.
    """
    limits = limits or Limits()
    document = parse_json(read_capped(folder / f"{stem}.json", limits.json_bytes), limits)
    arrays: dict[str, np.ndarray] = {}
    if document.get("arrays") is True:
        arrays = parse_arrays(read_capped(folder / f"{stem}.safetensors", limits.array_bytes))
    return document, TreeReader(arrays, limits)


def read_capped(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes; links, pipes and devices are refused."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise EvidenceError(f"{path.name} cannot be opened ({error.strerror}).") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise EvidenceError(f"{path.name} is not a regular file.")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise EvidenceError(f"{path.name} is over {limit:,} bytes.")
    return content


def parse_json(content: bytes, limits: Limits) -> dict[str, Any]:
    """Parse one JSON object of the right format; NaN, deep nesting and repeated names are refused."""
    try:
        document = json.loads(content.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"the JSON is malformed ({type(error).__name__}).") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise EvidenceError(f"the JSON is not an object of format {FORMAT}.")
    return document


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not a finite number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a name is repeated")
    return table


def parse_arrays(content: bytes) -> dict[str, np.ndarray]:
    """Parse safetensors bytes into finite arrays of the allowed dtypes."""
    try:
        arrays = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvidenceError(f"the safetensors file is malformed ({type(error).__name__}).") from error
    for name, array in arrays.items():
        if array.dtype.name not in ARRAY_DTYPES:
            raise EvidenceError(f"array {name[:20]!r} has dtype {array.dtype.name}, which cannot cross.")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise EvidenceError(f"array {name[:20]!r} holds NaN or infinity.")
    return dict(arrays)


def write_evidence(folder: Path, evidence: Evidence) -> None:
    """Write `evidence` into `folder` under the id of its item."""
    writer = TreeWriter()
    document = {
        "item": evidence.item,
        "revision": evidence.revision,
        "problem": evidence.problem,
        "unanswered": evidence.unanswered,
        "response": writer.write(evidence.response),
        "cases": [case_node(writer, case) for case in evidence.cases],
    }
    write_document(folder, evidence.item, document, writer.arrays)


def case_node(writer: TreeWriter, case: CaseEvidence) -> dict[str, Any]:
    """Return the JSON node of what a response did on one case."""
    failure = case.failure
    return {
        "case": case.case,
        "output": writer.write(case.output),
        "failure": failure and [failure.type_name, list(failure.ancestors), failure.message],
        "inputs_changed": case.inputs_changed,
    }


def read_evidence(folder: Path, item: str, limits: Limits | None = None) -> Evidence:
    """Read the evidence of `item` from `folder`, as bytes from a hostile source.

    Raises:
        EvidenceError: anything but well-formed, finite, bounded evidence of this very item.
    """
    document, reader = read_document(folder, item, limits)
    match document:
        case {
            "item": str(named),
            "revision": int(revision),
            "problem": (None | str()) as problem,
            "unanswered": bool(unanswered),
            "response": response,
            "cases": list(cases),
        } if named == item:
            read = tuple(read_case(reader, case) for case in cases)
            problem = problem and problem[:500]
            return Evidence(item, revision, reader.read(response), read, problem, unanswered)
    raise EvidenceError(f"the evidence of {item} lacks a field, or belongs to another item.")


def read_case(reader: TreeReader, node: object) -> CaseEvidence:
    """Return what `case_node` described."""
    match node:
        case {"case": str(case), "output": output, "failure": failure, "inputs_changed": bool(changed)}:
            return CaseEvidence(case[:200], reader.read(output), _read_failure(failure), changed)
    raise EvidenceError("a case of the evidence is malformed.")


def _read_failure(node: object) -> Failure | None:
    match node:
        case None:
            return None
        case [str(type_name), list(ancestors), str(message)] if all(isinstance(a, str) for a in ancestors):
            return Failure(type_name[:200], tuple(a[:200] for a in ancestors[:50]), message[:500])
    raise EvidenceError("a failure in the evidence is malformed.")


def through_boundary(value: Plain) -> Plain:
    """Return `value` as it looks after the crossing: written, then read with every check.

    >>> through_boundary([1.5, "a"])
    [1.5, 'a']
    """
    writer = TreeWriter()
    node = json.loads(json.dumps(writer.write(value), allow_nan=False))
    return TreeReader(parse_arrays(safetensors.numpy.save(writer.arrays))).read(node)
