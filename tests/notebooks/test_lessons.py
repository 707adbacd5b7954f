"""Every released lesson runs from first cell to last: untouched it earns nothing, solved it earns everything."""

import ast
import json
import re
from functools import lru_cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.name for path in (ROOT / "notebooks").iterdir() if path.is_dir())
SCORES = "print({verdict.item: verdict.score for verdict in Out.values() if hasattr(verdict, 'max_score')})"
PICTURE = re.compile(r"<img\b[^>]*>")
MIN_PLOTS = 4
COLUMNS = 100  # of code that a cell shows without cutting it off


# The tests of one lesson share what they execute; lessons are shared out among processes.
each_lesson = pytest.mark.parametrize(
    "lesson", [pytest.param(lesson, marks=pytest.mark.xdist_group(f"executed-{lesson}")) for lesson in LESSONS]
)


def executed(place: str, lesson: str) -> nbformat.NotebookNode:
    """Run a notebook beside its items, and a last cell that prints the score of every check."""
    document = nbformat.read(ROOT / place / lesson / f"{lesson}.ipynb", as_version=4)
    document.cells.append(nbformat.v4.new_code_cell(SCORES, id="scores"))
    folder = str(ROOT / "notebooks" / lesson)
    NotebookClient(document, timeout=120, resources={"metadata": {"path": folder}}).execute()
    return document


@lru_cache
def untouched(lesson: str) -> nbformat.NotebookNode:
    """Run an untouched lesson, once in this process."""
    return executed("notebooks", lesson)


def scores(document: nbformat.NotebookNode) -> dict[str, float]:
    found: dict[str, float] = ast.literal_eval(document.cells[-1].outputs[0].text)
    return found


def points(lesson: str) -> dict[str, float]:
    listing = json.loads((ROOT / "notebooks" / lesson / "items" / "lesson.json").read_text(encoding="utf-8"))
    return {item["id"]: item["points"] for item in listing["items"]}


def outputs(document: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in document.cells for output in cell.get("outputs", [])]


@each_lesson
def test_the_untouched_lesson_runs_through_quietly_and_earns_nothing(lesson):
    document = untouched(lesson)
    assert scores(document) == dict.fromkeys(points(lesson), 0)
    assert [output for output in outputs(document) if output.get("name") == "stderr"] == []
    assert not any(output.get("data", {}).get("text/plain") == "Ellipsis" for output in outputs(document))


@each_lesson
def test_the_solved_lesson_runs_through_quietly_and_earns_everything(lesson):
    document = executed("solutions/notebooks", lesson)
    assert scores(document) == points(lesson)
    assert [output for output in outputs(document) if output.get("name") == "stderr"] == []


@each_lesson
def test_every_lesson_shows_plots_that_carry_their_text(lesson):
    found = outputs(untouched(lesson))
    bare = [output for output in found if "image/png" in output.get("data", {})]
    pictures = [tag for output in found for tag in PICTURE.findall(output.get("data", {}).get("text/html", ""))]
    assert bare == []
    assert len(pictures) >= MIN_PLOTS
    assert all(re.search(r'\balt="[^"]{40,}"', tag) for tag in pictures)


@each_lesson
def test_no_line_of_code_is_wider_than_a_cell(lesson):
    document = nbformat.read(ROOT / "solutions" / "notebooks" / lesson / f"{lesson}.ipynb", as_version=4)
    lines = [line for cell in document.cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > COLUMNS] == []
