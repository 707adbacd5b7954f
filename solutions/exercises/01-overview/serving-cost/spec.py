from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def oracle_cost(widths, bits):
    macs = packed = biases = 0
    for inputs, outputs in zip(widths[:-1], widths[1:], strict=True):
        macs += inputs * outputs
        packed += (inputs * outputs * bits + 7) // 8
        biases += 4 * outputs
    return {"macs": macs, "bytes": packed + biases}


def fresh_costs(generator):
    def odd_widths():  # an odd product in each layer, so that 1, 3 or 5 bits leave part of a byte over
        return [int(width) * 2 + 1 for width in generator.integers(1, 60, size=4)]

    return [
        Case("macs", odd_widths(), 32),
        Case("macs", odd_widths()[:2], 32),
        Case("macs-of-codes", odd_widths(), 8),
        Case("macs-of-codes", odd_widths(), 2),
        Case("float-bytes", odd_widths(), 32),
        Case("code-bytes", odd_widths(), 8),
        Case("packed-bytes", odd_widths(), int(generator.choice([1, 3, 5]))),
        Case("packed-bytes", _split_widths(generator), 2),
        Case("keeps-input", odd_widths(), 16),
    ]


def _split_widths(generator):
    """Widths of which at 2 bits one layer leaves a quarter of a byte over and the next one three quarters."""
    inputs, hidden, outputs = (4 * int(width) for width in generator.integers(3, 20, size=3))
    return [inputs + 1, hidden + 1, outputs + 3]


EXERCISE = ExerciseSpec(
    title="Count what a prediction costs",
    response="function",
    setup="# Plain Python is enough here.\n",
    hints=(
        "`zip(widths, widths[1:])` pairs the inputs of each layer with its outputs.",
        "A quantized weight is still multiplied: which of the two numbers depends on `bits`?",
        "Round up for each layer on its own, before you add: `-(-a // b)` is ⌈a / b⌉.",
    ),
    criteria=(
        exactly("macs", "Counts one multiply-accumulate for each weight of a float model", part="macs"),
        exactly("macs-of-codes", "Counts as many MACs for a quantized model", part="macs"),
        exactly("float-bytes", "Counts the bytes of float32 weights and biases", part="bytes"),
        exactly("code-bytes", "Counts one byte for an 8-bit code", part="bytes"),
        exactly("packed-bytes", "Packs narrow codes and rounds each layer up to whole bytes", part="bytes"),
        unchanged("keeps-input", "`widths` is as it was given"),
    ),
    reference=oracle_cost,
    public=(
        Case("macs", [4, 3, 2], 32),
        Case("macs", [6, 5], 32),
        Case("macs-of-codes", [64, 256, 128, 10], 8),
        Case("macs-of-codes", [9, 7, 5], 2),
        Case("float-bytes", [5, 4, 3], 32),
        Case("code-bytes", [64, 256, 128, 10], 8),
        Case("packed-bytes", [3, 3, 1], 3),
        Case("packed-bytes", [5, 3, 3, 1], 3),  # 45, 27 and 9 bits: none is whole bytes, one is nearest to more
        Case("packed-bytes", [6, 5, 7], 1),  # 30 and 35 bits
        Case("keeps-input", [7, 5, 9], 16),
    ),
    private=fresh_costs,
)
