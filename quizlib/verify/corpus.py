"""What the attempts at an exercise must show, so that they prove its grader and its feedback."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quizlib.authoring.attempts import Attempt
from quizlib.authoring.spec import ExerciseSpec

MIN_MISCONCEPTIONS = 3
MIN_SECOND_VARIANTS = 3
MIN_RIGHT = 2


def corpus_problems(spec: ExerciseSpec, attempts: Sequence[Attempt]) -> list[str]:
    """Return what the attempts lack: misconceptions, variants, decoys, right ones, a failure of each criterion."""
    told = [symptom.id for symptom in spec.misconceptions]
    firsts, seconds = (_shown(attempts, variant) for variant in (1, 2))
    decoyed = {attempt.misconception for attempt in attempts if attempt.kind == "decoy"}
    right = sum(attempt.is_right for attempt in attempts)
    lost = {name for attempt in attempts if attempt.is_wrong for name in attempt.loses}
    checks = [
        (len(told) < MIN_MISCONCEPTIONS, f"has {len(told)} misconceptions; at least {MIN_MISCONCEPTIONS} are asked."),
        (
            len(seconds) < MIN_SECOND_VARIANTS,
            f"has a second variant of {len(seconds)} misconceptions; at least {MIN_SECOND_VARIANTS} are asked.",
        ),
        (right < MIN_RIGHT, f"has fewer than {MIN_RIGHT} right attempts."),
    ]
    lacks = {
        "has misconceptions that no wrong attempt shows as variant 1": set(told) - firsts,
        "has symptoms without a decoy": {symptom.id for symptom in spec.misconceptions if symptom.conditions} - decoyed,
        "has criteria that no wrong attempt fails": {criterion.id for criterion in spec.criteria} - lost,
    }
    problems = [sentence for is_lacking, sentence in checks if is_lacking]
    return problems + [f"{what}: {_listed(names)}." for what, names in lacks.items() if names]


def _shown(attempts: Iterable[Attempt], variant: int) -> set[str | None]:
    return {attempt.misconception for attempt in attempts if attempt.is_wrong and attempt.variant == variant}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
