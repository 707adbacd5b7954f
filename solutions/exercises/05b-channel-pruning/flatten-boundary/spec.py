import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, raising, unchanged

FIRST, LAST = "channels-first", "places-first"


def owned_columns(weight, keep, places, layout):
    """The oracle goes over all columns of the result, one by one."""
    columns = weight.shape[1]
    if layout not in (FIRST, LAST) or columns % places:
        raise ValueError("no such layout, or places that do not divide the columns")
    channels = columns // places
    if layout == FIRST:
        taken = [channel * places + place for channel in keep for place in range(places)]
    else:
        taken = [place * channels + channel for place in range(places) for channel in keep]
    return weight[:, taken].copy()


def _weight(generator, outputs, columns):
    return generator.normal(size=(outputs, columns)).astype(np.float32)


def _keep(generator, channels, count, *, ascending=True):
    keep = generator.choice(channels, count, replace=False)
    if ascending:
        return sorted(keep.tolist())
    keep = np.sort(keep)[::-1]
    return [*keep[1:].tolist(), int(keep[0])]


def drawn_layers(generator):
    return [
        Case("channels-first", _weight(generator, 3, 30), _keep(generator, 5, 3), 6, FIRST),
        Case("channels-first", _weight(generator, 2, 28), _keep(generator, 7, 4), 4, FIRST),
        Case("places-first", _weight(generator, 3, 30), _keep(generator, 5, 3), 6, LAST),
        Case("places-first", _weight(generator, 2, 28), _keep(generator, 7, 4), 4, LAST),
        Case("any-order", _weight(generator, 2, 18), _keep(generator, 6, 4, ascending=False), 3, FIRST),
        Case("any-order", _weight(generator, 2, 20), _keep(generator, 5, 4, ascending=False), 4, LAST),
        Case("ends", _weight(generator, 4, 6), _keep(generator, 6, 4), 1, FIRST),
        Case("ends", _weight(generator, 1, 6), [0], 6, LAST),
        Case("ends", _weight(generator, 3, 8), _keep(generator, 4, 1), 2, LAST),
        Case("refuses", _weight(generator, 2, 10), [0, 1], 3, FIRST),
        Case("refuses", _weight(generator, 2, 10), [0, 1], 4, LAST),
        Case("refuses", _weight(generator, 2, 10), [0, 1], 5, "channels-last"),
    ]


_WEIGHT = np.arange(24, dtype=np.float32).reshape(2, 12)
_OTHER = 0.5 - _WEIGHT[::-1]

EXERCISE = ExerciseSpec(
    title="The columns behind a flatten",
    response="function",
    setup="""\
import numpy as np

columns = np.arange(6, dtype=np.float32)[None]
""",
    hints=(
        "With how many channels does the weight begin?",
        "A reshape to three axes, (outputs, channels, places) or (outputs, places, channels), lets you take channels.",
    ),
    criteria=(
        exactly("channels-first", "Channels first: the right columns", points=3, dtype=True),
        exactly("places-first", "Places first: the right columns", points=3, dtype=True),
        exactly("any-order", "Channels come in the order of `keep`"),
        exactly("ends", "One place, one channel, one that stays"),
        raising("refuses", "Refuses unknown layouts and places that do not divide", "ValueError"),
        unchanged("keeps-input", "Leaves `weight` and `keep` as given", beside=("channels-first", "places-first")),
    ),
    reference=owned_columns,
    public=(
        Case("channels-first", _WEIGHT, [1, 3], 3, FIRST),
        Case("channels-first", _OTHER, [0, 2, 5], 2, FIRST),
        Case("places-first", _WEIGHT, [1, 3], 3, LAST),
        Case("places-first", _OTHER, [0, 2, 5], 2, LAST),
        Case("any-order", _WEIGHT, [4, 2, 0, 5], 2, FIRST),
        Case("any-order", _OTHER, [2, 0, 3], 3, LAST),
        Case("ends", _WEIGHT, [0, 7, 11], 1, FIRST),
        Case("ends", _OTHER, [0], 12, LAST),
        Case("ends", _WEIGHT, [2], 3, LAST),
        Case("refuses", _WEIGHT, [0, 1], 5, FIRST),
        Case("refuses", _WEIGHT, [0, 1], 7, LAST),
        Case("refuses", _WEIGHT, [0, 1], 3, "channels-last"),
    ),
    private=drawn_layers,
)
