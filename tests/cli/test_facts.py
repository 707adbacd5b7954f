from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.judging.facts import FACTS
from tests.authoring.own_facts import write


def run(*arguments: object, columns: int = 100) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["facts", *map(str, arguments)], env={"COLUMNS": str(columns)})
    return result.exit_code, result.output


@pytest.mark.parametrize("columns", [80, 110])
def test_every_fact_is_listed_by_its_whole_name_within_the_width(columns: int) -> None:
    status, output = run(columns=columns)
    first_words = {line.split(" ")[0].rstrip("*") for line in output.splitlines()}

    assert status == 0
    assert set(FACTS) <= first_words
    assert max(map(len, output.splitlines())) <= columns


def test_facts_stand_under_their_subject_with_arguments_unit_and_kinds() -> None:
    lines = run(columns=110)[1].splitlines()
    subject = next(at for at, line in enumerate(lines) if line.startswith("pruning ─"))
    at = next(at for at, line in enumerate(lines) if line.startswith("sparsity "))

    assert subject < at
    assert not any(line.endswith("─") for line in lines[subject + 1 : at])
    assert lines[at].split("  ")[0] == "sparsity"
    assert "the fraction of exact zeros in one weight" in lines[at]
    assert lines[at].rstrip().endswith("fraction 0–1")
    assert lines[at + 1].startswith("weight ")
    assert lines[at + 1].rstrip().endswith("torch model,")


def test_sentence_of_each_fact_is_listed_with_its_holes() -> None:
    output = " ".join(run(columns=200)[1].split())

    assert "{value:%} of {weight} is zero, where {asked:%}" in output


def test_one_fact_is_shown_whole() -> None:
    status, output = run("zeros_off")

    assert status == 0
    assert output.startswith("zeros_off(weights: list[str], argument: int = 1, sparsity: float | None = None, ")
    assert "unit: zeros" in output
    assert "on a card: a weight has not as many zeros as it should have, but {value:zero} more or less{place}" in output
    assert "of: torch model, Keras model; asked of a response (torch_model, keras_model) or of an output" in output
    assert "Position of the sparsity among the case's arguments." in output


def test_what_rests_on_the_kernels_word_is_marked() -> None:
    assert "inputs_changed* " in run()[1]
    assert "rests on what the kernel says of itself" in run("inputs_changed")[1]
    assert "rests on" not in run("sparsity")[1]


def test_facts_of_a_courses_own_are_listed_with_it(tmp_path: Path) -> None:
    write(tmp_path)
    output = run("--solutions", tmp_path)[1]

    assert "Facts about how far the numbers of an output lie apart." in output
    assert "the largest number of an output less the smallest" in output
    status, whole = run("spread", "--solutions", tmp_path)
    assert status == 0
    assert "on a card: the <fact> should be <bounds>, but it is <value>" in whole


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["sparsty"], "no fact is called 'sparsty'; run `quizlib facts`"), (["--solutions", "gone"], "gone is no folder")],
)
def test_what_is_not_there_is_said_in_one_sentence(arguments: list[str], told: str) -> None:
    status, output = run(*arguments)

    assert status == 1
    assert told in output
    assert "Traceback" not in output


def test_help_has_an_example() -> None:
    assert "Example: quizlib facts sparsity" in run("--help")[1]
