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

from quizlib.atomic import replace_bytes
from quizlib.errors import EvidenceError
from quizlib.evidence.arrays import flaw_of
from quizlib.evidence.tree_reader import Limits, TreeReader
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import CaseEvidence, Evidence, Failure

FORMAT = 1
"""Version of the file format; a reader refuses every other."""


MAX_HEADER = 4_000_000
"""Bytes of a safetensors header at most; each entry of it becomes an object."""

MAX_PLACES = 100
"""Inputs of one call at most."""

_OPEN_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


def write_document(
    folder: Path, stem: str, document: dict[str, Any], arrays: dict[str, np.ndarray], *, readable: bool = False
) -> None:
    """Write `<stem>.json` and, if there are `arrays`, `<stem>.safetensors`; each file is replaced at once.

    A `readable` JSON is for people and their diffs, with a line for each value; else it is one line of ASCII.
    """
    path = folder / f"{stem}.safetensors"
    if arrays:
        replace_bytes(path, safetensors.numpy.save(arrays))
    else:
        path.unlink(missing_ok=True)
    replace_bytes(folder / f"{stem}.json", _json(document, arrays, readable=readable))


def _json(document: dict[str, Any], arrays: dict[str, np.ndarray], *, readable: bool = False) -> bytes:
    whole = {"format": FORMAT, "arrays": bool(arrays), **document}
    layout: dict[str, Any] = {"indent": 1, "ensure_ascii": False} if readable else {}
    text = json.dumps(whole, allow_nan=False, sort_keys=True, **layout)
    return f"{text}\n".encode() if readable else text.encode()


def read_document(folder: Path, stem: str, limits: Limits | None = None) -> tuple[dict[str, Any], TreeReader]:
    """Read what `write_document` wrote: the JSON object, and a reader that resolves its nodes.

    Raises:
        EvidenceError: a file is missing, no regular file, over its cap, or malformed.
    """
    limits = limits or Limits()
    content = read_capped(folder / f"{stem}.json", limits.json_bytes)
    document = parse_json(content)
    has_arrays = document.get("arrays") is True
    packed = read_capped(folder / f"{stem}.safetensors", limits.array_bytes) if has_arrays else None
    return document, TreeReader(parse_arrays(packed) if packed is not None else {}, limits)


