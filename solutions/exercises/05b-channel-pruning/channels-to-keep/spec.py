import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def counted_channels(weight, share, norm, multiple):
    """The oracle removes one channel after the other, from a list of pairs of score and place."""
    scored = [
        (sum(abs(float(number)) ** norm for number in channel.ravel()), place) for place, channel in enumerate(weight)
    ]
    stay = max(len(scored) - round(share * len(scored)), 1)
    while stay % multiple and stay < len(scored):
        stay += 1
    left = sorted(scored)[len(scored) - stay :]
    return sorted(place for _, place in left)


def _drawn(generator, *shape, alike=0):
    """Return channels whose L1 and L2 norms lie apart, and rank otherwise than each other.

    The `alike` smallest are the same by either norm, so that a case which asks about their number asks that alone.
    """
    while True:
        size = int(np.prod(shape[1:]))
        flat = generator.permutation(np.linspace(0.4, 3, shape[0]))[:, None] * generator.uniform(
            0.2, 1, (shape[0], size)
        )
        spiky = generator.permutation(shape[0])[: shape[0] // 2]
        flat[spiky, 0] *= 4
        flat *= generator.choice([-1.0, 1.0], flat.shape)
        weight = flat.astype(np.float32).reshape(shape)
        norms = [np.linalg.norm(flat, norm, axis=1) for norm in (1, 2)]
        apart = all((np.diff(np.sort(one)) > 1e-3).all() for one in norms)
        half, least = ([set(np.argsort(one)[:count]) for one in norms] for count in (shape[0] // 2, alike))
        if apart and half[0] != half[1] and least[0] == least[1]:
            return weight


def _tied(generator, pattern, width):
    """Return channels that hold the same whole numbers, times the entries of `pattern`, in any order and sign."""
    numbers = generator.choice(np.arange(1, 12), width, replace=False)
    rows = [generator.permutation(numbers) * factor * generator.choice([-1, 1], width) for factor in pattern]
    return np.array(rows, np.float32)


def drawn_weights(generator):
    return [
        Case("l1", _drawn(generator, 8, 5, 3), 0.5, 1, 1),
        Case("l1", _drawn(generator, 10, 4), 0.5, 1, 1),
        Case("l2", _drawn(generator, 8, 2, 3, 3), 0.5, 2, 1),
        Case("l2", _drawn(generator, 10, 7), 0.5, 2, 1),
        Case("ties", _tied(generator, [2, 1, 2, 1, 1], 3), 0.4, 1, 1),
        Case("ties", _tied(generator, [1, 2, 2, 1, 2, 2], 4), 0.5, 2, 1),
        Case("ties", _tied(generator, [2, 1, 1] * 8, 3), 0.5, 1, 1),
        Case("multiple", _drawn(generator, 13, 5), 0.4, 1, 4),
        Case("multiple", _drawn(generator, 14, 3, alike=2), 0.18, 2, 4),
        Case("multiple", _drawn(generator, 10, 3, 2), 0.1, 2, 4),
        Case("ends", _drawn(generator, 6, 3), 0.0, 1, 1),
        Case("ends", _drawn(generator, 6, 3), 1.0, 2, 1),
        Case("ends", _drawn(generator, 9, 3), 1.0, 1, 4),
        Case("ends", _drawn(generator, 5, 4), 0.5, 2, 1),
        Case("ends", _drawn(generator, 7, 4), 0.5, 2, 1),
        Case("ends", generator.uniform(0.5, 2, (1, 3)).astype(np.float32), 0.9, 2, 4),
    ]


_PLAIN = np.array([[3, 0, 0], [-2, 2, 0.5], [1, 1, -1.5], [0, -4, 0], [-0.5, 0, 0.25], [1.75, 2, -2]], np.float32)

EXERCISE = ExerciseSpec(
    title="Which channels stay",
    response="function",
    setup="""\
import numpy as np

weight = np.array([[3, 0, 0], [-2, 2, 0.5], [1, 1, -1.5], [0, -4, 0], [-0.5, 0, 0.25]], np.float32)
""",
    hints=(
        "`weight.reshape(len(weight), -1)` has a row for each output channel, whatever the axes of the kernel.",
        "A stable `argsort` of the scores gives the order in which channels go; what stays is sorted by place again.",
        "`-(-stay // multiple) * multiple` rounds up to a multiple.",
    ),
    criteria=(
        exactly("l1", "The channels of the largest L1 norms stay", points=2),
        exactly("l2", "The channels of the largest L2 norms stay"),
        exactly("ties", "Of equal norms those go first that stand first"),
        exactly("multiple", "Their number is rounded up to a multiple, and never beyond all"),
        exactly("ends", "Nothing goes, all but one go, and halves are rounded"),
        unchanged("keeps-input", "Leaves `weight` as given", beside=("l1", "l2")),
    ),
    reference=counted_channels,
    public=(
        Case("l1", _PLAIN, 0.5, 1, 1),
        Case("l1", _PLAIN.reshape(6, 1, 3) * np.array([[[1], [-2]]], np.float32), 0.34, 1, 1),
        Case("l2", _PLAIN, 0.5, 2, 1),
        Case("l2", _PLAIN.reshape(6, 3, 1, 1), 0.34, 2, 1),
        Case("ties", np.array([[4, -2], [1, 2], [-4, 2], [2, -1], [-1, 2]], np.float32), 0.4, 1, 1),
        Case("ties", np.array([[1, -3], [6, 2], [-2, 6], [3, 1], [6, -2], [2, 6]], np.float32), 0.5, 2, 1),
        Case("ties", np.resize(np.array([[4, 1], [1, 2], [-2, 1]], np.float32), (27, 2)), 0.5, 1, 1),
        Case("multiple", np.vstack([_PLAIN, -1.45 * _PLAIN, _PLAIN[:1] * 3]), 0.4, 1, 4),
        Case("multiple", np.vstack([_PLAIN, 2 * _PLAIN[::-1]]), 0.2, 2, 4),
        Case("multiple", _PLAIN, 0.1, 2, 4),
        Case("ends", _PLAIN, 0.0, 1, 1),
        Case("ends", _PLAIN, 1.0, 2, 1),
        Case("ends", _PLAIN, 1.0, 1, 4),
        Case("ends", _PLAIN[:5], 0.5, 2, 1),
        Case("ends", np.vstack([_PLAIN, 5 * _PLAIN[:1]]), 0.5, 2, 1),
        Case("ends", _PLAIN[1:2], 0.9, 2, 4),
    ),
    private=drawn_weights,
)
