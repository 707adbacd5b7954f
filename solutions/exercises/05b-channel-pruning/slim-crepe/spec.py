import torch
from torch import nn
from torch.nn import functional as F

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, matching, unchanged

from ..common import drawn_channels, drawn_model, drawn_seed


class Masked(nn.Module):
    """The whole network, in which some channels are multiplied by zero behind their batch norm."""

    def __init__(self, model, masks):
        super().__init__()
        self.model, self.masks = model, masks

    def forward(self, x):
        model, x = self.model, x[:, None]
        for at in range(1, 7):
            x = F.pad(x, (254, 254) if at == 1 else (31, 32))
            x = model.get_submodule(f"bn{at}")(F.relu(model.get_submodule(f"conv{at}")(x)))
            if f"conv{at}" in self.masks:
                x = x * self.masks[f"conv{at}"][None, :, None]
            x = F.max_pool1d(x, 2)
        return model.classifier(x.transpose(1, 2).reshape(-1, 256))


def masked_network(model, keep, frames):
    """The oracle masks the whole network, and knows the shapes by the widths."""
    masks, widths = {}, [1, 128, 16, 16, 16, 32, 64]
    for name, stay in keep.items():
        masks[name] = torch.zeros(model.get_submodule(name).out_channels)
        masks[name][stay] = 1
        widths[int(name[-1])] = len(stay)
    shapes = {}
    for at in range(1, 7):
        shapes[f"conv{at}.weight"] = [widths[at], widths[at - 1], 512 if at == 1 else 64]
        shapes |= {key: [widths[at]] for key in (f"conv{at}.bias", f"bn{at}.weight", f"bn{at}.bias")}
    shapes |= {"classifier.weight": [360, 4 * widths[6]], "classifier.bias": [360]}
    with torch.no_grad():
        return shapes, Masked(model, masks).eval()(frames)


def _case(behaviour, model, keep, seed):
    return Case(behaviour, model, keep, torch.from_numpy(zoo.tones(seed, 2).frames))


def fresh_networks(generator):
    def drawn(**counts):
        widths = dict(zip((f"conv{at}" for at in range(1, 7)), (128, 16, 16, 16, 32, 64), strict=True))
        keep = {name: drawn_channels(generator, widths[name], count) for name, count in counts.items()}
        return drawn_model(generator, "crepe_tiny"), keep, drawn_seed(generator)

    return [
        _case("middle", *drawn(conv3=11)),
        _case("last", *drawn(conv6=45)),
        _case("all", *drawn(conv1=90, conv2=13, conv3=12, conv4=11, conv5=25, conv6=50)),
    ]


EXERCISE = ExerciseSpec(
    title="A slimmer network that hears the same",
    response="function",
    setup="""\
import copy

import torch
from torch import nn

from quizlib.zoo import crepe_architecture


@torch.no_grad()
def report(network, frames):
    # the shapes of a network's parameters, and its logits
    shapes = {name: list(array.shape) for name, array in network.named_parameters()}
    return shapes, network(frames)
""",
    hints=(
        "Go through the six blocks in order, and remember which channels of the block before have stayed.",
        "Each block: the rows of the convolution and its bias, four arrays of the batch norm, and the columns of the "
        "next layer.",
        "The classifier's 256 columns are 4 places of 64 channels: `weight.unflatten(1, (4, -1))`. "
        "`forward` reads `model.in_features`.",
    ),
    # Logits reach 30; right answers are off by 5e-5, wrong slices by more than 0.3.
    criteria=(
        matching("middle", "Between two convolutions: the same logits, from smaller arrays", points=2, atol=1e-2),
        matching("last", "In front of the classifier: the same logits, from smaller arrays", points=2, atol=1e-2),
        matching("all", "In all blocks at once: the same logits, from smaller arrays", points=2, atol=1e-2),
        unchanged("keeps-model", "The model that was given is unchanged", beside=("middle", "last", "all")),
    ),
    reference=masked_network,
    public=(
        _case("middle", ZooModel("crepe_tiny"), {"conv3": [0, 1, 3, 4, 6, 7, 8, 10, 12, 13, 15]}, 11),
        _case("last", ZooModel("crepe_tiny", seed=2), {"conv6": [*range(1, 20), *range(30, 56)]}, 12),
        _case(
            "all",
            ZooModel("crepe_tiny", seed=3),
            {
                "conv1": [*range(20, 110)],
                "conv2": [0, *range(3, 15)],
                "conv3": [*range(1, 13)],
                "conv4": [0, *range(5, 15)],
                "conv5": [*range(4, 29)],
                "conv6": [*range(0, 25), *range(39, 64)],
            },
            13,
        ),
    ),
    private=fresh_networks,
)
