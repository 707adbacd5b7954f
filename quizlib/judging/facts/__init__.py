"""Facts: what the judge measures on evidence, by name, for criteria and for symptoms.

A fact is a function of a plain value and a `FactContext` that returns a number, a text or a truth value; what else it
takes are the `args` of a condition. Each module is a subject, and `quizlib facts` lists them all.
Importing this package registers them; `measure` looks one up. `arrays`, `rebuilt` and `example` hold none.
"""

from quizlib.errors import FactError, KindError
from quizlib.judging.facts import (
    buffers,
    calibration,
    called,
    codes,
    grids,
    integers,
    litert,
    modules,
    outputs,
    predictions,
    pruning,
    static,
    steps,
    weights,
)
from quizlib.judging.facts.registry import FACTS, FactContext, fact, measure

__all__ = [
    "FACTS",
    "FactContext",
    "FactError",
    "KindError",
    "buffers",
    "calibration",
    "called",
    "codes",
    "fact",
    "grids",
    "integers",
    "litert",
    "measure",
    "modules",
    "outputs",
    "predictions",
    "pruning",
    "static",
    "steps",
    "weights",
]
