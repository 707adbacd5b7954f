"""The clean process that holds the keys: it writes probes, reads evidence, judges; no learner code runs in it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from quizlib.coursedir.course import Course
from quizlib.errors import EvidenceError, told
from quizlib.evidence.files import read_evidence
from quizlib.evidence.probe import Probe, write_probe
from quizlib.evidence.values import Evidence, ZooModel
from quizlib.grading.fate import Fate
from quizlib.grading.judge.keys import Keys
from quizlib.grading.kept import KeptItem, probe_digest
from quizlib.grading.processes.child import serve
from quizlib.grading.processes.messages import (
    TO_JUDGE,
    Judged,
    JudgedKept,
    JudgeItems,
    JudgeKept,
    Prepared,
    PrepareProbes,
    ToJudge,
)
from quizlib.items.released import Sheet
from quizlib.judging.judge import judge, probe_of
from quizlib.judging.verdict import Verdict, our_fault
from quizlib.threads import use_one_thread
from quizlib.zoo.registry import require_weights


class Judge:
    """Answers requests about one course: write the probes of a lesson's items, judge their evidence, new or kept."""

    def __init__(self, root: Path) -> None:
        self._keys = Keys(Course(root))

    def answer(self, request: ToJudge) -> Prepared | Judged | JudgedKept:
        """Return the reply to one request.

        Raises:
            GradingError: no key of an item is kept.
            MissingWeightsError: an item takes a pretrained network that has not been fetched to this machine.
        """
        match request:
            case PrepareProbes():
                return self._prepare(request)
            case JudgeItems():
                return Judged(verdicts=tuple(self._judge(request, item, fate) for item, fate in request.items.items()))
            case JudgeKept():
                return self._judge_kept(request)
            case _:
                assert_never(request)

    def _prepare(self, request: PrepareProbes) -> Prepared:
        digests = {}
        for item in request.items:
            probe = probe_of(self._sheet(request, item))
            _require_weights(probe)
            write_probe(request.folder, probe)
            digests[item] = probe_digest(probe)
        return Prepared(probes=digests)

    def _sheet(self, request: PrepareProbes | JudgeItems, item: str) -> Sheet:
        return self._keys.sheet(request.release, request.lesson, item, request.code)

    def _judge(self, request: JudgeItems, item: str, fate: Fate | None) -> Verdict:
        """Return the verdict on one item; an error in judging it is that item's alone, and ours."""
        try:
            return self._judged(request, item, fate)
        except Exception as error:  # whatever it is, the other items keep their points
            return our_fault(item, told(error))

    def _judged(self, request: JudgeItems, item: str, fate: Fate | None) -> Verdict:
        sheet = self._sheet(request, item)
        if fate is not None:
            return without_evidence(sheet, fate)
        return _verdict(sheet, request.folder, item)

    def _judge_kept(self, request: JudgeKept) -> JudgedKept:
        verdicts, others, faults = [], [], {}
        for item, kept in request.items.items():
            try:
                verdict = self._judged_kept(request, item, kept)
            except Exception as error:  # whatever it is, the other items are judged
                faults[item] = told(error)
                continue
            if verdict is None:
                others.append(item)
            else:
                verdicts.append(verdict)
        return JudgedKept(verdicts=tuple(verdicts), others=tuple(others), faults=faults)

    def _judged_kept(self, request: JudgeKept, item: str, kept: KeptItem) -> Verdict | None:
        """Return the newest key's verdict on kept evidence, or None where that key asks other probes."""
        sheet = self._keys.newest(request.lesson, item, request.code)
        if probe_digest(probe_of(sheet)) != kept.probe:
            return None
        if kept.fate is not None:
            return without_evidence(sheet, kept.fate)
        return _verdict(sheet, request.folder, item, is_kept=True)


def _verdict(sheet: Sheet, folder: Path, item: str, *, is_kept: bool = False) -> Verdict:
    """Return the verdict on evidence in a folder; what was kept answers every revision that asks the same."""
    try:
        evidence = read_evidence(folder, item)
        if is_kept:
            evidence = replace(evidence, revision=probe_of(sheet).revision)
        return judge(sheet, evidence)
    except EvidenceError as error:
        return without_evidence(sheet, Fate(status="invalid", sentence=str(error)))


def _require_weights(probe: Probe) -> None:
    """Raise before a kernel is started that would miss the weights of a pretrained network: no learner is to blame.

    Raises:
        MissingWeightsError: a case takes a network that has not been fetched to this machine; it says the command.
    """
    for case in probe.cases:
        for argument in (*case.arguments, *(case.keywords or {}).values()):
            if isinstance(argument, ZooModel):
                require_weights(argument.name)


def without_evidence(sheet: Sheet, fate: Fate) -> Verdict:
    """Return the verdict of no points on an item that left no evidence."""
    probe = probe_of(sheet)
    verdict = judge(sheet, Evidence(probe.item, probe.revision, problem=fate.sentence))
    return verdict.model_copy(update={"status": fate.status})


def main() -> None:
    """Serve one course; the libraries that a judge imports get one thread."""
    use_one_thread()
    from quizlib.zoo.quiet import quiet

    quiet()
    serve(TO_JUDGE, Judge(Path(sys.argv[1])).answer)


if __name__ == "__main__":
    main()
