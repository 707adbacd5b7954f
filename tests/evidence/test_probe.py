import json

import numpy as np
import pytest

from quizlib.errors import EvidenceError
from quizlib.evidence.probe import Probe, ProbeCase, read_probe, write_probe
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import Array, Name, ZooModel
from tests.evidence.plain import same


def full_probe(kind="function"):
    arguments = (Array(np.arange(3.0), "float64"), Name("torch.qint8"), [1, (2, "a")])
    cases = (ProbeCase("public-0", arguments, {"model": ZooModel("digits_mlp", 3)}), ProbeCase("public-1", (), {}))
    return Probe("any-item", 2, kind, "quantize", cases)


@pytest.mark.parametrize("kind", RESPONSES)
def test_probe_comes_back_as_it_went(tmp_path, kind):
    write_probe(tmp_path, full_probe(kind))

    assert same(read_probe(tmp_path, "any-item"), full_probe(kind))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "pickle"),
        ("cases", [["a"]]),
        ("cases", [["a", 1, {"kind": "dict", "items": []}]]),
        ("revision", "1"),
    ],
)
def test_malformed_probe_is_refused(tmp_path, field, value):
    write_probe(tmp_path, full_probe())
    path = tmp_path / "any-item.probe.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))

    with pytest.raises(EvidenceError, match="release the course again"):
        read_probe(tmp_path, "any-item")
