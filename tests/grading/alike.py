"""Answer a case by what is right for the public case that is most like it."""

import numpy as np

from quizlib.evidence.build import build
from quizlib.evidence.values import Array, ZooModel


def looking_up(solution, cases, public):
    """Return a function that is called on `cases`, in their order, and answers each as if it were a public one."""
    left = iter(cases)

    def answer(*arguments, **keywords):
        case = next(left)
        nearest = min(public, key=lambda other: unlikeness(_given(case), _given(other)))
        arguments = [build(value) for value in nearest.arguments]
        return solution(*arguments, **{name: build(value) for name, value in (nearest.keywords or {}).items()})

    return answer


def _given(case):
    return [list(case.arguments), dict(case.keywords or {})]


def unlikeness(one, other):
    """Return how far two plain values are apart, from 0 for equal ones to 1 for those of another form."""
    if type(one) is not type(other):
        return 1.0
    match one:
        case list() | tuple() if len(one) == len(other):
            return _mean([unlikeness(*pair) for pair in zip(one, other, strict=True)])
        case dict() if one.keys() == other.keys():
            return _mean([unlikeness(inner, other[key]) for key, inner in one.items()])
        case Array() if one.values.shape == other.values.shape and one.dtype == other.dtype:
            return _distance(one.values, other.values)
        case ZooModel() if one.name == other.name:
            return 0.5 * (one.seed != other.seed)
        case int() | float():
            return _distance(one, other)
    return float(one != other)


def _mean(numbers):
    return sum(numbers) / len(numbers) if numbers else 0.0


def _distance(one, other):
    one, other = np.asarray(one, float), np.asarray(other, float)
    size = np.linalg.norm(one) + np.linalg.norm(other)
    return float(np.linalg.norm(one - other) / size) if size else 0.0
