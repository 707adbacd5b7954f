import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.environment import weights
from quizlib.zoo import pretrained
from quizlib.zoo.pretrained import PRETRAINED, Pretrained

CONTENT = b"weights"


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The networks that are fetched; their file of weights is a small one here."""
    small = {name: replace(one, sha256=hashlib.sha256(CONTENT).hexdigest()) for name, one in PRETRAINED.items()}
    monkeypatch.setattr(pretrained, "PRETRAINED", small)
    monkeypatch.setenv("QUIZLIB_MODELS", str(tmp_path / "cache"))
    names: list[str] = []

    def fetch(network: Pretrained, folder: Path) -> Path:
        names.append(network.name)
        folder.mkdir(exist_ok=True)
        path = folder / network.file
        path.write_bytes(CONTENT)
        return path

    monkeypatch.setattr(weights, "fetch", fetch)
    return names


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["models", *map(str, arguments)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_all_are_fetched_once(fetched: list[str], tmp_path: Path) -> None:
    status, output = run()
    assert (status, fetched) == (0, ["crepe-tiny", "smollm2-135m"])
    assert output.count("there") == 2
    assert "MIT" in output
    assert output.strip().endswith(str(tmp_path / "cache"))
    run()
    assert len(fetched) == 2


def test_one_is_fetched_to_another_folder(fetched: list[str], tmp_path: Path) -> None:
    status, output = run("crepe-tiny", "--to", tmp_path / "mine")
    assert (status, fetched) == (0, ["crepe-tiny"])
    assert (tmp_path / "mine" / "crepe-tiny.pth").read_bytes() == CONTENT
    assert f"Lessons look there once QUIZLIB_MODELS={tmp_path / 'mine'} is set." in output


def test_check_fetches_nothing_and_fails_where_something_is_missing(fetched: list[str]) -> None:
    run("crepe-tiny")
    status, output = run("--check")
    assert (status, fetched) == (1, ["crepe-tiny"])
    assert output.strip().endswith("Run: quizlib models smollm2-135m")
    assert run("--check", "crepe-tiny")[0] == 0


def test_an_unknown_network_is_one_sentence(fetched: list[str]) -> None:
    status, output = run("resnet")
    assert (status, fetched) == (1, [])
    assert output.strip() == "quizlib: there is no pretrained network 'resnet'; name some of crepe-tiny, smollm2-135m"
