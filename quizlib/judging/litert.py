"""Inspect LiteRT bytes in a disposable child process that holds no key."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache

from quizlib.errors import QuizError

TIMEOUT_SECONDS = 60
"""A hostile model may loop; the child is killed after this long."""

MAX_BYTES = 32_000_000


class LiteRTError(QuizError):
    """The bytes are no LiteRT model that can be loaded and run."""


@dataclass(frozen=True)
class Report:
    """What the child found: dtypes of input, output and weights, float tensors, zeros, accuracy on digits."""

    input_dtype: str
    output_dtype: str
    weight_dtypes: tuple[str, ...]
    float_tensors: int
    zero_fraction: float
    accuracy: float


@lru_cache(maxsize=64)
def inspect(content: bytes) -> Report:
    """Return the report on a flatbuffer.

    Raises:
        LiteRTError: the bytes are too many, malformed, or the child died on them.
    """
    if len(content) > MAX_BYTES:
        raise LiteRTError(f"the LiteRT model is over {MAX_BYTES:,} bytes.")
    command = [sys.executable, "-m", "quizlib.judging.litert_child"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise LiteRTError(f"the LiteRT model ran for over {TIMEOUT_SECONDS} s and was stopped.") from error
    if done.returncode != 0:
        raise LiteRTError("the bytes are no LiteRT model that can be loaded and run on 64 input values.")
    return _parse(done.stdout)


def _parse(printed: bytes) -> Report:
    """Read the child's last line; the child ran hostile bytes, so its word is checked too."""
    try:
        found = json.loads(printed.splitlines()[-1])
        return Report(
            str(found["input_dtype"])[:20],
            str(found["output_dtype"])[:20],
            tuple(str(dtype)[:20] for dtype in found["weight_dtypes"][:1000]),
            int(found["float_tensors"]),
            min(1.0, max(0.0, float(found["zero_fraction"]))),
            min(1.0, max(0.0, float(found["accuracy"]))),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise LiteRTError("the LiteRT model spoiled its own inspection.") from error
