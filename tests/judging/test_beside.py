import pytest

from quizlib.authoring import exactly, fact, matching, measured, raising, unchanged
from quizlib.judging.bench import Finding
from quizlib.judging.beside import all_lost, counted, shown_by

PRUNED = measured("pruned", "Half of it is zero", fact("sparsity", weight="w", at_least=0.5))
SMALL = measured("small", "It is small", fact("weight_bytes", at_most=9), beside=("pruned",))
REFUSES = raising("refuses", "Refuses text", "TypeError")
KEEPS = unchanged("keeps", "Keeps its input")
TYPICAL, EDGES = matching("typical", "Doubles"), exactly("edges", "Doubles 0")


@pytest.mark.parametrize(
    ("criteria", "lost", "all_of_them"),
    [
        ([PRUNED, SMALL], {"pruned"}, {"pruned", "small"}),
        ([PRUNED, SMALL], {"small"}, {"small"}),
        ([TYPICAL, EDGES, KEEPS, REFUSES], {"typical", "edges"}, {"typical", "edges", "keeps", "refuses"}),
        ([TYPICAL, EDGES, KEEPS, REFUSES], {"typical"}, {"typical"}),
        ([TYPICAL, KEEPS], {"keeps"}, {"keeps"}),
        ([PRUNED, SMALL, KEEPS], {"pruned"}, {"pruned", "small", "keeps"}),  # what leans itself shows no work
        ([REFUSES, KEEPS], {"refuses"}, {"refuses"}),  # nothing else could show it
    ],
)
def test_criterion_counts_beside_one_that_is_met(criteria, lost, all_of_them):
    assert all_lost(criteria, lost, {}) == all_of_them


def test_criterion_that_is_to_stand_beside_several_counts_beside_any_of_them():
    leaning = matching("shape", "Has the shape", beside=("typical", "edges"))

    assert all_lost([TYPICAL, EDGES, leaning], {"typical"}, {}) == {"typical"}
    assert all_lost([TYPICAL, EDGES, leaning], {"typical", "edges"}, {}) == {"typical", "edges", "shape"}


def test_finding_names_what_is_to_be_met_and_a_criterion_that_fails_itself_keeps_its_own():
    wrong = Finding("is 3, but should be 4", "public-0")
    found = counted([PRUNED, SMALL, KEEPS], {"pruned": wrong, "small": None, "keeps": wrong}, {})

    assert found["pruned"] is found["keeps"] is wrong
    assert found["small"].sentence == "holds, and earns its points only once “Half of it is zero” is met"
    assert found["small"].case is None
    assert [found[name].is_unshown for name in ("pruned", "small", "keeps")] == [False, True, False]


def test_finding_of_what_the_kernel_reports_names_no_criterion():
    found = counted([TYPICAL, KEEPS], {"typical": Finding("wrong"), "keeps": None}, {})

    assert found["keeps"].sentence == "holds, and earns its points only once another criterion is met"


def test_criterion_counts_where_those_beside_it_are_judged_elsewhere():
    assert counted([SMALL, KEEPS], {"small": None, "keeps": None}, {}) == {"small": None, "keeps": None}


def test_what_shows_the_work_stands_by_itself_and_is_no_word_of_the_kernel():
    criteria = [PRUNED, SMALL, REFUSES, KEEPS]

    assert shown_by(KEEPS, criteria, {}) == [PRUNED]
    assert shown_by(SMALL, criteria, {}) == [PRUNED]
    assert shown_by(PRUNED, criteria, {}) == []
