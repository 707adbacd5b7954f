import shutil
from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.errors import SpecError
from quizlib.release.revisions import LEDGER, publish, read_ledger, unrevised

SAMPLE = Path(__file__).parent / "course"
QUANTIZE = "exercises/90-sample/quantize-codes/spec.py"


@pytest.fixture
def course(tmp_path):
    copy = shutil.copytree(SAMPLE, tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    publish(Path(copy), [read_lesson(Path(copy), "90-sample")])
    return Path(copy)


def edit(course, file, old, new):
    path = course / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return list(unrevised(read_lesson(course, "90-sample"), read_ledger(course)))


def test_what_was_published_unchanged_is_fine(course):
    assert list(unrevised(read_lesson(course, "90-sample"), read_ledger(course))) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "item"),
    [
        ("questions/90_sample.yaml", "Bits are counted, not bytes.", "Bits were counted.", "float-bytes"),
        (QUANTIZE, "Clamps to −128 … 127", "Saturates at −128 and 127", "quantize-codes"),
        (QUANTIZE, "np.array([-100.0, 100.0]", "np.array([-99.0, 100.0]", "quantize-codes"),
    ],
)
def test_an_edited_item_without_a_new_revision_is_found(course, file, old, new, item):
    assert f"{item} was edited after revision 1 was published; give it revision 2." in edit(course, file, old, new)


def test_an_edited_item_with_a_new_revision_is_fine_and_can_be_published(course):
    assert edit(course, QUANTIZE, 'response="function",', 'response="function", revision=2,') == []
    publish(course, [read_lesson(course, "90-sample")])
    assert read_ledger(course)["quantize-codes"].revision == 2


def test_a_revision_never_goes_back(course):
    edit(course, QUANTIZE, 'response="function",', 'response="function", revision=2,')
    publish(course, [read_lesson(course, "90-sample")])
    found = edit(course, QUANTIZE, "revision=2,", "revision=1,")
    assert found == ["quantize-codes has revision 1, but 2 was published; raise it."]


def test_publishing_an_unrevised_edit_is_refused_and_records_nothing(course):
    edit(course, "questions/90_sample.yaml", "Bits are counted, not bytes.", "Bits were counted.")
    before = (course / LEDGER).read_text(encoding="utf-8")
    with pytest.raises(SpecError, match="give it revision 2"):
        publish(course, [read_lesson(course, "90-sample")])
    assert (course / LEDGER).read_text(encoding="utf-8") == before


def test_a_damaged_ledger_is_one_sentence(course):
    (course / LEDGER).write_text("{", encoding="utf-8")
    with pytest.raises(SpecError, match="damaged"):
        read_ledger(course)
