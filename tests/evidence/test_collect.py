import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from quizlib import zoo
from quizlib.errors import CheckBrokenError, MissingWeightsError
from quizlib.evidence.collect import VALUE_CASE, collect, is_stub
from quizlib.evidence.files import crossed
from quizlib.evidence.probe import Probe, ProbeCase
from quizlib.evidence.values import Array, TorchModel, Unreadable, ZooModel
from tests.evidence.plain import same

X = Array(np.array([1.0, 2.0]), "float64", "numpy")


def probe(kind="function", *cases):
    return Probe("any-item", 1, kind, "answer", tuple(cases) or (ProbeCase("public-0", (X,)),))


def case_of(function, *arguments):
    (case,) = collect(probe("function", ProbeCase("public-0", arguments or (X,))), function).cases
    return case


@pytest.mark.parametrize("response", [..., None, "?", " ?\n", ""])
@pytest.mark.parametrize("kind", ["answer", "value", "function", "litert"])
def test_untouched_stub_is_unanswered(kind, response):
    evidence = collect(probe(kind), response)

    assert (evidence.unanswered, evidence.problem, evidence.cases) == (True, None, ())


@pytest.mark.parametrize("kind", ["torch_model", "keras_model"])
def test_model_that_is_none_is_told_how_that_comes_about(kind):
    evidence = collect(probe(kind), None)

    assert not evidence.unanswered
    assert "but it is None; a call that changes a model in place, such as quantize_, returns None." in evidence.problem


@pytest.mark.parametrize("response", [0, False, [], "A", np.zeros(0)])
def test_answer_that_is_only_empty_is_no_stub(response):
    assert not is_stub(response)


@pytest.mark.parametrize("function", [lambda x: None, lambda x: ...])
def test_function_that_returns_nothing_anywhere_is_unanswered(function):
    assert collect(probe(), function).unanswered


def test_function_that_returns_something_somewhere_is_answered():
    cases = (ProbeCase("public-0", (1,)), ProbeCase("public-1", (2,)))

    assert not collect(probe("function", *cases), lambda x: x if x > 1 else None).unanswered


def test_function_that_only_changes_its_input_is_answered():
    assert not collect(probe(), lambda x: x.fill(0)).unanswered


def test_function_is_called_on_fresh_inputs_of_each_case():
    cases = (ProbeCase("public-0", (X,), {"by": 2}), ProbeCase("public-1", (X,), {"by": 3}))

    def scale(x, by):
        x *= by
        return x

    evidence = collect(probe("function", *cases), scale)
    assert [case.output.values.tolist() for case in evidence.cases] == [[2.0, 4.0], [3.0, 6.0]]
    assert all(case.inputs_changed for case in evidence.cases)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.__setitem__(0, 9.0),
        lambda x: x.__setitem__(0, float("nan")),
        lambda x: x.resize((2, 1), refcheck=False),
        lambda x: (x.fill(0), 1 / 0),
    ],
)
def test_change_of_an_input_is_seen(change):
    assert case_of(change).inputs_changed


def test_inputs_that_changed_are_known_by_their_places():
    def change(first, second, by, other):
        second.append(1)
        other.append(1)

    case = ProbeCase("public-0", ([1], [2]), {"by": [3], "other": [4]})
    (seen,) = collect(probe("function", case), change).cases

    assert (seen.inputs_changed, seen.changed) == (True, (1, 3))
    assert case_of(lambda values: values, [1]).changed == ()


def test_change_inside_a_list_or_a_model_is_seen():
    def zero(model):
        nn.init.zeros_(model.output.bias)
        return model

    assert case_of(lambda values: values.append(1), [1]).inputs_changed
    assert case_of(zero, ZooModel("digits_mlp")).inputs_changed
    assert case_of(lambda model: model.train(), ZooModel("digits_mlp")).inputs_changed
    assert case_of(lambda model: model.requires_grad_(False), ZooModel("digits_mlp")).inputs_changed
    assert not case_of(lambda model: model, ZooModel("digits_mlp")).inputs_changed


@pytest.mark.parametrize("change", [nn.Module.train, lambda model: model.output.requires_grad_(False)])
def test_a_model_that_is_in_another_mode_or_trained_no_more_is_told_from_one_of_other_numbers(change):
    seen = case_of(change, ZooModel("digits_mlp"))
    assert (seen.inputs_changed, seen.changed, seen.restated) == (True, (0,), (0,))

    pruned = case_of(lambda model: nn.init.zeros_(model.train().output.bias), ZooModel("digits_mlp"))
    assert (pruned.changed, pruned.restated) == ((0,), ())
    assert case_of(lambda values: values.append(1), [1]).restated == ()


