import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from quizlib.errors import ArgumentError
from quizlib.measures import csr_size_bytes, file_size_bytes, parameter_count, state_dict_size_bytes
from quizlib.zoo import eager

pytestmark = pytest.mark.usefixtures("one_thread")


def test_parameter_count_adds_weights_and_biases_but_no_buffers():
    assert parameter_count(nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))) == 12 + 3 + 6


def test_parameter_count_counts_a_tied_weight_once():
    first, second = nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)
    second.weight = first.weight
    assert parameter_count(nn.Sequential(first, second)) == 16


def test_state_dict_size_counts_buffers_by_their_type():
    # weight, bias, running mean and variance in float32, and the number of batches in int64
    assert state_dict_size_bytes(nn.BatchNorm1d(3)) == 4 * 3 * 4 + 8


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_state_dict_size_follows_the_type(dtype):
    assert state_dict_size_bytes(nn.Linear(4, 3).to(dtype)) == 15 * dtype.itemsize


def test_state_dict_size_counts_a_tied_weight_once():
    embedding, head = nn.Embedding(10, 4), nn.Linear(4, 10, bias=False)
    head.weight = embedding.weight
    assert state_dict_size_bytes(nn.Sequential(embedding, head)) == 160


def test_state_dict_size_counts_equal_tensors_without_an_address_each():
    model = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)).to("meta")
    assert state_dict_size_bytes(model) == 2 * 64


def test_pruning_halves_nothing_and_its_wrapper_adds_a_mask():
    layer = nn.Linear(8, 4, bias=False)
    prune.l1_unstructured(layer, "weight", amount=0.5)
    assert state_dict_size_bytes(layer) == 2 * 128
    prune.remove(layer, "weight")
    assert state_dict_size_bytes(layer) == 128


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch.ao.quantization is what the measure must still read
@pytest.mark.filterwarnings("ignore::UserWarning")  # likewise
def test_state_dict_size_reads_dynamically_quantized_weights():
    model = nn.Sequential(nn.Linear(64, 32))
    quantized = eager.quantize_dynamic(model, {nn.Linear})
    # codes; bias in float32; the layer's own output scale (float32) and zero point (int64)
    assert state_dict_size_bytes(quantized) == 64 * 32 + 32 * 4 + 4 + 8


class Buffered(nn.Module):
    def __init__(self, tensor):
        super().__init__()
        self.register_buffer("tensor", tensor)


@pytest.mark.filterwarnings("ignore:.*quantiz.*")  # torch calls quantized tensors deprecated
def test_state_dict_size_adds_scales_and_zero_points_per_channel():
    scales, zeros = torch.full((3,), 0.1), torch.zeros(3, dtype=torch.long)
    tensor = torch.quantize_per_channel(torch.randn(3, 5), scales, zeros, 0, torch.qint8)
    assert state_dict_size_bytes(Buffered(tensor)) == 15 + 3 * 8 + 3 * 8


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")  # torch says so on first use
@pytest.mark.filterwarnings("ignore:Sparse invariant checks are implicitly disabled")  # likewise
def test_state_dict_size_counts_what_a_sparse_tensor_stores():
    dense = torch.eye(6)
    assert state_dict_size_bytes(Buffered(dense.to_sparse_csr())) == csr_size_bytes(6, 6, index_dtype="int64")
    assert state_dict_size_bytes(Buffered(dense.to_sparse_coo())) == 6 * (4 + 2 * 8)


class Int8Weight(torch.Tensor):
    """Pretends to be float32 and holds int8 codes and a scale, as torchao's tensors do."""

    @staticmethod
    def __new__(cls, codes, scale):
        return torch.Tensor._make_wrapper_subclass(cls, codes.shape, dtype=torch.float32)

    def __init__(self, codes, scale):
        self.codes, self.scale = codes, scale

    def __tensor_flatten__(self):
        return ["codes", "scale"], None

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        if func is torch.ops.aten.detach.default:
            return cls(args[0].codes, args[0].scale)
        raise NotImplementedError(func)


def test_state_dict_size_looks_inside_a_tensor_subclass():
    weight = Int8Weight(torch.zeros(4, 8, dtype=torch.int8), torch.ones(4))
    assert weight.numel() * weight.element_size() == 128
    assert state_dict_size_bytes(Buffered(weight)) == 32 + 16


def test_file_size_is_that_of_the_file_on_disk(tmp_path):
    layer = nn.Linear(64, 32)
    torch.save(layer.state_dict(), tmp_path / "archive.pt")
    assert file_size_bytes(layer) == (tmp_path / "archive.pt").stat().st_size
    assert file_size_bytes(layer) == file_size_bytes(layer)


def test_a_view_drags_its_whole_storage_into_the_file():
    view = Buffered(torch.zeros(10_000)[:10])
    assert state_dict_size_bytes(view) == 40
    assert file_size_bytes(view) > 40_000


@pytest.mark.parametrize("measure", [parameter_count, state_dict_size_bytes, file_size_bytes])
def test_what_is_no_module_is_refused(measure):
    with pytest.raises(ArgumentError, match=r"module is a dict; pass a torch\.nn\.Module"):
        measure({})
