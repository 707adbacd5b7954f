"""Read pixels and a LiteRT flatbuffer from standard input, print one JSON line; run as a child by `litert.inspect`.

It imports nothing else of this library: whatever the bytes do to this process, it has no key to give away.
"""

from __future__ import annotations

import io
import json
import math
import sys
from typing import Any

import numpy as np

MAX_MEMORY = 4 * 2**30
MAX_OUTPUT = 2**20


def main() -> None:
    """Inspect the flatbuffer and run it on the pixels."""
    _limit()
    message = io.BytesIO(sys.stdin.buffer.read())
    pixels = np.load(message, allow_pickle=False)
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=message.read(), num_threads=1)
    interpreter.allocate_tensors()
    tensors = interpreter.get_tensor_details()
    computed = _computed(interpreter)
    stored = [tensor for tensor in tensors if len(tensor["shape"]) >= 2 and tensor["index"] not in computed]
    weights = [(tensor, interpreter.get_tensor(tensor["index"])) for tensor in stored]
    report = {
        "input_dtype": np.dtype(interpreter.get_input_details()[0]["dtype"]).name,
        "output_dtype": np.dtype(interpreter.get_output_details()[0]["dtype"]).name,
        "weight_dtypes": [values.dtype.name for _, values in weights],
        "float_tensors": sum(np.dtype(tensor["dtype"]).kind == "f" for tensor in tensors),
        "zero_fraction": _zero_fraction(weights),
        "classes": _classes(interpreter, pixels),
        "input_step": _input_step(interpreter),
    }
    print(json.dumps(report))


def _limit() -> None:
    """Cap memory and what may be written, so that a model that asks for too much ends this process only."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's time limit holds there too
        return
    for kind, limit in ((resource.RLIMIT_DATA, MAX_MEMORY), (resource.RLIMIT_FSIZE, MAX_OUTPUT)):
        ceiling = resource.getrlimit(kind)[1]
        lowest = limit if ceiling == resource.RLIM_INFINITY else min(limit, ceiling)
        resource.setrlimit(kind, (lowest, lowest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _computed(interpreter: Any) -> set[int]:  # noqa: ANN401  untyped library
    """Return the tensors that are not stored in the model: its inputs, and what its operators produce."""
    produced = {int(index) for operator in interpreter._get_ops_details() for index in operator["outputs"]}
    return produced | {detail["index"] for detail in interpreter.get_input_details()}


def _input_step(interpreter: Any) -> float:  # noqa: ANN401  untyped library
    """Return the scale of the input's codes, or of the codes that a float input is turned into first; else 0."""
    source = interpreter.get_input_details()[0]["index"]
    first = [
        int(operator["outputs"][0])
        for operator in interpreter._get_ops_details()
        if operator["op_name"] == "QUANTIZE" and source in operator["inputs"]
    ]
    scales = {tensor["index"]: float(tensor["quantization"][0]) for tensor in interpreter.get_tensor_details()}
    return next((scales[index] for index in (source, *first) if scales.get(index)), 0.0)


def _zero_fraction(weights: list[tuple[dict[str, Any], np.ndarray]]) -> float:
    zeros = total = 0
    for tensor, values in weights:
        points = tensor["quantization_parameters"]["zero_points"]
        zero = int(points[0]) if len(points) else 0
        zeros += int((values == zero).sum())
        total += values.size
    return zeros / total if total else 0.0


def _classes(interpreter: Any, pixels: np.ndarray) -> list[int]:  # noqa: ANN401  untyped library
    """Return the largest output of each row of pixels, in one batch where the model can be resized to it."""
    try:
        scores = _run(interpreter, pixels).reshape(len(pixels), -1)
    except (RuntimeError, ValueError):  # a model may be fixed to a batch of its own
        scores = np.stack([_run(interpreter, row[None]).ravel() for row in pixels])
    return [int(label) for label in scores.argmax(axis=1)]


def _run(interpreter: Any, rows: np.ndarray) -> np.ndarray:  # noqa: ANN401  untyped library
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    shape = [len(rows), *source["shape"][1:]]
    if list(source["shape"]) != shape:
        interpreter.resize_tensor_input(source["index"], shape)
        interpreter.allocate_tensors()
    interpreter.set_tensor(source["index"], _quantized(rows.reshape(shape), source))
    interpreter.invoke()
    scores: np.ndarray = interpreter.get_tensor(target["index"])
    if scores.size % len(rows) or math.prod(scores.shape[:1]) != len(rows):
        raise ValueError(f"{len(rows)} rows gave an output of shape {scores.shape}")
    return scores


def _quantized(x: np.ndarray, detail: dict[str, Any]) -> np.ndarray:
    dtype = np.dtype(detail["dtype"])
    if dtype.kind == "f":
        return x.astype(dtype)
    scale, zero_point = detail["quantization"]
    limits = np.iinfo(dtype)
    codes: np.ndarray = np.clip(np.round(x / scale) + zero_point, limits.min, limits.max).astype(dtype)
    return codes


if __name__ == "__main__":
    main()
