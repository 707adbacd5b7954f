import sys

import pytest

from quizlib.authoring.modules import forget_modules, load_module
from quizlib.errors import SpecError


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def roots(tmp_path):
    """Two courses whose files have the same names and other contents."""
    for root in ("first", "second"):
        write(tmp_path / root, "exercises/03-x/common.py", f"NAME = {root!r}\n")
        write(tmp_path / root, "exercises/03-x/an-item/spec.py", "from ..common import NAME\n")
    return tmp_path / "first", tmp_path / "second"


PARTS = ("exercises", "03-x", "an-item", "spec")


def test_files_of_two_courses_import_what_lies_beside_them(roots):
    first, second = (load_module(root, *PARTS) for root in roots)

    assert (first.NAME, second.NAME) == ("first", "second")
    assert first in sys.modules.values()
    assert second in sys.modules.values()


def test_a_class_is_named_by_its_place_in_the_course_wherever_that_lies(roots):
    made = "class Shared: ...\n"
    own = "from ..common import Shared\nclass Own: ...\ndef later():\n    class Inner: ...\n    return Inner\n"
    for root in roots:
        write(root, "exercises/03-x/common.py", made)
        write(root, "exercises/03-x/an-item/spec.py", own)
    first, second = (load_module(root, *PARTS) for root in roots)

    assert first.Own is not second.Own
    for module in (first, second):
        assert module.Shared.__module__ == "exercises.03-x.common"
        assert module.Own.__module__ == module.later().__module__ == "exercises.03-x.an-item.spec"


def test_a_file_is_read_anew_each_time_also_after_an_edit_of_the_same_length(roots):
    path = write(roots[0], "numbers/03_x.py", "VALUE = 1\n")
    assert load_module(roots[0], "numbers", "03_x").VALUE == 1
    path.write_text("VALUE = 2\n", encoding="utf-8")

    assert load_module(roots[0], "numbers", "03_x").VALUE == 2


def test_a_shared_file_is_read_anew_once_its_folder_is_forgotten(roots):
    load_module(roots[0], *PARTS)
    write(roots[0], "exercises/03-x/common.py", "NAME = 'other'\n")
    assert load_module(roots[0], *PARTS).NAME == "first"
    forget_modules(roots[0], "exercises", "03-x")

    assert load_module(roots[0], *PARTS).NAME == "other"


def test_a_file_that_was_written_after_the_first_look_is_found(roots):
    load_module(roots[0], *PARTS)
    write(roots[0], "exercises/03-x/newer/spec.py", "NEW = True\n")

    assert load_module(roots[0], "exercises", "03-x", "newer", "spec").NEW


def test_nothing_is_written_beside_the_files(roots, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    load_module(roots[0], *PARTS)

    assert not list(roots[0].rglob("__pycache__"))
    assert sys.dont_write_bytecode is False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("def broken(:\n", "SyntaxError: invalid syntax"),
        ("from ..common import MISSING\n", "ImportError: cannot import name 'MISSING'"),
    ],
)
def test_a_file_that_fails_is_named_by_its_place_with_its_error(roots, text, told):
    write(roots[0], "exercises/03-x/an-item/spec.py", text)

    with pytest.raises(SpecError, match=rf"exercises/03-x/an-item/spec\.py fails on import: {told}"):
        load_module(roots[0], *PARTS)


def test_a_file_that_is_missing_is_one_sentence(roots):
    with pytest.raises(SpecError, match=r"exercises/03-x/none/spec\.py fails on import: ModuleNotFoundError"):
        load_module(roots[0], "exercises", "03-x", "none", "spec")
