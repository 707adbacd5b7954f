import pytest

from quizlib.authoring.proof import Claim, Proof
from quizlib.authoring.questions import WrittenOption, WrittenQuestion
from quizlib.verify.questions import prove, verify_question

SEEN = {"float32": 4, "float16": 2, "int8": 1}


def option(text, right=False):
    return WrittenOption(text=text, feedback="Look at the item size.", misconception=None if right else "Guesses.")


def question(**changes):
    fields = {
        "id": "smallest",
        "revision": 1,
        "kind": "one",
        "points": 1,
        "objective": "Compare.",
        "difficulty": 1,
        "stem": "Which is the smallest?",
        "options": (option("float32"), option("float16"), option("int8", right=True)),
        "key": "C",
        "hints": ("Count bits.",),
        "rationale": "int8 takes one byte.",
        "source": "NumPy",
    }
    return WrittenQuestion(**{**fields, **changes})


def smallest(name, unless):
    return Claim(f"{name} is the smallest", lambda seen: min(seen, key=seen.get) == name, unless=unless)


CLAIMS = {
    "A": smallest("float32", {"float32": 0}),
    "B": smallest("float16", {"float16": 0}),
    "C": smallest("int8", {"int8": 9}),
}


def proof(**changes):
    return Proof(**{"item": "smallest", "observe": lambda: SEEN, "claims": CLAIMS, **changes})


def test_a_key_that_follows_from_the_observations_is_proved():
    report = verify_question(question(), proof())
    assert (report.questions.proved, report.questions.refuted, report.problems) == (1, 2, [])


def test_a_false_key_is_named_with_the_claim_that_does_not_hold():
    wrong = question(key="A", options=(option("float32", right=True), option("float16"), option("int8")))
    problems = prove(wrong, proof())
    assert problems == [
        "question smallest: option A is in the key but does not hold: float32 is the smallest.",
        "question smallest: distractor C holds: int8 is the smallest.",
    ]


def test_a_claim_that_ignores_the_observations_proves_nothing():
    rigid = Claim("int8, trust me", lambda seen: True, unless={"int8": 9})
    problems = prove(question(), proof(claims={**CLAIMS, "C": rigid}))
    assert problems == ["question smallest: claim C does not change when what was observed is replaced."]


def test_a_claim_whose_replacement_was_never_observed_is_refused():
    loose = Claim("int8 is the smallest", CLAIMS["C"].holds, unless={"int4": 9})
    problems = prove(question(), proof(claims={**CLAIMS, "C": loose}))
    assert "claim C replaces int4, which was not observed" in problems[0]


def test_an_option_without_a_claim_is_refused():
    problems = prove(question(), proof(claims={"A": CLAIMS["A"], "C": CLAIMS["C"]}))
    assert problems == ["question smallest: option B has no claim."]


def test_a_proof_that_raises_is_a_problem_with_its_error():
    def broken():
        raise RuntimeError("no engine")

    assert prove(question(), proof(observe=broken)) == ["question smallest: its proof raised RuntimeError: no engine"]


def test_a_proof_that_observes_nothing_is_a_problem():
    assert prove(question(), proof(observe=dict)) == ["question smallest: its proof observed nothing."]


def test_a_question_without_proof_and_citation_is_taken_on_trust():
    assert "has no proof" in verify_question(question(), None).problems[0]


def test_a_cited_question_needs_no_proof():
    report = verify_question(question(cited=True), None)
    assert (report.questions.cited, report.questions.proved, report.problems) == (1, 0, [])


def number(**changes):
    return question(kind="number", options=(), key=4.0, tolerance=0.1, **changes)


def test_a_number_is_proved_by_the_value_computed_from_the_observations():
    computed = proof(claims={}, value=lambda seen: float(seen["float32"]), unless={"float32": 8})
    assert prove(number(), computed) == []


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (lambda seen: float(seen["float16"]), "the key is 4.0, but the proof computes 2.0"),
        (lambda seen: 4.0, "its value stays 4.0 when what was observed is replaced"),
    ],
)
def test_a_number_that_is_false_or_typed_in_is_refused(value, sentence):
    computed = proof(claims={}, value=value, unless={"float32": 8})
    assert sentence in prove(number(), computed)[0]


def order(key="CBA"):
    return question(kind="order", key=key, options=(option("float32"), option("float16"), option("int8")))


def before(small, large):
    return Claim(f"{small} before {large}", lambda seen: seen[small] < seen[large], unless={small: 9})


PAIRS = {"CB": before("int8", "float16"), "BA": before("float16", "float32")}


def test_an_order_is_proved_by_its_neighbouring_pairs():
    assert prove(order(), proof(claims=PAIRS)) == []


def test_an_order_with_a_pair_left_open_is_refused():
    problems = prove(order(), proof(claims={"CB": PAIRS["CB"]}))
    assert problems == ["question smallest: the proof leaves open whether BA stand so."]


def test_an_order_against_its_proof_is_refused():
    problems = prove(order("BCA"), proof(claims=PAIRS))
    assert "the key BCA has B before C, the proof not" in problems[0]
