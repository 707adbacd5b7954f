import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest

from quizlib.authoring.course import read_lesson
from quizlib.errors import GradingError, InfrastructureError, MissingWeightsError
from quizlib.evidence.collect import collect
from quizlib.evidence.files import write_evidence
from quizlib.evidence.probe import Probe, ProbeCase, read_probe
from quizlib.evidence.values import ZooModel
from quizlib.grading.fate import Fate
from quizlib.grading.judge.client import JudgeClient
from quizlib.grading.judge.keys import Keys
from quizlib.grading.judge.server import Judge, without_evidence
from quizlib.grading.processes.messages import JudgeItems, PrepareProbes
from tests.grading.conftest import LESSON

ITEMS = ["smallest-dtype", "float-bytes", "quantize-codes", "size-table"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "evidence").mkdir()
    return tmp_path / "evidence"


def prepare(course, folder, code="some code"):
    of = {"release": course.current_release, "lesson": LESSON, "code": code}
    request = PrepareProbes(**of, items=tuple(ITEMS), folder=folder)
    assert set(Judge(course.root).answer(request).probes) == set(ITEMS)


def judge(course, folder, item, fate=None, code="some code"):
    of = {"release": course.current_release, "lesson": LESSON, "code": code}
    request = JudgeItems(**of, items={item: fate}, folder=folder)
    [verdict] = Judge(course.root).answer(request).verdicts
    return verdict


def quantize_codes(x, scale):
    return np.clip(np.round(x / scale), -128, 127).astype(np.int8)


def test_probes_hold_private_inputs_and_no_expected_output(course, folder):
    prepare(course, folder)
    probe = read_probe(folder, "quantize-codes")
    assert [case.id for case in probe.cases] == ["public-0", "public-1", "public-2", "private-0", "private-1"]
    keys = Keys(course).sheet(course.current_release, LESSON, "quantize-codes", "some code")
    expected = keys.answers["private-0"].output.values.tobytes()
    for path in folder.iterdir():
        assert expected not in path.read_bytes()
        assert b"answer" not in path.read_bytes().replace(b'"kind": "answer"', b"")


def test_private_probes_are_the_same_each_time_and_others_in_another_course(course, folder, tmp_path):
    prepare(course, folder)
    first = (folder / "quantize-codes.probe.safetensors").read_bytes()
    prepare(course, folder)
    assert (folder / "quantize-codes.probe.safetensors").read_bytes() == first
    (course.root / "secret").write_text("00" * 32)
    prepare(type(course)(course.root), folder)
    assert (folder / "quantize-codes.probe.safetensors").read_bytes() != first


def test_private_probes_are_the_same_for_equal_code_and_others_for_any_other(course, folder):
    prepare(course, folder)
    first = (folder / "quantize-codes.probe.safetensors").read_bytes()
    prepare(course, folder, "other code")
    assert (folder / "quantize-codes.probe.safetensors").read_bytes() != first
    prepare(course, folder)
    assert (folder / "quantize-codes.probe.safetensors").read_bytes() == first


def test_results_for_the_private_probes_of_other_code_earn_nothing_for_them(course, folder):
    prepare(course, folder, "a first try, which prints its probes")
    printed = {case.id: case.arguments for case in read_probe(folder, "quantize-codes").cases}

    def typed_in(x, scale):
        for known, known_scale in printed.values():
            if known.values.shape == x.shape and np.array_equal(known.values, x) and known_scale == scale:
                return quantize_codes(x, scale)
        return np.zeros(x.shape, dtype=np.int8)

    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), typed_in))
    assert judge(course, folder, "quantize-codes", code="a first try, which prints its probes").score == 5
    prepare(course, folder, "a second try, in which they stand")
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), typed_in))
    assert judge(course, folder, "quantize-codes", code="a second try, in which they stand").score == 0


def test_missing_weights_of_a_pretrained_network_are_told_before_a_kernel_is_started(
    course, folder, monkeypatch, tmp_path
):
    probe = Probe("prune", 1, "function", "prune", (ProbeCase("public-0", (ZooModel("crepe_tiny"), 0.5)),))
    monkeypatch.setattr("quizlib.grading.judge.server.probe_of", lambda sheet: probe)
    monkeypatch.setenv("QUIZLIB_MODELS", str(tmp_path))
    with pytest.raises(MissingWeightsError, match="run: quizlib models crepe-tiny"):
        prepare(course, folder)
    assert not list(folder.iterdir())


