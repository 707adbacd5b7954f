"""Plain values of every kind for hypothesis, and equality that looks into arrays."""

from dataclasses import fields, is_dataclass

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quizlib.evidence.arrays import ARRAY_DTYPES, WIDENED
from quizlib.evidence.values import (
    LIBRARIES,
    Array,
    Blob,
    KerasLayer,
    KerasModel,
    Name,
    QuantizedArray,
    SparseArray,
    TorchModel,
    TorchModule,
    Unreadable,
    ZooModel,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
whole = st.integers(-(2**63) + 1, 2**63 - 1)
real = st.floats(allow_nan=False, allow_infinity=False)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
finite = {"allow_nan": False, "allow_infinity": False}


def arrays_of(dtype, shape=shapes):
    return hnp.arrays(dtype, shape, elements=finite if dtype.startswith("float") else None)


dense = st.one_of(
    st.sampled_from(sorted(ARRAY_DTYPES)).flatmap(
        lambda dtype: st.builds(Array, arrays_of(dtype), st.just(dtype), st.sampled_from(LIBRARIES), st.booleans())
    ),
    st.builds(Array, arrays_of("float32"), st.sampled_from(sorted(WIDENED)), st.just("torch"), st.booleans()),
)


@st.composite
def quantized(draw):
    blocks = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    codes = draw(hnp.arrays(np.int8, tuple(b * s for b, s in zip(blocks, size, strict=True))))
    scales = draw(hnp.arrays(np.float32, blocks, elements=st.floats(2.0**-20, 2.0**20, width=32)))
    return QuantizedArray(codes, scales, draw(hnp.arrays(np.int8, blocks)), "qint8", draw(texts))


@st.composite
def sparse(draw):
    rows, columns = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    matrix = draw(arrays_of("float32", (rows, columns)))
    places = np.array(matrix.nonzero())
    if draw(st.booleans()):
        return SparseArray("coo", matrix.shape, {"indices": places, "values": matrix[tuple(places)]})
    ends = np.cumsum([0, *(matrix != 0).sum(1)])
    parts = {"col_indices": places[1], "crow_indices": ends, "values": matrix[tuple(places)]}
    return SparseArray("csr", matrix.shape, parts)


unreadable = st.builds(Unreadable, texts, texts)
scalars = st.one_of(st.none(), st.booleans(), whole, real, texts)
settings_of = st.dictionaries(texts, scalars, max_size=2)
modules = st.builds(
    TorchModule,
    texts,
    texts,
    st.booleans(),
    st.lists(texts, max_size=2).map(tuple),
    settings_of,
    st.dictionaries(texts, st.one_of(dense, quantized(), sparse(), unreadable), max_size=2),
)
layers = st.builds(
    KerasLayer, texts, texts, texts, settings_of, st.dictionaries(texts, st.one_of(dense, unreadable), max_size=2)
)
leaves = st.one_of(
    scalars,
    dense,
    quantized(),
    sparse(),
    unreadable,
    st.builds(Blob, st.binary(max_size=8)),
    st.builds(Name, texts),
    st.builds(ZooModel, texts, st.none() | st.integers(0, 9)),
    st.builds(TorchModel, st.lists(modules, max_size=2).map(tuple)),
    st.builds(KerasModel, st.lists(layers, max_size=2).map(tuple)),
)
plain_values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(texts, inner, max_size=3),
    ),
    max_leaves=6,
)


def same(one, other):
    """Say whether two plain values are equal in type, dtype, shape and every bit of every number."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if is_dataclass(one):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return repr(one) == repr(other)  # tells 0.0 from -0.0


def _torch_model(value):
    tensors = {"weight": Array(np.array([[value, 2.0]], np.float32), "float32", "torch")}
    return TorchModel((TorchModule("hidden", "torch.nn.Linear", False, (), {"in_features": 2}, tensors),))


def _keras_model(value):
    weights = {"kernel": Array(np.array([[value], [2.0]], np.float32), "float32", "tensorflow")}
    return KerasModel((KerasLayer("hidden", "keras.Dense", "", {"units": 1}, weights),))


def _quantized(code):
    grid = np.array([[0.5]], np.float32), np.array([[1]], np.int64)
    return QuantizedArray(np.array([[code, 3]], np.int8), *grid, "qint8", "torch.Tensor")


def _sparse(value):
    return SparseArray("coo", (2, 3), {"indices": np.array([[1], [2]]), "values": np.array([value])})


PAIRS = {
    bool: (True, False),
    int: (3, 4),
    float: (0.5, 0.75),
    str: ("a", "b"),
    list: ([1, "a"], [1, "b"]),
    tuple: ((1, 2), (1, 3)),
    dict: ({"bits": 8}, {"bits": 4}),
    Array: (Array(np.array([1.0, 2.0]), "float64"), Array(np.array([1.0, 2.5]), "float64")),
    QuantizedArray: (_quantized(1), _quantized(2)),
    SparseArray: (_sparse(5.0), _sparse(6.0)),
    TorchModel: (_torch_model(1.0), _torch_model(1.5)),
    KerasModel: (_keras_model(1.0), _keras_model(1.5)),
    Blob: (Blob(b"one"), Blob(b"two")),
    Name: (Name("torch.int8"), Name("torch.uint8")),
    ZooModel: (ZooModel("digits_mlp"), ZooModel("digits_mlp", 3)),
    Unreadable: (Unreadable("int", "has 5000 digits"), Unreadable("int", "does not fit 64 bits")),
    type(None): (None, None),
}
"""One example of each kind of plain value, and another of the same kind; of None there is but one."""
