"""Tell whether a response used up what its setup gave it: a model in place of a copy of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from quizlib.evidence.encode import encode
from quizlib.evidence.failures import CAUGHT
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import Plain, TorchModel, walk


def fingerprint(live: object) -> str:
    """Return a digest of all numbers that an object holds: weights, codes, grids, in their order, shapes and dtypes.

    Of a torch model that trains, or of which something is not to be trained, what that is follows after a `+`.
    Classes and names are left out: they may differ between versions of a library.

    >>> import numpy as np
    >>> fingerprint(np.zeros(2)) == fingerprint([np.zeros(2)]), fingerprint(np.zeros(2)) == fingerprint(np.ones(2))
    (True, False)
    """
    writer = TreeWriter()
    try:
        plain = encode(live)
        writer.write(plain)
    except CAUGHT:  # what was done to it may have left an object that cannot be read any more
        return "unreadable"
    digest = hashlib.sha256()
    for values in writer.arrays.values():
        digest.update(f"{values.dtype}{values.shape}".encode())
        digest.update(values.tobytes())
    return digest.hexdigest() + _state(plain)


def _state(plain: Plain) -> str:
    """Return which modules are in training mode and which parameters are not trained, by their place; often nothing."""
    modules = [module for part in walk(plain) if isinstance(part, TorchModel) for module in part.modules]
    training = [f"t{at}" for at, module in enumerate(modules) if module.is_training]
    frozen = [f"f{at}{module.settings['frozen']}" for at, module in enumerate(modules) if "frozen" in module.settings]
    told = " ".join([*training, *frozen])
    return f"+{hashlib.sha256(told.encode()).hexdigest()[:16]}" if told else ""


def changed_names(given: Mapping[str, str], names: Mapping[str, object]) -> tuple[str, ...]:
    """Return which variables are no longer as the setup gave them; one that is gone tells nothing.

    Args:
        given: From variable to the fingerprint that it had after the setup.
        names: The variables that there are now.

    >>> changed_names({"x": fingerprint(1), "y": fingerprint(1)}, {"x": 1})
    ()
    """
    return tuple(name for name, before in given.items() if name in names and fingerprint(names[name]) != before)


def restated_names(given: Mapping[str, str], names: Mapping[str, object]) -> tuple[str, ...]:
    """Return which of the changed variables hold the numbers that the setup gave them: a model in another mode, say.

    >>> restated_names({"x": fingerprint(1) + "+0f", "y": fingerprint(1)}, {"x": 1, "y": 1})
    ('x',)
    """
    changed = changed_names(given, names)
    return tuple(name for name in changed if _numbers(fingerprint(names[name])) == _numbers(given[name]))


def _numbers(print_: str) -> str:
    return print_.partition("+")[0]
