from fractions import Fraction

from quizlib.authoring import Case, ExerciseSpec, matching


def planned_and_reached(step, kind, *, final, begin, end, frequency):
    """The oracle computes in fractions, and goes through the steps one after the other."""

    def curve(at):
        if at < begin:
            return Fraction(0)
        done = Fraction(min(at, end) - begin, end - begin)
        share = {"one-shot": Fraction(1), "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]
        return Fraction(final) * share

    reached = Fraction(0)
    for at in range(step + 1):
        if begin <= at <= end and (at - begin) % frequency == 0:
            reached = curve(at)
    return float(curve(step)), float(reached)


def _case(generator, behaviour, kind, place):
    """Draw a schedule whose end is no multiple of the frequency after its begin; the step lies at `place`."""
    frequency = int(generator.integers(4, 9))
    begin = frequency * int(generator.integers(1, 4)) + int(generator.integers(1, frequency))
    count = int(generator.integers(5, 9))
    end = begin + count * frequency + int(generator.integers(1, frequency))
    step = {
        "before": begin - 1 - int(generator.integers(0, 3)),
        "begin": begin,
        "between": begin + 3 * frequency + int(generator.integers(1, frequency)),
        "on": begin + 2 * frequency,
        "last": end - 1,
        "end": end,
        "after": end + int(generator.integers(30, 60)),
    }[place]
    final = round(float(generator.uniform(0.4, 0.95)), 3)
    return Case(behaviour, step, kind, final=final, begin=begin, end=end, frequency=frequency)


def drawn_schedules(generator):
    asked = [
        *(("cubic", "cubic", place) for place in ("on", "between", "last")),
        *(("linear", "linear", place) for place in ("on", "between")),
        *(("one-shot", "one-shot", place) for place in ("begin", "between", "after")),
        *(("ends", kind, "before") for kind in ("cubic", "linear", "one-shot")),
        *(("ends", kind, place) for place in ("begin", "end", "after") for kind in ("cubic", "linear")),
    ]
    return [_case(generator, behaviour, kind, place) for behaviour, kind, place in asked]


GRADUAL = {"final": 0.8, "begin": 10, "end": 50, "frequency": 10}
LATE = {"final": 0.9, "begin": 4, "end": 25, "frequency": 5}  # the last update is at 24
EACH = {"final": 0.5, "begin": 0, "end": 20, "frequency": 1}

EXERCISE = ExerciseSpec(
    title="What a schedule plans, and what it reaches",
    response="function",
    setup="""\
gradual = dict(final=0.8, begin=10, end=50, frequency=10)
""",
    hints=(
        "Write the curve as a function of its own; the sparsity that is reached is that of the last update.",
        "How many whole stretches of `frequency` steps lie between `begin` and the step, or the end if it came?",
    ),
    criteria=(
        matching("cubic", "The cubic curve", points=2, rtol=1e-9, atol=1e-12),
        matching("linear", "The straight line", rtol=1e-9, atol=1e-12),
        matching("one-shot", "All at once", rtol=1e-9, atol=1e-12),
        matching("ends", "Before the begin, at both ends, and after them", rtol=1e-9, atol=1e-12),
    ),
    reference=planned_and_reached,
    public=(
        Case("cubic", 30, "cubic", **GRADUAL),
        Case("cubic", 37, "cubic", **GRADUAL),
        Case("cubic", 23, "cubic", **LATE),
        Case("cubic", 7, "cubic", **EACH),
        Case("linear", 30, "linear", **GRADUAL),
        Case("linear", 23, "linear", **LATE),
        Case("one-shot", 10, "one-shot", **GRADUAL),
        Case("one-shot", 12, "one-shot", **LATE),
        Case("one-shot", 99, "one-shot", **LATE),
        *(Case("ends", 3, kind, **LATE) for kind in ("cubic", "linear", "one-shot")),
        *(Case("ends", step, kind, **LATE) for step in (4, 25, 60) for kind in ("cubic", "linear")),
        Case("ends", 50, "cubic", **GRADUAL),
        Case("ends", 51, "linear", **GRADUAL),
    ),
    private=drawn_schedules,
)
