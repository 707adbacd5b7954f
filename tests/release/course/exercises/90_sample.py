"""The two exercises of the sample lesson: a function, and a plain value."""

import numpy as np

from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches, Symptom, Unchanged

SETUP = """\
import numpy as np

weights = np.linspace(-1, 1, 1000, dtype=np.float32)  # 1,000 weights of a layer
"""


def oracle_codes(x, scale):
    whole = np.rint(np.asarray(x, dtype=np.float64) / scale)
    return np.minimum(np.maximum(whole, -128), 127).astype(np.int8)


def fresh_codes(generator):
    signs = generator.choice([-1.0, 1.0], size=16)
    beyond = signs * generator.uniform(100.0, 200.0, size=16)
    return [
        Case("typical", generator.normal(size=64).astype(np.float32), 0.0625),
        Case("clamps", beyond.astype(np.float32), 0.25),
    ]


def count_bytes():
    return {name: 1000 * np.dtype(name).itemsize for name in ("float32", "int8")}


quantize_codes = ExerciseSpec(
    id="quantize-codes",
    lesson="90-sample",
    title="Round to codes",
    response="function",
    name="quantize_codes",
    setup=SETUP,
    hints=("`np.round` goes to the nearest whole number.", "`np.clip` comes before the cast to int8."),
    criteria=(
        Criterion(id="typical", text="Rounds to the nearest code, as int8", points=2, requirement=Matches(dtype=True)),
        Criterion(id="clamps", text="Clamps to −128 … 127", points=2, requirement=Matches()),
        Criterion(id="keeps-input", text="Leaves `x` as it was", points=1, requirement=Unchanged()),
    ),
    misconceptions=(
        Symptom(id="floor-for-round", text="Codes are rounded down, not to the nearest.", remedy="Use `np.round`."),
        Symptom(id="not-clamped", text="Codes beyond int8 wrap around.", remedy="Clip before the cast to int8."),
        Symptom(id="works-in-place", text="The result is written into `x`.", remedy="Divide into a new array."),
    ),
    reference=oracle_codes,
    public=(
        Case("typical", np.array([-1.0, 0.0, 0.3, 0.8], dtype=np.float32), 0.5),
        Case("clamps", np.array([-100.0, 100.0], dtype=np.float32), 0.5),
    ),
    private=fresh_codes,
)

size_table = ExerciseSpec(
    id="size-table",
    lesson="90-sample",
    title="Count the bytes",
    response="value",
    name="sizes",
    setup=SETUP,
    hints=("An array knows its `nbytes`.",),
    criteria=(
        Criterion(id="float-size", text="Bytes as float32", points=1, requirement=Matches(part="float32")),
        Criterion(id="code-size", text="Bytes as int8", points=1, requirement=Matches(part="int8")),
    ),
    misconceptions=(
        Symptom(id="bits-for-bytes", text="Bits are counted, not bytes.", remedy="Divide by 8."),
        Symptom(id="codes-as-floats", text="The codes are still stored as float32.", remedy="Cast to int8 first."),
        Symptom(id="counts-weights", text="Weights are counted, not bytes.", remedy="Multiply by the item size."),
    ),
    reference=count_bytes,
)

EXERCISES = [quantize_codes, size_table]
