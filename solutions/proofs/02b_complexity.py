"""Proofs of lesson 02b: each question's key follows from counts that PyTorch, SciPy, NumPy and Python itself give.

No claim rests on a time of this machine: where a question is about time, its clock is a simulated one.
"""

import copy
import functools

import numpy as np
import scipy.sparse
import torch
import torch.nn.utils.prune as prune
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from quizlib.authoring import Claim, Proof
from quizlib.measures import latency_ms, loglog_slope
from quizlib.zoo import eager
from quizlib.zoo.quiet import quiet

quiet()


# --- What the proofs share -------------------------------------------------------------------------------------------


def flops(model, x):
    """Floating-point operations of one pass: torch counts a product and an addition for each multiply-accumulate."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(x)
    return counter.get_total_flops()


def about(found, expected, share=0.05):
    """Say whether a number is within a share of another."""
    return abs(found - expected) <= share * abs(expected)


# --- Time, counted or on simulated clocks ----------------------------------------------------------------------------


def roofline_seen():
    """Count FLOPs and bytes of the layer and of its changes, and put them under the two ceilings."""
    layer = nn.Linear(4096, 4096, bias=False)
    codes = torch.empty(4096, 4096, dtype=torch.int8)
    zeros = nn.Linear(4096, 4096, bias=False)
    zeros.weight.data[torch.rand(4096, 4096) < 0.9] = 0.0

    def attainable(rows, weight, *, layer=layer, peak=100e9, bandwidth=20e9):
        x = torch.zeros(rows, 4096)
        with torch.no_grad():
            moved = x.nbytes + weight.nbytes + layer(x).nbytes
        return min(peak, flops(layer, x) / moved * bandwidth)

    return {
        "before": attainable(1, layer.weight),
        "higher_peak": attainable(1, layer.weight, peak=200e9),
        "int8": attainable(1, codes),
        "zeros": attainable(1, zeros.weight, layer=zeros),
        "sixteen": attainable(16, layer.weight),
    }


def raises_roof(name, replaced):
    return Claim(
        f"{name}: more FLOP/s are attainable",
        lambda seen: seen[name] > 1.01 * seen["before"],
        unless={name: replaced},
    )


def cache_seen():
    """Read blocks of one MB in a circle through a cache of 8 blocks that drops the least recently used."""

    def misses(blocks):
        fetch = functools.lru_cache(maxsize=8)(lambda block: block)
        for block in list(range(blocks)) * 9:
            fetch(block)
        before = fetch.cache_info().misses
        for block in range(blocks):
            fetch(block)
        return fetch.cache_info().misses - before

    return {"small": misses(4), "large": misses(16)}


def fetched(small, large, instead):
    return Claim(
        f"{small} MB and {large} MB come from memory",
        lambda seen: (seen["small"], seen["large"]) == (small, large),
        unless=instead,
    )


def overhead_seen():
    weights = np.array([10.0, 100.0, 1000.0])
    return {"slope": loglog_slope(weights, 10.0 + 0.001 * weights).exponent}


def slope_is(low, high, replaced):
    return Claim(
        f"the slope lies between {low} and {high}",
        lambda seen: low < seen["slope"] < high,
        unless={"slope": replaced},
    )


class Clock:
    """A clock that moves only while something is done."""

    def __init__(self):
        self.now = 0.0

    def read(self):
        return self.now

    def spend(self, seconds):
        self.now += seconds


def amdahl_seen():
    def measured(linear, rest):
        clock = Clock()

        def call():
            clock.spend(linear)
            clock.spend(rest)

        return latency_ms(call, clock=clock.read).median_ms

    return {"before": measured(0.006, 0.004), "after": measured(0.006 / 3, 0.004)}


# --- Zeros -----------------------------------------------------------------------------------------------------------


def at_random(sparsity):
    """Return a matrix of 1024 × 1024 float32 with a share of zeros at random places."""
    random = np.random.default_rng(0)
    values = random.uniform(0.5, 1.0, (1024, 1024)).astype(np.float32)
    return np.where(random.random(values.shape) < sparsity, np.float32(0), values)


def csr_bytes(matrix):
    csr = scipy.sparse.csr_array(matrix)
    return csr.data.nbytes + csr.indices.nbytes + csr.indptr.nbytes


def csr_at_half_seen():
    matrix = at_random(0.5)
    return {"dense": matrix.nbytes, "csr": csr_bytes(matrix)}


def formats_seen():
    matrix = at_random(0.9)
    coo = torch.from_numpy(matrix).to_sparse_coo().coalesce()
    return {
        "coo": coo.values().nbytes + coo.indices().nbytes,
        "bitmask": np.packbits(matrix != 0).nbytes + matrix[matrix != 0].nbytes,
        "dense": matrix.nbytes,
        "csr": csr_bytes(matrix),
    }


def fewer(smaller, larger):
    return Claim(
        f"{smaller} takes fewer bytes than {larger}",
        lambda seen: seen[smaller] < seen[larger],
        unless={smaller: 10_000_000},
    )


def nans(multiply, weight):
    """Count the outputs that infinite inputs spoil where the weight is zero: 0 × inf is nan, if it is multiplied."""
    column = int(np.abs((weight == 0).mean(0) - 0.9).argmin())
    x = np.zeros(weight.shape[1], np.float32)
    x[column] = np.inf
    return {"zeros": int((weight[:, column] == 0).sum()), "nan": int(np.isnan(multiply(x)).sum())}


def work_seen():
    torch.manual_seed(0)
    layer = nn.Linear(512, 512, bias=False)
    masked = copy.deepcopy(layer)
    prune.l1_unstructured(masked, "weight", amount=0.9)
    prune.remove(masked, "weight")
    weight = masked.weight.detach().numpy()
    csr = scipy.sparse.csr_array(weight)
    quiet()
    int8 = eager.quantize_dynamic(nn.Sequential(masked), {nn.Linear}, dtype=torch.qint8)
    removed = nn.Linear(512, 51, bias=False)
    row = torch.zeros(1, 512)
    return {
        "full": flops(layer, row),
        "masked": flops(masked, row),
        "removed": flops(removed, row),
        "stored_in_csr": int(csr.nnz),
        "stored_in_int8": int(int8[0].weight().int_repr().numel()),
        "zeros_in_int8": int((int8[0].weight().int_repr() == 0).sum()),
        "dense_on_inf": nans(lambda x: masked(torch.from_numpy(x)).detach().numpy(), weight),
        "csr_on_inf": nans(lambda x: csr @ x, weight),
    }


PROOFS = [
    Proof(
        item="memory-bound-levers",
        observe=roofline_seen,
        claims={
            "A": raises_roof("higher_peak", 200e9),
            "B": raises_roof("int8", 1e9),
            "C": raises_roof("zeros", 100e9),
            "D": raises_roof("sixteen", 1e9),
        },
    ),
    Proof(
        item="cache-and-weights",
        observe=cache_seen,
        claims={
            "A": fetched(0, 16, {"large": 8}),
            "B": fetched(0, 8, {"large": 8}),
            "C": fetched(4, 16, {"small": 4}),
            "D": fetched(4, 8, {"small": 4, "large": 8}),
        },
    ),
    Proof(
        item="slope-with-overhead",
        observe=overhead_seen,
        claims={
            "A": slope_is(0.8, 1.2, 1.0),
            "B": slope_is(0.0, 0.1, 1.0),
            "C": slope_is(0.35, 0.65, 0.5),
            "D": slope_is(-9.0, 0.0, -0.5),
        },
    ),
    Proof(
        item="csr-at-half",
        observe=csr_at_half_seen,
        claims={
            "A": Claim(
                "half of the bytes", lambda seen: about(seen["csr"], seen["dense"] / 2), unless={"csr": 2_097_152}
            ),
            "B": Claim(
                "three quarters of them",
                lambda seen: about(seen["csr"], 0.75 * seen["dense"]),
                unless={"csr": 3_145_728},
            ),
            "C": Claim("twice as many", lambda seen: about(seen["csr"], 2 * seen["dense"]), unless={"csr": 8_388_608}),
            "D": Claim(
                "a little more, by less than a hundredth",
                lambda seen: seen["dense"] < seen["csr"] < 1.01 * seen["dense"],
                unless={"csr": 4_000_000},
            ),
        },
    ),
    Proof(
        item="formats-by-bytes",
        observe=formats_seen,
        claims={"BD": fewer("bitmask", "csr"), "DA": fewer("csr", "coo"), "AC": fewer("coo", "dense")},
    ),
    Proof(
        item="work-of-the-rest",
        observe=work_seen,
        claims={
            "A": Claim(
                "a product for each stored value, a tenth of all, and none with a zero",
                lambda seen: (
                    about(2 * seen["stored_in_csr"], 0.1 * seen["full"])
                    and seen["csr_on_inf"]["nan"] == 0 < seen["csr_on_inf"]["zeros"]
                ),
                unless={"stored_in_csr": 262144},
            ),
            "B": Claim(
                "a tenth of the operations, and no zero is multiplied",
                lambda seen: about(seen["masked"], 0.1 * seen["full"]) and seen["dense_on_inf"]["nan"] == 0,
                unless={"masked": 52429, "dense_on_inf": {"zeros": 460, "nan": 0}},
            ),
            "C": Claim(
                "the codes of the zeros are not stored, and a tenth is left",
                lambda seen: about(2 * seen["stored_in_int8"], 0.1 * seen["full"]),
                unless={"stored_in_int8": 26214},
            ),
            "D": Claim(
                "a tenth of the operations",
                lambda seen: about(seen["removed"], 0.1 * seen["full"]),
                unless={"removed": 524288},
            ),
        },
    ),
    Proof(
        item="amdahl-share",
        observe=amdahl_seen,
        value=lambda seen: seen["before"] / seen["after"],
        unless={"after": 10.0},
    ),
]
