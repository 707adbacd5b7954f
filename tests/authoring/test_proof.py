import dataclasses

import pytest

from quizlib.authoring.proof import Claim, Proof


def test_claim_decides_on_what_was_seen_alone():
    claim = Claim("int8 is smaller", lambda seen: seen["int8"] < seen["float"], unless={"int8": 9})
    seen = {"int8": 1, "float": 4}

    assert claim.holds(seen)
    assert not claim.holds({**seen, **claim.unless})


def test_proof_is_written_by_keyword_and_cannot_be_changed():
    proof = Proof(item="q", observe=lambda: {"bytes": 4}, value=lambda seen: seen["bytes"], unless={"bytes": 5})

    assert proof.value(proof.observe()) == 4
    assert proof.value({**proof.observe(), **proof.unless}) == 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        proof.item = "other"
    with pytest.raises(TypeError):
        Proof("q", dict)
