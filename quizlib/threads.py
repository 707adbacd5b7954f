"""One thread for each numerical library, where several processes share the cores of a machine."""

from __future__ import annotations

import os

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
    ),
    "1",
)
"""Variables of the environment by which NumPy, torch and TensorFlow take one thread; each is read once, on import."""


def use_one_thread() -> None:
    """Let the libraries that this process is yet to import, and those of its children, take one thread each."""
    os.environ.update(ONE_THREAD)
