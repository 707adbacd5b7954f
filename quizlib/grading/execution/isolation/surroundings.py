"""What the kernel of a submission gets to see: a few harmless variables, a private home, and the folder of probes."""

from __future__ import annotations

import contextlib
import os
import shutil
import site
from collections.abc import Mapping
from pathlib import Path

from quizlib.evidence.places import GRADING_FOLDER
from quizlib.threads import ONE_THREAD
from quizlib.zoo.pretrained import FOLDER_VARIABLE, weights_folder

PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""The grader's own variables that a kernel gets; every other one stays behind."""

FIXED = {
    **ONE_THREAD,  # one submission gets one core: several are graded side by side
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # A file `json.py` in a submission must not keep the kernel from starting; `STARTUP` lets imports find others.
    "PYTHONSAFEPATH": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}

STARTUP = """import sys
sys.path.insert(next((at for at, place in enumerate(sys.path) if place.endswith("-packages")), len(sys.path)), "")
del sys
"""
"""What a kernel runs first: imports find what lies beside the notebook after Python's own modules, as in practice."""


def kernel_environment(home: Path, probes: Path, own: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a kernel whose home is `home` and whose probes lie in `probes`.

    >>> kernel_environment(Path("/h"), Path("/p"), {"PATH": "/bin", "SECRET": "x"})["QUIZLIB_GRADING_FOLDER"]
    '/p'
    """
    passed = {name: own[name] for name in PASSED_ON if name in own}
    private = {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "XDG_CACHE_HOME": str(home / "cache"),
        GRADING_FOLDER: str(probes),
        FOLDER_VARIABLE: str(weights_folder(own)),  # the grader's, since the kernel's home is empty
    }
    if site.ENABLE_USER_SITE:  # packages of the grader's own home stay importable
        private["PYTHONUSERBASE"] = site.getuserbase()
    return {**passed, **FIXED, **private}


def make_home(home: Path) -> None:
    """Make a private home: what a kernel runs first, and matplotlib's list of fonts, which takes seconds to build."""
    home.mkdir(mode=0o700)
    first = home / "ipython" / "profile_default" / "startup" / "00-path.py"
    first.parent.mkdir(parents=True)
    first.write_text(STARTUP)
    target = home / "matplotlib"
    target.mkdir()
    with contextlib.suppress(ImportError, OSError):
        import matplotlib

        for listing in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
            shutil.copy(listing, target)
