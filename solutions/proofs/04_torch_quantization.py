"""Proofs of lesson 04: each question's key follows from what PyTorch's eager mode and torchao are seen to do."""

import io
import itertools
import re
import warnings
from contextlib import redirect_stdout
from pathlib import Path

import torch
from torch import nn

from quizlib.authoring import Claim, Proof
from quizlib.authoring.questions import read_questions
from quizlib.zoo import digits_cnn, eager, load_digits
from quizlib.zoo.quiet import quiet

quiet()
QUESTIONS = read_questions(Path(__file__).parents[1] / "questions" / "04_torch_quantization.yaml")


# --- What the proofs share -------------------------------------------------------------------------------------------


def run(code, **names):
    """Run a program and return the names that it leaves, what it printed, its error in words, and its warnings."""
    printed, error = io.StringIO(), ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        quiet()
        torch.manual_seed(0)
        try:
            with redirect_stdout(printed):
                exec(code, names)
        except Exception as raised:  # what a program raises is what is asked about
            error = in_words(raised)
    text = printed.getvalue().strip()
    return {**names, "printed": text, "error": error, "warned": [str(one.message) for one in caught]}


def in_words(error):
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"


def ending(code, **names):
    """Return what a program prints, or the error that it stops with."""
    ran = run(code, **names)
    return ran["error"] or ran["printed"]


def program(item, old="", new=""):
    """Return the program of a question, with the line `old` replaced by `new`, which is indented like it."""
    code = QUESTIONS[item].code
    if not old:
        return code
    (indent,) = re.findall(rf"^( *){re.escape(old)}$", code, re.MULTILINE)
    return code.replace(indent + old, indent + new.replace("\n", "\n" + indent))


def options(item):
    """Return the texts of a question's options by letter."""
    return dict(zip("ABCDEFGH", (option.text for option in QUESTIONS[item].options), strict=False))


def spans(text):
    """Return the pieces of code in the text of an option."""
    return re.findall(r"`([^`]+)`", text)


def endings(item, changed):
    """Return for each option how the question's program ends when it is changed as the option says."""
    return {letter: ending(changed(text)) for letter, text in options(item).items()}


def with_line(item):
    """Put an option's line in place of the comment that asks for it."""
    return endings(item, lambda text: program(item, "# your line", text.strip("`")))


def torchao_names():
    """Return what torchao exports, as a lesson imports it."""
    import torchao.quantization
    from torchao.quantization import granularity, qat

    modules = (granularity, qat, torchao.quantization)
    return {name: getattr(module, name) for module in modules for name in dir(module) if name[0] != "_"}


# --- What is converted -----------------------------------------------------------------------------------------------


def layers_printed_seen():
    ran = run(program("conv-stays-float"))
    return {
        "ending": ran["error"] or ran["printed"],
        "warnings": ran["warned"],
        "float_kernels": [name for name, weight in ran["small"].named_parameters() if weight.dim() > 1],
    }


def lstm_dtypes_seen():
    """Return the dtype of the LSTM's weights after each option, or the error with which it stops."""
    item = "int8-lstm-calls"
    return {letter: lstm_dtype(program(item) + text.strip("`")) for letter, text in options(item).items()}


def lstm_dtype(code):
    ran = run(code)
    if ran["error"]:
        return ran["error"]
    lstm = ran["model"].lstm
    packed = hasattr(lstm, "get_weight")  # of a converted LSTM; a float one has parameters
    weights = lstm.get_weight().values() if packed else [weight for weight in lstm.parameters() if weight.dim() > 1]
    return " ".join(sorted({str(weight.dtype) for weight in weights}))


def scale_counts_seen():
    return {"printed": ending(program("scales-of-two-configs"))}


def dtypes_seen():
    return {"printed": ending(program("dtype-that-is-shown"))}


def int4_bytes_seen():
    weight = run(program("int4-bytes-on-cpu"))["model"][0].weight
    inner, _ = weight.__tensor_flatten__()  # the names of all tensors that the subclass consists of
    return {
        "bytes": {name: getattr(weight, name).nbytes for name in inner},
        "shown": weight.nbytes,
        "different_codes": weight.qdata.unique().numel(),
    }


