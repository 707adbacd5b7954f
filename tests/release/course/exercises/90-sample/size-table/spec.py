"""A plain value, judged part by part."""

import numpy as np

from quizlib.authoring import ExerciseSpec, matching

from ..common import SETUP


def count_bytes():
    return {name: 1000 * np.dtype(name).itemsize for name in ("float32", "int8")}


EXERCISE = ExerciseSpec(
    title="Count the bytes",
    response="value",
    name="sizes",
    setup=SETUP,
    hints=("An array knows its `nbytes`.",),
    criteria=(
        matching("float-size", "Bytes as float32", part="float32"),
        matching("code-size", "Bytes as int8", part="int8"),
    ),
    reference=count_bytes,
)
