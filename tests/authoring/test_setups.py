import pytest

from quizlib.authoring import ExerciseSpec, fact, measured
from quizlib.authoring.responding import run_response
from quizlib.authoring.setups import given_by, run_setup
from quizlib.errors import SpecError
from quizlib.judging.exercises import judge_exercise

SETUP = "import copy\n\nfrom torch import nn\n\nfrom quizlib import zoo\n\nmlp = zoo.digits_mlp()\n"


def copying(**changed):
    fields = {"keeps": ("mlp",), "setup": SETUP, "name": "halved", **changed}
    done = fact("changed_weights", origin="digits_mlp", at_least=1)
    return ExerciseSpec(
        id="halve-a-copy",
        lesson="90-sample",
        title="Halve a copy",
        response="torch_model",
        criteria=(
            measured("halved", "A weight is halved", done, points=4),
            measured("keeps", "`mlp` is as it was", done, fact("given_changed", at_most=0)),
        ),
        **fields,
    )


def score(spec, source):
    sheet = spec.public_sheet()
    return judge_exercise(sheet, run_response(spec, source, sheet.probe)).score


def test_the_given_model_may_not_be_used_up():
    spec = copying()

    assert score(spec, "halved = copy.deepcopy(mlp)\nhalved.output.bias.data /= 2\n") == 5
    assert score(spec, "halved = mlp\nhalved.output.bias.data /= 2\n") == 4
    assert score(spec, "halved = mlp\n") == 0


def test_a_criterion_on_what_was_given_needs_a_variable_to_keep():
    with pytest.raises(SpecError, match="keeps no variable"):
        copying(keeps=()).public_sheet()


def test_a_variable_to_keep_has_to_be_made_by_the_setup():
    with pytest.raises(SpecError, match="model, which its setup does not make"):
        given_by("x = 3", "an-exercise", ("model",))


def test_a_setup_that_fails_is_told_by_the_exercise():
    with pytest.raises(SpecError, match="the setup of an-exercise fails: ZeroDivisionError"):
        run_setup("1 / 0", "an-exercise")


def test_what_a_setup_prints_stays_away_from_the_terminal(capsys):
    run_setup("print('loud')", "an-exercise")

    assert capsys.readouterr().out == ""
