"""Facts of a course's own decide its release, go to the judge, and to nobody else."""

import json
from pathlib import Path

from quizlib.release.classroom import make_course
from tests.authoring.own_facts import SPREAD, write

from .conftest import LESSON, edit, releases

# What grading adds to these settings has its own tests.
SETTINGS = """\
from quizlib.release.steps import configure_release

c = get_config()
configure_release(c)
"""


def id_of(checkout: Path) -> str:
    [release] = releases(checkout)
    return release.id


def test_edit_of_a_fact_makes_another_release(checkout: Path) -> None:
    before = id_of(checkout)
    write(checkout / "solutions")
    with_fact = id_of(checkout)
    edit(checkout / "solutions/facts/own.py", "np.ptp", "np.max")

    assert len({before, with_fact, id_of(checkout)}) == 3


def test_facts_are_kept_with_the_keys_and_handed_to_no_learner(checkout: Path, tmp_path: Path) -> None:
    write(checkout / "solutions")
    course = tmp_path / "course"
    course.mkdir()
    (course / "nbgrader_config.py").write_text(SETTINGS)
    release = make_course(course, checkout / "solutions", lambda text: None).release

    assert (course / "keys" / release / "solutions/facts/own.py").read_text() == SPREAD
    assert json.loads((course / "course.json").read_text())["current"] == release
    handed_out = [path for path in (course / "release" / LESSON).rglob("*") if path.is_file()]
    assert handed_out
    assert not any(b"spread" in path.read_bytes() for path in handed_out)
