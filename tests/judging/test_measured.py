import numpy as np
import pytest

from quizlib.authoring import Case, Condition, Criterion, ExerciseSpec, Matches, Measured, Raises, Symptom, Unchanged
from quizlib.display.text import verdict_text
from quizlib.evidence.collect import collect
from quizlib.evidence.values import Array
from quizlib.items.exercise import Exercise
from quizlib.items.released import read_sheet, write_sheet
from quizlib.judging.exercises import OTHER_INPUTS, judge_exercise
from quizlib.judging.facts.registry import fact, own_facts
from quizlib.judging.facts.telling import fact_text
from quizlib.judging.measured import self_reported_points
from quizlib.judging.misconceptions import recognise

with own_facts() as OWN:

    @fact(unit="unit of the output", of=(Array,))
    def spread(output, context):
        """Return the largest number of an output less the smallest."""
        return float(np.ptp(output.values))

    @fact(unit="true or false", of=(Array,), self_reported=True)
    def looks_tidy(output, context):
        """Return whether the kernel says that it is tidy."""
        return True


def criterion(name, points, requirement):
    return Criterion(id=name, text=f"Text of {name}", points=points, requirement=requirement)


def asks(name, **bounds):
    return Measured(conditions=(Condition(fact=name, **bounds),))


ON_LARGEST = criterion("bounded", 2, asks("largest", at_most=1.0))
ON_SPREAD = criterion("even", 3, asks("spread", at_most=0.5))
FLAT = Symptom(id="flat", text="t", remedy="r", conditions=(Condition(fact="spread", equals=0.0),))
HIGH = Symptom(id="high", text="t", remedy="r", conditions=(Condition(fact="largest", at_least=5.0),))


def spec(*criteria, misconceptions=()):
    """Return an exercise of one's own, with one's own facts, as a course that is read has it."""
    return ExerciseSpec(
        id="level-it",
        lesson="91-own",
        title="Level",
        response="function",
        name="level",
        criteria=criteria,
        misconceptions=misconceptions,
        public=[Case(each.id, np.array([1.0, 3.0])) for each in criteria],
        private=lambda generator: [Case(each.id, generator.normal(size=3)) for each in criteria],
        facts=OWN,
    )


def as_released(made, tmp_path):
    """Return the sheet of a class as a learner's kernel reads it."""
    write_sheet(tmp_path, made.public_sheet(), "class")
    return read_sheet(tmp_path, made.id)


def verdict_on(sheet, function):
    return judge_exercise(sheet, collect(sheet.probe, function))


def level(x):
    return np.full_like(x, 0.5)


def too_high(x):
    return np.full_like(x, 9.0)


def test_own_fact_is_judged_where_the_course_is_read():
    grading = spec(ON_LARGEST, ON_SPREAD).grading_sheet(b"secret")

    assert verdict_on(grading, level).score == 5
    verdict = verdict_on(grading, lambda x: x - 10)
    assert [line.score for line in verdict.criteria] == [2, 0]
    assert verdict.criteria[1].message.startswith("the spread should be at most 0.5, but it is 2")


def test_own_fact_never_crosses_to_a_learner(tmp_path):
    assert as_released(spec(ON_SPREAD), tmp_path).facts == {}


def test_criterion_on_an_own_fact_wins_and_loses_nothing_in_practice(tmp_path):
    sheet = as_released(spec(ON_LARGEST, ON_SPREAD), tmp_path)
    good, bad = verdict_on(sheet, level), verdict_on(sheet, too_high)

    assert (good.score, good.max_score, good.status) == (2, 2, "correct")
    assert good.summary == f"All criteria are met; 1 more is judged after you submit. {OTHER_INPUTS}"
    assert (bad.score, bad.max_score, bad.status) == (0, 2, "wrong")
    assert bad.summary == "0 of 1 criteria are met; 1 more is judged after you submit."
    assert "[not judged] Text of even (0/3): judged after you submit" in verdict_text(good)
    assert "[not met] Text of bounded (0/2)" in verdict_text(bad)


def test_exercise_on_own_facts_alone_is_recorded_in_practice(tmp_path):
    verdict = verdict_on(as_released(spec(ON_SPREAD), tmp_path), level)

    assert (verdict.status, verdict.score) == ("recorded", 0)
    assert verdict.summary == "level is recorded; it is judged after you submit."


def test_criterion_that_asks_for_an_own_fact_too_waits_as_a_whole(tmp_path):
    both = criterion(
        "both", 1, Measured(conditions=(Condition(fact="largest", at_most=1.0), *ON_SPREAD.requirement.conditions))
    )
    verdict = verdict_on(as_released(spec(ON_LARGEST, both), tmp_path), too_high)

    assert [line.is_judged_elsewhere for line in verdict.criteria] == [False, True]


def test_symptom_on_an_own_fact_is_named_in_grading_alone(tmp_path):
    made = spec(ON_LARGEST, misconceptions=(FLAT,))
    sheet, grading = as_released(made, tmp_path), made.grading_sheet(b"secret")

    assert recognise(grading, collect(grading.probe, too_high)).misconception.id == "flat"
    assert recognise(sheet, collect(sheet.probe, too_high)) is None


def test_symptom_on_an_own_fact_is_in_no_way_of_the_others_in_practice(tmp_path):
    sheet = as_released(spec(ON_LARGEST, misconceptions=(FLAT, HIGH)), tmp_path)

    assert recognise(sheet, collect(sheet.probe, too_high)).misconception.id == "high"


def test_own_fact_counts_as_self_reported_where_it_says_so():
    exercise = spec(criterion("tidy", 1, asks("looks_tidy", equals=True)), ON_LARGEST)._exercise({})

    assert self_reported_points(exercise, OWN) == 1
    assert self_reported_points(exercise, {}) == 0


SPARSE = Condition(fact="sparsity", args={"weight": "hidden1.weight"}, at_least=0.49, at_most=0.51)


@pytest.mark.parametrize(
    ("requirement", "points"),
    [
        (Matches(), 0),
        (Raises(types=("ValueError",)), 3),
        (Unchanged(), 3),
        (Measured(conditions=(SPARSE,)), 0),
        (Measured(conditions=(SPARSE, Condition(fact="inputs_changed", equals=False))), 3),
    ],
)
def test_points_on_the_kernels_word_are_counted(requirement, points):
    exercise = Exercise(
        id="x",
        lesson="01-x",
        points=3,
        title="T",
        response="function",
        name="f",
        criteria=(criterion("a", 3, requirement),),
    )
    assert self_reported_points(exercise, {}) == points


@pytest.mark.parametrize(
    ("fact", "args", "text"),
    [
        ("global_sparsity", {"weights": ["a", "b"]}, "global sparsity of a, b"),
        ("litert_size_bytes", {}, "the litert size bytes"),
    ],
)
def test_fact_is_told_in_words(fact, args, text):
    assert fact_text(Condition(fact=fact, args=args, at_most=1)) == text
