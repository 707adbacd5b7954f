import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from quizlib.authoring.course import read_lesson
from quizlib.coursedir.gradebook import scripts_on_path
from quizlib.errors import ArgumentError, GradingError
from quizlib.items.released import ExerciseSheet, QuestionSheet, read_sheet
from quizlib.release.classroom import CourseReport, make_course
from quizlib.release.lesson_release import notebook_text
from quizlib.release.steps import release_notebook

from .conftest import LESSON, edit, releases

# What grading adds to these settings has its own tests.
SETTINGS = """\
from quizlib.release.steps import configure_release

c = get_config()
configure_release(c)
"""
SOURCE, RELEASE = Path("source/90-sample/90-sample.ipynb"), Path("release/90-sample/90-sample.ipynb")


@pytest.fixture(scope="module")
def made_once(derived_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(SETTINGS)
    make(folder, derived_once)
    return folder


@pytest.fixture
def course(made_once: Path, tmp_path: Path) -> Path:
    """A course of the test's own; a new gradebook takes nbgrader seconds, a copy of one does not."""
    shutil.copytree(made_once, tmp_path / "course")
    return tmp_path / "course"


def make(folder: Path, checkout: Path, *, replace_edited: bool = False) -> CourseReport:
    return make_course(folder, checkout / "solutions", lambda text: None, replace_edited=replace_edited)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def current(folder: Path) -> str:
    return str(json.loads((folder / "course.json").read_text())["current"])


def test_a_course_holds_source_release_keys_secret_and_state(course: Path) -> None:
    keys = course / "keys" / current(course)
    assert (course / SOURCE).is_file()
    assert (course / RELEASE).is_file()
    state = json.loads((course / "course.json").read_text())
    assert abs(datetime.now(UTC) - datetime.fromisoformat(state["since"].pop(keys.name))) < timedelta(minutes=10)
    assert state == {"format": 1, "current": keys.name, "releases": [keys.name], "since": {}, "corrected": {}}
    assert len(bytes.fromhex((course / "secret").read_text())) == 32
    assert stat.S_IMODE((course / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((course / "keys").stat().st_mode) == 0o700


def test_what_learners_get_has_no_key_and_the_keys_have_all(course: Path) -> None:
    released, kept = course / "release/90-sample/items", course / "keys" / current(course) / "sheets" / LESSON
    for item in ("smallest-dtype", "float-bytes"):
        given, key = read_sheet(released, item), read_sheet(kept, item)
        assert isinstance(given, QuestionSheet)
        assert isinstance(key, QuestionSheet)
        assert (given.key is None, key.key is None) == (True, False)
    exercise = read_sheet(kept, "quantize-codes")
    assert isinstance(exercise, ExerciseSheet)
    assert set(exercise.recognised) == {"floor-for-round", "not-clamped", "works-in-place"}


def test_the_lesson_can_be_read_from_the_keys_as_it_was_released(course: Path) -> None:
    lesson = read_lesson(course / "keys" / current(course) / "solutions", LESSON)
    assert set(lesson.exercises) == {"quantize-codes", "size-table"}
    assert len(lesson.attempts["quantize-codes"]) == 9


def test_the_notebook_says_class_and_the_release_it_is_judged_by(course: Path) -> None:
    assert f'flavour=\\"class\\", release=\\"{current(course)}\\"' in (course / RELEASE).read_text()


def test_the_release_is_what_nbgraders_steps_make_of_the_source(course: Path, checkout: Path) -> None:
    source = releases(checkout)[0].instructor_notebook("class", current(course))
    assert (course / SOURCE).read_text() == notebook_text(source)
    assert (course / RELEASE).read_text() == notebook_text(release_notebook(source))


def test_plain_nbgrader_makes_the_same_release(course: Path) -> None:
    ours = contents(course / "release")
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", LESSON, "--force"]
    subprocess.run(command, cwd=course, check=True, capture_output=True, env={**os.environ, "PATH": path})
    assert contents(course / "release") == ours


def test_running_it_again_changes_no_byte(course: Path, checkout: Path) -> None:
    before = contents(course)
    report = make(course, checkout)
    assert (report.released, report.unchanged) == ((), (LESSON,))
    assert contents(course) == before


def test_a_new_release_keeps_submissions_secret_settings_and_old_keys(course: Path, checkout: Path) -> None:
    for name in ("submitted/ada", "autograded/ada", "feedback/ada"):
        (course / name).mkdir(parents=True)
        (course / name / "x.ipynb").write_text("hers")
    before, old = contents(course), current(course)
    edit(checkout / "solutions/questions/90_sample.yaml", "fewest of the three.", "smallest of the three.")
    make(course, checkout)
    after = contents(course)
    untouched = ("submitted", "autograded", "feedback", "secret", "nbgrader_config.py", f"keys/{old}")
    assert {n: c for n, c in before.items() if n.startswith(untouched)} == {
        n: c for n, c in after.items() if n.startswith(untouched)
    }
    assert json.loads((course / "course.json").read_text())["releases"] == [old, current(course)]
    assert f'release=\\"{current(course)}\\"' in (course / RELEASE).read_text()


def add_lesson(folder: Path) -> None:
    text = '# %% [markdown]\n# # Own\n\n# %%\nimport quizlib\n\nquizlib.begin("91-own")\n\n# %% question: own\n'
    question = (
        "- {id: own, revision: 1, kind: number, points: 1, objective: Count., difficulty: 1, stem: How many, key: 3,"
        " hints: [Count.], rationale: There are three., source: A count}\n"
    )
    for name, content in (("lessons/91_own.py", text), ("questions/91_own.yaml", question)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)


def test_lessons_of_ones_own_belong_to_the_course_and_leave_the_others_alone(course: Path, checkout: Path) -> None:
    before = contents(course / "source" / LESSON)
    add_lesson(course / "items")
    report = make(course, checkout)
    assert (report.released, report.unchanged) == (("91-own",), (LESSON,))
    assert (course / "release/91-own/91-own.ipynb").is_file()
    assert contents(course / "source" / LESSON) == before
    sheets = course / "keys" / current(course) / "sheets"
    assert (sheets / LESSON / "size-table.json").is_file()
    assert (sheets / "91-own/own.json").is_file()


def test_a_notebook_that_the_instructor_edited_is_not_overwritten_unasked(course: Path, checkout: Path) -> None:
    edit(course / SOURCE, "A dtype fixes", "In our class a dtype fixes")
    mine = (course / SOURCE).read_bytes()
    assert make(course, checkout).unchanged == (LESSON,)
    edit(checkout / "solutions/lessons/90_sample.py", "## Summary", "## In short")
    with pytest.raises(GradingError, match="was edited since it was released"):
        make(course, checkout)
    assert (course / SOURCE).read_bytes() == mine


def test_asked_to_replace_it_the_course_keeps_the_edited_notebook_aside(course: Path, checkout: Path) -> None:
    edit(course / SOURCE, "A dtype fixes", "In our class a dtype fixes")
    mine = (course / SOURCE).read_bytes()
    edit(checkout / "solutions/lessons/90_sample.py", "## Summary", "## In short")
    report = make(course, checkout, replace_edited=True)
    assert [path.read_bytes() for path in report.replaced] == [mine]
    assert "In short" in (course / SOURCE).read_text()


def test_a_run_that_was_interrupted_is_finished_by_the_next(course: Path, checkout: Path) -> None:
    old = (course / "course.json").read_bytes()
    edit(checkout / "solutions/lessons/90_sample.py", "## Summary", "## In short")
    make(course, checkout)
    finished = contents(course / "release")
    (course / "course.json").write_bytes(old)
    (course / RELEASE).write_text("half")
    make(course, checkout)
    assert contents(course / "release") == finished


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's, on SQLAlchemy 2.1
def test_a_lesson_with_submissions_keeps_its_items(course: Path, checkout: Path) -> None:
    with scripts_on_path(), Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(LESSON, "ada")
    edit(checkout / "solutions/lessons/90_sample.py", "# %% question: float-bytes\n", "")
    questions = checkout / "solutions/questions/90_sample.yaml"
    questions.write_text(questions.read_text().split("- id: float-bytes")[0])
    before = contents(course)
    with pytest.raises(GradingError, match=r"1 submissions .* adds or removes float-bytes"):
        make(course, checkout)
    assert {n: c for n, c in contents(course).items() if n != "gradebook.db"} == {
        n: c for n, c in before.items() if n != "gradebook.db"
    }


def test_a_broken_settings_file_is_one_sentence(course: Path, checkout: Path) -> None:
    (course / "nbgrader_config.py").write_text("1 / 0")
    (course / RELEASE).unlink()
    with pytest.raises(GradingError, match=r"nbgrader_config.py fails: ZeroDivisionError"):
        make(course, checkout)


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 9, "releases": []}'])
def test_a_damaged_state_is_one_sentence(course: Path, checkout: Path, damage: str) -> None:
    (course / "course.json").write_text(damage)
    with pytest.raises(GradingError, match=r"course\.json"):
        make(course, checkout)


def gradebook_lessons(url: str) -> list[str]:
    with Gradebook(url) as gradebook:
        return [assignment.name for assignment in gradebook.assignments]


def test_a_gradebook_that_is_moved_learns_of_the_lessons_that_are_out_already(course: Path, checkout: Path) -> None:
    edit(course / SOURCE, "A dtype fixes", "In our class a dtype fixes")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.db_url = 'sqlite:///moved.db'\n")
    report = make(course, checkout)
    assert (report.released, report.unchanged) == ((LESSON,), ())
    assert gradebook_lessons(f"sqlite:///{course / 'moved.db'}") == [LESSON]
    assert "In our class a dtype fixes" in (course / RELEASE).read_text()
    assert make(course, checkout).unchanged == (LESSON,)


def test_a_gradebook_that_cannot_be_opened_is_one_sentence_without_its_password(course: Path, checkout: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.db_url = 'nosuch://ada:hidden@host/grades'\n")
    with pytest.raises(GradingError, match=r"the gradebook nosuch://ada:\*\*\*@host/grades cannot be opened"):
        make(course, checkout)


def test_a_new_course_is_called_after_its_folder_or_as_asked(course: Path, checkout: Path) -> None:
    (course / "nbgrader_config.py").unlink()
    shutil.copytree(course, course.with_name("spring 2026"))
    make(course.with_name("spring 2026"), checkout)
    assert (
        '\nc.CourseDirectory.course_id = "spring-2026"\n'
        in (course.with_name("spring 2026") / "nbgrader_config.py").read_text()
    )
    report = make_course(course, checkout / "solutions", lambda text: None, course_id="serving")
    assert report.course.settings.course_id == "serving"


def test_the_id_of_a_course_that_has_one_is_changed_in_its_settings_only(course: Path, checkout: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.course_id = 'autumn'\n")
    before = contents(course)
    with pytest.raises(GradingError, match=r"has the course id 'autumn' already; to change it, set c\.CourseDirectory"):
        make_course(course, checkout / "solutions", lambda text: None, course_id="spring")
    assert contents(course) == before


def test_an_id_that_is_no_name_of_a_folder_is_refused_before_anything_is_made(tmp_path: Path, checkout: Path) -> None:
    with pytest.raises(ArgumentError, match=r"the course id is 'a/b'"):
        make_course(tmp_path / "new", checkout / "solutions", lambda text: None, course_id="a/b")
    assert not (tmp_path / "new").exists()
