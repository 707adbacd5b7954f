import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizlib.errors import EvidenceError
from quizlib.evidence.files import (
    MAX_HEADER,
    _parse_evidence,
    crossed,
    parse_arrays,
    parse_json,
    read_capped,
    read_document,
    read_evidence,
    write_document,
    write_evidence,
)
from quizlib.evidence.tree_reader import Limits, TreeReader
from quizlib.evidence.values import Array, Blob, CaseEvidence, Evidence, Failure
from tests.evidence.plain import plain_values, same, texts

failures = st.builds(Failure, texts, st.lists(texts, max_size=3).map(tuple), texts)
cases = st.builds(CaseEvidence, texts, plain_values, st.none() | failures, st.booleans())
evidence_of_any_kind = st.builds(
    Evidence,
    st.just("any-item"),
    st.integers(1, 9),
    plain_values,
    st.lists(cases, max_size=3, unique_by=lambda case: case.case).map(tuple),
    st.none() | texts,
    st.booleans(),
)

FULL = Evidence(
    "any-item",
    1,
    Array(np.array([0.5, 1.5], np.float32), "float32", "torch"),
    (CaseEvidence("public-0", [1, 2.5, "a", Blob(b"abc")], Failure("ValueError", ("ValueError",), "no"), True),),
)


@pytest.fixture
def folder(tmp_path):
    write_evidence(tmp_path, FULL)
    return tmp_path


@given(evidence_of_any_kind)
@settings(deadline=None, max_examples=60)
def test_evidence_comes_back_as_it_went(tmp_path_factory, evidence):
    folder = tmp_path_factory.mktemp("evidence")
    write_evidence(folder, evidence)

    assert same(read_evidence(folder, "any-item"), evidence)
    assert same(crossed(evidence), evidence)


# What happens to bytes: one is changed, some are cut out, some are put in.
edits = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 3), st.one_of(st.binary(max_size=3), st.sampled_from([b"[", b'"', b"9"]))
    ),
    min_size=1,
    max_size=4,
)


def edited(content, changes):
    for place, cut, put in changes:
        start = int(place * len(content))
        content = content[:start] + put + content[start + cut :]
    return content


@given(edits)
@settings(deadline=None, max_examples=300)
def test_mutated_json_is_evidence_or_an_evidence_error(changes):
    arrays = {"a0": np.zeros(2, np.float32), "a1": np.frombuffer(b"abc", np.uint8)}
    head = {"format": 1, "arrays": True, "item": "any-item", "revision": 1, "problem": None, "unanswered": False}
    array = {"kind": "array", "dtype": "float32", "library": "torch", "contiguous": True, "ref": "a0"}
    items = [1, 2.5, "a", {"kind": "blob", "ref": "a1"}]
    case = {"case": "public-0", "output": {"kind": "list", "items": items}, "failure": ["E", ["E"], "no"]}
    document = {**head, "response": array, "cases": [{**case, "inputs_changed": True}]}
    try:
        content = parse_json(edited(json.dumps(document).encode(), changes))
        evidence = _parse_evidence(content, TreeReader(arrays), "any-item")
    except EvidenceError as error:
        str(error).encode()
        return
    crossed(evidence)


@given(edits)
@settings(deadline=None, max_examples=300)
def test_mutated_safetensors_are_arrays_or_an_evidence_error(changes):
    arrays = {"a0": np.arange(6, dtype=np.float32).reshape(2, 3), "a1": np.array([True, False])}

    try:
        found = parse_arrays(edited(safetensors.numpy.save(arrays), changes))
    except EvidenceError as error:
        str(error).encode()
        return
    assert all(np.isfinite(array).all() for array in found.values())


@given(st.binary(max_size=60))
@example(b"\x80\x04N.")
@example(b"\x93NUMPY\x01\x00")
@example(b"PK\x03\x04")
@settings(deadline=None, max_examples=200)
def test_bytes_of_any_other_format_are_an_evidence_error(content):
    with pytest.raises(EvidenceError):
        parse_json(content)
    if content != b"":
        with pytest.raises(EvidenceError):
            parse_arrays(content)


@pytest.mark.parametrize(
    "content",
    [
        b'{"format": 1, "format": 1}',
        b'{"format": 1, "x": NaN}',
        b'{"format": 1, "x": -Infinity}',
        b'{"format": 1, "x": ' + b"9" * 5000 + b"}",
        b'{"format": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000,
        b"[" * 3_000_000,
        b'{"format": 2}',
        b'{"format": "1"}',
        b"[]",
        b"\xff\xfe{\x00}\x00",
        b'\xef\xbb\xbf{"format": 1}',
        b"",
    ],
)
def test_malformed_json_is_refused(content):
    with pytest.raises(EvidenceError):
        parse_json(content)


