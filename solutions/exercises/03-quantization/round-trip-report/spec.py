import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, fact, matching, measured, unchanged
from quizlib.authoring.draws import far_from_ties, shuffled_signs


def reported_by_torch(x, scale, zero_point, quant_min, quant_max):
    real = torch.tensor(np.asarray(x, np.float32))
    x_hat = torch.fake_quantize_per_tensor_affine(real, scale, zero_point, quant_min, quant_max).numpy()
    steps = (x_hat.astype(np.float64) - np.asarray(x, np.float64)) / scale
    position = np.asarray(x, np.float64) / scale + zero_point
    outside = (position < quant_min) | (position > quant_max)
    kept = np.abs(steps[~outside])
    return {
        "x_hat": x_hat,
        "error_steps": float(kept.max()) if kept.size else 0.0,
        "saturated": float(np.mean(outside)),
    }


def fresh_round_trips(generator):
    cases = []
    for behaviour, worst in (("x-hat", 0.47), ("error-steps", 0.47), ("error-steps", -0.47), ("saturated", 0.47)):
        scale, zero_point = float(generator.uniform(0.05, 0.4)), int(generator.integers(1, 5))
        inside = far_from_ties(generator, np.arange(-7, 7) - zero_point, scale)
        at_the_top = np.array([(6.8 - zero_point) * scale], np.float32)
        at_the_end = np.full(2, (-8 - zero_point) * scale * 0.999, np.float32)
        turned = np.array([(3 + worst) * scale], np.float32)  # the largest error, downwards or upwards
        beyond = (generator.uniform(12, 40, 5) * shuffled_signs(generator, 5) * scale).astype(np.float32)
        # Outside, but still rounded to the last code and to the first.
        beside = np.array([(7.49 - zero_point) * scale, (-8.49 - zero_point) * scale], np.float32)
        x = generator.permutation(np.concatenate([inside, at_the_top, at_the_end, turned, beyond, beside]))
        cases.append(Case(behaviour, x, scale, zero_point, -8, 7))
    step = 2.0 ** -int(generator.integers(1, 4))
    halves = ((generator.permutation(np.arange(-6, 6)) + 0.5) * step).astype(np.float32)
    cases.append(Case("x-hat", halves, step, 1, -8, 7))
    wide = far_from_ties(generator, generator.integers(-90, 150, 12), step)
    cases.append(Case("x-hat", wide, step, 100, 0, 255))
    wider = far_from_ties(generator, generator.integers(-390, 690, 12), step)
    cases.append(Case("x-hat", wider, step, 10, -400, 700))
    above = generator.uniform(40, 90, 6).astype(np.float32)
    return [*cases, Case("all-saturated", above, 0.5, 3, -8, 7), Case("all-saturated", -above, 0.5, 0, 0, 15)]


EXERCISE = ExerciseSpec(
    title="The error of a round trip",
    response="function",
    setup="""\
import numpy as np

bell = np.random.default_rng(37).normal(size=1000).astype(np.float32)
""",
    hints=(
        "The grid holds real values from `(quant_min - zero_point) * scale` to `(quant_max - zero_point) * scale`.",
        "Rounding errs by half a step at most, saturation without a bound: keep the two apart with a mask.",
    ),
    criteria=(
        matching("x-hat", "`x_hat`: the values after the round trip, float32", part="x_hat", dtype=True),
        matching(
            "error-steps",
            "`error_steps`: the largest error of a value inside the grid, in steps",
            part="error_steps",
            rtol=1e-3,
        ),
        measured(
            "half-a-step",
            "Inside the grid no error is above half a step",
            fact("largest", part="error_steps", at_most=0.50001),
            beside=("x-hat", "error-steps"),
        ),
        matching("saturated", "`saturated`: the fraction of values outside the grid", part="saturated"),
        matching("all-saturated", "Every value outside: `error_steps` is 0.0, `saturated` 1.0"),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=reported_by_torch,
    public=(
        Case("x-hat", np.array([-3.0, -2.3, 0.2, 0.73, 1.25, 2.0], np.float32), 0.25, 2, -8, 7),
        Case("x-hat", np.array([-7.0, 0.6, -1.3, 2.9, 3.25, 9.0], np.float32), 0.5, 3, 0, 15),
        Case("x-hat", np.array([-0.375, -0.125, 0.125, 0.375, 0.625], np.float32), 0.25, 1, -8, 7),
        Case("x-hat", np.array([-9.26, 0.04, 11.72, 13.97], np.float32), 0.1, 100, 0, 255),  # codes beyond int8
        Case("x-hat", np.array([-9.9, 0.04, 15.52, 27.97], np.float32), 0.1, 20, -100, 300),  # and beyond uint8
        Case("error-steps", np.array([-2.5, 0.61, 0.17, 9.0], np.float32), 0.25, 2, -8, 7),
        Case("error-steps", np.array([-3.2, 4.86, 1.3, 0.52], np.float32), 0.4, 5, 0, 15),
        Case("error-steps", np.array([0.61, 0.17, 1.37], np.float32), 0.25, 2, -8, 7),  # 1.37 rounds to the last code
        Case("error-steps", np.array([0.61, 0.17, -2.62], np.float32), 0.25, 2, -8, 7),
        Case("error-steps", np.array([0.64, 0.17, -1.31], np.float32), 0.25, 2, -8, 7),  # each is rounded upwards
        Case("saturated", np.array([-2.5, 1.25, 0.11, -2.6], np.float32), 0.25, 2, -8, 7),
        Case("saturated", np.array([-2.5, 1.25, 0.11, 1.3, 0.2], np.float32), 0.25, 2, -8, 7),
        Case("saturated", np.array([0.0, 7.5, 3.4, -0.1, 8.1], np.float32), 0.5, 0, 0, 15),
        Case("all-saturated", np.array([5.0, 6.0, -9.0], np.float32), 0.25, 2, -8, 7),
    ),
    private=fresh_round_trips,
)
