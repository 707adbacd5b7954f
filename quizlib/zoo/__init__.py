"""Data and small trained models for the lessons and the grader; each library is loaded when it is first needed.

`quizlib.zoo.quiet.quiet` comes first in a notebook; `quizlib.zoo.train` makes the checkpoints.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizlib.zoo.crepe import Crepe, crepe_architecture, crepe_tiny, pitch, pitch_accuracy
    from quizlib.zoo.digits import Digits, load_digits
    from quizlib.zoo.keras_models import digits_mlp_keras, keras_mlp_architecture
    from quizlib.zoo.registry import build, randomized, rebuild
    from quizlib.zoo.sounds import Tones, tones
    from quizlib.zoo.torch_models import (
        cnn_architecture,
        digits_cnn,
        digits_lstm,
        digits_mlp,
        digits_residual,
        lstm_architecture,
        mlp_architecture,
        residual_architecture,
    )

__all__ = [
    "Crepe",
    "Digits",
    "Tones",
    "build",
    "cnn_architecture",
    "crepe_architecture",
    "crepe_tiny",
    "digits_cnn",
    "digits_lstm",
    "digits_mlp",
    "digits_mlp_keras",
    "digits_residual",
    "keras_mlp_architecture",
    "load_digits",
    "lstm_architecture",
    "mlp_architecture",
    "pitch",
    "pitch_accuracy",
    "randomized",
    "rebuild",
    "residual_architecture",
    "tones",
]

_HOME = {
    "Crepe": "crepe",
    "Digits": "digits",
    "Tones": "sounds",
    "build": "registry",
    "cnn_architecture": "torch_models",
    "crepe_architecture": "crepe",
    "crepe_tiny": "crepe",
    "digits_cnn": "torch_models",
    "digits_lstm": "torch_models",
    "digits_mlp": "torch_models",
    "digits_mlp_keras": "keras_models",
    "digits_residual": "torch_models",
    "keras_mlp_architecture": "keras_models",
    "load_digits": "digits",
    "lstm_architecture": "torch_models",
    "mlp_architecture": "torch_models",
    "pitch": "crepe",
    "pitch_accuracy": "crepe",
    "randomized": "registry",
    "rebuild": "registry",
    "residual_architecture": "torch_models",
    "tones": "sounds",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
