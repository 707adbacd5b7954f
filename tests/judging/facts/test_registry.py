import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizlib import zoo
from quizlib.errors import FactError, KindError, QuizError, SpecError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import KINDS, Array, CaseEvidence, TorchModel, ZooModel
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import stored
from quizlib.judging.facts.registry import (
    FACTS,
    FactContext,
    fact,
    flaw_of,
    holds,
    measure,
    measured_once,
    own_facts,
)
from tests.evidence.plain import PAIRS, dense, plain_values, quantized, sparse
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
    assert {name for name, found in FACTS.items() if found.is_self_reported} == {
        "given_changed",
        "input_numbers_changed",
        "inputs_changed",
        "lost_parameters",
        "modules_of_class",
        "observed_sums",
        "pruning_leftovers",
        "tensors_not_buffers",
        "unsaved_tensors",
        "wrappers_left",
    }


ARGUMENTS = {
    "places": "input",
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
    "order": "value",
}


def condition_of(name, **bounds):
    """Return a condition on a fact, with an argument for each that it needs."""
    parameters = list(FACTS[name].signature.parameters.values())[2:]
    needed = {p.name: ARGUMENTS[p.name] for p in parameters if p.default is p.empty or p.name in ("origin", "sparsity")}
    return Condition(fact=name, args=needed, **bounds)


every_fact = pytest.mark.parametrize("name", sorted(FACTS))


@every_fact
def test_every_fact_can_be_asked_for(name):
    condition = condition_of(name, equals="x" if FACTS[name].is_text else 0)

    assert flaw_of(condition, has_origin=False, own={}) is None


@every_fact
def test_every_fact_says_what_it_measures_in_which_unit_on_which_kinds(name):
    found = FACTS[name]

    assert inspect.getdoc(found.function).startswith("Return ")
    assert found.summary
    assert found.unit
    assert set(found.of) <= set(KINDS)
    assert found.of
    assert found.name == name


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


def example_of(kind):
    """Return a value of a kind: a list of numbers, a torch model that has what most facts ask for."""
    special = {list: [1, 0.5], TorchModel: encode(zoo.build("digits_mlp"))}
    return special.get(kind, PAIRS[kind][0])


def fate_of(name, kind):
    """Return how a fact ends on an example of a kind: "measured", "lacking", or "refused" for what it is."""
    context = FactContext(CASE, example_of(kind) or example_of(TorchModel), CaseEvidence("public-0", None))
    try:
        measure(condition_of(name, equals=0), example_of(kind), context)
    except KindError:
        return "refused"
    except FactError:
        return "lacking"
    return "measured"


@pytest.mark.parametrize("name", CHEAP)
def test_fact_is_measured_on_the_kinds_that_it_says_and_on_no_other(name):
    fates = {kind: fate_of(name, kind) for kind in KINDS}

    assert {kind for kind, fate in fates.items() if fate == "measured"} <= set(FACTS[name].of)
    assert {kind for kind, fate in fates.items() if fate == "refused"} <= set(KINDS) - set(FACTS[name].of)


def declare(**changes):
    """Declare a fact of one's own."""

    @fact(**{"unit": "dB", "of": (Array,), **changes})
    def loudness(output, context, *, floor: float = 0.0):
        """Return the loudness of an output above `floor`."""
        if output is None:
            raise FactError("it is silent")
        return 20.0 - floor

    return loudness


ASKED = Condition(fact="loudness", args={"floor": 5.0}, at_least=10)


def test_fact_of_a_courses_own_is_kept_apart_from_the_librarys():
    with own_facts() as own:
        declare()

    assert list(own) == ["loudness"]
    assert "loudness" not in FACTS
    assert flaw_of(ASKED, has_origin=False, own=own) is None
    assert measure(ASKED, [1], FactContext(own=own)) == 15.0
    with pytest.raises(FactError, match="it is silent"):
        measure(ASKED, None, FactContext(own=own))


def test_fact_of_a_courses_own_is_unknown_elsewhere():
    assert flaw_of(ASKED, has_origin=False, own={}).startswith("no fact is called 'loudness'; there are accuracy,")
    with pytest.raises(SpecError, match="no fact is called 'loudness'"):
        measure(ASKED, [1], FactContext())


def test_fact_of_a_courses_own_belongs_in_its_folder():
    with pytest.raises(SpecError, match="the fact loudness is declared outside of a folder facts/"):
        declare()


def test_name_of_a_fact_is_given_once():
    with own_facts():
        declare()
        with pytest.raises(SpecError, match="there is a fact called loudness already"):
            declare()

    def sparsity(output, context):
        """Return something else."""

    with own_facts(), pytest.raises(SpecError, match="there is a fact called sparsity already"):
        fact(unit="fraction", of=(Array,))(sparsity)


def test_fact_without_a_docstring_is_refused():
    with own_facts(), pytest.raises(SpecError, match="the fact <lambda> has no docstring"):
        fact(unit="dB", of=(Array,))(lambda output, context: 0)


def test_fact_of_a_courses_own_that_fails_is_the_courses_fault():
    with own_facts() as own:

        @fact(unit="dB", of=(Array,))
        def broken(output, context):
            """Return nothing at all."""
            return [][0]

    with pytest.raises(SpecError, match=r"the fact broken fails \(IndexError: list index out of range\)"):
        measure(Condition(fact="broken", equals=1), [1], FactContext(own=own))


@pytest.fixture
def asked():
    """A fact of one's own that counts how often it is measured, and what it was measured on."""
    seen = []
    with own_facts() as table:

        @fact(unit="numbers", of=(list,))
        def counted(output, context, *, least=0):
            """Return how many numbers there are, of at least so much."""
            seen.append((output, least))
            if not output:
                raise FactError("there are none")
            return sum(number >= least for number in output)

    def ask(output, **args):
        return measure(Condition(fact="counted", args=args, equals=0), output, FactContext(own=table))

    return ask, seen


def test_a_fact_is_measured_once_in_a_judgement_for_each_subject_and_argument(asked):
    ask, seen = asked
    one, equal = [1, 2, 3], [1, 2, 3]
    with measured_once():
        assert [ask(one), ask(one), ask(one, least=2), ask(equal), ask(one, least=2)] == [3, 3, 2, 3, 2]
    assert len(seen) == 3
    ask(one)
    ask(one)
    assert len(seen) == 5  # outside of a judgement nothing is remembered


def test_a_fact_that_cannot_be_measured_is_not_tried_again_in_a_judgement(asked):
    ask, seen = asked
    nothing = []
    with measured_once():
        for _ in range(2):
            with pytest.raises(FactError, match="there are none"):
                ask(nothing)
    assert len(seen) == 1
