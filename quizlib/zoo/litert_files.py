"""LiteRT files of dense layers, written number by number: no converter, no TensorFlow.

A file that is made so has the scales, zero points and codes that its author chose, in milliseconds.
`ai_edge_litert` and `flatbuffers` are imported when a file is made, and not before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quizlib.zoo.arrays import Array, read_checkpoint

VERSION = 3
"""Of the schema of a LiteRT file, the same since 2017."""


@dataclass(frozen=True, eq=False)
class FileTensor:
    """A tensor of a file.

    Attributes:
        name: As the file gives it.
        shape: Any.
        dtype: "float32", "int8", "int16" or "int32".
        values: What is stored, of this dtype and shape; None for inputs, outputs and what lies between layers.
        scales: One, or one a channel; none where the tensor is not quantized.
        zero_points: As many as scales.
        axis: The dimension of the channels.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    values: Array | None = None
    scales: tuple[float, ...] = ()
    zero_points: tuple[int, ...] = ()
    axis: int = 0


@dataclass(frozen=True)
class DenseLayer:
    """A fully connected layer: the names of its tensors, and whether a ReLU is fused into it."""

    input: str
    weight: str
    bias: str
    output: str
    relu: bool = False


def dense_file(tensors: Sequence[FileTensor], layers: Sequence[DenseLayer]) -> bytes:
    """Return the bytes of a LiteRT file of dense layers.

    The input of the first layer and the output of the last are those of the file.

    Args:
        tensors: In the order in which the file numbers them.
        layers: In the order in which they run; their weights have shape (outputs, inputs).

    >>> tensors = [FileTensor(name, (1, 1), "float32") for name in ("x", "y")]
    >>> weight = FileTensor("w", (1, 1), "float32", np.ones((1, 1), np.float32))
    >>> bias = FileTensor("b", (1,), "float32", np.ones(1, np.float32))
    >>> dense_file([*tensors, weight, bias], [DenseLayer("x", "w", "b", "y")])[4:8]
    b'TFL3'
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    numbers = {tensor.name: number for number, tensor in enumerate(tensors)}
    model, graph, code = schema.ModelT(), schema.SubGraphT(), schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FULLY_CONNECTED
    code.version = 4  # the first that knows int8
    graph.tensors = [_tensor(schema, tensor, number + 1) for number, tensor in enumerate(tensors)]
    graph.inputs, graph.outputs = [numbers[layers[0].input]], [numbers[layers[-1].output]]
    graph.operators = [_operator(schema, layer, numbers) for layer in layers]
    model.version, model.subgraphs, model.operatorCodes = VERSION, [graph], [code]
    # Buffer 0 is the empty one, by the schema.
    model.buffers = [schema.BufferT(), *(_buffer(schema, tensor.values) for tensor in tensors)]
    model.signatureDefs = [_signature(schema, graph, tensors)]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def int8_layer_litert() -> bytes:
    """Return a file of one int8 layer with a ReLU, three inputs and two outputs, and a scale for each output's weights.

    Input: codes, int8, shape (1, 3), tensor "x". Output: codes, int8, shape (1, 2), tensor "y".
    It stores "weight", int8, shape (2, 3), and "bias", int32, shape (2,).

    >>> len(int8_layer_litert()) < 2000
    True
    """
    weight, bias = np.array([[100, -50, 25], [-42, 127, 85]], np.int8), np.array([320, -64], np.int32)
    steps = (0.02, 0.012)
    tensors = [
        FileTensor("x", (1, 3), "int8", scales=(0.0125,), zero_points=(-64,)),
        FileTensor("weight", (2, 3), "int8", weight, steps, (0, 0)),
        FileTensor("bias", (2,), "int32", bias, tuple(0.0125 * step for step in steps), (0, 0)),
        FileTensor("y", (1, 2), "int8", scales=(0.04,), zero_points=(-100,)),
    ]
    return dense_file(tensors, [DenseLayer("x", "weight", "bias", "y", relu=True)])


def digits_mlp_litert() -> bytes:
    """Return the float32 file of `digits_mlp`, 64 → 256 → 128 → 10, with tensors named after its layers.

    Input: pixels from 0 to 1, float32, shape (1, 64). Output: logits, float32, shape (1, 10).

    >>> len(digits_mlp_litert()) > 4 * 50_826
    True
    """
    return float_mlp_file(read_checkpoint("digits_mlp"), ("hidden1", "hidden2", "output"))


def float_mlp_file(arrays: Mapping[str, Array], layers: Sequence[str]) -> bytes:
    """Return the float32 file of dense layers one after the other, with a ReLU after each but the last.

    Args:
        arrays: By PyTorch name, as "hidden1.weight" of shape (out, in) and "hidden1.bias" of shape (out,).
        layers: Their names; the output of one is the tensor "hidden1/output".

    >>> arrays = {"a.weight": np.ones((2, 3), np.float32), "a.bias": np.ones(2, np.float32)}
    >>> float_mlp_file(arrays, ["a"])[4:8]
    b'TFL3'
    """
    tensors = [FileTensor("input", (1, arrays[f"{layers[0]}.weight"].shape[1]), "float32")]
    chain: list[DenseLayer] = []
    for layer in layers:
        weight, bias = arrays[f"{layer}.weight"], arrays[f"{layer}.bias"]
        named = (f"{layer}/weight", f"{layer}/bias", f"{layer}/output")
        chain.append(DenseLayer(tensors[-1].name, *named, layer != layers[-1]))
        tensors += [
            FileTensor(named[0], weight.shape, "float32", weight),
            FileTensor(named[1], bias.shape, "float32", bias),
            FileTensor(named[2], (1, len(bias)), "float32"),
        ]
    return dense_file(tensors, chain)


def _tensor(schema: Any, tensor: FileTensor, buffer: int) -> Any:  # noqa: ANN401  generated code without types
    made = schema.TensorT()
    made.name, made.shape, made.buffer = tensor.name.encode(), list(tensor.shape), buffer
    made.type = getattr(schema.TensorType, tensor.dtype.upper())
    made.shapeSignature = [-1, *tensor.shape[1:]] if tensor.values is None else list(tensor.shape)
    if tensor.scales:
        made.quantization = schema.QuantizationParametersT()
        made.quantization.scale = [float(scale) for scale in tensor.scales]
        made.quantization.zeroPoint = [int(point) for point in tensor.zero_points]
        made.quantization.quantizedDimension = tensor.axis
    return made


def _buffer(schema: Any, values: Array | None) -> Any:  # noqa: ANN401  as above
    made = schema.BufferT()
    if values is not None:
        made.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
    return made


def _operator(schema: Any, layer: DenseLayer, numbers: Mapping[str, int]) -> Any:  # noqa: ANN401  as above
    made, options = schema.OperatorT(), schema.FullyConnectedOptionsT()
    options.fusedActivationFunction = getattr(schema.ActivationFunctionType, "RELU" if layer.relu else "NONE")
    made.opcodeIndex, made.builtinOptions = 0, options
    made.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
    made.inputs = [numbers[layer.input], numbers[layer.weight], numbers[layer.bias]]
    made.outputs = [numbers[layer.output]]
    return made


def _signature(schema: Any, graph: Any, tensors: Sequence[FileTensor]) -> Any:  # noqa: ANN401  as above
    made = schema.SignatureDefT()
    made.signatureKey, made.subgraphIndex = b"serving_default", 0
    made.inputs = [_named(schema, tensors, number) for number in graph.inputs]
    made.outputs = [_named(schema, tensors, number) for number in graph.outputs]
    return made


def _named(schema: Any, tensors: Sequence[FileTensor], number: int) -> Any:  # noqa: ANN401  as above
    made = schema.TensorMapT()
    made.name, made.tensorIndex = tensors[number].name.encode(), number
    return made
