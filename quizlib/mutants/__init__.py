"""Mutants: mistakes that a machine makes in a reference solution, to try a grader with what no author thought of."""

from quizlib.mutants.chosen import chosen
from quizlib.mutants.frozen import parameters_of
from quizlib.mutants.make import mutants_of
from quizlib.mutants.mutant import KINDS, Kind, Mutant, Solution
from quizlib.mutants.parsed import has_training

__all__ = ["KINDS", "Kind", "Mutant", "Solution", "chosen", "has_training", "mutants_of", "parameters_of"]
