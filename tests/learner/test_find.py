import json
import shutil
import sys
from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from quizlib.errors import ArgumentError, UnknownItemError
from quizlib.items.released import QuestionSheet
from quizlib.learner import find
from quizlib.learner.find import course_folder, figure_texts, find_sheet, other_release
from quizlib.learner.front import begin, check
from quizlib.learner.session import Session, notebook_folder
from quizlib.zoo.figures import described


def session(folder, flavour="self-study", release="r1"):
    return Session("90-sample", flavour, release, folder)


@pytest.fixture
def told(releases, tmp_path):
    """A folder of the sample lesson, and one of the package, whose listings tell a figure differently."""
    for place, text in (("beside", "A staircase."), ("package/90-sample", "Stairs.")):
        items = tmp_path / place / "items"
        shutil.copytree(releases / "self-study" / "90-sample" / "items", items)
        listing = json.loads((items / "lesson.json").read_text())
        (items / "lesson.json").write_text(json.dumps({**listing, "figures": {"codes": text}}))
    return tmp_path


def test_the_texts_of_figures_are_those_beside_the_notebook(told):
    assert figure_texts(session(told / "beside")) == {"codes": "A staircase."}


def test_a_lone_notebook_finds_the_texts_of_its_figures_in_the_package(told, monkeypatch):
    monkeypatch.setattr(find, "course_folder", lambda: told / "package")
    assert figure_texts(session(told)) == {"codes": "Stairs."}


def test_the_texts_of_another_lesson_are_not_taken(told, monkeypatch):
    monkeypatch.setattr(find, "course_folder", lambda: told / "package")
    assert figure_texts(Session("91-other", "self-study", "r1", told / "beside")) == {}


def test_begin_tells_the_figures_of_the_notebook(told, monkeypatch):
    monkeypatch.chdir(told / "beside")
    begin("90-sample", release="r1")
    assert repr(described(Figure(), "codes")) == "A staircase."


def test_items_are_found_beside_the_notebook(releases):
    sheet = find_sheet("smallest-dtype", session(releases / "self-study" / "90-sample"))

    assert isinstance(sheet, QuestionSheet)
    assert sheet.key.answer == "C"


def test_lone_notebook_finds_its_items_in_the_package(package, tmp_path):
    assert find_sheet("smallest-dtype", session(tmp_path)).key.answer == "C"
    assert find_sheet("quantize-codes", session(tmp_path)).exercise.points == 5


def test_items_beside_the_notebook_go_before_the_package(package, releases):
    sheet = find_sheet("smallest-dtype", session(releases / "class" / "90-sample"))

    assert sheet.key is None


@pytest.mark.parametrize("where", ["beside", "package"])
def test_class_flavour_never_finds_a_key_even_where_one_lies(package, releases, tmp_path, where):
    folder = releases / "self-study" / "90-sample" if where == "beside" else tmp_path

    assert find_sheet("smallest-dtype", session(folder, "class")).key is None


def test_check_finds_its_items_after_the_learner_changed_directory(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert check("smallest-dtype", "C").status == "correct"


@pytest.mark.parametrize("item", ["quantise-codes", "quantize_codes", "Quantize-Codes", "quantize-code"])
def test_misspelt_id_is_met_with_the_right_one(releases, item):
    with pytest.raises(UnknownItemError, match=f"called '{item}'; did you mean 'quantize-codes'"):
        find_sheet(item, session(releases / "self-study" / "90-sample"))


def test_id_like_no_other_is_told_how_many_there_are(package, tmp_path):
    with pytest.raises(UnknownItemError, match="called 'zzz'; 4 are known here"):
        find_sheet("zzz", session(tmp_path))


def test_unknown_id_names_the_missing_items_folder(package, tmp_path, releases):
    with pytest.raises(UnknownItemError, match="The folder 'items' is not beside this notebook"):
        find_sheet("zzz", session(tmp_path))
    with pytest.raises(UnknownItemError) as caught:
        find_sheet("zzz", session(releases / "self-study" / "90-sample"))
    assert "beside" not in str(caught.value)


@pytest.mark.parametrize("item", ["lesson", "../items/smallest-dtype", "", "a/b"])
def test_what_is_no_id_is_not_read_from_disk(releases, item):
    with pytest.raises(UnknownItemError):
        find_sheet(item, session(releases / "self-study" / "90-sample"))


def test_swapped_arguments_are_told_which_comes_first(tmp_path):
    with pytest.raises(ArgumentError, match=r"comes first, in quotes.*found function quantize_codes\.$"):
        find_sheet(named("quantize_codes"), session(tmp_path))


def named(name):
    def function():
        return None

    function.__name__ = name
    return function


def test_course_folder_is_inside_the_package_or_beside_it():
    assert course_folder().name in ("course", "notebooks")


def test_data_of_the_same_release_is_not_remarked_on(study, capsys):
    assert capsys.readouterr().out == ""


def test_data_of_another_release_is_remarked_on_once_at_begin(releases, monkeypatch, capsys):
    monkeypatch.chdir(releases / "self-study" / "90-sample")

    begin("90-sample", release="r2")
    check("smallest-dtype", "C")

    said = capsys.readouterr().out
    assert said.count("this notebook is of release r2, and the data found for it of release r1") == 1


def test_data_of_another_release_in_the_package_is_remarked_on_in_self_study_only(package, tmp_path):
    assert other_release(session(tmp_path, release="r2")) == "r1"
    assert other_release(session(tmp_path, "class", "r2")) is None


def test_an_item_has_the_number_that_the_lesson_beside_the_notebook_lists(releases, tmp_path):
    shutil.copytree(releases / "self-study" / "90-sample", tmp_path / "lesson")
    listed = '{"items": [{"id": "size-table", "number": "90.2"}]}'
    (tmp_path / "lesson" / "items" / "lesson.json").write_text(listed)

    titles = [find_sheet(item, session(tmp_path / "lesson")).title for item in ("size-table", "quantize-codes")]
    assert titles == ["Exercise 90.2 · Count the bytes", "Round to codes"]


def test_damaged_description_of_a_lesson_is_no_other_release(releases, tmp_path):
    shutil.copytree(releases / "self-study" / "90-sample", tmp_path / "lesson")
    (tmp_path / "lesson" / "items" / "lesson.json").write_text("not JSON")

    assert other_release(session(tmp_path / "lesson", release="r2")) is None


def test_notebook_folder_is_the_one_that_vs_code_names(monkeypatch, tmp_path):
    shell = SimpleNamespace(user_ns={"__vsc_ipynb_file__": str(tmp_path / "lessons" / "90-sample.ipynb")})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))

    assert notebook_folder() == tmp_path / "lessons"


def test_notebook_folder_is_where_the_kernel_started(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert notebook_folder() == tmp_path