def packed(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(dtype, shape, end, start=0):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


@pytest.mark.parametrize(
    "content",
    [
        packed({"a": entry("BF16", [2], 4)}, bytes(4)),
        packed({"a": entry("F8_E4M3", [2], 2)}, bytes(2)),
        packed({"a": entry("F4", [2], 1)}, bytes(1)),
        packed({"a": entry("C64", [1], 8)}, bytes(8)),
        packed({"a": entry("PICKLE", [1], 1)}, bytes(1)),
        packed({"a": entry("F32", [2], 4)}, bytes(4)),
        packed({"a": entry("F32", [0, 2**62], 0)}),
        packed({"a": entry("F32", [0, 2**30], 0)}),
        packed({"a": entry("F32", [2**62, 2**62], 0)}),
        packed({"a": entry("F32", [1] * 100, 4)}, bytes(4)),
        packed({"a": entry("U8", [-1], 1)}, bytes(1)),
        packed({"a": entry("U8", [9], 9)}, bytes(1)),
        packed({"a": entry("U8", [2], 2), "b": entry("U8", [2], 3, 1)}, bytes(3)),
        packed({"a": entry("F32", [1], 4)}, struct.pack("<f", float("nan"))),
        packed({"a": entry("F64", [1], 8)}, struct.pack("<d", float("inf"))),
        packed({"a": entry("F16", [1], 2)}, b"\x00\x7c"),
        packed(b'{"a":' + b"[" * 100_000),
        packed(b'{"\\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', bytes(1)),
        packed(b"{" + b" " * MAX_HEADER + b"}"),
        struct.pack("<Q", 2**63) + b"{}",
        b"\x00" * 7,
        b"",
    ],
)
def test_malformed_safetensors_are_refused(content):
    with pytest.raises(EvidenceError):
        parse_arrays(content)


def test_truth_value_of_any_byte_but_zero_is_true():
    (array,) = parse_arrays(packed({"a": entry("BOOL", [3], 3)}, b"\x00\x02\xff")).values()

    assert array.tolist() == [False, True, True]
    assert array.sum() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("item", "other-item"),
        ("item", None),
        ("revision", 1.5),
        ("revision", None),
        ("revision", True),
        ("problem", ["a"]),
        ("problem", "\ud800"),
        ("unanswered", 1),
        ("response", [1]),
        ("cases", {}),
        ("cases", [1]),
        ("cases", [{"case": "a", "output": None, "failure": None, "inputs_changed": False}] * 2),
        ("cases", [{"case": "\ud800", "output": None, "failure": None, "inputs_changed": False}]),
        ("cases", [{"case": "a", "output": None, "failure": None, "inputs_changed": 1}]),
        *(
            ("cases", [{"case": "a", "output": None, "failure": None, "inputs_changed": True, "changed": places}])
            for places in (1, "0", [-1], [0.0], [True], ["0"], [[0]], [0] * 101, [100], [10**400], None, {})
        ),
        ("cases", [{"case": "a", "output": None, "failure": [1, [], ""], "inputs_changed": False}]),
        ("cases", [{"case": "a", "output": None, "failure": ["E", ["\ud800"], ""], "inputs_changed": False}]),
        ("cases", [{"case": "a", "output": None, "failure": ["E", ["E"] * 51, ""], "inputs_changed": False}]),
    ],
)
def test_evidence_with_a_field_that_is_not_so_is_refused(folder, field, value):
    path = folder / "any-item.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))

    with pytest.raises(EvidenceError):
        read_evidence(folder, "any-item")


def test_evidence_without_a_field_is_refused(folder):
    path = folder / "any-item.json"
    document = json.loads(path.read_text())
    for field in document:
        path.write_text(json.dumps({name: value for name, value in document.items() if name != field}))
        with pytest.raises(EvidenceError):
            read_evidence(folder, "any-item")


def test_evidence_of_another_item_is_refused_under_this_ones_name(folder):
    for suffix in ("json", "safetensors"):
        (folder / f"any-item.{suffix}").rename(folder / f"this-item.{suffix}")

    with pytest.raises(EvidenceError, match="belongs to another item"):
        read_evidence(folder, "this-item")


