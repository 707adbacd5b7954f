from pathlib import Path

import pytest

from quizlib.errors import MissingWeightsError
from quizlib.zoo.pretrained import PRETRAINED, weights_file, weights_folder


def test_weights_lie_in_a_cache_of_this_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = weights_folder({})
    assert folder.parts[-2:] == ("quizlib", "models")
    assert folder.is_absolute()


def test_a_variable_names_another_folder() -> None:
    assert weights_folder({"QUIZLIB_MODELS": "~/weights"}) == Path.home() / "weights"


@pytest.mark.parametrize("content", [None, b"half of it"])
@pytest.mark.parametrize("name", PRETRAINED)
def test_missing_weights_are_one_sentence_with_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: bytes | None
) -> None:
    monkeypatch.setenv("QUIZLIB_MODELS", str(tmp_path))
    if content is not None:
        (tmp_path / PRETRAINED[name].file).write_bytes(content)
    with pytest.raises(MissingWeightsError) as caught:
        weights_file(name)
    assert str(caught.value) == f"the weights of {name} are not on this machine; run: quizlib models {name}"


def test_every_network_says_where_it_comes_from() -> None:
    for name, network in PRETRAINED.items():
        assert network.name == name
        assert network.licence in {"MIT", "Apache-2.0"}
        assert len(network.sha256) == 64
        assert network.size > 0
        assert network.member.startswith(network.distribution.replace("-", "_"))
