"""What a real kernel shows, cell by cell."""

import asyncio
import os
import sys

import nbformat.v4
import pytest
from nbclient import NotebookClient

from quizlib.learner.sentences import sentence

CELLS = {
    "undefined before begin": "from quizlib import check\ncheck('smallest-dtype', smallest_dtype)",
    "not begun": "check('smallest-dtype', 'A')",
    "begin": "import quizlib\nfrom quizlib import check, hint\nquizlib.begin('90-sample', release='r1')",
    "undefined": "check('quantize-codes', quantize_codes)",
    "misspelt": "sizes = {}\ncheck('size-table', size)",
    "unknown": "check('smalest-dtype', 'A')",
    "own name error": "numbers = []\nnumbers + undefined_name",
    "name error inside a function": "def broken(x, scale):\n    return missing\ncheck('quantize-codes', broken)",
    # What the kernel's interrupt button sends, while a function of the learner's goes on for ever.
    "interrupted": (
        "import os, signal\ndef slow(x, scale):\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "    while True:\n        pass\ncheck('quantize-codes', slow)"
    ),
    "broken": (
        "import quizlib.evidence.collect as collect\nkept = collect.build\ndel collect.build\n"
        "check('quantize-codes', lambda x, scale: x)"
    ),
    "mended": "collect.build = kept",
    "card": "check('smallest-dtype', 'C')",
    "hint": "hint('smallest-dtype')",
}


@pytest.fixture(scope="module")
def outputs(releases, tmp_path_factory):
    """Return the outputs of `CELLS`, run in order by a kernel that keeps nothing of the user's settings."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    home = str(tmp_path_factory.mktemp("home"))
    settings = {**os.environ, "HOME": home, "IPYTHONDIR": home, "JUPYTER_RUNTIME_DIR": home, "OMP_NUM_THREADS": "1"}
    client = NotebookClient(notebook, timeout=60, allow_errors=True, kernel_name="python3")
    client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = sys.executable
    asyncio.run(_run(client, env=settings, cwd=str(releases / "self-study" / "90-sample")))
    return {name: cell.outputs for name, cell in zip(CELLS, cells, strict=True)}


async def _run(client, **how):
    await client.async_execute(**how)


def shown(outputs, name):
    """Return what a cell shows as text."""
    lines = []
    for output in outputs[name]:
        plain = [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
        lines += output.get("traceback", []) or plain
    return "\n".join(lines).strip()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "undefined before begin",
            "NameError: smallest_dtype is not defined yet: run the cell above that defines it, then this one again.",
        ),
        (
            "not begun",
            "NotBegunError: run the import cell at the top of the notebook first, the one with quizlib.begin(...); "
            "it says which lesson this is.",
        ),
        (
            "undefined",
            "NameError: quantize_codes is not defined yet: run the cell above that defines it, then this one again.",
        ),
        ("misspelt", "NameError: size is not defined; did you mean sizes? Else run the cell above that defines size."),
        (
            "unknown",
            "UnknownItemError: no question or exercise is called 'smalest-dtype'; did you mean 'smallest-dtype'?",
        ),
        (
            "interrupted",
            "CheckStoppedError: the check of quantize-codes was interrupted, and nothing was judged; if your code does "
            "not come to an end, look for a loop that never stops, then run its cell and this one again.",
        ),
        (
            "broken",
            "CheckBrokenError: the check itself failed (NameError: name 'build' is not defined), which says nothing "
            "about your answer; restart the kernel and run the cells again, and if it stays, report it with this "
            "sentence.",
        ),
    ],
)
def test_mistake_in_a_check_cell_is_one_sentence(outputs, name, told):
    assert shown(outputs, name) == told


def test_name_error_in_any_other_cell_keeps_its_traceback(outputs):
    assert "Traceback" in shown(outputs, "own name error")
    assert "undefined_name" in shown(outputs, "own name error")


def test_name_error_inside_the_learners_function_is_told_on_the_card(outputs):
    assert "raised NameError: name 'missing' is not defined" in shown(outputs, "name error inside a function")


def test_begin_says_nothing(outputs):
    assert outputs["begin"] == []


@pytest.mark.parametrize("name", ["card", "hint"])
def test_check_and_hint_show_a_card_and_plain_lines(outputs, name):
    (output,) = outputs[name]

    assert set(output.data) == {"text/html", "text/plain"}


def test_sentence_of_a_name_like_no_other_names_the_cell():
    assert sentence("model", ["sizes", "_model"]).startswith("model is not defined yet: run the cell above")
