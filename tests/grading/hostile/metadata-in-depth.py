import json

from tests.grading.conftest import LESSON


def hand_in(folder):
    path = folder / f"{LESSON}.ipynb"
    whole = json.dumps(json.loads(path.read_text()))
    path.write_text(whole[:-1] + ', "deep": ' + "[" * 100_000 + "]" * 100_000 + "}")
