"""What one submission may do to itself, and to nothing else."""

import shutil

import nbformat
import pytest

from quizlib.coursedir.course import Course
from quizlib.errors import GradingError
from quizlib.grading.batch.grade import choose, grade, judged_in_kernel
from quizlib.grading.batch.report import as_json
from quizlib.grading.record import read_record
from tests.grading.conftest import LESSON, cell, hand_in, nbgrader, read, scores

pytestmark = pytest.mark.grading


def run(course, workers=1):
    return grade(course, LESSON, choose(course, LESSON, []), isolation="none", workers=workers)


def insert(notebook, before, source):
    at = next(i for i, c in enumerate(notebook.cells) if c.id == before)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source, id=f"extra-{len(notebook.cells)}"))


def text_of(course, student):
    notebook = nbformat.read(course.autograded(student, LESSON) / f"{LESSON}.ipynb", as_version=4)
    outputs = [output for c in notebook.cells if c.cell_type == "code" for output in c.outputs]
    return "".join(output.get("text", "") for output in outputs)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory, template):
    """A course after one batch of submissions that each try something, and the records by student."""
    folder = tmp_path_factory.mktemp("mixed") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    (folder.parent / "secret.txt").write_text("SECRET")
    for student, change in TRICKS.items():
        notebook = read(course, "source")
        change(course, notebook)
        hand_in(course, student, notebook)
    for name in ("json.py", "runpy.py", "ipykernel_launcher.py"):
        (course.submission("shadows", LESSON) / name).write_text("raise SystemExit('shadowed')")
    (course.submission("links", LESSON) / "data.txt").symlink_to(folder.parent / "secret.txt")
    (course.submission("links", LESSON) / "mine.txt").write_text("mine")
    course.submission("letter", LESSON).mkdir(parents=True)
    (course.submission("letter", LESSON) / "letter.txt").write_text("Dear teacher")
    (course.root / "submitted" / "copycat").symlink_to(course.root / "submitted" / "shadows")
    return course, {result.student: result for result in run(course, workers=2)}


def look(course, notebook):
    insert(notebook, "size-table", LOOK)


LOOK = """
import os, pathlib, sys
folder = pathlib.Path(os.environ["QUIZLIB_GRADING_FOLDER"])
print("PROBES", sorted(path.name for path in folder.iterdir()))
print("HERE", sorted(path.name for path in pathlib.Path().iterdir()))
print("NAMES", [name for name, value in os.environ.items() if "course" in value])
print("HOME", os.environ["HOME"])
print("JUDGE", [name for name in sys.modules if name.startswith(("quizlib.judging", "quizlib.authoring"))])
"""


def plant(course, notebook):
    insert(notebook, "size-table", PLANT)


PLANT = """
import pathlib
start = pathlib.Path("~/.ipython/profile_default/startup").expanduser()
start.mkdir(parents=True)
(start / "evil.py").write_text("print('PLANTED')")
(pathlib.Path.home() / "planted").write_text("x")
print("FOUND", (pathlib.Path.home() / "found").exists())
(pathlib.Path.home() / "found").write_text("x")
"""

RIGHT = "check('quantize-codes', lambda x, scale: np.clip(np.round(x / scale), -128, 127).astype(np.int8))"


def check_elsewhere(course, notebook):
    cell(notebook, "quantize-codes-answer").source = "quantize_codes = lambda x, scale: x"
    insert(notebook, "quantize-codes", RIGHT)
    insert(notebook, "size-table", RIGHT)


