"""The one place that keeps the known noise of the course's libraries off stderr.

Only what is listed here is dropped; a learner's own warnings and every other message stay.
Not listed on purpose, because the learner can act on them: torch's "must run observer before calling
calculate_qparams", the HDF5 format warning of Keras, and the deletion notice of `tf.lite.Interpreter`.
"""

import functools
import importlib.machinery
import logging
import os
import re
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any, BinaryIO

_ENVIRONMENT = {
    # Level 3, not 2: without a GPU the first tensor logs a CUDA *error* (cuInit) that means nothing here.
    # TensorFlow's real failures reach Python as exceptions. Set your own value first to see its log.
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # tensorflow-model-optimization knows only Keras 2, and TensorFlow reads this once, at its first import.
    "TF_USE_LEGACY_KERAS": "1",
}

_WARNINGS: tuple[tuple[str, type[Warning]], ...] = (
    # Every eager and FX quantization call says so, for the learner's own line; lesson 4 says it once, in prose.
    (r"torch\.ao\.quantization is deprecated", DeprecationWarning),
    # The same deprecation from below: convert() and quantize_dynamic create quint8 and qint8 tensors.
    (r"torch\.quantize_per_tensor, torch\.quantize_per_channel and other quantized", UserWarning),
    # torch's own default qconfigs pass reduce_range, so no argument of the learner's would help.
    (r"Please use quant_min and quant_max to specify the range", UserWarning),
    # torch.load of a quantized state_dict goes through torch's own use of TypedStorage.
    (r"TypedStorage is deprecated", UserWarning),
    # Said once for any CSR tensor; lesson 2 measures CSR and needs it.
    (r"Sparse CSR tensor support is in beta state", UserWarning),
    # The int8 converter asks itself for statistics that the representative data set then supplies.
    (r"Statistics for quantized inputs were expected", UserWarning),
    # tensorflow-model-optimization compares version numbers with distutils while it is imported.
    (r"distutils Version classes are deprecated", DeprecationWarning),
)

_LOG_RECORDS = {
    # torchao tries its kernels for GPUs (mxfp8, cutlass) on every machine and says so for each that does not load.
    "torchao": r"Failed to load .*_C_",
    # torchao registers its enums in a way that torch 2.13 no longer needs.
    "torch.utils._pytree": r".* is an Enum subclass and is now natively supported",
    # tf_keras says the first when a model that was compiled but never trained is saved, as strip_pruning's is.
    # In a notebook each conversion says the second of a temporary folder, on stdout and on stderr.
    "tensorflow": r"Compiled the loaded model, but the compiled metrics have yet to be built|Assets written to: ",
}

# Lines that C++ code writes to file descriptor 2 and that no setting reaches.
_NATIVE_LINES = re.compile(
    # These three come from TensorFlow's static initializers, which run before it has read its log level.
    rb"WARNING: All log messages before absl::InitializeLog\(\)"
    # TF_ENABLE_ONEDNN_OPTS=0 would silence this one, but by changing the kernels that are measured.
    rb"|\S+ \S+ +\d+ port\.cc:\d+\] oneDNN custom operations are on"
    rb"|\S+ \S+ +\d+ cudart_stub\.cc:\d+\] Could not find cuda drivers"
    rb"|fully_quantize: \d, inference_type: "  # llvm::dbgs() in the int8 converter
    rb"|\[W\S+ \S+ qlinear_dynamic\.cpp:\d+\] Warning: Currently, qnnpack incorrectly ignores reduce_range"
    rb"|INFO: Created TensorFlow Lite XNNPACK delegate for CPU"  # its severity is fixed when LiteRT is compiled
)

