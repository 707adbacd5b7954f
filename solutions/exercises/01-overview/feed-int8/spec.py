from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def worked_exactly(x, input_quantization, answers, output_quantization):
    """The oracle computes in fractions, one number after the other; Python's own round takes ties to even."""
    input_scale, input_zero_point = input_quantization
    output_scale, output_zero_point = output_quantization

    def code(value):
        nearest = round(Fraction(float(value)) / Fraction(input_scale)) + input_zero_point
        return min(max(nearest, -128), 127)

    def value(code):
        return float((int(code) - output_zero_point) * Fraction(output_scale))

    return {
        "fed": np.array([[code(value) for value in row] for row in x], np.int8),
        "values": np.array([[value(code) for code in row] for row in answers], np.float32),
    }


def _quantization(generator, low, high):
    """A scale and a zero point such that the codes -128 to 127 cover about low to high, neither of them 0 or an end."""
    scale = float(np.float32((high - low) / 255 * generator.uniform(0.95, 1.05)))
    return scale, round(-128 - low / scale) + int(generator.integers(1, 4))


def _codes(generator, rows, columns):
    return generator.integers(-60, 61, (rows, columns)).astype(np.int8)


def _drawn(behaviour, generator, rows, features, classes, *, reach=0.9):
    """A case whose inputs fill the range of the codes to `reach`; beyond 1 some of them lie outside."""
    low, high = -float(generator.uniform(0.5, 2)), float(generator.uniform(3, 6))
    x = generator.uniform(reach * low, reach * high, (rows, features)).astype(np.float32)
    x[0, 0], x[-1, -1] = reach * low, reach * high
    source = _quantization(generator, low, high)
    if rows > 3:
        x[1] = _nearly_ties(generator, source[0], features)
    answers, ends = _codes(generator, rows, classes), _quantization(generator, -9.0, 4.0)
    return Case(behaviour, x, source, answers, ends)


def _nearly_ties(generator, scale, count):
    """Numbers a fortieth of a step beside a tie, where float16 has the tie, and rounds it to the other side."""
    steps = generator.integers(70, 111, count)
    return np.float32((steps + np.where(steps % 2, 0.475, 0.525)) * scale)


def _clamped(generator):
    """A case with numbers outside the range, in which all directions of rounding show, and float16 does not."""
    while True:
        drawn = _drawn("clamped", generator, 3, 4, 2, reach=1.6)
        x, (scale, zero_point), *_ = drawn.arguments
        steps = x.astype(np.float64) / scale + zero_point
        steps = steps[(steps > -127) & (steps < 126)]
        is_far = np.abs(steps - np.floor(steps) - 0.5) > 0.15
        if is_far.all() and all((cut(steps) != np.rint(steps)).any() for cut in (np.ceil, np.trunc, np.floor)):
            return drawn


def _ties(generator, zero_point):
    """Numbers in the middle between two codes, on both sides of zero, of a scale whose reciprocal is exact, too."""
    scale = float(generator.choice([0.0625, 0.125, 0.5, 1.0]))
    halves = generator.permutation([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]).reshape(2, 3)
    return Case("ties", np.float32(halves * scale), (scale, zero_point), _codes(generator, 2, 4), (0.0625, -7))


def _wide(generator, zero_point):
    """Codes so far from the zero point that the difference leaves int8."""
    answers = _codes(generator, 3, 3)
    answers[0, 0], answers[-1, -1] = (127, 120) if zero_point < 0 else (-128, -120)
    x = generator.uniform(0, 1, (3, 2)).astype(np.float32)
    return Case("wide", x, (0.0039215686, -128), answers, (0.0812, zero_point))


def drawn_files(generator):
    return [
        _drawn("typical", generator, 4, 5, 3),
        _drawn("typical", generator, 1, 3, 2),
        _ties(generator, int(generator.choice([-21, 9, 33]))),
        _clamped(generator),
        _drawn("values", generator, 3, 2, 5),
        _drawn("values", generator, 2, 1, 1),
        _wide(generator, int(generator.integers(-128, -110))),
        _wide(generator, int(generator.integers(90, 128))),
        _drawn("keeps-input", generator, 2, 4, 3, reach=1.4),
    ]


