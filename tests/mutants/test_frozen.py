from tests.mutants.making import mutants, new

SOURCE = "def answer(x, bits: int, *, narrow: bool = False):\n    return f(x, bits, narrow)"


def test_each_parameter_is_fixed_as_in_the_first_public_case_and_at_its_default():
    found = {
        (mutant.label, mutant.diff)
        for mutant in mutants(SOURCE, "b", arguments=("np.ones(3)", "4"), keywords={"narrow": "True"})
    }

    assert found == {
        ("line 1: x fixed as in the first public case", "@@\n+    x = np.ones(3)"),
        ("line 1: bits fixed as in the first public case", "@@\n+    bits = 4"),
        ("line 1: narrow fixed as in the first public case", "@@\n+    narrow = True"),
        ("line 1: narrow fixed at its default", "@@\n+    narrow = False"),
    }


def test_default_that_the_first_case_has_as_well_is_fixed_once():
    assert new(SOURCE, "b", keywords={"narrow": "False"}) == {"narrow = False"}


def test_mutant_imports_what_a_fixed_value_needs():
    (made,) = mutants("def answer(x):\n    return f(x)", "b", arguments=("zoo.build('m') + np.ones(3)",))

    assert made.source.startswith("import numpy as np\nfrom quizlib import zoo\ndef answer(x):")
    assert "import" not in made.diff


def test_function_that_a_wrapper_of_the_setup_takes_is_fixed_in_what_both_name_alike():
    setup = "def watched(inner):\n    def outer(costs, repeats):\n        return inner(len, repeats)\n    return outer"
    source = "def measure(call, repeats):\n    return call() * repeats\nanswer = watched(measure)"

    assert new(source, "b", setup=setup, arguments=("[1, 2]", "3")) == {"repeats = 3"}


def test_response_that_is_no_function_has_no_parameters():
    assert new("answer = f(x)", "b", response="value", setup="x = 1") == set()
