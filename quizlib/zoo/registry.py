"""Models by name, for a grader: trained, randomized by a seed, or rebuilt from arrays that somebody else computed."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from quizlib.errors import ArgumentError
from quizlib.zoo.arrays import Array, read_checkpoint
from quizlib.zoo.pretrained import weights_file
from quizlib.zoo.randomize import randomized_arrays

_CHECKPOINT_OF = {
    "crepe_tiny": "crepe_tiny",
    "digits_cnn": "digits_cnn",
    "digits_lstm": "digits_lstm",
    "digits_mlp": "digits_mlp",
    "digits_mlp_keras": "digits_mlp",
    "digits_residual": "digits_residual",
}

_PRETRAINED = {"crepe_tiny": "crepe-tiny"}
"""Models whose weights are not shipped, and what `quizlib models` calls these."""

KEPT_MODELS = 16
"""Models of which `moved_arrays` keeps the arrays: 2 MB each at most."""


def build(name: str) -> object:
    """Return the trained model `name`.

    Args:
        name: "digits_cnn", "digits_lstm", "digits_mlp", "digits_residual" or the pretrained "crepe_tiny"
            (`torch.nn.Module`), or "digits_mlp_keras" (`tf_keras.Sequential`).

    Raises:
        ArgumentError: There is no model `name`; it lists those there are.
        MissingWeightsError: The weights of a pretrained one have not been fetched; it says the command.

    >>> type(build("digits_mlp")).__name__
    'Sequential'
    >>> build("resnet")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    quizlib.errors.ArgumentError: there is no model 'resnet'; pass one of crepe_tiny, digits_cnn, digits_lstm, ...
    """
    return _with_torch_arrays(name, _trained_arrays(_checkpoint_of(name)))


def randomized(name: str, seed: int) -> object:
    """Return the architecture `name` with the trained weights moved by a seed, for probes that nobody has seen.

    Hidden units change places and every real value takes noise, so that no mask or table of codes made for the trained
    model fits, and no two magnitudes are equal; accuracy falls by a few points at most.
    The same seed gives "digits_mlp" and "digits_mlp_keras" the same function.

    Args:
        name: As for `build`.
        seed: 0 or more.

    Raises:
        ArgumentError: There is no model `name`, or `seed` is not an integer >= 0.
        MissingWeightsError: The weights of a pretrained one have not been fetched; it says the command.

    >>> a, b = randomized("digits_mlp", 1), randomized("digits_mlp", 2)
    >>> bool((a.hidden1.weight == b.hidden1.weight).any())
    False
    """
    return _with_torch_arrays(name, moved_arrays(name, seed))


@lru_cache(maxsize=KEPT_MODELS)
def moved_arrays(name: str, seed: int) -> Mapping[str, Array]:
    """Return the arrays of `randomized`, by PyTorch name, read-only and kept: one model is asked for many times.

    Raises:
        ArgumentError, MissingWeightsError: as for `randomized`.

    >>> moved_arrays("digits_mlp", 1)["output.bias"].flags.writeable
    False
    """
    checkpoint = _checkpoint_of(name)
    arrays = randomized_arrays(checkpoint, _trained_arrays(checkpoint), seed)
    for array in arrays.values():
        array.setflags(write=False)
    return MappingProxyType(arrays)


def rebuild(name: str, arrays: Mapping[str, Array]) -> object:
    """Return the architecture `name` holding `arrays`.

    Args:
        name: As for `build`.
        arrays: One per parameter and buffer, named as by `torch_models.arrays_of` or `keras_models.keras_arrays_of`.

    Raises:
        ArgumentError: There is no model `name`; or a name is missing or unexpected, or a dtype differs.
        ShapeError: A shape differs.

    >>> from quizlib.zoo.arrays import read_checkpoint
    >>> zeros = {name: array * 0 for name, array in read_checkpoint("digits_mlp").items()}
    >>> bool(rebuild("digits_mlp", zeros).output.bias.any())
    False
    """
    _checkpoint_of(name)
    if name == "digits_mlp_keras":
        from quizlib.zoo import keras_models  # each library is loaded only for its own models

        return keras_models.load_keras_arrays(keras_models.keras_mlp_architecture(), arrays)
    from quizlib.zoo import torch_models

    if name == "crepe_tiny":
        from quizlib.zoo.crepe import crepe_architecture

        return torch_models.load_arrays(crepe_architecture(), arrays)
    return torch_models.load_arrays(torch_models.ARCHITECTURES[name](), arrays)


def require_weights(name: str) -> None:
    """Raise if `name` is a pretrained model whose weights have not been fetched to this machine.

    Raises:
        MissingWeightsError: It is; it says the command.

    >>> require_weights("digits_mlp")
    """
    if name in _PRETRAINED:
        weights_file(_PRETRAINED[name])


def _trained_arrays(checkpoint: str) -> dict[str, Array]:
    """Return the arrays of a checkpoint that is shipped, or of a pretrained network on this machine."""
    if checkpoint not in _PRETRAINED:
        return read_checkpoint(checkpoint)
    from quizlib.zoo.crepe import crepe_tiny
    from quizlib.zoo.torch_models import arrays_of

    return arrays_of(crepe_tiny())


def _checkpoint_of(name: str) -> str:
    if name not in _CHECKPOINT_OF:
        raise ArgumentError(f"there is no model {name!r}; pass one of {', '.join(_CHECKPOINT_OF)}")
    return _CHECKPOINT_OF[name]


def _with_torch_arrays(name: str, arrays: Mapping[str, Array]) -> object:
    """Rebuild from arrays under PyTorch's names, whichever library the model belongs to."""
    if name == "digits_mlp_keras":
        from quizlib.zoo.keras_models import to_keras_arrays

        arrays = to_keras_arrays(arrays)
    return rebuild(name, arrays)