# --- Observers -------------------------------------------------------------------------------------------------------


def three_batches_seen():
    ran = run(program("range-of-three-batches"))
    return {"scale": ran["scale"].item(), "zero_point": ran["zero_point"].item()}


def reduced_range_seen():
    code = program("reduced-range-codes")
    return {engine: float(ending(code.replace("x86", engine))) for engine in ("x86", "fbgemm", "onednn", "qnnpack")}


def not_calibrated_seen():
    ran = run(program("not-calibrated"))
    return {
        "printed": ran["printed"],
        "scale_and_zero_point": [ran["converted"][0].scale.item(), ran["converted"][0].zero_point.item()],
        "warned": any("must run observer" in text for text in ran["warned"]),
    }


# --- Static quantization ---------------------------------------------------------------------------------------------


def fused_seen():
    return {letter: fused_by(text.strip("`")) for letter, text in options("fuse-for-serving").items()}


def fused_by(call):
    """Return whether a call leaves a batch norm, and how far the outputs move; or the error that it stops with."""
    before = run(program("fuse-for-serving"))["model"]
    ran = run(program("fuse-for-serving") + f"fused = {call}")
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
    steps = [spans(options(item)[letter])[0] for letter in order]
    examples = torch.tensor(load_digits().images("train")[:64])
    ran = run("\n".join([program(item), *steps, "outputs = model(examples)"]), examples=examples)
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
            return program("missing-stub", old, new)
        old = "model.qconfig = eager.default_qconfig"
        return program("missing-stub", old, f"{new}\n{old}")

    return {"unrepaired": ending(program("missing-stub")), **endings("missing-stub", changed)}


def add_repairs_seen():
    item = "add-two-quantized"

    def changed(text):
        forward, *others = spans(text)
        created = [line for line in others if line.startswith("self.")]
        old = "super().__init__()"
        return program(item, "z = x + y", forward).replace(old, "; ".join([old, *created]))

    return {"unrepaired": ending(program(item)), **endings(item, changed)}


# --- torchao ---------------------------------------------------------------------------------------------------------


def bases_seen():
    """Return the classes of the Linear layers after `prepare` with each base, or the error that it stops with."""
    names = {**torchao_names(), "torch": torch}
    seen = {}
    for letter, text in options("qat-base-configs").items():
        model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        ran = run(QUESTIONS["qat-base-configs"].code, **names, model=model, base=eval(text.strip("`"), dict(names)))
        layers = [type(layer).__name__ for layer in (model[0], model[2])]
        seen[letter] = ran["error"] or " ".join(sorted(set(layers)))
    return seen


SCALE = 0.03
"""Step of a calibrated input: 127 steps reach to about 4, the largest of some thousand normal numbers."""


def migration_seen():
    """Return how each config, and the old call, computes with the same layer."""
    quiet()
    names = {**torchao_names(), "torch": torch, "scale": torch.tensor([[SCALE]])}
    old = eager.quantize_dynamic(one_layer(), {nn.Linear}, dtype=torch.qint8)
    seen = {"old": conduct(old, old[0].weight().int_repr())}
    for letter, text in options("migrate-dynamic").items():
        model = one_layer()
        names["quantize_"](model, eval(text.strip("`"), dict(names)))
        seen[letter] = conduct(model, model[0].weight.qdata)
    return seen


def one_layer():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(64, 32, bias=False))


