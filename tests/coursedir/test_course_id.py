import pytest

from quizlib.coursedir.course_id import course_id_of, require_fit
from quizlib.errors import ArgumentError


@pytest.mark.parametrize(
    ("name", "course_id"),
    [
        ("serving", "serving"),
        ("Serving (spring 2026)", "Serving-spring-2026"),
        (".hidden", "hidden"),
        ("a+b*c?[d]", "a-b-c-d"),
        ("Größe", "Größe"),
        ("", "course"),
        ("x" * 200, "x" * 100),
    ],
)
def test_a_folders_name_becomes_an_id_that_is_fit(name: str, course_id: str) -> None:
    assert course_id_of(name) == course_id
    assert require_fit(course_id) == course_id


@pytest.mark.parametrize("course_id", ["", " serving", "a/b", "..", "-x", "a*", "a b", "x\n", "x" * 101])
def test_an_id_that_is_not_fit_is_refused_with_what_is(course_id: str) -> None:
    with pytest.raises(ArgumentError, match="use letters, digits"):
        require_fit(course_id)
