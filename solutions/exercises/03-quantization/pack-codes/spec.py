import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, fact, measured, unchanged
from quizlib.authoring.draws import strided


def bit_string_bytes(codes, bits):
    """Write all bits into one long whole number, the first code lowest, and cut it into bytes."""
    whole = sum((int(code) % 2**bits) << (bits * place) for place, code in enumerate(codes))
    count = -(-len(codes) * bits // 8)
    return np.frombuffer(whole.to_bytes(count, "little"), dtype=np.uint8).copy()


def fresh_small_codes(generator):
    def codes(bits, count):
        return generator.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), count).astype(np.int8)

    return [
        Case("four-bit", codes(4, 24), 4),
        Case("four-bit", strided(codes(4, 10)), 4),
        Case("two-bit", codes(2, 20), 2),
        Case("two-bit", codes(2, 4), 2),
        Case("tail", np.append(codes(4, 12), np.int8(-3)), 4),
        Case("tail", np.append(codes(2, 12), np.array([1, -2], np.int8)), 2),
        Case("tail", np.append(codes(2, 8), np.int8(-1)), 2),
        Case("tail", np.append(codes(2, 6), np.int8(1)), 2),
        Case("tail", np.array([generator.integers(-8, 0)], np.int8), 4),
    ]


BYTES = ("four-bit", "two-bit", "tail")
"""Beside which their dtype counts."""

EXERCISE = ExerciseSpec(
    title="Pack small codes into bytes",
    response="function",
    name="pack",
    setup="""\
import numpy as np

small_codes = np.array([1, -2, 7, -8, 3], dtype=np.int8)
""",
    hints=(
        "`codes & mask` with a mask of `bits` ones keeps two's complement: −2 in four bits is 14.",
        "Pad with zeros to whole bytes, reshape to (bytes, codes a byte), shift each column to its place, and add up.",
    ),
    criteria=(
        exactly("four-bit", "Two codes of 4 bits a byte, the first one in the low bits", points=2),
        exactly("two-bit", "Four codes of 2 bits a byte"),
        exactly("tail", "The last byte is filled up with zeros"),
        measured("uint8", "Bytes are uint8", fact("output_dtype", equals="uint8"), beside=BYTES),
        unchanged("keeps-input", "Leaves `codes` as given"),
    ),
    reference=bit_string_bytes,
    public=(
        Case("four-bit", np.array([-2, 1, -8, 7], np.int8), 4),  # a negative code below, whose sign could spill
        Case("four-bit", strided(np.array([3, -5, 0, -1, 6, -7], np.int8)), 4),
        Case("two-bit", np.array([1, -2, 0, -1], np.int8), 2),
        Case("tail", np.array([1, -2, 3], np.int8), 4),
        Case("tail", np.array([1, -2, 1, 0, -1, 1], np.int8), 2),
        Case("tail", np.array([1, -2, 1, 0, -1], np.int8), 2),
        Case("tail", np.array([1, -2, -1], np.int8), 2),
        Case("tail", np.array([-3], np.int8), 4),
    ),
    private=fresh_small_codes,
)
