"""Proofs of lesson 04: each question's key follows from what PyTorch's eager mode and torchao are seen to do."""

import itertools
from pathlib import Path

import torch
from torch import nn

from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import LINE, Programs, ending, run, spans
from quizlib.zoo import digits_cnn, load_digits
from quizlib.zoo.quiet import native_stderr_silenced, quiet

quiet()
LESSON = Programs(Path(__file__).parents[1] / "questions" / "04_torch_quantization.yaml")


# --- What is converted -----------------------------------------------------------------------------------------------


def layers_printed_seen():
    ran = run(LESSON.program("conv-stays-float"))
    return {
        "ending": ran["error"] or ran["printed"],
        "warnings": ran["warned"],
        "float_kernels": [name for name, weight in ran["small"].named_parameters() if weight.dim() > 1],
    }


def lstm_dtypes_seen():
    """Return the dtype of the LSTM's weights after each option, or the error with which it stops."""
    item = "int8-lstm-calls"
    return {letter: lstm_dtype(LESSON.program(item) + text.strip("`")) for letter, text in LESSON.options(item).items()}


def lstm_dtype(code):
    ran = run(code)
    if ran["error"]:
        return ran["error"]
    lstm = ran["model"].lstm
    packed = hasattr(lstm, "get_weight")  # of a converted LSTM; a float one has parameters
    weights = lstm.get_weight().values() if packed else [weight for weight in lstm.parameters() if weight.dim() > 1]
    return " ".join(sorted({str(weight.dtype) for weight in weights}))


def scale_counts_seen():
    return {"printed": ending(LESSON.program("scales-of-two-configs"))}


def levels_seen():
    """Return what the program prints with each option's line, with the engine that it found put back each time."""
    item, engine = "engines-of-seven-bits", torch.backends.quantized.engine
    seen = {}
    for letter, text in LESSON.options(item).items():
        with native_stderr_silenced():  # qnnpack says that it ignores the request
            seen[letter] = ending(LESSON.program(item, LINE, text.strip("`")))
        torch.backends.quantized.engine = engine
    return seen


# --- Observers -------------------------------------------------------------------------------------------------------


def three_batches_seen():
    ran = run(LESSON.program("range-of-three-batches"))
    return {"scale": ran["scale"].item(), "zero_point": ran["zero_point"].item()}


def reduced_range_seen():
    code = LESSON.program("reduced-range-codes")
    return {engine: float(ending(code.replace("x86", engine))) for engine in ("x86", "fbgemm", "onednn", "qnnpack")}


def not_calibrated_seen():
    ran = run(LESSON.program("not-calibrated"))
    return {
        "printed": ran["printed"],
        "scale_and_zero_point": [ran["converted"][0].scale.item(), ran["converted"][0].zero_point.item()],
        "warned": any("must run observer" in text for text in ran["warned"]),
    }


# --- Static quantization ---------------------------------------------------------------------------------------------


def fused_seen():
    return {letter: fused_by(text.strip("`")) for letter, text in LESSON.options("fuse-for-serving").items()}


def fused_by(call):
    """Return whether a call leaves a batch norm, and how far the outputs move; or the error that it stops with."""
    before = run(LESSON.program("fuse-for-serving"))["model"]
    ran = run(LESSON.program("fuse-for-serving") + f"fused = {call}")
    if ran["error"]:
        return ran["error"]
    x = torch.tensor(load_digits().images("val"))
    left = sum(isinstance(module, nn.BatchNorm2d) for module in ran["fused"].modules())
    moved = (ran["fused"].eval()(x) - before.eval()(x)).abs().max().item()
    return {"batch_norms": left, "moved": moved}


def steps_seen():
    """Run the steps in all 120 orders, each on a fresh model."""
    return {order: steps_in(order) for order in map("".join, itertools.permutations("ABCDE"))}


def steps_in(order):
    """Return the int8 layers and the activation scales after steps in this order, or the error they stop with."""
    item = "static-steps"
    steps = [spans(LESSON.options(item)[letter])[0] for letter in order]
    examples = torch.tensor(load_digits().images("train")[:64])
    ran = run("\n".join([LESSON.program(item), *steps, "outputs = model(examples)"]), examples=examples)
    if ran["error"]:
        return ran["error"]
    scales = [module.scale for module in ran["model"].modules() if isinstance(getattr(module, "scale", None), float)]
    return {
        "int8_layers": len(scales),
        "all_scales_1": all(scale == 1.0 for scale in scales),
        "error": (ran["outputs"] - digits_cnn().eval()(examples)).abs().max().item(),
    }


def works(result):
    """Say whether the steps gave an int8 model with measured ranges, whose outputs are near the float ones."""
    return (
        isinstance(result, dict) and result["int8_layers"] == 3 and not result["all_scales_1"] and result["error"] < 1
    )


def stub_repairs_seen():
    def changed(text):
        old, new = spans(text)
        if old.startswith("y ="):
            return LESSON.program("missing-stub", old, new)
        old = "model.qconfig = eager.default_qconfig"
        return LESSON.program("missing-stub", old, f"{new}\n{old}")

    return {"unrepaired": ending(LESSON.program("missing-stub")), **LESSON.endings("missing-stub", changed)}


