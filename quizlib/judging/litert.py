"""Inspect LiteRT bytes in a disposable child process that holds no key."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from quizlib.errors import LiteRTError

TIMEOUT_SECONDS = 60.0
"""A hostile model may loop; the child is killed after this long."""

MAX_REPORT = 1_000_000
"""Bytes of the child's report that are read."""

COMMAND = (sys.executable, "-I", "-m", "quizlib.judging.litert_child")


@dataclass(frozen=True)
class Report:
    """What the child found: dtypes, float tensors, zeros among the weights, the class of each row, the input's step.

    `input_step` is the scale on which the input is coded, 0.0 where it stays float.
    """

    input_dtype: str
    output_dtype: str
    weight_dtypes: tuple[str, ...]
    float_tensors: int
    zero_fraction: float
    classes: tuple[int, ...]
    input_step: float


def inspect(content: bytes, unseen: str = "") -> Report:
    """Return the report on a flatbuffer, run on the held-out digits, or on those that are drawn from a seed.

    Raises:
        LiteRTError: the bytes are malformed, or the child died on them.
    """
    return _inspect(content, unseen, TIMEOUT_SECONDS)


@lru_cache(maxsize=64)
def _inspect(content: bytes, unseen: str, timeout: float) -> Report:
    from quizlib import zoo
    from quizlib.judging.unseen import unseen_digits

    pixels = (unseen_digits(unseen) if unseen else zoo.load_digits()).x_test
    message = io.BytesIO()
    np.save(message, pixels)
    message.write(content)
    report = _parse(_run(message.getvalue(), timeout))
    if len(report.classes) != len(pixels):
        raise LiteRTError("the LiteRT model gave no class for some of the held-out digits.")
    return report


def _run(message: bytes, timeout: float) -> bytes:
    # No environment, no secrets; Windows starts no Python without this one.
    environment = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    # Into a file, since a pipe would be read to its end however much the child writes.
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                COMMAND,
                input=message,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=timeout,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LiteRTError(f"the LiteRT model ran for over {timeout:g} s and was stopped.") from error
        if done.returncode != 0:
            raise LiteRTError("the bytes are no LiteRT model that can be loaded and run on 64 pixels in 0..1.")
        output.seek(0)
        return output.read(MAX_REPORT)


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
            tuple(min(2**31, abs(int(label))) for label in found["classes"][:10_000]),
            min(1e9, max(0.0, float(found["input_step"]))),
        )
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise LiteRTError("the LiteRT model spoiled its own inspection.") from error
