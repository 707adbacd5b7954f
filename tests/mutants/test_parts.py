from tests.mutants.making import new, returned


def test_parts_of_a_tuple_are_exchanged_doubled_and_left_out():
    assert returned("a.x, b.x", "d") == {"(b.x, a.x)", "(b.x, b.x)", "(a.x, a.x)", "a.x", "b.x"}


def test_entries_of_a_dict_are_exchanged_doubled_and_left_out():
    assert returned("{'x': a.x, 'y': a.y, 'z': a.z}", "d", parameters="a") == {
        "{'x': a.y, 'y': a.x, 'z': a.z}",
        "{'x': a.x, 'y': a.z, 'z': a.y}",
        "{'x': a.y, 'y': a.y, 'z': a.z}",
        "{'x': a.x, 'y': a.z, 'z': a.z}",
        "{'x': a.x, 'y': a.y, 'z': a.x}",
        "{'y': a.y, 'z': a.z}",
        "{'x': a.x, 'z': a.z}",
        "{'x': a.x, 'y': a.y}",
    }


def test_intermediate_result_is_returned():
    source = "def answer(x):\n    steps = f(x)\n    codes = g(steps)\n    return h(codes)"

    assert new(source, "d") == {"return steps", "return codes"}


def test_intermediate_result_is_the_response_of_a_value():
    source = "answer = ...\npruned = f(model)\nanswer = g(pruned)"

    assert new(source, "d", response="value", setup="model = 1") == {"answer = pruned"}


def test_only_what_a_function_made_stands_in_for_a_model():
    source = "names = ['a']\nsmall = f(model)\noptimizer = Adam(small)\nfor _ in small:\n    x = 1\nanswer = g(small)"

    assert new(source, "d", response="torch_model", setup="model = 1") == {"answer = small"}
    assert new(source, "d", response="value", setup="model = 1") >= {
        "answer = names",
        "answer = optimizer",
        "answer = x",
    }


def test_what_an_inner_function_returns_is_no_answer():
    source = "def answer(x):\n    def inner(y):\n        return y.a, y.b\n    return inner(x)"

    assert "return y.b, y.a" not in new(source, "d")


def test_early_constant_is_not_replaced():
    source = "def answer(x):\n    y = f(x)\n    if y == 0:\n        return 1.0\n    return y / 2"

    assert new(source, "d") == {"return y"}
