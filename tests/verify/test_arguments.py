import numpy as np
import pytest
import torch

from quizlib import zoo
from quizlib.authoring import Case, ZooModel
from quizlib.errors import SpecError
from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.values import CaseEvidence, QuantizedArray
from quizlib.judging.compare import same_result
from quizlib.verify.arguments import python_of

ARGUMENTS = [
    3,
    -0.1,
    True,
    None,
    "it's",
    b"\x00\xff",
    [1, (2,), (), (3, 4)],
    {"a": [1.5], "two words": {"b": None}},
    np.float32(0.1),
    np.array([[0.1, -2.0]], np.float32),
    np.array([True, False]),
    np.array([1, 255], np.uint8),
    np.zeros((0, 3), np.int8),
    np.arange(6.0)[::2],
    torch.tensor([[0.1, 2.0]], dtype=torch.bfloat16),
    torch.arange(8, dtype=torch.int8)[::2],
    torch.zeros(0, 4),
    np.int8,
    torch.qint8,
]


@pytest.mark.parametrize("argument", ARGUMENTS, ids=str)
def test_expression_makes_the_argument_anew(argument):
    plain = Case("any", argument).probe("first").arguments[0]

    made = eval(python_of(plain), {"np": np, "torch": torch, "zoo": zoo})

    assert type(made) is type(build(plain))
    assert same_result(CaseEvidence("any", encode(made)), CaseEvidence("any", plain))


def test_long_array_is_written_whole():
    numbers = np.random.default_rng(0).normal(size=(30, 40)).astype(np.float32)
    made = eval(python_of(encode(numbers)), {"np": np})

    assert made.dtype == np.float32
    np.testing.assert_array_equal(made, numbers)


def test_array_that_is_no_view_of_another_stays_contiguous_and_a_view_does_not():
    whole, view = np.arange(6.0), np.arange(6.0)[::2]

    assert eval(python_of(encode(whole)), {"np": np}).flags.c_contiguous
    assert not eval(python_of(encode(view)), {"np": np}).flags.c_contiguous


def test_model_is_built_and_jittered_as_in_a_probe():
    model = eval(python_of(ZooModel("digits_mlp", seed=3)), {"zoo": zoo})
    expected = build(ZooModel("digits_mlp", seed=3))

    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), expected.parameters(), strict=True))


def test_argument_that_no_expression_makes_is_refused():
    codes = QuantizedArray(np.zeros(1, np.int8), np.ones(1), np.zeros(1), "qint8", "Tensor")

    with pytest.raises(SpecError, match="QuantizedArray as its argument"):
        python_of(codes)
