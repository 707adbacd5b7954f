from tests.mutants.making import mutants, new

COPY = {"setup": "import copy\nfrom quizlib import zoo\nmlp = zoo.digits_mlp()\ndigits = zoo.load_digits()"}
MODEL = {"name": "own", "response": "torch_model", **COPY}

PRUNE = """
def answer(model, sparsity):
    pruned = copy.deepcopy(model)
    prune.l1_unstructured(pruned, "weight", amount=sparsity)
    return pruned
"""


def labels(source, **fields):
    return [mutant.label for mutant in mutants(source, "e", **fields)]


def test_each_parameter_is_handed_back_before_and_after_the_work():
    found = labels(PRUNE, **COPY)

    assert {
        "line 1: model handed back, nothing done",
        "line 1: sparsity handed back, nothing done",
        "line 4: `model` instead of `pruned`",
        "line 4: `sparsity` instead of `pruned`",
    } < set(found)


def test_work_is_done_on_the_given_object():
    assert "pruned = model" in new(PRUNE, "e", **COPY)
    assert "y = x.weight" in new("def answer(x):\n    y = x.weight.clone()\n    return f(y)", "e")
    assert "y = x" in new("def answer(x):\n    y = x.copy()\n    return f(y)", "e")


def test_work_is_left_out():
    assert "line 3: without `prune.l1_unstructured(pruned, 'weight', amount=sparsity)`" in labels(PRUNE, **COPY)
    assert "return f(x)" in new("def answer(x):\n    return convert(f(x))", "e")


def test_training_is_left_out():
    loop = "own = copy.deepcopy(mlp)\nfor _ in range(5):\n    for rows in digits:\n        own(rows).backward()"

    assert [label for label in labels(loop, **MODEL) if label.startswith("line 2: without `for _ in range(5)")]
    assert not [label for label in labels(loop, **MODEL) if label.startswith("line 3: without")]
    assert "line 2: without `own.fit(digits)`" in labels("own = f(mlp)\nown.fit(digits)", **MODEL)


def test_model_of_the_setup_is_handed_in_before_and_after_the_work():
    found = labels("own = f(mlp, digits)", **MODEL)

    assert found == ["mlp handed in, nothing done", "mlp handed in, the work done"]


def test_settings_are_left_out_together():
    source = "converter = f(mlp)\nconverter.a = 1\nconverter.b = 2\nown = converter.convert()"

    assert "line 2: without any of 2 settings" in labels(source, **MODEL)
    assert "own = converter.convert()" in mutants(source, "e", **MODEL)[-1].source