def add_repairs_seen():
    item = "add-two-quantized"

    def changed(text):
        forward, *others = spans(text)
        created = [line for line in others if line.startswith("self.")]
        old = "super().__init__()"
        return LESSON.program(item, "z = x + y", forward).replace(old, "; ".join([old, *created]))

    return {"unrepaired": ending(LESSON.program(item)), **LESSON.endings(item, changed)}


def rounding_left_seen():
    item = "fake-quantization-off"
    return LESSON.endings(item, lambda text: LESSON.program(item, "# the line", text.strip("`")))


# --- The claims ------------------------------------------------------------------------------------------------------


def ends_with(item, letter):
    """The claim that the program of `item` ends as an option says: with its printed text, or with its error."""
    text = spans(LESSON.options(item)[letter])[0]
    other = "something else" if letter == LESSON.questions[item].key else text
    return Claim(
        f"the program ends with {text}", lambda seen: seen["ending"].startswith(text), unless={"ending": other}
    )


def serves(letter, unless):
    return Claim(
        "no batch norm is left, and the outputs are the same",
        lambda seen: (
            isinstance(seen[letter], dict) and seen[letter]["batch_norms"] == 0 and seen[letter]["moved"] < 1e-5
        ),
        unless={letter: unless},
    )


def comes_before(pair, swapped, says, symptom):
    """The claim that no order works in which a pair stands the other way round, with what one such order does."""

    def holds(seen):
        working = [order for order, result in seen.items() if works(result)]
        kept = all(order.index(pair[0]) < order.index(pair[1]) for order in working)
        return bool(working) and kept and symptom(seen[swapped])

    return Claim(says, holds, unless={swapped: {"int8_layers": 3, "all_scales_1": False, "error": 0.3}})


def stops_with(text):
    return lambda result: text in result


def has_default_scales(result):
    return not isinstance(result, str) and result["all_scales_1"]


FUSED, NOT_FUSED = {"batch_norms": 0, "moved": 0.0}, {"batch_norms": 1, "moved": 0.0}

PROOFS = [
    Proof(
        item="conv-stays-float",
        observe=layers_printed_seen,
        claims={letter: ends_with("conv-stays-float", letter) for letter in "ABCD"},
    ),
    Proof(
        item="int8-lstm-calls",
        observe=lstm_dtypes_seen,
        claims=LESSON.given_by("int8-lstm-calls", "torch.qint8", "torch.float32"),
    ),
    Proof(
        item="scales-of-two-configs",
        observe=scale_counts_seen,
        value=lambda seen: seen["printed"],
        unless={"printed": "266 266"},
    ),
    Proof(
        item="engines-of-seven-bits",
        observe=levels_seen,
        claims=LESSON.given_by("engines-of-seven-bits", "256", "128"),
    ),
    Proof(
        item="fake-quantization-off",
        observe=rounding_left_seen,
        claims=LESSON.given_by("fake-quantization-off", "True", "False"),
    ),
    Proof(
        item="range-of-three-batches",
        observe=three_batches_seen,
        value=lambda seen: seen["scale"],
        unless={"scale": 0.0224},
    ),
    Proof(
        item="reduced-range-codes",
        observe=reduced_range_seen,
        value=lambda seen: seen["x86"],
        unless={"x86": 256.0},
    ),
    Proof(
        item="fuse-for-serving",
        observe=fused_seen,
        claims={letter: serves(letter, NOT_FUSED if letter == "D" else FUSED) for letter in "ABCD"},
    ),
    Proof(
        item="static-steps",
        observe=steps_seen,
        claims={
            "CE": comes_before("CE", "ECDAB", "fusing before eval() stops", stops_with("Fusion only for eval!")),
            "ED": comes_before("ED", "CDEAB", "fused after prepare, the model stops", stops_with("RuntimeError")),
            "DA": comes_before("DA", "CEADB", "examples before prepare leave every scale at 1", has_default_scales),
            "AB": comes_before("AB", "CEDBA", "examples after convert leave every scale at 1", has_default_scales),
            "EA": comes_before("EA", "CDAEB", "fused after calibration, the model stops", stops_with("RuntimeError")),
        },
    ),
    Proof(
        item="not-calibrated",
        observe=not_calibrated_seen,
        value=lambda seen: seen["printed"],
        unless={"printed": "[0.4, 1.6, -3.0, 300.0]"},
    ),
    Proof(
        item="missing-stub",
        observe=stub_repairs_seen,
        claims=LESSON.given_by("missing-stub", "torch.float32", "NotImplementedError"),
    ),
    Proof(
        item="add-two-quantized",
        observe=add_repairs_seen,
        claims=LESSON.given_by("add-two-quantized", "torch.float32", "NotImplementedError"),
    ),
    Proof(
        item="load-quantized-state",
        observe=lambda: LESSON.with_line("load-quantized-state"),
        claims=LESSON.given_by("load-quantized-state", "True", "False"),
    ),
]
