"""A corrected key reaches everybody, whoever claims what, and the preview names exactly those who change."""

import hashlib
import json
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from quizlib.coursedir.course import Course
from quizlib.errors import SpecError
from quizlib.grading.admission.admit import Admission, admit
from quizlib.grading.batch.grade import grade
from quizlib.grading.batch.regrade import newer_keys, preview_keys, regrade
from quizlib.grading.batch.report import correction_table, status
from quizlib.grading.kept import LISTING, read_kept
from quizlib.grading.record import read_record
from quizlib.release.classroom import make_course
from tests.grading.batch.test_report import shown
from tests.grading.conftest import LESSON, cell, hand_in, nbgrader, read, scores

pytestmark = pytest.mark.grading

CLASS = ["ada", "bob", "eve"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory, template):
    """A course where ada answers everything as the key has it, bob says 1,000 bytes, and eve left it all blank."""
    folder = tmp_path_factory.mktemp("judged") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    hand_in(course, "ada", read(course, "source"))
    bob = read(course, "source")
    cell(bob, "float-bytes-answer").source = "float_bytes = 1000"
    hand_in(course, "bob", bob)
    hand_in(course, "eve", read(course, "release"))
    grade(course, LESSON, CLASS, isolation="none", workers=2)
    return folder


@pytest.fixture
def graded(tmp_path, judged):
    """A copy of it."""
    shutil.copytree(judged, tmp_path / "course")
    return Course.at(tmp_path / "course")


def corrected(course, solutions, tmp_path, place, *changes):
    """Bring a course whose `place` is changed, and return it as the next command finds it."""
    written = tmp_path / "corrected"
    if not written.exists():
        shutil.copytree(solutions, written)
    text = (written / place).read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (written / place).write_text(text)
    make_course(course.root, written, lambda told: None)
    return Course.at(course.root)


QUESTIONS = "questions/90_sample.yaml"
BYTES_IN_A_THOUSAND = [
    ("- id: float-bytes\n  revision: 1", "- id: float-bytes\n  revision: 2"),
    ("key: 4000", "key: 1000"),
    ("    - value: 1000\n", "    - value: 4000\n"),
]
"""The key of float-bytes turned round: bob is right now, and ada is not."""


OWN = """\
# ---
# about: a question of the instructor's own
# ---

# %% [markdown]
# # Own

# %%
import quizlib
from quizlib import check

quizlib.begin("91-own")

# %% question: own-bytes
"""


