"""Make mutants of small solutions, and say in a line what is new in each."""

from quizlib.mutants import Solution, mutants_of


def mutants(source, kind, **fields):
    """Return the mutants of one kind, of the function `answer` unless `fields` say otherwise."""
    solution = Solution(**({"source": source, "name": "answer", "response": "function"} | fields))
    return [mutant for mutant in mutants_of(solution) if mutant.kind == kind]


def new(source, kind, **fields):
    """Return what each mutant of one kind has in place of the solution's lines; "" where it only leaves some out."""
    return {_added(mutant.diff) for mutant in mutants(source, kind, **fields)}


def returned(expression, kind, parameters="a, b, c", **fields):
    """Return what mutants of a function of one expression return."""
    found = new(f"def answer({parameters}):\n    return {expression}", kind, **fields)
    return {line.removeprefix("return ") for line in found if line.startswith("return ")}


def _added(diff):
    return "; ".join(line[1:].strip() for line in diff.splitlines() if line.startswith("+"))
