import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quizlib.authoring.draws import far_from_ties, shuffled_signs, strided

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.lists(st.integers(-300, 300), min_size=1, max_size=9), st.floats(0.01, 10))
def test_every_rounding_gives_the_codes_of_values_that_are_far_from_ties(seed, codes, scale):
    values = far_from_ties(np.random.default_rng(seed), codes, scale)
    assert values.dtype == np.float32
    for rounded in (np.rint(values / scale), np.floor(values / scale + 0.5), np.ceil(values / scale - 0.5)):
        assert rounded.tolist() == codes


def test_a_strided_array_holds_the_same_numbers_and_is_not_contiguous():
    given = np.arange(6, dtype=np.int8).reshape(2, 3)
    found = strided(given)
    assert (found == given).all()
    assert (found.dtype, found.shape, found.flags.c_contiguous) == (np.int8, (2, 3), False)


@given(SEEDS, st.integers(0, 20))
def test_signs_are_shared_out_evenly(seed, size):
    signs = shuffled_signs(np.random.default_rng(seed), size)
    assert (np.sum(signs == -1), np.sum(signs == 1)) == (size - size // 2, size // 2)
