import json

import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.verify.parallel import verify
from quizlib.verify.tasks import run, tasks_of

pytestmark = pytest.mark.proof

QUANTIZE = "exercises/90-sample/quantize-codes/spec.py"


def problems_of(course):
    """Verify in this process, task by task, as a worker does."""
    return [problem for task in tasks_of(course, "90-sample") for problem in run(task).problems]


def test_the_sample_course_is_proved_and_its_counts_are_the_contract(course, tmp_path):
    found = CliRunner().invoke(
        app, ["verify", "90-sample", "--solutions", str(course), "--json", str(tmp_path / "verify.json"), "--fresh"]
    )
    assert found.exit_code == 0, found.output
    report = json.loads((tmp_path / "verify.json").read_text())
    assert report["ok"] is True
    lesson = report["lessons"]["90-sample"]
    assert lesson.pop("seconds") > 0
    assert lesson == {
        "questions": {"total": 2, "proved": 2, "cited": 0, "distractors": 4, "refuted": 4},
        "exercises": {"total": 2, "points": 7, "reference_full": 2, "stub_zero": 2},
        "attempts": {
            "wrong": 12,
            "caught": 12,
            "right": 4,
            "passed": 4,
            "second_variants": 6,
            "named": 6,
            "decoys": 1,
            "accused": 0,
        },
        "mutants": {"made": 25, "caught": 25, "in_practice": 25, "equivalent": 0},
    }


def test_a_planted_false_key_makes_the_command_fail_and_says_where(course, plant):
    plant("questions/90_sample.yaml", "key: 4000", "key: 4096")
    found = CliRunner().invoke(app, ["verify", "--solutions", str(course)])
    assert found.exit_code == 1
    assert "90-sample: question float-bytes: the key is 4096.0, but the proof computes 4000.0" in found.output


def test_a_planted_check_that_cannot_fail_is_found(course, plant):
    plant(QUANTIZE, '"Clamps to −128 … 127", points=2', '"Clamps to −128 … 127", points=2, atol=1e9')
    assert "exercise quantize-codes: the attempt 'wrong not-clamped/1' loses nothing, its label says clamps." in (
        problems_of(course)
    )


def test_a_planted_reference_bug_is_found(course, plant):
    plant(QUANTIZE, "np.rint(", "np.floor(")
    found = problems_of(course)
    assert any(problem.startswith("exercise quantize-codes: the reference solution loses typical") for problem in found)


def test_a_planted_solution_bug_is_found(course, plant):
    plant("lessons/90_sample.py", "np.clip(nearest_codes, -128, 127)", "np.clip(nearest_codes, -127, 127)")
    assert any("the reference solution loses clamps" in problem for problem in problems_of(course))


def test_a_proof_of_no_question_is_found(course, plant):
    plant("proofs/90_sample.py", 'item="float-bytes"', 'item="float-bits"')
    found = problems_of(course)
    assert "there is a proof of float-bits, which is no question." in found
    assert any("question float-bytes has no proof" in problem for problem in found)


def test_an_unknown_lesson_is_one_sentence(course):
    found = CliRunner().invoke(app, ["verify", "91-none", "--solutions", str(course)])
    assert found.exit_code == 1
    assert "there is no lesson" in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    ("file", "old", "new", "is_reused"),
    [
        ("exercises/90-sample/size-table/attempts.py", "", "", True),
        ("exercises/90-sample/size-table/attempts.py", "32 * weights", "(32) * weights", False),
        ("exercises/90-sample/size-table/spec.py", "1000 * np.dtype", "1_000 * np.dtype", False),
        ("exercises/90-sample/common.py", "1,000 weights", "1000 weights", False),
        (QUANTIZE, "size=64", "size=65", True),
        ("exercises/90-sample/quantize-codes/attempts.py", "rounded down", "cut off", True),
        ("lessons/90_sample.py", "weights.astype(dtype).nbytes", "weights.astype(dtype).nbytes + 0", False),
    ],
)
def test_a_verdict_is_reused_only_where_nothing_it_rests_on_has_changed(course, plant, file, old, new, is_reused):
    def key():
        return next(task.key for task in tasks_of(course, "90-sample") if task.item == "size-table")

    before = key()
    plant(file, old, new)
    assert (key() == before) is is_reused


def test_a_second_run_reuses_verdicts_and_a_fresh_one_does_not(course, monkeypatch):
    ran = []
    monkeypatch.setattr(
        "quizlib.verify.parallel._run_all", lambda tasks, workers: ((t, _counted(ran, t)) for t in tasks)
    )
    first = verify(course)
    assert len(ran) == 5
    second = verify(course)
    assert len(ran) == 5
    assert verify(course, fresh=True).to_json() != {}
    assert len(ran) == 10
    assert second.to_json() == first.to_json()


def _counted(ran, task):
    ran.append(task)
    return run(task)


def test_a_verdict_with_problems_is_never_reused(course, plant, monkeypatch):
    plant("questions/90_sample.yaml", "key: 4000", "key: 4096")
    monkeypatch.setattr("quizlib.verify.parallel._run_all", lambda tasks, workers: ((t, run(t)) for t in tasks))
    assert not verify(course).ok
    assert not verify(course).ok


def test_single_items_are_verified_alone(course, tmp_path):
    arguments = ["verify", "--solutions", str(course), "--only", "size-table", "--json", str(tmp_path / "one.json")]
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 0, found.output
    lesson = json.loads((tmp_path / "one.json").read_text())["lessons"]["90-sample"]
    assert (lesson["exercises"]["total"], lesson["questions"]["total"]) == (1, 0)


@pytest.mark.parametrize("option", [[], ["--probes"]])
def test_an_unknown_item_is_one_sentence(course, option):
    found = CliRunner().invoke(app, ["verify", "--solutions", str(course), "--only", "size-tables", *option])
    assert found.exit_code == 1
    assert "there is no size-tables in these lessons; there are:" in found.output


def test_probes_are_shown_and_nothing_is_verified(course):
    found = CliRunner().invoke(app, ["verify", "--solutions", str(course), "--probes", "--only", "quantize-codes"])
    assert found.exit_code == 0, found.output
    rows = [line.split() for line in found.output.splitlines()]
    assert ["quantize-codes", "parameter", "scale", "2", "3"] in rows
    assert "proved" not in found.output


def test_full_run_passes_counts_every_mutant_and_lets_the_lesson_be_published(course, tmp_path):
    found = CliRunner().invoke(app, ["verify", "90-sample", "--solutions", str(course), "--full"])
    assert found.exit_code == 0, found.output
    assert "(e) nothing done" in found.output
    assert CliRunner().invoke(app, ["release", "--publish", "--solutions", str(course)]).exit_code == 0
    assert (course / "revisions.json").is_file()


def test_survivor_fails_the_command_and_is_shown_with_its_diff(course, plant):
    plant(
        QUANTIZE, "np.array([0.125, 0.26, 0.375, -0.375], dtype=np.float32), 0.25", "np.ones(2, dtype=np.float32), 0.5"
    )
    found = CliRunner().invoke(app, ["verify", "--solutions", str(course), "--full", "--only", "quantize-codes"])
    assert found.exit_code == 1
    assert "a mutant keeps all points in grading (c: " in found.output
    assert "\n    +    nearest_codes = np.floor(x / scale + 0.5)\n" in found.output
