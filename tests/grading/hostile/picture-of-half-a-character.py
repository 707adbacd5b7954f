from quizlib.grading.admission.pictures import NOT_SHOWN
from tests.grading.rewriting import rewritten, text_cell

NAMES = ["\ud800.png", "", "\n", "../../feedback.html", "x" * 100_000, '"><script>MARK()</script>', "\x00"]


def hand_in(folder):
    with rewritten(folder) as document:
        attached = {name: dict(NOT_SHOWN) for name in NAMES}
        document["cells"].append(text_cell("![mine](attachment:mine.png)", "mine", attachments=attached))
