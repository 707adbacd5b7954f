import numpy as np
import pytest
import torch
from hypothesis import given, settings

from quizlib.evidence.encode import encode
from quizlib.evidence.values import Array, CaseEvidence, Failure, KerasLayer, KerasModel, TorchModel, Unreadable
from quizlib.items.exercise import Matches
from quizlib.judging.compare import count_of_differences, difference, difference_in_part, part_of, same_result
from quizlib.judging.describing import kind_of
from tests.evidence.plain import plain_values

EXACT = Matches(rtol=0, atol=0)
LARGEST = np.finfo(np.float64).max


def differs(expected, got, **rule):
    return difference(encode(expected), encode(got), Matches(**rule))


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1.00005),
        (0.0, 5e-7),
        (2, 2.0),
        (np.float32(0.1), 0.1),
        (True, 1),
        (np.arange(3), torch.arange(3)),
        (np.zeros((0, 3)), np.ones((0, 3))),
        ([1, 2.0], (1, 2)),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}),
        ("text", "text"),
        (None, None),
        (b"ab", b"ab"),
        (torch.int8, torch.int8),
        (np.dtype("int8"), np.int8),
        (-0.0, 0.0),
    ],
)
def test_equal_values_do_not_differ(expected, got):
    assert differs(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got", "told"),
    [
        (1.0, 1.1, "the output should be 1, but it is 1.1"),
        (True, False, "the output should be True, but it is False"),
        (
            np.array([1.0, 2.0]),
            np.array([1.0, 2.5]),
            "the output differs in 1 of 2 values, in entry 1: it is 2.5, expected 2",
        ),
        (
            np.array([LARGEST]),
            np.array([-LARGEST]),
            "the output differs in entry 0: it is -1.798e+308, expected 1.798e+308",
        ),
        (np.zeros(3), np.zeros((3, 1)), "the output should have shape (3,), but it has shape (3, 1)"),
        (np.zeros(1), 0.0, "the output should have shape (1,), but it has shape ()"),
        ([1, 2], [1], "the output should hold 2 entries, but it holds 1"),
        ([1, [2]], [1, [3]], "entry 0 of entry 1 of the output should be 2, but it is 3"),
        ([1], 1, "the output should be a list of 1, but it is a whole number"),
        ({"a": 1}, {"a": 2}, "'a' in the output should be 1, but it is 2"),
        ({"a": 1}, {"b": 1}, "the output lacks 'a' and should not have 'b'"),
        ({"a": 1}, [1], "the output should be a dict, but it is a list"),
        ("a", "b", "the output should be 'a', but it is 'b'"),
        ("a", 1, "the output should be text, but it is 1"),
        (np.zeros(2), None, "the output should be a NumPy array, but it is None"),
        (b"a", b"b", "the output holds other bytes than expected"),
        (torch.int8, torch.uint8, "the output should be torch.int8, but it is torch.uint8"),
        (1, object(), "the output is an object that is neither a number, text, array, tensor, model nor bytes"),
        (1, float("nan"), "the output is a float that is nan, which is not a finite number"),
    ],
)
def test_difference_is_told_in_words(expected, got, told):
    assert differs(expected, got) == told


def test_numbers_that_look_alike_are_told_in_full():
    assert differs(1.0, 1.0000001, rtol=0, atol=0) == "the output should be 1.0, but it is 1.0000001"


def test_tolerance_is_absolute_plus_relative():
    assert differs(100.0, 101.4, rtol=0.01, atol=0.5) is None
    assert differs(100.0, 101.6, rtol=0.01, atol=0.5)


def test_whole_numbers_are_compared_exactly_without_a_tolerance():
    assert difference(2**60, 2**60 + 1, EXACT)
    assert difference(2**60, 2**60, EXACT) is None


def test_many_entries_too_many_are_told_briefly():
    told = differs({}, {f"key{i}": i for i in range(999)})

    assert told.startswith("the output should not have 'key0', 'key1'")
    assert len(told) < 200
    assert "and 996 more" in told


@pytest.mark.parametrize(
    ("rule", "expected", "got", "told"),
    [
        ("dtype", np.zeros(2, np.int8), np.zeros(2), "should have dtype int8, but it has dtype float64"),
        ("dtype", 1, 1.0, "should have dtype int, but it has dtype float"),
        ("dtype", torch.zeros(1, dtype=torch.bfloat16), torch.zeros(1), "dtype bfloat16, but it has dtype float32"),
        ("library", torch.zeros(2), np.zeros(2, np.float32), "should be a torch tensor, but it is a NumPy array"),
        ("contiguous", np.zeros((2, 3)), np.zeros((3, 2)).T, "should be contiguous in memory"),
        ("contiguous", np.zeros((3, 2)).T, np.zeros((2, 3)), "should not be contiguous in memory"),
    ],
)
def test_dtype_library_and_strides_are_compared_where_asked(rule, expected, got, told):
    assert differs(expected, got) is None
    assert told in differs(expected, got, **{rule: True})