@pytest.mark.parametrize(
    ("function", "type_name", "message"),
    [
        (lambda x: 1 / 0, "ZeroDivisionError", "division by zero"),
        (lambda: 0, "TypeError", "takes 0 positional arguments but 1 was given"),
        (lambda x, y: 0, "TypeError", "missing 1 required positional argument: 'y'"),
        (lambda x: exit(), "SystemExit", "exit() was called"),
        (lambda x: [].pop(), "IndexError", "pop from empty list"),
        (lambda x: undefined_name, "NameError", "undefined_name"),  # noqa: F821  on purpose
    ],
)
def test_what_a_function_raises_is_kept_as_its_failure(function, type_name, message):
    failure = case_of(function).failure

    assert failure.type_name == type_name
    assert message in failure.message
    assert failure.ancestors[0] == type_name


def test_failure_names_the_classes_it_derives_from():
    class ShapeError(ValueError):
        pass

    def fail(x):
        raise ShapeError("bad")

    assert case_of(fail).failure.ancestors == ("ShapeError", "ValueError", "Exception")


def test_endless_recursion_is_a_failure():
    def deeper(x):
        return deeper(x)

    assert case_of(deeper).failure.type_name == "RecursionError"


def test_exception_whose_message_raises_is_kept_without_it():
    class MuteError(Exception):
        def __str__(self):
            raise ValueError("no")

    def fail(x):
        raise MuteError

    assert case_of(fail).failure.message == "its message cannot be read"


def test_message_of_a_failure_is_short_and_valid_unicode():
    def fail(x):
        raise ValueError("\ud800" + "m" * 9999)

    assert case_of(fail).failure.message == "?" + "m" * 499


def test_interrupt_from_outside_is_not_the_functions():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(probe(), interrupted)


class Equal:
    def __eq__(self, other):
        return True

    __hash__ = None


class Disguised:
    @property
    def __class__(self):
        raise RuntimeError("no class")


def nested(x):
    values = []
    values.extend([values] * 9)
    return values


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda x: Equal(), "is neither a number"),
        (lambda x: (i for i in range(3)), "is neither a number"),
        (lambda x: np.zeros(2**24 + 1, np.int8), "at most 16,777,216 values"),
        (lambda x: "x" * 10**6, "over 10,000 characters"),
        (lambda x: [0] * 10**6, "over 20,000 entries"),
        (lambda x: 10**100, "64 bits"),
        (lambda x: x / 0, "NaN or infinity"),
        (nested, "over 20,000 entries"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_output_that_is_no_plain_data_is_unreadable(function, reason):
    assert reason in case_of(function).output.reason


def test_output_whose_class_cannot_be_asked_for_is_that_cases_failure():
    assert case_of(lambda x: Disguised()).failure.message == "no class"


def test_outputs_that_are_too_much_together_are_a_problem_in_words():
    cases = [ProbeCase(f"public-{i}", (i,)) for i in range(3)]
    evidence = collect(probe("function", *cases), lambda x: np.zeros(2**24))

    assert evidence.cases == ()
    assert evidence.problem.startswith("answer cannot be read: it takes ")


def test_output_that_is_an_input_is_a_copy_of_what_it_was_then():
    kept = []

    def remember(x):
        kept.append(x)
        kept[0][0] = -1.0
        return x

    first, second = collect(probe("function", ProbeCase("a", (X,)), ProbeCase("b", (X,))), remember).cases
    assert first.output.values.tolist() == [-1.0, 2.0]
    assert second.output.values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("kind", "response", "problem"),
    [
        ("function", 3, "answer should be a function, but it is of type int."),
        ("function", dict, "answer should be a function, but it is of type type."),
        (
            "value",
            b"ab",
            "answer should be plain values: numbers, text, lists, dicts or arrays, but it is of type bytes.",
        ),
        ("answer", nn.ReLU(), "answer should be an answer, but it is of type torch.nn.modules.activation.ReLU."),
        ("torch_model", nn.Linear, "answer should be a torch.nn.Module, but it is of type type."),
        (
            "keras_model",
            nn.ReLU(),
            "answer should be a tf_keras model, but it is of type torch.nn.modules.activation.ReLU.",
        ),
        ("litert", "model.tflite", "answer should be bytes, as the converter returns them, but it is of type str."),
        ("value", [1, 2**70], "answer holds an int that does not fit 64 bits."),
        ("value", [1, float("nan")], "answer holds a float that is nan, which is not a finite number."),
        (
            "value",
            Equal(),
            "answer should be plain values",
        ),
    ],
)
def test_response_of_the_wrong_type_is_a_problem_in_words(kind, response, problem):
    assert collect(probe(kind), response).problem.startswith(problem)


