import importlib.metadata
import subprocess
import sys

import pytest

from quizlib.engine import LIBRARIES, digest_of, engine_digest


@pytest.fixture
def library(tmp_path):
    (tmp_path / "judging" / "facts").mkdir(parents=True)
    (tmp_path / "judging" / "__pycache__").mkdir()
    (tmp_path / "judging" / "facts" / "sparsity.py").write_text("zeros = 0")
    (tmp_path / "errors.py").write_text("")
    (tmp_path / "cli.py").write_text("")
    return tmp_path


PARTS = ("errors.py", "judging")


def test_an_edit_of_the_judge_makes_another_engine(library):
    before = digest_of(library, PARTS)
    (library / "judging" / "facts" / "sparsity.py").write_text("zeros = 1")
    assert digest_of(library, PARTS) != before


def test_a_file_that_comes_or_is_renamed_makes_another_engine(library):
    seen = {digest_of(library, PARTS)}
    (library / "judging" / "new.py").write_text("")
    seen.add(digest_of(library, PARTS))
    (library / "judging" / "new.py").rename(library / "judging" / "newer.py")
    seen.add(digest_of(library, PARTS))
    assert len(seen) == 3


def test_what_decides_no_verdict_makes_no_other_engine(library):
    before = digest_of(library, PARTS)
    (library / "cli.py").write_text("changed")
    (library / "judging" / "__pycache__" / "facts.pyc").write_bytes(b"compiled")
    assert digest_of(library, PARTS) == before


def test_a_part_that_is_not_there_is_an_error(library):
    with pytest.raises(FileNotFoundError, match=r"judgement is a part of the engine, and is not there"):
        digest_of(library, (*PARTS, "judgement"))


def test_parts_of_the_asker_count_too():
    assert engine_digest("verify") != engine_digest() == engine_digest()


@pytest.mark.parametrize("library", ["torch", "ai-edge-litert"])
def test_another_version_of_a_judged_library_makes_another_engine(library, monkeypatch):
    before, version = engine_digest(), importlib.metadata.version
    assert library in LIBRARIES
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "99" if name == library else version(name))
    assert engine_digest.__wrapped__() != before


def test_a_judged_library_that_is_missing_makes_another_engine(monkeypatch):
    before = engine_digest()

    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert engine_digest.__wrapped__() != before


def test_every_process_finds_the_same_engine():
    command = [sys.executable, "-c", "from quizlib.engine import engine_digest; print(engine_digest())"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == engine_digest()
