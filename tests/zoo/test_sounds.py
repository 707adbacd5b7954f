import numpy as np
import pytest

from quizlib.errors import ArgumentError
from quizlib.zoo.sounds import FRAME, HIGHEST, LOWEST, RATE, tones


def test_the_same_seed_gives_the_same_tones_and_another_seed_others() -> None:
    once, again, others = tones(3, 5), tones(3, 5), tones(4, 5)
    assert np.array_equal(once.frames, again.frames)
    assert np.array_equal(once.cents, again.cents)
    assert not np.isin(others.cents, once.cents).any()


def test_each_frame_has_mean_0_and_standard_deviation_1() -> None:
    frames = tones(0, 40).frames
    assert np.abs(frames.mean(axis=1)).max() < 1e-6
    assert np.abs(frames.std(axis=1) - 1).max() < 1e-5


def test_pitches_span_the_range_evenly_on_a_scale_of_cents() -> None:
    cents = tones(1, 4000).cents
    low, high = 1200 * np.log2(np.array([LOWEST, HIGHEST]) / 10)
    assert low <= cents.min() < low + 30
    assert high - 30 < cents.max() <= high
    shares = np.histogram(cents, bins=4, range=(low, high))[0] / 4000
    assert np.abs(shares - 0.25).max() < 0.03


def test_the_label_is_the_pitch_that_is_in_the_frame() -> None:
    drawn = tones(2, 60)
    times = np.arange(FRAME) / RATE
    for frame, cents in zip(drawn.frames, drawn.cents, strict=True):
        around = 10 * 2 ** ((cents + np.arange(-300, 301, 5)) / 1200)  # Hz; three semitones either way

        # The power of a tone with harmonics is highest where the comb of its multiples lies on them.
        combs = np.exp(-2j * np.pi * around[:, None, None] * np.arange(1, 8)[:, None] * times)
        power = (np.abs(combs @ (frame * np.hanning(FRAME))) ** 2).sum(axis=1)
        heard = 1200 * np.log2(around[power.argmax()] / 10)
        assert abs(heard - cents) < 50


@pytest.mark.parametrize(("seed", "count"), [(-1, 3), (0, 0)])
def test_what_cannot_be_drawn_says_what_to_pass(seed: int, count: int) -> None:
    with pytest.raises(ArgumentError, match="pass a seed of 0 or more and a count of 1 or more"):
        tones(seed, count)
