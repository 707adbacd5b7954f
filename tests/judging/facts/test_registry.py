import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizlib import zoo
from quizlib.errors import QuizError, SpecError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import ZooModel
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import stored
from quizlib.judging.facts.registry import FACTS, FactContext, flaw_of, holds, is_self_reported, measure
from tests.evidence.plain import dense, plain_values, quantized, sparse
from tests.judging.facts.models import holding

CASE = ProbeCase("public-0", ([1], ZooModel("digits_mlp", 3)), {"other": ZooModel("digits_cnn")})


@pytest.mark.parametrize(
    ("bounds", "kept", "broken"),
    [
        ({"equals": 3}, [3, 3.0], [2, "3"]),
        ({"equals": False}, [False, 0], [True, "False"]),
        ({"equals": "int8"}, ["int8"], ["uint8", 8]),
        ({"differs": 0}, [1, -1, "0"], [0, 0.0, False]),
        ({"at_least": 0.5}, [0.5, 1], [0.49, "0.9", float("nan")]),
        ({"at_most": 0.5}, [0.5, -1], [0.51, "0.1", float("nan")]),
        ({"at_least": 1, "at_most": 2}, [1, 1.5, 2], [0.9, 2.1]),
        ({"at_least": 1, "differs": 2}, [1, 3], [0, 2]),
    ],
)
def test_condition_holds_within_its_bounds_only(bounds, kept, broken):
    condition = Condition(fact="sparsity", **bounds)

    assert all(holds(condition, value) for value in kept)
    assert not any(holds(condition, value) for value in broken)


def test_unknown_fact_is_the_courses_fault():
    with pytest.raises(SpecError, match=r"no fact is called 'sparsty'; there are .*sparsity"):
        measure(Condition(fact="sparsty", equals=1), None, FactContext())


def test_original_is_the_first_zoo_model_of_the_case_else_the_one_named():
    assert FactContext(CASE).zoo_model("digits_cnn") == ZooModel("digits_mlp", 3)
    assert FactContext().zoo_model("digits_cnn") == ZooModel("digits_cnn")
    with pytest.raises(SpecError, match="pass it as origin"):
        FactContext(ProbeCase("a", (1,))).zoo_model()


def test_missing_answer_is_the_courses_fault():
    with pytest.raises(SpecError, match="give the exercise a reference"):
        FactContext().answer()


def test_facts_on_the_kernels_word_are_marked():
    assert {name for name in FACTS if is_self_reported(name)} == {
        "inputs_changed",
        "is_training",
        "modules_of_class",
        "observed_sums",
        "pruning_leftovers",
        "tensors_not_buffers",
        "unsaved_tensors",
        "wrappers_left",
    }


ARGUMENTS = {
    "weight": "hidden1.weight",
    "weights": ["hidden1.weight"],
    "layer": "hidden1",
    "layers": ["hidden1"],
    "origin": "digits_mlp",
    "ends_with": "Linear",
    "sparsity": 0.5,
    "names": ["codes", "scale"],
    "quant_max": 127,
    "strengths": [-1, 0, 1],
}


def condition_of(name, **bounds):
    """Return a condition on a fact, with an argument for each that it needs."""
    parameters = list(inspect.signature(FACTS[name]).parameters.values())[2:]
    needed = {p.name: ARGUMENTS[p.name] for p in parameters if p.default is p.empty or p.name in ("origin", "sparsity")}
    return Condition(fact=name, args=needed, **bounds)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_can_be_asked_for(name):
    is_text = inspect.signature(FACTS[name]).return_annotation == "str"

    assert flaw_of(condition_of(name, equals="x" if is_text else 0), has_origin=False) is None
    assert FACTS[name].__doc__.startswith("Return ")


CHEAP = sorted(name for name in FACTS if not name.startswith("litert") or name == "litert_size_bytes")
TRAINED = stored(encode(zoo.build("digits_mlp")))
tensors = st.one_of(dense, quantized(), sparse())
# Models that have what is measured, in shapes, dtypes and layouts of any kind.
models = st.one_of(
    st.builds(lambda tensor: holding(**{"hidden1.weight": tensor}), tensors),
    st.builds(
        lambda name, tensor: holding(**{**TRAINED, name: tensor}),
        st.sampled_from(["hidden1.weight", *TRAINED]),
        tensors,
    ),
)


def outcome(name, subject, expected):
    """Return what a fact is, or the sentence that says why it is not there."""
    try:
        return measure(condition_of(name, equals=0), subject, FactContext(CASE, expected))
    except SpecError:
        raise
    except QuizError as error:
        return str(error)


@given(plain_values | models, plain_values.filter(lambda value: value is not None) | models, st.sampled_from(CHEAP))
@settings(deadline=None, max_examples=200)
def test_no_response_makes_a_fact_fail_but_in_words(subject, expected, name):
    assert isinstance(outcome(name, subject, expected), bool | int | float | str)
