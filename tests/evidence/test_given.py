import numpy as np
import pytest
import torch
from torch import nn

from quizlib.errors import EvidenceError
from quizlib.evidence.collect import collect
from quizlib.evidence.files import read_evidence, write_evidence
from quizlib.evidence.given import changed_names, fingerprint, restated_names
from quizlib.evidence.probe import Probe, read_probe, write_probe


def linear(value):
    layer = nn.Linear(2, 1)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.fill_(value)
    return layer


def test_a_fingerprint_is_that_of_numbers_modes_and_what_is_trained():
    wrapped = nn.Sequential(linear(0.5)).eval()

    assert fingerprint(wrapped) == fingerprint(nn.Sequential(linear(0.5)).eval())
    assert fingerprint(wrapped) != fingerprint(nn.Sequential(linear(0.25)).eval())
    assert fingerprint(wrapped) != fingerprint(nn.Sequential(linear(0.5)).train())
    assert fingerprint(wrapped) != fingerprint(nn.Sequential(linear(0.5)).eval().requires_grad_(False))
    assert fingerprint(np.zeros(2, np.float32)) != fingerprint(np.zeros(2, np.float64))


def test_only_a_variable_that_holds_other_numbers_counts_as_changed():
    given = {"model": fingerprint(linear(0.5)), "other": fingerprint(linear(0.5))}

    assert changed_names(given, {"model": linear(0.5), "other": linear(2.0)}) == ("other",)
    assert changed_names(given, {}) == ()


def test_a_variable_in_another_mode_is_changed_and_holds_its_numbers():
    given = {"model": fingerprint(linear(0.5).eval()), "other": fingerprint(linear(0.5).eval())}
    names = {"model": linear(0.5).train(), "other": linear(2.0).train()}

    assert changed_names(given, names) == ("model", "other")
    assert restated_names(given, names) == ("model",)


def test_evidence_of_a_response_tells_what_it_used_up(tmp_path):
    before = fingerprint(linear(0.5))
    probe = Probe("copied", 1, "torch_model", "copied", given={"model": before})
    used_up = linear(2.0)

    write_evidence(tmp_path, collect(probe, used_up, {"model": used_up}))

    assert read_evidence(tmp_path, "copied").given_changed == ("model",)
    assert read_evidence(tmp_path, "copied").given_restated == ()
    assert collect(probe, used_up, {"model": linear(0.5).requires_grad_(False)}).given_restated == ("model",)
    assert collect(probe, linear(2.0), {"model": linear(0.5)}).given_changed == ()
    assert collect(probe, linear(2.0)).given_changed == ()


def test_a_probe_crosses_with_what_the_setup_gave(tmp_path):
    write_probe(tmp_path, Probe("copied", 1, "torch_model", "copied", given={"model": "0f"}))

    assert read_probe(tmp_path, "copied").given == {"model": "0f"}


def test_evidence_with_malformed_names_of_the_setup_is_refused(tmp_path):
    write_evidence(tmp_path, collect(Probe("copied", 1, "torch_model", "copied"), linear(2.0)))
    path = tmp_path / "copied.json"
    path.write_text(path.read_text().replace('"item"', '"given_changed": [3], "item"', 1))

    with pytest.raises(EvidenceError, match="setup"):
        read_evidence(tmp_path, "copied")
