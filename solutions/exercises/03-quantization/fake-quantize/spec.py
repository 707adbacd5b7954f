import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged

from ..common import far_from_ties, shuffled_signs


def torch_fake_quantize(x, scale, zero_point, quant_min, quant_max):
    return torch.fake_quantize_per_tensor_affine(x, scale, zero_point, quant_min, quant_max)


def fresh_tensors(generator):
    scale, zero_point = float(generator.uniform(0.05, 0.3)), int(generator.integers(1, 4))
    codes = generator.integers(-12, 11, size=(3, 8))
    codes[0, :2] = -11, 10  # the largest of either sign
    halves = generator.permutation(np.arange(-6, 6))[:8] + 0.5
    beyond = generator.uniform(30, 90, 10) * shuffled_signs(generator, 10)
    whole = torch.tensor(generator.integers(-7, 7, (2, 3, 2)) * 0.25, dtype=torch.float32)
    return [
        Case("typical", torch.tensor(far_from_ties(generator, codes, scale)), scale, zero_point, -16, 15),
        Case("typical", torch.tensor(far_from_ties(generator, codes, scale)).T, scale, zero_point + 14, 0, 31),
        Case("typical", torch.tensor(far_from_ties(generator, 18 * abs(codes), scale)), scale, zero_point, 0, 255),
        Case("ties", torch.tensor(halves * 0.5, dtype=torch.float32), 0.5, zero_point, -16, 15),
        Case("saturates", torch.tensor(beyond * scale, dtype=torch.float32), scale, zero_point, -8, 7),
        Case("saturates", torch.tensor(beyond * scale, dtype=torch.float32), scale, 7 + zero_point, 0, 15),
        Case("shape-and-dtype", whole, 0.25, 0, -8, 7),
    ]


EXERCISE = ExerciseSpec(
    revision=2,  # grids of 8 bits without a sign
    title="Fake-quantize a tensor",
    response="function",
    setup="""\
import torch

ramp = torch.arange(-3, 4) / 3
""",
    hints=(
        "Quantize and dequantize in one go; the codes may stay floats in between, since nothing is stored.",
        "`torch.round` rounds half to even, `Tensor.clamp` keeps the ends.",
    ),
    criteria=(
        matching("typical", "Each value moves to the nearest point of the grid", points=2),
        matching("ties", "Halves go to the even multiple"),
        matching("saturates", "Values beyond the grid move to its ends"),
        matching(
            "shape-and-dtype",
            "A float32 tensor in the shape of `x`; a value on the grid stays where it is",
            dtype=True,
            library=True,
        ),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=torch_fake_quantize,
    public=(
        Case("typical", torch.tensor([-1.0, 0.1, 0.3, 0.85]), 0.25, 2, -8, 7),
        Case("typical", torch.tensor([[-0.9, 0.2], [0.7, 1.4]]), 0.5, 5, 0, 15),
        Case("typical", torch.tensor([-5.1, 0.2, 100.2]), 0.5, 20, 0, 255),
        Case("ties", torch.tensor([0.25, 0.75, 1.25, -0.25, -0.75]), 0.5, 1, -8, 7),
        Case("saturates", torch.tensor([-9.0, 3.0, 9.0]), 0.5, 2, -8, 7),
        Case("saturates", torch.tensor([-4.5, 3.0, 9.0]), 0.5, 5, 0, 15),
        Case("shape-and-dtype", torch.tensor([[0.5, -1.0]]), 0.5, 0, -8, 7),
    ),
    private=fresh_tensors,
)