@torch.no_grad()
def conduct(model, codes):
    """Return how a layer computes: with which codes, on rounded inputs or not, by the inputs' own range or not."""
    generator = torch.Generator().manual_seed(1)
    large, tiny = torch.zeros(1, 64), 0.001 * torch.rand(1, 64, generator=generator)
    large[0, 0], large[0, 1] = 3.0, -3.0  # the tiny numbers lie between them, so that the range is the same
    tiny[0, :2] = 0
    x = torch.randn(32, 64, generator=generator)
    grown = model(100 * x) / 100
    return {
        "code_bits": int(codes.unique().numel() - 1).bit_length(),
        "loses_tiny_inputs": torch.equal(model(large + tiny), model(large)),
        "follows_large_inputs": bool((grown - model(x)).norm() < 0.05 * model(x).norm()),
        "relative_error": ((model(x) - one_layer()(x)).norm() / one_layer()(x).norm()).item(),
    }


def same_way(a, b):
    names = ("code_bits", "loses_tiny_inputs", "follows_large_inputs")
    return all(a[name] == b[name] for name in names)


# --- The claims ------------------------------------------------------------------------------------------------------


def ends_with(item, letter):
    """The claim that the program of `item` ends as an option says: with its printed text, or with its error."""
    text = spans(options(item)[letter])[0]
    other = "something else" if letter == QUESTIONS[item].key else text
    return Claim(
        f"the program ends with {text}", lambda seen: seen["ending"].startswith(text), unless={"ending": other}
    )


def gives(letter, wanted, unless):
    """The claim that the program, changed as an option says, prints what is wanted."""
    return Claim(
        f"with option {letter} it prints {wanted}", lambda seen: seen[letter] == wanted, unless={letter: unless}
    )


def given_by(item, wanted, otherwise):
    """A claim for each option that it gives what is wanted; replaced by the other outcome, each must change."""
    key = QUESTIONS[item].key
    return {letter: gives(letter, wanted, otherwise if letter in key else wanted) for letter in options(item)}


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


def computes_alike(letter, unless):
    return Claim(
        "its codes, its rounding of inputs and its range are those of quantize_dynamic",
        lambda seen: same_way(seen[letter], seen["old"]),
        unless={letter: unless},
    )


LIKE_OLD = {"code_bits": 8, "loses_tiny_inputs": True, "follows_large_inputs": True}
UNLIKE_OLD = {**LIKE_OLD, "code_bits": 4}
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
        claims=given_by("int8-lstm-calls", "torch.qint8", "torch.float32"),
    ),
    Proof(
        item="quantize-in-place",
        observe=lambda: with_line("quantize-in-place"),
        claims=given_by("quantize-in-place", "torch.Size([1, 10]) torch.int8", "AttributeError"),
    ),
    Proof(
        item="scales-of-two-configs",
        observe=scale_counts_seen,
        value=lambda seen: seen["printed"],
        unless={"printed": "266 266"},
    ),
    Proof(
        item="range-of-three-batches",
        observe=three_batches_seen,
        value=lambda seen: seen["scale"],
        unless={"scale": 0.0184},
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
        claims=given_by("missing-stub", "torch.float32", "NotImplementedError"),
    ),
    Proof(
        item="add-two-quantized",
        observe=add_repairs_seen,
        claims=given_by("add-two-quantized", "torch.float32", "NotImplementedError"),
    ),
    Proof(
        item="load-quantized-state",
        observe=lambda: with_line("load-quantized-state"),
        claims=given_by("load-quantized-state", "True", "False"),
    ),
    Proof(
        item="dtype-that-is-shown",
        observe=dtypes_seen,
        value=lambda seen: seen["printed"],
        unless={"printed": "Linear torch.int8 torch.int8"},
    ),
    Proof(
        item="int4-bytes-on-cpu",
        observe=int4_bytes_seen,
        value=lambda seen: float(sum(seen["bytes"].values())),
        unless={"bytes": {"qdata": 16384, "scale": 4096, "zero_point": 1024}},
    ),
    Proof(
        item="qat-base-configs",
        observe=bases_seen,
        claims=given_by("qat-base-configs", "FakeQuantizedLinear", "ValueError"),
    ),
    Proof(
        item="migrate-dynamic",
        observe=migration_seen,
        claims={letter: computes_alike(letter, UNLIKE_OLD if letter == "A" else LIKE_OLD) for letter in "ABCD"},
    ),
]
