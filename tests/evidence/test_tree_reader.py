import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizlib.errors import EvidenceError
from quizlib.evidence.tree_reader import Limits, TreeReader
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import ZooModel
from tests.evidence.plain import plain_values, same

ARRAYS = {
    "f": np.array([0.5, 1.5], np.float32),
    "i": np.array([[1, 2], [3, 4]], np.int8),
    "b": np.array([1, 2], np.uint8),
    "s": np.array([[0.5]], np.float32),
    "z": np.array([[0]], np.int64),
}
MODULE = {"name": "", "class": "Linear", "training": True, "hooks": [], "settings": {}, "tensors": {}}
EMPTY = {"kind": "dict", "items": []}


@given(plain_values)
@settings(deadline=None, max_examples=150)
def test_every_plain_value_comes_back_as_it_went(value):
    writer = TreeWriter()
    node = json.loads(json.dumps(writer.write(value), allow_nan=False))

    assert same(TreeReader(writer.arrays).read(node), value)


KINDS = ["list", "tuple", "dict", "array", "quantized", "sparse", "blob", "name", "zoo", "unreadable"]
FIELDS = ["items", "dtype", "library", "contiguous", "ref", "owner", "codes", "scales", "zero_points", "layout"]
FIELDS += ["shape", "parts", "text", "name", "seed", "type", "reason", "modules", "layers"]
words = st.sampled_from([*ARRAYS, "a0", "array", "float32", "int8", "numpy", "torch", "csr", "\ud800"])
nodes = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.fixed_dictionaries(
            {"kind": st.sampled_from([*KINDS, "torch_model", "keras_model"])}, optional=dict.fromkeys(FIELDS, inner)
        ),
    ),
    max_leaves=12,
)


@given(nodes)
@settings(deadline=None, max_examples=200)
def test_any_other_node_is_refused_in_words(node):
    try:
        value = TreeReader(ARRAYS).read(node)
    except EvidenceError as error:
        str(error).encode()  # the sentence itself can be written
        return
    TreeWriter().write(value)  # what passes is plain data


@pytest.mark.parametrize(
    "node",
    [
        float("nan"),
        float("inf"),
        2**63,
        -(2**63),
        "\ud800",
        "x" * 20_001,
        [1],
        {"kind": "name", "text": "\udfff"},
        {"kind": "dict", "items": [["a", 1], ["a", 2]]},
        {"kind": "dict", "items": [[1, 1]]},
        {"kind": "dict", "items": ["ab"]},
        {"kind": "array", "dtype": "int8", "library": "numpy", "contiguous": True, "ref": "f"},
        {"kind": "array", "dtype": "float32", "library": "cupy", "contiguous": True, "ref": "f"},
        {"kind": "array", "dtype": "float32", "library": "numpy", "contiguous": True, "ref": "gone"},
        {"kind": "array", "dtype": "float32", "library": "numpy", "contiguous": True, "ref": 0},
        {"kind": "blob", "ref": "f"},
        {"kind": "blob", "ref": "i"},
        {"kind": "quantized", "dtype": "qint8", "owner": "T", "codes": "i", "scales": "f", "zero_points": "z"},
        {"kind": "quantized", "dtype": "qint8", "owner": "T", "codes": "s", "scales": "s", "zero_points": "z"},
        {"kind": "sparse", "layout": "csr", "shape": [2, True], "parts": {"values": "f"}},
        {"kind": "sparse", "layout": "csr", "shape": [2**60, 2], "parts": {"values": "f"}},
        {"kind": "sparse", "layout": "pickle", "shape": [2], "parts": {}},
        {"kind": "torch_model", "modules": [1]},
        {"kind": "torch_model", "modules": [{**MODULE, "settings": EMPTY, "tensors": {"kind": "list", "items": []}}]},
        {"kind": "keras_model", "layers": [MODULE]},
        {"kind": "pickle", "data": "gASVAA=="},
    ],
)
def test_malformed_nodes_are_refused(node):
    with pytest.raises(EvidenceError):
        TreeReader(ARRAYS).read(node)


def test_an_array_counts_each_time_it_is_taken_and_each_taker_has_its_own():
    node = {"kind": "array", "dtype": "float32", "library": "numpy", "contiguous": True, "ref": "f"}
    twice = {"kind": "list", "items": [node, node]}
    room = 2 * ARRAYS["f"].nbytes

    first, second = TreeReader(ARRAYS, Limits(array_bytes=room)).read(twice)
    first.values[...] = 7
    assert not np.array_equal(first.values, second.values)
    assert np.array_equal(second.values, ARRAYS["f"])
    with pytest.raises(EvidenceError, match=f"at most {room - 1} bytes together"):
        TreeReader(ARRAYS, Limits(array_bytes=room - 1)).read(twice)


@pytest.mark.parametrize("values", [np.array([np.nan]), np.array([1j]), np.array([None])])
def test_array_with_a_flaw_is_refused(values):
    node = {"kind": "array", "dtype": values.dtype.name, "library": "numpy", "contiguous": True, "ref": "x"}

    with pytest.raises(EvidenceError, match="array x"):
        TreeReader({"x": values}).read(node)


def test_nodes_and_depth_are_capped():
    deep = 1
    for _ in range(30):
        deep = {"kind": "list", "items": [deep]}

    with pytest.raises(EvidenceError, match="24 deep"):
        TreeReader({}).read(deep)
    with pytest.raises(EvidenceError, match="at most 5 nodes"):
        TreeReader({}, Limits(nodes=5)).read({"kind": "list", "items": [1] * 5})


@pytest.mark.parametrize("seed", [True, -1, 2**63, 10**400], ids=["a truth value", "below 0", "64 bits", "many digits"])
def test_the_seed_of_a_model_is_a_whole_number_of_63_bits(seed):
    assert TreeReader({}).read({"kind": "zoo", "name": "digits_mlp", "seed": 2**63 - 1}) == ZooModel(
        "digits_mlp", 2**63 - 1
    )
    with pytest.raises(EvidenceError, match="a node of kind 'zoo' is malformed"):
        TreeReader({}).read({"kind": "zoo", "name": "digits_mlp", "seed": seed})
