"""Tones that are synthesised, so that their pitch is known exactly: unlimited data for a network that hears pitch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError

RATE, FRAME = 16_000, 1024
"""Samples a second, and of a frame."""

LOWEST, HIGHEST = 80.0, 1000.0
"""The pitches that are drawn, in hertz: those of voices and most instruments."""

HARMONICS = 12


@dataclass(frozen=True, eq=False)
class Tones:
    """Frames of sound and their pitch.

    Attributes:
        frames: Samples, float32, shape (n, 1024), each frame with mean 0 and standard deviation 1.
        cents: Pitch in the middle of the frame, in cents above 10 Hz, float32, shape (n,).
    """

    frames: NDArray[np.float32]
    cents: NDArray[np.float32]


def tones(seed: int, count: int) -> Tones:
    """Return frames of 64 ms at 16 kHz with 12 harmonics, vibrato, noise and a level, all drawn from a seed.

    Args:
        seed: 0 or more; the same seed gives the same frames.
        count: How many, 1 or more.

    Raises:
        ArgumentError: `seed` is below 0, or `count` below 1.

    >>> drawn = tones(0, 3)
    >>> drawn.frames.shape, drawn.frames.dtype.name, drawn.cents.shape
    ((3, 1024), 'float32', (3,))
    """
    if seed < 0 or count < 1:
        raise ArgumentError(f"seed is {seed} and count is {count}; pass a seed of 0 or more and a count of 1 or more")
    draw = np.random.default_rng(seed)
    pitch = np.exp(draw.uniform(np.log(LOWEST), np.log(HIGHEST), size=(count, 1)))  # Hz
    frames = _harmonics(draw, _phase(draw, pitch), pitch)
    frames += draw.uniform(0.0, 0.1, size=(count, 1)) * frames.std(axis=1, keepdims=True) * _noise(draw, count)
    frames -= frames.mean(axis=1, keepdims=True)
    frames /= frames.std(axis=1, keepdims=True)
    return Tones(frames.astype(np.float32), (1200 * np.log2(pitch[:, 0] / 10)).astype(np.float32))


def _noise(draw: np.random.Generator, count: int) -> NDArray[np.float64]:
    return draw.standard_normal((count, FRAME))


def _phase(draw: np.random.Generator, pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the phase of the lowest harmonic at each sample, whose pitch swings and is `pitch` in the middle."""
    count = len(pitch)
    seconds = (np.arange(FRAME) - FRAME / 2) / RATE
    depth = draw.uniform(0.0, 20.0, size=(count, 1)) / 1200 * np.log(2)  # of the pitch; 20 cents at most
    swing = 2 * np.pi * draw.uniform(4.0, 7.0, size=(count, 1))  # radians a second
    moved = depth * (1 - np.cos(swing * seconds)) / swing  # integral of depth · sin(swing · t)
    phase: NDArray[np.float64] = 2 * np.pi * pitch * (seconds + moved)
    return phase


def _harmonics(
    draw: np.random.Generator, phase: NDArray[np.float64], pitch: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the sum of harmonics, softer the higher they are; none lies above half the rate."""
    count = len(phase)
    fall = draw.uniform(0.5, 2.0, size=(count, 1))
    total = np.zeros_like(phase)
    for number in range(1, HARMONICS + 1):
        loud = number**-fall * draw.uniform(0.3, 1.0, size=(count, 1)) * (number * pitch < RATE / 2)
        total += loud * np.sin(number * phase + draw.uniform(0, 2 * np.pi, size=(count, 1)))
    return total
