import gzip

import numpy as np
import safetensors.torch
import torch

from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged

HELD = ("tensors", "file", "header")


def sizes_on_disk(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(measures.size_bytes(tensor.shape, tensor.dtype) for tensor in tensors.values())
    gzipped = len(gzip.compress(content, compresslevel=9, mtime=0))
    return {"tensors": held, "file": len(content), "header": len(content) - held, "gzip": gzipped}


def drawn_tensors(generator):
    cases = [Case(behaviour, _pruned(generator, *generator.integers(20, 50, 2))) for behaviour in HELD]
    large = _pruned(generator, *generator.integers(64, 96, 2))  # the header is a small part of it
    views = _strided(generator, *generator.integers(20, 50, 2))
    many = _many(generator, *generator.integers(3, 9, 4))  # here the header is most of the file
    others = (_repeated(generator), _twins(generator, int(generator.integers(20, 30))), _tiny(generator))
    zipped = (Case("gzip", tensors) for tensors in (large, many, *others))
    return [*cases, *zipped, Case("views", views)]


def _repeated(generator):
    """Codes of two values whose blocks come again in another order: only the most patient search finds them all."""
    blocks = generator.integers(0, 2, (100, 100), dtype=np.int8)
    return {"layer.codes": torch.from_numpy(np.concatenate([blocks, generator.permutation(blocks)]))}


def _twins(generator, rows):
    """A weight and its running average, which are equal: what one file holds twice, separate ones do not."""
    weight = torch.from_numpy(generator.normal(size=(rows, 20)).astype(np.float32))
    return {"layer.weight": weight, "average.weight": weight.clone()}


def _tiny(generator):
    """One number: the frame that gzip puts around the compressed bytes weighs here."""
    return {"w": torch.tensor([float(generator.integers(1, 1000)) / 2])}


def _many(generator, *lengths):
    """Several small tensors, whose names and shapes take more bytes than their numbers."""
    drawn = {f"block{i}": generator.integers(-8, 8, length, dtype=np.int8) for i, length in enumerate(lengths)}
    codes = {f"{name}.codes": torch.from_numpy(values) for name, values in drawn.items()}
    return codes | {f"{name}.scale": torch.tensor([0.5]) for name in drawn}


def _pruned(generator, rows, columns):
    """A pruned weight beside a quantized one: half the former's numbers are zero, which only gzip finds."""
    weight = generator.normal(size=(rows, columns)).astype(np.float32)
    weight[generator.permuted(np.arange(rows * columns).reshape(rows, columns) % 2, axis=1) == 0] = 0
    quantized = {
        "next.codes": generator.integers(-128, 128, (rows, 4), dtype=np.int8),
        "next.scale": generator.uniform(0.01, 0.1, rows).astype(np.float32),
        "next.zero_point": generator.integers(-9, 9, rows, dtype=np.int8),
    }
    return {name: torch.from_numpy(array) for name, array in {"layer.weight": weight, **quantized}.items()}


def _strided(generator, rows, columns):
    weight = torch.from_numpy(generator.normal(size=(rows, columns, 2)).astype(np.float32))
    return {"layer.weight": weight[..., 0], "layer.bias": torch.ones(rows)}


EXERCISE = ExerciseSpec(
    title="Tensors, file, compressed file",
    response="function",
    setup="""\
import gzip

import safetensors.torch
import torch

from quizlib import zoo

tensors = zoo.build("digits_cnn").state_dict()
""",
    hints=(
        "`safetensors.torch.save` returns the bytes of the file; it wants contiguous tensors.",
        "`numel()` and `element_size()` speak of the tensor alone, whatever storage it is a view of.",
    ),
    criteria=(
        exactly("tensors", "`tensors`: dtype times numbers", points=2, part="tensors"),
        exactly("file", "`file`: bytes of the safetensors file", part="file"),
        exactly("header", "`header`: the difference", part="header"),
        # Another zlib makes other bytes of the same file; the mistakes are further away.
        matching("gzip", "`gzip`: bytes of the file after gzip, within 10 %", part="gzip", rtol=0.1),
        exactly("views", "A view counts its own numbers only", part="tensors"),
        unchanged("keeps-input", "The dict and its tensors are as they were"),
    ),
    reference=sizes_on_disk,
    public=(
        Case(
            "tensors",
            {"weight": torch.tensor([[0.0, 1.5, 0.0, -2.5]]), "codes": torch.tensor([3, -7], dtype=torch.int8)},
        ),
        Case(
            "file", {"weight": torch.tensor([[0.0, 0.5], [1.0, 0.0]]), "codes": torch.tensor([[5]], dtype=torch.int8)}
        ),
        Case("header", {"w": torch.zeros(100)}),
        Case("header", {"w": torch.tensor([0.0, 2.0]), "zero_point": torch.tensor([3, 0, 4], dtype=torch.int8)}),
        Case("gzip", _pruned(np.random.default_rng(3), 64, 48)),
        Case("gzip", _repeated(np.random.default_rng(4))),
        Case("gzip", _twins(np.random.default_rng(6), 20)),
        Case("gzip", _tiny(np.random.default_rng(7))),
        Case("gzip", _many(np.random.default_rng(5), 3, 5, 4, 7)),
        Case("views", {"every_other": torch.arange(1.0, 7.0)[::2]}),
    ),
    private=drawn_tensors,
    varies=("lengths",),
)