def no_execution(course):
    """Let every execution of this course end in nothing."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.ExecuteSubmission.total_timeout = 0\n")
    return Course.at(course.root)


def held(course, student):
    with Gradebook(course.settings.db_url) as gradebook:
        return gradebook.find_submission(LESSON, student).score


def page(course, student):
    return (course.feedback(student, LESSON) / f"{LESSON}.html").read_text()


def content(course):
    files = [path for path in sorted(course.root.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {path.relative_to(course.root): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def preview(course, *items):
    return preview_keys(course, LESSON, CLASS, items, isolation="none", workers=2)


def test_a_corrected_key_changes_exactly_those_whom_the_preview_names(graded, solutions, tmp_path):
    course = no_execution(corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND))
    results = grade(course, LESSON, CLASS, isolation="none")
    assert not any(result.is_new for result in results), "a new release changes no grade"
    assert [newer_keys(course, result.record) for result in results] == [["float-bytes"]] * 3

    before = content(course)
    found = preview(course)
    assert {one.student: one.changes for one in found} == {
        "ada": ["float-bytes 2 → 0"],
        "bob": ["float-bytes 0 → 2"],
        "eve": [],
    }
    assert all(one.executed == () for one in found)
    assert "2 of 3 would change" in shown(correction_table(LESSON, found))
    assert content(course) == before

    results = regrade(course, LESSON, found, isolation="none", workers=2)
    course = Course.at(course.root)
    assert [result.is_new for result in results] == [True, True, False]
    assert [held(course, student) for student in CLASS] == [8, 10, 0]
    assert [result.marks.final for result in results] == [8, 10, 0]
    assert scores(read_record(course, "bob", LESSON))["float-bytes"] == 2
    assert "Score: 8.0 / 10.0" in page(course, "ada")
    assert "Score: 10.0 / 10.0" in page(course, "bob")
    assert preview(course) == []
    assert not any(result.is_new for result in grade(course, LESSON, CLASS, isolation="none"))


def test_an_old_release_that_is_claimed_no_longer_evades_a_corrected_key(graded, solutions, tmp_path):
    old = graded.current_release
    course = corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND)
    assert course.judging_release(old, LESSON, "float-bytes") == old
    regrade(course, LESSON, preview(course), isolation="none")
    course = Course.at(course.root)
    assert course.judging_release(old, LESSON, "float-bytes") == course.current_release
    assert course.judging_release(old, LESSON, "size-table") == old, "what was not corrected stays as it was released"
    late = read(graded, "source")
    assert any(course.current_release in one.source for one in late.cells)
    for one in late.cells:
        one.source = one.source.replace(course.current_release, old)
    hand_in(course, "zoe", late)
    [zoe] = grade(course, LESSON, ["zoe"], isolation="none")
    assert (zoe.record.notebooks[0].release, scores(zoe.record)["float-bytes"]) == (old, 2)


def test_a_person_s_mark_outlives_a_corrected_key(graded, solutions, tmp_path):
    with Gradebook(graded.settings.db_url) as gradebook:
        gradebook.find_grade("size-table", LESSON, LESSON, "ada").manual_score = 0.5
        gradebook.db.commit()
    course = corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND)
    regrade(course, LESSON, preview(course), isolation="none")
    assert held(course, "ada") == 1 + 5 + 0.5


def test_a_key_that_asks_other_probes_is_executed_again_and_said_to_be(graded, solutions, tmp_path):
    spec = f"exercises/{LESSON}/quantize-codes/spec.py"
    course = corrected(
        graded,
        solutions,
        tmp_path,
        spec,
        ("generator.normal(size=64)", "generator.normal(size=32)"),
        ("points=2, dtype=True", "points=3, dtype=True"),
        ('"Clamps to −128 … 127", points=2', '"Clamps to −128 … 127", points=1'),
    )
    found = preview(course)
    assert {one.student: one.executed for one in found} == dict.fromkeys(CLASS, ("quantize-codes",))
    assert not any(one.changes for one in found), "nobody loses by it"
    regrade(course, LESSON, found, isolation="none")
    assert preview(Course.at(course.root)) == []


def test_what_is_not_kept_is_executed_again(graded, solutions, tmp_path):
    shutil.rmtree(graded.root / "evidence" / "bob")
    course = corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND)
    found = {one.student: one for one in preview(course)}
    assert (found["ada"].executed, found["bob"].executed) == ((), ("float-bytes",))
    assert found["bob"].changes == ["float-bytes 0 → 2"]
    regrade(course, LESSON, list(found.values()), isolation="none")
    assert held(course, "bob") == 10
    assert read_kept(course.evidence("bob", LESSON, LESSON)) is not None


def test_what_fails_over_one_student_is_that_students_problem(graded, solutions, tmp_path, monkeypatch):
    def is_settled(course, lesson, student):
        if student == "bob":
            raise OSError(36, "File name too long")
        return True

    monkeypatch.setattr("quizlib.grading.batch.regrade.is_settled", is_settled)
    course = corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND)
    ada, bob, _ = preview(course)
    assert (ada.changes, ada.problem) == (["float-bytes 2 → 0"], "")
    assert (bob.after, bob.problem) == (None, "OSError: [Errno 36] File name too long")


def test_one_item_alone_can_be_judged_again(graded, solutions, tmp_path):
    corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND)
    swapped = [
        ("- id: smallest-dtype\n  revision: 1", "- id: smallest-dtype\n  revision: 2"),
        ("Compare the bytes", "Compare all bytes"),
    ]
    course = corrected(graded, solutions, tmp_path, QUESTIONS, *swapped)
    assert newer_keys(course, read_record(course, "ada", LESSON)) == ["smallest-dtype", "float-bytes"]
    found = preview(course, "smallest-dtype")
    assert [one.items for one in found] == [("smallest-dtype",)] * 3
    regrade(course, LESSON, found, isolation="none")
    course = Course.at(course.root)
    assert newer_keys(course, read_record(course, "ada", LESSON)) == ["float-bytes"]
    assert held(course, "ada") == 10


def test_evidence_is_its_owners_alone(course):
    hand_in(course, "ada", read(course, "source"))
    nbgrader(course, "autograde", LESSON)
    folder = course.evidence("ada", LESSON, LESSON)
    assert set(read_kept(folder).items) == {"smallest-dtype", "float-bytes", "quantize-codes", "size-table"}
    assert [path.stat().st_mode & 0o077 for path in (course.root / "evidence", folder)] == [0, 0]
    assert (folder / LISTING).is_file()


def test_of_evidence_beyond_the_cap_nothing_is_kept(course):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("import quizlib.grading.execution.keeping\nquizlib.grading.execution.keeping.MAX_BYTES = 1_000\n")
    hand_in(course, "ada", read(course, "source"))
    nbgrader(course, "autograde", LESSON)
    folder = course.evidence("ada", LESSON, LESSON)
    kept = read_kept(folder)
    assert "quantize-codes" not in kept.items
    assert "float-bytes" in kept.items
    assert sum(path.stat().st_size for path in folder.iterdir() if path.name != LISTING) <= 1_000


def test_a_release_that_was_not_out_yet_is_not_believed(graded, solutions, tmp_path):
    old = graded.current_release
    course = corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND)
    state = json.loads((course.root / "course.json").read_text())
    state["since"][old] = "2027-01-01T00:00:00+00:00"
    (course.root / "course.json").write_text(json.dumps(state))
    course = Course.at(course.root)
    notebook = read(course, "source")
    for one in notebook.cells:
        one.source = one.source.replace(course.current_release, old)
    path = hand_in(course, "zoe", notebook)
    stamp = path.parent / "timestamp.txt"
    for told, release in (("2026-12-31", course.current_release), ("2027-01-02", old), ("no date", old)):
        stamp.write_text(f"{told} 00:00:00 UTC")
        assert Admission.of(admit(course, "zoe", LESSON, LESSON)).release == release


def test_an_instructors_own_key_that_changes_needs_a_new_revision(course, solutions):
    own = course.items
    for part in ("lessons", "questions", "proofs"):
        (own / part).mkdir(exist_ok=True)
    (own / "lessons" / "91_own.py").write_text(OWN)
    text = (solutions / "questions" / "90_sample.yaml").read_text()
    own_question = "- id: own-bytes" + text.partition("- id: float-bytes")[2]
    (own / "questions" / "91_own.yaml").write_text(own_question)
    make_course(course.root, solutions, lambda told: None)
    (own / "questions" / "91_own.yaml").write_text(own_question.replace("key: 4000", "key: 4001"))
    before = course.root.joinpath("course.json").read_text()
    with pytest.raises(SpecError, match="own-bytes was edited after revision 1 was published; give it revision 2"):
        make_course(course.root, solutions, lambda told: None)
    assert course.root.joinpath("course.json").read_text() == before
    (own / "questions" / "91_own.yaml").write_text(
        own_question.replace("key: 4000", "key: 4001").replace("revision: 1", "revision: 2")
    )
    make_course(course.root, solutions, lambda told: None)
    assert nbformat.read(course.source("91-own") / "91-own.ipynb", as_version=4).cells


def test_an_item_that_ends_the_judge_stays_as_it_was_and_the_others_are_corrected(
    graded, solutions, tmp_path, monkeypatch
):
    course = corrected(graded, solutions, tmp_path, QUESTIONS, *BYTES_IN_A_THOUSAND)
    table = f"exercises/{LESSON}/size-table/spec.py"
    course = corrected(course, solutions, tmp_path, table, ("Bytes as int8", "Bytes as codes of 8 bits"))
    with monkeypatch.context() as patched:
        patched.setattr("quizlib.grading.batch.pool.WORKER", "tests.grading.fragile_worker")
        [ada] = preview_keys(course, LESSON, ["ada"], (), isolation="none")
        assert (ada.changes, ada.executed) == (["float-bytes 2 → 0"], ())
        assert "size-table could not be judged (the judge failed twice" in ada.problem
        assert "size-table could" in shown(correction_table(LESSON, [ada]))
        [result] = regrade(course, LESSON, [ada], isolation="none")
    assert status(result) == "infrastructure"
    assert scores(result.record) == {"smallest-dtype": 1, "float-bytes": 0, "quantize-codes": 5, "size-table": 2}
    course = Course.at(course.root)
    assert newer_keys(course, read_record(course, "ada", LESSON)) == ["size-table"]
    [ada] = preview_keys(course, LESSON, ["ada"], (), isolation="none")
    assert (ada.items, ada.changes, ada.problem) == (("size-table",), [], "")
    [result] = regrade(course, LESSON, [ada], isolation="none")
    assert (status(result), newer_keys(course, result.record)) == ("graded", [])
