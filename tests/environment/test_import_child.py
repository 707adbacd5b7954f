import warnings
from collections.abc import Iterator

import pytest
import torch

from quizlib.environment.import_child import torch_engines
from quizlib.zoo.quiet import quiet


@pytest.fixture(autouse=True)
def _as_in_the_child() -> Iterator[None]:
    """Keep torch's known warnings away, and put its engine back."""
    before = torch.backends.quantized.engine
    with warnings.catch_warnings():
        quiet()
        yield
    torch.backends.quantized.engine = before


def test_the_engines_that_torch_offers_here_work() -> None:
    assert torch_engines() == torch.backends.quantized.supported_engines != []


def test_an_engine_that_cannot_be_chosen_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = ["none", "no-such-engine"]
    monkeypatch.setattr(type(torch.backends.quantized), "supported_engines", offered)
    assert torch_engines() == []


def test_an_engine_that_computes_something_else_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.ops.quantized, "linear_dynamic", lambda x, packed: torch.zeros(1, 1))
    assert torch_engines() == []
