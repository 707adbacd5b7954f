"""Make the pictures of the README from the lesson itself: `python -m tests.browser.pictures`."""

import tempfile
from pathlib import Path

from PIL import Image

from tests.browser import browsers, lessons
from tests.browser.lessons import LESSON
from tests.browser.notebooks import Notebook
from tests.browser.servers import running

EXERCISE = "prune-layers"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 150_000
"""Bytes of a picture at most, so that the page loads quickly."""


def main():
    """Work the lesson in JupyterLab and keep a picture of a card and of a plot."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch) / "lessons", Path(scratch) / "home"
        lessons.learn(folder)
        with running("jupyterlab", folder, home) as address, browsers.chromium() as browser:
            # Twice the pixels, for screens that show them.
            context = browser.new_context(viewport={"width": 1000, "height": 900}, device_scale_factor=2)
            page = context.new_page()
            page.goto(f"{address}/lab/tree/{LESSON}/{LESSON}.ipynb")
            keep_pictures(Notebook(page, folder / LESSON / f"{LESSON}.ipynb"), lessons.script(EXERCISE))
            context.close()


def keep_pictures(notebook, script):
    """Run the lesson, answer its exercise wrongly, and keep the card and the last plot, of before and after."""
    notebook.choose("Run", "Run All Cells")
    notebook.wait(notebook.code[-1])
    notebook.write(script.exercise.answer, script.exercise.wrong)
    notebook.run(script.exercise.answer)
    notebook.run(script.exercise.check)
    keep("card", notebook.card(script.exercise.check))
    keep("plot", notebook.page.locator(".jp-OutputArea-output img").last)


def keep(name, element):
    """Keep a picture of an element of the page."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = IMAGES / f"{name}.png"
    element.screenshot(path=path)
    with Image.open(path) as picture:
        palette = picture.convert("RGB").quantize(256)  # cards and plots have few colours
    palette.save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path.name} should have {LARGEST} bytes at most, found {size}; make the figure smaller.")


if __name__ == "__main__":
    main()
