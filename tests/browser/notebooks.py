"""A notebook as a learner works it in the browser: write in a cell, run it, read what comes out."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
WAIT = 60_000
"""Milliseconds to wait for a page or a cell at most."""

ACTIVE = re.compile(r"\bjp-mod-active\b")
NUMBER = re.compile(r"\[\d+\]")

CARD = "div[style*='border-left']"
"""Finds the cards of a page."""

IS_READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext, kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus == 'connected' && kernel?.status == 'idle'; }"""
"""Says whether the open notebook has a kernel that waits for work."""

CONTRASTS = """card => {
  const rgba = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length == 3 ? [...n, 1] : n; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = c => { const [r, g, b] = c.map(v => v / 255).map(
    v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = element => { const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]); };
  const found = []; const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) { const text = walker.currentNode.data.trim(); if (!text) continue;
    const element = walker.currentNode.parentElement, under = ground(element);
    const words = over(rgba(getComputedStyle(element).color), under);
    const [low, high] = [light(words), light(under)].sort((a, b) => a - b);
    found.push([text, (high + 0.05) / (low + 0.05)]); }
  return found; }"""
"""Returns each text of a card with the contrast (WCAG 2.2) between it and all that lies below it."""


class Notebook:
    """The notebook open in `page`, whose cells are known by the ids of its file."""

    def __init__(self, page, file):
        self.page = page
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        self.ids = [cell["id"] for cell in cells]
        self.code = [cell["id"] for cell in cells if cell["cell_type"] == "code"]
        expect(self.page.locator(".jp-NotebookPanel .jp-Cell")).to_have_count(len(self.ids), timeout=WAIT)
        # Before that, a cell that is run asks which kernel to start; what the page shows is "idle" too early.
        self.page.wait_for_function(IS_READY, polling=100, timeout=WAIT)

    def cell(self, name):
        """Return the cell of this id."""
        return self.page.locator(".jp-NotebookPanel .jp-Cell").nth(self.ids.index(name))

    def edit(self, name):
        """Click into a cell, as for typing, and return its editor."""
        editor = self.cell(name).locator(".cm-content")
        editor.click()
        expect(self.cell(name)).to_have_class(ACTIVE, timeout=WAIT)
        expect(editor).to_be_focused(timeout=WAIT)
        return editor

    def write(self, name, source):
        """Replace what stands in a cell."""
        self.edit(name).press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, name):
        """Run one cell and wait for its end."""
        before = self.prompt(name)
        self.edit(name).press("ControlOrMeta+Enter")
        expect(self.cell(name).locator(".jp-InputPrompt")).not_to_have_text(before, timeout=WAIT)
        self.wait(name)

    def prompt(self, name):
        """Return what stands left of a cell: `[ ]:`, `[*]:` while it runs, or its number."""
        return self.cell(name).locator(".jp-InputPrompt").inner_text()

    def wait(self, name):
        """Wait until a cell has run."""
        expect(self.cell(name).locator(".jp-InputPrompt")).to_contain_text(NUMBER, timeout=WAIT)

    def output(self, name):
        """Return the output of a cell."""
        return self.cell(name).locator(".jp-OutputArea-output")

    def card(self, name):
        """Return the card that a cell shows."""
        return self.output(name).locator(CARD).first

    def contrasts(self, name):
        """Return each text of a cell's card with its contrast to what lies below it."""
        return self.card(name).evaluate(CONTRASTS)

    def choose(self, *path):
        """Choose an entry of the menus."""
        self.page.locator(".jp-MenuBar, .lm-MenuBar").get_by_text(path[0], exact=True).first.click()
        for entry in path[1:]:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()

    def show(self, name, screenshot):
        """Bring a cell to the top of the window and keep a picture of the window."""
        self.cell(name).evaluate("element => element.scrollIntoView({block: 'center'})")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{screenshot}.png")
