import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quizlib.evidence.arrays import ARRAY_DTYPES
from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.values import Array
from quizlib.judging.array_source import LONGEST, array_source, array_text
from tests.evidence.plain import arrays_of, same


@pytest.mark.parametrize(
    ("live", "source"),
    [
        (np.array([1, 2], np.float32), "np.array([1.0, 2.0], dtype=np.float32)"),
        (np.array([1, 2]), "np.array([1, 2])"),
        (np.array([[True], [False]]), "np.array([[True], [False]])"),
        (np.array(2, np.int8), "np.int8(2)"),
        (np.float32(0.1), "np.float32(0.1)"),
        (np.zeros((2, 1, 16, 22), np.float32), "np.zeros((2, 1, 16, 22), dtype=np.float32)"),
        (np.ones(9), "np.ones(9)"),
        (np.full((3, 3), 7), "np.full((3, 3), 7)"),
        (np.zeros((0, 3)), "np.zeros((0, 3))"),
        (np.full(5, True), "np.full((5,), True)"),
        (torch.tensor([[1.5, -2]]), "torch.tensor([[1.5, -2.0]])"),
        (torch.tensor(3), "torch.tensor(3)"),
        (torch.zeros(2, 1, 16, 22), "torch.zeros(2, 1, 16, 22)"),
        (torch.ones(9, dtype=torch.float64), "torch.ones(9, dtype=torch.float64)"),
        (torch.full((2, 3), 0.5, dtype=torch.bfloat16), "torch.full((2, 3), 0.5, dtype=torch.bfloat16)"),
        (torch.tensor([0.5], dtype=torch.float16), "torch.tensor([0.5], dtype=torch.float16)"),
        (np.array([1, 2, 3])[::2], "np.repeat(np.array([1, 3]), 2, axis=-1)[::2]"),
        (torch.eye(2).repeat_interleave(2, 1)[:, ::2].T, "torch.tensor([[1.0, 0.0], [0.0, 1.0]])"),
    ],
)
def test_array_is_shown_as_python_that_makes_it(live, source):
    plain = encode(live)
    text = array_source(plain)

    assert text.startswith(source)
    made = encode(eval(text, {"np": np, "torch": torch}))
    assert (made.dtype, made.library, made.is_contiguous) == (plain.dtype, plain.library, plain.is_contiguous)
    assert same(made.values, plain.values)


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_view_is_shown_with_the_strides_that_the_argument_has(library):
    plain = Array(np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), "float32", library, is_contiguous=False)

    made, argument = eval(array_source(plain), {"np": np, "torch": torch}), build(plain)

    assert _strides(made) == _strides(argument)
    assert not encode(made).is_contiguous


def _strides(live):
    return live.stride() if isinstance(live, torch.Tensor) else live.strides


@given(st.sampled_from(sorted(ARRAY_DTYPES)).flatmap(arrays_of), st.booleans())
@settings(deadline=None, max_examples=200)
def test_source_of_any_array_that_has_one_makes_the_same_array(values, is_contiguous):
    plain = Array(values, values.dtype.name, "numpy", is_contiguous)
    text = array_source(plain)

    assert text is None or same(np.asarray(eval(text, {"np": np})), values)


def test_tensorflow_tensor_is_shown_as_python_too():
    ones = np.ones((2, 3), np.float32)

    assert array_source(Array(np.array([1, 2], np.int32), "int32", "tensorflow")) == "tf.constant([1, 2])"
    assert array_source(Array(ones, "float32", "tensorflow")) == "tf.ones((2, 3))"
    assert array_source(Array(ones / 2, "float32", "tensorflow")) == "tf.constant(0.5, shape=(2, 3))"


@pytest.mark.parametrize(
    ("live", "words"),
    [
        (np.arange(500.0), "<float64 NumPy array of shape (500,), from 0.0 to 499.0: 0.0, 1.0, 2.0, 3.0, …>"),
        (
            torch.arange(1000, dtype=torch.int8).reshape(10, 100)[:, ::2],
            "<int8 torch tensor of shape (10, 50), not contiguous, from -128 to 126: 0, 2, 4, 6, …>",
        ),
    ],
)
def test_large_array_is_told_by_dtype_shape_range_and_first_numbers(live, words):
    assert array_source(encode(live)) is None
    assert array_text(encode(live), "typed") == words


def test_results_are_told_in_six_digits_and_arguments_in_all():
    third = encode(np.array([1 / 3]))

    assert array_text(third) == "np.array([0.333333])"
    assert array_text(third, "exact") == "np.array([0.3333333333333333])"


def test_no_source_is_longer_than_a_learner_would_copy():
    assert array_source(encode(np.arange(100.0) / 3)) is None
    assert len(array_source(encode(np.arange(50)))) <= LONGEST