def test_right_evidence_gets_full_marks(course, folder):
    prepare(course, folder)
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), quantize_codes))
    assert judge(course, folder, "quantize-codes").score == 5


def test_results_that_hold_for_the_public_cases_only_fail_on_the_private_ones(course, folder):
    prepare(course, folder)

    def learned_by_heart(x, scale):
        known = [[-2, 0, 1, 2], [0, 1, 2, -2], [-128, 127]]
        right = [codes for codes in known if codes == quantize_codes(x, scale).tolist()]
        return np.array(right[0] if right else [0] * len(x), dtype=np.int8)

    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), learned_by_heart))
    verdict = judge(course, folder, "quantize-codes")
    assert verdict.score == 0  # that its input was left unchanged counts beside work only
    assert "a case that is not shown" in verdict.model_dump_json()


def test_a_misconception_is_named_from_the_release_the_submission_came_from(course, folder):
    attempts = read_lesson(course.keys(course.current_release) / "solutions", LESSON).attempts["quantize-codes"]
    namespace = {"np": np}
    exec(attempts[1].source, namespace)
    prepare(course, folder)
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), namespace["quantize_codes"]))
    assert judge(course, folder, "quantize-codes").misconception.id == "floor-for-round"


def test_missing_evidence_is_invalid_not_an_error(course, folder):
    verdict = judge(course, folder, "quantize-codes")
    assert (verdict.status, verdict.score) == ("invalid", 0)


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": 1}', b'{"format": 2}', b"[]", b"\xff"])
def test_evidence_that_is_none_is_invalid(course, folder, content):
    (folder / "size-table.json").write_bytes(content)
    assert judge(course, folder, "size-table").status == "invalid"


def test_the_evidence_of_another_item_is_invalid(course, folder):
    prepare(course, folder)
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), quantize_codes))
    (folder / "quantize-codes.json").replace(folder / "size-table.json")
    assert judge(course, folder, "size-table").status == "invalid"


@pytest.mark.parametrize("status", ["timeout", "died", "memory", "missing", "error"])
def test_an_item_without_evidence_gets_its_status_and_no_points(course, folder, status):
    for item in ("smallest-dtype", "quantize-codes"):
        verdict = judge(course, folder, item, Fate(status=status, sentence="because"))
        assert (verdict.status, verdict.score) == (status, 0)
        assert verdict.summary == "because"


def test_an_item_that_is_newer_than_the_release_is_judged_by_the_current_one(course):
    sheet = Keys(course).sheet("an-older-release", LESSON, "smallest-dtype", "some code")
    assert sheet.key.answer == "C"


def test_an_item_without_a_key_is_said_to_be_one(course):
    with pytest.raises(GradingError, match="no key of nothing is kept"):
        Keys(course).sheet(course.current_release, LESSON, "nothing", "some code")


BEFORE_FOLDERS = """
import numpy as np
from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches, Symptom

EXERCISES = [
    ExerciseSpec(
        id="quantize-codes",
        lesson="90-sample",
        title="Round to codes",
        response="function",
        name="quantize_codes",
        criteria=(Criterion(id="typical", text="Rounds", points=5, requirement=Matches()),),
        misconceptions=(Symptom(id="floor-for-round", text="Rounded down.", remedy="Use `np.round`."),),
        reference=lambda x, scale: np.rint(x / scale),
        public=(Case("typical", np.array([0.3, 0.8]), 0.5),),
        private=lambda generator: [Case("typical", generator.normal(size=5), 0.5)],
    )
]
"""


def test_keys_of_before_each_exercise_had_a_folder_still_judge(course):
    exercises = course.keys(course.current_release) / "solutions" / "exercises"
    shutil.rmtree(exercises / LESSON)
    (exercises / "90_sample.py").write_text(BEFORE_FOLDERS)
    sheet = Keys(course).sheet(course.current_release, LESSON, "quantize-codes", "some code")

    assert set(sheet.answers) == {"public-0", "private-0"}
    assert [symptom.id for symptom in sheet.exercise.misconceptions] == ["floor-for-round"]
    with pytest.raises(GradingError, match="the spec of size-table is missing from keys/"):
        Keys(course).sheet(course.current_release, LESSON, "size-table", "some code")


