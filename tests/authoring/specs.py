"""Small specs that the tests of this folder change."""

import numpy as np

from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches, Raises, Unchanged

TYPICAL = Criterion(id="typical", text="Doubles", points=4, requirement=Matches())
RAISES = Criterion(id="raises", text="Refuses text", points=1, requirement=Raises(types=("TypeError",)))
KEEPS = Criterion(id="keeps", text="Keeps its input", points=1, requirement=Unchanged())


def double(x):
    if isinstance(x, str):
        raise TypeError("x is text")
    return 2 * x


def draw(generator):
    return [Case("typical", generator.normal(size=3))]


def spec(**changes):
    """Return a function exercise of one criterion, with changes."""
    given = {
        "id": "double-it",
        "lesson": "01-overview",
        "title": "Double",
        "response": "function",
        "name": "double",
        "criteria": (TYPICAL,),
        "reference": double,
        "public": (Case("typical", np.arange(3.0)),),
        "private": draw,
    }
    return ExerciseSpec(**{**given, **changes})
