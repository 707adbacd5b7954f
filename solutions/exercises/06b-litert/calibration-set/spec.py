import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def by_class(images, labels, per_class):
    """The oracle looks for the places of each class first."""
    places = sorted(place for label in set(labels.tolist()) for place in np.flatnonzero(labels == label)[:per_class])
    rows = [np.float32([[pixel / 16 for pixel in images[place].tolist()]]) for place in places]
    return {"first": rows, "again": len(rows), "lists": True}


def drawn(behaviour, generator, counts, per_class, features=3, *, names=None, top=16):
    """Images of classes of so many images each, in no order, no two of them alike, the largest pixel being `top`."""
    names = generator.permutation(np.arange(10))[: len(counts)] if names is None else names
    labels = generator.permutation(np.repeat(names, counts))
    images = generator.integers(0, top + 1, (len(labels), features)).astype(np.uint8)
    images[:, 0] = np.arange(len(labels)) % (top + 1)
    images[-1, -1] = top
    return Case(behaviour, images, labels.astype(np.int64), per_class)


def cases(generator):
    beyond = [int(generator.integers(0, 10)), *(int(one) for one in 10 + generator.permutation(80)[:2])]
    return [
        drawn("typical", generator, (4, 4, 4), 2),
        drawn("typical", generator, (3, 6), 3, 5),
        drawn("typical", generator, (3, 2, 4), 2, names=beyond),
        drawn("scaled", generator, (3,), 3),
        drawn("scaled", generator, (6,), 5, top=11),
        drawn("scaled", generator, (1,), 1, 6),
        drawn("few", generator, (1, 5, 2), 3),
        drawn("few", generator, (2, 1), 9),
        drawn("few", generator, (2, 2), 0),
        drawn("again", generator, (4, 3), 2),
        drawn("again", generator, (5,), 4),
        drawn("keeps-input", generator, (3, 3), 1),
    ]


EXERCISE = ExerciseSpec(
    title="Examples for the converter",
    response="function",
    name="collected_examples",
    setup='''\
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np


def collected(make):
    """Return a function that calls `make`, and twice what it returns, as a converter may."""

    def collect(images, labels, per_class):
        examples = make(images, labels, per_class)
        first, second = list(examples()), list(examples())
        return {
            "first": [example[0] for example in first],
            "again": len(second),
            "lists": all(isinstance(example, list) and len(example) == 1 for example in first),
        }

    return collect
''',
    hints=(
        "A function with `yield` in it gives a new generator at each call; define it inside and return it uncalled.",
        "`image[None]` has shape (1, features).",
        "A `Counter` says how many of a class have been taken.",
    ),
    criteria=(
        exactly("typical", "The first images of each class, in the order of `images`", points=2, part="first"),
        exactly("scaled", "float32, shape (1, features), pixels from 0 to 1", part="first", dtype=True),
        exactly("few", "Classes with fewer images give all they have", part="first"),
        exactly("again", "A second call gives all examples again", part="again", beside=("typical", "scaled", "few")),
        exactly("lists", "Each example is a list with one array", part="lists", beside=("typical", "scaled")),
        unchanged("keeps-input", "The images that were given are as they were", beside=("typical",)),
    ),
    reference=by_class,
    public=(
        *cases(np.random.default_rng(64)),
        Case("lists", np.uint8([[3, 16], [8, 1]]), np.int64([5, 5]), 2),
    ),
    private=lambda generator: [*cases(generator), drawn("lists", generator, (2, 2), 1)],
)
