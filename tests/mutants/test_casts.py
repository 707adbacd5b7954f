from tests.mutants.making import mutants, new, returned

NUMPY = {"setup": "import numpy as np"}


def test_cast_is_left_out_and_exchanged_for_its_neighbours():
    assert returned("a.x.astype(np.int8)", "c", parameters="a", **NUMPY) == {
        "a.x",
        "a.x.astype(np.uint8)",
        "a.x.astype(np.int16)",
    }
    assert returned("a.x.float()", "c", parameters="a") == {"a.x", "a.x.half()", "a.x.double()"}


def test_cast_that_only_adds_precision_is_made_narrower_but_not_left_out():
    assert returned("a.x.astype(np.float64)", "c", parameters="a", **NUMPY) == {"a.x.astype(np.float32)"}
    assert returned("a.x.double()", "c", parameters="a") == {"a.x.float()"}


def test_dtype_is_exchanged_by_name_and_in_a_text():
    assert returned("np.zeros(a, dtype=np.int64)", "c", parameters="a", **NUMPY) == {"np.zeros(a, dtype=np.int32)"}
    assert "f(a, 'float16')" in returned("f(a, 'float32')", "c", parameters="a")


def test_number_made_a_float_is_made_whole():
    assert returned("float(a.x)", "c", parameters="a") == {"int(a.x)"}
    assert returned("float('inf') + a", "c", parameters="a") == set()


def test_what_is_cast_in_several_places_is_cast_otherwise_in_all_of_them():
    source = "def answer(a, b):\n    c = a.astype(np.int64)\n    d = c @ b.astype(np.int64)\n    return d.sum()"

    assert new(source, "c", **NUMPY) == {
        "c = a.astype(np.int32); d = c @ b.astype(np.int32)",
        "c = a; d = c @ b",
    }


def test_what_is_cast_in_several_places_is_cast_otherwise_alone_in_the_answer():
    source = "def answer(a):\n    b = a.astype(np.int32)\n    return b.sum().astype(np.int32)"
    found = new(source, "c", **NUMPY)

    assert {"return b.sum()", "return b.sum().astype(np.int16)"} < found
    assert "b = a.astype(np.int16)" not in found


def test_solution_is_the_same_after_it_was_cast_everywhere():
    source = "def answer(a, b):\n    return a.astype(np.int32) + b.astype(np.int32)"

    assert mutants(source, "c", **NUMPY) == mutants(source, "c", **NUMPY)
