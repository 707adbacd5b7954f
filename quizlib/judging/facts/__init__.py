"""Facts: what the judge measures on evidence, by name, for criteria and for symptoms.

A fact is a function of a plain value and a `FactContext` that returns a number, a text or a truth value.
Importing this package registers all of them; `measure` looks one up.
"""

from quizlib.judging.facts import codes, given, keras_models, litert, outputs, quantized, static, torch_models, weights
from quizlib.judging.facts.registry import FACTS, FactContext, FactError, is_self_reported, measure

__all__ = [
    "FACTS",
    "FactContext",
    "FactError",
    "codes",
    "given",
    "is_self_reported",
    "keras_models",
    "litert",
    "measure",
    "outputs",
    "quantized",
    "static",
    "torch_models",
    "weights",
]