def test_long_texts_of_a_response_are_cut(tmp_path):
    failure = Failure("E" * 999, ("E" * 999,), "m" * 999)
    write_evidence(tmp_path, Evidence("any-item", 1, cases=(CaseEvidence("c", None, failure),), problem="p" * 999))
    read = read_evidence(tmp_path, "any-item")

    assert len(read.problem) == len(read.cases[0].failure.message) == 500
    assert len(read.cases[0].failure.type_name) == len(read.cases[0].failure.ancestors[0]) == 200


@pytest.mark.parametrize("name", ["any-item.json", "any-item.safetensors"])
class TestFileThatIsNoPlainFile:
    def refused(self, folder):
        with pytest.raises(EvidenceError, match="any-item"):
            read_evidence(folder, "any-item")

    def test_missing(self, folder, name):
        (folder / name).unlink()
        self.refused(folder)

    def test_symbolic_link(self, folder, name):
        (folder / name).rename(folder / "elsewhere")
        (folder / name).symlink_to(folder / "elsewhere")
        self.refused(folder)

    def test_pipe_without_a_writer(self, folder, name):
        (folder / name).unlink()
        os.mkfifo(folder / name)
        self.refused(folder)

    def test_device(self, folder, name, monkeypatch):
        opened = os.open
        monkeypatch.setattr(os, "open", lambda path, *rest: opened("/dev/zero" if path.name == name else path, *rest))
        self.refused(folder)

    def test_directory(self, folder, name):
        (folder / name).unlink()
        (folder / name).mkdir()
        self.refused(folder)

    def test_oversized(self, folder, name):
        with pytest.raises(EvidenceError, match=r"is over 100 bytes"):
            read_evidence(folder, "any-item", Limits(**{"json_bytes" if "json" in name else "array_bytes": 100}))


def test_sparse_file_is_read_no_further_than_its_cap(tmp_path):
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(2**40)

    with pytest.raises(EvidenceError, match="over 1,000 bytes"):
        read_capped(tmp_path / "huge", 1000)


def test_descriptors_are_closed_whatever_was_read(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"abc")
    open_before = len(list(Path("/proc/self/fd").iterdir()))

    assert read_capped(tmp_path / "file", 3) == b"abc"
    for name in ("folder", "gone"):
        with pytest.raises(EvidenceError):
            read_capped(tmp_path / name, 3)
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_document_without_arrays_replaces_one_with_them(tmp_path):
    write_document(tmp_path, "x", {"a": 1}, {"a0": np.zeros(1)})
    write_document(tmp_path, "x", {"a": 2}, {})

    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]
    assert read_document(tmp_path, "x")[0]["a"] == 2


def test_equal_documents_are_equal_bytes(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        tables = {"k": [1, 0.1], "j": 2} if name == "a" else {"j": 2, "k": [1, 0.1]}
        write_document(tmp_path / name, "x", tables, {"a0": np.arange(3)})

    for suffix in ("json", "safetensors"):
        assert (tmp_path / f"a/x.{suffix}").read_bytes() == (tmp_path / f"b/x.{suffix}").read_bytes()


def test_a_readable_document_says_the_same_in_lines(tmp_path):
    write_document(tmp_path, "one", {"a": "−1", "b": [0.5]}, {})
    write_document(tmp_path, "lines", {"a": "−1", "b": [0.5]}, {}, readable=True)

    assert read_document(tmp_path, "lines")[0] == read_document(tmp_path, "one")[0]
    assert b"\n" not in (tmp_path / "one.json").read_bytes()
    assert ' "a": "−1",\n' in (tmp_path / "lines.json").read_text(encoding="utf-8")


def test_evidence_over_the_caps_does_not_cross():
    large = Array(np.zeros(2**24 - 1, np.float32), "float32")
    with pytest.raises(EvidenceError, match=r"takes .* bytes; at most 64,000,000"):
        crossed(Evidence("any-item", 1, [large, large]))
    with pytest.raises(EvidenceError, match="at most 50000 nodes"):
        crossed(Evidence("any-item", 1, [0] * 60_000))


def test_places_of_changed_inputs_come_back(tmp_path):
    evidence = Evidence("any-item", 1, cases=(CaseEvidence("a", 1, None, True, (0, 2)), CaseEvidence("b", 1)))
    write_evidence(tmp_path, evidence)

    assert [case.changed for case in read_evidence(tmp_path, "any-item").cases] == [(0, 2), ()]
