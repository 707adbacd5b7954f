"""Proofs of lesson 04b: each question's key follows from what torchao is seen to do."""

from pathlib import Path

import torch
from torch import nn

from quizlib.authoring import Claim, Proof
from quizlib.authoring.programs import Programs, ending, run
from quizlib.zoo import eager
from quizlib.zoo.quiet import quiet

quiet()
LESSON = Programs(Path(__file__).parents[1] / "questions" / "04b_torchao.yaml")


def torchao_names():
    """Return what torchao exports, as a lesson imports it."""
    import torchao.quantization
    from torchao.quantization import granularity, qat

    modules = (granularity, qat, torchao.quantization)
    return {name: getattr(module, name) for module in modules for name in dir(module) if name[0] != "_"}


# --- What torchao stores ---


def dtypes_seen():
    return {"printed": ending(LESSON.program("dtype-that-is-shown"))}


def int4_bytes_seen():
    weight = run(LESSON.program("int4-bytes-on-cpu"))["model"][0].weight
    inner, _ = weight.__tensor_flatten__()  # the names of all tensors that the subclass consists of
    return {
        "bytes": {name: getattr(weight, name).nbytes for name in inner},
        "shown": weight.nbytes,
        "different_codes": weight.qdata.unique().numel(),
    }


# --- torchao ---------------------------------------------------------------------------------------------------------


def bases_seen():
    """Return the classes of the Linear layers after `prepare` with each base, or the error that it stops with."""
    names = {**torchao_names(), "torch": torch}
    seen = {}
    for letter, text in LESSON.options("qat-base-configs").items():
        model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        ran = run(
            LESSON.questions["qat-base-configs"].code, **names, model=model, base=eval(text.strip("`"), dict(names))
        )
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
    for letter, text in LESSON.options("migrate-dynamic").items():
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


# --- Graphs and blocks ---


def roundings_seen():
    graph = run(LESSON.program("graph-roundings"))["graph"].graph
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    rounded = [node.args[0].name for node in graph.find_nodes(op="call_function", target=quantize)]
    return {"rounded": rounded}


def exported_seen():
    return LESSON.with_line("exported-batch")


def block_bytes_seen():
    return {"printed": ending(LESSON.program("block-bytes"))}


# --- The claims ---


def computes_alike(letter, unless):
    return Claim(
        "its codes, its rounding of inputs and its range are those of quantize_dynamic",
        lambda seen: same_way(seen[letter], seen["old"]),
        unless={letter: unless},
    )


LIKE_OLD = {"code_bits": 8, "loses_tiny_inputs": True, "follows_large_inputs": True}
UNLIKE_OLD = {**LIKE_OLD, "code_bits": 4}

PROOFS = [
    Proof(
        item="quantize-in-place",
        observe=lambda: LESSON.with_line("quantize-in-place"),
        claims=LESSON.given_by("quantize-in-place", "torch.Size([1, 10]) torch.int8", "AttributeError"),
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
        claims=LESSON.given_by("qat-base-configs", "FakeQuantizedLinear", "ValueError"),
    ),
    Proof(
        item="migrate-dynamic",
        observe=migration_seen,
        claims={letter: computes_alike(letter, UNLIKE_OLD if letter == "A" else LIKE_OLD) for letter in "ABCD"},
    ),
    Proof(
        item="graph-roundings",
        observe=roundings_seen,
        value=lambda seen: float(len(seen["rounded"])),
        unless={"rounded": ["input", "linear", "relu", "linear_1", "relu_1"]},
    ),
    Proof(
        item="exported-batch",
        observe=exported_seen,
        claims=LESSON.given_by("exported-batch", "torch.Size([7, 4])", "AssertionError"),
    ),
    Proof(
        item="block-bytes",
        observe=block_bytes_seen,
        value=lambda seen: float(seen["printed"]),
        unless={"printed": "65536"},
    ),
]
