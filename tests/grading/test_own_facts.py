"""The judge of a class knows the facts that were released with the keys."""

import shutil

from quizlib.grading.judge.keys import Keys
from tests.authoring.own_facts import SPREAD, write

from .conftest import LESSON


def test_sheet_of_the_judge_has_the_facts_of_its_release(course):
    release = course.current_release
    assert Keys(course).sheet(release, LESSON, "quantize-codes", "").facts == {}

    write(course.keys(release) / "solutions")
    facts = Keys(course).sheet(release, LESSON, "quantize-codes", "").facts
    assert [(name, fact.unit) for name, fact in facts.items()] == [("spread", "unit of the output")]


def test_each_release_is_judged_by_its_own_facts(course):
    current = course.keys(course.current_release)
    older = current.with_name("0123456789")
    shutil.copytree(current, older)
    write(current / "solutions")
    write(older / "solutions", source=SPREAD.replace("float(np.ptp(output.values))", "0.5"))

    keys = Keys(course)
    facts = [
        keys.sheet(release, LESSON, "quantize-codes", "").facts["spread"] for release in (older.name, current.name)
    ]
    assert facts[0].function(None, None) == 0.5
    assert facts[0].function is not facts[1].function
