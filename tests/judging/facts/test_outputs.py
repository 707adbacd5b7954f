import numpy as np
import pytest
import torch

from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.values import CaseEvidence
from quizlib.judging.facts.outputs import inputs_changed
from quizlib.judging.facts.registry import FactContext
from tests.judging.facts.models import fact


def on(name, output, expected=None, **arguments):
    return fact(name, encode(output), FactContext(None, encode(expected)), **arguments)


@pytest.mark.parametrize(
    ("output", "low", "high"),
    [([3, -1.5], -1.5, 3), ((True, False), 0, 1), (2.5, 2.5, 2.5), (np.array([[1, 9]], np.int8), 1, 9)],
)
def test_smallest_and_largest_number(output, low, high):
    assert (on("smallest", output), on("largest", output)) == (low, high)


def test_part_of_an_output_is_measured_by_name():
    assert on("largest", {"codes": [1, 2], "scale": 9}, part="codes") == 2
    assert on("output_dtype", (np.int8(1), 2.0), part=0) == "int8"


@pytest.mark.parametrize("name", ["largest", "smallest", "largest_error", "output_dtype", "output_kind"])
@pytest.mark.parametrize(
    ("output", "told"),
    [({"codes": 1}, "a dict that has no entry 'x_hat'"), (float("inf"), "a float that is inf")],
)
def test_part_that_cannot_be_measured_says_why(name, output, told):
    with pytest.raises(FactError, match=f"the output is or holds {told}"):
        on(name, output, {"x_hat": 1}, part="x_hat")


def test_largest_error_is_against_the_expected_output():
    assert on("largest_error", np.array([1.0, 2.0]), np.array([1.5, 2.0])) == 0.5
    assert on("largest_error", {"a": 1}, {"a": 4}, part="a") == 3
    with pytest.raises(FactError, match=r"expected shape \(2,\), found \(3,\)"):
        on("largest_error", [1, 2, 3], [1, 2])


@pytest.mark.parametrize("name", ["largest", "smallest", "largest_error"])
@pytest.mark.parametrize("output", ["text", None, [], np.zeros(0), [[1]], {"a": 1}])
def test_what_is_no_number_is_told_in_words(name, output):
    with pytest.raises(FactError, match="expected numbers, but it"):
        on(name, output, 1.0)


@pytest.mark.parametrize(
    ("output", "dtype", "kind"),
    [
        (torch.zeros(1, dtype=torch.int8), "int8", "a torch tensor"),
        (np.zeros(1), "float64", "a NumPy array"),
        (3, "int", "a whole number"),
        ([1], "list", "a list"),
        (None, "NoneType", "None"),
    ],
)
def test_dtype_and_kind_of_an_output(output, dtype, kind):
    assert (on("output_dtype", output), on("output_kind", output)) == (dtype, kind)


@pytest.mark.parametrize("is_changed", [True, False])
def test_inputs_changed_is_what_the_kernel_saw(is_changed):
    context = FactContext(got=CaseEvidence("case", None, None, is_changed))
    assert inputs_changed(None, context) is is_changed


def test_inputs_changed_needs_a_call():
    with pytest.raises(FactError, match="called"):
        inputs_changed(None, FactContext())


def test_given_changed_counts_what_was_used_up():
    assert fact("given_changed", 3.0, FactContext(given_changed=("mlp", "digits"))) == 2
    assert fact("given_changed", 3.0, FactContext()) == 0


def test_a_model_in_another_mode_changed_and_its_numbers_did_not():
    called = FactContext(got=CaseEvidence("a", None, None, True, changed=(0,), restated=(0,)))
    kept = FactContext(given_changed=("mlp",), given_restated=("mlp",))

    assert (fact("inputs_changed", 3.0, called), fact("input_numbers_changed", 3.0, called)) == (True, False)
    assert fact("input_numbers_changed", 3.0, FactContext(got=CaseEvidence("a", None, None, True, changed=(0,))))
    assert (fact("given_changed", 3.0, kept), fact("given_changed", 3.0, kept, numbers=True)) == (1, 0)
    with pytest.raises(FactError, match="called"):
        fact("input_numbers_changed", 3.0, FactContext())
