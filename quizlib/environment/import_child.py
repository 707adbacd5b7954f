"""Import one library in a process of its own and print as the last line, in JSON, how that went.

Run: python -P -m quizlib.environment.import_child NAME

The process ends at once after that: what a library does while Python shuts down is of no interest, and may hang.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import TypedDict


class Outcome(TypedDict):
    """How the import of a library went; `engines` has torch's that multiply 8-bit matrices here."""

    error: str
    engines: list[str]


def main(module: str) -> Outcome:
    """Import a module as a notebook of the course would, and return how that went."""
    from quizlib.zoo.quiet import quiet

    quiet()
    try:
        importlib.import_module(module)
        return {"error": "", "engines": torch_engines() if module == "torch" else []}
    except BaseException as error:  # a library may raise anything, and end the process, too
        first = str(error).strip().partition("\n")[0]
        return {"error": f"{type(error).__name__}: {first}".removesuffix(": "), "engines": []}


def torch_engines() -> list[str]:
    """Return torch's quantization engines that work: that are offered, and multiply by an 8-bit matrix."""
    import torch

    return [engine for engine in torch.backends.quantized.supported_engines if _works(engine)]


def _works(engine: str) -> bool:
    """Say whether an engine computes a dynamic layer: 2 · 3 from the code 6 with a step of 0.5."""
    import torch

    try:
        torch.backends.quantized.engine = engine
        weight = torch.quantize_per_tensor(torch.tensor([[3.0]]), 0.5, 0, torch.qint8)
        packed = torch.ops.quantized.linear_prepack(weight, torch.tensor([0.0]))
        return abs(float(torch.ops.quantized.linear_dynamic(torch.tensor([[2.0]]), packed)) - 6.0) < 0.1
    except (RuntimeError, AttributeError):  # it cannot be chosen here, or torch has no such operator any more
        return False


if __name__ == "__main__":
    print("\n" + json.dumps(main(sys.argv[1])), flush=True)
    os._exit(0)
