import json

import pytest

from quizlib.items.listing import number_of, read_listing

LISTED = {"release": "r1", "items": [{"id": "why-quantize", "number": "2.1"}, {"id": "to-csr", "number": "2.14"}]}


def listing(folder, content):
    (folder / "lesson.json").write_text(content if isinstance(content, str) else json.dumps(content))


def test_an_item_has_the_number_that_it_is_listed_with(tmp_path):
    listing(tmp_path, LISTED)
    assert [number_of(tmp_path, item) for item in ("to-csr", "why-quantize")] == ["2.14", "2.1"]


def test_an_item_that_is_not_listed_has_no_number(tmp_path):
    listing(tmp_path, LISTED)
    assert number_of(tmp_path, "amdahl") == ""


def test_without_a_listing_no_item_has_a_number(tmp_path):
    assert number_of(tmp_path, "to-csr") == ""
    assert read_listing(tmp_path) == {}


@pytest.mark.parametrize("damaged", ["not JSON", "[]", '{"items": 3}', '{"items": [3, {"id": "to-csr"}]}', "\ud800"])
def test_a_damaged_listing_gives_no_number_and_no_error(tmp_path, damaged):
    (tmp_path / "lesson.json").write_bytes(damaged.encode("utf-8", "surrogatepass"))
    assert number_of(tmp_path, "to-csr") == ""
