"""Tell whether a response used up what its setup gave it: a model in place of a copy of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from quizlib.evidence.encode import encode
from quizlib.evidence.failures import CAUGHT
from quizlib.evidence.tree_writer import TreeWriter


def fingerprint(live: object) -> str:
    """Return a digest of all numbers that an object holds: weights, codes, grids, in their order, shapes and dtypes.

    Classes, names and modes are left out: they may differ between versions of a library.

    >>> import numpy as np
    >>> fingerprint(np.zeros(2)) == fingerprint([np.zeros(2)]), fingerprint(np.zeros(2)) == fingerprint(np.ones(2))
    (True, False)
    """
    writer = TreeWriter()
    try:
        writer.write(encode(live))
    except CAUGHT:  # what was done to it may have left an object that cannot be read any more
        return "unreadable"
    digest = hashlib.sha256()
    for values in writer.arrays.values():
        digest.update(f"{values.dtype}{values.shape}".encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


def changed_names(given: Mapping[str, str], names: Mapping[str, object]) -> tuple[str, ...]:
    """Return which variables no longer hold the numbers that the setup gave them; one that is gone tells nothing.

    Args:
        given: From variable to the fingerprint that it had after the setup.
        names: The variables that there are now.

    >>> changed_names({"x": fingerprint(1), "y": fingerprint(1)}, {"x": 1})
    ()
    """
    return tuple(name for name, before in given.items() if name in names and fingerprint(names[name]) != before)
