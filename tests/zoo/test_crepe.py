import numpy as np
import pytest
import torch
from torch.nn import functional as F

from quizlib.zoo import crepe_architecture, crepe_tiny, pitch_accuracy, tones
from quizlib.zoo.crepe import Crepe
from quizlib.zoo.pretrained import weights_file


@pytest.fixture(scope="module")
def crepe() -> Crepe:
    return crepe_tiny()


def published_output(frames: torch.Tensor) -> torch.Tensor:
    """Return what the published network computes, written with its own arrays and two-dimensional operations."""
    arrays = torch.load(weights_file("crepe-tiny"), weights_only=True)
    x = frames[:, None, :, None]
    for at in range(1, 7):
        x = F.pad(x, (0, 0, 254, 254) if at == 1 else (0, 0, 31, 32))
        x = F.conv2d(x, arrays[f"conv{at}.weight"], arrays[f"conv{at}.bias"], stride=(4 if at == 1 else 1, 1))
        mean, variance = arrays[f"conv{at}_BN.running_mean"], arrays[f"conv{at}_BN.running_var"]
        gain, shift = arrays[f"conv{at}_BN.weight"], arrays[f"conv{at}_BN.bias"]
        x = F.batch_norm(F.relu(x), mean, variance, gain, shift, eps=0.0010000000474974513)
        x = F.max_pool2d(x, (2, 1))
    x = x.permute(0, 2, 1, 3).reshape(len(frames), 256)
    return torch.sigmoid(F.linear(x, arrays["classifier.weight"], arrays["classifier.bias"]))


def test_it_computes_what_the_published_network_does(crepe: Crepe) -> None:
    frames = torch.from_numpy(tones(5, 50).frames)
    with torch.no_grad():
        assert (torch.sigmoid(crepe(frames)) - published_output(frames)).abs().max() < 1e-5


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_hears_the_pitch_of_synthesised_tones(crepe: Crepe, seed: int) -> None:
    drawn = tones(seed, 300)
    with torch.no_grad():
        logits = crepe(torch.from_numpy(drawn.frames))
    assert pitch_accuracy(logits, torch.from_numpy(drawn.cents)) > 0.98


def test_untrained_it_hears_nothing() -> None:
    torch.manual_seed(0)
    drawn = tones(0, 200)
    with torch.no_grad():
        logits = crepe_architecture()(torch.from_numpy(drawn.frames))
    assert pitch_accuracy(logits, torch.from_numpy(drawn.cents)) < 0.05


def test_accuracy_counts_what_lies_within_half_a_semitone() -> None:
    logits = torch.zeros(4, 360)
    logits[range(4), [10, 10, 10, 10]] = 1
    heard = 1997.3794 + 200
    cents = torch.from_numpy(np.array([heard - 49.9, heard + 49.9, heard - 50.1, heard + 50.1], dtype=np.float32))
    assert pitch_accuracy(logits, cents) == 0.5
    assert pitch_accuracy(logits, cents, within=51) == 1.0
