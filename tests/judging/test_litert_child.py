import io
import subprocess
import sys

import numpy as np
import pytest

from quizlib.judging import litert_child


def loaded_by(source):
    """Return the modules of this library that a fresh interpreter has after `source`."""
    listing = "import sys; print(*sorted(name for name in sys.modules if name.startswith('quizlib')))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{source}\n{listing}"], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1].split()


def test_child_loads_nothing_that_knows_an_answer(flatbuffers, tmp_path):
    message = io.BytesIO()
    np.save(message, np.zeros((1, 64), np.float32))
    (tmp_path / "message").write_bytes(message.getvalue() + flatbuffers["float"])
    source = f"import sys; sys.stdin = open({str(tmp_path / 'message')!r})\nfrom quizlib.judging import litert_child\n"

    assert loaded_by(source + "litert_child.main()") == ["quizlib", "quizlib.judging", "quizlib.judging.litert_child"]


LIMITS = "import resource; from quizlib.judging import litert_child; litert_child._limit()\n"


@pytest.mark.parametrize(
    "source",
    [
        "x = bytearray(5 * 2**30)",
        "import tempfile\nwith tempfile.TemporaryFile() as file:\n    file.write(bytes(2**21)); file.flush()",
    ],
)
def test_child_may_take_no_more_than_its_limits(source):
    done = subprocess.run([sys.executable, "-I", "-c", LIMITS + source], capture_output=True, check=False)

    assert done.returncode != 0


class Fixed:
    """An interpreter whose batch cannot be changed, such as a converted model with a constant shape inside."""

    def __init__(self, rows):
        self.rows = rows
        self.x = None

    def get_input_details(self):
        return [{"index": 0, "shape": np.array([self.rows, 4]), "dtype": np.float32, "quantization": (0.0, 0)}]

    def get_output_details(self):
        return [{"index": 1}]

    def resize_tensor_input(self, index, shape):
        if shape[0] != self.rows:
            raise ValueError("cannot be resized")

    def allocate_tensors(self):
        pass

    def set_tensor(self, index, x):
        self.x = x

    def invoke(self):
        pass

    def get_tensor(self, index):
        return self.x


def test_model_of_a_fixed_batch_is_run_row_by_row():
    pixels = np.eye(4, dtype=np.float32)[[2, 0, 3]]

    assert litert_child._classes(Fixed(1), pixels) == [2, 0, 3]


def test_output_of_other_rows_than_were_put_in_is_refused():
    class Shrinking(Fixed):
        def get_tensor(self, index):
            return self.x[:1]

    with pytest.raises(ValueError, match="2 rows gave an output of shape"):
        litert_child._run(Shrinking(2), np.zeros((2, 4), np.float32))


@pytest.mark.parametrize(
    ("scale", "zero_point", "codes"), [(0.5, 0, [0, 1, 2]), (0.25, -4, [-4, -2, 0]), (0.001, 0, [0, 127, 127])]
)
def test_pixels_are_coded_on_the_models_own_grid(scale, zero_point, codes):
    detail = {"dtype": np.int8, "quantization": (scale, zero_point)}

    assert litert_child._quantized(np.array([0.0, 0.5, 1.0]), detail).tolist() == codes
