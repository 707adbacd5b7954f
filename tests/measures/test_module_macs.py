import pytest
import torch
from torch import nn
from torch.nn.utils import prune
from torch.utils.flop_counter import FlopCounterMode

from quizlib.errors import ArgumentError
from quizlib.measures import ModuleMacs, conv2d_macs, linear_macs, module_macs
from quizlib.zoo import eager

pytestmark = pytest.mark.usefixtures("one_thread")


def small_cnn():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 8, (3, 1), groups=8, dilation=(2, 1)),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def test_layers_equal_the_formulas_and_the_total_is_their_sum():
    macs = module_macs(small_cnn(), torch.zeros(1, 3, 16, 4))
    assert macs.layers == {
        "0": conv2d_macs(3, 8, 3, (16, 4), stride=2, padding=1),
        "3": conv2d_macs(8, 8, (3, 1), (8, 2), dilation=(2, 1), groups=8),
        "5": linear_macs(64, 10),
    }
    assert macs.total == sum(macs.layers.values())


def test_the_total_is_half_the_flops_that_torch_counts():
    model, example = nn.Sequential(nn.Conv1d(4, 6, 3), nn.Flatten(), nn.Linear(36, 5)), torch.zeros(3, 4, 8)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(example)
    assert 2 * module_macs(model, example).total == counter.get_total_flops()


def test_macs_grow_with_the_batch_and_the_tokens():
    layer = nn.Linear(4, 3)
    assert module_macs(layer, torch.zeros(4)).layers == {"": 12}
    assert module_macs(layer, torch.zeros(2, 5, 4)).total == 2 * 5 * 12


def test_a_layer_used_twice_counts_twice():
    layer = nn.Linear(4, 4)
    assert module_macs(nn.Sequential(layer, layer), torch.zeros(1, 4)).layers == {"0": 32}


def test_zeroed_weights_save_no_macs_and_removed_channels_do():
    dense, example = nn.Linear(8, 4), torch.zeros(1, 8)
    before = module_macs(dense, example).total
    prune.l1_unstructured(dense, "weight", amount=0.9)
    assert module_macs(dense, example).total == before
    assert module_macs(nn.Linear(8, 2), example).total == before // 2


def test_layers_with_parameters_that_are_not_counted_are_named():
    model = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.LSTM(4, 2))
    macs = module_macs(model, torch.zeros(3, 4))
    assert macs.uncounted == ("1", "2")
    assert list(macs.layers) == ["0"]


class Skips(nn.Module):
    """Applies the weight of one of its two layers without calling it."""

    def __init__(self):
        super().__init__()
        self.called, self.read = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x, shift):
        return self.called(x) @ self.read.weight + shift


def test_a_layer_that_is_never_called_is_named_as_not_counted():
    macs = module_macs(Skips(), (torch.zeros(1, 4), torch.ones(1)))
    assert macs == ModuleMacs(layers={"called": 16}, uncounted=("read",))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch.ao.quantization is what the measure must still read
@pytest.mark.filterwarnings("ignore::UserWarning")  # likewise
def test_a_quantized_model_takes_as_many_macs_as_the_float_one():
    example = torch.randn(2, 3, 8, 8)
    model = nn.Sequential(
        eager.QuantStub(),
        nn.Conv2d(3, 4, 3),
        nn.Flatten(),
        nn.Linear(144, 5),
        eager.DeQuantStub(),
    ).eval()
    expected = module_macs(model, example)
    dynamic = eager.quantize_dynamic(model, {nn.Linear})
    assert module_macs(dynamic, example).layers == expected.layers
    if "fbgemm" in torch.backends.quantized.supported_engines:
        model.qconfig = eager.get_default_qconfig("fbgemm")
        prepared = eager.prepare(model)
        prepared(example)
        assert module_macs(eager.convert(prepared), example).layers == expected.layers


def test_measuring_leaves_no_trace():
    model = small_cnn().train()
    model[1].eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    module_macs(model, torch.ones(2, 3, 16, 4))
    assert [layer.training for layer in model] == [True, False, True, True, True, True]
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(layer._forward_hooks for layer in model.modules())


def test_a_failing_forward_pass_leaves_no_hooks_either():
    model = small_cnn().train()
    with pytest.raises(RuntimeError):
        module_macs(model, torch.ones(2, 5))
    assert model.training
    assert not any(layer._forward_hooks for layer in model.modules())


def test_what_is_no_module_is_refused():
    with pytest.raises(ArgumentError, match=r"module is a function; pass a torch\.nn\.Module"):
        module_macs(lambda x: x, torch.zeros(1))
