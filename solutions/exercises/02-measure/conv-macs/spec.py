from quizlib.authoring import Case, ExerciseSpec, exactly

from ..common import counted_conv


def drawn_convs(generator):
    inputs, outputs = (4 * int(part) for part in generator.integers(1, 9, 2))
    height, width = (6 * int(part) for part in generator.integers(3, 7, 2))
    size = (height + 2, width + 4)  # the places of a stride of 2 come out even, of those of a stride of 3 two are over
    return [
        Case("typical", inputs, outputs, (3, 3), size, padding=1),
        Case("output-size", inputs, outputs, (3, 3), size, stride=2),
        Case("output-size", inputs, outputs, (5, 3), size, stride=2, padding=4),
        Case("output-size", inputs, outputs, (3, 2), size, stride=3, padding=1),
        Case("dilation", inputs, outputs, (3, 3), size, padding=1, dilation=int(generator.integers(2, 4))),
        Case("dilation", inputs, outputs, (2, 5), size, padding=1, dilation=3),
        Case("groups", inputs, outputs, (3, 3), size, padding=1, groups=int(generator.choice([2, 4]))),
        Case("groups", inputs, inputs, (3, 3), size, padding=1, groups=inputs),
    ]


EXERCISE = ExerciseSpec(
    title="Operations of a convolution",
    response="function",
    name="conv2d_macs",
    setup="""\
import torch

image_size = (8, 8)
""",
    hints=(
        "How many numbers come out, and how many products does each of them take?",
        "On each axis: `(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1` positions.",
        "An output channel sees `in_channels // groups` input channels.",
    ),
    criteria=(
        exactly("typical", "A padded convolution that keeps the size"),
        exactly("output-size", "Stride and padding change the output size", points=2),
        exactly("dilation", "A dilated kernel fits in fewer places"),
        exactly("groups", "Groups and depthwise convolutions", points=2),
    ),
    reference=counted_conv,
    public=(
        Case("typical", 1, 16, (3, 3), (8, 8), padding=1),
        Case("output-size", 2, 4, (3, 3), (5, 5)),
        Case("output-size", 3, 8, (3, 3), (8, 8), stride=2),
        Case("output-size", 2, 4, (1, 5), (6, 8), padding=2),
        Case("output-size", 2, 3, (3, 2), (9, 7), stride=3, padding=1),
        Case("dilation", 2, 4, (3, 3), (8, 8), dilation=2),
        Case("dilation", 3, 2, (2, 3), (7, 9), padding=1, dilation=3),
        Case("groups", 8, 16, (3, 3), (4, 4), padding=1, groups=4),
        Case("groups", 6, 6, (3, 3), (4, 5), padding=1, groups=6),
    ),
    private=drawn_convs,
)
