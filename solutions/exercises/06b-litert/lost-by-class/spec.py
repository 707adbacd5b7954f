import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def counted(labels, before, after, classes):
    """The oracle counts image by image."""
    lost, gained, taken = [0] * classes, [0] * classes, [{} for _ in range(classes)]
    for label, was, now in zip(labels.tolist(), before.tolist(), after.tolist(), strict=True):
        if was == label != now:
            lost[label] += 1
            taken[label][now] = taken[label].get(now, 0) + 1
        if was != label == now:
            gained[label] += 1
    toward = [min(counts, key=lambda one, of=counts: (-of[one], one)) if counts else -1 for counts in taken]
    return {"lost": lost, "gained": gained, "toward": toward}


def drawn(behaviour, generator, plan, classes, *, still=4):
    """Images by a plan of (label, before, after, how many), by places in a random order of the classes.

    Places that share a tie keep their order, so that which class is the smallest does not change.
    """
    rows = [(label, was, now) for label, was, now, count in plan for _ in range(count)]
    rows += [(one, one, one) for one in generator.integers(0, classes, still)]
    labels, before, after = np.array(rows, np.int64)[generator.permutation(len(rows))].T
    return Case(
        behaviour, np.ascontiguousarray(labels), np.ascontiguousarray(before), np.ascontiguousarray(after), classes
    )


def cases(generator):
    a, b, c, d, e = (int(one) for one in generator.permutation(6)[:5])
    small, middle, large = sorted((b, c, d))
    return [
        drawn("lost", generator, [(a, a, b, 3), (b, b, a, 2), (a, b, a, 1), (b, c, d, 3), (c, d, d, 2)], 6),
        drawn("lost", generator, [(c, c, d, 1), (d, a, b, 2), (e, e, d, 4)], 6),
        drawn("gained", generator, [(a, b, a, 2), (b, a, b, 4), (c, c, d, 3), (d, e, a, 2)], 7),
        drawn("gained", generator, [(e, a, e, 1), (a, a, e, 2)], 6, still=2),
        drawn("toward", generator, [(a, a, small, 1), (a, a, large, 3), (a, middle, small, 5), (e, e, a, 2)], 6),
        drawn("toward", generator, [(a, a, small, 4), (a, a, middle, 2), (a, large, middle, 4)], 8),
        drawn("ties", generator, [(a, a, large, 2), (a, a, middle, 2), (e, e, large, 1), (e, e, small, 1)], 6),
        drawn("none", generator, [(a, b, a, 2), (b, c, d, 3)], 6, still=0),
        Case("none", *(np.zeros(0, np.int64),) * 3, 3),
        drawn("keeps-input", generator, [(a, a, b, 1)], 6),
    ]


EXERCISE = ExerciseSpec(
    title="Who pays for the conversion",
    response="function",
    setup="""\
import numpy as np
""",
    hints=(
        "`before == labels` says which images the float model had right.",
        "`np.bincount(classes_of_the_lost)` counts them by class; `argmax` takes the first of equals.",
        "The argmax of nothing but zeros is 0; what is asked for there is −1.",
    ),
    criteria=(
        exactly("lost", "`lost`: right before, wrong after, by the right class, as ints", part="lost", dtype=True),
        exactly("gained", "`gained`: wrong before, right after, as ints", part="gained", dtype=True),
        exactly("toward", "`toward`: the class that most of the lost ones are taken for", part="toward", dtype=True),
        exactly("ties", "`toward`: of equal counts the smallest class", part="toward"),
        exactly("none", "`toward`: −1 where nothing was lost", part="toward", beside=("lost", "gained", "toward")),
        unchanged("keeps-input", "The arrays that were given are as they were", beside=("lost", "gained")),
    ),
    reference=counted,
    public=tuple(cases(np.random.default_rng(65))),
    private=cases,
)
