"""What one submission may do to itself, and to nothing else."""

import nbformat
import pytest

from quizlib.errors import GradingError
from quizlib.grading.batch import choose, grade, judged_in_kernel
from quizlib.grading.record import read_record
from quizlib.grading.report import as_json

from .conftest import LESSON, cell, hand_in, nbgrader, scores

pytestmark = pytest.mark.grading


def run(course, *students):
    return grade(course, LESSON, list(students) or choose(course, LESSON, []), isolation="none")


def insert(notebook, before, source):
    at = next(i for i, c in enumerate(notebook.cells) if c.id == before)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source, id=f"extra-{len(notebook.cells)}"))


def text_of(course, student):
    notebook = nbformat.read(course.autograded(student, LESSON) / f"{LESSON}.ipynb", as_version=4)
    outputs = [output for c in notebook.cells if c.cell_type == "code" for output in c.outputs]
    return "".join(output.get("text", "") for output in outputs)


def test_a_kernel_sees_no_key_no_answer_and_no_course(course, solved):
    look = """
import os, pathlib
folder = pathlib.Path(os.environ["QUIZLIB_GRADING_FOLDER"])
print("PROBES", sorted(path.name for path in folder.iterdir()))
print("HERE", sorted(path.name for path in pathlib.Path().iterdir()))
print("NAMES", [name for name, value in os.environ.items() if "course" in value])
print("HOME", os.environ["HOME"])
import sys
print("JUDGE", [name for name in sys.modules if name.startswith(("quizlib.judging", "quizlib.authoring"))])
"""
    insert(solved, "size-table", look)
    hand_in(course, "ada", solved)
    run(course)
    said = dict(line.split(" ", 1) for line in text_of(course, "ada").splitlines())
    assert said["HERE"] == f"['{LESSON}.ipynb']"
    assert said["NAMES"] == said["JUDGE"] == "[]"
    assert "answer" not in said["PROBES"]
    assert "size-table.probe.json" in said["PROBES"]
    assert "quantize-codes.json" not in said["PROBES"]  # taken away at once
    assert "quizlib-" in said["HOME"]


def test_one_kernel_leaves_nothing_for_the_next(course, solved, released):
    plant = """
import pathlib
start = pathlib.Path("~/.ipython/profile_default/startup").expanduser()
start.mkdir(parents=True)
(start / "evil.py").write_text("print('PLANTED')")
(pathlib.Path.home() / "planted").write_text("x")
"""
    insert(solved, "size-table", plant)
    hand_in(course, "a-first", solved)
    insert(released, "size-table", "import pathlib; print('FOUND', (pathlib.Path.home() / 'planted').exists())")
    hand_in(course, "b-second", released)
    run(course)
    assert "FOUND False" in text_of(course, "b-second")
    assert "PLANTED" not in text_of(course, "b-second")


def test_evidence_from_another_cell_than_the_check_does_not_count(course, solved):
    cell(solved, "quantize-codes-answer").source = "quantize_codes = lambda x, scale: x"
    right = "check('quantize-codes', lambda x, scale: np.clip(np.round(x / scale), -128, 127).astype(np.int8))"
    insert(solved, "quantize-codes", right)
    insert(solved, "size-table", right)
    hand_in(course, "ada", solved)
    [result] = run(course)
    assert scores(result.record)["quantize-codes"] == 1  # its input was left unchanged


def test_a_kernel_that_is_killed_from_outside_is_said_to_be_out_of_memory(course, solved):
    insert(solved, "quantize-codes", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    hand_in(course, "ada", solved)
    [result] = run(course)
    assert result.record.status == "memory"
    assert scores(result.record) == {"smallest-dtype": 1, "float-bytes": 2, "quantize-codes": 0, "size-table": 0}


def test_a_flood_of_output_is_cut_and_costs_nothing(course, solved):
    insert(solved, "quantize-codes", "for i in range(300):\n    print('x' * 100_000)")
    hand_in(course, "ada", solved)
    [result] = run(course)
    assert sum(scores(result.record).values()) == 10
    assert len(text_of(course, "ada")) < 400_000


def test_learner_output_is_inert_in_the_graded_copy_and_in_feedback(course, solved):
    show = """
from IPython.display import HTML, Javascript, Markdown, display
display(HTML("<script>MARK</script>"), Javascript("MARK()"), Markdown("<script>MARK</script>"))
print("\\x1b[31mred\\x1b[0m <script>TEXT</script>")
"""
    insert(solved, "size-table", show)
    solved.cells.append(nbformat.v4.new_markdown_cell("<script>MARK()</script>"))
    solved.cells.append(nbformat.v4.new_raw_cell("<script>MARK()</script>", metadata={"raw_mimetype": "text/html"}))
    hand_in(course, "ada", solved)
    run(course)
    page = (course.feedback("ada", LESSON) / f"{LESSON}.html").read_text()
    assert "<script>MARK" not in page
    assert "<script>TEXT" not in page
    assert "&lt;script&gt;TEXT" in page


def test_a_data_file_that_is_a_link_is_not_given_to_the_kernel(course, solved, tmp_path):
    (tmp_path / "secret.txt").write_text("SECRET")
    insert(solved, "size-table", "import pathlib; print('SEEN', pathlib.Path('data.txt').exists())")
    hand_in(course, "ada", solved)
    (course.submission("ada", LESSON) / "data.txt").symlink_to(tmp_path / "secret.txt")
    (course.submission("ada", LESSON) / "mine.txt").write_text("mine")
    run(course)
    assert "SEEN False" in text_of(course, "ada")
    assert (course.autograded("ada", LESSON) / "mine.txt").read_text() == "mine"
    assert not (course.autograded("ada", LESSON) / "data.txt").exists()


def test_files_that_shadow_the_library_do_not_keep_a_kernel_from_starting(course, solved):
    hand_in(course, "ada", solved)
    for name in ("json.py", "runpy.py", "ipykernel_launcher.py"):
        (course.submission("ada", LESSON) / name).write_text("raise SystemExit('shadowed')")
    [result] = run(course)
    assert sum(scores(result.record).values()) == 10


def test_an_older_schema_and_a_copied_grade_cell_do_not_stop_the_class(course, solved, released):
    for changed in solved.cells:
        if "nbgrader" in changed.metadata:
            changed.metadata.nbgrader = {"grade_id": changed.metadata.nbgrader.grade_id, "schema_version": 0}
    solved.cells.append(nbformat.from_dict({**cell(solved, "size-table"), "id": "copy"}))
    hand_in(course, "a-old", solved)
    hand_in(course, "b-next", released)
    results = run(course)
    assert [sum(scores(result.record).values()) for result in results] == [10, 0]


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
