import math

import numpy as np
import pytest
import torch

from quizlib.mutants.rounding import FORMS
from tests.mutants.making import mutants, returned

RULES = {
    "floor": {-2.5: -3, -0.5: -1, 0.5: 0, 1.5: 1, 1.7: 1},
    "ceil": {-2.5: -2, -0.5: 0, 0.5: 1, 1.5: 2, 1.2: 2},
    "trunc": {-2.5: -2, -0.5: 0, 0.5: 0, 1.7: 1},
    "half even": {-2.5: -2, -0.5: 0, 0.5: 0, 1.5: 2, 1.7: 2},
    "half up": {-2.5: -2, -0.5: 0, 0.5: 1, 1.5: 2, 1.2: 1},
    "half away": {-2.5: -3, -0.5: -1, 0.5: 1, 1.5: 2, 1.2: 1},
}

MADE = {"python": float, "numpy": np.float64, "torch": torch.tensor}


@pytest.mark.parametrize("library", FORMS)
@pytest.mark.parametrize("rule", RULES)
def test_form_rounds_by_its_rule(library, rule):
    names = {"math": math, "np": np, "torch": torch}
    found = {x: float(eval(FORMS[library][rule], names | {"X": MADE[library](x)})) for x in RULES[rule]}

    assert found == RULES[rule]


def test_rounding_is_exchanged_for_every_other_of_its_library():
    assert returned("torch.round(a / b)", "c", setup="import torch") == {
        "torch.floor(a / b)",
        "torch.ceil(a / b)",
        "torch.trunc(a / b)",
        "torch.floor(a / b + 0.5)",
        "torch.trunc(a / b + torch.copysign(torch.tensor(0.5), a / b))",
    }


def test_method_is_exchanged_in_the_library_that_is_there():
    assert "np.floor(a)" in returned("a.round()", "c", parameters="a", setup="import numpy as np")
    assert "torch.floor(a)" in returned("a.round()", "c", parameters="a", setup="import torch")


def test_count_rounded_up_is_rounded_down_and_to_the_nearest():
    assert returned("math.ceil(a / 8)", "c", parameters="a", setup="import math") == {
        "math.floor(a / 8)",
        "round(a / 8)",
        "math.floor(a / 8 + 0.5)",
    }


def test_int_of_what_is_whole_is_no_rounding():
    assert returned("int(len(a))", "c", parameters="a") == set()
    assert returned("int((a == b).sum())", "c") == set()
    assert "round(a / b)" in returned("int(a / b)", "c")


def test_whole_division_is_rounded_up_and_to_the_nearest():
    assert returned("a // b", "c") == {"-(-a // b)", "round(a / b)"}


def test_whole_division_that_rounds_up_is_rounded_down_and_to_the_nearest():
    assert returned("-(-a * c // b)", "c") == {"-(-a * c) // b", "round(-(-a * c) / b)"}


def test_mutant_imports_the_library_it_rounds_with():
    (made,) = [
        mutant for mutant in mutants("def answer(x):\n    return round(x.y)", "c") if "floor(x.y)" in mutant.diff
    ]

    assert made.source == "import math\ndef answer(x):\n    return math.floor(x.y)\n"
