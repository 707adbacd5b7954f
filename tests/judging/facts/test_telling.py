import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizlib.errors import QuizError, SpecError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Array, CaseEvidence, KerasLayer, KerasModel, TorchModel, TorchModule, Unreadable
from quizlib.items.exercise import Condition
from quizlib.judging.facts.registry import FACTS, FactContext, fact, measure, own_facts, place_of
from quizlib.judging.facts.telling import told
from tests.evidence.plain import plain_values
from tests.judging.facts.converted import against, converted
from tests.judging.facts.models import ON_MLP, changed_mlp, coded, dense, holding
from tests.judging.facts.test_registry import CASE, CHEAP, condition_of, models


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_has_a_sentence_with_its_value_and_its_place(name):
    sentence = FACTS[name].sentence

    assert "{value" in sentence
    assert ("{place}" in sentence) is (FACTS[name].place is not None)
    assert sentence[0] not in " ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # it follows a colon
    assert not sentence.endswith(".")


def says(name, subject, context, *, args=None, **bounds):
    """Return what a card says of a fact, on evidence that does not keep these bounds."""
    condition = Condition(fact=name, args=args or {}, **bounds)
    return told(condition, measure(condition, subject, context), subject, context)


EXPECTED = holding(weight=coded([[2, -4], [6, 8]], [[0.5], [0.25]]), bias=dense([1.0, -2.0]))


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (
            holding(fc=coded([[2, -4], [6, 9]], [[0.5], [0.25]])),
            "25 % of the codes of a weight are not the expected ones, where none is asked for: "
            "the first of fc, in row 1, column 1, is 9, expected 8",
        ),
        (
            holding(fc=coded([[2, -4], [6, 8]], [[1.0], [0.25]])),
            "50 % of the codes of a weight are not the expected ones, where none is asked for: "
            "the first of fc, in row 0, column 0, stands for 2, expected 1",
        ),
    ],
)
def test_code_that_is_off_is_told_with_its_layer_row_and_column(got, sentence):
    assert says("codes_off_expected", got, against(EXPECTED), at_most=0) == sentence


def module(name, **settings):
    return TorchModule(name, "torch.ao.nn.quantized.Linear", False, (), settings, {})


PRUNED = (TorchModule("fc", "torch.nn.Linear", False, ("prune_hook",), {}, {}),)


