"""A file of facts that a course brings itself, for the tests of all that read one."""

SPREAD = '''\
"""Facts about how far the numbers of an output lie apart."""

import numpy as np

from quizlib.evidence.values import Array
from quizlib.judging.facts import fact


@fact(unit="unit of the output", of=(Array,))
def spread(output, context):
    """Return the largest number of an output less the smallest."""
    return float(np.ptp(output.values))
'''


def write(root, name="own", source=SPREAD):
    """Write a file of facts into a course."""
    path = root / "facts" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return root