def test_response_whose_class_cannot_be_asked_for_is_a_problem_in_words():
    assert collect(probe("value"), Disguised()).problem == "answer cannot be read: RuntimeError: no class"


def test_letters_may_come_as_a_set():
    assert collect(probe("answer"), {"C", "A"}).response == ["A", "C"]
    assert "set" in collect(probe("value"), {"C", "A"}).problem


def test_value_is_its_one_case():
    (case,) = collect(probe("value"), {"bits": 8}).cases

    assert (case.case, case.output) == (VALUE_CASE, {"bits": 8})


def test_bytes_are_kept_and_never_called():
    evidence = collect(probe("litert"), b"TFL3")

    assert (evidence.response.content, evidence.cases) == (b"TFL3", ())


def test_model_is_kept_and_called_on_each_case():
    model = nn.Linear(2, 1)
    x = Array(np.ones((3, 2), np.float32), "float32", "torch")
    wrong = Array(np.ones((3, 5), np.float32), "float32", "torch")
    evidence = collect(probe("torch_model", ProbeCase("a", (x,)), ProbeCase("b", (wrong,))), model)

    assert isinstance(evidence.response, TorchModel)
    assert evidence.cases[0].output.values.tolist() == model(torch.ones(3, 2)).tolist()
    assert evidence.cases[1].failure.type_name == "RuntimeError"


def test_model_with_a_weight_that_is_not_finite_is_a_problem_in_words():
    model = nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.fill_(float("inf"))

    assert collect(probe("torch_model"), model).problem == (
        "answer holds a torch array that holds NaN or infinity in 2 of its 2 values."
    )


objects = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        st.text(),
        st.binary(max_size=9),
        st.sampled_from([object(), Equal(), int, np.float16(1), np.array([None]), torch.ones(2) * 1j, ...]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers(), st.binary(max_size=2)), inner, max_size=3),
    ),
    max_leaves=10,
)


@given(objects, st.sampled_from(["answer", "value", "function", "torch_model", "litert"]))
@settings(deadline=None, max_examples=100)
def test_whatever_comes_back_crosses_unchanged(response, kind):
    given_back = collect(probe(kind), (lambda x: response) if kind == "function" else response)

    assert same(crossed(given_back), given_back)
    assert not isinstance(given_back.response, Unreadable)


def broken(*_):
    raise AttributeError("module has no attribute 'build'")


def test_inputs_that_cannot_be_built_are_no_fault_of_the_response(monkeypatch):
    monkeypatch.setattr("quizlib.zoo.build", broken)

    with pytest.raises(CheckBrokenError, match=r"the check itself failed \(AttributeError: module has no attribute"):
        case_of(lambda model: model, ZooModel("digits_mlp"))


def test_missing_weights_of_a_pretrained_network_are_told_with_the_command(monkeypatch, tmp_path):
    monkeypatch.setenv("QUIZLIB_MODELS", str(tmp_path))

    with pytest.raises(MissingWeightsError, match="run: quizlib models crepe-tiny"):
        case_of(lambda model: model, ZooModel("crepe_tiny"))


def test_error_inside_the_library_is_no_fault_of_the_response(monkeypatch):
    monkeypatch.delattr("quizlib.evidence.python_objects._integer")

    with pytest.raises(CheckBrokenError, match="says nothing about your answer; restart the kernel"):
        collect(probe("answer"), 3)


def test_learners_wrong_call_of_the_library_is_a_failure_and_not_a_broken_check():
    assert case_of(lambda x: zoo.build("no such model")).failure is not None
    assert case_of(lambda x, y: x).failure.type_name == "TypeError"


def test_tensor_that_is_made_to_ask_for_a_gradient_is_changed():
    tensor = Array(np.array([1.0, 2.0], dtype=np.float32), "float32", "torch")

    assert not case_of(lambda x: x * 2, tensor).inputs_changed
    assert not case_of(lambda x: x.clone().requires_grad_().sum(), tensor).inputs_changed
    assert case_of(lambda x: x.requires_grad_().sum(), tensor).inputs_changed
    assert case_of(lambda x: x.requires_grad_().sum().backward(), tensor).inputs_changed


@pytest.mark.parametrize("kind", ["answer", "value"])
def test_a_response_that_says_it_is_of_another_class_is_unreadable_and_no_fault_of_ours(kind):
    liar = type("Liar", (), {"__class__": str})()
    assert not is_stub(liar)
    assert "Liar that is neither a number" in collect(probe(kind), liar).problem
