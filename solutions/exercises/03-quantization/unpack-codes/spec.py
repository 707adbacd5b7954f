import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged
from quizlib.authoring.draws import strided


def bit_string_codes(packed, bits, count):
    """Read the bytes as one long whole number, and take its digits to the base 2**bits."""
    whole = int.from_bytes(np.ascontiguousarray(packed).tobytes(), "little")
    digits = [(whole >> (bits * place)) % 2**bits for place in range(count)]
    return np.array([digit - 2**bits if digit >= 2 ** (bits - 1) else digit for digit in digits], np.int8)


def fresh_bytes(generator):
    def random_bytes(count):
        return generator.integers(0, 256, count).astype(np.uint8)

    return [
        Case("four-bit", random_bytes(12), 4, 24),
        Case("four-bit", strided(random_bytes(6)), 4, 12),
        Case("two-bit", random_bytes(7), 2, 28),
        Case("count", random_bytes(9), 4, 17),
        Case("count", random_bytes(5), 2, 18),
        Case("count", np.append(random_bytes(3), np.uint8(generator.integers(1, 16))), 4, 8),  # the last code is 0
        Case("count", np.append(random_bytes(2), np.uint8(generator.integers(1, 16))), 2, 11),
        Case("int8", (random_bytes(4) & 0x77), 4, 8),
    ]


EXERCISE = ExerciseSpec(
    title="Unpack them again",
    response="function",
    name="unpack",
    setup="""\
import numpy as np

packed_bytes = np.array([0b1110_0001, 0b1000_0111, 0b0000_0011], dtype=np.uint8)
""",
    hints=(
        "`packed[:, None] >> shifts` lays the codes of a byte side by side; a mask cuts each of them out.",
        "A field of 4 bits with its top bit set is negative: subtract 16. `(field ^ 8) - 8` does both.",
    ),
    criteria=(
        exactly("four-bit", "Two signed codes a byte, low bits first", points=2),
        exactly("two-bit", "Four signed codes a byte"),
        exactly("count", "As many codes as asked for, no filling"),
        exactly("int8", "Codes are int8", dtype=True),
        unchanged("keeps-input", "Leaves `packed` as given"),
    ),
    reference=bit_string_codes,
    public=(
        Case("four-bit", np.array([0b1110_0001, 0b1000_0111], np.uint8), 4, 4),
        Case("four-bit", strided(np.array([0b0111_1000, 0b1011_0101], np.uint8)), 4, 4),
        Case("two-bit", np.array([0b11_00_10_01], np.uint8), 2, 4),
        Case("count", np.array([0b1110_0001, 0b0000_0011], np.uint8), 4, 3),
        Case("count", np.array([0b0000_1110], np.uint8), 4, 2),  # the 0 is a code, and no filling
        Case("count", np.array([0b01_10_00_11, 0b00_00_00_10], np.uint8), 2, 5),
        Case("int8", np.array([0b0111_0001], np.uint8), 4, 2),
    ),
    private=fresh_bytes,
)
