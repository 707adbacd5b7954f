"""Canaries planted where secrets live are looked for in all that goes out; each kind of leak is found when made."""

import subprocess
import sys
import zipfile
from base64 import b85encode
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns
from zlib import compress

import numpy as np
import pytest
import safetensors.numpy

from quizlib.authoring.spec import generator
from quizlib.evidence.collect import collect
from quizlib.items.released import ExerciseSheet, read_sheet, write_sheet
from quizlib.judging.judge import judge, probe_of
from quizlib.release.derive import update
from quizlib.release.leaks import files_below, leaks
from quizlib.release.readable import readable
from quizlib.release.secrets import PROBE_SECRET, Secrets, secrets_of
from quizlib.release.wheel import wheel_files

from .conftest import edit, releases

PROJECT = Path(__file__).parents[2]
SOLUTION, PROBE, KEY = "CANARY-solution1", "CANARY-probe2", "CANARY-key3"
PROBE_ARRAY = b"CANARY-array-of-a-private-probe4"


@pytest.fixture
def planted(checkout: Path) -> Path:
    """A checkout whose solution, private probe, attempt and key carry canaries, with all that derives from it."""
    solutions = checkout / "solutions"
    edit(solutions / "lessons/90_sample.py", "    nearest_codes =", f'    canary = "{SOLUTION}"\n    nearest_codes =')
    values = np.frombuffer(PROBE_ARRAY, np.uint8).tolist()
    probe = f'Case("typical", np.array({values}, dtype=np.uint8), 0.5),  # {PROBE}\n        '
    edit(
        solutions / "exercises/90-sample/quantize-codes/spec.py",
        'Case("typical", generator',
        probe + 'Case("typical", generator',
    )
    edit(
        solutions / "exercises/90-sample/size-table/attempts.py",
        '# %% right style="item',
        f'# {SOLUTION}\n# %% right style="item',
    )
    edit(solutions / "questions/90_sample.yaml", "rationale: An int8", f"rationale: {KEY} An int8")
    update(releases(checkout), checkout, all_lessons=True)
    return checkout


def project(planted: Path) -> Path:
    """Make the checkout a project that a wheel can be built from, as ours is."""
    for name in ("pyproject.toml", "LICENSE"):
        copyfile(PROJECT / name, planted / name)
    (planted / "README.md").write_text("# A sample\n", encoding="utf-8")
    copytree(PROJECT / "quizlib", planted / "quizlib", ignore=ignore_patterns("__pycache__"))
    return planted


def everything(files: dict[str, bytes]) -> str:
    return "\n".join(f"{found.plain}\n{found.encoded}" for found in map(readable, files.values()))


def secrets(checkout: Path) -> Secrets:
    return secrets_of([made.lesson for made in releases(checkout)])


def test_canaries_stay_out_of_the_self_study_release_except_an_encoded_key(planted: Path) -> None:
    files = files_below(planted / "notebooks")
    assert SOLUTION not in everything(files)
    assert PROBE not in everything(files)
    assert not any(PROBE_ARRAY in content for content in files.values())
    assert [name for name, content in files.items() if KEY in readable(content).encoded] == [
        "90-sample/items/smallest-dtype.json"
    ]
    assert not any(KEY in readable(content).plain for content in files.values())


def test_no_canary_is_in_the_class_release(planted: Path, tmp_path: Path) -> None:
    releases(planted)[0].write_learner(tmp_path / "class", "class", "r1")
    files = files_below(tmp_path / "class")
    assert not any(word in everything(files) for word in (SOLUTION, PROBE, KEY))
    assert not any(PROBE_ARRAY in content for content in files.values())


def test_no_canary_is_in_the_built_wheel_except_an_encoded_key(planted: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist")]
    subprocess.run([*command, str(project(planted))], check=True, capture_output=True)
    with zipfile.ZipFile(next((tmp_path / "dist").glob("*.whl"))) as wheel:
        files = {name: wheel.read(name) for name in wheel.namelist()}
    assert "quizlib/course/90-sample/90-sample.ipynb" in files
    assert SOLUTION not in everything(files)
    assert PROBE not in everything(files)
    assert not any(PROBE_ARRAY in content for content in files.values())
    assert [name for name, content in files.items() if KEY in readable(content).encoded] == [
        "quizlib/course/90-sample/items/smallest-dtype.json"
    ]
    listed = {name: content for name, content in files.items() if ".dist-info/" not in name}
    assert wheel_files(planted) == listed


def test_the_audit_of_planted_files_is_clean(planted: Path) -> None:
    assert list(leaks(files_below(planted / "notebooks"), secrets(planted), "self-study")) == []


ENCODED = b85encode(compress(f"{PROBE} and enough more to be a sentence".encode())).decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.md", SOLUTION), ("x.json", f'{{"a": "{ENCODED}"}}'), ("x.ipynb", '{"source": ["### BEGIN SOLUTION"]}')],
)
def test_a_planted_leak_is_named(planted: Path, name: str, content: str) -> None:
    found = list(leaks({name: content.encode()}, secrets(planted), "self-study"))
    assert found
    assert all(line.startswith(name) for line in found)