def be_killed(course, notebook):
    insert(notebook, "quantize-codes", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")


def flood(course, notebook):
    insert(notebook, "quantize-codes", "for i in range(300):\n    print('x' * 100_000)")


def show(course, notebook):
    insert(notebook, "size-table", SHOW)
    notebook.cells.append(nbformat.v4.new_markdown_cell("<script>MARK()</script>"))
    notebook.cells.append(nbformat.v4.new_raw_cell("<script>MARK()</script>", metadata={"raw_mimetype": "text/html"}))


SHOW = """
from IPython.display import HTML, Javascript, Markdown, display
display(HTML("<script>MARK</script>"), Javascript("MARK()"), Markdown("<script>MARK</script>"))
print("\\x1b[31mred\\x1b[0m <script>TEXT</script>")
"""


def follow_links(course, notebook):
    insert(notebook, "size-table", "import pathlib; print('SEEN', pathlib.Path('data.txt').exists())")


def grow_old(course, notebook):
    for changed in notebook.cells:
        if "nbgrader" in changed.metadata:
            changed.metadata.nbgrader = {"grade_id": changed.metadata.nbgrader.grade_id, "schema_version": 0}
    notebook.cells.append(nbformat.from_dict({**cell(notebook, "size-table"), "id": "copy"}))


def change_nothing(course, notebook):
    pass


TRICKS = {
    "elsewhere": check_elsewhere,
    "floods": flood,
    "killed": be_killed,
    "links": follow_links,
    "looks": look,
    "old": grow_old,
    "plants": plant,
    "plants-again": plant,
    "shadows": change_nothing,
    "shows": show,
}


def test_a_kernel_sees_no_key_no_answer_and_no_course(mixed):
    said = dict(line.split(" ", 1) for line in text_of(mixed[0], "looks").splitlines())
    assert said["HERE"] == "[]"  # not even its notebook, whose texts and metadata do not count as its code
    assert said["NAMES"] == said["JUDGE"] == "[]"
    assert "answer" not in said["PROBES"]
    assert "size-table.probe.json" in said["PROBES"]
    assert "quantize-codes.json" not in said["PROBES"]  # taken away at once
    assert "quizlib-" in said["HOME"]


def test_one_kernel_leaves_nothing_for_the_next(mixed):
    for student in ("plants", "plants-again"):
        assert text_of(mixed[0], student) == "FOUND False\n"


def test_evidence_from_another_cell_than_the_check_does_not_count(mixed):
    assert (
        scores(mixed[1]["elsewhere"].record)["quantize-codes"] == 0
    )  # that its input was left unchanged counts beside work only


def test_a_kernel_that_is_killed_from_outside_is_said_to_be_out_of_memory(mixed):
    record = mixed[1]["killed"].record
    assert record.status == "memory"
    assert scores(record) == {"smallest-dtype": 1, "float-bytes": 2, "quantize-codes": 0, "size-table": 0}


def test_a_flood_of_output_is_cut_and_costs_nothing(mixed):
    assert sum(scores(mixed[1]["floods"].record).values()) == 10
    assert len(text_of(mixed[0], "floods")) < 400_000


def test_learner_output_is_inert_in_the_graded_copy_and_in_feedback(mixed):
    course, _ = mixed
    page = (course.feedback("shows", LESSON) / f"{LESSON}.html").read_text()
    assert "<script>MARK" not in page
    assert "<script>TEXT" not in page
    assert "&lt;script&gt;TEXT" in page
    assert '"text/html": "<script>' not in (course.autograded("shows", LESSON) / f"{LESSON}.ipynb").read_text()


def test_a_data_file_that_is_a_link_is_not_given_to_the_kernel(mixed):
    course, _ = mixed
    assert "SEEN False" in text_of(course, "links")
    assert (course.autograded("links", LESSON) / "mine.txt").read_text() == "mine"
    assert not (course.autograded("links", LESSON) / "data.txt").exists()


def test_a_submission_that_is_a_link_to_a_classmates_is_refused(mixed):
    record = mixed[1]["copycat"].record
    assert (record.status, sum(scores(record).values())) == ("invalid", 0)


def test_files_that_shadow_the_library_do_not_keep_a_kernel_from_starting(mixed):
    assert sum(scores(mixed[1]["shadows"].record).values()) == 10


def test_an_older_schema_and_a_copied_grade_cell_do_not_stop_the_class(mixed):
    assert sum(scores(mixed[1]["old"].record).values()) == 10


def test_a_folder_without_a_notebook_is_missing_and_no_fault_of_ours(mixed):
    result = mixed[1]["letter"]
    assert (result.record.status, result.problem) == ("missing", "")
    assert sum(item.max_score for item in result.record.items) == 10


def test_a_notebook_that_takes_too_long_as_a_whole_is_stopped(course, solved):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.Execute.timeout = 60\nc.ExecuteSubmission.total_timeout = 6\n")
    insert(solved, "size-table", "while True:\n    pass")
    hand_in(course, "ada", solved)
    [result] = run(course)
    assert result.record.status == "timeout"
    assert sum(scores(result.record).values()) == 8


def test_cells_of_nbgraders_own_kind_keep_its_scoring_and_are_said_to(course, released):
    path = course.root / "source" / LESSON / f"{LESSON}.ipynb"
    source = nbformat.read(path, as_version=4)
    roles = {"schema_version": 3, "locked": False, "task": False, "grade": True, "points": 2}
    test = {**roles, "grade_id": "own-test", "solution": False, "locked": True}
    essay = {**roles, "grade_id": "essay", "solution": True}
    source.cells.append(nbformat.v4.new_code_cell("1.5 if sizes else 0", id="own-test", metadata={"nbgrader": test}))
    source.cells.append(nbformat.v4.new_markdown_cell("Write.", id="essay", metadata={"nbgrader": essay}))
    nbformat.write(source, path)
    nbgrader(course, "generate_assignment", LESSON, "--force")
    cell(source, "essay").source = "I think so."
    hand_in(course, "ada", source)
    cell(source, "own-test").source = "2.0"  # edited; nbgrader puts its own back
    insert(source, "own-test", "import os; os._exit(1)")
    hand_in(course, "bob", source)
    results = run(course)
    ada, bob = ({item.id: item for item in result.record.items} for result in results)
    assert (ada["own-test"].score, ada["own-test"].judged) == (1.5, "judged in the kernel")
    assert (ada["essay"].score, ada["essay"].status, ada["essay"].judged) == (0, "recorded", "graded by hand")
    assert (bob["own-test"].score, bob["size-table"].score) == (0, 2)
    assert judged_in_kernel(results) == 2
    assert as_json(LESSON, results)["submissions"][0]["max_score"] == 14


def test_a_run_without_execution_is_refused_and_scores_nothing(course, solved):
    hand_in(course, "ada", solved)
    with pytest.raises(AssertionError, match="can only be graded by executing it"):
        nbgrader(course, "autograde", LESSON, "--no-execute")
    assert read_record(course, "ada", LESSON) is None


def test_a_fault_of_ours_costs_no_points_and_is_mended_by_the_next_run(course, solved):
    hand_in(course, "ada", solved)
    keys = course.keys(course.current_release)
    keys.rename(keys.with_name("away"))
    [result] = run(course)
    row = as_json(LESSON, [result])["submissions"][0]
    assert (row["status"], row["score"]) == ("infrastructure", None)
    assert "no key of" in result.problem
    keys.with_name("away").rename(keys)
    assert sum(scores(run(course)[0].record).values()) == 10


def test_two_graders_at_once_are_refused(course, solved):
    from filelock import FileLock

    hand_in(course, "ada", solved)
    with FileLock(course.root / ".grading.lock"), pytest.raises(GradingError, match="another quizlib grade"):
        run(course)


def end(kind):
    """Return a change that has the kernel end in a cell before the last check, or in the last check."""

    def change(course, notebook):
        if kind in ENDS_IN_THE_CHECK:
            cell(notebook, "size-table-answer").source += f"\n{ENDS_IN_THE_CHECK[kind]}"
        else:
            insert(notebook, "size-table", ENDS[kind])

    return change


ENDS = {
    "quit()": "quit()",
    "exit()": "exit()",
    "sys.exit": "import sys; sys.exit(1)",
    "SIGTERM": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "os._exit": "import os; os._exit(0)",
}
ENDS_IN_THE_CHECK = {
    "quit() in the check": "get_ipython().events.register('pre_run_cell', lambda info: quit())",
    "os._exit in the check": "import os\nget_ipython().events.register('pre_run_cell', lambda info: os._exit(0))",
}
SCORES = {"sys.exit": 10, "quit() in the check": 10}
"""What each is to get; all others lose the last item, of 2 points."""
TIMES = 10


@pytest.fixture(scope="module")
def ended(tmp_path_factory, template):
    """A course in which each way to end a kernel was handed in many times, and the records by way."""
    folder = tmp_path_factory.mktemp("ended") / "course"
    shutil.copytree(template, folder)
    course, found = Course.at(folder), {}
    for at, kind in enumerate((*ENDS, *ENDS_IN_THE_CHECK)):
        notebook = read(course, "source")
        end(kind)(course, notebook)
        for time in range(TIMES if kind == "quit()" else 2):
            hand_in(course, f"s{at}-{time}", notebook)
            found.setdefault(kind, []).append(f"s{at}-{time}")
    records = {result.student: result.record for result in run(course, workers=2)}
    return {kind: [records[student] for student in students] for kind, students in found.items()}


@pytest.mark.parametrize("kind", [*ENDS, *ENDS_IN_THE_CHECK])
def test_a_kernel_that_ends_itself_gets_the_same_score_each_time(ended, kind):
    assert [sum(scores(record).values()) for record in ended[kind]] == [SCORES.get(kind, 8)] * len(ended[kind])
    assert len({record.status for record in ended[kind]}) == 1
