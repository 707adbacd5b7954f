from functools import partial

from torch.nn.functional import conv2d

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged

from ..common import counted_flops


def built_and_counted(widths, sizes, kernel, removed):
    """The oracle builds the convolutions of both models without data, and counts them."""
    kept = [widths[0], *(width - gone for width, gone in zip(widths[1:], removed, strict=True))]

    def stack(channels):
        padded = partial(conv2d, padding=kernel // 2)
        return [
            counted_flops(padded, (1, before, size, size), (after, before, kernel, kernel)) // 2
            for before, after, size in zip(channels, channels[1:], sizes, strict=False)
        ]

    masked, slim = stack(widths), stack(kept)
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}


def drawn_stacks(generator):
    def drawn(behaviour, *, even):
        widths = [int(generator.choice([1, 3])), *(8 * int(width) for width in generator.integers(2, 8, 3))]
        sizes = [int(size) for size in generator.choice([4, 6, 8, 12], 3)]
        gone = [width // 2 for width in widths[1:3]]
        if not even:
            gone = [widths[1] // 8, 3 * widths[2] // 4]
        return Case(behaviour, widths, sizes, int(generator.choice([1, 3, 5])), [*gone, 0])

    behaviours = {"masked": True, "half": True, "uneven": False, "share": False}
    return [*(drawn(behaviour, even=even) for behaviour, even in behaviours.items()), *_edges(generator)]


def _edges(generator):
    """The last layer loses channels, too; a single layer does; and none does."""
    first, second, third = (int(width) for width in generator.integers(9, 40, 3))
    size, gone = int(generator.integers(3, 12)), int(generator.integers(1, 7))
    return [
        Case("uneven", [3, first, second, third], [size + 2, size, size], 3, [gone, 0, gone + 1 - gone % 2]),
        Case("uneven", [first, second], [size], 5, [gone]),
        Case("share", [first, second, third], [size, size + 1], 3, [0, gone]),
        Case("masked", [first, second, third], [size, size + 1], 1, [0, 0]),
    ]


EXERCISE = ExerciseSpec(
    title="Masked channels and removed ones",
    response="function",
    setup="""\
# Three convolutions of kernel 3, on images of 8 x 8, 8 x 8 and 4 x 4; half the hidden channels go.
widths, sizes, kernel, removed = [3, 16, 32, 64], [8, 8, 4], 3, [8, 16, 0]
""",
    hints=(
        "A channel that is removed from one layer's output is missing from the next layer's input.",
        "A layer takes `inputs * outputs * size**2 * kernel**2` MACs.",
    ),
    criteria=(
        # Whole numbers; a quotient that was multiplied back may miss one by the width of a float.
        matching("masked", "`masked`: as many as before", part="masked", rtol=0, atol=0.01),
        matching("half", "`removed`: half the hidden channels gone", points=2, part="removed", rtol=0, atol=0.01),
        matching("uneven", "`removed`: another share in each layer", part="removed", rtol=0, atol=0.01),
        matching("share", "`share`: what is left of all MACs", part="share"),
        unchanged("keeps-input", "The lists are as they were"),
    ),
    reference=built_and_counted,
    public=(
        Case("masked", [1, 8, 16, 10], [8, 4, 2], 3, [4, 8, 0]),
        Case("half", [1, 4, 2], [2, 2], 1, [2, 0]),
        Case("half", [1, 8, 16, 10], [8, 4, 2], 3, [4, 8, 0]),
        Case("uneven", [3, 8, 12, 4], [4, 4, 4], 1, [2, 9, 0]),
        Case("uneven", [3, 8, 7, 5], [6, 4, 4], 3, [1, 0, 2]),
        Case("uneven", [7, 9], [5], 5, [2]),
        Case("share", [3, 16, 32, 8], [8, 4, 4], 3, [4, 24, 0]),
        Case("share", [5, 8, 9], [4, 3], 3, [0, 2]),
        Case("masked", [5, 8, 9], [4, 3], 1, [0, 0]),
    ),
    private=drawn_stacks,
)
