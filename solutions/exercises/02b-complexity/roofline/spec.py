from quizlib.authoring import Case, ExerciseSpec, matching


def under_the_roof(flops, traffic_bytes, seconds, peak, bandwidth):
    """The oracle works with times: whichever of computing and moving takes longer bounds the operation."""
    computing, moving = flops / peak, traffic_bytes / bandwidth
    least = max(computing, moving)
    return {
        "attainable": flops / least,
        "bound": "memory" if moving > computing else "compute",
        "of_peak": computing / seconds,
        "of_attainable": least / seconds,
    }


def drawn_ops_under_the_roof(generator):
    peak, bandwidth = 2.0 ** int(generator.integers(35, 38)), 2.0 ** int(generator.integers(31, 34))
    ridge = peak / bandwidth  # a power of two, so that an operation can stand on it exactly
    traffic = 2.0 ** int(generator.integers(16, 22))

    def case(behaviour, intensity, shortest=1.2, longest=4):
        flops = intensity * traffic
        least = max(flops / peak, traffic / bandwidth)
        return Case(behaviour, flops, traffic, least * float(generator.uniform(shortest, longest)), peak, bandwidth)

    low, high = ridge / float(generator.uniform(2, 9)), ridge * float(generator.uniform(2, 9))
    sides = [("memory", low), ("compute", high), ("bound", low), ("bound", high), ("bound", ridge)]
    sides += [("of-attainable", high), ("of-peak", high)]
    above = [case("of-peak", high, 0.6, 0.9), case("of-attainable", low, 0.6, 0.9)]  # of ceilings measured too low
    return [case(*side) for side in [*sides, ("of-peak", low), ("of-attainable", low)]] + above


NUMBERS = ("memory", "compute", "of-peak", "of-attainable")
"""Beside which the name of a bound counts, which is one of two."""

EXERCISE = ExerciseSpec(
    title="Under the roofline",
    response="function",
    setup="""\
# A machine of 64 GFLOP/s and 16 GB/s; on it, one row times a 256 × 256 matrix took 25 µs.
peak, bandwidth = 64e9, 16e9
flops, traffic_bytes, seconds = 2 * 256 * 256, 4 * (256 * 256 + 2 * 256), 25e-6
""",
    hints=(
        "Intensity times bandwidth are the FLOP/s at which memory can feed the operation.",
        "Achieved FLOP/s are `flops / seconds`.",
    ),
    criteria=(
        matching("memory", "`attainable` at low intensity: what memory feeds", part="attainable"),
        matching("compute", "`attainable` at high intensity: the peak", part="attainable"),
        matching("bound", "`bound`, on both sides and on the ridge", part="bound", beside=NUMBERS),
        matching("of-peak", "`of_peak`: achieved over peak", part="of_peak"),
        matching("of-attainable", "`of_attainable`: achieved over attainable", part="of_attainable"),
    ),
    reference=under_the_roof,
    public=(
        Case("memory", 1e6, 4e6, 5e-4, 64e9, 16e9),
        Case("memory", 30.0, 10.0, 9.0, 12.0, 3.0),
        Case("compute", 64e6, 1e6, 2e-3, 64e9, 16e9),
        Case("compute", 50.0, 10.0, 9.0, 12.0, 3.0),
        Case("bound", 1e6, 4e6, 5e-4, 64e9, 16e9),
        Case("bound", 64e6, 1e6, 2e-3, 64e9, 16e9),
        Case("bound", 4e6, 1e6, 1e-4, 64e9, 16e9),
        Case("bound", 30.0, 10.0, 9.0, 12.0, 3.0),
        Case("bound", 25.0, 10.0, 9.0, 12.0, 6.0),
        Case("of-peak", 1e6, 4e6, 5e-4, 64e9, 16e9),
        Case("of-peak", 90.0, 20.0, 9.0, 25.0, 4.0),
        Case("of-peak", 90.0, 9.0, 3.0, 25.0, 4.0),
        Case("of-attainable", 100.0, 50.0, 20.0, 10.0, 4.0),
        Case("of-attainable", 100.0, 50.0, 10.0, 10.0, 4.0),
        Case("of-attainable", 1e6, 2e6, 25e-5, 64e9, 16e9),
        Case("of-attainable", 90.0, 9.0, 6.0, 25.0, 4.0),
        Case("of-attainable", 64e6, 1e6, 2e-3, 64e9, 16e9),
    ),
    private=drawn_ops_under_the_roof,
)
