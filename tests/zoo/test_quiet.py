import logging
import os
import re
import subprocess
import sys
import threading
import warnings

import pytest

from quizlib.zoo.quiet import native_stderr_silenced, quiet

NOISE = b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"

# Everything the lessons do that is known to make noise; each step's noise was seen without quiet().
COURSE = """
import os, sys
sys.ps1 = "In : "  # as in a notebook, where TensorFlow logs more
from quizlib.zoo.quiet import quiet
quiet()
import warnings
import numpy as np, torch
from torch import nn
from quizlib.zoo.eager import QuantStub, DeQuantStub, convert, get_default_qconfig, prepare, quantize_dynamic
torch.set_num_threads(1)
x = np.random.default_rng(0).random((64, 8), np.float32)
y = np.arange(64) % 4
def linear(): return nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 4))
quantize_dynamic(linear(), {nn.Linear})(torch.from_numpy(x))
static = nn.Sequential(QuantStub(), linear(), DeQuantStub()).eval()
static.qconfig = get_default_qconfig("x86")
prepared = prepare(static)
prepared(torch.from_numpy(x))
convert(prepared)(torch.from_numpy(x))
torch.from_numpy(x).to_sparse_csr()

import torchao
from torchao.quantization import Int8WeightOnlyConfig, quantize_
import torchao.quantization.qat
weight_only = linear()
quantize_(weight_only, Int8WeightOnlyConfig())
weight_only(torch.from_numpy(x))

import tensorflow as tf
import tf_keras as keras
import tensorflow_model_optimization as tfmot
from ai_edge_litert.interpreter import Interpreter
model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(4)])
schedule = tfmot.sparsity.keras.ConstantSparsity(0.5, begin_step=0, frequency=1)
pruned = tfmot.sparsity.keras.prune_low_magnitude(model, schedule)
pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
pruned.fit(x, y, epochs=1, verbose=0, callbacks=[tfmot.sparsity.keras.UpdatePruningStep()])
stripped = tfmot.sparsity.keras.strip_pruning(pruned)

converter = tf.lite.TFLiteConverter.from_keras_model(stripped)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in x)
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
interpreter = Interpreter(model_content=converter.convert())
interpreter.allocate_tensors()
interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.zeros((1, 8), np.int8))
interpreter.invoke()
print(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).dtype)
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_USE_LEGACY_KERAS"):
        monkeypatch.setenv(name, "")  # so that monkeypatch takes back what quiet() sets
        monkeypatch.delenv(name)


def run(script):
    limits = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ | limits
    )


def test_all_of_the_courses_libraries_write_only_the_learners_warning():
    ran = run(COURSE + 'warnings.warn("mine")\nos.write(2, b"native\\n")\n')
    assert ran.stdout == "int8\n"
    assert re.sub(r":\d+:", ":", ran.stderr) == "<string>: UserWarning: mine\nnative\n"


def test_known_warnings_are_dropped_and_others_shown():
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        quiet()
        warnings.warn("torch.ao.quantization is deprecated and will be removed", DeprecationWarning, stacklevel=1)
        warnings.warn("must run observer before calling calculate_qparams", UserWarning, stacklevel=1)
        warnings.warn("an API of mine is deprecated", DeprecationWarning, stacklevel=1)
    assert [str(warning.message)[:9] for warning in shown] == ["must run ", "an API of"]


def test_known_log_records_are_dropped_and_others_kept(caplog):
    quiet()
    log = logging.getLogger("torchao")
    log.warning("Failed to load /somewhere/torchao/_C_cutlass_90a.abi3.so: no")
    log.warning("Failed to find a kernel")
    assert caplog.messages == ["Failed to find a kernel"]


def test_calling_quiet_again_adds_nothing():
    quiet()
    before = list(sys.meta_path), list(logging.getLogger("torchao").filters), len(warnings.filters)
    quiet()
    assert (list(sys.meta_path), list(logging.getLogger("torchao").filters), len(warnings.filters)) == before


def test_a_setting_of_the_users_own_is_kept(monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    quiet()
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0"


def test_native_noise_is_dropped_and_other_lines_keep_their_order(capfd):
    with native_stderr_silenced():
        os.write(2, b"first\n" + NOISE)
        os.write(2, b"I0000 00:00:1795361961.580550    5392 cudart_stub.cc:31] Could not find cuda drivers on\n")
        os.write(2, b"fully_quantize: 0, inference_type: 6, input_inference_type: INT8\nlast")
    assert capfd.readouterr().err == "first\nlast"


def test_native_lines_survive_an_exception(capfd):
    def failing():
        with native_stderr_silenced():
            os.write(2, b"why it failed\n")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert capfd.readouterr().err == "why it failed\n"


def test_stderr_is_whole_after_threads_that_overlapped(capfd):
    entered, leave = threading.Barrier(2), threading.Event()

    def outlasting():
        with native_stderr_silenced():
            entered.wait()
            leave.wait()
            os.write(2, b"outlasting\n")

    thread = threading.Thread(target=outlasting)
    thread.start()
    with native_stderr_silenced():
        entered.wait()
        os.write(2, b"short\n" + NOISE)
    leave.set()
    thread.join()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "short\noutlasting\nafter\n"


def test_silenced_callables_still_show_their_own_source():
    script = """
from quizlib.zoo.quiet import quiet
quiet()
import inspect
from ai_edge_litert.interpreter import Interpreter
method = Interpreter.allocate_tensors
print(inspect.getsource(method).split("(")[0].strip(), hasattr(method, "__wrapped__"))
"""
    assert run(script).stdout == "def allocate_tensors True\n"


def test_callables_loaded_before_quiet_are_silenced_too():
    script = """
import ai_edge_litert.interpreter as module
from quizlib.zoo.quiet import quiet
quiet()
print(hasattr(module.Interpreter.allocate_tensors, "__wrapped__"))
"""
    assert run(script).stdout == "True\n"