def test_a_judge_that_is_killed_is_replaced_and_asked_again(course, folder):
    client = JudgeClient(course.root)
    client.prepare(course.current_release, LESSON, "some code", ITEMS, folder)
    os.kill(client.pid, signal.SIGKILL)
    fates = dict.fromkeys(ITEMS, Fate(status="died", sentence="x"))
    verdicts = client.judge(course.current_release, LESSON, "some code", fates, folder)
    client.stop()
    assert {verdict.status for verdict in verdicts.values()} == {"died"}


def test_a_judge_that_fails_twice_is_a_fault_of_ours(course, folder):
    client = JudgeClient(course.root)
    with pytest.raises(InfrastructureError, match=r"the judge failed twice: .*no key of nothing"):
        client.prepare(course.current_release, LESSON, "some code", ["nothing"], folder)
    client.stop()


def test_an_item_that_cannot_be_judged_is_a_fault_of_ours_and_the_others_keep_their_points(course, folder):
    prepare(course, folder)
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), quantize_codes))
    items = {"nothing": None, "quantize-codes": None}
    of = {"release": course.current_release, "lesson": LESSON, "code": "some code"}
    ours, theirs = Judge(course.root).answer(JudgeItems(**of, items=items, folder=folder)).verdicts
    assert (ours.item, ours.status, ours.score, ours.is_our_fault) == ("nothing", "infrastructure", 0, True)
    assert "no key of nothing" in ours.summary
    assert (theirs.score, theirs.is_our_fault) == (5, False)


@pytest.mark.parametrize("error", [ValueError("\udcff odd"), MemoryError(), RecursionError("deep"), KeyError("x")])
def test_whatever_judging_one_item_raises_is_that_items_alone(course, folder, monkeypatch, error):
    def failing(sheet, evidence):
        raise error

    prepare(course, folder)
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), quantize_codes))
    monkeypatch.setattr("quizlib.grading.judge.server.judge", failing)
    verdict = judge(course, folder, "quantize-codes")
    assert (verdict.status, type(error).__name__ in verdict.summary) == ("infrastructure", True)
    verdict.model_dump_json()


@pytest.mark.parametrize("how", ["die", "hang"])
def test_evidence_that_ends_the_judge_costs_its_own_item_alone(course, folder, monkeypatch, how):
    monkeypatch.setattr("quizlib.grading.judge.client.SERVER", "tests.grading.fragile_judge")
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    prepare(course, folder)
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), quantize_codes))
    (folder / "size-table.json").write_text(how)
    client = JudgeClient(course.root, timeout=45)
    items = {"size-table": None, "quantize-codes": None}
    verdicts = client.judge(course.current_release, LESSON, "some code", items, folder)
    client.stop()
    assert list(verdicts) == list(items)
    assert (verdicts["size-table"].status, verdicts["quantize-codes"].score) == ("infrastructure", 5)
    assert "the judge failed twice" in verdicts["size-table"].summary


def test_items_for_which_no_time_is_left_are_a_fault_of_ours(course, folder, monkeypatch):
    monkeypatch.setattr("quizlib.grading.judge.client.SERVER", "tests.grading.fragile_judge")
    client = JudgeClient(course.root, timeout=0)
    verdicts = client.judge(course.current_release, LESSON, "some code", dict.fromkeys(ITEMS), folder)
    client.stop()
    assert {verdict.status for verdict in verdicts.values()} == {"infrastructure"}


@pytest.mark.parametrize(("revision", "status"), [("999", "invalid"), ("true", "invalid"), ("1", "correct")])
def test_evidence_of_another_revision_is_invalid(course, folder, revision, status):
    prepare(course, folder)
    write_evidence(folder, collect(read_probe(folder, "quantize-codes"), quantize_codes))
    path = folder / "quantize-codes.json"
    path.write_text(path.read_text().replace('"revision": 1', f'"revision": {revision}'))
    assert judge(course, folder, "quantize-codes").status == status


def test_without_evidence_keeps_the_lines_of_an_exercise(course):
    sheet = Keys(course).sheet(course.current_release, LESSON, "quantize-codes", "some code")
    assert len(without_evidence(sheet, Fate(status="died", sentence="the kernel died.")).criteria) == 3
