"""An item of an instructor's own, which asks for a fact that no learner's kernel has."""

import numpy as np
import pytest

from quizlib.authoring import Case, Condition, Criterion, ExerciseSpec, Measured
from quizlib.authoring.own_facts import read_facts
from quizlib.errors import CheckFailedError
from quizlib.items.released import write_sheet
from quizlib.learner.front import begin, check
from tests.authoring.own_facts import write


def asks(name, fact):
    requirement = Measured(conditions=(Condition(fact=fact, at_most=1.0),))
    return Criterion(id=name, text=f"Text of {name}", points=1, requirement=requirement)


@pytest.fixture
def own_item(tmp_path, monkeypatch):
    """Begin a class notebook beside an item with a criterion on a fact of its course's own, and one on a known fact."""
    spec = ExerciseSpec(
        id="level-it",
        lesson="91-own",
        title="Level",
        response="function",
        name="level",
        criteria=(asks("even", "spread"), asks("bounded", "largest")),
        public=[Case("even", np.array([1.0, 3.0])), Case("bounded", np.array([1.0, 3.0]))],
        private=lambda generator: [Case("even", np.array([5.0])), Case("bounded", np.array([5.0]))],
        facts=read_facts(write(tmp_path / "solutions")),
    )
    (tmp_path / "items").mkdir()
    write_sheet(tmp_path / "items", spec.public_sheet(), "class")
    (tmp_path / "items" / "lesson.json").write_text('{"lesson": "91-own", "release": "r1", "flavour": "class"}')
    monkeypatch.chdir(tmp_path)
    begin("91-own", flavour="class", release="r1")


@pytest.mark.usefixtures("own_item")
def test_card_says_that_a_criterion_is_judged_after_submission():
    verdict = check("level-it", lambda x: x / 10)

    assert (verdict.status, verdict.score, verdict.max_score) == ("correct", 1, 1)
    assert "1 more is judged after you submit" in repr(verdict)
    card = verdict._repr_html_()
    assert "not judged" in card
    assert card.count("judged after you submit") == 2  # in the summary, and at the criterion
    assert "not met" not in card


@pytest.mark.usefixtures("own_item")
def test_validate_speaks_of_what_was_judged_here(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    assert check("level-it", lambda x: x / 10).status == "correct"
    with pytest.raises(CheckFailedError, match=r"the largest number of the output is 3, where at most 1 is asked for$"):
        check("level-it", lambda x: x)
