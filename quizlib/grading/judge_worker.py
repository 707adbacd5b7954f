"""The clean process that holds the keys: it writes probes, reads evidence, judges; no learner code runs in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from quizlib.coursedir.course import Course
from quizlib.errors import EvidenceError
from quizlib.evidence.files import read_evidence
from quizlib.evidence.probe import write_probe
from quizlib.evidence.values import Evidence
from quizlib.grading.child import Reply, Request, serve
from quizlib.grading.keys import Keys
from quizlib.items.released import Sheet
from quizlib.judging.judge import judge, probe_of
from quizlib.judging.verdict import Verdict


class Judge:
    """Answers two requests about one course: `prepare` the probes of a lesson, and `judge` its evidence."""

    def __init__(self, root: Path) -> None:
        self._keys = Keys(Course(root))

    def answer(self, request: Request) -> Reply:
        """Return the reply to one request."""
        match request:
            case {"do": "prepare", "release": release, "lesson": lesson, "items": items, "folder": folder}:
                return self._prepare(release, lesson, items, Path(folder))
            case {"do": "judge", "release": release, "lesson": lesson, "items": items, "folder": folder}:
                verdicts = [self._judge(self._keys.sheet(release, lesson, i["id"]), i, Path(folder)) for i in items]
                return {"verdicts": [verdict.model_dump(mode="json") for verdict in verdicts]}
        return {"error": f"the judge does not know the request {str(request.get('do'))[:40]!r}"}

    def _prepare(self, release: str, lesson: str, items: list[str], folder: Path) -> Reply:
        for item in items:
            write_probe(folder, probe_of(self._keys.sheet(release, lesson, item)))
        return {"prepared": len(items)}

    def _judge(self, sheet: Sheet, item: dict[str, Any], folder: Path) -> Verdict:
        """Judge the evidence of an item, or say why there is none (`status` and `summary`)."""
        if item.get("status"):
            return without_evidence(sheet, str(item["status"]), str(item["summary"]))
        try:
            evidence = read_evidence(folder, item["id"])
        except EvidenceError as error:
            return without_evidence(sheet, "invalid", str(error))
        return judge(sheet, evidence)


def without_evidence(sheet: Sheet, status: str, summary: str) -> Verdict:
    """Return the verdict of no points on an item that left no evidence."""
    probe = probe_of(sheet)
    verdict = judge(sheet, Evidence(probe.item, probe.revision, problem=summary))
    return Verdict.model_validate({**verdict.model_dump(), "status": status})


def main() -> None:
    """Serve one course; the libraries that a judge imports get one thread."""
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(name, "1")
    from quizlib.zoo.quiet import quiet

    quiet()
    serve(Judge(Path(sys.argv[1])).answer)


if __name__ == "__main__":
    main()
