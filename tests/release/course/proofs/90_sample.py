"""NumPy itself says how many bytes each dtype takes."""

import numpy as np

from quizlib.authoring import Claim, Proof

DTYPES = ("float32", "float16", "int8")


def sizes_seen():
    return {name: np.ones(1000, dtype=name).nbytes for name in DTYPES}


def is_smallest(name, unless):
    return Claim(
        f"{name} takes the fewest bytes",
        lambda seen: all(seen[name] < seen[other] for other in DTYPES if other != name),
        unless=unless,
    )


PROOFS = [
    Proof(
        item="smallest-dtype",
        observe=sizes_seen,
        claims={
            "A": is_smallest("float32", {"float32": 1}),
            "B": is_smallest("float16", {"float16": 1}),
            "C": is_smallest("int8", {"int8": 9000}),
        },
    ),
    Proof(
        item="float-bytes",
        observe=sizes_seen,
        value=lambda seen: float(seen["float32"]),
        unless={"float32": 8000},
    ),
]
