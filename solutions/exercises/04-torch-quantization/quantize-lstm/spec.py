import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, fact, measured

from ..common import EAGER_SETUP, HALF_A_STEP, drawn_model

LSTM_WEIGHTS = ("lstm.weight_ih_l0", "lstm.weight_hh_l0")
LSTM_BIASES = ("lstm.bias_ih_l0", "lstm.bias_hh_l0", "output.bias")
LSTM_BYTES = 78_376  # 19,594 parameters in float32
SMALL_LSTM = fact("weight_bytes", at_most=0.4 * LSTM_BYTES)  # 0.26 with one scale, 0.377 with one a row


WEIGHTS = (*LSTM_WEIGHTS, "output.weight")
KEPT_BIASES = tuple(fact("change_of_weight", weight=bias, at_most=0) for bias in LSTM_BIASES)
WITHIN_HALF_A_STEP = tuple(
    condition
    for weight in WEIGHTS
    for condition in (
        fact("error_in_steps", weight=weight, at_most=HALF_A_STEP),
        fact("step_excess", weight=weight, at_most=1.05),  # 1 over 127.5, 1.004 over 127; 17 on 4 bits
    )
)


def rows(chosen):
    """Return digits of the validation set, 8 rows of 8 pixels each."""
    return torch.from_numpy(zoo.load_digits().images("val")[chosen]).squeeze(1)


def touched():
    """Without this a model that was handed back untouched would earn what it has kept."""
    return fact("changed_weights", at_least=1)


def fresh_lstm(generator):
    def drawn():
        served = generator.choice(360, size=16, replace=False)
        return Case("codes", drawn_model(generator, "digits_lstm")).calling(rows(served))

    return [drawn(), drawn()]


OF_THE_MODEL = ("half-a-step", "biases")
"""What no answer for another model meets, whose codes are int8 and whose logits are alike, too."""

EXERCISE = ExerciseSpec(
    title="Quantize an LSTM",
    response="function",
    setup="import copy\n\n"
    + EAGER_SETUP
    + """
lstm = zoo.digits_lstm()  # reads 8 rows of 8 pixels; layers `lstm` and `output`
""",
    hints=(
        "`quantize_dynamic` takes a set of types: an LSTM is one layer, `nn.LSTM`, whatever it does inside.",
        "Print the result: a converted layer is a `DynamicQuantizedLSTM` or a `DynamicQuantizedLinear`.",
        "`converted.lstm.get_weight()` returns the quantized weights by name.",
    ),
    criteria=(
        measured(
            "codes",
            "Both matrices of the LSTM hold int8 codes",
            *(fact("code_dtype", weight=weight, equals="int8") for weight in LSTM_WEIGHTS),
            beside=OF_THE_MODEL,
        ),
        measured(
            "output-codes",
            "`output` holds int8 codes",
            fact("code_dtype", weight="output.weight", equals="int8"),
            beside=OF_THE_MODEL,
        ),
        measured(
            "half-a-step",
            "Each code is within half a step of its weight, on steps no wider than 8 bits need",
            *WITHIN_HALF_A_STEP,
        ),
        measured(
            "biases",
            "The biases keep their float32 values",
            touched(),
            *KEPT_BIASES,
        ),
        measured(
            "small",
            "At most 0.4 of the bytes; called, it gives the logits of its codes, and the same class for 0.97 of digits",
            SMALL_LSTM,
            # Over 12 draws: 0.015 at most for right answers, whose inputs have 7 bits.
            fact("called_off_stored", at_most=0.05),
            # Over 15 randomized models: 0.989 at least for four right answers, 0.14 at most for fresh layers.
            fact("agreement", at_least=0.97),
            beside=OF_THE_MODEL,
        ),
        measured(
            "keeps-model",
            "The model that was given is unchanged",
            touched(),
            fact("inputs_changed", equals=False),
            beside=OF_THE_MODEL,
        ),
    ),
    symptoms={
        "linear-only": (
            fact("is_quantized", weight="output.weight", equals=True),
            *(fact("change_of_weight", weight=weight, at_most=0) for weight in LSTM_WEIGHTS),  # floats, as they were
        ),
        "lstm-only": (
            fact("change_of_weight", weight="output.weight", at_most=0),
            fact("is_quantized", weight="lstm.weight_hh_l0", equals=True),
        ),
        "half-precision": (
            *(fact("change_from_half", weight=weight, at_most=0) for weight in WEIGHTS),
            *(fact("change_of_weight", weight=weight, at_least=1e-9) for weight in WEIGHTS),
        ),
        "layers-lost": (
            *WITHIN_HALF_A_STEP,
            *KEPT_BIASES,
            fact("called_off_stored", at_least=0.2),
        ),
        "nothing-swapped": (fact("changed_weights", equals=0),),
        "works-in-place": (
            *WITHIN_HALF_A_STEP,  # otherwise the change may be another one
            *KEPT_BIASES,
            fact("input_numbers_changed", equals=True),
        ),
        "few-codes-used": (
            fact("error_in_steps", weight="lstm.weight_hh_l0", at_most=HALF_A_STEP),
            fact("step_excess", weight="lstm.weight_hh_l0", at_least=1.5),
        ),
        "untrained-layers": (
            fact("is_quantized", weight="output.weight", equals=True),
            # 0.05 at most for fresh layers; near 1 where the weights were clamped, pruned or rounded first
            *(fact("likeness", weight=weight, at_least=-0.2, at_most=0.2) for weight in LSTM_WEIGHTS),
        ),
    },
    public=(
        Case("codes", ZooModel("digits_lstm")).calling(rows(slice(0, 16))),
        Case("codes", ZooModel("digits_lstm", seed=2)).calling(rows(slice(16, 32))),
    ),
    private=fresh_lstm,
)
