NAMES = ["ipython_config.py", "ipython_kernel_config.py", "jupyter_config.py", "nbgrader_config.py", "sitecustomize.py"]
NAMES += [
    "usercustomize.py",
    "profile_default/startup/00-first.py",
    ".ipython/profile_default/startup/00.py",
    "conftest.py",
]


def hand_in(folder):
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("import os\nos._exit(1)\n")
    (folder / "mine.pth").write_text("import os; os._exit(1)\n")
    (folder / ".env").write_text("QUIZLIB_GRADING_FOLDER=/nowhere\n")
