import json
from pathlib import Path

import pytest
import yaml

from quizlib.authoring.course import read_course
from quizlib.errors import SpecError
from quizlib.items.released import ExerciseSheet, QuestionSheet, read_sheet
from quizlib.release.derive import update
from quizlib.release.lesson_release import LessonRelease, course_release_id

from .conftest import edit, releases


def test_the_listing_names_every_item_with_number_kind_points_and_revision(derived_once: Path) -> None:
    listing = json.loads((derived_once / "notebooks/90-sample/items/lesson.json").read_text())
    assert [tuple(item.values()) for item in listing["items"]] == [
        ("smallest-dtype", "90.1", "one", 1, 1),
        ("float-bytes", "90.2", "number", 2, 1),
        ("quantize-codes", "90.1", "function", 5, 1),
        ("size-table", "90.2", "value", 2, 1),
    ]
    assert {tuple(item) for item in listing["items"]} == {("id", "number", "kind", "points", "revision")}
    head = {name: listing[name] for name in ("format", "lesson", "title", "flavour", "points")}
    assert head == {
        "format": 1,
        "lesson": "90-sample",
        "title": "Sample: codes and bytes",
        "flavour": "self-study",
        "points": 10,
    }


def test_the_notebook_and_the_listing_name_the_same_release(derived_once: Path) -> None:
    release = json.loads((derived_once / "notebooks/90-sample/items/lesson.json").read_text())["release"]
    assert f'release=\\"{release}\\"' in (derived_once / "notebooks/90-sample/90-sample.ipynb").read_text()


def test_self_study_sheets_have_keys_and_results_of_first_variants(derived_once: Path) -> None:
    items = derived_once / "notebooks/90-sample/items"
    question, exercise = read_sheet(items, "smallest-dtype"), read_sheet(items, "quantize-codes")
    assert isinstance(question, QuestionSheet)
    assert question.key is not None
    assert isinstance(exercise, ExerciseSheet)
    assert {name: len(attempts) for name, attempts in exercise.recognised.items()} == {
        "floor-for-round": 1,
        "not-clamped": 1,
        "works-in-place": 1,
    }
    assert set(exercise.answers) == exercise.public


def test_sheets_have_the_numbers_that_the_notebook_shows(derived_once: Path) -> None:
    lesson = derived_once / "notebooks/90-sample"
    text = (lesson / "90-sample.ipynb").read_text(encoding="utf-8")
    titles = {path.stem: read_sheet(path.parent, path.stem).title for path in lesson.glob("items/*-*.json")}
    assert titles == {
        "smallest-dtype": "Question 90.1",
        "float-bytes": "Question 90.2",
        "quantize-codes": "Exercise 90.1 · Round to codes",
        "size-table": "Exercise 90.2 · Count the bytes",
    }
    assert [title for title in titles.values() if f"# {title} (" not in text] == []


def test_numbers_follow_the_text_and_not_the_order_in_which_items_are_written(checkout: Path) -> None:
    path = checkout / "solutions/questions/90_sample.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(entries[::-1], allow_unicode=True), encoding="utf-8")
    titles = {sheet.question.id: sheet.title for sheet in releases(checkout)[0].sheets if hasattr(sheet, "question")}
    assert titles == {"smallest-dtype": "Question 90.1", "float-bytes": "Question 90.2"}


def test_the_listing_follows_the_text_and_another_place_changes_no_sheet(derived: Path) -> None:
    text = derived / "solutions/lessons/90_sample.py"
    first, second = "# %% question: smallest-dtype\n", "# %% question: float-bytes\n"
    edit(text, f"{first}\n{second}", f"{second}\n{first}")
    changed = {change.path.as_posix() for change in update(releases(derived), derived, all_lessons=True)}
    assert {path.rpartition("/")[2] for path in changed} == {"90-sample.ipynb", "lesson.json"}
    listing = json.loads((derived / "notebooks/90-sample/items/lesson.json").read_text())
    assert [item["id"] for item in listing["items"]][:2] == ["float-bytes", "smallest-dtype"]
    assert read_sheet(derived / "notebooks/90-sample/items", "smallest-dtype").title == "Question 90.2"


def test_class_sheets_have_no_key(checkout: Path, tmp_path: Path) -> None:
    releases(checkout)[0].write_learner(tmp_path / "class", "class", "r1")
    question = read_sheet(tmp_path / "class" / "items", "smallest-dtype")
    assert isinstance(question, QuestionSheet)
    assert question.key is None


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("lessons/90_sample.py", "np.clip(nearest_codes, -128, 127)", "np.clip(nearest_codes, -127, 127)"),
        ("lessons/90_sample.py", "A dtype fixes", "The dtype fixes"),
        ("questions/90_sample.yaml", "rationale: A float32 takes", "rationale: One float32 takes"),
        (
            "exercises/90-sample/quantize-codes/spec.py",
            "generator.uniform(100.0, 200.0",
            "generator.uniform(100.0, 300.0",
        ),
        ("exercises/90-sample/size-table/attempts.py", "32 * weights.size", "weights.size * 32"),
    ],
)
def test_an_edit_of_anything_released_changes_the_release(checkout: Path, file: str, before: str, after: str) -> None:
    one = releases(checkout)[0].id
    edit(checkout / "solutions" / file, before, after)
    assert releases(checkout)[0].id != one


def test_the_release_id_is_the_same_wherever_the_course_lies(checkout: Path, derived_once: Path) -> None:
    assert releases(checkout)[0].id == releases(derived_once)[0].id


def test_a_class_release_has_an_id_of_its_own(checkout: Path) -> None:
    made = releases(checkout)
    assert course_release_id(made) != made[0].id


def test_two_lessons_may_not_share_an_item(checkout: Path) -> None:
    solutions = checkout / "solutions"
    (solutions / "lessons/91_other.py").write_text("# %% [markdown]\n# # Other\n")
    (solutions / "questions/91_other.yaml").write_text((solutions / "questions/90_sample.yaml").read_text())
    with pytest.raises(SpecError, match="smallest-dtype is an item of 90-sample and of 91-other"):
        read_course(solutions)


def test_two_folders_may_not_hold_lessons_of_the_same_id(checkout: Path) -> None:
    with pytest.raises(SpecError, match="two lessons are called 90-sample"):
        read_course(checkout / "solutions", checkout / "solutions")


def test_a_lesson_without_a_title_is_refused(checkout: Path) -> None:
    edit(checkout / "solutions/lessons/90_sample.py", "# # Sample: codes and bytes", "# Sample: codes and bytes")
    with pytest.raises(SpecError, match="headed `# Title`"):
        _ = LessonRelease(read_course(checkout / "solutions")[0]).title


def test_list_of_accepted_mutants_changes_no_release_and_reaches_none(derived: Path) -> None:
    before = [one.id for one in releases(derived)]
    text = "- diff: |\n    @@\n    -a\n    +CANARY-of-a-diff\n  reason: Equal.\n  kind: equivalent\n"
    (derived / "solutions/exercises/90-sample/quantize-codes/mutants.yaml").write_text(text, encoding="utf-8")

    assert [one.id for one in releases(derived)] == before
    assert update(releases(derived), derived, all_lessons=True) == []
    written = [path for folder in ("notebooks", "solutions/notebooks") for path in (derived / folder).rglob("*")]
    assert not [path for path in written if path.is_file() and b"CANARY-of-a-diff" in path.read_bytes()]
