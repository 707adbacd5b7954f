import shutil
from itertools import count
from pathlib import Path

import pytest

from tests.browser import browsers, lessons
from tests.browser.lessons import LESSON
from tests.browser.notebooks import Notebook
from tests.browser.servers import running


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def lesson():
    """Return what a learner types in the lesson."""
    return lessons.script()


@pytest.fixture(scope="package")
def learner_folder(tmp_path_factory):
    """Return a learner's folder of lessons."""
    folder = tmp_path_factory.mktemp("learner") / "lessons"
    lessons.learn(folder)
    return folder


@pytest.fixture(scope="package")
def chromium():
    """Return a browser; it closes before tests of other folders run, whose event loops it would disturb."""
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def lab(learner_folder, tmp_path_factory):
    """Return the address of a JupyterLab on the learner's folder."""
    with running("jupyterlab", learner_folder, tmp_path_factory.mktemp("lab-home")) as address:
        yield address


@pytest.fixture(scope="package")
def open_copy(chromium, lab, learner_folder):
    """Return a function that opens a copy of the lesson, whose kernel has run nothing, in a new browser profile."""
    number = count(1)
    contexts = []

    def opened(address=lab, route="lab/workspaces/{copy}/tree"):
        copy = learner_folder / f"{LESSON}-copy-{next(number)}"
        shutil.copytree(learner_folder / LESSON, copy)
        contexts.append(chromium.new_context(viewport={"width": 1000, "height": 900}))
        page = contexts[-1].new_page()
        page.goto(f"{address}/{route.format(copy=copy.name)}/{copy.name}/{LESSON}.ipynb")
        return Notebook(page, copy / f"{LESSON}.ipynb")

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def notebook(open_copy):
    """Return the lesson, opened in JupyterLab; no cell has run."""
    return open_copy()


@pytest.fixture(scope="package")
def finished(open_copy):
    """Return the lesson, opened in JupyterLab, after Run All; tests share it and each writes in cells of its own."""
    opened = open_copy()
    opened.choose("Run", "Run All Cells")
    opened.wait(opened.code[-1])
    return opened
