import numpy as np
import pytest
from sklearn import datasets

from quizlib.errors import ArgumentError
from quizlib.zoo.digits import Digits, load_digits

PARTS = ("train", "val", "test")


@pytest.fixture
def digits() -> Digits:
    return load_digits()


def pixels(digits, part):
    return getattr(digits, f"x_{part}")


def labels(digits, part):
    return getattr(digits, f"y_{part}")


@pytest.mark.parametrize(("part", "n"), [("train", 1077), ("val", 360), ("test", 360)])
def test_each_part_has_its_size_and_dtypes(digits, part, n):
    assert (pixels(digits, part).shape, pixels(digits, part).dtype) == ((n, 64), np.float32)
    assert (labels(digits, part).shape, labels(digits, part).dtype) == ((n,), np.int64)


def test_parts_together_are_sklearns_digits_once_each(digits):
    ours = np.concatenate([np.column_stack([pixels(digits, part) * 16, labels(digits, part)]) for part in PARTS])
    theirs = np.column_stack(datasets.load_digits(return_X_y=True))
    assert sorted(map(tuple, ours.tolist())) == sorted(map(tuple, theirs.tolist()))


@pytest.mark.parametrize("part", PARTS)
def test_classes_are_in_proportion(digits, part):
    everything = np.bincount(datasets.load_digits().target) / 1797
    share = np.bincount(labels(digits, part)) / len(labels(digits, part))
    assert np.abs(share - everything).max() < 1.01 / 360  # one image more or less


def test_split_is_the_same_every_time(digits):
    # Written down: a changed split would make every recorded accuracy meaningless.
    assert digits.y_test[:10].tolist() == [8, 2, 9, 2, 2, 8, 1, 8, 6, 6]


def test_writing_to_one_copy_leaves_the_next_untouched(digits):
    digits.x_test[:] = -1.0
    assert load_digits().x_test.min() == 0.0


def test_images_keep_rows_of_eight_pixels(digits):
    image = digits.images("train")[3, 0]
    assert image[2].tolist() == digits.x_train[3, 16:24].tolist()


def test_images_names_the_parts_when_asked_for_another(digits):
    with pytest.raises(ArgumentError, match="name is 'validation'; pass one of 'train', 'val', 'test'"):
        digits.images("validation")
