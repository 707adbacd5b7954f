import numpy as np
import pytest

from quizlib.evidence.arrays import MAX_VALUES, flaw_of, is_name_of, quantized_flaw_of, sparse_flaw_of

CODES = np.zeros((4, 6), np.int8)
SCALES = np.ones((4, 2), np.float32)
ZEROS = np.zeros((4, 2), np.int64)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (np.array([1.0, np.nan, -np.inf]), "NaN or infinity in 2 of its 3"),
        (np.array([object()]), "dtype object"),
        (np.array(["text"]), "dtype str"),
        (np.array([1j]), "dtype complex128"),
        (np.array([(1, 2)], "i4,i4"), "no plain numbers"),
        (np.array(["2020-01-01"], "datetime64[D]"), "no plain numbers"),
        (np.broadcast_to(np.int8(0), MAX_VALUES + 1), "at most 16,777,216"),
        (np.zeros((0, MAX_VALUES + 1), np.int8), "at most 16,777,216"),
    ],
)
def test_what_is_no_bounded_finite_number_has_a_flaw(values, told):
    assert told in flaw_of(values)


def test_finite_numbers_have_no_flaw():
    assert flaw_of(np.array([-0.0, 1e308])) is None
    assert flaw_of(np.zeros((0, 3))) is None


@pytest.mark.parametrize(
    ("dtype", "carried", "fits"),
    [
        ("float32", "float32", True),
        ("bfloat16", "float32", True),
        ("int8", "float32", False),
        ("bfloat16", "float64", False),
    ],
)
def test_dtype_is_the_carriers_own_or_one_that_it_widens(dtype, carried, fits):
    assert is_name_of(dtype, np.zeros(1, carried)) is fits


@pytest.mark.parametrize(
    ("codes", "scales", "zero_points", "told"),
    [
        (CODES.astype(float), SCALES, ZEROS, "not whole numbers"),
        (CODES, SCALES.astype(int), ZEROS, "not whole numbers"),
        (CODES, SCALES, ZEROS.astype(float), "not whole numbers"),
        (CODES, np.ones(4, np.float32), ZEROS, "do not fit"),
        (CODES, np.ones((4, 5), np.float32), ZEROS, "do not fit"),
        (CODES, SCALES, np.zeros((3, 1), np.int64), "do not fit"),
        (CODES, SCALES, np.zeros((4, 0), np.int64), "do not fit"),
        (CODES, SCALES * 0, ZEROS, "not above zero"),
        (CODES, -SCALES, ZEROS, "not above zero"),
        (CODES, SCALES.astype(float) * 1e-300, ZEROS, "not above zero"),
        (CODES, SCALES.astype(float) * 1e300, ZEROS, "too large"),
    ],
)
def test_codes_and_a_grid_that_does_not_fit_them_have_a_flaw(codes, scales, zero_points, told):
    assert told in quantized_flaw_of(codes, scales, zero_points)


def test_grid_of_any_blocks_has_no_flaw():
    for shape in [(1, 1), (4, 1), (1, 6), (4, 3), (4, 6)]:
        assert quantized_flaw_of(CODES, np.ones(shape), np.zeros(shape, np.int8)) is None


def csr(rows=(0, 1, 2), columns=(1, 0), values=(5.0, 6.0)):
    return {"crow_indices": np.array(rows), "col_indices": np.array(columns), "values": np.array(values)}


def coo(indices=((0, 1), (1, 0)), values=(5.0, 6.0)):
    return {"indices": np.array(indices), "values": np.array(values)}


@pytest.mark.parametrize(
    ("layout", "shape", "parts"),
    [
        ("csr", (2, 2), csr(columns=(1, 2))),
        ("csr", (2, 2), csr(columns=(-1, 0))),
        ("csr", (2, 2), csr(rows=(0, 2, 1))),
        ("csr", (2, 2), csr(rows=(0, 1, 10**9))),
        ("csr", (2, 2), csr(rows=(1, 1, 2))),
        ("csr", (2, 2), csr(rows=(0, 2))),
        ("csr", (2, 2), csr(rows=(0, 2, 2), columns=(1, 1))),
        ("csr", (2, 2), csr(values=((5.0, 6.0),))),
        ("csr", (2, 2), csr(columns=(1.0, 0.0))),
        ("csr", (2,), csr()),
        ("csr", (2**20, 2**20), csr()),
        ("csr", (2, 2), coo()),
        ("coo", (2, 2), coo(indices=((0, 2), (1, 0)))),
        ("coo", (2, 2), coo(indices=((0, -1), (1, 0)))),
        ("coo", (2, 2), coo(indices=((0, 0), (1, 1)))),
        ("coo", (2, 2, 2), coo()),
        ("coo", (2, 2), coo(values=(5.0,))),
        ("coo", (0, 2), coo()),
        ("coo", (), coo()),
        ("bsr", (2, 2), csr()),
    ],
)
def test_sparse_parts_that_do_not_fit_have_a_flaw(layout, shape, parts):
    assert sparse_flaw_of(layout, shape, parts)


@pytest.mark.parametrize(("layout", "parts"), [("csr", csr()), ("coo", coo())])
def test_sparse_parts_that_fit_have_no_flaw(layout, parts):
    assert sparse_flaw_of(layout, (2, 2), parts) is None
