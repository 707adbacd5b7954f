from tests.mutants.making import new, returned


def test_function_method_and_attribute_are_taken_for_their_neighbours():
    assert "max(a, b)" in returned("min(a, b)", "a")
    assert "a.argmin()" in returned("a.argmax()", "a", parameters="a")
    assert "a.bias.x" in returned("a.weight.x", "a", parameters="a")
    assert "np.ones(a)" in returned("np.zeros(a)", "a", parameters="a", setup="import numpy as np")


def test_transposed_array_is_taken_as_it_is():
    assert returned("a @ b.T", "a", parameters="a, b") >= {"a @ b"}


def test_call_is_left_out():
    assert returned("np.sqrt(a.x)", "a", parameters="a", setup="import numpy as np") >= {"a.x"}
    assert returned("a.x.flatten()", "a", parameters="a") == {"a.x"}


def test_call_without_which_nothing_runs_is_not_left_out():
    assert returned("len(a.x)", "a", parameters="a") == set()
    assert returned("list(a.named_modules())", "a", parameters="a") == {"list(a.named_children())"}
    assert returned("Wrapper(a.x)", "a", parameters="a") == set()


def test_settings_of_an_optimizer_stay():
    assert returned("torch.optim.Adam(a, lr=b)", "a", parameters="a, b", setup="import torch") == set()


def test_call_that_is_a_statement_is_left_out_as_a_whole():
    assert "x" not in new("def answer(x):\n    x.sort()\n    return f(x)", "a")


def test_keyword_is_left_out_but_for_those_without_effect():
    assert returned("f(a, out=b)", "a", parameters="a, b") == {"f(a)"}
    assert returned("f(a, verbose=0)", "a", parameters="a") == set()
    assert returned("torch.load(a, weights_only=b)", "a", parameters="a, b", setup="import torch") == set()


def test_neighbouring_arguments_change_places_where_their_order_tells():
    assert returned("f(a, b)", "a") == {"f(b, a)"}
    assert "max(b, a)" not in returned("max(a, b)", "a")


def test_clip_loses_each_bound_and_all_and_is_not_written_in_another_order():
    found = returned("np.clip(a.x, b, c)", "a", setup="import numpy as np")

    assert found == {"np.clip(a.x, None, c)", "np.clip(a.x, b, None)", "a.x", "np.clip(a.x, c, b)"}
    assert returned("a.clamp(b, c)", "a") == {"a.clamp(None, c)", "a.clamp(b, None)", "a.clamp(c, b)"}
