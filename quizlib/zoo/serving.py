"""What a model costs when it is served, in the same terms for PyTorch and for LiteRT: file, accuracy, latency.

torch and LiteRT are loaded when a model of theirs is first passed.
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError
from quizlib.measures import accuracy, compressed_size_bytes, latency_ms
from quizlib.zoo.quiet import quiet

if TYPE_CHECKING:
    import torch

    Served = torch.nn.Module | bytes


def predictor(served: "Served", x: NDArray[np.float32]) -> Callable[[], NDArray[Any]]:
    """Return a call without arguments that predicts the rows of `x`; all that can be done before is done before.

    Args:
        served: A torch module, or the bytes of a LiteRT file with float32 input and output.
        x: Inputs, float32, shape (n, features); the whole of it is one batch.

    Returns:
        A function that gives the outputs, shape (n, classes).

    Raises:
        ArgumentError: `served` is something else.

    >>> from quizlib.zoo import digits_mlp
    >>> predictor(digits_mlp(), np.zeros((2, 64), np.float32))().shape
    (2, 10)
    """
    if isinstance(served, bytes):
        return _litert_predictor(served, x)
    import torch

    if not isinstance(served, torch.nn.Module):
        raise ArgumentError(
            f"served is a {type(served).__name__}; pass a torch.nn.Module or the bytes of a LiteRT file."
        )
    rows = torch.from_numpy(x)

    @torch.no_grad()
    def predict() -> NDArray[Any]:
        outputs: NDArray[Any] = served(rows).numpy()
        return outputs

    return predict


def _litert_predictor(file: bytes, x: NDArray[np.float32]) -> Callable[[], NDArray[Any]]:
    quiet()
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=file, num_threads=1)
    source = interpreter.get_input_details()[0]["index"]
    target = interpreter.get_output_details()[0]["index"]
    interpreter.resize_tensor_input(source, x.shape)
    interpreter.allocate_tensors()

    def predict() -> NDArray[Any]:
        interpreter.set_tensor(source, x)
        interpreter.invoke()
        outputs: NDArray[Any] = interpreter.get_tensor(target)
        return outputs

    return predict


def serving_costs(
    served: "Served", x: NDArray[np.float32], y: NDArray[np.int64], *, repeats: int = 100
) -> dict[str, float]:
    """Return what a model costs to serve, by name of the cost with its unit.

    Args:
        served: A torch module, or the bytes of a LiteRT file with float32 input and output.
        x: Held-out examples, float32, shape (n, features).
        y: Their classes, shape (n,).
        repeats: Timed predictions of one row, >= 1.

    Returns:
        "file (bytes)" as saved, for a torch module its state_dict; "gzip (bytes)" of that file; "accuracy", a fraction;
        "latency (µs)", the median for one row; "at least (µs)" and "at most (µs)", the quartiles of the middle half.

    Raises:
        ArgumentError: `served` is something else.
    """
    predict = predictor(served, x)
    file = served if isinstance(served, bytes) else _saved(served)
    latency = latency_ms(predictor(served, x[:1]), repeats=repeats)
    first, third = latency.quartiles_ms
    return {
        "file (bytes)": len(file),
        "gzip (bytes)": compressed_size_bytes(file),
        "accuracy": accuracy(predict(), y),
        "latency (µs)": 1000 * latency.median_ms,
        "at least (µs)": 1000 * first,
        "at most (µs)": 1000 * third,
    }


def _saved(module: "torch.nn.Module") -> bytes:
    import torch

    file = io.BytesIO()
    torch.save(module.state_dict(), file)
    return file.getvalue()
