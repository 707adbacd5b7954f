"""Read a LiteRT flatbuffer from standard input, print one JSON line about it; run as a child by `litert.inspect`."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np


def main() -> None:
    """Inspect the flatbuffer and run it on the held-out digits."""
    content = sys.stdin.buffer.read()
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    tensors = interpreter.get_tensor_details()
    weights = [(tensor, _constant(interpreter, tensor)) for tensor in tensors if len(tensor["shape"]) >= 2]
    constants = [(tensor, values) for tensor, values in weights if values is not None]
    report = {
        "input_dtype": np.dtype(interpreter.get_input_details()[0]["dtype"]).name,
        "output_dtype": np.dtype(interpreter.get_output_details()[0]["dtype"]).name,
        "weight_dtypes": [values.dtype.name for _, values in constants],
        "float_tensors": sum(np.dtype(tensor["dtype"]).kind == "f" for tensor in tensors),
        "zero_fraction": _zero_fraction(constants),
        "accuracy": _accuracy(interpreter),
    }
    print(json.dumps(report))


def _constant(interpreter: Any, tensor: dict[str, Any]) -> np.ndarray | None:  # noqa: ANN401  untyped library
    """Return the values of a tensor that is stored in the model, None for one that is computed."""
    inputs_and_outputs = interpreter.get_input_details() + interpreter.get_output_details()
    if tensor["index"] in {detail["index"] for detail in inputs_and_outputs}:
        return None
    produced = {int(index) for op in interpreter._get_ops_details() for index in op["outputs"]}
    if tensor["index"] in produced:
        return None
    values: np.ndarray = interpreter.get_tensor(tensor["index"])
    return values


def _zero_fraction(constants: list[tuple[dict[str, Any], np.ndarray]]) -> float:
    zeros = total = 0
    for tensor, values in constants:
        points = tensor["quantization_parameters"]["zero_points"]
        zero = int(points[0]) if len(points) else 0
        zeros += int((values == zero).sum())
        total += values.size
    return zeros / total if total else 0.0


def _accuracy(interpreter: Any) -> float:  # noqa: ANN401  untyped library
    from quizlib import zoo

    digits = zoo.load_digits()
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    shape, hits = source["shape"], 0
    for pixels, label in zip(digits.x_test, digits.y_test, strict=True):
        interpreter.set_tensor(source["index"], _quantized(pixels.reshape(shape), source))
        interpreter.invoke()
        hits += int(np.argmax(interpreter.get_tensor(target["index"])) == label)
    return hits / len(digits.y_test)


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
