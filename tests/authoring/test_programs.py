import warnings

import pytest

from quizlib.authoring.programs import Programs, ending, run
from quizlib.errors import SpecError

WRITTEN = """\
- id: which-line
  revision: 1
  kind: one
  points: 1
  difficulty: 1
  objective: Choose a line.
  stem: Which line makes the program print `6`?
  code: |
    if True:
        x = 2
        # your line
    print(x)
  options:
    - text: "`x = 3 * x`"
      feedback: It does.
    - text: "`x = 1 / 0`"
      misconception: A quotient always exists.
      feedback: It stops.
    - text: "`x += 5`"
      misconception: Sums are miscounted.
      feedback: That is 7.
  key: A
  hints: [Try them.]
  rationale: Twice three.
  source: https://docs.python.org
- id: without-program
  revision: 1
  kind: predict
  points: 1
  difficulty: 1
  objective: Know a word.
  stem: Which word?
  key: word
  hints: [Think.]
  rationale: This one.
  source: https://docs.python.org
"""


@pytest.fixture
def programs(tmp_path):
    path = tmp_path / "90_sample.yaml"
    path.write_text(WRITTEN)
    return Programs(path)


def test_run_returns_what_a_program_leaves_prints_and_warns():
    ran = run("import warnings\nwarnings.warn('careful')\ny = 2 * x\nprint(' ', y)", x=4)
    assert (ran["y"], ran["printed"], ran["error"], ran["warned"]) == (8, "8", "", ["careful"])


def test_run_leaves_the_filters_of_warnings_as_they_were():
    before = list(warnings.filters)
    run("import warnings\nwarnings.simplefilter('error')")
    assert list(warnings.filters) == before


def test_run_starts_torchs_generator_anew():
    code = "import torch\nprint(torch.rand(3).tolist())"
    run("import torch")
    assert ending(code) == ending(code)


def test_the_ending_of_a_program_that_stops_is_its_error():
    assert ending("print('so far')\nraise ValueError('one\\ntwo')") == "ValueError: one"


def test_a_line_takes_the_place_of_the_comment_with_its_indentation(programs):
    assert programs.program("which-line", "# your line", "y = 1\nx = y") == (
        "if True:\n    x = 2\n    y = 1\n    x = y\nprint(x)\n"
    )


def test_each_option_has_its_ending(programs):
    assert programs.with_line("which-line") == {"A": "6", "B": "ZeroDivisionError: division by zero", "C": "7"}


def test_claims_decide_by_what_was_seen_and_change_with_it(programs):
    seen = programs.with_line("which-line")
    claims = programs.given_by("which-line", "6", "7")
    assert {letter: claim.holds(seen) for letter, claim in claims.items()} == {"A": True, "B": False, "C": False}
    changed = {letter: claim.holds({**seen, **claim.unless}) for letter, claim in claims.items()}
    assert changed == {"A": False, "B": True, "C": True}


@pytest.mark.parametrize("line", ["x = 3", "print"])
def test_a_line_that_the_program_does_not_hold_is_an_error(programs, line):
    with pytest.raises(SpecError, match="found it 0 times"):
        programs.program("which-line", line, "pass")


def test_a_question_without_program_is_an_error(programs):
    with pytest.raises(SpecError, match="without-program shows no program"):
        programs.program("without-program")
