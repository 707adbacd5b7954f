import pytest
from pydantic import ValidationError

from quizlib.authoring import (
    Condition,
    Criterion,
    Matches,
    Measured,
    Raises,
    Unchanged,
    exactly,
    fact,
    matching,
    measured,
    raising,
    unchanged,
)

SPARSE = Condition(fact="sparsity", args={"weight": "w"}, at_least=0.5)


@pytest.mark.parametrize(
    ("short", "requirement"),
    [
        (matching("a", "t", points=2), Matches()),
        (matching("a", "t", points=2, part="y", rtol=1e-3), Matches(part="y", rtol=1e-3)),
        (exactly("a", "t", points=2, dtype=True), Matches(rtol=0, atol=0, dtype=True)),
        (measured("a", "t", SPARSE, SPARSE, points=2), Measured(conditions=(SPARSE, SPARSE))),
        (
            raising("a", "t", "ValueError", "TypeError", mentions=("bits",), points=2),
            Raises(types=("ValueError", "TypeError"), mentions=("bits",)),
        ),
        (unchanged("a", "t", points=2), Unchanged()),
    ],
)
def test_a_short_word_says_the_criterion_it_stands_for(short, requirement):
    assert short == Criterion(id="a", text="t", points=2, requirement=requirement)


def test_a_criterion_has_one_point_unless_it_says_more():
    assert {made.points for made in (matching("a", "t"), exactly("a", "t"), unchanged("a", "t"))} == {1}


def test_a_fact_takes_its_bounds_and_hands_on_the_rest():
    assert fact("sparsity", weight="w", at_least=0.5) == SPARSE
    assert fact("code_dtype", weight="w", equals="int8").equals == "int8"


def test_a_fact_without_a_bound_or_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError, match="a condition needs at_least"):
        fact("sparsity", weight="w")
    with pytest.raises(ValidationError, match="tolerance"):
        matching("a", "t", tolerance=1)
