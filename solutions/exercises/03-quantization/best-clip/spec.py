import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def clip_errors(x, bits, clips):
    largest = 2 ** (bits - 1) - 1
    real = torch.tensor(np.asarray(x, np.float32)).double()
    grids = [torch.fake_quantize_per_tensor_affine(real, clip / largest, 0, -largest, largest) for clip in clips]
    return [float(((grid - real) ** 2).mean()) for grid in grids]


def torch_best_clip(x, bits, clips):
    errors = clip_errors(x, bits, clips)
    return float(clips[errors.index(min(errors))]), min(errors)


def clear_winner(generator, draw, bits, place):
    """Return values and clips among which the best one, at `place`, is at least a tenth better than the next."""
    while True:
        x = draw()
        peak = float(np.abs(x).max())
        clips = [float(share * peak) for share in generator.permutation([0.1, 0.2, 0.35, 0.6, 1.0])]
        errors = clip_errors(x, bits, clips)
        first, second = sorted(errors)[:2]
        clips.insert(place, clips.pop(errors.index(first)))
        if second > 1.1 * first:
            return Case("", x, bits, clips)


def fresh_tails(generator):
    def tailed():
        x = generator.normal(size=400)
        x[:4] = generator.uniform(5, 9, 4) * [1, -1, 1, -1]  # far out on either side
        return x.astype(np.float32)

    def loud():
        return 40 * tailed()

    def flat():
        return generator.uniform(-2, 2, size=(20, 20)).astype(np.float32)

    drawn = [
        ("outliers", clear_winner(generator, tailed, 4, 4)),
        ("outliers", clear_winner(generator, loud, 3, 0)),
        ("no-outliers", clear_winner(generator, flat, 4, 2)),
    ]
    zeros = Case("equal-errors", np.zeros(8, np.float32), 4, [float(c) for c in generator.uniform(1, 5, 4)])
    return [*(Case(behaviour, *case.arguments) for behaviour, case in drawn), zeros]


TAILED = np.append(np.random.default_rng(5).normal(size=120), [7.5, -9.0]).astype(np.float32)

EXERCISE = ExerciseSpec(
    title="Where to clip",
    response="function",
    setup="""\
import numpy as np
from quizlib import measures

tailed = np.random.default_rng(313).standard_t(3, 2000).astype(np.float32)
""",
    hints=(
        "A clip of `c` means a scale of `c / (2**(bits - 1) - 1)`; values beyond are clamped.",
        "Two errors add up: a small clip saturates much, a large one rounds coarsely. Mean squares hold both.",
    ),
    criteria=(
        matching("outliers", "Heavy tails: the clip and its mean squared error, where that is least", points=2),
        matching("no-outliers", "No tails: keeps the whole range"),
        matching("equal-errors", "Of equal errors, the first clip in the list"),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=torch_best_clip,
    public=(
        Case("outliers", TAILED, 4, [6.0, 9.0, 3.0, 1.0]),
        Case("outliers", 40 * TAILED, 3, [88.0, 20.0, 360.0, 200.0]),  # no error is below 1
        Case("outliers", TAILED[10:], 5, [1.2, 2.0, 9.0, 0.6, 4.1]),
        Case("no-outliers", np.linspace(-1, 1, 41, dtype=np.float32) * 0.99, 4, [0.5, 0.8, 1.0, 2.5]),
        Case("no-outliers", np.linspace(-0.9, 1, 42, dtype=np.float32).reshape(6, 7), 3, [0.4, 2.2, 1.0]),
        Case("equal-errors", np.zeros(4, np.float32), 4, [2.0, 1.0, 3.0]),
    ),
    private=fresh_tails,
)
