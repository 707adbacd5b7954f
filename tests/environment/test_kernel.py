import json
import sys
from pathlib import Path

import pytest

from quizlib.environment.kernel import kernel, kernel_of

MINE = Path(sys.prefix) / "share/jupyter/kernels/python3"


@pytest.mark.parametrize("program", ["python", "python3", sys.executable])
def test_the_kernel_is_this_python(program: str) -> None:
    assert kernel_of(program, MINE).state == "ok"


def another_python(folder: Path) -> str:
    """Return a program that answers as the Python of another environment does."""
    program = folder / "python"
    program.write_text("#!/bin/sh\necho /another\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(("described_in", "where"), [(MINE, "--sys-prefix"), (Path("/home/me/kernels"), "--user")])
def test_another_python_is_named_and_replaced_where_it_is_described(
    tmp_path: Path, described_in: Path, where: str
) -> None:
    found = kernel_of(another_python(tmp_path), described_in)
    assert (found.state, found.found) == ("wrong", f"Jupyter starts {tmp_path / 'python'}; expected {sys.executable}")
    assert found.mend == f"{sys.executable} -m ipykernel install {where}"


@pytest.mark.parametrize("content", [None, "#!/bin/sh\nexit 1\n"])
def test_a_python_that_is_gone_or_does_not_start_is_not_this_one(tmp_path: Path, content: str | None) -> None:
    program = tmp_path / "python"
    if content is not None:
        program.write_text(content)
        program.chmod(0o755)
    assert kernel_of(str(program), MINE).state == "wrong"


def test_the_kernel_is_looked_for_where_jupyter_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [found.state for found in kernel()] == ["ok"]
    (tmp_path / "kernels/python3").mkdir(parents=True)
    description = {"argv": [another_python(tmp_path), "-m", "ipykernel_launcher"], "display_name": "", "language": ""}
    (tmp_path / "kernels/python3/kernel.json").write_text(json.dumps(description))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert [found.state for found in kernel()] == ["wrong"]


def test_without_jupyter_there_is_no_kernel_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert list(kernel()) == []
