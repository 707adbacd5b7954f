import numpy as np
import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.evidence.values import TorchModel, TorchModule
from quizlib.judging.facts.registry import FactContext, FactError
from quizlib.zoo import eager
from tests.judging.facts.models import coded, dense, fact, holding

# What eager mode says of itself at each call; the facts must still read its models.
pytestmark = [
    pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor, torch.quantize_per_channel and other quantized"),
]

QCONFIG = eager.QConfig(
    activation=eager.MinMaxObserver.with_args(dtype=torch.quint8, quant_min=0, quant_max=127),
    weight=eager.PerChannelMinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_channel_symmetric),
)
IMAGES = torch.from_numpy(zoo.load_digits().images("train")[:32])
BLOCKS = [["module.conv1", "module.bn1", "module.relu1"], ["module.conv2", "module.bn2", "module.relu2"]]


def converted(blocks=BLOCKS, examples=IMAGES):
    """Return the digits CNN, converted after a calibration, or without any where there are no examples."""
    wrapped = eager.QuantWrapper(zoo.digits_cnn()).eval()
    wrapped = eager.fuse_modules(wrapped, blocks) if blocks else wrapped
    wrapped.qconfig = QCONFIG
    observed = eager.prepare(wrapped)
    if examples is not None:
        with torch.no_grad():
            observed(examples)
    return eager.convert(observed)


def against(expected):
    return FactContext(None, encode(expected) if isinstance(expected, nn.Module) else expected)


def on_grids(*grids):
    """Return a model of modules that hold a scale and a zero point each, one as settings and one as tensors in turn."""
    modules = []
    for index, (scale, zero_point) in enumerate(grids):
        parts = {"scale": scale, "zero_point": zero_point}
        held = {key: dense([value]) for key, value in parts.items()}
        settings, tensors = (parts, {}) if index % 2 else ({}, held)
        modules.append(TorchModule(f"layer{index}", "Quantize", False, (), settings, tensors))
    return TorchModel(tuple(modules))


def test_grids_are_counted_whether_they_are_settings_or_tensors():
    model = on_grids((0.5, 3), (1.0, 0), (0.25, 0))

    assert fact("activation_grids", model) == 3
    assert fact("default_grids", model) == 1
    assert fact("signed_grids", model) == 1


def test_float_model_has_no_grids():
    assert fact("activation_grids", zoo.digits_cnn()) == 0


def test_scales_of_channels_are_no_activation_grid():
    module = TorchModule("fake", "FakeQuantize", False, (), {}, {"scale": dense([1, 2]), "zero_point": dense([0, 0])})

    assert fact("activation_grids", TorchModel((module,))) == 0


def test_fused_model_has_a_grid_for_the_input_and_each_layer():
    assert fact("activation_grids", converted()) == 4
    assert fact("activation_grids", converted(blocks=[])) == 6


def test_model_that_saw_no_data_has_default_grids():
    with pytest.warns(UserWarning, match="must run observer"):
        assert fact("default_grids", converted(examples=None)) == 4
    assert fact("default_grids", converted()) == 0


def test_sum_counts_when_its_functional_saw_data():
    def holding_a_sum(scale):
        settings = {"scale": scale, "zero_point": 0}
        return TorchModel((TorchModule("sum", "torch.ao.nn.quantized.QFunctional", False, (), settings, {}),))

    assert fact("observed_sums", holding_a_sum(0.5)) == 1
    assert fact("observed_sums", holding_a_sum(1.0)) == 0
    assert fact("observed_sums", on_grids((0.5, 3))) == 0


def test_model_may_be_a_part_of_the_output():
    expected, got = ((encode(converted()), dense([1.0])) for _ in range(2))

    for name in ("activation_grids", "signed_grids", "default_grids", "observed_sums"):
        assert fact(name, got, part=0) == fact(name, got[0])
    assert fact("grids_off_expected", got, against(expected), part=0) == 0
    assert fact("codes_off_expected", got, against(expected), part=0) == 0
    assert fact("quantized_weights", got, part=0) == 3
    with pytest.raises(FactError, match="expected a torch model"):
        fact("activation_grids", got)
    with pytest.raises(FactError, match="expected a torch model"):
        fact("activation_grids", got, part=2)


def test_grids_are_compared_in_any_order():
    expected = on_grids((0.5, 3), (0.015625, 0), (0.25, 64))

    assert fact("grids_off_expected", on_grids((0.25, 64), (0.5, 3), (0.015625, 0)), against(expected)) == 0
    off = fact("grids_off_expected", on_grids((0.26, 64), (0.5, 3), (0.015625, 0)), against(expected))
    assert off == pytest.approx(0.04, rel=1e-5)
    off = fact("grids_off_expected", on_grids((0.25, 13), (0.5, 3), (0.015625, 0)), against(expected))
    assert off == pytest.approx(51 / 255)


def test_number_of_grids_must_be_the_expected_one():
    with pytest.raises(FactError, match="expected 2 activation grids, found 1"):
        fact("grids_off_expected", on_grids((0.5, 3)), against(on_grids((0.5, 3), (1.0, 0))))


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


def test_accuracy_is_that_of_the_integer_kernels():
    model, digits = converted(), zoo.load_digits()
    with torch.no_grad():
        predicted = model(torch.from_numpy(digits.images("test"))).argmax(1).numpy()

    # The kernels round sums that lie on a border their own way: an image or two may turn.
    got = fact("static_accuracy", model, origin="digits_cnn", context=FactContext())
    assert got == pytest.approx(np.mean(predicted == digits.y_test), abs=2 / 360)


def test_accuracy_falls_where_grids_are_wrong():
    model = converted(examples=IMAGES / 20)

    assert fact("static_accuracy", model, origin="digits_cnn", context=FactContext()) < 0.9


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (zoo.digits_cnn, "expected one grid that quantizes the input, found 0"),
        (lambda: converted(blocks=[]), "module.conv1 lacks the grid of its output, or a bias with the batch norm"),
        (lambda: converted().module, "expected one grid that quantizes the input, found 0"),
        (lambda: converted().quant, r"no weight of shape \(16, 1, 3, 3\) is stored as integer codes"),
    ],
)
def test_accuracy_asks_for_a_converted_model_with_folded_norms(make, reason):
    with pytest.raises(FactError, match=reason):
        fact("static_accuracy", make(), origin="digits_cnn", context=FactContext())


def test_accuracy_needs_layers_that_follow_each_other():
    with pytest.raises(FactError, match=r"digits_residual is no torch\.nn\.Sequential"):
        fact("static_accuracy", converted(), origin="digits_residual", context=FactContext())