@pytest.mark.parametrize(
    ("name", "subject", "asked", "sentence"),
    [
        (
            "modules_of_class",
            holding(weight=dense([[1.0]])),
            {"args": {"ends_with": "dynamic.Linear"}, "at_least": 1},
            "the model has no module of class dynamic.Linear, where at least 1 is asked for: it has Linear",
        ),
        (
            "is_quantized",
            holding(weight=dense([[1.0]])),
            {"args": {"weight": "weight"}, "equals": True},
            "weight should be stored as integer codes: it is stored as float32",
        ),
        (
            "quantized_weights",
            holding(weight=dense([[1.0]]), other=coded([[1]], [[1.0]])),
            {"equals": 2},
            "the model stores 1 weight as integer codes, where 2 are asked for: weight is real",
        ),
        (
            "code_bits",
            holding(weight=coded([[-2, 1]], [[1.0]])),
            {"args": {"weight": "weight"}, "at_least": 8},
            "the codes of weight take 2 bits, where at least 8 are asked for: they run from -2 to 1",
        ),
        (
            "scale_count",
            holding(weight=coded(np.zeros((4, 64)), [[1.0]])),
            {"args": {"weight": "weight"}, "equals": 8},
            "weight has 1 scale, where 8 are asked for: one for each 32 weights of a row, and not one for all",
        ),
        (
            "widest_code",
            holding(small=coded([[1]], [[1.0]]), wide=coded([[-9]], [[1.0]])),
            {"equals": 1},
            "the widest code is 9 steps from its zero point, where 1 is asked for: it is one of wide",
        ),
        (
            "default_grids",
            TorchModel((module("quant", scale=1.0, zero_point=0), module("fc", scale=0.5, zero_point=3))),
            {"equals": 0},
            "the model has 1 activation grid that saw no data, still of scale 1 and zero point 0, "
            "where none is asked for: that of quant",
        ),
        (
            "pruning_leftovers",
            TorchModel(PRUNED),
            {"equals": 0},
            "the model still has 1 trace of pruning, where none is asked for: a hook of fc",
        ),
        (
            "wrappers_left",
            KerasModel((KerasLayer("prune_low_magnitude_output", "Prune", "Dense", {}, {}),)),
            {"equals": 0},
            "the model still has 1 wrapped layer, where none is asked for: prune_low_magnitude_output",
        ),
        (
            "mask_variables",
            KerasModel((KerasLayer("output", "Dense", "", {}, {"mask": Unreadable("V", "x")}),)),
            {"equals": 0},
            "the model still stores 1 variable of pruning, where none is asked for: output/mask",
        ),
        (
            "unsaved_tensors",
            TorchModel((module("fc", unsaved=["scale"]),)),
            {"equals": 0},
            "a file of the state dict would lack 1 tensor of the model, where none is asked for: fc.scale",
        ),
        (
            "smallest_layer_sparsity",
            holding(one=dense([0.0, 0.0]), two=dense([0.0, 1.0])),
            {"args": {"weights": ["one", "two"]}, "at_least": 1},
            "50 % of the least sparse weight is zero, where 100 % is asked for: that is two",
        ),
        (
            "zeros_off",
            holding(one=dense([0.0, 0.0]), two=dense([3.0, 1.0])),
            {"args": {"weights": ["one", "two"], "sparsity": 0.5}, "equals": 0},
            "a weight has not as many zeros as it should have, but 1 zero more or less: one has 2, expected 1",
        ),
        (
            "weight_dtype",
            holding(weight=coded([[1]], [[1.0]])),
            {"args": {"weight": "weight"}, "equals": "float32"},
            "weight is stored as int8, where float32 is asked for",
        ),
    ],
)
def test_fact_is_told_in_a_sentence_with_a_place(name, subject, asked, sentence):
    assert says(name, subject, FactContext(), **asked) == sentence


@pytest.mark.parametrize(
    ("name", "got", "args", "place"),
    [
        (
            "change_from_expected",
            {"bias": dense([1.0, -2.5])},
            {"weight": "bias"},
            "in entry 1 it is -2.5, expected -2",
        ),
        ("floats_off_expected", {"shift": dense([1.5, -2.0])}, {}, "in entry 0 of shift it is 1.5, expected 1"),
        (
            "error_in_steps_of_expected",
            {"weight": coded([[2, -4], [6, 8]], [[0.5], [0.5]])},
            {"weight": "weight"},
            "in row 1, column 1 code 8 stands for 4, and the weight is 2",
        ),
        ("row_drift_in_steps", {"weight": coded([[2, -4], [6, 9]], [[0.5], [0.25]])}, {"weight": "weight"}, "in row 1"),
    ],
)
def test_number_that_is_off_the_expected_model_is_told_with_its_place(name, got, args, place):
    expected = holding(weight=coded([[2, -4], [6, 8]], [[0.5], [0.25]]), bias=dense([1.0, -2.0]))

    assert says(name, holding(**got), against(expected), args=args, at_most=0).endswith(f": {place}")


def with_one_kept(parameters):
    """Set all weights of the first layer to zero but a small one."""
    weight = parameters["hidden1.weight"]
    small = weight.abs().argmin()
    kept = weight.view(-1)[small].item()
    weight.zero_()
    weight.view(-1)[small] = kept


def test_weight_that_was_kept_is_told_beside_one_that_was_not():
    pruned = encode(changed_mlp(with_one_kept))
    sentence = says("kept_are_largest", pruned, ON_MLP, args={"weights": ["hidden1.weight"]}, at_least=1)

    assert sentence.startswith("0 % of the weights that were kept are among the largest of the original, where 100 %")
    assert ", was kept, and " in sentence
    assert sentence.endswith("of hidden1.weight, was not")


