import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged
from quizlib.authoring.draws import far_from_ties, shuffled_signs, strided


def torch_codes(x, scale, zero_point, quant_min=-128, quant_max=127):
    real = torch.tensor(np.asarray(x, np.float32))
    on_grid = torch.fake_quantize_per_tensor_affine(real, scale, zero_point, quant_min, quant_max)
    return np.rint(on_grid.double().numpy() / scale + zero_point).astype(np.int8)


def fresh_reals(generator):
    scale, zero_point = float(generator.uniform(0.02, 0.2)), int(generator.integers(5, 40))
    codes = generator.integers(-90, 80, size=(4, 9))
    halves = generator.permutation(np.arange(-20, 20))[:12] + 0.5
    nearly = 0.005 * shuffled_signs(generator, 12)  # closer to a tie than 16 bits tell
    beyond = generator.uniform(200, 900, 16) * shuffled_signs(generator, 16)
    narrow = generator.uniform(40, 90, 8) * shuffled_signs(generator, 8)  # beyond 5 bits, within 8
    whole = generator.integers(-60, 60, size=(2, 3, 5)) * 0.25
    return [
        Case("typical", far_from_ties(generator, codes, scale), scale, zero_point),
        Case("typical", strided(far_from_ties(generator, codes // 16, scale)), scale, 3, -8, 7),
        Case("typical", ((halves + 60 + nearly) * 0.125).astype(np.float32), 0.125, -zero_point),
        Case("ties", (halves * 0.125).astype(np.float32), 0.125, 2 * zero_point + 1),
        Case("saturates", (beyond * scale).astype(np.float32), scale, zero_point),
        Case("saturates", (beyond * scale).astype(np.float32), scale, -zero_point),
        Case("saturates", (narrow * scale).astype(np.float32), scale, 5 + zero_point % 5, 0, 20),
        Case("saturates", (narrow * scale).astype(np.float32), scale, -1, -8, 7),
        Case("saturates", (beyond * 1e8).astype(np.float32), scale, zero_point),
        Case("shape-and-dtype", whole.astype(np.float32), 0.25, 0),
        Case("shape-and-dtype", np.array(-31.5, np.float32), 0.5, 0),
        Case("shape-and-dtype", np.abs(whole[0]).astype(np.float32), 0.25, 0, 0, 100),
    ]


EXERCISE = ExerciseSpec(
    title="Quantize",
    response="function",
    name="quantize",
    setup="""\
import numpy as np

signal = np.linspace(-2, 2, 9, dtype=np.float32)
""",
    hints=(
        "Four steps in this order: divide, round, add the zero point, clamp; the cast to int8 comes last.",
        "`np.rint` and `np.round` both round half to even.",
    ),
    criteria=(
        exactly("typical", "Rounds to the nearest code and adds the zero point", points=2),
        exactly("ties", "A value halfway between two codes goes to the even multiple"),
        exactly("saturates", "Values beyond the grid stay at its ends"),
        exactly("shape-and-dtype", "Codes are int8, in the shape of `x`", dtype=True),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=torch_codes,
    public=(
        Case("typical", np.array([-1.0, 0.0, 0.3, 0.8, 1.4], np.float32), 0.5, 10),
        Case("typical", strided(np.array([-0.9, 0.2, 0.7], np.float32)), 0.25, 1, -8, 7),
        Case("typical", np.array([12.6875 - 0.001, -9.4375 + 0.001, 11.5625 + 0.001], np.float32), 0.125, 3),
        Case("ties", np.array([0.25, 0.75, 1.25, -0.25, -0.75], np.float32), 0.5, 1),
        Case("saturates", np.array([-100.0, 90.0, 100.0], np.float32), 0.5, 20),
        Case("saturates", np.array([-90.0, 90.0, 5000.0], np.float32), 0.5, -20),
        Case("saturates", np.array([-1e10, 1e10, 40_000.0], np.float32), 0.5, 20),
        Case("saturates", np.array([-6.0, 4.0], np.float32), 0.5, 1, -8, 7),
        Case("saturates", np.array([-6.0, 40.0], np.float32), 0.5, 9, 0, 50),
        Case("shape-and-dtype", np.array([[0.5, -1.0]], np.float32), 0.5, 0),
        Case("shape-and-dtype", np.array(1.5, np.float32), 0.5, 0),
        Case("shape-and-dtype", np.array([[0.5], [4.0]], np.float32), 0.5, 0, 0, 50),
    ),
    private=fresh_reals,
)
