import numpy as np
import pytest

from quizlib.evidence.values import Array, KerasModel, QuantizedArray, SparseArray, TorchModel, TorchModule, walk


def test_dequantize_subtracts_the_zero_point_then_scales():
    value = QuantizedArray(
        np.array([[0, 10], [20, 30]], np.uint8),
        np.array([[0.5], [2.0]], np.float32),
        np.array([[10], [0]], np.int64),
        "quint8",
        "Tensor",
    )

    assert value.dequantize().tolist() == [[-5.0, 0.0], [40.0, 60.0]]


def test_dequantize_gives_each_group_its_own_scale():
    value = QuantizedArray(
        np.ones((1, 4), np.int8), np.array([[1.0, 3.0]]), np.zeros((1, 2), np.int8), "int4", "IntxUnpackedToInt8Tensor"
    )

    assert value.dequantize().tolist() == [[1.0, 1.0, 3.0, 3.0]]
    assert value.step_sizes().tolist() == [[1.0, 1.0, 3.0, 3.0]]


@pytest.mark.parametrize("layout", ["csr", "coo"])
def test_dense_puts_each_value_in_its_place(layout):
    values = np.array([7.0, 8.0])
    parts = {
        "csr": {"crow_indices": np.array([0, 1, 1, 2]), "col_indices": np.array([1, 0]), "values": values},
        "coo": {"indices": np.array([[0, 2], [1, 0]]), "values": values},
    }[layout]

    assert SparseArray(layout, (3, 2), parts).dense().tolist() == [[0, 7], [0, 0], [8, 0]]


def test_walk_reaches_containers_and_the_tensors_of_models():
    array = Array(np.zeros(1), "float64")
    module = TorchModule("", "Linear", False, (), {}, {"weight": array})

    found = list(walk([{"a": (array,)}, TorchModel((module,)), KerasModel(())]))

    assert sum(value is array for value in found) == 2
