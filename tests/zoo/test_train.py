import json
from dataclasses import replace

import pytest
import torch

from quizlib.zoo import train
from quizlib.zoo.arrays import read_manifest
from quizlib.zoo.registry import build
from quizlib.zoo.torch_models import ARCHITECTURES


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def short(monkeypatch):
    """Recipes of one epoch, for what does not depend on how good the models are."""
    monkeypatch.setattr(train, "RECIPES", {name: replace(recipe, epochs=1) for name, recipe in train.RECIPES.items()})


def test_check_finds_the_shipped_checkpoints_repeatable(capsys):
    assert train.main(["--check"]) == 0
    assert capsys.readouterr().out == "".join(f"{name}: ok\n" for name in ARCHITECTURES)


def test_check_fails_and_says_why_when_training_ends_elsewhere(short, capsys):
    assert train.main(["--check"]) == 1
    assert "a fresh training has test accuracy" in capsys.readouterr().err


def test_check_fails_when_the_checkpoint_is_not_the_recorded_one(short, monkeypatch):
    manifest = read_manifest()
    manifest["models"]["digits_mlp"]["sha256"] = "0" * 64
    monkeypatch.setattr(train, "read_manifest", lambda: manifest)
    assert any("but the manifest records " + "0" * 64 in fault for fault in train.faults("digits_mlp"))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_recorded_accuracy_is_the_shipped_models(name):
    recorded = read_manifest()["models"][name]["test_accuracy"]
    assert train.accuracy(name, build(name)) == pytest.approx(recorded, abs=1.01 / 360)  # one rounding at a border


def test_training_twice_gives_the_same_weights_and_leaves_torchs_seed_alone(short):
    torch.manual_seed(0)
    first = train.train("digits_cnn").output.weight
    second = train.train("digits_cnn").output.weight
    drawn = torch.rand(1)
    torch.manual_seed(0)
    assert torch.equal(first, second)
    assert torch.equal(drawn, torch.rand(1))


def test_writing_records_the_bytes_that_were_written(short, monkeypatch, tmp_path):
    monkeypatch.setattr(train, "CHECKPOINTS", tmp_path)
    assert train.main([]) == 0
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["models"].keys() == ARCHITECTURES.keys()
    assert all((tmp_path / model["file"]).stat().st_size == model["bytes"] for model in manifest["models"].values())
    assert manifest["libraries"]["torch"] == torch.__version__
