"""What to collect from a response: the probe, inputs only, that a kernel may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from quizlib.errors import EvidenceError
from quizlib.evidence.files import read_document, write_document
from quizlib.evidence.responses import RESPONSES, ResponseKind
from quizlib.evidence.tree_reader import TreeReader
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import Plain


@dataclass(frozen=True, eq=False)
class ProbeCase:
    """One call to make: `arguments` by position and `keywords` by name, as plain values.

    Where there is `called_with`, a model that the call returns is called in its turn, with these by position.
    """

    id: str
    arguments: tuple[Plain, ...] = ()
    keywords: dict[str, Plain] | None = None
    called_with: tuple[Plain, ...] = ()


@dataclass(frozen=True, eq=False)
class Probe:
    """How to take evidence of one item: which kind of response, under which name, called on which cases.

    `given` are variables of the setup that the response is to leave alone, with the fingerprint that each had there.
    """

    item: str
    revision: int
    kind: ResponseKind
    variable: str
    cases: tuple[ProbeCase, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


def probe_document(probe: Probe) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return `probe` as a JSON object and its arrays."""
    writer = TreeWriter()
    cases = [_case_node(writer, case) for case in probe.cases]
    head = {"item": probe.item, "revision": probe.revision, "kind": probe.kind, "variable": probe.variable}
    given = {"given": dict(probe.given)} if probe.given else {}
    return {**head, "cases": cases, **given}, writer.arrays


def _case_node(writer: TreeWriter, case: ProbeCase) -> list[Any]:
    node = [case.id, writer.write(list(case.arguments)), writer.write(case.keywords or {})]
    return [*node, writer.write(list(case.called_with))] if case.called_with else node


def parse_probe(document: dict[str, Any], reader: TreeReader) -> Probe:
    """Return the probe that `probe_document` described.

    Raises:
        EvidenceError: the document is malformed.
    """
    match document:
        case {
            "item": str(item),
            "revision": int(revision),
            "kind": str(kind),
            "variable": str(variable),
            "cases": list(cases),
        } if kind in RESPONSES:
            given = _given(document.get("given", {}))
            return Probe(item, revision, kind, variable, tuple(_case(reader, node) for node in cases), given)
    raise EvidenceError("the probe file is malformed; release the course again.")


def _given(node: object) -> dict[str, str]:
    if isinstance(node, dict) and all(isinstance(text, str) for pair in node.items() for text in pair):
        return node
    raise EvidenceError("what the probe file says of the setup is malformed; release the course again.")


def _case(reader: TreeReader, node: object) -> ProbeCase:
    match node:
        case [str(name), arguments, keywords, *rest] if len(rest) <= 1:
            positional, named, called = reader.read(arguments), reader.read(keywords), [reader.read(n) for n in rest]
            called_with = called[0] if called else []
            if isinstance(positional, list) and isinstance(named, dict) and isinstance(called_with, list):
                return ProbeCase(name, tuple(positional), named, tuple(called_with))
    raise EvidenceError("a case of the probe file is malformed; release the course again.")


def write_probe(folder: Path, probe: Probe) -> None:
    """Write `probe` into `folder` as `<item>.probe.json` and `<item>.probe.safetensors`."""
    document, arrays = probe_document(probe)
    write_document(folder, f"{probe.item}.probe", document, arrays)


def read_probe(folder: Path, item: str) -> Probe:
    """Read the probe of `item` from `folder`."""
    return parse_probe(*read_document(folder, f"{item}.probe"))
