import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize, prune

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.evidence.values import Array, Name, QuantizedArray, SparseArray, TorchModel, Unreadable
from quizlib.zoo import eager


def tensors_of(model):
    """Return all tensors of an encoded model, by full name."""
    modules = encode(model).modules
    return {f"{module.name}.{key}".lstrip("."): value for module in modules for key, value in module.tensors.items()}


def close(value, expected):
    np.testing.assert_allclose(value.dequantize(), expected.detach().float().numpy(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int8", "uint8", "int64", "bool"])
def test_dense_tensor_keeps_its_dtype(dtype):
    read = encode(torch.tensor([1, 0]).to(getattr(torch, dtype)))

    assert (read.dtype, read.library, read.values.dtype.name) == (dtype, "torch", dtype)


@pytest.mark.parametrize("dtype", ["bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_narrow_floats_are_carried_as_float32(dtype):
    value = torch.tensor([0.1, -3.0]).to(getattr(torch, dtype))
    read = encode(value)

    assert (read.dtype, read.values.dtype.name) == (dtype, "float32")
    assert read.values.tolist() == value.float().tolist()


def test_view_that_is_not_contiguous_is_read_in_its_own_order():
    value = torch.arange(6.0).reshape(2, 3).T
    read = encode(value)

    assert read.values.tolist() == value.tolist()
    assert not read.is_contiguous


def test_conjugated_and_negated_views_hold_what_they_show():
    value = torch.tensor([1 + 2j]).conj().imag

    assert value.is_neg()
    assert encode(value).values.tolist() == [-2.0]


def test_tensor_that_requires_a_gradient_is_read():
    assert encode(nn.Parameter(torch.ones(2))).values.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("value", [torch.tensor([1j]), torch.empty(2, device="meta"), torch.tensor([float("nan")])])
def test_tensor_that_is_no_plain_numbers_is_unreadable(value):
    assert isinstance(encode(value), Unreadable)


@pytest.mark.filterwarnings("ignore:Sparse CSC tensor support is in beta")
def test_sparse_layout_that_no_lesson_uses_is_unreadable():
    assert "sparse_csc" in encode(torch.eye(4).to_sparse_csc()).reason


@pytest.mark.parametrize("value", [torch.qint8, torch.float32, torch.per_tensor_affine])
def test_dtypes_and_schemes_go_by_their_names(value):
    assert encode(value) == Name(str(value))


def test_shape_of_a_tensor_is_a_tuple():
    assert encode(torch.zeros(2, 3).shape) == (2, 3)


@pytest.mark.parametrize("layout", ["csr", "coo"])
def test_sparse_tensor_is_read_by_its_parts(layout):
    dense = torch.tensor([[0.0, 2.0], [0.0, 0.0], [3.0, 0.0]])
    read = encode(dense.to_sparse_csr() if layout == "csr" else dense.to_sparse())

    assert isinstance(read, SparseArray)
    assert (read.layout, read.dense().tolist()) == (layout, dense.tolist())


def test_sparse_tensor_with_nan_is_unreadable():
    assert "NaN" in encode(torch.tensor([[float("nan"), 0.0]]).to_sparse()).reason


def test_quantized_tensor_per_tensor_agrees_with_torch():
    value = torch.quantize_per_tensor(torch.linspace(-1, 2, 12).reshape(3, 4), 0.017, 3, torch.quint8)

    close(encode(value), value.dequantize())
    assert encode(value).scales.shape == (1, 1)


@pytest.mark.parametrize("axis", [0, 1])
def test_quantized_tensor_per_channel_agrees_with_torch(axis):
    x = torch.linspace(-1, 2, 12).reshape(3, 4)
    scales, zeros = torch.rand(x.shape[axis]) + 0.01, torch.arange(x.shape[axis])
    value = torch.quantize_per_channel(x, scales, zeros, axis, torch.qint8)

    close(encode(value), value.dequantize())
    assert encode(value).scales.size == x.shape[axis]


def test_grid_of_float_zero_points_is_unreadable():
    x, scales = torch.ones(2, 2), torch.ones(2)
    value = torch.quantize_per_channel(x, scales, torch.zeros(2), 0, torch.quint4x2)

    assert isinstance(encode(value), Unreadable)


@pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning")  # and still to be read
def test_dynamically_quantized_lstm_agrees_with_its_own_unpacked_weights():
    model = eager.quantize_dynamic(zoo.build("digits_lstm"), {nn.LSTM, nn.Linear}, dtype=torch.qint8)
    tensors = tensors_of(model)

    close(tensors["lstm.weight_hh_l0"], model.lstm.get_weight()["weight_hh_l0"].dequantize())
    assert tensors["lstm.weight_ih_l0"].codes.shape == (256, 8)
    assert tensors["lstm.bias_hh_l0"].values.tolist() == model.lstm.get_bias()["bias_hh_l0"].tolist()


@pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning")  # and still to be read
def test_dynamically_quantized_modules_agree_with_their_own_unpacked_weights():
    model = eager.quantize_dynamic(zoo.build("digits_mlp"), {nn.Linear}, dtype=torch.qint8)
    tensors = tensors_of(model)

    assert isinstance(tensors["hidden1.weight"], QuantizedArray)
    close(tensors["hidden1.weight"], model.hidden1.weight().dequantize())
    assert tensors["hidden1.bias"].values.tolist() == model.hidden1.bias().tolist()


@pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning")  # and still to be read
@pytest.mark.filterwarnings("ignore:Please use quant_min and quant_max")
@pytest.mark.filterwarnings("ignore:must run observer before calling calculate_qparams")
def test_statically_quantized_modules_agree_with_their_own_unpacked_weights():
    model = nn.Sequential(eager.QuantStub(), nn.Conv2d(1, 2, 3), nn.ReLU(), eager.DeQuantStub()).eval()
    model.qconfig = eager.get_default_qconfig("x86")
    prepared = eager.prepare(model)
    prepared(torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)))
    converted = eager.convert(prepared)
    read = tensors_of(converted)

    close(read["1.weight"], converted[1].weight().dequantize())
    settings = encode(converted).modules[2].settings
    assert settings["scale"] == pytest.approx(converted[1].scale)


def torchao_configs():
    from torchao.quantization import (
        Int8DynamicActivationInt8WeightConfig,
        Int8WeightOnlyConfig,
        IntxWeightOnlyConfig,
        PerGroup,
    )

    return {
        "int8 weight only": (Int8WeightOnlyConfig(), "int8", 256),
        "int8 dynamic": (Int8DynamicActivationInt8WeightConfig(), "int8", 256),
        "int8 groups": (Int8WeightOnlyConfig(granularity=PerGroup(32)), "int8", 512),
        "int4 groups": (IntxWeightOnlyConfig(weight_dtype=torch.int4, granularity=PerGroup(32)), "int4", 512),
    }


@pytest.mark.parametrize("name", ["int8 weight only", "int8 dynamic", "int8 groups", "int4 groups"])
def test_torchao_weights_agree_with_its_own_dequantize(name):
    from torchao.quantization import quantize_

    config, dtype, scales = torchao_configs()[name]
    model = zoo.build("digits_mlp")
    quantize_(model, config)
    read = tensors_of(model)["hidden1.weight"]

    assert (read.dtype, read.codes.dtype.name, read.scales.size) == (dtype, "int8", scales)
    close(read, model.hidden1.weight.dequantize())


def test_torchao_weight_in_a_packed_layout_is_unreadable():
    class Packed(torch.Tensor):
        qdata = torch.zeros(2, 2, dtype=torch.uint8)  # two codes of four bits a byte
        scale = torch.ones(2, 1)

    assert "packs its codes" in encode(torch.zeros(2, 4).as_subclass(Packed)).reason


def test_pruned_module_shows_hook_original_mask_and_product():
    model = nn.Sequential(nn.Linear(4, 2))
    prune.l1_unstructured(model[0], "weight", amount=0.5)
    module = encode(model).modules[1]

    assert set(module.tensors) == {"weight_orig", "weight_mask", "weight", "bias"}
    assert module.hooks == ("torch.nn.utils.prune.L1Unstructured",)
    product = module.tensors["weight_orig"].values * module.tensors["weight_mask"].values
    assert module.tensors["weight"].values.tolist() == product.tolist()


def test_removed_pruning_leaves_no_trace():
    model = nn.Sequential(nn.Linear(4, 2))
    prune.l1_unstructured(model[0], "weight", amount=0.5)
    prune.remove(model[0], "weight")
    module = encode(model).modules[1]

    assert (set(module.tensors), module.hooks) == ({"weight", "bias"}, ())


def test_parametrized_module_shows_its_parametrization():
    model = nn.Sequential(nn.Linear(2, 2))
    parametrize.register_parametrization(model[0], "weight", nn.Identity())

    assert "0.parametrizations.weight.original" in tensors_of(model)


def test_model_tells_mode_settings_and_buffers():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, stride=2), nn.BatchNorm2d(2)).eval()
    root, conv, norm = encode(model).modules

    assert (root.name, root.is_training) == ("", False)
    assert (conv.settings["kernel_size"], conv.settings["stride"]) == ((3, 3), (2, 2))
    assert {"running_mean", "running_var", "num_batches_tracked"} <= set(norm.tensors)


def test_tensor_that_is_a_plain_attribute_is_read_as_one_that_is_not_saved():
    model = nn.Linear(2, 2)
    model.codes = torch.ones(3, dtype=torch.int8)
    model.register_buffer("scale", torch.ones(3))
    model.register_buffer("passing", torch.ones(3), persistent=False)
    (module,) = encode(model).modules

    assert {"codes", "scale", "passing"} <= set(module.tensors)
    assert module.settings["unsaved"] == ["codes", "passing"]
    assert module.settings["buffers"] == ["scale", "passing"]


def test_module_of_ones_own_with_a_method_called_weight_is_read_without_calling_it():
    class Own(nn.Module):
        def weight(self, units):
            raise AssertionError("called")

    assert isinstance(encode(Own()), TorchModel)


def test_weight_that_is_not_finite_is_unreadable_by_name():
    model = nn.Linear(2, 2)
    with torch.no_grad():
        model.weight[0, 0] = float("nan")
    tensors = tensors_of(model)

    assert "NaN" in tensors["weight"].reason
    assert isinstance(tensors["bias"], Array)
