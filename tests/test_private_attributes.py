"""The private attributes of libraries that this library stands on: an upgrade that takes one away is told here."""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch
from ai_edge_litert.interpreter import Interpreter
from IPython.core.interactiveshell import InteractiveShell
from torchao.quantization import Int8WeightOnlyConfig, quantize_

import quizlib
from quizlib.zoo import eager

PACKAGE = Path(quizlib.__file__).parent
pytestmark = [
    pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor, torch.quantize_per_channel and other quantized"),
]

# Every private name of another library that is read somewhere in quizlib, each with a test below.
KNOWN = {
    "_all_weight_values",
    "_backward_hooks",
    "_forward_hooks",
    "_forward_pre_hooks",
    "_get_ops_details",
    "_indices",
    "_non_persistent_buffers_set",
    "_packed_params",
    "_showtraceback",
    "_state_dict_pre_hooks",
    "_values",
}


DOCUMENTED = {"_exit", "_fields"}  # of `os` and of a syntax tree's nodes: Python documents them as public


def test_no_other_private_attribute_of_a_library_is_read():
    read = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        own |= {name.id for name in ast.walk(tree) if isinstance(name, ast.Name)}
        for node in ast.walk(tree):
            read |= {name for name in _private_names(node) if name not in own}
    assert read == KNOWN


def _private_names(node):
    """Return the private attribute that a node reads of something that is not `self` or `cls`."""
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls")):
            return []
        case ast.Attribute(attr=name) if name in DOCUMENTED:
            return []
        case ast.Attribute(attr=name):
            names = [name]
        case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[_, ast.Constant(value=str(name)), *_]):
            names = [name]
        case ast.Assign(targets=[ast.Name(id=table)], value=ast.Tuple(elts=[*parts])) if table.isupper():
            names = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        case _:
            return []
    return [name for name in names if name.startswith("_") and not name.startswith("__") and name.isidentifier()]


@pytest.mark.parametrize("name", sorted(name for name in KNOWN if name.endswith("hooks")))
def test_a_module_keeps_its_hooks_in_a_table(name):
    assert len(getattr(torch.nn.Linear(2, 1), name)) == 0


def test_a_hook_is_found_in_its_table():
    layer = torch.nn.Linear(2, 1)
    layer.register_forward_hook(lambda *_: None)
    layer.register_forward_pre_hook(lambda *_: None)
    assert len(layer._forward_hooks) == len(layer._forward_pre_hooks) == 1


def test_a_module_names_its_passing_buffers():
    layer = torch.nn.Linear(2, 1)
    layer.register_buffer("kept", torch.zeros(1))
    layer.register_buffer("passing", torch.zeros(1), persistent=False)
    assert layer._non_persistent_buffers_set == {"passing"}


def test_a_converted_linear_layer_packs_its_parameters_and_unpacks_them_by_calls():
    model = eager.quantize_dynamic(torch.nn.Sequential(torch.nn.Linear(3, 2)), {torch.nn.Linear}, dtype=torch.qint8)
    assert hasattr(model[0], "_packed_params")
    assert model[0].weight().shape == (2, 3)
    assert model[0].bias().shape == (2,)


def test_a_converted_lstm_keeps_its_weights_by_gate():
    model = torch.nn.Sequential(torch.nn.LSTM(3, 2))
    converted = eager.quantize_dynamic(model, {torch.nn.LSTM}, dtype=torch.qint8)[0]
    assert hasattr(converted, "_all_weight_values")
    assert set(converted.get_weight()) == {"weight_ih_l0", "weight_hh_l0"}
    assert set(converted.get_bias()) == {"bias_ih_l0", "bias_hh_l0"}


def test_a_tensor_of_torchao_holds_codes_and_scales():
    model = torch.nn.Sequential(torch.nn.Linear(8, 4))
    quantize_(model, Int8WeightOnlyConfig())
    weight = model[0].weight
    assert (weight.qdata.dtype, tuple(weight.qdata.shape)) == (torch.int8, (4, 8))
    assert weight.scale.numel() == 4


def test_an_uncoalesced_tensor_gives_what_it_stores():
    indices, values = torch.tensor([[0, 0, 2]]), torch.tensor([1.0, 2.0, 3.0])
    tensor = torch.sparse_coo_tensor(indices, values, (4,), check_invariants=True)
    assert tensor._indices().equal(indices)
    assert tensor._values().equal(values)


def test_a_shell_shows_lines_in_place_of_a_traceback(capsys):
    shell = InteractiveShell()
    shell._showtraceback(NameError, NameError("x"), ["one sentence"])
    assert capsys.readouterr().out.strip() == "one sentence"


def test_an_interpreter_lists_its_operators_with_their_tensors(tmp_path):
    import tensorflow as tf

    double = tf.function(lambda x: x * 2.0, input_signature=[tf.TensorSpec([1, 3], tf.float32)])
    content = tf.lite.TFLiteConverter.from_concrete_functions([double.get_concrete_function()]).convert()
    [operator, *_] = Interpreter(model_content=content)._get_ops_details()
    assert operator["op_name"] == "MUL"
    assert {"inputs", "outputs"} <= set(operator)
    assert np.asarray(operator["outputs"]).size == 1