def quantized(codes, scale=0.5, zero_point=0):
    return torch.quantize_per_tensor(torch.tensor(codes) * scale, scale, zero_point, torch.qint8)


def test_quantized_tensors_are_compared_by_codes_and_by_what_they_stand_for():
    assert differs(quantized([1.0, 2.0]), quantized([1.0, 2.0])) is None
    assert differs(quantized([1.0, 2.0]), quantized([1.0, 3.0])).startswith("the codes of the output")
    assert differs(quantized([1.0, 2.0]), quantized([1.0, 2.0], scale=0.25)).startswith("the output differs")
    assert "quantized tensor" in differs(quantized([1.0]), torch.tensor([0.5]))


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
def test_sparse_tensors_are_compared_by_layout_and_by_their_numbers():
    eye, other = torch.eye(2), torch.ones(2, 2)

    assert differs(eye.to_sparse_csr(), eye.to_sparse_csr()) is None
    assert "differs in 2 of 4" in differs(eye.to_sparse_csr(), other.to_sparse_csr())
    assert differs(eye.to_sparse_csr(), eye.to_sparse()) == (
        "the output should be a sparse csr tensor, but it is a sparse coo tensor"
    )


@given(plain_values, plain_values)
@settings(deadline=None, max_examples=150)
def test_any_two_values_are_compared(expected, got):
    told = difference(expected, got, Matches())

    assert told is None or isinstance(told, str)
    assert kind_of(got)


@pytest.mark.parametrize(
    ("output", "part", "found"),
    [({"a": 1}, "a", 1), ({"8": 1}, 8, 1), ([1, 2], 1, 2), ((1, 2), -1, 2), ([1], None, [1])],
)
def test_part_is_an_entry_by_name_or_position(output, part, found):
    assert part_of(output, part) == found


@pytest.mark.parametrize(("output", "part"), [({"a": 1}, "b"), ([1], 1), ([1], -2), (3, 0), ([1], "a"), (None, "a")])
def test_part_that_is_missing_says_so(output, part):
    assert part_of(output, part).reason == f"has no entry {part!r}"


ERROR = Failure("ValueError", ("ValueError",), "one")


@pytest.mark.parametrize(
    ("known", "got", "equal"),
    [
        (CaseEvidence("a", 1), CaseEvidence("a", 1), True),
        (CaseEvidence("a", 1), CaseEvidence("a", 2), False),
        (CaseEvidence("a", 1), CaseEvidence("a", 1, inputs_changed=True), False),
        (CaseEvidence("a", 1), CaseEvidence("a", 1.0), False),
        (CaseEvidence("a", None, ERROR), CaseEvidence("a", None, Failure("ValueError", (), "two")), True),
        (CaseEvidence("a", None, ERROR), CaseEvidence("a", None, Failure("TypeError", (), "one")), False),
        (CaseEvidence("a", None, ERROR), CaseEvidence("a", None), False),
        (CaseEvidence("a", None), CaseEvidence("a", None, ERROR), False),
        (CaseEvidence("a", Unreadable("set", "x")), CaseEvidence("a", Unreadable("set", "y")), True),
        (CaseEvidence("a", Unreadable("set", "x")), CaseEvidence("a", 1), False),
        (CaseEvidence("a", 1), CaseEvidence("a", Unreadable("set", "x")), False),
    ],
)
def test_results_are_the_same_in_output_or_in_the_type_raised(known, got, equal):
    assert same_result(known, got) is equal


def test_missing_part_is_told_with_one_article():
    sentence = difference([1], part_of({"files": 1}, "file"), Matches())

    assert sentence == "the output is a dict that has no entry 'file'"
    assert part_of(None, 0).told == "None, which has no entry 0"
    assert part_of("text", 0).told == "text that has no entry 0"


