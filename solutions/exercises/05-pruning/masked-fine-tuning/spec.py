import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def trained_where_kept(weights, mask, batches, lr, momentum):
    """The oracle trains the kept weights alone, in float64, as a list of parameters of their own."""
    kept = weights.double()[mask].requires_grad_()
    optimizer = torch.optim.SGD([kept], lr=lr, momentum=momentum)
    places = mask.nonzero(as_tuple=True)
    for x, y in batches:
        placed = torch.zeros(weights.shape, dtype=torch.float64).index_put(places, kept)
        loss = (x.double() @ placed.T - y.double()).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.zeros(weights.shape, dtype=torch.float64).index_put(places, kept.detach()).float()


def _draw(generator, outputs, inputs, kept, rows, *, lr, momentum, behaviour):
    """Draw a layer, a mask that keeps `kept` places, and batches of so many rows."""
    seeded = torch.Generator().manual_seed(int(generator.integers(2**31)))
    weights = torch.randn(outputs, inputs, generator=seeded)
    mask = torch.zeros(outputs * inputs, dtype=torch.bool)
    mask[torch.randperm(len(mask), generator=seeded)[:kept]] = True
    batches = [
        (torch.randn(count, inputs, generator=seeded), torch.randn(count, outputs, generator=seeded)) for count in rows
    ]
    return Case(behaviour, weights, mask.reshape(weights.shape), batches, lr, momentum)


def drawn_layers(generator):
    return [
        _draw(generator, 3, 4, 7, (5, 3), lr=0.31, momentum=0.0, behaviour="plain"),
        _draw(generator, 2, 5, 4, (4, 1, 6), lr=0.17, momentum=0.0, behaviour="plain"),
        _draw(generator, 3, 4, 6, (4, 5, 3), lr=0.23, momentum=0.9, behaviour="momentum"),
        _draw(generator, 2, 3, 3, (2, 7, 4, 3), lr=0.11, momentum=0.6, behaviour="momentum"),
        _draw(generator, 3, 2, 4, (), lr=0.1, momentum=0.9, behaviour="edges"),
        _draw(generator, 2, 3, 0, (3, 3), lr=0.1, momentum=0.5, behaviour="edges"),
        _draw(generator, 2, 3, 6, (3, 5), lr=0.2, momentum=0.5, behaviour="edges"),
    ]


def _batch(x, y):
    return torch.tensor(x), torch.tensor(y)


WEIGHTS = torch.tensor([[2.0, -0.5, 1.0]])
FIRST = torch.tensor([[True, False, True]])
ONE = _batch([[1.0, 2.0, -1.0], [0.5, 1.0, 3.0]], [[3.0], [-1.0]])
TWO = _batch([[-1.0, 1.0, 0.5]], [[2.0]])
WIDE = torch.tensor([[0.5, 2.0], [-1.0, 0.25], [3.0, -0.75]])
WIDE_MASK = torch.tensor([[False, True], [True, False], [True, True]])
WIDE_ONE = _batch([[1.0, -2.0], [0.5, 1.5]], [[1.0, 0.0, -2.0], [0.5, 1.0, 2.0]])
WIDE_TWO = _batch([[2.0, 1.0]], [[0.0, 3.0, 1.0]])

EXERCISE = ExerciseSpec(
    title="Fine-tune under a mask",
    response="function",
    setup="""\
import torch
from torch import nn

weights = torch.tensor([[2.0, -0.5, 1.0]])
mask = torch.tensor([[True, False, True]])
batches = [
    (torch.tensor([[1.0, 2.0, -1.0], [0.5, 1.0, 3.0]]), torch.tensor([[3.0], [-1.0]])),
    (torch.tensor([[-1.0, 1.0, 0.5]]), torch.tensor([[2.0]])),
]
""",
    hints=(
        "A copy of the weights that asks for gradients, and `torch.optim.SGD` with it as its only parameter.",
        "Inside `torch.no_grad()`, after `optimizer.step()`: `parameter *= mask`.",
    ),
    criteria=(
        matching("plain", "Plain steps, with the mask after each", points=2, rtol=1e-4, atol=1e-5, library=True),
        matching("momentum", "Steps with momentum", points=2, rtol=1e-4, atol=1e-5),
        matching(
            "edges", "No batch, nothing kept, everything kept", rtol=1e-4, atol=1e-5, beside=("plain", "momentum")
        ),
        unchanged("keeps-input", "Leaves what it was given as it was", beside=("plain", "momentum")),
    ),
    reference=trained_where_kept,
    public=(
        Case("plain", WEIGHTS, FIRST, [ONE, TWO], 0.1, 0.0),
        Case("plain", WIDE, WIDE_MASK, [WIDE_ONE, WIDE_TWO, WIDE_ONE], 0.25, 0.0),
        Case("momentum", WEIGHTS, FIRST, [ONE, TWO, ONE], 0.1, 0.9),
        Case("momentum", WIDE, WIDE_MASK, [WIDE_TWO, WIDE_ONE, WIDE_TWO, WIDE_ONE], 0.15, 0.5),
        Case("edges", WIDE, WIDE_MASK, [], 0.1, 0.9),
        Case("edges", WIDE, torch.zeros_like(WIDE_MASK), [WIDE_ONE, WIDE_TWO], 0.1, 0.9),
        Case("edges", WIDE, torch.ones_like(WIDE_MASK), [WIDE_ONE, WIDE_TWO], 0.1, 0.9),
    ),
    private=drawn_layers,
)
