import torch
from torch import nn

from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, unchanged
from quizlib.zoo import eager

from ..common import EAGER_SETUP, drawn_model, one_of


def library_left_float(model, types):
    converted = eager.quantize_dynamic(model, {getattr(nn, name) for name in types}, dtype=torch.qint8)
    layers, size = [], 0
    for name, module in converted.named_modules():
        floats = [p for p in module.parameters(recurse=False) if p.ndim > 1 and p.dtype == torch.float32]
        layers += [name] if floats else []
        size += sum(weight.nbytes for weight in floats)
    return {"layers": sorted(layers), "bytes": size}


def fresh_requests(generator):
    def case(behaviour, model, *choices):
        return Case(behaviour, drawn_model(generator, model), one_of(generator, *choices))

    return [
        case("layers", "digits_cnn", ["Linear", "LSTM"], ["Linear", "GRU"]),
        case("layers", "digits_cnn", ["LSTM", "Linear"], ["GRU", "Linear"]),
        case("layers", "digits_residual", ["Linear"]),
        case("bytes", "digits_cnn", ["LSTM"], ["GRU"]),
        case("bytes", "digits_residual", ["LSTM"], ["GRU"], ["GRUCell"]),
        case("bytes", "digits_lstm", ["Linear", "GRU"], ["Linear", "GRUCell"]),
        case("bytes", "digits_mlp", ["GRU", "Linear"], ["LSTM", "Linear"]),
        case("nested", "digits_residual", ["GRU"], ["GRUCell"]),
        case("nested", "digits_residual", ["LSTM", "GRU"], ["GRU", "LSTM"]),
        case("recurrent", "digits_lstm", ["LSTM"]),
        case("recurrent", "digits_lstm", ["LSTM", "GRU"], ["GRU", "LSTM"]),
        case("recurrent", "digits_lstm", ["LSTM", "Linear"]),
        case("recurrent", "digits_lstm", ["Linear", "LSTM"]),
        case("no-kernel", "digits_cnn", ["Linear", "Conv2d"]),
        case("no-kernel", "digits_cnn", ["BatchNorm2d", "Conv2d", "Linear"], ["Conv2d", "BatchNorm2d", "Linear"]),
    ]


EXERCISE = ExerciseSpec(
    title="What stayed float?",
    response="function",
    setup=EAGER_SETUP,
    hints=(
        "`getattr(nn, 'Linear')` is `nn.Linear`; `quantize_dynamic(model, {…}, dtype=torch.qint8)` returns a copy.",
        "A converted layer has no parameters left: `list(layer.parameters(recurse=False))` is empty, and its `weight` "
        "is a method.",
        "Look at each module of `named_modules()`, which also goes into blocks, and at its own parameters only.",
        "A bias and the weight of a batch norm have one dimension; `parameter.nbytes` counts bytes.",
    ),
    criteria=(
        exactly("layers", "Names the layers that no type of the request reaches", points=2, part="layers"),
        exactly("bytes", "Counts the bytes of their weights, not of biases or norms", part="bytes"),
        exactly("nested", "Finds layers inside blocks, by their full names", part="layers"),
        exactly("recurrent", "Looks at an LSTM's weights too", part="layers"),
        exactly(
            "no-kernel",
            "Lists a type that was asked for and skipped in silence",
            part="layers",
            beside=("layers", "bytes", "nested", "recurrent"),
        ),
        unchanged("keeps-model", "Leaves the model as given"),
    ),
    reference=library_left_float,
    public=(
        Case("layers", ZooModel("digits_cnn"), ["Linear"]),
        Case("layers", ZooModel("digits_residual"), ["Linear"]),
        Case("layers", ZooModel("digits_cnn", seed=2), ["Linear", "GRU"]),
        Case("bytes", ZooModel("digits_cnn"), ["Linear"]),
        Case("bytes", ZooModel("digits_residual"), ["GRU"]),
        Case("bytes", ZooModel("digits_lstm"), ["Linear"]),
        Case("bytes", ZooModel("digits_mlp"), ["GRU", "Linear"]),
        Case("nested", ZooModel("digits_residual"), ["LSTM"]),
        Case("recurrent", ZooModel("digits_lstm"), ["LSTM"]),
        Case("recurrent", ZooModel("digits_lstm"), ["Linear"]),
        Case("recurrent", ZooModel("digits_lstm"), ["LSTM", "Linear"]),
        Case("recurrent", ZooModel("digits_lstm", seed=3), ["Linear", "LSTM"]),
        Case("no-kernel", ZooModel("digits_cnn"), ["Conv2d", "Linear"]),
    ),
    private=fresh_requests,
    varies=("names",),
)
