import shutil

from tests.grading.conftest import LESSON
from tests.grading.rewriting import cell_of, rewritten


def hand_in(folder):
    (folder / "right").mkdir()
    path = folder / f"{LESSON}.ipynb"
    shutil.copy(path, folder / "right" / path.name)
    for number in range(30):
        shutil.copy(path, folder / f"copy-{number}.ipynb")
    with rewritten(folder) as document:
        for name in ("smallest-dtype", "float-bytes", "quantize-codes", "size-table"):
            cell_of(document, f"{name}-answer")["source"] = "mine = 1"
