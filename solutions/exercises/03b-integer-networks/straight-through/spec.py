import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged
from quizlib.authoring.draws import far_from_ties, shuffled_signs


def torch_straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.detach().clone().requires_grad_()
    x_hat = torch.fake_quantize_per_tensor_affine(leaf, scale, zero_point, quant_min, quant_max)
    x_hat.backward(upstream)
    return x_hat.detach(), leaf.grad


def fresh_gradients(generator):
    scale, zero_point = float(generator.uniform(0.1, 0.4)), int(generator.integers(1, 4))

    def halves(behaviour):
        codes = torch.tensor(generator.permutation(np.arange(-11, 11)) + 0.5, dtype=torch.float32)
        step, upstream = 2.0 ** -int(generator.integers(1, 4)), torch.tensor(generator.normal(size=22))
        return Case(behaviour, codes * step, step, 1, -8, 7, upstream.float())

    def unsigned(behaviour):
        codes = np.array(
            [*generator.integers(1, 11, 8), *generator.integers(-9, -1, 4), *generator.integers(13, 20, 4)]
        )
        x = torch.tensor(far_from_ties(generator, codes - zero_point, scale))
        return Case(behaviour, x, scale, zero_point, 0, 11, torch.tensor(generator.normal(size=16)).float())

    def case(behaviour, codes):
        upstream = torch.tensor(generator.normal(size=np.shape(codes)), dtype=torch.float32)
        x = torch.tensor(far_from_ties(generator, np.asarray(codes) - zero_point, scale))
        return Case(behaviour, x, scale, zero_point, -8, 7, upstream)

    beyond = generator.integers(14, 40, 8) * shuffled_signs(generator, 8)
    far = 256 * generator.integers(2, 40, 8) * shuffled_signs(generator, 8) + generator.integers(-6, 7, 8)
    ends = np.array([-8, 7, -9, 8, 7, -8])
    beside = np.array([0.3, 0.3, 0.3, 0.3, -0.3, -0.3])  # on either side of the end codes
    close = (ends - zero_point + beside * np.sign(ends)) * scale
    edge = Case(
        "at-the-ends",
        torch.tensor(close, dtype=torch.float32),
        scale,
        zero_point,
        -8,
        7,
        torch.tensor(generator.normal(size=6), dtype=torch.float32),
    )
    return [
        case("x-hat", generator.integers(-12, 12, (4, 5))),
        halves("x-hat"),
        case("inside", generator.integers(-7, 7, (3, 6))),
        case("inside", generator.integers(-7, 7, 9)),
        case("outside", beyond),
        case("outside", far),
        case("x-hat", far),
        unsigned("outside"),
        edge,
        halves("at-the-ends"),
    ]


EXERCISE = ExerciseSpec(
    title="The straight-through estimator",
    response="function",
    setup="""\
import torch

x = torch.linspace(-1.5, 1.5, 7)
upstream = torch.ones(7)
""",
    hints=(
        "Rounding is flat almost everywhere: its true gradient is 0, and nothing would learn. The estimator says 1.",
        "The clamp keeps its true gradient: 1 where the rounded code lies within the range, 0 where it was cut off.",
        "Multiply by `upstream`: the chain rule.",
    ),
    criteria=(
        matching("x-hat", "`x_hat` is the fake-quantized `x`, a float32 tensor", part=0, dtype=True, library=True),
        matching(
            "inside",
            "Within the range the gradient passes unchanged, a float32 tensor",
            points=2,
            part=1,
            dtype=True,
            library=True,
        ),
        matching("outside", "Where codes were cut off the gradient is 0", part=1),
        matching("at-the-ends", "What rounds to the first or last code is within the range", part=1),
        unchanged("keeps-input", "Leaves `x` and `upstream` as given"),
    ),
    reference=torch_straight_through,
    public=(
        Case("x-hat", torch.tensor([-0.9, 0.2, 3.0]), 0.25, 1, -8, 7, torch.tensor([1.0, 2.0, 3.0])),
        Case("x-hat", torch.tensor([-2.5, 0.9, 2.2, 9.0]), 0.5, 3, 0, 11, torch.tensor([1.0, 2.0, 3.0, 4.0])),
        Case("x-hat", torch.tensor([-9.0, 0.25, 0.75, -0.25, -0.75]), 0.5, 1, -8, 7, torch.ones(5)),
        Case("inside", torch.tensor([-0.9, 0.2, 0.7]), 0.25, 1, -8, 7, torch.tensor([0.5, -2.0, 3.0])),
        Case("outside", torch.tensor([-9.0, 9.0, 0.3]), 0.25, 1, -8, 7, torch.tensor([0.5, -2.0, 3.0])),
        Case("outside", torch.tensor([-2.5, 0.9, 2.2, 9.0]), 0.5, 3, 0, 11, torch.tensor([1.0, 2.0, 3.0, 4.0])),
        # 258 and −511 steps, which 8 bits would take for 2 and 1.
        *(
            Case(behaviour, torch.tensor([64.5, -127.75]), 0.25, 1, -8, 7, torch.tensor([0.5, -2.0]))
            for behaviour in ("x-hat", "outside")
        ),
        Case(
            "at-the-ends",
            torch.tensor([-2.2, 1.43, -2.375, 1.625, -2.125]),  # within half a step, and halfway, of the end codes
            0.25,
            1,
            -8,
            7,
            torch.tensor([0.5, -2.0, 3.0, 4.0, 1.5]),
        ),
        Case(
            "at-the-ends", torch.tensor([-2.33, 1.57, -2.5, 1.7]), 0.25, 1, -8, 7, torch.tensor([0.5, -2.0, 3.0, 4.0])
        ),
    ),
    private=fresh_gradients,
)
