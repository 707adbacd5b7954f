import zipfile

import pytest

from quizlib.verify.exercises import judge_all, named
from quizlib.verify.kept import keep_evidence, kept_evidence
from quizlib.verify.tasks import run, taken_evidence, tasks_of
from tests.authoring.own_facts import write


@pytest.fixture
def task(course):
    return next(task for task in tasks_of(course, "90-sample") if task.item == "quantize-codes")


@pytest.fixture
def taken(task):
    return taken_evidence(task)


@pytest.fixture
def run_again(monkeypatch):
    """Count how often an exercise is run."""
    calls = []

    def counted(subject):
        calls.append(subject)
        raise RuntimeError("run again")

    monkeypatch.setattr("quizlib.verify.tasks.run_exercise", counted)
    return calls


def test_what_verify_took_is_judged_again_with_the_same_result(task, taken, run_again):
    subject, ran = taken
    keep_evidence(task.evidence, task.key, ran)
    kept = taken_evidence(task)[1]

    assert run_again == []
    assert [(one.label, len(one.evidence)) for one in kept] == [(one.label, len(one.evidence)) for one in ran]
    assert [named(one) for one in kept[2:]] == [named(one) for one in ran[2:]]
    assert judge_all(subject, kept) == judge_all(subject, ran)


def test_verifying_an_exercise_keeps_its_evidence_and_nothing_else_beside_the_reports(task):
    assert run(task).problems == []

    assert [path.name for path in task.evidence.parent.iterdir()] == ["90-sample.quantize-codes.zip"]
    assert taken_evidence(task)[1][0].label == "solution"


def test_evidence_of_an_exercise_with_a_problem_is_not_kept(course, plant):
    plant("exercises/90-sample/quantize-codes/spec.py", "np.rint(", "np.floor(")
    task = next(task for task in tasks_of(course, "90-sample") if task.item == "quantize-codes")

    assert run(task).problems != []
    assert not task.evidence.exists()


def test_kept_evidence_is_judged_with_the_facts_of_the_course(course):
    write(course)
    task = next(task for task in tasks_of(course, "90-sample") if task.item == "quantize-codes")
    assert run(task).problems == []

    subject, kept = taken_evidence(task)
    assert list(subject.spec.facts) == ["spread"]
    assert all(sheet.facts == subject.spec.facts for one in kept for sheet, _ in one.evidence)


def test_evidence_of_another_key_is_none_and_is_replaced(task, taken):
    subject, ran = taken
    keep_evidence(task.evidence, "an older key", ran)
    assert kept_evidence(task.evidence, task.key, subject) is None
    keep_evidence(task.evidence, task.key, ran)

    assert kept_evidence(task.evidence, "an older key", subject) is None
    assert kept_evidence(task.evidence, task.key, subject) is not None


def test_evidence_that_was_never_kept_is_none(task, taken):
    assert kept_evidence(task.evidence, task.key, taken[0]) is None


def _cut(path):
    path.write_bytes(path.read_bytes()[:-200])


def _spoil(path):
    """Change a byte in the middle of what the largest file holds; one in a head may say nothing, such as its date."""
    with zipfile.ZipFile(path) as packed:
        largest = max(packed.infolist(), key=lambda entry: entry.compress_size)
    content = bytearray(path.read_bytes())
    content[largest.header_offset + 30 + len(largest.filename) + largest.compress_size // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def _without_last(path):
    with zipfile.ZipFile(path) as packed:
        files, comment = {name: packed.read(name) for name in packed.namelist()}, packed.comment
    with zipfile.ZipFile(path, "w") as packed:
        packed.comment = comment
        for name in sorted(files)[:-1]:
            packed.writestr(name, files[name])


@pytest.mark.parametrize("damage", [_cut, _spoil, _without_last, lambda path: path.write_bytes(b"")])
def test_damaged_evidence_is_as_good_as_none(task, taken, run_again, damage):
    subject, ran = taken
    keep_evidence(task.evidence, task.key, ran)
    damage(task.evidence)

    assert kept_evidence(task.evidence, task.key, subject) is None
    with pytest.raises(RuntimeError, match="run again"):
        taken_evidence(task)
