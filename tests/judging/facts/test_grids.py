import pytest

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.values import TorchModel, TorchModule
from tests.judging.facts.converted import against, converted
from tests.judging.facts.models import dense, fact

# What eager mode says of itself at each call; the facts must still read its models.
pytestmark = [
    pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor, torch.quantize_per_channel and other quantized"),
]


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
    with pytest.raises(FactError, match="the model has 1 activation grids, where 2 are asked for"):
        fact("grids_off_expected", on_grids((0.5, 3)), against(on_grids((0.5, 3), (1.0, 0))))


def test_grids_of_another_width_are_off_by_one_factor():
    expected = against(on_grids((0.5, 3), (0.2, 0)))

    assert fact("least_grid_ratio", on_grids((0.1, 0), (0.25, 3)), expected) == pytest.approx(0.5)
    assert fact("grid_ratio_spread", on_grids((0.1, 0), (0.25, 3)), expected) == pytest.approx(1)
    assert fact("grid_ratio_spread", on_grids((0.2, 0), (0.25, 3)), expected) == pytest.approx(2)
    with pytest.raises(FactError, match="has 1 activation grids, where 2 are asked for"):
        fact("least_grid_ratio", on_grids((0.5, 3)), expected)
    with pytest.raises(FactError, match="not above zero"):
        fact("grid_ratio_spread", on_grids((0.0, 0), (0.25, 3)), expected)


def test_signed_grids_of_layers_leave_out_that_of_the_input():
    model = converted(examples=zoo_images() * 2 - 1)

    assert fact("signed_grids", model) == 2
    assert fact("signed_grids", model, of_layers=True) == 1


def zoo_images():
    from tests.judging.facts.converted import IMAGES

    return IMAGES
