from tests.grading.conftest import LESSON


def hand_in(folder):
    path = folder / f"{LESSON}.ipynb"
    elsewhere = folder.parent / "elsewhere.ipynb"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