def read_capped(path: Path, limit: int, *, folder: int | None = None) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes; links, pipes, folders and devices are refused.

    `path` is looked up in `folder`, the descriptor of one that was opened before, so that it cannot be exchanged.

    Raises:
        EvidenceError: it is none, it is larger, or it cannot be read.
    """
    try:
        descriptor = os.open(path, _OPEN_FLAGS, **({} if folder is None else {"dir_fd": folder}))
        try:
            # Looked at once it is open, so that nothing can be put in its place in between.
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise EvidenceError(f"{path.name} is not a regular file.")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                content = file.read(limit + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise EvidenceError(f"{path.name} cannot be read ({error.strerror}).") from error
    if len(content) > limit:
        raise EvidenceError(f"{path.name} is over {limit:,} bytes.")
    return content


def parse_json(content: bytes) -> dict[str, Any]:
    """Parse one JSON object of the right format; NaN, deep nesting and repeated names are refused.

    Raises:
        EvidenceError: the bytes are no such object.
    """
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
    """Parse safetensors bytes into finite arrays of the allowed dtypes.

    Raises:
        EvidenceError: the bytes are malformed, or an array has another dtype, NaN or an infinity.
    """
    if int.from_bytes(content[:8], "little") > MAX_HEADER:
        raise EvidenceError(f"the safetensors file has a header of over {MAX_HEADER:,} bytes.")
    try:
        arrays = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, ValueError, KeyError) as error:
        # KeyError is a dtype that NumPy lacks, ValueError a shape that it refuses.
        raise EvidenceError(f"the safetensors file is malformed ({type(error).__name__}).") from error
    return {name: _sound(name, array) for name, array in arrays.items()}


def _sound(name: str, array: np.ndarray) -> np.ndarray:
    flaw = flaw_of(array)
    if flaw is not None:
        raise EvidenceError(f"array {name[:20]!r} {flaw}.")
    # A byte of 2 would be a truth value that is neither True nor False.
    return np.asarray(array.view(np.uint8) != 0) if array.dtype == np.bool_ else array


def crossed(evidence: Evidence) -> Evidence:
    """Return `evidence` as it is read on the other side: written, capped and checked like bytes from a kernel.

    Raises:
        EvidenceError: it would be refused there; the sentence says why.
    """
    limits = Limits()
    document, arrays = _evidence_document(evidence)
    content, packed = _json(document, arrays), safetensors.numpy.save(arrays)
    if len(content) > limits.json_bytes or len(packed) > limits.array_bytes:
        raise EvidenceError(
            f"it takes {len(content) + len(packed):,} bytes; at most {limits.array_bytes:,} of arrays and "
            f"{limits.json_bytes:,} of everything else can cross."
        )
    return _parse_evidence(parse_json(content), TreeReader(parse_arrays(packed), limits), evidence.item)


def write_evidence(folder: Path, evidence: Evidence) -> None:
    """Write `evidence` into `folder` under the id of its item."""
    write_document(folder, evidence.item, *_evidence_document(evidence))


def _evidence_document(evidence: Evidence) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    writer = TreeWriter()
    document = {
        "item": evidence.item,
        "revision": evidence.revision,
        "problem": evidence.problem,
        "unanswered": evidence.unanswered,
        "response": writer.write(evidence.response),
        "cases": [case_node(writer, case) for case in evidence.cases],
    }
    if evidence.given_changed:
        document["given_changed"] = list(evidence.given_changed)
    if evidence.given_restated:
        document["given_restated"] = list(evidence.given_restated)
    return document, writer.arrays


def case_node(writer: TreeWriter, case: CaseEvidence) -> dict[str, Any]:
    """Return the JSON node of what a response did on one case."""
    failure = case.failure
    node = {
        "case": case.case,
        "output": writer.write(case.output),
        "failure": failure and [failure.type_name, list(failure.ancestors), failure.message],
        "inputs_changed": case.inputs_changed,
    }
    if case.changed:
        node["changed"] = list(case.changed)
    if case.restated:
        node["restated"] = list(case.restated)
    if case.called is not None:
        node["called"] = case_node(writer, case.called)
    return node


def read_evidence(folder: Path, item: str, limits: Limits | None = None) -> Evidence:
    """Read the evidence of `item` from `folder`, as bytes from a hostile source.

    Raises:
        EvidenceError: anything but well-formed, finite, bounded evidence of this very item.
    """
    return _parse_evidence(*read_document(folder, item, limits), item)


def _parse_evidence(document: dict[str, Any], reader: TreeReader, item: str) -> Evidence:
    match document:
        case {
            "item": str(named),
            "revision": int(revision),
            "problem": (None | str()) as problem,
            "unanswered": bool(unanswered),
            "response": response,
            "cases": list(nodes),
        } if named == item and not isinstance(revision, bool):
            cases = tuple(read_case(reader, node) for node in nodes)
            if len({case.case for case in cases}) != len(cases):
                raise EvidenceError(f"the evidence of {item} has two results for one case.")
            problem = problem and reader.text(problem)[:500]
            given = [_read_given(reader, document, key) for key in ("given_changed", "given_restated")]
            return Evidence(item, revision, reader.read(response), cases, problem, unanswered, *given)
    raise EvidenceError(f"the evidence of {item} lacks a field, or belongs to another item.")


def _read_given(reader: TreeReader, document: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return the variables of the setup that a response changed, a few at most, by names of a few characters."""
    names = document.get(key, [])
    if not isinstance(names, list) or len(names) > MAX_PLACES or not all(isinstance(name, str) for name in names):
        raise EvidenceError("what the evidence says of the setup is malformed.")
    return tuple(reader.text(name)[:200] for name in names)


def read_case(reader: TreeReader, node: object) -> CaseEvidence:
    """Return what `case_node` described.

    Raises:
        EvidenceError: `node` is no case.
    """
    match node:
        case {"case": str(case), "output": output, "failure": failure, "inputs_changed": bool(changed)}:
            name, raised = reader.text(case)[:200], _read_failure(reader, failure)
            places, restated = _read_places(node, "changed"), _read_places(node, "restated")
            called = _read_called(reader, node)
            return CaseEvidence(name, reader.read(output), raised, changed, places, called, restated)
    raise EvidenceError("a case of the evidence is malformed.")


def _read_called(reader: TreeReader, node: object) -> CaseEvidence | None:
    """Return what the returned model did when it was called; one such call leads to no further one."""
    match node:
        case {"called": {"called": _}}:
            raise EvidenceError("a case of the evidence is malformed.")
        case {"called": inner}:
            return read_case(reader, inner)
    return None


def _read_places(node: object, key: str) -> tuple[int, ...]:
    """Return the places of the inputs that a call changed; where there are none the file says nothing of them."""
    places = node.get(key, []) if isinstance(node, dict) else []
    if not isinstance(places, list) or len(places) > MAX_PLACES or not all(map(_is_place, places)):
        raise EvidenceError("the places of changed inputs are malformed.")
    return tuple(places)


def _is_place(node: object) -> bool:
    return isinstance(node, int) and not isinstance(node, bool) and 0 <= node < MAX_PLACES


def _read_failure(reader: TreeReader, node: object) -> Failure | None:
    match node:
        case None:
            return None
        case [str(type_name), list(ancestors), str(message)] if len(ancestors) <= 50:
            names = tuple(reader.text(ancestor)[:200] for ancestor in ancestors)
            return Failure(reader.text(type_name)[:200], names, reader.text(message)[:500])
    raise EvidenceError("a failure in the evidence is malformed.")
