"""Check answers and code of the course Model Optimization for Serving.

>>> import quizlib
>>> sorted(quizlib.__all__)
['begin', 'check', 'hint']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quizlib.learner.front import begin, check, hint

__all__ = ["begin", "check", "hint"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever the module holds
    """Load the learner's functions at their first use, so that the import stays under 0.1 s."""
    if name in __all__:
        return getattr(importlib.import_module("quizlib.learner.front"), name)
    raise AttributeError(f"module 'quizlib' has no attribute {name!r}; it has {', '.join(__all__)}.")
