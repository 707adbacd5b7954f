import numpy as np
import pytest

from quizlib.errors import EvidenceError
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import Array


@pytest.mark.parametrize("value", [object(), {1}, 1j, lambda: 0, float("nan"), [float("inf")]])
def test_what_is_not_plain_data_is_refused(value):
    with pytest.raises(EvidenceError):
        TreeWriter().write(value)


@pytest.mark.parametrize("values", [np.array([np.nan]), np.array([object()])])
def test_array_with_a_flaw_is_refused(values):
    with pytest.raises(EvidenceError, match="an array"):
        TreeWriter().write(Array(values, values.dtype.name))


def test_array_is_kept_beside_the_tree_in_row_major_order():
    writer = TreeWriter()
    node = writer.write(Array(np.arange(6).reshape(2, 3).T, "int64"))

    assert writer.arrays[node["ref"]].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert writer.arrays[node["ref"]].flags.c_contiguous


def test_equal_arrays_are_kept_once_and_those_of_another_type_or_shape_apart():
    writer = TreeWriter()
    zeros = np.zeros(4, np.float32)
    same = [writer.write(Array(one, "float32"))["ref"] for one in (zeros, zeros.copy(), zeros[::-1])]
    others = [
        writer.write(Array(one, one.dtype.name))["ref"] for one in (zeros.view(np.int32), zeros.reshape(2, 2), -zeros)
    ]

    assert len(set(same)) == 1
    assert len({*same, *others}) == len(writer.arrays) == 4
    apart = TreeWriter(is_sharing=False)
    assert len({apart.write(Array(zeros, "float32"))["ref"] for _ in range(3)}) == len(apart.arrays) == 3
