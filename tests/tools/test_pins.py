"""pip is given an index made here, in a folder, as the only one there is."""

import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools import pins
from tools.pins import PinError, holds, problems, promised, requirements, resolved, why


def wheel(index: Path, name: str, version: str, *metadata: str, beside: str = "") -> None:
    """Make a wheel without code, and list it with what the index says `beside` it."""
    folder = index / name
    folder.mkdir(exist_ok=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata]
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{about}/METADATA", "\n".join(lines) + "\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    with (folder / "index.html").open("a") as page:
        page.write(f'<a href="{name}-{version}-py3-none-any.whl" {beside}>{name}-{version}-py3-none-any.whl</a>\n')


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", tmp_path.as_uri())
    return tmp_path


def read(*lines: str) -> list[Requirement]:
    return [Requirement(line) for line in lines]


def test_pins_that_meet_every_requirement_are_no_problem(wheels: Path) -> None:
    wheel(wheels, "soup", "2.10", "Requires-Python: >=3.10", "Requires-Dist: sieve (>=1)")
    wheel(wheels, "sieve", "1.5")
    assert problems("3.11.0", read("soup>=2"), read("soup==2.10", "sieve==1.5")) == []


@pytest.mark.parametrize("beside", ["", 'data-requires-python="&gt;=3.11.5"'])
def test_a_pin_that_needs_a_later_patch_release_is_named_with_the_python_it_needs(wheels: Path, beside: str) -> None:
    wheel(wheels, "sieve", "4.1.2", "Requires-Python: >=3.11.5", beside=beside)
    wanted, pinned = read("sieve"), read("sieve==4.1.2")
    assert problems("3.11.0", wanted, pinned) == [
        "sieve==4.1.2 needs Python >=3.11.5; pin a version that 3.11.0 can install, or give the pin a marker."
    ]
    assert problems("3.12.0", wanted, pinned) == []


def test_a_marker_limits_a_pin_to_the_pythons_it_names(wheels: Path) -> None:
    wheel(wheels, "sieve", "4.1.2", "Requires-Python: >=3.11.5")
    wheel(wheels, "sieve", "2.10")
    pinned = read("sieve==2.10; python_full_version < '3.11.5'", "sieve==4.1.2; python_full_version >= '3.11.5'")
    assert resolved(pinned, "3.11.0")["sieve"].version == "2.10"
    assert resolved(pinned, "3.13.0")["sieve"].version == "4.1.2"


def test_a_requirement_of_one_python_only_is_read_for_that_python(wheels: Path) -> None:
    wheel(wheels, "soup", "2", "Requires-Dist: old (>=3) ; python_version >= '3.13'")
    wheel(wheels, "old", "1")
    wanted, pinned = read("soup"), read("soup==2", "old==1")
    assert problems("3.12.0", wanted, pinned) == []
    assert problems("3.13.0", wanted, pinned) == ["soup needs old>=3, but 1 is pinned; pin one that fits both."]


def test_what_is_required_but_not_pinned_is_told_with_who_requires_it(wheels: Path) -> None:
    wheel(wheels, "soup", "2", "Provides-Extra: fast", "Requires-Dist: jet ; extra == 'fast'")
    assert problems("3.11.0", read("soup"), read("soup==2")) == []
    assert problems("3.11.0", read("soup[fast]"), read("soup==2")) == ["soup needs jet, which is not pinned; pin it."]


def test_a_version_that_no_wheel_has_is_named(wheels: Path) -> None:
    wheel(wheels, "sieve", "1")
    assert problems("3.11.0", read("sieve"), read("sieve==2")) == [
        "sieve==2 has no wheel for Python 3.11.0; pin a version that 3.11.0 can install, or give the pin a marker."
    ]


def test_what_torchs_cuda_build_brings_need_not_be_pinned(wheels: Path) -> None:
    wheel(wheels, "torch", "2", "Requires-Dist: nvidia-nccl-cu13 (==2.29.7)")
    assert problems("3.12.0", read("torch"), read("torch==2")) == []


def test_an_index_that_cannot_be_reached_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(PinError, match="the package index cannot be reached"):
        resolved(read("sieve==1"), "3.11.0")


def test_an_index_that_does_not_answer_is_given_up(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "AT_MOST_SECONDS", 0.01)
    with pytest.raises(PinError, match=r"did not answer within 0\.01 s"):
        resolved(read("sieve==1"), "3.11.0")


def test_another_failure_of_pip_is_told_in_its_last_words() -> None:
    assert why("WARNING: x\nERROR: disk full\n", "3.11.0") == "pip failed: ERROR: disk full"
    assert why("", "3.11.0") == "pip failed: it said nothing"


def test_the_promised_pythons_are_those_that_the_range_allows() -> None:
    assert promised(">=3.11.3,<3.13") == ["3.11.3", "3.12.0"]


def test_all_extras_are_wanted_and_the_project_itself_is_not() -> None:
    project = {"name": "course", "dependencies": ["a"], "optional-dependencies": {"x": ["b"], "y": ["course[x]", "c"]}}
    assert [one.name for one in requirements(project)] == ["a", "b", "c"]


def test_a_marker_may_ask_for_an_extra() -> None:
    one = Requirement("a; extra == 'fast' and python_version < '3.12'")
    assert holds(one, "3.11.0", "fast")
    assert not holds(one, "3.11.0")
    assert not holds(one, "3.12.0", "fast")


def test_comments_and_empty_lines_of_a_constraints_file_are_no_pins() -> None:
    assert [str(pin) for pin in pins.pins("# exact\n\na==1  # why\n")] == ["a==1"]
