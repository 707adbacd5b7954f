"""Say in a learner's words that a fact does not keep its bounds, and where."""

from __future__ import annotations

from typing import Any

from quizlib.errors import QuizError
from quizlib.evidence.python_objects import written_key
from quizlib.evidence.values import Plain
from quizlib.items.exercise import Condition, Scalar
from quizlib.items.fact import Fact
from quizlib.judging.facts.holes import Asked, Told
from quizlib.judging.facts.registry import FactContext, find_fact


def told(condition: Condition, value: Scalar, subject: Plain, context: FactContext, *, with_place: bool = True) -> str:
    """Return a sentence on a fact whose value does not keep the bounds of `condition`.

    Without `with_place` it says nothing of single numbers, among which are expected ones.

    >>> from quizlib.judging.facts.example import model
    >>> asked = Condition(fact="sparsity", args={"weight": "weight"}, at_least=0.5)
    >>> told(asked, 0.25, model(weight=[0.0, 1.0, 2.0, 3.0]), FactContext())
    '25 % of weight is zero, where at least 50 % is asked for'
    """
    found = find_fact(condition.fact, context.own)
    if found is None or not found.sentence:
        shown = f"{value:.6g}" if isinstance(value, float) else str(value)
        return f"{fact_text(condition)} should be {condition.bounds}, but it is {shown}"
    return found.sentence.format(
        **_arguments(found, condition),
        value=Told(value, condition),
        asked=Asked(condition),
        place=_place(found, condition, subject, context) if with_place else "",
        where=_where(condition),
    )


def fact_text(condition: Condition) -> str:
    """Return a fact in words, where it brings no sentence of its own.

    >>> fact_text(Condition(fact="spread", args={"weight": "hidden1.weight"}, at_least=0.5))
    'spread of hidden1.weight'
    """
    subject = condition.args.get("weight") or ", ".join(condition.args.get("weights", []))
    name = condition.fact.replace("_", " ")
    return f"{name} of {subject}" if subject else f"the {name}"


def _arguments(fact: Fact, condition: Condition) -> dict[str, Any]:
    """Return the arguments of a condition with the defaults of its fact; of several names, all in a row."""
    bound = fact.signature.bind(None, None, **condition.args)
    bound.apply_defaults()
    named = list(bound.arguments.items())[2:]
    return {name: _listed(value) if isinstance(value, list) else value for name, value in named}


def _listed(names: list[object]) -> str:
    words = [str(name) for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _where(condition: Condition) -> str:
    part = condition.args.get("part")
    if part is None:
        return "the output"
    return f"entry {part} of the output" if isinstance(part, int) else f"{written_key(part)} in the output"


def _place(fact: Fact, condition: Condition, subject: Plain, context: FactContext) -> str:
    """Return where it shows, after a colon; nothing where that cannot be told, for it is only an example."""
    if fact.place is None:
        return ""
    try:
        text = fact.place(subject, context, condition)
    except QuizError:
        return ""
    return f": {text}" if text else ""