def test_the_lines_of_a_solution_are_found_however_they_are_indented(derived: Path) -> None:
    first, second = "nearest_codes = np.round(x / scale)", "return np.clip(nearest_codes, -128, 127).astype(np.int8)"
    solved = f"def f(x, scale):\n      {first}\n\n\t{second}"
    assert list(leaks({"a.txt": solved.encode()}, secrets(derived), "self-study")) == [
        f"a.txt holds lines of a solution of 90-sample, from {first!r}."
    ]


def test_the_reference_and_a_right_attempt_are_solutions_too(derived: Path) -> None:
    guarded = secrets(derived)
    owners = {secret.owner for secret in guarded.code}
    assert {
        "exercises/90-sample/quantize-codes/spec.py",
        "a right attempt at size-table",
        "a solution of 90-sample",
    } <= owners


def test_what_the_lesson_shows_anyway_is_no_secret(derived: Path) -> None:
    shown = files_below(derived / "notebooks")
    assert list(leaks(shown, secrets(derived), "self-study")) == []


def test_an_array_of_a_private_probe_is_found_in_a_file_of_arrays(derived: Path) -> None:
    spec = releases(derived)[0].lesson.exercises["quantize-codes"]
    array = spec.private(generator(PROBE_SECRET, spec.id))[0].arguments[0]
    content = safetensors.numpy.save({"a": np.zeros(3, np.float32), "b": array})
    assert list(leaks({"a.safetensors": content}, secrets(derived), "self-study")) == [
        "a.safetensors holds an array of a private probe of quantize-codes."
    ]


def test_a_sheet_made_for_grading_is_found_whatever_its_secret(derived: Path, tmp_path: Path) -> None:
    spec = releases(derived)[0].lesson.exercises["quantize-codes"]
    (tmp_path / "items").mkdir()
    write_sheet(tmp_path / "items", spec.grading_sheet(b"a secret of some class"), "class")
    assert "quantize-codes.json holds a private case." in leaks(
        files_below(tmp_path / "items"), secrets(derived), "class"
    )


def test_a_key_in_a_class_sheet_is_found_in_its_place_and_by_its_words(derived: Path, tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    write_sheet(tmp_path / "items", releases(derived)[0].sheets[0], "self-study")
    guarded = secrets(derived)
    assert list(leaks(files_below(tmp_path / "items"), guarded, "self-study")) == []
    lines = list(leaks(files_below(tmp_path / "items"), guarded, "class"))
    assert "smallest-dtype.json holds the key of a question." in lines
    assert "smallest-dtype.json holds a text of the key of smallest-dtype." in lines


def test_the_expected_values_of_an_exercise_are_no_part_of_a_class_release(derived: Path, tmp_path: Path) -> None:
    exercises = [sheet for sheet in releases(derived)[0].sheets if isinstance(sheet, ExerciseSheet)]
    sheet = next(sheet for sheet in exercises if sheet.exercise.id == "size-table")
    for flavour in ("self-study", "class"):
        (tmp_path / flavour).mkdir()
        write_sheet(tmp_path / flavour, sheet, flavour)
    leaked = "size-table.json holds the expected values of an exercise."
    assert leaked in leaks(files_below(tmp_path / "self-study"), secrets(derived), "class")
    assert list(leaks(files_below(tmp_path / "class"), secrets(derived), "class")) == []
    given = read_sheet(tmp_path / "class", "size-table")
    evidence = collect(probe_of(given), {"float32": 4000, "int8": 1000})
    assert (judge(given, evidence).status, judge(sheet, evidence).status) == ("recorded", "correct")


def test_the_words_of_a_key_in_the_open_are_a_leak_in_self_study_too(derived: Path) -> None:
    text = b"An int8 takes 8 bits, so 1,000 of them take 1,000 bytes, the fewest of the three."
    assert list(leaks({"readme.md": text}, secrets(derived), "self-study")) == [
        "readme.md holds a text of the key of smallest-dtype."
    ]