# Where those lines come from: modules while they are loaded, and callables of modules once they are loaded.
_NATIVE_CALLS: dict[str, tuple[str, ...]] = {
    "tensorflow": (),
    "tensorflow.compiler.mlir.lite.python.wrap_converter": ("wrapped_experimental_mlir_quantize",),
    "tensorflow.lite.python.interpreter": ("Interpreter", "allocate_tensors"),
    "ai_edge_litert.interpreter": ("Interpreter", "allocate_tensors"),
}


def quiet() -> None:
    """Drop the known noise of torch, torchao, TensorFlow, Keras and LiteRT from now on.

    Call it before the first import of TensorFlow or torchao, which read their settings once.
    Environment variables that are already set keep their value.
    Calling it again changes nothing, except inside `warnings.catch_warnings`, where the filters apply anew.

    >>> quiet()
    >>> os.environ["TF_USE_LEGACY_KERAS"]
    '1'
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    for message, category in _WARNINGS:
        warnings.filterwarnings("ignore", message=message, category=category)
    for logger, pattern in _LOG_RECORDS.items():
        logging.getLogger(logger).addFilter(_Dropping(pattern))
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    for name in _NATIVE_CALLS.keys() & sys.modules.keys():
        _silence_call(sys.modules[name])


@contextmanager
def native_stderr_silenced() -> Iterator[None]:
    r"""Hold back what is written to file descriptor 2, then write it again without the known noise.

    `quiet` puts it round the calls known to need it; use it for another call that writes one of the known lines.
    Everything else reaches stderr when the block ends, also after an exception; a crash of the process loses it.

    >>> with native_stderr_silenced():
    ...     _ = os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
    """
    _redirection.enter()
    try:
        yield
    finally:
        _redirection.leave()


@dataclass(frozen=True)
class _Dropping(logging.Filter):
    """A log filter that drops the records whose text begins with `pattern`; equal ones are added once."""

    pattern: str

    def filter(self, record: logging.LogRecord) -> bool:
        return re.match(self.pattern, record.getMessage()) is None


class _Redirection:
    """File descriptor 2 sent to a file while anyone asks for it; counted, since threads may overlap."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._held: tuple[int, BinaryIO] | None = None

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._held = _divert_stderr()

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._held is not None:
                _restore_stderr(*self._held)
                self._held = None


_redirection = _Redirection()


def _flush_stderr() -> None:
    if sys.stderr is not None:  # as under pythonw
        sys.stderr.flush()


def _divert_stderr() -> tuple[int, BinaryIO] | None:
    """Return the saved descriptor and the file that takes its place, or None where there is no stderr."""
    _flush_stderr()
    try:
        saved = os.dup(2)
    except OSError:
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it outlives this function; _restore_stderr closes it
    os.dup2(file.fileno(), 2)
    return saved, file


def _restore_stderr(saved: int, file: BinaryIO) -> None:
    _flush_stderr()
    os.dup2(saved, 2)
    os.close(saved)
    with file, open(2, "wb", closefd=False) as stderr:
        file.seek(0)
        stderr.writelines(line for line in file if not _NATIVE_LINES.match(line))


class _Finder(MetaPathFinder):
    """Finds the modules of `_NATIVE_CALLS` as Python would, to load them through `_Loader`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in _NATIVE_CALLS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module of `_NATIVE_CALLS` without its noise, then silences its callable."""

    def exec_module(self, module: ModuleType) -> None:
        with native_stderr_silenced():
            super().exec_module(module)
        _silence_call(module)


def _silence_call(module: ModuleType) -> None:
    """Put `native_stderr_silenced` round the callable that `_NATIVE_CALLS` names for a loaded module, once."""
    holder: Any = None
    call: Any = module
    for name in _NATIVE_CALLS[module.__name__]:
        holder, call = call, getattr(call, name, None)  # None where a version has no such callable
    if callable(call) and not hasattr(call, "__wrapped__"):
        setattr(holder, name, _silenced(call))


def _silenced(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def silenced(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - it passes on whatever the wrapped call takes
        with native_stderr_silenced():
            return call(*args, **kwargs)

    return silenced
