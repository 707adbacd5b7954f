"""Authoring: how a course is written in `solutions/`, and how its sheets are made."""

from quizlib.authoring.proof import Claim, Proof
from quizlib.authoring.spec import Case, ExerciseSpec
from quizlib.authoring.vocabulary import exactly, fact, matching, measured, raising, unchanged
from quizlib.evidence.values import ZooModel
from quizlib.items.exercise import Condition, Criterion, Matches, Measured, Raises, Symptom, Unchanged

__all__ = [
    "Case",
    "Claim",
    "Condition",
    "Criterion",
    "ExerciseSpec",
    "Matches",
    "Measured",
    "Proof",
    "Raises",
    "Symptom",
    "Unchanged",
    "ZooModel",
    "exactly",
    "fact",
    "matching",
    "measured",
    "raising",
    "unchanged",
]