def test_grid_that_is_off_is_told_with_its_module():
    def grids(scale):
        return TorchModel((module("quant", scale=scale, zero_point=3),))

    assert says("grids_off_expected", grids(0.75), against(grids(0.5)), at_most=0) == (
        "an activation grid is 50 % off the expected one, where none is asked for: "
        "the nearest, of quant, has scale 0.75 and zero point 3, expected 0.5 and 3"
    )


@pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor, torch.quantize_per_channel and other quantized")
def test_codes_of_a_converted_model_are_told_by_the_names_of_its_modules():
    unfused, fused = encode(converted(blocks=[])), against(converted())

    assert ": the first of module.conv" in says("codes_off_expected", unfused, fused, at_most=0.02)


def test_changed_inputs_are_named():
    got = CaseEvidence("a", 1, inputs_changed=True, changed=(1, 2))
    context = FactContext(ProbeCase("a", (1, 2), {"by": 3}), got=got)

    assert says("inputs_changed", 1, context, equals=False) == (
        "the call changed what it was given: its second argument and its argument by"
    )


def test_a_model_that_changed_in_its_mode_alone_is_told_so():
    got = CaseEvidence("a", 1, inputs_changed=True, changed=(0,), restated=(0,))
    context = FactContext(ProbeCase("a", (1,)), got=got, given_changed=("mlp",), given_restated=("mlp",))
    how = "not in its numbers, but in its mode, in its modules or in what of it is trained"

    assert says("inputs_changed", 1, context, equals=False) == (
        f"the call changed what it was given: its first argument, {how}"
    )
    assert says("given_changed", 1, context, at_most=0).endswith(f": mlp, {how}")


def test_expected_values_can_be_kept_out_of_a_sentence():
    condition = Condition(fact="largest_error", at_most=0)
    sentence = told(condition, 0.5, [1.0, 2.5], FactContext(expected=[1.0, 2.0]), with_place=False)

    assert sentence == "the output is off what is expected by up to 0.5, where 0 is asked for"


def outcome(condition, subject, context):
    """Return what a card says of a fact that does not keep a bound which nothing can keep."""
    try:
        return told(condition, measure(condition, subject, context), subject, context)
    except SpecError:
        raise
    except QuizError as error:
        return str(error)


@given(plain_values | models, plain_values.filter(lambda value: value is not None) | models, st.sampled_from(CHEAP))
@settings(deadline=None, max_examples=300)
def test_no_response_makes_a_sentence_fail(subject, expected, name):
    condition = condition_of(name, differs="x" if FACTS[name].is_text else 0.123)

    assert outcome(condition, subject, FactContext(CASE, expected, CaseEvidence("public-0", subject)))


def test_fact_of_a_courses_own_is_told_by_name_where_it_has_no_sentence():
    with own_facts() as own:

        @fact(unit="dB", of=(Array,))
        def loudness(output, context, *, weight=""):
            """Return the loudness of an output."""
            return 20.0

    context = FactContext(own=own)
    assert says("loudness", 1, context, at_most=10) == "the loudness should be at most 10, but it is 20"
    assert says("loudness", 1, context, args={"weight": "fc"}, at_most=10).startswith(
        "loudness of fc should be at most"
    )


def test_fact_of_a_courses_own_may_have_a_sentence_and_a_place():
    with own_facts() as own:

        @fact(unit="dB", of=(Array,), sentence="it is as loud as {value} dB, where {asked}{place}")
        def loudness(output, context):
            """Return the loudness of an output."""
            return 20.0

        @place_of(loudness)
        def _loudest(output, context, condition):
            return "in bar 3"

    told_so = says("loudness", 1, FactContext(own=own), at_most=10)
    assert told_so == "it is as loud as 20 dB, where at most 10 is asked for: in bar 3"
