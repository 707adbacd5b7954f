import ast

from quizlib.mutants import Solution
from quizlib.mutants.parsed import Parsed


def parsed(source, **fields):
    return Parsed.of(Solution(**({"source": source, "name": "answer", "response": "function"} | fields)))


def test_docstrings_and_the_open_line_of_a_value_are_not_part_of_it():
    found = parsed(
        'answer = ...\n"""Told."""\n\n\ndef helper():\n    """Doc."""\n\n\nanswer = helper()', response="value"
    )

    assert "..." not in found.text
    assert "def helper():\n    pass\n" in found.text


def test_arguments_of_the_first_case_go_by_the_names_of_their_parameters():
    found = parsed("def answer(x, *, bits): return x", arguments=("1",), keywords={"bits": "2"})

    assert found.first_case() == {"x": "1", "bits": "2"}


def test_function_is_found_behind_a_wrapper():
    found = parsed("def measure(call): return call()\nanswer = watched(measure)", setup="def watched(f): return f")

    assert found.function is not None
    assert found.function.name == "measure"


def test_answers_are_what_is_returned_or_bound_to_the_response():
    function = parsed("def answer(x):\n    if x:\n        return 1\n    def f():\n        return 2\n    return 3")
    value = parsed("a = 1\nanswer = 2", response="value")

    assert [ast.unparse(place.node) for place in function.answers()] == ["1", "3"]
    assert [ast.unparse(place.node) for place in value.answers()] == ["2"]


def test_training_is_told_by_what_it_calls():
    assert parsed("answer = f(x)\nanswer.fit(x)", response="keras_model").is_training
    assert not parsed("answer = f(x)", response="keras_model").is_training
