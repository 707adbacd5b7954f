import json

import pytest
import torch
from torch import nn

from quizlib.errors import CheckBrokenError, EvidenceError
from quizlib.evidence.called import call_returned
from quizlib.evidence.collect import collect
from quizlib.evidence.encode import encode
from quizlib.evidence.files import read_evidence, write_evidence
from quizlib.evidence.probe import Probe, ProbeCase, read_probe, write_probe
from quizlib.evidence.values import Name
from tests.evidence.plain import same

X = encode(torch.tensor([[1.0, 2.0]]))
CASE = ProbeCase("public-0", (), {}, (X,))


def called(function, case=CASE):
    (got,) = collect(Probe("any-item", 1, "function", "answer", (case,)), function).cases
    return got.called


def doubling():
    layer = nn.Linear(2, 2, bias=False).requires_grad_(False)
    layer.weight.copy_(2 * torch.eye(2))
    return layer


@pytest.mark.parametrize("returned", [doubling, lambda: (doubling(), 7), lambda: [7, doubling()]])
def test_returned_model_is_called(returned):
    assert called(returned).output.values.tolist() == [[2.0, 4.0]]


def test_model_that_fails_is_the_responses_own_failure():
    failure = called(lambda: nn.Linear(3, 1)).failure
    assert failure.type_name == "RuntimeError"


@pytest.mark.parametrize(
    ("function", "case"),
    [(doubling, ProbeCase("a")), (lambda: 7, CASE), (lambda: 1 / 0, CASE)],
)
def test_nothing_is_called_that_was_not_asked_for_or_returned(function, case):
    assert called(function, case) is None


def test_arguments_that_cannot_be_built_are_none_of_the_responses_doing():
    with pytest.raises(CheckBrokenError):
        call_returned(ProbeCase("a", called_with=(Name("os.system"),)), doubling())


def test_call_is_evidence_that_crosses(tmp_path):
    evidence = collect(Probe("any-item", 1, "function", "answer", (CASE,)), doubling)
    write_evidence(tmp_path, evidence)
    assert same(read_evidence(tmp_path, "any-item"), evidence)


def test_call_of_a_call_is_refused(tmp_path):
    write_evidence(tmp_path, collect(Probe("any-item", 1, "function", "answer", (CASE,)), doubling))
    path = tmp_path / "any-item.json"
    document = json.loads(path.read_text())
    document["cases"][0]["called"]["called"] = None
    path.write_text(json.dumps(document))
    with pytest.raises(EvidenceError, match="a case of the evidence is malformed"):
        read_evidence(tmp_path, "any-item")


def test_arguments_of_the_call_come_back_with_the_probe(tmp_path):
    probe = Probe("any-item", 1, "function", "answer", (CASE, ProbeCase("b", (1,), {})))
    write_probe(tmp_path, probe)
    assert same(read_probe(tmp_path, "any-item"), probe)
