"""The digits classifiers in PyTorch: an MLP, a CNN, an MLP with a residual block, and an LSTM."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TypeVar

import torch
from torch import nn

from quizlib.zoo.arrays import Array, check_arrays, read_checkpoint
from quizlib.zoo.digits import Digits

Model = TypeVar("Model", bound=nn.Module)


def mlp_architecture() -> nn.Sequential:
    """Return the untrained MLP, 64 → 256 → 128 → 10, in evaluation mode.

    Input: pixels, float32, shape (n, 64). Output: logits, float32, shape (n, 10).

    >>> [name for name, _ in mlp_architecture().named_children()]
    ['hidden1', 'relu1', 'hidden2', 'relu2', 'output']
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        hidden1=nn.Linear(64, 256),
        relu1=nn.ReLU(),
        hidden2=nn.Linear(256, 128),
        relu2=nn.ReLU(),
        output=nn.Linear(128, 10),
    )
    return nn.Sequential(layers).eval()


def cnn_architecture() -> nn.Sequential:
    """Return the untrained CNN, two blocks of convolution, batch norm, ReLU and pooling, in evaluation mode.

    Input: images, float32, shape (n, 1, 8, 8). Output: logits, float32, shape (n, 10).
    The convolutions have no bias, since the batch norm that follows has one.

    >>> [name for name, _ in cnn_architecture().named_children()][:5]
    ['conv1', 'bn1', 'relu1', 'pool1', 'conv2']
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=nn.Conv2d(1, 16, 3, padding=1, bias=False),  # (n, 16, 8, 8)
        bn1=nn.BatchNorm2d(16),
        relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(2),  # (n, 16, 4, 4)
        conv2=nn.Conv2d(16, 32, 3, padding=1, bias=False),  # (n, 32, 4, 4)
        bn2=nn.BatchNorm2d(32),
        relu2=nn.ReLU(),
        pool2=nn.MaxPool2d(2),  # (n, 32, 2, 2)
        flatten=nn.Flatten(),  # (n, 128)
        output=nn.Linear(128, 10),
    )
    return nn.Sequential(layers).eval()


class ResidualBlock(nn.Module):
    """Two linear layers whose output is added to their input: relu(x + second(relu(first(x)))); shape (n, width)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Linear(width, width)
        self.relu = nn.ReLU()
        self.second = nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum after the ReLU, shape (n, width)."""
        added: torch.Tensor = self.relu(x + self.second(self.relu(self.first(x))))
        return added


class ResidualMLP(nn.Module):
    """A linear stem, one residual block and a linear output, 64 → 64 → 64 → 10."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Linear(64, 64)
        self.relu = nn.ReLU()
        self.block = ResidualBlock(64)
        self.output = nn.Linear(64, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (n, 10), of pixels, shape (n, 64)."""
        logits: torch.Tensor = self.output(self.block(self.relu(self.stem(x))))
        return logits


class RowsLSTM(nn.Module):
    """An LSTM that reads a digit row by row, and a linear output on its last step."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 64, batch_first=True)
        self.output = nn.Linear(64, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (n, 10), of 8 rows of 8 pixels, shape (n, 8, 8)."""
        steps, _ = self.lstm(x)  # (n, 8, 64)
        logits: torch.Tensor = self.output(steps[:, -1])
        return logits


def residual_architecture() -> ResidualMLP:
    """Return the untrained residual MLP, in evaluation mode.

    Input: pixels, float32, shape (n, 64). Output: logits, float32, shape (n, 10).

    >>> [name for name, _ in residual_architecture().named_modules()][1:]
    ['stem', 'relu', 'block', 'block.first', 'block.relu', 'block.second', 'output']
    """
    return ResidualMLP().eval()


def lstm_architecture() -> RowsLSTM:
    """Return the untrained LSTM, in evaluation mode.

    Input: images, float32, shape (n, 8, 8), row by row. Output: logits, float32, shape (n, 10).

    >>> tuple(lstm_architecture().lstm.weight_hh_l0.shape)
    (256, 64)
    """
    return RowsLSTM().eval()


def digits_mlp() -> nn.Sequential:
    """Return `mlp_architecture` with its trained weights.

    >>> digits_mlp()(torch.zeros(2, 64)).shape
    torch.Size([2, 10])
    """
    return load_arrays(mlp_architecture(), read_checkpoint("digits_mlp"))


def digits_cnn() -> nn.Sequential:
    """Return `cnn_architecture` with its trained weights.

    >>> digits_cnn()(torch.zeros(2, 1, 8, 8)).shape
    torch.Size([2, 10])
    """
    return load_arrays(cnn_architecture(), read_checkpoint("digits_cnn"))


def digits_residual() -> ResidualMLP:
    """Return `residual_architecture` with its trained weights.

    >>> digits_residual()(torch.zeros(2, 64)).shape
    torch.Size([2, 10])
    """
    return load_arrays(residual_architecture(), read_checkpoint("digits_residual"))


def digits_lstm() -> RowsLSTM:
    """Return `lstm_architecture` with its trained weights.

    >>> digits_lstm()(torch.zeros(2, 8, 8)).shape
    torch.Size([2, 10])
    """
    return load_arrays(lstm_architecture(), read_checkpoint("digits_lstm"))


ARCHITECTURES: dict[str, Callable[[], nn.Module]] = {
    "digits_cnn": cnn_architecture,
    "digits_lstm": lstm_architecture,
    "digits_mlp": mlp_architecture,
    "digits_residual": residual_architecture,
}
"""The untrained model of each checkpoint."""


def digits_inputs(name: str, digits: Digits, part: str) -> torch.Tensor:
    """Return the pixels of one part, "train", "val" or "test", in the shape that the model `name` takes.

    >>> from quizlib.zoo import load_digits
    >>> digits_inputs("digits_lstm", load_digits(), "val").shape
    torch.Size([360, 8, 8])
    """
    images = torch.from_numpy(digits.images(part))  # (n, 1, 8, 8)
    return {"digits_cnn": images, "digits_lstm": images.squeeze(1)}.get(name, images.flatten(1))


def arrays_of(model: nn.Module) -> dict[str, Array]:
    """Return copies of a model's parameters and buffers by their `state_dict` name.

    >>> arrays_of(mlp_architecture())["hidden1.weight"].shape
    (256, 64)
    """
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in model.state_dict().items()}


def load_arrays(model: Model, arrays: Mapping[str, Array]) -> Model:
    """Copy arrays into the parameters and buffers of `model` and return it.

    Args:
        model: Receives the values; it is changed only if all of them fit.
        arrays: One array for each name of `model.state_dict()`, of the same shape and dtype.

    Raises:
        ArgumentError: A name is missing or unexpected, or a dtype differs; it says which.
        ShapeError: A shape differs; it says which.

    >>> model = mlp_architecture()
    >>> load_arrays(model, arrays_of(model)) is model
    True
    """
    check_arrays(arrays_of(model), arrays)
    model.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    return model
