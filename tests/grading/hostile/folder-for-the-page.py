from tests.grading.conftest import LESSON


def hand_in(folder):
    for name in (f"{LESSON}.html", f"{LESSON}.json", f"{LESSON}_files", "verdicts", "evidence", "gradebook.db"):
        (folder / name).mkdir()
        (folder / name / "mine.csv").write_text("1")
    (folder / "index.html").write_text("<script>MARK()</script>")
