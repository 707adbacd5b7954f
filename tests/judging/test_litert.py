import contextlib
import json
import os
import random
import signal
import sys

import numpy as np
import pytest

from quizlib import zoo
from quizlib.errors import LiteRTError
from quizlib.judging import litert
from quizlib.judging.litert import inspect

NO_MODEL = "the bytes are no LiteRT model that can be loaded and run on 64 pixels"


def oracle_classes(content):
    """Return the class of each held-out digit, one at a time, in this process."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    classes = []
    for pixels in zoo.load_digits().x_test:
        row = pixels[None] if scale == 0 else np.clip(np.round(pixels[None] / scale) + zero_point, -128, 127)
        interpreter.set_tensor(source["index"], row.astype(source["dtype"]))
        interpreter.invoke()
        classes.append(int(interpreter.get_tensor(target["index"]).argmax()))
    return tuple(classes)


@pytest.mark.parametrize(
    ("name", "ends", "weights", "has_floats"),
    [
        ("float", "float32", "float32", True),
        ("dynamic", "float32", "int8", True),
        ("integer", "int8", "int8", False),
    ],
)
def test_report_agrees_with_an_interpreter_run_digit_by_digit(flatbuffers, name, ends, weights, has_floats):
    report = inspect(flatbuffers[name])

    assert (report.input_dtype, report.output_dtype) == (ends, ends)
    assert report.weight_dtypes == (weights,) * 3
    assert (report.float_tensors > 0) is has_floats
    assert report.classes == oracle_classes(flatbuffers[name])


def test_zeros_are_the_codes_of_exact_zero(flatbuffers):
    kernels = [layer.kernel.numpy() for layer in zoo.build("digits_mlp_keras").layers]
    codes = [np.round(kernel / (np.abs(kernel).max(0) / 127)) for kernel in kernels]  # a scale a channel
    zeros = sum(int((code == 0).sum()) for code in codes) / sum(code.size for code in codes)

    assert inspect(flatbuffers["integer"]).zero_fraction == pytest.approx(zeros, abs=1e-3)
    assert inspect(flatbuffers["float"]).zero_fraction == np.mean(np.concatenate([k.ravel() for k in kernels]) == 0)


@pytest.mark.parametrize("content", [b"", b"TFL3", b"\x00" * 4096, b"\xff" * 64, b"\x80\x04N.", b"PK\x03\x04" * 9])
def test_bytes_that_are_no_model_are_refused(content):
    with pytest.raises(LiteRTError, match=NO_MODEL):
        inspect(content)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_truncated_model_is_refused(flatbuffers, share):
    content = flatbuffers["integer"]
    with pytest.raises(LiteRTError):
        inspect(content[: int(share * len(content))])


@pytest.mark.parametrize("seed", range(12))
def test_model_with_flipped_bits_is_reported_or_refused(flatbuffers, seed):
    generator = random.Random(seed)
    content = bytearray(flatbuffers["integer"])
    structure = [0, 200, len(content) - 6000, len(content) - 1]  # tables lie at both ends, weights between
    for _ in range(generator.choice([1, 8, 64])):
        low, high = generator.choice([structure[:2], structure[2:]])
        content[generator.randint(low, high)] ^= 1 << generator.randrange(8)
    with contextlib.suppress(LiteRTError):
        assert len(inspect(bytes(content)).classes) == 360


def test_model_of_another_shape_is_refused():
    import tensorflow as tf
    import tf_keras

    model = tf_keras.Sequential([tf_keras.layers.Dense(2, input_shape=(7,))])
    with pytest.raises(LiteRTError, match=NO_MODEL):
        inspect(tf.lite.TFLiteConverter.from_keras_model(model).convert())


def test_model_that_runs_too_long_is_stopped(flatbuffers, monkeypatch):
    monkeypatch.setattr(litert, "TIMEOUT_SECONDS", 0.01)

    with pytest.raises(LiteRTError, match=r"ran for over 0\.01 s and was stopped"):
        inspect(flatbuffers["float"] + b"\x00")


def replaced(monkeypatch, source):
    """Let another program run as the child, as hostile bytes might make it."""
    monkeypatch.setattr(litert, "COMMAND", (sys.executable, "-I", "-c", source))
    return os.urandom(8)  # nothing that was inspected before


@pytest.mark.parametrize(
    "source",
    [
        f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})",
        f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})",
        "raise MemoryError",
        "import os; os._exit(3)",
    ],
)
def test_child_that_dies_makes_its_bytes_invalid(monkeypatch, source):
    with pytest.raises(LiteRTError, match=NO_MODEL):
        inspect(replaced(monkeypatch, source))


GOOD = {
    "input_dtype": "int8",
    "output_dtype": "int8",
    "weight_dtypes": [],
    "float_tensors": 0,
    "zero_fraction": 0.5,
    "classes": [0] * 360,
    "input_step": 0.5,
}


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "[]",
        "not json",
        "[" * 100_000,
        json.dumps({**GOOD, "float_tensors": "many"}),
        json.dumps({**GOOD, "classes": 3}),
        json.dumps({**GOOD, "classes": ["a"] * 360}),
        json.dumps({**GOOD, "classes": [float("inf")] * 360}),
        json.dumps({**GOOD, "classes": [0] * 359}),
        json.dumps({**GOOD, "float_tensors": float("inf")}),
        *(json.dumps({key: value for key, value in GOOD.items() if key != left_out}) for left_out in GOOD),
    ],
)
def test_report_that_was_spoiled_is_refused(monkeypatch, printed):
    with pytest.raises(LiteRTError, match=r"spoiled its own inspection|gave no class"):
        inspect(replaced(monkeypatch, f"print({printed!r})"))


def test_report_beyond_its_bounds_is_brought_back(monkeypatch):
    spoiled = {**GOOD, "zero_fraction": 7.0, "input_dtype": "x" * 99, "classes": [10**30, -5] * 180}
    spoiled["input_step"] = float("nan")
    report = inspect(replaced(monkeypatch, f"print({json.dumps(spoiled)!r})"))

    assert (report.zero_fraction, report.input_dtype, report.input_step) == (1.0, "x" * 20, 0.0)
    assert all(0 <= label <= 2**31 for label in report.classes)


def test_flood_of_output_is_not_read(monkeypatch):
    with pytest.raises(LiteRTError):
        inspect(replaced(monkeypatch, "print('x' * 9_000_000)"))


def test_child_gets_no_environment(monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "canary")
    spoiled = json.dumps(GOOD)[:-1] + ', "input_dtype": "'
    source = f"import os; print({spoiled!r} + str(os.environ.get('COURSE_SECRET')) + '\"}}')"

    assert inspect(replaced(monkeypatch, source)).input_dtype == "None"
