import io

import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, measured, raising

from ..common import SAME_OUTPUTS, drawn_channels, drawn_rows, drawn_seed, shapes, test_images

ONE = ("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var")
TWO = ("conv2.weight", "bn2.weight", "bn2.bias", "bn2.running_mean", "bn2.running_var")


def pruned_state(model, first, second):
    """Return the state dict of a digits CNN of which only these channels are there."""
    state = model.state_dict()
    for name in ONE:
        state[name] = state[name][first]
    for name in TWO:
        state[name] = state[name][second]
    state["conv2.weight"] = state["conv2.weight"][:, first]
    state["output.weight"] = state["output.weight"].unflatten(1, (32, 4))[:, second].flatten(1)
    return {name: array.detach().clone() for name, array in state.items()}


def as_file(state):
    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


def padded_network(file):
    """The oracle puts the arrays into a network of full size, with silent channels in the places that are left."""
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = zoo.cnn_architecture()
    full = model.state_dict()
    missing = set(full) ^ set(state)
    if missing:
        raise RuntimeError(f"the file and the network differ in {sorted(missing)}")
    for name, array in full.items():
        array.zero_()
        if array.ndim == 0:
            array.copy_(state[name])
        elif name == "output.weight":
            array[:, : state[name].shape[1]] = state[name]
        else:
            array[tuple(slice(0, length) for length in state[name].shape)] = state[name]
    model.load_state_dict(full)
    return model


def _file(seed, first, second, **changed):
    state = pruned_state(zoo.randomized("digits_cnn", seed), first, second)
    for name in changed.get("without", ()):
        del state[name]
    for name in changed.get("extra", ()):
        state[name] = torch.ones(3)
    return as_file(state)


def _case(behaviour, file, rows):
    return Case(behaviour, file).calling(test_images(*rows))


def fresh_files(generator):
    def drawn(first, second, **changed):
        kept = drawn_channels(generator, 16, first), drawn_channels(generator, 32, second)
        return _file(drawn_seed(generator), *kept, **changed)

    return [
        _case("first", drawn(9, 32), drawn_rows(generator)),
        _case("second", drawn(16, 21), drawn_rows(generator)),
        _case("both", drawn(7, 13), drawn_rows(generator)),
        Case("strict", drawn(6, 14, without=["bn2.running_var"])),
        Case("strict", drawn(7, 11, extra=["conv3.weight"])),
    ]


ALL, ALL_TWO = [*range(16)], [*range(32)]

EXERCISE = ExerciseSpec(
    title="Load a network whose shapes have changed",
    response="function",
    setup="""\
import io

import torch
from torch import nn

from quizlib.zoo import cnn_architecture

narrow = cnn_architecture()
narrow.conv1, narrow.bn1 = nn.Conv2d(1, 5, 3, padding=1, bias=False), nn.BatchNorm2d(5)
narrow.conv2, narrow.bn2 = nn.Conv2d(5, 7, 3, padding=1, bias=False), nn.BatchNorm2d(7)
narrow.output = nn.Linear(28, 10)
written = io.BytesIO()
torch.save(narrow.state_dict(), written)
pruned_file = written.getvalue()
""",
    hints=(
        "`torch.load(io.BytesIO(file), weights_only=True)` gives the state dict; `len(state['conv1.weight'])` is a "
        "number of channels.",
        "Build the full network, put layers of the right sizes into it, and then `load_state_dict`, which is strict.",
        "New layers are in training mode: `.eval()`.",
    ),
    criteria=(
        measured(
            "first",
            "The first convolution is narrower",
            SAME_OUTPUTS,
            *shapes(conv1__weight=(9, 1, 3, 3), bn1__running_var=(9,), conv2__weight=(32, 9, 3, 3)),
            points=2,
        ),
        measured(
            "second",
            "The second convolution is narrower",
            SAME_OUTPUTS,
            *shapes(conv2__weight=(21, 16, 3, 3), bn2__running_var=(21,), output__weight=(10, 84)),
            points=2,
        ),
        measured(
            "both",
            "Both are, and every array of the file has its place",
            SAME_OUTPUTS,
            *shapes(conv2__weight=(13, 7, 3, 3), bn2__running_mean=(13,), output__weight=(10, 52)),
        ),
        raising(
            "strict",
            "A name too few or too many is an error",
            "RuntimeError",
            "KeyError",
            beside=("first", "second", "both"),
        ),
    ),
    reference=padded_network,
    public=(
        _case("first", _file(1, [0, 2, 3, 5, 7, 8, 11, 13, 14], ALL_TWO), (0, 1, 2)),
        _case("second", _file(2, ALL, [*range(3, 24)]), (3, 4, 5)),
        _case("both", _file(3, [1, 2, 4, 6, 9, 10, 15], [*range(0, 26, 2)]), (6, 7, 8)),
        Case("strict", _file(4, ALL[:6], ALL_TWO[:14], without=["bn1.running_mean"])),
        Case("strict", _file(5, ALL[:7], ALL_TWO[:11], extra=["conv1.bias"])),
    ),
    private=fresh_files,
)
