from tests.mutants.making import new, returned


def test_whole_number_is_off_by_one_nothing_one_doubled_and_of_the_other_sign():
    assert returned("a + 8", "a", parameters="a") >= {"a + 7", "a + 9", "a + 0", "a + 1", "a + 16", "a + -8"}


def test_fraction_is_halved_doubled_nothing_one_and_of_the_other_sign():
    assert returned("a > 0.025", "a", parameters="a") >= {
        "a > 0.0125",
        "a > 0.0",
        "a > 1.0",
        "a > 0.05",
        "a > -0.025",
    }


def test_base_of_a_power_has_one_neighbour():
    assert returned("2 ** a", "a", parameters="a") == {"3 ** a", "2 * a"}


def test_exponent_is_off_by_one():
    assert returned("a ** 2", "a", parameters="a") == {"a ** 1", "a ** 3", "a * 2"}


def test_index_is_off_by_one_or_exchanged_with_its_neighbour():
    assert returned("a[0]", "a", parameters="a") == {"a[-1]", "a[1]"}
    assert returned("a[:, None]", "a", parameters="a") == {"a[None, :]"}
    assert returned("a[b]", "a", parameters="a, b") == {"a[b - 1]", "a[b + 1]"}


def test_slice_loses_a_bound_or_is_off_by_one():
    assert returned("a[1:]", "a", parameters="a") == {"a[:]", "a[2:]"}
    assert returned("a[:b]", "a", parameters="a, b") == {"a[:]", "a[:b - 1]", "a[:b + 1]"}


def test_axis_is_another():
    found = returned("a.cumprod(axis=1)", "a", parameters="a")

    assert "a.cumprod(axis=0)" in found
    assert "a.cumprod(axis=2)" not in found


def test_flag_is_turned_round_and_none_becomes_nothing():
    assert returned("a.cumprod(out=True)", "a", parameters="a") == {"a.cumprod(out=False)", "a.cumprod()", "a"} - {"a"}
    assert "min(a, default=0)" in returned("min(a, default=None)", "a", parameters="a")
    assert returned("a is None", "a", parameters="a") == {"a is not None"}


def test_text_is_exchanged_for_the_next_of_the_solution_and_weight_for_bias():
    assert returned("'memory' if a else 'compute'", "a", parameters="a") >= {"'compute' if a else 'compute'"}
    assert "a.prune('bias')" in returned("a.prune('weight')", "a", parameters="a")


def test_key_of_a_dict_is_not_renamed():
    assert not [line for line in returned("{'x': a.x, 'y': a.y}", "a", parameters="a") if line.count("'x'") > 1]


def test_fixed_parts_of_an_f_string_are_left_out():
    assert returned("f'{a}.weight'", "a", parameters="a") == {"f'{a}'"}


def test_each_of_several_things_is_left_out_where_they_are_no_answer():
    assert returned("isinstance(a, (b, c))", "a") >= {"isinstance(a, (c,))", "isinstance(a, (b,))"}
    assert returned("f({b, c})", "a", parameters="b, c") >= {"f({c})", "f({b})"}


def test_parameter_is_taken_for_the_next_of_its_annotation():
    found = new("def answer(x: float, low: int, high: int):\n    return f(x, low)", "a")

    assert "return f(x, high)" in found
    assert not [line for line in found if line.startswith("return f(low, low)")]


def test_numbers_of_a_training_are_only_set_to_nothing():
    source = "model = make()\nfor rows in x.split(32):\n    model(rows).backward()\n"
    found = new(source, "a", name="model", response="torch_model", setup="x = 1")

    assert "for rows in x.split(0):" in found
    assert not [line for line in found if "31" in line or "64" in line or "in x:" in line]


def test_seed_stays():
    assert new("torch.manual_seed(7)\nx = f()", "a", name="x", response="value", setup="import torch") == set()