EXERCISE = ExerciseSpec(
    title="Feed a file of integers",
    response="function",
    name="run_int8_on_paper",
    setup='''\
import numpy as np


class FileOnPaper:
    """Stands in for an interpreter: it notes the codes that it is fed, and answers from a list.

    Like the real one it has loaded an int8 file for one row, and refuses what does not fit.
    """

    def __init__(self, features, input_quantization, answers, output_quantization):
        self.features, self.answers = features, answers
        self.input_quantization, self.output_quantization = input_quantization, output_quantization
        self.fed, self.waiting = [], None

    def allocate_tensors(self):
        """Do nothing: there is room for a row already."""

    def get_input_details(self):
        return [details_of(3, self.features, self.input_quantization)]

    def get_output_details(self):
        return [details_of(8, self.answers.shape[1], self.output_quantization)]

    def set_tensor(self, index, value):
        value, problem = np.asarray(value), None
        if index != 3:
            problem = f"there is no input {index}."
        elif value.dtype != np.int8:
            problem = f"Got value of type {str(value.dtype).upper()} but expected type INT8."
        elif value.shape != (1, self.features):
            problem = f"Dimension mismatch. Got {value.shape} but expected {(1, self.features)}."
        if problem:
            raise ValueError(f"Cannot set tensor: {problem}")
        self.waiting = value[0].copy()

    def invoke(self):
        if self.waiting is None or len(self.fed) == len(self.answers):
            raise RuntimeError("invoke() should follow set_tensor(), once for each row")
        self.fed.append(self.waiting)
        self.waiting = None

    def get_tensor(self, index):
        if index != 8 or not self.fed:
            raise ValueError("Tensor data is null. Run set_tensor() and invoke() first")
        return self.answers[len(self.fed) - 1 : len(self.fed)].copy()


def details_of(index, columns, quantization):
    scale, zero_point = quantization
    return {
        "index": index,
        "shape": np.array([1, columns], np.int32),
        "dtype": np.int8,
        "quantization": (scale, zero_point),
        "quantization_parameters": {
            "scales": np.array([scale], np.float32),
            "zero_points": np.array([zero_point], np.int32),
            "quantized_dimension": 0,
        },
    }


def on_paper(run):
    """Return `run` as a function of x, the two ends of a file, and the codes of its answers."""

    def ran(x, input_quantization, answers, output_quantization):
        interpreter = FileOnPaper(x.shape[1], input_quantization, answers, output_quantization)
        values = run(interpreter, x)
        return {"fed": np.array(interpreter.fed, np.int8), "values": values}

    return ran
''',
    hints=(
        "`interpreter.get_input_details()[0]` is a dict; its `quantization` is the pair of scale and zero point.",
        "Round, add the zero point and clamp in floats; the cast to int8 comes last.",
        "Codes are int8, and so is a difference of them: widen them before you subtract the zero point.",
    ),
    criteria=(
        matching("typical", "`fed`: the nearest codes, row by row", points=2, part="fed"),
        matching("ties", "`fed`: a number in the middle goes to the even multiple of the scale", part="fed"),
        matching("clamped", "`fed`: numbers beyond the range get the code at its end", part="fed"),
        matching(
            "values",
            "`values`: what the codes of the output stand for, in float32",
            part="values",
            dtype=True,
            rtol=1e-5,
            atol=2e-6,
        ),
        matching("wide", "`values`: codes far from the zero point", part="values", rtol=1e-5, atol=2e-6),
        unchanged("keeps-input", "The rows that were given are as they were"),
    ),
    reference=worked_exactly,
    public=(
        Case(
            "typical",
            np.float32([[0.0, 0.31, -0.7], [2.9, 1.27, -0.46]]),
            (0.0213, -30),
            np.int8([[5, -40], [17, 90]]),
            (0.11, 17),
        ),
        Case("typical", np.float32([[1.33, 0.02]]), (0.013, -101), np.int8([[-60, 3, 44]]), (0.07, -12)),
        # 91.475, 102.525, 85.475, 78.525 and 97.475 steps: float16 has no number between these and the tie
        Case(
            "typical",
            np.float32([[1.948418, 2.183783, 1.820618, 1.672583, 2.076218]]),
            (0.0213, -30),
            np.int8([[12, -7]]),
            (0.09, -20),
        ),
        Case(
            "ties",
            np.float32([[0.125, 0.375, 0.625], [-0.125, -0.375, -0.625]]),
            (0.25, 3),
            np.int8([[1], [2]]),
            (0.5, -3),
        ),
        Case("clamped", np.float32([[4.1, -2.2, 0.335, 9.0]]), (0.017, -45), np.int8([[33, -8]]), (0.09, 5)),
        Case(
            "values",
            np.float32([[0.1, 0.9], [0.4, 0.2], [0.7, 0.6]]),
            (0.0041, -127),
            np.int8([[-28, 14, 61], [0, 99, -93], [7, -55, 3]]),
            (0.083, 21),
        ),
        Case("values", np.float32([[0.3], [0.8]]), (0.0041, -127), np.int8([[-31], [52]]), (0.071, -14)),
        Case("wide", np.float32([[0.5, 0.25]]), (0.0041, -127), np.int8([[127, -120, 64]]), (0.05, -104)),
        Case("wide", np.float32([[0.5, 0.25]]), (0.0041, -127), np.int8([[-128, 101, -77]]), (0.05, 99)),
        Case("keeps-input", np.float32([[0.4, 7.2], [-3.3, 0.8]]), (0.0213, -30), np.int8([[9], [-9]]), (0.11, 17)),
    ),
    private=drawn_files,
)
