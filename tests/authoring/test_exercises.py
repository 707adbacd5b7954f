import pytest

from quizlib.authoring.exercises import attempt_files, read_exercises
from quizlib.errors import SpecError

SPEC = """from quizlib.authoring import Case, ExerciseSpec, fact, matching

from ..common import double

EXERCISE = ExerciseSpec(
    title="Double",
    response="function",
    criteria=(matching("typical", "Doubles", points=4),),
    symptoms={"halves": (fact("largest", at_most=1),)},
    reference=double,
    public=(Case("typical", 3),),
    private=lambda generator: [Case("typical", 5)],
)
"""
ATTEMPTS = """# %% misconception="adds"
# Two is added.
# Remedy: Multiply.

# %% wrong misconception="adds" variant=1 loses="typical"
double_it = lambda x: x + 2

# %% misconception="halves"
# The input is halved.
# Remedy: Multiply.

# %% wrong misconception="halves" variant=1 loses="typical"
double_it = lambda x: x / 2
"""


@pytest.fixture
def solutions(tmp_path):
    """A course with one exercise, `double-it`, in lesson 01-overview."""
    folder = tmp_path / "solutions" / "exercises" / "01-overview"
    (folder / "double-it").mkdir(parents=True)
    (folder / "common.py").write_text("def double(x):\n    return 2 * x\n")
    (folder / "double-it" / "spec.py").write_text(SPEC)
    (folder / "double-it" / "attempts.py").write_text(ATTEMPTS)
    return tmp_path / "solutions"


@pytest.fixture
def spec_file(solutions):
    return solutions / "exercises" / "01-overview" / "double-it" / "spec.py"


def read(solutions):
    return read_exercises(solutions, "01-overview")


def test_lesson_id_and_name_come_from_the_folder(solutions):
    spec = read(solutions)["double-it"].spec

    assert (spec.id, spec.lesson, spec.name) == ("double-it", "01-overview", "double_it")
    assert spec.public_sheet().answers["public-0"].output == 6


def test_a_name_that_is_given_stays(solutions, spec_file):
    spec_file.write_text(SPEC.replace('response="function",', 'response="function", name="twice",'))

    assert read(solutions)["double-it"].spec.name == "twice"


def test_misconceptions_come_from_the_heads_in_their_order_and_get_the_symptoms_of_the_spec(solutions):
    adds, halves = read(solutions)["double-it"].spec.misconceptions

    assert (adds.id, adds.text, adds.remedy, adds.conditions) == ("adds", "Two is added.", "Multiply.", ())
    assert (halves.id, [condition.fact for condition in halves.conditions]) == ("halves", ["largest"])


def test_attempts_may_stand_in_several_files_which_are_read_in_the_order_of_their_names(solutions, spec_file):
    (spec_file.parent / "attempts_right.py").write_text('# %% right style="a sum"\ndouble_it = lambda x: x + x\n')

    assert [path.name for path in attempt_files(spec_file.parent)] == ["attempts.py", "attempts_right.py"]
    assert [attempt.label for attempt in read(solutions)["double-it"].attempts] == [
        "wrong adds/1",
        "wrong halves/1",
        "right a sum",
    ]


def test_two_exercises_of_a_lesson_share_no_file_but_common(solutions, spec_file):
    other = spec_file.parents[1] / "twice"
    other.mkdir()
    (other / "spec.py").write_text(SPEC)
    (other / "attempts.py").write_text(ATTEMPTS)
    found = read(solutions)

    assert list(found) == ["double-it", "twice"]
    assert found["twice"].spec.name == "twice"
    assert found["twice"].spec.reference is found["double-it"].spec.reference


def test_an_edit_of_what_is_shared_is_seen(solutions):
    read(solutions)
    (solutions / "exercises/01-overview/common.py").write_text("def double(x):\n    return 3 * x\n")

    assert read(solutions)["double-it"].spec.public_sheet().answers["public-0"].output == 9


def test_a_lesson_may_have_no_exercises(solutions):
    assert read_exercises(solutions, "02-other") == {}


@pytest.mark.parametrize("name", ["__pycache__", ".ipynb_checkpoints", "empty"])
def test_a_folder_that_holds_no_exercise_is_left_alone(solutions, spec_file, name):
    (spec_file.parents[1] / name).mkdir()
    if name != "empty":
        (spec_file.parents[1] / name / "spec.py").write_text("1 / 0\n")

    assert list(read(solutions)) == ["double-it"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("EXERCISE =", "EXERCISES =", r"spec\.py should define EXERCISE = ExerciseSpec\(…\); found NoneType"),
        ("title=", 'id="other", title=', r"spec\.py gives id; leave that out"),
        ("title=", 'id="double-it", lesson="01-overview", title=', "gives id, lesson; leave that out"),
        ('"halves": (', '"doubles": (', "has symptoms of doubles, which no head of an attempt tells"),
        ("import double", "import triple", r"exercises/01-overview/double-it/spec\.py fails on import: ImportError"),
    ],
)
def test_spec_that_does_not_fit_its_folder_is_an_error_that_names_it(solutions, spec_file, old, new, told):
    spec_file.write_text(SPEC.replace(old, new))

    with pytest.raises(SpecError, match=told):
        read(solutions)


def test_folder_with_attempts_and_no_spec_is_an_error(solutions, spec_file):
    spec_file.unlink()

    with pytest.raises(SpecError, match=r"there is no exercises/01-overview/double-it/spec\.py; write it, or delete"):
        read(solutions)


def test_fault_in_what_is_shared_is_told_as_its_own(solutions):
    (solutions / "exercises/01-overview/common.py").write_text("1 / 0\n")

    with pytest.raises(SpecError, match=r"exercises/01-overview/common\.py fails on import: ZeroDivisionError"):
        read(solutions)


def test_list_of_exercises_of_an_earlier_version_is_one_sentence(solutions):
    (solutions / "exercises" / "01_overview.py").write_text("EXERCISES = []\n")

    with pytest.raises(SpecError, match=r"exercises/01_overview\.py holds a list .* exercises/01-overview/<id>"):
        read(solutions)
