"""The digits of a grading: drawn from the course's secret, of no use to whoever knows the real ones."""

import numpy as np
import pytest

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.evidence.values import ZooModel
from quizlib.items.released import read_sheet, write_sheet
from quizlib.judging.facts import FactContext
from quizlib.judging.facts.predictions import accuracy, agreement
from quizlib.judging.unseen import COUNT, unseen_digits
from tests.authoring.specs import spec

SEEDS = [f"{seed:064x}" for seed in range(4)]


def nearest(known, labels, asked):
    """Return the label of the nearest known image: who goes by it knows every image by heart."""
    distances = (asked**2).sum(1)[:, None] - 2 * asked @ known.T + (known**2).sum(1)
    return labels[distances.argmin(axis=1)]


@pytest.fixture(scope="module")
def real():
    return zoo.load_digits()


def test_unseen_digits_look_like_the_real_ones(real):
    drawn = unseen_digits(SEEDS[0])

    assert (drawn.x_test.shape, drawn.x_test.dtype) == ((COUNT, 64), np.float32)
    assert (drawn.y_test.shape, drawn.y_test.dtype) == ((COUNT,), np.int64)
    assert set(np.unique(drawn.x_test * 16)) <= set(range(17))
    assert np.abs(drawn.x_test.mean(axis=0) - real.x_test.mean(axis=0)).max() < 0.1
    assert np.array_equal(drawn.x_train, real.x_train)


def test_unseen_digits_follow_from_their_seed_alone():
    first = unseen_digits(SEEDS[0]).x_test.copy()
    unseen_digits.cache_clear()

    assert np.array_equal(unseen_digits(SEEDS[0]).x_test, first)
    assert not np.array_equal(unseen_digits(SEEDS[1]).x_test, first)


def test_no_drawn_image_is_a_real_one(real):
    known = {image.tobytes() for image in (*real.x_train, *real.x_val, *real.x_test)}

    assert not any(image.tobytes() in known for seed in SEEDS for image in unseen_digits(seed).x_test)


def test_knowing_the_test_images_by_heart_gains_nothing(real):
    with_test = np.concatenate([real.x_train, real.x_test]), np.concatenate([real.y_train, real.y_test])

    def right(known, labels, digits):
        return (nearest(known, labels, digits.x_test) == digits.y_test).mean()

    before, after = right(real.x_train, real.y_train, real), right(*with_test, real)
    assert after == 1 > before + 0.01
    gains = [right(*with_test, unseen_digits(s)) - right(real.x_train, real.y_train, unseen_digits(s)) for s in SEEDS]
    assert np.mean(gains) < 0.25 * (after - before)


def test_accuracy_of_a_model_hardly_varies_with_the_seed():
    mlp = encode(zoo.build("digits_mlp"))
    found = [accuracy(mlp, FactContext(unseen=seed), origin="digits_mlp") for seed in SEEDS]

    assert len(set(found)) > 1
    assert max(found) - min(found) < 0.02
    assert np.mean(found) == pytest.approx(accuracy(mlp, FactContext(), origin="digits_mlp"), abs=0.015)


@pytest.mark.parametrize("origin", ["digits_mlp", "digits_cnn", "digits_lstm", "digits_mlp_keras"])
def test_every_network_of_digits_can_be_measured_on_them(origin):
    given = ZooModel(origin)
    model = encode(zoo.build(origin))

    assert accuracy(model, FactContext(unseen=SEEDS[0]), origin=given.name) > 0.85
    assert agreement(model, FactContext(unseen=SEEDS[0]), origin=given.name) == 1.0


def test_only_the_sheet_of_a_grading_has_a_seed_and_it_is_the_secrets(tmp_path):
    one, other = spec().grading_sheet(b"one", "a"), spec().grading_sheet(b"other", "a")

    assert one.unseen == spec().grading_sheet(b"one", "b").unseen != other.unseen
    assert b"one".hex() not in one.unseen
    write_sheet(tmp_path, spec().public_sheet(), "self-study")
    assert read_sheet(tmp_path, spec().id).unseen == ""
    assert "unseen" not in "".join(path.read_text() for path in tmp_path.glob("*.json"))
    write_sheet(tmp_path, one, "self-study")
    assert read_sheet(tmp_path, spec().id).unseen == one.unseen
