from tests.mutants.making import new, returned


def test_operator_is_exchanged_for_its_neighbour_and_operands_that_have_an_order_change_places():
    assert returned("a - b", "a") == {"a + b", "b - a"}
    assert returned("a + b", "a") == {"a - b"}
    assert returned("a // b", "a") == {"a / b", "b // a"}
    assert returned("a << b", "a") == {"a >> b"}


def test_either_operand_stands_alone():
    assert {"-a", "b * c"} < returned("-a + b * c", "a")


def test_operands_of_a_difference_that_is_squared_or_taken_without_sign_stay_where_they_are():
    assert "(b - a) ** 2" not in returned("(a - b) ** 2", "a")
    assert "abs(b - a)" not in returned("abs(a - b)", "a")
    assert "(b - a) ** 3" in returned("(a - b) ** 3", "a")


def test_texts_are_neither_added_nor_taken_away():
    assert returned("'bits ' + a", "a", parameters="a") == set()


def test_each_comparison_of_a_chain_is_exchanged_and_left_out():
    assert returned("a < b <= c", "a") == {
        "a <= b <= c",
        "a >= b <= c",
        "a < b < c",
        "a < b > c",
        "a < b",
        "b <= c",
    }


def test_equality_identity_and_membership_are_turned_round():
    assert returned("a == b", "a") == {"a != b"}
    assert returned("a is not b", "a") == {"a is b"}
    assert returned("a not in b", "a") == {"a in b"}


def test_parts_of_a_condition_are_joined_otherwise_or_left_out():
    assert returned("a and b and c", "a") == {"a or b or c", "b and c", "a and c", "a and b"}
    assert returned("not a", "e", parameters="a") == {"a"}


def test_choice_is_exchanged_and_either_branch_stands_alone():
    assert returned("a.x if b else c.x", "a") == {"c.x if b else a.x", "a.x", "c.x"}


def test_comprehension_loses_its_condition_its_last_and_its_first():
    assert returned("[x for x in a if b]", "a", parameters="a, b") == {
        "[x for x in a]",
        "[x for x in a if not b]",
        "[x for x in list(a)[:-1] if b]",
        "[x for x in list(a)[1:] if b]",
    }


def test_first_of_a_models_modules_which_is_the_model_is_not_left_out():
    found = new("def answer(model):\n    return [m for m in model.modules() if m.weight]", "a")

    assert "return [m for m in list(model.modules())[:-1] if m.weight]" in found
    assert "return [m for m in list(model.modules())[1:] if m.weight]" not in found
