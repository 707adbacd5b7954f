"""Print the fingerprints of a setup's variables as one JSON line; run as a child by `setups.given_by`.

A setup that builds a TensorFlow model starts threads of TensorFlow; a process that is to be forked later has none.
"""

from __future__ import annotations

import json
import sys

from quizlib.authoring.setups import fingerprints
from quizlib.errors import SpecError
from quizlib.zoo.quiet import quiet


def main() -> None:
    """Read source, item and names from standard input, and tell the fingerprints, or what is wrong."""
    quiet()
    source, item, names = json.load(sys.stdin)
    try:
        answer: dict[str, object] = {"given": fingerprints(source, item, tuple(names))}
    except SpecError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
