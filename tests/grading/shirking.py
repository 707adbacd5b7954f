"""Responses to the course's own exercises in which the work is left out, and the scores that a grading gives them."""

import copy
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quizlib.authoring.course import read_lesson
from quizlib.authoring.setups import import_libraries, run_setup, silenced
from quizlib.evidence.collect import collect
from quizlib.evidence.probe import Probe
from quizlib.judging.judge import judge
from quizlib.verify.exercises import Subject
from quizlib.verify.forked import Death, Limits, forked
from quizlib.verify.subjects import subjects
from quizlib.zoo.quiet import quiet

from .alike import looking_up
from .by_hand import BY_HAND

SOLUTIONS = Path(__file__).parents[2] / "solutions"
LIMITS = Limits(seconds=240)
"""What all responses to an exercise may take together."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a response is asked for: the exercise, the names that its setup leaves, and the probe of the grading."""

    subject: Subject
    names: dict
    probe: Probe
    public: frozenset

    @property
    def kind(self):
        return self.subject.spec.response

    def run(self, source):
        """Return what a piece of code gives the exercise's variable."""
        exec(compile(source, f"<response to {self.subject.spec.id}>", "exec"), self.names)
        return self.names[self.subject.spec.name]


def solved(asked):
    """Return the course's own solution, by which the others are compared."""
    return asked.run(asked.subject.solution)


def unrelated(asked):
    """Return `nn.Linear(1, 1)`, or its like of tf_keras, or a function that returns it, whatever is asked for."""
    match asked.kind:
        case "function":
            return lambda *arguments, **keywords: torch_line()
        case "keras_model":
            return keras_line()
        case "litert":
            return converted(keras_line())
    return torch_line()


def torch_line():
    from torch import nn

    return nn.Linear(1, 1)


def keras_line():
    import tf_keras

    return tf_keras.Sequential([tf_keras.layers.Dense(1, input_shape=(1,))])


def converted(model):
    import tensorflow as tf

    return tf.lite.TFLiteConverter.from_keras_model(model).convert()


def zeroed(asked):
    """Return the given model with all weights zero, or a function that returns its first argument so."""
    if asked.kind == "function":
        return lambda *arguments, **keywords: emptied([*arguments, *keywords.values()][0])
    given = emptied(given_model(asked))
    return converted(given) if asked.kind == "litert" else given


def given_model(asked):
    """Return the first model that the setup leaves; where it leaves a file of one alone, that from which it came."""
    from quizlib import zoo

    is_model = ("get_weights", "state_dict")
    models = [value for value in asked.names.values() if any(hasattr(value, name) for name in is_model)]
    return models[0] if models else zoo.digits_mlp_keras()


def emptied(value):
    """Return a value with zero in place of each of its numbers."""
    if isinstance(value, list | tuple):
        return type(value)(map(emptied, value))
    if isinstance(value, dict):
        return {key: emptied(inner) for key, inner in value.items()}
    if hasattr(value, "get_weights"):
        return emptied_keras(value)
    if hasattr(value, "state_dict"):
        return emptied_torch(value)
    return value * 0 if hasattr(value, "__mul__") and not isinstance(value, bool | str | bytes) else value


def emptied_keras(model):
    import tf_keras

    clone = tf_keras.models.clone_model(model)
    clone.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    return clone


def emptied_torch(model):
    import torch

    model = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    return model


def looked_up(asked):
    """Return a function that gives, for each case, the right answer of the public case that is most like it.

    It makes the answers with the solution; who hands in a table has them from the cards.
    """
    if asked.kind != "function":
        return None
    public = [case for case in asked.probe.cases if case.id in asked.public]
    return looking_up(solved(asked), asked.probe.cases, public)


def constant(number, asked):
    """Return a function whose every answer has the form of the right one, and `number` in place of each number."""
    if asked.kind != "function":
        return None
    solution = solved(asked)
    return lambda *arguments, **keywords: filled(solution(*arguments, **keywords), number)


def filled(value, number):
    """Return a value with one number in place of each of its numbers, and None in place of texts and models."""
    match value:
        case bool():
            return bool(number)
        case int() | float():
            return type(value)(number)
        case list() | tuple():
            return type(value)(filled(inner, number) for inner in value)
        case dict():
            return {key: filled(inner, number) for key, inner in value.items()}
        case np.ndarray() | np.generic():
            return np.full_like(value, number)
    return full_like(value, number) if hasattr(value, "new_full") else None


def full_like(tensor, number):
    import torch

    return torch.full_like(tensor, number)


GENERIC = {
    "solved": solved,
    "unrelated": unrelated,
    "zeroed": zeroed,
    "looked up": looked_up,
    "zeros": functools.partial(constant, 0),
    "ones": functools.partial(constant, 1),
}


def written(source, asked):
    return asked.run(source)


def kinds_of(item):
    """Return what makes the responses to an exercise, by their kind."""
    return GENERIC | {kind: functools.partial(written, source) for kind, source in BY_HAND.get(item, {}).items()}


def scores(lesson, items, secrets):
    """Return the scores of responses to exercises of a lesson, a list of one under each secret by exercise and kind.

    A child does all of an exercise: TensorFlow runs in no process that is forked again.
    No `items` stand for all.
    """
    quiet()
    found = {}
    for item, subject in subjects(read_lesson(SOLUTIONS, lesson)).items():
        if items and item not in items:
            continue
        import_libraries(subject.spec.setup, item)
        result = forked(functools.partial(_scores, subject, secrets), LIMITS)
        if isinstance(result, Death):
            raise RuntimeError(f"{item}: its responses ended their process: {result}")
        found[item] = {"points": [subject.spec.points], **result}
    return found


def _scores(subject, secrets):
    sheets = [subject.spec.grading_sheet(secret) for secret in secrets]
    kinds = kinds_of(subject.spec.id)
    found = {kind: [_score(subject, sheet, make) for sheet in sheets] for kind, make in kinds.items()}
    return {kind: scores for kind, scores in found.items() if None not in scores}


def _score(subject, sheet, make):
    """Return the score of a response, or None where the exercise asks for nothing of that kind."""
    names = run_setup(subject.spec.setup, subject.spec.id)
    with silenced():
        response = make(Asked(subject, names, sheet.probe, sheet.public))
        if response is None:
            return None
        evidence = collect(sheet.probe, response, names)
    return judge(sheet, evidence).score
