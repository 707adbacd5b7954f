"""What several exercises of 04b-torchao share."""

import io

import torch

from quizlib import zoo
from quizlib.authoring import Case, fact

HALF_A_STEP = 0.51  # rounding to nearest keeps to 0.5; the rest is for float32 arithmetic
GIVEN_KEPT = fact("given_changed", at_most=0)


def one_of(generator, *choices):
    return choices[int(generator.integers(len(choices)))]


RESIDUAL_LAYERS = ("stem", "block.first", "block.second", "output")


def drawn_seed(generator):
    return int(generator.integers(1, 100_000))


def saved_state(model):
    """Return the bytes of a file with the model's state dict."""
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return file.getvalue()


def fresh_pixels(behaviour):
    def draw(generator):
        rows = zoo.load_digits().x_test[generator.choice(360, size=16, replace=False)]
        return [Case(behaviour, torch.from_numpy(rows))]

    return draw


def test_pixels(*rows):
    return torch.from_numpy(zoo.load_digits().x_test[list(rows)])


RESIDUAL = "digits_residual"
OWN_LAYERS = RESIDUAL_LAYERS[:3]
MLP = "digits_mlp"
BIASES_OF_FILE = tuple(fact("change_from_expected", weight=f"{name}.bias", at_most=0) for name in RESIDUAL_LAYERS)


def with_idle_block(x, row, block_size):
    """Set the second block of a row to zeros."""
    x[row, block_size : 2 * block_size] = 0.0
    return x


def with_signed_zeros(generator, x, row, block_size):
    """Give half of the zeros in the second block of a row a minus sign."""
    x[row, block_size + generator.choice(block_size, block_size // 2, replace=False)] = -0.0
    return x


PT2E_SETUP = """\
import torch
from torch import nn
from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
from torchao.quantization.pt2e.quantizer.x86_inductor_quantizer import (
    X86InductorQuantizer,
    get_default_x86_inductor_quantization_config,
)

from quizlib import zoo
"""

TO_INT8 = '''

def to_int8(model, examples):
    """Return the graph of `model` with int8 weights, and grids observed on `examples`."""
    rows = {0: torch.export.Dim.DYNAMIC}
    graph = torch.export.export(model, (examples,), dynamic_shapes=(rows,)).module()
    config = get_default_x86_inductor_quantization_config()
    prepared = prepare_pt2e(graph, X86InductorQuantizer().set_global(config))
    with torch.no_grad():
        prepared(examples)
    return convert_pt2e(prepared)
'''


def calibrated_graph(model, examples, kept=()):
    """Return the converted graph of a model, with the modules named in `kept` in float32."""
    from torchao.quantization.pt2e import quantize_pt2e
    from torchao.quantization.pt2e.quantizer import x86_inductor_quantizer as x86

    rows = {0: torch.export.Dim.DYNAMIC}
    graph = torch.export.export(model, (examples,), dynamic_shapes=(rows,)).module()
    quantizer = x86.X86InductorQuantizer().set_global(x86.get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = quantize_pt2e.prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
    return quantize_pt2e.convert_pt2e(prepared)
