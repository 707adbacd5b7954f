import pytest

from quizlib.errors import FactError
from tests.judging.facts.converted import against, converted
from tests.judging.facts.models import coded, dense, fact, holding

# What eager mode says of itself at each call; the facts must still read its models.
pytestmark = [
    pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor, torch.quantize_per_channel and other quantized"),
]

MODEL = holding(weight=coded([[2, -4], [6, 8]], [[0.5], [0.25]]), bias=dense([1.0, 2.0]))


def test_codes_and_scales_are_counted():
    assert fact("quantized_weights", MODEL) == 1
    assert fact("is_quantized", MODEL, weight="weight") is True
    assert fact("is_quantized", MODEL, weight="bias") is False
    assert fact("code_dtype", MODEL, weight="weight") == "int8"
    assert fact("scale_count", MODEL, weight="weight") == 2


@pytest.mark.parametrize("name", ["code_dtype", "scale_count"])
def test_weight_of_real_numbers_has_no_codes(name):
    with pytest.raises(FactError, match="bias is stored as float32, not as integer codes"):
        fact(name, MODEL, weight="bias")


@pytest.mark.parametrize(("codes", "bits"), [([[0, -1]], 1), ([[-2, 1]], 2), ([[-2, 2]], 3), ([[7, -8]], 4)])
def test_code_bits_are_those_of_twos_complement(codes, bits):
    assert fact("code_bits", holding(weight=coded(codes, [[1.0]])), weight="weight") == bits


def test_code_bits_of_int8_are_8_at_either_end():
    for code in (-128, 127):
        assert fact("code_bits", holding(weight=coded([[code]], [[1.0]])), weight="weight") == 8


def test_codes_and_biases_are_compared_under_any_name():
    expected = holding(weight=coded([[2, -4], [6, 8]], [[0.5], [0.25]]), bias=dense([1.0, -2.0]))
    got = holding(codes=coded([[2, -4], [6, 9]], [[0.5], [0.25]]), shift=dense([1.0, -1.5]))

    assert fact("codes_off_expected", got, against(expected)) == 0.25
    assert fact("codes_off_expected", got, against(expected), steps=1.01) == 0
    assert fact("floats_off_expected", got, against(expected)) == 0.25


def test_same_codes_on_another_scale_differ():
    expected, got = (holding(weight=coded([[100, 0]], [[scale]])) for scale in (0.5, 0.501))

    assert fact("codes_off_expected", got, against(expected)) == 0.5


def test_best_weight_of_a_shape_counts():
    right, wrong = coded([[1, 2]], [[0.5]]), coded([[3, 4]], [[0.5]])

    assert fact("codes_off_expected", holding(a=wrong, b=right), against(holding(weight=right))) == 0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("codes_off_expected", r"no weight of shape \(1, 2\) is stored as integer codes"),
        ("floats_off_expected", r"the model has no float array of shape \(3,\)"),
    ],
)
def test_array_of_the_expected_shape_is_asked_for(name, reason):
    expected = holding(weight=coded([[1, 2]], [[0.5]]), bias=dense([1.0, 2.0, 3.0]))

    with pytest.raises(FactError, match=reason):
        fact(name, holding(weight=dense([[1.0, 2.0]])), against(expected))


def test_batch_norms_that_are_not_folded_show_in_weights_and_biases():
    unfused, fused = converted(blocks=[]), converted()

    assert fact("codes_off_expected", unfused, against(fused), steps=1.01) > 0.9
    assert fact("floats_off_expected", unfused, against(fused)) > 0.5
    assert fact("codes_off_expected", fused, against(fused)) == fact("floats_off_expected", fused, against(fused)) == 0


def test_widest_code_is_counted_from_the_zero_point():
    assert fact("widest_code", holding(a=coded([[1, -1]], [[0.5]]), b=coded([[0, 1]], [[0.1]]))) == 1
    assert fact("widest_code", holding(a=coded([[5, 2]], [[0.5]], zero_points=3))) == 2
    with pytest.raises(FactError, match="no weight is stored as integer codes"):
        fact("widest_code", holding(a=dense([[1.0]])))


def test_most_scales_are_those_of_the_weight_that_has_the_most():
    model = holding(first=coded([[3, 1], [2, 0]], [[0.5], [0.25]]), second=coded([[1, 1]], [[0.5]]))

    assert fact("most_scales", model) == 2
    assert fact("most_scales", (model, 3), part=0) == 2
    with pytest.raises(FactError, match="no weight is stored as integer codes"):
        fact("most_scales", holding(first=dense([[1.0]])))