@pytest.mark.parametrize(
    ("expected", "got", "part", "told"),
    [
        ({"kept": 1, "spoiled": 0}, {"kept": 9, "spoiled": 2}, "spoiled", "'spoiled' in the output should be 0, but"),
        ({8: 1.0}, {8: 2.0}, 8, "8 in the output should be 1, but it is 2"),
        ({"8": 1.0}, {"8": 2.0}, "8", "'8' in the output should be 1, but it is 2"),
        ({8: 1.0}, {"8": 1.0}, 8, "the output is a dict that has no entry 8"),
        ([1, 2], (1, 3), 1, "entry 1 of the output should be 2, but it is 3"),
        ([1, [2, 3]], [1, [2, 4]], 1, "entry 1 of entry 1 of the output should be 3, but it is 4"),
        ({"a": 1}, {"a": object()}, "a", "'a' in the output is an object that is neither a number, text"),
        ({"a": 1}, {"a": None}, "a", "'a' in the output should be a whole number, but it is None"),
        ({"a": 1}, {"b": 1}, "a", "the output is a dict that has no entry 'a'"),
        ({"a": 1}, {1, 2}, "a", "the output is a set that is neither a number, text"),
        ({"a": 1}, float("nan"), "a", "the output is a float that is nan, which is not a finite number"),
        (1, 2, None, "the output should be 1, but it is 2"),
    ],
)
def test_difference_in_a_part_names_the_entry_or_says_why_there_is_none(expected, got, part, told):
    assert difference_in_part(encode(expected), encode(got), Matches(part=part)).startswith(told)


def test_other_entries_than_the_part_may_differ():
    assert difference_in_part({"a": 1, "b": 2}, {"a": 1, "c": 3}, Matches(part="a")) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda layer: None, None),
        (lambda layer: layer.eval(), None),
        (lambda layer: layer.bias.data.fill_(2), "'.bias' in the output differs in entry 0: it is 2, expected 0"),
        (lambda layer: layer.register_buffer("mask", torch.ones(1)), "the output should not have '.mask'"),
        (lambda layer: layer.register_parameter("bias", None), "the output lacks '.bias'"),
    ],
)
def test_models_are_compared_by_what_they_store(change, told):
    expected, got = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
    expected.bias.data.fill_(0)
    got.load_state_dict(expected.state_dict())
    change(got)

    assert difference(encode(expected), encode(got), EXACT) == told


def keras_model(value, *, name="hidden"):
    kernel = Array(np.array([value], np.float32), "float32", "tensorflow")
    return KerasModel((KerasLayer(name, "keras.Dense", "", {}, {"kernel": kernel}),))


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (keras_model(1.0), None),
        (keras_model(1.5), "'hidden/kernel' in the output differs in entry 0: it is 1.5, expected 1"),
        (keras_model(1.0, name="other"), "the output lacks 'hidden/kernel' and should not have 'other/kernel'"),
        (KerasModel(()), "the output lacks 'hidden/kernel'"),
        (TorchModel(()), "the output should be a Keras model, but it is a torch model"),
    ],
)
def test_keras_models_are_compared_by_what_they_store(got, told):
    assert difference(keras_model(1.0), got, EXACT) == told


def test_unreadable_results_are_the_same_for_the_same_reason():
    meta, none = Unreadable("torch.Tensor", "is on the meta device"), Unreadable("torch.Tensor", "is not finite")
    known = CaseEvidence("public-0", {"bias": meta})
    assert same_result(known, CaseEvidence("public-0", {"bias": meta}))
    assert not same_result(known, CaseEvidence("public-0", {"bias": none}))


def called(output):
    return CaseEvidence("a", 1, called=CaseEvidence("a", encode(output)))


def test_results_of_a_returned_model_are_compared_too():
    assert same_result(called(np.zeros(2)), called(np.zeros(2)))
    assert not same_result(called(np.zeros(2)), called(np.ones(2)))
    assert not same_result(called(np.zeros(2)), CaseEvidence("a", 1))
    assert not same_result(CaseEvidence("a", 1), called(np.zeros(2)))


@pytest.mark.parametrize(
    ("expected", "got", "count"),
    [
        (1, 1, 0),
        (1, 2, 1),
        (np.arange(4.0), np.array([0.0, 9.0, 2.0, 9.0]), 2),
        (np.zeros(3), np.zeros((3, 1)), 2),
        (np.zeros(3, np.float32), np.zeros(3), 2),
        ({"a": [1, 2], "b": 3}, {"a": [1, 5], "b": 4}, 2),
        ({"a": 1}, {"b": 1}, 2),
        ("a", "b", 1),
        (None, {"low": 1}, 2),
    ],
)
def test_values_in_which_outputs_differ_are_counted(expected, got, count):
    assert count_of_differences(encode(expected), encode(got)) == count


def test_whole_numbers_that_are_one_apart_are_other_results():
    one, other = (CaseEvidence("a", {"kept": count}) for count in (131_072, 131_071))
    assert same_result(one, CaseEvidence("a", {"kept": 131_072}))
    assert not same_result(one, other)
    assert count_of_differences(one.output, other.output) == 1


def test_real_numbers_that_are_nearly_equal_are_one_result():
    assert same_result(CaseEvidence("a", 131_072.0), CaseEvidence("a", 131_071.0))
